#![doc = include_str!("../README.md")]

mod budgeted;
mod converge;
mod cycle;
mod disk;
mod event;
mod execute;
mod fleet;
mod glance;
mod journal;
mod look;
mod patience;
mod render;
mod send;

pub use budgeted::Budgeted;
pub use converge::{Finish, How, Reached, Verify, converge};
pub use cycle::{CycleGuard, Cycled, power_cycle};
pub use disk::{Disk, Opened, Story, read};
pub use event::{Event, Events};
pub use execute::{End, Outcome, Unproved, Why, execute};
pub use fleet::{Device, Fleet, Node, Outlet};
pub use journal::{Entry, Journal, Memory, Record};
pub use look::Sight;
pub use patience::{Patience, Stop};
pub use render::Render;
