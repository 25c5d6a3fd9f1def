//! One loss after the other.

use super::{Loss, Stays};
use crate::check::graph::Kind;
use crate::check::survey::Survey;
use crate::check::wording::{grouped, list};
use crate::rack::VolumeKind;
use crate::translate::Translation;
use rackberry_core::ThingId;
use rackberry_sched::{Absorb, Absorber, Lost, Survivor};
use std::collections::{BTreeMap, BTreeSet};

/// What serves each ability, and the abilities that each of them serves.
type Servers<'a> = (Vec<(&'a ThingId, Vec<u32>)>, BTreeMap<u32, Vec<usize>>);

fn servers<'a>(it: &Survey<'a>) -> Servers<'a> {
    let (file, graph) = (&it.rack.rack, &it.graph);
    let mut all: BTreeMap<&ThingId, Vec<u32>> = BTreeMap::new();
    let mut add = |kind: Kind, at: usize, serves: &'a [ThingId]| {
        serves.iter().for_each(|it| all.entry(it).or_default().push(graph.at(kind, at)));
    };
    file.nodes.values().enumerate().for_each(|(at, it)| add(Kind::Node, at, &it.serves));
    file.services.values().enumerate().for_each(|(at, it)| add(Kind::Service, at, &it.serves));
    file.workloads.values().enumerate().for_each(|(at, it)| add(Kind::Workload, at, &it.serves));
    let all: Vec<_> = all.into_iter().collect();
    let mut of: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, (_, things)) in all.iter().enumerate() {
        things.iter().for_each(|it| of.entry(*it).or_default().push(at));
    }
    (all, of)
}

/// The needs of workloads and services, by who has them and by whom they are for.
fn needs(it: &Survey) -> (BTreeMap<u32, Vec<u32>>, BTreeMap<u32, Vec<u32>>) {
    let run = &it.graph.run;
    let ours = |it_: &u32| matches!(it.graph.thing(*it_).0, Kind::Workload | Kind::Service);
    let owned = (0..).take(run.groups()).filter_map(|it| Some((run.owner(it).filter(ours)?, it)));
    let users = owned.clone().flat_map(|(owner, group)| {
        run.providers(group).iter().filter(|it| ours(it)).map(move |it| (*it, owner))
    });
    (grouped(owned.clone()), grouped(users))
}

/// One loss after the other.
pub(super) struct Round<'s, 'a> {
    it: &'s Survey<'a>,
    survivor: Survivor<'s>,
    room: Option<(&'s Translation, Absorber<'s>)>,
    /// In which round each thing fell last.
    fell: Vec<u32>,
    number: u32,
    servers: Servers<'a>,
    /// What each workload and each service needs, as groups; and which of them need each thing.
    groups: BTreeMap<u32, Vec<u32>>,
    users: BTreeMap<u32, Vec<u32>>,
}

impl<'s, 'a> Round<'s, 'a> {
    /// Without a kernel nothing is counted as coming back.
    pub(super) fn new(it: &'s Survey<'a>, kernel: Option<&'s Translation>) -> Self {
        let (groups, users) = needs(it);
        Self {
            it,
            groups,
            users,
            survivor: Survivor::new(&it.graph.run),
            room: kernel.map(|it| (it, Absorber::new(&it.checked, &it.start))),
            fell: vec![0; it.graph.run.things() as usize],
            number: 0,
            servers: servers(it),
        }
    }

    fn fall(&mut self, thing: u32) -> Vec<Lost> {
        let lost = self.survivor.lose(&[thing]).to_vec();
        self.number += 1;
        lost.iter().for_each(|it| self.fell[it.thing as usize] = self.number);
        lost
    }

    /// Whether a loss takes half of the nodes or of the workloads, cuts them off, or takes an ability
    /// that is wanted: a quick look, for most losses take little.
    pub(super) fn matters(&mut self, thing: u32, wanted: &BTreeSet<&str>) -> bool {
        let lost = self.fall(thing);
        let graph = &self.it.graph;
        let (mut nodes, mut workloads) = (0, 0);
        for Lost { thing, .. } in &lost {
            match graph.thing(*thing).0 {
                Kind::Node => nodes += 1,
                Kind::Workload => workloads += 1,
                Kind::Outside => nodes += graph.nodes_behind(*thing).len(),
                Kind::Images
                | Kind::Switch
                | Kind::WayOut
                | Kind::Outlet
                | Kind::Pool
                | Kind::Service
                | Kind::ControlPlane
                | Kind::AnyOf => {}
            }
        }
        // Guests do not count among machines, so few nodes can be most of them.
        let machines =
            self.it.rack.nodes.len() - self.it.guests.values().map(Vec::len).sum::<usize>();
        let served = lost.iter().flat_map(|it| self.servers.1.get(&it.thing).into_iter().flatten());
        let ability = |at: &usize| {
            let (ability, things) = &self.servers.0[*at];
            wanted.contains(ability.as_str()) && self.all_fell(things)
        };
        nodes * 2 > machines
            || workloads * 2 > self.it.rack.workloads.len()
            || served.copied().any(|at| ability(&at))
    }

