//! Who hears whom: frames, cables and VLAN tables.

use super::machine::{Machine, Phase};
use super::room::Room;
use super::switch::SwitchRoom;
use crate::{Feed, Jack, SwitchPlan, Uplink};
use rackberry_core::{NodeId, PortNo, SwitchId, Tagging, VlanId};
use std::collections::{BTreeMap, BTreeSet};

/// The tag of a frame; none on one without.
type Tag = Option<VlanId>;

/// Somebody who sends frames and takes some in: where it is plugged in, and how its frames look there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Station {
    Port(Jack, Tag),
    /// The management of a switch.
    Desk(SwitchId),
}

/// Who hears whom, worked out whenever a table, a port or a guest's place has changed.
#[derive(Debug, Default)]
pub(super) struct Wires {
    /// The machines that the controller and they hear each other.
    pub(super) reached: BTreeSet<NodeId>,
    /// The switches that answer the controller.
    pub(super) desks: BTreeSet<SwitchId>,
    /// The machines that hear each other without the controller's router.
    pairs: BTreeSet<(NodeId, NodeId)>,
}

impl Wires {
    /// Whether two machines hear each other, through the router or without.
    pub(super) fn joins(&self, a: &NodeId, b: &NodeId) -> bool {
        let routed = self.reached.contains(a) && self.reached.contains(b);
        a == b || routed || self.pairs.contains(&(a.clone(), b.clone()))
    }
}

impl Room {
    /// Works out anew who hears whom.
    pub(super) fn rewire(&mut self) {
        let air = Air { switches: &self.switches, cables: self.cables() };
        let routes = |station: &Station, vlan| {
            self.uplink.as_ref().is_none_or(|uplink| air.routes(uplink, station, vlan))
        };
        let station = |id: &NodeId| Some((id.clone(), self.station(id)?));
        let stations: BTreeMap<_, _> = self.machines.keys().filter_map(station).collect();
        let mut wires = Wires::default();
        let reached = |id: &&NodeId| stations.get(*id).is_none_or(|it| routes(it, self.vlan(id)));
        wires.reached.extend(self.machines.keys().filter(reached).cloned());
        let answers = |(id, it): &(&SwitchId, &SwitchRoom)| {
            routes(&Station::Desk((*id).clone()), it.plan.management)
        };
        wires.desks.extend(self.switches.iter().filter(answers).map(|it| it.0.clone()));
        for (a, at) in &stations {
            let near = |b: &NodeId, it: &Station| self.vlan(b) == self.vlan(a) && air.talk(at, it);
            let heard = stations.iter().filter(|(b, it)| near(b, it));
            wires.pairs.extend(heard.map(|(b, _)| (a.clone(), b.clone())));
        }
        self.wires = wires;
    }

    fn cables(&self) -> BTreeMap<Jack, Jack> {
        let mut all = BTreeMap::new();
        for (id, switch) in &self.switches {
            for (port, far) in &switch.plan.cables {
                let near = Jack { switch: id.clone(), port: *port };
                all.insert(near.clone(), far.clone());
                all.insert(far.clone(), near);
            }
        }
        all
    }

    fn vlan(&self, node: &NodeId) -> VlanId {
        self.machines.get(node).map(|it| it.plan.vlan).unwrap_or_default()
    }

    /// Where the frames of a machine enter the rack. A guest's leave its host with a tag, unless they are
    /// in the VLAN of the host.
    fn station(&self, node: &NodeId) -> Option<Station> {
        let it = self.machines.get(node)?;
        let Feed::Guest { host, .. } = &it.plan.feed else {
            return Some(Station::Port(it.plan.jack.clone()?, None));
        };
        let host = self.machines.get(host)?;
        let tag = Some(it.plan.vlan).filter(|vlan| *vlan != host.plan.vlan);
        Some(Station::Port(host.plan.jack.clone()?, tag))
    }

    /// Whether something answers at the other end of the cable in `jack`.
    pub(super) fn answers_at(&self, jack: &Jack) -> bool {
        let enabled = |far: &Jack| {
            let switch = self.switches.get(&far.switch);
            switch.and_then(|it| it.plan.ports.get(&far.port)).is_some_and(|it| it.enabled)
        };
        let machine = |it: &Machine| {
            let there = it.plan.jack.as_ref() == Some(jack);
            there && it.phase != Phase::Off && !matches!(it.plan.feed, Feed::Guest { .. })
        };
        self.uplink.as_ref().is_some_and(|it| it.jack == *jack)
            || self.cables().get(jack).is_some_and(enabled)
            || self.machines.values().any(machine)
    }
}

