//! A room as text, and what is no such text.

use crate::room::{blueprint, config, id, text, world};
use rackberry_core::{BootId, Stage};
use rackberry_testkit::{Blueprint, Fault, World};

fn why(text: &str) -> String {
    World::load(text).unwrap_err().to_string()
}

fn reload(world: &World) -> World {
    World::load(&world.save()).unwrap()
}

#[test]
fn what_was_loaded_is_saved_as_it_was() {
    let text = world().save();
    assert_eq!(World::load(&text).unwrap().save(), text);
}

#[tokio::test]
async fn an_installation_goes_on_in_the_next_process() {
    let world = world().with_latency(5);
    let blank = config(&text("fresh", "control-plane"));
    let os = world.os(&id("f1"));
    let before = os.observe().await.unwrap();
    os.reset(&before.boot).await.unwrap();
    let next = reload(&world);
    next.tick(10);
    let os = next.os(&id("f1"));
    assert_eq!(os.observe().await.unwrap().stage, Stage::Maintenance);
    os.configure(&blank).await.unwrap();
    let next = reload(&next);
    assert_eq!(next.os(&id("f1")).observe().await.unwrap().stage, Stage::Installing);
    next.tick(10);
    assert_eq!(next.os(&id("f1")).observe().await.unwrap().stage, Stage::Running);
}

#[tokio::test]
async fn a_fault_to_come_is_saved_and_an_order_that_is_obeyed_late_is_lost() {
    let world = world().with_fault(2, Fault::Slow).with_fault(5, Fault::Refused);
    let boot = world.os(&id("s1")).observe().await.unwrap().boot;
    world.os(&id("s1")).reboot(&boot).await.unwrap_err();
    let next = reload(&world);
    next.tick(10);
    assert_eq!(next.os(&id("s1")).observe().await.unwrap().boot, boot);
    world.tick(10);
    let late = world.os(&id("s1")).observe().await.unwrap().boot;
    assert_ne!(late, boot, "without the save it is obeyed");
    let os = next.os(&id("s1"));
    os.observe().await.unwrap();
    let refused = os.reboot(&BootId::new("another")).await.unwrap_err();
    assert_eq!(refused.kind(), rackberry_core::ErrorKind::Refused);
}

#[tokio::test]
async fn who_goes_on_without_faults_meets_none_that_were_to_come() {
    let world = world().with_fault(1, Fault::Refused).with_fault(2, Fault::LostOrder);
    let next = reload(&world).without_faults();
    for _ in 0..2 {
        next.os(&id("s1")).observe().await.unwrap();
    }
    world.os(&id("s1")).observe().await.unwrap_err();
}

#[test]
fn a_foreign_text_and_a_later_version_are_refused_with_their_place() {
    let keys = "expected `world` or `room`";
    let foreign = format!("line 2, column 8: unknown field `rack`, {keys}");
    assert_eq!(why("{\n  \"rack\": 7 }"), foreign);
    assert_eq!(why(""), "line 1, column 1: EOF while parsing a value");
    let later = world().save().replacen("\"world\": 1", "\"world\": 2", 1);
    let known = "version 2 of a world is not known here, only 1 is";
    assert_eq!(why(&later), format!("line 2, column 12: {known}"));
}

#[test]
fn a_text_that_was_changed_by_hand_is_refused_where_it_makes_no_sense() {
    let saved = World::new(Blueprint {
        machines: vec![blueprint().machines.remove(4)],
        ..Blueprint::default()
    })
    .save();
    let renamed = saved.replacen("\"id\": \"s1\"", "\"id\": \"s2\"", 1);
    assert!(why(&renamed).contains("s2 stands under another name"), "{}", why(&renamed));
    let endless = saved.replacen("\"latency\": 1,", &format!("\"latency\": {},", u64::MAX), 1);
    assert!(why(&endless).contains("a number is too large"), "{}", why(&endless));
    let typo = saved.replacen("\"latency\"", "\"latencies\"", 1);
    assert!(why(&typo).contains("unknown field `latencies`"), "{}", why(&typo));
    assert!(World::load(&saved[..saved.len() / 2]).is_err());
}
