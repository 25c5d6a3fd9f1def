//! The real code of the journal and of the executor, on a model of a disk with a cache that a crash may lose.
//!
//! Two processes open one journal, carry out a plan of two steps side by side, and end or are killed anywhere; the power
//! fails anywhere. Every order of all that is tried. A process is a function of what it was answered: to let it make one
//! more call it is run again from its start with the answers that it had, and whatever would follow that call is not
//! done yet.

mod room;

use super::lines::Lines;
use super::medium::Medium;
use crate::{Device, Entry, Events, Fleet, Journal, Node, Outlet, Patience, Render, Stop, execute};
use async_trait::async_trait;
use rackberry_core::mock::MockNodeOs;
use rackberry_core::{
    Digest, Error, ErrorKind, JoinTicket, Manifest, Milliwatts, NodeConfig, NodeId, Power,
    PowerCtl, Result, Seconds, WorkloadId,
};
use rackberry_plan::{Action, Fact, Plan, Step, Wave};
use room::{Answer, Call, Room};
use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, Mutex};

/// How the code is made wrong, to see that it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mutant {
    None,
    SyncIsLeftOut,
    OrderBeforeRecord,
    LockAfterReading,
    NoLock,
    NameIsLeftOut,
}

/// One process, which is run again up to its next call.
#[derive(Debug)]
struct Life {
    room: Room,
    process: usize,
    /// How many of its answers it has had again.
    had: usize,
    /// Which of the things that may happen at its next call does.
    choice: usize,
    /// Whether its next call was made.
    stepped: bool,
    wrong: Option<String>,
    mutant: Mutant,
}

#[derive(Clone, Debug)]
struct Line(Arc<Mutex<Life>>);

impl Line {
    fn call(&self, call: Call<'_>) -> Answer {
        let mut life = self.0.lock().unwrap();
        let life = &mut *life;
        if let Some(answer) = life.room.lived[life.process].get(life.had) {
            life.had += 1;
            return answer.clone();
        }
        if life.stepped {
            return Err(io::ErrorKind::Other);
        }
        life.stepped = true;
        let answer = match life.room.obey(life.process, call, life.choice) {
            Ok(answer) => answer,
            Err(wrong) => {
                life.wrong = Some(wrong);
                return Err(io::ErrorKind::Other);
            }
        };
        life.had += 1;
        life.room.lived[life.process].push(answer.clone());
        answer
    }

    fn done(&self, call: Call<'_>) -> io::Result<()> {
        Ok(self.call(call).map(drop)?)
    }

    fn is(&self, mutant: Mutant) -> bool {
        self.0.lock().unwrap().mutant == mutant
    }
}

impl Medium for Line {
    fn lock(&mut self) -> io::Result<()> {
        let late = self.is(Mutant::LockAfterReading) || self.is(Mutant::NoLock);
        if late { Ok(()) } else { self.done(Call::Lock) }
    }

    fn read(&mut self) -> io::Result<Vec<u8>> {
        let text = self.call(Call::Read)?;
        if self.is(Mutant::LockAfterReading) {
            self.done(Call::Lock)?;
        }
        Ok(text)
    }

    fn write(&mut self, at: u64, text: &[u8]) -> io::Result<()> {
        self.done(Call::Write(usize::try_from(at).unwrap(), text))
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.done(Call::Cut(usize::try_from(length).unwrap()))
    }

    fn put_aside(&mut self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        if self.is(Mutant::SyncIsLeftOut) { Ok(()) } else { self.done(Call::Sync) }
    }

    fn settle(&mut self) -> io::Result<()> {
        if self.is(Mutant::NameIsLeftOut) { Ok(()) } else { self.done(Call::Settle) }
    }
}

/// A journal that notes when a record was reported as durable.
struct Witness {
    lines: Lines<Line>,
    line: Line,
    /// What the mutant has not written yet.
    held: Option<Entry>,
}

