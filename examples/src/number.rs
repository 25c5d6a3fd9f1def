//! Figures as people read them in a table: rounded, and alike from row to row.

use rackberry::core::{Bytes, Millicores, Permille, Points, Seconds};

const MI: u64 = 1 << 20;
const GI: u64 = 1 << 30;

/// Memory: whole `Mi` up to ten `Gi`, so that neighbours compare at a glance.
pub(crate) fn memory(amount: Bytes) -> String {
    match amount.0 {
        0 => "0".into(),
        1..MI => "<1Mi".into(),
        it if it < 10 * GI => format!("{}Mi", nearest(it, MI)),
        it => large(it),
    }
}

/// What is stored or copied: `300Mi`, `9.0Gi`, `1.5Ti`.
pub(crate) fn volume(amount: Bytes) -> String {
    if amount.0 < GI { memory(amount) } else { large(amount.0) }
}

fn large(amount: u64) -> String {
    match amount {
        it if it < 1000 * GI => tenths(it, GI, "Gi"),
        it => tenths(it, 1024 * GI, "Ti"),
    }
}

/// CPU in cores: `0.25`, `4.00`.
pub(crate) fn cores(amount: Millicores) -> String {
    let hundredths = nearest(amount.0, 10);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// A share with one digit after the point: `46.0%`.
pub(crate) fn share(part: Permille) -> String {
    format!("{}.{}%", part.0 / 10, part.0 % 10)
}

/// So much of so much; nothing of nothing.
pub(crate) fn permille(part: u64, whole: u64) -> Permille {
    let share = u128::from(part) * 1000 / u128::from(whole.max(1));
    Permille(u64::try_from(share).unwrap_or(u64::MAX))
}

/// A time: `30 s`, `3 min 10 s`, `2 h 5 min`.
pub(crate) fn time(span: Seconds) -> String {
    let (high, low, names) = match span.0 {
        it if it < 60 => return format!("{it} s"),
        it if it < 3600 => (it / 60, it % 60, ("min", "s")),
        it => (it / 3600, it % 3600 / 60, ("h", "min")),
    };
    match low {
        0 => format!("{high} {}", names.0),
        _ => format!("{high} {} {low} {}", names.0, names.1),
    }
}

/// Whole points, in groups of three digits.
pub(crate) fn points(amount: Points) -> String {
    grouped(nearest(amount.0, 1000))
}

/// `12,345`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 move`, `9 moves`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number as u64))
}

fn tenths(value: u64, unit: u64, name: &str) -> String {
    let tenths = nearest(value, unit / 10);
    format!("{}.{}{name}", grouped(tenths / 10), tenths % 10)
}

fn nearest(value: u64, unit: u64) -> u64 {
    value.saturating_add(unit / 2) / unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_rounded_to_what_can_be_compared() {
        let mi = |it: u64| Bytes(it << 20);
        assert_eq!(
            [0, 1, 10_239, 10_240].map(|it| memory(mi(it))),
            ["0", "1Mi", "10239Mi", "10.0Gi"]
        );
        assert_eq!(memory(Bytes(1)), "<1Mi");
        assert_eq!(memory(Bytes(u64::MAX)), "16,777,216.0Ti");
        assert_eq!([300, 1024, 1536].map(|it| volume(mi(it))), ["300Mi", "1.0Gi", "1.5Gi"]);
        assert_eq!(
            [0, 4, 5, 1000].map(|it| cores(Millicores(it))),
            ["0.00", "0.00", "0.01", "1.00"]
        );
        assert_eq!(points(Points(1_234_567_500)), "1,234,568");
        assert_eq!(share(permille(1, 3)), "33.3%");
        assert_eq!(share(permille(u64::MAX, 0)), "1844674407370955161.5%");
    }

    #[test]
    fn times_have_two_units_at_the_most() {
        let text = |it| time(Seconds(it));
        assert_eq!(
            [30, 60, 139, 3600, 7500].map(text),
            ["30 s", "1 min", "2 min 19 s", "1 h", "2 h 5 min"]
        );
    }
}
