//! Who hears whom: frames, cables and VLAN tables.

use super::machine::{Machine, Phase};
use super::room::Room;
use super::switch::SwitchRoom;
use crate::{Feed, Jack, MachinePlan, SwitchPlan, Uplink};
use rackberry_core::{NodeId, PortNo, SwitchId, Tagging, VlanId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The bytes of a question to a machine, and of its answer.
const QUESTION: u64 = 512;
const ANSWER: u64 = 2_048;

/// The tag of a frame; none on one without.
type Tag = Option<VlanId>;

/// Somebody who sends frames and takes some in: where it is plugged in, and how its frames look there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Station {
    Port(Jack, Tag),
    /// The management of a switch.
    Desk(SwitchId),
}

/// The stations that a frame reaches.
type Flood = BTreeSet<Station>;

/// Who hears whom, worked out whenever a table, a port or a guest's place has changed.
#[derive(Debug, Default)]
pub(super) struct Wires {
    /// The machines that the controller and they hear each other.
    pub(super) reached: BTreeSet<NodeId>,
    /// The switches that answer the controller.
    pub(super) desks: BTreeSet<SwitchId>,
    stations: BTreeMap<NodeId, (Station, VlanId)>,
    /// Who hears a station. Those that send into one VLAN of one switch share what they reach.
    heard: BTreeMap<Station, Arc<Flood>>,
}

impl Wires {
    /// Whether two machines hear each other, through the router or without.
    pub(super) fn joins(&self, a: &NodeId, b: &NodeId) -> bool {
        let routed = || self.reached.contains(a) && self.reached.contains(b);
        a == b || routed() || self.near(a, b)
    }

    fn near(&self, a: &NodeId, b: &NodeId) -> bool {
        let (Some(a), Some(b)) = (self.stations.get(a), self.stations.get(b)) else { return false };
        a.1 == b.1 && self.talk(&a.0, &b.0)
    }

    /// Whether two stations hear each other.
    fn talk(&self, a: &Station, b: &Station) -> bool {
        let hears = |by: &Station, from| self.heard.get(from).is_some_and(|it| it.contains(by));
        a == b || (hears(a, b) && hears(b, a))
    }

    /// Whether a station of `vlan` and the router hear each other, in that VLAN.
    fn routes(&self, uplink: Option<&Uplink>, station: &Station, vlan: VlanId) -> bool {
        let Some(uplink) = uplink else { return true };
        leg(uplink, vlan).is_some_and(|it| self.talk(station, &it))
    }
}

/// How the router's frames of a VLAN look.
fn leg(uplink: &Uplink, vlan: VlanId) -> Option<Station> {
    let tag = match uplink.vlans.get(&vlan)? {
        Tagging::Untagged => None,
        Tagging::Tagged => Some(vlan),
    };
    Some(Station::Port(uplink.jack.clone(), tag))
}

/// Where the cables go, which nobody changes.
#[derive(Debug, Default)]
pub(super) struct Cabling {
    between: BTreeMap<Jack, Jack>,
    /// The machines at each jack, but no guests.
    machines: BTreeMap<Jack, Vec<NodeId>>,
}

impl Cabling {
    pub(super) fn new(
        switches: &BTreeMap<SwitchId, SwitchRoom>,
        all: &BTreeMap<NodeId, Machine>,
    ) -> Self {
        let mut between = BTreeMap::new();
        for (id, switch) in switches {
            for (port, far) in &switch.plan.cables {
                let near = Jack { switch: id.clone(), port: *port };
                between.insert(near.clone(), far.clone());
                between.insert(far.clone(), near);
            }
        }
        let mut machines: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let real = |it: &&MachinePlan| !matches!(it.feed, Feed::Guest { .. });
        for it in all.values().map(|it| &it.plan).filter(real) {
            let Some(jack) = &it.jack else { continue };
            machines.entry(jack.clone()).or_default().push(it.id.clone());
        }
        Self { between, machines }
    }

    /// The machines at a jack, in the order of their names.
    pub(super) fn at(&self, jack: &Jack) -> &[NodeId] {
        self.machines.get(jack).map_or(&[], Vec::as_slice)
    }
}

impl Room {
    /// Works out anew who hears whom, and lets the clusters find out.
    pub(super) fn rewire(&mut self) {
        self.wires = self.wired();
        self.clusters.values_mut().for_each(|it| it.stale.all = true);
    }

    /// Who hears whom.
    pub(super) fn wired(&self) -> Wires {
        let station =
            |(id, it): (&NodeId, &Machine)| Some((id.clone(), (self.station(id)?, it.plan.vlan)));
        let stations: BTreeMap<_, _> = self.machines.iter().filter_map(station).collect();
        let heard = self.heard(&stations);
        let mut wires = Wires { stations, heard, ..Wires::default() };
        let routes =
            |it: &Station, vlan| !self.is_lost(it) && wires.routes(self.uplink.as_ref(), it, vlan);
        let reached = |id: &&NodeId| wires.stations.get(*id).is_none_or(|it| routes(&it.0, it.1));
        let reached = self.machines.keys().filter(reached).cloned().collect();
        let answers = |(id, it): &(&SwitchId, &SwitchRoom)| {
            routes(&Station::Desk((*id).clone()), it.plan.management)
        };
        let desks = self.switches.iter().filter(answers).map(|it| it.0.clone()).collect();
        (wires.reached, wires.desks) = (reached, desks);
        wires
    }

