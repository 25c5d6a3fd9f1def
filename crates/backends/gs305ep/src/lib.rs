#![doc = include_str!("../README.md")]

mod config;
mod device;
#[cfg(feature = "fake")]
pub mod fake;
mod model;
pub mod wire;

pub use config::Config;
pub use device::Gs305ep;
pub use model::Model;
