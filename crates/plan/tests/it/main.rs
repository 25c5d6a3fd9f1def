//! What `rackberry-plan` does, seen from outside.

mod check_logical;
