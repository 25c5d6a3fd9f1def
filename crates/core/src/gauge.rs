//! What a port measures beside the watts.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// What a port that can be fed says of itself, beside what flows; none of what its switch does not measure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct PoeGauge {
    /// The voltage at the port.
    pub voltage: Option<Volts>,
    /// The current.
    pub current: Option<Milliamperes>,
    /// How warm the chip is that feeds it.
    pub temperature: Option<Celsius>,
    /// What is wrong, in the words of the switch.
    pub fault: Option<String>,
}

/// A measure that is written with its unit.
macro_rules! measure {
    ($(#[$doc:meta])* $name:ident($number:ty), $unit:literal, $pattern:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $number);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!("{}", $unit), self.0)
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let number = text.strip_suffix($unit).and_then(|it| it.parse().ok());
                number.map(Self).ok_or_else(|| format!(concat!("`{}` is no number of ", $unit), text))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = String::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern })
            }
        }
    };
}

measure!(
    /// Volts.
    Volts(u16), "V", "^[0-9]+V$"
);
measure!(
    /// Thousandths of an ampere.
    Milliamperes(u16), "mA", "^[0-9]+mA$"
);
measure!(
    /// Degrees Celsius.
    Celsius(i16), "°C", "^-?[0-9]+°C$"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_is_written_with_its_unit_and_read_back() {
        let gauge = PoeGauge {
            voltage: Some(Volts(53)),
            current: Some(Milliamperes(82)),
            temperature: Some(Celsius(-4)),
            fault: None,
        };
        let text = serde_json::to_string(&gauge).unwrap();
        assert_eq!(text, r#"{"voltage":"53V","current":"82mA","temperature":"-4°C","fault":null}"#);
        assert_eq!(serde_json::from_str::<PoeGauge>(&text).unwrap(), gauge);
        for wrong in ["53", "V", "53 V", "70000V", "5.3V"] {
            assert_eq!(wrong.parse::<Volts>(), Err(format!("`{wrong}` is no number of V")));
        }
    }
}
