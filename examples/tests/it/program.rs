//! Running the program, and judging what it printed.

use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The racks of this folder.
pub(crate) const RACKS: [&str; 6] = [
    "racks/k3s-expansion-by-hand.yaml",
    "racks/k3s-expansion.yaml",
    "racks/lifeboat.yaml",
    "racks/proxmox-talos.yaml",
    "racks/talos-managed.yaml",
    "racks/two-dozen.yaml",
];

/// The rack that most tests are about, and the arrangement that its author made of it.
pub(crate) const RACK: &str = "racks/k3s-expansion.yaml";
pub(crate) const BY_HAND: &str = "racks/k3s-expansion-by-hand.yaml";

/// What the program left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub out: String,
    pub err: String,
    pub status: i32,
}

impl Ran {
    /// What was printed, as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|it| panic!("{it}\n{}\n{}", self.out, self.err))
    }

    /// The same, if the program ended so.
    #[track_caller]
    pub(crate) fn ended(self, status: i32) -> Self {
        assert_eq!(self.status, status, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }
}

/// The program, in this folder, without colours, in plain ASCII, 100 columns wide.
pub(crate) fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rackberry"));
    command.args(args).current_dir(env!("CARGO_MANIFEST_DIR"));
    command.env("LC_ALL", "C").env("COLUMNS", "100").env_remove("NO_COLOR").env_remove("TERM");
    command
}

/// Runs the program to its end.
pub(crate) fn run(args: &[&str]) -> Ran {
    ran(&mut program(args))
}

/// Runs a prepared program to its end.
pub(crate) fn ran(command: &mut Command) -> Ran {
    let output = command.stdin(Stdio::null()).output().expect("run the program");
    Ran {
        out: String::from_utf8(output.stdout).expect("UTF-8 on stdout"),
        err: String::from_utf8(output.stderr).expect("UTF-8 on stderr"),
        status: output.status.code().expect("an exit status"),
    }
}

/// Runs the program with `text` on its standard input.
pub(crate) fn run_with(text: &str, args: &[&str]) -> Ran {
    let mut command = program(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("start the program");
    let mut stdin = child.stdin.take().expect("its standard input");
    stdin.write_all(text.as_bytes()).expect("write the rack");
    drop(stdin);
    let output = child.wait_with_output().expect("run the program");
    Ran {
        out: String::from_utf8(output.stdout).expect("UTF-8 on stdout"),
        err: String::from_utf8(output.stderr).expect("UTF-8 on stderr"),
        status: output.status.code().expect("an exit status"),
    }
}

/// A text as one line, wherever it was broken.
pub(crate) fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of one of the racks.
pub(crate) fn text(rack: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(rack)).expect("read a rack")
}

/// An empty folder for one test, by its name.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("make a folder");
    folder
}

/// The path as an argument.
pub(crate) fn arg(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// Compares with `tests/golden/NAME`, or writes it where RACKBERRY_BLESS is set.
#[track_caller]
pub(crate) fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("RACKBERRY_BLESS").is_some() {
        fs::write(&path, text).expect("write the golden file");
    }
    let wanted = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, wanted, "{name} differs; RACKBERRY_BLESS=1 writes it anew");
}

/// The keys of a JSON object, sorted.
pub(crate) fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<_> =
        value.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}
