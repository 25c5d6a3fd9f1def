//! The rules of the house that Cargo does not keep by itself.

mod house;
