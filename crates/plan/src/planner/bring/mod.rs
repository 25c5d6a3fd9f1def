//! The way from what is seen to a rack whose machines all run what the file says: VLANs, power, first boot,
//! configuration, clusters, storage, guests, labels, workloads declared. Which replica runs where comes after.

mod cluster;
mod drift;
mod guest;
mod network;
mod port;

use super::{limits, upgrade};
use crate::{Action, Fact, Feed, Observed, Resolved, Step, Unset};
use rackberry_core::{ClusterId, Milliwatts, NodeId, PoolId, PoolSpec, Power, Seconds, Stage};
use std::collections::{BTreeMap, BTreeSet};

/// What an order to a switch takes, by the time that its pages take to answer.
pub(super) const SWITCH: Seconds = Seconds(5);
/// What a first boot takes.
pub(super) const BOOT: Seconds = Seconds(90);
/// What a machine takes to install itself and to come back.
const INSTALL: Seconds = Seconds(240);

/// The steps to a rack that runs, and what cannot be done.
#[derive(Debug, Default)]
pub(super) struct Bringing {
    pub(super) steps: Vec<Step>,
    /// Machines that cannot be brought up, and why.
    pub(super) stuck: BTreeMap<NodeId, String>,
    /// What the file asks of switches and is not done.
    pub(super) unset: Vec<Unset>,
}

/// Plans the way of the switches alone: their VLANs and their ports, and that the machines of one of them are fed.
pub(super) fn bring_switch(rack: &Resolved, seen: &Observed, switch: usize) -> Bringing {
    let mut bring = Bring::new(rack, seen);
    bring.switches();
    bring.ports(Some(switch));
    bring.out
}

/// Plans the way up.
pub(super) fn bring(rack: &Resolved, seen: &Observed) -> Bringing {
    let mut bring = Bring::new(rack, seen);
    bring.switches();
    bring.ports(None);
    for node in (0..rack.nodes.len()).filter(|it| rack.nodes[*it].cluster.is_none()) {
        bring.machine(node, &[]);
    }
    rack.rack.clusters.keys().for_each(|it| bring.cluster(it));
    for pool in rack.rack.pools.keys() {
        bring.pool(pool);
    }
    bring.drifts();
    bring.out
}

/// A way up in the making. Steps are named by their position.
struct Bring<'a> {
    rack: &'a Resolved,
    seen: &'a Observed,
    out: Bringing,
    /// The last steps of the VLANs.
    net: Vec<usize>,
    /// The steps by which each switch is told what its ports deliver.
    fed: BTreeMap<usize, Vec<usize>>,
    /// What each switch has left for machines that boot.
    rooms: Vec<Milliwatts>,
    /// Why the VLANs of each switch cannot be set as the file says.
    locked: Vec<Option<String>>,
    /// The step after which each machine is as it should be; none where it is already, or never will be.
    done: BTreeMap<usize, Option<usize>>,
    /// The step after which the first machine of a cluster is a member; the others are when they are as they should be.
    joined: BTreeMap<usize, Option<usize>>,
    clusters: BTreeSet<ClusterId>,
    /// The clusters that this plan begins.
    begun: BTreeSet<ClusterId>,
    pools: BTreeMap<PoolId, Option<usize>>,
    /// The last step that moves a guest: they go one at a time.
    moved: Option<usize>,
}

impl<'a> Bring<'a> {
    fn new(rack: &'a Resolved, seen: &'a Observed) -> Self {
        Self {
            rack,
            seen,
            out: Bringing::default(),
            net: Vec::new(),
            fed: BTreeMap::new(),
            rooms: limits::rooms(rack, seen),
            locked: (0..rack.switches.len()).map(|it| network::locks_out(rack, it)).collect(),
            done: BTreeMap::new(),
            joined: BTreeMap::new(),
            clusters: BTreeSet::new(),
            begun: BTreeSet::new(),
            pools: BTreeMap::new(),
            moved: None,
        }
    }
}