impl Journal for Witness {
    fn append(&mut self, entry: &Entry) -> io::Result<()> {
        let held = self.held.take();
        if matches!(entry, Entry::Sending { .. }) && self.line.is(Mutant::OrderBeforeRecord) {
            self.held = Some(entry.clone());
            return Ok(());
        }
        for entry in held.iter().chain([entry]) {
            self.lines.append(0, entry)?;
            self.line.done(Call::Reported)?;
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Button(Line, usize);

#[async_trait]
impl PowerCtl for Button {
    async fn power(&self) -> Result<Power> {
        let lost = |_| Error::new(ErrorKind::Unreachable, "look");
        let answer = self.0.call(Call::Look(self.1)).map_err(lost)?;
        // An answer may take longer than that of the machine beside it.
        for _ in 0..answer[1] {
            tokio::task::yield_now().await;
        }
        Ok(if answer[0] == 1 { Power::On } else { Power::Off })
    }

    async fn set_power(&self, _: Power) -> Result<()> {
        let lost = |_| Error::new(ErrorKind::Unreachable, "switch it on");
        self.0.call(Call::Send(self.1)).map(drop).map_err(lost)
    }

    async fn draw(&self) -> Result<Option<Milliwatts>> {
        Ok(None)
    }
}

#[derive(Debug)]
struct Nothing;

#[async_trait]
impl Render for Nothing {
    async fn node(&self, _: &NodeId, _: &Digest, _: Option<&JoinTicket>) -> Result<NodeConfig> {
        Err(Error::not_found("write a configuration"))
    }

    async fn workload(&self, _: &WorkloadId, _: &Digest) -> Result<Manifest> {
        Err(Error::not_found("write a manifest"))
    }
}

fn node(step: usize) -> NodeId {
    format!("pi-{step}").parse().unwrap()
}

fn fleet(line: &Line) -> Fleet {
    let mut fleet = Fleet::new(Arc::new(Nothing));
    for step in 0..2 {
        let ctl = Arc::new(Button(line.clone(), step));
        let outlet = Some(Outlet { ctl, on: Device::Node(node(step)) });
        let os = Arc::new(MockNodeOs::new());
        fleet.nodes.insert(node(step), Node { os, outlet, cluster: None });
    }
    fleet
}

fn plan() -> Plan {
    let step = |step| Step {
        before: Vec::new(),
        action: Action::SetPower { node: node(step), power: Power::On },
        after: vec![Fact::Power { node: node(step), power: Power::On }],
        needs: Vec::new(),
        takes: Seconds(0),
    };
    Plan { steps: vec![step(0), step(1)], waves: vec![Wave::default()], ..Plan::default() }
}

/// What a process does in its life.
fn live(line: &Line) {
    let Ok((lines, ..)) = Lines::open(line.clone(), "desk") else { return };
    let mut journal = Witness { lines, line: line.clone(), held: None };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (stop, events) = (Stop::default(), Events::default());
    let (plan, fleet) = (plan(), fleet(line));
    let work = execute(&plan, &fleet, &mut journal, Patience::NONE, &stop, &events);
    let _ = runtime.block_on(work);
}

/// What a room is after the next call of a process; after its end, where it makes none.
fn step(
    room: &Room,
    process: usize,
    choice: usize,
    mutant: Mutant,
) -> std::result::Result<Room, String> {
    let (room, wrong) = (room.clone(), None);
    let life = Life { room, process, had: 0, choice, stepped: false, wrong, mutant };
    let line = Line(Arc::new(Mutex::new(life)));
    live(&line);
    let life = line.0.lock().unwrap();
    if let Some(wrong) = &life.wrong {
        return Err(wrong.clone());
    }
    Ok(if life.stepped { life.room.clone() } else { life.room.ended(process) })
}

/// Tries everything that can happen. Returns how many rooms that comes to, and all that goes wrong.
fn explore(mutant: Mutant) -> (usize, BTreeSet<String>) {
    let mut known = BTreeSet::from([Room::default()]);
    let (mut ahead, mut wrong) = (vec![Room::default()], BTreeSet::new());
    while let Some(room) = ahead.pop() {
        for next in after(&room, mutant) {
            match next.and_then(|it| it.judge().map(|()| it)) {
                Err(why) => drop(wrong.insert(why)),
                Ok(room) if known.contains(&room) => {}
                Ok(room) => {
                    known.insert(room.clone());
                    ahead.push(room);
                }
            }
        }
    }
    (known.len(), wrong)
}

/// All that can happen next: the power fails, a process is killed, or makes its next call.
fn after(room: &Room, mutant: Mutant) -> Vec<std::result::Result<Room, String>> {
    let mut next: Vec<_> = room.without_power().into_iter().map(Ok).collect();
    for process in (0..2).filter(|it| !room.over[*it]) {
        next.push(Ok(room.ended(process)));
        // The first finds its disk full and its devices slow; that the other does too would add nothing.
        next.extend((0..2 - process).map(|choice| step(room, process, choice, mutant)));
    }
    next
}

#[test]
fn whatever_happens_when_there_is_one_writer_and_no_order_without_its_record() {
    let (rooms, wrong) = explore(Mutant::None);
    assert_eq!(wrong, BTreeSet::new());
    assert!(rooms > 1000, "only {rooms} were found");
}

#[test]
fn what_is_done_wrong_shows() {
    let wrong = [
        (Mutant::SyncIsLeftOut, "an order was sent before its record was durable"),
        (Mutant::SyncIsLeftOut, "record 0 was reported durable and is gone"),
        (Mutant::OrderBeforeRecord, "an order was sent before its record was durable"),
        (Mutant::NameIsLeftOut, "an order was sent before its record was durable"),
        (Mutant::NoLock, "written by a process that does not hold it"),
        (Mutant::LockAfterReading, "record 0 was reported durable and is gone"),
    ];
    for (mutant, why) in wrong {
        let found = explore(mutant).1;
        assert!(found.contains(why), "{mutant:?}: {found:?}");
    }
}
