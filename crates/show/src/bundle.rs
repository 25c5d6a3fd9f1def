//! Moves, those between the same two nodes taken together.

use crate::figure::{count, size, time};
use crate::text::list;
use crate::theme::Style;
use rackberry_core::{Bytes, Seconds};
use rackberry_plan::{Change, Placement, Resolved};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// All moves from one node to another, both by position.
#[derive(Debug)]
pub(crate) struct Bundle<'a> {
    pub from: usize,
    pub to: usize,
    pub moves: Vec<&'a Change>,
    pub memory: Bytes,
}

impl Bundle<'_> {
    /// What moves, in as many words as there is room for: the workload, or how many, and its memory.
    pub(crate) fn name(&self, style: Style, room: f64) -> String {
        let what = match self.moves.as_slice() {
            [one] => one.replica.workload.to_string(),
            many => count(many.len(), "move", "moves"),
        };
        if self.memory == Bytes(0) {
            return what;
        }
        let full = format!("{what}, {} of memory", size(self.memory));
        match style.width(&full) <= room {
            true => full,
            false => format!("{what}, {}", size(self.memory)),
        }
    }

    /// The same in full.
    pub(crate) fn tip(&self, rack: &Resolved) -> String {
        let names = list(self.moves.iter().map(|it| &it.replica.workload), 12);
        let (from, to) = (&rack.nodes[self.from].id, &rack.nodes[self.to].id);
        let copied: Bytes = self.moves.iter().map(|it| it.bytes).sum();
        let down: Seconds = self.moves.iter().map(|it| it.downtime).sum();
        format!(
            "{from} → {to}: {names}; {} of memory, {} to copy, down for {}",
            size(self.memory),
            size(copied),
            time(down)
        )
    }
}

/// The moves of a placement, from the largest bundle.
pub(crate) fn bundles<'a>(rack: &Resolved, placement: &'a Placement) -> Vec<Bundle<'a>> {
    let mut all: BTreeMap<(usize, usize), Vec<&Change>> = BTreeMap::new();
    for change in &placement.moves {
        let from = change.from.as_ref().and_then(|it| rack.node(it));
        if let (Some(from), Some(to)) = (from, rack.node(&change.to)) {
            all.entry((from, to)).or_default().push(change);
        }
    }
    let bundle = |((from, to), moves): ((usize, usize), Vec<&'a Change>)| {
        let memory = moves.iter().map(|it| it.memory).sum();
        Bundle { from, to, moves, memory }
    };
    let mut bundles: Vec<_> = all.into_iter().map(bundle).collect();
    bundles.sort_by_key(|it| (Reverse(it.memory), Reverse(it.moves.len()), it.from, it.to));
    bundles
}
