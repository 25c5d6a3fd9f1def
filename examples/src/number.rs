//! Figures as people read them in a table: rounded, and alike from row to row.

use rackberry::core::{Millicores, Permille, Points};

/// CPU in cores: `0.25`, `4.00`.
pub(crate) fn cores(amount: Millicores) -> String {
    let hundredths = nearest(amount.0, 10);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// A share with one digit after the point: `46.0%`.
pub(crate) fn share(part: Permille) -> String {
    format!("{}.{}%", part.0 / 10, part.0 % 10)
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

fn nearest(value: u64, unit: u64) -> u64 {
    value.saturating_add(unit / 2) / unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_rounded_to_what_can_be_compared() {
        assert_eq!(
            [0, 4, 5, 1000].map(|it| cores(Millicores(it))),
            ["0.00", "0.00", "0.01", "1.00"]
        );
        assert_eq!(points(Points(1_234_567_500)), "1,234,568");
        assert_eq!(share(Permille(333)), "33.3%");
    }
}
