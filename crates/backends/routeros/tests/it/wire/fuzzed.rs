//! What must hold for any bytes, in the fuzzer and in the tests.

use rackberry_routeros::wire::{
    Id, Members, Order, PoeSetting, Unreadable, read_board, read_bridge_ports, read_bridge_vlans,
    read_bridges, read_ethernets, read_failure, read_links, read_poe_readings, read_poe_settings,
};
use std::fmt::Debug;

/// Reads any bytes as the answer of every menu.
pub(crate) fn rest(bytes: &[u8]) {
    whole(bytes, read_board);
    whole(bytes, read_bridges);
    whole(bytes, read_links);
    for port in whole(bytes, read_ethernets).into_iter().flatten() {
        is_sound(&Order::enable(&port.id, true), &port.id);
    }
    for setting in whole(bytes, read_poe_settings).into_iter().flatten() {
        assert!(setting.order <= 99);
        is_sound(
            &Order::poe_order(&setting.id, PoeSetting::order_of(setting.priority())),
            &setting.id,
        );
    }
    for reading in whole(bytes, read_poe_readings).into_iter().flatten() {
        assert!(reading.power.0 <= 1_000_000 && (reading.delivers || reading.power.0 == 0));
    }
    for port in whole(bytes, read_bridge_ports).into_iter().flatten() {
        is_sound(&Order::port_set(&port.id, port.pvid, port.admits), &port.id);
    }
    for row in whole(bytes, read_bridge_vlans).into_iter().flatten() {
        let members = Members { tagged: row.tagged, untagged: row.untagged };
        is_sound(&Order::vlan_set(&row.id, &members), &row.id);
        for vlan in row.vlans.iter().take(1) {
            json(&Order::vlan_add(&row.bridge, *vlan, &members));
        }
    }
    if let Some(failure) = read_failure(bytes) {
        fits(&failure.to_string());
    }
}

/// Reads an answer. What is refused is refused in a sentence that can be printed, and what is read is not read
/// otherwise from an answer that was cut off somewhere.
fn whole<T: Debug + PartialEq>(
    bytes: &[u8],
    read: fn(&[u8]) -> Result<T, Unreadable>,
) -> Option<T> {
    let found = match read(bytes) {
        Ok(found) => found,
        Err(why) => {
            fits(&why.to_string());
            return None;
        }
    };
    for cut in [bytes.len() / 3, bytes.len() / 2, bytes.len().saturating_sub(9)] {
        if let Ok(less) = read(&bytes[..cut]) {
            assert_eq!(less, found, "read from an answer that was cut off");
        }
    }
    Some(found)
}

/// An order names its row and nothing behind it, whatever the row is called.
fn is_sound(order: &Order, id: &Id) {
    let tail = order.path().rsplit('/').next();
    assert_eq!(tail, Some(id.as_str()));
    assert!(order.path().bytes().all(|it| it.is_ascii_alphanumeric() || b"/-*".contains(&it)));
    json(order);
}

fn json(order: &Order) {
    let body: serde_json::Value = serde_json::from_str(order.body().unwrap()).unwrap();
    assert!(body.as_object().unwrap().values().all(serde_json::Value::is_string));
}

fn fits(text: &str) {
    assert!(text.chars().count() <= 600 && !text.contains(char::is_control), "{text}");
}
