//! A simulated switch with machines behind it, for the programs to talk to while a test waits for them.

use crate::program::{Ran, arg, folder, program, ran, run};
use rackberry::core::{PoeState, PortNo, Power, Switch, SwitchId, SwitchState};
use rackberry::gs305ep::Model;
use rackberry::gs305ep::fake::{Fake, Knobs, Served, room};
use rackberry::testkit::{Blueprint, World};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;

/// The rack that the switch is in: two machines in two networks, and the way to the rest of the house.
pub(crate) const RACK: &str = "\
rack: desk
networks:
  lan: { vlan: 1, subnet: 192.168.2.0/24, gateway: 192.168.2.1 }
  infra: { vlan: 2, subnet: 10.0.2.0/24, gateway: 10.0.2.1 }
switches:
  sw:
    model: GS305EP
    network: lan
    address: 192.168.2.4
    uplink: 5
    password: { file: password }
    ports:
      2: { limit: 15W }
      3: { poe: false }
      5: { to: router, network: lan, tagged: infra }
nodes:
  pi1: { board: pi4-4g, hat: poe-plus, port: sw/1, network: lan, address: 192.168.2.5, os: raspios, boot: sd }
  pi2: { board: pi4-4g, hat: poe-plus, port: sw/2, network: infra, address: 10.0.2.5, os: raspios, boot: sd }
services:
  router: { address: 192.168.2.1, serves: internet }
";

/// A simulated switch, its room, and a folder with its rack file and its password.
pub(crate) struct Desk {
    pub(crate) served: Served,
    pub(crate) folder: PathBuf,
    pub(crate) rack: PathBuf,
    world: World,
    runtime: Runtime,
}

impl Desk {
    pub(crate) fn new(test: &str) -> Self {
        Self::with(test, RACK)
    }

    /// With another rack file.
    pub(crate) fn with(test: &str, text: &str) -> Self {
        Self::serving(test, text, Knobs::default())
    }

    /// With a switch that is otherwise.
    pub(crate) fn serving(test: &str, text: &str, knobs: Knobs) -> Self {
        let folder = folder(test);
        let rack = folder.join("rack.yaml");
        std::fs::write(&rack, text).expect("write the rack");
        std::fs::write(folder.join("password"), "Password1\n").expect("write the password");
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build().expect("a runtime");
        let world = World::new(desk());
        let switch = world.switch(&SwitchId::new("sw"));
        let served = runtime.block_on(Fake::serve(switch, knobs)).expect("listen");
        let ticking = world.clone();
        runtime.spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_millis(20)).await;
                ticking.tick(1);
            }
        });
        Self { served, folder, rack, world, runtime }
    }

    /// What is really there.
    pub(crate) fn state(&self) -> SwitchState {
        let switch: Arc<dyn Switch> = self.world.switch(&SwitchId::new("sw"));
        self.runtime.block_on(switch.observe()).expect("the switch of the room")
    }

    pub(crate) fn poe(&self, port: u16) -> PoeState {
        self.state().ports[&PortNo(port)].poe.clone().expect("a port that feeds")
    }

    /// Somebody else feeds a port, or stops.
    pub(crate) fn feed(&self, port: u16, power: Power) {
        let switch = self.world.switch(&SwitchId::new("sw"));
        let fed = async { switch.poe().expect("PoE").set_poe(PortNo(port), power).await };
        self.runtime.block_on(fed).expect("a port that feeds");
    }

    pub(crate) fn address(&self) -> String {
        self.served.address.to_string()
    }

    /// The forms that were sent, but for those of login and logout.
    pub(crate) fn forms(&self) -> Vec<String> {
        let all = self.served.journal().into_iter().filter(|it| it.method == "POST");
        let paths = all.map(|it| it.path);
        paths.filter(|it| !it.starts_with("/login") && !it.starts_with("/logout")).collect()
    }

    /// Runs `rackberry switch`, with the rack file.
    pub(crate) fn switch(&self, words: &[&str]) -> Ran {
        ran(&mut self.command(words))
    }

    /// The same, to be run.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let address = self.address();
        let rack = ["--rack", arg(&self.rack), "--address", &address, "--pace", "0ms"];
        let mut command = program(&[&["switch"], words, &rack].concat());
        command.current_dir(&self.folder);
        command
    }

    /// Runs `rackberry switch` without a rack file.
    pub(crate) fn bare(&self, words: &[&str]) -> Ran {
        let (address, password) = (self.address(), self.folder.join("password"));
        let target = ["--address", &address, "--model", "GS305EP", "--pace", "0ms"];
        let password = ["--password-file", arg(&password)];
        run(&[&["switch"], words, &target, &password].concat())
    }

    /// Whether the session was given free: another client is let in, and there is one session only.
    pub(crate) fn is_free(&self) -> bool {
        self.served.journal().last().is_some_and(|it| it.path.starts_with("/logout"))
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        write(&self.folder, name, text)
    }
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("write a file");
    path
}

fn desk() -> Blueprint {
    let mut room = room(Model::Gs305ep);
    room.switches[0].serial = Some("5WG1".into());
    let uplink = room.switches[0].ports.values_mut().last();
    uplink.into_iter().for_each(|it| it.name.clear());
    room
}
