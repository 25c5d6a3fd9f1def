//! What our own pages say is what is read from them.

use crate::wire::pages::{self, DOWN, FED, FEEDING, OFF, UP};
use rackberry_core::{
    BitsPerSecond, Counters, Milliwatts, PoePriority, PortNo, Power, Tagging, VlanId,
};
use rackberry_gs305ep::wire::{
    Detection, FormHash, LimitType, Link, LongerDetection, Mac, PoeMode, PoePhase, PoeSetting,
    PortSetting, PowerLimit, Rate, Speed, VlanMode, read_address, read_dashboard, read_poe_config,
    read_poe_status, read_statistics, read_vlans,
};

fn hash() -> FormHash {
    FormHash::new(pages::HASH).unwrap()
}

#[test]
fn a_dashboard_says_what_the_switch_is_and_what_its_ports_do() {
    let read = read_dashboard(pages::dashboard(&[UP, DOWN, OFF]).as_bytes()).unwrap();
    assert_eq!((read.name.as_str(), read.model.as_str()), ("desk & shelf", "GS305EP"));
    assert_eq!(read.firmware.as_deref(), Some("V1.0.1.4"));
    assert_eq!(read.serial.as_deref(), Some("5LX0000000001"));
    assert_eq!(read.mac, Some(Mac([2, 0, 0, 0, 0, 10])));
    assert_eq!((read.lights, read.hash), (Some(Power::On), hash()));
    let links: Vec<_> = read.ports.values().map(|it| it.link).collect();
    let up = Link::Up { speed: BitsPerSecond(1_000_000_000), full_duplex: true };
    assert_eq!(links, [up, Link::Down, Link::Off]);
    let setting = PortSetting {
        name: "pi 3".into(),
        speed: Speed::Off,
        flow_control: false,
        ingress: Rate::Unlimited,
        egress: Rate::Mbps512,
    };
    assert_eq!(read.ports[&PortNo(3)].setting, setting);
}

#[test]
fn a_slow_link_is_read_with_its_speed_and_its_ways() {
    let slow = pages::Port { state: "UP", speed: "5", linked: "100M half" };
    let read = read_dashboard(pages::dashboard(&[slow]).as_bytes()).unwrap();
    let link = Link::Up { speed: BitsPerSecond(100_000_000), full_duplex: false };
    assert_eq!(read.ports[&PortNo(1)].link, link);
}

#[test]
fn a_page_without_a_serial_number_is_read_without_one() {
    let page = pages::dashboard(&[UP]).replace("ml198", "ml000").replace("led_switch", "x");
    let read = read_dashboard(page.as_bytes()).unwrap();
    assert_eq!((read.serial, read.lights), (None, None));
}

#[test]
fn counters_are_put_together_from_their_halves() {
    let page = pages::statistics(&[["125", "3349161166", "0", "1", "0", "4294967295"]]);
    let read = read_statistics(page.as_bytes()).unwrap();
    let counters = Counters { received: 540_220_073_166, sent: 1, errors: 4_294_967_295 };
    assert_eq!((read.ports[&PortNo(1)], read.hash), (counters, hash()));
    assert_eq!(read.ports.len(), 1);
}

#[test]
fn a_port_is_fed_as_its_fields_say() {
    let longer: Vec<_> = FED.into_iter().chain([("longerDetect", "3")]).collect();
    let read = read_poe_config(pages::poe_config(&[&FED, &longer]).as_bytes()).unwrap();
    let setting = PoeSetting {
        power: Power::On,
        priority: PoePriority::High,
        mode: PoeMode::At,
        limit_type: LimitType::User,
        limit: PowerLimit::try_from(Milliwatts(15_400)).unwrap(),
        detection: Detection::Ieee,
        longer_detection: None,
    };
    assert_eq!(read.ports[&PortNo(1)], setting);
    let longer = PoeSetting { longer_detection: Some(LongerDetection::On), ..setting };
    assert_eq!((read.ports[&PortNo(2)], read.hash), (longer, hash()));
    assert_eq!(read.uninterrupted, Some(false));
}

