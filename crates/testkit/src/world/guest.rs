//! Guests of hypervisors, and the handle of those of one host.

use super::World;
use super::install::System;
use super::machine::{Machine, Phase};
use super::room::{Room, fail};
use crate::{Boots, Feed, MachinePlan};
use async_trait::async_trait;
use rackberry_core::{
    Bytes, DiskId, Error, ErrorKind, GuestSpec, GuestState, Guests, NodeId, PoolId, Power, Result,
    VirtualDisk,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What only a guest has.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct GuestRoom {
    pub(super) uid: String,
    cores: u16,
    disks: BTreeMap<DiskId, VirtualDisk>,
    snapshots: Vec<(String, Option<System>)>,
}

impl Machine {
    fn host(&self) -> Option<(&NodeId, Power)> {
        match &self.plan.feed {
            Feed::Guest { host, power } => Some((host, *power)),
            Feed::Always | Feed::Poe(_) => None,
        }
    }

    fn is_on(&self, place: &NodeId) -> bool {
        self.host().is_some_and(|it| it.0 == place)
    }

    fn guest_state(&self, power: Power) -> GuestState {
        GuestState {
            uid: self.guest.uid.clone(),
            power,
            memory: self.plan.memory,
            cores: self.guest.cores,
            snapshots: self.guest.snapshots.iter().map(|it| it.0.clone()).collect(),
        }
    }
}

impl Room {
    /// Names the guests of the blueprint, which nobody made.
    pub(super) fn name_guests(&mut self) {
        for (number, it) in self.machines.values_mut().enumerate() {
            it.guest.uid = format!("guest-{number}");
            it.guest.cores = 1;
        }
    }

    /// What virtual disks take of a pool.
    pub(super) fn virtual_disks(&self, pool: &PoolId) -> Bytes {
        let disks = self.machines.values().flat_map(|it| it.guest.disks.values());
        disks.filter(|it| it.pool.as_ref() == Some(pool)).map(|it| it.size).sum()
    }

    /// The host, if its hypervisor answers.
    fn hypervisor(&mut self, host: &NodeId) -> Result<()> {
        match self.reach(host)?.phase {
            Phase::Running => Ok(()),
            Phase::Off | Phase::Booting | Phase::Dark | Phase::Maintenance | Phase::Installing => {
                fail(ErrorKind::Unreachable, format!("reach the hypervisor of {host}"))
            }
        }
    }

    fn guest(&mut self, host: &NodeId, guest: &NodeId) -> Result<&mut Machine> {
        self.hypervisor(host)?;
        let none = || Error::not_found(format!("find the guest {guest}"));
        self.machines.get_mut(guest).filter(|it| it.is_on(host)).ok_or_else(none)
    }

    fn guest_states(&mut self, host: &NodeId) -> Result<BTreeMap<NodeId, GuestState>> {
        self.hypervisor(host)?;
        let mine = self.machines.values().filter(|it| it.is_on(host));
        let state = |it: &Machine| Some((it.plan.id.clone(), it.guest_state(it.host()?.1)));
        Ok(mine.filter_map(state).collect())
    }

    fn create_guest(&mut self, host: &NodeId, spec: &GuestSpec) -> Result<()> {
        self.hypervisor(host)?;
        if self.machines.get(&spec.guest).is_some_and(|it| it.is_on(host)) {
            return Ok(());
        }
        if self.machines.contains_key(&spec.guest) {
            return fail(ErrorKind::Invalid, format!("make a second {}", spec.guest));
        }
        self.has_memory(host, spec.memory)?;
        self.has_disks(host, spec)?;
        let uid = format!("guest-made-{}", self.identity());
        let Some(plan) = self.guest_plan(host, spec) else {
            return fail(ErrorKind::Unsupported, format!("make a guest on {host}"));
        };
        let mut made = Machine::new(plan);
        made.guest =
            GuestRoom { uid, cores: spec.cores, disks: spec.disks.clone(), snapshots: Vec::new() };
        self.machines.insert(spec.guest.clone(), made);
        self.changed(&spec.guest);
        self.rewire();
        Ok(())
    }

    fn guest_plan(&self, host: &NodeId, spec: &GuestSpec) -> Option<MachinePlan> {
        let plan = &self.machines.get(host)?.plan;
        Some(MachinePlan {
            feed: Feed::Guest { host: host.clone(), power: Power::Off },
            boots: Boots::Installer(plan.hypervisor.as_ref()?.installer.clone()),
            memory: spec.memory,
            disks: spec.disks.iter().map(|(id, it)| (id.clone(), it.size)).collect(),
            vlan: spec.vlan.unwrap_or(plan.vlan),
            ..MachinePlan::new(spec.guest.as_str(), None)
        })
    }

    fn has_memory(&self, host: &NodeId, more: Bytes) -> Result<()> {
        let taken = self.machines.values().filter(|it| it.is_on(host)).map(|it| it.plan.memory);
        let there = self.machines.get(host).map(|it| it.plan.memory).unwrap_or_default();
        match taken.sum::<Bytes>().plus(more) <= there {
            true => Ok(()),
            false => fail(ErrorKind::Refused, format!("find {more} of memory on {host}")),
        }
    }

    fn has_disks(&self, host: &NodeId, spec: &GuestSpec) -> Result<()> {
        let mut wanted: BTreeMap<Option<&PoolId>, Bytes> = BTreeMap::new();
        for disk in spec.disks.values() {
            let sum = wanted.entry(disk.pool.as_ref()).or_default();
            *sum = sum.plus(disk.size);
        }
        for (pool, size) in wanted {
            let free = match pool {
                Some(pool) => self.pool_on(host, pool)?,
                None => self.own_disks(host),
            };
            if size > free {
                return fail(ErrorKind::Refused, format!("find {size} for disks on {host}"));
            }
        }
        Ok(())
    }

    /// The room on a pool of this host.
    fn pool_on(&self, host: &NodeId, pool: &PoolId) -> Result<Bytes> {
        let none = || Error::not_found(format!("find the pool {pool}"));
        let here = self.pools.get(pool).is_some_and(|it| it.plan.machine == *host);
        self.room_on(pool).filter(|_| here).ok_or_else(none)
    }

    /// The room on the disks of the host itself.
    fn own_disks(&self, host: &NodeId) -> Bytes {
        let there = self.machines.get(host).map(|it| it.plan.disks.values().copied().sum());
        let guests = self.machines.values().filter(|it| it.is_on(host));
        let disks = guests.flat_map(|it| it.guest.disks.values());
        let taken = disks.filter(|it| it.pool.is_none()).map(|it| it.size).sum();
        there.unwrap_or(Bytes(0)).minus(taken)
    }

    fn roll_back_guest(&mut self, host: &NodeId, guest: &NodeId, name: &str) -> Result<()> {
        let it = self.guest(host, guest)?;
        let found = it.guest.snapshots.iter().find(|it| it.0 == name);
        let Some((_, system)) = found.cloned() else {
            return fail(ErrorKind::NotFound, format!("find the snapshot {name} of {guest}"));
        };
        it.system = system;
        if it.phase != Phase::Off {
            self.boot(guest);
        }
        self.changed(guest);
        Ok(())
    }

    fn migrate(&mut self, host: &NodeId, guest: &NodeId, to: &NodeId) -> Result<()> {
        self.hypervisor(host)?;
        let Some(it) = self.machines.get(guest).filter(|it| it.is_on(host)) else { return Ok(()) };
        if host == to {
            return Ok(());
        }
        let memory = it.plan.memory;
        if !self.is_peer(host, to) {
            return fail(ErrorKind::NotFound, format!("find the host {to}"));
        }
        self.has_memory(to, memory)?;
        if let Some(it) = self.machines.get_mut(guest)
            && let Feed::Guest { host, .. } = &mut it.plan.feed
        {
            *host = to.clone();
        }
        self.changed(guest);
        self.rewire();
        Ok(())
    }

    /// Whether `to` is a hypervisor of the same cluster, and runs.
    fn is_peer(&self, host: &NodeId, to: &NodeId) -> bool {
        let cluster = |it: &NodeId| {
            let machine = self.machines.get(it).filter(|it| it.plan.hypervisor.is_some())?;
            machine.config().map(|it| it.cluster.clone())
        };
        cluster(to).is_some() && cluster(to) == cluster(host)
    }

    fn destroy_guest(&mut self, host: &NodeId, guest: &NodeId, uid: &str) -> Result<()> {
        self.hypervisor(host)?;
        let Some(it) = self.machines.get(guest).filter(|it| it.is_on(host)) else { return Ok(()) };
        if it.guest.uid != uid {
            return Ok(());
        }
        if it.host().is_some_and(|it| it.1 == Power::On) {
            return fail(ErrorKind::Refused, format!("destroy {guest} while it is on"));
        }
        self.machines.remove(guest);
        self.changed(guest);
        self.rewire();
        Ok(())
    }
}

/// The guests of a host, seen from the controller.
#[derive(Clone, Debug)]
pub(super) struct SimGuests {
    pub(super) world: World,
    pub(super) host: NodeId,
}

impl SimGuests {
    fn call<T>(
        &self,
        doing: &str,
        act: impl FnOnce(&mut Room, &NodeId) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let host = self.host.clone();
        self.world.call(doing, move |room| act(room, &host))
    }
}

#[async_trait]
impl Guests for SimGuests {
    async fn observe(&self) -> Result<BTreeMap<NodeId, GuestState>> {
        self.call("observe the guests", |room, host| room.guest_states(host))
    }

    async fn create(&self, spec: &GuestSpec) -> Result<()> {
        let spec = spec.clone();
        self.call("make a guest", move |room, host| room.create_guest(host, &spec))
    }

    async fn set_power(&self, guest: &NodeId, power: Power) -> Result<()> {
        let guest = guest.clone();
        self.call("switch a guest", move |room, host| {
            room.guest(host, &guest)?.plan.feed = Feed::Guest { host: host.clone(), power };
            room.changed(&guest);
            Ok(())
        })
    }

    async fn snapshot(&self, guest: &NodeId, name: &str) -> Result<()> {
        let (guest, name) = (guest.clone(), name.to_owned());
        self.call("take a snapshot of a guest", move |room, host| {
            let it = room.guest(host, &guest)?;
            if it.guest.snapshots.iter().all(|it| it.0 != name) {
                it.guest.snapshots.push((name, it.system.clone()));
            }
            Ok(())
        })
    }

    async fn roll_back(&self, guest: &NodeId, name: &str) -> Result<()> {
        let (guest, name) = (guest.clone(), name.to_owned());
        self.call("roll a guest back", move |room, host| room.roll_back_guest(host, &guest, &name))
    }

    async fn migrate(&self, guest: &NodeId, to: &NodeId) -> Result<()> {
        let (guest, to) = (guest.clone(), to.clone());
        self.call("move a guest", move |room, host| room.migrate(host, &guest, &to))
    }

    async fn destroy(&self, guest: &NodeId, uid: &str) -> Result<()> {
        let (guest, uid) = (guest.clone(), uid.to_owned());
        self.call("destroy a guest", move |room, host| room.destroy_guest(host, &guest, &uid))
    }
}
