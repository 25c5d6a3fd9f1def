//! The last reading, which is given until it is too old.

use rackberry::core::{ErrorKind, SwitchState};
use rackberry::switch::Driven;
use std::error::Error;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// A switch, and what was read of it last.
pub(crate) struct Kept {
    switch: Driven,
    every: Duration,
    last: Mutex<Option<Reading>>,
}

/// What was read, and when. None where it could not be.
#[derive(Clone)]
pub(crate) struct Reading {
    pub(crate) state: Option<SwitchState>,
    at: Instant,
    /// Nothing is asked any more.
    is_last: bool,
}

impl Kept {
    pub(crate) fn new(switch: Driven, every: Duration) -> Self {
        Self { switch, every, last: Mutex::default() }
    }

    /// The reading, and its age. Whoever asks while it is read waits for the same one.
    pub(crate) async fn reading(&self) -> (Option<SwitchState>, Duration) {
        let mut last = self.last.lock().await;
        let fresh = |it: &Reading| it.is_last || it.at.elapsed() < self.every;
        let reading = match last.clone().filter(fresh) {
            Some(reading) => reading,
            None => last.insert(self.read().await).clone(),
        };
        (reading.state, reading.at.elapsed())
    }

    async fn read(&self) -> Reading {
        let seen = self.switch.switch().observe().await;
        // A session that nobody could end ends by itself.
        let _ = self.switch.close().await;
        let why = seen.as_ref().err();
        let is_last = why.is_some_and(|it| it.kind() == ErrorKind::Denied);
        if let Some(why) = why {
            let more = if is_last { "; it is not asked again" } else { "" };
            eprintln!("{}{more}", causes(why));
        }
        Reading { state: seen.ok(), at: Instant::now(), is_last }
    }
}

/// An error with all its causes, in one line.
pub(crate) fn causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text += &format!(": {next}");
        cause = next.source();
    }
    text
}
