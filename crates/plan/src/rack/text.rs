//! What the types of the rack file share: lists of one, and defaults left out.

use rackberry_core::Permille;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, IntoDeserializer, SeqAccess, Visitor, value::SeqAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// Whether a value need not be written, because leaving it out means the same.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

pub(crate) use rackberry_core::as_text;

/// Reads a share of a whole, which is no more than all of it.
pub(crate) fn whole<'de, D: Deserializer<'de>>(from: D) -> Result<Permille, D::Error> {
    let share = Permille::deserialize(from)?;
    match share {
        Permille(0..=1000) => Ok(share),
        Permille(_) => Err(de::Error::custom(format!(
            "`{share}` is more than all of it: write `100%` or less"
        ))),
    }
}

/// Reads a share of a whole that need not be written.
pub(crate) fn maybe_whole<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Permille>, D::Error> {
    #[derive(Deserialize)]
    struct Whole(#[serde(deserialize_with = "whole")] Permille);
    Ok(Option::<Whole>::deserialize(from)?.map(|it| it.0))
}

/// A share of a whole, as the schema knows it.
pub(crate) fn whole_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "pattern": WHOLE })
}

/// A share of a whole that need not be written, as the schema knows it.
pub(crate) fn maybe_whole_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": ["string", "null"], "pattern": WHOLE })
}

const WHOLE: &str = r"^0*(100(\.0+)?|[0-9]{1,2}(\.[0-9]+)?) ?%$";

/// A list that may be written as a single value: `on: pi-1` is `on: [pi-1]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct List<T>(pub Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> std::ops::Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(all: I) -> Self {
        Self(all.into_iter().collect())
    }
}

impl<T: Serialize> Serialize for List<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => one.serialize(to),
            all => all.serialize(to),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(OneOrMany(PhantomData))
    }
}

struct OneOrMany<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrMany<T> {
    type Value = List<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name or a list of names")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<List<T>, E> {
        T::deserialize(text.into_deserializer()).map(|it| List(vec![it]))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<List<T>, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<List<T>, E> {
        self.visit_str(&number.to_string())
    }

    /// Refused, because `1.50` and `1e3` would not be the same names any more.
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<List<T>, E> {
        Err(E::custom(format!("`{number}` reads as a number: write the name in quotes")))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<List<T>, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(items)).map(List)
    }
}

impl<T: JsonSchema> JsonSchema for List<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("List_{}", T::schema_name()).into()
    }

    fn json_schema(types: &mut SchemaGenerator) -> Schema {
        let one = types.subschema_for::<T>();
        json_schema!({ "anyOf": [one, { "type": "array", "items": one }] })
    }
}
