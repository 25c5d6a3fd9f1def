#![doc = include_str!("../README.md")]

mod model;
pub mod wire;

pub use model::Model;
