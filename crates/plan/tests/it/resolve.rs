//! What is worked out from a rack as it is written.

use rackberry_plan::{Resolved, Source};

fn resolved(workload: &str) -> Resolved {
    let yaml = format!(
        "
rack: desk
nodes:
  pi-1: {{ board: pi5-8g, os: talos, cluster: home, role: control-plane }}
  pi-2: {{ board: pi5-8g, os: talos, cluster: home, cordoned: true }}
clusters:
  home: {{ talos: {{}}, workloads-on-control-plane: true }}
workloads:
  it: {workload}
"
    );
    let (rack, _) = Source::read("desk.yaml", yaml.as_bytes()).unwrap();
    rack.resolve().unwrap()
}

#[test]
fn what_runs_on_every_node_runs_on_a_cordoned_one_too() {
    let rack = resolved("{ replicas: every-node, uses: { memory: 50Mi } }");
    assert_eq!(rack.workloads[0].every, [0, 1]);
}

#[test]
fn volumes_without_a_name_are_called_by_their_position() {
    let names = |workload: &str| {
        let volumes = resolved(workload).local_volumes(0);
        volumes.into_iter().map(|it| it.name).collect::<Vec<_>>()
    };
    assert_eq!(names("{ on: pi-1, volumes: [{ local-path: 1Gi }] }"), ["data"]);
    assert_eq!(names("{ on: pi-1, volumes: [{ name: db, local-path: 1Gi }] }"), ["db"]);
    let two = "{ on: pi-1, volumes: [{ name: db, local-path: 1Gi }, { local-path: 1Gi }] }";
    assert_eq!(names(two), ["db", "data-1"]);
}

#[test]
fn two_volumes_of_one_workload_may_not_have_one_name() {
    let text = "{ volumes: [{ local-path: 1Gi }, { name: data-0, local-path: 1Gi }] }";
    let yaml =
        format!("rack: desk\nclusters: {{ home: {{ talos: {{}} }} }}\nworkloads:\n  it: {text}\n");
    let (rack, _) = Source::read("desk.yaml", yaml.as_bytes()).unwrap();
    let wrong = rack.resolve().unwrap_err();
    let found: Vec<_> = wrong.iter().map(|it| format!("{} {}", it.rule, it.at)).collect();
    assert_eq!(found, ["name-twice workloads.it.volumes.1"]);
}

/// What is refused of a rack with nodes `a` and `b`, as "rule at", and the words of the first.
fn refused(rest: &str) -> (Vec<String>, String) {
    let yaml = format!(
        "rack: desk\nnodes: {{ a: {{ board: vm, memory: 1Gi }}, b: {{ board: vm, memory: 1Gi }} }}\n{rest}\n"
    );
    let (rack, _) = Source::read("desk.yaml", yaml.as_bytes()).unwrap();
    let wrong = rack.resolve().map(|_| ()).unwrap_err();
    let words = format!("{}; {}", wrong[0].reason, wrong[0].remedy);
    (wrong.iter().map(|it| format!("{} {}", it.rule, it.at)).collect(), words)
}

fn refused_workload(keys: &str) -> Vec<String> {
    refused(&format!(
        "clusters: {{ home: {{ k3s: {{}} }} }}\nworkloads: {{ x: {{ {keys} }}, y: {{}} }}"
    ))
    .0
}

#[test]
fn a_name_in_a_list_that_is_not_there_is_told_at_its_entry() {
    assert_eq!(refused_workload("on: [a, c]"), ["unknown-name workloads.x.on.1"]);
    assert_eq!(refused_workload("pin: c"), ["unknown-name workloads.x.pin.0"]);
    assert_eq!(refused_workload("with: [y, z]"), ["unknown-name workloads.x.with.1"]);
    assert_eq!(refused_workload("needs: [y, [y, z]]"), ["unknown-name workloads.x.needs.1.1"]);
    let more = "clusters: { home: { proxmox: { corosync: c } } }\npolicy: { may-stop: [x] }\nservices: { s: { on: [a, c] } }";
    let expected = [
        "unknown-name clusters.home.proxmox.corosync.0",
        "unknown-name policy.may-stop.0",
        "unknown-name services.s.on.1",
    ];
    assert_eq!(refused(more).0, expected);
}

#[test]
fn nothing_is_told_to_be_with_near_or_apart_from_itself_or_to_need_itself() {
    assert_eq!(refused_workload("with: [y, x]"), ["names-itself workloads.x.with.1"]);
    assert_eq!(refused_workload("near: x"), ["names-itself workloads.x.near.0"]);
    assert_eq!(refused_workload("apart-from: [x]"), ["names-itself workloads.x.apart-from.0"]);
    assert_eq!(refused_workload("needs: [y, [y, x]]"), ["names-itself workloads.x.needs.1.1"]);
    assert_eq!(refused("services: { s: { needs: [s] } }").0, ["names-itself services.s.needs.0.0"]);
    let namesakes = "services: { a: { needs: [a] } }\nnodes: { a: { board: vm, memory: 1Gi } }";
    let (rack, _) = Source::read("a.yaml", format!("rack: r\n{namesakes}\n").as_bytes()).unwrap();
    assert!(rack.resolve().is_ok(), "the service needs the node");
}

