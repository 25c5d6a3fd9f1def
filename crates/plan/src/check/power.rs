//! What draws power, and what may deliver it.
//!
//! | rule | finds | why |
//! |---|---|---|
//! | `hat-fit` | a HAT on a board it does not fit | the pins that carry PoE moved between boards |
//! | `hat-output` | a HAT that gives less than its board draws | the board browns out under load |
//! | `hat-unfed` | a HAT that no port feeds, and no outlet beside it | the board stays dark |
//! | `poe-passive` | an 802.3 HAT on a port with passive PoE | the voltage is there unasked and destroys it |
//! | `poe-port` | a draw or a class above what the port delivers | the port cuts it off, or never starts it |
//! | `poe-class` | a class that does not exist | nothing can be reserved for it |
//! | `poe-budget-unknown` | a switch that feeds nodes, with no budget known | nothing can be said of its load |
//! | `poe-draw` | draws above the switch's budget, less the policy's reserve | it drops the ports of lowest priority |
//! | `poe-by-class` | classes above the switch's budget | a switch that admits by class refuses the last ports |
//! | `poe-nowhere` | power, a limit or a priority for a port that delivers none | it cannot be set |
//! | `poe-kept` | a port that always keeps its power, and is said to have none | it is not switched off |
//! | `poe-inrush` | a budget too small for all to boot at once | after an outage some do not come back |
//! | `outlet-circle` | outlets plugged into each other | none of them has power |
//! | `outlet-load` | draws above what an outlet delivers | its fuse blows, or its UPS gives up |
//! | `power-unknown` | machines that name neither a fed port nor an outlet, where others do | their load is missing from every sum |
//!
//! Draws are taken where power comes in, HAT losses included. Of a node that has both a HAT and an outlet
//! only the HAT counts, so long as its port feeds it.

mod budget;
mod hat;
mod outlet;
mod written;

use super::cable::{self, Socket};
use crate::rack::{Hat, PoeStandard, PortGroup};
use crate::{Finding, Resolved};
use rackberry_core::{Milliwatts, class_power};
use std::fmt;

pub(super) fn findings(rack: &Resolved, out: &mut Vec<Finding>) {
    let feeds: Vec<_> = (0..rack.nodes.len()).map(|it| feed(rack, it)).collect();
    hat::findings(rack, &feeds, out);
    budget::findings(rack, &feeds, out);
    outlet::findings(rack, &feeds, out);
    written::findings(rack, out);
}

/// What powers a node.
#[derive(Clone, Copy, Debug)]
enum Feed<'a> {
    /// A port that delivers, through a HAT.
    Port(Fed<'a>),
    /// It has a HAT, and this is why nothing comes through it.
    Lacks(Lack),
    /// It has no HAT.
    NoHat,
}

/// Why a HAT gets nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Lack {
    /// It is on no port.
    Port,
    /// The ports of this switch do not deliver there.
    Poe(usize),
    /// The file switches the port off.
    Off(Socket),
    /// The port would destroy it.
    Passive(usize),
    /// The port waits for it to ask.
    Handshake(usize),
}

/// A node that a port feeds.
#[derive(Clone, Copy, Debug)]
struct Fed<'a> {
    node: usize,
    socket: Socket,
    hat: &'a Hat,
    group: &'a PortGroup,
    standard: PoeStandard,
    /// The limit that the file sets.
    limit: Option<Milliwatts>,
}

/// The nodes that ports feed.
fn fed<'a>(feeds: &[Feed<'a>]) -> impl Iterator<Item = Fed<'a>> {
    feeds.iter().filter_map(|it| match it {
        Feed::Port(fed) => Some(*fed),
        Feed::Lacks(_) | Feed::NoHat => None,
    })
}

