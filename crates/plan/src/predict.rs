//! What orders to devices do, on the model.

use crate::{Action, Observed, Resolved};
use rackberry_core::{
    BootId, ClusterId, ClusterState, Digest, GuestSpec, GuestState, Health, Marks, Member, NodeId,
    NodeState, PodRef, PodState, PoePriority, PoeState, PoolState, PortState, Power, Stage,
    StorageState, SwitchState, Version, VlanTable, WorkloadId,
};

impl Observed {
    /// Applies what an order to a device does when it succeeds; others do nothing here.
    pub(crate) fn predict_device(&mut self, rack: &Resolved, action: &Action) {
        match action {
            Action::SetVlans { switch, table } => {
                self.switches.entry(switch.clone()).or_default().vlans = Some(table.clone());
            }
            Action::SetPort { switch, port, to } => {
                let state = self.switches.get_mut(switch).and_then(|it| it.ports.get_mut(port));
                state.into_iter().for_each(|it| to.predict(it));
            }
            Action::SetPower { node, power } => self.set_power(rack, node, *power),
            Action::Configure { node, config } => self.configure(rack, node, config),
            Action::Upgrade { node, version } => {
                let state = self.nodes.get_mut(node);
                state.into_iter().for_each(|it| it.next = version.clone());
            }
            Action::Reboot { node, boot } => self.reboot(node, boot),
            Action::CreateGuest { host, spec } => self.create_guest(host, spec),
            Action::MoveGuest { host, guest, to } => self.move_guest(host, guest, to),
            Action::StopGuest { host, guest } => {
                let state = self.guests.get_mut(host).and_then(|it| it.get_mut(guest));
                state.into_iter().for_each(|it| it.power = Power::Off);
            }
            Action::DestroyGuest { host, guest, uid } => {
                let all = self.guests.get_mut(host);
                all.into_iter().for_each(|it| it.retain(|id, it| id != guest || it.uid != *uid));
            }
            Action::CreatePool { pool, .. } => make(self.storage.entry(pool.clone()).or_default()),
            Action::Bootstrap { cluster, .. } => self.begin(rack, cluster),
            Action::Label { node, marks } => self.change(node, |it| {
                it.marks.labels.extend(marks.labels.clone());
                it.marks.taints.clone_from(&marks.taints);
            }),
            Action::SetSchedulable { node, yes } => self.change(node, |it| it.schedulable = *yes),
            Action::Evict { node, pod } => self.evict(node, pod),
            Action::Forget { cluster, node } => {
                let state = self.clusters.get_mut(cluster);
                state.into_iter().for_each(|it| drop(it.members.remove(node)));
                self.ready.remove(node);
            }
            Action::Declare { workload, cluster, manifest } => {
                let state = self.clusters.entry(cluster.clone()).or_default();
                state.workloads.insert(workload.clone(), manifest.clone());
            }
            Action::Withdraw { workload, cluster } => self.withdraw(workload, cluster),
            Action::CopyHot { .. } | Action::CopyCold { .. } | Action::Compare { .. } => {}
            Action::Bind { .. } | Action::Start { .. } | Action::Stop { .. } => {}
        }
    }

    fn configure(&mut self, rack: &Resolved, node: &NodeId, config: &Digest) {
        let state = self.nodes.entry(node.clone()).or_insert_with(|| fresh(rack, node));
        if state.stage != Stage::Running {
            // It installs itself with the version that its configuration says.
            let version = rack.node(node).and_then(|it| rack.version(it));
            state.version = version.unwrap_or(state.version.clone());
            state.next = state.version.clone();
        }
        (state.stage, state.config) = (Stage::Running, Some(config.clone()));
        self.join(rack, node);
    }

    fn reboot(&mut self, node: &NodeId, boot: &BootId) {
        let Some(state) = self.nodes.get_mut(node) else { return };
        if state.boot == *boot {
            state.boot = BootId::new(format!("after {boot}"));
            state.version = state.next.clone();
        }
        let version = state.version.clone();
        self.change(node, |it| it.version = version.clone());
    }

    fn create_guest(&mut self, host: &NodeId, spec: &GuestSpec) {
        let guest = GuestState {
            uid: spec.guest.to_string(),
            power: Power::Off,
            memory: spec.memory,
            cores: spec.cores,
            snapshots: Vec::new(),
        };
        let all = self.guests.entry(host.clone()).or_default();
        all.entry(spec.guest.clone()).or_insert(guest);
        self.power.entry(spec.guest.clone()).or_insert(Power::Off);
    }

    fn move_guest(&mut self, host: &NodeId, guest: &NodeId, to: &NodeId) {
        let moved = self.guests.get_mut(host).and_then(|it| it.remove(guest));
        let Some(moved) = moved else { return };
        self.power.insert(guest.clone(), moved.power);
        self.guests.entry(to.clone()).or_default().insert(guest.clone(), moved);
    }

    fn set_power(&mut self, rack: &Resolved, node: &NodeId, power: Power) {
        self.power.insert(node.clone(), power);
        match power {
            Power::On => self.wake(rack, node),
            Power::Off => {
                self.nodes.remove(node);
                self.ready.remove(node);
                self.change(node, |it| it.ready = false);
            }
        }
        for guests in self.guests.values_mut() {
            guests.get_mut(node).into_iter().for_each(|it| it.power = power);
        }
    }

