//! Quantities as people read them in a picture: few digits, and a unit.

use rackberry_core::{Bytes, Milliwatts, Permille};

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

/// A number and what it counts: `1 node`, `3 nodes`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
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
}
