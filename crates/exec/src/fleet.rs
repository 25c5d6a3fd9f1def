use crate::glance::Waiting;
use crate::render::Nobody;
use crate::{Budgeted, Render};
use rackberry_core::{
    Cluster, ClusterId, GuestPower, NodeId, NodeOs, PoePower, PoolId, PortNo, PowerCtl, Storage,
    Switch, SwitchId,
};
use rackberry_plan::{Feed, Resolved};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Mutex;

/// What answers a call. Calls to one device follow each other; different ones are called side by side.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Device {
    /// A machine.
    Node(NodeId),
    /// A switch.
    Switch(SwitchId),
    /// A cluster.
    Cluster(ClusterId),
    /// A pool.
    Pool(PoolId),
    /// Anything else, by a name of its own: a power strip.
    Other(String),
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node(id) => write!(f, "{id}"),
            Self::Switch(id) => write!(f, "switch {id}"),
            Self::Cluster(id) => write!(f, "cluster {id}"),
            Self::Pool(id) => write!(f, "pool {id}"),
            Self::Other(name) => f.write_str(name),
        }
    }
}

/// What switches a machine on and off, and the device that is called for it.
#[derive(Clone, Debug)]
pub struct Outlet {
    /// The outlet.
    pub ctl: Arc<dyn PowerCtl>,
    /// What answers.
    pub on: Device,
}

impl Outlet {
    /// A port of a PoE switch.
    pub fn poe(id: SwitchId, switch: Arc<dyn Switch>, port: PortNo) -> Self {
        Self { ctl: Arc::new(PoePower { switch, port }), on: Device::Switch(id) }
    }

    /// A guest's button on its host.
    pub fn guest(id: NodeId, host: Arc<dyn NodeOs>, guest: NodeId) -> Self {
        Self { ctl: Arc::new(GuestPower { host, guest }), on: Device::Node(id) }
    }
}

/// One machine's handles.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its system.
    pub os: Arc<dyn NodeOs>,
    /// Its outlet, if it can be switched.
    pub outlet: Option<Outlet>,
    /// The cluster it is to be a member of.
    pub cluster: Option<ClusterId>,
}

/// Every handle to the real world. A plain value: fill it by hand, or from a configuration.
#[derive(Clone, Debug)]
pub struct Fleet {
    /// The machines.
    pub nodes: BTreeMap<NodeId, Node>,
    /// The clusters that they form.
    pub clusters: BTreeMap<ClusterId, Arc<dyn Cluster>>,
    /// The switches.
    pub switches: BTreeMap<SwitchId, Arc<dyn Switch>>,
    /// The pools.
    pub pools: BTreeMap<PoolId, Arc<dyn Storage>>,
    /// What makes configurations when they are sent.
    pub render: Arc<dyn Render>,
    /// Which devices are being called.
    pub(crate) busy: Arc<std::sync::Mutex<BTreeMap<Device, Arc<Mutex<()>>>>>,
    /// Who waits for a look.
    pub(crate) waiting: Arc<Waiting>,
    /// Members of the clusters that there are no handles for, as the clusters say.
    strangers: Arc<std::sync::Mutex<BTreeMap<NodeId, ClusterId>>>,
}

impl Default for Fleet {
    /// A fleet without devices yet, and with nobody who makes configurations: for steps that need none.
    fn default() -> Self {
        Self::new(Arc::new(Nobody))
    }
}

impl Fleet {
    /// A fleet without devices yet.
    pub fn new(render: Arc<dyn Render>) -> Self {
        Self {
            nodes: BTreeMap::new(),
            clusters: BTreeMap::new(),
            switches: BTreeMap::new(),
            pools: BTreeMap::new(),
            render,
            busy: Arc::default(),
            waiting: Arc::default(),
            strangers: Arc::default(),
        }
    }

    /// Puts in a switch of a rack, by its position there. It is never asked to feed more than its budget, its ports begin
    /// to be fed `stagger` apart, and it is the outlet of the machines that it feeds, as far as they are in here.
    pub fn put_switch(
        &mut self,
        rack: &Resolved,
        at: usize,
        switch: Arc<dyn Switch>,
        stagger: Duration,
    ) {
        let id = &rack.switches[at].id;
        let switch: Arc<dyn Switch> = Arc::new(Budgeted::new(switch, rack.peaks(at), stagger));
        for node in &rack.nodes {
            let Feed::Poe { port, .. } = &node.feed else { continue };
            let Some(it) = self.nodes.get_mut(&node.id).filter(|_| port.switch == *id) else {
                continue;
            };
            it.outlet = Some(Outlet::poe(id.clone(), switch.clone(), port.port));
        }
        self.switches.insert(id.clone(), switch);
    }

    /// The clusters of machines that there are no handles for.
    pub(crate) fn strangers(&self) -> MutexGuard<'_, BTreeMap<NodeId, ClusterId>> {
        self.strangers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What has to be held while a device is called.
    pub(crate) fn turn(&self, device: &Device) -> Arc<Mutex<()>> {
        let mut all = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(device.clone()).or_default())
    }
}
