//! Sets are read strictly, and on each of them kube-scheduler's choices are among our best.

use rackberry_benches::online::{ours, read_placements, read_sets, theirs};
use std::{env, fs, path::Path};

const NODE: &str = r#"{"name": "a", "cpu_m": 4000, "mem_mi": 8, "pods": 9}"#;

fn sets(nodes: &str, pods: &str) -> String {
    format!("{{\"nodes\": [{nodes}],\n \"pods\": [{pods}]}}")
}

#[test]
fn what_is_wrong_with_a_set_is_told_with_its_place() {
    let wrong = |text: &str| read_sets(text.as_bytes()).err().unwrap_or_default();
    assert_eq!(wrong(&sets(NODE, "")), "");
    let unknown = wrong(&sets(NODE, r#"{"name": "p", "cpu": 1}"#));
    assert!(unknown.contains("unknown field `cpu`"), "{unknown}");
    assert!(unknown.contains("line 2 column 29"), "{unknown}");
    assert!(wrong("{\"nodes\": [").contains("line 1 column 11"));
    assert_eq!(wrong(&sets(&[NODE, NODE].join(","), "")), "node `a` is there twice");
    let taint = NODE.replace("9}", r#"9, "taint": "a=b"}"#);
    assert_eq!(wrong(&sets(&taint, "")), "taint `a=b` is not `key=value:effect`");
    let huge = NODE.replace("\"mem_mi\": 8", "\"mem_mi\": 18446744073709551615");
    assert_eq!(wrong(&sets(&huge, "")), "`a` has too much memory");
}

#[test]
fn what_is_wrong_with_placements_is_told_with_its_line() {
    let sets = sets(NODE, r#"{"name": "p", "cpu_m": 1, "mem_mi": 1}"#);
    let sets = read_sets(sets.as_bytes()).unwrap_or_default();
    let wrong = |text| read_placements(text, &sets).err().unwrap_or_default();
    assert_eq!(wrong("p,a\n"), "");
    assert_eq!(wrong("p,b"), "line 1: there is no node `b`");
    assert_eq!(wrong("p,a\nq,a"), "line 2: `q` is not the next pod of the set");
    assert_eq!(wrong("p"), "line 1: `p` is not `pod,node`");
}

#[test]
fn kube_schedulers_choices_are_among_our_best_and_ours_among_the_checkers() {
    let folder = env::var("RACKBERRY_DATA")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data").to_owned());
    let folder = Path::new(&folder).join("kube-scheduler");
    for name in ["basic-100", "pi-100", "spread-100"] {
        let read = |ending: &str| fs::read(folder.join(format!("{name}.{ending}")));
        let (Ok(json), Ok(csv)) = (read("json"), read("placements.csv")) else {
            println!("skipped: no {name} in {}", folder.display());
            continue;
        };
        let sets = read_sets(&json).unwrap();
        let placements = read_placements(&String::from_utf8_lossy(&csv), &sets).unwrap();
        for judged in [theirs(&sets, &placements).unwrap(), ours(&sets).unwrap()] {
            assert_eq!((judged.choices, judged.checked), (1000, 1000), "{name}");
        }
    }
}
