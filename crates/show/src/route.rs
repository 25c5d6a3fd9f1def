//! The ways of arrows between cards: down or up into the channel between two rows, along it in a lane of
//! their own, and from there to the other card.
//!
//! Channel 0 is above the first row, channel 1 below it, and so on. How many lanes a channel has decides
//! how far apart the rows stand, so routing comes before anything is drawn.

use crate::grid::Grid;
use crate::pen::Area;

/// How high a lane is; a label fits into it.
const LANE: f64 = 25.0;
/// Between the cards and the first lane.
const PAD: f64 = 13.0;
/// How long a detour is worth not to share the room between two columns with another arrow.
const CROWDED: f64 = 90.0;
/// The rows stand at least this far apart.
const APART: f64 = 20.0;

/// Where arrows can leave or reach a card.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stand {
    pub x: f64,
    pub w: f64,
    pub row: usize,
    /// Whether its upper and its lower edge can be reached.
    pub top: bool,
    pub bottom: bool,
}

impl Stand {
    /// The channels that an arrow can leave into.
    fn channels(&self) -> impl Iterator<Item = usize> {
        let below = self.bottom.then_some(self.row + 1);
        let above = self.top.then_some(self.row);
        below.into_iter().chain(above)
    }
}

/// What is to be drawn: an arrow between two stands, with a label of this width.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish {
    pub from: usize,
    pub to: usize,
    pub label: f64,
}

/// One run along a channel.
#[derive(Clone, Copy, Debug)]
struct Run {
    wish: usize,
    channel: usize,
    from: f64,
    to: f64,
    /// Whether each end comes from the row above the channel.
    above: (bool, bool),
    /// Where the label stands, if it stands on this run.
    label: Option<f64>,
    lane: usize,
}

impl Run {
    fn length(&self) -> f64 {
        (self.to - self.from).abs()
    }

    fn middle(&self) -> f64 {
        (self.from + self.to) / 2.0
    }

    /// What it covers, with its label.
    fn span(&self, wishes: &[Wish]) -> (f64, f64) {
        let (mut low, mut high) = (self.from.min(self.to), self.from.max(self.to));
        if let Some(at) = self.label {
            let half = wishes[self.wish].label / 2.0;
            (low, high) = (low.min(at - half), high.max(at + half));
        }
        (low - 10.0, high + 10.0)
    }
}

/// The routes of all wishes.
#[derive(Debug)]
pub(crate) struct Routes {
    wishes: Vec<Wish>,
    runs: Vec<Run>,
    /// How many lanes each channel has.
    lanes: Vec<usize>,
}

/// One arrow, ready to be drawn.
#[derive(Debug)]
pub(crate) struct Track {
    /// The wish, by position.
    pub wish: usize,
    pub points: Vec<(f64, f64)>,
    /// The middle of the label.
    pub label: (f64, f64),
}

impl Routes {
    /// Finds a way for each wish. Stands are by position; `within` is how far labels may reach.
    pub(crate) fn new(
        wishes: Vec<Wish>,
        stands: &[Stand],
        grid: &Grid,
        within: (f64, f64),
    ) -> Self {
        let ends: Vec<_> =
            wishes.iter().map(|it| channels(&stands[it.from], &stands[it.to])).collect();
        let docks = docks(&wishes, &ends, stands);
        let mut used = Vec::new();
        let runs = wishes.iter().enumerate().flat_map(|(at, wish)| {
            let rows = (stands[wish.from].row, stands[wish.to].row);
            runs(at, rows, ends[at], docks[at], grid, &mut used)
        });
        let runs = runs.collect();
        let mut routes = Self { wishes, runs, lanes: vec![0; grid.rows + 1] };
        routes.choose_labelled_runs(within);
        routes.choose_lanes();
        routes.place_labels(within);
        routes
    }

    /// How high a channel is.
    pub(crate) fn height(&self, channel: usize) -> f64 {
        let outside = channel == 0 || channel + 1 == self.lanes.len();
        match self.lanes.get(channel) {
            None | Some(0) if outside => 0.0,
            None | Some(0) => APART,
            Some(lanes) => 2.0 * PAD + LANE * *lanes as f64,
        }
    }

    /// The arrows, once it is known where the channels begin and where each card is.
    pub(crate) fn tracks(&self, tops: &[f64], areas: &[Area]) -> Vec<Track> {
        (0..self.wishes.len()).map(|it| self.track(it, tops, areas)).collect()
    }

