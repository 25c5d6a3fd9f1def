use super::mask::{REFERENCES, is_secret};
use crate::Location;
use serde_saphyr::granit_parser::{Event, Parser, Span};
use std::collections::BTreeMap;
use std::ops::Range;

/// No more values than these are marked, to bound memory.
const MAX_MARKS: usize = 1_000_000;

/// Where the values of a text stand: a tree without recursion, so that no text is too deep for it.
///
/// A text that breaks off is marked up to there.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    /// In the order of the text; the first is the whole rack.
    all: Vec<Mark>,
    /// The first value of each name within each other.
    named: BTreeMap<(usize, Box<str>), usize>,
    /// The bytes that are not to be shown.
    secrets: Vec<Range<usize>>,
    /// Where the last part began that could be followed.
    last: usize,
    /// How far the text could be followed.
    end: usize,
    /// The innermost value that had not ended there.
    open: Option<usize>,
}

/// Where one value stands.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    /// What it is in; itself, for the whole.
    pub parent: usize,
    /// Its key, or its position in a list.
    pub name: Box<str>,
    /// The bytes of its key, if it is not the item of a list.
    pub key: Option<Range<usize>>,
    /// The bytes of its value.
    pub value: Range<usize>,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A single value.
    Single,
    /// What an anchor elsewhere holds.
    Alias,
    List,
    /// Keys and values.
    Map,
}

impl Mark {
    /// The bytes to show of it: its key, or the value where it has none.
    pub(super) fn place(&self) -> Range<usize> {
        self.key.clone().unwrap_or_else(|| self.shown_value())
    }

    /// The bytes to show of its value: of lists and maps, how they begin.
    pub(super) fn shown_value(&self) -> Range<usize> {
        let start = self.value.start;
        match self.kind {
            Kind::Single | Kind::Alias => self.value.clone(),
            Kind::List | Kind::Map => start..start + 1,
        }
    }

    fn start(&self) -> usize {
        self.key.as_ref().unwrap_or(&self.value).start
    }
}

impl Marks {
    pub(super) fn new(text: &str) -> Self {
        Self::up_to(text, MAX_MARKS)
    }

    fn up_to(text: &str, most: usize) -> Self {
        let mut builder = Builder::default();
        for event in Parser::new_from_str(text) {
            let Ok((event, span)) = event else { break };
            if builder.marks.all.len() >= most || builder.take(&event, span).is_none() {
                break;
            }
        }
        let open = builder.open.last();
        let mut marks = builder.marks;
        marks.open = open.map(|it| it.mark);
        marks.secrets = marks.secret_values();
        marks
    }

    /// The bytes to show of the value at `at`, or of the nearest that it lies in. Where that is a list of one
    /// that is written without brackets, they are the one.
    pub(super) fn find(&self, at: &Location) -> Option<Range<usize>> {
        let (mut here, mut rest) = (0, at.0.as_slice());
        while let Some((name, more)) = rest.split_first() {
            let Some(next) = self.named.get(&(here, name.as_str().into())) else { break };
            (here, rest) = (*next, more);
        }
        let mark = self.all.get(here)?;
        let item = rest.first().is_some_and(|it| it.parse::<usize>().is_ok());
        Some(match mark.kind {
            Kind::Single | Kind::Alias if item => mark.shown_value(),
            Kind::Single | Kind::Alias | Kind::List | Kind::Map => mark.place(),
        })
    }

    /// The value that begins at `byte`, or whose key does: the outermost, where several do.
    pub(super) fn at(&self, byte: usize) -> Option<&Mark> {
        let first = self.all.partition_point(|it| it.start() < byte);
        let key = self.all.get(first).filter(|it| it.start() == byte);
        key.or_else(|| self.all[..first].iter().rev().find(|it| it.value.start == byte))
    }

    /// The value that ends at `byte`, or whose key does.
    pub(super) fn ending(&self, byte: usize) -> Option<&Mark> {
        let before = &self.all[..self.all.partition_point(|it| it.start() < byte)];
        let key_ends = |it: &Mark| it.key.as_ref().is_some_and(|it| it.end == byte);
        before.iter().rev().find(|it| it.value.end == byte || key_ends(it))
    }

    /// What `mark` is in.
    pub(super) fn parent(&self, mark: &Mark) -> Option<&Mark> {
        self.all.get(mark.parent)
    }

    /// The first value with the name of `mark` beside it.
    pub(super) fn first(&self, mark: &Mark) -> Option<&Mark> {
        self.all.get(*self.named.get(&(mark.parent, mark.name.clone()))?)
    }

    /// The keys and positions that lead to `mark`.
    pub(super) fn location(&self, mark: &Mark) -> Location {
        let mut names = Vec::new();
        let mut here = mark;
        while let Some(parent) = self.parent(here).filter(|it| !std::ptr::eq(*it, here)) {
            names.push(here.name.to_string());
            here = parent;
        }
        names.reverse();
        Location(names)
    }

    /// The byte up to which the text could be followed.
    pub(super) fn end(&self) -> usize {
        self.end
    }

    /// The byte at which the part begins that ends at [`end`](Self::end).
    pub(super) fn last(&self) -> usize {
        self.last
    }

