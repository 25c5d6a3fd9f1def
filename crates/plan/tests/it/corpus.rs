//! What the fuzzer found interesting, and what people write, goes through what the fuzzer does.

use crate::arbitrary::racks;
use crate::fuzzed::rack_file;
use proptest::prelude::*;
use std::path::Path;

/// Runs every file of a folder beside this crate; none, where the crate is by itself.
fn run(folder: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files.filter_map(|it| std::fs::read(it.path()).ok()).for_each(|it| rack_file(&it));
}

#[test]
fn what_the_fuzzer_found_is_answered_or_read_back() {
    run("../../fuzz/corpus/rack_file");
}

#[test]
fn bad_files_are_answered_in_both_formats() {
    run("tests/bad");
}

#[test]
fn example_racks_read_back_and_are_located() {
    run("../../examples/racks");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_racks_are_located(rack in racks()) {
        rack_file(rack.write().as_bytes());
        rack_file(serde_json::to_string(&rack).unwrap().as_bytes());
    }

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        rack_file(&bytes);
    }

    #[test]
    fn texts_of_yaml_are_answered(text in r#"(rack: a\n)?((nodes|workloads|switches|[a-z"'&*!|>%@`{}\[\],:#? -]{1,3})(: |:\n|\n  |, | )){0,20}"#) {
        rack_file(text.as_bytes());
    }
}
