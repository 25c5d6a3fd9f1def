//! Findings on capacity, quorums, dependencies, blast radius and traps.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on says why")]

mod capacity;
mod fit;
mod guest;
mod half;
mod quorum;
mod radius;
mod trap;

use rackberry_plan::{Finding, Source, check};

/// The rules that are judged here; a rack may break others, too.
const RULES: &str = "node-memory node-cpu node-requests figures-contradict cluster-memory no-spare-node \
    unknown-memory use-over-request request-over-use no-node-allowed no-node-fits misplaced \
    too-many-places port-taken apart-impossible apart-broken apart-from-broken with-broken spread-broken with-impossible no-disruption \
    limit-below guest-memory guest-cores guest-arch guest-circle memory-not-sold below-minimum \
    empty-cluster no-control-plane single-control-plane sqlite-servers even-voters qdevice-odd \
    qdevice-inside shared-quorum state-on-sd state-on-network corosync-shared \
    corosync-one-link corosync-one-switch needs-circle single-point half-lost half-cut-off \
    lifeboat-depends lifeboat-shares dns-circle nfs-default-class pinned-by-data \
    database-on-nfs database-on-sd host-on-sd pool-nowhere pool-disks pool-unsafe pool-uneven \
    pool-disk-shared guest-disk-elsewhere pool-full disk-full";

fn findings(yaml: &str) -> Vec<Finding> {
    let read = Source::read("rack.yaml", yaml.as_bytes());
    let (rack, _) = read.unwrap_or_else(|why| panic!("{why}"));
    let all = check(&rack.resolve().expect(yaml));
    for finding in &all {
        assert!(!finding.reason.is_empty() && !finding.remedy.is_empty(), "{finding:?}");
        assert!(!finding.reason.ends_with('.') && !finding.remedy.ends_with('.'), "{finding:?}");
    }
    crate::words::check(&all);
    let ours = |it: &Finding| RULES.split_whitespace().any(|rule| rule == it.rule);
    all.into_iter().filter(ours).collect()
}

/// What is found, as "severity rule at".
fn check_rack(yaml: &str) -> Vec<String> {
    findings(yaml).iter().map(|it| format!("{} {} {}", it.severity, it.rule, it.at)).collect()
}

/// Three machines of 4 GB in one cluster with three control planes, in which all is well, and more.
fn sound(more: &str) -> String {
    format!("{SOUND}{more}")
}

const SOUND: &str = "
rack: test
nodes:
  a: { board: pi4-4g, os: talos, cluster: home, role: control-plane }
  b: { board: pi4-4g, os: talos, cluster: home, role: control-plane }
  c: { board: pi4-4g, os: talos, cluster: home, role: control-plane }
clusters:
  home: { talos: {}, workloads-on-control-plane: true }
";

fn expect(yaml: &str, expected: &[&str]) {
    assert_eq!(check_rack(yaml), expected, "{yaml}");
}

/// What workloads in the sound rack give rise to.
fn expect_workloads(workloads: &str, expected: &[&str]) {
    expect(&sound(&format!("workloads:\n{workloads}\n")), expected);
}

#[test]
fn a_rack_in_which_all_is_well_gives_rise_to_nothing() {
    expect(SOUND, &[]);
    expect_workloads("  app: { replicas: 2, on: [a, b], uses: { memory: 200Mi } }", &[]);
}

/// What is found in one of the example racks.
fn example(name: &str) -> Vec<String> {
    let path = format!("{}/../../examples/racks/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
    check_rack(&std::fs::read_to_string(path).expect(name))
}

#[test]
fn the_example_racks_have_the_weak_points_that_their_authors_name() {
    let k3s = [
        "error nfs-default-class workloads.prometheus.volumes.1",
        "warning single-control-plane clusters.home",
        "warning half-lost nodes.pi-k3s",
        "warning single-point workloads.pi-hole.serves",
        "note node-memory nodes.pi-k3s",
        "note pinned-by-data workloads",
        "note database-on-nfs workloads.prometheus.volumes.1",
    ];
    assert_eq!(example("k3s-expansion"), k3s);
    let by_hand = [
        "error nfs-default-class workloads.prometheus.volumes.1",
        "warning single-control-plane clusters.home",
        "warning database-on-sd nodes.pi5-worker-1.boot",
        "note node-memory nodes.pi3-worker-1",
        "note pinned-by-data workloads",
        "note database-on-nfs workloads.prometheus.volumes.1",
    ];
    assert_eq!(example("k3s-expansion-by-hand"), by_hand);
    let lifeboat = [
        "warning corosync-shared clusters.pve.proxmox.corosync",
        "warning lifeboat-shares nodes.lifeboat.rescues",
        "note half-lost switches.qnap",
    ];
    assert_eq!(example("lifeboat"), lifeboat);
    let proxmox = [
        "warning host-on-sd nodes",
        "note corosync-one-link clusters.pve.proxmox.corosync",
        "note half-lost switches.desk",
    ];
    assert_eq!(example("proxmox-talos"), proxmox);
    let managed = [
        "error memory-not-sold nodes.talos-mgmt-pi.memory",
        "warning single-control-plane clusters.talos",
        "warning state-on-sd nodes.talos-control-pi.boot",
        "note half-cut-off services.repeater",
        "note half-lost switches.desk",
    ];
    assert_eq!(example("talos-managed"), managed);
    let dozen = [
        "warning state-on-network clusters.k8s",
        "warning half-lost nodes.nas",
        "note half-lost switches.crs",
    ];
    assert_eq!(example("two-dozen"), dozen);
}
