//! The way from what a switch has to what its rack file asks for.

use super::order::{self, Order};
use super::site::{Book, Site};
use crate::answer::Failure;
use crate::look::Look;
use crate::plan as command;
use rackberry::core::{SwitchId, SwitchState};
use rackberry::plan::{Action, Observed, Plan, Step, Wave};
use std::collections::BTreeMap;

/// The way: VLANs and ports as the planner orders them, and then what is fed.
pub(super) struct Way {
    pub plan: Plan,
    pub orders: Vec<Order>,
    /// What the file asks for and is not to be done, and why.
    pub refused: Vec<String>,
    /// What may go wrong although it is done.
    pub notes: Vec<String>,
}

impl Way {
    /// Plans the way, and has it verified.
    pub(super) fn new(
        site: &Site,
        book: &Book,
        seen: &SwitchState,
        look: &Look,
    ) -> Result<Self, Failure> {
        let mut all = Observed::default();
        all.switches.insert(site.id.clone(), seen.clone());
        let whole = command::verified_from(&book.rack, &all, &book.input, look)?.1;
        let locked = book.rack.vlans_refused(book.at, &all);
        let locked = locked.map(|why| format!("set the VLANs of {}: {why}", site.id));
        let orders = order::due(book, seen);
        let plan = of_switch(whole, &site.id);
        let blind = unguarded(book, &site.id).filter(|_| !plan.steps.is_empty());
        Ok(Self {
            plan,
            refused: locked.into_iter().chain(order::refused(book, seen)).collect(),
            notes: blind.into_iter().chain(order::tight(book, seen, &orders)).collect(),
            orders,
        })
    }

    pub(super) fn is_done(&self) -> bool {
        self.plan.steps.is_empty() && self.orders.is_empty()
    }

    /// Everything that is sent, in its order, in words.
    pub(super) fn steps(&self) -> Vec<String> {
        let steps = self.plan.steps.iter().map(|it| it.action.to_string());
        steps.chain(self.orders.iter().map(ToString::to_string)).collect()
    }

    /// Numbered, with what is not done and why.
    pub(super) fn text(&self, site: &Site, look: &Look) -> String {
        let steps = self.steps();
        let mut text = match steps.len() {
            0 => format!("{}: nothing to change\n", site.id),
            many => format!("{}: {}\n", site.id, crate::number::count(many, "step")),
        };
        for (at, step) in (1..).zip(steps) {
            text += &format!("{at:3}. {}\n", look.wrap(&step, 5, 5));
        }
        for (head, lines) in [("cannot be done", &self.refused), ("note", &self.notes)] {
            for line in lines {
                let line = format!("{head}: {line}");
                text += &format!("  {}\n", look.wrap(&line, 2, 4));
            }
        }
        text
    }
}

/// What keeps the planner from seeing whether the way to the switch itself is cut.
fn unguarded(book: &Book, id: &SwitchId) -> Option<String> {
    let written = book.rack.rack.switches.get(id)?;
    let lacks = match (&written.network, written.uplink) {
        (Some(_), Some(_)) => return None,
        (None, _) => "`network`",
        (Some(_), None) => "`uplink`",
    };
    Some(format!(
        "the file does not say the {lacks} of {id}, so nobody looks whether you can still reach it"
    ))
}

/// The steps of a plan that change one switch. They come first in it, and need only each other.
fn of_switch(whole: Plan, id: &SwitchId) -> Plan {
    let is_own = |it: &Step| matches!(&it.action, Action::SetVlans { switch, .. } | Action::OpenPort { switch, .. } if switch == id);
    let kept = whole.steps.iter().enumerate().filter(|it| is_own(it.1)).map(|it| it.0);
    let places: BTreeMap<usize, usize> = kept.zip(0..).collect();
    let mut steps: Vec<Step> = whole.steps.into_iter().filter(is_own).collect();
    for step in &mut steps {
        step.needs = step.needs.iter().filter_map(|it| places.get(it).copied()).collect();
    }
    let wave = (!steps.is_empty()).then(Wave::default);
    let (format, rack, made_from) = (whole.format, whole.rack, whole.made_from);
    Plan { format, rack, made_from, steps, waves: wave.into_iter().collect(), ..Plan::default() }
}
