//! Plans of small racks, each for one thing that a plan must get right.

use rackberry_plan::{Action, MoveKind, Plan, Resolved, Source, plan, verify, verify::RoomFault};

fn resolved(nodes: &str, rest: &str) -> Resolved {
    let yaml = format!(
        "
rack: desk
nodes:
{nodes}
clusters:
  home: {{ talos: {{}}, workloads-on-control-plane: true }}
{rest}"
    );
    let (rack, _) = Source::read("desk.yaml", yaml.as_bytes()).unwrap_or_else(|it| panic!("{it}"));
    rack.resolve().unwrap_or_else(|it| panic!("{it:?}"))
}

fn planned(rack: &Resolved) -> Plan {
    let (_, plan) = plan(rack).unwrap();
    verify(&plan, rack).unwrap_or_else(|it| panic!("{it:?}"));
    plan
}

fn actions(plan: &Plan) -> Vec<String> {
    plan.steps.iter().map(|it| it.action.to_string()).collect()
}

const BIG_AND_SMALL: &str = "
  a: { board: pi4-2g, os: talos, cluster: home, role: control-plane }
  b: { board: pi4-8g, os: talos, cluster: home, disks: { u: { kind: usb, size: 32G } } }";

const VOLUMES: &str = "
workloads:
  p: { on: a, uses: { memory: 400Mi }, volumes: [{ local-path: 40Gi }] }
  q: { on: a, uses: { memory: 400Mi }, volumes: [{ local-path: 20Gi }] }
  r: { on: a, uses: { memory: 400Mi }, volumes: [{ local-path: 15Gi }] }
";

#[test]
fn no_more_is_moved_to_a_disk_than_it_holds() {
    let rack = resolved(BIG_AND_SMALL, VOLUMES);
    let plan = planned(&rack);
    let bound = plan.steps.iter().filter(|it| matches!(it.action, Action::Bind { .. }));
    assert_eq!(bound.count(), 1, "{:?}", actions(&plan));
    let placement = rackberry_plan::place(&rack).unwrap();
    let why = placement.explain(&rack, 0).unwrap();
    assert!(why[0].others[0].why_not.contains("its disk is"), "{why:?}");
}

#[test]
fn a_plan_that_fills_a_disk_is_refused() {
    let roomy = BIG_AND_SMALL.replace("32G", "64G");
    let (_, plan) = plan(&resolved(&roomy, VOLUMES)).unwrap();
    // It was made from a file that says less of the disks.
    let plan = Plan { made_from: None, ..plan };
    let found = verify(&plan, &resolved(BIG_AND_SMALL, VOLUMES)).unwrap_err();
    let full = |it: &rackberry_plan::Violation| {
        matches!(&it.fault, rackberry_plan::verify::Fault::Room(RoomFault::Disk { .. }))
    };
    assert!(found.iter().any(full), "{found:?}");
}

const TWO: &str = "
  a: { board: pi4-4g, os: talos, cluster: home, role: control-plane }
  b: { board: pi4-4g, os: talos, cluster: home }";

#[test]
fn what_is_needed_starts_first() {
    let rest = "
workloads:
  dns: { needs: [resolver], uses: { memory: 50Mi } }
  resolver: { uses: { memory: 50Mi } }
  app: { needs: [dns, db], uses: { memory: 50Mi } }
  db: { uses: { memory: 50Mi } }
";
    let rack = resolved(TWO, rest);
    let plan = planned(&rack);
    let at = |name: &str| {
        let start = |it: &rackberry_plan::Step| {
            it.action.to_string().starts_with(&format!("start {name}/0"))
        };
        plan.steps.iter().position(start).unwrap()
    };
    assert_eq!(plan.steps[at("dns")].needs, [at("resolver")]);
    let mut both = vec![at("dns"), at("db")];
    both.sort_unstable();
    assert_eq!(plan.steps[at("app")].needs, both);
}

