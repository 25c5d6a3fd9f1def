//! What goes down with what.
//!
//! | rule | finds | why |
//! |---|---|---|
//! | `single-point` | DNS, ingress, or an ability that others need, that goes down with one machine | everything that needs it goes down too |
//! | `half-lost` | one thing whose loss takes more than half of the nodes or of the workloads | the rack is as reliable as that one thing |
//! | `half-cut-off` | a service on the way out without which more than half of the nodes reach nothing | no images, no updates, no way in |

mod round;

use super::graph::Kind;
use super::survey::Survey;
use super::tell::at;
use super::wording::{count, list};
use crate::placement::translate;
use crate::{Finding, Location, Resolved};
use rackberry_core::{
    ClusterId, NodeId, OutletId, PoolId, ServiceId, SwitchId, ThingId, WorkloadId,
};
use round::Round;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What goes down when one thing is lost: a node, a switch, an outlet, a pool or a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Loss {
    /// What is lost, by its place in the file.
    pub of: Location,
    /// The nodes that go down, the lost one included.
    pub nodes: Vec<NodeId>,
    /// The switches that go down, the lost one included.
    pub switches: Vec<SwitchId>,
    /// The outlets that go down, the lost one included.
    pub outlets: Vec<OutletId>,
    /// The pools that go down, the lost one included.
    pub pools: Vec<PoolId>,
    /// The services that go down, the lost one included.
    pub services: Vec<ServiceId>,
    /// The clusters left without a control plane, or without a quorum.
    pub clusters: Vec<ClusterId>,
    /// What nothing offers any more: `dns`, `ingress`.
    pub abilities: Vec<ThingId>,
    /// The nodes that still run and no longer reach the outside.
    pub cut_off: Vec<NodeId>,
    /// The workloads that go down and come back on other nodes by themselves.
    pub back: Vec<WorkloadId>,
    /// The workloads that go down and stay down.
    pub down: Vec<Stays>,
}

/// A workload that stays down, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Stays {
    /// The workload.
    pub workload: WorkloadId,
    /// Why it does not come back by itself, as "no other node has room for it".
    pub because: String,
}

impl Loss {
    /// How many workloads go down at once, those that come back included.
    pub fn workloads(&self) -> usize {
        self.back.len() + self.down.len()
    }
}

/// What goes down with every single node, switch, outlet, pool and service; the worst first.
///
/// Where more than one node with workloads goes down at once, nothing is counted as coming back.
pub fn radius(rack: &Resolved) -> Vec<Loss> {
    let survey = Survey::new(rack);
    let losses = losses(&survey, &singles(&survey));
    let mut all: Vec<Loss> = losses.into_iter().map(|it| it.1).collect();
    all.sort_by_cached_key(|it| {
        (Reverse((it.down.len(), it.workloads(), it.nodes.len())), it.of.clone())
    });
    all
}

fn losses(it: &Survey, things: &[u32]) -> Vec<(u32, Loss)> {
    let now: Vec<Option<usize>> = it.rack.replicas.iter().map(|it| it.on).collect();
    let kernel = translate(it.rack, &now, &crate::translate::Ties::default()).ok();
    let mut round = Round::new(it, kernel.as_ref());
    things.iter().map(|thing| (*thing, round.lose(*thing))).collect()
}

/// Everything whose loss is looked at.
fn singles(it: &Survey) -> Vec<u32> {
    let kinds = [Kind::Node, Kind::Switch, Kind::Outlet, Kind::Pool, Kind::Service];
    let single = |thing: &u32| kinds.contains(&it.graph.thing(*thing).0);
    (0..it.graph.run.things()).filter(single).collect()
}

pub(super) fn findings(it: &Survey, out: &mut Vec<Finding>) {
    let wanted = wanted(it);
    let mut round = Round::new(it, None);
    let mut things = singles(it);
    things.retain(|thing| round.matters(*thing, &wanted));
    if things.is_empty() {
        return;
    }
    let losses = losses(it, &things);
    single_points(it, &wanted, &losses, out);
    halves(it, &losses, out);
    cut_off(it, &losses, out);
}

/// The abilities that something needs, and those that a house notices at once.
fn wanted<'a>(it: &Survey<'a>) -> BTreeSet<&'a str> {
    let file = &it.rack.rack;
    let needs = file.nodes.values().flat_map(|it| &it.needs);
    let needs = needs.chain(file.services.values().flat_map(|it| &it.needs));
    let needs = needs.chain(file.workloads.values().flat_map(|it| &it.needs));
    let exports = file.workloads.values().flat_map(|it| &it.volumes);
    let exports = exports.filter_map(|it| Some(it.export()?.service.as_str()));
    let named = needs.flat_map(|it| it.iter()).map(ThingId::as_str);
    named.chain(exports).chain(["dns", "ingress"]).collect()
}

