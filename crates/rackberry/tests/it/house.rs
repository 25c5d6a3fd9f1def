use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Who may lean on whom: a crate, and everything of the house that it may depend on.
const FLOORS: &[(&str, &[&str])] = &[
    ("core", &[]),
    ("sched", &[]),
    ("plan", &["core", "sched"]),
    ("show", &["core", "plan"]),
    ("exec", &["core", "plan"]),
    ("testkit", &["core"]),
    ("gs305ep", &["core", "testkit"]),
    ("routeros", &["core", "testkit"]),
    ("rackberry", &["core", "sched", "plan", "show", "exec", "testkit", "gs305ep", "routeros"]),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What Cargo knows of the workspace, and of everything it depends on.
fn metadata() -> Value {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// `rackberry-plan` is `plan`, `rackberry` is itself.
fn short(name: &str) -> &str {
    name.strip_prefix("rackberry-").unwrap_or(name)
}

#[test]
fn no_crate_leans_on_a_floor_above_it() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    let ours = |it: &&Value| text(it, "manifest_path").contains("/crates/");
    let mut seen = Vec::new();
    for package in packages.iter().filter(|it| it["source"].is_null()).filter(ours) {
        let name = short(text(package, "name"));
        let floor = FLOORS.iter().find(|it| it.0 == name);
        let (_, allowed) = floor.unwrap_or_else(|| panic!("{name} stands on no floor"));
        let normal = package["dependencies"].as_array().unwrap();
        for used in normal.iter().filter(|it| it["kind"].is_null()).map(|it| text(it, "name")) {
            let inside = used == "rackberry" || used.starts_with("rackberry-");
            assert!(!inside || allowed.contains(&short(used)), "{name} may not lean on {used}");
        }
        seen.push(name);
    }
    assert_eq!(seen.len(), FLOORS.len(), "a floor without a crate: {seen:?}");
}

#[test]
fn the_planner_cannot_reach_the_world() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    for pure in ["rackberry-sched", "rackberry-plan", "rackberry-show"] {
        let package = packages.iter().find(|it| text(it, "name") == pure).unwrap();
        for used in package["dependencies"].as_array().unwrap() {
            let name = text(used, "name");
            let reaches =
                ["tokio", "reqwest", "hyper", "rand", "chrono", "time", "jiff"].contains(&name);
            assert!(!reaches || used["kind"] == "dev", "{pure} may not lean on {name}");
        }
    }
}

#[test]
fn pure_crates_use_no_clock_no_file_and_no_hash_order() {
    for pure in ["plan", "show", "testkit"] {
        for file in sources(&root().join("crates").join(pure).join("src")) {
            let code = fs::read_to_string(&file).unwrap();
            for banned in
                ["std::time", "std::fs", "std::net::Tcp", "std::env", "HashMap", "HashSet"]
            {
                assert!(!code.contains(banned), "{} uses {banned}", file.display());
            }
        }
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => all.extend(sources(&path)),
            // Tests may read the racks of the examples.
            false if path.ends_with("tests.rs") => {}
            false if path.extension().is_some_and(|it| it == "rs") => all.push(path),
            false => {}
        }
    }
    all
}

#[test]
fn the_declared_rust_version_is_enough_for_everything_below() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    let number =
        |text: &str| -> Vec<u32> { text.split('.').map(|it| it.parse().unwrap()).collect() };
    let ours = packages.iter().find(|it| text(it, "name") == "rackberry").unwrap();
    let declared = number(text(ours, "rust_version"));
    for package in packages.iter().filter(|it| !it["rust_version"].is_null()) {
        let wants = number(text(package, "rust_version"));
        assert!(wants <= declared, "{} wants Rust {wants:?}", text(package, "name"));
    }
}

#[test]
fn no_file_makes_rustup_download_a_toolchain() {
    for name in ["rust-toolchain", "rust-toolchain.toml"] {
        assert!(!root().join(name).exists(), "{name}");
    }
}
