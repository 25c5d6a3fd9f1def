//! How findings are told: their places, amounts that read, and one for many of a kind.

use crate::{Finding, Location};
use rackberry_core::{Bytes, Permille};

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

/// Tells each finding of one kind, or, where they are many, one that `all` words for all of them:
/// its place, its reason and its remedy.
pub(super) fn tell(
    out: &mut Vec<Finding>,
    each: Vec<Finding>,
    all: impl FnOnce(&[Finding]) -> (Location, String, String),
) {
    if each.len() <= FEW {
        out.extend(each);
        return;
    }
    let (at, reason, remedy) = all(&each);
    let (severity, rule) = (each[0].severity, each[0].rule.clone());
    out.push(Finding { severity, rule, at, reason, remedy });
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
