#![doc = include_str!("../README.md")]

mod config;
mod device;
#[cfg(feature = "fake")]
pub mod fake;
pub mod wire;

pub use config::{Config, Fingerprint, Trust};
pub use device::RouterOs;
