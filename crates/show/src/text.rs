//! How wide text is, and how to write it so that it stays text.

use std::borrow::Cow;
use std::fmt::Write;

/// A cut of letters. Each has its own widths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    Sans,
    Bold,
    Mono,
}

/// A text whose own width is its room fits, whatever sums of fractions come to.
const ROUNDING: f64 = 1e-6;

/// The longest text a tooltip shows, in characters.
const LONGEST_TOOLTIP: usize = 400;

/// The widths of the characters from space to `~`, in thousandths of the size.
///
/// Of all fonts that a `sans-serif` is likely to be, these (DejaVu's, much like Verdana's) are the
/// widest: what fits by them fits everywhere.
#[rustfmt::skip]
const SANS: [u16; 95] = [
    318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361, 318, 337,
    637, 637, 637, 637, 637, 637, 637, 637, 637, 637, 337, 337, 838, 838, 838, 531,
    1000, 685, 687, 699, 771, 632, 576, 775, 752, 295, 295, 656, 558, 863, 749, 788,
    604, 788, 695, 635, 611, 732, 685, 989, 686, 611, 686, 391, 337, 391, 838, 500,
    500, 613, 635, 550, 635, 616, 353, 635, 634, 278, 278, 580, 278, 975, 634, 612,
    635, 635, 412, 521, 393, 634, 592, 818, 592, 592, 525, 637, 337, 637, 838,
];

#[rustfmt::skip]
const BOLD: [u16; 95] = [
    349, 457, 521, 838, 696, 1002, 873, 307, 458, 458, 523, 838, 380, 416, 380, 366,
    696, 696, 696, 696, 696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 581,
    1000, 774, 763, 734, 831, 684, 684, 821, 837, 373, 373, 775, 638, 996, 837, 851,
    733, 851, 771, 721, 683, 813, 774, 1104, 771, 725, 726, 458, 366, 458, 838, 500,
    500, 675, 716, 593, 716, 679, 436, 716, 712, 343, 343, 666, 343, 1042, 712, 688,
    716, 716, 494, 596, 479, 712, 652, 924, 646, 652, 583, 712, 366, 712, 838,
];

/// How wide `text` is at most, in px, at `size` px.
pub(crate) fn width(text: &str, face: Face, size: f64) -> f64 {
    text.chars().map(|it| advance(it, face)).sum::<f64>() * size
}

/// The width of a character in sizes.
fn advance(it: char, face: Face) -> f64 {
    let plain = (it as usize).checked_sub(32).filter(|it| *it < 95);
    let thousandths = match (face, plain, it) {
        (Face::Mono, Some(_), _) => 620,
        (Face::Sans, Some(at), _) => SANS[at],
        (Face::Bold, Some(at), _) => BOLD[at],
        (Face::Mono, None, '·' | '…' | '→' | '−' | '×') => 620,
        (_, None, '·') => 380,
        (_, None, '→' | '−' | '×') => 838,
        (_, None, '…') => 1000,
        (_, None, '–') => 640,
        // Of the rest little is known: this is wider than most letters are, and than an emoji.
        (_, None, _) => 1400,
    };
    f64::from(thousandths) / 1000.0
}

/// `text` if it fits into `room` px, or as much of its beginning as does, and an ellipsis. Nothing where
/// not even that fits.
pub(crate) fn fit(text: &str, face: Face, size: f64, room: f64) -> Cow<'_, str> {
    let dots = advance('…', face) * size;
    let (mut used, mut keep) = (0.0, 0);
    for (at, it) in text.char_indices() {
        used += advance(it, face) * size;
        if used > room + ROUNDING {
            let kept = text[..keep].trim_end();
            return if dots > room + ROUNDING { "".into() } else { format!("{kept}…").into() };
        }
        if used + dots <= room + ROUNDING {
            keep = at + it.len_utf8();
        }
    }
    text.into()
}

/// [`fit`] from the end: of names that are numbered, the end tells them apart.
pub(crate) fn fit_end(text: &str, face: Face, size: f64, room: f64) -> Cow<'_, str> {
    let turned: String = text.chars().rev().collect();
    match fit(&turned, face, size, room) {
        Cow::Owned(part) => part.chars().rev().collect::<String>().into(),
        Cow::Borrowed(_) => text.into(),
    }
}

/// Writes `text` so that no character of it is taken for markup, nor is one that XML does not allow or
/// that turns the direction of what follows.
pub(crate) fn escape(text: &str, out: &mut String) {
    for it in text.chars() {
        match it {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\r' | '\t' => out.push(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.push('\u{fffd}'),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            it if it.is_control() => out.push('\u{fffd}'),
            it => out.push(it),
        }
    }
}

/// [`escape`], as a text of its own.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape(text, &mut out);
    out
}

/// A text for a tooltip: escaped, and not endless.
pub(crate) fn tooltip(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TOOLTIP) {
        Some((end, _)) => escaped(&text[..end]) + "…",
        None => escaped(text),
    }
}

/// Names as a list that says how many it leaves out: `a, b, c and 4 more`.
pub(crate) fn list<T: std::fmt::Display>(
    names: impl ExactSizeIterator<Item = T>,
    most: usize,
) -> String {
    let rest = names.len().saturating_sub(most);
    let mut out = String::new();
    for (at, name) in names.take(most).enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        // Writing to a String cannot fail.
        let _ = write!(out, "{comma}{name}");
    }
    match rest {
        0 => out,
        rest => format!("{out} and {rest} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_left_alone_and_what_does_not_ends_in_an_ellipsis() {
        assert_eq!(fit("pi-hole", Face::Mono, 10.0, 43.4), "pi-hole");
        assert_eq!(fit("pi-hole", Face::Mono, 10.0, 43.3), "pi-ho…");
        assert_eq!(fit("pi-hole", Face::Mono, 10.0, 6.2), "…");
        assert_eq!(fit("pi-hole", Face::Mono, 10.0, 6.1), "");
        assert_eq!(fit("", Face::Sans, 10.0, 0.0), "");
        assert_eq!(fit_end("node-00042", Face::Mono, 10.0, 37.2), "…00042");
        assert_eq!(fit_end("pi-1", Face::Mono, 10.0, 37.2), "pi-1");
    }

    #[test]
    fn nothing_that_was_fitted_is_wider_than_its_room() {
        let texts =
            ["local-path-provisioner", "WWWWWWWWWW", "iiiiiiiiii", "Ωμέγα 漢字 🦀🦀🦀", " a  b "];
        for text in texts {
            for face in [Face::Sans, Face::Bold, Face::Mono] {
                for room in 0..200 {
                    let room = f64::from(room);
                    let fitted = fit(text, face, 11.0, room);
                    assert!(width(&fitted, face, 11.0) <= room + ROUNDING, "{fitted} in {room}");
                }
            }
        }
    }

    #[test]
    fn markup_and_forbidden_characters_are_disarmed() {
        assert_eq!(
            escaped("<b a='1'>\"&\u{0}\u{202e}\n"),
            "&lt;b a=&#39;1&#39;&gt;&quot;&amp;\u{fffd}\u{fffd} "
        );
    }

    #[test]
    fn long_lists_say_how_many_they_leave_out() {
        assert_eq!(list(["a", "b"].iter(), 2), "a, b");
        assert_eq!(list(["a", "b", "c"].iter(), 2), "a, b and 1 more");
    }
}
