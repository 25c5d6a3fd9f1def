use crate::Checked;
use crate::bridge::bridge;
use crate::goal::goal;
use crate::pack::pack;
use crate::scene::{Step, Way};
use crate::shorten::shorten;
use crate::waves::Waves;

/// How one item is handed over from bin to bin.
///
/// By default it runs on both for a moment, at no cost, and never stops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields, rename_all = "kebab-case"))]
pub struct Handover {
    /// Whether it may stop on the old bin before it starts on the new one.
    pub may_stop: bool,
    /// Bytes that have to be copied each time it moves.
    pub copy: u64,
    /// The group it belongs to, of which a minimum must keep running.
    pub group: Option<u32>,
}

/// What happens to an item in one wave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, rename_all = "kebab-case"))]
pub struct Hop {
    /// The item.
    pub item: u32,
    /// The bin it leaves at the end of the wave; none if it does not run.
    pub from: Option<u32>,
    /// The bin it holds from the beginning of the wave; none if it stops.
    pub to: Option<u32>,
    /// What kind of hop it is.
    pub kind: HopKind,
}

/// The kinds of hops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum HopKind {
    /// It ran nowhere, and starts where it belongs.
    Start,
    /// It goes where it belongs.
    Move,
    /// It makes way, to a bin where it does not belong.
    ToTemporary,
    /// It goes on from there to where it belongs.
    FromTemporary,
    /// It stops: to make way, or for good.
    Stop,
    /// It starts again after it has made way.
    Resume,
}

/// An item that does not end where it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, rename_all = "kebab-case"))]
pub struct Held {
    /// The item.
    pub item: u32,
    /// What stands in its way.
    pub why: Why,
}

/// Why an item is held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Why {
    /// Its class may not use the bin.
    Ineligible,
    /// What stays on the bin, or is held there, leaves too little of a resource.
    NoRoom {
        /// The resource.
        resource: usize,
    },
    /// What stays around the bin, or is held there, does not go together with it.
    Refused {
        /// The key that one holds and the other refuses.
        key: u32,
    },
    /// It waits in a circle that could not be broken elsewhere.
    Cycle,
    /// Too few of its group would keep running.
    Minimum {
        /// The group.
        group: u32,
    },
}

/// The way from one assignment to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields, rename_all = "kebab-case"))]
pub struct Order {
    /// Hops that may happen at the same time, wave after wave.
    pub waves: Vec<Vec<Hop>>,
    /// Items that do not end where they should.
    pub held: Vec<Held>,
    /// Where every item ends.
    pub end: Vec<Option<u32>>,
}

/// Orders the moves from one assignment to another in waves, so that capacities and keys hold at
/// every moment.
///
/// All targets of a wave are taken before any of its sources is given up. What waits in a circle
/// is resolved by sending items to a third bin for a while, those first that are cheapest to copy;
/// else by stopping an item that may stop; else by holding an item back, and with it whatever
/// needs its room. Where something would be held back, chains of detours are sought from both
/// ends, also of items that stay where they are in the end. Waves are as few and as early as that
/// allows. Bins that break a rule at the start take nothing until they no longer do; leaving them
/// is always possible. An item that stops runs again in the end. Spreads are not looked at on the
/// way: they hold in the end if nothing is held back.
///
/// `handover` is one entry per item and `minimum` one per group, the members that must keep
/// running; missing entries are the default and 0. Missing entries of `from` and `to`, and bins
/// that do not exist, are none: an item with `to` none is stopped for good.
pub fn order(
    checked: &Checked,
    from: &[Option<u32>],
    to: &[Option<u32>],
    handover: &[Handover],
    minimum: &[u32],
) -> Order {
    let (from, to) = (checked.tidy(from), checked.tidy(to));
    let mut handover = handover.to_vec();
    handover.resize(checked.items(), Handover::default());
    let way = Way { checked, from: &from, to: &to, handover: &handover, minimum };
    let (held, steps) = row(way, &handover);
    let steps = shorten(way, steps);
    let mut end = from.clone();
    steps.iter().for_each(|step| end[step.item as usize] = step.to);
    let waves = pack(way, &steps, &end);
    Order { waves: way.hops(&waves), held, end }
}

/// Steps that can be done one after the other, and what has to be held back.
fn row(way: Way, handover: &[Handover]) -> (Vec<Held>, Vec<Step>) {
    let first = in_turn(way, handover.to_vec());
    let mut steps: Vec<Step> = first.waves.iter().flatten().map(Step::of).collect();
    if first.held.iter().all(|it| it.why == Why::Ineligible) {
        return (first.held, steps);
    }
    let (goal, held) = goal(way);
    if held.len() >= first.held.len() {
        return (first.held, steps);
    }
    if let Some(mut rest) = bridge(way, &first.end, &goal) {
        steps.append(&mut rest);
        return (held, steps);
    }
    match bridge(way, way.from, &goal) {
        Some(steps) => (held, steps),
        None => (first.held, steps),
    }
}

/// Lets items hop as soon as they can, and breaks circles where they appear.
fn in_turn(way: Way, mut handover: Vec<Handover>) -> Order {
    loop {
        match Waves::new(way.checked, way.from, way.to, &handover, way.minimum).run() {
            Ok(order) => return order,
            // It stopped and could never start again, so this time it keeps running.
            Err(item) => handover[item as usize].may_stop = false,
        }
    }
}
