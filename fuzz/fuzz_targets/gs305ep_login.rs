//! Any bytes as the login page, and as the answer to a password: `cargo +nightly fuzz run gs305ep_login fuzz/corpus/gs305ep_login`
#![no_main]

#[allow(dead_code)]
#[path = "../../crates/backends/gs305ep/tests/it/wire/fuzzed.rs"]
mod fuzzed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::login(bytes));
