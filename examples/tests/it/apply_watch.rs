//! `rackberry apply` for who watches it: on a terminal, and with a hand on ctrl-C.

use crate::apply::{LIFEBOAT, folder, journal};
use crate::program::program;
use crate::terminal::{shown, talk};
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

fn apply(test: &str, more: &[&str]) -> Command {
    let journal = journal(&folder(test));
    program(&[&["apply", LIFEBOAT, "--journal", &journal], more].concat())
}

/// What is left on the screen once everything that was drawn anew is gone, and every line that ever was on it.
fn screen(shown: &str) -> (String, Vec<String>) {
    let drawn: Vec<&str> = shown.split("\x1b[J").collect();
    let plain = |it: &str| {
        let up = it.rfind("\x1b[").filter(|at| it[*at..].trim_end().ends_with(['A', '\r']));
        it[..up.unwrap_or(it.len())].replace('\r', "")
    };
    let last = drawn.last().map(|it| plain(it)).unwrap_or_default();
    (
        last,
        drawn
            .iter()
            .flat_map(|it| plain(it).lines().map(String::from).collect::<Vec<_>>())
            .collect(),
    )
}

#[test]
fn a_terminal_shows_how_far_each_machine_is_and_no_line_is_wider_than_it() {
    let mut command = apply("live", &["--yes", "--pace", "5ms", "--latency", "20"]);
    let (last, lines) = screen(&shown(&mut command, 52));
    assert!(last.contains("lifeboat: as described"), "{last}");
    assert!(lines.iter().any(|it| it.starts_with("round 1, wave 1 of 1: ")), "{lines:?}");
    assert!(lines.iter().any(|it| it.contains("  talos-3") && it.contains("waits")), "{lines:?}");
    assert!(lines.iter().any(|it| it.contains("switch poe") && it.contains("done")), "{lines:?}");
    let bars = lines.iter().filter(|it| it.contains("/") && it.starts_with("  "));
    let widest = bars.map(|it| it.chars().count()).max().unwrap_or(0);
    assert!((30..52).contains(&widest), "{widest}");
    assert!(!lines.iter().any(|it| it.contains("\x1b[1m") || it.contains("\x1b[2m")), "NO_COLOR");
}

#[test]
fn thirty_columns_are_enough() {
    let mut command = apply("narrow", &["--yes", "--pace", "5ms", "--kill-node", "pi-3@90000"]);
    let (last, lines) = screen(&shown(command.env_remove("COLUMNS"), 30));
    assert!(
        last.split_whitespace().collect::<Vec<_>>().join(" ").contains("as described"),
        "{last}"
    );
    assert!(lines.iter().any(|it| it.starts_with("  talos-3  ")), "{lines:?}");
    let wide: Vec<_> = lines.iter().filter(|it| it.chars().count() > 30).collect();
    assert!(wide.is_empty(), "{wide:?}");
}

#[test]
fn where_nobody_watches_there_are_plain_lines_without_control_characters() {
    let output = apply("plain", &["--yes"]).stdin(Stdio::null()).output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(&output.stderr);
    assert!(out.chars().all(|it| it == '\n' || !it.is_control()), "{out}");
    assert!(out.contains("   1/30    sending  set the VLANs of poe"), "{out}");
}

#[test]
fn a_no_does_nothing_and_a_yes_goes_on() {
    let no = talk(&mut apply("no", &[]), "n\n");
    assert!(no.contains("Go on? [y/N]") && no.contains("nothing was done"), "{no}");
    assert!(no.contains("no real device is touched") && !no.contains("wave 1 of 1"), "{no}");
    let yes = talk(&mut apply("yes", &[]), "y\n");
    assert!(yes.contains("Go on? [y/N]") && yes.contains("lifeboat: as described"), "{yes}");
}

/// A run that takes its time, once it has begun.
fn begun(command: &mut Command) -> (Child, BufReader<impl Read>) {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).stdin(Stdio::null());
    let mut child = child.spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut String::new()).unwrap();
    (child, out)
}

fn ctrl_c(child: &Child) {
    let process = Pid::from_child(child);
    kill_process(process, Signal::INT).unwrap();
}

#[test]
fn ctrl_c_ends_after_the_steps_in_hand_and_says_so() {
    let mut command = apply("ctrl-c", &["--yes", "--pace", "20ms", "--latency", "30"]);
    let (mut child, mut out) = begun(&mut command);
    ctrl_c(&child);
    let mut told = String::new();
    out.read_to_string(&mut told).unwrap();
    let after = told.split_once("ctrl-C again ends it at once\n").unwrap().1;
    // A step that is being looked at before its order is sent is in hand, too: one for each device at the most.
    let (sent, rest): (Vec<&str>, Vec<&str>) =
        after.lines().partition(|it| it.contains(" sending "));
    assert!(sent.len() <= 4, "{told}");
    assert!(rest.iter().all(|it| it.contains(" proved") || it.starts_with("stopped")), "{told}");
    assert_eq!(child.wait().unwrap().code(), Some(1), "{told}");
    assert!(told.contains("ending after the steps in hand"), "{told}");
    assert!(told.lines().last().unwrap().starts_with("stopped: "), "{told}");
}

#[test]
fn a_second_ctrl_c_ends_at_once() {
    let mut command = apply("ctrl-cc", &["--yes", "--pace", "60s", "--latency", "30"]);
    let (mut child, mut out) = begun(&mut command);
    ctrl_c(&child);
    let mut line = String::new();
    while !line.contains("ending after the steps in hand") {
        line.clear();
        assert!(out.read_line(&mut line).unwrap() > 0, "it did not say that it ends");
    }
    ctrl_c(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
}
