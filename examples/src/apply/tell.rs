//! What is told of a run: what happens as it happens, and at the end what is proved and what is not.

use super::Job;
use super::before;
use super::consent::goes;
use super::interrupt::Interrupt;
use super::line;
use super::progress::Progress;
use super::screen::Screen;
use crate::answer::Answer;
use crate::look::{Ink, Look};
use crate::number::count;
use crate::room;
use rackberry::core::{Error, NodeId};
use rackberry::exec::{Device, Event, Opened, Reached};
use rackberry::plan::Resolved;
use std::cell::RefCell;
use std::env;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

/// What happens beside the steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Note {
    /// A machine has lost its power for good.
    Lost {
        node: NodeId,
        /// After so many calls of this run.
        calls: usize,
    },
    /// One that was to lose it has not: the run has ended before.
    Spared { node: NodeId, calls: usize },
    /// A call that was to go wrong never came: the run has ended before.
    Unmet { call: usize, calls: usize },
    /// Somebody has pressed ctrl-C.
    Stopping,
}

/// How it is told.
#[derive(Debug)]
enum Form {
    /// A line for each step.
    Plain,
    /// A line of JSON for each event.
    Json,
    /// A line for each machine, drawn anew.
    Live(Screen),
}

/// Tells what happens, as it happens.
#[derive(Debug)]
pub(super) struct Teller<'a> {
    look: &'a Look,
    form: Form,
    interrupt: Interrupt,
    progress: Progress,
    /// Why the output could not be written, once it could not.
    lost: RefCell<Option<io::Error>>,
}

impl<'a> Teller<'a> {
    pub(super) fn new(look: &'a Look, json: bool, interrupt: Interrupt) -> Self {
        let dumb = env::var("TERM").as_deref() == Ok("dumb");
        let form = match (json, io::stdout().is_terminal() && !dumb) {
            (true, _) => Form::Json,
            (false, true) => Form::Live(Screen::default()),
            (false, false) => Form::Plain,
        };
        Self { look, form, interrupt, progress: Progress::default(), lost: RefCell::default() }
    }

    fn is_json(&self) -> bool {
        matches!(self.form, Form::Json)
    }

    /// What the run before this one had reached, and whether the rack is as it left it.
    pub(super) fn before(&self, opened: &Opened, job: &Job<'_>) {
        match (&job.kept, self.is_json()) {
            (kept, true) => self.say_json(kept.as_ref().map(|it| line::kept(&job.file, it))),
            (kept, false) => {
                let kept = kept.iter().map(|_| before::kept(job));
                for line in before::text(opened).into_iter().chain(kept) {
                    eprintln!("{}", self.look.wrap(&line, 0, 2));
                }
            }
        }
    }

    pub(super) fn event(&mut self, event: &Event) {
        if let Event::Planned { .. } = event {
            self.round_ends();
        }
        self.progress.event(event);
        match &self.form {
            Form::Live(_) => {}
            Form::Json => self.say_json(line::event(event, &self.progress)),
            Form::Plain => match event {
                Event::Sending { step } => self.step(*step, "sending", ""),
                Event::Proved { step, already: true } => self.step(*step, "so already", ""),
                Event::Proved { step, already: false } => self.step(*step, "proved", ""),
                Event::Ended { step, why } => self.step(*step, "not proved", &why.to_string()),
                Event::Planned { .. } | Event::Began { .. } | _ => {}
            },
        }
    }

    fn round_ends(&mut self) {
        match self.form {
            Form::Json => self.say_json(line::ends(&self.progress)),
            Form::Live(_) => self.draw(),
            Form::Plain => {}
        }
    }

    fn step(&self, step: usize, word: &str, why: &str) {
        let ink = if why.is_empty() { Ink::Faint } else { Ink::Warning };
        let word = self.look.paint(ink, &format!("{word:>10}"));
        let why = if why.is_empty() { String::new() } else { format!(": {why}") };
        let (order, all) = (self.progress.order(step), self.progress.plan.steps.len());
        self.say(&format!("{:>4}/{all} {word}  {order}{why}", step + 1));
    }

    pub(super) fn note(&mut self, note: &Note) {
        let text = match note {
            Note::Lost { node, calls } => {
                format!("{node} has lost its power, for good, after {}", count(*calls, "call"))
            }
            Note::Spared { node, calls } => {
                format!("{node} has kept its power: the run ended after {}", count(*calls, "call"))
            }
            Note::Unmet { call, calls } => {
                format!("--fault {call} never came: the run ended after {}", count(*calls, "call"))
            }
            Note::Stopping => "ending after the steps in hand; ctrl-C again ends it at once".into(),
        };
        let text = self.look.paint_lines(Ink::Warning, &self.fit(&text));
        match &mut self.form {
            Form::Json => self.say_json(Some(line::note(note))),
            Form::Plain => self.say(&text),
            Form::Live(screen) => keep(&self.lost, screen.say(&text)),
        }
    }

    /// Draws how far all is, where that is drawn, once anything has begun.
    pub(super) fn draw(&mut self) {
        if let Form::Live(screen) = &mut self.form
            && self.progress.has_begun()
        {
            if self.interrupt.has_asked() {
                screen.leave();
            }
            keep(&self.lost, screen.draw(&self.progress, self.look));
        }
    }

