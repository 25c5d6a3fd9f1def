use super::http::{Answer, Ask, Http};
use crate::wire::{
    Dashboard, Door, Form, LoginReply, Page, Reply, Sid, Unreadable, read_dashboard, read_door,
    read_login_reply,
};
use crate::{Config, Model};
use rackberry_core::{Error, ErrorKind, Result};
use secrecy::ExposeSecret;
use tokio::time::{Instant, sleep_until};

/// The one session with a switch, which has few: what is asked goes one after the other, not too quickly.
#[derive(Debug)]
pub(super) struct Desk {
    http: Http,
    config: Config,
    /// When the next request may go.
    ready: Option<Instant>,
    sid: Option<Sid>,
    /// What it is, once that is known to be what was configured.
    model: Option<Model>,
}

impl Desk {
    pub(super) fn new(config: Config) -> Self {
        let http = Http::new(config.address.clone(), config.patience);
        Self { http, config, ready: None, sid: None, model: None }
    }

    /// The model, which is what was configured, and so is its serial number.
    ///
    /// # Errors
    ///
    /// `Invalid` where it is another switch.
    pub(super) async fn model(&mut self) -> Result<Model> {
        if let (Some(model), Some(_)) = (self.model, &self.sid) {
            return Ok(model);
        }
        let dashboard = self.page(Page::Dashboard, read_dashboard).await?;
        self.identify(&dashboard)
    }

    /// Whether it is the switch that was configured.
    pub(super) fn identify(&mut self, dashboard: &Dashboard) -> Result<Model> {
        let model = self.known(&dashboard.model)?;
        let wrong = |serial: &String| dashboard.serial.as_ref() != Some(serial);
        if let Some(serial) = self.config.serial.as_ref().filter(|it| wrong(it)) {
            let found = dashboard.serial.as_deref().unwrap_or("none");
            let why = format!("its serial number is {found}, and {serial} is configured");
            return Err(self.error(ErrorKind::Invalid, "find the right switch").because(why));
        }
        self.model = Some(model);
        Ok(model)
    }

    fn known(&self, name: &str) -> Result<Model> {
        let expected = self.config.model;
        let model = Model::named(name).filter(|it| expected.is_none_or(|wish| wish == *it));
        model.ok_or_else(|| {
            let wish = expected.map_or("a GS305EP, GS305EPP, GS308EP or GS308EPP", Model::name);
            let why = format!("it calls itself {name:?}, and {wish} is expected");
            self.error(ErrorKind::Invalid, "find the right switch").because(why)
        })
    }

    /// Reads a page, logged in.
    pub(super) async fn page<T>(
        &mut self,
        page: Page,
        read: fn(&[u8]) -> Result<T, Unreadable>,
    ) -> Result<T> {
        for _ in 0..2 {
            let answer = self.ask(page.path(), None).await?;
            match read(&answer.body) {
                Err(Unreadable::LoggedOut { .. }) => self.sid = None,
                Err(why) => {
                    let is_cut_off = matches!(why, Unreadable::CutOff { .. });
                    let kind =
                        if is_cut_off { ErrorKind::Unreachable } else { ErrorKind::Protocol };
                    return Err(self.error(kind, &format!("read {page}")).because(why));
                }
                Ok(found) => return Ok(found),
            }
        }
        Err(self.taken())
    }

    /// Reads the page that a form belongs to, and sends the form that follows from it, if one does. Sends it
    /// once more only where the switch says that nothing was done.
    pub(super) async fn change<T>(
        &mut self,
        page: Page,
        read: fn(&[u8]) -> Result<T, Unreadable>,
        mut form: impl FnMut(&T) -> Result<Option<Form>>,
    ) -> Result<Option<Reply>> {
        for _ in 0..2 {
            let found = self.page(page, read).await?;
            let Some(form) = form(&found)? else { return Ok(None) };
            let reply = Reply::of(&self.ask(form.path(), Some(form.body())).await?.body);
            if reply == Reply::LoggedOut {
                self.sid = None;
            } else if reply != Reply::WrongHash {
                return Ok(Some(reply));
            }
        }
        Err(self.taken())
    }

