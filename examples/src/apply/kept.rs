//! The simulated rack that the last run has left in a file beside the journal.

use crate::answer::Failure;
use crate::file;
use rackberry::testkit::{Blueprint, World};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// No more differences than this are named.
const NAMED: usize = 3;

/// The first line of the file; the rack itself is in those after it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    /// The rack file's name of it.
    pub(super) rack: String,
    /// What stood in the room when it began.
    pub(super) began: Blueprint,
}

/// The file of the rack whose journal this is: `it.world` for `it.journal`.
pub(super) fn beside(journal: &Path) -> PathBuf {
    match journal.extension() {
        Some(it) if it == "journal" => journal.with_extension("world"),
        Some(_) | None => {
            let mut name = journal.as_os_str().to_owned();
            name.push(".world");
            name.into()
        }
    }
}

/// What the rack began as, and the rack as it was left; none where there is no file.
pub(super) fn read(path: &Path, wanted: &Head) -> Result<Option<(Head, World)>, Failure> {
    let text = match fs::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        read => read.map_err(|it| file::failure("read the simulated rack", path, &it))?,
    };
    let refused = |why| Failure::Missing(refusal(path, why));
    let (head, world) = parse(&text).map_err(refused)?;
    match differences(wanted, &head) {
        None => Ok(Some((head, world))),
        Some(why) => Err(refused(why)),
    }
}

fn refusal(path: &Path, why: String) -> String {
    format!(
        "nothing was done: the simulated rack in {} cannot be gone on with: {why}; \
         --fresh begins anew and replaces the file",
        path.display()
    )
}

fn parse(text: &[u8]) -> Result<(Head, World), String> {
    let text = std::str::from_utf8(text).map_err(|it| format!("it is no text: {it}"))?;
    let (head, room) = text.split_once('\n').ok_or("it ends in its first line")?;
    let head = serde_json::from_str(head).map_err(|it| format!("it is damaged: {it}"))?;
    // The first line is not part of what is counted there.
    let bad = |at: rackberry::testkit::BadWorld| {
        format!("it is damaged: line {}, column {}: {}", at.line + 1, at.column, at.reason)
    };
    // The faults to come were asked of the run before, and not of this one.
    Ok((head, World::load(room).map_err(bad)?.without_faults()))
}

/// What the rack file has and the kept rack has not, or has otherwise.
fn differences(wanted: &Head, kept: &Head) -> Option<String> {
    if wanted.rack != kept.rack {
        return Some(format!("it is of the rack {}, and not of {}", kept.rack, wanted.rack));
    }
    let (wanted, kept) = (&wanted.began, &kept.began);
    let mut all = Vec::new();
    macro_rules! compare {
        ($($list:ident $kind:literal)*) => {$(
            for it in &wanted.$list {
                match kept.$list.iter().find(|old| old.id == it.id) {
                    Some(old) if old == it => {}
                    Some(_) => all.push(format!("the {} {} has changed", $kind, it.id)),
                    None => all.push(format!("the {} {} is new", $kind, it.id)),
                }
            }
        )*};
    }
    compare!(switches "switch" machines "machine" clusters "cluster" pools "pool");
    if wanted.uplink != kept.uplink {
        all.push("the way out of the rack has changed".into());
    }
    let rest = all.len().saturating_sub(NAMED);
    all.truncate(NAMED);
    let rest = if rest == 0 { String::new() } else { format!(", and {rest} more") };
    (!all.is_empty()).then(|| format!("since it began, {}{rest}", all.join(", ")))
}
