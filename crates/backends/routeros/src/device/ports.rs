//! Which port is which number.

use crate::wire::Ethernet;
use rackberry_core::PortNo;
use std::collections::BTreeMap;

/// The sockets, as the makers of cables call them, from the slow to the fast: RouterOS names its ports by them.
const SOCKETS: [&str; 7] =
    ["ether", "combo", "sfp", "sfp-sfpplus", "sfp28-", "qsfpplus", "qsfp28-"];

/// The ports by their numbers, from 1 on: by their makers' names, first `ether1` and its like, then what goes into cages.
/// On a CRS328-24P-4S+RM those are the ports 1 to 24, and 25 to 28.
pub(super) fn numbered(mut ports: Vec<Ethernet>) -> BTreeMap<PortNo, Ethernet> {
    ports.sort_by_cached_key(|it| place(&it.default_name));
    (1..=u16::MAX).map(PortNo).zip(ports).collect()
}

/// The socket, its name, and the numbers in it.
fn place(name: &str) -> (usize, String, Vec<u64>) {
    let letters = name.find(|it: char| it.is_ascii_digit()).unwrap_or(name.len());
    let socket = SOCKETS.iter().rposition(|it| name.starts_with(it) && numbers_follow(name, it));
    let socket = socket.unwrap_or(SOCKETS.len());
    let known = SOCKETS.get(socket).map_or(letters, |it| it.len());
    let (kind, rest) = name.split_at_checked(known).unwrap_or((name, ""));
    let numbers = rest.split(|it: char| !it.is_ascii_digit()).filter_map(|it| it.parse().ok());
    (socket, kind.into(), numbers.collect())
}

fn numbers_follow(name: &str, socket: &str) -> bool {
    name[socket.len()..].starts_with(|it: char| it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::read_ethernets;

    #[test]
    fn ports_are_numbered_as_they_stand_on_the_front() {
        let names = [
            "sfp-sfpplus2",
            "ether10",
            "ether2",
            "sfp-sfpplus1",
            "ether1",
            "qsfpplus1-2",
            "qsfpplus1-1",
        ];
        let rows = names.iter().enumerate().map(|(at, name)| {
            format!(r#"{{".id":"*{at}","name":"x{at}","default-name":"{name}"}}"#)
        });
        let json = format!("[{}]", rows.collect::<Vec<_>>().join(","));
        let ports = numbered(read_ethernets(json.as_bytes()).unwrap());
        let order: Vec<&str> = ports.values().map(|it| it.default_name.as_str()).collect();
        let right = [
            "ether1",
            "ether2",
            "ether10",
            "sfp-sfpplus1",
            "sfp-sfpplus2",
            "qsfpplus1-1",
            "qsfpplus1-2",
        ];
        assert_eq!(order, right);
    }
}