    /// What goes down with a thing.
    pub(super) fn lose(&mut self, thing: u32) -> Loss {
        let lost = self.fall(thing);
        let (graph, rack) = (&self.it.graph, self.it.rack);
        let mut loss = Loss { of: graph.place(thing).unwrap_or_default(), ..Loss::default() };
        let mut abilities: BTreeSet<usize> = BTreeSet::new();
        for Lost { thing, .. } in &lost {
            let (kind, at) = graph.thing(*thing);
            match kind {
                Kind::Node => loss.nodes.push(rack.nodes[at].id.clone()),
                Kind::Switch => loss.switches.push(rack.switches[at].id.clone()),
                Kind::Outlet => loss.outlets.push(graph.ids.outlets[at].clone()),
                Kind::Pool => loss.pools.push(graph.ids.pools[at].clone()),
                Kind::Service => loss.services.push(graph.ids.services[at].clone()),
                Kind::ControlPlane => loss.clusters.push(graph.ids.clusters[at].clone()),
                Kind::Outside => self.cut_off(at, &mut loss),
                Kind::Images | Kind::WayOut | Kind::Workload | Kind::AnyOf => {}
            }
            let served = self.servers.1.get(thing).into_iter().flatten();
            abilities.extend(served.copied().filter(|at| self.all_fell(&self.servers.0[*at].1)));
        }
        loss.abilities = abilities.into_iter().map(|at| self.servers.0[at].0.clone()).collect();
        self.workloads(&lost, &mut loss);
        loss.nodes.sort();
        loss
    }

    fn has_fallen(&self, thing: u32) -> bool {
        self.fell[thing as usize] == self.number
    }

    fn all_fell(&self, things: &[u32]) -> bool {
        things.iter().all(|it| self.has_fallen(*it))
    }

    fn cut_off(&self, exit: usize, loss: &mut Loss) {
        let (graph, outside) = (&self.it.graph, self.it.graph.at(Kind::Outside, exit));
        let up = |node: &usize| !self.has_fallen(graph.at(Kind::Node, *node));
        let those = graph.nodes_behind(outside).iter().copied().filter(up);
        loss.cut_off.extend(those.map(|it| self.it.rack.nodes[it].id.clone()));
    }

    /// Sorts the workloads that fell into those that come back and those that stay down.
    fn workloads(&mut self, lost: &[Lost], loss: &mut Loss) {
        let graph = &self.it.graph;
        let of = |kind: Kind| {
            lost.iter().map(|it| it.thing).filter(move |it| graph.thing(*it).0 == kind)
        };
        let workloads: Vec<u32> = of(Kind::Workload).collect();
        if workloads.is_empty() {
            return;
        }
        let nodes = of(Kind::Node).map(|it| graph.thing(it).1);
        let busy: Vec<usize> = nodes.filter(|it| self.it.nodes[*it].busy).collect();
        let moved = match busy.as_slice() {
            [one] => self.moved(*one),
            _ => BTreeSet::new(),
        };
        let own = |it: &u32| Some((*it, self.placeless(*it, &moved, busy.len())?));
        let own: BTreeMap<u32, String> = workloads.iter().filter_map(own).collect();
        // What was lost itself is not repaired by what comes back.
        let services = of(Kind::Service).filter(|it| lost.first().map(|it| it.thing) != Some(*it));
        let free = workloads.iter().copied().chain(services).filter(|it| !own.contains_key(it));
        let back = self.back(free.collect());
        for thing in workloads {
            let workload = self.it.rack.workloads[graph.thing(thing).1].id.clone();
            let own = own.get(&thing).cloned();
            match own.or_else(|| self.lacks(thing, &back).map(|it| self.needs(it))) {
                Some(because) => loss.down.push(Stays { workload, because }),
                None => loss.back.push(workload),
            }
        }
    }

