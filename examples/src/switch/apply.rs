//! `rackberry switch apply`: one step after the other, each proved before the next, and a journal of it all.

use super::site::{Book, Site};
use super::way::Way;
use super::{agrees, can_ask, on_interrupt, talk, told};
use crate::answer::{Answer, Failure};
use crate::args::SwitchApplyArgs;
use crate::file;
use crate::look::Look;
use rackberry::exec::{Disk, Event, Events, Fleet, How, Patience, Reached, converge};
use rackberry::plan::{plan_switch, verify_switch};
use std::env;
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// How long a step is looked for: the switch does what it was told before it answers.
const PATIENCE: Patience = Patience {
    least: Duration::from_secs(20),
    looks: 2,
    factor: 1,
    first: Duration::ZERO,
    pause: Duration::from_millis(500),
    longest: Duration::from_secs(3),
};

/// How often it is planned anew from what is seen, as long as that proves something.
const ROUNDS: usize = 8;

/// What `switch apply` answers.
pub(super) fn run(args: &SwitchApplyArgs, look: &Look) -> Result<Answer, Failure> {
    can_ask(args.yes, "apply")?;
    let site = Site::new(&args.target, look)?;
    let book = site.book()?;
    talk(&site, apply(args, (&site, book), look))
}

async fn apply(
    args: &SwitchApplyArgs,
    (site, book): (&Site, &Book),
    look: &Look,
) -> Result<Answer, Failure> {
    let way = Way::new(site, book, &site.observe().await?)?;
    let text = way.text(site, look);
    if !way.refused.is_empty() {
        let aside = "nothing was sent: correct the rack file first\n".into();
        return Ok(Answer { text, aside, status: 1 });
    }
    if way.is_done() {
        return Ok(Answer::new(text));
    }
    if !agrees(args.yes, &text).await? {
        return Ok(Answer { text: "nothing was sent\n".into(), status: 1, ..Answer::default() });
    }
    let (reached, events) = carried_out(args, site, book).await?;
    let (end, is_done) = told::end((site, book), &reached, look).await;
    let text = told::steps(&reached, events, look) + &end;
    Ok(Answer { text, status: u8::from(!is_done), ..Answer::default() })
}

/// Plans and carries out, and plans anew from what is seen then.
async fn carried_out(
    args: &SwitchApplyArgs,
    site: &Site,
    book: &Book,
) -> Result<(Reached, UnboundedReceiver<Event>), Failure> {
    let rack = &book.rack;
    let name = format!("{}-{}.journal", rack.rack.rack, site.id);
    let path = args.journal.clone().unwrap_or_else(|| PathBuf::from(name));
    let opened = Disk::open(&path, &rack.rack.rack);
    let mut journal = opened
        .map_err(|it| file::failure("open the journal, so that nothing was sent:", &path, &it))?
        .journal;
    let mut fleet = Fleet::default();
    fleet.put_switch(rack, book.at, site.device.clone(), args.stagger);
    let (events_to, events) = unbounded_channel();
    let words: Vec<String> = env::args_os().skip(1).map(|it| it.display().to_string()).collect();
    let how = How {
        patience: PATIENCE,
        stop: on_interrupt(),
        asked: format!("rackberry {}", words.join(" ")),
        events: Events::to(events_to),
        rounds: ROUNDS,
        idle: 2,
        plan: &|rack, seen| Ok(plan_switch(rack, seen, book.at)),
        verify: &|plan, rack, seen| verify_switch(plan, rack, seen).map(drop),
        ..How::default()
    };
    Ok((converge(rack, &fleet, &mut journal, &how).await, events))
}
