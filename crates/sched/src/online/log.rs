/// Which nodes changed, in order, as far back as is worth reading.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    /// The latest changes, as a ring.
    ring: Vec<u32>,
    /// Per node, one more than the place of its latest change.
    latest: Vec<u64>,
    /// How many changes there were.
    pub(crate) end: u64,
    /// Where what can be read begins.
    start: u64,
}

impl Log {
    /// Takes note that a node has changed.
    pub(crate) fn note(&mut self, node: u32) {
        if node as usize >= self.latest.len() {
            self.latest.resize(node as usize + 1, 0);
        }
        if self.latest.len() > self.ring.len() {
            // Places move in a ring of another size: who reads has to begin anew.
            self.ring = vec![0; self.latest.len().next_power_of_two().max(64)];
            self.start = self.end;
        }
        let mask = self.ring.len() - 1;
        self.ring[self.end as usize & mask] = node;
        self.end += 1;
        self.start = self.start.max(self.end.saturating_sub(self.ring.len() as u64));
        self.latest[node as usize] = self.end;
    }

    /// The nodes that changed since, each once; nothing if that is too long ago.
    pub(crate) fn since(&self, seen: u64) -> Option<impl Iterator<Item = u32> + '_> {
        let mask = self.ring.len().wrapping_sub(1);
        let changes = (seen..self.end).map(move |at| (at, self.ring[at as usize & mask]));
        (seen >= self.start).then(|| {
            changes.filter(|&(at, node)| self.latest[node as usize] == at + 1).map(|it| it.1)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(log: &Log, seen: u64) -> Option<Vec<u32>> {
        log.since(seen).map(Iterator::collect)
    }

    #[test]
    fn each_changed_node_is_told_once_and_only_what_came_later() {
        let mut log = Log::default();
        [3, 1, 3].into_iter().for_each(|node| log.note(node));
        let start = log.end - 2;
        assert_eq!(read(&log, start), Some(vec![1, 3]));
        assert_eq!(read(&log, log.end), Some(vec![]));
    }

    #[test]
    fn who_is_too_far_behind_begins_anew() {
        let mut log = Log::default();
        log.note(0);
        let seen = log.end;
        (0..64).for_each(|_| log.note(0));
        assert_eq!(read(&log, seen), Some(vec![0]));
        log.note(0);
        assert_eq!(read(&log, seen), None);
    }
}
