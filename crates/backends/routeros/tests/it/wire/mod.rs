//! The JSON, read and written.

mod any_bytes;
mod fuzzed;
mod values;
