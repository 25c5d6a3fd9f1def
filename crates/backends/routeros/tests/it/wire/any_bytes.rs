//! Any bytes may come from the network: nothing panics, and what is read holds together.

use crate::wire::fuzzed::rest;
use proptest::prelude::*;
use std::path::Path;
use std::time::{Duration, Instant};

#[test]
fn what_the_fuzzer_begins_with_and_has_found_is_answered() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fuzz/corpus/routeros_rest");
    // A crate by itself has no corpus beside it.
    let Ok(files) = std::fs::read_dir(corpus) else { return };
    let files: Vec<_> = files.map(|it| std::fs::read(it.unwrap().path()).unwrap()).collect();
    assert!(files.len() > 5, "{}", files.len());
    files.iter().for_each(|it| rest(it));
}

/// Rows of fields that there are, with values that there are and that there are not.
fn rows() -> impl Strategy<Value = String> {
    let fields = [
        ".id",
        "name",
        "default-name",
        "disabled",
        "comment",
        "rx-bytes",
        "tx-bytes",
        "rx-fcs-error",
        "status",
        "rate",
        "poe-out",
        "poe-priority",
        "poe-out-status",
        "poe-out-power",
        "bridge",
        "interface",
        "pvid",
        "frame-types",
        "vlan-ids",
        "tagged",
        "untagged",
        "dynamic",
        "vlan-filtering",
        "error",
        "detail",
    ];
    let values = [
        "\"*1\"",
        "\"*1F\"",
        "\"**\"",
        "\"true\"",
        "false",
        "\"\"",
        "\"ether1\"",
        "\"ether1,bridge\"",
        "10",
        "-1",
        "4.7",
        "\"4.7\"",
        "1e300",
        "18446744073709551616",
        "\"99999999999999999999\"",
        "\"1-4094\"",
        "\"1,10-20\"",
        "\"20-10\"",
        "\"4095\"",
        "\"1Gbps\"",
        "\"9999999999999999Gbps\"",
        "\"link-ok\"",
        "\"powered-on\"",
        "\"auto-on\"",
        "\"admit-all\"",
        "null",
        "[]",
        "{}",
        "\"\\u0000\\ud83d\\ude00\"",
        "404",
    ];
    let pick = (prop::sample::select(fields.to_vec()), prop::sample::select(values.to_vec()));
    let row = prop::collection::vec(pick, 0..12).prop_map(|it| {
        let fields: Vec<String> =
            it.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
        format!("{{{}}}", fields.join(","))
    });
    prop::collection::vec(row, 0..6).prop_map(|it| format!("[{}]", it.join(",")))
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        rest(&bytes);
    }

    #[test]
    fn any_rows_are_answered(text in rows()) {
        rest(text.as_bytes());
        rest(text.trim_matches(['[', ']']).as_bytes());
    }

    #[test]
    fn rows_that_were_spoilt_are_answered(text in rows(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        rest(&bytes);
    }
}

#[test]
fn ten_megabytes_of_anything_are_answered_in_time() {
    let row = r#"{".id":"*1","name":"a","bridge":"b","vlan-ids":"1-4094"}"#;
    let many = |it: &str| format!("[{}]", vec![it; 10_000_000 / it.len()].join(","));
    let field = format!(r#"[{{"vlan-ids":"{}"}}]"#, "1-4094,".repeat(1_400_000));
    let begin = Instant::now();
    for page in [
        many(row),
        many("{}"),
        many("1"),
        field,
        "[".repeat(10_000_000),
        format!("\"{}", "a".repeat(10_000_000)),
    ] {
        rest(page.as_bytes());
    }
    assert!(begin.elapsed() < Duration::from_secs(60), "{:?}", begin.elapsed());
}
