//! Whether a machine lives, hangs or is gone, told from what answers.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a machine shows of itself from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Vitals {
    /// What it is there for answers.
    Up,
    /// Something of it is alive and what it is there for is not: a kernel that answers `ping` for a system that hangs.
    /// So does one that is still starting: wait as long as that takes before its power is cycled.
    Wedged,
    /// Nothing of it answers.
    Down,
}

impl fmt::Display for Vitals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Up => "up",
            Self::Wedged => "wedged",
            Self::Down => "down",
        })
    }
}

/// What was asked of a machine, and whether it answered; none where it was not asked. Each needs more of the machine
/// alive than the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Probes {
    /// Its switch port has a link: its network chip has power. Some boards keep it while they are off.
    pub link: Option<bool>,
    /// It answers `ping`: its kernel runs.
    pub ping: Option<bool>,
    /// It accepts a TCP connection: its kernel has a listener, which may hang.
    pub accept: Option<bool>,
    /// Its SSH server says its banner: programs run.
    pub banner: Option<bool>,
    /// Its kubelet renews its lease: the node does its work.
    pub lease: Option<bool>,
}

impl Probes {
    /// What the answers mean; none where nothing was asked, or its link alone: a link says neither that it lives nor
    /// that it hangs.
    ///
    /// The answer that needs most of the machine decides: a firewall that drops `ping` makes no machine wedged.
    pub fn vitals(&self) -> Option<Vitals> {
        let above = [self.lease, self.banner, self.accept, self.ping];
        let decides = above.into_iter().flatten().next();
        let any = above.into_iter().chain([self.link]).flatten().any(|it| it);
        match (decides, self.link) {
            (Some(true), _) => Some(Vitals::Up),
            (Some(false), _) if any => Some(Vitals::Wedged),
            (Some(false), _) | (None, Some(false)) => Some(Vitals::Down),
            (None, Some(true) | None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_that_needs_most_decides() {
        let up = Probes { ping: Some(false), banner: Some(true), ..Probes::default() };
        assert_eq!(up.vitals(), Some(Vitals::Up));
        let stale = Probes { banner: Some(true), lease: Some(false), ..Probes::default() };
        assert_eq!(stale.vitals(), Some(Vitals::Wedged));
    }

    #[test]
    fn a_kernel_without_programs_is_wedged() {
        let it = Probes { accept: Some(true), banner: Some(false), ..Probes::default() };
        assert_eq!(it.vitals(), Some(Vitals::Wedged));
        let it = Probes { link: Some(true), ping: Some(false), ..Probes::default() };
        assert_eq!(it.vitals(), Some(Vitals::Wedged));
    }

    #[test]
    fn a_machine_of_which_nothing_answers_is_down() {
        let it = Probes { link: Some(false), ping: Some(false), ..Probes::default() };
        assert_eq!(it.vitals(), Some(Vitals::Down));
        let it = Probes { link: Some(false), ..Probes::default() };
        assert_eq!(it.vitals(), Some(Vitals::Down));
    }

    #[test]
    fn vitals_are_one_word_in_a_column() {
        let words = [Vitals::Up, Vitals::Wedged, Vitals::Down].map(|it| format!("{it:>7}"));
        assert_eq!(words, ["     up", " wedged", "   down"]);
    }

    #[test]
    fn a_link_alone_says_nothing() {
        assert_eq!(Probes { link: Some(true), ..Probes::default() }.vitals(), None);
        assert_eq!(Probes::default().vitals(), None);
    }
}
