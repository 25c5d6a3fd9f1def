use super::nodes::NONE;
use super::pod::PodId;

/// A pod that runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Running {
    pub(crate) template: u32,
    /// `NONE` where there is no pod.
    pub(crate) node: u32,
    /// When it came: the later, the higher.
    pub(crate) since: u64,
    turn: u32,
    before: u32,
    after: u32,
}

/// All pods that run, those of a node in a list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pods {
    slots: Vec<Running>,
    free: Vec<u32>,
    came: u64,
}

impl Pods {
    /// Puts a pod at the head of the list of its node.
    pub(crate) fn add(&mut self, template: u32, node: u32, first: &mut u32) -> PodId {
        let slot = self.free.pop().unwrap_or(self.slots.len() as u32);
        let turn = self.slots.get(slot as usize).map_or(0, |it| it.turn);
        self.came += 1;
        let since = self.came;
        let pod = Running { template, node, since, turn, before: NONE, after: *first };
        match self.slots.get_mut(slot as usize) {
            Some(it) => *it = pod,
            None => self.slots.push(pod),
        }
        if let Some(next) = self.slots.get_mut(*first as usize) {
            next.before = slot;
        }
        *first = slot;
        PodId { slot, turn }
    }

    /// Takes a pod out of the list of its node.
    pub(crate) fn remove(&mut self, pod: PodId, first: &mut u32) {
        let Running { before, after, .. } = self.slots[pod.slot as usize];
        match self.slots.get_mut(before as usize) {
            Some(it) => it.after = after,
            None => *first = after,
        }
        if let Some(it) = self.slots.get_mut(after as usize) {
            it.before = before;
        }
        let it = &mut self.slots[pod.slot as usize];
        (it.node, it.turn) = (NONE, it.turn.wrapping_add(1));
        self.free.push(pod.slot);
    }

    /// The pod of this number, if it runs.
    pub(crate) fn get(&self, pod: PodId) -> Option<&Running> {
        let it = self.slots.get(pod.slot as usize)?;
        (it.node != NONE && it.turn == pod.turn).then_some(it)
    }

    /// The pods of a list, the latest first.
    pub(crate) fn list(&self, first: u32) -> impl Iterator<Item = (PodId, &Running)> {
        let mut slot = first;
        std::iter::from_fn(move || {
            let it = self.slots.get(slot as usize)?;
            let pod = PodId { slot, turn: it.turn };
            slot = it.after;
            Some((pod, it))
        })
    }

    /// All pods that run.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (PodId, &Running)> {
        let all = (0u32..).zip(&self.slots).filter(|(_, it)| it.node != NONE);
        all.map(|(slot, it)| (PodId { slot, turn: it.turn }, it))
    }
}
