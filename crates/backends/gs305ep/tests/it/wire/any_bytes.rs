//! Any bytes may come from the network: nothing panics, and what is read holds together.

use crate::wire::{fuzzed, pages};
use proptest::prelude::*;
use std::path::Path;

fn corpus() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fuzz/corpus")
}

#[test]
fn what_the_fuzzers_begin_with_and_have_found_is_answered() {
    // A crate by itself has no corpus beside it.
    if !corpus().is_dir() {
        return;
    }
    for (name, target) in fuzzed::ALL {
        let files = std::fs::read_dir(corpus().join(format!("gs305ep_{name}"))).unwrap();
        let files: Vec<_> = files.map(|it| std::fs::read(it.unwrap().path()).unwrap()).collect();
        assert!(!files.is_empty(), "{name}");
        files.iter().for_each(|it| target(it));
    }
}

#[test]
fn the_fuzzers_begin_with_a_whole_page_each() {
    if !corpus().is_dir() {
        return;
    }
    for (name, page) in pages::all() {
        let file = corpus().join(format!("gs305ep_{name}/whole.html"));
        if std::env::var_os("RACKBERRY_BLESS").is_some() {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, &page).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&file).unwrap(), page, "run with RACKBERRY_BLESS=1");
    }
}

/// A page of ours with some of its bytes overwritten, doubled or left out.
fn spoilt() -> impl Strategy<Value = (usize, Vec<u8>)> {
    let all = pages::all();
    let likely = prop::sample::select(b"0123456789<>'\"=/ -*,@\n\0&;\xff\xc3".to_vec());
    let spoil = prop::collection::vec((any::<prop::sample::Index>(), likely, 0..4_u8), 1..6);
    (0..all.len(), spoil).prop_map(move |(which, spoils)| {
        let mut page = all[which].1.clone().into_bytes();
        for (at, byte, how) in spoils {
            let at = at.index(page.len());
            match how {
                0 => page.insert(at, byte),
                1 => drop(page.remove(at)),
                2 => drop(page.drain(at..(at + 40).min(page.len()))),
                _ => page[at] = byte,
            }
        }
        (which, page)
    })
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        fuzzed::ALL.iter().for_each(|it| it.1(&bytes));
    }

    #[test]
    fn any_markup_is_answered(text in "(</?(div|li|ul|span|input|script|html|title|form|i)( (id|class|name|value|vid-4|hidden-mem)(='?[a-z0-9]{0,8}'?)?){0,3}/?>|[ -~]{0,9}|\\PC{0,3}){0,40}") {
        fuzzed::ALL.iter().for_each(|it| it.1(text.as_bytes()));
    }

    #[test]
    fn a_page_that_was_spoilt_is_answered((which, page) in spoilt()) {
        fuzzed::ALL[which].1(&page);
    }
}
