//! The lines of a terminal that show how far each machine is, drawn anew in their place.

use super::progress::{Is, Progress, Row};
use crate::look::{Ink, Look, tame};
use crate::number::count;
use std::io::{self, Write};
use terminal_size::terminal_size_of;

/// No more lines than this are drawn.
const MOST: usize = 20;

/// How long a bar is, in columns, and where there is room for one.
const BAR: usize = 10;
const WIDE: usize = 50;

/// The lines that were drawn last.
#[derive(Debug, Default)]
pub(super) struct Screen {
    drawn: usize,
}

impl Screen {
    /// Draws the lines in place of those that were drawn last.
    pub(super) fn draw(&mut self, progress: &Progress, look: &Look) -> io::Result<()> {
        let size = terminal_size_of(io::stdout());
        let (columns, rows) =
            size.map_or((look.width, MOST), |it| (usize::from(it.0.0), usize::from(it.1.0)));
        let lines = frame(progress, look, columns, MOST.min(rows.saturating_sub(1)));
        let text: String = lines.iter().map(|it| format!("{it}\n")).collect();
        let put = self.put(&text);
        self.drawn = lines.len();
        put
    }

    /// Says something above the lines.
    pub(super) fn say(&mut self, line: &str) -> io::Result<()> {
        let put = self.put(&format!("{line}\n"));
        self.drawn = 0;
        put
    }

    /// Leaves the lines where they are: something else stands below them.
    pub(super) fn leave(&mut self) {
        self.drawn = 0;
    }

    fn put(&self, text: &str) -> io::Result<()> {
        let back =
            if self.drawn == 0 { String::new() } else { format!("\x1b[{}A\r\x1b[J", self.drawn) };
        let mut out = io::stdout().lock();
        out.write_all((back + text).as_bytes()).and_then(|()| out.flush())
    }
}

/// How far all is: a line for each machine, switch and cluster, as far as there is room.
fn frame(progress: &Progress, look: &Look, columns: usize, room: usize) -> Vec<String> {
    let rows = progress.rows();
    if rows.is_empty() || room == 0 {
        return Vec::new();
    }
    let room = room - 1;
    let shown =
        chosen(progress, &rows, if rows.len() > room { room.saturating_sub(1) } else { room });
    let widest = shown.iter().map(|it| rows[*it].name.chars().count()).max().unwrap_or(0);
    let mut lines = vec![(Ink::Heading, head(progress, columns))];
    lines.extend(shown.iter().map(|it| line(progress, &rows[*it], (widest, columns), look)));
    if shown.len() < rows.len() && room > 0 {
        lines.push((Ink::Faint, rest(progress, &rows, &shown)));
    }
    lines.into_iter().map(|(ink, it)| look.paint(ink, &cut(&it, columns, look))).collect()
}

fn head(progress: &Progress, columns: usize) -> String {
    let (proved, unproved) = progress.counts();
    let plan = &progress.plan;
    let all = count(plan.steps.len(), "step");
    let waves = plan.waves.len();
    let wrong = if unproved == 0 { String::new() } else { format!(", {unproved} not proved") };
    let (round, wave) = (progress.round + 1, progress.wave());
    match columns < WIDE {
        true => format!("round {round}: {proved}/{} proved{wrong}", progress.steps.len()),
        false => format!("round {round}, wave {wave} of {waves}: {proved} of {all} proved{wrong}"),
    }
}

/// What a row is worth showing for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Worth {
    Wrong,
    AtWork,
    Waits,
    Done,
}

fn worth(progress: &Progress, row: &Row) -> Worth {
    let is = |it: &usize| &progress.steps[*it];
    let any = |wanted: fn(&Is) -> bool| row.steps.iter().map(is).any(wanted);
    if any(|it| matches!(it, Is::Unproved(_))) {
        Worth::Wrong
    } else if any(|it| matches!(it, Is::Begun | Is::Sent)) {
        Worth::AtWork
    } else if any(|it| *it == Is::Waiting) {
        Worth::Waits
    } else {
        Worth::Done
    }
}

/// The rows that there is room for: what is wrong and at work first, in the order of the plan.
fn chosen(progress: &Progress, rows: &[Row], room: usize) -> Vec<usize> {
    let mut all: Vec<usize> = (0..rows.len()).collect();
    all.sort_by_key(|it| worth(progress, &rows[*it]));
    all.truncate(room);
    all.sort_unstable();
    all
}

fn line(
    progress: &Progress,
    row: &Row,
    (widest, columns): (usize, usize),
    look: &Look,
) -> (Ink, String) {
    let is = |it: &&usize| progress.steps[**it] == Is::Proved;
    let (proved, all) = (row.steps.iter().filter(is).count(), row.steps.len());
    let full = proved * BAR / all.max(1);
    let signs = look.bar();
    let bar: String = (0..BAR).map(|it| if it < full { signs.stays } else { signs.free }).collect();
    let (ink, now) = match worth(progress, row) {
        Worth::Wrong => (Ink::Warning, wrong(progress, row)),
        Worth::AtWork => (Ink::Note, at_work(progress, row)),
        Worth::Waits => (Ink::Faint, "waits".into()),
        Worth::Done => (Ink::Good, "done".into()),
    };
    let (name, bar) = (&row.name, if columns < WIDE { String::new() } else { bar + " " });
    (ink, format!("  {name:widest$}  {bar}{proved:>3}/{all:<3} {now}"))
}

