//! What is kept of the tags and texts of a page, read once from its beginning to its end as HTML says.

use super::entity;
use super::outline::{Kept, Key, Piece, Tag};
use std::ops::Range;

#[cfg(test)]
mod tests;

/// Keeps the elements of a page, which is shorter than 4 GiB.
pub(crate) fn read(page: &str) -> Kept {
    let mut keeper = Keeper {
        rest: page.as_bytes(),
        has_words: page.contains('&'),
        kept: Kept {
            pieces: Vec::with_capacity(page.len() / 32),
            keys: Vec::with_capacity(page.len() / 32),
            ..Kept::default()
        },
        text: Vec::with_capacity(page.len() / 4),
        text_from: 0,
    };
    while !keeper.rest.is_empty() {
        if keeper.next() != Some(b'<') {
            let text = keeper.up_to(b'<');
            keeper.text(text);
        }
        keeper.markup();
    }
    keeper.end_text();
    // The page is text, and so are its parts.
    Kept { text: String::from_utf8(keeper.text).unwrap_or_default(), ..keeper.kept }
}

struct Keeper<'p> {
    /// What is not read yet.
    rest: &'p [u8],
    /// Somewhere on the page, characters are written in words.
    has_words: bool,
    kept: Kept,
    /// What becomes the text of what is kept.
    text: Vec<u8>,
    /// Where the text begins that no tag has ended.
    text_from: usize,
}

