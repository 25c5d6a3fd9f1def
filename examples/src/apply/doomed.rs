//! Machines that lose their power while a run goes on.

use super::tell::Note;
use rackberry::core::NodeId;
use rackberry::exec::{Entry, Journal};
use rackberry::testkit::World;
use std::io;
use tokio::sync::mpsc::UnboundedSender;

/// A machine, and when it loses its power.
#[derive(Debug)]
pub(super) struct Kill {
    pub(super) node: NodeId,
    /// After so many calls to the simulated rack.
    pub(super) at: usize,
    /// A guest cannot lose its power before it is made.
    pub(super) guest: bool,
}

/// A journal that is where the power is cut: a record is written before and after every order.
#[derive(Debug)]
pub(super) struct Doomed<'w, J> {
    journal: J,
    world: &'w World,
    begin: usize,
    kills: Vec<Kill>,
    notes: UnboundedSender<Note>,
}

impl<'w, J> Doomed<'w, J> {
    pub(super) fn new(
        journal: J,
        world: &'w World,
        kills: Vec<Kill>,
        notes: UnboundedSender<Note>,
    ) -> Self {
        Self { journal, world, begin: world.calls(), kills, notes }
    }

    /// Cuts the power of each machine whose time has come.
    pub(super) fn strike(&mut self) {
        let Self { world, begin, kills, notes, .. } = self;
        kills.retain(|it| {
            let calls = world.calls();
            let made = !it.guest || world.power(&it.node).is_some();
            let done = calls >= it.at && made;
            if done {
                world.unplug(&it.node);
                // Who does not listen any more misses it.
                let _ = notes.send(Note::Lost { node: it.node.clone(), calls: calls - *begin });
            }
            !done
        });
    }
}

impl<J> Doomed<'_, J> {
    /// Tells of those whose time has not come.
    pub(super) fn spared(self) -> Vec<Note> {
        let calls = self.world.calls() - self.begin;
        self.kills.into_iter().map(|it| Note::Spared { node: it.node, calls }).collect()
    }
}

impl<J: Journal> Journal for Doomed<'_, J> {
    fn append(&mut self, entry: &Entry) -> io::Result<()> {
        self.strike();
        self.journal.append(entry)
    }
}