    /// The innermost value that begins before [`end`](Self::end), and does not end.
    pub(super) fn open(&self) -> Option<&Mark> {
        self.all.get(self.open?)
    }

    /// The values right in `mark`.
    pub(super) fn children<'a>(&'a self, mark: &'a Mark) -> impl Iterator<Item = &'a Mark> {
        let all = self.all.iter().filter(|it| mark.value.contains(&it.value.start));
        all.filter(move |it| self.parent(it).is_some_and(|parent| std::ptr::eq(parent, mark)))
    }

    /// The bytes of values that somebody wrote where a secret belongs, in the order of the text.
    pub(super) fn secrets(&self) -> &[Range<usize>] {
        &self.secrets
    }

    fn secret_values(&self) -> Vec<Range<usize>> {
        let known = |at: usize, name: &&str| self.named.contains_key(&(at, (*name).into()));
        let refers = |at: usize| REFERENCES.iter().any(|it| known(at, it));
        let all = self.all.iter().enumerate();
        let secret = all.filter(|(at, it)| is_secret(&it.name) && !refers(*at));
        secret.map(|(_, it)| it.value.clone()).collect()
    }
}

/// A list or a map that has not ended.
struct Open {
    mark: usize,
    /// How many values it has so far.
    count: usize,
    /// The key whose value comes next.
    key: Option<(Box<str>, Range<usize>)>,
    /// It is itself a key, as no rack has it.
    is_key: bool,
}

#[derive(Default)]
struct Builder {
    marks: Marks,
    open: Vec<Open>,
}

impl Builder {
    /// Takes the next event; nothing where the rest cannot be marked.
    fn take(&mut self, event: &Event<'_>, span: Span) -> Option<()> {
        let bytes = span.start.byte_offset()?..span.end.byte_offset()?;
        (self.marks.last, self.marks.end) = (bytes.start, bytes.end);
        if matches!(event, Event::SequenceEnd | Event::MappingEnd) {
            return self.close(bytes.end);
        }
        let Some(kind) = kind(event) else { return Some(()) };
        if self.expects_key() {
            let name = event.scalar().map_or("", |it| it.0);
            self.open.last_mut()?.key = Some((name.into(), bytes.clone()));
            if matches!(kind, Kind::Single | Kind::Alias) {
                return Some(());
            }
            self.value(kind, bytes)?;
            self.open.last_mut()?.is_key = true;
            return Some(());
        }
        self.value(kind, bytes)
    }

    fn close(&mut self, end: usize) -> Option<()> {
        let closed = self.open.pop()?;
        let mark = &mut self.marks.all[closed.mark];
        mark.value.end = end;
        if closed.is_key {
            self.open.last_mut()?.key = Some(("".into(), mark.value.clone()));
        }
        Some(())
    }

    fn expects_key(&self) -> bool {
        let Some(open) = self.open.last() else { return false };
        self.marks.all[open.mark].kind == Kind::Map && open.key.is_none()
    }

    fn value(&mut self, kind: Kind, value: Range<usize>) -> Option<()> {
        let number = self.marks.all.len();
        let (parent, name, key) = match self.open.last_mut() {
            Some(open) => {
                open.count += 1;
                let number = (open.count - 1).to_string();
                let key = open.key.take();
                key.map_or((open.mark, number.into(), None), |(name, it)| {
                    (open.mark, name, Some(it))
                })
            }
            None if number == 0 => (0, "".into(), None),
            None => return None,
        };
        if number > 0 {
            self.marks.named.entry((parent, name.clone())).or_insert(number);
        }
        self.marks.all.push(Mark { parent, name, key, value, kind });
        if matches!(kind, Kind::List | Kind::Map) {
            self.open.push(Open { mark: number, count: 0, key: None, is_key: false });
        }
        Some(())
    }
}

/// What kind of value an event begins, if it begins one.
fn kind(event: &Event<'_>) -> Option<Kind> {
    if event.is_alias() {
        return Some(Kind::Alias);
    }
    if matches!(event, Event::SequenceStart(..)) {
        return Some(Kind::List);
    }
    if matches!(event, Event::MappingStart(..)) {
        return Some(Kind::Map);
    }
    event.scalar().map(|_| Kind::Single)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_too_many_values_is_marked_as_far_as_it_goes() {
        let text = "rack: a\nnodes:\n  b: { board: c }\n  d: { board: e }\n";
        let start = |most, at: &[&str]| {
            Marks::up_to(text, most).find(&Location::new(at)).map(|it| it.start)
        };
        assert_eq!(start(5, &["nodes", "b", "board"]), text.find("board"));
        assert_eq!(start(5, &["nodes", "d", "board"]), text.find("nodes"));
        assert_eq!(start(7, &["nodes", "d", "board"]), text.rfind("board"));
        assert_eq!(start(0, &["nodes"]), None);
    }

    #[test]
    fn a_key_that_is_a_list_has_its_place_and_leaves_the_others_theirs() {
        let text = "? [a, {b: c}]\n: d\ne: f\n";
        let marks = Marks::new(text);
        assert_eq!(marks.at(2).map(|it| it.kind), Some(Kind::List));
        assert_eq!(marks.find(&Location::new(["e"])), Some(18..19));
    }
}
