//! What one node says to one template: turned away, or a score and all that scores beyond the node
//! need to know of it.

use super::leaf;
use super::nodes::NONE;
use super::profile::Profile;
use super::refused::Filter;
use super::seats::Seats;
use super::template::{Shape, Template, Wish};
use super::world::World;

/// What is asked of a node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    pub(crate) profile: &'a Profile,
    pub(crate) world: &'a World,
    pub(crate) shape: &'a Shape,
    pub(crate) wish: &'a Wish,
}

impl<'a> Question<'a> {
    pub(crate) fn new(profile: &'a Profile, world: &'a World, template: &Template) -> Question<'a> {
        let (shape, wish) = (world.shapes.get(template.shape), world.wishes.get(template.wish));
        Question { profile, world, shape, wish }
    }
}

/// Nodes that stand alike differ, to a template, in nothing but their own score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Standing {
    /// Which of the places of the wish it is; in a tree, which of its blocks.
    pub(crate) place: u32,
    /// The pods on it that its hard and its soft spread over nodes count.
    pub(crate) hard: u32,
    pub(crate) soft: u32,
    /// Whether a pod on it is not to be with the pod in question.
    pub(crate) apart: bool,
    /// Whether all pods are on it that have to be.
    pub(crate) near: bool,
    /// How much the pods on it pull.
    pub(crate) pull: i64,
    /// Which of the images it has.
    pub(crate) images: u64,
}

/// What a node says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Says {
    /// There is no node.
    Nothing,
    /// No.
    No(Filter),
    /// Yes, by itself, with so many points.
    Yes(Standing, u32),
}

/// Asks a node.
#[inline]
pub(crate) fn ask(question: Question<'_>, seats: &mut Seats, node: u32) -> Says {
    let Question { profile, world, shape, wish } = question;
    let class = world.nodes.class.get(node as usize).copied().unwrap_or(NONE);
    if class == NONE {
        return Says::Nothing;
    }
    let seat = seats.seat(profile, world, wish, class);
    let refusal = seat.early.or_else(|| leaf::room(world, shape, node)).or(seat.late);
    if let Some(filter) = refusal {
        return Says::No(filter);
    }
    Says::Yes(stand(world, shape, node, seat.place), leaf::points(profile, world, shape, node))
}

/// Asks a node for its room only.
#[inline]
pub(crate) fn ask_room(
    profile: &Profile,
    world: &World,
    shape: &Shape,
    node: u32,
    block: u32,
) -> Says {
    if let Some(filter) = leaf::room(world, shape, node) {
        return Says::No(filter);
    }
    Says::Yes(stand(world, shape, node, block), leaf::points(profile, world, shape, node))
}

#[inline]
fn stand(world: &World, shape: &Shape, node: u32, place: u32) -> Standing {
    let mut standing = Standing { place, near: true, ..Standing::default() };
    if shape.counts() {
        count(&mut standing, world, shape, node);
    }
    if !shape.images.is_empty() {
        standing.images = images(world, shape, node);
    }
    standing
}

fn count(standing: &mut Standing, world: &World, shape: &Shape, node: u32) {
    let on = |counter: u32| world.counters.on(counter, node);
    standing.hard = shape.hard.map_or(0, on);
    standing.soft = shape.soft.map_or(0, on);
    standing.apart = shape.apart.iter().any(|&it| on(it) > 0);
    standing.near = shape.near.iter().all(|&it| on(it) > 0);
    let pulls = shape.pulls.iter().map(|&(it, weight)| i64::from(on(it)).saturating_mul(weight));
    standing.pull = pulls.fold(0, i64::saturating_add);
}

fn images(world: &World, shape: &Shape, node: u32) -> u64 {
    let there = world.nodes.images(node);
    let has = |(at, image)| u64::from(there.binary_search(image).is_ok()) << at;
    shape.images.iter().enumerate().map(has).sum()
}
