//! Who hears the station that stands behind the uplink of a rack, over several switches: what a frame becomes on its way.
//!
//! Nobody knows which VLANs the station sends in, so whoever has any way to it and back is taken to be reached.

use crate::check::{Socket, trunks, uplink};
use crate::{Observed, Resolved};
use rackberry_core::{PortNo, Tagging, VlanId, VlanTable};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The tag of a frame; none on one without.
type Tag = Option<VlanId>;

/// The VLANs of the switches that know any, by position; several where one may have either.
pub(crate) type Tables = BTreeMap<usize, Vec<VlanTable>>;

/// The VLANs that the switches have now.
pub(crate) fn tables(rack: &Resolved, seen: &Observed) -> Tables {
    let known = seen.switches.iter();
    known.filter_map(|(id, it)| Some((rack.switch(id)?, vec![it.vlans.clone()?]))).collect()
}

/// More ways than this to combine the tables of switches in a row are not tried.
const MOST: usize = 1 << 12;

/// Somebody whom the station may hear, and who may hear it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum End {
    /// What is plugged into a port, and how its frames look there.
    Port(Socket, Tag),
    /// The management of a switch, in one VLAN.
    Desk(usize, Tag),
}

impl End {
    pub(crate) fn switch(&self) -> usize {
        match self {
            Self::Port(socket, _) => socket.0,
            Self::Desk(switch, _) => *switch,
        }
    }

    pub(crate) fn words(&self, rack: &Resolved) -> String {
        let id = |it: usize| &rack.switches[it].id;
        match self {
            Self::Port((switch, port), _) => format!("what is in {port} of {}", id(*switch)),
            Self::Desk(switch, _) => format!("switch {}", id(*switch)),
        }
    }
}

/// A switch on the way down from the station.
#[derive(Clone, Copy, Debug)]
struct Hop {
    switch: usize,
    enter: PortNo,
    leave: PortNo,
}

/// The way from the station to a switch.
#[derive(Clone, Debug)]
struct Way {
    above: Vec<Hop>,
    enter: PortNo,
}

impl Way {
    fn switches(&self, end: End) -> impl Iterator<Item = usize> {
        self.above.iter().map(|it| it.switch).chain([end.switch()])
    }
}

/// The ways from the station to every switch that frames can only come to by one.
#[derive(Debug, Default)]
pub(crate) struct Wires {
    ways: BTreeMap<usize, Way>,
    /// The ports that nobody but a switch or the station is in, and those that are off.
    taken: BTreeSet<Socket>,
    ports: BTreeMap<usize, Vec<PortNo>>,
}

impl Wires {
    /// No ways where cables form a ring, since it is not known which of them lets frames pass.
    pub(crate) fn new(rack: &Resolved, seen: &Observed) -> Self {
        let known = |it: usize| {
            !rack.switches[it].model.is_managed()
                || seen.switches.contains_key(&rack.switches[it].id)
        };
        let off = |(switch, port): Socket| {
            let state = seen.switches.get(&rack.switches[switch].id);
            state.and_then(|it| it.ports.get(&port)).is_some_and(|it| !it.enabled)
        };
        let cables = trunks(rack)
            .into_iter()
            .filter(|(a, b)| known(a.0) && known(b.0) && !off(*a) && !off(*b));
        let cables: BTreeSet<(Socket, Socket)> = cables.collect();
        let between = |it: &Socket| cables.iter().any(|(a, b)| a == it || b == it);
        let roots = (0..rack.switches.len()).filter(|it| known(*it));
        let roots = roots.filter_map(|it| uplink(rack, it)).filter(|it| !between(it) && !off(*it));
        let roots: Vec<Socket> = roots.collect();
        let Some(ways) = ways(&roots, &cables) else { return Self::default() };
        let port = |at: usize| {
            let all = rack.switches[at].model.port_numbers();
            (at, all.filter(|it| !off((at, *it))).collect())
        };
        let ports = ways.keys().map(|it| port(*it)).collect();
        let taken = cables.into_iter().flat_map(|(a, b)| [a, b]).chain(roots).collect();
        Self { ways, taken, ports }
    }

    /// Whoever is reached with all of these tables, and with all of those.
    pub(crate) fn kept(&self, before: &Tables, after: &Tables) -> Vec<End> {
        let ends = self.ends(before).into_iter();
        ends.filter(|it| self.always(*it, before) && self.always(*it, after)).collect()
    }

    /// The first of these who is not reached with some of these tables.
    pub(crate) fn cut(&self, ends: &[End], tables: &Tables) -> Option<End> {
        ends.iter().copied().find(|it| !self.always(*it, tables))
    }

    /// Whether a switch is on the way to somebody.
    pub(crate) fn passes(&self, end: End, switch: usize) -> bool {
        self.ways.get(&end.switch()).is_some_and(|it| it.switches(end).any(|it| it == switch))
    }

