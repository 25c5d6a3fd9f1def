use rackberry_core::{Milliwatts, PortNo};
use serde::{Deserialize, Serialize};

/// A model of the family: the same pages, other numbers.
///
/// The budgets are those that clients of these switches use; no data sheet was at hand. The watts are what
/// all ports together may deliver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum Model {
    /// Five ports, four of them PoE+, 63 W.
    Gs305ep,
    /// Five ports, four of them PoE+, 120 W.
    Gs305epp,
    /// Eight ports, all of them PoE+, 62 W.
    Gs308ep,
    /// Eight ports, all of them PoE+, 123 W.
    Gs308epp,
}

impl Model {
    /// All of them.
    pub const ALL: [Model; 4] = [Model::Gs305ep, Model::Gs305epp, Model::Gs308ep, Model::Gs308epp];

    /// The model of a name, as the switch says it.
    pub fn named(name: &str) -> Option<Model> {
        Self::ALL.into_iter().find(|it| it.name().eq_ignore_ascii_case(name.trim()))
    }

    /// How it calls itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gs305ep => "GS305EP",
            Self::Gs305epp => "GS305EPP",
            Self::Gs308ep => "GS308EP",
            Self::Gs308epp => "GS308EPP",
        }
    }

    /// Its ports, from 1 on.
    pub fn ports(self) -> impl Iterator<Item = PortNo> {
        let count = match self {
            Self::Gs305ep | Self::Gs305epp => 5,
            Self::Gs308ep | Self::Gs308epp => 8,
        };
        (1..=count).map(PortNo)
    }

    /// Whether it has a port.
    pub fn has(self, port: PortNo) -> bool {
        self.ports().any(|it| it == port)
    }

    /// Whether it can feed a port.
    pub fn feeds(self, port: PortNo) -> bool {
        match self {
            Self::Gs305ep | Self::Gs305epp => (1..=4).contains(&port.0),
            Self::Gs308ep | Self::Gs308epp => self.has(port),
        }
    }

    /// What all ports together may deliver.
    pub fn budget(self) -> Milliwatts {
        Milliwatts(match self {
            Self::Gs305ep => 63_000,
            Self::Gs305epp => 120_000,
            Self::Gs308ep => 62_000,
            Self::Gs308epp => 123_000,
        })
    }
}
