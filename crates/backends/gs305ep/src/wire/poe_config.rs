use super::hash::FormHash;
use super::open::open;
use super::outline::{Key, Outline, Tag};
use super::setting::{Detection, LimitType, LongerDetection, PoeMode, PoeSetting, PowerLimit};
use super::text::digits;
use super::unreadable::{Page, Unreadable};
use rackberry_core::{PoePriority, PortNo, Power};
use std::collections::BTreeMap;

const PAGE: Page = Page::PoeConfig;

/// How the ports are fed.
///
/// Read as seen in captured pages of a GS305EP (firmware 1.0.0.x) and a GS308EP (1.0.1.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoeConfig {
    /// Every port that can be fed.
    pub ports: BTreeMap<PortNo, PoeSetting>,
    /// Whether ports are fed while the switch restarts; none where the page does not say.
    pub uninterrupted: Option<bool>,
    /// What forms must send back.
    pub hash: FormHash,
}

/// Reads [`Page::PoeConfig`].
///
/// # Errors
///
/// Where it is another page, not whole, or says something that cannot be.
pub fn read_poe_config(body: &[u8]) -> Result<PoeConfig, Unreadable> {
    let kept = open(PAGE, body)?;
    let outline = Outline::of(PAGE, &kept);
    let mut ports = BTreeMap::new();
    for part in outline.parts(|it| it.tag == Tag::Li && it.is("poePortSettingListItem")) {
        let port = PAGE.port(part.hidden("port"))?;
        let setting = setting(part).map_err(|it| it.at(port))?;
        if ports.insert(port, setting).is_some() {
            return Err(Unreadable::Twice { page: PAGE, what: "number of a port" });
        }
    }
    let uninterrupted = outline.find(|it| it.id() == "uninterruptedPoeStatus");
    let uninterrupted = uninterrupted.map(|it| it.0.get(Key::Checked).is_some());
    Ok(PoeConfig { ports, uninterrupted, hash: FormHash::on(outline)? })
}

fn setting(part: Outline<'_>) -> Result<PoeSetting, Unreadable> {
    let hidden = |class| part.hidden(class);
    let longer = hidden("longerDetect").map(|it| {
        PAGE.read("longer detection", Some(it), |it| LongerDetection::coded(digits(it)?))
    });
    let limited =
        PAGE.read("type of limit", hidden("pwrLimitType"), |it| LimitType::coded(digits(it)?));
    let detection = PAGE.read("detection", hidden("detecType"), |it| Detection::coded(digits(it)?));
    Ok(PoeSetting {
        power: PAGE.read("state of the power", hidden("hidPortPwr"), power)?,
        priority: PAGE.read("priority", hidden("portPrio"), priority)?,
        mode: PAGE.read("mode", hidden("pwrMode"), |it| PoeMode::coded(digits(it)?))?,
        limit_type: limited?,
        limit: PAGE.read("limit", hidden("pwrLimit"), PowerLimit::shown)?,
        detection: detection?,
        longer_detection: longer.transpose()?,
    })
}

fn power(code: &str) -> Option<Power> {
    match code {
        "0" => Some(Power::Off),
        "1" => Some(Power::On),
        _ => None,
    }
}

fn priority(code: &str) -> Option<PoePriority> {
    match code {
        "0" => Some(PoePriority::Low),
        "2" => Some(PoePriority::High),
        "3" => Some(PoePriority::Critical),
        _ => None,
    }
}
