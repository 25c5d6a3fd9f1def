use async_trait::async_trait;
use rackberry_core::{
    Error, ErrorKind, Milliwatts, Poe, PoeBudget, PoePriority, PortNo, PortSetting, Power, Result,
    Switch, SwitchState, VlanTable,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

/// What a device may ask for of which nothing is known: class 4, the most of 802.3at.
const UNKNOWN: Milliwatts = Milliwatts(30_000);

/// A switch that is never asked to feed more than it can: an order that would let the devices behind it draw more than
/// its budget, at the worst, is refused before it is sent; and between two ports that begin to be fed there is a pause,
/// for what starts draws most.
///
/// Put it in the place of the switch: in a fleet, in a [`PoePower`](rackberry_core::PoePower), in a program of your own.
#[derive(Debug)]
pub struct Budgeted {
    switch: Arc<dyn Switch>,
    /// The pause between two ports that begin to be fed.
    stagger: Duration,
    /// Orders about power go one at a time.
    turn: Mutex<Turn>,
}

#[derive(Debug)]
struct Turn {
    /// The most that each known device behind a port draws. One that was told to be fed, and is not known, has its part
    /// before it asks for it.
    peaks: BTreeMap<PortNo, Milliwatts>,
    /// When a port was told to feed last.
    last: Option<Instant>,
}

impl Budgeted {
    /// A switch whose ports begin to be fed `stagger` apart; `peaks` is what is known of the devices behind them.
    pub fn new(
        switch: Arc<dyn Switch>,
        peaks: BTreeMap<PortNo, Milliwatts>,
        stagger: Duration,
    ) -> Self {
        Self { switch, stagger, turn: Mutex::new(Turn { peaks, last: None }) }
    }

    /// Waits until another port may begin to be fed, and looks whether there is enough for this one.
    async fn may_feed(&self, port: PortNo, turn: &mut Turn) -> Result<()> {
        let mut seen = self.switch.observe().await?;
        if feeds(&seen, port) {
            return Ok(());
        }
        if let Some(last) = turn.last.filter(|it| it.elapsed() < self.stagger) {
            sleep_until(last + self.stagger).await;
            seen = self.switch.observe().await?;
        }
        turn.peaks.entry(port).or_insert(UNKNOWN);
        admit(seen, &turn.peaks, port, PortSetting::Feed(Power::On))?;
        turn.last = Some(Instant::now());
        Ok(())
    }

    fn inner(&self, port: PortNo) -> Result<&dyn Poe> {
        self.switch.poe().ok_or_else(|| Error::not_found(format!("set the PoE of {port}")))
    }
}

/// Refuses an order after which more could be drawn than there is, unless it asks for nothing more.
fn admit(
    mut seen: SwitchState,
    peaks: &BTreeMap<PortNo, Milliwatts>,
    port: PortNo,
    to: PortSetting,
) -> Result<()> {
    let Some(state) = seen.ports.get_mut(&port) else { return Ok(()) };
    let grows = to.grows(state);
    to.predict(state);
    match PoeBudget::admits(&seen, peaks, port) {
        Err(why) if grows => {
            let doing = match to {
                PortSetting::Limit(_) => format!("let {port} deliver more"),
                PortSetting::Feed(_) | PortSetting::Priority(_) | PortSetting::Enabled(_) => {
                    format!("feed {port}")
                }
            };
            Err(Error::new(ErrorKind::Refused, doing).because(why))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

fn feeds(seen: &SwitchState, port: PortNo) -> bool {
    let poe = seen.ports.get(&port).and_then(|it| it.poe.as_ref());
    poe.is_some_and(|it| it.power == Power::On)
}

#[async_trait]
impl Switch for Budgeted {
    async fn observe(&self) -> Result<SwitchState> {
        self.switch.observe().await
    }

    async fn set_port(&self, port: PortNo, enabled: bool) -> Result<()> {
        self.switch.set_port(port, enabled).await
    }

    async fn set_vlans(&self, table: &VlanTable) -> Result<()> {
        self.switch.set_vlans(table).await
    }

    fn poe(&self) -> Option<&dyn Poe> {
        self.switch.poe().map(|_| self as &dyn Poe)
    }
}

#[async_trait]
impl Poe for Budgeted {
    async fn set_poe(&self, port: PortNo, power: Power) -> Result<()> {
        let mut turn = self.turn.lock().await;
        if power == Power::On {
            self.may_feed(port, &mut turn).await?;
        }
        self.inner(port)?.set_poe(port, power).await
    }

    async fn set_priority(&self, port: PortNo, priority: PoePriority) -> Result<()> {
        self.inner(port)?.set_priority(port, priority).await
    }

    async fn set_limit(&self, port: PortNo, limit: Option<Milliwatts>) -> Result<()> {
        let turn = self.turn.lock().await;
        let seen = self.switch.observe().await?;
        admit(seen, &turn.peaks, port, PortSetting::Limit(limit))?;
        self.inner(port)?.set_limit(port, limit).await
    }
}
