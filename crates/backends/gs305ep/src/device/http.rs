use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, COOKIE, HOST, HeaderValue, ORIGIN, REFERER, SET_COOKIE};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use rackberry_core::{Error, ErrorKind, Result};
use std::error::Error as StdError;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream as BlockingStream};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The longest page that is read. The largest captured one has 60 KB.
const LONGEST: usize = 1 << 20;

/// How long the last word may take: it is said without a runtime, by who lets go of the switch.
const LAST_WORD: Duration = Duration::from_secs(1);
const LAST_ANSWER: Duration = Duration::from_millis(200);

/// The way to one switch: HTTP without TLS, which is all that it speaks, a connection for each request.
#[derive(Clone, Debug)]
pub(super) struct Http {
    /// Its host, with a port if it is not 80.
    host: String,
    /// How long an answer may take.
    patience: Duration,
    /// Where it was found last.
    peer: Option<SocketAddr>,
}

/// What is asked of it.
#[derive(Debug)]
pub(super) struct Ask<'a> {
    pub(super) path: &'a str,
    /// The form, where something is to be changed.
    pub(super) form: Option<&'a str>,
    /// The session.
    pub(super) cookie: Option<&'a [u8]>,
}

/// What it answers.
#[derive(Debug)]
pub(super) struct Answer {
    /// The headers that set cookies, as they came.
    pub(super) cookies: Vec<Vec<u8>>,
    pub(super) body: Vec<u8>,
}

impl Http {
    pub(super) fn new(host: String, patience: Duration) -> Self {
        Self { host, patience, peer: None }
    }

    /// Asks, and waits for the whole answer. An answer that ends early looks like a whole one here.
    ///
    /// # Errors
    ///
    /// `Unreachable` where there is none in time, `Protocol` where it is not one of this device: another
    /// status, more than it ever sends.
    pub(super) async fn ask(&mut self, ask: &Ask<'_>) -> Result<Answer> {
        let doing = self.doing(ask);
        match timeout(self.patience, self.exchange(ask)).await {
            Ok(Ok((StatusCode::OK, answer))) => Ok(answer),
            Ok(Ok((status, _))) => Err(Error::new(ErrorKind::Protocol, doing)
                .because(format!("it answered {status}; this device only ever answers 200"))),
            Ok(Err(why)) if why.is::<LengthLimitError>() => {
                let why = format!("it sends more than {LONGEST} bytes: is it this device?");
                Err(Error::new(ErrorKind::Protocol, doing).because(why))
            }
            Ok(Err(why)) => Err(Error::new(ErrorKind::Unreachable, doing).because(why)),
            Err(_) => Err(Error::new(ErrorKind::Unreachable, doing)
                .because(format!("no answer within {} s", self.patience.as_secs_f64()))),
        }
    }

    /// Asks without a runtime, and waits a moment for the answer so that it is not lost when the program ends.
    pub(super) fn ask_at_the_end(&self, ask: &Ask<'_>) -> io::Result<()> {
        let Some(peer) = self.peer else { return Ok(()) };
        let mut stream = BlockingStream::connect_timeout(&peer, LAST_WORD)?;
        stream.set_read_timeout(Some(LAST_ANSWER))?;
        stream.set_write_timeout(Some(LAST_WORD))?;
        let (path, form) = (ask.path, ask.form.unwrap_or_default());
        let mut head =
            format!("POST {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.host);
        head += &format!(
            "Referer: http://{}/index.cgi\r\nContent-Length: {}\r\n",
            self.host,
            form.len()
        );
        let cookie = [b"Cookie: ", ask.cookie.unwrap_or_default(), b"\r\n\r\n"].concat();
        stream.write_all(&[head.as_bytes(), &cookie, form.as_bytes()].concat())?;
        stream.read(&mut [0; 64]).map(|_| ())
    }

    fn doing(&self, ask: &Ask<'_>) -> String {
        let verb = if ask.form.is_some() { "send a form to" } else { "read" };
        format!("{verb} {} of the switch at {}", ask.path, self.host)
    }

    async fn exchange(
        &mut self,
        ask: &Ask<'_>,
    ) -> Result<(StatusCode, Answer), Box<dyn StdError + Send + Sync>> {
        let stream = TcpStream::connect(self.socket()).await?;
        self.peer = Some(stream.peer_addr()?);
        let request = self.request(ask)?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let talk = async move {
            let answer = sender.send_request(request).await?;
            let status = answer.status();
            let cookies = answer.headers().get_all(SET_COOKIE).iter();
            let cookies = cookies.map(|it| it.as_bytes().to_vec()).collect();
            let body = Limited::new(answer.into_body(), LONGEST).collect().await?;
            Ok((status, Answer { cookies, body: body.to_bytes().to_vec() }))
        };
        // The connection moves the bytes; it ends when the answer does, and says what broke it if it breaks.
        let (answer, end) = futures_util::future::join(talk, connection).await;
        answer.map_err(|why| end.err().map_or(why, Into::into))
    }

    fn request(&self, ask: &Ask<'_>) -> Result<Request<Full<Bytes>>, hyper::http::Error> {
        let method = if ask.form.is_some() { Method::POST } else { Method::GET };
        let root = format!("http://{}", self.host);
        // Newer firmware asks where a request comes from.
        let mut request = Request::builder().method(method).uri(ask.path).header(HOST, &self.host);
        request = request.header(REFERER, format!("{root}/index.cgi"));
        if ask.form.is_some() {
            request = request.header(ORIGIN, root);
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        if let Some(cookie) = ask.cookie {
            let mut cookie = HeaderValue::from_bytes(cookie)?;
            cookie.set_sensitive(true);
            request = request.header(COOKIE, cookie);
        }
        request.body(Full::from(ask.form.unwrap_or_default().to_owned()))
    }

    /// The host with its port.
    fn socket(&self) -> String {
        let has_port = self.host.rsplit_once(':').is_some_and(|(host, port)| {
            port.parse::<u16>().is_ok() && (!host.contains(':') || host.ends_with(']'))
        });
        if has_port { self.host.clone() } else { format!("{}:80", self.host) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_80_where_none_is_said() {
        let socket = |host: &str| Http::new(host.into(), Duration::ZERO).socket();
        assert_eq!(socket("switch.lan"), "switch.lan:80");
        assert_eq!(socket("10.0.0.2:8080"), "10.0.0.2:8080");
        assert_eq!(socket("[fd00::2]:81"), "[fd00::2]:81");
        assert_eq!(socket("[fd00::2]"), "[fd00::2]:80");
        assert_eq!(socket("fd00::2"), "fd00::2:80");
    }
}
