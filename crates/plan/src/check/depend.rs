//! What cannot start because it waits for itself.
//!
//! | rule | finds | why |
//! |---|---|---|
//! | `needs-circle` | things that need each other | after a power cut each waits for the other |

use super::graph::{Graph, Kind};
use super::survey::Survey;
use super::wording::list;
use crate::Finding;
use crate::rack::Server;
use rackberry_core::ThingId;
use rackberry_sched::{Lost, Needs};
use std::collections::BTreeMap;

pub(super) fn findings(it: &Survey, out: &mut Vec<Finding>) {
    for circle in it.circles.iter().filter(|circle| own_dns(it, circle).is_none()) {
        let mut names: Vec<String> = circle.iter().filter_map(|thing| name(it, *thing)).collect();
        names.dedup();
        let place = circle.iter().find_map(|thing| it.graph.place(*thing));
        // Uplinks that lead to each other are the business of the cables.
        let (Some(place), Some(first)) = (place, names.first().cloned()) else { continue };
        let reason = match names.len() {
            1 => format!("{first} needs itself, so it never starts"),
            _ => format!(
                "after a power cut none of {} starts, because each waits for the next: {} -> {first}",
                list(&names),
                names.join(" -> ")
            ),
        };
        let remedy = "leave out the need that it can start without".into();
        out.push(Finding::warning("needs-circle", place.key("needs"), reason, remedy));
    }
}

/// The name of a thing on a circle; the node, where images are pulled.
fn name(it: &Survey, thing: u32) -> Option<String> {
    match it.graph.thing(thing) {
        (Kind::Images, node) => Some(it.node(node).to_string()),
        _other => it.graph.name(thing),
    }
}

/// The node and the workload of a circle in which the node resolves by way of the workload.
pub(super) fn own_dns(it: &Survey, circle: &[u32]) -> Option<(usize, usize)> {
    let next = circle.iter().skip(1).chain(circle.first());
    let (_, server) =
        circle.iter().zip(next).find(|it_| it.graph.thing(*it_.0).0 == Kind::Outside)?;
    let (Kind::Workload, server) = it.graph.thing(*server) else { return None };
    let dns = |it: &ThingId| it.as_str() == "dns";
    let (name, written) = it.written(server);
    let images = circle.iter().map(|thing| it.graph.thing(*thing));
    let node = images.filter(|it| it.0 == Kind::Images).map(|it| it.1).next()?;
    let named = it.graph.dns_of(node).iter().any(|it| match it {
        Server::Thing(thing) => thing.as_str() == name,
        Server::Address(_) => false,
    });
    (named || written.serves.iter().any(dns)).then_some((node, server))
}

/// Circles of things that wait for each other when everything starts from nothing, each once and
/// beginning with its lowest number.
pub(super) fn circles(graph: &Graph) -> Vec<Vec<u32>> {
    let (started, groups) = started(&graph.start);
    let waits_for = |thing: u32| -> Option<u32> {
        let unmet = groups[thing as usize].iter().find(|group| {
            let up = graph.start.providers(**group).iter().filter(|it| started[**it as usize]);
            (up.count() as u64) < u64::from(graph.start.minimum(**group))
        });
        graph.start.providers(*unmet?).iter().copied().find(|it| !started[*it as usize])
    };
    let mut walk = vec![0u32; started.len()];
    let mut found = Vec::new();
    for first in 0..graph.start.things() {
        let (number, mut thing) = (first + 1, first);
        while !started[thing as usize] && walk[thing as usize] == 0 {
            walk[thing as usize] = number;
            let Some(next) = waits_for(thing) else { break };
            thing = next;
        }
        if !started[thing as usize] && walk[thing as usize] == number {
            found.extend(around(thing, &waits_for));
        }
    }
    found
}

/// The circle that a thing is on.
fn around(thing: u32, waits_for: &impl Fn(u32) -> Option<u32>) -> Option<Vec<u32>> {
    let mut circle = vec![thing];
    let mut next = waits_for(thing)?;
    while next != thing {
        circle.push(next);
        next = waits_for(next)?;
    }
    let lowest = circle.iter().enumerate().min_by_key(|it| it.1).map_or(0, |it| it.0);
    circle.rotate_left(lowest);
    Some(circle)
}

/// Which things come up from nothing, and the groups of each.
fn started(needs: &Needs) -> (Vec<bool>, Vec<Vec<u32>>) {
    let things = needs.things() as usize;
    let mut groups: Vec<Vec<u32>> = vec![Vec::new(); things];
    let mut users: Vec<Vec<u32>> = vec![Vec::new(); things];
    let mut missing = Vec::with_capacity(needs.groups());
    for group in (0..).take(needs.groups()) {
        missing.push(needs.minimum(group));
        let Some(owner) = needs.owner(group) else { continue };
        groups[owner as usize].push(group);
        needs.providers(group).iter().for_each(|it| users[*it as usize].push(group));
    }
    let mut waits: Vec<usize> = groups.iter().map(Vec::len).collect();
    let mut up = vec![false; things];
    let mut ready: Vec<usize> = (0..things).filter(|it| waits[*it] == 0).collect();
    while let Some(thing) = ready.pop() {
        up[thing] = true;
        for group in &users[thing] {
            let left = &mut missing[*group as usize];
            *left = left.saturating_sub(1);
            let Some(owner) = needs.owner(*group).filter(|_| *left == 0) else { continue };
            // A group that was met is counted once.
            *left = u32::MAX;
            let owner = owner as usize;
            waits[owner] -= 1;
            if waits[owner] == 0 {
                ready.push(owner);
            }
        }
    }
    (up, groups)
}

/// How a loss reached a thing, from the thing to what was lost first: `lifeboat -> switch poe`.
pub(super) fn chain(graph: &Graph, lost: &[Lost], thing: u32) -> Option<String> {
    let fell: BTreeMap<u32, (usize, Option<u32>)> =
        lost.iter().enumerate().map(|(order, it)| (it.thing, (order, it.cause))).collect();
    let mut names: Vec<String> = graph.name(thing).into_iter().collect();
    let (mut order, mut cause) = *fell.get(&thing)?;
    while let Some(group) = cause {
        let before = |it: &&u32| fell.get(it).is_some_and(|it| it.0 < order);
        let next = *graph.run.providers(group).iter().find(before)?;
        names.extend(graph.name(next));
        (order, cause) = *fell.get(&next)?;
    }
    names.dedup();
    Some(names.join(" -> "))
}
