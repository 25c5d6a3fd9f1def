use super::hash::FormHash;
use super::open::open;
use super::outline::{Outline, Tag};
use super::setting::{PortSetting, Rate, Speed};
use super::text::digits;
use super::unreadable::{Page, Unreadable};
use rackberry_core::{BitsPerSecond, PortNo, Power};
use std::collections::BTreeMap;
use std::fmt;

const PAGE: Page = Page::Dashboard;

/// What the switch is, and its ports.
///
/// Read as seen in captured pages of a GS308EP (firmware 1.0.1.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dashboard {
    /// Its name, as people gave it.
    pub name: String,
    /// Its model, as it says.
    pub model: String,
    /// Its firmware; none where the page has no line for it.
    pub firmware: Option<String>,
    /// Its serial number; none where the page has no line for it.
    pub serial: Option<String>,
    /// Its MAC address; none where the page shows none.
    pub mac: Option<Mac>,
    /// Whether its lights are on; none where the page does not say.
    pub lights: Option<Power>,
    /// Every port.
    pub ports: BTreeMap<PortNo, PortView>,
    /// What forms must send back.
    pub hash: FormHash,
}

/// One port of the dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortView {
    /// What it does.
    pub link: Link,
    /// What it is set to.
    pub setting: PortSetting,
}

/// What a port does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Something answers at the other end.
    Up {
        /// How fast.
        speed: BitsPerSecond,
        /// Both ways at once.
        full_duplex: bool,
    },
    /// Nothing answers.
    Down,
    /// The port is switched off.
    Off,
}

/// The address of the switch on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mac(pub [u8; 6]);

impl Mac {
    /// Reads six pairs of hexadecimal digits, with `:` or `-` between them.
    pub fn new(text: &str) -> Option<Self> {
        let mut bytes = [0; 6];
        let mut pairs = text.split([':', '-']);
        for byte in &mut bytes {
            let pair = pairs.next().filter(|it| it.len() == 2 && !it.starts_with('+'))?;
            *byte = u8::from_str_radix(pair, 16).ok()?;
        }
        pairs.next().is_none().then_some(Self(bytes))
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

/// Reads [`Page::Dashboard`].
///
/// # Errors
///
/// Where it is another page, not whole, or says something that cannot be.
pub fn read_dashboard(body: &[u8]) -> Result<Dashboard, Unreadable> {
    let kept = open(PAGE, body)?;
    let outline = Outline::of(PAGE, &kept);
    let line = |label| outline.labelled(label).filter(|it| !it.is_empty());
    let named = |what, label| line(label).map(|it| PAGE.name(what, Some(it))).transpose();
    Ok(Dashboard {
        name: PAGE.name("name of the switch", outline.text_in(|it| it.id() == "switch_name"))?,
        model: PAGE.name("model", outline.input("prctName")?.filter(|it| !it.is_empty()))?,
        firmware: named("firmware", "ml089")?,
        serial: named("serial number", "ml198")?,
        mac: line("ml678").and_then(Mac::new),
        lights: lights(outline)?,
        ports: ports(outline)?,
        hash: FormHash::on(outline)?,
    })
}

fn lights(outline: Outline<'_>) -> Result<Option<Power>, Unreadable> {
    let Some(found) = outline.text_in(|it| it.id() == "led_switch") else { return Ok(None) };
    let power = |it: &str| match it {
        "ON" => Some(Power::On),
        "OFF" => Some(Power::Off),
        _ => None,
    };
    PAGE.read("state of the lights", Some(found), power).map(Some)
}

fn ports(outline: Outline<'_>) -> Result<BTreeMap<PortNo, PortView>, Unreadable> {
    let mut ports = BTreeMap::new();
    for part in outline.parts(|it| it.tag == Tag::Li && it.is("index_li")) {
        let port = PAGE.port(part.hidden("port"))?;
        let view = view(part).map_err(|it| it.at(port))?;
        if ports.insert(port, view).is_some() {
            return Err(Unreadable::Twice { page: PAGE, what: "number of a port" });
        }
    }
    let found = Some(ports).filter(|it| !it.is_empty());
    PAGE.need("ports", found)
}

fn view(part: Outline<'_>) -> Result<PortView, Unreadable> {
    let flow = PAGE.read("flow control", part.hidden("flowCtr"), |it| match it {
        "1" => Some(true),
        "2" => Some(false),
        _ => None,
    });
    let rate = |what, class| PAGE.read(what, part.hidden(class), |it| Rate::coded(digits(it)?));
    let setting = PortSetting {
        name: PAGE.name("name", part.hidden("portName"))?,
        speed: PAGE.read("speed", part.hidden("Speed"), |it| Speed::coded(digits(it)?))?,
        flow_control: flow?,
        ingress: rate("limit of what comes in", "ingressRate")?,
        egress: rate("limit of what goes out", "egressRate")?,
    };
    Ok(PortView { link: link(part)?, setting })
}

fn link(part: Outline<'_>) -> Result<Link, Unreadable> {
    let state = part.text_in(|it| it.tag == Tag::Span && it.is("pull-right"));
    let linked = part.hidden("LinkedSpeed");
    let up = PAGE.read("state", state, |it| match it {
        "UP" => Some(Some(())),
        "AVAILABLE" | "DISABLED" => Some(None),
        _ => None,
    })?;
    match up {
        Some(()) => PAGE.read("speed of the link", linked, link_speed),
        None if state == Some("DISABLED") => Ok(Link::Off),
        None => Ok(Link::Down),
    }
}

/// `1000M full`, `100M half`.
fn link_speed(text: &str) -> Option<Link> {
    let (speed, duplex) = text.split_once(' ')?;
    let mega: u64 = digits(speed.strip_suffix('M')?)?;
    let full_duplex = match duplex.trim() {
        "full" => true,
        "half" => false,
        _ => return None,
    };
    let speed = BitsPerSecond(mega.checked_mul(1_000_000).filter(|it| *it > 0)?);
    (mega <= 10_000).then_some(Link::Up { speed, full_duplex })
}
