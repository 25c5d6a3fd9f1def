use super::http::{Answer, Http};
use crate::Config;
use crate::wire::{Board, Failure, Order, Unreadable, read_board, read_failure};
use hyper::StatusCode;
use rackberry_core::{Error, ErrorKind, Result};

/// What is asked of a switch, one thing after the other, and what its answers mean.
#[derive(Debug)]
pub(super) struct Desk {
    http: Http,
    address: String,
    model: Option<String>,
    serial: Option<String>,
}

impl Desk {
    pub(super) fn new(config: Config) -> Self {
        let (model, serial) = (config.model.clone(), config.serial.clone());
        Self { address: config.address.clone(), model, serial, http: Http::new(config) }
    }

    pub(super) fn close(&mut self) {
        self.http.close();
    }

    /// What the switch is, which is what was configured.
    ///
    /// # Errors
    ///
    /// `Invalid` where it is another switch.
    pub(super) async fn board(&mut self) -> Result<Board> {
        let mut board = self.read_known(&Order::routerboard(), read_board).await?.flatten();
        if board.is_none() {
            board = self.read(&Order::resource(), read_board).await?;
        }
        let none = || self.error(ErrorKind::Protocol, "find out what it is");
        let board = board.ok_or_else(none)?;
        let wrong = |what, found: &str, wish: &str| {
            let why = format!("its {what} is {found:?}, and {wish:?} is configured");
            Err(self.error(ErrorKind::Invalid, "find the right switch").because(why))
        };
        if let Some(wish) = self.model.as_ref().filter(|it| **it != board.model) {
            return wrong("model", &board.model, wish);
        }
        match self.serial.as_ref().filter(|it| Some(*it) != board.serial.as_ref()) {
            Some(wish) => wrong("serial number", board.serial.as_deref().unwrap_or(""), wish),
            None => Ok(board),
        }
    }

    /// Whether it is what was configured, where anything was.
    pub(super) async fn identify(&mut self) -> Result<()> {
        match self.model.is_some() || self.serial.is_some() {
            true => self.board().await.map(|_| ()),
            false => Ok(()),
        }
    }

    /// Reads a menu.
    pub(super) async fn read<T>(
        &mut self,
        order: &Order,
        read: fn(&[u8]) -> Result<T, Unreadable>,
    ) -> Result<T> {
        let answer = self.http.ask(order).await?;
        match answer.status.is_success() {
            true => self.understood(order, &answer, read),
            false => Err(self.refused(order, &answer)),
        }
    }

    /// Reads a menu that not every device has; none where this one has not.
    pub(super) async fn read_known<T>(
        &mut self,
        order: &Order,
        read: fn(&[u8]) -> Result<T, Unreadable>,
    ) -> Result<Option<T>> {
        let answer = self.http.ask(order).await?;
        if answer.status.is_success() {
            return self.understood(order, &answer, read).map(Some);
        }
        match failure(&answer).filter(Failure::is_absent) {
            Some(_) => Ok(None),
            None => Err(self.refused(order, &answer)),
        }
    }

    /// Sends an order, and waits for RouterOS to say that it did it.
    pub(super) async fn tell(&mut self, order: &Order) -> Result<()> {
        let answer = self.http.ask(order).await?;
        match answer.status {
            StatusCode::OK | StatusCode::CREATED | StatusCode::NO_CONTENT => Ok(()),
            _ => Err(self.refused(order, &answer)),
        }
    }

    fn understood<T>(
        &self,
        order: &Order,
        answer: &Answer,
        read: fn(&[u8]) -> Result<T, Unreadable>,
    ) -> Result<T> {
        read(&answer.body).map_err(|why| {
            let cut_off = why == Unreadable::CutOff;
            let kind = if cut_off { ErrorKind::Unreachable } else { ErrorKind::Protocol };
            self.error(kind, &format!("understand {order}")).because(why)
        })
    }

    /// Why something was not done, or not read.
    fn refused(&self, order: &Order, answer: &Answer) -> Error {
        let doing = format!("carry out {order}");
        if answer.status == StatusCode::UNAUTHORIZED {
            let why = "it does not know the user, or not with this password";
            return self.error(ErrorKind::Denied, &doing).because(why);
        }
        let Some(failure) = failure(answer) else {
            let follow =
                if answer.status.is_redirection() { ", which is not followed" } else { "" };
            let why = format!("it answered {}{follow}: is it this device?", answer.status);
            return self.error(ErrorKind::Protocol, &doing).because(why);
        };
        let kind = match answer.status {
            _ if failure.is_permission() => ErrorKind::Denied,
            StatusCode::NOT_FOUND => ErrorKind::NotFound,
            status if status.is_client_error() => ErrorKind::Refused,
            // Whether it was done before RouterOS gave up is not known.
            _ => ErrorKind::Protocol,
        };
        self.error(kind, &doing).because(failure.to_string())
    }

    pub(super) fn error(&self, kind: ErrorKind, doing: &str) -> Error {
        Error::new(kind, format!("{doing} (the switch at {})", self.address))
    }
}

/// What RouterOS says of a failure, if it is RouterOS that says it.
fn failure(answer: &Answer) -> Option<Failure> {
    read_failure(&answer.body).filter(|it| it.status == answer.status.as_u16())
}
