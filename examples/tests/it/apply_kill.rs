//! `rackberry apply --kill-node`: machines that lose their power for good while it is carried out.

use crate::apply::{LIFEBOAT, folder, journal};
use crate::program::{RACK, run};

#[test]
fn what_a_dead_machine_keeps_from_being_proved_is_said_and_the_rest_is_done() {
    let journal = journal(&folder("kill"));
    let args = ["apply", LIFEBOAT, "--yes", "--journal", &journal, "--kill-node", "pi-3@60"];
    let ran = run(&args).ended(1);
    assert!(ran.out.contains("pi-3 has lost its power, for good, after "), "{}", ran.out);
    assert!(ran.out.contains("proved  configure talos-3"), "{}", ran.out);
    assert!(ran.out.contains("\nnot as described: "), "{}", ran.out);
    assert!(ran.err.contains("not seen that pi-3 answers"), "{}", ran.err);
    let help = "pi-3 lost power for good, and to run it again does not help: --fresh begins";
    assert!(ran.out.contains(help), "{}", ran.out);
    let log = run(&["log", &journal]).ended(0).out;
    assert!(log.contains("switch pi-3 on: not proved"), "{log}");
}

#[test]
fn a_cluster_without_most_of_its_voters_is_not_called_described() {
    let journal = journal(&folder("voters"));
    let dead = ["--kill-node", "pve-1@120", "--kill-node", "pve-2@120"];
    let args = [&["apply", LIFEBOAT, "--yes", "--journal", &journal], &dead[..]].concat();
    let ran = run(&args).ended(1);
    assert!(ran.err.contains("cluster pve was not seen"), "{}", ran.err);
}

#[test]
fn a_machine_that_no_port_feeds_dies_as_well() {
    let journal = journal(&folder("wall"));
    let args = ["apply", RACK, "--yes", "--journal", &journal, "--kill-node", "pi-k3s"];
    let ran = run(&args).ended(1);
    assert!(ran.out.contains("pi-k3s has lost its power, for good, after 0 calls"), "{}", ran.out);
    assert!(ran.err.contains("pi-k3s"), "{}", ran.err);
}

#[test]
fn a_guest_dies_once_it_is_made_and_its_host_cannot_bring_it_back() {
    let journal = journal(&folder("guest"));
    let args = ["apply", LIFEBOAT, "--yes", "--journal", &journal, "--kill-node", "talos-3"];
    let ran = run(&args).ended(1);
    let (before, after) = ran.out.split_once("talos-3 has lost its power").expect("it dies");
    assert!(before.contains("sending  make the guest talos-3 on pve-3"), "{}", ran.out);
    assert!(after.contains("not seen that talos-3 answers"), "{}", ran.out);
}

#[test]
fn a_run_that_ends_before_a_machine_was_to_die_says_so() {
    let journal = journal(&folder("spared"));
    let args = ["apply", LIFEBOAT, "--yes", "--journal", &journal, "--kill-node", "pi-3@90000"];
    let ran = run(&args).ended(0);
    assert!(ran.out.contains("pi-3 has kept its power: the run ended after "), "{}", ran.out);
}

#[test]
fn what_is_not_there_cannot_die() {
    for (node, why) in [
        ("pi-9", "the rack file has no node pi-9"),
        ("pi-3@soon", "`soon` is not a number of calls: write it like pi-3@400"),
    ] {
        let ran = run(&["apply", LIFEBOAT, "--yes", "--kill-node", node]).ended(2);
        assert!(ran.err.contains(why), "{}", ran.err);
    }
}
