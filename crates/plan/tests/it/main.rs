//! What `rackberry-plan` does, seen from outside.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod arbitrary;
mod bounds;
mod bring;
mod caution;
mod check_logical;
mod check_physical;
mod corpus;
mod explain;
mod fuzzed;
mod fuzzed_plan;
mod limit;
mod names;
mod plan;
mod plan_cases;
mod plan_json;
mod ports;
mod price;
mod prune;
mod racks;
mod reach;
mod read;
mod resolve;
mod runbook;
mod schema;
mod upgrade;
mod verify;
mod whereabouts;
mod words;
mod write;
