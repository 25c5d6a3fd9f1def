use super::nodes::NONE;

/// Templates that no pod is of, the one that was not asked for the longest first.
#[derive(Clone, Debug)]
pub(crate) struct Idle {
    /// Per template who was idle before it and who after; itself where it is not idle.
    links: Vec<(u32, u32)>,
    first: u32,
    last: u32,
    pub(crate) len: usize,
}

impl Default for Idle {
    fn default() -> Self {
        Idle { links: Vec::new(), first: NONE, last: NONE, len: 0 }
    }
}

impl Idle {
    /// The one that goes first.
    pub(crate) fn first(&self) -> Option<u32> {
        (self.first != NONE).then_some(self.first)
    }

    /// Puts a template at the end, wherever it was.
    pub(crate) fn put(&mut self, template: u32) {
        self.take(template);
        for at in self.links.len() as u32..=template {
            self.links.push((at, at));
        }
        self.links[template as usize] = (self.last, NONE);
        match self.links.get_mut(self.last as usize) {
            Some(before) => before.1 = template,
            None => self.first = template,
        }
        self.last = template;
        self.len += 1;
    }

    /// Takes a template out, if it is there.
    pub(crate) fn take(&mut self, template: u32) {
        let Some(&(before, after)) = self.links.get(template as usize) else { return };
        if before == template {
            return;
        }
        match self.links.get_mut(before as usize) {
            Some(it) => it.1 = after,
            None => self.first = after,
        }
        match self.links.get_mut(after as usize) {
            Some(it) => it.0 = before,
            None => self.last = before,
        }
        self.links[template as usize] = (template, template);
        self.len -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_not_asked_for_the_longest_goes_first() {
        let mut idle = Idle::default();
        [2, 0, 5, 1].into_iter().for_each(|it| idle.put(it));
        idle.put(2);
        idle.take(5);
        idle.take(5);
        let mut order = Vec::new();
        while let Some(it) = idle.first() {
            order.push(it);
            idle.take(it);
        }
        assert_eq!((order, idle.len), (vec![0, 1, 2], 0));
    }
}
