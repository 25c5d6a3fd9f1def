use super::nodes::NONE;
use super::profile::Profile;
use super::quick::QuickMap;
use super::refused::Filter;
use super::seats::{Seat, Seats};
use super::world::World;

/// Wishes share a tree as long as they do not part its nodes into more blocks than this: every
/// block may be a candidate of its own.
const MOST: usize = 48;

/// Classes that say the same to each wish of a tree.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    /// What they say, per wish.
    pub(crate) seats: Vec<Seat>,
    pub(crate) nodes: u32,
    /// Of these, how many each filter turned away for want of room.
    pub(crate) full: [u32; Filter::ALL.len()],
    /// Whether no wish lets them in, so that nobody asks for their room.
    pub(crate) is_closed: bool,
}

/// The wishes that share a tree, and the blocks into which they part its nodes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Blocks {
    wishes: Vec<(u32, Seats)>,
    pub(crate) all: Vec<Block>,
    numbers: QuickMap<Vec<Seat>, u32>,
    /// Per class its block; `NONE` where nobody asked yet.
    of: Vec<u32>,
}

impl Blocks {
    /// The block of a class.
    #[inline]
    pub(crate) fn block(&mut self, profile: &Profile, world: &World, class: u32) -> u32 {
        match self.of.get(class as usize) {
            Some(&block) if block != NONE => block,
            _ => self.find(profile, world, class),
        }
    }

    #[cold]
    fn find(&mut self, profile: &Profile, world: &World, class: u32) -> u32 {
        let wishes = self.wishes.iter_mut();
        let seats =
            wishes.map(|(wish, it)| it.seat(profile, world, world.wishes.get(*wish), class));
        let seats: Vec<Seat> = seats.collect();
        let next = self.all.len() as u32;
        let block = *self.numbers.entry(seats).or_insert_with_key(|seats| {
            let is_closed = seats.iter().all(|it| it.early.is_some());
            self.all.push(Block { seats: seats.clone(), is_closed, ..Block::default() });
            next
        });
        self.of.resize(self.of.len().max(world.classes.all.len()), NONE);
        self.of[class as usize] = block;
        block
    }

    /// Which of the wishes it is.
    pub(crate) fn wish(&self, wish: u32) -> Option<usize> {
        self.wishes.iter().position(|it| it.0 == wish)
    }

    pub(crate) fn seats(&self, at: usize) -> &Seats {
        &self.wishes[at].1
    }

    /// All wishes.
    pub(crate) fn wishes(&self) -> impl Iterator<Item = u32> + '_ {
        self.wishes.iter().map(|it| it.0)
    }

    /// Whether one more wish may share the tree, which has to be made anew then.
    pub(crate) fn admit(&mut self, profile: &Profile, world: &World, wish: u32) -> bool {
        let (mut seats, mut parts) = (Seats::default(), QuickMap::default());
        for (class, it) in (0u32..).zip(&world.classes.all) {
            if it.nodes > 0 {
                let seat = seats.seat(profile, world, world.wishes.get(wish), class);
                parts.insert((self.block(profile, world, class), seat), ());
            }
        }
        if !self.wishes.is_empty() && parts.len() > MOST {
            return false;
        }
        self.wishes.push((wish, seats));
        self.of.clear();
        true
    }

    /// Has no nodes, to be asked anew.
    pub(crate) fn clear(&mut self) {
        self.all.clear();
        self.numbers.clear();
        self.of.clear();
    }

    /// Whether new classes have parted the nodes further than it is worth to share.
    pub(crate) fn is_torn(&self) -> bool {
        self.wishes.len() > 1 && self.all.len() > 2 * MOST
    }

    /// Roughly how many bytes it takes.
    pub(crate) fn bytes(&self) -> usize {
        let seats: usize = self.wishes.iter().map(|it| it.1.bytes()).sum();
        let block = size_of::<Block>() + 2 * size_of::<Seat>() * self.wishes.len();
        seats + self.all.len() * block + self.of.capacity() * 4
    }
}
