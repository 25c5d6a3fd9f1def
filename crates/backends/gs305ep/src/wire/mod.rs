//! The pages and forms of the switch: bytes in, values out, and back. No I/O.
//!
//! Each page is read strictly: where something is missing, stands there twice or cannot be, the page is
//! [`Unreadable`], never guessed. A page that was cut off is found by its end. What cannot be read is not taken
//! as zero, for it would be believed.
//!
//! ```
//! use rackberry_gs305ep::wire::{Page, read_poe_status};
//!
//! let answer = read_poe_status(b"<html><head><title>Redirect to Login</title></head></html>");
//! assert_eq!(answer.unwrap_err().to_string(), "the switch asks for a login instead of /getPoePortStatus.cgi");
//! assert_eq!(Page::PoeStatus.path(), "/getPoePortStatus.cgi");
//! ```
//!
//! The most that is read of a page is 1 MiB; of what the switch says, an error quotes 120 characters.

mod address;
mod dashboard;
mod entity;
mod form;
mod hash;
mod login;
mod open;
mod outline;
mod password;
mod poe_config;
mod poe_status;
mod quote;
mod reply;
mod setting;
mod statistics;
mod text;
mod tokens;
mod unreadable;
mod vlan;

pub use address::{Address, read_address};
pub use dashboard::{Dashboard, Link, Mac, PortView, read_dashboard};
pub use form::{Form, Unwritable};
pub use hash::FormHash;
pub use login::{Door, LoginPage, LoginReply, Sid, read_door, read_login_reply};
pub use poe_config::{PoeConfig, read_poe_config};
pub use poe_status::{PoePhase, PoeReading, PoeStatus, read_poe_status};
pub use quote::Quote;
pub use reply::Reply;
pub use setting::{
    Detection, LimitType, LongerDetection, PoeMode, PoeSetting, PortSetting, PowerLimit, Rate,
    Speed,
};
pub use statistics::{Statistics, read_statistics};
pub use unreadable::{Page, Unreadable};
pub use vlan::{VlanEntry, VlanMode, VlanPage, Vlans, VoiceClass, read_vlans};