fn feed(rack: &Resolved, node: usize) -> Feed<'_> {
    let written = &rack.rack.nodes[&rack.nodes[node].id];
    let hat = written.hat.as_ref().and_then(|it| rack.catalogue.hats.get(it));
    let Some(hat) = hat else { return Feed::NoHat };
    let Some(socket) = written.port.as_ref().and_then(|it| cable::socket(rack, it)) else {
        return Feed::Lacks(Lack::Port);
    };
    let Some((group, standard)) = cable::group(rack, socket).and_then(|it| Some((it, it.poe?)))
    else {
        return Feed::Lacks(Lack::Poe(socket.0));
    };
    let port = cable::written(rack, socket);
    if port.and_then(|it| it.poe) == Some(false) {
        return Feed::Lacks(Lack::Off(socket));
    }
    let passive = (standard == PoeStandard::Passive, standard_of(hat) == PoeStandard::Passive);
    match passive {
        (true, false) => Feed::Lacks(Lack::Passive(socket.0)),
        (false, true) => Feed::Lacks(Lack::Handshake(socket.0)),
        (true, true) | (false, false) => {
            let limit = port.and_then(|it| it.limit);
            Feed::Port(Fed { node, socket, hat, group, standard, limit })
        }
    }
}

fn standard_of(hat: &Hat) -> PoeStandard {
    hat.standard.unwrap_or(PoeStandard::Af)
}

/// What keeps a port from delivering more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Bound {
    /// The standard of the port.
    Standard(PoeStandard),
    /// The switch's model.
    Model,
    /// The class or the standard of the HAT.
    Hat(Option<u8>),
    /// The limit that the file sets.
    Limit,
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standard(PoeStandard::Passive) => f.write_str("its passive PoE"),
            Self::Standard(PoeStandard::Af) => f.write_str("802.3af"),
            Self::Standard(PoeStandard::At) => f.write_str("802.3at"),
            Self::Standard(PoeStandard::Bt) => f.write_str("802.3bt"),
            Self::Model => f.write_str("the switch's model"),
            Self::Hat(Some(class)) => write!(f, "the HAT's class {class}"),
            Self::Hat(None) => f.write_str("the HAT's standard"),
            Self::Limit => f.write_str("the limit written there"),
        }
    }
}

impl Fed<'_> {
    /// The most that comes through, and what keeps it there.
    fn most(&self) -> (Milliwatts, Bound) {
        let bounds = [
            (standard_limit(self.standard), Bound::Standard(self.standard)),
            (self.group.limit, Bound::Model),
            (asks(self.hat), Bound::Hat(self.hat.class)),
            (self.limit, Bound::Limit),
        ];
        let known = bounds.into_iter().filter_map(|(most, why)| Some((most?, why)));
        known.min_by_key(|it| it.0).unwrap_or((Milliwatts(u64::MAX), Bound::Model))
    }

    /// What a switch that goes by class sets aside for it.
    fn reserve(&self, rack: &Resolved) -> Milliwatts {
        let most = self.most().0;
        match asks(self.hat) {
            Some(_) => most,
            None => most.min(rack.nodes[self.node].power.peak),
        }
    }
}

/// The most that a standard sends into the cable.
pub(crate) fn standard_limit(standard: PoeStandard) -> Option<Milliwatts> {
    match standard {
        PoeStandard::Passive => None,
        PoeStandard::Af => Some(Milliwatts(15_400)),
        PoeStandard::At => Some(Milliwatts(30_000)),
        PoeStandard::Bt => Some(Milliwatts(90_000)),
    }
}

/// What a HAT asks the switch to set aside: by its class, or else by its standard.
fn asks(hat: &Hat) -> Option<Milliwatts> {
    match hat.class {
        Some(class) if standard_of(hat) != PoeStandard::Passive => class_power(class),
        Some(_) | None => standard_limit(standard_of(hat)),
    }
}

/// A sum over a limit as it is shown: to the tenth of a watt, as the picture does, unless that would read as
/// being within the limit.
fn shown_over(sum: Milliwatts, limit: Milliwatts) -> Milliwatts {
    let near = Milliwatts(sum.0.saturating_add(50) / 100 * 100);
    if near > limit { near } else { shown(sum) }
}

/// A draw as something has to cover it: up to the next tenth of a watt.
fn shown(draw: Milliwatts) -> Milliwatts {
    Milliwatts(draw.0.div_ceil(100).saturating_mul(100))
}
