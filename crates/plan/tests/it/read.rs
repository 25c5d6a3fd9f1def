//! What is said of rack files that cannot be read.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says why")]

use rackberry_plan::{Location, Position, Source};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn bad_files() -> BTreeSet<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad");
    let files = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    files.filter(|it| it.extension().is_some_and(|it| it == "yaml" || it == "json")).collect()
}

/// The message for a bad file.
fn message(path: &Path) -> String {
    let name = path.file_name().unwrap().to_str().unwrap();
    match Source::read(name, &std::fs::read(path).unwrap()) {
        Ok(_) => "accepted\n".into(),
        Err(error) => error.to_string() + "\n",
    }
}

/// Compares a message with the file beside it, which is written anew where `RACKBERRY_BLESS` is set.
fn check(path: &Path) -> Result<(), String> {
    let golden = PathBuf::from(format!("{}.txt", path.display()));
    let message = message(path);
    if std::env::var_os("RACKBERRY_BLESS").is_some() {
        std::fs::write(&golden, &message).unwrap();
    }
    let expected = std::fs::read_to_string(&golden).unwrap_or_default();
    match message == expected && message.starts_with("error: ") {
        true => Ok(()),
        false => Err(format!("{}\n--- expected\n{expected}--- found\n{message}", path.display())),
    }
}

