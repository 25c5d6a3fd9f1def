use super::number;
use super::row::rows;
use super::unreadable::cut;
use std::fmt;

/// Why RouterOS did not do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The status, once more.
    pub status: u16,
    /// What the status is called, as `Bad Request`.
    pub message: String,
    /// What RouterOS says of it, as `unknown parameter pvd`.
    pub detail: String,
}

impl Failure {
    /// Whether the user may not do it.
    pub fn is_permission(&self) -> bool {
        self.detail.contains("not enough permissions")
    }

    /// Whether there is no such row or menu.
    pub fn is_absent(&self) -> bool {
        self.status == 404
            || self.detail.contains("no such command")
            || self.detail.contains("no such item")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it answered {} {}", self.status, self.message)?;
        if self.detail.is_empty() { Ok(()) } else { write!(f, ": {}", self.detail) }
    }
}

/// Reads the body of an answer that is an error; none where it is not one of RouterOS.
pub fn read_failure(answer: &[u8]) -> Option<Failure> {
    let rows = rows(answer).ok()?;
    let row = rows.first().filter(|_| rows.len() == 1)?;
    let status = u16::try_from(number::whole(row.text("error")?)?).ok()?;
    let text = |field| cut(row.text(field).unwrap_or_default());
    Some(Failure { status, message: text("message"), detail: text("detail") })
}
