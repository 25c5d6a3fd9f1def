use super::quick::QuickMap;

/// A word that was given a number: a label's key or value, a namespace, an image, an address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(pub u32);

/// Gives every word a number, the same one each time it is asked.
///
/// Callers who number their words themselves do not need it.
#[derive(Clone, Debug, Default)]
pub struct Names {
    words: Vec<Box<str>>,
    numbers: QuickMap<Box<str>, Name>,
}

impl Names {
    /// The number of a word, which is given one if it has none.
    pub fn name(&mut self, word: &str) -> Name {
        if let Some(&name) = self.numbers.get(word) {
            return name;
        }
        let name = Name(u32::try_from(self.words.len()).unwrap_or(u32::MAX));
        self.words.push(word.into());
        self.numbers.insert(word.into(), name);
        name
    }

    /// The word that has a number.
    pub fn word(&self, name: Name) -> Option<&str> {
        self.words.get(name.0 as usize).map(AsRef::as_ref)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_keeps_its_number_and_can_be_read_back() {
        let mut names = Names::default();
        let (zone, disk) = (names.name("zone"), names.name("disk"));
        assert_ne!(zone, disk);
        assert_eq!(names.name("zone"), zone);
        assert_eq!((names.word(disk), names.word(Name(7))), (Some("disk"), None));
    }
}
