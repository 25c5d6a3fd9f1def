//! Quantities as types, read and written as people write them: `8Gi`, `250m`, `15.4W`, `1Gbps`, `90%`.
//!
//! What is written reads back as the same value. A number without its unit is an error where the
//! unit could be guessed wrong.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// A text that is not the quantity that was expected, with what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadQuantity(String);

impl fmt::Display for BadQuantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadQuantity {}

/// One way to write a unit: its suffix, and how many of the base unit it is.
type Suffix = (&'static str, u64);

/// How one type of quantity is written.
#[derive(Debug)]
struct Grammar {
    /// What it is, for messages: "a size".
    what: &'static str,
    /// An example or two, for messages.
    example: &'static str,
    /// From the largest.
    suffixes: &'static [Suffix],
    /// Written with a decimal point (`15.4W`), never in a smaller unit (`250m`). Wants scales that
    /// are powers of ten.
    decimal: bool,
}

impl Grammar {
    fn parse(&self, text: &str) -> Result<u64, BadQuantity> {
        let text = text.trim();
        let end = text.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let unit = unit.trim_start();
        let Some((_, scale)) = self.suffixes.iter().find(|(suffix, _)| *suffix == unit) else {
            return Err(self.wrong_unit(text, number, unit));
        };
        scaled(number, *scale).ok_or_else(|| self.wrong(text))
    }

    fn wrong(&self, text: &str) -> BadQuantity {
        let shown: String = text.chars().take(40).collect();
        BadQuantity(format!("`{shown}` is not {}: write it like {}", self.what, self.example))
    }

    /// Names the unit that was probably meant: `8gi` and `8GiB` mean `8Gi`, and `8GB` either `8Gi` or `8G`.
    fn wrong_unit(&self, text: &str, number: &str, unit: &str) -> BadQuantity {
        if number.is_empty() || unit.len() > 8 {
            return self.wrong(text);
        }
        let plain = unit.to_ascii_lowercase();
        let like = |it: &&Suffix| {
            let known = it.0.to_ascii_lowercase();
            known == plain || format!("{known}b") == plain || format!("{known}s") == plain
        };
        let close: Vec<_> = self.suffixes.iter().filter(like).map(|it| it.0).collect();
        if let Some((binary, decimal)) = close.first().and_then(|it| self.either(&plain, it)) {
            return BadQuantity(format!(
                "`{unit}` is not a unit of {}: write `{number}{binary}` (1024s, as memory is counted) or `{number}{decimal}` (1000s, as disks are sold)",
                self.what
            ));
        }
        match (unit, close.as_slice()) {
            ("", _) => BadQuantity(format!(
                "`{text}` has no unit: {} is written like {}",
                self.what, self.example
            )),
            (_, [first, ..]) => BadQuantity(format!(
                "`{unit}` is not a unit of {}: did you mean `{number}{first}`?",
                self.what
            )),
            (_, []) => BadQuantity(format!(
                "`{unit}` is not a unit of {}: write it like {}",
                self.what, self.example
            )),
        }
    }

    /// Both units that a unit in bytes may mean, as `GB`, which is near this one.
    fn either(&self, unit: &str, near: &'static str) -> Option<(&'static str, &'static str)> {
        let twin = format!("{near}i");
        let twin = self.suffixes.iter().find(|it| it.0.eq_ignore_ascii_case(&twin))?;
        unit.ends_with('b').then_some((twin.0, near))
    }

    /// The shortest exact way to write `value`.
    fn write(&self, value: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let smallest = self.suffixes.last().copied().unwrap_or(("", 1));
        let text = match self.decimal {
            true => {
                let below = |it: &&Suffix| it.1 <= value;
                let (suffix, scale) = self.suffixes.iter().find(below).unwrap_or(&smallest);
                format!("{}{}{suffix}", value / scale, decimals(value % scale, *scale))
            }
            false => {
                let exact =
                    self.suffixes.iter().filter(|it| value > 0 && value.is_multiple_of(it.1));
                let texts = exact.map(|(suffix, scale)| format!("{}{suffix}", value / scale));
                texts.min_by_key(String::len).unwrap_or_else(|| format!("{value}{}", smallest.0))
            }
        };
        f.pad(&text)
    }
}

/// `number` × `scale`, down to the base unit; `None` where it is no number, or beyond range.
fn scaled(number: &str, scale: u64) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let tenths = 10u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let part = fraction.parse::<u128>().ok()?.checked_mul(u128::from(scale))? / tenths;
    let whole = whole.parse::<u64>().ok()?.checked_mul(scale)?;
    whole.checked_add(u64::try_from(part).ok()?)
}

