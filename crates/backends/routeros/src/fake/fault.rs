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
    /// The order is answered as if it had been carried out, and was not.
    Lost,
    /// The order is carried out, and answered with status 500, as after RouterOS' minute.
    Late,
    /// The user is not known for once, as while another changes the users.
    Denied,
    /// The answer is a page of another web server, and the order not carried out.
    Stranger,
}

impl Fault {
    /// All of them.
    pub const ALL: [Fault; 8] = [
        Fault::ResetBefore,
        Fault::ResetAfter,
        Fault::Truncated,
        Fault::Empty,
        Fault::Lost,
        Fault::Late,
        Fault::Denied,
        Fault::Stranger,
    ];
}