#[test]
fn what_flows_is_read_with_its_units() {
    let short = ["Fault", "Unknown", "0", "0", "0.0", "-5", "Short"];
    let read = read_poe_status(pages::poe_status(&[FEEDING, short]).as_bytes()).unwrap();
    let first = &read.ports[&PortNo(1)];
    assert_eq!((first.name.as_str(), &first.phase), ("a - b", &PoePhase::Delivering));
    assert_eq!((first.class, first.voltage.0, first.current.0), (Some(4), 53, 82));
    assert_eq!((first.power, first.temperature.0), (Milliwatts(4400), 30));
    assert_eq!(first.fault, None);
    let second = &read.ports[&PortNo(2)];
    assert!(matches!(&second.phase, PoePhase::Other(it) if it.as_str() == "Fault"));
    assert_eq!(second.fault.as_ref().map(|it| it.as_str()), Some("Short"));
    assert_eq!((second.class, second.temperature.0), (None, -5));
}

#[test]
fn one_is_tagged_two_untagged_and_three_no_member() {
    let page = pages::vlan(
        &[("1", "Default", "222"), ("30", "lab", "123")],
        &["1*, 30, ", "1, 30*, ", "1*, "],
    );
    let read = read_vlans(page.as_bytes()).unwrap();
    assert_eq!((read.mode, read.hash), (VlanMode::Advanced, hash()));
    let vlans = read.vlans.unwrap();
    let lab = VlanId::try_from(30).unwrap();
    assert_eq!(vlans.table.to_string(), "VLAN 1: 1 2 3 (PVID of 1 3); VLAN 30: 1t 2 (PVID of 2)");
    assert_eq!(vlans.table.member(PortNo(1), lab), Some(Tagging::Tagged));
    let entry = vlans.entry(lab).unwrap();
    assert_eq!((entry.name.as_str(), entry.voice, entry.voice_class.number()), ("lab", false, 6));
    assert_eq!(vlans.entry(VlanId::try_from(31).unwrap()), None);
}

#[test]
fn the_voice_vlan_stays_one_when_its_entry_is_taken() {
    let page = pages::vlan(&[("1", "Default", "2"), ("9", "phones", "1")], &["1*, 9, "]);
    let page =
        page.replace("id='voVid' type='hidden' value='0'", "id='voVid' type='hidden' value='9'");
    let vlans = read_vlans(page.replace(">6<", ">5<").as_bytes()).unwrap().vlans.unwrap();
    let phones = vlans.entry(VlanId::try_from(9).unwrap()).unwrap();
    assert!(phones.voice && phones.voice_class.number() == 5);
    assert!(!vlans.entry(VlanId::default()).unwrap().voice);
}

#[test]
fn a_mode_without_vlans_says_so() {
    for (mode, code) in VlanMode::ALL.into_iter().zip(["0", "1", "2", "3"]) {
        let read = read_vlans(pages::no_vlans(code).as_bytes()).unwrap();
        assert_eq!((read.mode, read.vlans), (mode, None));
    }
    assert!(read_vlans(pages::no_vlans("4").as_bytes()).is_err());
}

#[test]
fn an_address_is_read_with_where_it_comes_from() {
    let read = |dhcp| read_address(pages::address(dhcp, "192.0.2.10").as_bytes()).unwrap();
    assert_eq!(read("true").address.to_string(), "192.0.2.10");
    assert!(read("true").dhcp && !read("false").dhcp);
    assert_eq!(read("true").gateway.to_string(), "192.0.2.1");
}

#[test]
fn a_rate_says_how_much_may_pass() {
    let limits: Vec<_> = Rate::ALL.iter().map(|it| it.limit().map(|it| it.to_string())).collect();
    assert_eq!(limits.first(), Some(&None));
    assert_eq!(limits[1..4], ["512kbps", "1Mbps", "2Mbps"].map(|it| Some(it.into())));
    assert_eq!(limits.last(), Some(&Some("512Mbps".into())));
}

#[test]
fn a_limit_is_a_tenth_of_a_watt_exactly() {
    for (power, written) in [(3_000, "3.0"), (15_400, "15.4"), (30_000, "30.0")] {
        let limit = PowerLimit::try_from(Milliwatts(power)).unwrap();
        assert_eq!((limit.to_string().as_str(), limit.power()), (written, Milliwatts(power)));
    }
    for power in [0, 2_900, 15_450, 30_100, u64::MAX] {
        let why = PowerLimit::try_from(Milliwatts(power)).unwrap_err();
        assert!(why.contains("3W to 30W, in steps of 0.1W"), "{why}");
    }
}
