//! Amounts and names as they stand in a text.

use rackberry_core::{Bytes, Seconds};

/// A line is no longer than this, in characters.
const WIDTH: usize = 100;

/// A size with two digits or more: `785Mi`, `1.4Gi`, `31Gi`.
pub(super) fn size(bytes: Bytes) -> String {
    const UNITS: [(&str, u32); 4] = [("Ti", 40), ("Gi", 30), ("Mi", 20), ("Ki", 10)];
    let Some((unit, bits)) = UNITS.iter().find(|(_, bits)| bytes.0 >> bits > 0) else {
        return format!("{}B", bytes.0);
    };
    let tenths = (u128::from(bytes.0) * 10 + (1u128 << bits) / 2) >> bits;
    match tenths {
        0..100 => format!("{}.{}{unit}", tenths / 10, tenths % 10),
        _ => format!("{}{unit}", (tenths + 5) / 10),
    }
}

/// A time by its two largest units: `45 s`, `2 min 10 s`, `3 h 5 min`.
pub(super) fn time(time: Seconds) -> String {
    let (days, hours) = (time.0 / 86_400, time.0 / 3600 % 24);
    let parts = [(days, "d"), (hours, "h"), (time.0 / 60 % 60, "min"), (time.0 % 60, "s")];
    let first = parts.iter().position(|it| it.0 > 0).unwrap_or(parts.len() - 1);
    let shown = parts[first..].iter().take(2).enumerate().filter(|it| it.0 == 0 || it.1.0 > 0);
    shown.map(|(_, (amount, unit))| format!("{amount} {unit}")).collect::<Vec<_>>().join(" ")
}

/// How much of `whole` a part is, rounded up, so that what is above a limit also reads so.
pub(super) fn percent(part: Bytes, whole: Bytes) -> String {
    let percent = (u128::from(part.0) * 100).div_ceil(u128::from(whole.0.max(1)));
    format!("{percent}%")
}

/// A number and what it counts: `1 node`, `3 nodes`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A text that Markdown leaves as it is, on one line.
pub(super) fn inline(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' => plain.extend(['\\', it]),
            it if it.is_control() => plain.push(' '),
            it => plain.push(it),
        }
    }
    plain
}

/// A paragraph in lines that fit.
pub(super) fn wrapped(text: &str) -> String {
    let (mut all, mut line) = (String::new(), String::new());
    for word in text.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > WIDTH {
            all.push_str(&line);
            all.push('\n');
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    all + &line + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_few_digits() {
        let sizes = [
            (785 << 20, "785Mi"),
            (8 << 30, "8.0Gi"),
            (1500 << 20, "1.5Gi"),
            (31 << 30, "31Gi"),
            (9, "9B"),
        ];
        sizes.iter().for_each(|(bytes, text)| assert_eq!(size(Bytes(*bytes)), *text));
        assert_eq!(size(Bytes(u64::MAX)), "16777216Ti");
        let times = [
            (0, "0 s"),
            (45, "45 s"),
            (60, "1 min"),
            (130, "2 min 10 s"),
            (3 * 3600 + 305, "3 h 5 min"),
        ];
        times.iter().for_each(|(seconds, text)| assert_eq!(time(Seconds(*seconds)), *text));
        assert_eq!(percent(Bytes(901), Bytes(1000)), "91%");
        assert_eq!(percent(Bytes(1), Bytes(0)), "100%");
    }

    #[test]
    fn names_stay_what_they_are() {
        assert_eq!(inline("pi-1_a.b"), "pi-1_a.b");
        assert_eq!(inline("a|b\n<i>"), "a\\|b \\<i\\>");
    }
}