    fn taken(&self) -> Error {
        let why = "it logs us out at once: another client uses it";
        self.error(ErrorKind::Refused, "keep a session").because(why)
    }

    /// Asks with the session, which is begun where there is none.
    async fn ask(&mut self, path: &str, form: Option<&str>) -> Result<Answer> {
        if self.sid.is_none() {
            self.log_in().await?;
        }
        let cookie = self.sid.as_ref().map(Sid::cookie);
        self.paced(&Ask { path, form, cookie: cookie.as_deref() }).await
    }

    async fn paced(&mut self, ask: &Ask<'_>) -> Result<Answer> {
        // A sleep that is over already takes a millisecond all the same.
        if let Some(ready) = self.ready.filter(|it| *it > Instant::now()) {
            sleep_until(ready).await;
        }
        let answer = self.http.ask(ask).await;
        self.ready = Some(Instant::now() + self.config.pace);
        answer
    }

    async fn log_in(&mut self) -> Result<()> {
        let login = Page::Login.path();
        let door = self.paced(&Ask { path: login, form: None, cookie: None }).await?;
        let unreadable = |why| self.error(ErrorKind::Protocol, "log in").because(why);
        let page = match read_door(&door.body).map_err(unreadable)? {
            Door::Login(page) => page,
            Door::Redirect => {
                let why = "it sends from its login page to its login page";
                return Err(self.error(ErrorKind::Protocol, "log in").because(why));
            }
            Door::Unfamiliar(what) => {
                let why = format!("its login page asks for {what}; the password was not sent");
                return Err(self.error(ErrorKind::Protocol, "log in").because(why));
            }
        };
        // The password goes to nobody else.
        self.known(&page.model)?;
        // Some firmware knows its login page again by a cookie.
        let early = door.cookies.iter().find_map(|it| Sid::in_cookie(it)).map(|it| it.cookie());
        let form = page.answer(&self.config.password);
        let ask = Ask { path: login, form: Some(form.expose_secret()), cookie: early.as_deref() };
        let answer = self.paced(&ask).await?;
        self.sid = Some(self.admitted(&answer)?);
        Ok(())
    }

    fn admitted(&self, answer: &Answer) -> Result<Sid> {
        let cookies = answer.cookies.iter().map(Vec::as_slice);
        let (kind, why) = match read_login_reply(cookies, &answer.body) {
            LoginReply::LoggedIn(sid) => return Ok(sid),
            LoginReply::WrongPassword(said) => (ErrorKind::Denied, said.to_string()),
            LoginReply::TooManySessions(said) => {
                let help = "log out elsewhere, or wait ten minutes: a program that was killed leaves one behind";
                (ErrorKind::Refused, format!("{said} ({help})"))
            }
            LoginReply::TooManyAttempts(said) => {
                (ErrorKind::Refused, format!("{said} (it takes no password for some minutes)"))
            }
            LoginReply::Unknown(said) => (ErrorKind::Protocol, format!("it answers {said}")),
        };
        Err(self.error(kind, "log in").because(why))
    }

    /// Ends the session, so that another client can have it.
    pub(super) async fn log_out(&mut self) -> Result<()> {
        let Some(sid) = self.sid.take() else { return Ok(()) };
        let (form, cookie) = (Form::logout(), sid.cookie());
        let ask = Ask { path: form.path(), form: Some(form.body()), cookie: Some(&cookie) };
        self.paced(&ask).await.map(|_| ())
    }

    pub(super) fn error(&self, kind: ErrorKind, doing: &str) -> Error {
        Error::new(kind, format!("{doing} (the switch at {})", self.config.address))
    }
}

impl Drop for Desk {
    /// The switch has few sessions, and keeps one that nobody ends for minutes.
    fn drop(&mut self) {
        let Some(sid) = self.sid.take() else { return };
        let (form, cookie) = (Form::logout(), sid.cookie());
        let ask = Ask { path: form.path(), form: Some(form.body()), cookie: Some(&cookie) };
        // Nobody is left to hear of a failure; the switch forgets the session by itself then.
        let _ = self.http.ask_at_the_end(&ask);
    }
}