fn at_work(progress: &Progress, row: &Row) -> String {
    let last =
        row.steps.iter().rev().find(|it| matches!(progress.steps[**it], Is::Begun | Is::Sent));
    last.map(|it| progress.order(*it)).unwrap_or_default()
}

fn wrong(progress: &Progress, row: &Row) -> String {
    let why = row.steps.iter().find_map(|it| match &progress.steps[*it] {
        Is::Unproved(why) => Some(format!("{} is not proved: {why}", progress.order(*it))),
        Is::Waiting | Is::Begun | Is::Sent | Is::Proved => None,
    });
    why.unwrap_or_default()
}

/// How many there was no room for.
fn rest(progress: &Progress, rows: &[Row], shown: &[usize]) -> String {
    let hidden = (0..rows.len()).filter(|it| !shown.contains(it));
    let worths: Vec<Worth> = hidden.map(|it| worth(progress, &rows[it])).collect();
    let many = |it: Worth| worths.iter().filter(|worth| **worth == it).count();
    let parts = [
        (many(Worth::Wrong), "not proved"),
        (many(Worth::AtWork), "at work"),
        (many(Worth::Waits), "waiting"),
        (many(Worth::Done), "done"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|it| it.0 > 0).map(|(many, word)| format!("{many} {word}")).collect();
    format!("  and {}", parts.join(", "))
}

/// One column less than there are: a full line would break.
fn cut(text: &str, columns: usize, look: &Look) -> String {
    let (text, room) = (tame(text), columns.saturating_sub(1));
    if text.chars().count() <= room {
        return text.into_owned();
    }
    let mark = look.ellipsis();
    let kept = room.saturating_sub(mark.chars().count());
    text.chars().take(kept).chain(mark.chars().take(room)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rackberry::exec::Event;
    use rackberry::plan::{Observed, Source, plan_from};

    const LOOK: Look = Look { color: false, color_aside: false, unicode: false, width: 100 };

    /// The lifeboat from bare boards, with so many of its steps proved and the next one sent.
    fn progress(proved: usize) -> Progress {
        let text = include_bytes!("../../racks/lifeboat.yaml");
        let rack = Source::read("lifeboat", text).unwrap().0.resolve().unwrap();
        let plan = plan_from(&rack, &Observed::bare(&rack)).unwrap().1;
        let mut progress = Progress::default();
        progress.event(&Event::Planned { round: 0, plan: plan.into() });
        (0..proved).for_each(|step| progress.event(&Event::Proved { step, already: false }));
        progress.event(&Event::Sending { step: proved });
        progress
    }

    #[test]
    fn every_machine_has_a_line_that_says_what_it_is_at() {
        let lines = frame(&progress(9), &LOOK, 60, MOST);
        assert!(lines[0].starts_with("round 1, wave 1 of 2: 9 of "), "{lines:#?}");
        let line = |name: &str| lines.iter().find(|it| it.trim_start().starts_with(name)).unwrap();
        assert_eq!(line("switch poe").trim(), "switch poe    ##########   4/4   done");
        assert_eq!(line("lifeboat").trim(), "lifeboat      #####.....   1/2   configure lifeboat");
        assert_eq!(line("talos-3").trim(), "talos-3       ..........   0/3   waits");
    }

    #[test]
    fn where_there_is_no_room_what_waits_and_what_is_done_is_counted() {
        for (columns, room) in [(60, 8), (30, 4), (12, 3), (3, 2), (80, 1)] {
            let lines = frame(&progress(9), &LOOK, columns, room);
            assert_eq!(lines.len(), room, "{lines:#?}");
            assert!(lines.iter().all(|it| it.chars().count() < columns), "{lines:#?}");
        }
        let lines = frame(&progress(9), &LOOK, 60, 4);
        assert!(lines[1].contains("configure lifeboat"), "{lines:#?}");
        assert_eq!(lines[3], "  and 9 waiting, 2 done");
        assert_eq!(frame(&progress(9), &LOOK, 60, 0), [""; 0]);
    }

    #[test]
    fn what_is_not_proved_goes_first_and_says_why() {
        let mut progress = progress(9);
        let why = rackberry::exec::Why::Declined("no power".into());
        progress.event(&Event::Ended { step: 9, why });
        let lines = frame(&progress, &LOOK, 100, 3);
        assert!(lines[0].ends_with(", 1 not proved"), "{lines:#?}");
        assert!(lines[1].contains("configure lifeboat is not proved: no power"), "{lines:#?}");
    }
}
