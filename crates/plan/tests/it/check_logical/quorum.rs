//! Clusters that must keep a majority.

use super::{check_rack, expect, findings};

/// A cluster of so many control planes on boards of their own.
fn voters(kind: &str, planes: usize, more: &str) -> String {
    let node = |at: usize| {
        format!("  n{at}: {{ board: pi4-4g, cluster: c, role: control-plane, boot: usb{more} }}\n")
    };
    let nodes: String = (0..planes).map(node).collect();
    format!(
        "rack: test\nnodes:\n{nodes}  w: {{ board: pi4-4g, cluster: c }}\nclusters:\n  c: {{ {kind} }}\n"
    )
}

#[test]
fn voters_are_odd() {
    expect(&voters("talos: {}", 0, ""), &["error no-control-plane clusters.c"]);
    expect(&voters("talos: {}", 1, ""), &["warning single-control-plane clusters.c"]);
    expect(&voters("talos: {}", 2, ""), &["warning even-voters clusters.c"]);
    expect(&voters("talos: {}", 3, ""), &[]);
    expect(&voters("talos: {}", 4, ""), &["note even-voters clusters.c"]);
    expect(&voters("k3s: { datastore: external }", 2, ""), &[]);
    expect(&voters("k3s: { datastore: etcd }", 2, ""), &["warning even-voters clusters.c"]);
    expect(&voters("k3s: {}", 2, ""), &["error sqlite-servers clusters.c.k3s.datastore"]);
    let sqlite = findings(&voters("k3s: {}", 1, ""));
    assert!(sqlite[0].remedy.contains("/var/lib/rancher/k3s/server/db"), "{}", sqlite[0].remedy);
}

#[test]
fn a_cluster_without_nodes_runs_nothing() {
    let yaml = "rack: test\nclusters: { c: { k3s: {} } }\n";
    expect(yaml, &[]);
    let app = format!("{yaml}workloads: {{ app: {{ uses: {{ memory: 1Mi }} }} }}\n");
    expect(&app, &["error empty-cluster clusters.c"]);
}

#[test]
fn etcd_wants_a_disk() {
    let boots = |boot: &str| voters("talos: {}", 3, "").replace("boot: usb", boot);
    expect(&boots("boot: sd"), &["warning state-on-sd clusters.c"]);
    expect(&boots("boot: sd, disks: { ssd: { kind: usb } }"), &[]);
    expect(&boots("disks: { card: { kind: sd } }"), &["warning state-on-sd clusters.c"]);
    expect(&boots("boot: network"), &["warning state-on-network clusters.c"]);
    expect(&boots("boot: network, disks: { ssd: { kind: usb } }"), &[]);
    let external = voters("k3s: { datastore: external }", 2, "").replace("boot: usb", "boot: sd");
    expect(&external, &[]);
}

#[test]
fn voters_do_not_share_a_host() {
    let guests = |hosts: &[&str]| {
        let guest = |(at, host): (usize, &&str)| {
            format!(
                "  v{at}: {{ board: vm, memory: 4Gi, host: {host}, cluster: c, role: control-plane }}\n"
            )
        };
        let guests: String = hosts.iter().enumerate().map(guest).collect();
        let hosts: String = ["p", "q", "r", "s"]
            .iter()
            .map(|it| format!("  {it}: {{ board: x86, memory: 64Gi }}\n"))
            .collect();
        format!("rack: test\nnodes:\n{hosts}{guests}clusters:\n  c: {{ talos: {{}} }}\n")
    };
    let shared = ["warning shared-quorum clusters.c"];
    expect(&guests(&["p", "q", "r"]), &[]);
    expect(&guests(&["p", "p", "r"]), &shared);
    expect(&guests(&["p", "p", "q", "r", "s"]), &[]);
    let cores = "note guest-cores nodes.p";
    expect(&guests(&["p", "p", "p", "q", "r"]), &[shared[0], cores]);
}

