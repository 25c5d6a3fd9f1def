//! Forms read back as what was to be sent.

use crate::wire::pages::{self, FED, UP};
use proptest::prelude::*;
use rackberry_core::{Milliwatts, PortNo, Power, Tagging, VlanId};
use rackberry_gs305ep::Model;
use rackberry_gs305ep::wire::{
    Form, FormHash, PortSetting, PowerLimit, Rate, Speed, Unwritable, VlanEntry, VlanMode,
    VoiceClass, read_dashboard, read_poe_config,
};

fn hash() -> FormHash {
    FormHash::new(pages::HASH).unwrap()
}

/// Reads a form as a server does.
fn fields(form: &Form) -> Vec<(String, String)> {
    let pairs = form.body().split('&').filter(|it| !it.is_empty());
    pairs
        .map(|it| it.split_once('=').unwrap())
        .map(|(key, value)| (decode(key), decode(value)))
        .collect()
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'+' => bytes.push(b' '),
            b'%' => {
                let (digits, after) = rest.split_at(2);
                bytes.push(u8::from_str_radix(std::str::from_utf8(digits).unwrap(), 16).unwrap());
                rest = after;
            }
            byte => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[track_caller]
fn sends(form: &Form, path: &str, expected: &[(&str, &str)]) {
    let fields = fields(form);
    let fields: Vec<_> = fields.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    let signed: Vec<_> = expected.iter().copied().chain([("hash", pages::HASH)]).collect();
    assert_eq!((form.path(), fields), (path, signed));
}

#[test]
fn a_poe_form_sends_every_field_that_the_page_has() {
    let longer: Vec<_> = FED.into_iter().chain([("longerDetect", "2")]).collect();
    let read = read_poe_config(pages::poe_config(&[&FED, &longer]).as_bytes()).unwrap();
    let mut setting = read.ports[&PortNo(2)];
    setting.power = Power::Off;
    let mut expected = vec![
        ("ACTION", "Apply"),
        ("portID", "1"),
        ("ADMIN_MODE", "0"),
        ("PORT_PRIO", "2"),
        ("POW_MOD", "3"),
        ("POW_LIMT_TYP", "2"),
        ("POW_LIMT", "15.4"),
        ("DETEC_TYP", "2"),
        ("DISCONNECT_TYP", "2"),
    ];
    sends(&Form::poe(PortNo(2), &setting, &read.hash), "/PoEPortConfig.cgi", &expected);
    // A page without the block of the longer detection gets no such field.
    let mut setting = read.ports[&PortNo(1)];
    setting.limit = PowerLimit::try_from(Milliwatts(7_000)).unwrap();
    expected.truncate(8);
    (expected[1].1, expected[2].1, expected[6].1) = ("0", "1", "7.0");
    sends(&Form::poe(PortNo(1), &setting, &read.hash), "/PoEPortConfig.cgi", &expected);
}

#[test]
fn a_reset_names_its_ports_from_zero() {
    let form = Form::poe_reset(&[PortNo(4), PortNo(1)].into(), &hash());
    let expected = [("ACTION", "Reset"), ("port0", "checked"), ("port3", "checked")];
    sends(&form, "/PoEPortConfig.cgi", &expected);
}

#[test]
fn a_port_form_sends_what_the_dashboard_said_and_the_change() {
    let read = read_dashboard(pages::dashboard(&[UP, UP]).as_bytes()).unwrap();
    let mut setting = read.ports[&PortNo(2)].setting.clone();
    setting.speed = Speed::Off;
    let expected = [
        ("port2", "checked"),
        ("DESCRIPTION", "pi 2"),
        ("SPEED", "2"),
        ("FLOW_CONTROL", "2"),
        ("IngressRate", "1"),
        ("EgressRate", "12"),
        ("priority", "0"),
    ];
    sends(&Form::port(PortNo(2), &setting, &read.hash).unwrap(), "/port_status.cgi", &expected);
}

fn entry(name: &str) -> VlanEntry {
    VlanEntry {
        id: VlanId::try_from(30).unwrap(),
        name: name.into(),
        members: [(PortNo(1), Tagging::Tagged), (PortNo(5), Tagging::Untagged)].into(),
        voice: true,
        voice_class: VoiceClass::try_from(5).unwrap(),
    }
}

#[test]
fn a_vlan_is_sent_with_a_digit_for_every_port() {
    let expected = |action, digits| {
        [
            ("ACTION", action),
            ("VLAN_ID", "30"),
            ("vlanNum", "1"),
            ("VLAN_NAME", "lab & Käse"),
            ("hiddenMem", digits),
            ("voiceVLANID", "1"),
            ("voiceVlanCos", "5"),
        ]
    };
    let entry = entry("lab & Käse");
    let add = Form::vlan_add(&entry, Model::Gs305ep, &hash()).unwrap();
    sends(&add, "/8021qAdvanced.cgi", &expected("Add", "13332"));
    let set = Form::vlan_set(&entry, Model::Gs308epp, &hash()).unwrap();
    sends(&set, "/8021qAdvanced.cgi", &expected("Apply", "13332333"));
}

#[test]
fn the_short_forms_send_what_clients_of_the_switch_send() {
    let vlan = VlanId::try_from(30).unwrap();
    let delete = Form::vlan_delete(vlan, &hash());
    sends(&delete, "/8021qAdvanced.cgi", &[("ACTION", "Delete"), ("VLAN_ID", "30")]);
    sends(&Form::pvid(PortNo(5), vlan, &hash()), "/portPVID.cgi", &[("PORT", "5"), ("PVID", "30")]);
    let mode = Form::vlan_mode(VlanMode::Advanced, &hash());
    sends(&mode, "/vlanMod.cgi", &[("VLAN_MOD", "4")]);
    sends(&Form::lights(Power::On, &hash()), "/port_led.cgi", &[("portled", "0")]);
    sends(&Form::lights(Power::Off, &hash()), "/port_led.cgi", &[("portled", "2")]);
    sends(&Form::reboot(&hash()), "/device_reboot.cgi", &[]);
    assert_eq!((Form::logout().path(), Form::logout().body()), ("/logout.cgi", ""));
}

#[test]
fn what_the_switch_cannot_keep_is_not_written() {
    let add =
        |entry: &VlanEntry| Form::vlan_add(entry, Model::Gs305ep, &hash()).unwrap_err().to_string();
    assert_eq!(add(&entry("")), "VLAN 30 needs a name");
    let long = "\"fifteen letters\" is longer than 14 characters, the most that the switch keeps";
    assert_eq!(add(&entry("fifteen letters")), long);
    let other = VlanEntry { members: [(PortNo(6), Tagging::Tagged)].into(), ..entry("a") };
    assert_eq!(add(&other), "the switch has no port 6");
    for name in ["a\nb", "a\u{fffd}"] {
        assert!(add(&entry(name)).contains("has a character that cannot be written"));
    }
}

#[test]
fn a_name_that_could_not_be_read_is_not_written_over() {
    let page = pages::dashboard(&[UP]).replace("pi 1", "pi ?").into_bytes();
    let page: Vec<u8> = page.into_iter().map(|it| if it == b'?' { 0xe4 } else { it }).collect();
    let read = read_dashboard(&page).unwrap();
    let setting = &read.ports[&PortNo(1)].setting;
    assert_eq!(setting.name, "pi \u{fffd}");
    let refused = Form::port(PortNo(1), setting, &read.hash);
    assert!(matches!(refused, Err(Unwritable::NoText { .. })));
}

#[test]
fn a_form_does_not_show_its_hash() {
    let form = Form::pvid(PortNo(5), VlanId::default(), &hash());
    assert_eq!(format!("{form:?}"), r#"Form(/portPVID.cgi ["PORT", "PVID", "hash"])"#);
}

fn any_port() -> impl Strategy<Value = PortSetting> {
    let rate = || prop::sample::select(Rate::ALL);
    let speed = prop::sample::select(Speed::ALL);
    let name = "[^\\p{Cc}\u{fffd}]{0,8}";
    (name, speed, any::<bool>(), rate(), rate()).prop_map(
        |(name, speed, flow_control, ingress, egress)| PortSetting {
            name,
            speed,
            flow_control,
            ingress,
            egress,
        },
    )
}

proptest! {
    #[test]
    fn any_name_arrives_as_it_was_given(setting in any_port()) {
        let form = Form::port(PortNo(3), &setting, &hash()).unwrap();
        prop_assert!(form.body().bytes().all(|it| it.is_ascii_graphic()));
        let sent = fields(&form);
        let sent = |key: &str| sent.iter().find(|it| it.0 == key).map(|it| it.1.clone()).unwrap();
        prop_assert_eq!(sent("DESCRIPTION"), setting.name);
        prop_assert_eq!(Speed::coded(sent("SPEED").parse().unwrap()), Some(setting.speed));
        prop_assert_eq!(Rate::coded(sent("IngressRate").parse().unwrap()), Some(setting.ingress));
        prop_assert_eq!(Rate::coded(sent("EgressRate").parse().unwrap()), Some(setting.egress));
        prop_assert_eq!(sent("FLOW_CONTROL") == "1", setting.flow_control);
    }

    #[test]
    fn any_membership_reads_back_from_a_page_that_shows_its_digits(
        digits in prop::collection::vec(0..3_u8, 5),
        name in "[a-zA-Z0-9 _-]{0,12}[a-z]",
    ) {
        let tagging = [Some(Tagging::Tagged), Some(Tagging::Untagged), None];
        let members = (1..).map(PortNo).zip(&digits);
        let members = members.filter_map(|(port, it)| Some((port, tagging[usize::from(*it)]?)));
        let entry = VlanEntry { members: members.collect(), ..entry(name.trim()) };
        let form = Form::vlan_set(&entry, Model::Gs305ep, &hash()).unwrap();
        let sent = fields(&form);
        let sent = |key: &str| sent.iter().find(|it| it.0 == key).map(|it| it.1.as_str()).unwrap();
        let page = pages::vlan(&[("30", sent("VLAN_NAME"), sent("hiddenMem"))], &["30*, "; 5]);
        let vlans = rackberry_gs305ep::wire::read_vlans(page.as_bytes()).unwrap().vlans.unwrap();
        prop_assert_eq!(vlans.entry(entry.id).unwrap().members, entry.members);
        prop_assert_eq!(vlans.entry(entry.id).unwrap().name, entry.name);
    }
}
