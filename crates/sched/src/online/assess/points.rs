//! The scores.

use super::{Numbered, Question, amount, found, in_term, place};
use crate::online::{Effect, Fit, Name, NodeId, NodeView, Pod, PodTerm, Score};
use std::collections::BTreeMap;

impl Question<'_> {
    pub(super) fn points(&self, nodes: &[&Numbered]) -> BTreeMap<NodeId, i128> {
        let weights = self.scene.profile.weights;
        let mut sums = BTreeMap::new();
        let mut add = |weight: u32, points: Vec<i128>| {
            for (it, points) in nodes.iter().zip(points) {
                *sums.entry(it.0).or_insert(0) += i128::from(weight) * points;
            }
        };
        let each = |score: &dyn Fn(&Numbered) -> i128| nodes.iter().map(|it| score(it)).collect();
        add(weights.fit, each(&|it| self.fit(it)));
        add(weights.balance, each(&|it| self.balance(it)));
        add(weights.images, each(&|it| self.images(it)));
        add(weights.taints, up_to_most(each(&|it| self.reluctance(it)), true));
        add(weights.affinity, up_to_most(each(&|it| self.preference(it)), false));
        add(weights.spread, self.spread(nodes));
        add(weights.pods, between(each(&|it| self.pull(it))));
        for (weight, score) in &self.scene.profile.scores {
            add(*weight, each(&|it| self.own(score.as_ref(), it)));
        }
        sums
    }

    fn requested(&self, node: NodeId, at: usize) -> i128 {
        self.on(node).map(|it| amount(&it.requests, at)).sum()
    }

    fn weighs(&self, pod: &Pod, at: usize) -> i128 {
        let assumed = self.scene.profile.resources.get(at).map_or(0, |it| it.assumed.into());
        let request = Some(amount(&pod.requests, at)).filter(|it| *it > 0).unwrap_or(assumed);
        if pod.weighed.is_empty() { request } else { amount(&pod.weighed, at) }
    }

    fn fit(&self, (number, node): &Numbered) -> i128 {
        let (mut sum, mut weights) = (0, 0);
        for (at, resource) in self.scene.profile.resources.iter().enumerate() {
            let (there, more) = (amount(&node.allocatable, at), self.weighs(self.pod, at));
            if there == 0 || (resource.extended && more == 0) {
                continue;
            }
            let used = more + self.on(*number).map(|it| self.weighs(it, at)).sum::<i128>();
            let share = match self.scene.profile.fit {
                Fit::LeastAllocated if used > there => 0,
                Fit::LeastAllocated => (there - used) * 100 / there,
                Fit::MostAllocated => used.min(there) * 100 / there,
            };
            sum += share * i128::from(resource.weight);
            weights += i128::from(resource.weight);
        }
        if weights == 0 { 0 } else { sum / weights }
    }

    fn balance(&self, (number, node): &Numbered) -> i128 {
        let scored =
            || self.scene.profile.resources.iter().enumerate().filter(|it| it.1.weight > 0);
        if scored().all(|(at, _)| amount(&self.pod.requests, at) == 0) {
            return 0;
        }
        let shares = |add: i128| -> Vec<(i128, i128)> {
            let counted = scored().filter(|(at, it)| {
                amount(&node.allocatable, *at) > 0
                    && (!it.extended || amount(&self.pod.requests, *at) > 0)
            });
            let share = |at: usize| {
                let there = amount(&node.allocatable, at);
                let used = self.requested(*number, at) + add * amount(&self.pod.requests, at);
                (used.min(there), there)
            };
            counted.map(|(at, _)| share(at)).collect()
        };
        50 + (50 + evenness(&shares(1)) - evenness(&shares(0))) / 2
    }

    fn images(&self, (_, node): &Numbered) -> i128 {
        let size = |image: &Name| {
            let all = self.scene.images.iter().rfind(|it| it.0 == *image);
            all.map_or(0, |it| i128::from(it.1))
        };
        let nodes = self.scene.nodes.len() as i128;
        let spread = |image: &Name| {
            let holders = self.scene.nodes.iter().filter(|it| it.1.images.contains(image)).count();
            size(image) * holders as i128 / nodes
        };
        let here = self.pod.images.iter().filter(|it| node.images.contains(it));
        let (least, unit) = (23 * 1024 * 1024, 1000 * 1024 * 1024);
        let most = unit * (self.pod.images.len().max(1) as i128);
        (here.map(spread).sum::<i128>().clamp(least, most) - least) * 100 / (most - least)
    }

    fn reluctance(&self, (_, node): &Numbered) -> i128 {
        let rather_not = node.taints.iter().filter(|it| it.effect == Effect::PreferNoSchedule);
        rather_not.filter(|it| !self.accepts(it)).count() as i128
    }

    fn preference(&self, (_, node): &Numbered) -> i128 {
        let met = self.pod.preferred.iter().filter(|(_, term)| in_term(node, term));
        met.map(|it| i128::from(it.0)).sum()
    }

    fn pull(&self, it: &Numbered) -> i128 {
        let mut sum = 0;
        for (node, other) in self.scene.pods {
            let mut add = |weight: i128, term: &PodTerm, of: &Pod, to: &Pod| {
                if found(&term.pods, of.namespace, to) && self.together(it, *node, term.topology) {
                    sum += weight;
                }
            };
            for (of, to) in [(self.pod, other), (other, self.pod)] {
                of.prefer_near.iter().for_each(|(w, term)| add(i128::from(*w), term, of, to));
                of.prefer_apart.iter().for_each(|(w, term)| add(-i128::from(*w), term, of, to));
            }
            let required = i128::from(self.scene.profile.required_pull);
            other.near.iter().for_each(|term| add(required, term, other, self.pod));
        }
        sum
    }

    fn spread(&self, nodes: &[&Numbered]) -> Vec<i128> {
        let soft = || self.pod.spread.iter().zip(&self.tallies).filter(|it| !it.0.hard);
        if soft().next().is_none() {
            return vec![0; nodes.len()];
        }
        let placed = |it: &Numbered| soft().all(|s| place(it, s.0.topology).is_some());
        let scored = |it: &Numbered| self.pod.lenient || placed(it);
        let mut sums: Vec<f64> = vec![0.0; nodes.len()];
        for (spread, tally) in soft() {
            let mut places: Vec<_> =
                nodes.iter().filter(|it| scored(it)).map(|it| place(it, spread.topology)).collect();
            places.sort_unstable();
            places.dedup();
            let weight = (places.len() as f64 + 2.0).ln();
            for (sum, it) in sums.iter_mut().zip(nodes) {
                if let Some(place) = place(it, spread.topology) {
                    let pods = tally.get(&place).copied().unwrap_or(0);
                    *sum += f64::from(pods) * weight + f64::from(spread.skew.saturating_sub(1));
                }
            }
        }
        let raw: Vec<Option<i128>> = nodes
            .iter()
            .zip(sums)
            .map(|(it, sum)| scored(it).then_some(sum.round() as i128))
            .collect();
        let most = raw.iter().flatten().max().copied().unwrap_or(0);
        let least = raw.iter().flatten().min().copied().unwrap_or(0);
        let scale = |it| if most == 0 { 100 } else { 100 * (most + least - it) / most };
        raw.into_iter().map(|it| it.map_or(0, scale)).collect()
    }

    /// The score of the caller's own.
    fn own(&self, score: &dyn Score, (number, node): &Numbered) -> i128 {
        let sum = |at| u64::try_from(self.requested(*number, at)).unwrap_or(u64::MAX);
        let requested: Vec<u64> = (0..node.allocatable.len()).map(sum).collect();
        let mut labels = node.labels.clone();
        labels.sort_unstable();
        let view = NodeView {
            node: *number,
            allocatable: &node.allocatable,
            requested: &requested,
            pods: self.on(*number).count() as u32,
            labels: &labels,
        };
        score.points(&view, self.pod).min(100).into()
    }
}

