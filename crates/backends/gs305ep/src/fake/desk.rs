//! One request at a time: who asks, what goes wrong, and which page it is.

use super::http::{Reply, Request};
use super::journal::{Entry, Journal};
use super::memory::Memory;
use super::physics::Silent;
use super::{Fault, Knobs, Root, page};
use rackberry_core::Switch;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// What a client gets.
#[derive(Debug)]
pub(super) enum Outcome {
    Reply(Reply),
    /// An answer that ends in its middle.
    Cut(Reply),
    /// A connection that is closed.
    Silence,
    /// A connection that is reset.
    Reset,
}

/// What is answered to an order, where it is answered.
pub(super) type Answer = Result<Reply, Silent>;

#[derive(Debug)]
pub(super) struct Desk {
    pub(super) switch: Arc<dyn Switch>,
    pub(super) knobs: Knobs,
    /// Something has a new date.
    pub(super) changed: Notify,
    journal: Mutex<Journal>,
    faults: Mutex<BTreeMap<u64, Fault>>,
    /// When the last requests came in.
    recent: Mutex<VecDeque<Duration>>,
    memory: tokio::sync::Mutex<Memory>,
}

fn lock<T>(it: &Mutex<T>) -> MutexGuard<'_, T> {
    it.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is answered to an order that was understood.
pub(super) fn success() -> Answer {
    Ok(Reply::page("SUCCESS"))
}

impl Desk {
    pub(super) fn new(switch: Arc<dyn Switch>, knobs: Knobs) -> Self {
        let memory = tokio::sync::Mutex::new(Memory::new(&knobs));
        Self {
            switch,
            knobs,
            changed: Notify::new(),
            journal: Mutex::default(),
            faults: Mutex::default(),
            recent: Mutex::default(),
            memory,
        }
    }

