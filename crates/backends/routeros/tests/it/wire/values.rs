//! Values as MikroTik documents them, and as other clients have seen them.

use rackberry_core::{
    BitsPerSecond, Counters, Milliamperes, Milliwatts, PoeGauge, PoePriority, VlanId, Volts,
};
use rackberry_routeros::wire::{
    Admits, Id, Link, Members, Order, PoeOut, PoeReading, Unreadable, Verb, read_board,
    read_bridge_ports, read_bridge_vlans, read_bridges, read_ethernets, read_failure, read_links,
    read_poe_readings, read_poe_settings,
};

fn vlan(number: u16) -> VlanId {
    VlanId::try_from(number).unwrap()
}

fn why<T>(answer: Result<T, Unreadable>) -> String {
    answer.err().unwrap().to_string()
}

#[test]
fn a_board_is_one_row_with_or_without_a_list() {
    let one = br#"{"model":"CRS328-24P-4S+RM","routerboard":"true","serial-number":"D4"}"#;
    let board = read_board(one).unwrap().unwrap();
    assert_eq!((board.model.as_str(), board.serial.as_deref()), ("CRS328-24P-4S+RM", Some("D4")));
    let list = br#"[{"architecture-name":"tile","board-name":"CCR1016-12S-1S+"}]"#;
    assert_eq!(read_board(list).unwrap().unwrap().model, "CCR1016-12S-1S+");
    assert_eq!(read_board(br#"{"routerboard":"false"}"#).unwrap(), None);
}

#[test]
fn ports_have_their_names_and_counters_of_64_bits() {
    let answer = br#"[{".id":"*1","name":"pi","default-name":"ether1","disabled":"true","rx-bytes":"18446744073709551615",
        "tx-bytes":7,"rx-fcs-error":"1","rx-align-error":"2"},{".id":"*2","name":"ether2"}]"#;
    let ports = read_ethernets(answer).unwrap();
    let counters = Counters { received: u64::MAX, sent: 7, errors: 3 };
    assert_eq!((ports[0].counters, ports[0].disabled), (Some(counters), true));
    assert_eq!((ports[0].name.as_str(), ports[0].default_name.as_str()), ("pi", "ether1"));
    assert_eq!((ports[1].default_name.as_str(), ports[1].counters), ("ether2", None));
    let wrong = read_ethernets(br#"[{".id":"*1","name":"a","rx-bytes":"-1","tx-bytes":"1"}]"#);
    assert_eq!(why(wrong), "`rx-bytes` cannot be \"-1\"");
}

#[test]
fn rates_are_read_where_there_is_a_link() {
    let rate = |rate: &str, status: &str| {
        let answer = format!(r#"[{{"name":"a","status":"{status}","rate":"{rate}"}}]"#);
        read_links(answer.as_bytes()).map(|it| it[0].rate)
    };
    for (text, bits) in [
        ("10Mbps", 10_000_000),
        ("1Gbps", 1_000_000_000),
        ("2.5Gbps", 2_500_000_000),
        ("100Gbps", 100_000_000_000),
    ] {
        assert_eq!(rate(text, "link-ok").unwrap(), Some(BitsPerSecond(bits)));
        assert_eq!(rate(text, "no-link").unwrap(), None);
    }
    assert!(rate("fast", "link-ok").is_err() && rate("1.2345Gbps", "link-ok").is_err());
    assert_eq!(read_links(br#"[{"name":"a"}]"#).unwrap(), [Link { name: "a".into(), rate: None }]);
}

#[test]
fn readings_of_power_are_texts_or_numbers() {
    let power = |status: &str, power: &str| {
        let answer =
            format!(r#"[{{"name":"a","poe-out-status":"{status}","poe-out-power":{power}}}]"#);
        read_poe_readings(answer.as_bytes()).map(|it| it[0].power)
    };
    for (text, milliwatts) in
        [("\"4.7\"", 4_700), ("4.7", 4_700), ("1", 1_000), ("\"6.4W\"", 6_400), ("\"0\"", 0)]
    {
        assert_eq!(power("powered-on", text).unwrap(), Milliwatts(milliwatts), "{text}");
        assert_eq!(power("waiting-for-load", text).unwrap(), Milliwatts(0));
    }
    assert!(power("powered-on", "\"-1\"").is_err() && power("powered-on", "1e9").is_err());
    let unmeasured = read_poe_readings(br#"[{"name":"a","poe-out-status":"powered-on"}]"#).unwrap();
    let gauge = PoeGauge::default();
    let expected = PoeReading { name: "a".into(), delivers: true, power: Milliwatts(0), gauge };
    assert_eq!(unmeasured, [expected]);
    let measured = br#"[{"name":"a","poe-out-status":"powered-on","poe-out-voltage":"53.1","poe-out-current":84},
        {"name":"b","poe-out-status":"short-circuit"},{"name":"c","poe-out-status":"off"}]"#;
    let gauges: Vec<PoeGauge> =
        read_poe_readings(measured).unwrap().into_iter().map(|it| it.gauge).collect();
    assert_eq!(gauges[0].voltage, Some(Volts(53)));
    assert_eq!(gauges[0].current, Some(Milliamperes(84)));
    assert_eq!(gauges[1].fault.as_deref(), Some("short-circuit"));
    assert_eq!(gauges[2], PoeGauge::default());
}

#[test]
fn a_hundred_numbers_are_three_priorities() {
    for order in 0..=99 {
        let answer =
            format!(r#"[{{".id":"*1","name":"a","poe-out":"auto-on","poe-priority":"{order}"}}]"#);
        let wish = match order {
            0..=4 => PoePriority::Critical,
            5..=9 => PoePriority::High,
            _ => PoePriority::Low,
        };
        let read = read_poe_settings(answer.as_bytes()).unwrap().remove(0);
        assert_eq!((read.priority(), read.out), (wish, PoeOut::AutoOn));
    }
    let odd = |field: &str| format!(r#"[{{".id":"*1","name":"a","poe-out":"off",{field}}}]"#);
    assert!(read_poe_settings(odd(r#""poe-priority":"100""#).as_bytes()).is_err());
    assert!(read_poe_settings(br#"[{".id":"*1","name":"a","poe-out":"maybe"}]"#).is_err());
}

#[test]
fn vlan_rows_name_one_vlan_or_many_and_dynamic_ones_are_left_out() {
    let answer = br#"[{".id":"*1","bridge":"b","vlan-ids":"1,10-12","tagged":"b,ether1","untagged":"","dynamic":"false"},
        {".id":"*80000001","bridge":"b","vlan-ids":"1","dynamic":"true","current-untagged":"b"},
        {".id":"*3","bridge":"b","vlan-ids":"7","disabled":"true"}]"#;
    let rows = read_bridge_vlans(answer).unwrap();
    assert_eq!(rows.len(), 1);
    assert!(rows[0].vlans.iter().copied().eq([1, 10, 11, 12].map(vlan)));
    assert_eq!((rows[0].tagged.join("+"), rows[0].untagged.len()), ("b+ether1".into(), 0));
    for wrong in ["0", "4095", "", "1-", "20-10", "1,1", "5,1-9", "a"] {
        let answer = format!(r#"[{{".id":"*1","bridge":"b","vlan-ids":"{wrong}"}}]"#);
        assert!(read_bridge_vlans(answer.as_bytes()).is_err(), "{wrong}");
    }
}

#[test]
fn bridges_and_their_ports_have_what_the_documentation_gives_them_by_itself() {
    let bridges = read_bridges(br#"[{"name":"b","vlan-filtering":"true"},{"name":"c"}]"#).unwrap();
    assert_eq!((bridges[0].filters, bridges[1].filters), (true, false));
    let answer = br#"[{".id":"*1","bridge":"b","interface":"ether1"},
        {".id":"*2","bridge":"b","interface":"ether2","pvid":"20","frame-types":"admit-only-vlan-tagged"},
        {".id":"*3","bridge":"b","interface":"ether3","disabled":"true"}]"#;
    let ports = read_bridge_ports(answer).unwrap();
    let read: Vec<_> = ports.iter().map(|it| (it.pvid, it.admits)).collect();
    assert_eq!(read, [(vlan(1), Admits::All), (vlan(20), Admits::Tagged)]);
}

#[test]
fn an_identifier_is_a_star_and_a_number_and_no_way_to_elsewhere() {
    for good in ["*1", "*1F", "*80000001"] {
        assert_eq!(Id::new(good).unwrap().as_str(), good);
    }
    for bad in ["", "*", "1", "ether1", "*1/../2", "*1?x", "*123456789", "%2A1", "*\u{e9}"] {
        assert_eq!(Id::new(bad), None, "{bad}");
    }
}

#[test]
fn a_failure_is_told_from_rows_and_pages() {
    let failure =
        read_failure(br#"{"detail":"unknown parameter x","error":400,"message":"Bad Request"}"#)
            .unwrap();
    assert_eq!(failure.to_string(), "it answered 400 Bad Request: unknown parameter x");
    assert_eq!(read_failure(b"[]"), None);
    assert_eq!(read_failure(b"<html>"), None);
    assert_eq!(read_failure(br#"{"error":"gone"}"#), None);
    let rude = read_failure(
        format!(r#"{{"error":404,"detail":"{}\u0007"}}"#, "x".repeat(9_000)).as_bytes(),
    );
    assert!(rude.unwrap().to_string().len() < 200);
}

#[test]
fn orders_are_written_as_the_documentation_has_them() {
    let id = Id::new("*2").unwrap();
    let members =
        Members { tagged: vec!["bridge".into(), "ether5".into()], untagged: vec!["ether1".into()] };
    let written = |order: &Order| (order.to_string(), order.body().unwrap_or_default().to_owned());
    let add = written(&Order::vlan_add("bridge", vlan(20), &members));
    let json =
        r#"{"bridge":"bridge","tagged":"bridge,ether5","untagged":"ether1","vlan-ids":"20"}"#;
    assert_eq!(add, ("PUT /rest/interface/bridge/vlan".into(), json.into()));
    let pvid = written(&Order::port_set(&id, vlan(20), Admits::All));
    let json = r#"{"frame-types":"admit-all","pvid":"20"}"#;
    assert_eq!(pvid, ("PATCH /rest/interface/bridge/port/*2".into(), json.into()));
    let remove = Order::vlan_remove(&id);
    assert_eq!((remove.verb(), remove.path()), (Verb::Delete, "/rest/interface/bridge/vlan/*2"));
    let links = written(&Order::links([&id, &Id::new("*A").unwrap()]));
    let json = r#"{"numbers":"*2,*A","once":""}"#;
    assert_eq!(links, ("POST /rest/interface/ethernet/monitor".into(), json.into()));
}
