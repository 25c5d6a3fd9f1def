use super::quote::Quote;
use rackberry_core::PortNo;
use std::fmt;

/// A page of the switch that is read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Page {
    /// Where the password is asked for.
    Login,
    /// What the switch is, and its ports.
    Dashboard,
    /// What has passed the ports.
    Statistics,
    /// How the ports are fed.
    PoeConfig,
    /// What flows.
    PoeStatus,
    /// The VLANs.
    Vlan,
    /// The address of the switch.
    Address,
}

impl Page {
    /// The path that it is read from, as clients of these switches do.
    pub fn path(self) -> &'static str {
        match self {
            Self::Login => "/login.cgi",
            Self::Dashboard => "/dashboard.cgi",
            Self::Statistics => "/portStatistics.cgi",
            Self::PoeConfig => "/PoEPortConfig.cgi",
            Self::PoeStatus => "/getPoePortStatus.cgi",
            Self::Vlan => "/vlan.cgi",
            Self::Address => "/ip_dhcp.cgi",
        }
    }

    pub(crate) fn missing(self, what: &'static str) -> Unreadable {
        Unreadable::Missing { page: self, what, port: None }
    }

    pub(crate) fn wrong(self, what: &'static str, found: &str) -> Unreadable {
        Unreadable::Wrong { page: self, what, port: None, found: Quote::of(found) }
    }
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.path())
    }
}

/// Why a page cannot be read. Nothing of it was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unreadable {
    /// The switch asks for a login instead: the session has ended.
    LoggedOut {
        /// The page that was asked for.
        page: Page,
    },
    /// More bytes than a page of this switch can have.
    TooLarge {
        /// The page that was asked for.
        page: Page,
    },
    /// Another page, as the switch sends it for a path that it does not know.
    Other {
        /// The page that was asked for.
        page: Page,
        /// What every such page has, and this one has not.
        lacks: &'static str,
        /// Its title or how it begins.
        begins: Quote,
    },
    /// It does not end as such a page ends: the connection was lost on the way.
    CutOff {
        /// The page that was asked for.
        page: Page,
        /// What the last tag must be.
        expected: &'static str,
    },
    /// Something that it must have is not there.
    Missing {
        /// The page that was asked for.
        page: Page,
        /// What is not there.
        what: &'static str,
        /// The port that it is of.
        port: Option<PortNo>,
    },
    /// Something stands there twice, and only one of both can be true.
    Twice {
        /// The page that was asked for.
        page: Page,
        /// What stands there twice.
        what: &'static str,
    },
    /// Something has a value that it cannot have.
    Wrong {
        /// The page that was asked for.
        page: Page,
        /// What it is.
        what: &'static str,
        /// The port that it is of.
        port: Option<PortNo>,
        /// What stands there.
        found: Quote,
    },
}

impl Unreadable {
    /// The same, said of one port.
    pub(crate) fn at(mut self, at: PortNo) -> Self {
        if let Self::Missing { port, .. } | Self::Wrong { port, .. } = &mut self {
            *port = Some(at);
        }
        self
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |port: &Option<PortNo>| port.map_or(String::new(), |it| format!(" of {it}"));
        match self {
            Self::LoggedOut { page } => write!(f, "the switch asks for a login instead of {page}"),
            Self::TooLarge { page } => write!(f, "{page} is larger than such a page can be"),
            Self::Other { page, lacks, begins } => {
                write!(f, "expected {page}, which has {lacks}, and found {begins}")
            }
            Self::CutOff { page, expected } => write!(f, "{page} does not end in `{expected}`"),
            Self::Missing { page, what, port } => {
                write!(f, "{page} does not say the {what}{}", of(port))
            }
            Self::Twice { page, what } => write!(f, "{page} says the {what} twice"),
            Self::Wrong { page, what, port, found } => {
                write!(f, "{found} on {page} is not the {what}{}", of(port))
            }
        }
    }
}

impl std::error::Error for Unreadable {}
