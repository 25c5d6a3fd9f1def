use super::rack::{CONTROLLER, Rack, sw};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::Index;
use rackberry_core::{PortNo, Switch, Tagging, VlanId, VlanTable};
use rackberry_gs305ep::fake::Fault;
use std::collections::BTreeMap;

type Members = Vec<Option<Tagging>>;

fn members() -> impl Strategy<Value = Members> {
    let tagging = [None, Some(Tagging::Untagged), Some(Tagging::Tagged)];
    vec(prop::sample::select(tagging.to_vec()), 5)
}

/// A table in which the controller keeps its way, and each PVID is of a VLAN that its port is in.
fn table() -> impl Strategy<Value = VlanTable> {
    let drawn = (btree_map(1..6_u16, members(), 0..5), vec(any::<Index>(), 5));
    drawn.prop_map(|(vlans, picks)| sound(vlans, &picks))
}

fn sound(vlans: BTreeMap<u16, Members>, picks: &[Index]) -> VlanTable {
    let port = |at: usize| PortNo(at as u16 + 1);
    let mut table = VlanTable::default();
    for (vlan, members) in vlans {
        let members = members.into_iter().enumerate();
        let members = members.filter_map(|(at, it)| Some((port(at), it?))).collect();
        table.vlans.insert(VlanId::try_from(vlan).unwrap(), members);
    }
    let first = VlanId::default();
    table.vlans.entry(first).or_default().insert(CONTROLLER, Tagging::Untagged);
    for (at, pick) in picks.iter().enumerate() {
        let mut own: Vec<VlanId> = table.vlans.keys().copied().collect();
        own.retain(|vlan| table.member(port(at), *vlan).is_some());
        if own.is_empty() {
            table.vlans.entry(first).or_default().insert(port(at), Tagging::Untagged);
            own.push(first);
        }
        table.pvids.insert(port(at), own[pick.index(own.len())]);
    }
    table.pvids.insert(CONTROLLER, first);
    table
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn from_any_table_to_any_other_the_controller_keeps_its_way(a in table(), b in table()) {
        wait(async {
            let rack = Rack::new().await;
            for wish in [&a, &b] {
                rack.switch.set_vlans(wish).await.unwrap();
                let seen = rack.switch.observe().await.unwrap().vlans;
                prop_assert_eq!(seen.as_ref(), Some(wish));
            }
            rack.switch.close().await.unwrap();
            Ok(())
        })?;
    }

    #[test]
    fn broken_off_anywhere_there_is_too_much_membership_and_never_too_little(
        a in table(), b in table(), at in 0..60_u64,
    ) {
        wait(async {
            let rack = Rack::new().await;
            rack.switch.set_vlans(&a).await.unwrap();
            let next = rack.served.requests() + 1 + at;
            (next..next + 100).for_each(|it| rack.served.fault(it, Fault::ResetBefore));
            let _ = rack.switch.set_vlans(&b).await;
            let seen = rack.world.switch(&sw()).observe().await.unwrap().vlans.unwrap();
            let stays = |vlan: VlanId, port| a.member(port, vlan).and(b.member(port, vlan)).is_some();
            for (vlan, members) in &a.vlans {
                for port in members.keys().filter(|it| stays(*vlan, **it)) {
                    prop_assert!(seen.member(*port, *vlan).is_some(), "{} of {} in {}", port, vlan, seen);
                }
            }
            for (port, vlan) in &seen.pvids {
                prop_assert!(seen.member(*port, *vlan).is_some(), "PVID of {} in {}", port, seen);
            }
            Ok(())
        })?;
    }
}
