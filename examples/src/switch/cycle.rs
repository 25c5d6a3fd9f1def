//! `rackberry switch cycle`: ports lose their power and get it back, one after the other, and both is proved.

use super::site::{Book, Site};
use super::{agrees, can_ask, on_interrupt, talk};
use crate::answer::{Answer, Failure, causes};
use crate::args::CycleArgs;
use crate::look::{Ink, Look};
use rackberry::core::{PortNo, SwitchId, SwitchState};
use rackberry::exec::{CycleGuard, Cycled, Patience, Stop, power_cycle};
use rackberry::plan::rack::PortEnd;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How often it is looked whether it is to end.
const GLANCE: Duration = Duration::from_millis(100);

/// What `switch cycle` answers.
pub(super) fn run(args: &CycleArgs, look: &Look) -> Result<Answer, Failure> {
    can_ask(args.yes, "cycle")?;
    let site = Site::new(&args.target, look)?;
    let protected = protected(args, &site)?;
    let mut guard = CycleGuard::of(protected);
    guard.off = args.off;
    talk(&site, cycle(args, &site, &guard, look))
}

/// The ports that are never cycled, and why. None of those that are asked for is one, or nothing is done.
fn protected(args: &CycleArgs, site: &Site) -> Result<BTreeMap<PortNo, String>, Failure> {
    let book = site.book.as_ref();
    let mut all = book.map(|it| wired(it, &site.id)).unwrap_or_default();
    all.extend(book.map(|it| it.rack.protected_ports(it.at)).unwrap_or_default());
    let uplink = book.and_then(|it| it.uplink(&site.id));
    all.extend(args.management_port.map(|it| (it, "it is --management-port".to_owned())));
    let missing = |text: String| Err(Failure::Missing(format!("nothing was done: {text}")));
    if uplink.is_none() && args.management_port.is_none() {
        return missing("say by which port you reach the switch: --management-port".into());
    }
    let mut asked = BTreeSet::new();
    for port in &args.ports {
        if let Some(why) = all.get(port) {
            return missing(format!("{port} is protected: {why}"));
        }
        if !asked.insert(*port) {
            return missing(format!("{port} is asked for twice"));
        }
    }
    Ok(all)
}

/// The ports of a switch that lead to other switches.
fn wired(book: &Book, id: &SwitchId) -> BTreeMap<PortNo, String> {
    let mut all = BTreeMap::new();
    for (other, it) in &book.rack.rack.switches {
        for (port, said) in &it.ports {
            let Some(PortEnd::Port(end)) = &said.to else { continue };
            if other == id {
                all.insert(*port, format!("it leads to switch {}", end.switch));
            } else if end.switch == *id {
                all.insert(end.port, format!("it leads to switch {other}"));
            }
        }
    }
    all
}

async fn cycle(
    args: &CycleArgs,
    site: &Site,
    guard: &CycleGuard,
    look: &Look,
) -> Result<Answer, Failure> {
    let seen = site.observe().await?;
    if let Some(port) = args.management_port.filter(|it| !seen.ports.contains_key(it)) {
        let text = format!("nothing was done: it has no {port}, which --management-port names");
        return Err(Failure::Missing(text));
    }
    if !agrees(args.yes, &question(args, &seen, look)?).await? {
        return Ok(Answer { text: "nothing was done\n".into(), status: 1, ..Answer::default() });
    }
    let stop = on_interrupt();
    let patience = Patience { least: args.patience, looks: 2, ..Patience::default() };
    let (mut text, mut status, mut begun) = (String::new(), 0, 0);
    for port in &args.ports {
        if begun > 0 && status == 0 && !stop.is_set() {
            pause(args.stagger, &stop).await;
        }
        if stop.is_set() || status > 0 {
            break;
        }
        begun += 1;
        match power_cycle(&*site.device, *port, guard, patience).await {
            Ok(cycled) => text += &proof(*port, &cycled, look),
            Err(why) => {
                text +=
                    &format!("{} {port}: {}\n", look.paint(Ink::Error, "not proved"), causes(&why));
                status = 1;
            }
        }
    }
    for port in args.ports.iter().skip(begun) {
        (text, status) = (text + &format!("not begun  {port}\n"), 1);
    }
    Ok(Answer { text, status, ..Answer::default() })
}

/// Waits, but no longer than until it is to end.
async fn pause(all: Duration, stop: &Stop) {
    let end = Instant::now() + all;
    while !stop.is_set() && Instant::now() < end {
        sleep(GLANCE.min(end - Instant::now())).await;
    }
}

/// What will lose its power.
fn question(args: &CycleArgs, seen: &SwitchState, look: &Look) -> Result<String, Failure> {
    let mut words = Vec::new();
    for port in &args.ports {
        let Some(it) = seen.ports.get(port) else {
            return Err(Failure::Missing(format!("nothing was done: it has no {port}")));
        };
        let draw = it.poe.as_ref().map(|it| it.draw.to_string());
        let draw = draw.ok_or_else(|| {
            Failure::Missing(format!("nothing was done: {port} feeds nothing, ever"))
        })?;
        if it.poe.as_ref().is_some_and(|it| !it.delivers) {
            return Err(Failure::Missing(format!(
                "nothing was done: {port} feeds nothing now; `switch apply` feeds it where the rack file has a machine there"
            )));
        }
        let name = if it.name.is_empty() { String::new() } else { format!("{}, ", it.name) };
        words.push(format!("{port} ({name}{draw})"));
    }
    let text =
        format!("One after the other loses its power, and gets it back: {}", words.join("; "));
    Ok(look.wrap(&text, 0, 2) + "\n")
}

fn proof(port: PortNo, it: &Cycled, look: &Look) -> String {
    let seconds = |it: Duration| format!("{:.1} s", it.as_secs_f64());
    let text = format!(
        "{port}: {} flowed, nothing {} after the order to stop, and it is fed again {} after the order to feed it",
        it.before,
        seconds(it.dark),
        seconds(it.back)
    );
    format!("{}     {}\n", look.paint(Ink::Good, "proved"), look.wrap(&text, 11, 11))
}
