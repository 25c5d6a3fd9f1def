use schemars::JsonSchema;
use serde::de::{self, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// Where a secret is kept. The file never holds the secret itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SecretRef {
    /// In the environment variable of this name.
    Env(String),
    /// In the file at this path, without the line's end.
    File(String),
    /// Printed by this program; the first item is the program, the rest its arguments.
    Command(Vec<String>),
}

/// Begins every message about a secret written in the open, so that nobody shows the line it is on.
pub(crate) const SECRET_IN_THE_OPEN: &str = "a secret is never written here";

impl<'de> Deserialize<'de> for SecretRef {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader)
    }
}

struct Reader;

impl Reader {
    fn refuse<E: de::Error>() -> E {
        E::custom(format!(
            "{SECRET_IN_THE_OPEN}: say where it is kept, as `{{ env: NAME }}`, `{{ file: PATH }}` or `{{ command: [PROGRAM, ARGUMENT] }}`"
        ))
    }
}

impl<'de> Visitor<'de> for Reader {
    type Value = SecretRef;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`{ env: NAME }`, `{ file: PATH }` or `{ command: [PROGRAM, ARGUMENT] }`")
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<SecretRef, E> {
        Err(Self::refuse())
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<SecretRef, E> {
        Err(Self::refuse())
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<SecretRef, E> {
        Err(Self::refuse())
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<SecretRef, E> {
        Err(Self::refuse())
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<SecretRef, E> {
        Err(Self::refuse())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<SecretRef, A::Error> {
        Err(Self::refuse())
    }

    /// Names no key and no value that it does not know: either may be the secret.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<SecretRef, A::Error> {
        let Some(key) = map.next_key::<String>()? else { return Err(Self::refuse()) };
        let secret = match key.as_str() {
            "env" => SecretRef::Env(map.next_value()?),
            "file" => SecretRef::File(map.next_value()?),
            "command" => SecretRef::Command(map.next_value()?),
            _ => return Err(Self::refuse()),
        };
        match map.next_key::<IgnoredAny>()? {
            None => Ok(secret),
            Some(_) => Err(Self::refuse()),
        }
    }
}
