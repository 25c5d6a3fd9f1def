//! What kind of move a hop of the kernels is.

use crate::MoveKind;
use rackberry_sched::HopKind;

/// The kind of a replica's move, where it differs from that of the bundle it goes with: one that ran
/// elsewhere moves, one that did not run starts.
pub(super) fn seen_as(kind: MoveKind, runs: bool, has_run: bool) -> MoveKind {
    match (kind, runs) {
        (MoveKind::Start, true) => MoveKind::Move,
        (MoveKind::Move, false) => MoveKind::Start,
        (MoveKind::Resume, false) if !has_run => MoveKind::Start,
        (other, _) => other,
    }
}

/// The kind of a hop. Where an item is held back after a detour, that was its last move.
pub(super) fn kind(kind: HopKind, goes_on: bool) -> MoveKind {
    match kind {
        HopKind::ToTemporary if !goes_on => MoveKind::Move,
        HopKind::Start => MoveKind::Start,
        HopKind::Move => MoveKind::Move,
        HopKind::ToTemporary => MoveKind::ToTemporary,
        HopKind::FromTemporary => MoveKind::FromTemporary,
        HopKind::Stop => MoveKind::Stop,
        HopKind::Resume => MoveKind::Resume,
    }
}