impl Bring<'_> {
    /// Adds a step unless what it proves is seen already. Returns its position.
    fn push(&mut self, step: Step) -> Option<usize> {
        if step.after.iter().all(|it| it.holds(self.seen)) {
            return None;
        }
        self.out.steps.push(step);
        Some(self.out.steps.len() - 1)
    }

    /// Brings one machine up, after these steps. Returns the step that does, if one is needed.
    fn machine(&mut self, node: usize, after: &[usize]) -> Option<usize> {
        let id = self.rack.nodes[node].id.clone();
        let silent = self.seen.silent.get(&id).cloned();
        let why = silent.or_else(|| self.locked(node)).or_else(|| self.still_elsewhere(node));
        let why = why.or_else(|| self.stays_on(node));
        if let Some(why) = why {
            self.out.stuck.insert(id, why);
            self.done.insert(node, None);
            return None;
        }
        let mut needs = after.to_vec();
        let on = self.power(node);
        needs.extend(on);
        let answers = Fact::Stage { node: id.clone(), stage: Stage::Maintenance };
        if !answers.holds(self.seen) && on.is_none() {
            let dark =
                || "it does not answer, and nothing here can switch it on: do it by hand".into();
            let why = self.too_much(node).unwrap_or_else(dark);
            self.out.stuck.insert(id, why);
            self.done.insert(node, None);
            return None;
        }
        if upgrade::is_due(self.rack, self.seen, node) {
            self.done.insert(node, None);
            return None;
        }
        let runs = Fact::Stage { node: id.clone(), stage: Stage::Running }.holds(self.seen);
        if let Some(why) = self.too_much(node).filter(|_| !runs) {
            self.out.stuck.insert(id, why);
            self.done.insert(node, None);
            return None;
        }
        let config = self.rack.node_intent(node).digest();
        let mut proofs = vec![Fact::Configured { node: id.clone(), config: config.clone() }];
        if self.joins(node) {
            proofs.push(Fact::Ready(id.clone()));
        }
        let action = Action::Configure { node: id, config };
        needs.sort_unstable();
        needs.dedup();
        let done =
            self.push(Step { before: vec![answers], action, after: proofs, needs, takes: INSTALL });
        self.done.insert(node, done);
        done
    }

    /// Why a machine cannot be made something else yet: it is still a member of a cluster that the file does not put it
    /// in, with a vote or with pods.
    fn still_elsewhere(&self, node: usize) -> Option<String> {
        let it = &self.rack.nodes[node];
        let mut clusters = self.seen.clusters.iter();
        let (other, _) = clusters.find(|(id, state)| {
            Some(*id) != it.cluster.as_ref() && state.members.contains_key(&it.id)
        })?;
        Some(format!(
            "it is still a member of cluster {other}: remove it from there first (`--prune members`)"
        ))
    }

    /// Whether a machine that is configured becomes a ready member at once: its cluster has begun by then.
    fn joins(&self, node: usize) -> bool {
        let Some(cluster) = &self.rack.nodes[node].cluster else { return false };
        self.begun.contains(cluster) || Fact::Begun(cluster.clone()).holds(self.seen)
    }

    /// Switches a machine on, if it can be and is not.
    fn power(&mut self, node: usize) -> Option<usize> {
        let needs = match &self.rack.nodes[node].feed {
            Feed::Poe { .. } => self.poe(node)?,
            Feed::Host(host) => self.guest(node, *host)?,
            Feed::Outlet(_) | Feed::Unknown => return None,
        };
        let id = self.rack.nodes[node].id.clone();
        let on = Fact::Power { node: id.clone(), power: Power::On };
        let answers = Fact::Stage { node: id.clone(), stage: Stage::Maintenance };
        let action = Action::SetPower { node: id, power: Power::On };
        let step =
            Step { before: self.made(node), action, after: vec![on, answers], needs, takes: BOOT };
        self.push(step)
    }

    /// A guest has to be there before it can be switched on.
    fn made(&self, node: usize) -> Vec<Fact> {
        let Feed::Host(host) = self.rack.nodes[node].feed else { return Vec::new() };
        let id = |it: usize| self.rack.nodes[it].id.clone();
        vec![Fact::Guest { host: id(host), guest: id(node) }]
    }

    /// What has to be done before a machine can be fed by its switch: the VLANs of all of them, and what that delivers.
    fn poe(&self, node: usize) -> Option<Vec<usize>> {
        let switch = self.rack.nodes[node].switch?;
        self.seen.switches.get(&self.rack.switches[switch].id)?;
        let fed = self.fed.get(&switch).into_iter().flatten();
        self.too_much(node).is_none().then(|| self.net.iter().chain(fed).copied().collect())
    }

    fn too_much(&self, node: usize) -> Option<String> {
        limits::too_much(self.rack, self.seen, &self.rooms, node)
    }

    /// Makes a pool of a node of this rack, once that runs.
    fn pool(&mut self, id: &PoolId) -> Option<usize> {
        if let Some(known) = self.pools.get(id) {
            return *known;
        }
        let made = self.make_pool(id);
        self.pools.insert(id.clone(), made);
        made
    }

    fn make_pool(&mut self, id: &PoolId) -> Option<usize> {
        let pool = self.rack.rack.pools.get(id)?;
        let node = self.rack.node(pool.node.as_ref()?)?;
        let owner = self.rack.nodes[node].id.clone();
        if pool.disks.is_empty() || self.out.stuck.contains_key(&owner) {
            return None;
        }
        let there = self.seen.storage.get(id).is_some_and(|it| it.pool.is_some());
        if there && !Fact::Pool(id.clone()).holds(self.seen) {
            let why = format!(
                "its pool {id} is lost: replace its disks, destroy it and restore what lay on it"
            );
            self.out.stuck.insert(owner, why);
            return None;
        }
        let needs = self.done.get(&node).copied().flatten().into_iter().collect();
        let spec = PoolSpec { layout: pool.layout, disks: pool.disks.clone() };
        let before = vec![Fact::Stage { node: owner, stage: Stage::Running }];
        let action = Action::CreatePool { pool: id.clone(), spec };
        self.push(Step {
            before,
            action,
            after: vec![Fact::Pool(id.clone())],
            needs,
            takes: SWITCH,
        })
    }
}
