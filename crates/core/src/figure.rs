//! Quantities as people read them: few digits, a unit, and rounded the same way everywhere.
//!
//! What is written here is not read back: [`Bytes`] and the other units have their exact form for that.

use crate::{Bytes, Permille, Seconds};

const UNITS: [(&str, u32); 4] = [("Ti", 40), ("Gi", 30), ("Mi", 20), ("Ki", 10)];

/// A size with two digits or more: `785Mi`, `1.4Gi`, `8Gi`, `31Gi`.
pub fn size(bytes: Bytes) -> String {
    let unit = UNITS.iter().find(|(_, bits)| bytes.0 >> bits > 0);
    let Some((unit, bits)) = unit else { return format!("{}B", bytes.0) };
    let tenths = (u128::from(bytes.0) * 10 + (1u128 << bits) / 2) >> bits;
    match tenths {
        10..100 if !tenths.is_multiple_of(10) => format!("{}.{}{unit}", tenths / 10, tenths % 10),
        _ => format!("{}{unit}", (tenths + 5 * u128::from(tenths >= 100)) / 10),
    }
}

/// Memory to the mebibyte, as monitoring shows it, so that neighbours compare at a glance: `785Mi`,
/// `6500Mi`, `8Gi`, `37.5Gi`.
pub fn memory(bytes: Bytes) -> String {
    let mebi = bytes.0.saturating_add(1 << 19) >> 20;
    match mebi {
        0 => size(bytes),
        _ if mebi.is_multiple_of(1024) => format!("{}Gi", mebi / 1024),
        1..16_384 => format!("{mebi}Mi"),
        _ => format!("{}.{}Gi", mebi / 1024, mebi % 1024 * 10 / 1024),
    }
}

/// A time by its two largest units: `45 s`, `2 min 10 s`, `3 h 5 min`.
pub fn time(time: Seconds) -> String {
    let parts = [
        (time.0 / 86_400, "d"),
        (time.0 / 3600 % 24, "h"),
        (time.0 / 60 % 60, "min"),
        (time.0 % 60, "s"),
    ];
    let first = parts.iter().position(|it| it.0 > 0).unwrap_or(3);
    let shown = parts[first..].iter().take(2).filter(|it| it.0 > 0 || time.0 == 0);
    shown.map(|(amount, unit)| format!("{amount} {unit}")).collect::<Vec<_>>().join(" ")
}

/// How much of `whole` a part is: rounded up, so that what is above a limit also reads so.
pub fn share(part: u64, whole: u64) -> Permille {
    let share = (u128::from(part) * 1000).div_ceil(u128::from(whole.max(1)));
    Permille(u64::try_from(share).unwrap_or(u64::MAX))
}

/// A share in whole percent, rounded to the nearest, so that it agrees with the same share to a tenth.
pub fn percent(share: Permille) -> String {
    format!("{}%", share.0.saturating_add(5) / 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        let all = [
            (0, "0B"),
            (1023, "1023B"),
            (1 << 10, "1Ki"),
            (785 << 20, "785Mi"),
            (1425 << 20, "1.4Gi"),
            (9 << 30, "9Gi"),
            ((9 << 30) + (990 << 20), "10Gi"),
            (31 << 30, "31Gi"),
            (u64::MAX, "16777216Ti"),
        ];
        all.iter().for_each(|(bytes, text)| assert_eq!(size(Bytes(*bytes)), *text));
    }

    #[test]
    fn memory_is_told_to_the_mebibyte() {
        let all = [
            (0, "0B"),
            (1, "1B"),
            (785 << 20, "785Mi"),
            ((785 << 20) + (1 << 19), "786Mi"),
            (8 << 30, "8Gi"),
            (10_239 << 20, "10239Mi"),
            ((37 << 30) + (1 << 29), "37.5Gi"),
            (u64::MAX, "17179869183.9Gi"),
        ];
        all.iter().for_each(|(bytes, text)| assert_eq!(memory(Bytes(*bytes)), *text));
    }

    #[test]
    fn times_have_two_units_at_the_most() {
        let times = [0, 45, 60, 130, 3600, 11_100, 90_061].map(|it| time(Seconds(it)));
        assert_eq!(times, ["0 s", "45 s", "1 min", "2 min 10 s", "1 h", "3 h 5 min", "1 d 1 h"]);
    }

    #[test]
    fn shares_are_rounded_up() {
        assert_eq!(share(8501, 10_000), Permille(851));
        assert_eq!(share(1, 0), Permille(1000));
        assert_eq!(share(0, 0), Permille(0));
        assert_eq!(share(u64::MAX, 1), Permille(u64::MAX));
    }

    #[test]
    fn whole_percents_are_the_nearest_to_their_tenths() {
        let all = [0, 4, 14, 15, 761, 809].map(|it| percent(Permille(it)));
        assert_eq!(all, ["0%", "0%", "1%", "2%", "76%", "81%"]);
        assert_eq!(percent(Permille(u64::MAX)), format!("{}%", u64::MAX / 10));
    }
}