    /// Those of the fallen things that come back one after the other, when all that they need is up or back.
    fn back(&self, mut open: Vec<u32>) -> BTreeSet<u32> {
        let candidates: BTreeSet<u32> = open.iter().copied().collect();
        let mut back = BTreeSet::new();
        while let Some(thing) = open.pop() {
            if back.contains(&thing) || self.lacks(thing, &back).is_some() {
                continue;
            }
            back.insert(thing);
            let users = self.users.get(&thing).into_iter().flatten();
            open.extend(users.filter(|it| candidates.contains(it)));
        }
        back
    }

    /// The first need of a thing, other than for a node, of which too little is up or back.
    fn lacks(&self, thing: u32, back: &BTreeSet<u32>) -> Option<u32> {
        let run = &self.it.graph.run;
        let there = |it: &&u32| !self.has_fallen(**it) || back.contains(it);
        let met = |group: u32| {
            let there = run.providers(group).iter().filter(there).count();
            there as u64 >= u64::from(run.minimum(group))
        };
        let mut groups = self.groups.get(&thing).into_iter().flatten().copied();
        groups.find(|it| !self.by_node(*it) && !met(*it))
    }

    /// Any one of them would do, so none is there.
    fn needs(&self, group: u32) -> String {
        let graph = &self.it.graph;
        let gone = graph.run.providers(group).iter();
        format!("it needs {}", list(gone.filter_map(|it| graph.name(*it))))
    }

    /// Whether a need is that for a node to run on.
    fn by_node(&self, group: u32) -> bool {
        let node = |it: &u32| matches!(self.it.graph.thing(*it).0, Kind::Images | Kind::AnyOf);
        self.it.graph.run.providers(group).iter().all(node)
    }

    /// The workloads of a lost node of which every replica there finds another place.
    fn moved(&mut self, node: usize) -> BTreeSet<usize> {
        let rack = self.it.rack;
        let Some((kernel, absorber)) = &mut self.room else { return BTreeSet::new() };
        let Absorb { moved, stuck } = absorber.absorb(u32::try_from(node).unwrap_or(u32::MAX));
        let workloads =
            |item: u32| kernel.items[item as usize].iter().map(|it| rack.replicas[*it].workload);
        let stuck: BTreeSet<usize> = stuck.into_iter().flat_map(workloads).collect();
        moved.into_iter().flat_map(|it| workloads(it.0)).filter(|it| !stuck.contains(it)).collect()
    }

    /// Why a workload finds no node to run on; nothing where it has one, or finds one.
    fn placeless(&self, thing: u32, moved: &BTreeSet<usize>, busy: usize) -> Option<String> {
        let (it, graph) = (self.it, &self.it.graph);
        let mut groups = self.groups.get(&thing).into_iter().flatten();
        let unmet = |group: &&u32| {
            let up = graph.run.providers(**group).iter().filter(|it| !self.has_fallen(**it));
            self.by_node(**group) && (up.count() as u64) < u64::from(graph.run.minimum(**group))
        };
        groups.find(unmet)?;
        let workload = graph.thing(thing).1;
        let cluster = it.rack.workloads[workload].cluster.as_ref();
        let plane = graph.control_plane_of(cluster).filter(|it| self.has_fallen(*it));
        if let (Some(_), Some(cluster)) = (plane, cluster) {
            return Some(format!("{cluster} has no control plane then"));
        }
        if let Some(on) = self.keeps_data_on(workload) {
            return Some(format!("its local volume is on {}", it.node(on)));
        }
        let elsewhere = |node: &usize| !self.has_fallen(graph.at(Kind::Node, *node));
        if !it.eligible.of(workload).iter().any(elsewhere) {
            return Some("it may run nowhere else".into());
        }
        match moved.contains(&workload) {
            true => None,
            false if busy > 1 => Some("too much goes down at once to say where it would go".into()),
            false => Some("no other node has room for it".into()),
        }
    }

    /// The fallen node that a local volume of a workload lies on.
    fn keeps_data_on(&self, workload: usize) -> Option<usize> {
        let (it, graph) = (self.it, &self.it.graph);
        let volumes = &it.written(workload).1.volumes;
        volumes.iter().find(|it| it.kind == VolumeKind::LocalPath)?;
        let replicas = &it.rack.replicas[it.rack.workloads[workload].replicas.clone()];
        let mut nodes = replicas.iter().filter_map(|it| it.on);
        nodes.find(|it| self.has_fallen(graph.at(Kind::Node, *it)))
    }
}