impl<'p> Keeper<'p> {
    /// Takes what stands before the first of some ASCII signs; all, where there is none.
    #[inline(always)]
    fn until(&mut self, is_end: impl Fn(u8) -> bool) -> &'p [u8] {
        let end = self.rest.iter().position(|it| is_end(*it));
        self.take(end.unwrap_or(self.rest.len()))
    }

    /// The same before one sign, which may be far.
    fn up_to(&mut self, sign: u8) -> &'p [u8] {
        let end = memchr::memchr(sign, self.rest);
        self.take(end.unwrap_or(self.rest.len()))
    }

    fn take(&mut self, length: usize) -> &'p [u8] {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, b""));
        self.rest = rest;
        taken
    }

    fn next(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// Text between tags; that of tags that are passed over is one text with it.
    fn text(&mut self, raw: &[u8]) {
        // Space between tags is no text.
        let begins = self.text.len() == self.text_from;
        let more = if begins { raw.trim_ascii_start() } else { raw };
        if more.is_empty() {
            return;
        }
        let shown = if self.has_words { entity::in_text(more) } else { more.into() };
        self.text.extend_from_slice(if begins { shown.trim_ascii_start() } else { &shown });
    }

    /// The text since the last tag that is kept becomes a piece.
    fn end_text(&mut self) {
        if self.text.len() > self.text_from {
            let range = range(self.text_from, self.text.len());
            self.kept.pieces.push(Piece::Text(range));
            self.text_from = self.text.len();
        }
    }

    /// What begins with `<`: a tag, a comment, or text after all.
    fn markup(&mut self) {
        match self.rest {
            [_, first, ..] if first.is_ascii_alphabetic() => self.tag(false),
            [_, b'/', first, ..] if first.is_ascii_alphabetic() => self.tag(true),
            [_, b'!', b'-', b'-', ..] => self.comment(),
            [_, b'/', _, ..] | [_, b'!' | b'?', ..] => {
                self.up_to(b'>');
                self.take(1);
            }
            _ => {
                let sign = self.take(1);
                self.text(sign);
            }
        }
    }

    fn comment(&mut self) {
        let text = self.rest.get(4..).unwrap_or_default();
        let end = memchr::memchr_iter(b'>', text).find(|at| {
            let before = &text[..*at];
            matches!(before, b"" | b"-") || before.ends_with(b"--") || before.ends_with(b"--!")
        });
        self.take(end.map_or(self.rest.len(), |it| it + 5));
    }

    /// A tag; where the page ends in it, it is none.
    fn tag(&mut self, is_end: bool) {
        self.take(1 + usize::from(is_end));
        let name = self.until(|it| it.is_ascii_whitespace() || matches!(it, b'/' | b'>'));
        let tag = Tag::named(name);
        if tag.is_some() {
            self.end_text();
        }
        let keys_from = self.kept.keys.len();
        if !self.attributes(tag.is_some() && !is_end) {
            return;
        }
        let keys = range(keys_from, self.kept.keys.len());
        let piece = |tag| if is_end { Piece::Close(tag) } else { Piece::Open(tag, keys) };
        self.kept.pieces.extend(tag.map(piece));
        if !is_end {
            self.content(name);
        }
    }

    /// Reads to the end of a tag, and says whether it has one.
    fn attributes(&mut self, are_kept: bool) -> bool {
        loop {
            self.until(|it| !it.is_ascii_whitespace() && it != b'/');
            match self.next() {
                Some(b'>') => break,
                Some(_) => self.attribute(are_kept),
                None => return false,
            }
        }
        self.take(1);
        true
    }

    fn attribute(&mut self, is_kept: bool) {
        let ends = |it: u8| it.is_ascii_whitespace() || matches!(it, b'/' | b'>' | b'=');
        // Whatever comes first is part of the name.
        let more = self.rest.iter().skip(1).position(|it| ends(*it));
        let name = self.take(more.map_or(self.rest.len(), |it| it + 1));
        self.until(|it| !it.is_ascii_whitespace());
        let value = if self.next() == Some(b'=') { self.value() } else { b"" };
        if let Some(key) = is_kept.then(|| Key::named(name)).flatten() {
            let from = self.text.len();
            let shown = if self.has_words { entity::in_value(value) } else { value.into() };
            self.text.extend_from_slice(&shown);
            self.text_from = self.text.len();
            self.kept.keys.push((key, range(from, self.text_from)));
        }
    }

    fn value(&mut self) -> &'p [u8] {
        self.take(1);
        self.until(|it| !it.is_ascii_whitespace());
        let Some(quote) = self.next().filter(|it| matches!(it, b'"' | b'\'')) else {
            return self.until(|it| it.is_ascii_whitespace() || it == b'>');
        };
        self.take(1);
        let value = self.up_to(quote);
        self.take(1);
        value
    }

    /// The content of an element that has no markup in it: only its own end tag ends it.
    fn content(&mut self, name: &[u8]) {
        let is = |other: &&&str| name.eq_ignore_ascii_case(other.as_bytes());
        let Some(name) = ["script", "style", "textarea", "title"].iter().find(is) else { return };
        let content = self.take(end_of(self.rest, name));
        if matches!(*name, "textarea" | "title") {
            self.text(content);
        }
    }
}

/// Where a content without markup ends. In a script, a comment with a script in it does not end it.
fn end_of(content: &[u8], name: &str) -> usize {
    let (mut in_comment, mut in_script) = (false, false);
    for at in memchr::memchr2_iter(b'<', b'>', content) {
        let from = &content[at..];
        if from.starts_with(b">") {
            let stays = !content[..at].ends_with(b"--");
            (in_comment, in_script) = (in_comment && stays, in_script && stays);
        } else if is_tag(from, b"</", name) {
            if !in_script {
                return at;
            }
            in_script = false;
        } else if name == "script" {
            in_script |= in_comment && is_tag(from, b"<", name);
            in_comment |= from.starts_with(b"<!--");
        }
    }
    content.len()
}

fn is_tag(text: &[u8], begin: &[u8], name: &str) -> bool {
    let Some(rest) = text.strip_prefix(begin) else { return false };
    let Some((named, rest)) = rest.split_at_checked(name.len()) else { return false };
    let after = rest.first();
    named.eq_ignore_ascii_case(name.as_bytes())
        && after.is_some_and(|it| it.is_ascii_whitespace() || matches!(it, b'/' | b'>'))
}

fn range(from: usize, to: usize) -> Range<u32> {
    from as u32..to as u32
}
