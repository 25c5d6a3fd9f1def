use super::complaint::{At, Fault};
use super::help::lists;
use super::syntax;
use super::text::Text;
use crate::Rack;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Error;
use serde_json::error::Category;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Reads a rack from JSON.
pub(super) fn rack(text: &Text) -> Result<Rack, Fault> {
    let rack = serde_json::from_str(text.as_str()).map_err(|it| fault(text, &it))?;
    let mut again = serde_json::Deserializer::from_str(text.as_str());
    let strict = Strict { lists: &lists(), depth: 0 };
    strict.deserialize(&mut again).map_err(|it| fault(text, &it))?;
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

/// A value as the derived readers should take it, and do not: with each key once, and lists only where lists belong.
/// They keep the last of two keys in a map, and read `["pi4-4g"]` as a node, by the order of its fields.
#[derive(Clone, Copy)]
struct Strict<'a> {
    lists: &'a BTreeMap<String, usize>,
    /// How many lists may be within each other here.
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

#[derive(serde::Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut keys = BTreeSet::new();
        while let Some(key) = map.next_key::<Key<'de>>()? {
            let depth = self.lists.get(&*key.0).copied().unwrap_or(0);
            if !keys.insert(key) {
                return Err(de::Error::custom("duplicate field"));
            }
            map.next_value_seed(Strict { depth, ..self })?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let inner = Strict { depth: self.depth.saturating_sub(1), ..self };
        while items.next_element_seed(inner)?.is_some() {}
        match self.depth {
            0 => Err(de::Error::custom("invalid type: sequence, expected a map")),
            _ => Ok(()),
        }
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}
