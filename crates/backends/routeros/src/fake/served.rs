use super::desk::{Desk, Outcome};
use super::http::Request;
use super::identity::Identity;
use super::{Entry, Fault, Knobs};
use rackberry_core::Switch;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// A fake switch that is being served; it stops when this is dropped.
#[derive(Debug)]
pub struct Served {
    /// Where it listens.
    pub address: SocketAddr,
    fingerprint: String,
    authority: String,
    desk: Arc<Desk>,
    /// Dropping it ends what it holds.
    _tasks: JoinSet<()>,
}

/// More clients than any test has; the next ones wait.
const CLIENTS: usize = 32;
/// How long a client may take to begin TLS.
const PATIENCE: Duration = Duration::from_secs(10);

impl Served {
    pub(super) async fn listen(switch: Arc<dyn Switch>, knobs: Knobs) -> io::Result<Self> {
        let listener = TcpListener::bind(knobs.listen).await?;
        let address = listener.local_addr()?;
        let Identity { acceptor, fingerprint, authority } = Identity::new()?;
        let acceptor = knobs.tls.then_some(acceptor);
        let desk = Arc::new(Desk::new(switch, knobs));
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, acceptor, desk.clone()));
        Ok(Self { address, fingerprint, authority, desk, _tasks: tasks })
    }

    /// The SHA-256 of its certificate, as `/certificate` shows it.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The certificate of the authority that has signed its own, in PEM.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The last requests, oldest first.
    pub fn journal(&self) -> Vec<Entry> {
        self.desk.journal().entries()
    }

    /// How many requests have come in.
    pub fn requests(&self) -> u64 {
        self.desk.journal().number
    }

    /// How many connections have been begun.
    pub fn connections(&self) -> u64 {
        self.desk.connections.load(Ordering::Relaxed)
    }

    /// Makes a request go wrong, by its number from the start; the first is 1.
    pub fn fault(&self, request: u64, fault: Fault) {
        self.desk.faults().insert(request, fault);
    }
}

async fn accept(listener: TcpListener, acceptor: Option<TlsAcceptor>, desk: Arc<Desk>) {
    let slots = Arc::new(Semaphore::new(CLIENTS));
    let mut clients = JoinSet::new();
    loop {
        while clients.try_join_next().is_some() {}
        let Ok(slot) = slots.clone().acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                desk.connections.fetch_add(1, Ordering::Relaxed);
                let (desk, acceptor) = (desk.clone(), acceptor.clone());
                clients.spawn(async move {
                    let _slot = slot;
                    // A client that went away is no matter of the switch.
                    let _ = greet(stream, acceptor, &desk).await;
                });
            }
            // Out of files: others will close theirs.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn greet(stream: TcpStream, acceptor: Option<TlsAcceptor>, desk: &Desk) -> io::Result<()> {
    stream.set_nodelay(true)?;
    match acceptor {
        None => talk(stream, desk).await,
        Some(it) => talk(timeout(PATIENCE, it.accept(stream)).await??, desk).await,
    }
}

/// A connection with a client.
trait Wire: AsyncRead + AsyncWrite + Unpin {
    /// Closes it as a device does that has lost it.
    fn reset(&self) -> io::Result<()>;
}

impl Wire for TcpStream {
    fn reset(&self) -> io::Result<()> {
        self.set_zero_linger()
    }
}

impl Wire for TlsStream<TcpStream> {
    fn reset(&self) -> io::Result<()> {
        self.get_ref().0.set_zero_linger()
    }
}

async fn talk(mut stream: impl Wire, desk: &Desk) -> io::Result<()> {
    let mut come = Vec::new();
    while let Some(request) = Request::read(&mut stream, &mut come).await {
        match desk.answer(&request).await {
            Outcome::Reply(reply) => stream.write_all(&reply.bytes()).await?,
            Outcome::Cut(reply) => {
                let bytes = reply.bytes();
                let kept = bytes.len().saturating_sub(1 + reply.body.len() / 2);
                stream.write_all(bytes.get(..kept).unwrap_or_default()).await?;
                break;
            }
            Outcome::Silence => break,
            Outcome::Reset => return stream.reset(),
        }
        if request.last {
            break;
        }
    }
    stream.shutdown().await
}
