//! What can be taken away from a simulated rack, by its name in the file.

use rackberry::core::{DiskId, NodeId, OutletId, PoolId, SwitchId};
use rackberry::plan::{Feed, Location, Resolved};
use rackberry::testkit::World;

/// Something that is taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    Node(NodeId),
    Switch(SwitchId),
    Outlet(OutletId),
    Pool(PoolId),
    Disk(NodeId, DiskId),
}

impl Lost {
    /// Its place in the file.
    pub(super) fn place(&self) -> Location {
        let path: Vec<&str> = match self {
            Self::Node(id) => vec!["nodes", id.as_str()],
            Self::Switch(id) => vec!["switches", id.as_str()],
            Self::Outlet(id) => vec!["outlets", id.as_str()],
            Self::Pool(id) => vec!["pools", id.as_str()],
            Self::Disk(node, disk) => vec!["nodes", node.as_str(), "disks", disk.as_str()],
        };
        Location(path.into_iter().map(String::from).collect())
    }

    /// Its name, with its kind.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Node(id) => id.to_string(),
            Self::Switch(id) => format!("switch {id}"),
            Self::Outlet(id) => format!("outlet {id}"),
            Self::Pool(id) => format!("pool {id}"),
            Self::Disk(node, disk) => format!("disk {disk} of {node}"),
        }
    }
}

/// Everything in the file that can be lost.
fn all(rack: &Resolved) -> Vec<Lost> {
    let file = &rack.rack;
    let nodes = file.nodes.keys().cloned().map(Lost::Node);
    let switches = file.switches.keys().cloned().map(Lost::Switch);
    let outlets = file.outlets.keys().cloned().map(Lost::Outlet);
    let pools =
        file.pools.iter().filter(|it| it.1.node.is_some()).map(|it| Lost::Pool(it.0.clone()));
    let disks = file
        .nodes
        .iter()
        .flat_map(|(node, it)| it.disks.keys().map(|disk| Lost::Disk(node.clone(), disk.clone())));
    nodes.chain(switches).chain(outlets).chain(pools).chain(disks).collect()
}

/// What can be written for it: `pi-3` or `nodes.pi-3`, `pi-3/ssd`.
fn names(it: &Lost) -> [String; 2] {
    let path = it.place().0;
    match it {
        Lost::Disk(node, disk) => [format!("{node}/{disk}"), path.join(".")],
        Lost::Node(_) | Lost::Switch(_) | Lost::Outlet(_) | Lost::Pool(_) => {
            [path[1].clone(), path.join(".")]
        }
    }
}

/// What a name means.
pub(super) fn find(rack: &Resolved, name: &str) -> Result<Lost, String> {
    let all = all(rack);
    let mut found: Vec<&Lost> =
        all.iter().filter(|it| names(it).iter().any(|it| it == name)).collect();
    match (found.pop(), found.as_slice()) {
        (Some(Lost::Disk(node, disk)), []) if !is_pooled(rack, node, disk) => Err(format!(
            "disk {disk} of {node} is in no pool, and the simulated rack does not know what else lies on it"
        )),
        (Some(one), []) => Ok(one.clone()),
        (Some(last), more) => {
            let places = more.iter().copied().chain([last]).map(|it| it.place().to_string());
            let places = places.collect::<Vec<_>>().join(" or ");
            Err(format!("`{name}` is the name of more than one thing: write {places}"))
        }
        (None, _) => Err(unknown(rack, &all, name)),
    }
}

fn is_pooled(rack: &Resolved, node: &NodeId, disk: &DiskId) -> bool {
    let mut pools = rack.rack.pools.values();
    pools.any(|it| it.node.as_ref() == Some(node) && it.disks.contains(disk))
}

fn unknown(rack: &Resolved, all: &[Lost], name: &str) -> String {
    if rack.rack.services.keys().any(|it| it.as_str() == name) {
        return format!("the service {name} is no device: take what it runs on");
    }
    let names = all.iter().map(|it| names(it)[0].clone());
    let near = names.map(|it| (strsim::osa_distance(&it, name), it)).min();
    let near = near.filter(|it| it.0 <= 2).map(|it| format!("; did you mean `{}`?", it.1));
    let near = near.unwrap_or_default();
    format!("the file has no node, switch, outlet, pool or disk `{name}`{near}")
}

/// The machines that lose their power with it; what a switch feeds loses it with the switch.
fn machines(rack: &Resolved, lost: &Lost) -> Vec<NodeId> {
    match lost {
        Lost::Node(node) => vec![node.clone()],
        Lost::Outlet(id) => {
            let fed = |feed: &Feed| matches!(feed, Feed::Outlet(it) if is_behind(rack, it, id));
            rack.nodes.iter().filter(|it| fed(&it.feed)).map(|it| it.id.clone()).collect()
        }
        Lost::Switch(_) | Lost::Pool(_) | Lost::Disk(..) => Vec::new(),
    }
}

/// The switches that go with it.
fn switches(rack: &Resolved, lost: &Lost) -> Vec<SwitchId> {
    match lost {
        Lost::Switch(id) => vec![id.clone()],
        Lost::Outlet(id) => {
            let all = rack.rack.switches.iter();
            let fed =
                all.filter(|it| it.1.outlet.as_ref().is_some_and(|it| is_behind(rack, it, id)));
            fed.map(|it| it.0.clone()).collect()
        }
        Lost::Node(_) | Lost::Pool(_) | Lost::Disk(..) => Vec::new(),
    }
}

/// Whether an outlet gets its power by way of another, or is it. A circle of outlets was refused before.
fn is_behind(rack: &Resolved, outlet: &OutletId, other: &OutletId) -> bool {
    let from = |it: &&OutletId| rack.rack.outlets.get(*it).and_then(|it| it.from.as_ref());
    let way = std::iter::successors(Some(outlet), from).take(rack.rack.outlets.len() + 1);
    way.into_iter().any(|it| it == other)
}

/// Takes it away, for good.
pub(super) fn take(world: &World, rack: &Resolved, lost: &Lost) {
    machines(rack, lost).iter().for_each(|it| world.unplug(it));
    switches(rack, lost).iter().for_each(|it| world.lose_switch(it));
    disks(rack, lost).iter().for_each(|(node, disk)| world.break_disk(node, disk));
}

/// The disks that go with it.
fn disks(rack: &Resolved, lost: &Lost) -> Vec<(NodeId, DiskId)> {
    match lost {
        Lost::Disk(node, disk) => vec![(node.clone(), disk.clone())],
        Lost::Pool(pool) => {
            let it = &rack.rack.pools[pool];
            let of = |node: &NodeId| it.disks.iter().map(|it| (node.clone(), it.clone())).collect();
            it.node.as_ref().map(of).unwrap_or_default()
        }
        Lost::Node(_) | Lost::Switch(_) | Lost::Outlet(_) => Vec::new(),
    }
}
