//! New versions on racks that run, on a simulated rack that judges the end.

use crate::converge::{RACKS, converge, read};
use rackberry::core::{NodeId, Version};
use rackberry::plan::{Rack, Resolved};
use rackberry::testkit::{Fault, World};
use rackberry::world::{fleet, simulate};

/// The rack with every cluster at these versions: of Talos, of Kubernetes, of Proxmox.
fn at(mut rack: Rack, [talos, kube, proxmox]: [&str; 3]) -> Resolved {
    let version = |text: &str| Some(Version::new(text));
    for cluster in rack.clusters.values_mut() {
        cluster.talos.iter_mut().for_each(|it| it.version = version(talos));
        cluster.k3s.iter_mut().for_each(|it| it.version = version(kube));
        cluster.kubernetes.iter_mut().for_each(|it| it.version = version(kube));
        cluster.proxmox.iter_mut().for_each(|it| it.version = version(proxmox));
    }
    rack.resolve().unwrap()
}

/// A rack that runs the old versions, and its file with the new ones.
pub(crate) async fn running(name: &str) -> (Resolved, World) {
    let rack = read(name);
    let old = at(rack.clone(), ["v1.12.4", "v1.33.5+k3s1", "9.0"]);
    let world = simulate(&old);
    converge(name, &old, &fleet(&world, &old)).await;
    (at(rack, ["v1.13.1", "v1.34.1+k3s1", "9.1"]), world)
}

async fn judge(name: &str, rack: &Resolved, world: &World) {
    for (at, node) in rack.nodes.iter().enumerate() {
        let state = world.os(&node.id).observe().await.unwrap();
        let Some(version) = rack.version(at) else { continue };
        assert_eq!(state.version, version, "{name}: {}", node.id);
        assert!(world.reboots(&node.id) <= 1, "{name}: {} reboots", node.id);
    }
    for id in rack.rack.clusters.keys() {
        let state = world.cluster(id).observe().await.unwrap();
        let members: Vec<&NodeId> = rack.members(id).map(|it| &rack.nodes[it].id).collect();
        let open = |it: &&NodeId| state.members[*it].ready && state.members[*it].schedulable;
        assert!(members.iter().all(open), "{name}: {id}");
        assert_eq!(world.bootstraps(id), 1, "{name}: {id}");
        // One voter alone takes its cluster down with it.
        let voters = rack.members(id).filter(|it| rack.votes(*it)).count();
        assert!(voters < 3 || world.outages(id) == 0, "{name}: {id} lost its majority");
    }
}

#[tokio::test(start_paused = true)]
async fn every_rack_gets_its_new_versions() {
    for name in RACKS {
        let (rack, world) = running(name).await;
        let rounds = converge(name, &rack, &fleet(&world, &rack)).await;
        eprintln!("{name}: {rounds} rounds");
        judge(name, &rack, &world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_upgrade_survives_any_single_fault() {
    let name = "lifeboat.yaml";
    let (rack, world) = running(name).await;
    let before = world.calls();
    converge(name, &rack, &fleet(&world, &rack)).await;
    let after = world.calls();
    for fault in [Fault::LostOrder, Fault::LostAnswer, Fault::Refused, Fault::Garbage, Fault::Slow]
    {
        for call in (before + 1..=after).step_by(7) {
            let (rack, world) = running(name).await;
            let world = world.with_fault(call, fault);
            let name = format!("{fault:?} at call {call}");
            converge(&name, &rack, &fleet(&world, &rack)).await;
            judge(&name, &rack, &world).await;
        }
    }
}
