//! How findings are told: their places, amounts that read, and one for many of a kind.

use super::wording::{count, grouped, list};
use crate::Finding;
use rackberry_core::{Bytes, Permille};
use std::collections::BTreeSet;

/// How many findings of one kind are told one by one.
const FEW: usize = 3;

/// A place, as the keys that lead there.
macro_rules! at {
    ($($key:expr),+ $(,)?) => { crate::Location(vec![$($key.to_string()),+]) };
}
pub(super) use at;

/// An amount of memory or storage, to the mebibyte: `785Mi`, `8Gi`, `37.5Gi`.
pub(super) fn size(bytes: Bytes) -> String {
    let mebi = bytes.0.saturating_add(1 << 19) >> 20;
    match mebi {
        0 if bytes.0 > 0 => bytes.to_string(),
        _ if mebi > 0 && mebi.is_multiple_of(1024) => format!("{}Gi", mebi / 1024),
        0..16_384 => format!("{mebi}Mi"),
        _ => format!("{}.{}Gi", mebi / 1024, mebi % 1024 * 10 / 1024),
    }
}

/// How much of `whole` a part is, rounded up, so that what is above a limit also reads so.
pub(super) fn part(part: u64, whole: u64) -> Permille {
    let permille = (u128::from(part) * 1000).div_ceil(u128::from(whole.max(1)));
    Permille(u64::try_from(permille).unwrap_or(u64::MAX))
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read() {
        assert_eq!(size(Bytes(785 << 20)), "785Mi");
        assert_eq!(size(Bytes(8 << 30)), "8Gi");
        assert_eq!(size(Bytes((37 << 30) + (1 << 29))), "37.5Gi");
        assert_eq!(size(Bytes(1)), "1B");
        assert_eq!(part(8501, 10_000), Permille(851));
    }
}
