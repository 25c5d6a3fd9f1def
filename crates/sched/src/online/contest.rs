use super::class::NOWHERE;
use super::heap::points;
use super::leaf::MOST;
use super::profile::Profile;
use super::refused::{Filter, Refused};
use super::scale::{Range, logarithm, per_hundred, rounded};
use super::seats::Place;
use super::standing::Standing;
use super::template::{At, Even, Template, Term};
use super::world::World;

/// Nodes that stand alike, or one node, with the best key among them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub(crate) standing: Standing,
    /// What the caller knows them by.
    pub(crate) number: u32,
    pub(crate) nodes: u32,
    pub(crate) top: u64,
}

/// A candidate that no filter turned away.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Finalist {
    candidate: Candidate,
    /// The sum of its spreads, unless it is out of place for one.
    spread: Option<u64>,
    /// What pods pull.
    pull: i64,
    total: i64,
}

/// Decides between candidates by all that depends on more than the node.
#[derive(Clone, Debug, Default)]
pub(crate) struct Contest {
    candidates: Vec<Candidate>,
    finalists: Vec<Finalist>,
    losers: Vec<(u32, Filter)>,
    pub(crate) refused: Refused,
    /// Per hard spread the fewest pods of a place.
    fewest: Vec<u32>,
    /// Per soft spread what a pod weighs.
    weights: Vec<u64>,
    /// Per domain the turn in which it was seen last.
    seen: Vec<u32>,
    turn: u32,
}

/// What a contest is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Matter<'a> {
    pub(crate) profile: &'a Profile,
    pub(crate) world: &'a World,
    pub(crate) template: &'a Template,
    pub(crate) places: &'a [Place],
}

impl Contest {
    /// Begins a contest.
    pub(crate) fn begin(&mut self, nodes: u32) {
        self.candidates.clear();
        self.finalists.clear();
        self.losers.clear();
        self.refused = Refused { nodes, ..Refused::default() };
    }

    #[inline]
    pub(crate) fn offer(&mut self, candidate: Candidate) {
        self.candidates.push(candidate);
    }

    /// The key of the best node and its score, if no filter turned all away.
    pub(crate) fn decide(&mut self, matter: Matter<'_>) -> Option<(u64, i64)> {
        self.filter(matter);
        self.weigh(matter);
        self.add_up(matter);
        let best = self.finalists.iter().max_by_key(|it| (it.total, it.candidate.top as u32))?;
        Some((best.candidate.top, best.total))
    }

    /// The candidates whose best nodes are the best of all, and their keys.
    pub(crate) fn best(&self) -> impl Iterator<Item = (u32, u64)> + '_ {
        let best = self.finalists.iter().map(|it| it.total).max();
        let winners = self.finalists.iter().filter(move |it| Some(it.total) == best);
        winners.map(|it| (it.candidate.number, it.candidate.top))
    }

    /// All candidates that no filter turned away, with their scores.
    pub(crate) fn all(&self) -> impl Iterator<Item = (u32, i64)> + '_ {
        self.finalists.iter().map(|it| (it.candidate.number, it.total))
    }

    /// What turned a candidate away.
    pub(crate) fn why(&self, number: u32) -> Option<Filter> {
        self.losers.iter().find(|it| it.0 == number).map(|it| it.1)
    }

    fn filter(&mut self, matter: Matter<'_>) {
        let (terms, counters) = (&matter.template.terms, &matter.world.counters);
        self.fewest.clear();
        self.fewest.extend(terms.hard.iter().map(|even| {
            let (fewest, places) = counters.all[even.term.counter as usize].emptiest();
            if places < even.min_domains { 0 } else { fewest }
        }));
        // Where nobody is to be found at all, a pod that looks for its like may be the first.
        let none = |term: &Term| counters.all[term.counter as usize].total == 0;
        let first = terms.first && terms.near.iter().all(none);
        for &candidate in &self.candidates {
            match matter.turns_away(&candidate.standing, &self.fewest, first) {
                Some(filter) => {
                    self.refused.add(filter, candidate.nodes);
                    self.losers.push((candidate.number, filter));
                }
                None => {
                    self.finalists.push(Finalist { candidate, spread: None, pull: 0, total: 0 });
                }
            }
        }
    }

    /// How much a pod weighs in each soft spread: the more places there are, the more.
    fn weigh(&mut self, matter: Matter<'_>) {
        let soft = &matter.template.terms.soft;
        self.weights.clear();
        for even in soft {
            let places = match even.term.at {
                At::Node => {
                    let scored = self.finalists.iter().map(|it| it.candidate);
                    let scored = scored.filter(|it| matter.is_placed(&it.standing));
                    scored.map(|it| u64::from(it.nodes)).sum()
                }
                At::Domain(topology) => self.domains(matter, topology),
            };
            self.weights.push(logarithm(places + 2));
        }
    }

    /// How many domains of a topology are in the contest.
    fn domains(&mut self, matter: Matter<'_>, topology: usize) -> u64 {
        let mut domains = 0;
        self.next_turn();
        for it in &self.finalists {
            let standing = &it.candidate.standing;
            if !matter.is_placed(standing) {
                continue;
            }
            // Nodes without the label are a domain of their own, the first.
            let domain = matter.place(standing).domains[topology].wrapping_add(1) as usize;
            if domain >= self.seen.len() {
                self.seen.resize(domain + 1, 0);
            }
            domains += u64::from(self.seen[domain] != self.turn);
            self.seen[domain] = self.turn;
        }
        domains
    }

    fn next_turn(&mut self) {
        self.turn = self.turn.wrapping_add(1);
        if self.turn == 0 {
            self.seen.fill(0);
            self.turn = 1;
        }
    }

    fn add_up(&mut self, matter: Matter<'_>) {
        let mut ranges = Ranges::default();
        for it in &mut self.finalists {
            let standing = &it.candidate.standing;
            it.spread = matter.spread(standing, &self.weights);
            it.pull = matter.pull(standing);
            it.spread.into_iter().for_each(|spread| ranges.spread.widen(spread as i64));
            ranges.pull.widen(it.pull);
            let place = matter.place(standing);
            ranges.taints.widen(i64::from(place.taints));
            ranges.affinity.widen(i64::from(place.affinity));
        }
        for it in &mut self.finalists {
            it.total = matter.total(it, &ranges);
        }
    }
}

