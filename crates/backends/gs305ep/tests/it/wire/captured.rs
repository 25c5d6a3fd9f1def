//! The pages that real switches have sent, where they are at hand: they belong to others.

use rackberry_core::{PoePriority, PortNo, Power, Tagging, VlanId};
use rackberry_gs305ep::wire::{
    Detection, Door, LimitType, LongerDetection, Mac, PoeMode, PoePhase, Speed, Unreadable,
    VlanMode, read_address, read_dashboard, read_door, read_poe_config, read_poe_status,
    read_statistics, read_vlans,
};
use std::path::PathBuf;

pub(crate) const FOLDERS: [&str; 4] = [
    "foxey+py-netgear-plus/pages/GS308EP/0",
    "foxey+py-netgear-plus/pages/GS308EP/1",
    "nitram509+ntgrrc/test-data/GS305EP",
    "nitram509+ntgrrc@96dcfbde41/test-data/GS308EP",
];

/// The folder of captured pages; none, said in one line, where there is none.
pub(crate) fn data() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/data");
    let data = std::env::var_os("RACKBERRY_DATA").unwrap_or(beside.into());
    let folder = PathBuf::from(data).join("gs305ep");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no captured pages of a GS305EP in {}", folder.display());
    None
}

/// One captured page.
pub(crate) fn page(name: &str) -> Option<Vec<u8>> {
    Some(std::fs::read(data()?.join(name)).unwrap())
}

#[test]
fn every_captured_page_of_the_family_is_read() {
    let Some(data) = data() else { return };
    let mut read = 0;
    for entry in FOLDERS.iter().flat_map(|it| std::fs::read_dir(data.join(it)).unwrap()) {
        let path = entry.unwrap().path();
        let body = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().trim_end_matches(".html").to_owned();
        let error = match name.as_str() {
            "login.cgi" | "index.htm" => read_door(&body).err(),
            "dashboard.cgi" => read_dashboard(&body).err(),
            "portStatistics.cgi" => read_statistics(&body).err(),
            "PoEPortConfig.cgi" => read_poe_config(&body).err(),
            "getPoePortStatus.cgi" => read_poe_status(&body).err(),
            "vlan.cgi" => read_vlans(&body).err(),
            "ip_dhcp.cgi" => read_address(&body).err(),
            "switch_infos.json" => continue,
            other => panic!("{other} is read by nothing"),
        };
        assert_eq!(error, None, "{}", path.display());
        read += 1;
    }
    assert_eq!(read, 22);
}

#[test]
fn a_captured_dashboard_says_what_the_switch_is() {
    let Some(body) = page("foxey+py-netgear-plus/pages/GS308EP/0/dashboard.cgi") else { return };
    let read = read_dashboard(&body).unwrap();
    assert_eq!((read.name.as_str(), read.model.as_str()), ("GS308EP", "GS308EP"));
    assert_eq!(read.mac, Some(Mac([1, 2, 3, 4, 5, 6])));
    assert_eq!(read.lights, Some(Power::On));
    let names: Vec<_> = read.ports.values().map(|it| it.setting.name.as_str()).collect();
    assert_eq!(names[..2], ["wax610b", "wax610a"]);
    assert_eq!(names[4..], ["", "", "", "upstream"]);
    assert!(
        read.ports.values().all(|it| it.setting.speed == Speed::Auto && !it.setting.flow_control)
    );
}

#[test]
fn a_real_gs305ep_says_how_its_ports_are_fed() {
    let Some(body) = page("nitram509+ntgrrc/test-data/GS305EP/PoEPortConfig.cgi.html") else {
        return;
    };
    let read = read_poe_config(&body).unwrap();
    let powers: Vec<_> = read.ports.iter().map(|(port, it)| (port.0, it.power)).collect();
    assert_eq!(powers, [(1, Power::Off), (2, Power::On), (3, Power::On), (4, Power::On)]);
    assert_eq!(read.uninterrupted, Some(false));
    for setting in read.ports.values() {
        assert_eq!(setting.mode, PoeMode::At);
        assert_eq!(setting.limit.to_string(), "30.0");
        assert_eq!((setting.limit_type, setting.detection), (LimitType::User, Detection::Ieee));
        assert_eq!(setting.longer_detection, None);
        assert_eq!(setting.priority, PoePriority::Low);
    }
}