    /// Everybody there may be.
    fn ends(&self, tables: &Tables) -> Vec<End> {
        let mut all = Vec::new();
        for (switch, ports) in &self.ports {
            let vlans = |port: Option<PortNo>| {
                let table = tables.get(switch).into_iter().flatten();
                let tagged = move |it: &VlanTable, vlan: VlanId| match port {
                    Some(port) => it.member(port, vlan) == Some(Tagging::Tagged),
                    None => true,
                };
                let vlans = table.flat_map(move |it| {
                    it.vlans.keys().copied().filter(move |vlan| tagged(it, *vlan))
                });
                vlans.map(Some).collect::<BTreeSet<Tag>>()
            };
            let desk = if tables.contains_key(switch) { vlans(None) } else { [None].into() };
            all.extend(desk.into_iter().map(|it| End::Desk(*switch, it)));
            for port in ports.iter().filter(|it| !self.taken.contains(&(*switch, **it))) {
                let tags = vlans(Some(*port)).into_iter().chain([None]);
                all.extend(tags.map(|it| End::Port((*switch, *port), it)));
            }
        }
        all
    }

    /// Whether somebody is reached whichever of its tables each switch on the way has.
    fn always(&self, end: End, tables: &Tables) -> bool {
        let Some(way) = self.ways.get(&end.switch()) else { return false };
        let on_it = way.switches(end).filter_map(|it| Some((it, tables.get(&it)?.as_slice())));
        let on_it: Vec<(usize, &[VlanTable])> = on_it.collect();
        let all = on_it.iter().try_fold(1, |all: usize, it| all.checked_mul(it.1.len()));
        all.filter(|it| *it <= MOST).is_some_and(|all| {
            (0..all).all(|mut number| {
                let chosen = on_it.iter().map(|(switch, tables)| {
                    let table = &tables[number % tables.len()];
                    number /= tables.len();
                    (*switch, table)
                });
                reaches(way, end, &chosen.collect()).is_some()
            })
        })
    }
}

/// The ways down from where the station is; none where cables form a ring.
fn ways(roots: &[Socket], cables: &BTreeSet<(Socket, Socket)>) -> Option<BTreeMap<usize, Way>> {
    let (mut ways, mut ahead) = (BTreeMap::new(), VecDeque::new());
    for (switch, enter) in roots {
        ways.insert(*switch, Way { above: Vec::new(), enter: *enter });
        ahead.push_back(*switch);
    }
    let mut left = cables.clone();
    while let Some(switch) = ahead.pop_front() {
        let here: Vec<_> =
            left.iter().filter(|(a, b)| a.0 == switch || b.0 == switch).copied().collect();
        for cable in here {
            left.remove(&cable);
            let (near, far) = if cable.0.0 == switch { cable } else { (cable.1, cable.0) };
            let way: &Way = ways.get(&switch)?;
            let mut above = way.above.clone();
            above.push(Hop { switch, enter: way.enter, leave: near.1 });
            if ways.insert(far.0, Way { above, enter: far.1 }).is_some() {
                return None;
            }
            ahead.push_back(far.0);
        }
    }
    Some(ways)
}

/// Somebody's frame goes up to the station, and the answer, which looks the same there, comes down again.
fn reaches(way: &Way, end: End, tables: &BTreeMap<usize, &VlanTable>) -> Option<()> {
    let at = |switch: usize| tables.get(&switch).copied();
    let own = at(end.switch());
    let vlan = match end {
        End::Port((_, port), tag) => taken_in(own, port, tag)?,
        End::Desk(_, vlan) => vlan,
    };
    let mut tag = sent_out(own, way.enter, vlan)?;
    for hop in way.above.iter().rev() {
        tag = sent_out(at(hop.switch), hop.enter, taken_in(at(hop.switch), hop.leave, tag)?)?;
    }
    for hop in &way.above {
        tag = sent_out(at(hop.switch), hop.leave, taken_in(at(hop.switch), hop.enter, tag)?)?;
    }
    let vlan = taken_in(own, way.enter, tag)?;
    let heard = match end {
        End::Port((_, port), tag) => sent_out(own, port, vlan)? == tag,
        End::Desk(_, own) => vlan == own,
    };
    heard.then_some(())
}

/// The VLAN that a port takes a frame into; none where it is dropped. A switch without VLANs keeps the tag.
fn taken_in(table: Option<&VlanTable>, port: PortNo, tag: Tag) -> Option<Tag> {
    let Some(table) = table else { return Some(tag) };
    let vlan = tag.or_else(|| table.pvids.get(&port).copied())?;
    table.member(port, vlan).map(|_| Some(vlan))
}

/// The tag that a frame leaves a port with; none where it does not.
fn sent_out(table: Option<&VlanTable>, port: PortNo, vlan: Tag) -> Option<Tag> {
    let (Some(table), Some(vlan)) = (table, vlan) else { return Some(vlan) };
    match table.member(port, vlan)? {
        Tagging::Untagged => Some(None),
        Tagging::Tagged => Some(Some(vlan)),
    }
}
