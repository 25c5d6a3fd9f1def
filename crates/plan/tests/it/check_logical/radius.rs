//! What goes down with what.

use super::{check_rack, expect, sound};
use rackberry_plan::{Source, radius};

#[test]
fn dns_on_one_node_is_a_single_point_and_on_two_is_none() {
    let rack = |pi_hole: &str, planes: &str| {
        let yaml = sound(&format!(
            "workloads:\n  app: {{ on: b, uses: {{ memory: 1Mi }} }}\n  third: {{ on: c, uses: {{ memory: 1Mi }} }}\n  pi-hole: {{ {pi_hole}, uses: {{ memory: 1Mi }}, serves: dns }}\n"
        ));
        let mut found = check_rack(&yaml.replacen("role: control-plane", planes, 1));
        found.retain(|it| it.contains("single-point"));
        found
    };
    let plane = "role: control-plane";
    assert_eq!(rack("on: a", plane), ["note single-point workloads.pi-hole.serves"]);
    assert_eq!(rack("on: a, pin: a", plane), ["warning single-point workloads.pi-hole.serves"]);
    assert_eq!(
        rack("on: a, volumes: [{ local-path: 1Gi }]", plane),
        ["warning single-point workloads.pi-hole.serves"]
    );
    assert_eq!(rack("on: [a, b], replicas: 2", plane), [""; 0]);
}

#[test]
fn one_thing_that_takes_half_of_the_rack_is_told_once() {
    let rack = |ports: [&str; 4]| {
        let node = |(at, port): (usize, &str)| format!("  n{at}: {{ board: pi4-4g{port} }}\n");
        let nodes: String = ports.into_iter().enumerate().map(node).collect();
        format!(
            "rack: test\noutlets: {{ strip: {{}} }}\nswitches:\n  s: {{ model: generic-8, outlet: strip }}\n  t: {{ model: generic-8 }}\nnodes:\n{nodes}"
        )
    };
    expect(&rack([", port: s/1", ", port: s/2", ", port: t/1", ", port: t/2"]), &[]);
    expect(
        &rack([", port: s/1", ", port: s/2", ", port: s/3", ", port: t/2"]),
        &["note half-lost outlets.strip"],
    );
}

#[test]
fn what_all_depend_on_is_a_warning_and_what_they_pass_is_a_note() {
    let rack = |needs: &str| {
        let nodes: String = (0..4)
            .map(|it| format!("  n{it}: {{ board: pi4-4g, port: s/{}{needs} }}\n", it + 1))
            .collect();
        format!(
            "rack: test\nswitches: {{ s: {{ model: generic-8, uplink: 8, ports: {{ 8: {{ to: repeater }} }} }} }}\nnodes:\n{nodes}  nas: {{ board: pi4-4g }}\nservices: {{ boot: {{ on: nas }}, repeater: {{}} }}\n"
        )
    };
    let quiet = ["note half-cut-off services.repeater", "note half-lost switches.s"];
    expect(&rack(""), &quiet);
    expect(&rack(", needs: [boot]"), &["warning half-lost nodes.nas", quiet[0], quiet[1]]);
}

#[test]
fn the_radius_says_what_comes_back_and_what_stays_down_and_why() {
    let yaml = sound(
        "services: { nas: {} }
workloads:
  free: { on: a, uses: { memory: 100Mi } }
  pinned: { on: a, pin: a, uses: { memory: 1Mi } }
  data: { on: a, uses: { memory: 1Mi }, volumes: [{ local-path: 1Gi }] }
  needy: { on: b, uses: { memory: 1Mi }, needs: [pinned] }
  waits: { on: b, uses: { memory: 1Mi }, needs: [free] }
  twice: { on: [a, b], replicas: 2, uses: { memory: 1Mi } }
  large: { on: c, uses: { memory: 2300Mi } }
  photos: { on: b, uses: { memory: 1Mi }, volumes: [{ nfs: \"nas:/photos\" }] }
",
    );
    let (rack, _) = Source::read("rack.yaml", yaml.as_bytes()).unwrap();
    let all = radius(&rack.resolve().unwrap());
    let of = |place: &str| all.iter().find(|it| it.of.to_string() == place).unwrap();
    let back = |place: &str| of(place).back.iter().map(ToString::to_string).collect::<Vec<_>>();
    let down = |place: &str| {
        of(place)
            .down
            .iter()
            .map(|it| format!("{}: {}", it.workload, it.because))
            .collect::<Vec<_>>()
    };
    assert_eq!(back("nodes.a"), ["free", "waits"]);
    let expected = [
        "data: its local volume is on a",
        "pinned: it may run nowhere else",
        "needy: it needs pinned",
    ];
    assert_eq!(down("nodes.a"), expected);
    assert_eq!(down("nodes.c"), ["large: no other node has room for it"]);
    assert_eq!(down("services.nas"), ["photos: it needs nas"]);
    assert_eq!(all[0].of.to_string(), "nodes.a", "the worst comes first");
}

#[test]
fn nothing_comes_back_without_room_or_without_a_control_plane() {
    let yaml = |planes: &str| {
        format!(
            "
rack: test
nodes:
  a: {{ board: pi4-8g, cluster: c, role: control-plane }}
  b: {{ board: pi4-2g, cluster: c{planes} }}
  w: {{ board: pi4-2g, cluster: c{planes} }}
clusters: {{ c: {{ kubernetes: {{}}, workloads-on-control-plane: true }} }}
workloads:
  big: {{ on: a, uses: {{ memory: 3Gi }} }}
"
        )
    };
    let because = |yaml: &str| {
        let (rack, _) = Source::read("rack.yaml", yaml.as_bytes()).unwrap();
        let all = radius(&rack.resolve().unwrap());
        let loss = all.into_iter().find(|it| it.of.to_string() == "nodes.a").unwrap();
        loss.down[0].because.clone()
    };
    assert_eq!(because(&yaml("")), "c has no control plane then");
    assert_eq!(because(&yaml(", role: control-plane")), "no other node has room for it");
}
