use super::rack::{Rack, blueprint, config, knobs, sw};
use async_trait::async_trait;
use rackberry_core::{Poe, PortNo, Result, Switch, SwitchState, VlanTable};
use rackberry_routeros::RouterOs;
use rackberry_routeros::fake::Fake;
use rackberry_testkit::World;
use std::sync::{Arc, Mutex};

/// A switch that keeps every table that it has ever had.
#[derive(Debug)]
pub(super) struct Recorder {
    inner: Arc<dyn Switch>,
    tables: Mutex<Vec<VlanTable>>,
}

impl Recorder {
    /// A rack with one behind the simulated switch.
    pub(super) async fn rack() -> (Arc<Recorder>, Rack) {
        let world = World::new(blueprint());
        let inner = world.switch(&sw());
        let recorder = Arc::new(Recorder { inner, tables: Mutex::default() });
        let served = Fake::serve(recorder.clone(), knobs()).await.unwrap();
        let switch = RouterOs::new(config(&served));
        (recorder, Rack { world, served, switch })
    }

    /// The tables since this was asked last.
    pub(super) fn take(&self) -> Vec<VlanTable> {
        std::mem::take(&mut self.tables.lock().unwrap())
    }
}

#[async_trait]
impl Switch for Recorder {
    async fn observe(&self) -> Result<SwitchState> {
        self.inner.observe().await
    }

    async fn set_port(&self, port: PortNo, enabled: bool) -> Result<()> {
        self.inner.set_port(port, enabled).await
    }

    async fn set_vlans(&self, table: &VlanTable) -> Result<()> {
        self.tables.lock().unwrap().push(table.clone());
        self.inner.set_vlans(table).await
    }

    fn poe(&self) -> Option<&dyn Poe> {
        self.inner.poe()
    }
}
