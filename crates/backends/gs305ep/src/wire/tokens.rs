//! What is kept of the tokens of a page.

use super::outline::{Kept, Key, Piece, Tag};
use html5gum::{Emitter, Error, State, Tokenizer};
use std::convert::Infallible;
use std::ops::Range;

/// Keeps the elements of a page, which is shorter than 4 GiB.
pub(crate) fn read(page: &[u8]) -> Kept {
    let mut kept = Kept {
        pieces: Vec::with_capacity(page.len() / 32),
        keys: Vec::with_capacity(page.len() / 32),
        values: Vec::with_capacity(page.len() / 4),
        text: Vec::with_capacity(page.len() / 8),
    };
    let Ok(()) = Tokenizer::new_with_emitter(page, Keeper::new(&mut kept)).finish();
    kept
}

/// The longest names of tags and attributes that are kept have 10 letters.
const NAME: usize = 16;

/// A name while it is read. One that is too long is the name of nothing that is kept.
#[derive(Debug, Default)]
struct Short {
    bytes: [u8; NAME],
    length: usize,
}

impl Short {
    fn push(&mut self, more: &[u8]) {
        if let Some(room) = self.bytes.get_mut(self.length..self.length + more.len()) {
            room.copy_from_slice(more);
            self.length += more.len();
        } else {
            self.length = NAME;
        }
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// An element whose content is no markup: only its own end tag ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Raw {
    Script,
    Style,
    Textarea,
    Title,
}

impl Raw {
    fn named(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"script" => Self::Script,
            b"style" => Self::Style,
            b"textarea" => Self::Textarea,
            b"title" => Self::Title,
            _ => return None,
        })
    }

    fn state(self) -> State {
        match self {
            Self::Script => State::ScriptData,
            Self::Style => State::RawText,
            Self::Textarea | Self::Title => State::RcData,
        }
    }
}

#[derive(Debug)]
struct Keeper<'a> {
    kept: &'a mut Kept,
    name: Short,
    is_end: bool,
    key: Short,
    /// The attribute that is read.
    value: Option<Key>,
    /// Where its value begins in what is kept, and the attributes of the tag, and the text.
    value_from: usize,
    keys_from: usize,
    text_from: usize,
    raw: Option<Raw>,
}

impl<'a> Keeper<'a> {
    fn new(kept: &'a mut Kept) -> Self {
        Self {
            kept,
            name: Short::default(),
            is_end: false,
            key: Short::default(),
            value: None,
            value_from: 0,
            keys_from: 0,
            text_from: 0,
            raw: None,
        }
    }

    fn tag(&self) -> Option<Tag> {
        Tag::named(self.name.bytes())
    }

    fn begin_tag(&mut self, is_end: bool) {
        self.name.length = 0;
        self.key.length = 0;
        self.value = None;
        self.is_end = is_end;
        self.keys_from = self.kept.keys.len();
        self.value_from = self.kept.values.len();
    }

    /// The text since the last tag that is kept becomes a piece, unless it is only space.
    fn end_text(&mut self) {
        let text = self.kept.text.get(self.text_from..).unwrap_or_default();
        if text.trim_ascii().is_empty() {
            self.kept.text.truncate(self.text_from);
        } else {
            let range = range(self.text_from, self.kept.text.len());
            self.kept.pieces.push(Piece::Text(range));
        }
        self.text_from = self.kept.text.len();
    }

    fn begin_value(&mut self) {
        let wanted = !self.is_end && self.tag().is_some();
        self.value = if wanted { Key::named(self.key.bytes()) } else { None };
        self.value_from = self.kept.values.len();
    }

    fn end_attribute(&mut self) {
        if self.key.length > 0 && self.value.is_none() {
            self.begin_value();
        }
        self.key.length = 0;
        if let Some(key) = self.value.take() {
            let range = range(self.value_from, self.kept.values.len());
            self.kept.keys.push((key, range));
        }
    }

    fn end_tag(&mut self) {
        self.raw = None;
        if let Some(tag) = self.tag() {
            self.end_text();
            self.kept.pieces.push(Piece::Close(tag));
        }
    }

    fn start_tag(&mut self) -> Option<State> {
        if let Some(tag) = self.tag() {
            self.end_text();
            let keys = range(self.keys_from, self.kept.keys.len());
            self.kept.pieces.push(Piece::Open(tag, keys));
        }
        self.raw = Raw::named(self.name.bytes());
        self.raw.map(Raw::state)
    }
}

fn range(from: usize, to: usize) -> Range<u32> {
    from as u32..to as u32
}

impl Emitter for Keeper<'_> {
    type Token = Infallible;

    fn pop_token(&mut self) -> Option<Infallible> {
        None
    }

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn init_start_tag(&mut self) {
        self.begin_tag(false);
    }

    fn init_end_tag(&mut self) {
        self.begin_tag(true);
    }

    fn push_tag_name(&mut self, more: &[u8]) {
        self.name.push(more);
    }

    fn init_attribute(&mut self) {
        self.end_attribute();
    }

    fn push_attribute_name(&mut self, more: &[u8]) {
        self.key.push(more);
    }

    fn init_attribute_value(&mut self) {
        self.begin_value();
        self.key.length = 0;
    }

    fn push_attribute_value(&mut self, more: &[u8]) {
        if self.value.is_some() {
            self.kept.values.extend_from_slice(more);
        }
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        self.end_attribute();
        if self.is_end {
            self.end_tag();
            return None;
        }
        self.start_tag()
    }

    fn emit_string(&mut self, more: &[u8]) {
        match self.raw {
            Some(Raw::Script | Raw::Style) => {}
            Some(Raw::Textarea | Raw::Title) | None => {
                self.kept.text.extend_from_slice(more);
                if !more.trim_ascii().is_empty() {}
            }
        }
    }

    fn emit_eof(&mut self) {
        self.end_text();
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.is_end && self.raw.is_some() && self.raw == Raw::named(self.name.bytes())
    }

    fn set_last_start_tag(&mut self, _: Option<&[u8]>) {}
    fn emit_error(&mut self, _: Error) {}
    fn init_comment(&mut self) {}
    fn emit_current_comment(&mut self) {}
    fn emit_current_doctype(&mut self) {}
    fn set_self_closing(&mut self) {}
    fn set_force_quirks(&mut self) {}
    fn push_comment(&mut self, _: &[u8]) {}
    fn push_doctype_name(&mut self, _: &[u8]) {}
    fn init_doctype(&mut self) {}
    fn set_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn set_doctype_system_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}
}
