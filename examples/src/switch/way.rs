//! The way from what a switch has to what its rack file asks for.

use super::site::{Book, Site};
use crate::answer::Failure;
use crate::look::Look;
use crate::number::count;
use rackberry::core::{PoeBudget, PortSetting, SwitchId, SwitchState};
use rackberry::plan::{Action, Observed, Plan, plan_switch, verify_switch};

/// The way, with what cannot be done and what may go wrong although it is done.
pub(super) struct Way {
    pub plan: Plan,
    pub refused: Vec<String>,
    pub notes: Vec<String>,
}

impl Way {
    /// Plans the way, and has it verified.
    pub(super) fn new(site: &Site, book: &Book, seen: &SwitchState) -> Result<Self, Failure> {
        let mut all = Observed::default();
        all.switches.insert(site.id.clone(), seen.clone());
        let plan = plan_switch(&book.rack, &all, book.at);
        let defect = |why: Vec<_>| Failure::Defect(why.iter().map(ToString::to_string).collect());
        verify_switch(&plan, &book.rack, &all).map_err(defect)?;
        let blind = unguarded(book, &site.id).filter(|_| !plan.steps.is_empty());
        let notes = blind.into_iter().chain(cut_off(book, &plan)).chain(over(book, seen)).collect();
        let refused = plan.left().into_iter().chain(limits(site, &plan)).collect();
        Ok(Self { plan, refused, notes })
    }

    pub(super) fn is_done(&self) -> bool {
        self.plan.steps.is_empty()
    }

    /// Numbered, with what is not done and why.
    pub(super) fn text(&self, site: &Site, look: &Look) -> String {
        let mut text = match self.plan.steps.len() {
            0 => format!("{}: nothing to change\n", site.id),
            many => format!("{}: {}\n", site.id, count(many, "step")),
        };
        for (at, step) in (1..).zip(&self.plan.steps) {
            text += &format!("{at:3}. {}\n", look.wrap(&step.action.to_string(), 5, 5));
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

/// Limits that no port of such a switch can have.
fn limits(site: &Site, plan: &Plan) -> Vec<String> {
    let why = |action: &Action| {
        let Action::SetPort { to: PortSetting::Limit(Some(most)), .. } = action else {
            return None;
        };
        Some(format!("{action}: {}", site.driver.no_limit(*most)?))
    };
    plan.steps.iter().filter_map(|it| why(&it.action)).collect()
}

/// That what is fed already may draw more than there is.
fn over(book: &Book, seen: &SwitchState) -> Option<String> {
    let it = PoeBudget::of(seen, &book.rack.peaks(book.at));
    let budget = it.budget.filter(|budget| it.worst > *budget)?;
    Some(format!(
        "what is fed already draws {} and may draw {}, and its budget is {budget}: nothing more is fed, and nothing is switched \
         off for it",
        it.measured, it.worst
    ))
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

/// That the way to the switch itself is cut, where the file allows that.
fn cut_off(book: &Book, plan: &Plan) -> Option<String> {
    let cuts = |it: &Action| {
        let Action::SetVlans { switch, table } = it else { return None };
        book.rack.cuts_off(book.at, table).then(|| switch.clone())
    };
    let switch = plan.steps.iter().find_map(|it| cuts(&it.action))?;
    Some(format!(
        "the file allows that {switch} is cut off, and by these VLANs it is: as soon as they change at its uplink nobody \
         reaches it that way, what comes after that cannot be sent, and nothing here can undo it"
    ))
}
