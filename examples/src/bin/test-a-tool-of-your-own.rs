//! A tool of your own, tested on a simulated rack.
//!
//! The tool is `wake`: it switches machines on that are off, one after the other, and waits until each answers. Here it
//! is tried on two boards on a PoE switch that can feed only one of them while it boots, through every call that can be
//! lost. `cargo run --bin test-a-tool-of-your-own`

use rackberry::core::{Milliwatts, NodeId, NodeOs, Power, PowerCtl, Result};
use rackberry::testkit::{
    Blueprint, Fault, Feed, Jack, Load, MachinePlan, PoePlan, SwitchPlan, World,
};

/// How often the tool looks before it gives a machine up.
const LOOKS: usize = 40;

/// The tool: switches a machine on, and waits until it answers. What it orders is absolute, so a call whose answer was
/// lost is simply made again.
async fn wake(os: &dyn NodeOs, outlet: &dyn PowerCtl) -> Result<()> {
    let mut last = Ok(());
    for _ in 0..LOOKS {
        if os.observe().await.is_ok() {
            return Ok(());
        }
        last = outlet.set_power(Power::On).await;
    }
    last
}

/// Two boards on a switch that has 15 W: enough for both once they run, and not while both boot.
fn room() -> World {
    let load = Load { class: 3, idle: Milliwatts(5_000), boot: Milliwatts(9_000) };
    let board = |number| {
        let jack = Some(Jack::new("poe", number));
        MachinePlan { feed: Feed::Poe(load), ..MachinePlan::new(format!("pi-{number}"), jack) }
    };
    let mut switch = SwitchPlan::new("poe", 3).with_poe(Milliwatts(15_000));
    let off = || PoePlan { power: Power::Off, ..PoePlan::default() };
    switch.ports.values_mut().filter(|it| it.poe.is_some()).for_each(|it| it.poe = Some(off()));
    let machines = vec![board(1), board(2)];
    World::new(Blueprint { switches: vec![switch], machines, ..Blueprint::default() })
}

async fn wake_all(world: &World) -> Result<()> {
    for node in ["pi-1", "pi-2"].map(NodeId::new) {
        let Some(outlet) = world.power(&node) else { continue };
        wake(world.os(&node).as_ref(), outlet.as_ref()).await?;
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let world = room();
    wake_all(&world).await?;
    let calls = world.calls();
    println!("two boards are up after {calls} calls");
    for call in 1..=calls {
        for fault in [Fault::LostOrder, Fault::LostAnswer, Fault::Garbage, Fault::Slow] {
            let world = room().with_fault(call, fault);
            wake_all(&world).await?;
            let late = world.os(&NodeId::new("pi-2")).observe().await;
            assert!(late.is_ok(), "{fault:?} at call {call}: {late:?}");
        }
    }
    println!("and so they are whichever of these calls is lost, in four ways");
    Ok(())
}
