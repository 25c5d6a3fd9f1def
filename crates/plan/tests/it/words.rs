//! What findings say, as people read it: every line that a test gives rise to is kept in a file beside this.
//! `RACKBERRY_BLESS=1` adds what is new; to drop what is said no more, empty the file before.

use rackberry_plan::Finding;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::sync::LazyLock;

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/findings.txt")
}

fn line(it: &Finding) -> String {
    format!("{} {} {}: {}; {}", it.severity, it.rule, it.at, it.reason, it.remedy)
}

static KEPT: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    std::fs::read_to_string(path()).unwrap_or_default().lines().map(str::to_owned).collect()
});

/// Compares what is said with what is kept.
#[track_caller]
pub(crate) fn check(all: &[Finding]) {
    for it in all.iter().map(line).filter(|it| !KEPT.contains(it)) {
        if std::env::var_os("RACKBERRY_BLESS").is_some() {
            let mut file = std::fs::OpenOptions::new().append(true).open(path()).unwrap();
            file.write_all(format!("{it}\n").as_bytes()).unwrap();
        } else {
            panic!("this is not kept in {}:\n{it}", path().display());
        }
    }
}
