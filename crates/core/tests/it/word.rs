//! What is read from people, and what is written for them.

use rackberry_core::{
    Bytes, Effect, Error, ErrorKind, Layout, Milliwatts, PortNo, Power, ReplicaRef, Taint,
    VolumeRef,
};
use std::error::Error as _;

#[test]
fn an_error_is_an_answer_or_a_doubt() {
    use ErrorKind::*;
    for doubt in [Unreachable, Protocol] {
        assert!(doubt.is_uncertain(), "{doubt:?}");
    }
    for answer in [NotFound, Unsupported, Invalid, Denied, Refused] {
        assert!(!answer.is_uncertain(), "{answer:?}");
    }
}

#[test]
fn an_error_says_what_was_being_done_and_keeps_its_cause_apart() {
    let error = Error::new(ErrorKind::Denied, "read the switch");
    assert!(error.source().is_none());
    let error = error.because("the password is wrong");
    assert_eq!(error.to_string(), "failed to read the switch");
    assert_eq!(error.source().unwrap().to_string(), "the password is wrong");
}

#[test]
fn replicas_and_volumes_are_written_as_they_are_read() {
    for text in ["pi-hole/0", "web/12"] {
        assert_eq!(text.parse::<ReplicaRef>().unwrap().to_string(), text);
    }
    for text in ["prometheus/0:data", "db/3:a:b"] {
        assert_eq!(text.parse::<VolumeRef>().unwrap().to_string(), text);
    }
    for wrong in ["web", "web/x", "/1", "web/-1"] {
        let why = wrong.parse::<ReplicaRef>().unwrap_err();
        assert!(why.contains("write it like `pi-hole/0`"), "{why}");
    }
    for wrong in ["db/0", "db/0:"] {
        let why = wrong.parse::<VolumeRef>().unwrap_err();
        assert!(why.contains("write it like `prometheus/0:data`"), "{why}");
    }
}

#[test]
fn taints_are_written_as_they_are_read() {
    for text in ["a=b:NoSchedule", "gpu:PreferNoSchedule", "down:NoExecute"] {
        assert_eq!(text.parse::<Taint>().unwrap().to_string(), text);
    }
    let taint: Taint = "a=b:NoExecute".parse().unwrap();
    assert_eq!((taint.key.as_str(), taint.value.as_str()), ("a", "b"));
    assert_eq!(taint.effect, Effect::NoExecute);
    assert!("a=b".parse::<Taint>().unwrap_err().contains("is not a taint"));
    assert!(":NoSchedule".parse::<Taint>().unwrap_err().contains("is not a taint"));
    assert!("a:Never".parse::<Taint>().unwrap_err().contains("is not what a taint does"));
}

#[test]
fn a_pool_survives_as_many_disks_as_its_layout_says() {
    let all = [Layout::Stripe, Layout::Mirror, Layout::Raidz1, Layout::Raidz2, Layout::Raidz3];
    assert_eq!(all.map(|it| it.spare_disks(4)), [0, 3, 1, 2, 3]);
    assert_eq!(all.map(Layout::fewest_disks), [1, 2, 2, 3, 4]);
    assert_eq!(Layout::Mirror.spare_disks(0), 0);
}

#[test]
fn ports_and_outlets_are_named_as_people_do() {
    assert_eq!(PortNo(3).to_string(), "port 3");
    assert_eq!((Power::On.to_string(), Power::Off.to_string()), ("on".into(), "off".into()));
}

#[test]
fn a_quantity_that_cannot_be_read_says_what_would_be_right() {
    let why = |text: &str| text.parse::<Bytes>().unwrap_err().to_string();
    assert!(why("1lightyear").contains("is not"), "{}", why("1lightyear"));
    // Up to eight letters are looked at as a unit, more are no unit at all.
    assert!(why("1abcdefgh").contains("`abcdefgh` is not a unit"), "{}", why("1abcdefgh"));
    assert!(why("1abcdefghi").starts_with("`1abcdefghi` is not"), "{}", why("1abcdefghi"));
    for wrong in [".5Gi", "Gi", "1..5Gi", "1.Gi", "123456789012345678901Gi"] {
        assert!(wrong.parse::<Bytes>().is_err(), "{wrong}");
    }
    assert_eq!("1.5Gi".parse::<Bytes>().unwrap(), Bytes(3 << 29));
    assert_eq!((Bytes(0).to_string(), Milliwatts(0).to_string()), ("0B".into(), "0mW".into()));
}

#[test]
fn what_is_no_quantity_at_all_is_answered_by_what_was_expected() {
    let why = serde_json::from_str::<Bytes>("[]").unwrap_err().to_string();
    assert!(why.contains("expected"), "{why}");
    assert!(!why.contains("expected  at"), "{why}");
}
