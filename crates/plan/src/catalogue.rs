//! The built-in catalogue, and how a rack file adds to it.

use crate::rack::{Board, Catalogue, Hat, Os, SwitchModel, System};
use crate::{Finding, Location};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// An entry of the catalogue that may be like another one.
trait Entry: Clone + Default {
    /// The section of the catalogue it stands in.
    const SECTION: &'static str;

    fn like(&self) -> Option<&str>;

    /// Takes from `other` what it does not say itself.
    fn fill(&mut self, other: &Self);
}

macro_rules! entries {
    ($($entry:ty, $section:literal, [$($scalar:ident)*], [$($list:ident)*];)*) => {$(
        impl Entry for $entry {
            const SECTION: &'static str = $section;

            fn like(&self) -> Option<&str> {
                self.like.as_deref()
            }

            fn fill(&mut self, other: &Self) {
                $(self.$scalar = self.$scalar.clone().or_else(|| other.$scalar.clone());)*
                $(if self.$list.is_empty() {
                    self.$list = other.$list.clone();
                })*
            }
        }
    )*};
}

entries! {
    Hat, "hats", [class standard output efficiency source], [];
    SwitchModel, "switches", [budget managed source], [ports];
}

impl Entry for Board {
    const SECTION: &'static str = "boards";

    fn like(&self) -> Option<&str> {
        self.like.as_deref()
    }

    fn fill(&mut self, other: &Self) {
        let other = other.clone();
        self.arch = self.arch.or(other.arch);
        self.cores = self.cores.or(other.cores);
        self.memory = self.memory.or(other.memory);
        self.usable = self.usable.or(other.usable);
        self.nic = self.nic.or(other.nic);
        self.draw.typical = self.draw.typical.or(other.draw.typical);
        self.draw.peak = self.draw.peak.or(other.draw.peak);
        self.draw.boot = self.draw.boot.or(other.draw.boot);
        self.source = self.source.take().or(other.source);
        if self.boots.is_empty() {
            self.boots = other.boots;
        }
        if self.hats.is_empty() {
            self.hats = other.hats;
        }
    }
}

impl Catalogue {
    /// What rackberry knows of hardware and systems by itself, each entry complete.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: LazyLock<Catalogue> = LazyLock::new(|| {
            let written: Catalogue =
                serde_saphyr::from_str(include_str!("catalogue.yaml")).unwrap_or_default();
            written.complete(&Catalogue::default(), &mut Vec::new())
        });
        &BUILT_IN
    }

    /// This catalogue over `base`, each entry completed from the one it is like, and what is wrong
    /// with it.
    pub(crate) fn complete(&self, base: &Self, findings: &mut Vec<Finding>) -> Self {
        let mut systems = base.systems.clone();
        for (os, system) in &self.systems {
            fill_system(systems.entry(*os).or_default(), system);
        }
        Self {
            boards: complete(&self.boards, &base.boards, findings),
            hats: complete(&self.hats, &base.hats, findings),
            switches: complete(&self.switches, &base.switches, findings),
            systems,
        }
    }

    /// What is known of an operating system; nothing where the catalogue has no entry.
    pub fn system(&self, os: Os) -> System {
        self.systems.get(&os).cloned().unwrap_or_default()
    }
}

fn fill_system(known: &mut System, written: &System) {
    known.uses.memory = written.uses.memory.or(known.uses.memory);
    known.uses.cpu = written.uses.cpu.or(known.uses.cpu);
    known.control_plane.memory = written.control_plane.memory.or(known.control_plane.memory);
    known.control_plane.cpu = written.control_plane.cpu.or(known.control_plane.cpu);
    known.source = written.source.clone().or_else(|| known.source.take());
}

fn complete<T: Entry>(
    written: &BTreeMap<String, T>,
    base: &BTreeMap<String, T>,
    findings: &mut Vec<Finding>,
) -> BTreeMap<String, T> {
    let mut all = base.clone();
    for name in written.keys() {
        match entry(name, written, base, LONGEST_CHAIN) {
            Ok(entry) => drop(all.insert(name.clone(), entry)),
            Err(reason) => {
                let at = Location::new(["catalogue", T::SECTION, name, "like"]);
                let remedy = "name another entry of the same section".into();
                findings.push(Finding::error("unknown-name", at, reason, remedy));
            }
        }
    }
    all
}

/// How many entries may be like another one in a row.
const LONGEST_CHAIN: u32 = 16;

/// The entry `name`, completed from what it is like, or else from the built-in one of its name.
fn entry<T: Entry>(
    name: &str,
    written: &BTreeMap<String, T>,
    base: &BTreeMap<String, T>,
    chain: u32,
) -> Result<T, String> {
    let known = || base.get(name).cloned();
    let Some(own) = written.get(name) else {
        return known().ok_or_else(|| format!("the catalogue has no `{name}` to be like"));
    };
    let other = match own.like() {
        _ if chain == 0 => return Err(format!("`{name}` is like itself, by way of others")),
        Some(like) if like != name => Some(entry(like, written, base, chain - 1)?),
        Some(_) | None => known(),
    };
    let mut own = own.clone();
    own.fill(&other.unwrap_or_default());
    Ok(own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rackberry_core::Bytes;

    fn boards(text: &str) -> (BTreeMap<String, Board>, Vec<Finding>) {
        let written =
            Catalogue { boards: serde_saphyr::from_str(text).unwrap(), ..Default::default() };
        let mut findings = Vec::new();
        let boards = written.complete(Catalogue::built_in(), &mut findings).boards;
        (boards, findings)
    }

    #[test]
    fn the_built_in_catalogue_reads_and_every_board_is_complete() {
        let known = Catalogue::built_in();
        assert!(known.boards.len() > 15 && known.switches.len() > 5 && known.hats.len() > 1);
        for (name, board) in &known.boards {
            assert!(board.source.is_some(), "{name} has no source");
            assert!(board.arch.is_some(), "{name} has no arch");
        }
    }

    #[test]
    fn an_entry_says_only_what_differs_from_the_one_it_is_like() {
        let (boards, findings) = boards("mine: { like: pi4-4g, memory: 6Gi }");
        let like = &Catalogue::built_in().boards["pi4-4g"];
        assert_eq!(findings, []);
        assert_eq!(boards["mine"].memory, Some(Bytes(6 << 30)));
        assert_eq!(boards["mine"].nic, like.nic);
    }

    #[test]
    fn an_entry_of_a_built_in_name_corrects_it() {
        let (boards, _) = boards("pi4-4g: { cores: 3 }");
        assert_eq!(boards["pi4-4g"].cores, Some(3));
        assert_eq!(boards["pi4-4g"].memory, Some(Bytes(4 << 30)));
    }

    #[test]
    fn a_circle_and_an_unknown_name_are_found() {
        let (_, findings) = boards("a: { like: b }\nb: { like: a }\nc: { like: nothing }");
        let reasons: Vec<_> = findings.iter().map(|it| it.reason.as_str()).collect();
        assert_eq!(
            reasons,
            [
                "`a` is like itself, by way of others",
                "`b` is like itself, by way of others",
                "the catalogue has no `nothing` to be like"
            ]
        );
    }
}
