//! The client, against the switch that is simulated, with a simulated room behind it.

mod conform;
mod fault;
mod hardware;
mod rack;
mod session;
mod strange;
mod told;
mod vlan;
