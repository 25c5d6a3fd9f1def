#![doc = include_str!("../README.md")]

pub mod rack;
pub mod verify;

mod action;
mod catalogue;
mod check;
mod fact;
mod finding;
mod handover;
mod holds;
mod intent;
mod json;
mod limit;
mod nearest;
mod observed;
mod placement;
mod planner;
mod port;
mod predict;
mod read;
mod resolve;
mod runbook;
mod schema;
mod step;
mod translate;
mod vlan;
mod wires;

pub use action::Action;
pub use check::{Loss, Stays, check, radius};
pub use fact::{Fact, Subject};
pub use finding::{Finding, Location, Severity};
pub use intent::{NodeIntent, WorkloadIntent};
pub use json::{BadPlan, plan_schema};
pub use limit::{Headroom, Limit};
pub use observed::Observed;
pub use placement::{
    Alternative, Change, Explanation, NodeUse, Placement, Reason, Score, Summary, Unplaced, Use,
    measure, place,
};
pub use planner::{Prune, plan, plan_from, plan_pruning, plan_switch};
pub use rack::Rack;
pub use rackberry_core::{CopyState, ReplicaRef, VolumeRef};
pub use read::{Position, ReadError, Source};
pub use resolve::{
    Barrier, Feed, Load, LocalVolume, Power, Replica, Resolved, ResolvedNode, ResolvedSwitch,
    ResolvedWorkload, Thing,
};
pub use runbook::Runbook;
pub use schema::schema;
pub use step::{Blocked, Kept, Move, MoveKind, NodeMemory, Plan, Step, Unnamed, Unset, Wave};
pub use verify::{Violation, verify, verify_from, verify_switch};
