use crate::device::rack::{Rack, knobs};
use rackberry_core::{PortNo, PortState};
use rackberry_routeros::fake::{Knobs, room};
use rackberry_testkit::World;
use serde_json::Value;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// `admin:Password1`.
pub(crate) const KNOWN: &str = "Authorization: Basic YWRtaW46UGFzc3dvcmQx\r\n";

/// A simulated CRS328, and a client that knows nothing but HTTP.
pub(crate) struct Rig(pub(crate) Rack);

/// The status of an answer, and its JSON.
pub(crate) type Said = (u16, Value);

impl Rig {
    pub(crate) async fn new() -> Self {
        Self::with(knobs()).await
    }

    pub(crate) async fn with(knobs: Knobs) -> Self {
        Self(Rack::with(World::new(room()), knobs).await)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.0.served.address
    }

    /// Sends bytes, and reads until the connection ends.
    pub(crate) async fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address()).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8(answer).unwrap()
    }

    pub(crate) async fn ask(&self, method: &str, path: &str, body: &str) -> Said {
        self.ask_as(KNOWN, method, path, body).await
    }

    pub(crate) async fn ask_as(&self, known: &str, method: &str, path: &str, body: &str) -> Said {
        let length = body.len();
        let head = format!(
            "{method} /rest{path} HTTP/1.1\r\nHost: x\r\n{known}Connection: close\r\nContent-Length: {length}\r\n\r\n"
        );
        let whole = self.raw(format!("{head}{body}").as_bytes()).await;
        let status = whole.split(' ').nth(1).unwrap().parse().unwrap();
        let body = whole.split_once("\r\n\r\n").unwrap().1;
        (status, serde_json::from_str(body).unwrap_or(Value::Null))
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, body) = self.ask("GET", path, "").await;
        assert_eq!(status, 200, "{body}");
        body
    }

    /// A port of the switch behind.
    pub(crate) async fn port(&self, port: u16) -> PortState {
        let state = self.0.world.switch(&crate::device::rack::sw()).observe().await.unwrap();
        state.ports[&PortNo(port)].clone()
    }
}
