//! What stands in the room, and how time passes in it.

use super::Fault;
use super::cluster::ClusterRoom;
use super::due::{Due, Queue, queue};
use super::machine::Machine;
use super::network::{Cabling, Wires};
use super::power::Power;
use super::switch::SwitchRoom;
use super::zfs::PoolRoom;
use crate::{Blueprint, Uplink};
use rackberry_core::{ClusterId, Error, ErrorKind, NodeId, PoolId, Result, SwitchId, Version};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Everything there is.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Room {
    pub(super) now: u64,
    pub(super) calls: usize,
    pub(super) latency: u64,
    pub(super) faults: BTreeMap<usize, Fault>,
    #[serde(with = "queue")]
    queue: Queue,
    /// How many orders were ever put off.
    pub(super) put_off: u64,
    /// The tick up to which everything has been settled.
    pub(super) settled: u64,
    /// Whose power may have to change.
    pub(super) power: Power,
    #[serde(skip)]
    pub(super) cabling: Cabling,
    pub(super) identities: u64,
    pub(super) versions: BTreeSet<Version>,
    pub(super) uplink: Option<Uplink>,
    pub(super) switches: BTreeMap<SwitchId, SwitchRoom>,
    pub(super) machines: BTreeMap<NodeId, Machine>,
    pub(super) clusters: BTreeMap<ClusterId, ClusterRoom>,
    pub(super) pools: BTreeMap<PoolId, PoolRoom>,
    #[serde(skip)]
    pub(super) wires: Wires,
}

impl Room {
    pub(super) fn new(blueprint: Blueprint) -> Self {
        let switches = blueprint.switches.into_iter();
        let machines = blueprint.machines.into_iter();
        let clusters = blueprint.clusters.into_iter();
        let pools = blueprint.pools.into_iter();
        let switches = switches.map(|it| (it.id.clone(), SwitchRoom::new(it))).collect();
        let machines = machines.map(|it| (it.id.clone(), Machine::new(it))).collect();
        let mut room = Self {
            now: 0,
            calls: 0,
            latency: 1,
            faults: BTreeMap::new(),
            queue: Queue::new(),
            put_off: 0,
            settled: 0,
            power: Power::default(),
            cabling: Cabling::new(&switches, &machines),
            identities: 0,
            versions: blueprint.versions,
            uplink: blueprint.uplink,
            switches,
            machines,
            clusters: clusters.map(|it| (it.id.clone(), ClusterRoom::new(it))).collect(),
            pools: pools.map(|it| (it.id.clone(), PoolRoom::new(it))).collect(),
            wires: Wires::default(),
        };
        room.open();
        room
    }

    /// Brings everything to where it was when the story begins: nothing has to boot first.
    fn open(&mut self) {
        self.name_what_was_made();
        self.rewire();
        self.power.switches.extend(self.switches.keys().cloned());
        self.power.walls = true;
        self.power.guests = true;
        self.feed_all();
        // One machine may wait for the inrush of another, so that all are up after as many boots at most.
        for _ in 0..=self.machines.len() {
            self.pass();
        }
        self.forget_the_past();
    }

    fn forget_the_past(&mut self) {
        for (id, switch) in &mut self.switches {
            switch.peak = rackberry_core::Milliwatts(0);
            self.power.switches.insert(id.clone());
        }
        for cluster in self.clusters.values_mut() {
            cluster.lowest_voters = None;
            cluster.outages = 0;
            cluster.stale.all = true;
        }
        self.settle();
    }

    /// One tick.
    pub(super) fn pass(&mut self) {
        self.now += 1;
        self.settle();
    }

    /// Carries out an order, and what follows from it at once.
    pub(super) fn act<T>(&mut self, act: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let answer = act(self);
        self.settle();
        answer
    }

    /// Lets something happen `ticks` later.
    pub(super) fn after(&mut self, ticks: u64, due: Due) {
        self.put_off += 1;
        self.queue.insert((self.now + ticks.max(1), self.put_off), due);
    }

    /// Lets something happen as late as orders take effect in this room.
    pub(super) fn later(&mut self, due: Due) {
        self.after(self.latency, due);
    }

    /// Does what is due, and lets happen what follows from it. Each part looks only at what was marked since it
    /// last looked; what one pass marks for a part before it, the next pass settles.
    pub(super) fn settle(&mut self) {
        while let Some(next) = self.queue.first_entry().filter(|it| it.key().0 <= self.now) {
            let due = next.remove();
            self.carry_out(due);
        }
        self.feed_all();
        self.form_clusters();
        self.run_pods();
        self.write_volumes();
        self.settled = self.now;
    }

    /// Marks what depends on a machine that has just changed.
    pub(super) fn changed(&mut self, node: &NodeId) {
        let jack = self.machines.get(node).and_then(|it| it.plan.jack.as_ref());
        self.power.switches.extend(jack.map(|it| it.switch.clone()));
        self.power.guests = true;
        for cluster in self.clusters.values_mut() {
            cluster.stale.nodes.insert(node.clone());
            cluster.stale.pods.insert(node.clone());
        }
    }

    pub(super) fn set_latency(&mut self, ticks: u64) {
        self.latency = ticks;
        for it in self.clusters.values_mut() {
            it.stale.pods.extend(it.pods.iter().map(|it| it.node.clone()));
        }
    }

    /// A number that was never given before.
    pub(super) fn identity(&mut self) -> u64 {
        self.identities += 1;
        self.identities
    }

    /// Whether `version` can be installed.
    pub(super) fn is_version(&self, version: &Version) -> bool {
        self.versions.is_empty() || self.versions.contains(version)
    }
}

/// An error that says what was done, and nothing more.
pub(super) fn fail<T>(kind: ErrorKind, doing: impl Into<String>) -> Result<T> {
    Err(Error::new(kind, doing))
}
