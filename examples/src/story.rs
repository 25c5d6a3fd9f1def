//! What a journal tells, run by run.

use rackberry::exec::{Entry, Record};
use std::time::Duration;

/// One run: what was asked, and all that was written until the next one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run<'a>(&'a [Record]);

/// The runs of a journal, from the oldest.
pub(crate) fn runs(records: &[Record]) -> Vec<Run<'_>> {
    let runs = records.chunk_by(|_, next| !matches!(next.entry, Entry::Asked { .. }));
    runs.map(Run).collect()
}

/// A plan that was carried out.
#[derive(Debug, Default)]
pub(crate) struct Round<'a> {
    /// How many steps it has.
    pub steps: usize,
    /// What was sent, in this order.
    pub orders: Vec<Order<'a>>,
    /// How many steps were so before anything was sent.
    pub already: usize,
}

/// An order that was sent, or was about to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order<'a> {
    pub step: usize,
    pub text: &'a str,
    /// When, in seconds since 1970.
    pub at: u64,
    pub became: Became<'a>,
}

/// What has become of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Became<'a> {
    /// Its proof was seen, so many seconds after it was sent.
    Proved(u64),
    /// The device has declined it.
    Declined(&'a str),
    /// Nothing more is told of it, though its round has come to its end.
    Unproved,
    /// Nothing more is told of it, nor of its round.
    InHand,
}

impl<'a> Run<'a> {
    /// What was asked for; nothing where that is not told.
    pub(crate) fn asked(&self) -> &'a str {
        let first = self.0.first().map(|it| &it.entry);
        let Some(Entry::Asked { what, .. }) = first else { return "" };
        what
    }

    /// The rack.
    pub(crate) fn rack(&self) -> &'a str {
        self.0.iter().find_map(|it| it.entry.rack()).unwrap_or("a rack")
    }

    /// When it began, in seconds since 1970.
    pub(crate) fn began(&self) -> u64 {
        self.0.first().map_or(0, |it| it.at)
    }

    /// How long it is told of.
    pub(crate) fn lasted(&self) -> Duration {
        let last = self.0.last().map_or(0, |it| it.at);
        Duration::from_secs(last.saturating_sub(self.began()))
    }

    /// Whether the rack was as described in the end, and how it ended; none where it has come to no end.
    pub(crate) fn end(&self) -> Option<(bool, &'a str)> {
        let Entry::Finished { described, how } = &self.0.last()?.entry else { return None };
        Some((*described, how))
    }

    /// How many steps were sent and proved.
    pub(crate) fn proved(&self) -> usize {
        let proved = |it: &&Record| matches!(it.entry, Entry::Proved { already: false, .. });
        self.0.iter().filter(proved).count()
    }

    /// What was carried out in it.
    pub(crate) fn rounds(&self) -> Vec<Round<'a>> {
        let mut rounds: Vec<Round<'a>> = Vec::new();
        for record in self.0 {
            match &record.entry {
                Entry::Began { steps, .. } => {
                    rounds.push(Round { steps: *steps, ..Round::default() });
                }
                Entry::Asked { .. } | Entry::Finished { .. } => {}
                Entry::Sending { .. }
                | Entry::Declined { .. }
                | Entry::Proved { .. }
                | Entry::Ended { .. } => {
                    if rounds.is_empty() {
                        rounds.push(Round::default());
                    }
                    rounds.iter_mut().last().into_iter().for_each(|it| it.take_in(record));
                }
            }
        }
        rounds
    }
}

impl<'a> Round<'a> {
    fn take_in(&mut self, record: &'a Record) {
        match &record.entry {
            Entry::Sending { step, order, .. } => {
                let (step, at, became) = (*step, record.at, Became::InHand);
                self.orders.push(Order { step, text: order, at, became });
            }
            Entry::Declined { step, why } => self.ends(*step, |_| Became::Declined(why)),
            Entry::Proved { step, already: false } => {
                self.ends(*step, |sent| Became::Proved(record.at.saturating_sub(sent)));
            }
            Entry::Proved { already: true, .. } => self.already += 1,
            Entry::Ended { .. } => {
                let open = |it: &&mut Order<'_>| it.became == Became::InHand;
                self.orders.iter_mut().filter(open).for_each(|it| it.became = Became::Unproved);
            }
            Entry::Asked { .. } | Entry::Began { .. } | Entry::Finished { .. } => {}
        }
    }

    fn ends(&mut self, step: usize, became: impl Fn(u64) -> Became<'a>) {
        let of_it = |it: &&mut Order<'_>| it.step == step && it.became == Became::InHand;
        self.orders.iter_mut().filter(of_it).for_each(|it| it.became = became(it.at));
    }

    /// The orders that a run had in hand when it was cut.
    pub(crate) fn in_hand(&self) -> impl Iterator<Item = &Order<'a>> {
        self.orders.iter().filter(|it| it.became == Became::InHand)
    }
}
