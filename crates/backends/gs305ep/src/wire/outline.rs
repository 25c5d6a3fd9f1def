//! What the readers see of a page: its elements in their order, as far as any of them is asked for.

use super::tokens;
use super::unreadable::{Page, Unreadable};
use std::ops::Range;

/// The most bytes of one page that are read. The largest page that was seen has 30 KiB.
pub(crate) const MOST: usize = 1 << 20;

/// The elements that the pages are read by; all others are passed over, their text is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    Div,
    Form,
    Html,
    Input,
    Li,
    Script,
    Section,
    Select,
    Span,
    Textarea,
    Title,
    Ul,
}

impl Tag {
    /// The one of a name, in small or capital letters.
    pub(crate) fn named(name: &[u8]) -> Option<Self> {
        Self::exactly(name).or_else(|| Self::exactly(&lowered(name)?))
    }

    fn exactly(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"div" => Self::Div,
            b"span" => Self::Span,
            b"input" => Self::Input,
            b"li" => Self::Li,
            b"form" => Self::Form,
            b"html" => Self::Html,
            b"script" => Self::Script,
            b"section" => Self::Section,
            b"select" => Self::Select,
            b"textarea" => Self::Textarea,
            b"title" => Self::Title,
            b"ul" => Self::Ul,
            _ => return None,
        })
    }
}

/// The attributes that the pages are read by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Action,
    Checked,
    Class,
    HiddenMem,
    Id,
    Method,
    Name,
    PvidStr,
    Type,
    Value,
    Vid,
    VlanPage,
    Vnm,
}

impl Key {
    /// The one of a name, in small or capital letters.
    pub(crate) fn named(name: &[u8]) -> Option<Self> {
        Self::exactly(name).or_else(|| Self::exactly(&lowered(name)?))
    }

    fn exactly(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"class" => Self::Class,
            b"value" => Self::Value,
            b"id" => Self::Id,
            b"name" => Self::Name,
            b"type" => Self::Type,
            b"action" => Self::Action,
            b"checked" => Self::Checked,
            b"hidden-mem" => Self::HiddenMem,
            b"method" => Self::Method,
            b"pvid-str" => Self::PvidStr,
            b"vid-4" => Self::Vid,
            b"vlan-page" => Self::VlanPage,
            b"vnm-4" => Self::Vnm,
            _ => return None,
        })
    }
}

/// A name in small letters; none where it is so already. The pages write most names so.
fn lowered(name: &[u8]) -> Option<Vec<u8>> {
    let has_capitals = name.iter().any(u8::is_ascii_uppercase);
    has_capitals.then(|| name.to_ascii_lowercase())
}

/// One piece of a page. The ranges are of [`Kept::keys`] and of [`Kept::text`].
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    Open(Tag, Range<u32>),
    Close(Tag),
    Text(Range<u32>),
}

/// What is kept of a page, in three allocations.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) pieces: Vec<Piece>,
    /// The attributes; the ranges are of `text`.
    pub(crate) keys: Vec<(Key, Range<u32>)>,
    /// The texts and the values, one after the other.
    pub(crate) text: String,
}

fn text<'a>(all: &'a str, range: &Range<u32>) -> &'a str {
    all.get(range.start as usize..range.end as usize).unwrap_or_default()
}

/// The end that a page must have: one that the connection cut off looks like a whole one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// `</html>`.
    Html,
    /// `</script>`, of a page that is loaded into another; or `</html>`.
    Script,
}

/// A page, or a part of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outline<'a> {
    kept: &'a Kept,
    pieces: &'a [Piece],
    page: Page,
}

/// Reads the elements of a page.
pub(crate) fn keep(page: Page, body: &[u8]) -> Result<Kept, Unreadable> {
    if body.len() > MOST {
        return Err(Unreadable::TooLarge { page });
    }
    Ok(match std::str::from_utf8(body) {
        Ok(text) => tokens::read(text),
        Err(_) => tokens::read(&String::from_utf8_lossy(body)),
    })
}

impl<'a> Outline<'a> {
    pub(crate) fn of(page: Page, kept: &'a Kept) -> Self {
        Self { kept, pieces: &kept.pieces, page }
    }

    /// Where the page ends as it must: nothing that is read comes after the first end that it has, so that
    /// a page that was cut off there says the same.
    pub(crate) fn ends(&self, end: End) -> Result<(), Unreadable> {
        let (tags, expected): (&[Tag], _) = match end {
            End::Html => (&[Tag::Html], "</html>"),
            End::Script => (&[Tag::Html, Tag::Script], "</script>"),
        };
        let is_end = |it: &Piece| matches!(it, Piece::Close(tag) if tags.contains(tag));
        let first = self.pieces.iter().position(is_end).unwrap_or(self.pieces.len());
        let rest = &self.pieces[first..];
        let more = |it: &Piece| match it {
            Piece::Open(tag, _) => *tag != Tag::Script,
            Piece::Text(_) => true,
            Piece::Close(_) => false,
        };
        match rest.is_empty() || rest.iter().any(more) {
            true => Err(Unreadable::CutOff { page: self.page, expected }),
            false => Ok(()),
        }
    }

