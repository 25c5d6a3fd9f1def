//! Arrangements that are known to bite.

use super::{check_rack, expect, expect_workloads, findings, sound};

#[test]
fn a_circle_of_needs_is_told_once_and_named() {
    let app = |more: &str| {
        format!(
            "  one: {{ uses: {{ memory: 1Mi }}, needs: [other] }}\n  other: {{ uses: {{ memory: 1Mi }}{more} }}\n  third: {{ uses: {{ memory: 1Mi }}, needs: [one] }}"
        )
    };
    expect_workloads(&app(""), &[]);
    expect_workloads(&app(", needs: [one]"), &["warning needs-circle workloads.one.needs"]);
    expect_workloads(&app(", needs: [[one, a]]"), &[]);
    let found = findings(&sound(&format!("workloads:\n{}\n", app(", needs: [one]"))));
    assert!(found[0].reason.ends_with("one -> other -> one"), "{}", found[0].reason);
    let own = found.iter().filter(|it| it.rule == "needs-circle");
    assert_eq!(own.count(), 1, "what hangs on the circle is no circle of its own");
    let router = "  router: { on: a, uses: { memory: 1Mi }, serves: internet }";
    expect_workloads(router, &["warning needs-circle workloads.router.needs"]);
}

#[test]
fn a_dns_server_that_needs_itself_for_its_image_is_told() {
    let rack = |dns: &str, node: &str, on: &str| {
        format!(
            "
rack: test
networks: {{ lan: {{ dns: {dns} }} }}
nodes:
  a: {{ board: pi4-4g, network: lan, address: 10.0.0.1, cluster: home, role: control-plane{node} }}
  b: {{ board: pi4-4g, network: lan, address: 10.0.0.2, cluster: home, role: control-plane, dns: 1.1.1.1 }}
  c: {{ board: pi4-4g, network: lan, address: 10.0.0.3, cluster: home, role: control-plane, dns: 1.1.1.1 }}
clusters: {{ home: {{ talos: {{}}, workloads-on-control-plane: true }} }}
workloads:
  pi-hole: {{ on: {on}, replicas: 2, uses: {{ memory: 100Mi }}, serves: dns }}
"
        )
    };
    let circle = |yaml: &str| {
        let mut found = check_rack(yaml);
        found.retain(|it| it.contains("dns-circle"));
        found
    };
    assert_eq!(circle(&rack("pi-hole", "", "a")), ["warning dns-circle networks.lan.dns"]);
    assert_eq!(circle(&rack("dns", "", "a")), ["warning dns-circle networks.lan.dns"]);
    assert_eq!(circle(&rack("10.0.0.1", "", "a")), ["warning dns-circle networks.lan.dns"]);
    assert_eq!(circle(&rack("pi-hole", ", dns: pi-hole", "a")), ["warning dns-circle nodes.a.dns"]);
    assert_eq!(circle(&rack("pi-hole", ", dns: 1.1.1.1", "a")), [""; 0]);
    assert_eq!(circle(&rack("[pi-hole, 1.1.1.1]", "", "a")), [""; 0]);
    assert_eq!(circle(&rack("pi-hole", "", "[a, b]")), [""; 0]);
    assert_eq!(circle(&rack("10.0.0.2", "", "a")), [""; 0], "another machine answers there");
    let named = rack("pi-hole", "", "a").replace(", serves: dns", "");
    assert_eq!(circle(&named), ["warning dns-circle networks.lan.dns"]);
}

/// A lifeboat and what it is to rescue, on a switch or two.
fn lifeboat(boat: &str, pve: &str, more: &str) -> Vec<String> {
    let yaml = format!(
        "
rack: test
switches:
  one: {{ model: generic-8, uplink: 8, ports: {{ 8: {{ to: router }} }} }}
  two: {{ model: generic-8, uplink: 8, ports: {{ 8: {{ to: modem }} }} }}
nodes:
  boat: {{ board: pi4-4g, {boat}, rescues: [pve, vyos] }}
  pve: {{ board: x86, memory: 16Gi, {pve} }}
services:
  router: {{}}
  modem: {{}}
  vyos: {{ on: pve, address: 10.0.0.1 }}
{more}
"
    );
    check_rack(&yaml).into_iter().filter(|it| it.contains("lifeboat")).collect()
}

#[test]
fn a_lifeboat_does_not_hang_on_what_it_rescues() {
    let networks = "networks: { lan: { gateway: 10.0.0.1 }, out: { gateway: 10.9.0.1 }, named: { dns: vyos } }";
    assert_eq!(lifeboat("port: two/1", "port: one/1", ""), [""; 0]);
    let depends = ["error lifeboat-depends nodes.boat.rescues"];
    assert_eq!(lifeboat("host: pve", "port: one/1", ""), depends);
    assert_eq!(lifeboat("port: two/1, needs: [vyos]", "port: one/1", ""), depends);
    assert_eq!(lifeboat("port: two/1, network: lan", "port: one/1", networks), depends);
    assert_eq!(lifeboat("port: two/1, network: named", "port: one/1", networks), depends);
    assert_eq!(lifeboat("port: two/1, network: out", "port: one/1", networks), [""; 0]);
    assert_eq!(lifeboat("port: two/1, needs: [[vyos, modem]]", "port: one/1", ""), [""; 0]);
}