fn up_to_most(raw: Vec<i128>, fewer: bool) -> Vec<i128> {
    let most = raw.iter().max().copied().unwrap_or(0);
    let share = |it| if most == 0 { 0 } else { it * 100 / most };
    raw.into_iter().map(|it| if fewer { 100 - share(it) } else { share(it) }).collect()
}

fn between(raw: Vec<i128>) -> Vec<i128> {
    let most = raw.iter().max().copied().unwrap_or(0);
    let least = raw.iter().min().copied().unwrap_or(0);
    let share = |it: i128| if most == least { 0 } else { (it - least) * 100 / (most - least) };
    raw.into_iter().map(share).collect()
}

/// A hundred times one less the standard deviation of shares, rounded down.
fn evenness(shares: &[(i128, i128)]) -> i128 {
    if let [(a, of_a), (b, of_b)] = shares {
        let (up, down) = ((a * of_b - b * of_a).abs() * 50, of_a * of_b);
        return (100 * down - up).div_euclid(down);
    }
    let parts: Vec<i128> = shares.iter().map(|(part, of)| (part << 24) / of).collect();
    let (count, sum) = (parts.len() as i128, parts.iter().sum::<i128>());
    let squares: i128 = parts.iter().map(|it| (it * count - sum).pow(2)).sum();
    // The variance is `squares` over count³, in 2^-48; its root is to be at most 100 - points.
    let is_within =
        |points: &i128| squares * 10_000 <= (100 - points).pow(2) * count.pow(3) * (1 << 48);
    (0..=100).rev().find(is_within).unwrap_or(0)
}
