//! Any bytes as the page of the VLANs: `cargo +nightly fuzz run gs305ep_vlan fuzz/corpus/gs305ep_vlan`
#![no_main]

#[allow(dead_code)]
#[path = "../../crates/backends/gs305ep/tests/it/wire/fuzzed.rs"]
mod fuzzed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::vlan(bytes));
