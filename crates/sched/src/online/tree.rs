use super::contest::{Candidate, Contest};
use super::heap::{Heap, Ranks};
use super::profile::Profile;
use super::quick::QuickMap;
use super::refused::Filter;
use super::seats::Seats;
use super::standing::{Says, Standing, ask};
use super::template::Shape;
use super::world::World;

/// No node, and from there on a node that a filter turned away.
const NOTHING: u32 = u32::MAX - 256;

/// Nodes that are looked up together, so that the memory they are in is fetched at one time.
const BATCH: usize = 64;

/// What all nodes say to one shape, kept as they change: the nodes that stand alike in one group,
/// the best of it on top.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    ranks: Ranks,
    pub(crate) seats: Seats,
    groups: Vec<Group>,
    numbers: QuickMap<Standing, u32>,
    empty: Vec<u32>,
    /// Per node its group and its place in there, or why it is in none.
    slots: Vec<(u32, u32)>,
    /// How many nodes each filter turned away.
    pub(crate) refused: [u32; Filter::ALL.len()],
    /// Nodes that changed, while they are asked.
    changed: Vec<u32>,
    /// How much of the log has been read.
    seen: Option<u64>,
    /// When it was last used.
    pub(crate) used: u64,
}

/// Nodes that stand alike.
#[derive(Clone, Debug, Default)]
pub(crate) struct Group {
    standing: Standing,
    pub(crate) heap: Heap,
}

impl Tree {
    pub(crate) fn new(ranks: Ranks) -> Tree {
        Tree {
            ranks,
            seats: Seats::default(),
            groups: Vec::new(),
            numbers: QuickMap::default(),
            empty: Vec::new(),
            slots: Vec::new(),
            refused: [0; Filter::ALL.len()],
            changed: Vec::new(),
            seen: None,
            used: 0,
        }
    }

    /// Asks all nodes again that changed since the last time.
    pub(crate) fn refresh(&mut self, profile: &Profile, world: &World, shape: &Shape) {
        self.slots.resize(world.nodes.len(), (NOTHING, 0));
        let changes = self.seen.and_then(|seen| world.log.since(seen));
        let Some(changes) = changes else { return self.rebuild(profile, world, shape) };
        let mut changed = std::mem::take(&mut self.changed);
        changed.extend(changes);
        for batch in changed.chunks(BATCH) {
            self.fetch(batch);
            for &node in batch {
                let says = ask(profile, world, shape, &mut self.seats, node);
                self.put(node, says);
            }
        }
        changed.clear();
        self.changed = changed;
        self.seen = Some(world.log.end);
    }

    /// Reads what `put` is about to change. One read waits for no other here, as it would there:
    /// on 100,000 nodes that takes a third of the time away.
    fn fetch(&self, nodes: &[u32]) {
        let near = |&(group, at): &(u32, u32)| {
            self.groups.get(group as usize).map_or(0, |it| it.heap.near(at as usize))
        };
        let read = nodes.iter().map(|&node| near(&self.slots[node as usize]));
        std::hint::black_box(read.fold(0, |all, it| all ^ it));
    }

    /// Offers the groups to a contest.
    pub(crate) fn offer(&self, contest: &mut Contest) {
        contest.refused.by = self.refused;
        for (number, group) in (0u32..).zip(&self.groups) {
            let Some(top) = group.heap.top() else { continue };
            let nodes = group.heap.len() as u32;
            contest.offer(Candidate { standing: group.standing, number, nodes, top });
        }
    }

    /// Visits the best nodes of a group.
    pub(crate) fn each_best(&self, group: u32, mut visit: impl FnMut(u32)) {
        let heap = &self.groups[group as usize].heap;
        heap.each_best(&mut |key| visit(self.ranks.node(key)));
    }

    /// Roughly how many bytes it takes.
    pub(crate) fn bytes(&self) -> usize {
        let keys: usize = self.groups.iter().map(|it| it.heap.capacity()).sum();
        let group = size_of::<Group>() + 2 * size_of::<Standing>();
        keys * 8 + self.slots.capacity() * 8 + self.groups.len() * group + self.seats.bytes()
    }

    fn rebuild(&mut self, profile: &Profile, world: &World, shape: &Shape) {
        self.groups.clear();
        self.numbers.clear();
        self.empty.clear();
        self.refused = [0; Filter::ALL.len()];
        for node in 0..self.slots.len() as u32 {
            self.slots[node as usize] = match ask(profile, world, shape, &mut self.seats, node) {
                Says::Nothing => (NOTHING, 0),
                Says::No(filter) => self.refuse(filter),
                Says::Yes(standing, points) => {
                    let group = self.group(standing);
                    self.groups[group as usize].heap.append(self.ranks.key(node, points));
                    (group, 0)
                }
            };
        }
        let (slots, ranks) = (&mut self.slots, self.ranks);
        for group in &mut self.groups {
            group.heap.order(|key, at| slots[ranks.node(key) as usize].1 = at as u32);
        }
        self.seen = Some(world.log.end);
    }

    fn refuse(&mut self, filter: Filter) -> (u32, u32) {
        self.refused[filter as usize] += 1;
        (NOTHING + 1 + filter as u32, 0)
    }

    /// The group of a standing.
    fn group(&mut self, standing: Standing) -> u32 {
        if let Some(&group) = self.numbers.get(&standing) {
            return group;
        }
        let group = self.empty.pop().unwrap_or(self.groups.len() as u32);
        if group as usize == self.groups.len() {
            self.groups.push(Group::default());
        }
        self.groups[group as usize].standing = standing;
        self.numbers.insert(standing, group);
        group
    }

    /// Moves a node to where it belongs by what it says.
    #[inline]
    fn put(&mut self, node: u32, says: Says) {
        let (was, at) = self.slots[node as usize];
        if let (Says::Yes(standing, points), Some(group)) =
            (says, self.groups.get_mut(was as usize))
            && group.standing == standing
        {
            let (slots, ranks) = (&mut self.slots, self.ranks);
            let tell = |key: u64, at: usize| slots[ranks.node(key) as usize].1 = at as u32;
            return group.heap.replace(at as usize, ranks.key(node, points), tell);
        }
        self.take(was, at);
        self.slots[node as usize] = match says {
            Says::Nothing => (NOTHING, 0),
            Says::No(filter) => self.refuse(filter),
            Says::Yes(standing, points) => return self.give(node, standing, points),
        };
    }

    fn give(&mut self, node: u32, standing: Standing, points: u32) {
        let group = self.group(standing);
        self.slots[node as usize].0 = group;
        let (slots, ranks) = (&mut self.slots, self.ranks);
        let tell = |key: u64, at: usize| slots[ranks.node(key) as usize].1 = at as u32;
        self.groups[group as usize].heap.push(ranks.key(node, points), tell);
    }

    fn take(&mut self, was: u32, at: u32) {
        if was >= NOTHING {
            if let Some(filter) = self.refused.get_mut((was - NOTHING).wrapping_sub(1) as usize) {
                *filter -= 1;
            }
            return;
        }
        let (slots, ranks) = (&mut self.slots, self.ranks);
        let tell = |key: u64, at: usize| slots[ranks.node(key) as usize].1 = at as u32;
        let group = &mut self.groups[was as usize];
        group.heap.remove(at as usize, tell);
        if group.heap.len() == 0 {
            self.numbers.remove(&group.standing);
            self.empty.push(was);
        }
    }
}
