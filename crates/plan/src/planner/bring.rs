//! The way from what is seen to a rack whose machines all run what the file says: VLANs, power, first boot,
//! configuration, clusters, storage, guests, labels, workloads declared. Which replica runs where comes after.

use super::{limits, upgrade};
use crate::vlan::{CHANGES, make_before_break};
use crate::{Action, Fact, Feed, Observed, Resolved, Step};
use rackberry_core::{
    ClusterId, Marks, Milliwatts, NodeId, PoolId, PoolSpec, Power, Seconds, Stage, SwitchId,
    VlanTable,
};
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
}

/// Plans the way up.
pub(super) fn bring(rack: &Resolved, seen: &Observed) -> Bringing {
    let mut bring = Bring {
        rack,
        seen,
        out: Bringing::default(),
        net: Vec::new(),
        rooms: limits::rooms(rack, seen),
        done: BTreeMap::new(),
        joined: BTreeMap::new(),
        clusters: BTreeSet::new(),
        begun: BTreeSet::new(),
        pools: BTreeMap::new(),
    };
    bring.switches();
    bring.ports();
    for node in (0..rack.nodes.len()).filter(|it| rack.nodes[*it].cluster.is_none()) {
        bring.machine(node, &[]);
    }
    rack.rack.clusters.keys().for_each(|it| bring.cluster(it));
    for pool in rack.rack.pools.keys() {
        bring.pool(pool);
    }
    bring.out
}

