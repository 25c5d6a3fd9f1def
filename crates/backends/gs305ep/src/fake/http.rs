//! As much of HTTP as the switch speaks.

use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::timeout;

/// The forms of the switch are a few hundred bytes long.
const LONGEST: usize = 8 * 1024;
/// The forms of the switch have some ten fields.
const FIELDS: usize = 64;
/// How long a client may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a client asks.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: String,
    /// Without what follows a question mark.
    pub(super) path: String,
    pub(super) target: String,
    pub(super) sid: Option<String>,
    pub(super) referer: Option<String>,
    pub(super) fields: Vec<(String, String)>,
}

impl Request {
    /// Reads one; none where it is no request, too long, or too slow.
    pub(super) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Self> {
        timeout(PATIENCE, Self::read_slowly(stream)).await.ok()?
    }

    async fn read_slowly(stream: &mut (impl AsyncRead + Unpin)) -> Option<Self> {
        let mut bytes = Vec::new();
        loop {
            let Some((mut request, body, wants)) = head(&bytes)? else {
                more(stream, &mut bytes).await?;
                continue;
            };
            while bytes.len() < body.checked_add(wants)? {
                more(stream, &mut bytes).await?;
            }
            let form = form_urlencoded::parse(bytes.get(body..body + wants)?);
            request.fields = form.into_owned().take(FIELDS).collect();
            return Some(request);
        }
    }

    /// The value of a field of the form, if it was sent.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
    }

    /// A number in a field of the form.
    pub(super) fn number(&self, name: &str) -> Option<u16> {
        self.field(name)?.parse().ok()
    }

    pub(super) fn is_post(&self) -> bool {
        self.method == "POST"
    }
}

async fn more(stream: &mut (impl AsyncRead + Unpin), bytes: &mut Vec<u8>) -> Option<()> {
    let mut piece = [0; 1024];
    let read = stream.read(&mut piece).await.ok()?;
    bytes.extend_from_slice(piece.get(..read)?);
    (read > 0 && bytes.len() <= LONGEST).then_some(())
}

/// What stands before the form, where the form begins, and how long it is: nothing where no request is to be
/// expected any more, and nothing yet where it goes on.
fn head(bytes: &[u8]) -> Option<Option<(Request, usize, usize)>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(body) = head.parse(bytes).ok()? else { return Some(None) };
    let target = head.path?.to_string();
    let header = |name: &str| {
        let it = head.headers.iter().find(|it| it.name.eq_ignore_ascii_case(name))?;
        Some(String::from_utf8_lossy(it.value).into_owned())
    };
    let wants = match header("Content-Length") {
        Some(it) => it.trim().parse().ok().filter(|it| *it <= LONGEST)?,
        None => 0,
    };
    let path = target.split('?').next().unwrap_or_default().to_string();
    let request = Request {
        method: head.method?.to_string(),
        path,
        sid: header("Cookie").as_deref().and_then(sid),
        referer: header("Referer"),
        fields: Vec::new(),
        target,
    };
    Some(Some((request, body, wants)))
}

fn sid(cookies: &str) -> Option<String> {
    cookies.split(';').find_map(|it| it.trim().strip_prefix("SID=")).map(str::to_string)
}

/// What the switch answers: always 200, and without a length.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) body: String,
    pub(super) cookie: Option<String>,
    kind: &'static str,
}

impl Reply {
    pub(super) fn page(body: impl Into<String>) -> Self {
        Self { body: body.into(), cookie: None, kind: "text/html" }
    }

    pub(super) fn file(body: &str, kind: &'static str) -> Self {
        Self { body: body.into(), cookie: None, kind }
    }

    /// It with a session cookie.
    pub(super) fn with_cookie(mut self, sid: &str) -> Self {
        self.cookie = Some(format!("SID={sid}; PATH=/; HttpOnly"));
        self
    }

    /// It as bytes. Headers as in answers that were recorded on models of the maker.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let cookie =
            self.cookie.iter().map(|it| format!("Set-Cookie: {it}\r\n")).collect::<String>();
        let head = format!(
            "HTTP/1.1 200 OK\r\nX-Frame-Options: SAMEORIGIN\r\nX-XSS-Protection: 1; mode=block\r\n\
             X-Content-Type-Options: nosniff\r\nContent-Type: {}\r\nConnection: close\r\n{cookie}\r\n",
            self.kind
        );
        [head.as_bytes(), self.body.as_bytes()].concat()
    }
}
