use super::block::Blocks;
use super::contest::{Candidate, Contest};
use super::heap::{Heap, Ranks};
use super::nodes::NONE;
use super::profile::Profile;
use super::quick::QuickMap;
use super::refused::Filter;
use super::standing::{Says, Standing, ask_room};
use super::template::Shape;
use super::world::World;

/// No node, and from there on a node that a filter turned away.
const NOTHING: u32 = u32::MAX - 256;

/// Nodes that are looked up together, so that the memory they are in is fetched at one time.
const BATCH: usize = 64;

/// How many nodes of a group are passed over for pods that must not be there, until all of them
/// are asked instead.
const PATIENCE: u32 = 64;

/// What all nodes say to one shape, kept as they change: the nodes that stand alike in one group,
/// the best of it on top. Wishes that do not tell too many kinds of nodes apart share it.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    ranks: Ranks,
    pub(crate) blocks: Blocks,
    groups: Vec<Group>,
    numbers: QuickMap<Standing, u32>,
    empty: Vec<u32>,
    /// Per node its group and its place in there, or why it is in none and its block.
    slots: Vec<(u32, u32)>,
    /// Nodes that changed, while they are asked.
    changed: Vec<u32>,
    /// How much of the log has been read; none of it if all nodes have to be asked.
    pub(crate) seen: Option<u64>,
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
            blocks: Blocks::default(),
            groups: Vec::new(),
            numbers: QuickMap::default(),
            empty: Vec::new(),
            slots: Vec::new(),
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
                let (block, says) = self.ask(profile, world, shape, node);
                self.put(node, block, says);
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

    #[inline]
    fn ask(&mut self, profile: &Profile, world: &World, shape: &Shape, node: u32) -> (u32, Says) {
        let class = world.nodes.class[node as usize];
        if class == NONE {
            return (NONE, Says::Nothing);
        }
        let block = self.blocks.block(profile, world, class);
        if self.blocks.all[block as usize].is_closed {
            return (block, Says::No(Filter::Cordon));
        }
        (block, ask_room(profile, world, shape, node, block))
    }

    /// Offers the groups to a contest about one of the wishes.
    pub(crate) fn offer(&self, wish: usize, contest: &mut Contest) {
        self.offer_each(wish, contest, |heap| heap.top().map(|top| (top, false)));
    }

    /// The same without nodes that are taken, unless it is too long a way to one that is not.
    pub(crate) fn offer_free(
        &self,
        wish: usize,
        contest: &mut Contest,
        is_taken: impl Fn(u32) -> bool,
    ) -> bool {
        let mut patience = PATIENCE;
        self.offer_each(wish, contest, |heap| {
            let free = heap.best(&mut patience, &|key| !is_taken(self.ranks.node(key)));
            free.map(|it| (it, false)).or_else(|| heap.top().map(|it| (it, true)))
        });
        patience > 0
    }

    fn offer_each(
        &self,
        wish: usize,
        contest: &mut Contest,
        mut best: impl FnMut(&Heap) -> Option<(u64, bool)>,
    ) {
        self.refuse(wish, contest);
        for (number, group) in (0u32..).zip(&self.groups) {
            let Some((top, apart)) = best(&group.heap) else { continue };
            let seat = &self.blocks.all[group.standing.place as usize].seats[wish];
            if seat.early.is_none() && seat.late.is_none() {
                let nodes = group.heap.len() as u32;
                let apart = apart || group.standing.apart;
                let standing = Standing { place: seat.place, apart, ..group.standing };
                contest.offer(Candidate { standing, number, nodes, top });
            }
        }
    }

    /// Tells how many nodes are turned away by themselves.
    fn refuse(&self, wish: usize, contest: &mut Contest) {
        for block in &self.blocks.all {
            let seat = &block.seats[wish];
            if let Some(filter) = seat.early {
                contest.refused.add(filter, block.nodes);
                continue;
            }
            contest.refused.by.iter_mut().zip(&block.full).for_each(|(sum, it)| *sum += it);
            if let Some(filter) = seat.late {
                contest.refused.add(filter, block.nodes - block.full.iter().sum::<u32>());
            }
        }
    }

    /// Visits the nodes of a group that have as many points as the key, which has the most of all
    /// that matter.
    pub(crate) fn each_like(&self, group: u32, key: u64, mut visit: impl FnMut(u32)) {
        let heap = &self.groups[group as usize].heap;
        heap.each_like(key, &mut |key| visit(self.ranks.node(key)));
    }

    /// Roughly how many bytes it takes.
    pub(crate) fn bytes(&self) -> usize {
        let keys: usize = self.groups.iter().map(|it| it.heap.capacity()).sum();
        let group = size_of::<Group>() + 2 * size_of::<Standing>();
        keys * 8 + self.slots.capacity() * 8 + self.groups.len() * group + self.blocks.bytes()
    }

    fn rebuild(&mut self, profile: &Profile, world: &World, shape: &Shape) {
        self.groups.clear();
        self.numbers.clear();
        self.empty.clear();
        self.blocks.clear();
        for node in 0..self.slots.len() as u32 {
            let (block, says) = self.ask(profile, world, shape, node);
            self.enter(block);
            self.slots[node as usize] = match says {
                Says::Nothing => (NOTHING, 0),
                Says::No(filter) => self.full(block, filter),
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

    /// Has a block one node more, if it is one.
    fn enter(&mut self, block: u32) {
        if let Some(it) = self.blocks.all.get_mut(block as usize) {
            it.nodes += 1;
        }
    }

    fn full(&mut self, block: u32, filter: Filter) -> (u32, u32) {
        self.blocks.all[block as usize].full[filter as usize] += 1;
        (NOTHING + 1 + filter as u32, block)
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
    fn put(&mut self, node: u32, block: u32, says: Says) {
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
        self.enter(block);
        self.slots[node as usize] = match says {
            Says::Nothing => (NOTHING, 0),
            Says::No(filter) => self.full(block, filter),
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
        if was == NOTHING {
            return;
        }
        if was > NOTHING {
            let block = &mut self.blocks.all[at as usize];
            block.full[(was - NOTHING - 1) as usize] -= 1;
            block.nodes -= 1;
            return;
        }
        let (slots, ranks) = (&mut self.slots, self.ranks);
        let tell = |key: u64, at: usize| slots[ranks.node(key) as usize].1 = at as u32;
        let group = &mut self.groups[was as usize];
        self.blocks.all[group.standing.place as usize].nodes -= 1;
        group.heap.remove(at as usize, tell);
        if group.heap.len() == 0 {
            self.numbers.remove(&group.standing);
            self.empty.push(was);
        }
    }
}
