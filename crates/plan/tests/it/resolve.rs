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
