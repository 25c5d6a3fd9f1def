//! One connection with the switch, kept as long as it lasts: to begin one costs these devices much.

use super::tls;
use crate::Config;
use crate::wire::{Order, Verb};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures_util::future::{Either, select};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use rackberry_core::{Error, ErrorKind, Result};
use rustls::pki_types::ServerName;
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};
use std::error::Error as StdError;
use std::fmt;
use std::pin::{Pin, pin};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// The longest answer that is read. That of a switch with 54 ports is some 100 KB long.
const LONGEST: usize = 4 << 20;

type Broken = Box<dyn StdError + Send + Sync>;

/// The way to one switch.
pub(super) struct Http {
    config: Config,
    /// How to begin TLS, or that there is none, once the configuration was read. It remembers sessions, which makes the
    /// next connection cheaper.
    connector: Option<Option<TlsConnector>>,
    line: Option<Line>,
}

/// A connection, and what moves its bytes whenever somebody waits for them.
struct Line {
    sender: SendRequest<Full<Bytes>>,
    moves: Pin<Box<dyn Future<Output = hyper::Result<()>> + Send>>,
}

/// What it answers.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
}

impl Http {
    pub(super) fn new(config: Config) -> Self {
        Self { config, connector: None, line: None }
    }

    /// Asks, and waits for the whole answer. Redirects are not followed.
    ///
    /// # Errors
    ///
    /// `Invalid` where it shows another certificate: nothing was asked then. `Unreachable` where there is no whole
    /// answer in time, `Protocol` where it is longer than any of this device.
    pub(super) async fn ask(&mut self, order: &Order) -> Result<Answer> {
        let doing = format!("ask {order} of the switch at {}", self.config.address);
        let error = |kind| Error::new(kind, doing.clone());
        let connector = match &self.connector {
            Some(connector) => connector.clone(),
            None => self.connector.insert(tls::connector(&self.config.trust)?).clone(),
        };
        match timeout(self.config.patience, self.exchange(order, connector)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(why)) if why.is::<LengthLimitError>() => {
                let why = format!("it sends more than {LONGEST} bytes: is it this device?");
                Err(error(ErrorKind::Protocol).because(why))
            }
            Ok(Err(why)) if tls::is_stranger(&*why) => Err(error(ErrorKind::Invalid).because(why)),
            Ok(Err(why)) => Err(error(ErrorKind::Unreachable).because(why)),
            Err(_) => {
                let why = format!("no answer within {} s", self.config.patience.as_secs_f64());
                Err(error(ErrorKind::Unreachable).because(why))
            }
        }
    }

    /// Ends the connection.
    pub(super) fn close(&mut self) {
        self.line = None;
    }

    async fn exchange(
        &mut self,
        order: &Order,
        connector: Option<TlsConnector>,
    ) -> Result<Answer, Broken> {
        let request = request(&self.config, order)?;
        // Whoever stops waiting leaves no connection behind whose next answer belongs to another question.
        let kept = match self.line.take() {
            Some(line) => line.if_open().await,
            None => None,
        };
        let mut line = match kept {
            Some(line) => line,
            None => connect(&self.config, connector).await?,
        };
        let answer = line.talk(request).await?;
        self.line = Some(line);
        Ok(answer)
    }
}

async fn connect(config: &Config, connector: Option<TlsConnector>) -> Result<Line, Broken> {
    let default = if connector.is_some() { 443 } else { 80 };
    let (host, port) = split(&config.address, default);
    let stream = TcpStream::connect((host, port)).await?;
    stream.set_nodelay(true)?;
    match connector {
        None => Line::begin(stream).await,
        Some(connector) => {
            let name = ServerName::try_from(host.to_owned())?;
            Line::begin(connector.connect(name, stream).await?).await
        }
    }
}

fn request(config: &Config, order: &Order) -> Result<Request<Full<Bytes>>, Broken> {
    let method = match order.verb() {
        Verb::Get => Method::GET,
        Verb::Post => Method::POST,
        Verb::Put => Method::PUT,
        Verb::Patch => Method::PATCH,
        Verb::Delete => Method::DELETE,
    };
    let request = Request::builder().method(method).uri(order.path());
    let request = request.header(HOST, &config.address);
    let request = request.header(AUTHORIZATION, basic(&config.user, &config.password)?);
    let body = Full::from(order.body().unwrap_or_default().to_owned());
    let json = order.body().map(|_| HeaderValue::from_static("application/json"));
    let request = json.into_iter().fold(request, |it, json| it.header(CONTENT_TYPE, json));
    Ok(request.body(body)?)
}

/// Who asks, as HTTP says it.
fn basic(user: &str, password: &SecretString) -> Result<HeaderValue, Broken> {
    let both = Zeroizing::new(format!("{user}:{}", password.expose_secret()));
    let text = Zeroizing::new(format!("Basic {}", BASE64_STANDARD.encode(both.as_bytes())));
    let mut value = HeaderValue::from_str(&text)?;
    value.set_sensitive(true);
    Ok(value)
}

/// The host and the port of an address; an IPv6 address with a port stands in brackets.
fn split(address: &str, default: u16) -> (&str, u16) {
    let bare = |host: &'_ str| host.len() > 1 && host.starts_with('[') && host.ends_with(']');
    let strip = |host| if bare(host) { &host[1..host.len() - 1] } else { host };
    match address.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || bare(host) => match port.parse() {
            Ok(port) => (strip(host), port),
            Err(_) => (strip(address), default),
        },
        _ => (strip(address), default),
    }
}

impl Line {
    async fn begin(
        stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    ) -> Result<Self, Broken> {
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        Ok(Self { sender, moves: Box::pin(connection) })
    }

    /// The connection, unless the switch has ended it meanwhile.
    async fn if_open(mut self) -> Option<Self> {
        let ready = match select(pin!(self.sender.ready()), &mut self.moves).await {
            Either::Left((ready, _)) => ready.is_ok(),
            Either::Right(_) => false,
        };
        ready.then_some(self)
    }

    async fn talk(&mut self, request: Request<Full<Bytes>>) -> Result<Answer, Broken> {
        let Self { sender, moves } = self;
        let talk = pin!(async move {
            let answer = sender.send_request(request).await?;
            let status = answer.status();
            let body = Limited::new(answer.into_body(), LONGEST).collect().await?.to_bytes();
            Ok(Answer { status, body })
        });
        match select(talk, moves).await {
            Either::Left((answer, _)) => answer,
            // The connection has ended: with the whole answer, or in its middle.
            Either::Right((end, talk)) => {
                talk.await.map_err(|why: Broken| end.err().map_or(why, Into::into))
            }
        }
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { config, connector: _, line } = self;
        f.debug_struct("Http").field("config", config).field("line", line).finish()
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_port_is_told_from_the_end_of_an_address() {
        assert_eq!(split("sw.lan", 443), ("sw.lan", 443));
        assert_eq!(split("10.0.0.2:8443", 443), ("10.0.0.2", 8443));
        assert_eq!(split("[fd00::2]:8443", 443), ("fd00::2", 8443));
        assert_eq!(split("[fd00::2]", 443), ("fd00::2", 443));
        assert_eq!(split("fd00::2", 443), ("fd00::2", 443));
        assert_eq!(split("[", 80), ("[", 80));
        assert_eq!(split("", 80), ("", 80));
    }
}
