use crate::{Device, Fleet};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use rackberry_core::{
    ClusterId, ClusterState, Error, GuestState, NodeId, NodeState, PoolId, Power, StorageState,
    SwitchId, SwitchState,
};
use rackberry_plan::{Fact, Observed, Subject};
use std::collections::{BTreeMap, BTreeSet};

/// What was seen, and what was not.
#[derive(Debug, Default)]
pub struct Sight {
    /// What was seen. What did not answer is absent.
    pub seen: Observed,
    /// What did not answer, and why.
    pub missed: Vec<(Device, Error)>,
}

/// One thing to look at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Spot {
    Node(NodeId),
    Outlet(NodeId),
    Guests(NodeId),
    Cluster(ClusterId),
    Switch(SwitchId),
    Pool(PoolId),
}

/// What one look has found.
pub(crate) enum Found {
    Node(NodeId, NodeState),
    Power(NodeId, Power),
    Guests(NodeId, BTreeMap<NodeId, GuestState>),
    Cluster(ClusterId, ClusterState),
    Switch(SwitchId, SwitchState),
    Pool(PoolId, StorageState),
}

impl Fleet {
    /// Looks at everything, side by side.
    pub async fn observe(&self) -> Sight {
        let mut spots = BTreeSet::new();
        for (id, node) in &self.nodes {
            spots.insert(Spot::Node(id.clone()));
            spots.extend(node.outlet.as_ref().map(|_| Spot::Outlet(id.clone())));
            spots.extend(node.os.guests().map(|_| Spot::Guests(id.clone())));
        }
        spots.extend(self.clusters.keys().cloned().map(Spot::Cluster));
        spots.extend(self.switches.keys().cloned().map(Spot::Switch));
        spots.extend(self.pools.keys().cloned().map(Spot::Pool));
        self.look(spots).await
    }

    /// Looks at what these facts are about, and at nothing else.
    pub async fn look_for<'a>(&self, facts: impl IntoIterator<Item = &'a Fact>) -> Sight {
        self.look(facts.into_iter().filter_map(|it| self.spot(it.subject())).collect()).await
    }

    pub(crate) fn spot(&self, subject: Subject<'_>) -> Option<Spot> {
        Some(match subject {
            Subject::Node(id) => Spot::Node(id.clone()),
            Subject::Outlet(id) => Spot::Outlet(id.clone()),
            Subject::Guests(id) => Spot::Guests(id.clone()),
            Subject::Member(id) => Spot::Cluster(self.home_id(id).ok()?),
            Subject::Cluster(id) => Spot::Cluster(id.clone()),
            Subject::Switch(id) => Spot::Switch(id.clone()),
            Subject::Pool(id) => Spot::Pool(id.clone()),
        })
    }

    async fn look(&self, spots: BTreeSet<Spot>) -> Sight {
        let mut sight = Sight::default();
        let mut looks: FuturesUnordered<_> = spots.into_iter().map(|it| self.one(it)).collect();
        while let Some((device, found)) = looks.next().await {
            match found {
                Ok(found) => sight.take(found),
                Err(error) => sight.missed.push((device, error)),
            }
        }
        sight.missed.sort_by(|a, b| a.0.cmp(&b.0));
        sight
    }

    async fn one(&self, spot: Spot) -> (Device, Result<Found, Error>) {
        let device = self.device(&spot);
        let turn = self.turn(&device);
        let _turn = turn.lock().await;
        (device, self.ask(spot).await)
    }

    /// What answers when a spot is looked at.
    pub(crate) fn device(&self, spot: &Spot) -> Device {
        match spot {
            Spot::Node(id) | Spot::Guests(id) => Device::Node(id.clone()),
            Spot::Outlet(id) => {
                let outlet = self.nodes.get(id).and_then(|it| it.outlet.as_ref());
                outlet.map_or(Device::Node(id.clone()), |it| it.on.clone())
            }
            Spot::Cluster(id) => Device::Cluster(id.clone()),
            Spot::Switch(id) => Device::Switch(id.clone()),
            Spot::Pool(id) => Device::Pool(id.clone()),
        }
    }

    pub(crate) async fn ask(&self, spot: Spot) -> Result<Found, Error> {
        match spot {
            Spot::Node(id) => {
                let state = self.node(&id)?.os.observe().await?;
                Ok(Found::Node(id, state))
            }
            Spot::Outlet(id) => {
                let power = self.outlet(&id)?.ctl.power().await?;
                Ok(Found::Power(id, power))
            }
            Spot::Guests(id) => {
                let none = || Error::not_found(format!("find the guests of {id}"));
                let all = self.node(&id)?.os.guests().ok_or_else(none)?.observe().await?;
                Ok(Found::Guests(id, all))
            }
            Spot::Cluster(id) => {
                let state = self.cluster(&id)?.observe().await?;
                let strange = state.members.keys().filter(|it| !self.nodes.contains_key(*it));
                self.strangers().extend(strange.map(|it| (it.clone(), id.clone())));
                Ok(Found::Cluster(id, state))
            }
            Spot::Switch(id) => {
                let state = self.switch(&id)?.observe().await?;
                Ok(Found::Switch(id, state))
            }
            Spot::Pool(id) => {
                let state = self.pool(&id)?.observe().await?;
                Ok(Found::Pool(id, state))
            }
        }
    }
}

impl Sight {
    pub(crate) fn take(&mut self, found: Found) {
        match found {
            Found::Node(id, state) => drop(self.seen.nodes.insert(id, state)),
            Found::Power(id, power) => drop(self.seen.power.insert(id, power)),
            Found::Guests(id, all) => drop(self.seen.guests.insert(id, all)),
            Found::Cluster(id, state) => self.seen.see_cluster(id, state),
            Found::Switch(id, state) => drop(self.seen.switches.insert(id, state)),
            Found::Pool(id, state) => drop(self.seen.storage.insert(id, state)),
        }
    }
}
