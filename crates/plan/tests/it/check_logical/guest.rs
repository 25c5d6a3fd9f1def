//! Machines and their guests.

use super::{check_rack, expect, findings, sound};

/// A hypervisor of 8 GB with guests.
fn hypervisor(guests: &str) -> String {
    format!("rack: test\nnodes:\n  pve: {{ board: pi5-8g, os: proxmox }}\n{guests}")
}

#[test]
fn guests_fit_in_their_host() {
    let two = |memory: &str, cores: u32| {
        let guest = format!("board: vm, arch: arm64, host: pve, memory: {memory}, cores: {cores}");
        hypervisor(&format!("  x: {{ {guest} }}\n  y: {{ {guest} }}\n"))
    };
    let small: Vec<String> = check_rack(&two("2Gi", 4));
    assert_eq!(small, ["note half-lost"; 0]);
    // 8062Mi less 1536Mi for its own system are 6526Mi.
    assert_eq!(check_rack(&two("3263Mi", 4)), ["warning node-memory nodes.pve"]);
    assert_eq!(check_rack(&two("3264Mi", 4)), ["error guest-memory nodes.pve"]);
    assert_eq!(check_rack(&two("2Gi", 5)), ["note guest-cores nodes.pve"]);
}

#[test]
fn a_guest_is_of_its_hosts_kind_and_not_its_own_host() {
    let guest = |arch: &str| {
        hypervisor(&format!("  x: {{ board: vm, arch: {arch}, host: pve, memory: 1Gi }}\n"))
    };
    expect(&guest("arm64"), &[]);
    expect(&guest("arm"), &[]);
    expect(&guest("amd64"), &["error guest-arch nodes.x.arch"]);
    let circle = "rack: test\nnodes:\n  x: { board: vm, memory: 4Gi, host: y }\n  y: { board: vm, memory: 4Gi, host: x }\n";
    let found = check_rack(circle);
    assert!(found.contains(&"error guest-circle nodes.x.host".to_string()), "{found:?}");
    assert!(found.contains(&"error guest-circle nodes.y.host".to_string()), "{found:?}");
    let reasons = |yaml: &str| {
        let found = findings(yaml).into_iter().filter(|it| it.rule == "guest-circle");
        found.map(|it| it.reason).collect::<Vec<_>>()
    };
    let own = "rack: test\nnodes:\n  x: { board: vm, memory: 4Gi, host: x }\n";
    assert_eq!(reasons(own), ["x is its own host"]);
    let two = ["x is its own host, by way of 1 other", "y is its own host, by way of 1 other"];
    assert_eq!(reasons(circle), two);
}

#[test]
fn boards_have_the_memory_they_were_sold_with() {
    let board = |text: &str| format!("rack: test\nnodes:\n  x: {{ {text} }}\n");
    expect(&board("board: pi3a-plus"), &[]);
    expect(&board("board: pi4-8g, memory: 8Gi"), &[]);
    expect(&board("board: vm, memory: 3Gi"), &[]);
    expect(&board("board: pi3a-plus, memory: 2Gi"), &["error memory-not-sold nodes.x.memory"]);
    expect(&board("board: pi4-8g, memory: 4Gi"), &["warning memory-not-sold nodes.x.memory"]);
    let remedy = &findings(&board("board: pi4-8g, memory: 4Gi"))[0].remedy;
    assert_eq!(remedy, "write `board: pi4-4g`");
    let unknown = &findings(&board("board: pi4-8g, memory: 5Gi"))[0].remedy;
    assert_eq!(unknown, "leave `memory` out, or name the board that it is");
}

#[test]
fn members_have_what_their_system_asks_for() {
    let cluster = |kind: &str, node: &str| {
        let yaml = format!(
            "rack: test\nnodes:\n  s: {{ board: pi4-8g, cluster: c, role: control-plane }}\n  x: {{ {node}, cluster: c }}\nclusters:\n  c: {{ {kind}: {{}} }}\n"
        );
        let mut found = check_rack(&yaml);
        found.retain(|it| it.contains("below-minimum"));
        found
    };
    let below = ["error below-minimum nodes.x.role"];
    assert_eq!(cluster("talos", "board: pi3b"), [""; 0]);
    assert_eq!(cluster("talos", "board: pi3a-plus"), below);
    assert_eq!(cluster("talos", "board: vm, memory: 1848Mi, role: control-plane"), [""; 0]);
    assert_eq!(cluster("talos", "board: vm, memory: 1847Mi, role: control-plane"), below);
    assert_eq!(cluster("k3s", "board: pi3a-plus"), [""; 0]);
    assert_eq!(cluster("k3s", "board: vm, memory: 500M"), below);
    assert_eq!(cluster("k3s", "board: pi3b, role: control-plane"), below);
    assert_eq!(cluster("k3s", "board: pi4-2g, role: control-plane"), [""; 0]);
}

