use crate::anneal::Patience;
use std::time::{Duration, Instant};

/// The part of the time that goes down without any heat, to see how much is to be gained.
const PROBE: f64 = 0.1;

/// How hot a search begins, in parts of what is to be gained for each item.
const EAGER: f64 = 10.0;

/// The hottest that it may begin, in parts of the mean weight of an item.
const HOTTEST: f64 = 0.15;

/// What counts as cold, in thousandths of a point: no difference is left to chance.
const FREEZING: f64 = 300.0;

/// Most of the time falls to the temperatures down to this part of the highest; the rest to what
/// is colder.
const KNEE: f64 = 1e-4;
const HOT_SHARE: f64 = 0.8;

/// What the toll has fallen to before it is dropped.
const LAST_TOLL: f64 = 0.01;

/// One course of temperatures, from hot to cold, and how long it takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heat {
    /// The highest temperature, in thousandths of a point.
    hot: f64,
    begin: Instant,
    time: Option<Duration>,
    tries: Option<u64>,
}

/// The time of a search, from which courses are cut.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    begin: Instant,
    time: Option<Duration>,
    tries: Option<u64>,
}

impl Clock {
    pub(crate) fn new(patience: Patience) -> Clock {
        let begin = Instant::now();
        let time = patience.deadline.map(|it| it.saturating_duration_since(begin));
        let none = (time.is_none() && patience.tries.is_none()).then_some(0);
        Clock { begin, time, tries: patience.tries.or(none) }
    }

    /// A short course with no heat.
    pub(crate) fn probe(&self) -> Heat {
        let time = self.time.map(|time| time.mul_f64(PROBE));
        self.course(FREEZING, time, self.tries.map(|tries| (tries as f64 * PROBE) as u64))
    }

    /// A course through all the time that is left, where so much may be gained for each item, and
    /// an item weighs so much, both in thousandths of a point.
    pub(crate) fn main(&self, gain: f64, weight: f64) -> Heat {
        let time = self.time.map(|time| time.saturating_sub(self.begin.elapsed()));
        let tries = self.tries.map(|tries| (tries as f64 * (1.0 - PROBE)) as u64);
        let hot = (gain * EAGER).min(weight * HOTTEST);
        self.course(hot, time, tries)
    }

    fn course(&self, hot: f64, time: Option<Duration>, tries: Option<u64>) -> Heat {
        Heat { hot, begin: Instant::now(), time, tries }
    }
}

impl Heat {
    /// How much of the course is over after so many tries; none when all is.
    pub(crate) fn part(&self, tries: u64) -> Option<f64> {
        let by_tries = self.tries.map_or(0.0, |limit| part_of(tries as f64, limit as f64));
        let by_clock = self
            .time
            .map_or(0.0, |time| self.begin.elapsed().as_secs_f64() / time.as_secs_f64().max(1e-9));
        let part = by_tries.max(by_clock);
        (part < 1.0).then_some(part)
    }

    /// The temperature after a part of the course: most of it is for the first four decades.
    pub(crate) fn temperature(&self, part: f64) -> f64 {
        let knee = (self.hot * KNEE).max(FREEZING);
        let share = if knee > FREEZING { HOT_SHARE } else { 1.0 };
        let falls = |from: f64, to: f64, part: f64| from * (to / from).powf(part);
        match part < share {
            true => falls(self.hot.max(FREEZING), knee, part / share),
            false => falls(knee, FREEZING, (part - share) / (1.0 - share)),
        }
    }

    /// What room at home counts beside its price, in parts of it: less and less, and in the end
    /// nothing.
    pub(crate) fn toll(&self, part: f64) -> f64 {
        if part > HOT_SHARE { 0.0 } else { LAST_TOLL.powf(part / HOT_SHARE) }
    }
}

/// How much of nothing is over is all.
fn part_of(some: f64, all: f64) -> f64 {
    if all > 0.0 { some / all } else { 1.0 }
}
