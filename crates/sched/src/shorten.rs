use crate::scene::{Scene, Step, Way};

/// Takes out steps to temporary places that are not needed, so that what comes after can still be
/// done one after the other, until nothing more is found.
pub(crate) fn shorten(way: Way, mut steps: Vec<Step>) -> Vec<Step> {
    loop {
        let before = steps.len();
        steps = shorten_once(way, steps);
        if steps.len() == before {
            return steps;
        }
    }
}

fn shorten_once(way: Way, steps: Vec<Step>) -> Vec<Step> {
    let mut row = Row::new(way, steps);
    for at in 0..row.steps.len() {
        while row.try_join(at) {}
        if let Some(step) = row.steps[at] {
            row.scene.go(step);
        }
    }
    row.steps.into_iter().flatten().collect()
}

#[derive(Debug)]
struct Row<'a> {
    scene: Scene<'a>,
    /// The steps; none where one was taken out.
    steps: Vec<Option<Step>>,
    /// Where the next step of the same item is.
    next: Vec<Option<usize>>,
}

impl<'a> Row<'a> {
    fn new(way: Way<'a>, steps: Vec<Step>) -> Row<'a> {
        let mut next = vec![None; steps.len()];
        let mut later = vec![None; way.checked.items()];
        for (at, step) in steps.iter().enumerate().rev() {
            next[at] = later[step.item as usize].replace(at);
        }
        let steps = steps.into_iter().map(Some).collect();
        Row { scene: Scene::new(way, way.from), steps, next }
    }

    /// Joins a step and the next of its item to one, early or late. Says whether there may be more
    /// to join here.
    fn try_join(&mut self, at: usize) -> bool {
        let (Some(first), Some(then)) = (self.steps[at], self.next[at]) else { return false };
        let Some(second) = self.steps[then] else { return false };
        let whole = Step { to: second.to, ..first };
        let joined = Some(whole).filter(|it| it.from != it.to);
        if self.is_possible(joined, at, then, None) {
            (self.steps[at], self.steps[then]) = (joined, None);
            self.next[at] = self.next[then];
            return joined.is_some();
        }
        if joined.is_some() && self.is_possible(None, at, then, joined) {
            (self.steps[at], self.steps[then]) = (None, joined);
        }
        false
    }

    /// Whether `first`, the steps between two, and `last` can be done one after the other.
    fn is_possible(
        &mut self,
        first: Option<Step>,
        at: usize,
        then: usize,
        last: Option<Step>,
    ) -> bool {
        let between = self.steps[at + 1..then].iter().flatten();
        let steps = first.iter().chain(between).chain(&last);
        let mut done = 0;
        let mut is_possible = true;
        for &step in steps.clone() {
            is_possible = self.scene.admits(step.item, step.to);
            if !is_possible {
                break;
            }
            self.scene.go(step);
            done += 1;
        }
        let back: Vec<Step> = steps.take(done).copied().collect();
        for step in back.into_iter().rev() {
            self.scene.go(Step { item: step.item, from: step.to, to: step.from });
        }
        is_possible
    }
}
