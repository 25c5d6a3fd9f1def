//! The handle of a machine's system.

use super::World;
use super::guest::SimGuests;
use super::room::Room;
use async_trait::async_trait;
use rackberry_core::{BootId, Guests, NodeConfig, NodeId, NodeOs, NodeState, Result, Version};

/// The system of a machine, seen from the controller.
#[derive(Debug)]
pub(super) struct SimOs {
    world: World,
    node: NodeId,
    guests: Option<SimGuests>,
}

impl SimOs {
    pub(super) fn new(world: World, node: NodeId, hypervisor: bool) -> Self {
        let guests = SimGuests { world: world.clone(), host: node.clone() };
        Self { world, node, guests: hypervisor.then_some(guests) }
    }

    fn call<T>(
        &self,
        doing: &str,
        act: impl FnOnce(&mut Room, &NodeId) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let node = self.node.clone();
        self.world.call(doing, move |room| {
            room.count_call(&node);
            act(room, &node)
        })
    }
}

#[async_trait]
impl NodeOs for SimOs {
    async fn observe(&self) -> Result<NodeState> {
        self.call("observe the machine", |room, node| room.node_state(node))
    }

    async fn configure(&self, config: &NodeConfig) -> Result<()> {
        let config = config.clone();
        self.call("configure the machine", move |room, node| room.configure(node, &config))
    }

    async fn upgrade(&self, version: &Version) -> Result<()> {
        let version = version.clone();
        self.call("upgrade the machine", move |room, node| room.upgrade(node, &version))
    }

    async fn reboot(&self, boot: &BootId) -> Result<()> {
        let boot = boot.clone();
        self.call("reboot the machine", move |room, node| room.reboot(node, &boot))
    }

    async fn reset(&self, boot: &BootId) -> Result<()> {
        let boot = boot.clone();
        self.call("reset the machine", move |room, node| room.reset(node, &boot))
    }

    fn guests(&self) -> Option<&dyn Guests> {
        self.guests.as_ref().map(|it| it as &dyn Guests)
    }
}