/// The way of frames through the switches.
struct Air<'a> {
    switches: &'a BTreeMap<SwitchId, SwitchRoom>,
    cables: BTreeMap<Jack, Jack>,
}

impl Air<'_> {
    /// Whether a station of `vlan` and the router hear each other, in that VLAN.
    fn routes(&self, uplink: &Uplink, station: &Station, vlan: VlanId) -> bool {
        let Some(tagging) = uplink.vlans.get(&vlan) else { return false };
        let tag = match tagging {
            Tagging::Untagged => None,
            Tagging::Tagged => Some(vlan),
        };
        self.talk(station, &Station::Port(uplink.jack.clone(), tag))
    }

    /// Whether two stations hear each other.
    fn talk(&self, a: &Station, b: &Station) -> bool {
        a == b || (self.heard_by(a).contains(b) && self.heard_by(b).contains(a))
    }

    /// Everybody whom a frame that `from` sends to all reaches.
    fn heard_by(&self, from: &Station) -> BTreeSet<Station> {
        let mut heard = BTreeSet::new();
        let mut under_way = match from {
            Station::Port(jack, tag) => vec![(jack.clone(), *tag)],
            Station::Desk(switch) => self.sent_by(switch, &mut heard),
        };
        let mut seen = BTreeSet::new();
        while let Some((jack, tag)) = under_way.pop() {
            if seen.insert((jack.clone(), tag)) {
                let out = self.enters(&jack, tag, &mut heard);
                under_way.extend(out);
            }
        }
        heard
    }

    fn sent_by(&self, id: &SwitchId, heard: &mut BTreeSet<Station>) -> Vec<(Jack, Tag)> {
        let Some(switch) = self.switches.get(id) else { return Vec::new() };
        let vlan = switch.plan.vlans.is_some().then_some(switch.plan.management);
        self.leaves(id, &switch.plan, None, vlan, heard)
    }

    /// A frame that comes in at `jack`: who hears it there, and where it goes on to.
    fn enters(&self, jack: &Jack, tag: Tag, heard: &mut BTreeSet<Station>) -> Vec<(Jack, Tag)> {
        let Some(switch) = self.switches.get(&jack.switch) else { return Vec::new() };
        let plan = &switch.plan;
        let Some(vlan) = taken_in(plan, jack.port, tag) else { return Vec::new() };
        let managed = match &plan.vlans {
            Some(_) => vlan == Some(plan.management),
            None => vlan.is_none(),
        };
        if managed {
            heard.insert(Station::Desk(plan.id.clone()));
        }
        self.leaves(&plan.id, plan, Some(jack.port), vlan, heard)
    }

    /// Sends a frame out of every port of its VLAN but the one it came by.
    fn leaves(
        &self,
        id: &SwitchId,
        plan: &SwitchPlan,
        came_by: Option<PortNo>,
        vlan: Tag,
        heard: &mut BTreeSet<Station>,
    ) -> Vec<(Jack, Tag)> {
        let mut out = Vec::new();
        for port in plan.ports.keys().filter(|it| Some(**it) != came_by) {
            let Some(tag) = sent_out(plan, *port, vlan) else { continue };
            let jack = Jack { switch: id.clone(), port: *port };
            out.extend(self.cables.get(&jack).map(|far| (far.clone(), tag)));
            heard.insert(Station::Port(jack, tag));
        }
        out
    }
}

/// The VLAN that a port takes a frame into; none where it is dropped. A switch without VLANs keeps the tag.
fn taken_in(plan: &SwitchPlan, port: PortNo, tag: Tag) -> Option<Tag> {
    plan.ports.get(&port).filter(|it| it.enabled)?;
    let Some(table) = &plan.vlans else { return Some(tag) };
    let vlan = tag.or_else(|| table.pvids.get(&port).copied())?;
    table.member(port, vlan).map(|_| Some(vlan))
}

/// The tag that a frame leaves a port with; none where it does not.
fn sent_out(plan: &SwitchPlan, port: PortNo, vlan: Tag) -> Option<Tag> {
    plan.ports.get(&port).filter(|it| it.enabled)?;
    let (Some(table), Some(vlan)) = (&plan.vlans, vlan) else { return Some(vlan) };
    match table.member(port, vlan)? {
        Tagging::Untagged => Some(None),
        Tagging::Tagged => Some(Some(vlan)),
    }
}