#[test]
fn a_lifeboat_shares_nothing_with_what_it_rescues() {
    let shares = ["warning lifeboat-shares nodes.boat.rescues"];
    assert_eq!(lifeboat("port: one/1", "port: one/2", ""), shares);
    let outlets = "outlets: { strip: {}, ups: { from: strip } }";
    assert_eq!(lifeboat("outlet: ups, port: two/1", "outlet: strip, port: one/1", outlets), shares);
    assert_eq!(lifeboat("outlet: ups, port: two/1", "port: one/1", outlets), [""; 0]);
}

#[test]
fn the_chain_from_a_lifeboat_to_what_it_rescues_is_spelled_out() {
    let yaml = "
rack: test
switches:
  poe: { model: generic-8, uplink: 5, ports: { 5: { to: core/1 } } }
  core: { model: generic-8, uplink: 8, ports: { 8: { to: vyos } } }
nodes:
  boat: { board: pi4-4g, port: poe/1, rescues: vyos }
services: { vyos: {} }
";
    let found = findings(yaml);
    let expected = "boat is there to rescue vyos and cannot be reached without it: boat -> the uplink of poe -> the uplink of core -> vyos";
    assert_eq!(found[0].reason, expected);
}

#[test]
fn a_claim_on_nfs_names_its_class_where_the_cluster_has_a_default() {
    let claim = |cluster: &str, class: &str| {
        let yaml = format!(
            "
rack: test
nodes:
  a: {{ board: pi4-4g, cluster: c, role: control-plane }}
clusters: {{ c: {{ {cluster} }} }}
services: {{ nas: {{}} }}
workloads:
  app: {{ on: a, uses: {{ memory: 1Mi }}, volumes: [{{ nfs: \"nas:/data\"{class} }}] }}
"
        );
        let mut found = check_rack(&yaml);
        found.retain(|it| it.contains("class"));
        found
    };
    let never = ["error nfs-default-class workloads.app.volumes.0"];
    assert_eq!(claim("k3s: {}", ""), never);
    assert_eq!(claim("k3s: {}", ", storage-class: \"\""), [""; 0]);
    assert_eq!(claim("k3s: {}, default-storage-class: \"\"", ""), [""; 0]);
    assert_eq!(claim("talos: {}, workloads-on-control-plane: true", ""), [""; 0]);
    assert_eq!(claim("talos: {}, default-storage-class: ceph", ""), never);
}

#[test]
fn data_on_nodes_is_told_in_one_finding() {
    let app = |volumes: &str| {
        format!(
            "  app: {{ on: a, uses: {{ memory: 1Mi }}, volumes: [{volumes}] }}\n  other: {{ on: b, uses: {{ memory: 1Mi }}, volumes: [{volumes}] }}"
        )
    };
    expect_workloads(&app("{ empty: 1Gi }"), &[]);
    expect_workloads(&app("{ local-path: 20Gi, holds: 4Gi }"), &["note pinned-by-data workloads"]);
    let found =
        findings(&sound(&format!("workloads:\n{}\n", app("{ local-path: 20Gi, holds: 4Gi }"))));
    let expected = "8Gi in 2 local volumes of a and b (app 4Gi and other 4Gi): each is down with its node, and lost with its disk";
    assert_eq!(found[0].reason, expected);
}

#[test]
fn databases_lie_on_disks() {
    let rack = |name: &str, volume: &str, boot: &str| {
        let yaml = sound(&format!(
            "services: {{ nas: {{}} }}\nworkloads:\n  {name}: {{ on: a, uses: {{ memory: 1Mi }}, volumes: [{{ {volume} }}] }}\n"
        ));
        let yaml =
            yaml.replacen("role: control-plane", &format!("role: control-plane, boot: {boot}"), 1);
        let mut found = check_rack(&yaml);
        found.retain(|it| it.contains("database"));
        found
    };
    let (nfs, local) = ("nfs: \"nas:/x\"", "local-path: 1Gi");
    assert_eq!(
        rack("prometheus", nfs, "usb"),
        ["note database-on-nfs workloads.prometheus.volumes.0"]
    );
    assert_eq!(rack("app", nfs, "usb"), [""; 0]);
    assert_eq!(
        rack("app", "name: app-postgres, nfs: \"nas:/x\"", "usb"),
        ["note database-on-nfs workloads.app.volumes.0"]
    );
    assert_eq!(rack("prometheus-operator", nfs, "usb"), [""; 0]);
    assert_eq!(rack("prometheus", "iscsi: \"nas:x\"", "usb"), [""; 0]);
    assert_eq!(rack("postgres", local, "sd"), ["warning database-on-sd nodes.a.boot"]);
    assert_eq!(rack("postgres", local, "usb"), [""; 0]);
    assert_eq!(rack("app", local, "sd"), [""; 0]);
}

#[test]
fn a_hypervisor_does_not_live_on_a_card() {
    let host = |text: &str| format!("rack: test\nnodes:\n  x: {{ board: pi5-8g, {text} }}\n");
    expect(&host("os: proxmox, boot: sd"), &["warning host-on-sd nodes.x.boot"]);
    expect(&host("os: proxmox, boot: nvme"), &[]);
    expect(&host("os: raspios, boot: sd"), &[]);
}
