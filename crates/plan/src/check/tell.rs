//! How findings are told: their places, shares of amounts, and one for many of a kind.

use super::wording::{count, grouped, list};
use crate::Finding;
use rackberry_core::Permille;
use std::collections::BTreeSet;

/// How many findings of one kind are told one by one.
const FEW: usize = 3;

/// A place, as the keys that lead there.
macro_rules! at {
    ($($key:expr),+ $(,)?) => { crate::Location(vec![$($key.to_string()),+]) };
}
pub(super) use at;

/// So many thousandths of an amount.
pub(super) fn share(amount: u64, of: Permille) -> u64 {
    let share = u128::from(amount) * u128::from(of.0) / 1000;
    u64::try_from(share).unwrap_or(u64::MAX)
}

/// Tells findings one by one, or, where many in one section of the file are of one kind, all of them
/// with the words of the first.
pub(super) fn tell(out: &mut Vec<Finding>, each: Vec<Finding>) {
    let kind = |it: Finding| ((it.severity, it.rule.clone(), it.at.0.first().cloned()), it);
    for ((severity, rule, section), those) in grouped(each.into_iter().map(kind)) {
        let names: BTreeSet<&String> = those.iter().filter_map(|it| it.at.0.get(1)).collect();
        let section = section.unwrap_or_default();
        if those.len() <= FEW {
            out.extend(those);
            continue;
        }
        let number = count(names.len(), section.trim_end_matches('s'));
        let reason = format!("{number} are alike ({}): {}", list(&names), those[0].reason);
        let remedy = those[0].remedy.clone();
        out.push(Finding { severity, rule, at: at!(section), reason, remedy });
    }
}
