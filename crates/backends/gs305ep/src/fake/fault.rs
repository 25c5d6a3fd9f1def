use std::time::Duration;

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection is reset, and the order not carried out.
    ResetBefore,
    /// The order is carried out, and the connection reset instead of an answer.
    ResetAfter,
    /// The order is carried out, and the answer ends in its middle.
    Truncated,
    /// The connection is closed without a byte, and the order not carried out.
    Empty,
    /// The hash of the session changes just before the request is looked at.
    StaleHash,
    /// Another client has taken the session: ours is gone, and its slot taken.
    Stolen,
    /// The switch restarts instead of carrying out the order.
    Reboot,
    /// The answer takes longer.
    Slow(Duration),
    /// The answer is what is answered to unknown pages, and the order is not carried out.
    Stub,
}
