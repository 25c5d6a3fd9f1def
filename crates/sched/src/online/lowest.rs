use super::world::World;
use std::collections::BTreeSet;

/// The nodes that have pods, by the lowest priority of these. It is brought up to date when
/// somebody asks, so that placing does not pay for it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lowest {
    /// Per node the lowest priority, if it has pods.
    of: Vec<Option<i32>>,
    nodes: BTreeSet<(i32, u32)>,
    /// How much of the log has been read.
    seen: Option<u64>,
}

impl Lowest {
    /// Looks again at the nodes that changed.
    pub(crate) fn refresh(&mut self, world: &World) {
        self.of.resize(world.nodes.len(), None);
        match self.seen.and_then(|seen| world.log.since(seen)) {
            Some(changed) => changed.for_each(|node| self.look(world, node)),
            None => (0..world.nodes.len() as u32).for_each(|node| self.look(world, node)),
        }
        self.seen = Some(world.log.end);
    }

    fn look(&mut self, world: &World, node: u32) {
        let pods = world.pods.list(world.nodes.first[node as usize]);
        let lowest = pods.map(|(_, it)| world.templates[it.template as usize].pod.priority).min();
        let was = std::mem::replace(&mut self.of[node as usize], lowest);
        if was != lowest {
            was.map(|it| self.nodes.remove(&(it, node)));
            self.nodes.extend(lowest.map(|it| (it, node)));
        }
    }

    /// The nodes with pods below a priority, and the lowest of each, those with the lowest first.
    pub(crate) fn below(&self, priority: i32) -> impl Iterator<Item = (i32, u32)> + '_ {
        self.nodes.range(..(priority, 0)).copied()
    }
}
