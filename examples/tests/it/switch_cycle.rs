//! `rackberry switch cycle`, judged by the machines behind the simulated switch.

use crate::desk::Desk;
use rackberry::core::Power;
#[cfg(unix)]
use rackberry::gs305ep::fake::Fault;
#[cfg(unix)]
use rustix::process::{Pid, Signal, kill_process};
#[cfg(unix)]
use std::process::{Child, Output, Stdio};
#[cfg(unix)]
use std::time::Duration;

const QUICK: [&str; 5] = ["--yes", "--off", "200ms", "--stagger", "100ms"];

/// The ports whose power was ordered off, and then on, in their order; 0 is port 1.
fn ordered(desk: &Desk) -> Vec<(String, String)> {
    let all = desk.served.journal().into_iter().filter(|it| it.method == "POST");
    let field = |it: &rackberry::gs305ep::fake::Entry, name: &str| it.field(name).map(String::from);
    all.filter_map(|it| Some((field(&it, "portID")?, field(&it, "ADMIN_MODE")?))).collect()
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|it| (it.0.into(), it.1.into())).collect()
}

#[test]
fn ports_lose_their_power_one_after_the_other_and_have_it_again() {
    let desk = Desk::new("cycle");
    let told = desk.switch(&[&["cycle", "2", "1"], &QUICK[..]].concat()).ended(0);
    let proofs: Vec<&str> = told.out.lines().filter(|it| it.starts_with("proved")).collect();
    assert_eq!(proofs.len(), 2, "{}", told.out);
    assert!(proofs[0].contains("port 2: ") && proofs[1].contains("port 1: "), "{}", told.out);
    assert_eq!(ordered(&desk), pairs(&[("1", "0"), ("1", "1"), ("0", "0"), ("0", "1")]));
    assert!((1..=3).all(|it| desk.poe(it).power == Power::On && desk.poe(it).delivers));
    assert!(desk.is_free());
}

#[test]
fn what_the_controller_hangs_on_is_never_cycled() {
    let desk = Desk::new("cycle-guard");
    let told = desk.switch(&[&["cycle", "1", "5"], &QUICK[..]].concat()).ended(2);
    assert!(told.err.contains("port 5 is protected: it is the uplink"), "{}", told.err);
    let own = ["cycle", "1", "2", "--management-port", "2"];
    let told = desk.bare(&[&own, &QUICK[..]].concat()).ended(2);
    assert!(told.err.contains("port 2 is protected: it is --management-port"), "{}", told.err);
    let told = desk.bare(&[&["cycle", "1"], &QUICK[..]].concat()).ended(2);
    assert!(told.err.contains("--management-port"), "{}", told.err);
    assert!(desk.served.journal().is_empty());
}

#[test]
fn a_port_that_feeds_nobody_is_told_before_any_other_loses_its_power() {
    let desk = Desk::new("cycle-empty");
    let told = desk.switch(&[&["cycle", "1", "4"], &QUICK[..]].concat()).ended(2).err;
    assert!(told.contains("nothing was done: port 4 feeds nothing now"), "{told}");
    let words = [&["cycle", "1", "--management-port", "77"], &QUICK[..]].concat();
    let told = desk.bare(&words).ended(2).err;
    assert!(told.contains("it has no port 77, which --management-port names"), "{told}");
    assert_eq!(ordered(&desk), vec![]);
}

/// Presses ctrl-C once something is so, and waits for the end.
#[cfg(unix)]
fn interrupted(desk: &Desk, words: &[&str], once: impl Fn(&Desk) -> bool) -> Output {
    let mut command = desk.command(words);
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child: Child = command.spawn().expect("start the program");
    for _ in 0..1_000 {
        if once(desk) {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(once(desk), "it never comes so far");
    let pid = Pid::from_raw(child.id().try_into().expect("a process")).expect("a process");
    kill_process(pid, Signal::INT).expect("press ctrl-C");
    child.wait_with_output().expect("see it end")
}

#[cfg(unix)]
#[test]
fn ctrl_c_in_the_dark_gives_the_power_back_and_begins_no_other_port() {
    let desk = Desk::new("cycle-interrupted");
    let words = ["cycle", "1", "2", "--yes", "--off", "1s", "--stagger", "1h"];
    let ended = interrupted(&desk, &words, |it| !ordered(it).is_empty());
    let out = String::from_utf8_lossy(&ended.stdout);
    // The long pause between ports ends with it, too.
    assert_eq!(ended.status.code(), Some(1), "{out}");
    assert!(
        out.starts_with("proved     port 1: ") && out.ends_with("not begun  port 2\n"),
        "{out}"
    );
    assert!(desk.poe(1).delivers);
    assert_eq!(ordered(&desk), pairs(&[("0", "0"), ("0", "1")]));
    assert!(desk.is_free());
}

#[cfg(unix)]
#[test]
fn ctrl_c_before_anything_is_sent_gives_the_session_free() {
    let desk = Desk::new("cycle-early");
    desk.served.fault(4, Fault::Slow(Duration::from_secs(9)));
    let ended = interrupted(&desk, &["show"], |it| it.served.requests() >= 4);
    let told = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(130), "{told}");
    assert!(told.contains("ended by ctrl-C; nothing was sent") && desk.is_free(), "{told}");
}
