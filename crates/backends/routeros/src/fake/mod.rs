//! A switch with RouterOS that is not there: its REST API, over HTTP or HTTPS on 127.0.0.1.
//!
//! The fake stands in front of any [`Switch`] of `rackberry-core`, which is its physics: link, power, draw, and who hears
//! whom. What only RouterOS has lives in the fake: rows and their identifiers, which frames ports take, `forced-on`, the
//! numbers of priorities, members of VLANs that are no ports. Where the switch behind it is
//! [`Unreachable`](rackberry_core::ErrorKind::Unreachable), the fake closes connections without an answer.
//!
//! It shares no code with the client of this crate, so that a mistake in one is seen by the other; a client that other
//! people wrote is run against it.
//!
//! | menu | what can be done |
//! |---|---|
//! | `/interface/ethernet` | read, `set` (`disabled`, `comment`, `name`), `monitor` |
//! | `/interface/ethernet/poe` | read, `set` (`poe-out`, `poe-priority`), `monitor`, `power-cycle`, which takes no time here |
//! | `/interface/bridge`, `/system/resource`, `/system/routerboard`, `/system/identity` | read |
//! | `/interface/bridge/port` | read, `set` (`pvid`, `frame-types`, `comment`) |
//! | `/interface/bridge/vlan` | read, `add`, `set`, `remove` |
//!
//! Rows are read with filters (`?name=ether1`), `.proplist`, and by `print` with `.query`; every command can be sent as
//! `POST` too. Errors have the statuses and bodies that MikroTik documents; which text comes with which is taken from
//! what clients of other people report, and unknown on hardware elsewhere.
//!
//! ```
//! use rackberry_core::SwitchId;
//! use rackberry_routeros::fake::{Fake, Knobs, room};
//! use rackberry_testkit::World;
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let world = World::new(room());
//! let served = Fake::serve(world.switch(&SwitchId::new("sw")), Knobs::default()).await?;
//! println!("https://{}/rest, {}", served.address, served.fingerprint());
//! # Ok::<(), std::io::Error>(())
//! # })?;
//! # Ok::<(), std::io::Error>(())
//! ```

mod bridge;
mod desk;
mod fault;
mod http;
mod identity;
mod journal;
mod knob;
mod memory;
mod menu;
mod order;
mod query;
mod reply;
mod room;
mod served;

pub use fault::Fault;
pub use journal::Entry;
pub use knob::Knobs;
pub use room::room;
pub use served::Served;

use rackberry_core::Switch;
use std::io;
use std::sync::Arc;

/// A switch with RouterOS that is not there.
#[derive(Clone, Copy, Debug)]
pub struct Fake;

impl Fake {
    /// Serves the API of `switch` until what is returned is dropped.
    ///
    /// # Errors
    ///
    /// Where it cannot listen at the address that the knobs name.
    pub async fn serve(switch: Arc<dyn Switch>, knobs: Knobs) -> io::Result<Served> {
        Served::listen(switch, knobs).await
    }
}
