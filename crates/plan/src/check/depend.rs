//! What cannot start because it waits for itself.
//!
//! | rule | finds | why |
//! |---|---|---|
//! | `needs-circle` | things that need each other | after a power cut each waits for the other |

use super::graph::{Graph, Kind};
use super::survey::Survey;
use super::tell::at;
use super::wording::list;
use crate::Finding;
use rackberry_sched::{Lost, Needs};
use std::collections::BTreeMap;

pub(super) fn findings(it: &Survey, out: &mut Vec<Finding>) {
    for circle in it.circles.iter().filter(|circle| !by_images(&it.graph, circle)) {
        let names: Vec<String> = circle.iter().filter_map(|thing| it.graph.name(*thing)).collect();
        let place = circle.iter().find_map(|thing| it.graph.place(*thing));
        let reason = match names.as_slice() {
            [] => continue,
            [one] => format!("{one} needs itself, so it never starts"),
            [first, ..] => format!(
                "after a power cut none of {} starts, because each waits for the next: {} -> {first}",
                list(&names),
                names.join(" -> ")
            ),
        };
        let remedy = "leave out the need that it can start without".to_string();
        let at = place.map_or_else(|| at!("workloads"), |it| it.key("needs"));
        out.push(Finding::warning("needs-circle", at, reason, remedy));
    }
}

/// Whether a circle goes by way of the images that a node pulls.
pub(super) fn by_images(graph: &Graph, circle: &[u32]) -> bool {
    circle.iter().any(|thing| graph.thing(*thing).0 == Kind::Outside)
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
        if circle.len() > 1 << 20 {
            return None;
        }
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
            let owner = needs.owner(*group).filter(|_| *left == 0);
            let Some(owner) = owner.map(|it| it as usize).filter(|it| waits[*it] > 0) else {
                continue;
            };
            // A group that was met already has nothing left to lower: it is counted once.
            waits[owner] -= 1;
            missing[*group as usize] = u32::MAX;
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