    fn track(&self, wish: usize, tops: &[f64], areas: &[Area]) -> Track {
        let runs: Vec<_> = self.runs.iter().filter(|it| it.wish == wish).collect();
        let edge = |area: &Area, above: bool| if above { area.bottom() } else { area.y };
        let lane = |run: &Run| tops[run.channel] + PAD + LANE * (run.lane as f64 + 0.5);
        let Wish { from, to, .. } = self.wishes[wish];
        let mut points = Vec::new();
        let mut label = (0.0, 0.0);
        for (at, run) in runs.iter().enumerate() {
            if at == 0 {
                points.push((run.from, edge(&areas[from], run.above.0)));
            }
            points.extend([(run.from, lane(run)), (run.to, lane(run))]);
            if at + 1 == runs.len() {
                points.push((run.to, edge(&areas[to], run.above.1)));
            }
            if let Some(x) = run.label {
                label = (x, lane(run));
            }
        }
        Track { wish, points, label }
    }

    /// The label of an arrow stands on its longest run, or beside it where it would reach too far.
    fn choose_labelled_runs(&mut self, within: (f64, f64)) {
        for wish in 0..self.wishes.len() {
            let own = self.runs.iter_mut().filter(|it| it.wish == wish);
            if let Some(run) = own.max_by(|a, b| a.length().total_cmp(&b.length())) {
                run.label = Some(inside(run.middle(), self.wishes[wish].label / 2.0, within));
            }
        }
    }

    /// Gives each run the first lane where nothing is in its way. What hangs from one row is nested,
    /// the shortest innermost; of what crosses the channel, the longest comes first.
    fn choose_lanes(&mut self) {
        let mut order: Vec<usize> = (0..self.runs.len()).collect();
        order.sort_by(|a, b| {
            let key = |it: &Run| match it.above {
                (true, true) => (0, it.length()),
                (true, false) | (false, true) => (1, -it.length()),
                (false, false) => (2, -it.length()),
            };
            let (a, b) = (key(&self.runs[*a]), key(&self.runs[*b]));
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
        });
        let mut taken: Vec<Vec<Vec<(f64, f64)>>> = vec![Vec::new(); self.lanes.len()];
        for at in order {
            let (low, high) = self.runs[at].span(&self.wishes);
            let Some(lanes) = taken.get_mut(self.runs[at].channel) else { continue };
            let free = |lane: &Vec<(f64, f64)>| lane.iter().all(|it| it.1 < low || it.0 > high);
            let lane = lanes.iter().position(free).unwrap_or(lanes.len());
            if lane == lanes.len() {
                lanes.push(Vec::new());
            }
            lanes[lane].push((low, high));
            self.runs[at].lane = lane;
        }
        self.lanes = taken.iter().map(Vec::len).collect();
    }

    /// Moves labels along their runs to where no other arrow passes under them, if there is such a place.
    fn place_labels(&mut self, within: (f64, f64)) {
        let all = self.runs.clone();
        for run in &mut self.runs {
            if run.label.is_none() {
                continue;
            }
            let (middle, half) = (run.middle(), self.wishes[run.wish].label / 2.0);
            let crossings = crossings(run, &all);
            let clear = |at: &f64| crossings.iter().all(|it| (it - at).abs() > half + 6.0);
            let slack = (run.length() / 2.0 - half - 12.0).max(0.0);
            let steps = (0..=8).map(|it| slack * f64::from(it) / 8.0);
            let places = steps.flat_map(|it| [middle - it, middle + it]);
            let place = places.into_iter().find(clear).unwrap_or(middle);
            run.label = Some(inside(place, half, within));
        }
    }
}

/// The runs of one wish: along one channel, or along two and through a gutter between them.
fn runs(
    wish: usize,
    rows: (usize, usize),
    (out, into): (usize, usize),
    (from, to): (f64, f64),
    grid: &Grid,
    used: &mut Vec<f64>,
) -> Vec<Run> {
    let above = (out == rows.0 + 1, into == rows.1 + 1);
    let run = |channel, from, to, above| {
        let (label, lane) = (None, 0);
        Run { wish, channel, from, to, above, label, lane }
    };
    if out == into {
        return vec![run(out, from, to, above)];
    }
    let gutters = grid.gutters(out.min(into)..out.max(into));
    let others = |gutter: f64| used.iter().filter(|it| **it == gutter).count();
    let way =
        |gutter: f64| (gutter - from).abs() + (gutter - to).abs() + CROWDED * others(gutter) as f64;
    let best = gutters.into_iter().min_by(|a, b| way(*a).total_cmp(&way(*b))).unwrap_or(from);
    let gutter = best + [0.0, 6.0, -6.0][others(best) % 3];
    used.push(best);
    vec![
        run(out, from, gutter, (above.0, into < out)),
        run(into, gutter, to, (out < into, above.1)),
    ]
}

