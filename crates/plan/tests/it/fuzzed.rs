//! What is done with any bytes, by a fuzzer and by the tests that keep what it found.

use rackberry_plan::{Location, Rack, Source};
use serde_json::Value;

/// Reads bytes as a rack, as YAML and as JSON. What is accepted is written, and read again as the same; every place in it
/// is found. What is refused is refused in a message that fits.
pub(crate) fn rack_file(bytes: &[u8]) {
    for name in ["rack.yaml", "rack.json"] {
        match Source::read(name, bytes) {
            Ok((rack, source)) => {
                reads_back("again.yaml", &rack.write(), &rack);
                reads_back("again.json", &serde_json::to_string(&rack).unwrap_or_default(), &rack);
                is_located(&rack, &source);
            }
            Err(error) => fits(&error.to_string()),
        }
    }
}

fn reads_back(name: &str, text: &str, rack: &Rack) {
    let read = Source::read(name, text.as_bytes());
    assert_eq!(read.as_ref().map(|it| &it.0), Ok(rack), "{text}");
}

fn is_located(rack: &Rack, source: &Source) {
    let mut places = vec![Location::default()];
    let value = serde_json::to_value(rack).unwrap_or_default();
    places_in(&value, &Location::default(), &mut places);
    for place in places.iter().take(100) {
        let position = source.locate(place);
        let snippet = position.map(|it| source.snippet(it, 100));
        assert!(snippet.as_ref().is_some_and(|it| it.contains('^')), "{place} {position:?}");
        fits(&snippet.unwrap_or_default());
    }
}

fn places_in(value: &Value, at: &Location, all: &mut Vec<Location>) {
    let keys = value.as_object().into_iter().flatten().map(|(key, it)| (key.clone(), it));
    let items = value.as_array().into_iter().flatten().enumerate();
    for (key, value) in keys.chain(items.map(|(number, it)| (number.to_string(), it))) {
        let at = at.key(key);
        places_in(value, &at, all);
        all.push(at);
    }
}

fn fits(message: &str) {
    assert!(message.lines().all(|it| it.chars().count() <= 100), "{message}");
}
