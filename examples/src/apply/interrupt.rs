//! Ctrl-C: once to end after the steps in hand, twice to end at once.

use super::tell::Note;
use rackberry::exec::Stop;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::{io, thread};
#[cfg(unix)]
use tokio::signal::unix::{Signal as Presses, SignalKind, signal};
#[cfg(windows)]
use tokio::signal::windows::{CtrlC as Presses, ctrl_c};
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
    /// Listens beside everything else: the run may be busy, or wait for an answer. Once this returns, no ctrl-C is
    /// missed.
    pub(super) fn listen(notes: UnboundedSender<Note>) -> Self {
        let it = Self::default();
        let ours = it.clone();
        let (listens, listening) = mpsc::channel::<()>();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
            // Without it ctrl-C ends the program at once, which loses nothing.
            let Ok(runtime) = runtime else { return };
            runtime.block_on(async {
                let Ok(presses) = presses() else { return };
                drop(listens);
                ours.obey(presses, &notes).await;
            });
        });
        // It ends without a word: by then the other thread listens, or cannot.
        let _ = listening.recv();
        it
    }

    async fn obey(&self, mut presses: Presses, notes: &UnboundedSender<Note>) {
        while presses.recv().await.is_some() {
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

/// Every ctrl-C from now on.
#[cfg(unix)]
fn presses() -> io::Result<Presses> {
    signal(SignalKind::interrupt())
}

/// Every ctrl-C from now on.
#[cfg(windows)]
fn presses() -> io::Result<Presses> {
    ctrl_c()
}
