//! Any bytes as the answer to a form: `cargo +nightly fuzz run gs305ep_reply fuzz/corpus/gs305ep_reply`
#![no_main]

#[allow(dead_code)]
#[path = "../../crates/backends/gs305ep/tests/it/wire/fuzzed.rs"]
mod fuzzed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::reply(bytes));
