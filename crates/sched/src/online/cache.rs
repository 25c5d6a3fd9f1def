use super::heap::Ranks;
use super::profile::{Profile, Ties};
use super::quick::QuickMap;
use super::tree::Tree;
use super::world::World;

/// The trees of the shapes that are used most, within a limit of memory.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    pub(crate) ranks: Ranks,
    limit: u64,
    trees: Vec<(u32, Tree)>,
    /// Per shape its tree, and when it was last used.
    numbers: QuickMap<u32, usize>,
    used: Vec<u64>,
    now: u64,
}

impl Cache {
    pub(crate) fn new(profile: &Profile) -> Cache {
        let ranks = match profile.ties {
            Ties::Lowest => Ranks::lowest(),
            Ties::Seeded(seed) => Ranks::seeded(seed),
        };
        let limit = if profile.looks_around() { 0 } else { profile.index_bytes };
        Cache {
            ranks,
            limit,
            trees: Vec::new(),
            numbers: QuickMap::default(),
            used: Vec::new(),
            now: 0,
        }
    }

    /// The tree of a shape, up to date, if it has one or there is room for it.
    pub(crate) fn tree(&mut self, profile: &Profile, world: &World, shape: u32) -> Option<&Tree> {
        self.now += 1;
        self.used.resize(world.shapes.len(), 0);
        let before = std::mem::replace(&mut self.used[shape as usize], self.now);
        let at = match self.numbers.get(&shape) {
            Some(&at) => at,
            None => self.admit(world, shape, before)?,
        };
        let (_, tree) = &mut self.trees[at];
        tree.used = self.now;
        tree.refresh(profile, world, &world.shapes[shape as usize]);
        Some(tree)
    }

    /// The tree of a shape as it was left, if it has one.
    pub(crate) fn kept(&self, shape: u32) -> Option<&Tree> {
        self.numbers.get(&shape).and_then(|&at| self.trees.get(at)).map(|(_, tree)| tree)
    }

    /// Makes room for the tree of a shape, if that has been used since the one that goes for it:
    /// shapes that come in turn do not drive each other out.
    fn admit(&mut self, world: &World, shape: u32, before: u64) -> Option<usize> {
        // A node takes a key and a slot; vectors grow to twice what they hold.
        let expected = world.nodes.len() as u64 * 32 + 1024;
        while self.bytes() + expected > self.limit {
            let oldest = self.trees.iter().enumerate().min_by_key(|(_, (_, tree))| tree.used);
            let (at, _) = oldest.filter(|(_, (_, tree))| tree.used < before)?;
            self.evict(at);
        }
        self.numbers.insert(shape, self.trees.len());
        self.trees.push((shape, Tree::new(self.ranks)));
        Some(self.trees.len() - 1)
    }

    fn evict(&mut self, at: usize) {
        let (shape, _) = self.trees.swap_remove(at);
        self.numbers.remove(&shape);
        if let Some((moved, _)) = self.trees.get(at) {
            self.numbers.insert(*moved, at);
        }
    }

    /// Roughly how many bytes all trees take.
    pub(crate) fn bytes(&self) -> u64 {
        self.trees.iter().map(|(_, tree)| tree.bytes() as u64).sum()
    }
}
