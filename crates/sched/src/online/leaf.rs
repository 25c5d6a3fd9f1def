//! What a node by itself says to a shape: whether it has room, and its score.

use super::node::NodeId;
use super::profile::{Fit, NodeView, Profile};
use super::refused::Filter;
use super::template::Shape;
use super::world::World;

/// The most points of one score.
pub(crate) const MOST: u64 = 100;

/// The filter that turns the node away for want of room.
#[inline]
pub(crate) fn room(world: &World, shape: &Shape, node: u32) -> Option<Filter> {
    let (nodes, at) = (&world.nodes, node as usize);
    let taken = &nodes.ports[at];
    if shape.ports.iter().any(|port| taken.iter().any(|it| it.clashes(port))) {
        return Some(Filter::Ports);
    }
    if nodes.pods[at] >= nodes.limit[at] {
        return Some(Filter::Pods);
    }
    let rows = nodes.allocatable(node).iter().zip(nodes.requested(node)).zip(&shape.requests);
    let lacks = |((&there, &gone), &more): ((&u64, &u64), &u64)| {
        more > 0 && gone.saturating_add(more) > there
    };
    rows.into_iter().any(lacks).then_some(Filter::Resources)
}

/// The score of all that depends on the node alone.
#[inline]
pub(crate) fn points(profile: &Profile, world: &World, shape: &Shape, node: u32) -> u32 {
    let weights = &profile.weights;
    let mut sum = 0;
    if weights.fit > 0 {
        sum += u64::from(weights.fit) * fit(profile, world, shape, node);
    }
    if weights.balance > 0 {
        sum += u64::from(weights.balance) * balance(profile, world, shape, node);
    }
    if !profile.scores.is_empty() {
        sum = sum.saturating_add(own(profile, world, shape, node));
    }
    u32::try_from(sum).unwrap_or(u32::MAX)
}

fn own(profile: &Profile, world: &World, shape: &Shape, node: u32) -> u64 {
    let Some(template) = shape.template else { return 0 };
    let pod = &world.templates[template as usize].pod;
    let view = view(world, node);
    let points = |weight: u32, points: u32| u64::from(weight) * u64::from(points).min(MOST);
    profile.scores.iter().fold(0u64, |sum, (weight, score)| {
        sum.saturating_add(points(*weight, score.points(&view, pod)))
    })
}

/// What a score of the caller sees of a node.
pub(crate) fn view(world: &World, node: u32) -> NodeView<'_> {
    let class = world.nodes.class[node as usize];
    NodeView {
        node: NodeId(node),
        allocatable: world.nodes.allocatable(node),
        requested: world.nodes.requested(node),
        pods: world.nodes.pods[node as usize],
        labels: &world.classes.all[class as usize].traits.labels,
    }
}

/// How empty or full the node would be: the mean over its resources, by their weights.
#[inline]
fn fit(profile: &Profile, world: &World, shape: &Shape, node: u32) -> u64 {
    let rows = world.nodes.allocatable(node).iter().zip(world.nodes.weighed(node));
    let (mut points, mut weights) = (0, 0);
    for ((resource, (&there, &gone)), &more) in
        profile.resources.iter().zip(rows).zip(&shape.weighed)
    {
        if there == 0 || resource.weight == 0 || resource.extended && more == 0 {
            continue;
        }
        let asked = gone.saturating_add(more);
        let share = match profile.fit {
            Fit::LeastAllocated => there.saturating_sub(asked) * MOST / there,
            Fit::MostAllocated => asked.min(there) * MOST / there,
        };
        points += share * u64::from(resource.weight);
        weights += u64::from(resource.weight);
    }
    points.checked_div(weights).unwrap_or(0)
}

/// How much more evenly resources are used up with the pod than without: 75 if the same, up to
/// 100 if more, down to 50 if less. Nothing for a pod that requests nothing.
#[inline]
fn balance(profile: &Profile, world: &World, shape: &Shape, node: u32) -> u64 {
    let scored = profile.resources.iter().zip(&shape.requests);
    if scored.clone().all(|(resource, &more)| resource.weight == 0 || more == 0) {
        return 0;
    }
    let rows = world.nodes.allocatable(node).iter().zip(world.nodes.requested(node));
    let mut shares = Shares::default();
    for ((resource, &more), (&there, &gone)) in scored.zip(rows) {
        if there > 0 && resource.weight > 0 && !(resource.extended && more == 0) {
            shares.add(gone, more, there);
        }
    }
    let (with, without) = shares.evenness();
    MOST / 2 + (MOST / 2 + with - without) / 2
}

/// The shares of the resources of a node that are used up, with a pod and without.
#[derive(Default)]
struct Shares {
    count: usize,
    /// The first two, exactly.
    pair: [(u64, u64, u64); 2],
    /// The sums of all shares and of their squares, in 2^-24 and 2^-48.
    with: (u64, u128),
    without: (u64, u128),
}

impl Shares {
    #[inline]
    fn add(&mut self, gone: u64, more: u64, there: u64) {
        let (without, with) = (gone.min(there), gone.saturating_add(more).min(there));
        if let Some(pair) = self.pair.get_mut(self.count) {
            *pair = (with, without, there);
        }
        self.count += 1;
        if self.count > 2 {
            self.many(with, without, there);
        }
    }

    /// Beyond two resources sums are needed; the first two are caught up with.
    fn many(&mut self, with: u64, without: u64, there: u64) {
        if self.count == 3 {
            for (with, without, there) in self.pair {
                self.sum(with, without, there);
            }
        }
        self.sum(with, without, there);
    }

    fn sum(&mut self, with: u64, without: u64, there: u64) {
        let share = |part: u64| ((u128::from(part) << 24) / u128::from(there)) as u64;
        for (sums, part) in [(&mut self.with, with), (&mut self.without, without)] {
            sums.0 += share(part);
            sums.1 += u128::from(share(part)).pow(2);
        }
    }

    /// A hundred less the standard deviation in hundredths, rounded up: with the pod, and without.
    #[inline]
    fn evenness(&self) -> (u64, u64) {
        match self.count {
            0 | 1 => (MOST, MOST),
            2 => {
                let [(with, without, there), (other, other_without, others)] = self.pair;
                (apart(with, there, other, others), apart(without, there, other_without, others))
            }
            _ => (self.many_apart(self.with), self.many_apart(self.without)),
        }
    }

    fn many_apart(&self, (sum, squares): (u64, u128)) -> u64 {
        let count = self.count as u128;
        // n² times the variance, in 2^-48.
        let spread = (count * squares).saturating_sub(u128::from(sum).pow(2));
        let scaled = spread * u128::from(MOST).pow(2);
        let unit = count.pow(2) << 48;
        let mut points = 0;
        while u128::from(points).pow(2) * unit < scaled && points < MOST {
            points += 1;
        }
        MOST - points
    }
}

/// A hundred less half the difference of two shares, in hundredths, rounded down.
#[inline]
fn apart(part: u64, there: u64, other: u64, others: u64) -> u64 {
    let narrow = || {
        let (ours, theirs) = (part.checked_mul(others)?, other.checked_mul(there)?);
        let difference = ours.abs_diff(theirs).checked_mul(MOST / 2)?;
        Some(difference.div_ceil(there.checked_mul(others)?))
    };
    let wide = || {
        let (there, others) = (u128::from(there), u128::from(others));
        let difference = (u128::from(part) * others).abs_diff(u128::from(other) * there);
        (difference * u128::from(MOST / 2)).div_ceil(there * others) as u64
    };
    MOST - narrow().unwrap_or_else(wide)
}
