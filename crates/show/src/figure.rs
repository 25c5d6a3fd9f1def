//! Quantities as people read them in a picture: few digits, and a unit.

use rackberry_core::{Bytes, Milliwatts, Permille, Seconds};

/// A size with two digits or more: `785Mi`, `1.4Gi`, `31Gi`.
pub(crate) fn size(bytes: Bytes) -> String {
    const UNITS: [(&str, u32); 4] = [("Ti", 40), ("Gi", 30), ("Mi", 20), ("Ki", 10)];
    let unit = UNITS.iter().find(|(_, bits)| bytes.0 >> bits > 0);
    let Some((unit, bits)) = unit else { return format!("{}B", bytes.0) };
    let tenths = (u128::from(bytes.0) * 10 + (1u128 << bits) / 2) >> bits;
    match tenths {
        10..100 if !tenths.is_multiple_of(10) => format!("{}.{}{unit}", tenths / 10, tenths % 10),
        _ => format!("{}{unit}", (tenths + 5 * u128::from(tenths >= 100)) / 10),
    }
}

/// A share in whole percent.
pub(crate) fn percent(share: Permille) -> String {
    format!("{}%", share.0.saturating_add(5) / 10)
}

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

/// A time by its two largest units: `45 s`, `2 min 10 s`, `3 h 5 min`.
pub(crate) fn time(time: Seconds) -> String {
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

/// `part` of `whole`, in thousandths; nothing of nothing.
pub(crate) fn share(part: Bytes, whole: Bytes) -> Permille {
    let share = u128::from(part.0) * 1000 / u128::from(whole.0.max(1));
    Permille(u64::try_from(share).unwrap_or(u64::MAX))
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
    fn sizes_are_short() {
        let all = [
            0,
            1023,
            1 << 10,
            785 << 20,
            1425 << 20,
            9 << 30,
            (9 << 30) + (990 << 20),
            31 << 30,
            u64::MAX,
        ];
        let all = all.map(|it| size(Bytes(it)));
        assert_eq!(
            all,
            ["0B", "1023B", "1Ki", "785Mi", "1.4Gi", "9Gi", "10Gi", "31Gi", "16777216Ti"]
        );
    }

    #[test]
    fn watts_times_and_shares_are_rounded_as_people_do() {
        assert_eq!(
            [7000, 3040, 99_960, 450_000].map(|it| watts(Milliwatts(it))),
            ["7.0 W", "3.0 W", "100 W", "450 W"]
        );
        let times = [0, 45, 60, 130, 3600, 11_100, 90_061].map(|it| time(Seconds(it)));
        assert_eq!(times, ["0 s", "45 s", "1 min", "2 min 10 s", "1 h", "3 h 5 min", "1 d 1 h"]);
        assert_eq!(
            [0, 4, 5, 814, 815].map(|it| percent(Permille(it))),
            ["0%", "0%", "1%", "81%", "82%"]
        );
    }
}
