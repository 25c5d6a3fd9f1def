#![doc = include_str!("../README.md")]

#[cfg(feature = "fake")]
pub mod fake;
mod model;
pub mod wire;

pub use model::Model;
