use super::hash::FormHash;
use super::open::open;
use super::outline::{Key, Outline, Tag};
use super::text::digits;
use super::unreadable::{Page, Unreadable};
use rackberry_core::{Counters, PortNo};
use std::collections::BTreeMap;

const PAGE: Page = Page::Statistics;

/// What has passed the ports since the switch was started or its counters were cleared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// Every port; the errors are packets with a wrong checksum (CRC).
    pub ports: BTreeMap<PortNo, Counters>,
    /// What forms must send back.
    pub hash: FormHash,
}

/// Reads [`Page::Statistics`].
///
/// Seen in captured pages of a GS308EP: after the line of each port come six numbers without names, the upper
/// and the lower 32 bits of three counters.
///
/// # Errors
///
/// Where it is another page, not whole, or says something that cannot be.
pub fn read_statistics(body: &[u8]) -> Result<Statistics, Unreadable> {
    let kept = open(PAGE, body)?;
    let outline = Outline::of(PAGE, &kept);
    let mut ports = BTreeMap::new();
    for part in list(outline)?.parts(|it| it.tag == Tag::Li).filter(|it| !is_head(*it)) {
        let port = PAGE.port(part.text_in(|it| it.tag == Tag::Span))?;
        let counters = counters(part).map_err(|it| it.at(port))?;
        if ports.insert(port, counters).is_some() {
            return Err(Unreadable::Twice { page: PAGE, what: "number of a port" });
        }
    }
    let ports = PAGE.need("counters", Some(ports).filter(|it| !it.is_empty()))?;
    Ok(Statistics { ports, hash: FormHash::on(outline)? })
}

fn list(outline: Outline<'_>) -> Result<Outline<'_>, Unreadable> {
    let list = outline.find(|it| it.is("statistic-ul")).map(|it| it.1.inside());
    PAGE.need("counters", list)
}

/// The head of the table has words where the others have numbers.
fn is_head(part: Outline<'_>) -> bool {
    let title = part.text_in(|it| it.tag == Tag::Span).unwrap_or_default();
    digits::<u64>(title).is_none() && part.find(|it| it.tag == Tag::Input).is_none()
}

fn counters(part: Outline<'_>) -> Result<Counters, Unreadable> {
    let inputs = part.elements().filter(|it| it.0.tag == Tag::Input);
    let halves = inputs.map(|it| PAGE.read::<u32>("counter", it.0.get(Key::Value), digits));
    let halves: Vec<u32> = halves.take(7).collect::<Result<_, _>>()?;
    let [a, b, c, d, e, f] = halves.try_into().map_err(|_| PAGE.missing("six counters"))?;
    let whole = |high, low| u64::from(high) << 32 | u64::from(low);
    Ok(Counters { received: whole(a, b), sent: whole(c, d), errors: whole(e, f) })
}
