//! What a rack file says of feeding a port, as an order with its proof.

use super::site::Book;
use rackberry::core::{Milliwatts, Poe, PoeBudget, PortNo, Power, Result, SwitchState};
use rackberry::plan::Feed;
use serde::Serialize;
use std::fmt;

/// An order to the part of a switch that feeds its ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Order {
    pub port: PortNo,
    pub wish: Wish,
}

/// What a port is to be. In the order in which it is sent: what goes makes room for what comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Wish {
    /// It feeds nothing.
    Off,
    /// It delivers no more than that.
    Limit(Milliwatts),
    /// It feeds what asks for it.
    On,
}

impl Order {
    /// Whether it is so already.
    pub(super) fn holds(&self, seen: &SwitchState) -> bool {
        let poe = seen.ports.get(&self.port).and_then(|it| it.poe.as_ref());
        poe.is_some_and(|it| match self.wish {
            Wish::Off => it.power == Power::Off,
            Wish::Limit(limit) => it.limit == Some(limit),
            Wish::On => it.power == Power::On,
        })
    }

    pub(super) async fn send(&self, poe: &dyn Poe) -> Result<()> {
        match self.wish {
            Wish::Off => poe.set_poe(self.port, Power::Off).await,
            Wish::Limit(limit) => poe.set_limit(self.port, Some(limit)).await,
            Wish::On => poe.set_poe(self.port, Power::On).await,
        }
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.wish {
            Wish::Off => write!(f, "stop feeding {}", self.port),
            Wish::Limit(limit) => write!(f, "limit what {} delivers to {limit}", self.port),
            Wish::On => write!(f, "feed {}", self.port),
        }
    }
}

/// What is left of what the file says, in the order in which it is sent.
pub(super) fn due(book: &Book, seen: &SwitchState) -> Vec<Order> {
    let mut all: Vec<Order> = said(book).filter(|it| feeds(seen, it.port)).collect();
    all.retain(|it| !it.holds(seen));
    all.sort_by_key(|it| (it.wish, it.port));
    all
}

/// What the file says and cannot be: no power is cut that the way of the controller hangs on, and a port that feeds
/// nothing never will.
pub(super) fn refused(book: &Book, seen: &SwitchState) -> Vec<String> {
    let id = &book.rack.switches[book.at].id;
    let uplink = book.uplink(id);
    let why = |it: Order| {
        let poe = seen.ports.get(&it.port).and_then(|it| it.poe.as_ref());
        match (it.wish, poe) {
            (Wish::Off, None) => None,
            (Wish::Off, Some(poe)) if uplink == Some(it.port) && poe.delivers => Some(format!(
                "{it}: it is the uplink, and what it feeds leads to the switch itself"
            )),
            (Wish::Limit(_) | Wish::On, None) => Some(format!("{it}: it has no PoE")),
            (Wish::Off | Wish::Limit(_) | Wish::On, Some(_)) => None,
        }
    };
    said(book).filter_map(why).collect()
}

/// What does not fit beside the worst that the others may draw.
pub(super) fn tight(book: &Book, seen: &SwitchState, due: &[Order]) -> Vec<String> {
    let on = due.iter().filter(|it| it.wish == Wish::On);
    let why = |it: &Order| {
        let needs = needs(book, it.port)?;
        let over = PoeBudget::admits(seen, it.port, needs).err()?;
        Some(format!("{it}: {over}; it may get no power"))
    };
    on.filter_map(why).collect()
}

/// What the node at a port draws at the most.
fn needs(book: &Book, port: PortNo) -> Option<Milliwatts> {
    let id = &book.rack.switches[book.at].id;
    let mut nodes = book.rack.nodes.iter();
    let node = nodes.find(|it| match &it.feed {
        Feed::Poe { port: at, .. } => at.switch == *id && at.port == port,
        Feed::Outlet(_) | Feed::Host(_) | Feed::Unknown => false,
    })?;
    Some(node.power.peak)
}

fn feeds(seen: &SwitchState, port: PortNo) -> bool {
    seen.ports.get(&port).is_some_and(|it| it.poe.is_some())
}

fn said(book: &Book) -> impl Iterator<Item = Order> {
    let id = &book.rack.switches[book.at].id;
    let ports = book.rack.rack.switches.get(id).into_iter().flat_map(|it| &it.ports);
    ports.flat_map(|(port, it)| {
        let power = it.poe.map(|on| if on { Wish::On } else { Wish::Off });
        let wishes = [it.limit.map(Wish::Limit), power].into_iter().flatten();
        wishes.map(|wish| Order { port: *port, wish })
    })
}
