//! The client, against the switch that is simulated, with a simulated room behind it.

mod conform;
mod fault;
mod hardware;
pub(crate) mod rack;
mod record;
mod strange;
mod talk;
mod tls;
mod vlan;