/// The place nearest to `at` where what reaches `half` to both sides is `within` bounds.
fn inside(at: f64, half: f64, within: (f64, f64)) -> f64 {
    at.clamp(within.0 + half, (within.1 - half).max(within.0 + half))
}

/// Where other arrows cross the lane of a run.
fn crossings(run: &Run, all: &[Run]) -> Vec<f64> {
    let others = all.iter().filter(|it| it.channel == run.channel && it.wish != run.wish);
    let crosses = |above: bool, lane: usize| if above { lane > run.lane } else { lane < run.lane };
    others
        .flat_map(|it| [(it.from, it.above.0, it.lane), (it.to, it.above.1, it.lane)])
        .filter(|(_, above, lane)| crosses(*above, *lane))
        .map(|it| it.0)
        .collect()
}

/// The channels that are nearest to each other: into which it leaves, and from which it arrives.
fn channels(from: &Stand, to: &Stand) -> (usize, usize) {
    let all = from.channels().flat_map(|out| to.channels().map(move |into| (out, into)));
    all.min_by_key(|(out, into)| out.abs_diff(*into)).unwrap_or((from.row + 1, to.row + 1))
}

/// Where each arrow leaves and where it arrives, spread along the edges of the cards.
fn docks(wishes: &[Wish], ends: &[(usize, usize)], stands: &[Stand]) -> Vec<(f64, f64)> {
    let middle = |stand: usize| stands[stand].x + stands[stand].w / 2.0;
    let mut docks: Vec<_> = wishes.iter().map(|it| (middle(it.from), middle(it.to))).collect();
    for (at, stand) in stands.iter().enumerate() {
        for channel in [stand.row, stand.row + 1] {
            let mut here: Vec<(i32, f64, usize, bool)> = Vec::new();
            for (wish, it) in wishes.iter().enumerate() {
                let (out, into) = ends[wish];
                // What leaves and arrives in the same channel on the same side hangs in it like a bow.
                let bow = out == into && stands[it.from].row == stands[it.to].row;
                if it.from == at && out == channel {
                    here.push(side(middle(it.to) - middle(at), bow, wish, true));
                }
                if it.to == at && into == channel {
                    here.push(side(middle(it.from) - middle(at), bow, wish, false));
                }
            }
            here.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
            let step = stand.w / (here.len() as f64 + 1.0);
            for (position, (_, _, wish, leaves)) in here.iter().enumerate() {
                let x = stand.x + step * (position as f64 + 1.0);
                if *leaves { docks[*wish].0 = x } else { docks[*wish].1 = x }
            }
        }
    }
    keep_apart(&mut docks, ends);
    docks
}

/// Moves docks to the right that would lie over each other in a channel, be it from both its sides.
fn keep_apart(docks: &mut [(f64, f64)], ends: &[(usize, usize)]) {
    const APART: f64 = 18.0;
    let both = ends.iter().enumerate().flat_map(|(at, it)| [(it.0, at, true), (it.1, at, false)]);
    let mut order: Vec<(usize, usize, bool)> = both.collect();
    let x = |docks: &[(f64, f64)], it: &(usize, usize, bool)| {
        if it.2 { docks[it.1].0 } else { docks[it.1].1 }
    };
    order.sort_by(|a, b| a.0.cmp(&b.0).then(x(docks, a).total_cmp(&x(docks, b))));
    for at in 1..order.len() {
        let (before, here) = (order[at - 1], order[at]);
        let least = x(docks, &before) + APART;
        if before.0 == here.0 && x(docks, &here) < least {
            if here.2 { docks[here.1].0 = least } else { docks[here.1].1 = least }
        }
    }
}

/// The order of arrows along an edge: so that bows nest, and other arrows do not cross.
fn side(distance: f64, bow: bool, wish: usize, leaves: bool) -> (i32, f64, usize, bool) {
    let side = if distance.abs() < 1.0 { 0 } else { distance.signum() as i32 };
    let key = match (bow, side < 0) {
        (true, true) => distance.abs(),
        (true, false) => -distance.abs(),
        (false, _) => distance,
    };
    (side, key, wish, leaves)
}
