use super::complaint::{At, Fault};
use super::syntax;
use super::text::Text;
use crate::Rack;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Error;
use serde_json::error::Category;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

/// Reads a rack from JSON.
pub(super) fn rack(text: &Text) -> Result<Rack, Fault> {
    let rack = serde_json::from_str(text.as_str()).map_err(|it| fault(text, &it))?;
    let distinct: Result<Distinct, Error> = serde_json::from_str(text.as_str());
    distinct.map_err(|it| fault(text, &it))?;
    Ok(rack)
}

fn fault(text: &Text, error: &Error) -> Fault {
    let byte = byte(text, error.line(), error.column());
    let printed = error.to_string();
    let message = printed.rsplit_once(" at line ").map_or(printed.as_str(), |it| it.0);
    match error.classify() {
        Category::Data => syntax::custom(message).at(At::End(byte)),
        Category::Syntax | Category::Eof | Category::Io => {
            let at = byte.saturating_sub(1);
            let rest = text.as_str().get(at..).unwrap_or_default();
            let comment = ["//", "/*", "#"].iter().any(|it| rest.starts_with(it));
            let complaint = if comment { syntax::json_comment() } else { syntax::json(message) };
            complaint.at(At::Start(at))
        }
    }
}

/// The byte after the one that `line` and `column` name. This parser counts columns in bytes.
fn byte(text: &Text, line: usize, column: usize) -> usize {
    text.start(line).saturating_add(column).min(text.as_str().len())
}

/// Any value in which no key is written twice. The maps of a rack would keep the last, and say nothing.
struct Distinct;

impl<'de> Deserialize<'de> for Distinct {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Distinct)
    }
}

#[derive(serde::Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Visitor<'de> for Distinct {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        let mut keys = BTreeSet::new();
        while let Some(key) = map.next_key::<Key<'de>>()? {
            if !keys.insert(key) {
                return Err(de::Error::custom("duplicate field"));
            }
            map.next_value::<Self>()?;
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }
}
