//! What `rackberry-plan` does, seen from outside.

mod check_logical;
mod plan;
mod racks;
mod verify;
