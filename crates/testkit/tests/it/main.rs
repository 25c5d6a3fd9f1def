//! The laws hold for the simulated rack, and catch devices that break them.

mod conform;
mod room;