    /// Tells the end of the run.
    pub(super) fn end(&mut self, reached: &Reached) {
        self.round_ends();
        if self.is_json() {
            self.say_json(Some(line::end(reached, self.progress.proved)));
        }
    }

    pub(super) fn done(&self, rack: &Resolved, reached: &Reached) -> Answer {
        let (nodes, clusters) = (rack.nodes.len(), rack.rack.clusters.len());
        let text = format!(
            "{}: as described, after {}: {} and {} are up, {} proved\n",
            rack.rack.rack,
            count(reached.rounds, "round"),
            count(nodes, "machine"),
            count(clusters, "cluster"),
            count(self.progress.proved, "step"),
        );
        let left = reached.plan.as_ref().map(|it| it.left()).unwrap_or_default();
        let aside = match left.len() {
            0 => self.unnamed(reached),
            _ if self.is_json() => String::new(),
            _ => {
                let lines: String = left.iter().map(|it| format!("  {it}\n")).collect();
                format!("What cannot be as the file says:\n{lines}")
            }
        };
        Answer { text: self.last(text), aside, status: u8::from(!left.is_empty()) }
    }

    /// What is there, is not in the file, and was left alone.
    fn unnamed(&self, reached: &Reached) -> String {
        let plan = reached.plan.iter();
        let left = plan.flat_map(|plan| plan.unnamed.iter().filter(|it| !goes(plan, it)));
        let left: String = left.map(|it| format!("  {it}\n")).collect();
        match left.is_empty() || self.is_json() {
            true => String::new(),
            false => {
                format!("left alone, as the file does not name it; --prune removes it:\n{left}")
            }
        }
    }

    /// That it was ended by hand: of what was in hand and is not proved, why; the rest would have come.
    pub(super) fn stopped(&self, reached: &Reached) -> Answer {
        let aside = if self.is_json() { String::new() } else { room::unproved(reached) };
        Answer { aside, ..self.short("stopped", "run it again to go on from there", reached) }
    }

    /// What is not proved, and why, and what would help.
    pub(super) fn short(&self, end: &str, help: &str, reached: &Reached) -> Answer {
        let (proved, all) = (self.progress.proved, count(self.progress.plan.steps.len(), "step"));
        let now = self.progress.counts().0;
        let text = format!(
            "{end}: {proved} proved in this run, {now} of {all} of the last plan; {help}\n",
            proved = count(proved, "step"),
        );
        Answer { text: self.last(text), aside: self.unproved(reached, &reached.missed), status: 1 }
    }

    /// What is not proved, not reached and not seen, with the reason; for people.
    pub(super) fn unproved(&self, reached: &Reached, missed: &[(Device, Error)]) -> String {
        if self.is_json() { String::new() } else { room::open(reached, missed) }
    }

    pub(super) fn declined(&self, reached: &Reached) -> Answer {
        let text = match reached.rounds {
            0 => "nothing was done\n".into(),
            _ => format!(
                "nothing more was done, after {} proved\n",
                count(self.progress.proved, "step")
            ),
        };
        Answer { text: self.last(text), aside: String::new(), status: 1 }
    }

    fn say_json(&self, line: Option<serde_json::Value>) {
        line.iter().for_each(|it| self.say(&it.to_string()));
    }

    /// Prints a line. Who has read enough (`| head`) does not keep the rack from coming up.
    fn say(&self, line: &str) {
        keep(&self.lost, writeln!(io::stdout(), "{line}"));
    }

    /// Prints the end. Where the output is lost, that is said where somebody may still read it, with the end: the
    /// exit status is that of the rack.
    pub(super) fn told(&self, answer: Answer, journal: &Path) -> Answer {
        let text = self.fit(&answer.text);
        let mut out = io::stdout();
        keep(&self.lost, out.write_all(text.as_bytes()).and_then(|()| out.flush()));
        let rest = self.fit(&answer.aside);
        let aside = match &*self.lost.borrow() {
            None => rest,
            Some(why) => format!(
                "warning: the output could not be written: {why}; rackberry log {} has what was done\n{text}{rest}",
                journal.display(),
            ),
        };
        Answer { text: String::new(), aside, ..answer }
    }

    /// A text in lines that fit the terminal, where it is one.
    fn fit(&self, text: &str) -> String {
        let wrapped = |line: &str| {
            let indent = line.len() - line.trim_start().len();
            " ".repeat(indent) + &self.look.wrap(line, indent, indent + 2)
        };
        match &self.form {
            Form::Plain | Form::Json => text.into(),
            Form::Live(_) => text.split('\n').map(wrapped).collect::<Vec<_>>().join("\n"),
        }
    }

    /// The last line is for people.
    pub(super) fn last(&self, text: String) -> String {
        if self.is_json() { String::new() } else { text }
    }

    /// How many steps of the plan at hand are proved.
    pub(super) fn proved(&self) -> usize {
        self.progress.counts().0
    }
}

/// Remembers why the output was lost first.
fn keep(lost: &RefCell<Option<io::Error>>, written: io::Result<()>) {
    if let Err(error) = written {
        lost.borrow_mut().get_or_insert(error);
    }
}