#[test]
fn pools_have_the_disks_they_need() {
    let rack = |pool: &str| {
        format!(
            "
rack: test
nodes:
  nas: {{ board: x86, memory: 8Gi, boot: usb, disks: {{ a: {{ kind: sata, size: 1T }}, b: {{ kind: sata, size: 1T }}, c: {{ kind: sata, size: 2T }}, stick: {{ kind: usb }} }} }}
pools:
  tank: {{ {pool} }}
"
        )
    };
    expect(&rack("node: nas, layout: mirror, disks: [a, b]"), &[]);
    expect(
        &rack("node: nas, layout: raidz2, disks: [a, b]"),
        &["error pool-disks pools.tank.disks"],
    );
    expect(&rack("node: nas, layout: mirror, disks: [a]"), &["error pool-disks pools.tank.disks"]);
    expect(&rack("node: nas, disks: [a, b]"), &["warning pool-unsafe pools.tank"]);
    expect(&rack("node: nas, disks: [a]"), &["warning pool-unsafe pools.tank"]);
    expect(
        &rack("node: nas, layout: mirror, disks: [a, c]"),
        &["note pool-uneven pools.tank.disks"],
    );
    expect(&rack("layout: mirror"), &["error pool-nowhere pools.tank"]);
    expect(&rack("node: nas"), &[]);
    let service = rack("service: box, disks: [a]");
    expect(&format!("{service}services: {{ box: {{ on: nas }} }}\n"), &[]);
    expect(
        &rack("node: nas, layout: mirror, disks: [a, a]"),
        &["error pool-disk-shared pools.tank.disks.1"],
    );
    let boot = rack("node: nas, layout: mirror, disks: [a, stick]");
    expect(&boot, &["warning pool-disk-shared pools.tank.disks.1"]);
    let twice = format!(
        "{}  other: {{ node: nas, layout: mirror, disks: [b, a] }}\n",
        rack("node: nas, layout: mirror, disks: [a, b]")
    );
    expect(
        &twice,
        &["error pool-disk-shared pools.tank.disks.0", "error pool-disk-shared pools.tank.disks.1"],
    );
}

#[test]
fn guests_disks_lie_on_their_hosts_pool_and_fit() {
    let rack = |host: &str, size: &str| {
        format!(
            "
rack: test
nodes:
  p: {{ board: x86, memory: 16Gi, disks: {{ a: {{ kind: sata, size: 100G }}, b: {{ kind: sata, size: 100G }} }} }}
  q: {{ board: x86, memory: 16Gi }}
  x: {{ board: vm, memory: 1Gi, host: {host}, disks: {{ d: {{ kind: disk, size: {size}, pool: tank }} }} }}
  y: {{ board: vm, memory: 1Gi, host: p, disks: {{ d: {{ kind: disk, size: 40G, pool: tank }} }} }}
pools: {{ tank: {{ node: p, layout: mirror, disks: [a, b] }} }}
"
        )
    };
    expect(&rack("p", "60G"), &[]);
    expect(&rack("p", "61G"), &["warning pool-full pools.tank"]);
    expect(&rack("q", "60G"), &["error guest-disk-elsewhere nodes.x.disks.d.pool"]);
    let unknown = rack("p", "61G").replace("b: { kind: sata, size: 100G }", "b: { kind: sata }");
    expect(&unknown, &[]);
}

#[test]
fn local_volumes_fit_on_their_nodes_disk() {
    let rack = |volume: &str| {
        let yaml = sound(&format!(
            "workloads:\n  app: {{ on: a, uses: {{ memory: 1Mi }}, volumes: [{{ {volume} }}] }}\n"
        ));
        let disk = "role: control-plane, disks: { ssd: { kind: usb, size: 64Gi } }";
        let mut found = check_rack(&yaml.replacen("role: control-plane", disk, 1));
        found.retain(|it| it.contains("disk-full"));
        found
    };
    assert_eq!(rack("local-path: 64Gi, holds: 1Gi"), [""; 0]);
    assert_eq!(rack("local-path: 65Gi, holds: 1Gi"), ["warning disk-full nodes.a.disks"]);
    assert_eq!(rack("local-path: 64Gi"), [""; 0]);
    assert_eq!(rack("local-path: 65Gi"), ["error disk-full nodes.a.disks"]);
}
