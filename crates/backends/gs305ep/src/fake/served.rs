use super::desk::{Desk, Outcome};
use super::http::Request;
use super::{Clock, Entry, Fault, Knobs};
use rackberry_core::Switch;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// A fake switch that is being served; it stops when this is dropped.
#[derive(Debug)]
pub struct Served {
    /// Where it listens.
    pub address: SocketAddr,
    desk: Arc<Desk>,
    /// Dropping it ends what it holds.
    _tasks: JoinSet<()>,
}

/// More clients than any test has; the next ones wait.
const CLIENTS: usize = 32;

impl Served {
    pub(super) async fn listen(switch: Arc<dyn Switch>, knobs: Knobs) -> io::Result<Self> {
        let listener = TcpListener::bind(knobs.listen).await?;
        let address = listener.local_addr()?;
        let desk = Arc::new(Desk::new(switch, knobs));
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, desk.clone()));
        tasks.spawn(keep_time(desk.clone()));
        Ok(Self { address, desk, _tasks: tasks })
    }

    /// The clock of the fake.
    pub fn clock(&self) -> Clock {
        self.desk.knobs.clock.clone()
    }

    /// The last requests, oldest first.
    pub fn journal(&self) -> Vec<Entry> {
        self.desk.journal().entries()
    }

    /// How many requests have come in.
    pub fn requests(&self) -> u64 {
        self.desk.journal().number
    }

    /// Makes a request go wrong, by its number from the start; the first is 1.
    pub fn fault(&self, request: u64, fault: Fault) {
        self.desk.faults().insert(request, fault);
    }

    /// Makes the next request go wrong.
    pub fn next_fault(&self, fault: Fault) {
        self.fault(self.requests().saturating_add(1), fault);
    }

    /// Lets happen what is due by the clock: the end of a power cycle, of a restart. Requests do so too; a test
    /// that looks at the switch behind the fake calls it after it has told the clock.
    pub async fn settle(&self) {
        self.desk.settle_now().await;
    }
}

async fn accept(listener: TcpListener, desk: Arc<Desk>) {
    let slots = Arc::new(Semaphore::new(CLIENTS));
    let mut clients = JoinSet::new();
    loop {
        while clients.try_join_next().is_some() {}
        let Ok(slot) = slots.clone().acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let desk = desk.clone();
                clients.spawn(async move {
                    let _slot = slot;
                    // A client that went away is no matter of the switch.
                    let _ = answer(stream, &desk).await;
                });
            }
            // Out of files: others will close theirs.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn answer(mut stream: TcpStream, desk: &Desk) -> io::Result<()> {
    let Some(request) = Request::read(&mut stream).await else { return Ok(()) };
    match desk.answer(&request).await {
        Outcome::Reply(reply) => stream.write_all(&reply.bytes()).await?,
        Outcome::Cut(reply) => {
            let bytes = reply.bytes();
            let kept = bytes.len() - reply.body.len() / 2;
            stream.write_all(bytes.get(..kept).unwrap_or_default()).await?;
        }
        Outcome::Silence => {}
        Outcome::Reset => return reset(&stream),
    }
    stream.shutdown().await
}

/// Closes the connection as a device does that has lost it.
fn reset(stream: &TcpStream) -> io::Result<()> {
    stream.set_zero_linger()
}

async fn keep_time(desk: Arc<Desk>) {
    loop {
        let next = desk.settle_now().await;
        match next {
            Some(at) => tokio::select! {
                () = desk.knobs.clock.wait_until(at) => {}
                () = desk.changed.notified() => {}
            },
            None => desk.changed.notified().await,
        }
    }
}
