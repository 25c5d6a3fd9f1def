//! A rack of four nodes, and good plans for it. Every figure is worked out by hand.

use rackberry_core::{Bytes, NodeId, Seconds};
use rackberry_plan::rack::Rack;
use rackberry_plan::{
    Action, Blocked, CopyState, Fact, Kept, Move, MoveKind, NodeMemory, Plan, Step, Wave,
};
use std::collections::BTreeMap;

pub(crate) fn desk() -> Rack {
    serde_saphyr::from_str(include_str!("../../desk.yaml")).unwrap()
}

pub(crate) fn node(name: &str) -> NodeId {
    name.parse().unwrap()
}

/// The figures of a node of the desk, in mebibytes.
pub(crate) fn memory(used: u64, peak: u64) -> NodeMemory {
    let mebi = |it: u64| Bytes(it << 20);
    NodeMemory { used: mebi(used), peak: mebi(peak), limit: mebi(7200), usable: mebi(8000) }
}

fn memories(all: &[(&str, u64, u64)]) -> BTreeMap<NodeId, NodeMemory> {
    all.iter().map(|(name, used, peak)| (node(name), memory(*used, *peak))).collect()
}

fn step(action: Action, before: Vec<Fact>, after: Vec<Fact>, needs: &[usize]) -> Step {
    Step { before, action, after, needs: needs.to_vec(), takes: Seconds(30) }
}

pub(crate) fn running(replica: &str, on: &str) -> Fact {
    Fact::Running { replica: replica.parse().unwrap(), node: node(on) }
}

pub(crate) fn stopped(replica: &str, on: &str) -> Fact {
    Fact::Stopped { replica: replica.parse().unwrap(), node: node(on) }
}

pub(crate) fn bound(volume: &str, on: &str) -> Fact {
    Fact::Bound { volume: volume.parse().unwrap(), node: node(on) }
}

pub(crate) fn holds(volume: &str, on: &str, copy: CopyState) -> Fact {
    Fact::Holds { volume: volume.parse().unwrap(), node: node(on), copy }
}

pub(crate) fn start(replica: &str, on: &str, needs: &[usize]) -> Step {
    let action = Action::Start { replica: replica.parse().unwrap(), node: node(on) };
    let before = vec![Fact::Ready(node(on)), stopped(replica, on)];
    step(action, before, vec![running(replica, on)], needs)
}

pub(crate) fn stop(replica: &str, on: &str, needs: &[usize]) -> Step {
    let action = Action::Stop { replica: replica.parse().unwrap(), node: node(on) };
    step(action, vec![running(replica, on)], vec![stopped(replica, on)], needs)
}

/// The six steps that move `db` with its volume, the first of them at `first`.
pub(crate) fn carry(from: &str, to: &str, first: usize) -> Vec<Step> {
    let (replica, data) = ("db/0", "db/0:data");
    let volume = || data.parse().unwrap();
    let (old, new) = (|| node(from), || node(to));
    let hot = Action::CopyHot { volume: volume(), from: old(), to: new() };
    let cold = Action::CopyCold { volume: volume(), from: old(), to: new() };
    let compare = Action::Compare { volume: volume(), from: old(), to: new() };
    let bind = Action::Bind { volume: volume(), to: new() };
    let copy = |copy| holds(data, to, copy);
    let mut starts = start(replica, to, &[first + 4]);
    starts.before.push(bound(data, to));
    starts.after.push(bound(data, to));
    vec![
        step(hot, vec![bound(data, from)], vec![copy(CopyState::Hot)], &[]),
        stop(replica, from, &[first]),
        step(cold, vec![stopped(replica, from)], vec![copy(CopyState::Cold)], &[first + 1]),
        step(compare, vec![copy(CopyState::Cold)], vec![copy(CopyState::Compared)], &[first + 2]),
        step(bind, vec![copy(CopyState::Compared)], vec![bound(data, to)], &[first + 3]),
        starts,
    ]
}

pub(crate) fn moves(
    replica: &str,
    from: Option<&str>,
    to: Option<&str>,
    kind: MoveKind,
    gibi: u64,
) -> Move {
    let downtime = match kind {
        MoveKind::Stop => Seconds(390),
        MoveKind::Start | MoveKind::Resume | MoveKind::Restart => Seconds(0),
        MoveKind::Move | MoveKind::ToTemporary | MoveKind::FromTemporary => {
            Seconds(150 * u64::from(gibi > 0))
        }
    };
    Move {
        replica: replica.parse().unwrap(),
        from: from.map(node),
        to: to.map(node),
        kind,
        bytes: Bytes(gibi << 30),
        downtime,
        dependents: Vec::new(),
    }
}

pub(crate) fn wave(first: usize, moves: Vec<Move>, memory: &[(&str, u64, u64)]) -> Wave {
    Wave { first, moves, memory: memories(memory) }
}

pub(crate) fn kept(on: &str) -> Kept {
    Kept { volume: "db/0:data".parse().unwrap(), node: node(on), bytes: Bytes(4 << 30) }
}