/// The point and the digits after it of `rest / scale`, where `scale` is a power of ten.
fn decimals(rest: u64, scale: u64) -> String {
    let width = scale.ilog10() as usize;
    match rest {
        0 => String::new(),
        _ => format!(".{}", format!("{rest:0width$}").trim_end_matches('0')),
    }
}

/// Takes a text or a bare number, as YAML and JSON give them, and parses it.
struct Reader<T>(std::marker::PhantomData<T>, &'static str);

impl<T: FromStr<Err = BadQuantity>> de::Visitor<'_> for Reader<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.1)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }
}

macro_rules! quantities {
    ($($(#[$doc:meta])* $name:ident($base:literal), $what:literal like $example:literal, decimal: $decimal:literal,
        [$($suffixes:tt)*], $pattern:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(
            #[doc = concat!("The value in ", $base, ".")]
            pub u64,
        );

        impl $name {
            const GRAMMAR: Grammar = Grammar {
                what: $what,
                example: $example,
                suffixes: &[$($suffixes)*],
                decimal: $decimal,
            };

            /// The sum; the largest value there is where it would not fit.
            #[must_use]
            pub fn plus(self, other: Self) -> Self {
                Self(self.0.saturating_add(other.0))
            }

            /// What is left; nothing where `other` is larger.
            #[must_use]
            pub fn minus(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }
        }

        impl FromStr for $name {
            type Err = BadQuantity;

            fn from_str(text: &str) -> Result<Self, BadQuantity> {
                Self::GRAMMAR.parse(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                Self::GRAMMAR.write(self.0, f)
            }
        }

        impl std::iter::Sum for $name {
            fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
                all.fold(Self(0), Self::plus)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_any(Reader(std::marker::PhantomData, concat!($what, " like ", $example)))
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let mut schema = json_schema!({
                    "type": "string",
                    "pattern": $pattern,
                    "description": concat!($what, ", written like ", $example),
                });
                if Self::GRAMMAR.suffixes.iter().any(|it| it.0.is_empty()) {
                    schema.insert("type".into(), ["string", "number"].as_slice().into());
                    schema.insert("minimum".into(), 0.into());
                }
                schema
            }
        }
    )*};
}

quantities! {
    /// Memory or storage.
    Bytes("bytes"), "a size" like "`8Gi`, `512Mi` or `64G`", decimal: false,
    [("Ti", 1 << 40), ("Gi", 1 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10),
     ("T", 1_000_000_000_000), ("G", 1_000_000_000), ("M", 1_000_000), ("k", 1_000), ("B", 1)],
    r"^[0-9]+(\.[0-9]+)? ?(Ti|Gi|Mi|Ki|T|G|M|k|B)$";

    /// Processor time: 1000 is one core, all the time.
    Millicores("thousandths of a core"), "an amount of CPU" like "`250m`, `0.5` or `2`", decimal: false,
    [("", 1000), ("m", 1)],
    r"^[0-9]+(\.[0-9]+)?m?$";

    /// Electric power.
    Milliwatts("thousandths of a watt"), "a power" like "`15.4W` or `500mW`", decimal: true,
    [("kW", 1_000_000), ("W", 1000), ("mW", 1)],
    r"^[0-9]+(\.[0-9]+)? ?(kW|W|mW)$";

    /// The speed of a link.
    BitsPerSecond("bits per second"), "a speed" like "`1Gbps` or `100Mbps`", decimal: true,
    [("Gbps", 1_000_000_000), ("Mbps", 1_000_000), ("kbps", 1000), ("bps", 1)],
    r"^[0-9]+(\.[0-9]+)? ?(Gbps|Mbps|kbps|bps)$";

    /// A share, in thousandths.
    Permille("thousandths"), "a share" like "`85%` or `12.5%`", decimal: true,
    [("%", 10)],
    r"^[0-9]+(\.[0-9]+)? ?%$";

    /// A span of time.
    Seconds("seconds"), "a time" like "`30s`, `5min` or `2h`", decimal: false,
    [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)],
    r"^[0-9]+(\.[0-9]+)? ?(d|h|min|s)$";

    /// A weight of one term of a score, in thousandths of a point.
    Points("thousandths of a point"), "a weight" like "`1` or `0.5`", decimal: true,
    [("", 1000)],
    r"^[0-9]+(\.[0-9]+)?$";

    /// A weight per gibibyte, in thousandths of a point.
    PerGi("thousandths of a point per gibibyte"), "a weight per gibibyte" like "`1/Gi`", decimal: true,
    [("/Gi", 1000)],
    r"^[0-9]+(\.[0-9]+)?/Gi$";

    /// A weight per minute, in thousandths of a point.
    PerMinute("thousandths of a point per minute"), "a weight per minute" like "`10/min`", decimal: true,
    [("/min", 1000)],
    r"^[0-9]+(\.[0-9]+)?/min$";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T>(text: &str, value: u64, written: &str)
    where
        T: FromStr<Err = BadQuantity> + fmt::Display + Into<u64>,
    {
        let parsed: T = text.parse().unwrap();
        assert_eq!(parsed.to_string(), written, "{text}");
        assert_eq!(parsed.into(), value, "{text}");
    }

    macro_rules! into_u64 {
        ($($name:ident)*) => {$(impl From<$name> for u64 { fn from(it: $name) -> u64 { it.0 } })*};
    }
    into_u64!(Bytes Millicores Milliwatts BitsPerSecond Permille Seconds PerGi PerMinute);

    #[test]
    fn quantities_read_as_people_write_them() {
        check::<Bytes>("8Gi", 8 << 30, "8Gi");
        check::<Bytes>("6.5Gi", 13 << 29, "6656Mi");
        check::<Bytes>("64G", 64_000_000_000, "64G");
        check::<Bytes>("1500B", 1500, "1500B");
        check::<Millicores>("250m", 250, "250m");
        check::<Millicores>("0.5", 500, "500m");
        check::<Millicores>("4", 4000, "4");
        check::<Milliwatts>("15.4W", 15_400, "15.4W");
        check::<Milliwatts>("63 W", 63_000, "63W");
        check::<BitsPerSecond>("2.5Gbps", 2_500_000_000, "2.5Gbps");
        check::<Permille>("85%", 850, "85%");
        check::<Permille>("12.5%", 125, "12.5%");
        check::<Seconds>("90s", 90, "90s");
        check::<PerGi>("0.5/Gi", 500, "0.5/Gi");
        check::<PerMinute>("10/min", 10_000, "10/min");
    }

    #[test]
    fn a_wrong_unit_is_answered_with_the_right_one() {
        let why = |text: &str| text.parse::<Bytes>().unwrap_err().to_string();
        assert!(why("8GiB").contains("`8Gi`"), "{}", why("8GiB"));
        assert!(why("8gi").contains("`8Gi`"));
        let either = "`GB` is not a unit of a size: write `8Gi` (1024s, as memory is counted) or `8G` (1000s, as disks are sold)";
        assert_eq!(why("8GB"), either);
        assert!(why("64kb").contains("`64Ki`") && why("64kb").contains("`64k`"));
        assert!(why("512").contains("no unit"));
        assert!(why("lots").contains("is not a size"));
        assert!(why("-1Gi").contains("is not a size"));
        assert!(why("99999999999Ti").contains("is not a size"));
        for half in ["1..2Gi", "1.2.3Gi", "1.Gi", ".5Gi", ".Gi"] {
            assert!(why(half).contains("is not a size"), "{half}");
        }
        assert!("15".parse::<Milliwatts>().unwrap_err().to_string().contains("no unit"));
    }
}
