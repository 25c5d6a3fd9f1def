use super::{DeviceFault, FormFault, LimitFault, ReplayFault, ReportFault, RoomFault, RuleFault};
use std::fmt;

/// One reason not to trust a plan: what is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// Where in the plan.
    pub place: Place,
    /// What is wrong there.
    pub fault: Fault,
}

/// A place in a plan. Steps and waves are positions from 0; the text counts from 1, as the runbook does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The plan as a whole.
    Plan,
    /// A step.
    Step(usize),
    /// A wave, its moves and its figures.
    Wave(usize),
    /// The memory before the first step.
    Memory,
    /// The list of kept copies.
    Kept,
    /// The list of what is blocked.
    Blocked,
    /// What there is when everything is done.
    End,
}

/// What is wrong with a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It is not put together as a plan has to be.
    Form(FormFault),
    /// A step cannot be done when its turn comes, or does not lead to what it says.
    Replay(ReplayFault),
    /// A node has no room.
    Room(RoomFault),
    /// A rule of the rack file is broken.
    Rule(RuleFault),
    /// An order to a device must not be given.
    Device(DeviceFault),
    /// A limit is not stated that has to hold at every moment.
    Limit(LimitFault),
    /// What it prints is not what it does.
    Report(ReportFault),
}

impl Violation {
    pub(super) fn new(place: Place, fault: impl Into<Fault>) -> Self {
        Self { place, fault: fault.into() }
    }

    pub(super) fn at_step(step: usize, fault: impl Into<Fault>) -> Self {
        Self::new(Place::Step(step), fault)
    }
}

macro_rules! faults {
    ($($variant:ident($fault:ty);)*) => {$(
        impl From<$fault> for Fault {
            fn from(fault: $fault) -> Self {
                Self::$variant(fault)
            }
        }
    )*};
}

faults! {
    Form(FormFault);
    Replay(ReplayFault);
    Room(RoomFault);
    Rule(RuleFault);
    Device(DeviceFault);
    Limit(LimitFault);
    Report(ReportFault);
}

impl std::error::Error for Violation {}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.fault)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plan => f.write_str("the plan"),
            Self::Step(step) => write!(f, "step {}", step.saturating_add(1)),
            Self::Wave(wave) => write!(f, "wave {}", wave.saturating_add(1)),
            Self::Memory => f.write_str("the memory before the first step"),
            Self::Kept => f.write_str("the kept copies"),
            Self::Blocked => f.write_str("what is blocked"),
            Self::End => f.write_str("at the end"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(fault) => fault.fmt(f),
            Self::Replay(fault) => fault.fmt(f),
            Self::Room(fault) => fault.fmt(f),
            Self::Rule(fault) => fault.fmt(f),
            Self::Device(fault) => fault.fmt(f),
            Self::Limit(fault) => fault.fmt(f),
            Self::Report(fault) => fault.fmt(f),
        }
    }
}