#[test]
fn every_mistake_is_answered_with_its_place_and_its_remedy() {
    let files = bad_files();
    assert!(files.len() >= 65, "{}", files.len());
    let wrong: Vec<_> = files.iter().filter_map(|it| check(it).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Words of the parsers and of the language that this is written in, which a reader of messages need not know.
const FOREIGN: [&str; 14] = [
    "scalar",
    "sequence",
    "mapping",
    "struct",
    "variant",
    "field",
    "u16",
    "u32",
    "u8",
    "DuplicateKey",
    "Option",
    "EOF",
    "serde",
    "policy in",
];

#[test]
fn messages_fit_the_terminal_and_use_the_words_of_the_file() {
    for path in bad_files() {
        let message = message(&path);
        let said = message.lines().filter(|it| it.starts_with("error") || it.contains(" = "));
        let foreign = said.flat_map(|it| FOREIGN.iter().filter(|word| it.contains(**word)));
        assert_eq!(foreign.count(), 0, "{message}");
        assert!(message.lines().all(|it| it.chars().count() <= 100), "{message}");
        assert!(message.lines().all(|it| it.trim_end() == it), "{message}");
    }
}

fn read(
    name: &str,
    text: &str,
) -> Result<(rackberry_plan::Rack, Source), rackberry_plan::ReadError> {
    Source::read(name, text.as_bytes())
}

/// A rack whose secret stands in the open, in every shape that people write.
const OPEN_SECRETS: [(&str, &str); 7] = [
    ("a.yaml", "rack: a\nswitches:\n  s: { model: M, password: hunter2, uplink: 5 }\n"),
    (
        "b.yaml",
        "rack: a\nswitches:\n  s:\n    model: M\n    password: \"hunter2\"\n    uplink: 5\n",
    ),
    ("c.yaml", "rack: a\nswitches:\n  s:\n    password:\n      hunter2\n    model: M\n"),
    ("d.yaml", "rack: a\nswitches:\n  s:\n    password: |\n      hunter2\n    model: M\n"),
    ("e.yaml", "rack: a\nswitches:\n  s: { model: M, password: { value: hunter2 } }\n"),
    ("f.json", r#"{"rack":"a","switches":{"s":{"model":"M","password":"hunter2","uplink":5}}}"#),
    ("g.json", "{\"rack\":\"a\",\"switches\":{\"s\":{\"password\":\n\"hunter2\",\n\"model\":5}}}"),
];

fn keeps_the_secret(name: &str, text: &str) {
    if let Err(error) = read(name, text) {
        let (shown, debug) = (error.to_string(), format!("{error:?}"));
        assert!(
            !shown.contains("hunter2") && !debug.contains("hunter2"),
            "{text}\n{shown}\n{debug}"
        );
    }
}

#[test]
fn a_secret_is_never_shown_whatever_else_is_wrong() {
    for (name, text) in OPEN_SECRETS {
        assert!(read(name, text).is_err());
        let key = text.find("password").unwrap();
        for at in (0..=text.len()).filter(|at| *at <= key || *at >= key + "password".len()) {
            keeps_the_secret(name, &text[..at]);
            for wrong in "{}[]:,\"'\t\n#&*!|>-%@`\\\0é".chars() {
                keeps_the_secret(name, &format!("{}{wrong}{}", &text[..at], &text[at..]));
            }
            let rest = text.get(at + 1..).unwrap_or_default();
            keeps_the_secret(name, &format!("{}{rest}", &text[..at]));
        }
    }
}

#[test]
fn no_part_of_a_value_is_quoted_where_a_secret_may_have_come_to_stand() {
    let long = format!("hunter2-{}", "0123456789".repeat(9));
    let messages = [
        ("switches: { password: SECRET }", "expected keys and values, found `***`"),
        (
            "switches:\n  s: { model: M }\n  password: SECRET",
            "expected keys and values, found `***`",
        ),
        ("switches: { passwords: { ports: { 1: { tagged: SECRET } } } }", ""),
        ("nodes: { token: { board: pi4-4g, links: SECRET } }", "expected a list, found `***`"),
        ("nodes: { token: { board: pi4-4g, cordoned: SECRET } }", "found `***`"),
        ("nodes: { token: { board: pi4-4g, address: SECRET } }", "`***` is not an IP address"),
        ("networks: { token: { subnet: SECRET } }", "`***` is not a subnet"),
    ];
    for (text, expected) in messages {
        for secret in ["hunter2", &long] {
            let text = format!("rack: a\n{}\n", text.replace("SECRET", secret));
            let Err(error) = read("a.yaml", &text) else { continue };
            let said = error.to_string();
            assert!(said.contains(expected) && !said.contains("hunter2"), "{said}");
        }
    }
    let said = read("a.yaml", "rack: a\nnodes: { pi: { board: pi4-4g, links: x } }\n").unwrap_err();
    assert!(said.to_string().contains("found `x`"), "{said}");
}

#[test]
fn a_source_is_called_what_it_was_called() {
    assert_eq!(read("desk.yaml", "rack: a\n").unwrap().1.name(), "desk.yaml");
}

const DESK: &str = "rack: desk
nodes:
  pi-1: { board: pi4-4g, taints: [a=b:NoSchedule] }
  'pi-2':
    board: pi4-8g
    # where
    port: poe/2
switches:
  poe: { model: GS305EP, ports: { 1: { poe: true } } }
workloads:
  prometheus:
    on: pi-1
    volumes:
      - local-path: 20Gi
        holds: 4Gi
      - nfs: nas:/é
        name: log
";

fn place(source: &Source, at: &[&str]) -> String {
    source.locate(&Location::new(at)).unwrap().to_string()
}

#[test]
fn a_finding_is_located_at_its_key_or_its_item() {
    let (_, source) = read("desk.yaml", DESK).unwrap();
    assert_eq!(place(&source, &["rack"]), "1:1");
    assert_eq!(place(&source, &["nodes", "pi-1", "taints", "0"]), "3:35");
    assert_eq!(place(&source, &["nodes", "pi-2"]), "4:3");
    assert_eq!(place(&source, &["nodes", "pi-2", "port"]), "7:5");
    assert_eq!(place(&source, &["switches", "poe", "ports", "1", "poe"]), "9:40");
    assert_eq!(place(&source, &["workloads", "prometheus", "volumes", "0", "holds"]), "15:9");
    assert_eq!(place(&source, &["workloads", "prometheus", "volumes", "1"]), "16:9");
}

#[test]
fn what_is_not_written_is_located_at_what_it_would_be_in() {
    let (_, source) = read("desk.yaml", DESK).unwrap();
    assert_eq!(place(&source, &[]), "1:1");
    assert_eq!(place(&source, &["policy", "memory-limit"]), "1:1");
    assert_eq!(place(&source, &["nodes", "pi-2", "network"]), "4:3");
    assert_eq!(place(&source, &["workloads", "prometheus", "volumes", "2"]), "13:5");
}

#[test]
fn an_entry_of_a_list_is_located_however_the_list_is_written() {
    let text = "rack: a\nworkloads:\n  b:\n    on: [pi-1, pi-2]\n    pin:\n      - pi-1\n      - \"pi-2\"\n    with: c\n    needs: [dns, [d, e]]\n";
    let (_, source) = read("a.yaml", text).unwrap();
    let shown = |at: &[&str]| {
        let position = source.locate(&Location::new([&["workloads", "b"], at].concat())).unwrap();
        let snippet = source.snippet(position, 100);
        let (line, carets) = (snippet.lines().nth(1).unwrap(), snippet.lines().nth(2).unwrap());
        let start = carets.find('^').unwrap();
        line[start..carets.len()].to_owned()
    };
    assert_eq!(shown(&["on"]), "on");
    assert_eq!(shown(&["on", "1"]), "pi-2");
    assert_eq!(shown(&["pin", "1"]), "\"pi-2\"");
    assert_eq!(shown(&["with", "0"]), "c");
    assert_eq!(shown(&["needs", "0", "0"]), "dns");
    assert_eq!(shown(&["needs", "1", "1"]), "e");
}

#[test]
fn json_is_located_like_yaml() {
    let text = "{\n\t\"rack\": \"desk\",\n\t\"nodes\": {\n\t\t\"pi-1\": {\"board\": \"é\", \"serves\": [\"a\", \"b\"]}\n\t}\n}";
    let (_, source) = read("desk.json", text).unwrap();
    assert_eq!(place(&source, &["nodes", "pi-1"]), "4:3");
    assert_eq!(place(&source, &["nodes", "pi-1", "serves", "1"]), "4:42");
}

#[test]
fn a_snippet_underlines_what_stands_there_and_fits() {
    let (_, source) = read("desk.yaml", DESK).unwrap();
    let snippet = source.snippet(Position { line: 7, column: 5 }, 100);
    assert_eq!(snippet, "  |\n7 |     port: poe/2\n  |     ^^^^");
    let snippet = source.snippet(Position { line: 99, column: 7 }, 100);
    assert_eq!(snippet, "   |\n18 |\n   | ^");
    let narrow = source.snippet(Position { line: 9, column: 40 }, 40);
    assert!(narrow.lines().all(|it| it.chars().count() <= 40), "{narrow}");
    assert_eq!(narrow, "  |\n9 | …5EP, ports: { 1: { poe: true } } }\n  |                     ^^^");
}

#[test]
fn the_end_of_a_line_is_shown_where_it_is_as_wide_as_the_terminal() {
    let text = format!("rack: {}z\n", "a".repeat(39));
    let (_, source) = read("a.yaml", &text).unwrap();
    for columns in 40..60 {
        let snippet = source.snippet(Position { line: 1, column: 46 }, columns);
        let (line, carets) = (snippet.lines().nth(1).unwrap(), snippet.lines().nth(2).unwrap());
        assert!(line.ends_with('z') && carets.len() <= line.len(), "{snippet}");
        assert!(line.chars().count() <= columns, "{snippet}");
    }
}

#[test]
fn a_source_does_not_print_its_text() {
    let (_, source) = read("desk.yaml", DESK).unwrap();
    assert_eq!(
        format!("{source:?}"),
        format!("Source {{ name: \"desk.yaml\", bytes: {} }}", DESK.len())
    );
}

#[test]
fn marks_of_order_and_line_ends_of_other_systems_are_no_matter() {
    let (rack, _) = read("desk.yaml", &format!("\u{feff}{}", DESK.replace('\n', "\r\n"))).unwrap();
    assert_eq!(rack, read("desk.yaml", DESK).unwrap().0);
    let (_, source) =
        read("desk.yaml", &format!("\u{feff}{}", DESK.replace('\n', "\r\n"))).unwrap();
    assert_eq!(place(&source, &["nodes", "pi-2", "port"]), "7:5");
}

#[test]
fn a_value_may_stand_for_another() {
    let text =
        "rack: a\nworkloads:\n  b: { uses: &small { memory: 64Mi } }\n  c: { uses: *small }\n";
    let (rack, source) = read("a.yaml", text).unwrap();
    let uses: Vec<_> = rack.workloads.values().map(|it| it.uses).collect();
    assert_eq!(uses[0], uses[1]);
    assert_eq!(place(&source, &["workloads", "c", "uses", "memory"]), "4:8");
}
