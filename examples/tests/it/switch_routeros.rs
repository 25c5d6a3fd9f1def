//! `rackberry switch` with a simulated MikroTik.

use crate::program::{Ran, arg, flat, folder, program, ran};
use rackberry::core::{PortNo, Power, Switch, SwitchId, SwitchState, Tagging, VlanId};
use rackberry::routeros::fake::{Fake, Knobs, Served, room};
use rackberry::testkit::World;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;

const RACK: &str = "\
rack: shelf
networks:
  lan: { vlan: 1, subnet: 192.168.2.0/24 }
  infra: { vlan: 2, subnet: 10.0.2.0/24 }
switches:
  sw:
    model: CRS328-24P-4S+RM
    network: lan
    uplink: 28
    user: admin
    password: { file: password }
    fingerprint: FINGERPRINT
    ports:
      2: { priority: high }
      3: { poe: false }
      28: { to: router, network: lan, tagged: infra }
nodes:
  pi1: { board: pi4-4g, hat: poe-plus, port: sw/1, network: lan, os: raspios, boot: sd }
  pi2: { board: pi4-4g, hat: poe-plus, port: sw/2, network: infra, os: raspios, boot: sd }
services:
  router: { address: 192.168.2.1 }
";

/// A simulated switch, and a folder with its rack file and its password.
struct Shelf {
    served: Served,
    folder: PathBuf,
    world: World,
    runtime: Runtime,
}

impl Shelf {
    fn new(test: &str) -> Self {
        let folder = folder(test);
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build().expect("a runtime");
        let world = World::new(room());
        let switch = world.switch(&SwitchId::new("sw"));
        let served = runtime.block_on(Fake::serve(switch, Knobs::default())).expect("listen");
        let text = RACK.replace("FINGERPRINT", served.fingerprint());
        std::fs::write(folder.join("rack.yaml"), text).expect("write the rack");
        std::fs::write(folder.join("password"), "Password1\n").expect("write the password");
        let ticking = world.clone();
        runtime.spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_millis(20)).await;
                ticking.tick(1);
            }
        });
        Self { served, folder, world, runtime }
    }

    fn switch(&self, words: &[&str]) -> Ran {
        let (address, rack) = (self.served.address.to_string(), self.folder.join("rack.yaml"));
        let target = ["--rack", arg(&rack), "--address", &address];
        ran(program(&[&["switch"], words, &target].concat()).current_dir(&self.folder))
    }

    fn state(&self) -> SwitchState {
        let switch: Arc<dyn Switch> = self.world.switch(&SwitchId::new("sw"));
        self.runtime.block_on(switch.observe()).expect("the switch of the room")
    }
}

#[test]
fn a_mikrotik_is_shown_planned_changed_and_cycled_as_any_other_switch() {
    let shelf = Shelf::new("shelf");
    let told = shelf.switch(&["show"]).ended(0).out;
    assert!(told.starts_with("CRS328-24P-4S+RM at 127.0.0.1:"), "{told}");
    assert!(told.contains(" of 450W"), "{told}");
    let told = shelf.switch(&["plan"]).ended(0).out;
    assert!(told.contains("give port 2 of sw the priority high for power\n"), "{told}");
    let told = shelf.switch(&["apply", "--yes"]).ended(0).out;
    assert!(told.ends_with("sw: as described\n"), "{told}");
    let (state, infra) = (shelf.state(), VlanId::try_from(2).unwrap());
    let table = state.vlans.clone().unwrap();
    assert_eq!(table.pvids[&PortNo(2)], infra);
    assert_eq!(table.member(PortNo(28), infra), Some(Tagging::Tagged));
    assert_eq!(state.ports[&PortNo(3)].poe.as_ref().unwrap().power, Power::Off);
    assert_eq!(shelf.switch(&["apply", "--yes"]).ended(0).out, "sw: nothing to change\n");
    let told = shelf.switch(&["cycle", "1", "--yes", "--off", "100ms"]).ended(0).out;
    assert!(told.starts_with("proved     port 1: "), "{told}");
}

#[test]
fn one_that_shows_another_certificate_gets_no_password() {
    let shelf = Shelf::new("shelf-strange");
    let told = shelf.switch(&["show", "--fingerprint", &"ab".repeat(32)]).ended(2);
    assert!(flat(&told.err).contains("certificate"), "{}", told.err);
    assert!(shelf.served.journal().is_empty());
    let told = shelf.switch(&["show", "--fingerprint", "ab"]).ended(2);
    assert!(told.err.contains("`ab` is not the SHA-256 of a certificate"), "{}", told.err);
}