/// The least and the most of what is compared between the nodes that passed all filters.
#[derive(Clone, Copy, Debug, Default)]
struct Ranges {
    taints: Range,
    affinity: Range,
    spread: Range,
    pull: Range,
}

impl<'a> Matter<'a> {
    #[inline]
    fn place(&self, standing: &Standing) -> &'a Place {
        &self.places[standing.place as usize]
    }

    /// Whether a node is in all places that its soft spreads ask for.
    fn is_placed(&self, standing: &Standing) -> bool {
        let terms = &self.template.terms;
        let place = self.place(standing);
        let is_in = |even: &Even| match even.term.at {
            At::Node => true,
            At::Domain(topology) => place.is_in(topology),
        };
        terms.lenient || terms.soft.iter().all(is_in)
    }

    fn turns_away(&self, standing: &Standing, fewest: &[u32], first: bool) -> Option<Filter> {
        let terms = &self.template.terms;
        let even = |(even, &fewest): (&Even, &u32)| self.is_even(standing, even, fewest);
        if !terms.hard.iter().zip(fewest).all(even) {
            return Some(Filter::Spread);
        }
        let apart = |term: &Term| self.count(standing, term).is_some_and(|pods| pods > 0);
        let far = !terms.near.is_empty() && !self.is_near(standing, first);
        let wrong = far || standing.apart || terms.apart.iter().any(apart);
        wrong.then_some(Filter::PodAffinity)
    }

    fn is_even(&self, standing: &Standing, even: &Even, fewest: u32) -> bool {
        let pods = match even.term.at {
            At::Node => Some(standing.hard),
            At::Domain(_) => self.count(standing, &even.term),
        };
        let limit = u64::from(even.skew) + u64::from(fewest);
        pods.is_some_and(|pods| u64::from(pods) + u64::from(even.own) <= limit)
    }

    fn is_near(&self, standing: &Standing, first: bool) -> bool {
        let near = &self.template.terms.near;
        let placed = |term: &Term| match term.at {
            At::Node => true,
            At::Domain(topology) => self.place(standing).is_in(topology),
        };
        let pods = |term: &Term| match term.at {
            At::Node => standing.near,
            At::Domain(_) => self.count(standing, term).is_some_and(|pods| pods > 0),
        };
        near.iter().all(placed) && (first || near.iter().all(pods))
    }

    /// The pods in the domain of a term; nothing where there is none, or at the node itself.
    #[inline]
    fn count(&self, standing: &Standing, term: &Term) -> Option<u32> {
        let At::Domain(topology) = term.at else { return None };
        let domain = self.place(standing).domains[topology];
        (domain != NOWHERE).then(|| self.world.counters.within(term.counter, domain))
    }

    /// The sum of the soft spreads; nothing for a node that is out of place.
    fn spread(&self, standing: &Standing, weights: &[u64]) -> Option<u64> {
        let soft = &self.template.terms.soft;
        if soft.is_empty() || !self.is_placed(standing) {
            return None;
        }
        let each = soft.iter().zip(weights).filter_map(|(even, &weight)| {
            let pods = match even.term.at {
                At::Node => standing.soft,
                At::Domain(_) => self.count(standing, &even.term)?,
            };
            Some((pods, weight, even.skew))
        });
        Some(rounded(each))
    }

    fn pull(&self, standing: &Standing) -> i64 {
        let pulls = self.template.terms.pulls.iter();
        pulls.fold(standing.pull, |sum, (term, weight)| {
            let pods = i64::from(self.count(standing, term).unwrap_or(0));
            sum.saturating_add(pods.saturating_mul(*weight))
        })
    }

    fn total(&self, it: &Finalist, ranges: &Ranges) -> i64 {
        let (weights, standing) = (&self.profile.weights, &it.candidate.standing);
        let place = self.place(standing);
        let mut sum = i64::from(points(it.candidate.top));
        let mut add = |weight: u32, points: i64| sum += i64::from(weight) * points;
        add(weights.taints, ranges.taints.fewer(i64::from(place.taints)));
        add(weights.affinity, ranges.affinity.more(i64::from(place.affinity)));
        add(weights.pods, ranges.pull.between(it.pull));
        if !self.template.terms.soft.is_empty() {
            add(weights.spread, it.spread.map_or(0, |it| ranges.spread.even(it as i64)));
        }
        if standing.images != 0 {
            add(weights.images, self.images(standing.images));
        }
        sum
    }

    /// The score of the images that are there already. An image counts by the share of nodes that
    /// have it, so that not everybody goes where the first one went.
    fn images(&self, there: u64) -> i64 {
        let (world, images) = (self.world, &self.template.pod.images);
        let nodes = u128::from(world.nodes.count.max(1));
        let has = images.iter().enumerate().filter(|(at, _)| there >> at & 1 == 1);
        let bytes = has.map(|(_, image)| {
            let bytes = u128::from(world.images.get(image).copied().unwrap_or(0));
            bytes * u128::from(world.nodes.holders(*image)) / nodes
        });
        per_hundred(bytes.sum(), images.len() as u128)
    }
}

const _: () = assert!(MOST == 100, "`per_hundred` counts in hundredths");
