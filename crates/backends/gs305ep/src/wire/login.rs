use super::open::{instead, is_login_form, sends_to_login, title};
use super::outline::{End, Key, Outline, Tag, keep};
use super::password::{Nonce, answer};
use super::quote::Quote;
use super::unreadable::{Page, Unreadable};
use secrecy::SecretString;

/// What stands at the door of the switch: `/` and `/login.cgi`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Door {
    /// It asks for the password, in the way that is known.
    Login(LoginPage),
    /// It sends to `/login.cgi` (seen at `/` of a GS308EPP).
    Redirect,
    /// It asks in a way that is not known, for what is said here. The password must not be sent: it could
    /// reach somebody else, or count as a wrong one.
    Unfamiliar(Quote),
}

/// A page that asks for the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginPage {
    /// The model, as the page says it.
    pub model: String,
    nonce: Nonce,
    /// What the page says of the last attempt, where it says something.
    pub message: Option<Quote>,
}

impl LoginPage {
    /// The body of the form that logs in, to be sent to [`Page::Login`]. It is a secret: who has it can send
    /// it again.
    pub fn answer(&self, password: &SecretString) -> SecretString {
        answer(password, &self.nonce)
    }
}

/// Reads what stands at the door.
///
/// # Errors
///
/// Where it is neither a login page nor one that sends to it, or is cut off.
pub fn read_door(body: &[u8]) -> Result<Door, Unreadable> {
    let page = Page::Login;
    let kept = keep(page, body)?;
    let outline = Outline::of(page, &kept);
    let asks = outline.find(is_login_form).is_some();
    if !asks && !sends_to_login(outline, body) {
        return Err(instead(outline, body));
    }
    outline.ends(End::Html)?;
    if !asks {
        return Ok(Door::Redirect);
    }
    if let Some(what) = unfamiliar(outline)? {
        return Ok(Door::Unfamiliar(Quote::of(&what)));
    }
    let nonce = page.read("number to mix into the password", outline.input("rand")?, Nonce::new)?;
    Ok(Door::Login(LoginPage { model: model(outline)?, nonce, message: message(outline) }))
}

/// The model in the head of the page; its title says the same after the maker's name.
fn model(outline: Outline<'_>) -> Result<String, Unreadable> {
    let shown = outline.text_in(|it| it.tag == Tag::Span && it.is("p-name")).unwrap_or_default();
    let titled = title(outline).trim_start_matches("NETGEAR").trim();
    let model = if shown.is_empty() { titled } else { shown };
    let found = Some(model).filter(|it| !it.is_empty());
    Page::Login.name("model", found)
}

/// What the page has that the captured ones of GS305EP and GS308EP have not.
fn unfamiliar(outline: Outline<'_>) -> Result<Option<String>, Unreadable> {
    let form = outline.find(|it| it.tag == Tag::Form);
    let target = form.and_then(|it| it.0.get(Key::Action)).unwrap_or("/login.cgi");
    let method = form.and_then(|it| it.0.get(Key::Method)).unwrap_or("post");
    if target.trim_start_matches('/') != "login.cgi" || !method.eq_ignore_ascii_case("post") {
        return Ok(Some(format!("a form that is sent to {target} by {method}")));
    }
    let asked = outline.elements().map(|it| it.0);
    let mut asked = asked.filter(|it| matches!(it.tag, Tag::Input | Tag::Select | Tag::Textarea));
    let known = |id: &str, name: Option<&str>| match id {
        "submitPwd" => name == Some("password"),
        "password" | "acptLang" | "rand" | "err_msg" => name.is_none_or(|it| it == id),
        _ => false,
    };
    let new = asked.find(|it| it.tag != Tag::Input || !known(it.id(), it.get(Key::Name)));
    if let Some(it) = new {
        let name = it.get(Key::Name).unwrap_or(it.id());
        return Ok(Some(format!("a field called {name}")));
    }
    let plain = outline.input("rand")?.is_none();
    Ok(plain.then(|| "the password itself, without a number to mix it with".into()))
}

/// What the page says of the last attempt.
fn message(outline: Outline<'_>) -> Option<Quote> {
    let shown = outline.text_in(|it| it.is("pwdErrStyle")).unwrap_or_default();
    let hidden = outline.input("err_msg").ok().flatten().unwrap_or_default();
    let said = if shown.is_empty() { hidden } else { shown };
    (!said.is_empty()).then(|| Quote::of(said))
}

/// What the switch answers to a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginReply {
    /// It knows us, by this from now on.
    LoggedIn(Sid),
    /// The password is not the right one. The text is what the switch says.
    WrongPassword(Quote),
    /// All its sessions are taken; they are said to be freed after some ten minutes.
    TooManySessions(Quote),
    /// It does not look at passwords for some minutes, because too many were wrong.
    TooManyAttempts(Quote),
    /// Neither a session nor a reason.
    Unknown(Quote),
}

/// Reads the answer to a password: the values of its `Set-Cookie` headers, and its body.
///
/// A cookie alone is no session: some firmware sets one before the password is known.
pub fn read_login_reply<'a>(
    cookies: impl IntoIterator<Item = &'a [u8]>,
    body: &[u8],
) -> LoginReply {
    let text = || Quote::of(&String::from_utf8_lossy(body.get(..400).unwrap_or(body)));
    let Ok(kept) = keep(Page::Login, body) else { return LoginReply::Unknown(text()) };
    let outline = Outline::of(Page::Login, &kept);
    if let Some(said) = message(outline) {
        return refusal(said);
    }
    let door = outline.find(is_login_form).is_some() || sends_to_login(outline, body);
    match cookies.into_iter().find_map(Sid::in_cookie) {
        Some(sid) if !door => LoginReply::LoggedIn(sid),
        Some(_) | None => LoginReply::Unknown(text()),
    }
}

/// The reason in what the switch says. The English texts and the German one of the attempts are told by users;
/// other languages are unknown on hardware.
fn refusal(said: Quote) -> LoginReply {
    let text = said.as_str().to_lowercase();
    let says = |words: &[&str]| words.iter().any(|it| text.contains(it));
    if says(&["session", "sitzung"]) {
        LoginReply::TooManySessions(said)
    } else if says(&["attempt", "versuche", "locked"]) {
        LoginReply::TooManyAttempts(said)
    } else {
        LoginReply::WrongPassword(said)
    }
}

/// What a session is known by, until it is logged out or forgotten. A secret, and not shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Sid(Box<[u8]>);

impl Sid {
    /// The longest that is taken.
    const MOST: usize = 256;

    /// The value in a `Set-Cookie` header. It may hold `[`, `\` and a backtick, which cookie stores drop
    /// (seen by clients of a GS305E), and is kept as it is.
    pub fn in_cookie(header: &[u8]) -> Option<Self> {
        let value = header.trim_ascii_start().strip_prefix(b"SID=")?;
        let value = value.split(|it| *it == b';').next().unwrap_or_default().trim_ascii();
        let sound = value.iter().all(|it| !it.is_ascii_control());
        (sound && (1..=Self::MOST).contains(&value.len())).then(|| Self(value.into()))
    }

    /// The value of the `Cookie` header that says it.
    pub fn cookie(&self) -> Vec<u8> {
        [b"SID=", &*self.0].concat()
    }
}

impl std::fmt::Debug for Sid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sid(..)")
    }
}
