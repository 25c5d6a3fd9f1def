//! Throws of a die, and what is made of a few of them.

/// A die whose throws follow from its seed.
pub(crate) struct Dice {
    /// The seed.
    pub state: u64,
    /// How much there is of everything, from 0.
    pub size: u64,
}

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let it = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        it ^ (it >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    pub(crate) fn bool(&mut self) -> bool {
        self.below(2) == 0
    }

    pub(crate) fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        let at = self.below(all.len() as u64) as usize;
        all[at].clone()
    }

    pub(crate) fn maybe<T>(&mut self, make: fn(&mut Self) -> T) -> Option<T> {
        (self.below(6) < self.size).then(|| make(self))
    }

    pub(super) fn some<T, C: FromIterator<T>>(&mut self, make: fn(&mut Self) -> T) -> C {
        let count = self.below(self.size + 1);
        (0..count).map(|_| make(self)).collect()
    }

    pub(super) fn number(&mut self) -> u64 {
        let bits = self.below(64);
        self.next() >> bits
    }
}

/// Names that are easily read as something else.
const NAMES: [&str; 16] = [
    "pi-2", "y", "no", "on", "null", "true", "1e3", "0x10", "007", "12", "1.5", "1_000", "n",
    "Off", "a.b-c_d", "0o17",
];

/// Texts that are easily read as something else.
const TEXTS: [&str; 30] = [
    "",
    " ",
    "x",
    "yes",
    "~",
    "null",
    "1e3",
    "-1",
    ".inf",
    "0b1",
    "12:30:45",
    "2026-01-01",
    "a: b",
    "- a",
    "#a",
    "a #b",
    "[a",
    "{a}",
    "&a",
    "*a",
    "!a",
    "%a",
    "@a",
    "`a`",
    "'",
    "\"",
    "<<",
    "---",
    "two\nlines\n\n",
    "tab\t\u{7}\u{85}\u{2028}\u{feff}é🍓",
];

pub(super) fn name(dice: &mut Dice) -> String {
    match dice.bool() {
        true => dice.pick(&NAMES).into(),
        false => format!("n{}", dice.below(1000)),
    }
}

pub(super) fn text(dice: &mut Dice) -> String {
    dice.pick(&TEXTS).into()
}

pub(super) fn line(dice: &mut Dice) -> String {
    let text = text(dice);
    if text.is_empty() || text.contains(char::is_control) { "/a b: #c".into() } else { text }
}

pub(super) fn label(dice: &mut Dice) -> String {
    dice.pick(&["a", "topology.kubernetes.io/zone", "y", "1", "example.org/A-b_c"]).into()
}

/// An id of any kind.
pub(super) fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(dice: &mut Dice) -> T {
    name(dice).parse().unwrap()
}
