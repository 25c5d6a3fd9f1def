use super::quick::QuickMap;
use std::hash::Hash;

/// Things that were given numbers, equal ones the same. Numbers of what was let go are given again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pool<T> {
    all: Vec<T>,
    live: Vec<bool>,
    numbers: QuickMap<T, u32>,
    free: Vec<u32>,
}

impl<T: Clone + Default + Eq + Hash> Pool<T> {
    /// The number of a thing.
    pub(crate) fn number(&mut self, it: T) -> u32 {
        if let Some(&number) = self.numbers.get(&it) {
            return number;
        }
        let number = self.free.pop().unwrap_or(self.all.len() as u32);
        if number as usize == self.all.len() {
            self.all.push(T::default());
            self.live.push(false);
        }
        self.all[number as usize] = it.clone();
        self.live[number as usize] = true;
        self.numbers.insert(it, number);
        number
    }

    #[inline]
    pub(crate) fn get(&self, number: u32) -> &T {
        &self.all[number as usize]
    }

    pub(crate) fn is_live(&self, number: u32) -> bool {
        self.live[number as usize]
    }

    /// How many numbers were ever given.
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// How many things have a number.
    pub(crate) fn held(&self) -> usize {
        self.numbers.len()
    }

    /// Lets all go that are not marked.
    pub(crate) fn keep(&mut self, marked: &[bool]) {
        for number in 0..self.all.len() {
            let is_kept = marked.get(number).copied().unwrap_or(false);
            if self.live[number] && !is_kept {
                let it = std::mem::take(&mut self.all[number]);
                self.numbers.remove(&it);
                self.live[number] = false;
                self.free.push(number as u32);
            }
        }
    }
}
