//! Any bytes as a rack file. Good seeds stand elsewhere:
//! `cargo +nightly fuzz run rack_file fuzz/corpus/rack_file crates/plan/tests/bad examples/racks`
#![no_main]

#[path = "../../crates/plan/tests/it/fuzzed.rs"]
mod fuzzed;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| fuzzed::rack_file(bytes));
