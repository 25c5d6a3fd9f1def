use super::open::open;
use super::outline::{Outline, Tag};
use super::quote::Quote;
use super::text::{digits, tenths};
use super::unreadable::{Page, Unreadable};
use rackberry_core::{Celsius, Milliamperes, Milliwatts, PortNo, Volts};
use std::collections::BTreeMap;

const PAGE: Page = Page::PoeStatus;

/// What flows, port by port.
///
/// Read as seen in captured pages of a GS305EP and a GS308EP. There is no total, no budget and no counter of
/// refusals on it, nor a hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoeStatus {
    /// Every port that can be fed.
    pub ports: BTreeMap<PortNo, PoeReading>,
}

/// What flows at one port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoeReading {
    /// Its name, as people gave it.
    pub name: String,
    /// What it does.
    pub phase: PoePhase,
    /// The class that the device asked for, 0 to 8; none where there is no device.
    pub class: Option<u8>,
    /// The voltage, rounded down.
    pub voltage: Volts,
    /// What flows.
    pub current: Milliamperes,
    /// What it delivers, to a tenth of a watt.
    pub power: Milliwatts,
    /// How warm the chip is; the same at all ports of one that was seen.
    pub temperature: Celsius,
    /// What is wrong, in the words of the switch; none where it says `No Error`.
    pub fault: Option<Quote>,
}

/// What a port does that can be fed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PoePhase {
    /// It feeds a device.
    Delivering,
    /// It looks for one.
    Searching,
    /// It may not.
    Disabled,
    /// Something else, in the words of the switch. Manuals of the family name `Fault`, `Test` and `Other fault`.
    Other(Quote),
}

/// Reads [`Page::PoeStatus`].
///
/// # Errors
///
/// Where it is another page, not whole, or says something that cannot be.
pub fn read_poe_status(body: &[u8]) -> Result<PoeStatus, Unreadable> {
    let kept = open(PAGE, body)?;
    let outline = Outline::of(PAGE, &kept);
    let mut ports = BTreeMap::new();
    for part in outline.parts(|it| it.tag == Tag::Li && it.is("poePortStatusListItem")) {
        let port = PAGE.port(part.hidden("port"))?;
        let reading = reading(port, part).map_err(|it| it.at(port))?;
        if ports.insert(port, reading).is_some() {
            return Err(Unreadable::Twice { page: PAGE, what: "number of a port" });
        }
    }
    Ok(PoeStatus { ports })
}

fn reading(port: PortNo, part: Outline<'_>) -> Result<PoeReading, Unreadable> {
    let phase = part
        .text_in(|it| it.tag == Tag::Span && it.is("poe-power-mode"))
        .filter(|it| !it.is_empty());
    let title = part.text_in(|it| it.tag == Tag::Span && it.is("poe_index_li_title"));
    let fault = PAGE.need("fault", part.labelled("ml581"))?;
    let class_shown = part.text_in(|it| it.tag == Tag::Span && it.is("powClassShow"));
    Ok(PoeReading {
        name: PAGE.name("name", Some(name(port, PAGE.need("name", title)?)))?,
        phase: PAGE.read("state", phase, |it| Some(phase_of(it)))?,
        class: PAGE.read("class", class_shown, class)?,
        voltage: Volts(PAGE.read("voltage", part.labelled("ml570"), |it| below(it, 100))?),
        current: Milliamperes(
            PAGE.read("current", part.labelled("ml572"), |it| below(it, 10_000))?,
        ),
        power: PAGE.read("power", part.labelled("ml574"), watts)?,
        temperature: Celsius(PAGE.read("temperature", part.labelled("ml575"), celsius)?),
        fault: (!matches!(fault, "" | "No Error")).then(|| Quote::of(fault)),
    })
}

/// The title of a port is its number, and its name after a dash where it has one.
fn name(port: PortNo, title: &str) -> &str {
    let rest = title.strip_prefix(&port.0.to_string()).unwrap_or(title).trim_start();
    rest.strip_prefix('-').unwrap_or(rest).trim()
}

fn phase_of(text: &str) -> PoePhase {
    match text {
        "Delivering Power" => PoePhase::Delivering,
        "Searching" => PoePhase::Searching,
        "Disabled" => PoePhase::Disabled,
        _ => PoePhase::Other(Quote::of(text)),
    }
}

/// `ml003@4@`, or `Unknown` where there is no device.
fn class(text: &str) -> Option<Option<u8>> {
    if matches!(text, "Unknown" | "") {
        return Some(None);
    }
    let (_, rest) = text.split_once('@')?;
    let class = digits(rest.strip_suffix('@')?).filter(|it| *it <= 8)?;
    Some(Some(class))
}

fn below(text: &str, limit: u16) -> Option<u16> {
    digits(text).filter(|it| *it < limit)
}

/// Up to 100 W: more comes from no port of the family.
fn watts(text: &str) -> Option<Milliwatts> {
    let tenths = tenths(text).filter(|it| *it <= 1000)?;
    Some(Milliwatts(u64::from(tenths) * 100))
}

fn celsius(text: &str) -> Option<i16> {
    match text.strip_prefix('-') {
        Some(rest) => digits::<i16>(rest).filter(|it| *it <= 60).map(|it| -it),
        None => digits(text).filter(|it| *it <= 200),
    }
}
