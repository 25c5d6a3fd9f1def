//! `rackberry switch apply`: one step after the other, each proved before the next.

use super::order::Order;
use super::site::{Book, Site};
use super::way::Way;
use super::{agrees, can_ask, on_interrupt, talk};
use crate::answer::{Answer, Failure, causes};
use crate::args::SwitchApplyArgs;
use crate::look::{Ink, Look};
use async_trait::async_trait;
use rackberry::core::{
    Digest, Error, JoinTicket, Manifest, NodeConfig, NodeId, Switch, WorkloadId,
};
use rackberry::exec::{End, Events, Fleet, Memory, Outcome, Patience, Render, Stop, execute};
use std::sync::Arc;
use std::time::Duration;

/// How often it is looked whether an order to feed a port, or not, is carried out.
const LOOKS: usize = 5;

/// The pause between these looks.
const PAUSE: Duration = Duration::from_secs(1);

/// How long a step is looked for: the switch does what it was told before it answers.
const PATIENCE: Patience = Patience {
    least: Duration::from_secs(20),
    looks: 2,
    factor: 1,
    first: Duration::ZERO,
    pause: Duration::from_millis(500),
    longest: Duration::from_secs(3),
};

/// What was come to.
struct Done {
    /// The steps that are proved, in words.
    proved: Vec<String>,
    /// The step that was begun and is not proved, and why.
    failed: Option<String>,
    /// The steps that were not begun.
    left: Vec<String>,
}

/// What `switch apply` answers.
pub(super) fn run(args: &SwitchApplyArgs, look: &Look) -> Result<Answer, Failure> {
    can_ask(args.yes, "apply")?;
    let site = Site::new(&args.target, look)?;
    let book = site.book()?;
    talk(&site, apply(args, (&site, book), look))
}

async fn apply(
    args: &SwitchApplyArgs,
    (site, book): (&Site, &Book),
    look: &Look,
) -> Result<Answer, Failure> {
    let way = Way::new(site, book, &site.observe().await?, look)?;
    let text = way.text(site, look);
    if !way.refused.is_empty() {
        let aside = "nothing was sent: correct the rack file first\n".into();
        return Ok(Answer { text, aside, status: 1 });
    }
    if way.is_done() {
        return Ok(Answer::new(text));
    }
    if !agrees(args.yes, &text).await? {
        return Ok(Answer { text: "nothing was sent\n".into(), status: 1, ..Answer::default() });
    }
    let done = carried_out(site, &way).await;
    let (end, is_done) = end(site, book, look).await;
    let status = u8::from(!is_done || done.failed.is_some());
    Ok(Answer { text: told(&done, look) + &end, status, ..Answer::default() })
}

async fn carried_out(site: &Site, way: &Way) -> Done {
    let stop = on_interrupt();
    let mut fleet = Fleet::new(Arc::new(NoMachine));
    fleet.switches.insert(site.id.clone(), site.device.clone());
    let (journal, events) = (&mut Memory::default(), Events::default());
    let outcome = execute(&way.plan, &fleet, journal, PATIENCE, &stop, &events).await;
    let mut done = Done::of(way, &outcome);
    let mut orders = way.orders.iter();
    if outcome.end == End::Done {
        for order in orders.by_ref() {
            if stop.is_set() {
                done.left.push(order.to_string());
                break;
            }
            match fed(site, order, &stop).await {
                Ok(()) => done.proved.push(order.to_string()),
                Err(why) => {
                    done.failed = Some(format!("{order}: {why}"));
                    break;
                }
            }
        }
    }
    done.left.extend(orders.map(ToString::to_string));
    done
}

impl Done {
    fn of(way: &Way, outcome: &Outcome) -> Self {
        let words = |at: usize| way.plan.steps[at].action.to_string();
        let begun = |at: &usize| outcome.unproved.iter().any(|it| it.step == *at);
        let failed = outcome.unproved.first();
        let left = (0..way.plan.steps.len()).filter(|it| !outcome.proved.contains(it));
        Self {
            proved: outcome.proved.iter().map(|it| words(*it)).collect(),
            failed: failed.map(|it| format!("{}: {}", words(it.step), it.why)),
            left: left.filter(|it| !begun(it)).map(words).collect(),
        }
    }
}

/// Sends an order, and looks until it is carried out.
async fn fed(site: &Site, order: &Order, stop: &Stop) -> Result<(), String> {
    let poe = site.device.poe().ok_or("it has no PoE")?;
    let mut last = match order.send(poe).await {
        Ok(()) => String::from("it was sent, and in time it was not seen to be so"),
        Err(why) if why.kind().is_uncertain() => causes(&why),
        Err(why) => return Err(causes(&why)),
    };
    for _ in 0..LOOKS {
        match site.device.observe().await {
            Ok(seen) if order.holds(&seen) => return Ok(()),
            Ok(_) => {}
            Err(why) => last = causes(&why),
        }
        if stop.is_set() {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(format!("{last}; it may have been done all the same"))
}

fn told(done: &Done, look: &Look) -> String {
    let line = |ink: Ink, head: &str, step: &str| {
        format!("{} {}\n", look.paint(ink, &format!("{head:10}")), look.wrap(step, 11, 11))
    };
    let proved = done.proved.iter().map(|it| line(Ink::Good, "proved", it));
    let failed = done.failed.iter().map(|it| line(Ink::Error, "not proved", it));
    let left = done.left.iter().map(|it| line(Ink::Faint, "not begun", it));
    proved.chain(failed).chain(left).collect()
}

/// What is so in the end, by another look; and whether it is what the file asks for.
async fn end(site: &Site, book: &Book, look: &Look) -> (String, bool) {
    let id = &site.id;
    let seen = match site.device.observe().await {
        Ok(seen) => seen,
        Err(why) => {
            let what = "beyond what is proved nothing is known of it";
            return (format!("{id}: not seen any more, {what}: {}\n", causes(&why)), false);
        }
    };
    match Way::new(site, book, &seen, look) {
        Ok(way) if way.is_done() => (format!("{id}: as described\n"), true),
        Ok(_) | Err(_) => {
            let now = seen.vlans.map(|it| format!("; its VLANs now: {it}")).unwrap_or_default();
            let help = "rackberry switch plan says what is left";
            let text = format!("{id}: not as described: {help}{now}");
            (look.wrap(&text, 0, 2) + "\n", false)
        }
    }
}

/// Makes no configuration: no step of a switch needs one.
#[derive(Debug)]
struct NoMachine;

#[async_trait]
impl Render for NoMachine {
    async fn node(
        &self,
        node: &NodeId,
        _: &Digest,
        _: Option<&JoinTicket>,
    ) -> rackberry::core::Result<NodeConfig> {
        Err(Error::not_found(format!("write the configuration of {node}")))
    }

    async fn workload(
        &self,
        workload: &WorkloadId,
        _: &Digest,
    ) -> rackberry::core::Result<Manifest> {
        Err(Error::not_found(format!("write the manifest of {workload}")))
    }
}
