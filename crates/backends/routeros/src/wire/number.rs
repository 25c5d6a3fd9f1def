//! Numbers as RouterOS writes them.

use rackberry_core::{BitsPerSecond, Milliamperes, Milliwatts, VlanId, Volts};
use std::collections::BTreeSet;

/// More than any port delivers.
const MOST: Milliwatts = Milliwatts(1_000_000);

pub(super) fn whole(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

/// A number with at most three decimals, in thousandths.
fn thousandths(text: &str) -> Option<u64> {
    let (ones, part) = text.split_once('.').unwrap_or((text, "0"));
    let scale = 10_u64.pow(3_u32.checked_sub(u32::try_from(part.len()).ok()?)?);
    whole(ones)?.checked_mul(1_000)?.checked_add(whole(part)?.checked_mul(scale)?)
}

/// Watts: `4.7`, or `4.7W` as the console shows it.
pub(super) fn watts(text: &str) -> Option<Milliwatts> {
    let number = text.strip_suffix('W').unwrap_or(text);
    thousandths(number).map(Milliwatts).filter(|it| *it <= MOST)
}

/// Volts, rounded down: `53.1`, or `53.1V` as the console shows it.
pub(super) fn volts(text: &str) -> Option<Volts> {
    let number = thousandths(text.strip_suffix('V').unwrap_or(text))? / 1_000;
    u16::try_from(number).ok().map(Volts)
}

/// Thousandths of an ampere: `84`, or `84mA` as the console shows it.
pub(super) fn milliamperes(text: &str) -> Option<Milliamperes> {
    let number = whole(text.strip_suffix("mA").unwrap_or(text))?;
    u16::try_from(number).ok().map(Milliamperes)
}

/// `1Gbps`, `2.5Gbps`, `100Mbps`.
pub(super) fn rate(text: &str) -> Option<BitsPerSecond> {
    let (number, unit) = match (text.strip_suffix("Gbps"), text.strip_suffix("Mbps")) {
        (Some(number), _) => (number, 1_000_000),
        (_, Some(number)) => (number, 1_000),
        (None, None) => return None,
    };
    thousandths(number)?.checked_mul(unit).map(BitsPerSecond)
}

pub(super) fn vlan(text: &str) -> Option<VlanId> {
    VlanId::try_from(u16::try_from(whole(text)?).ok()?).ok()
}

/// `1,10-20`.
pub(super) fn vlans(text: &str) -> Option<BTreeSet<VlanId>> {
    let mut all = BTreeSet::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (vlan(first.trim())?, vlan(last.trim())?);
        // Nobody names a VLAN twice; and so it ends.
        if first > last || all.range(first..=last).next().is_some() {
            return None;
        }
        let numbers = first.number()..=last.number();
        all.extend(numbers.filter_map(|it| VlanId::try_from(it).ok()));
    }
    Some(all)
}
