use super::cluster::Cluster;
use super::contest::{Candidate, Matter};
use super::invalid::Invalid;
use super::matching::selects;
use super::node::NodeId;
use super::pod::{PodId, PodSelector};
use super::standing::{Question, Says, ask};
use super::template::TemplateId;
use std::cmp::Reverse;

/// How many pods may be missing at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// The pods; its namespaces have to be said.
    pub pods: PodSelector,
    /// How many more of them may go now.
    pub allowed: u32,
}

/// Who would have to go, and where, so that a pod has a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preemption {
    /// The node.
    pub node: NodeId,
    /// The pods that go, the most important first.
    pub victims: Vec<PodId>,
    /// How many of them go although their budget forbids it.
    pub violations: u32,
}

/// A pod that may have to go.
#[derive(Clone, Copy, Debug)]
struct Victim {
    pod: PodId,
    template: u32,
    priority: i32,
    since: u64,
    violates: bool,
}

impl Victim {
    /// The most important comes first: of high priority, and there for long.
    fn rank(&self) -> (Reverse<i32>, u64) {
        (Reverse(self.priority), self.since)
    }
}

impl Cluster {
    /// Who would have to go so that a pod of a template has a place: pods of lower priority on one
    /// node, as few as possible. Nothing is removed.
    ///
    /// Of several nodes it is the one with the fewest violated budgets; then the lowest priority
    /// of its most important victim, the least sum of priorities, the fewest victims, the latest
    /// arrival of the longest-serving of the most important victims, and the lowest number.
    ///
    /// # Errors
    ///
    /// [`Invalid::Template`].
    pub fn preempt(
        &mut self,
        template: TemplateId,
        budgets: &[Budget],
    ) -> Result<Option<Preemption>, Invalid> {
        self.knows(template)?;
        let pod = &self.world.templates[template.slot as usize].pod;
        let priority = pod.priority;
        if pod.patient {
            return Ok(None);
        }
        let mut lowest = std::mem::take(&mut self.lowest);
        lowest.refresh(&self.world);
        let mut best: Option<(Price, Vec<Victim>)> = None;
        for (least, node) in lowest.below(priority) {
            let known = best.as_ref().map(|it| it.0);
            if known.is_some_and(|it| it.violations == 0 && it.highest < least) {
                // No victim is of lower priority from here on.
                break;
            }
            let candidates = self.candidates(node, priority, budgets);
            let found = self.victims(template.slot, node, &candidates, known);
            let priced = found.map(|victims| (price(&victims, node), victims));
            best = priced.filter(|it| known.is_none_or(|known| it.0 < known)).or(best);
        }
        self.lowest = lowest;
        Ok(best.map(|(price, victims)| Preemption {
            node: NodeId(price.node),
            violations: price.violations,
            victims: victims.iter().map(|it| it.pod).collect(),
        }))
    }

    /// The pods of a node that may have to go, the most important first.
    fn candidates(&self, node: u32, priority: i32, budgets: &[Budget]) -> Vec<Victim> {
        let world = &self.world;
        let first = world.nodes.first[node as usize];
        let victim = |(pod, it): (PodId, &super::pods::Running)| {
            let priority = world.templates[it.template as usize].pod.priority;
            Victim { pod, template: it.template, priority, since: it.since, violates: false }
        };
        let all = world.pods.list(first).map(victim);
        let mut all: Vec<Victim> = all.filter(|it| it.priority < priority).collect();
        all.sort_unstable_by_key(Victim::rank);
        let mut left: Vec<i64> = budgets.iter().map(|it| i64::from(it.allowed)).collect();
        for victim in &mut all {
            let pod = &world.templates[victim.template as usize].pod;
            for (budget, left) in budgets.iter().zip(&mut left) {
                if selects(&budget.pods, pod) {
                    *left -= 1;
                    victim.violates |= *left < 0;
                }
            }
        }
        all
    }

    /// Those who cannot stay, if the pod has a place without them and they cost no more than the
    /// best known. The world is the same again afterwards, so nobody has to be told of the changes.
    fn victims(
        &mut self,
        template: u32,
        node: u32,
        candidates: &[Victim],
        known: Option<Price>,
    ) -> Option<Vec<Victim>> {
        if self.is_closed(template, node) {
            return None;
        }
        candidates.iter().for_each(|it| self.world.go(it.template, node));
        if !self.takes(template, node) {
            candidates.iter().for_each(|it| self.world.come(it.template, node));
            return None;
        }
        let mut victims = Vec::new();
        // Who is protected by a budget is the first to be let stay.
        let (protected, others): (Vec<Victim>, Vec<Victim>) =
            candidates.iter().partition(|it| it.violates);
        let mut all = protected.into_iter().chain(others);
        let mut is_worse = false;
        while !is_worse && let Some(victim) = all.next() {
            self.world.come(victim.template, node);
            if !self.takes(template, node) {
                self.world.go(victim.template, node);
                victims.push(victim);
                let so_far = price(&victims, node).so_far();
                is_worse = known.is_some_and(|known| so_far > known.so_far());
            }
        }
        victims.iter().copied().chain(all).for_each(|it| self.world.come(it.template, node));
        victims.sort_unstable_by_key(Victim::rank);
        (!victims.is_empty() && !is_worse).then_some(victims)
    }

    /// Whether a node turns the pod away whoever goes.
    fn is_closed(&mut self, template: u32, node: u32) -> bool {
        self.sit(self.world.templates[template as usize].wish);
        let (profile, world) = (&self.profile, &self.world);
        let wish = world.wishes.get(world.templates[template as usize].wish);
        let seat = self.seats.seat(profile, world, wish, world.nodes.class[node as usize]);
        seat.early.or(seat.late).is_some()
    }

    /// Whether no filter turns one node away.
    fn takes(&mut self, template: u32, node: u32) -> bool {
        self.sit(self.world.templates[template as usize].wish);
        let (profile, world) = (&self.profile, &self.world);
        let template = &world.templates[template as usize];
        let question = Question::new(profile, world, template);
        let says = ask(question, &mut self.seats, node);
        let Says::Yes(standing, _) = says else { return false };
        self.contest.begin(1);
        self.contest.offer(Candidate { standing, number: node, nodes: 1, top: 0 });
        let places = &self.seats.places;
        self.contest.decide(Matter { profile, world, template, places }).is_some()
    }
}

/// What the victims of a node cost, in the order of what matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Price {
    violations: u32,
    highest: i32,
    sum: i64,
    victims: usize,
    earliest: Reverse<u64>,
    node: u32,
}

impl Price {
    /// What only grows with every victim more.
    fn so_far(&self) -> (u32, i32, i64, usize) {
        (self.violations, self.highest, self.sum, self.victims)
    }
}

fn price(victims: &[Victim], node: u32) -> Price {
    let highest = victims.iter().map(|it| it.priority).max().unwrap_or(i32::MIN);
    // Shifted, so that fewer victims of negative priority are not worse than more.
    let shifted = victims.iter().map(|it| i64::from(it.priority) + (1 << 31));
    let longest = victims.iter().filter(|it| it.priority == highest).map(|it| it.since).min();
    Price {
        violations: victims.iter().filter(|it| it.violates).count() as u32,
        highest,
        sum: shifted.sum(),
        victims: victims.len(),
        earliest: Reverse(longest.unwrap_or(0)),
        node,
    }
}
