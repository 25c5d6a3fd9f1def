//! One request at a time: who asks, what goes wrong, and which menu it is about.

use super::http::Request;
use super::journal::{Entry, Journal};
use super::memory::Memory;
use super::menu::{Menu, Path};
use super::query;
use super::reply::{Answer, Failed, Reply, bad, fail};
use super::{Fault, Knobs};
use rackberry_core::{ErrorKind, Switch, SwitchState};
use secrecy::ExposeSecret;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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

/// The fields of an order.
pub(super) type Fields = Map<String, Value>;

#[derive(Debug)]
pub(super) struct Desk {
    pub(super) switch: Arc<dyn Switch>,
    pub(super) knobs: Knobs,
    pub(super) connections: AtomicU64,
    journal: Mutex<Journal>,
    faults: Mutex<BTreeMap<u64, Fault>>,
    memory: tokio::sync::Mutex<Memory>,
}

fn lock<T>(it: &Mutex<T>) -> MutexGuard<'_, T> {
    it.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desk {
    pub(super) fn new(switch: Arc<dyn Switch>, knobs: Knobs) -> Self {
        let memory = tokio::sync::Mutex::new(Memory::default());
        let (journal, faults) = (Mutex::default(), Mutex::default());
        Self { switch, knobs, connections: AtomicU64::new(0), journal, faults, memory }
    }

    pub(super) fn journal(&self) -> MutexGuard<'_, Journal> {
        lock(&self.journal)
    }

    pub(super) fn faults(&self) -> MutexGuard<'_, BTreeMap<u64, Fault>> {
        lock(&self.faults)
    }

    pub(super) async fn answer(&self, request: &Request) -> Outcome {
        let fault = self.note(request);
        let mut memory = self.memory.lock().await;
        match fault {
            Some(Fault::ResetBefore) => return Outcome::Reset,
            Some(Fault::Empty) => return Outcome::Silence,
            Some(Fault::Stranger) => return Outcome::Reply(Reply::stranger()),
            Some(Fault::Denied) => return Outcome::Reply(Reply::error(401, "")),
            Some(Fault::Lost) if request.method != "GET" => return self.lose(request),
            Some(Fault::ResetAfter | Fault::Truncated | Fault::Lost | Fault::Late) | None => {}
        }
        let reply = match self.route(&mut memory, request).await {
            Err(Failed::Silent) => return Outcome::Silence,
            Ok(reply) | Err(Failed::Said(reply)) => reply,
        };
        match fault {
            Some(Fault::ResetAfter) => Outcome::Reset,
            Some(Fault::Truncated) => Outcome::Cut(reply),
            Some(Fault::Late) => Outcome::Reply(Reply::error(500, "Session closed")),
            _ => Outcome::Reply(reply),
        }
    }

    /// Writes a request down, and looks what will go wrong with it.
    fn note(&self, request: &Request) -> Option<Fault> {
        let entry = Entry {
            method: request.method.clone(),
            path: request.target.clone(),
            body: String::from_utf8_lossy(&request.body).into_owned(),
        };
        let number = self.journal().write(entry);
        self.faults().remove(&number).or(self.knobs.fault)
    }

    /// The answer to an order that was carried out, and nothing else.
    fn lose(&self, request: &Request) -> Outcome {
        Outcome::Reply(match request.method.as_str() {
            "DELETE" => Reply::done(),
            "PUT" => Reply { status: 201, ..Reply::json(201, &Value::Object(Map::new())) },
            _ => Reply::json(200, &Value::Array(Vec::new())),
        })
    }

    async fn route(&self, memory: &mut Memory, request: &Request) -> Answer {
        // Without power, or behind a VLAN that is not the controller's, there is not even an error.
        let state = self.observe().await?;
        let known = format!("{}:{}", self.knobs.user, self.knobs.password.expose_secret());
        let Some(path) = request.path.strip_prefix("/rest") else { return fail(404, "") };
        if request.basic.as_ref() != Some(&known) {
            return fail(401, "");
        }
        memory.follow(&state, &self.knobs);
        let Some(path) = Path::of(path) else { return fail(404, "no such command or directory") };
        let fields = fields(&request.body)?;
        match (request.method.as_str(), path.command) {
            ("GET", None) => self.show(memory, &state, &path, &request.asked()),
            ("POST", Some(command)) => self.run(memory, &state, &path, command, fields).await,
            ("PUT", None) if path.row.is_none() => self.add(memory, path.menu, &fields).await,
            ("PATCH", None) => {
                let row = self.named(memory, &state, &path)?;
                self.set(memory, &state, path.menu, &row, &fields).await?;
                self.one(memory, path.menu, &row).await
            }
            ("DELETE", None) => {
                let row = self.named(memory, &state, &path)?;
                self.remove(memory, path.menu, &row).await.map(|()| Reply::done())
            }
            ("POST", None) => bad("no such command"),
            _ => fail(406, "no such command or directory"),
        }
    }

    pub(super) async fn observe(&self) -> Result<SwitchState, Failed> {
        self.switch.observe().await.map_err(|why| match why.kind() == ErrorKind::Unreachable {
            true => Failed::Silent,
            false => Failed::Said(Reply::error(500, &why.to_string())),
        })
    }

    /// The identifier of the row that a path names: by itself, or by a name.
    fn named(
        &self,
        memory: &Memory,
        state: &SwitchState,
        path: &Path<'_>,
    ) -> Result<String, Failed> {
        let Some(row) = path.row else { return bad("missing or invalid resource identifier") };
        self.find(memory, state, path.menu, row)
    }

    pub(super) fn find(
        &self,
        memory: &Memory,
        state: &SwitchState,
        menu: Menu,
        row: &str,
    ) -> Result<String, Failed> {
        let rows = self.rows(memory, state, menu);
        let is = |it: &&Fields| {
            it.get(".id").is_some_and(|id| id == row)
                || it.get("name").is_some_and(|name| name == row)
        };
        match rows.iter().find(is).and_then(|it| it.get(".id")?.as_str()) {
            Some(id) => Ok(id.into()),
            None if row.starts_with('*') => fail(404, "no such item"),
            None => bad("missing or invalid resource identifier"),
        }
    }

    fn show(
        &self,
        memory: &Memory,
        state: &SwitchState,
        path: &Path<'_>,
        asked: &[(String, String)],
    ) -> Answer {
        if path.menu == Menu::Poe && self.rows(memory, state, Menu::Poe).is_empty() {
            return bad("no such command or directory (poe)");
        }
        let rows = self.rows(memory, state, path.menu);
        if let Some(row) = path.row {
            let id = self.find(memory, state, path.menu, row)?;
            let found = rows.into_iter().find(|it| it.get(".id").is_some_and(|it| *it == id));
            let all = query::filtered(found.into_iter().collect(), asked);
            return Ok(Reply::json(
                200,
                &all.into_iter().next().map_or(Value::Null, Value::Object),
            ));
        }
        let rows = query::filtered(rows, asked);
        Ok(match (path.menu.is_single(), rows) {
            (true, mut rows) if !rows.is_empty() => {
                Reply::json(200, &Value::Object(rows.remove(0)))
            }
            (_, rows) => Reply::json(200, &rows.into_iter().map(Value::Object).collect()),
        })
    }

    /// A row, as it is after an order.
    pub(super) async fn one(&self, memory: &mut Memory, menu: Menu, row: &str) -> Answer {
        let state = self.observe().await?;
        memory.follow(&state, &self.knobs);
        let rows = self.rows(memory, &state, menu);
        let found = rows.into_iter().find(|it| it.get(".id").is_some_and(|it| it == row));
        Ok(Reply::json(200, &found.map_or(Value::Null, Value::Object)))
    }
}

fn fields(body: &[u8]) -> Result<Fields, Failed> {
    if body.trim_ascii().is_empty() {
        return Ok(Fields::new());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        _ => bad("invalid JSON"),
    }
}
