//! Whether everything survives that the file calls needed.

use super::judge::Judge;
use super::loss::Lost;
use super::report::PoolIs;
use crate::number::count;
use rackberry::core::ThingId;
use rackberry::plan::Thing;
use rackberry::plan::rack::Need;
use std::collections::{BTreeMap, BTreeSet};

/// What does not survive, and who needs it.
pub(super) fn missing(it: &Judge<'_>) -> Vec<String> {
    let down = down(it);
    let clusters = it.clusters().filter(|id| !it.decides(id));
    let mut all: Vec<String> = clusters.map(|id| format!("cluster {id} decides nothing")).collect();
    for (at, workload) in it.rack.workloads.iter().enumerate() {
        let (runs, wanted) = (it.running(at, it.after), it.rack.written(at).min_available);
        if runs < usize::try_from(wanted).unwrap_or(usize::MAX).min(workload.replicas.len()) {
            let id = &workload.id;
            all.push(format!(
                "{} of {id} must always run, and {runs} do",
                count(wanted as usize, "replica")
            ));
        }
    }
    all.extend(unmet(it, &down).into_iter().map(|(need, by)| {
        format!("{} is served by nothing, and needed by {}", words(need), by.join(", "))
    }));
    all
}

/// The needs that nothing serves, and who has them.
fn unmet<'a>(it: &'a Judge<'_>, down: &BTreeSet<Thing>) -> BTreeMap<&'a Need, Vec<String>> {
    let mut unmet: BTreeMap<&Need, Vec<String>> = BTreeMap::new();
    for (name, needs) in needers(it) {
        let these = needs.iter().filter(|need| !is_met(it, need, down));
        these.for_each(|need| unmet.entry(need).or_default().push(name.clone()));
    }
    unmet
}

/// Whoever has needs.
fn needers<'a>(it: &'a Judge<'_>) -> Vec<(String, &'a [Need])> {
    let file = &it.rack.rack;
    let nodes = file.nodes.iter().map(|(id, it)| (id.to_string(), it.needs.as_slice()));
    let services = file.services.iter().map(|(id, it)| (id.to_string(), it.needs.as_slice()));
    let workloads = file.workloads.iter().map(|(id, it)| (id.to_string(), it.needs.as_slice()));
    nodes.chain(services).chain(workloads).collect()
}

fn words(need: &Need) -> String {
    need.iter().map(ThingId::as_str).collect::<Vec<_>>().join(" or ")
}

fn is_met(it: &Judge<'_>, need: &Need, down: &BTreeSet<Thing>) -> bool {
    need.iter().flat_map(|thing| it.rack.providers(thing)).any(|it| !down.contains(&it))
}

/// Everything that is down, with what is down because something that it needs is.
pub(super) fn down(it: &Judge<'_>) -> BTreeSet<Thing> {
    let mut down = by_itself(it);
    let file = &it.rack.rack;
    loop {
        let unmet = |needs: &[Need]| needs.iter().any(|need| !is_met(it, need, &down));
        let services = file.services.iter().filter(|it| unmet(&it.1.needs));
        let workloads = file.workloads.iter().filter(|it| unmet(&it.1.needs));
        let services = services.map(|it| Thing::Service(it.0.clone()));
        let more = services.chain(workloads.map(|it| Thing::Workload(it.0.clone())));
        let more: Vec<Thing> = more.filter(|it| !down.contains(it)).collect();
        if more.is_empty() {
            return down;
        }
        down.extend(more);
    }
}

/// Everything that is seen to be down.
fn by_itself(it: &Judge<'_>) -> BTreeSet<Thing> {
    let silent = it.silent();
    let mut down: BTreeSet<Thing> = silent.iter().cloned().map(Thing::Node).collect();
    for lost in it.lost {
        down.extend(match lost {
            Lost::Switch(id) => Some(Thing::Switch(id.clone())),
            Lost::Outlet(id) => Some(Thing::Outlet(id.clone())),
            Lost::Node(id) => Some(Thing::Node(id.clone())),
            Lost::Pool(_) | Lost::Disk(..) => None,
        });
    }
    let gone = it.pools().filter(|it| matches!(it.1, PoolIs::Lost | PoolIs::OutOfReach));
    down.extend(gone.map(|it| Thing::Pool(it.0)));
    for (id, service) in &it.rack.rack.services {
        if !service.on.is_empty() && service.on.iter().all(|it| silent.contains(it)) {
            down.insert(Thing::Service(id.clone()));
        }
    }
    let idle = (0..it.rack.workloads.len()).filter(|at| it.running(*at, it.after) < it.fewest(*at));
    down.extend(idle.map(|at| Thing::Workload(it.rack.workloads[at].id.clone())));
    down
}
