#![doc = include_str!("../README.md")]

mod blueprint;
pub mod laws;
mod world;

pub use blueprint::{
    Blueprint, Boots, ClusterPlan, Feed, Hypervisor, Jack, Load, MachinePlan, PoePlan, PoolPlan,
    PortPlan, SwitchPlan, Uplink,
};
pub use world::{BadWorld, Fault, World};