    pub(super) fn journal(&self) -> MutexGuard<'_, Journal> {
        lock(&self.journal)
    }

    pub(super) fn faults(&self) -> MutexGuard<'_, BTreeMap<u64, Fault>> {
        lock(&self.faults)
    }

    pub(super) fn now(&self) -> Duration {
        self.knobs.clock.now()
    }

    /// Does what is due, and says when the next is.
    pub(super) async fn settle_now(&self) -> Option<Duration> {
        let mut memory = self.memory.lock().await;
        self.settle(&mut memory).await
    }

    pub(super) async fn answer(&self, request: &Request) -> Outcome {
        self.knobs.clock.count();
        let fault = self.note(request);
        let crowded = self.crowds();
        let mut memory = self.memory.lock().await;
        self.take_time(request, fault).await;
        self.settle(&mut memory).await;
        let outcome = if crowded || self.now() < memory.down {
            Outcome::Silence
        } else {
            self.obey(&mut memory, request, fault).await
        };
        self.settle(&mut memory).await;
        self.changed.notify_one();
        outcome
    }

    /// Writes a request down, and looks what will go wrong with it.
    fn note(&self, request: &Request) -> Option<Fault> {
        let entry = Entry {
            number: 0,
            at: self.now(),
            method: request.method.clone(),
            path: request.target.clone(),
            fields: request.fields.clone(),
        };
        let number = self.journal().write(entry);
        self.faults().remove(&number)
    }

    /// Whether more requests have come in than it bears.
    fn crowds(&self) -> bool {
        let Some((most, within)) = self.knobs.transport.burst else { return false };
        let now = self.now();
        let mut recent = lock(&self.recent);
        recent.retain(|it| now.saturating_sub(*it) < within);
        if recent.len() >= most {
            return true;
        }
        recent.push_back(now);
        false
    }

    async fn take_time(&self, request: &Request, fault: Option<Fault>) {
        let knobs = &self.knobs.transport;
        let slow = knobs.slow.get(&request.path).copied().unwrap_or_default();
        let late = match fault {
            Some(Fault::Slow(by)) => by,
            _ => Duration::ZERO,
        };
        let all = knobs.latency.saturating_add(slow).saturating_add(late);
        if !all.is_zero() {
            self.knobs.clock.wait_until(self.now().saturating_add(all)).await;
        }
    }

    async fn obey(&self, memory: &mut Memory, request: &Request, fault: Option<Fault>) -> Outcome {
        match fault {
            Some(Fault::ResetBefore) => return Outcome::Reset,
            Some(Fault::Empty) => return Outcome::Silence,
            Some(Fault::Stub) => return Outcome::Reply(Reply::page(page::stub())),
            Some(Fault::Reboot) => {
                self.restart(memory).await;
                return Outcome::Silence;
            }
            Some(Fault::StaleHash) => memory.gate.stale(request.sid.as_deref()),
            Some(Fault::Stolen) => memory.gate.steal(self.now()),
            Some(Fault::ResetAfter | Fault::Truncated | Fault::Slow(_)) | None => {}
        }
        match (self.route(memory, request).await, fault) {
            (Err(Silent), _) => Outcome::Silence,
            (Ok(_), Some(Fault::ResetAfter)) => Outcome::Reset,
            (Ok(reply), Some(Fault::Truncated)) => Outcome::Cut(reply),
            (Ok(reply), _) => Outcome::Reply(reply),
        }
    }

    async fn route(&self, memory: &mut Memory, request: &Request) -> Answer {
        // Without power, or behind a VLAN that is not the controller's, there is not even a login.
        self.observe().await?;
        if let Some(file) = page::file(&request.path) {
            return Ok(file);
        }
        match (request.path.as_str(), request.is_post()) {
            ("/", false) if self.knobs.access.root == Root::Redirect => Ok(redirect()),
            ("/" | "/login.cgi", false) => Ok(self.login_page(memory)),
            ("/login.cgi", true) => Ok(self.log_in(memory, request)),
            _ => self.inside(memory, request).await,
        }
    }

    fn login_page(&self, memory: &mut Memory) -> Reply {
        let rand = memory.gate.rand().to_string();
        let reply = Reply::page(page::login(self.knobs.model, &rand, ""));
        match memory.gate.early() {
            Some(sid) => reply.with_cookie(&sid),
            None => reply,
        }
    }

    fn log_in(&self, memory: &mut Memory, request: &Request) -> Reply {
        let sent = request.field("password").unwrap_or_default();
        match memory.gate.log_in(self.now(), &memory.password, sent) {
            Ok(sid) => Reply::page(page::lead_to("/index.cgi")).with_cookie(&sid),
            Err(why) => Reply::page(page::login(self.knobs.model, memory.gate.same_rand(), why)),
        }
    }

    async fn inside(&self, memory: &mut Memory, request: &Request) -> Answer {
        let sid = request.sid.as_deref();
        let strange = self.knobs.access.referer && !self.is_from_inside(request);
        if strange || !memory.gate.admits(self.now(), sid) {
            return Ok(redirect());
        }
        if request.path == "/logout.cgi" {
            memory.gate.log_out(sid);
            return Ok(redirect());
        }
        if memory.fresh {
            return self.fresh(memory, request);
        }
        if !request.is_post() {
            return self.show(memory, request).await;
        }
        if !memory.gate.trusts(sid, request.field("hash")) {
            return Ok(Reply::page("CHECK HASH FAILED"));
        }
        self.order(memory, request).await
    }

    /// Whether a request comes from a page of the switch, as browsers say.
    pub(super) fn is_from_inside(&self, request: &Request) -> bool {
        request.referer.as_deref().is_some_and(|it| it.starts_with("http://"))
    }

    async fn order(&self, memory: &mut Memory, request: &Request) -> Answer {
        match request.path.as_str() {
            "/PoEPortConfig.cgi" => self.order_poe(memory, request).await,
            "/port_status.cgi" => self.order_ports(memory, request).await,
            "/portStatistics.cgi" => self.clear_counters(memory, request).await,
            "/vlanMod.cgi" => self.order_mode(memory, request).await,
            "/8021qAdvanced.cgi" => self.order_vlan(memory, request).await,
            "/portPVID.cgi" => self.order_pvid(memory, request).await,
            "/port_led.cgi" => Self::order_leds(memory, request),
            "/switch_name.cgi" => Self::order_name(memory, request),
            "/ip_dhcp.cgi" => self.order_address(memory, request),
            "/change_password.cgi" => Ok(Self::change_password(memory, request)),
            "/device_reboot.cgi" => {
                self.restart(memory).await;
                Err(Silent)
            }
            _ => Ok(Reply::page(page::stub())),
        }
    }

    async fn show(&self, memory: &mut Memory, request: &Request) -> Answer {
        let page: fn(&page::View<'_>) -> String = match request.path.as_str() {
            "/index.cgi" => page::index,
            "/dashboard.cgi" => page::dashboard,
            "/portStatistics.cgi" => page::statistics,
            "/PoEPortConfig.cgi" => page::poe_config,
            "/poe.cgi" => page::poe_menu,
            "/getPoePortEdit.cgi" => page::poe_edit,
            "/getPoePortStatus.cgi" => page::poe_status,
            "/vlan.cgi" => page::vlan,
            "/ip_dhcp.cgi" => page::address,
            "/changeDefPwdCk.cgi" => page::password,
            _ => return Ok(Reply::page(page::stub())),
        };
        self.render(memory, request, page).await
    }

    /// A page, as things are now.
    pub(super) async fn render(
        &self,
        memory: &mut Memory,
        request: &Request,
        page: fn(&page::View<'_>) -> String,
    ) -> Answer {
        let state = self.observe().await?;
        let hash = memory.gate.hash(request.sid.as_deref());
        let view = page::View { knobs: &self.knobs, memory, state: &state, hash: &hash };
        Ok(Reply::page(page(&view)))
    }
}

fn redirect() -> Reply {
    Reply::page(page::redirect())
}
