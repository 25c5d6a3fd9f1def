//! Orders to the switch as a whole: its name, LEDs, addresses, password, and restarts.

use super::desk::{Answer, Desk, success};
use super::http::{Reply, Request};
use super::memory::{Hold, Memory};
use super::page;
use super::physics::Silent;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rackberry_core::Power;
use secrecy::ExposeSecret;

/// The longest password, and the longest name of a switch.
const LONGEST: usize = 20;

impl Desk {
    pub(super) fn order_leds(memory: &mut Memory, request: &Request) -> Answer {
        match request.number("portled") {
            Some(0) => memory.leds = true,
            Some(2) => memory.leds = false,
            _ => {}
        }
        success()
    }

    /// The answer is unknown on hardware.
    pub(super) fn order_name(memory: &mut Memory, request: &Request) -> Answer {
        if let Some(name) = request.field("switch_name") {
            memory.name = name.chars().take(LONGEST).collect();
        }
        let known = |it: &&str| ["at", "en", "de", "ja"].contains(it);
        if let Some(language) = request.field("SET_LANG").filter(known) {
            memory.language = language.into();
        }
        success()
    }

    /// Keeps new addresses, without moving to them.
    pub(super) fn order_address(&self, memory: &mut Memory, request: &Request) -> Answer {
        let it = &mut memory.address;
        it.dhcp = request.number("dhcpMode").map_or(it.dhcp, |mode| mode == 1);
        for (field, kept) in [
            ("ip_address", &mut it.ip),
            ("subnet_mask", &mut it.mask),
            ("gateway_address", &mut it.gateway),
        ] {
            if let Some(address) = request.field(field).filter(|it| is_address(it)) {
                *kept = address.into();
            }
        }
        if self.knobs.transport.readdressing_is_silent { Err(Silent) } else { success() }
    }

    /// Takes a new password, and ends all sessions.
    pub(super) fn change_password(memory: &mut Memory, request: &Request) -> Reply {
        let old = request.field("oldPasswd").and_then(plain);
        let new = request.field("newPasswd").and_then(plain);
        let right = old.as_deref() == Some(memory.password.expose_secret());
        match new.filter(|it| right && !it.is_empty() && it.chars().count() <= LONGEST) {
            Some(new) => {
                memory.password = new.into();
                memory.fresh = false;
                memory.gate.clear();
                Reply::page("SUCCESS")
            }
            None => Reply::page("INCORRECT"),
        }
    }

    /// Nothing is given before the password of the label is changed.
    pub(super) fn fresh(&self, memory: &mut Memory, request: &Request) -> Answer {
        let sid = request.sid.as_deref();
        let inside = self.is_from_inside(request);
        Ok(match (request.path.as_str(), request.is_post()) {
            ("/changeDefPwdCk.cgi" | "/index.cgi", false) if inside => {
                Reply::page(page::new_password(&memory.gate.hash(sid)))
            }
            ("/index.cgi", false) => Reply::page(page::new_password(&memory.gate.hash(sid))),
            ("/change_password.cgi", true) if inside => {
                match memory.gate.trusts(sid, request.field("hash")) {
                    true => Self::change_password(memory, request),
                    false => Reply::page("CHECK HASH FAILED"),
                }
            }
            ("/change_password.cgi" | "/changeDefPwdCk.cgi", _) => Reply::page(page::stub()),
            _ => Reply::page(page::lead_to("/index.cgi")),
        })
    }

    /// Goes down for a while: sessions and counters are gone afterwards, and so is the power meanwhile, unless
    /// it is uninterrupted.
    pub(super) async fn restart(&self, memory: &mut Memory) {
        let up = self.now().saturating_add(self.knobs.transport.reboot);
        memory.down = up;
        memory.gate.restart();
        let Ok(state) = self.observe().await else { return };
        memory.forget_counters(&state);
        if self.knobs.feeding.uninterrupted {
            return;
        }
        let fed: Vec<_> =
            memory.poe.keys().copied().filter(|it| memory.may_feed(&state, *it)).collect();
        for port in fed {
            let told = self.feed(port, Power::Off).await;
            let Some(it) = memory.poe.get_mut(&port).filter(|_| told.is_ok()) else { continue };
            it.hold = Some(Hold::Until(up.saturating_add(self.knobs.feeding.detection)));
        }
    }
}

fn plain(text: &str) -> Option<String> {
    String::from_utf8(BASE64_STANDARD.decode(text).ok()?).ok()
}

fn is_address(text: &str) -> bool {
    text.parse::<std::net::Ipv4Addr>().is_ok()
}
