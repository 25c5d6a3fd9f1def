//! Guests: made where the file says, or moved there from where they run.

use super::{BOOT, Bring, SWITCH};
use crate::{Action, Fact, Feed, Step};
use rackberry_core::{Bytes, GuestState, NodeId, PoolId, Power, Stage};

/// A guest on another machine than the file says.
pub(super) struct Place {
    guest: NodeId,
    host: NodeId,
    state: GuestState,
}

impl Bring<'_> {
    /// What has to be done before a guest can be switched on: its host runs, and has made it.
    pub(super) fn guest(&mut self, node: usize, host: usize) -> Option<Vec<usize>> {
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
        needs.sort_unstable();
        needs.dedup();
        if let Some(place) = self.elsewhere(node) {
            return self.move_guest(&place, id, needs);
        }
        let before = vec![Fact::Stage { node: id.clone(), stage: Stage::Running }];
        let after = vec![Fact::Guest { host: id.clone(), guest }];
        let action = Action::CreateGuest { host: id, spec };
        let made = self.push(Step { before, action, after, needs, takes: SWITCH });
        Some(made.into_iter().collect())
    }

    /// Moves a guest. Returns what it has to wait for before it is switched on; none where it is on.
    fn move_guest(
        &mut self,
        place: &Place,
        to: NodeId,
        mut needs: Vec<usize>,
    ) -> Option<Vec<usize>> {
        let (host, guest, uid) = (place.host.clone(), place.guest.clone(), place.state.uid.clone());
        needs.extend(self.moved);
        let before = vec![
            Fact::Guest { host: host.clone(), guest: guest.clone() },
            Fact::Stage { node: to.clone(), stage: Stage::Running },
        ];
        let after = vec![
            Fact::Guest { host: to.clone(), guest: guest.clone() },
            Fact::NoGuest { host: host.clone(), guest: guest.clone(), uid },
        ];
        let action = Action::MoveGuest { host, guest, to };
        let moved = self.push(Step { before, action, after, needs, takes: BOOT });
        self.moved = moved.or(self.moved);
        (place.state.power == Power::Off).then(|| moved.into_iter().collect())
    }

    /// Where a guest is, if that is not where the file says.
    fn elsewhere(&self, node: usize) -> Option<Place> {
        let Feed::Host(host) = self.rack.nodes[node].feed else { return None };
        let (guest, own) = (&self.rack.nodes[node].id, &self.rack.nodes[host].id);
        if self.seen.guests.get(own).is_some_and(|it| it.contains_key(guest)) {
            return None;
        }
        let (host, state) =
            self.seen.guests.iter().find_map(|(host, all)| Some((host, all.get(guest)?)))?;
        Some(Place { guest: guest.clone(), host: host.clone(), state: state.clone() })
    }

    /// Why a guest that is elsewhere is neither moved nor made a second time.
    pub(super) fn stays_on(&self, node: usize) -> Option<String> {
        let (Feed::Host(at), place) = (&self.rack.nodes[node].feed, self.elsewhere(node)?) else {
            return None;
        };
        let (host, to) = (&place.host, &self.rack.nodes[*at].id);
        let why = self.immovable(&place, *at)?;
        Some(format!("it runs on {host}, and the file says {to}: {why}"))
    }

    fn immovable(&self, place: &Place, at: usize) -> Option<String> {
        let (host, to) = (&place.host, &self.rack.nodes[at]);
        let cluster = self.rack.node(host).and_then(|it| self.rack.nodes[it].cluster.as_ref());
        let proxmox = |it| self.rack.rack.clusters.get(it).is_some_and(|it| it.proxmox.is_some());
        if !cluster.is_some_and(proxmox) || cluster != to.cluster.as_ref() {
            return Some("they are not hosts of one cluster, so move it by hand".into());
        }
        let disks = &self.rack.rack.nodes[&place.guest].disks;
        if let Some(pool) = disks.values().find_map(|it| it.pool.as_ref()) {
            return Some(format!("a disk of it is to lie in the pool {pool}, so move it by hand"));
        }
        let runs = Fact::Stage { node: to.id.clone(), stage: Stage::Running };
        if !runs.holds(self.seen) {
            return Some(format!("it is moved once {} runs", to.id));
        }
        let there = self.seen.nodes.get(&to.id).map(|it| it.memory).unwrap_or_default();
        let free = there.minus(self.taken(at, &place.guest));
        let asks = place.state.memory;
        (asks > free).then(|| format!("{} has {free} of memory left, and it has {asks}", to.id))
    }

    /// The memory of all other guests that are on a host, or will be.
    fn taken(&self, host: usize, but: &NodeId) -> Bytes {
        let here = self.seen.guests.get(&self.rack.nodes[host].id).into_iter().flatten();
        let here = here.filter(|it| it.0 != but).map(|it| it.1.memory);
        let others =
            (0..self.rack.nodes.len()).filter(|it| self.rack.nodes[*it].feed == Feed::Host(host));
        let coming = others.filter_map(|it| self.elsewhere(it)).filter(|it| it.guest != *but);
        here.chain(coming.map(|it| it.state.memory)).sum()
    }
}
