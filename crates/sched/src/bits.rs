/// A set of small numbers: which bins a class may use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// The set of all numbers below `len`.
    pub fn below(len: usize) -> Bits {
        let mut words = vec![u64::MAX; len / 64];
        if !len.is_multiple_of(64) {
            words.push((1 << (len % 64)) - 1);
        }
        Bits { words }
    }

    /// Adds a number; the set grows as needed.
    pub fn insert(&mut self, number: u32) {
        let word = number as usize / 64;
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << (number % 64);
    }

    /// Takes a number out.
    pub fn remove(&mut self, number: u32) {
        if let Some(word) = self.words.get_mut(number as usize / 64) {
            *word &= !(1 << (number % 64));
        }
    }

    /// Whether the number is in the set.
    pub fn contains(&self, number: u32) -> bool {
        self.word(number as usize / 64) >> (number % 64) & 1 == 1
    }

    /// How many numbers are in the set.
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The numbers, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0u32..).zip(&self.words).flat_map(|(at, &word)| ones(at, word))
    }

    /// The numbers `64 * at ..` of the set as one word, the lowest in the lowest bit.
    pub(crate) fn word(&self, at: usize) -> u64 {
        self.words.get(at).copied().unwrap_or(0)
    }
}

impl FromIterator<u32> for Bits {
    fn from_iter<T: IntoIterator<Item = u32>>(numbers: T) -> Bits {
        let mut bits = Bits::default();
        numbers.into_iter().for_each(|number| bits.insert(number));
        bits
    }
}

/// As a list of numbers.
#[cfg(feature = "serde")]
impl serde::Serialize for Bits {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// Numbers that no problem has bins for are refused, so that a short text takes little memory.
#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Bits {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Bits, D::Error> {
        let numbers = Vec::<u32>::deserialize(deserializer)?;
        match numbers.iter().find(|&&number| number >= 1 << 24) {
            Some(number) => Err(serde::de::Error::custom(format!("{number} is not below 2^24"))),
            None => Ok(numbers.into_iter().collect()),
        }
    }
}

/// The numbers of one word, ascending.
pub(crate) fn ones(at: u32, mut word: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let bit = word.trailing_zeros();
        word &= word.checked_sub(1)?;
        Some(at * 64 + bit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_in_order() {
        let bits: Bits = [70, 3, 64, 3].into_iter().collect();
        assert_eq!(bits.iter().collect::<Vec<_>>(), [3, 64, 70]);
        assert_eq!(bits.count(), 3);
    }

    #[test]
    fn all_below_a_length_are_in_and_no_more() {
        for len in [0, 1, 63, 64, 65, 130] {
            let bits = Bits::below(len);
            assert_eq!(bits.count(), len);
            assert!(!bits.contains(len as u32));
        }
    }

    #[test]
    fn a_removed_number_is_gone() {
        let mut bits = Bits::below(70);
        bits.remove(69);
        bits.remove(1000);
        assert!(!bits.contains(69) && bits.contains(68));
    }
}
