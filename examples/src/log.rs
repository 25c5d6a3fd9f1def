//! `rackberry log`: the story that a journal tells.

use crate::answer::{Answer, Failure};
use crate::args::LogArgs;
use crate::look::{Ink, Look};
use crate::number::count;
use crate::story::{Became, Order, Round, Run, runs};
use crate::{file, schema};
use rackberry::exec::{Story, read};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

/// The last second of the year 9999: no later one can be written.
const LATEST: u64 = 253_402_300_799;

/// What `log` answers: run by run what was asked, what was done, and how it ended.
pub(crate) fn run(args: &LogArgs, look: &Look) -> Result<Answer, Failure> {
    let story =
        read(&args.file).map_err(|it| file::failure("read the journal", &args.file, &it))?;
    let text = match args.json {
        true => schema::json(&story.records)?,
        false => told(&story, look),
    };
    Ok(Answer { aside: damage(&story, &args.file), ..Answer::new(text) })
}

fn damage(story: &Story, path: &Path) -> String {
    match story.damaged {
        true => format!("the last record of {} is damaged, and left out\n", path.display()),
        false => String::new(),
    }
}

fn told(story: &Story, look: &Look) -> String {
    let runs = runs(&story.records);
    if runs.is_empty() {
        return "nothing was asked yet\n".into();
    }
    let mut text = String::new();
    let mut cut: Vec<Order<'_>> = Vec::new();
    for (at, run) in runs.iter().enumerate() {
        // Only the last one can still be running.
        let holder = story.holder.as_deref().filter(|_| at + 1 == runs.len());
        let rounds = run.rounds();
        text += &head(at, run, look);
        text += &tell(&rounds, &cut, look);
        text += &end(run, &rounds, holder, look);
        cut = rounds.last().into_iter().flat_map(Round::in_hand).copied().collect();
    }
    let proved = runs.iter().map(Run::proved).sum();
    text + &format!("\n{} in all, {} proved\n", count(runs.len(), "run"), count(proved, "step"))
}

fn head(at: usize, run: &Run<'_>, look: &Look) -> String {
    let space = if at == 0 { "" } else { "\n" };
    let title = format!("Run {}, on {}, {}", at + 1, run.rack(), time(run.began()));
    let asked = match run.asked() {
        "" => String::new(),
        it => format!("  {}\n", look.wrap(&format!("asked: {it}"), 2, 4)),
    };
    format!("{space}{}\n{asked}", look.paint(Ink::Heading, &title))
}

/// What was carried out. Rounds on end that have nothing to send are told together.
fn tell(rounds: &[Round<'_>], cut: &[Order<'_>], look: &Look) -> String {
    let mut text = String::new();
    let mut first = 1;
    for alike in rounds.chunk_by(|one, next| one.steps == 0 && next.steps == 0) {
        let last = first + alike.len() - 1;
        let many = if first == last {
            format!("round {first}")
        } else {
            format!("rounds {first} to {last}")
        };
        let what = match alike[0].steps {
            0 if alike[0].orders.is_empty() => "nothing to send, only to wait".into(),
            steps => format!("{} to do", count(steps, "step")),
        };
        text += &format!("  {many}: {what}{}\n", already(&alike[0]));
        text.extend(alike[0].orders.iter().map(|it| order(it, &alike[0], cut, look)));
        first = last + 1;
    }
    text
}

fn already(round: &Round<'_>) -> String {
    match round.already {
        0 => String::new(),
        1 => ", 1 of which was so already".into(),
        many => format!(", {many} of which were so already"),
    }
}

fn order(it: &Order<'_>, round: &Round<'_>, cut: &[Order<'_>], look: &Look) -> String {
    let became = match it.became {
        Became::Proved(0) => "proved".into(),
        Became::Proved(after) => format!("proved after {}", seconds(after)),
        Became::Declined(why) => format!("declined: {why}"),
        Became::Unproved => "not proved".into(),
        Became::InHand => "in hand".into(),
    };
    let again = cut.iter().any(|old| old.text == it.text);
    let again = if again { ", again" } else { "" };
    let place = format!("    {}  {:>3}/{}  ", &time(it.at)[11..], it.step + 1, round.steps);
    let text = format!("{}{again}: {became}", it.text);
    format!(
        "{place}{}\n",
        look.wrap(&text, place.len(), if look.width < 60 { 6 } else { place.len() })
    )
}

/// How a run ended, or where it was cut.
fn end(run: &Run<'_>, rounds: &[Round<'_>], holder: Option<&str>, look: &Look) -> String {
    let (proved, rack) = (count(run.proved(), "step"), run.rack());
    let after = match run.lasted() {
        Duration::ZERO => "within a second".into(),
        it => format!("after {}", humantime::format_duration(it)),
    };
    let (ink, text) = match (run.end(), holder) {
        (Some((true, _)), _) => {
            (Ink::Good, format!("ended {after}: {rack} is as described; {proved} proved"))
        }
        (Some((false, how)), _) => (
            Ink::Warning,
            format!("ended {after}: {rack} is not as described; {how}; {proved} proved"),
        ),
        (None, Some(holder)) => {
            (Ink::Note, format!("is still running, as {holder}: {proved} proved so far"))
        }
        (None, None) => (
            Ink::Warning,
            format!(
                "was killed before it ended; last heard of {after}: {proved} proved{}",
                left(rounds)
            ),
        ),
    };
    format!("  {}\n", look.paint_lines(ink, &look.wrap(&text, 2, 4)))
}

/// What was in hand when a run was killed.
fn left(rounds: &[Round<'_>]) -> String {
    let open = rounds.last().map_or(0, |it| it.in_hand().count());
    match open {
        0 => ", nothing in hand".into(),
        1 => ", 1 order in hand, which may have been carried out or not".into(),
        many => format!(", {many} orders in hand, which may have been carried out or not"),
    }
}

/// RFC 3339, in UTC.
fn time(at: u64) -> String {
    let at = UNIX_EPOCH + Duration::from_secs(at.min(LATEST));
    humantime::format_rfc3339_seconds(at).to_string()
}

fn seconds(many: u64) -> String {
    humantime::format_duration(Duration::from_secs(many)).to_string()
}