    /// What answers once it is on. Whether a system is installed shows only then; but what was a member has one.
    fn wake(&mut self, rack: &Resolved, node: &NodeId) {
        let version = self.member(node).map(|it| it.version.clone());
        let state = self.nodes.entry(node.clone()).or_insert_with(|| fresh(rack, node));
        let Some(version) = version else { return };
        (state.stage, state.version, state.next) = (Stage::Running, version.clone(), version);
        state.config = rack.node(node).map(|it| rack.node_intent(it).digest());
        self.change(node, |it| it.ready = true);
        self.ready.insert(node.clone());
    }

    fn change(&mut self, node: &NodeId, change: impl Fn(&mut Member)) {
        let members = self.clusters.values_mut().filter_map(|it| it.members.get_mut(node));
        members.for_each(change);
    }

    fn evict(&mut self, node: &NodeId, pod: &PodRef) {
        let pods = self.member(node).into_iter().flat_map(|it| &it.pods);
        let replica = pods.filter(|it| it.pod == *pod).find_map(|it| it.replica.clone());
        if let Some(nodes) = replica.and_then(|it| self.running.get_mut(&it)) {
            nodes.remove(node);
        }
        self.change(node, |it| it.pods.retain(|it| it.pod != *pod));
    }

    fn withdraw(&mut self, workload: &WorkloadId, cluster: &ClusterId) {
        let Some(state) = self.clusters.get_mut(cluster) else { return };
        state.workloads.remove(workload);
        let of_it = |it: &PodState| it.replica.as_ref().is_some_and(|it| it.workload == *workload);
        state.members.values_mut().for_each(|it| it.pods.retain(|it| !of_it(it)));
        self.running.retain(|it, _| it.workload != *workload);
    }

    /// A machine that runs with its configuration joins its cluster, if that has begun.
    fn join(&mut self, rack: &Resolved, node: &NodeId) {
        let Some(at) = rack.node(node) else { return };
        let Some(cluster) = rack.nodes[at].cluster.as_ref() else { return };
        let begun = self.clusters.get_mut(cluster).filter(|it| it.uid.is_some());
        let Some(state) = begun else { return };
        let version = self.nodes.get(node).map(|it| it.version.clone());
        state.members.entry(node.clone()).or_insert_with(|| member(rack, at, version));
        state.members.get_mut(node).into_iter().for_each(|it| it.ready = true);
        self.ready.insert(node.clone());
    }

    fn begin(&mut self, rack: &Resolved, cluster: &ClusterId) {
        let state: &mut ClusterState = self.clusters.entry(cluster.clone()).or_default();
        state.uid.get_or_insert_with(|| cluster.to_string());
        let configured =
            self.nodes.iter().filter(|it| it.1.config.is_some()).map(|it| it.0.clone());
        let all: Vec<NodeId> = configured.collect();
        let own = |it: &&NodeId| {
            rack.node(it).is_some_and(|it| rack.nodes[it].cluster.as_ref() == Some(cluster))
        };
        all.iter().filter(own).for_each(|it| self.join(rack, it));
    }
}

/// A machine that answers for the first time.
pub(crate) fn fresh(rack: &Resolved, node: &NodeId) -> NodeState {
    let written = rack.rack.nodes.get(node);
    let disks = written.map(|it| &it.disks).into_iter().flatten();
    NodeState {
        stage: Stage::Maintenance,
        version: Version::new("-"),
        next: Version::new("-"),
        boot: BootId::new(format!("first of {node}")),
        config: None,
        serial: written.and_then(|it| it.serial.clone()),
        memory: rack.node(node).map(|it| rack.nodes[it].usable.memory).unwrap_or_default(),
        disks: disks.map(|(id, it)| (id.clone(), it.size.unwrap_or_default())).collect(),
        addresses: written.and_then(|it| it.address).into_iter().collect(),
    }
}

/// A switch as it leaves its maker.
pub(crate) fn bare_switch(rack: &Resolved, switch: usize) -> SwitchState {
    let it = &rack.switches[switch];
    let ports = it.model.port_numbers();
    let state = |port| {
        let feeds = it.model.port(port).is_some_and(|it| it.poe.is_some());
        let poe = feeds.then(|| PoeState {
            power: Power::Off,
            delivers: false,
            class: None,
            draw: Default::default(),
            priority: PoePriority::default(),
            limit: None,
            gauge: Default::default(),
        });
        PortState { enabled: true, poe, ..PortState::default() }
    };
    SwitchState {
        model: rack.rack.switches[&it.id].model.clone(),
        serial: None,
        ports: ports.clone().map(|port| (port, state(port))).collect(),
        vlans: it.model.is_managed().then(|| VlanTable::factory(ports)),
        budget: (it.budget.0 > 0).then_some(it.budget),
    }
}

fn member(rack: &Resolved, at: usize, version: Option<Version>) -> Member {
    let node = &rack.nodes[at];
    Member {
        ready: true,
        schedulable: true,
        voter: rack.votes(at),
        version: version.unwrap_or_else(|| Version::new("-")),
        marks: Marks::default(),
        allocatable: node.usable.memory,
        used: None,
        pods: Vec::new(),
    }
}

fn make(state: &mut StorageState) {
    state.pool.get_or_insert(PoolState {
        guid: 1,
        health: Health::Online,
        capacity: Default::default(),
        used: Default::default(),
        scrubs: false,
        errors: 0,
    });
}
