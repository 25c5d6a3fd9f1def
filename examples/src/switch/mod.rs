//! `rackberry switch`: one real switch, as it is and as its rack file says.

mod apply;
mod cycle;
mod plan;
mod seen;
mod show;
mod site;
mod told;
mod way;

use crate::answer::{Answer, Failure};
use crate::args::SwitchCommand;
use crate::look::Look;
use rackberry::exec::Stop;
use site::Site;
use std::io::{self, BufRead, IsTerminal, Write};

/// What `switch` answers.
pub(crate) fn run(command: &SwitchCommand, look: &Look) -> Result<Answer, Failure> {
    match command {
        SwitchCommand::Show(args) => show::run(args, look),
        SwitchCommand::Plan(args) => plan::run(args, look),
        SwitchCommand::Apply(args) => apply::run(args, look),
        SwitchCommand::Cycle(args) => cycle::run(args, look),
    }
}

/// Talks with a switch on this thread, and gives its session free in the end.
fn talk<T>(site: &Site, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|it| Failure::File(format!("cannot begin: {it}")))?;
    let done = runtime.block_on(async {
        let done = work.await;
        // A session that nobody could end ends by itself.
        let _ = site.driven.close().await;
        done
    });
    // Somebody may still be asked, and answer nothing any more.
    runtime.shutdown_background();
    done
}

/// Work by which nothing is changed yet: ctrl-C ends it at once.
async fn harmless<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::select! {
        done = work => done,
        Ok(()) = tokio::signal::ctrl_c() => Err(Failure::Interrupted),
    }
}

/// What ctrl-C sets from now on, so that nothing is left half done.
fn on_interrupt() -> Stop {
    let stop = Stop::default();
    let set = stop.clone();
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            set.set();
            let _ = writeln!(io::stderr(), "it ends after what is in hand");
        }
    });
    stop
}

/// Whether there is somebody to ask.
fn can_ask(yes: bool, command: &str) -> Result<(), Failure> {
    if yes || io::stdin().is_terminal() {
        return Ok(());
    }
    Err(Failure::Missing(format!(
        "nothing was done: switch {command} asks before it begins, and there is no terminal to ask on; \
         --yes begins without asking"
    )))
}

/// Shows what is to be done, and asks whether it may.
async fn agrees(yes: bool, text: &str) -> Result<bool, Failure> {
    let failure = |it: io::Error| Failure::File(format!("cannot ask: {it}"));
    io::stderr().write_all(text.as_bytes()).map_err(failure)?;
    if yes {
        return Ok(true);
    }
    let answer = tokio::task::spawn_blocking(|| {
        let mut out = io::stderr();
        write!(out, "Go on? [y/N] ")?;
        out.flush()?;
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line)?;
        Ok(matches!(line.trim(), "y" | "Y" | "yes"))
    });
    let answer = async { answer.await.unwrap_or_else(|it| Err(io::Error::other(it))) };
    harmless(async { answer.await.map_err(failure) }).await
}
