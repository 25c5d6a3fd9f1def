//! What stays wrong when all that can be done is done.

use crate::number;
use rackberry::plan::{Placement, Score};

/// The rules that are broken, as whole ones: a node that is too full breaks a part of one.
pub(crate) fn rules(score: &Score) -> u64 {
    score.broken.div_ceil(1000)
}

/// The rules that stay broken and the replicas that fit nowhere, in words; nothing where there are none.
pub(crate) fn rest(placement: &Placement) -> Option<String> {
    let rules = usize::try_from(rules(&placement.after)).unwrap_or(usize::MAX);
    let parts = [
        (rules, "rule", ["stays broken", "stay broken"]),
        (placement.unplaced.len(), "replica", ["fits nowhere", "fit nowhere"]),
    ];
    let parts = parts.into_iter().filter(|it| it.0 > 0);
    let words = parts.map(|(many, noun, [one, more])| {
        format!("{} {}", number::count(many, noun), if many == 1 { one } else { more })
    });
    let words: Vec<_> = words.collect();
    (!words.is_empty()).then(|| words.join(" and "))
}

/// The exit status: 1 where something stays broken or unplaced, or where `blocked` moves cannot be made.
pub(crate) fn status(placement: &Placement, blocked: usize) -> u8 {
    u8::from(rest(placement).is_some() || blocked > 0)
}
