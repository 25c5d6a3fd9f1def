//! What is written reads back.

#![expect(clippy::panic, reason = "a test that cannot go on says why")]

use crate::arbitrary::racks;
use proptest::prelude::*;
use rackberry_plan::{Rack, Source};

fn reads_back(name: &str, text: &str, rack: &Rack) {
    match Source::read(name, text.as_bytes()) {
        Ok((read, _)) => assert_eq!(read, *rack, "{text}"),
        Err(error) => panic!("{error}\n{text}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_rack_written_as_yaml_reads_back(rack in racks()) {
        reads_back("rack.yaml", &rack.write(), &rack);
    }

    #[test]
    fn a_rack_written_as_json_reads_back(rack in racks()) {
        reads_back("rack.json", &serde_json::to_string(&rack).unwrap(), &rack);
    }
}
