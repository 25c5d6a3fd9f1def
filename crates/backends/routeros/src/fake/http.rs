//! As much of HTTP as `www` speaks.

use super::reply::Reply;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::timeout;

/// The requests of this API are a few hundred bytes long.
const LONGEST: usize = 64 * 1024;
/// How long a client may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a client asks.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: String,
    /// Without what follows a question mark.
    pub(super) path: String,
    pub(super) target: String,
    /// User and password, with a colon between them.
    pub(super) basic: Option<String>,
    pub(super) body: Vec<u8>,
    /// Whether the client asks nothing more on this connection.
    pub(super) last: bool,
}

/// A request, how long its head is and how long its body.
type Head = (Request, usize, usize);

impl Request {
    /// Reads one from what has come already and what comes, and leaves what belongs to the next one; none where it is
    /// no request, too long, or too slow.
    pub(super) async fn read(
        stream: &mut (impl AsyncRead + Unpin),
        come: &mut Vec<u8>,
    ) -> Option<Self> {
        timeout(PATIENCE, Self::read_slowly(stream, come)).await.ok()?
    }

    async fn read_slowly(
        stream: &mut (impl AsyncRead + Unpin),
        come: &mut Vec<u8>,
    ) -> Option<Self> {
        loop {
            let Some((mut request, head, wants)) = head(come)? else {
                more(stream, come).await?;
                continue;
            };
            let end = head.checked_add(wants)?;
            while come.len() < end {
                more(stream, come).await?;
            }
            request.body = come.get(head..end)?.to_vec();
            come.drain(..end);
            return Some(request);
        }
    }

    /// What follows the question mark, as names and values.
    pub(super) fn asked(&self) -> Vec<(String, String)> {
        let text = self.target.split_once('?').map_or("", |it| it.1);
        form_urlencoded::parse(text.as_bytes()).into_owned().collect()
    }
}

async fn more(stream: &mut (impl AsyncRead + Unpin), come: &mut Vec<u8>) -> Option<()> {
    let mut piece = [0; 4096];
    let read = stream.read(&mut piece).await.ok()?;
    come.extend_from_slice(piece.get(..read)?);
    (read > 0 && come.len() <= LONGEST).then_some(())
}

/// What stands before the body: nothing where no request is to be expected any more, and nothing yet where it goes on.
fn head(bytes: &[u8]) -> Option<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(length) = head.parse(bytes).ok()? else { return Some(None) };
    let target = head.path?.to_string();
    let header = |name: &str| {
        let it = head.headers.iter().find(|it| it.name.eq_ignore_ascii_case(name))?;
        Some(String::from_utf8_lossy(it.value).into_owned())
    };
    let wants = match header("Content-Length") {
        Some(it) => it.trim().parse().ok().filter(|it| *it <= LONGEST)?,
        None => 0,
    };
    let request = Request {
        method: head.method?.to_string(),
        path: target.split('?').next().unwrap_or_default().to_string(),
        basic: header("Authorization").as_deref().and_then(basic),
        last: header("Connection").is_some_and(|it| it.eq_ignore_ascii_case("close")),
        body: Vec::new(),
        target,
    };
    Some(Some((request, length, wants)))
}

fn basic(header: &str) -> Option<String> {
    let (scheme, code) = header.split_once(' ')?;
    let bytes = BASE64_STANDARD.decode(code.trim()).ok()?;
    String::from_utf8(bytes).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))
}

impl Reply {
    /// It as bytes.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let (status, reason) = (self.status, self.reason());
        let known =
            if status == 401 { "WWW-Authenticate: Basic realm=\"RouterOS\"\r\n" } else { "" };
        let length = self.body.len();
        let head = match status {
            204 => String::new(),
            _ => format!("Content-Type: {}\r\nContent-Length: {length}\r\n", self.kind),
        };
        let head = format!("HTTP/1.1 {status} {reason}\r\n{known}{head}\r\n");
        [head.as_bytes(), self.body.as_bytes()].concat()
    }
}
