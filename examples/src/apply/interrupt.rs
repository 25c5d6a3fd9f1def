//! Ctrl-C: once to end after the steps in hand, twice to end at once.

use super::tell::Note;
use rackberry::exec::Stop;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use tokio::signal::ctrl_c;
use tokio::sync::mpsc::UnboundedSender;

/// What a shell says of a program that was ended by ctrl-C.
const INTERRUPTED: i32 = 130;

/// What ctrl-C ends.
#[derive(Clone, Debug, Default)]
pub(super) struct Interrupt {
    /// Ends the run.
    pub(super) stop: Stop,
    /// Whether a question is on the screen: then there is nothing in hand.
    asks: Arc<AtomicBool>,
    /// Whether anything was said below the lines that are drawn anew.
    spoke: Arc<AtomicBool>,
}

impl Interrupt {
    /// Listens beside everything else: the run may be busy, or wait for an answer.
    pub(super) fn listen(notes: UnboundedSender<Note>) -> Self {
        let it = Self::default();
        let ours = it.clone();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
            // Without it ctrl-C ends the program at once, which loses nothing.
            let Ok(runtime) = runtime else { return };
            runtime.block_on(ours.obey(&notes));
        });
        it
    }

    async fn obey(&self, notes: &UnboundedSender<Note>) {
        while ctrl_c().await.is_ok() {
            if self.asks.load(Ordering::SeqCst) || self.stop.is_set() {
                process::exit(INTERRUPTED);
            }
            self.stop.set();
            let _ = notes.send(Note::Stopping);
        }
    }

    /// Asks something: until it is answered, ctrl-C ends everything.
    pub(super) fn asking<T>(&self, ask: impl FnOnce() -> T) -> T {
        self.asks.store(true, Ordering::SeqCst);
        self.spoke.store(true, Ordering::SeqCst);
        let answer = ask();
        self.asks.store(false, Ordering::SeqCst);
        answer
    }

    /// Whether something was asked since this was called last.
    pub(super) fn has_asked(&self) -> bool {
        self.spoke.swap(false, Ordering::SeqCst)
    }
}