#[test]
fn voters_do_not_share_a_switch_while_others_have_room() {
    let ports = |ports: [&str; 3]| {
        let node = |(at, port): (usize, &str)| {
            format!(
                "  n{at}: {{ board: pi4-4g, cluster: c, role: control-plane, boot: usb, port: {port} }}\n"
            )
        };
        let nodes: String = ports.into_iter().enumerate().map(node).collect();
        let workers: String = (0..3)
            .map(|it| {
                format!("  w{it}: {{ board: pi4-4g, cluster: c, port: s{}/{} }}\n", it % 3, it + 4)
            })
            .collect();
        let switches: String =
            (0..3).map(|it| format!("  s{it}: {{ model: generic-24 }}\n")).collect();
        format!(
            "rack: test\nswitches:\n{switches}nodes:\n{nodes}{workers}clusters:\n  c: {{ talos: {{}} }}\n"
        )
    };
    expect(&ports(["s0/1", "s1/1", "s2/1"]), &[]);
    expect(&ports(["s0/1", "s0/2", "s1/1"]), &["warning shared-quorum clusters.c"]);
}

/// A Proxmox cluster on a LAN, with a second network.
fn proxmox(members: usize, cluster: &str, link: &str) -> String {
    let node = |at: usize| {
        format!(
            "  p{at}: {{ board: x86, memory: 16Gi, cluster: c, network: lan, port: s/{}{link} }}\n",
            at + 1
        )
    };
    let nodes: String = (0..members).map(node).collect();
    format!(
        "rack: test\nnetworks: {{ lan: {{ vlan: 1 }}, beat: {{ vlan: 99 }} }}\nswitches:\n  s: {{ model: generic-24 }}\nnodes:\n{nodes}  nas: {{ board: pi4-4g }}\nclusters:\n  c: {{ proxmox: {{ {cluster} }} }}\nservices:\n  vote: {{ on: nas }}\n  inner: {{ on: p0 }}\n"
    )
}

fn quorum(yaml: &str) -> Vec<String> {
    check_rack(yaml).into_iter().filter(|it| !it.contains("half-lost")).collect()
}

#[test]
fn corosync_has_a_network_of_its_own_and_another() {
    let cable = ", links: [{ network: beat }]";
    let at = "clusters.c.proxmox.corosync";
    assert_eq!(quorum(&proxmox(3, "corosync: [beat, lan]", cable)), [""; 0]);
    assert_eq!(quorum(&proxmox(3, "", "")), [format!("warning corosync-shared {at}")]);
    assert_eq!(
        quorum(&proxmox(3, "corosync: lan", cable)),
        [format!("warning corosync-shared {at}")]
    );
    assert_eq!(
        quorum(&proxmox(3, "corosync: beat", cable)),
        [format!("note corosync-one-link {at}")]
    );
    let by_switch = proxmox(1, "corosync: [beat, lan]", "");
    assert_eq!(quorum(&by_switch), [""; 0]);
    let links = "rack: test
networks: { lan: { vlan: 1 }, beat: { vlan: 99 } }
switches: { s: { model: generic-24 } }
nodes:
  p0: { board: x86, memory: 16Gi, cluster: c, network: lan, port: s/1, links: [{ network: beat, port: s/11 }] }
  p1: { board: x86, memory: 16Gi, cluster: c, network: lan, port: s/2, links: [{ network: beat, port: s/12 }] }
  p2: { board: x86, memory: 16Gi, cluster: c, network: lan, port: s/3, links: [{ network: beat, port: s/13 }] }
clusters: { c: { proxmox: { corosync: [beat, lan] } } }
";
    assert_eq!(quorum(links), [format!("warning corosync-one-switch {at}")]);
}

#[test]
fn two_hypervisors_need_a_third_vote_from_outside() {
    let cable = ", links: [{ network: beat }]";
    let two = |more: &str| quorum(&proxmox(2, &format!("corosync: [beat, lan]{more}"), cable));
    assert_eq!(two(""), ["warning even-voters clusters.c.proxmox"]);
    assert_eq!(two(", qdevice: vote"), [""; 0]);
    assert_eq!(two(", qdevice: inner"), ["warning qdevice-inside clusters.c.proxmox.qdevice"]);
    let many = |members: usize, more: &str| {
        quorum(&proxmox(members, &format!("corosync: [beat, lan]{more}"), cable))
    };
    assert_eq!(many(4, ""), ["note even-voters clusters.c.proxmox"]);
    assert_eq!(many(3, ", qdevice: vote"), ["warning qdevice-odd clusters.c.proxmox.qdevice"]);
}
