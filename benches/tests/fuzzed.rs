//! Any bytes as the files that the runners read: nothing panics, what is wrong is told with its
//! place, and what reads is counted alike by the kernel and by the files' own rules.

#[path = "fuzzed/files.rs"]
mod files;

use std::path::Path;
use std::{fs, io};

/// Numbers that look random (an LCG with Knuth's constants).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) as usize % limit.max(1)
    }

    /// Some bytes with one to three of them changed, doubled or left out.
    fn spoil(&mut self, bytes: &[u8]) -> Vec<u8> {
        const LIKELY: &[u8] = b"0123456789 -\n\0\"{}[],.eE\xff";
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len());
            let byte = LIKELY[self.below(LIKELY.len())];
            match self.below(4) {
                0 => bytes.insert(at, byte),
                1 if at < bytes.len() => drop(bytes.remove(at)),
                2 => bytes.truncate(at.max(1)),
                _ => bytes[at] = byte,
            }
        }
        bytes
    }
}

/// Every file of a corpus, as it is and spoilt.
fn run(corpus: &str, file: fn(&[u8])) -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(corpus);
    let mut dice = Dice(1);
    let mut files = 0;
    for entry in fs::read_dir(folder)? {
        let bytes = fs::read(entry?.path())?;
        file(&bytes);
        (0..4_000).for_each(|_| file(&dice.spoil(&bytes)));
        files += 1;
    }
    assert!(files > 0, "no corpus");
    Ok(())
}

#[test]
fn any_bytes_may_stand_in_the_challenges_files() {
    run("challenge", files::challenge).unwrap();
}

#[test]
fn any_bytes_may_stand_in_a_set_of_nodes_and_pods() {
    run("online", files::online).unwrap();
}
