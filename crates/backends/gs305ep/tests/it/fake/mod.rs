//! What the simulated switch does, seen by a client that knows nothing but HTTP.

mod access;
mod fault;
mod form;
mod login;
mod poe;
mod port;
mod power;
mod read;
pub(crate) mod rig;
mod vlan;
