//! `rackberry switch show` and `plan`, against a simulated switch.

use crate::desk::{Desk, RACK};
use crate::program::{arg, flat, program, ran, run};
use rackberry::core::Power;

#[test]
fn a_switch_is_shown_as_it_is_and_its_session_given_free() {
    let desk = Desk::new("switch-show");
    let told = desk.bare(&["show"]).ended(0).out;
    let head = format!("GS305EP at {}, serial number 5WG1", desk.address());
    assert_eq!(told.lines().next(), Some(head.as_str()));
    let row = told.lines().find(|it| it.contains("pi1")).map(flat).unwrap_or_default();
    assert!(row.starts_with("1 pi1 1Gbps delivers 4 "), "{told}");
    let uplink = told.lines().find(|it| flat(it).starts_with("5 ")).map(flat);
    assert!(uplink.is_some_and(|it| it.starts_with("5 1Gbps")), "{told}");
    assert!(
        told.contains("  VLAN      untagged   PVID of\n  1         1 2 3 4 5  1 2 3 4 5\n"),
        "{told}"
    );
    assert!(told.contains("flow, and up to 90W may, of 63W: that would be more"), "{told}");
    assert!(desk.is_free());
    assert_eq!(desk.forms(), Vec::<String>::new());
}

#[test]
fn what_is_shown_is_there_as_json_too() {
    let desk = Desk::new("switch-show-json");
    let told = desk.switch(&["show", "--json"]).ended(0).json();
    assert_eq!(told["seen"]["model"], "GS305EP");
    assert_eq!(told["seen"]["ports"]["1"]["poe"]["class"], 4);
    assert_eq!((&told["poe"]["budget"], &told["poe"]["worst"]), (&"63W".into(), &"50W".into()));
    assert_eq!(told["seen"]["ports"]["1"]["poe"]["gauge"]["voltage"], "53V");
    let flows = |port: &str| told["seen"]["ports"][port]["poe"]["draw"].clone();
    assert!(
        ["1", "2", "3"].iter().all(|it| flows(it).as_str().is_some_and(|it| it != "0mW")),
        "{told}"
    );
}

#[test]
fn a_plan_says_what_would_change_and_sends_nothing() {
    let desk = Desk::new("switch-plan");
    let before = desk.state().vlans;
    let told = desk.switch(&["plan"]).ended(0).out;
    assert!(told.contains("set the VLANs of sw: "), "{told}");
    assert!(told.contains("stop feeding port 3 of sw\n"), "{told}");
    assert!(told.contains("limit what port 2 of sw delivers to 15W\n"), "{told}");
    assert_eq!((desk.state().vlans, desk.forms()), (before, vec![]));
    let json = desk.switch(&["plan", "--json"]).ended(0).json();
    let steps = json["plan"]["steps"].as_array().map_or(0, Vec::len);
    assert!(told.starts_with(&format!("sw: {steps} steps\n")), "{told}\n{json}");
    assert!(desk.is_free());
}

#[test]
fn a_plan_that_would_cut_the_way_of_the_controller_is_refused_and_nothing_is_sent() {
    let text = RACK.replace("network: lan, tagged: infra }", "network: infra }");
    let desk = Desk::with("switch-cut", &text);
    let told = desk.switch(&["plan"]).ended(1);
    let why = "could not be reached any more by way of its uplink";
    assert!(flat(&told.out).contains(why), "{}", told.out);
    let told = desk.switch(&["apply", "--yes"]).ended(1);
    assert!(flat(&told.out).contains(why), "{}", told.out);
    assert!(told.err.contains("nothing was sent"), "{}", told.err);
    assert_eq!(desk.forms(), Vec::<String>::new());
}

#[test]
fn the_way_of_the_controller_is_cut_only_where_the_file_allows_it_by_name_and_that_is_said_before()
{
    let text = RACK.replace("network: lan, tagged: infra }", "network: infra }");
    let text = text.replace("    uplink: 5\n", "    uplink: 5\n    allow-lockout: true\n");
    let desk = Desk::with("switch-consent", &text);
    let told = flat(&desk.switch(&["plan"]).ended(0).out);
    assert!(
        told.contains("note: the file allows that sw is cut off, and by these VLANs it is"),
        "{told}"
    );
    assert_eq!(desk.forms(), Vec::<String>::new());
}

#[test]
fn what_the_file_protects_keeps_its_power() {
    let desk = Desk::with(
        "switch-protected",
        &RACK.replace("poe: false }", "poe: false, protected: true }"),
    );
    let told = desk.switch(&["plan"]).ended(1).out;
    let why = "cannot be done: stop feeding port 3 of sw: the file protects it, and it is fed";
    assert!(flat(&told).contains(why), "{told}");
    let told = desk.switch(&["cycle", "3", "--yes"]).ended(2);
    assert!(told.err.contains("port 3 is protected: the file protects it"), "{}", told.err);
    assert_eq!(desk.forms(), Vec::<String>::new());
}

#[test]
fn a_limit_that_the_switch_does_not_have_is_told_before_anything_is_sent() {
    let desk = Desk::with("switch-limit", &RACK.replace("limit: 15W", "limit: 2W"));
    let told = flat(&desk.switch(&["plan"]).ended(1).out);
    let why = "cannot be done: limit what port 2 of sw delivers to 2W: `2W` is no limit of a port: 3W to 30W";
    assert!(told.contains(why), "{told}");
    let told = desk.switch(&["apply", "--yes"]).ended(1);
    assert!(told.err.contains("nothing was sent"), "{}", told.err);
    assert_eq!(desk.forms(), Vec::<String>::new());
}

