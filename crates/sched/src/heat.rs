use crate::Checked;
use crate::anneal::Patience;
use std::ops::Range;
use std::time::{Duration, Instant};

/// How hot a search begins at most, in parts of the mean weight of an item; at least; and at least
/// where room lingers, for only heat finds out who should stay at home.
const HOTTEST: f64 = 1.2;
const COOLEST: f64 = 2e-6;
const COOLEST_LINGERING: f64 = 0.13;

/// What it is between them: so much for this power of what is to be gained for each item, in parts
/// of the mean weight too.
const EAGER: f64 = 1.4e8;
const EAGERNESS: f64 = 2.5;

/// What counts as cold, in thousandths of a point: no difference is left to chance.
const FREEZING: f64 = 300.0;

/// Most of the time falls to the temperatures down to this part of the highest; the rest to what
/// is colder.
const KNEE: f64 = 1e-4;
const HOT_SHARE: f64 = 0.8;

/// What the toll has fallen to before it is dropped.
const LAST_TOLL: f64 = 0.01;

/// What being above capacity costs, in parts of what it costs to be above what is safe: at first,
/// and after this part of the course.
const FIRST_FINE: f64 = 0.03;
const LAST_FINE: f64 = 1000.0;
const FINE_SHARE: f64 = 0.5;

/// How a course differs from the usual one: so many times as hot, and as much toll.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    heat: f64,
    toll: f64,
}

/// The usual manner; the others do better on some problems where room lingers, and no rule was
/// found that foretells on which.
const MANNERS: [Manner; 4] = [
    Manner { heat: 1.0, toll: 1.0 },
    Manner { heat: 1.0, toll: 0.1 },
    Manner { heat: 3.3, toll: 1.0 },
    Manner { heat: 3.3, toll: 0.1 },
];

/// A stretch of time, or so many tries, whichever is over first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    begin: Instant,
    time: Option<Duration>,
    tries: Option<u64>,
}

/// A course of temperatures, from hot to cold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heat {
    /// The highest temperature, in thousandths of a point.
    hot: f64,
    manner: Manner,
}

impl Slot {
    /// All the time that a search has.
    pub(crate) fn new(patience: Patience) -> Slot {
        let begin = Instant::now();
        let time = patience.deadline.map(|it| it.saturating_duration_since(begin));
        let none = (time.is_none() && patience.tries.is_none()).then_some(0);
        Slot { begin, time, tries: patience.tries.or(none) }
    }

    /// From now until a part of its time is over, or so many of its tries.
    pub(crate) fn leg(&self, course: Range<f64>) -> Slot {
        let tries = |tries: u64| (tries as f64 * (course.end - course.start)) as u64;
        let time = |time: Duration| time.mul_f64(course.end).saturating_sub(self.begin.elapsed());
        Slot { begin: Instant::now(), time: self.time.map(time), tries: self.tries.map(tries) }
    }

    /// How many of so many tries it has left after others.
    pub(crate) fn left(&self, tried: u64, wanted: u64) -> u64 {
        self.tries.map_or(wanted, |tries| tries.saturating_sub(tried).min(wanted))
    }

    /// How much of it is over after so many tries; 1 and more when all is.
    pub(crate) fn part(&self, tries: u64) -> f64 {
        let part_of = |some: f64, all: f64| if all > 0.0 { some / all } else { 1.0 };
        let by_tries = self.tries.map_or(0.0, |limit| part_of(tries as f64, limit as f64));
        let passed = || self.begin.elapsed().as_secs_f64();
        by_tries.max(self.time.map_or(0.0, |time| part_of(passed(), time.as_secs_f64())))
    }
}

impl Heat {
    /// A course with no heat.
    pub(crate) fn none() -> Heat {
        Heat { hot: FREEZING, manner: MANNERS[0] }
    }

    /// A course for where so much may be gained for each item, in thousandths of a point.
    pub(crate) fn new(checked: &Checked, gain: f64) -> Heat {
        let weight = checked.mean_weight() as f64;
        let eager = EAGER * (gain / weight.max(1.0)).powf(EAGERNESS);
        let least = if checked.terms.has_lingering() { COOLEST_LINGERING } else { COOLEST };
        Heat { hot: weight * eager.clamp(least, HOTTEST), manner: MANNERS[0] }
    }

    /// Whether a problem may want another manner than the usual one.
    pub(crate) fn has_manners(checked: &Checked) -> bool {
        checked.terms.has_lingering()
    }

    /// The courses that are worth a trial for a problem, again and again.
    pub(crate) fn manners(self, checked: &Checked) -> impl Iterator<Item = Heat> {
        let manners = if Heat::has_manners(checked) { &MANNERS[..] } else { &MANNERS[..1] };
        manners.iter().cycle().map(move |&manner| Heat { hot: self.hot * manner.heat, manner })
    }

    /// The temperature after a part of the course: most of it is for the first four decades.
    pub(crate) fn temperature(&self, part: f64) -> f64 {
        let knee = (self.hot * KNEE).max(FREEZING);
        let share = if knee > FREEZING { HOT_SHARE } else { 1.0 };
        match part < share {
            true => slide(self.hot.max(FREEZING), knee, part / share),
            false => slide(knee, FREEZING, (part - share) / (1.0 - share)),
        }
    }

    /// What room at home counts beside its price, in parts of it: less and less, and in the end
    /// nothing.
    pub(crate) fn toll(&self, part: f64) -> f64 {
        if part > HOT_SHARE {
            return 0.0;
        }
        slide(self.manner.toll, LAST_TOLL, part / HOT_SHARE)
    }

    /// What being above capacity counts beside its price, in parts of it: more and more. `urge`
    /// is how often that was not enough in the end.
    pub(crate) fn fine(&self, part: f64, urge: u32) -> f64 {
        let first = FIRST_FINE / self.manner.heat.powi(2);
        let fine = slide(first, LAST_FINE, (part / FINE_SHARE).min(1.0));
        fine * f64::from(1 << urge.min(20))
    }

    /// Whether the time has come to end below capacity.
    pub(crate) fn is_late(&self, part: f64) -> bool {
        part > HOT_SHARE
    }
}

/// From one value to another, by equal factors.
fn slide(from: f64, to: f64, part: f64) -> f64 {
    from * (to / from).powf(part)
}