#[test]
fn the_damage_of_a_form_with_missing_fields_is_read_as_it_is() {
    let Some(body) = page("foxey+py-netgear-plus/pages/GS308EP/0/PoEPortConfig.cgi") else {
        return;
    };
    let read = read_poe_config(&body).unwrap();
    let damaged = read.ports[&PortNo(7)];
    assert_eq!((damaged.mode, damaged.limit_type), (PoeMode::Af, LimitType::Mode));
    assert_eq!((damaged.limit.to_string(), damaged.detection), ("16.2".into(), Detection::Unset));
    assert_eq!(damaged.longer_detection, Some(LongerDetection::Unset));
    assert_eq!(read.ports[&PortNo(1)].longer_detection, Some(LongerDetection::Off));
    assert_eq!(read.uninterrupted, Some(true));
}

#[test]
fn a_real_gs305ep_says_what_flows() {
    let Some(body) = page("nitram509+ntgrrc/test-data/GS305EP/getPoePortStatus.cgi.html") else {
        return;
    };
    let read = read_poe_status(&body).unwrap();
    let first = &read.ports[&PortNo(1)];
    assert_eq!((first.phase.clone(), first.class), (PoePhase::Delivering, Some(0)));
    assert_eq!((first.voltage.0, first.current.0, first.power.0), (53, 82, 4400));
    assert_eq!((first.temperature.0, first.fault.clone()), (30, None));
    let names: Vec<_> = read.ports.values().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["a network device", "link to - sw128", "", ""]);
    let others = read.ports.values().skip(1);
    assert!(others.clone().count() == 3);
    for it in others {
        assert_eq!((it.phase.clone(), it.class, it.power.0), (PoePhase::Searching, None, 0));
    }
}

#[test]
fn a_captured_page_of_vlans_gives_members_and_pvids() {
    let Some(body) = page("foxey+py-netgear-plus/pages/GS308EP/0/vlan.cgi") else { return };
    let read = read_vlans(&body).unwrap();
    let vlans = read.vlans.unwrap();
    let internal = VlanId::try_from(100).unwrap();
    assert_eq!((read.mode, vlans.voice), (VlanMode::Advanced, None));
    assert_eq!(vlans.names[&VlanId::default()], "Default");
    assert_eq!(vlans.names[&internal], "Internal");
    for port in (1..=8).map(PortNo) {
        let inside = match port.0 {
            1 => None,
            2 => Some(Tagging::Tagged),
            _ => Some(Tagging::Untagged),
        };
        assert_eq!(vlans.table.member(port, VlanId::default()), Some(Tagging::Untagged));
        assert_eq!(vlans.table.member(port, internal), inside);
        assert_eq!(vlans.table.pvids[&port], VlanId::default());
    }
    assert_eq!((vlans.table.vlans.len(), vlans.table.pvids.len()), (2, 8));
}

#[test]
fn a_captured_address_and_login_are_read() {
    let Some(body) = page("foxey+py-netgear-plus/pages/GS308EP/0/ip_dhcp.cgi") else { return };
    let read = read_address(&body).unwrap();
    assert!(read.dhcp && read.address.to_string() == "10.156.22.73");
    let body = page("nitram509+ntgrrc/test-data/GS305EP/login.cgi.html").unwrap();
    let Ok(Door::Login(login)) = read_door(&body) else { panic!("no login page") };
    assert_eq!((login.model.as_str(), login.message), ("GS305EP", None));
}

#[test]
fn the_captured_page_of_a_session_that_has_ended_is_known_on_every_page() {
    let Some(body) = page("foxey+py-netgear-plus/pages/GS308EP/unauthenticated.html") else {
        return;
    };
    let ended = |it: Option<Unreadable>| matches!(it, Some(Unreadable::LoggedOut { .. }));
    assert_eq!(read_door(&body), Ok(Door::Redirect));
    assert!(ended(read_dashboard(&body).err()) && ended(read_statistics(&body).err()));
    assert!(ended(read_poe_config(&body).err()) && ended(read_poe_status(&body).err()));
    assert!(ended(read_vlans(&body).err()) && ended(read_address(&body).err()));
}
