//! Orders to `PoEPortConfig.cgi`.

use super::desk::{Answer, Desk, success};
use super::http::{Reply, Request};
use super::memory::{Hold, Memory, Poe};
use super::page;
use super::physics::{self, Silent};
use rackberry_core::{Milliwatts, PoePriority, PortNo, Power, SwitchState};

/// The class-0 limit that an order without one leaves behind, in tenths of a watt: seen in captured pages.
const LEAST: u64 = 162;

impl Desk {
    pub(super) async fn order_poe(&self, memory: &mut Memory, request: &Request) -> Answer {
        match request.field("ACTION") {
            Some("Apply") => self.apply(memory, request).await,
            Some("Reset") => self.cycle(memory, request).await,
            _ => Ok(Reply::page(page::stub())),
        }
    }

    /// Replaces all settings of a port: what is not said is reset, as on a switch whose page was captured.
    async fn apply(&self, memory: &mut Memory, request: &Request) -> Answer {
        let Some(port) = request.number("portID").and_then(|it| it.checked_add(1)).map(PortNo)
        else {
            return success();
        };
        let Some(it) = memory.poe.get_mut(&port) else { return success() };
        self.replace(it, request);
        let limit = it.most();
        it.told = Some(limit);
        self.limit(port, limit).await?;
        self.prefer(port, priority(request)).await?;
        self.switch_power(memory, port, request.number("ADMIN_MODE") == Some(1)).await?;
        success()
    }

    fn replace(&self, it: &mut Poe, request: &Request) {
        let choice = |name, known: &[u16]| {
            request.number(name).filter(|it| known.contains(it)).unwrap_or_default()
        };
        it.mode = choice("POW_MOD", &[0, 1, 2, 3]);
        it.kind = choice("POW_LIMT_TYP", &[0, 1, 2]);
        it.detection = choice("DETEC_TYP", &[1, 2, 3]);
        if self.knobs.feeding.longer {
            it.longer = choice("DISCONNECT_TYP", &[2, 3]);
        }
        let missing = self.knobs.feeding.missing_limit.map(tenths);
        let said = request.field("POW_LIMT").and_then(watts).or(missing);
        match (it.kind, said) {
            (0, _) => it.limit = LEAST,
            (_, Some(limit)) => it.limit = limit,
            (_, None) => {}
        }
    }

    async fn switch_power(
        &self,
        memory: &mut Memory,
        port: PortNo,
        on: bool,
    ) -> Result<(), Silent> {
        let state = self.observe().await?;
        let was = memory.may_feed(&state, port);
        let glitches = self.knobs.feeding.glitch;
        let Some(it) = memory.poe.get_mut(&port) else { return Ok(()) };
        match (was, on) {
            (_, false) => {
                it.hold = None;
                self.feed(port, Power::Off).await
            }
            (true, true) if glitches => self.interrupt(it, port).await,
            (true, true) => Ok(()),
            (false, true) => {
                it.hold =
                    Some(Hold::Until(self.now().saturating_add(self.knobs.feeding.detection)));
                Ok(())
            }
        }
    }

    /// Takes the power of ports that may have it, and gives it back later. Ports are counted from 0 here.
    async fn cycle(&self, memory: &mut Memory, request: &Request) -> Answer {
        let state = self.observe().await?;
        let named = |port: &PortNo| {
            let field = format!("port{}", port.0.saturating_sub(1));
            request.field(&field) == Some("checked")
        };
        let ports: Vec<_> = memory.poe.keys().copied().filter(named).collect();
        for port in ports.into_iter().filter(|it| memory.may_feed(&state, *it)).collect::<Vec<_>>()
        {
            let Some(it) = memory.poe.get_mut(&port) else { continue };
            self.interrupt(it, port).await?;
        }
        success()
    }

    async fn interrupt(&self, it: &mut Poe, port: PortNo) -> Result<(), Silent> {
        let knobs = &self.knobs.feeding;
        let at = self.now().saturating_add(knobs.cycle).saturating_add(knobs.detection);
        self.feed(port, Power::Off).await?;
        it.hold = Some(Hold::Until(at));
        Ok(())
    }
}

impl Memory {
    /// Whether a port may be fed, even if it is not right now.
    pub(super) fn may_feed(&self, state: &SwitchState, port: PortNo) -> bool {
        self.poe.get(&port).is_some_and(|it| it.hold.is_some())
            || physics::poe(state, port).is_some_and(|it| it.power == Power::On)
    }
}

impl Poe {
    /// What the switch behind is told that the port may deliver: none where its class decides.
    fn most(&self) -> Option<Milliwatts> {
        let tenths = match (self.kind, self.mode) {
            (1, _) => return None,
            (0, 0) => LEAST,
            (0, _) => 300,
            (_, 0) => self.limit.min(LEAST),
            (_, _) => self.limit,
        };
        Some(Milliwatts(tenths * 100))
    }

    /// The type of the limit and the limit, in tenths of a watt, unless somebody else has set it since.
    pub(super) fn limit(&self, behind: Option<Milliwatts>) -> (u16, u64) {
        match (self.told, behind) {
            (Some(told), _) if told == behind => (self.kind, self.limit),
            (None, None) => (self.kind, self.limit),
            (_, None) => (1, self.limit),
            (_, Some(limit)) => (2, tenths(limit)),
        }
    }
}

fn priority(request: &Request) -> PoePriority {
    match request.number("PORT_PRIO") {
        Some(2) => PoePriority::High,
        Some(3) => PoePriority::Critical,
        _ => PoePriority::Low,
    }
}

/// A limit of 3.0 to 30.0 W, in tenths.
fn watts(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digit = part.len() == 1 && part.bytes().all(|it| it.is_ascii_digit());
    let whole = Some(whole).filter(|it| it.len() <= 2 && it.bytes().all(|it| it.is_ascii_digit()));
    let limit = whole?.parse::<u64>().ok()? * 10 + part.parse::<u64>().ok().filter(|_| digit)?;
    (30..=300).contains(&limit).then_some(limit)
}

/// A limit in tenths of a watt.
fn tenths(limit: Milliwatts) -> u64 {
    limit.0.saturating_add(50) / 100
}
