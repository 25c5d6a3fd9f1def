use crate::Patience;
use crate::patience::Wait;
use rackberry_core::{
    Error, ErrorKind, Milliwatts, Poe, PoeState, PortNo, PortState, Power, Result, Switch,
};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// What must keep its power, and how often a port may lose it.
#[derive(Debug)]
pub struct CycleGuard {
    /// Ports that are never cycled, with the reason: the controller's own, the uplink, what the rack file protects.
    pub protected: BTreeMap<PortNo, String>,
    /// How long a port is left alone after a cycle: disks and file systems need their time.
    pub rest: Duration,
    /// How long a port stays off, so that what is behind it is off for sure.
    pub off: Duration,
    last: Mutex<BTreeMap<PortNo, Instant>>,
}

impl Default for CycleGuard {
    fn default() -> Self {
        Self {
            protected: BTreeMap::new(),
            rest: Duration::from_secs(60),
            off: Duration::from_secs(5),
            last: Mutex::default(),
        }
    }
}

impl CycleGuard {
    /// A guard of these ports.
    pub fn of(protected: BTreeMap<PortNo, String>) -> Self {
        Self { protected, ..Self::default() }
    }

    /// Whether a port may be cycled now; it counts as cycled from now on.
    fn admit(&self, port: PortNo) -> Result<()> {
        let refused = |why: String| Error::new(ErrorKind::Refused, doing(port)).because(why);
        if let Some(why) = self.protected.get(&port) {
            return Err(refused(format!("it is protected: {why}")));
        }
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let wait = last.get(&port).and_then(|it| (*it + self.rest).checked_duration_since(now));
        if let Some(wait) = wait.filter(|it| !it.is_zero()) {
            return Err(refused(format!("it was cycled just now: wait {} s", wait.as_secs() + 1)));
        }
        last.insert(port, now);
        Ok(())
    }
}

/// That a port lost its power and has it again, as it was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cycled {
    /// What flowed before.
    pub before: Milliwatts,
    /// How long after the order nothing flowed any more.
    pub dark: Duration,
    /// How long after the second order it was fed again, or had a link.
    pub back: Duration,
}

/// Cuts the power of a port and gives it back, and proves both: something flowed, then nothing did, then it is fed
/// again or has a link.
///
/// A switch's own power cycle says nothing of what came of it, so this orders off and on. Whatever goes wrong
/// in between, the port is ordered on again until it is or the patience is over.
///
/// # Errors
///
/// `Refused` where the port is protected, was cycled just now, or nothing is fed there; `NotFound` where the switch
/// does not feed it; else what the switch answers. An error after the power was cut says whether it is back.
pub async fn power_cycle(
    switch: &dyn Switch,
    port: PortNo,
    guard: &CycleGuard,
    patience: Patience,
) -> Result<Cycled> {
    let poe = switch.poe().ok_or_else(|| Error::not_found(doing(port)))?;
    let (_, before) = look(switch, port).await?;
    if !before.delivers {
        let why = match before.power {
            Power::Off => "nothing is fed there: it is off, so switch it on instead",
            Power::On => "nothing is fed there: it is on, and nothing behind it takes power",
        };
        return Err(Error::new(ErrorKind::Refused, doing(port)).because(why));
    }
    guard.admit(port)?;
    let begin = Instant::now();
    let dark = match cut(switch, poe, port, patience).await {
        Err(why) if !why.kind().is_uncertain() => return Err(why),
        // The order may have been carried out all the same: the power is given back in any case.
        cut => cut.map(|()| begin.elapsed()),
    };
    sleep(guard.off).await;
    let begin = Instant::now();
    restore(switch, poe, port, patience).await?;
    Ok(Cycled { before: before.draw, dark: dark?, back: begin.elapsed() })
}

async fn cut(switch: &dyn Switch, poe: &dyn Poe, port: PortNo, patience: Patience) -> Result<()> {
    match poe.set_poe(port, Power::Off).await {
        Err(why) if !why.kind().is_uncertain() => return Err(why),
        // After a doubt it is looked for too: an order may be carried out late.
        Ok(()) | Err(_) => {}
    }
    let mut wait = Wait::new(patience, patience.least);
    loop {
        let last = match look(switch, port).await {
            Ok((_, it)) if !it.delivers && it.draw == Milliwatts(0) => return Ok(()),
            Ok((_, it)) => format!("{} still flow", it.draw),
            // Not even an answer ends this: the power is cut, and is to be given back.
            Err(why) => why.to_string(),
        };
        wait.again().await.map_err(|()| {
            Error::new(ErrorKind::Unreachable, format!("see {port} without power")).because(last)
        })?;
    }
}

/// Orders the power on until it is seen.
async fn restore(
    switch: &dyn Switch,
    poe: &dyn Poe,
    port: PortNo,
    patience: Patience,
) -> Result<()> {
    let mut wait = Wait::new(patience, patience.least);
    let mut is_on = false;
    loop {
        let mut last = String::from("it is on, and nothing is fed");
        if !is_on {
            match poe.set_poe(port, Power::On).await {
                Ok(()) => is_on = true,
                Err(why) => last = format!("it may still be off: {why}"),
            }
        }
        match look(switch, port).await {
            Ok((seen, fed)) => {
                is_on = fed.power == Power::On;
                if is_on && (fed.delivers || seen.link.is_some()) {
                    return Ok(());
                }
            }
            Err(why) => last = format!("it may still be off: {why}"),
        }
        wait.again().await.map_err(|()| {
            Error::new(ErrorKind::Unreachable, format!("see {port} with power again")).because(last)
        })?;
    }
}

/// A port that has PoE, and its PoE.
async fn look(switch: &dyn Switch, port: PortNo) -> Result<(PortState, PoeState)> {
    let none = || Error::not_found(doing(port));
    let seen = switch.observe().await?.ports.remove(&port).ok_or_else(none)?;
    let poe = seen.poe.clone().ok_or_else(none)?;
    Ok((seen, poe))
}

fn doing(port: PortNo) -> String {
    format!("cycle the power of {port}")
}
