//! Counts, names and paragraphs as they stand in a text.

/// A line is no longer than this, in characters.
const WIDTH: usize = 100;

/// A number and what it counts: `1 node`, `3 nodes`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A text that Markdown leaves as it is, on one line.
pub(super) fn inline(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '`' => plain.push('\''),
            '\\' | '*' | '[' | ']' | '<' | '>' | '|' => plain.extend(['\\', it]),
            it if it.is_control() => plain.push(' '),
            it => plain.push(it),
        }
    }
    plain
}

/// A paragraph in lines that fit.
pub(super) fn wrapped(text: &str) -> String {
    hanging(text, "")
}

/// A paragraph in lines that fit, all but the first after `indent`.
pub(super) fn hanging(text: &str, indent: &str) -> String {
    let (mut all, mut line) = (String::new(), String::new());
    for word in text.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > WIDTH {
            all.push_str(&line);
            all.push('\n');
            line = indent.into();
        } else if !line.is_empty() {
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
    fn names_stay_what_they_are() {
        assert_eq!(inline("pi-1_a.b"), "pi-1_a.b");
        assert_eq!(inline("a|b\n<i>"), "a\\|b \\<i\\>");
    }
}
