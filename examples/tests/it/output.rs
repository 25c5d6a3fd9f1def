//! What is printed: its width, its colours, and who reads it.

use crate::program::{RACK, RACKS, arg, folder, program, ran, run, run_with, text};
use std::io::Write;
use std::process::Stdio;

#[test]
fn no_line_is_wider_than_the_terminal() {
    for columns in [72, 100] {
        for rack in RACKS {
            for args in [["check", rack].as_slice(), &["place", rack, "--why-all"]] {
                let out = ran(program(args).env("COLUMNS", columns.to_string())).out;
                let widest = out.lines().max_by_key(|it| it.chars().count()).unwrap_or_default();
                assert!(widest.chars().count() <= columns, "{args:?} at {columns}:\n{widest}");
            }
        }
    }
}

#[test]
fn where_there_is_no_room_for_bars_there_is_no_legend_of_them() {
    let at = |columns: &str| ran(program(&["place", RACK]).env("COLUMNS", columns)).out;
    let (narrow, wide) = (at("60"), at("100"));
    assert!(wide.contains("#++++") && wide.contains("# stays"), "{wide}");
    assert!(!narrow.contains("#++++") && !narrow.contains("# stays"), "{narrow}");
}

#[cfg(unix)]
#[test]
fn a_terminal_is_as_wide_as_it_is_unless_the_environment_says_otherwise() {
    let widest = |rack: &str, columns: u16, set: Option<&str>| {
        let mut command = program(&["place", rack]);
        command.env_remove("COLUMNS").envs(set.map(|it| ("COLUMNS", it)));
        let shown = crate::terminal::shown(&mut command, columns);
        shown.lines().map(|it| it.chars().count()).max().unwrap_or(0)
    };
    assert!((40..=60).contains(&widest(RACK, 60, None)));
    assert!((61..=90).contains(&widest(RACK, 60, Some("90"))));
    let file = folder("terminal").join("rack.yaml");
    let long = format!("pi5-worker-1{}", "x".repeat(50));
    std::fs::write(&file, text(RACK).replace("pi5-worker-1", &long)).unwrap();
    assert!((101..=220).contains(&widest(arg(&file), 220, None)));
}

#[test]
fn plain_ascii_is_printed_where_the_locale_knows_no_more() {
    for rack in RACKS {
        for command in ["check", "place", "plan"] {
            let own = text(rack).is_ascii();
            let out = run(&[command, rack]).out;
            assert!(!own || out.is_ascii(), "{command} {rack}:\n{out}");
        }
    }
    let out = ran(program(&["place", RACK]).env("LC_ALL", "en_GB.UTF-8")).out;
    assert!(out.contains('→'), "{out}");
}

#[test]
fn colours_are_for_terminals_and_for_who_asks() {
    let colored = |args: &[&str]| run(args).out.contains('\x1b');
    for command in ["check", "place", "plan"] {
        assert!(!colored(&[command, RACK]));
        assert!(!colored(&[command, RACK, "--color", "never"]));
        assert!(colored(&[command, RACK, "--color", "always"]));
    }
    let plain = run(&["place", RACK]).out;
    let colored = run(&["place", RACK, "--color", "always"]).out;
    let mut bare = colored.split('\x1b').map(|it| it.split_once('m').map_or(it, |it| it.1));
    let first = bare.next().unwrap().to_owned();
    assert_eq!(plain.lines().count(), colored.lines().count());
    assert!(plain.starts_with(&first));
}

#[test]
fn a_file_cannot_command_the_terminal() {
    let rack = text(RACK).replace("rack: k3s-expansion", "rack: \"\\e[2Jtitle\\e]0;x\\a\"");
    for command in ["check", "place", "plan"] {
        let ran = run_with(&rack, &[command, "-"]);
        assert!(!ran.out.contains('\x1b') && !ran.err.contains('\x1b'), "{command}: {ran:?}");
    }
}

#[test]
fn a_reader_that_goes_away_has_read_enough() {
    for args in
        [["check", "-"].as_slice(), &["place", "-"], &["plan", "-"], &["show", "-", "--svg", "-"]]
    {
        let mut command = program(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        child.stdin.take().unwrap().write_all(text(RACK).as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{args:?}: {err}");
        assert!(!err.contains("panic") && !err.contains("pipe"), "{err}");
    }
}

#[test]
fn schemas_and_completions_are_printed() {
    let rack = run(&["schema"]).ended(0).json();
    let plan = run(&["schema", "--plan"]).ended(0).json();
    assert!(rack["properties"]["workloads"].is_object());
    assert!(plan["properties"]["waves"].is_object());
    for shell in ["bash", "zsh", "fish"] {
        assert!(run(&["completions", shell]).ended(0).out.contains("against"));
    }
}

#[test]
fn a_wrong_command_line_is_refused_and_the_right_word_named() {
    let ran = run(&["chekc", RACK]).ended(2);
    assert!(ran.err.contains("check"), "{}", ran.err);
    run(&["check"]).ended(2);
    run(&["show", RACK]).ended(2);
    run(&["place", RACK, "--explain", "x", "--against", RACK]).ended(2);
}
