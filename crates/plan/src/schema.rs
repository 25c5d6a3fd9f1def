use crate::Rack;
use serde_json::Value;

/// The JSON Schema of the rack file, for editors and other programs: every key, what it means, and how its
/// value is written.
pub fn schema() -> Value {
    schemars::schema_for!(Rack).to_value()
}
