//! A room as text, so that it outlives its process.

use super::World;
use super::network::Cabling;
use super::room::Room;
use serde::{Deserialize, Deserializer, Serialize, de};
use std::fmt;
use std::sync::{Arc, Mutex};

/// The form that rooms are saved in.
const VERSION: u64 = 1;

/// A tick, a number or a count that no room comes to, and that still can be added to.
const NEVER: u64 = 1 << 60;

/// A text that is no saved world, and where and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadWorld {
    /// The line, from 1.
    pub line: usize,
    /// The byte of the line, from 1.
    pub column: usize,
    /// What is wrong there.
    pub reason: String,
}

impl fmt::Display for BadWorld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.reason)
    }
}

impl std::error::Error for BadWorld {}

#[derive(Serialize)]
struct Saved<'a> {
    world: u64,
    room: &'a Room,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Loaded {
    #[serde(rename = "world", deserialize_with = "this_version")]
    _world: u64,
    #[serde(deserialize_with = "whole")]
    room: Room,
}

impl World {
    /// Everything that is in the room, and what is under way, as JSON: [`load`](Self::load) goes on from there.
    ///
    /// One thing is left out: an order that [`Fault::Slow`](crate::Fault::Slow) has put off, which is lost then. The
    /// tickets and configurations of the room are in it. They are made up, as all of it is; where yours are not, write
    /// it to a file that only you can read.
    pub fn save(&self) -> String {
        // Every key of a room is text or a number, so there is nothing that JSON could not say.
        let saved = Saved { world: VERSION, room: &self.room() };
        serde_json::to_string_pretty(&saved).unwrap_or_default() + "\n"
    }

    /// The room that was saved, which answers as the other one would have.
    ///
    /// # Errors
    ///
    /// Returns where the text is no saved world, or is one of a later version.
    pub fn load(text: &str) -> Result<Self, BadWorld> {
        let loaded: Loaded = serde_json::from_str(text).map_err(|it| bad_world(&it))?;
        let mut room = loaded.room;
        room.cabling = Cabling::new(&room.switches, &room.machines);
        room.wires = room.wired();
        Ok(Self(Arc::new(Mutex::new(room))))
    }
}

fn this_version<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    let version = u64::deserialize(from)?;
    let why = || format!("version {version} of a world is not known here, only {VERSION} is");
    if version == VERSION { Ok(version) } else { Err(de::Error::custom(why())) }
}

/// A room in which everything stands under its own name, and no count can overflow.
fn whole<'de, D: Deserializer<'de>>(from: D) -> Result<Room, D::Error> {
    let room = Room::deserialize(from)?;
    match room.misnamed() {
        Some(name) => Err(de::Error::custom(format!("{name} stands under another name"))),
        None if room.largest() >= NEVER => Err(de::Error::custom("a number is too large")),
        None => Ok(room),
    }
}

impl Room {
    fn misnamed(&self) -> Option<String> {
        let switches = self.switches.iter().map(|(id, it)| (id.as_str(), it.plan.id.as_str()));
        let machines = self.machines.iter().map(|(id, it)| (id.as_str(), it.plan.id.as_str()));
        let clusters = self.clusters.iter().map(|(id, it)| (id.as_str(), it.plan.id.as_str()));
        let pools = self.pools.iter().map(|(id, it)| (id.as_str(), it.plan.id.as_str()));
        let all = switches.chain(machines).chain(clusters).chain(pools);
        all.into_iter().find(|it| it.0 != it.1).map(|it| it.1.to_owned())
    }
}

impl Room {
    /// The largest of the numbers that are counted on.
    fn largest(&self) -> u64 {
        let machines = self.machines.values().flat_map(|it| [it.boots, it.installs]);
        let pods = self.clusters.values().flat_map(|it| &it.pods).map(|it| it.since);
        let own = [self.now, self.latency, self.settled, self.put_off, self.identities];
        own.into_iter().chain(machines).chain(pods).max().unwrap_or(0)
    }
}

fn bad_world(error: &serde_json::Error) -> BadWorld {
    let (line, column) = (error.line(), error.column());
    let text = error.to_string();
    let place = format!(" at line {line} column {column}");
    let reason = text.strip_suffix(&place).unwrap_or(&text).to_owned();
    BadWorld { line: line.max(1), column: column.max(1), reason }
}
