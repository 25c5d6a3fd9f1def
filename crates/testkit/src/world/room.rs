//! What stands in the room, and how time passes in it.

use super::Fault;
use super::cluster::ClusterRoom;
use super::machine::Machine;
use super::network::Wires;
use super::switch::SwitchRoom;
use super::zfs::PoolRoom;
use crate::{Blueprint, Uplink};
use rackberry_core::{ClusterId, Error, ErrorKind, NodeId, PoolId, Result, SwitchId, Version};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Everything there is.
#[derive(Debug)]
pub(crate) struct Room {
    pub(super) now: u64,
    pub(super) calls: usize,
    pub(super) latency: u64,
    pub(super) faults: BTreeMap<usize, Fault>,
    queue: Vec<Due>,
    pub(super) identities: u64,
    pub(super) versions: BTreeSet<Version>,
    pub(super) uplink: Option<Uplink>,
    pub(super) switches: BTreeMap<SwitchId, SwitchRoom>,
    pub(super) machines: BTreeMap<NodeId, Machine>,
    pub(super) clusters: BTreeMap<ClusterId, ClusterRoom>,
    pub(super) pools: BTreeMap<PoolId, PoolRoom>,
    pub(super) wires: Wires,
}

/// What will happen, and when.
struct Due {
    at: u64,
    act: Box<dyn FnOnce(&mut Room) + Send>,
}

impl fmt::Debug for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Due at {}", self.at)
    }
}

impl Room {
    pub(super) fn new(blueprint: Blueprint) -> Self {
        let switches = blueprint.switches.into_iter();
        let machines = blueprint.machines.into_iter();
        let clusters = blueprint.clusters.into_iter();
        let pools = blueprint.pools.into_iter();
        let mut room = Self {
            now: 0,
            calls: 0,
            latency: 1,
            faults: BTreeMap::new(),
            queue: Vec::new(),
            identities: 0,
            versions: blueprint.versions,
            uplink: blueprint.uplink,
            switches: switches.map(|it| (it.id.clone(), SwitchRoom::new(it))).collect(),
            machines: machines.map(|it| (it.id.clone(), Machine::new(it))).collect(),
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
        self.feed_all();
        // One machine may wait for the inrush of another, so that all are up after as many boots at most.
        for _ in 0..=2 * self.machines.len() {
            self.pass();
        }
        self.forget_the_past();
    }

    fn forget_the_past(&mut self) {
        for switch in self.switches.values_mut() {
            switch.peak = rackberry_core::Milliwatts(0);
        }
        for cluster in self.clusters.values_mut() {
            cluster.lowest_voters = None;
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

    /// Lets `act` happen `ticks` later.
    pub(super) fn after(&mut self, ticks: u64, act: impl FnOnce(&mut Self) + Send + 'static) {
        self.queue.push(Due { at: self.now + ticks.max(1), act: Box::new(act) });
    }

    /// Lets `act` happen as late as orders take effect in this room.
    pub(super) fn later(&mut self, act: impl FnOnce(&mut Self) + Send + 'static) {
        self.after(self.latency, act);
    }

    fn settle(&mut self) {
        while let Some(next) = self.queue.iter().position(|it| it.at <= self.now) {
            let due = self.queue.remove(next);
            (due.act)(self);
        }
        self.feed_all();
        self.form_clusters();
        self.run_pods();
        self.write_volumes();
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
