//! Rows of a menu.

use super::unreadable::{Unreadable, cut};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor, value};
use std::collections::BTreeMap;
use std::fmt;

/// More rows than a switch has ports, VLANs or bridges.
const ROWS: usize = 8_192;
/// More fields than a row of any menu has.
const FIELDS: usize = 512;

/// What RouterOS calls a row: a star and a hexadecimal number. It stays the same while the row exists.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(String);

impl Id {
    /// The identifier that is written so; none where it is none.
    pub fn new(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('*')?;
        let sound =
            (1..=8).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_hexdigit());
        sound.then(|| Self(text.into()))
    }

    /// It as it stands in answers and addresses. It is never percent-encoded there: RouterOS does not know `%2A1`
    /// (as other clients found).
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A row, as texts.
#[derive(Clone, Debug, Default)]
pub(super) struct Row(BTreeMap<String, String>);

impl Row {
    /// A value; none where there is none, or an empty one.
    pub(super) fn text(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str).filter(|it| !it.is_empty())
    }

    pub(super) fn needed(&self, field: &'static str) -> Result<&str, Unreadable> {
        self.text(field).ok_or(Unreadable::Missing { field })
    }

    pub(super) fn id(&self) -> Result<Id, Unreadable> {
        let text = self.needed(".id")?;
        Id::new(text).ok_or_else(|| Unreadable::odd(".id", text))
    }

    /// `true` or `false`, and `false` where nothing is said.
    pub(super) fn flag(&self, field: &'static str) -> Result<bool, Unreadable> {
        match self.text(field) {
            None | Some("false" | "no") => Ok(false),
            Some("true" | "yes") => Ok(true),
            Some(other) => Err(Unreadable::odd(field, other)),
        }
    }

    /// Something that is made from a text; none where there is none.
    pub(super) fn read<T>(
        &self,
        field: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Unreadable> {
        let Some(text) = self.text(field) else { return Ok(None) };
        read(text).map(Some).ok_or_else(|| Unreadable::odd(field, text))
    }

    /// The parts of a list.
    pub(super) fn list(&self, field: &str) -> Vec<String> {
        let parts = self.text(field).unwrap_or_default().split(',').map(str::trim);
        parts.filter(|it| !it.is_empty()).map(str::to_owned).collect()
    }
}

/// The rows of an answer; a menu of one row may come without a list.
pub(super) fn rows(answer: &[u8]) -> Result<Vec<Row>, Unreadable> {
    let rows: Result<Rows, _> = serde_json::from_slice(answer);
    rows.map(|it| it.0).map_err(|why| match why.is_eof() {
        true => Unreadable::CutOff,
        false => Unreadable::NotRows { why: cut(&why.to_string()) },
    })
}

/// Each row, read.
pub(super) fn each<T>(
    answer: &[u8],
    read: impl FnMut(&Row) -> Result<T, Unreadable>,
) -> Result<Vec<T>, Unreadable> {
    rows(answer)?.iter().map(read).collect()
}

struct Rows(Vec<Row>);

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RowsVisitor)
    }
}

struct RowsVisitor;

impl<'de> Visitor<'de> for RowsVisitor {
    type Value = Rows;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Rows, A::Error> {
        let mut rows = Vec::new();
        while let Some(row) = all.next_element()? {
            if rows.len() == ROWS {
                return Err(A::Error::custom("too many rows"));
            }
            rows.push(row);
        }
        Ok(Rows(rows))
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Rows, A::Error> {
        let row = Row::deserialize(value::MapAccessDeserializer::new(fields))?;
        Ok(Rows(vec![row]))
    }
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RowVisitor)
    }
}

struct RowVisitor;

impl<'de> Visitor<'de> for RowVisitor {
    type Value = Row;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut all: A) -> Result<Row, A::Error> {
        let mut row = BTreeMap::new();
        while let Some((field, Scalar(value))) = all.next_entry::<String, _>()? {
            if row.len() == FIELDS {
                return Err(A::Error::custom("too many fields"));
            }
            row.insert(field, value);
        }
        Ok(Row(row))
    }
}

/// A text, or what is written as one elsewhere.
struct Scalar(String);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl Visitor<'_> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a number")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar(text.into()))
    }

    fn visit_bool<E: Error>(self, it: bool) -> Result<Scalar, E> {
        Ok(Scalar(it.to_string()))
    }

    fn visit_u64<E: Error>(self, it: u64) -> Result<Scalar, E> {
        Ok(Scalar(it.to_string()))
    }

    fn visit_i64<E: Error>(self, it: i64) -> Result<Scalar, E> {
        Ok(Scalar(it.to_string()))
    }

    fn visit_f64<E: Error>(self, it: f64) -> Result<Scalar, E> {
        Ok(Scalar(it.to_string()))
    }
}
