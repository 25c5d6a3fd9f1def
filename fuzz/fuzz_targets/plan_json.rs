//! Any bytes as a plan: what reads is written and read again as the same, judged, and told in words.
#![no_main]

#[path = "../../crates/plan/tests/it/fuzzed_plan.rs"]
mod fuzzed_plan;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed_plan::plan_json(bytes));