#[test]
fn what_is_stopped_to_make_room_is_down_until_it_starts_again() {
    let rest = "
workloads:
  p: { on: a, pin: b, uses: { memory: 50Mi }, host-ports: 80/tcp }
  q: { on: b, pin: a, uses: { memory: 50Mi }, host-ports: 80/tcp, needs: [p] }
policy: { may-stop: [p] }
";
    let plan = planned(&resolved(TWO, rest));
    let moves: Vec<_> = plan.waves.iter().flat_map(|it| &it.moves).collect();
    let resume = moves.iter().find(|it| it.kind == MoveKind::Resume).unwrap();
    let takes: u64 = (0..plan.waves.len()).map(|it| plan.takes(it).0).sum();
    assert_eq!(resume.downtime.0, takes);
    assert_eq!(resume.dependents.iter().map(ToString::to_string).collect::<Vec<_>>(), ["q"]);
    let text = plan.runbook().to_string();
    assert!(text.contains("One replica is down for 1 min."), "{text}");
    assert!(text.contains("What needs them is down with them: q."), "{text}");
}

#[test]
fn who_breaks_a_rule_and_cannot_be_helped_is_named() {
    let nodes = "
  a: { board: pi4-4g, os: talos, cluster: home, role: control-plane }";
    let rest = "
workloads:
  p: { on: a, uses: { memory: 50Mi }, apart-from: q }
  q: { on: a, uses: { memory: 50Mi } }
";
    let plan = planned(&resolved(nodes, rest));
    let why: Vec<_> =
        plan.blocked.iter().map(|it| format!("{}: {}", it.replica, it.reason)).collect();
    let expected = [
        "p/0: it stays on a, where q/0 is to be kept apart from it (`apart-from`)",
        "q/0: it stays on a, where p/0 is to be kept apart from it (`apart-from`)",
    ];
    assert_eq!(why, expected);
    assert!(plan.runbook().to_string().contains("There is nothing that can be done."));
}

#[test]
fn what_may_not_run_where_it_is_and_may_not_be_moved_is_named_with_both() {
    let rest = |more: &str| {
        format!("
workloads:
  p: {{ on: a, pin: b, uses: {{ memory: 50Mi }}, min-available: 1, volumes: [{{ local-path: 1Gi }}] }}
  q: {{ on: a, uses: {{ memory: 50Mi }}, min-available: 1, volumes: [{{ local-path: 1Gi }}] }}
{more}")
    };
    let plan = planned(&resolved(TWO, &rest("")));
    assert_eq!(actions(&plan), [""; 0]);
    let [blocked] = plan.blocked.as_slice() else { panic!("{:?}", plan.blocked) };
    assert_eq!(blocked.replica.to_string(), "p/0");
    let why = "it stays on a, where the workload is pinned to b; it has to stay where it is: its volume may not be moved (`move-volumes`), or too few of its replicas would run meanwhile (`min-available`)";
    assert_eq!(blocked.reason, why);
    // What is closed to what is new may be stayed on, so nothing is said of it.
    let closed = TWO.replacen("role: control-plane", "role: control-plane, cordoned: true", 1);
    let plan = planned(&resolved(&closed, &rest("").replace("pin: b, ", "")));
    assert_eq!(plan.blocked, []);
}

#[test]
fn what_goes_with_something_that_stays_starts_beside_it() {
    let rest = "
workloads:
  p: { on: a, pin: a, uses: { memory: 50Mi } }
  q: { uses: { memory: 50Mi }, with: p }
";
    let plan = planned(&resolved(TWO, rest));
    assert_eq!(actions(&plan), ["start q/0 on a"]);
    assert_eq!(plan.blocked, []);
}

#[test]
fn what_shares_a_node_goes_where_all_of_it_may_run_and_most_of_it_wants_to_be() {
    let at = |partner: &str| {
        let rest = format!(
            "
workloads:
  app: {{ uses: {{ memory: 50Mi }}, with: partner }}
  partner: {{ uses: {{ memory: 50Mi }}{partner} }}
  load: {{ on: b, pin: b, uses: {{ memory: 1200Mi }} }}
"
        );
        let nodes = TWO.replace("cluster: home }", "cluster: home, labels: { disk: ssd } }");
        actions(&planned(&resolved(&nodes, &rest)))
    };
    let both =
        |node: &str| [format!("start app/0 on {node}"), format!("start partner/0 on {node}")];
    assert_eq!(at(""), both("a"), "the emptier one");
    assert_eq!(at(", pin: b"), both("b"));
    assert_eq!(at(", prefer: { disk: ssd }"), both("b"));
}
