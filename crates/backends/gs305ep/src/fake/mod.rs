//! A switch of the family that is not there: its pages and forms, over HTTP on 127.0.0.1.
//!
//! The fake stands in front of any [`Switch`] of `rackberry-core`, which is its physics: link, power, class, draw,
//! budget, and who hears whom. What only this device has lives in the fake: sessions, names, rates, the ways in
//! which it limits power, VLAN names, its modes. Where the switch behind it is
//! [`Unreachable`](rackberry_core::ErrorKind::Unreachable), the fake closes connections without an answer, as a
//! switch does whose management VLAN was taken from the port of the controller.
//!
//! It shares no code with the client of this crate, so that a mistake in one is seen by the other; clients that
//! other people wrote are run against it.
//!
//! | what it shows | where it comes from |
//! |---|---|
//! | link, speed, counters, class, watts, VLAN table, PVIDs | the switch behind it |
//! | volts, milliamperes, temperature | worked out from the watts, as on ports that were captured: some 53 V, less under load |
//! | "Power Denied" | a port that asks for power, may have it and gets none; the texts are [knobs](Feeding) |
//! | a limit of 30.0 W of the type "user" | the switch behind it sets none, and nobody has ordered one: as it leaves its maker |
//! | names of ports and VLANs, rates, flow control, LEDs, addresses | what was ordered; names of ports begin as those of the switch behind it |

//!
//! ```
//! use rackberry_core::SwitchId;
//! use rackberry_gs305ep::fake::{Fake, Fault, Knobs};
//! use rackberry_testkit::{Blueprint, SwitchPlan, World};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let world = World::new(Blueprint { switches: vec![SwitchPlan::new("sw", 5)], ..Blueprint::default() });
//! let knobs = Knobs { password: "correct horse".into(), ..Knobs::default() };
//! let served = Fake::serve(world.switch(&SwitchId::new("sw")), knobs).await?;
//! println!("http://{}/", served.address);
//! served.next_fault(Fault::Truncated);
//! # Ok::<(), std::io::Error>(())
//! # })?;
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! The switch behind it should have the ports of the [model](Knobs::model): what is ordered for others is not done,
//! and not said, as with everything that a real switch does not do.

mod clock;
mod desk;
mod dice;
mod fault;
mod gate;
mod http;
mod journal;
mod knob;
mod memory;
mod page;
mod physics;
mod poe;
mod port;
mod room;
mod served;
mod system;
mod vlan;

pub use clock::Clock;
pub use fault::Fault;
pub use journal::Entry;
pub use knob::{
    Access, BudgetPolicy, Feeding, HashScope, Knobs, Label, RandScope, Root, Transport, VlanMode,
    Vlans,
};
pub use room::room;
pub use served::Served;

use rackberry_core::Switch;
use std::io;
use std::sync::Arc;

/// A switch of the family that is not there.
#[derive(Clone, Copy, Debug)]
pub struct Fake;

impl Fake {
    /// Serves the pages of `switch` until what is returned is dropped.
    ///
    /// # Errors
    ///
    /// Where it cannot listen at the address that the knobs name.
    pub async fn serve(switch: Arc<dyn Switch>, knobs: Knobs) -> io::Result<Served> {
        Served::listen(switch, knobs).await
    }
}
