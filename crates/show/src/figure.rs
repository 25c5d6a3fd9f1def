//! Quantities as people read them in a picture: few digits, and a unit.

use rackberry_core::{Bytes, Milliwatts, Permille};
use rackberry_plan::Change;

pub(crate) use rackberry_core::figure::{percent, size, time};

/// A power in watts with one decimal: `7.0 W`; whole watts from 100.
pub(crate) fn watts(power: Milliwatts) -> String {
    format!("{} W", bare_watts(power))
}

/// The same without its unit.
pub(crate) fn bare_watts(power: Milliwatts) -> String {
    let tenths = power.0.saturating_add(50) / 100;
    match tenths {
        0..1000 => format!("{}.{}", tenths / 10, tenths % 10),
        _ => format!("{}", tenths.saturating_add(5) / 10),
    }
}

/// `part` of `whole`, in thousandths.
pub(crate) fn share(part: Bytes, whole: Bytes) -> Permille {
    rackberry_core::figure::share(part.0, whole.0)
}

/// `part` of `whole` from 0 to 1, however much more it is.
pub(crate) fn fraction(part: u64, whole: u64) -> f64 {
    (part as f64 / whole.max(1) as f64).min(1.0)
}

/// A number and what it counts: `1 node`, `3 nodes`, `1,234 nodes`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// How many replicas move, and how many start: `10 moves and 3 starts`. Nothing where none does.
pub(crate) fn moves(changes: &[Change]) -> Option<String> {
    let starts = changes.iter().filter(|it| it.from.is_none()).count();
    let moves = changes.len() - starts;
    let parts =
        [(moves, count(moves, "move", "moves")), (starts, count(starts, "start", "starts"))];
    let some: Vec<_> = parts.into_iter().filter(|it| it.0 > 0).map(|it| it.1).collect();
    (!some.is_empty()).then(|| some.join(" and "))
}

fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let parts: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    parts.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn watts_are_rounded_as_people_do() {
        assert_eq!(
            [7000, 3040, 99_960, 450_000].map(|it| watts(Milliwatts(it))),
            ["7.0 W", "3.0 W", "100 W", "450 W"]
        );
    }

    #[test]
    fn large_numbers_are_grouped() {
        let counts = [1, 999, 1000, 1_234_567].map(|it| count(it, "move", "moves"));
        assert_eq!(counts, ["1 move", "999 moves", "1,000 moves", "1,234,567 moves"]);
    }
}
