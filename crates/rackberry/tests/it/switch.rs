//! The plan of one switch is carried out on a simulated GS305EP, whatever goes wrong with any one request.

use rackberry::core::{PortNo, Power, SwitchId, SwitchState, VlanTable};
use rackberry::exec::{Finish, Fleet, How, Memory, Patience, Reached, converge};
use rackberry::gs305ep::fake::{Clock, Fake, Fault, Knobs, Served, room};
use rackberry::gs305ep::{Config, Gs305ep, Model};
use rackberry::plan::{Observed, Resolved, Source, plan_switch, verify_switch};
use rackberry::testkit::World;
use std::sync::Arc;
use std::time::Duration;

const FAULTS: [Fault; 8] = [
    Fault::ResetBefore,
    Fault::ResetAfter,
    Fault::Truncated,
    Fault::Empty,
    Fault::StaleHash,
    Fault::Stolen,
    Fault::Reboot,
    Fault::Stub,
];

const RACK: &str = "\
rack: desk
networks:
  lan: { vlan: 1, subnet: 192.168.2.0/24 }
  infra: { vlan: 2, subnet: 10.0.2.0/24 }
switches:
  sw:
    model: GS305EP
    network: lan
    uplink: 5
    ports:
      2: { limit: 15W, priority: high }
      3: { poe: false }
      5: { to: router, network: lan, tagged: infra }
nodes:
  pi1: { board: pi4-4g, hat: poe-plus, port: sw/1, network: lan, os: raspios, boot: sd }
  pi2: { board: pi4-4g, hat: poe-plus, port: sw/2, network: infra, os: raspios, boot: sd }
services:
  router: { address: 192.168.2.1 }
";

/// A switch in its room, served, and what its file says.
struct Desk {
    rack: Resolved,
    world: World,
    served: Served,
}

impl Desk {
    async fn new() -> Self {
        let rack = Source::read("desk.yaml", RACK.as_bytes()).unwrap().0.resolve().unwrap();
        let world = World::new(room(Model::Gs305ep));
        let switch = world.switch(&sw());
        switch.poe().unwrap().set_poe(PortNo(1), Power::Off).await.unwrap();
        let knobs = Knobs { clock: Clock::by_hand(), ..Knobs::default() };
        let served = Fake::serve(switch, knobs).await.unwrap();
        Self { rack, world, served }
    }

    /// What is really there.
    async fn state(&self) -> SwitchState {
        self.world.switch(&sw()).observe().await.unwrap()
    }

    /// What is left to do, once it has had the time to start, and to feed what it is told to.
    async fn left(&self) -> Vec<String> {
        self.served.clock().advance(Duration::from_secs(600));
        for _ in 0..20 {
            if self.due().await.is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        self.due().await
    }

    async fn due(&self) -> Vec<String> {
        let mut seen = Observed::default();
        seen.switches.insert(sw(), self.state().await);
        let plan = plan_switch(&self.rack, &seen, 0);
        plan.steps.iter().map(|it| it.action.to_string()).collect()
    }

    /// One run, by a client of its own.
    async fn run(&self) -> Reached {
        let address = self.served.address.to_string();
        let device = Arc::new(Gs305ep::new(Config {
            model: Some(Model::Gs305ep),
            pace: Duration::ZERO,
            ..Config::new(address, "Password1".into())
        }));
        let mut fleet = Fleet::default();
        fleet.put_switch(&self.rack, 0, device.clone(), Duration::ZERO);
        let how = How {
            patience: Patience { looks: 2, ..Patience::NONE },
            rounds: 8,
            idle: 1,
            plan: &|rack, seen| Ok(plan_switch(rack, seen, 0)),
            verify: &|plan, rack, seen| verify_switch(plan, rack, seen).map(drop),
            ..How::default()
        };
        let reached = converge(&self.rack, &fleet, &mut Memory::default(), &how).await;
        // A switch that restarts does not hear of it.
        let _ = device.close().await;
        reached
    }
}

fn sw() -> SwitchId {
    SwitchId::new("sw")
}

/// Whether a table has every member that both of two others have.
fn keeps(table: &VlanTable, before: &VlanTable, after: &VlanTable) -> bool {
    let both = before.vlans.iter().flat_map(|(vlan, it)| it.keys().map(|port| (*vlan, *port)));
    let mut both = both.filter(|(vlan, port)| after.member(*port, *vlan).is_some());
    both.all(|(vlan, port)| table.member(port, vlan).is_some())
}

#[tokio::test]
async fn after_any_fault_of_any_request_the_truth_is_told_and_another_run_ends_it() {
    let calm = Desk::new().await;
    let before = calm.state().await.vlans.unwrap();
    let first = calm.run().await;
    assert_eq!(first.finish, Finish::Described);
    assert_eq!(first.plan.unwrap().left(), [""; 0]);
    assert_eq!(calm.left().await, [""; 0]);
    let (after, requests) = (calm.state().await, calm.served.requests());
    assert!(requests > 60, "{requests}");
    assert_eq!(calm.run().await.rounds, 0);
    let wish = after.vlans.as_ref().unwrap();
    for (request, fault) in (1..=requests).zip(FAULTS.iter().cycle()) {
        let context = format!("{fault:?} of request {request}");
        let desk = Desk::new().await;
        desk.served.fault(request, *fault);
        let first = desk.run().await.finish;
        let table = desk.state().await.vlans.unwrap();
        assert!(keeps(&table, &before, wish), "{context}: {table}");
        if first != Finish::Described {
            // Whoever has taken the session has lost it by then, and the switch has started.
            desk.served.clock().advance(Duration::from_secs(1200));
            let second = desk.run().await;
            assert_eq!(second.finish, Finish::Described, "{context}: {first}, {:?}", second.missed);
        }
        assert_eq!(desk.left().await, [""; 0], "{context}: {first}");
        assert_eq!(desk.state().await.vlans.as_ref(), Some(wish), "{context}");
    }
}
