//! Who is let in: the login, sessions, and the hash of the forms.

use super::dice::Dice;
use super::{Access, HashScope, RandScope};
use md5::{Digest, Md5};
use secrecy::{ExposeSecret, SecretString};
use std::fmt::Write;
use std::time::Duration;

/// Seen with several models of the maker.
const FULL: &str =
    "The maximum number of sessions has been reached. Wait a few minutes and then try again.";
/// Seen with several models of the maker.
const LOCKED: &str =
    "The maximum number of attempts has been reached. Wait a few minutes and then try again.";
/// Unknown on hardware.
const WRONG: &str = "The password is not correct.";

/// A client that has logged in.
#[derive(Debug)]
struct Session {
    sid: String,
    hash: String,
    seen: Duration,
}

/// Who is in, and who may not even try.
#[derive(Debug)]
pub(super) struct Gate {
    knobs: Access,
    dice: Dice,
    rand: String,
    sessions: Vec<Session>,
    failures: u32,
    locked: Duration,
}

impl Gate {
    pub(super) fn new(knobs: Access, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let rand = dice.rand();
        Self { knobs, dice, rand, sessions: Vec::new(), failures: 0, locked: Duration::ZERO }
    }

    /// The nonce for a login page that is asked for.
    pub(super) fn rand(&mut self) -> &str {
        if self.knobs.rand == RandScope::Page {
            self.rand = self.dice.rand();
        }
        &self.rand
    }

    /// The nonce of a login page that says why a login failed.
    pub(super) fn same_rand(&self) -> &str {
        &self.rand
    }

    /// A cookie that is nobody's yet.
    pub(super) fn early(&mut self) -> Option<String> {
        self.knobs.early.then(|| self.dice.sid(self.knobs.odd))
    }

    /// Lets somebody in, or says why not.
    pub(super) fn log_in(
        &mut self,
        now: Duration,
        password: &SecretString,
        sent: &str,
    ) -> Result<String, &'static str> {
        if now < self.locked {
            return Err(LOCKED);
        }
        if sent != digest(password.expose_secret(), &self.rand) {
            return Err(self.fail(now));
        }
        self.failures = 0;
        let clear = self.knobs.clear.max(self.knobs.idle);
        self.sessions.retain(|it| now.saturating_sub(it.seen) < clear);
        if self.sessions.len() >= self.knobs.sessions {
            return Err(FULL);
        }
        if self.knobs.rand == RandScope::Once {
            self.rand = self.dice.rand();
        }
        Ok(self.open(now))
    }

    fn fail(&mut self, now: Duration) -> &'static str {
        self.failures = self.failures.saturating_add(1);
        if self.failures < self.knobs.failures {
            return WRONG;
        }
        self.failures = 0;
        self.locked = now.saturating_add(self.knobs.lockout);
        LOCKED
    }

    fn open(&mut self, now: Duration) -> String {
        let (sid, hash) = (self.dice.sid(self.knobs.odd), self.dice.hash());
        self.sessions.push(Session { sid: sid.clone(), hash, seen: now });
        sid
    }

    fn session(&mut self, sid: Option<&str>) -> Option<&mut Session> {
        self.sessions.iter_mut().find(|it| Some(it.sid.as_str()) == sid)
    }

    /// Whether a request comes from somebody who is in; it keeps the session alive.
    pub(super) fn admits(&mut self, now: Duration, sid: Option<&str>) -> bool {
        let idle = self.knobs.idle;
        let Some(session) = self.session(sid) else { return false };
        let alive = now.saturating_sub(session.seen) < idle;
        if alive {
            session.seen = now;
        }
        alive
    }

    /// Whether an order carries the hash of its session.
    pub(super) fn trusts(&mut self, sid: Option<&str>, hash: Option<&str>) -> bool {
        self.session(sid).is_some_and(|it| Some(it.hash.as_str()) == hash)
    }

    /// The hash for a page that shows one.
    pub(super) fn hash(&mut self, sid: Option<&str>) -> String {
        if self.knobs.hash == HashScope::Page {
            self.stale(sid);
        }
        self.session(sid).map(|it| it.hash.clone()).unwrap_or_default()
    }

    /// Gives a session another hash.
    pub(super) fn stale(&mut self, sid: Option<&str>) {
        let hash = self.dice.hash();
        if let Some(it) = self.session(sid) {
            it.hash = hash;
        }
    }

    pub(super) fn log_out(&mut self, sid: Option<&str>) {
        self.sessions.retain(|it| Some(it.sid.as_str()) != sid);
    }

    /// Ends all sessions.
    pub(super) fn clear(&mut self) {
        self.sessions.clear();
    }

    /// Gives the slot to somebody else.
    pub(super) fn steal(&mut self, now: Duration) {
        self.clear();
        self.open(now);
    }

    /// Begins anew, as after a restart.
    pub(super) fn restart(&mut self) {
        self.clear();
        self.rand = self.dice.rand();
        (self.failures, self.locked) = (0, Duration::ZERO);
    }
}

/// What a browser sends for a password: the MD5 of its characters and those of the nonce, taken in turn.
fn digest(password: &str, rand: &str) -> String {
    let (mut password, mut rand) = (password.chars(), rand.chars());
    let mut merged = String::new();
    loop {
        let (one, other) = (password.next(), rand.next());
        if one.is_none() && other.is_none() {
            break;
        }
        merged.extend(one.into_iter().chain(other));
    }
    let mut text = String::new();
    for byte in Md5::digest(merged) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::digest;

    /// What browsers have sent to switches, as py-netgear-plus keeps it in its tests.
    #[test]
    fn a_password_is_digested_as_browsers_do_it() {
        let seen = [
            ("990464497", "43001294a37a3f2e1f919b64072a1a32"),
            ("1425622205", "e65ad5ee60718843afafeaa03bd1ec49"),
            ("1018767543", "c01909066125ac45d275af0a6cd09b5e"),
        ];
        for (rand, sent) in seen {
            assert_eq!(digest("Password1", rand), sent);
        }
    }
}