#[test]
fn a_cluster_says_one_thing_of_what_it_is() {
    let (found, words) = refused("clusters: { home: {} }");
    assert_eq!(found, ["incomplete clusters.home"]);
    assert!(words.starts_with("cluster home does not say what it is; write"), "{words}");
    let (found, words) = refused("clusters: { home: { talos: {}, k3s: {} } }");
    assert_eq!(found, ["incomplete clusters.home"]);
    assert_eq!(
        words,
        "cluster home says that it is `talos` and `k3s`, and it can be one of them only; keep one of `talos` and `k3s`"
    );
}

#[test]
fn a_taint_is_tolerated_by_its_key_its_value_and_its_effect_where_they_are_written() {
    let runs = |taint: &str, toleration: &str| {
        let yaml = format!(
            "rack: desk
nodes:
  a: {{ board: pi5-8g, cluster: home, role: control-plane, taints: [\"{taint}\"] }}
clusters: {{ home: {{ k3s: {{}} }} }}
workloads: {{ it: {{ uses: {{ memory: 1Mi }}, tolerations: [\"{toleration}\"] }} }}
"
        );
        let (rack, _) = Source::read("desk.yaml", yaml.as_bytes()).unwrap();
        rack.resolve().unwrap().barrier(0, 0).is_none()
    };
    let taint = "disk=slow:NoSchedule";
    for fits in
        ["*", "disk", "disk=slow", "disk:NoSchedule", "disk=slow:NoSchedule", "*:NoSchedule"]
    {
        assert!(runs(taint, fits), "{fits}");
    }
    for not in
        ["other", "disk=full", "disk:NoExecute", "disk=slow:NoExecute", "other=slow:NoSchedule"]
    {
        assert!(!runs(taint, not), "{not}");
    }
    assert!(runs("disk=slow:PreferNoSchedule", "other"), "nobody is kept off by a wish");
}

#[test]
fn what_a_board_draws_is_told_at_the_port_with_what_its_hat_loses() {
    let draws = |efficiency: &str, node: &str| {
        let yaml = format!(
            "rack: desk
catalogue:
  boards: {{ b: {{ arch: arm64, memory: 1Gi, draw: {{ typical: 4W, peak: 8W, boot: 6W }} }} }}
  hats: {{ h: {{ class: 4, standard: at{efficiency} }} }}
nodes: {{ a: {{ board: b, hat: h{node} }} }}
"
        );
        let (rack, _) = Source::read("desk.yaml", yaml.as_bytes()).unwrap();
        let power = rack.resolve().unwrap().nodes[0].power;
        [power.typical.0, power.peak.0, power.boot.0]
    };
    assert_eq!(draws("", ""), [4000, 8000, 6000]);
    assert_eq!(draws(", efficiency: 80%", ""), [5000, 10000, 7500]);
    assert_eq!(draws(", efficiency: 0%", ""), [4000, 8000, 6000], "nobody knows it");
    let measured = ", draw: { typical: 9W }";
    assert_eq!(draws(", efficiency: 80%", measured), [9000, 10000, 9000], "at the port already");
}

#[test]
fn the_outlet_of_a_machine_is_the_last_one_on_its_way_to_the_wall() {
    let yaml = "rack: desk
outlets: { wall: {}, ups: { from: wall }, other: {} }
switches: { sw: { model: GS305EP, outlet: ups } }
nodes:
  a: { board: pi4-4g, outlet: ups }
  b: { board: pi4-4g, hat: poe-plus, port: sw/1 }
  c: { board: vm, memory: 1Gi, host: a }
  d: { board: pi4-4g }
  e: { board: pi4-4g, outlet: other }
  f: { board: vm, memory: 1Gi, host: f }
";
    let (rack, _) = Source::read("desk.yaml", yaml.as_bytes()).unwrap();
    let rack = rack.resolve().unwrap();
    let outlets: Vec<_> = (0..6).map(|it| rack.outlet_of(it).map(|it| it.as_str())).collect();
    let wall = Some("wall");
    assert_eq!(outlets, [wall, wall, wall, None, Some("other"), None]);
}

#[test]
fn a_rack_spelled_out_says_what_it_left_to_others_and_means_the_same() {
    let yaml = "rack: desk
networks: { lan: { dns: 1.1.1.1 } }
switches: { sw: { model: GS305EP } }
nodes: { a: { board: pi4-4g, network: lan, cluster: home, role: control-plane } }
clusters: { home: { k3s: {} } }
workloads: { it: {} }
policy: { assume: { memory: 50Mi, cpu: 20m } }
";
    let (rack, _) = Source::read("desk.yaml", yaml.as_bytes()).unwrap();
    let resolved = rack.resolve().unwrap();
    let out = resolved.spelled_out();
    let (node, it) = (&out.nodes["a"], &out.workloads["it"]);
    assert_eq!(
        (node.cores, node.memory.map(|it| it.0 >> 20)),
        (Some(4), Some(resolved.nodes[0].memory.0 >> 20))
    );
    assert_eq!(node.usable, Some(resolved.nodes[0].usable.memory));
    assert_eq!(node.draw.peak, Some(resolved.nodes[0].power.peak));
    assert_eq!(node.dns.len(), 1);
    assert_eq!(out.switches["sw"].budget.map(|it| it.0), Some(63_000));
    assert_eq!(it.cluster, Some("home".parse().unwrap()));
    assert_eq!(
        (it.uses.memory.map(|it| it.0 >> 20), it.uses.cpu.map(|it| it.0)),
        (Some(50), Some(20))
    );
    assert_eq!(out.resolve().unwrap().spelled_out(), out);
}