fn single_points(
    it: &Survey,
    wanted: &BTreeSet<&str>,
    losses: &[(u32, Loss)],
    out: &mut Vec<Finding>,
) {
    let mut points: BTreeMap<&ThingId, Vec<&Loss>> = BTreeMap::new();
    for (thing, loss) in losses {
        // A loss of most nodes is told as such.
        let one = loss.nodes.len() == 1 || loss.nodes.len() * 2 <= it.rack.nodes.len();
        if it.graph.thing(*thing).0 == Kind::Node && one {
            let abilities = loss.abilities.iter().filter(|it| wanted.contains(it.as_str()));
            abilities.for_each(|ability| points.entry(ability).or_default().push(loss));
        }
    }
    let one_node = it.rack.nodes.len() < 2;
    let points = points.into_iter().filter(|_| !one_node);
    out.extend(points.filter_map(|(ability, losses)| single_point(it, ability, &losses)));
}

fn single_point(it: &Survey, ability: &ThingId, losses: &[&Loss]) -> Option<Finding> {
    let workloads = it.rack.rack.workloads.iter();
    let serving = workloads.filter(|(_, written)| written.serves.contains(ability));
    let servers: Vec<&str> = serving.map(|it| it.0.as_str()).collect();
    let stays = |loss: &&Loss| {
        servers.is_empty() || loss.down.iter().any(|it| servers.contains(&it.workload.as_str()))
    };
    let at = match servers.as_slice() {
        [one, ..] => at!("workloads", one, "serves"),
        [] => losses.first()?.of.clone(),
    };
    let with = list(losses.iter().filter_map(|it| it.of.0.last()));
    let any = if losses.len() == 1 { "" } else { "any one of " };
    let by = if servers.is_empty() { String::new() } else { format!(" by {}", list(&servers)) };
    let idle: usize = servers.iter().map(|id| idle(it, id)).sum();
    let few = match idle {
        0 => String::new(),
        1 => " (its other replica does not run)".into(),
        _ => format!(" (its other {idle} replicas do not run)"),
    };
    let stays = losses.iter().any(stays);
    let end = match stays {
        true => format!("lost with {any}{with}"),
        false => format!("gone with {any}{with} until it starts elsewhere"),
    };
    let reason = format!("{ability} is served{by}{few} and is {end}");
    let remedy = second(it, ability, &servers, stays);
    let finding = if stays { Finding::warning } else { Finding::note };
    Some(finding("single-point", at, reason, remedy))
}

/// What lets an ability outlive one machine.
fn second(it: &Survey, ability: &ThingId, servers: &[&str], stays: bool) -> String {
    match servers.iter().map(|id| idle(it, id)).sum() {
        0 => {}
        1 => return "start the other replica on another machine".into(),
        idle => return format!("start the other {idle} replicas on other machines"),
    }
    let strict = |id: &&&str| it.rack.rack.workloads[**id].min_available > 1;
    match servers.iter().find(strict) {
        Some(id) => format!("let {id} do with fewer replicas (`min-available`), or run one more"),
        None if stays => format!("serve {ability} from a second machine"),
        None => format!("run a second replica, so that {ability} outlives a node"),
    }
}

/// How many replicas of a workload do not run.
fn idle(it: &Survey, workload: &str) -> usize {
    let Some(at) = it.rack.workload(&WorkloadId::new(workload)) else { return 0 };
    let replicas = it.rack.workloads[at].replicas.clone();
    it.rack.replicas[replicas].iter().filter(|it| it.on.is_none()).count()
}

/// Tells of what takes more than half of the rack: of machines and services, and of what is only
/// passed through. What goes down with a thing that is told of is not told of again.
fn halves(it: &Survey, losses: &[(u32, Loss)], out: &mut Vec<Finding>) {
    let all = machines(it, it.rack.nodes.iter().map(|it| &it.id));
    let workloads = it.rack.workloads.len();
    let half = |(thing, loss): &&(u32, Loss)| {
        let down = machines(it, &loss.nodes);
        let (machines, workloads_) = match passed_through(it, *thing) {
            true => (down + machines(it, &loss.cut_off), loss.workloads()),
            false => (down, loss.down.len()),
        };
        (all > 2 && machines > 1 && machines * 2 > all)
            || (it.rack.nodes.len() > 1 && workloads > 2 && workloads_ * 2 > workloads)
    };
    let mut worst: Vec<&(u32, Loss)> = losses.iter().filter(half).collect();
    worst.sort_by_key(|it| Reverse((it.1.nodes.len(), it.1.workloads(), along(&it.1).count())));
    for hub in [false, true] {
        let those = worst.iter().filter(|worst| passed_through(it, worst.0) == hub);
        let those: Vec<&Loss> = those.map(|it| &it.1).collect();
        let told =
            |at: usize, loss: &Loss| those[..at].iter().any(|it| along(it).any(|it| it == loss.of));
        let first = those.iter().enumerate().filter(|(at, loss)| !told(*at, loss));
        out.extend(first.take(3).map(|(_, loss)| half_lost(it, loss, hub)));
    }
}

