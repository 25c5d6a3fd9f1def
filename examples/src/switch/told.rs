//! What has become of a run on a switch, in words.

use super::site::{Book, Site};
use super::way::Way;
use crate::answer::causes;
use crate::look::{Ink, Look};
use rackberry::exec::{Event, Finish, Reached};
use rackberry::plan::Plan;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::mpsc::UnboundedReceiver;

/// The last plan that had steps, and why those that were begun and are not proved are not.
#[derive(Default)]
struct Last {
    plan: Arc<Plan>,
    /// None of those that are proved.
    ended: BTreeMap<usize, Option<String>>,
}

/// What was proved in all rounds; and of the last one that had steps what was not, or was not begun.
pub(super) fn steps(
    reached: &Reached,
    mut events: UnboundedReceiver<Event>,
    look: &Look,
) -> String {
    let line = |ink: Ink, head: &str, step: &str| {
        format!("{} {}\n", look.paint(ink, &format!("{head:10}")), look.wrap(step, 11, 11))
    };
    let (mut last, mut text) = (Last::default(), String::new());
    while let Ok(event) = events.try_recv() {
        if let Event::Planned { plan, .. } = &event {
            if !plan.steps.is_empty() {
                last = Last { plan: Arc::clone(plan), ended: BTreeMap::new() };
            }
        } else if let Event::Proved { step, .. } = event {
            text += &line(Ink::Good, "proved", &last.order(step));
            last.ended.insert(step, None);
        } else if let Event::Ended { step, why } = event {
            last.ended.insert(step, Some(why.to_string()));
        }
    }
    if reached.finish == Finish::Described {
        return text;
    }
    for step in 0..last.plan.steps.len() {
        let order = last.order(step);
        text += &match last.ended.get(&step) {
            Some(None) => continue,
            Some(Some(why)) => line(Ink::Error, "not proved", &format!("{order}: {why}")),
            None => line(Ink::Faint, "not begun", &order),
        };
    }
    text
}

impl Last {
    fn order(&self, step: usize) -> String {
        self.plan.steps.get(step).map(|it| it.action.to_string()).unwrap_or_default()
    }
}

/// What is so in the end; and whether it is what the file asks for.
pub(super) async fn end(
    (site, book): (&Site, &Book),
    reached: &Reached,
    look: &Look,
) -> (String, bool) {
    let id = &site.id;
    let why = match &reached.finish {
        Finish::Described => return (format!("{id}: as described\n"), true),
        Finish::Unwritten(why) => format!("the journal cannot be written: {why}; "),
        Finish::Refused(_) | Finish::Unplanned(_) => format!("{}; ", reached.finish),
        Finish::Declined | Finish::Stopped | Finish::Stuck | Finish::Endless => String::new(),
    };
    let text = match site.device.observe().await {
        Ok(seen) if Way::new(site, book, &seen).is_ok_and(|it| it.is_done()) => {
            format!("as described; {why}what was done last is not written down")
        }
        Ok(seen) => {
            let now = seen.vlans.map(|it| format!("; its VLANs now: {it}")).unwrap_or_default();
            format!("not as described: {why}rackberry switch plan says what is left{now}")
        }
        Err(lost) if may_cut(book) => format!(
            "it answers no more, as the file allows for its new VLANs ({}); what is left can only be sent from where it \
             answers now",
            causes(&lost)
        ),
        Err(lost) => {
            let what = "beyond what is proved nothing is known of it";
            format!("not seen any more, {why}{what}: {}", causes(&lost))
        }
    };
    (look.wrap(&format!("{id}: {text}"), 0, 2) + "\n", false)
}

/// Whether the VLANs that the file asks for cut the switch off, and it allows that.
fn may_cut(book: &Book) -> bool {
    let written = book.rack.rack.switches.get(&book.rack.switches[book.at].id);
    let cuts = book.rack.vlan_table(book.at).is_some_and(|it| book.rack.cuts_off(book.at, &it));
    cuts && written.is_some_and(|it| it.allow_lockout)
}