/// A plan for the desk that blocks what it does not start.
pub(crate) fn plan(steps: Vec<Step>, waves: Vec<Wave>) -> Plan {
    let starts = |it: &Step| it.action.to_string().starts_with("start fresh/0");
    let fresh = Blocked { replica: "fresh/0".parse().unwrap(), reason: "not asked for".into() };
    Plan {
        format: 1,
        rack: "desk".into(),
        memory: memories(&[
            ("pi-1", 2600, 2600),
            ("pi-2", 1600, 1600),
            ("pi-3", 4100, 4100),
            ("pi-4", 1100, 1100),
        ]),
        blocked: if steps.iter().any(starts) { Vec::new() } else { vec![fresh] },
        steps,
        waves,
        kept: Vec::new(),
        unreached: BTreeMap::new(),
        made_from: None,
        unset: Vec::new(),
        unnamed: Vec::new(),
        limits: Vec::new(),
    }
}

/// A replica without a volume is handed over: it starts there before it stops here.
pub(crate) fn web_moves() -> Plan {
    let handed = moves("web/1", Some("pi-2"), Some("pi-4"), MoveKind::Move, 0);
    plan(
        vec![start("web/1", "pi-4", &[]), stop("web/1", "pi-2", &[0])],
        vec![wave(0, vec![handed], &[("pi-2", 1100, 1600), ("pi-4", 1600, 1600)])],
    )
}

/// A replica moves with its volume.
pub(crate) fn db_moves() -> Plan {
    let handed = moves("db/0", Some("pi-1"), Some("pi-4"), MoveKind::Move, 4);
    let figures = [("pi-1", 1600, 2600), ("pi-4", 2100, 2100)];
    let plan = plan(carry("pi-1", "pi-4", 0), vec![wave(0, vec![handed], &figures)]);
    Plan { kept: vec![kept("pi-1")], ..plan }
}

/// A replica runs for the first time, and its volume is made there.
pub(crate) fn fresh_starts() -> Plan {
    let started = moves("fresh/0", None, Some("pi-2"), MoveKind::Start, 0);
    plan(vec![start("fresh/0", "pi-2", &[])], vec![wave(0, vec![started], &[("pi-2", 1800, 1800)])])
}

/// A replica is stopped to make room, and starts again.
pub(crate) fn big_stops() -> Plan {
    let stops = moves("big/0", Some("pi-3"), None, MoveKind::Stop, 0);
    let resumes = moves("big/0", None, Some("pi-3"), MoveKind::Resume, 0);
    plan(
        vec![stop("big/0", "pi-3", &[]), start("big/0", "pi-3", &[0])],
        vec![
            wave(0, vec![stops], &[("pi-3", 1100, 4100)]),
            wave(1, vec![resumes], &[("pi-3", 4100, 4100)]),
        ],
    )
}

/// A replica moves with its volume to a temporary place, and on from there.
pub(crate) fn db_moves_twice() -> Plan {
    let away = moves("db/0", Some("pi-1"), Some("pi-4"), MoveKind::ToTemporary, 4);
    let home = moves("db/0", Some("pi-4"), Some("pi-2"), MoveKind::FromTemporary, 4);
    let mut steps = carry("pi-1", "pi-4", 0);
    steps.extend(carry("pi-4", "pi-2", 6));
    let plan = plan(
        steps,
        vec![
            wave(0, vec![away], &[("pi-1", 1600, 2600), ("pi-4", 2100, 2100)]),
            wave(6, vec![home], &[("pi-2", 2600, 2600), ("pi-4", 1100, 2100)]),
        ],
    );
    Plan { kept: vec![kept("pi-1"), kept("pi-4")], ..plan }
}

/// All of it: a replica is handed over, one makes a detour with its volume, one makes room for a while, one is new, and
/// one is left alone.
pub(crate) fn everything() -> Plan {
    let mut steps = vec![start("web/1", "pi-4", &[]), stop("web/1", "pi-2", &[0])];
    steps.push(stop("big/0", "pi-3", &[]));
    steps.extend(carry("pi-1", "pi-4", 3));
    steps.extend(carry("pi-4", "pi-2", 9));
    steps.extend([start("fresh/0", "pi-3", &[]), start("big/0", "pi-3", &[])]);
    let first = vec![
        moves("web/1", Some("pi-2"), Some("pi-4"), MoveKind::Move, 0),
        moves("big/0", Some("pi-3"), None, MoveKind::Stop, 0),
        moves("db/0", Some("pi-1"), Some("pi-4"), MoveKind::ToTemporary, 4),
    ];
    let second = vec![
        moves("db/0", Some("pi-4"), Some("pi-2"), MoveKind::FromTemporary, 4),
        moves("fresh/0", None, Some("pi-3"), MoveKind::Start, 0),
    ];
    let third = vec![moves("big/0", None, Some("pi-3"), MoveKind::Resume, 0)];
    let figures =
        [("pi-1", 1600, 2600), ("pi-2", 1100, 1600), ("pi-3", 1100, 4100), ("pi-4", 2600, 2600)];
    let waves = vec![
        wave(0, first, &figures),
        wave(9, second, &[("pi-2", 2100, 2100), ("pi-3", 1300, 1300), ("pi-4", 1600, 2600)]),
        wave(16, third, &[("pi-3", 4300, 4300)]),
    ];
    let reason = "no node but pi-1 has the label disk=nvme".into();
    let blocked = vec![Blocked { replica: "web/0".parse().unwrap(), reason }];
    Plan { kept: vec![kept("pi-1"), kept("pi-4")], blocked, ..plan(steps, waves) }
}