/// How many of these nodes are machines, and not guests of one.
fn machines<'n>(it: &Survey, nodes: impl IntoIterator<Item = &'n NodeId>) -> usize {
    let machine =
        |id: &&NodeId| it.rack.node(id).is_some_and(|at| it.rack.nodes[at].host.is_none());
    nodes.into_iter().filter(machine).count()
}

/// Whether a thing is a switch or an outlet.
fn passed_through(it: &Survey, thing: u32) -> bool {
    matches!(it.graph.thing(thing).0, Kind::Switch | Kind::Outlet)
}

/// Everything that goes down with a loss, by its place; workloads left out.
fn along(loss: &Loss) -> impl Iterator<Item = Location> + '_ {
    let nodes = loss.nodes.iter().map(|it| at!("nodes", it));
    let switches = loss.switches.iter().map(|it| at!("switches", it));
    let outlets = loss.outlets.iter().map(|it| at!("outlets", it));
    let pools = loss.pools.iter().map(|it| at!("pools", it));
    let services = loss.services.iter().map(|it| at!("services", it));
    nodes.chain(switches).chain(outlets).chain(pools).chain(services)
}

fn half_lost(it: &Survey, loss: &Loss, hub: bool) -> Finding {
    let (mut takes, all) = (Vec::new(), it.rack.nodes.len());
    if loss.nodes.len() > 1 {
        takes.push(format!("takes {} of {}", loss.nodes.len(), count(all, "node")));
    }
    if hub && !loss.cut_off.is_empty() {
        takes.push(format!("cuts {} off", loss.cut_off.len()));
    }
    if loss.workloads() > 0 {
        let all = count(it.rack.workloads.len(), "workload");
        takes.push(format!("stops {} of {all}", loss.workloads()));
    }
    let back = match (loss.back.len(), loss.workloads()) {
        (_, 0) => String::new(),
        (0, _) if loss.nodes.len() > 1 => ", and none comes back by itself".into(),
        (0, _) => format!(", and none comes back by itself{}", mostly(loss)),
        (1, _) => ", of which 1 comes back by itself".into(),
        (back, _) => format!(", of which {back} come back by themselves"),
    };
    let (at, what) = (loss.of.clone(), name(&loss.of));
    let reason = format!("losing {what} {}{back}", list(takes));
    if hub {
        let remedy = "accept it and keep a spare, or put a part of the nodes on another one".into();
        return Finding::note("half-lost", at, reason, remedy);
    }
    let remedy = match loss.nodes.len() {
        1 => "let what must stay up run on other nodes as well, and keep its data off this one",
        _ => "keep a second one, or let what must stay up do without it",
    };
    Finding::warning("half-lost", at, reason, remedy.into())
}

/// The name of what stands at a place, with its kind where that helps.
fn name(of: &Location) -> String {
    let name = of.0.last().map_or("", String::as_str);
    match of.0.first().map(String::as_str) {
        Some("switches") => format!("switch {name}"),
        Some("outlets") => format!("outlet {name}"),
        Some("pools") => format!("pool {name}"),
        _ => name.to_string(),
    }
}

/// Why most workloads stay down, if most do for one reason.
fn mostly(loss: &Loss) -> String {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    loss.down.iter().for_each(|it| *reasons.entry(&it.because).or_default() += 1);
    let most = reasons.into_iter().max_by_key(|it| it.1);
    match most.filter(|it| it.1 * 2 > loss.down.len()) {
        Some((because, _)) => format!(", because {because}"),
        None => String::new(),
    }
}

fn cut_off(it: &Survey, losses: &[(u32, Loss)], out: &mut Vec<Finding>) {
    let nodes = it.rack.nodes.len();
    let internet = it.graph.internet();
    let those = losses.iter().filter(|(thing, loss)| {
        it.graph.thing(*thing).0 == Kind::Service
            && !internet.contains(thing)
            && nodes > 1
            && (loss.cut_off.len() + loss.nodes.len()) * 2 > nodes
            && !loss.cut_off.is_empty()
    });
    for (_, loss) in those {
        let name = loss.of.0.last().cloned().unwrap_or_default();
        if it.rack.rack.services[name.as_str()].serves.iter().any(|it| it.as_str() == "dns") {
            continue;
        }
        let reason = format!(
            "{} of {} reach the outside through {name} alone",
            loss.cut_off.len(),
            count(nodes, "node")
        );
        let remedy = "accept it, or lay a cable around it".into();
        out.push(Finding::note("half-cut-off", loss.of.clone(), reason, remedy));
    }
}
