//! What `rackberry-plan` does, seen from outside.

mod check_logical;
mod check_physical;
mod plan;
mod plan_json;
mod racks;
mod runbook;
mod verify;
