//! A switch with machines behind its ports, its simulated pages, and a client that knows nothing but HTTP.

use md5::{Digest, Md5};
use rackberry_core::{BootId, NodeId, PoeState, PortNo, PortState, SwitchId, SwitchState};
use rackberry_gs305ep::Model;
use rackberry_gs305ep::fake::{Clock, Fake, Knobs, Served, room};
use rackberry_testkit::{Blueprint, World};
use std::fmt::Write;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) const PASSWORD: &str = "Password1";

/// Machines of class 4 at the first three ports, and the controller at the last one.
pub(crate) struct Rig {
    pub(crate) world: World,
    pub(crate) served: Served,
    pub(crate) clock: Clock,
}

impl Rig {
    pub(crate) async fn new() -> Self {
        Self::with(Knobs::default()).await
    }

    /// The same with other knobs, but for the clock: it stands until it is told.
    pub(crate) async fn with(knobs: Knobs) -> Self {
        let clock = Clock::by_hand();
        Self::on(blueprint(knobs.model), Knobs { clock: clock.clone(), ..knobs }, clock).await
    }

    pub(crate) async fn on(room: Blueprint, knobs: Knobs, clock: Clock) -> Self {
        let world = World::new(room);
        let served = Fake::serve(world.switch(&SwitchId::new("sw")), knobs).await.unwrap();
        Self { world, served, clock }
    }

    /// A client that is not in.
    pub(crate) fn client(&self) -> Client {
        Client { address: self.served.address, sid: None }
    }

    /// A client that is in.
    pub(crate) async fn guest(&self) -> Client {
        let mut client = self.client();
        let page = client.log_in(PASSWORD).await;
        assert!(client.sid.is_some(), "{page}");
        client
    }

    pub(crate) async fn pass(&self, by: Duration) {
        self.clock.advance(by);
        self.served.settle().await;
    }

    pub(crate) async fn seconds(&self, by: u64) {
        self.pass(Duration::from_secs(by)).await;
    }

    /// What is really there.
    pub(crate) async fn state(&self) -> SwitchState {
        self.world.switch(&SwitchId::new("sw")).observe().await.unwrap()
    }

    pub(crate) async fn port(&self, port: u16) -> PortState {
        self.state().await.ports[&PortNo(port)].clone()
    }

    pub(crate) async fn poe(&self, port: u16) -> PoeState {
        self.port(port).await.poe.unwrap()
    }

    /// What changes whenever a machine has lost its power.
    pub(crate) async fn boot(&self, port: u16) -> Option<BootId> {
        let os = self.world.os(&NodeId::new(format!("pi{port}")));
        os.observe().await.ok().map(|it| it.boot)
    }
}

/// The room to try it in, whose ports have no names.
pub(crate) fn blueprint(model: Model) -> Blueprint {
    let mut room = room(model);
    room.switches[0].ports.values_mut().for_each(|it| it.name.clear());
    room
}

/// Knows nothing but HTTP.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) address: SocketAddr,
    pub(crate) sid: Option<String>,
}

impl Client {
    /// Sends bytes, and reads until the connection ends.
    pub(crate) async fn raw(&self, bytes: &[u8]) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(self.address).await?;
        stream.write_all(bytes).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok(String::from_utf8(answer).unwrap())
    }

    fn cookie(&self) -> String {
        self.sid.iter().map(|it| format!("Cookie: SID={it}\r\n")).collect()
    }

    /// Headers and body of a page.
    pub(crate) async fn whole(&self, path: &str) -> std::io::Result<String> {
        let cookie = self.cookie();
        self.raw(format!("GET {path} HTTP/1.1\r\nHost: x\r\n{cookie}\r\n").as_bytes()).await
    }

    /// A page; nothing where there is no answer.
    pub(crate) async fn get(&self, path: &str) -> String {
        body(&self.whole(path).await.unwrap()).to_string()
    }

    /// Sends a form as it is: without a `Content-Type`, as one client of other people does.
    pub(crate) async fn send(&self, path: &str, form: &str) -> std::io::Result<String> {
        let (cookie, length) = (self.cookie(), form.len());
        let head =
            format!("POST {path} HTTP/1.1\r\nHost: x\r\n{cookie}Content-Length: {length}\r\n");
        self.raw(format!("{head}\r\n{form}").as_bytes()).await
    }

    /// The hash of the forms.
    pub(crate) async fn hash(&self) -> String {
        let page = self.get("/dashboard.cgi").await;
        between(&page, "id='hash' value=\"", "\"").unwrap().to_string()
    }

    /// Sends a form with the hash that belongs to it.
    pub(crate) async fn post(&self, path: &str, form: &str) -> String {
        let hash = self.hash().await;
        body(&self.send(path, &format!("{form}&hash={hash}")).await.unwrap()).to_string()
    }

    /// Logs in, or does not; gives the page that is answered.
    pub(crate) async fn log_in(&mut self, password: &str) -> String {
        let page = self.get("/login.cgi").await;
        let rand = between(&page, "id='rand' value='", "'").unwrap();
        self.answer(password, rand).await
    }

    /// Logs in with a nonce that is known already.
    pub(crate) async fn answer(&mut self, password: &str, rand: &str) -> String {
        let form = format!("password={}", digest(password, rand));
        let whole = self.send("/login.cgi", &form).await.unwrap();
        self.sid = between(&whole, "Set-Cookie: SID=", ";").map(str::to_string);
        body(&whole).to_string()
    }
}

pub(crate) fn body(whole: &str) -> &str {
    whole.split_once("\r\n\r\n").map_or("", |it| it.1)
}

pub(crate) fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    text.split_once(start)?.1.split_once(end).map(|it| it.0)
}

/// Written anew here, so that a mistake in the switch is not repeated.
fn digest(password: &str, rand: &str) -> String {
    let (one, other): (Vec<_>, Vec<_>) = (password.bytes().collect(), rand.bytes().collect());
    let mut merged = Vec::new();
    for at in 0..one.len().max(other.len()) {
        merged.extend(one.get(at));
        merged.extend(other.get(at));
    }
    let mut text = String::new();
    for byte in Md5::digest(merged) {
        write!(text, "{byte:02x}").unwrap();
    }
    text
}