    fn element(self, tag: Tag, keys: &Range<u32>) -> Element<'a> {
        let keys = self.kept.keys.get(keys.start as usize..keys.end as usize);
        Element { tag, keys: keys.unwrap_or_default(), kept: self.kept }
    }

    /// Every element, with what comes after its start tag.
    pub(crate) fn elements(self) -> impl Iterator<Item = (Element<'a>, Outline<'a>)> {
        self.pieces.iter().enumerate().filter_map(move |(at, piece)| match piece {
            Piece::Open(tag, keys) => {
                let rest = Self { pieces: &self.pieces[at + 1..], ..self };
                Some((self.element(*tag, keys), rest))
            }
            Piece::Close(_) | Piece::Text(_) => None,
        })
    }

    /// The first element of a kind, with what comes after its start tag.
    pub(crate) fn find(self, is: impl Fn(&Element<'a>) -> bool) -> Option<(Element<'a>, Self)> {
        self.elements().find(|it| is(&it.0))
    }

    /// The parts that begin with an element of a kind; each ends where the next begins, or its list ends.
    pub(crate) fn parts<F>(self, is: F) -> impl Iterator<Item = Outline<'a>>
    where
        F: Fn(&Element<'a>) -> bool + Copy,
    {
        self.elements().filter(move |it| is(&it.0)).map(move |(_, rest)| {
            let end = rest.pieces.iter().position(|it| match it {
                Piece::Open(tag, keys) => is(&rest.element(*tag, keys)),
                Piece::Close(tag) => *tag == Tag::Ul,
                Piece::Text(_) => false,
            });
            Self { pieces: &rest.pieces[..end.unwrap_or(rest.pieces.len())], ..rest }
        })
    }

    /// What stands in an element whose start tag was just before: up to its end tag.
    pub(crate) fn inside(self) -> Self {
        let mut depth = 1usize;
        let end = self.pieces.iter().position(|it| {
            match it {
                Piece::Open(Tag::Input, _) | Piece::Text(_) => {}
                Piece::Open(..) => depth += 1,
                Piece::Close(_) => depth -= 1,
            }
            depth == 0
        });
        Self { pieces: &self.pieces[..end.unwrap_or(self.pieces.len())], ..self }
    }

    /// The first text, without the space around it; empty where there is none.
    pub(crate) fn text(self) -> &'a str {
        let text = self.pieces.iter().find_map(|it| match it {
            Piece::Text(range) => Some(text(&self.kept.text, range).trim()),
            Piece::Open(..) | Piece::Close(_) => None,
        });
        text.unwrap_or_default()
    }

    /// The text in the first element of a kind; none where there is no such element.
    pub(crate) fn text_in(self, is: impl Fn(&Element<'a>) -> bool) -> Option<&'a str> {
        self.find(is).map(|it| it.1.inside().text())
    }

    /// The value of the hidden input of a class.
    pub(crate) fn hidden(self, class: &str) -> Option<&'a str> {
        self.find(|it| it.tag == Tag::Input && it.is(class))?.0.get(Key::Value)
    }

    /// The value of the input with an id, which only one may have.
    pub(crate) fn input(self, id: &'static str) -> Result<Option<&'a str>, Unreadable> {
        let mut values = self.elements().filter(|it| it.0.tag == Tag::Input && it.0.id() == id);
        let value = values.next().map(|it| it.0.get(Key::Value).unwrap_or_default());
        match values.next() {
            Some(_) => Err(Unreadable::Twice { page: self.page, what: id }),
            None => Ok(value),
        }
    }

    /// The value beside a label: the text of the element that comes after the one that holds the label.
    pub(crate) fn labelled(self, label: &str) -> Option<&'a str> {
        let mut titles =
            self.elements().filter(|it| it.0.tag == Tag::Div && it.0.is("hid_info_title"));
        let (_, rest) = titles.find(|it| it.1.first().text() == label)?;
        let after = rest.pieces.get(rest.inside().pieces.len() + 1..)?;
        let (_, value) = Self { pieces: after, ..rest }.elements().next()?;
        Some(value.inside().text())
    }

    /// The next few pieces: a label is not far from its start tag, and a page may have many start tags.
    fn first(self) -> Self {
        Self { pieces: &self.pieces[..self.pieces.len().min(4)], ..self }
    }

    /// The page that this is of, for errors.
    pub(crate) fn page(self) -> Page {
        self.page
    }
}

/// The start tag of an element.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    pub(crate) tag: Tag,
    keys: &'a [(Key, Range<u32>)],
    kept: &'a Kept,
}

impl<'a> Element<'a> {
    /// The value of an attribute; the first, where it stands twice.
    pub(crate) fn get(&self, key: Key) -> Option<&'a str> {
        let (_, range) = self.keys.iter().find(|it| it.0 == key)?;
        Some(text(&self.kept.text, range))
    }

    pub(crate) fn id(&self) -> &'a str {
        self.get(Key::Id).unwrap_or_default()
    }

    /// Whether it has a class.
    pub(crate) fn is(&self, class: &str) -> bool {
        let classes = self.get(Key::Class).unwrap_or_default();
        // Most have one class or none: those are not split.
        classes == class
            || classes.len() > class.len() && classes.split_ascii_whitespace().any(|it| it == class)
    }
}
