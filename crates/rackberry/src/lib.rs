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

#[cfg(any(feature = "gs305ep", feature = "routeros"))]
pub mod secret;
#[cfg(any(feature = "gs305ep", feature = "routeros"))]
pub mod switch;
#[cfg(feature = "testkit")]
pub mod world;