/// A way up in the making. Steps are named by their position.
struct Bring<'a> {
    rack: &'a Resolved,
    seen: &'a Observed,
    out: Bringing,
    /// The last steps of the VLANs.
    net: Vec<usize>,
    /// What each switch has left for machines that boot.
    rooms: Vec<Milliwatts>,
    /// The step after which each machine is as it should be; none where it is already, or never will be.
    done: BTreeMap<usize, Option<usize>>,
    /// The step after which the first machine of a cluster is a member; the others are when they are as they should be.
    joined: BTreeMap<usize, Option<usize>>,
    clusters: BTreeSet<ClusterId>,
    /// The clusters that this plan begins.
    begun: BTreeSet<ClusterId>,
    pools: BTreeMap<PoolId, Option<usize>>,
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

    /// Sets the VLANs of all switches, one kind of change after the other: a frame may cross several of them.
    fn switches(&mut self) {
        let ways: Vec<_> = (0..self.rack.switches.len()).filter_map(|it| self.vlans(it)).collect();
        for change in 0..CHANGES {
            let mut steps = Vec::new();
            for (switch, way) in &ways {
                let before = if change == 0 { &way.0 } else { &way.1[change - 1] };
                let table = &way.1[change];
                if table != before {
                    steps.push(self.set_vlans(switch, before, table));
                }
            }
            if !steps.is_empty() {
                self.net = steps;
            }
        }
    }

    /// Switches on the ports that the file has something plugged in, once their VLANs are set.
    fn ports(&mut self) {
        let needs = self.net.clone();
        for (switch, port) in self.rack.plugged_ports() {
            let seen = self.seen.switches.get(&switch).and_then(|it| it.ports.get(&port));
            if seen.is_none_or(|it| it.enabled) {
                continue;
            }
            let after = vec![Fact::PortOpen { switch: switch.clone(), port }];
            let (action, needs) = (Action::OpenPort { switch, port }, needs.clone());
            let opened = self.push(Step { before: vec![], action, after, needs, takes: SWITCH });
            self.net.extend(opened);
        }
    }

    /// The VLANs that a switch has, and the tables on the way to those it should have.
    fn vlans(&self, switch: usize) -> Option<(SwitchId, (VlanTable, [VlanTable; CHANGES]))> {
        let id = &self.rack.switches[switch].id;
        let now = self.seen.switches.get(id)?.vlans.clone()?;
        let wish = self.rack.wished_vlans(switch, &now)?;
        if self.rack.locks_out(switch, &wish) {
            return None;
        }
        let way = make_before_break(&now, &wish);
        Some((id.clone(), (now, way)))
    }

    /// Why the VLANs of a machine's switch cannot be set as the file says.
    fn locked(&self, node: usize) -> Option<String> {
        let switch = self.rack.nodes[node].switch?;
        let id = &self.rack.switches[switch].id;
        let out = self.rack.locks_out(switch, &self.rack.vlan_table(switch)?);
        out.then(|| {
            format!("switch {id} could not be reached any more by way of its uplink: say what that port carries")
        })
    }

    fn set_vlans(&mut self, switch: &SwitchId, before: &VlanTable, table: &VlanTable) -> usize {
        let fact = |table: &VlanTable| Fact::Vlans { switch: switch.clone(), table: table.clone() };
        let action = Action::SetVlans { switch: switch.clone(), table: table.clone() };
        let (before, after) = (vec![fact(before)], vec![fact(table)]);
        let needs = self.net.clone();
        self.out.steps.push(Step { before, action, after, needs, takes: SWITCH });
        self.out.steps.len() - 1
    }

    /// Brings one machine up, after these steps. Returns the step that does, if one is needed.
    fn machine(&mut self, node: usize, after: &[usize]) -> Option<usize> {
        let id = self.rack.nodes[node].id.clone();
        let silent = self.seen.silent.get(&id).cloned();
        let why = silent.or_else(|| self.locked(node)).or_else(|| self.still_elsewhere(node));
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

    /// Why a cluster is not begun although nothing is seen of it: it may have begun, and have too few voters left to say so.
    fn may_have_begun(&self, cluster: &ClusterId) -> Option<String> {
        let runs = |it: usize| {
            let state = self.seen.nodes.get(&self.rack.nodes[it].id);
            state.is_some_and(|it| it.stage == Stage::Running && it.config.is_some())
        };
        let unseen = !self.seen.clusters.contains_key(cluster);
        (unseen && self.rack.members(cluster).any(runs)).then(|| {
            format!("cluster {cluster} does not answer, and may have begun: bring its other voters back, it is not begun anew")
        })
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

    /// What has to be done before a machine can be fed by its switch: the VLANs of all of them.
    fn poe(&self, node: usize) -> Option<Vec<usize>> {
        let id = &self.rack.switches[self.rack.nodes[node].switch?].id;
        self.seen.switches.get(id)?;
        self.too_much(node).is_none().then(|| self.net.clone())
    }

    fn too_much(&self, node: usize) -> Option<String> {
        limits::too_much(self.rack, self.seen, &self.rooms, node)
    }

    /// What has to be done before a guest can be switched on: its host runs, and has made it.
    fn guest(&mut self, node: usize, host: usize) -> Option<Vec<usize>> {
        if let Some(cluster) = self.rack.nodes[host].cluster.clone() {
            self.cluster(&cluster);
        }
        let spec = self.rack.guest_spec(node);
        let pools: Vec<PoolId> = spec.disks.values().filter_map(|it| it.pool.clone()).collect();
        let mut needs: Vec<usize> = pools.iter().filter_map(|it| self.pool(it)).collect();
        needs.extend(self.done.get(&host).copied().flatten());
        let (id, guest) = (self.rack.nodes[host].id.clone(), spec.guest.clone());
        if self.out.stuck.contains_key(&id) {
            return None;
        }
        let before = vec![Fact::Stage { node: id.clone(), stage: Stage::Running }];
        let after = vec![Fact::Guest { host: id.clone(), guest }];
        needs.sort_unstable();
        needs.dedup();
        let action = Action::CreateGuest { host: id, spec };
        let made = self.push(Step { before, action, after, needs, takes: SWITCH });
        Some(made.into_iter().collect())
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

    /// Brings a cluster up: its first machine, the beginning, then who votes one at a time, then the others.
    fn cluster(&mut self, id: &ClusterId) {
        if !self.clusters.insert(id.clone()) {
            return;
        }
        let (voters, others) = self.members(id);
        let Some((first, rest)) = voters.split_first() else { return };
        let mut last = self.begin(id, *first);
        if !self.joins(*first) {
            let first = &self.rack.nodes[*first].id;
            let why = match self.seen.clusters.contains_key(id) {
                true => format!("cluster {id} cannot begin before {first} answers"),
                false => format!("cluster {id} does not answer, and {first} neither"),
            };
            for node in rest.iter().chain(&others) {
                self.out.stuck.insert(self.rack.nodes[*node].id.clone(), why.clone());
                self.done.insert(*node, None);
            }
            return;
        }
        for node in rest {
            let needs: Vec<usize> = last.into_iter().collect();
            last = self.machine(*node, &needs).or(last);
        }
        let needs: Vec<usize> = last.into_iter().collect();
        for node in &others {
            self.machine(*node, &needs);
        }
        voters.iter().chain(&others).for_each(|node| self.mark(*node));
        self.declare(id, last);
    }

    /// Who votes, and who does not. The first machine of a cluster that has begun is one that is a member.
    fn members(&self, id: &ClusterId) -> (Vec<usize>, Vec<usize>) {
        let (mut voters, others): (Vec<usize>, Vec<usize>) =
            self.rack.members(id).partition(|it| self.rack.votes(*it));
        let ready = |it: &usize| Fact::Ready(self.rack.nodes[*it].id.clone()).holds(self.seen);
        voters.sort_by_key(|it| !ready(it));
        (voters, others)
    }

    fn begin(&mut self, cluster: &ClusterId, first: usize) -> Option<usize> {
        let configured = self.machine(first, &[]);
        let id = self.rack.nodes[first].id.clone();
        if self.out.stuck.contains_key(&id) {
            return configured;
        }
        if let Some(why) = self.may_have_begun(cluster) {
            self.out.stuck.insert(id, why);
            return None;
        }
        let config = self.rack.node_intent(first).digest();
        let before = vec![Fact::Configured { node: id.clone(), config }];
        let after = vec![Fact::Begun(cluster.clone()), Fact::Ready(id.clone())];
        let action = Action::Bootstrap { cluster: cluster.clone(), node: id };
        let needs = configured.into_iter().collect();
        if Fact::Begun(cluster.clone()).holds(self.seen) {
            return configured;
        }
        self.begun.insert(cluster.clone());
        let begun = self.push(Step { before, action, after, needs, takes: BOOT }).or(configured);
        self.joined.insert(first, begun);
        begun
    }

    /// Gives a member its labels, taints and cordon.
    fn mark(&mut self, node: usize) {
        let it = &self.rack.nodes[node];
        let (id, written) = (it.id.clone(), &self.rack.rack.nodes[&it.id]);
        if self.out.stuck.contains_key(&id) {
            return;
        }
        let joined = self.joined.get(&node).or_else(|| self.done.get(&node));
        let needs: Vec<usize> = joined.copied().flatten().into_iter().collect();
        let ready = vec![Fact::Ready(id.clone())];
        let marks =
            Marks { labels: written.labels.clone(), taints: it.taints.iter().cloned().collect() };
        if !marks.labels.is_empty() || !marks.taints.is_empty() {
            let after = vec![Fact::Labelled { node: id.clone(), marks: marks.clone() }];
            let action = Action::Label { node: id.clone(), marks };
            let (before, needs) = (ready.clone(), needs.clone());
            self.push(Step { before, action, after, needs, takes: Seconds(0) });
        }
        let open = self.seen.member(&id).is_none_or(|it| it.schedulable);
        // What is due for another version stays closed until it has that.
        let opens = !open && !upgrade::is_due(self.rack, self.seen, node);
        if it.cordoned || opens {
            let yes = !it.cordoned;
            let after = vec![Fact::Schedulable { node: id.clone(), yes }];
            let action = Action::SetSchedulable { node: id, yes };
            self.push(Step { before: ready, action, after, needs, takes: Seconds(0) });
        }
    }

    /// Declares the workloads of a cluster, once it has begun.
    fn declare(&mut self, id: &ClusterId, begun: Option<usize>) {
        for at in 0..self.rack.workloads.len() {
            if self.rack.workloads[at].cluster.as_ref() != Some(id) {
                continue;
            }
            let (workload, cluster) = (self.rack.workloads[at].id.clone(), id.clone());
            let manifest = self.rack.workload_intent(at).digest();
            let (w, c, m) = (workload.clone(), cluster.clone(), manifest.clone());
            let after = vec![Fact::Declared { workload: w, cluster: c, manifest: m }];
            let action = Action::Declare { workload, cluster: cluster.clone(), manifest };
            let (before, needs) = (vec![Fact::Begun(cluster)], begun.into_iter().collect());
            self.push(Step { before, action, after, needs, takes: Seconds(0) });
        }
    }
}
