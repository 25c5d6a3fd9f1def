use super::class::NOWHERE;
use super::matching::{admits, enters, matches, preference, reluctance, tolerates};
use super::node::Node;
use super::profile::Profile;
use super::quick::QuickMap;
use super::refused::Filter;
use super::template::Wish;
use super::world::World;

/// What the nodes of a class say to a wish, whatever runs on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Seat {
    /// What turns them away before their room is looked at, and after.
    pub(crate) early: Option<Filter>,
    pub(crate) late: Option<Filter>,
    /// Which of the places they are.
    pub(crate) place: u32,
}

/// Nodes that are the same to all that scores look at beyond the node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    /// Taints that say rather not.
    pub(crate) taints: u32,
    /// The weight of the preferences that are met.
    pub(crate) affinity: u32,
    /// Per topology of the wish the domain.
    pub(crate) domains: Vec<u32>,
}

/// What all classes say to one wish, found out when it is first asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seats {
    seats: Vec<Option<Seat>>,
    pub(crate) places: Vec<Place>,
    numbers: QuickMap<Place, u32>,
}

impl Seats {
    /// Forgets everything, for another wish.
    pub(crate) fn clear(&mut self) {
        self.seats.clear();
        self.places.clear();
        self.numbers.clear();
    }

    #[inline]
    pub(crate) fn seat(
        &mut self,
        profile: &Profile,
        world: &World,
        wish: &Wish,
        class: u32,
    ) -> Seat {
        match self.seats.get(class as usize) {
            Some(Some(seat)) => *seat,
            _ => self.find(profile, world, wish, class),
        }
    }

    #[cold]
    fn find(&mut self, profile: &Profile, world: &World, wish: &Wish, class: u32) -> Seat {
        let all = &world.classes.all;
        let (node, domains) = (&all[class as usize].traits, &all[class as usize].domains);
        let place = Place {
            taints: reluctance(node, &wish.tolerations),
            affinity: preference(node, &wish.preferred),
            domains: wish.topologies.iter().map(|&it| domains[it as usize]).collect(),
        };
        let next = self.places.len() as u32;
        let place = *self.numbers.entry(place).or_insert_with_key(|place| {
            self.places.push(place.clone());
            next
        });
        let seat = Seat { early: early(profile, wish, node), late: late(wish, node), place };
        self.seats.resize(self.seats.len().max(all.len()), None);
        self.seats[class as usize] = Some(seat);
        seat
    }

    /// Roughly how many bytes it takes.
    pub(crate) fn bytes(&self) -> usize {
        let place =
            size_of::<Place>() * 2 + self.places.first().map_or(0, |it| it.domains.len() * 8);
        self.seats.capacity() * size_of::<Option<Seat>>() + self.places.len() * place
    }
}

impl Place {
    /// Whether it is in one of the topologies.
    #[inline]
    pub(crate) fn is_in(&self, topology: usize) -> bool {
        self.domains[topology] != NOWHERE
    }
}

fn early(profile: &Profile, wish: &Wish, node: &Node) -> Option<Filter> {
    let excused = || profile.cordon.is_some_and(|it| tolerates(&wish.tolerations, &it));
    if node.cordoned && !excused() {
        return Some(Filter::Cordon);
    }
    if !enters(node, &wish.tolerations) {
        return Some(Filter::Taint);
    }
    (!admits(node, &wish.selector, &wish.affinity)).then_some(Filter::Affinity)
}

fn late(wish: &Wish, node: &Node) -> Option<Filter> {
    let reach = |volume: &Vec<_>| volume.iter().any(|term| matches(node, term));
    (!wish.volumes.iter().all(reach)).then_some(Filter::Volumes)
}
