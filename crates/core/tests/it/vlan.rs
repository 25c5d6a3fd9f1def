//! VLAN tables.

use rackberry_core::{PortNo, Tagging, VlanId, VlanTable};

fn vlan(number: u16) -> VlanId {
    number.try_into().unwrap()
}

/// Ports 1 and 2 without a tag in VLAN 10, port 3 with one; VLAN 20 is empty.
fn table() -> VlanTable {
    let members = [(1, Tagging::Untagged), (2, Tagging::Untagged), (3, Tagging::Tagged)];
    let members = members.into_iter().map(|(port, it)| (PortNo(port), it)).collect();
    VlanTable {
        vlans: [(vlan(10), members), (vlan(20), [].into())].into(),
        pvids: [(PortNo(1), vlan(10)), (PortNo(2), vlan(10))].into(),
    }
}

#[test]
fn vlans_are_numbered_1_to_4094() {
    for number in [1, 2, 4094] {
        assert_eq!(vlan(number).number(), number);
    }
    for number in [0, 4095] {
        let why = VlanId::try_from(number).unwrap_err();
        assert_eq!(why, format!("`{number}` is not a VLAN: they are numbered 1 to 4094"));
    }
    assert_eq!(vlan(7).to_string(), "VLAN 7");
    assert_eq!(VlanId::default().number(), 1);
}

#[test]
fn the_schema_of_a_vlan_says_its_bounds() {
    let schema = schemars::schema_for!(VlanId).to_value();
    assert_eq!((&schema["minimum"], &schema["maximum"]), (&1.into(), &4094.into()));
    assert_eq!(schema["title"], "VlanId");
}

#[test]
fn a_switch_leaves_its_maker_with_every_port_in_vlan_1() {
    let table = VlanTable::factory([PortNo(1), PortNo(2)]);
    for port in [PortNo(1), PortNo(2)] {
        assert_eq!(table.member(port, VlanId::default()), Some(Tagging::Untagged));
        assert_eq!(table.pvids[&port], VlanId::default());
    }
    assert_eq!(table.member(PortNo(3), VlanId::default()), None);
    assert_eq!((table.vlans.len(), table.pvids.len()), (1, 2));
}

#[test]
fn frames_pass_between_members_and_from_a_port_to_itself() {
    let (table, ports) = (table(), [PortNo(1), PortNo(3), PortNo(4)]);
    assert!(table.joins(vlan(10), ports[0], ports[1]));
    assert!(!table.joins(vlan(10), ports[0], ports[2]));
    assert!(!table.joins(vlan(10), ports[2], ports[0]));
    assert!(!table.joins(vlan(20), ports[0], ports[1]));
    assert!(table.joins(vlan(20), ports[2], ports[2]));
}

#[test]
fn a_table_is_written_in_one_line() {
    assert_eq!(table().to_string(), "VLAN 10: 1 2 3t (PVID of 1 2); VLAN 20: no port");
}
