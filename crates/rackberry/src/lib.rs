#![doc = include_str!("../README.md")]

#[doc(inline)]
pub use rackberry_core as core;
#[doc(inline)]
pub use rackberry_exec as exec;
#[cfg(feature = "gs305ep")]
#[doc(inline)]
pub use rackberry_gs305ep as gs305ep;
#[doc(inline)]
pub use rackberry_plan as plan;
#[cfg(feature = "routeros")]
#[doc(inline)]
pub use rackberry_routeros as routeros;
#[doc(inline)]
pub use rackberry_sched as sched;
#[doc(inline)]
pub use rackberry_show as show;
#[cfg(feature = "testkit")]
#[doc(inline)]
pub use rackberry_testkit as testkit;

#[cfg(feature = "gs305ep")]
pub mod secret;
#[cfg(feature = "gs305ep")]
pub mod switch;
#[cfg(feature = "testkit")]
pub mod world;
