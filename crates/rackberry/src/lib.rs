#![doc = include_str!("../README.md")]

#[doc(inline)]
pub use rackberry_core as core;
#[doc(inline)]
pub use rackberry_exec as exec;
#[doc(inline)]
pub use rackberry_plan as plan;
#[doc(inline)]
pub use rackberry_sched as sched;
#[doc(inline)]
pub use rackberry_show as show;
#[cfg(feature = "testkit")]
#[doc(inline)]
pub use rackberry_testkit as testkit;

#[cfg(feature = "testkit")]
pub mod world;
