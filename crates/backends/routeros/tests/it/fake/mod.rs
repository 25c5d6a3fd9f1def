//! The simulated switch, asked by a client that knows nothing but HTTP.

mod menu;
mod rig;
mod table;