#[test]
fn what_does_not_fit_into_the_budget_is_said_and_not_sent() {
    let text = RACK.replace("3: { poe: false }", "3: { poe: false }\n      4: { poe: true }");
    let desk = Desk::with(
        "switch-budget",
        &text.replace("    uplink: 5", "    budget: 40W\n    uplink: 5"),
    );
    desk.feed(4, Power::Off);
    let told = flat(&desk.switch(&["plan"]).ended(1).out);
    assert!(
        told.contains(
            "cannot be done: feed port 4 of sw: it may draw 30W, and of the budget of 40W only"
        ),
        "{told}"
    );
}

#[test]
fn where_the_file_does_not_say_how_the_switch_is_reached_that_is_noted() {
    let desk = Desk::with("switch-blind", &RACK.replace("    uplink: 5\n", ""));
    let told = flat(&desk.switch(&["plan"]).ended(0).out);
    let note = "note: the file does not say the `uplink` of sw, so nobody looks";
    assert!(told.contains(note), "{told}");
    let told = desk.switch(&["cycle", "1", "--yes"]).ended(2);
    assert!(told.err.contains("--management-port"), "{}", told.err);
}

#[test]
fn one_of_several_switches_is_named() {
    let text = RACK.replace("switches:\n", "switches:\n  other: { model: GS308EP }\n");
    let desk = Desk::with("switch-several", &text);
    let told = desk.switch(&["show"]).ended(2);
    assert!(told.err.contains("say which switch: --switch other or --switch sw"), "{}", told.err);
    assert!(desk.switch(&["show", "--switch", "sw"]).ended(0).out.contains("pi1"));
}

#[test]
fn a_wrong_password_is_refused_and_never_told() {
    let desk = Desk::new("switch-password");
    let wrong = desk.write("wrong", "hunter2\n");
    let args = ["show", "--password-file", arg(&wrong)];
    let told = desk.switch(&args).ended(2);
    assert!(told.err.starts_with("error: failed to log in (the switch at "), "{}", told.err);
    assert!(!told.err.contains("hunter2") && told.out.is_empty());
    let logins = desk.served.journal().into_iter().filter(|it| it.method == "POST").count();
    assert_eq!(logins, 1, "a password that was refused is not tried again");
}

#[test]
fn the_password_comes_from_the_environment_too_and_from_nowhere_else() {
    let desk = Desk::new("switch-environment");
    let address = desk.address();
    let args = ["switch", "show", "--address", &address, "--model", "gs305ep", "--pace", "0ms"];
    let named = [&args[..], &["--password-env", "DESK_PASSWORD"]].concat();
    let told = ran(program(&named).env("DESK_PASSWORD", "Password1")).ended(0);
    assert!(told.out.contains("pi1"), "{}", told.out);
    let unset = ran(program(&named).env_remove("DESK_PASSWORD")).ended(2);
    assert!(unset.err.contains("DESK_PASSWORD: it is not set"), "{}", unset.err);
    let none = run(&args).ended(2);
    assert!(none.err.contains("nothing says where its password is kept"), "{}", none.err);
    run(&[&args[..], &["--password", "Password1"]].concat()).ended(2);
}

#[test]
fn another_model_is_no_switch_to_log_in_to() {
    let desk = Desk::new("switch-model");
    let (address, password) = (desk.address(), desk.folder.join("password"));
    let args = ["switch", "show", "--address", &address, "--model", "GS308EP"];
    let told = run(&[&args[..], &["--password-file", arg(&password)]].concat()).ended(2);
    let why = "it calls itself \"GS305EP\", and GS308EP is expected";
    assert!(told.err.contains(why), "{}", told.err);
    assert!(desk.served.journal().iter().all(|it| it.method == "GET"));
}

#[test]
fn where_nothing_is_the_address_is_named() {
    let desk = Desk::new("switch-nothing");
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr());
    let address = free.expect("a free port").to_string();
    let password = desk.folder.join("password");
    let args = ["switch", "show", "--address", &address, "--model", "GS305EP"];
    let told = run(&[&args[..], &["--password-file", arg(&password)]].concat()).ended(2);
    assert!(told.err.contains(&address) && told.err.contains("refused"), "{}", told.err);
}

#[test]
fn what_is_asked_for_must_be_known() {
    let desk = Desk::new("switch-asked");
    let told = desk.bare(&["plan"]).ended(2);
    assert!(told.err.contains("say what the switch should have: --rack FILE"), "{}", told.err);
    let told = desk.switch(&["show", "--switch", "none"]).ended(2);
    assert!(told.err.contains("the rack file has no such switch"), "{}", told.err);
    let told = run(&["switch", "show", "--address", "127.0.0.1"]).ended(2);
    assert!(told.err.contains("--model"), "{}", told.err);
    for endless in ["--off", "--stagger", "--patience"] {
        let told = desk.bare(&["cycle", "1", "--yes", "--management-port", "5", endless, "9999y"]);
        assert!(told.ended(2).err.contains("a day at the most"), "{endless}");
    }
    assert!(desk.served.journal().is_empty());
}
