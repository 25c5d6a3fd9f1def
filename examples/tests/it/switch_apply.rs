//! `rackberry switch apply`, judged by the room behind the simulated switch.

use crate::desk::{Desk, RACK};
use crate::program::{arg, flat, run};
#[cfg(unix)]
use crate::terminal::talk;
use rackberry::core::{Milliwatts, PortNo, Power, Tagging, VlanId};
use rackberry::exec::Entry;
use rackberry::gs305ep::fake::{Fault, Knobs};
use std::time::{Duration, Instant};

fn vlan(number: u16) -> VlanId {
    VlanId::try_from(number).unwrap()
}

#[test]
fn the_switch_ends_as_the_file_says_and_a_second_run_sends_nothing() {
    let desk = Desk::new("switch-apply");
    let told = desk.switch(&["apply", "--yes"]).ended(0).out;
    assert!(told.contains("proved     set the VLANs of sw: "), "{told}");
    assert!(told.ends_with("sw: as described\n"), "{told}");
    let table = desk.state().vlans.unwrap();
    assert_eq!(table.pvids[&PortNo(2)], vlan(2));
    assert_eq!(table.member(PortNo(2), vlan(2)), Some(Tagging::Untagged));
    assert_eq!(table.member(PortNo(2), vlan(1)), None);
    assert_eq!(table.member(PortNo(5), vlan(2)), Some(Tagging::Tagged));
    assert_eq!(table.member(PortNo(5), vlan(1)), Some(Tagging::Untagged));
    assert_eq!((desk.poe(3).power, desk.poe(1).power), (Power::Off, Power::On));
    assert_eq!(desk.poe(2).limit, Some(Milliwatts(15_000)));
    let sent = desk.forms();
    assert_eq!(desk.switch(&["apply", "--yes"]).ended(0).out, "sw: nothing to change\n");
    assert_eq!(desk.forms(), sent);
    assert_eq!(desk.switch(&["plan"]).ended(0).out, "sw: nothing to change\n");
    assert!(desk.is_free());
}

#[test]
fn what_was_sent_and_what_was_there_before_is_written_down() {
    let desk = Desk::new("switch-journal");
    let found = desk.state().vlans.unwrap();
    desk.switch(&["apply", "--yes"]).ended(0);
    let journal = desk.folder.join("desk-sw.journal");
    let story = rackberry::exec::read(&journal).unwrap();
    let sent = story.records.iter().filter_map(|it| {
        let Entry::Sending { found, .. } = &it.entry else { return None };
        found.clone()
    });
    assert_eq!(sent.clone().next(), Some(found));
    assert_eq!(sent.count(), 4);
    let told = run(&["log", arg(&journal)]).ended(0).out;
    assert!(told.contains("limit what port 2 of sw delivers to 15W"), "{told}");
}

#[test]
fn wherever_it_is_killed_there_is_too_much_membership_at_the_most_and_the_next_run_ends_it() {
    let whole = Desk::new("switch-killed-whole");
    let before = whole.state().vlans.unwrap();
    whole.switch(&["apply", "--yes"]).ended(0);
    let (after, requests) = (whole.state().vlans.unwrap(), whole.served.requests());
    for cut in (1..requests).step_by(7) {
        let mut knobs = Knobs::default();
        // What was killed has left its session behind.
        knobs.access.sessions = 2;
        let desk = Desk::serving("switch-killed", RACK, knobs);
        let mut child = desk.command(&["apply", "--yes"]).spawn().expect("run");
        while desk.served.requests() < cut && child.try_wait().expect("ask").is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        child.kill().expect("kill");
        child.wait().expect("wait");
        let table = desk.state().vlans.unwrap();
        for (vlan, members) in &before.vlans {
            let stay = members.keys().filter(|it| after.member(**it, *vlan).is_some());
            stay.for_each(|port| assert!(table.member(*port, *vlan).is_some(), "{cut}: {table}"));
        }
        desk.switch(&["apply", "--yes"]).ended(0);
        assert_eq!(desk.state().vlans.as_ref(), Some(&after), "{cut}");
    }
}

#[test]
fn machines_are_fed_one_after_the_other_and_the_pause_is_kept() {
    let desk = Desk::with("switch-feed", &RACK.replace("      3: { poe: false }\n", ""));
    [1, 2].iter().for_each(|port| desk.feed(*port, Power::Off));
    let told = desk.switch(&["plan"]).ended(0).out;
    assert!(told.ends_with("feed port 1 of sw\n  7. feed port 2 of sw\n"), "{told}");
    let begin = Instant::now();
    desk.switch(&["apply", "--yes", "--stagger", "2s"]).ended(0);
    assert!(begin.elapsed() >= Duration::from_secs(2), "{:?}", begin.elapsed());
    assert!([1, 2].iter().all(|it| desk.poe(*it).power == Power::On));
}

#[test]
fn without_a_terminal_and_without_yes_nothing_is_asked_of_the_switch() {
    let desk = Desk::new("switch-unasked");
    for words in [&["apply"][..], &["cycle", "1"]] {
        let told = desk.switch(words).ended(2);
        assert!(told.err.contains("--yes begins without asking"), "{}", told.err);
    }
    assert!(desk.served.journal().is_empty());
}

#[test]
fn after_a_fault_the_truth_is_told_and_a_second_run_ends_it() {
    let whole = Desk::new("switch-faults");
    whole.switch(&["apply", "--yes"]).ended(0);
    let requests = whole.served.requests();
    for (number, fault) in [
        (requests / 4, Fault::ResetBefore),
        (requests / 3, Fault::ResetAfter),
        (requests / 2, Fault::Truncated),
        (requests * 2 / 3, Fault::Stub),
    ] {
        let desk = Desk::new("switch-fault");
        desk.served.fault(number, fault);
        let told = desk.switch(&["apply", "--yes"]);
        assert!([0, 1].contains(&told.status), "{fault:?}: {} {}", told.out, told.err);
        let is_described = told.out.ends_with("sw: as described\n");
        let left = desk.switch(&["plan"]).ended(0).out;
        assert_eq!(is_described, left == "sw: nothing to change\n", "{fault:?}: {}", told.out);
        if told.status == 1 {
            assert!(flat(&told.out).contains("not proved"), "{fault:?}: {}", told.out);
        }
        desk.switch(&["apply", "--yes"]).ended(0);
        assert_eq!(desk.state().vlans, whole.state().vlans);
    }
}

#[cfg(unix)]
#[test]
fn who_says_no_at_the_question_changes_nothing_and_who_says_yes_does() {
    let desk = Desk::new("switch-question");
    let no = talk(&mut desk.command(&["apply"]), "n\n");
    assert!(no.contains("Go on? [y/N]") && no.contains("nothing was sent"), "{no}");
    let no = talk(&mut desk.command(&["cycle", "1"]), "\n");
    assert!(no.contains("port 1 (pi1, ") && no.contains("nothing was done"), "{no}");
    assert_eq!((desk.forms(), desk.is_free()), (vec![], true));
    let yes = talk(&mut desk.command(&["apply"]), "y\n");
    assert!(yes.contains("sw: as described"), "{yes}");
}
