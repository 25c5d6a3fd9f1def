//! The JSON of RouterOS' REST API, read and written without any I/O.
//!
//! The API is one of console menus: a menu is read as rows, and a row is changed by its [`Id`]. All values are texts in
//! answers, as MikroTik documents it; some versions answer numbers for readings of PoE (seen by other clients), so that
//! both are read. Nothing here has been seen on hardware by us: each item says where it is known from.

mod board;
mod bridge;
mod ethernet;
mod failure;
mod number;
mod order;
mod poe;
mod row;
mod unreadable;

pub use board::{Board, read_board};
pub use bridge::{
    Admits, Bridge, BridgePort, BridgeVlan, read_bridge_ports, read_bridge_vlans, read_bridges,
};
pub use ethernet::{Ethernet, Link, read_ethernets, read_links};
pub use failure::{Failure, read_failure};
pub use order::{Members, Order, Verb};
pub use poe::{PoeOut, PoeReading, PoeSetting, read_poe_readings, read_poe_settings};
pub use row::Id;
pub use unreadable::Unreadable;