    /// Whether the switch of a station is gone.
    fn is_lost(&self, station: &Station) -> bool {
        let switch = match station {
            Station::Port(jack, _) => &jack.switch,
            Station::Desk(switch) => switch,
        };
        self.switches.get(switch).is_some_and(|it| it.lost)
    }

    fn heard(
        &self,
        stations: &BTreeMap<NodeId, (Station, VlanId)>,
    ) -> BTreeMap<Station, Arc<Flood>> {
        let legs =
            self.uplink.iter().flat_map(|it| it.vlans.keys().filter_map(|vlan| leg(it, *vlan)));
        let desks = self.switches.keys().cloned().map(Station::Desk);
        let all: BTreeSet<_> =
            stations.values().map(|it| it.0.clone()).chain(legs).chain(desks).collect();
        let mut air = Air {
            switches: &self.switches,
            cables: &self.cabling.between,
            floods: BTreeMap::new(),
        };
        all.into_iter().map(|it| (it.clone(), air.heard_by(it))).collect()
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

    /// Counts a question to a machine and its answer, at its port and at the controller's.
    pub(super) fn count_call(&mut self, node: &NodeId) {
        if !self.answers(node) {
            return;
        }
        let Some((Station::Port(jack, _), _)) = self.wires.stations.get(node) else { return };
        if let Some(it) = self.switches.get_mut(&jack.switch) {
            it.count(jack.port, ANSWER, QUESTION);
        }
        let Some(Uplink { jack, .. }) = &self.uplink else { return };
        if let Some(it) = self.switches.get_mut(&jack.switch) {
            it.count(jack.port, QUESTION, ANSWER);
        }
    }

    /// Whether something answers at the other end of the cable in `jack`.
    pub(super) fn answers_at(&self, jack: &Jack) -> bool {
        let enabled = |far: &Jack| {
            let switch = self.switches.get(&far.switch);
            switch.and_then(|it| it.plan.ports.get(&far.port)).is_some_and(|it| it.enabled)
        };
        self.uplink.as_ref().is_some_and(|it| it.jack == *jack)
            || self.cabling.between.get(jack).is_some_and(enabled)
            || self.cabling.at(jack).iter().any(|it| self.phase(it) != Phase::Off)
    }
}

/// The way of frames through the switches.
struct Air<'a> {
    switches: &'a BTreeMap<SwitchId, SwitchRoom>,
    cables: &'a BTreeMap<Jack, Jack>,
    /// What a frame reaches that is in a VLAN of a switch.
    floods: BTreeMap<(SwitchId, Tag), Arc<Flood>>,
}

impl Air<'_> {
    /// Everybody whom a frame that `from` sends to all reaches.
    fn heard_by(&mut self, from: Station) -> Arc<Flood> {
        match from {
            Station::Desk(id) => {
                let Some(plan) = self.switches.get(&id).map(|it| &it.plan) else {
                    return Arc::default();
                };
                let vlan = plan.vlans.is_some().then_some(plan.management);
                self.shared(&id, vlan)
            }
            // A frame does not leave by the port that it came by. Nobody can tell: who else hears its VLAN there
            // is the station that sent it.
            Station::Port(jack, tag) => {
                let plan = self.switches.get(&jack.switch).map(|it| &it.plan);
                let vlan = plan.and_then(|it| taken_in(it, jack.port, tag));
                vlan.map(|it| self.shared(&jack.switch, it)).unwrap_or_default()
            }
        }
    }

    /// What a frame reaches that is in a VLAN of a switch.
    fn shared(&mut self, id: &SwitchId, vlan: Tag) -> Arc<Flood> {
        let key = (id.clone(), vlan);
        if let Some(it) = self.floods.get(&key) {
            return it.clone();
        }
        let mut heard = Flood::new();
        if let Some(switch) = self.switches.get(id) {
            let out = self.spreads(&switch.plan, None, vlan, &mut heard);
            self.flood(out, &mut heard);
        }
        self.floods.entry(key).or_insert(Arc::new(heard)).clone()
    }

    fn flood(&self, mut under_way: Vec<(Jack, Tag)>, heard: &mut Flood) {
        let mut seen = BTreeSet::new();
        while let Some((jack, tag)) = under_way.pop() {
            if seen.insert((jack.clone(), tag)) {
                under_way.extend(self.enters(&jack, tag, heard));
            }
        }
    }

    /// A frame that comes in at `jack`: who hears it there, and where it goes on to.
    fn enters(&self, jack: &Jack, tag: Tag, heard: &mut Flood) -> Vec<(Jack, Tag)> {
        let Some(switch) = self.switches.get(&jack.switch) else { return Vec::new() };
        let Some(vlan) = taken_in(&switch.plan, jack.port, tag) else { return Vec::new() };
        self.spreads(&switch.plan, Some(jack.port), vlan, heard)
    }

    /// A frame in a VLAN of a switch: its management hears it, and it leaves by every port but the one it came by.
    fn spreads(
        &self,
        plan: &SwitchPlan,
        came_by: Option<PortNo>,
        vlan: Tag,
        heard: &mut Flood,
    ) -> Vec<(Jack, Tag)> {
        let managed = match &plan.vlans {
            Some(_) => vlan == Some(plan.management),
            None => vlan.is_none(),
        };
        if managed {
            heard.insert(Station::Desk(plan.id.clone()));
        }
        let mut out = Vec::new();
        for port in plan.ports.keys().filter(|it| Some(**it) != came_by) {
            let Some(tag) = sent_out(plan, *port, vlan) else { continue };
            let jack = Jack { switch: plan.id.clone(), port: *port };
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
