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
    /// Per shape and wish the tree, and per shape when it was last used.
    numbers: QuickMap<(u32, u32), usize>,
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

    /// The number of the tree of a shape and a wish, which is up to date then, if it has one or
    /// there is room for it.
    pub(crate) fn tree(
        &mut self,
        profile: &Profile,
        world: &World,
        shape: u32,
        wish: u32,
    ) -> Option<usize> {
        self.now += 1;
        self.used.resize(world.shapes.len(), 0);
        let before = std::mem::replace(&mut self.used[shape as usize], self.now);
        let at = match self.numbers.get(&(shape, wish)) {
            Some(&at) => at,
            None => self.admit(profile, world, (shape, wish), before)?,
        };
        let (_, tree) = &mut self.trees[at];
        tree.used = self.now;
        tree.refresh(profile, world, world.shapes.get(shape));
        if tree.blocks.is_torn() {
            self.evict(at);
            return self.tree(profile, world, shape, wish);
        }
        Some(at)
    }

    /// The tree of a number.
    pub(crate) fn at(&self, at: usize) -> &Tree {
        &self.trees[at].1
    }

    /// Whether a shape has a tree for a wish.
    pub(crate) fn has(&self, shape: u32, wish: u32) -> bool {
        self.numbers.contains_key(&(shape, wish))
    }

    /// A tree that the wish may share, or a new one.
    fn admit(
        &mut self,
        profile: &Profile,
        world: &World,
        (shape, wish): (u32, u32),
        before: u64,
    ) -> Option<usize> {
        let takes = |it: &mut (u32, Tree)| it.0 == shape && it.1.blocks.admit(profile, world, wish);
        let at = match self.trees.iter_mut().position(takes) {
            Some(at) => at,
            None => self.grow(profile, world, (shape, wish), before)?,
        };
        self.trees[at].1.seen = None;
        self.numbers.insert((shape, wish), at);
        Some(at)
    }

    /// Makes room for the tree of a shape, if that has been used since the one that goes for it:
    /// shapes that come in turn do not drive each other out.
    fn grow(
        &mut self,
        profile: &Profile,
        world: &World,
        (shape, wish): (u32, u32),
        before: u64,
    ) -> Option<usize> {
        // A node takes a key and a slot; vectors grow to twice what they hold.
        let expected = world.nodes.len() as u64 * 32 + 1024;
        while self.bytes() + expected > self.limit {
            let oldest = self.trees.iter().enumerate().min_by_key(|(_, (_, tree))| tree.used);
            let (at, _) = oldest.filter(|(_, (_, tree))| tree.used < before)?;
            self.evict(at);
        }
        let mut tree = Tree::new(self.ranks);
        tree.blocks.admit(profile, world, wish);
        self.trees.push((shape, tree));
        Some(self.trees.len() - 1)
    }

    fn evict(&mut self, at: usize) {
        let (shape, tree) = self.trees.swap_remove(at);
        for wish in tree.blocks.wishes() {
            self.numbers.remove(&(shape, wish));
        }
        if let Some((shape, moved)) = self.trees.get(at) {
            for wish in moved.blocks.wishes() {
                self.numbers.insert((*shape, wish), at);
            }
        }
    }

    /// Lets all trees go whose shapes or wishes were forgotten.
    pub(crate) fn forget(&mut self, world: &World) {
        for at in (0..self.trees.len()).rev() {
            let (shape, tree) = &self.trees[at];
            let mut wishes = tree.blocks.wishes();
            if !world.shapes.is_live(*shape) || !wishes.all(|it| world.wishes.is_live(it)) {
                drop(wishes);
                self.evict(at);
            }
        }
        for (shape, used) in (0u32..).zip(&mut self.used) {
            if !world.shapes.is_live(shape) {
                *used = 0;
            }
        }
    }

    /// Roughly how many bytes all trees take.
    pub(crate) fn bytes(&self) -> u64 {
        self.trees.iter().map(|(_, tree)| tree.bytes() as u64).sum()
    }
}
