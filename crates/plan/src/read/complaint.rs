/// Something that is wrong with a text, and where.
#[derive(Debug)]
pub(super) struct Fault {
    pub at: Option<At>,
    pub complaint: Complaint,
}

/// A byte of the text, and how it was come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// What is wrong begins here.
    Start(usize),
    /// What is wrong ends here.
    End(usize),
}

/// What can be wrong with a text, before it is looked up in it and put into words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Complaint {
    /// There is nothing in the file.
    Nothing,
    /// A key that means nothing where it stands.
    UnknownKey { key: String, known: Vec<String> },
    /// A value that is not one of the words that it may be.
    UnknownWord { word: String, known: Vec<String> },
    /// A key that must be written and is not.
    MissingKey(String),
    /// A key that is written twice.
    KeyTwice,
    /// A value of another kind than this.
    NotThe(String),
    /// Not a whole number from 0 to this.
    NotANumber(u64),
    /// Neither `true` nor `false`.
    NotABoolean,
    /// Not an IP address, or not a subnet.
    NotAnAddress,
    /// In words already.
    Said { reason: String, hint: Option<String> },
}

impl Complaint {
    pub(super) fn said(reason: impl Into<String>) -> Self {
        Self::Said { reason: reason.into(), hint: None }
    }

    /// With what would be right.
    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        match self {
            Self::Said { reason, .. } => Self::Said { reason, hint: Some(hint.into()) },
            other @ (Self::Nothing
            | Self::UnknownKey { .. }
            | Self::UnknownWord { .. }
            | Self::MissingKey(_)
            | Self::KeyTwice
            | Self::NotThe(_)
            | Self::NotANumber(_)
            | Self::NotABoolean
            | Self::NotAnAddress) => other,
        }
    }

    pub(super) fn at(self, at: At) -> Fault {
        Fault { at: Some(at), complaint: self }
    }

    /// Of the whole file.
    pub(super) fn nowhere(self) -> Fault {
        Fault { at: None, complaint: self }
    }
}
