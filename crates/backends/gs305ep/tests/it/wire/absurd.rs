//! What cannot be is refused, with the page, the port and what stood there.

use crate::wire::pages::{self, FED, FEEDING, UP};
use rackberry_gs305ep::wire::{
    Unreadable, read_address, read_dashboard, read_poe_config, read_poe_status, read_statistics,
    read_vlans,
};

fn why<T>(read: Result<T, Unreadable>) -> String {
    read.err().map(|it| it.to_string()).unwrap_or_else(|| "it was read".into())
}

#[track_caller]
fn dashboard(from: &str, to: &str, expected: &str) {
    let page = pages::dashboard(&[UP, UP]);
    assert!(page.contains(from), "{from}");
    assert_eq!(why(read_dashboard(page.replace(from, to).as_bytes())), expected);
}

#[test]
fn ports_that_no_switch_has_are_refused() {
    for number in ["0", "70000", "65", "-1", "1e3", "", "+1", "99999999999999999999999"] {
        let to = format!("class='port' value='{number}'");
        let expected = format!("`{number}` on /dashboard.cgi is not the number of a port");
        dashboard("class='port' value='2'", &to, &expected);
    }
    dashboard(
        "value='2'></div>",
        "value='1'></div>",
        "/dashboard.cgi says the number of a port twice",
    );
}

#[test]
fn a_dashboard_that_says_what_cannot_be_is_refused() {
    let of = "of port 1";
    dashboard(
        "Speed' value='1'",
        "Speed' value='7'",
        &format!("`7` on /dashboard.cgi is not the speed {of}"),
    );
    dashboard(
        "1000M full",
        "1000M",
        &format!("`1000M` on /dashboard.cgi is not the speed of the link {of}"),
    );
    dashboard(
        "1000M",
        "9999999999999999M",
        "`9999999999999999M full` on /dashboard.cgi is not the speed of the link of port 1",
    );
    dashboard("UP", "MAYBE", &format!("`MAYBE` on /dashboard.cgi is not the state {of}"));
    dashboard(
        "egressRate' value='12'",
        "egressRate' value='13'",
        &format!("`13` on /dashboard.cgi is not the limit of what goes out {of}"),
    );
    dashboard(
        "class='flowCtr'",
        "class='other'",
        &format!("/dashboard.cgi does not say the flow control {of}"),
    );
    dashboard("class='list_item index_li'", "", "/dashboard.cgi does not say the ports");
    dashboard("id='hash'", "id='none'", "/dashboard.cgi does not say the hash of its form");
    dashboard(pages::HASH, "a b", "`` on /dashboard.cgi is not the hash of its form");
    dashboard("<ul>", "<ul><input id='hash' value='1'>", "/dashboard.cgi says the hash twice");
    dashboard(">ON<", ">DIM<", "`DIM` on /dashboard.cgi is not the state of the lights");
}

#[test]
fn a_long_name_is_refused_and_quoted_in_part() {
    let name = "x".repeat(1000);
    let page = pages::dashboard(&[UP]).replace("pi 1", &name);
    let why = why(read_dashboard(page.as_bytes()));
    assert!(
        why.len() < 200 && why.ends_with("…` on /dashboard.cgi is not the name of port 1"),
        "{why}"
    );
}

#[test]
fn counters_that_do_not_fit_are_refused() {
    for half in ["4294967296", "-1", "0x10", "", "1.5"] {
        let page = pages::statistics(&[["0", half, "0", "0", "0", "0"]]);
        let expected = format!("`{half}` on /portStatistics.cgi is not the counter of port 1");
        assert_eq!(why(read_statistics(page.as_bytes())), expected);
    }
    let five = pages::statistics(&[["0"; 6]]).replacen("<input type='hidden' value='0'>", "", 1);
    assert_eq!(
        why(read_statistics(five.as_bytes())),
        "/portStatistics.cgi does not say the six counters of port 1"
    );
    let seven = pages::statistics(&[["0"; 6]]).replace("</ul>", "<input value='1'></ul>");
    assert!(why(read_statistics(seven.as_bytes())).contains("six counters"));
    let none = pages::statistics(&[]);
    assert_eq!(
        why(read_statistics(none.as_bytes())),
        "/portStatistics.cgi does not say the counters"
    );
}

#[test]
fn poe_fields_that_cannot_be_are_refused() {
    let field = |class, value| {
        let fields: Vec<_> =
            FED.iter().map(|it| if it.0 == class { (class, value) } else { *it }).collect();
        why(read_poe_config(pages::poe_config(&[&fields]).as_bytes()))
    };
    for (class, value, what) in [
        ("hidPortPwr", "2", "state of the power"),
        ("portPrio", "1", "priority"),
        ("pwrMode", "4", "mode"),
        ("pwrLimitType", "3", "type of limit"),
        ("pwrLimit", "1e300", "limit"),
        ("pwrLimit", "100.0", "limit"),
        ("pwrLimit", "NaN", "limit"),
        ("pwrLimit", "15.45", "limit"),
        ("pwrLimit", "-3.0", "limit"),
        ("detecType", "256", "detection"),
    ] {
        let expected = format!("`{value}` on /PoEPortConfig.cgi is not the {what} of port 1");
        assert_eq!(field(class, value), expected);
    }
    let missing = why(read_poe_config(pages::poe_config(&[&FED[..5]]).as_bytes()));
    assert_eq!(missing, "/PoEPortConfig.cgi does not say the detection of port 1");
}

#[test]
fn readings_that_cannot_be_are_refused() {
    for (at, value, what) in [
        (1, "ml003@9@", "class"),
        (1, "ml003@@", "class"),
        (2, "100", "voltage"),
        (2, "53.6", "voltage"),
        (3, "10000", "current"),
        (4, "1e300", "power"),
        (4, "100.1", "power"),
        (4, "inf", "power"),
        (5, "201", "temperature"),
        (5, "--5", "temperature"),
    ] {
        let mut reading = FEEDING;
        reading[at] = value;
        let page = pages::poe_status(&[reading]);
        let expected = format!("`{value}` on /getPoePortStatus.cgi is not the {what} of port 1");
        assert_eq!(why(read_poe_status(page.as_bytes())), expected);
    }
    let page = pages::poe_status(&[FEEDING]).replace("ml574", "ml999");
    let expected = "/getPoePortStatus.cgi does not say the power of port 1";
    assert_eq!(why(read_poe_status(page.as_bytes())), expected);
}

#[track_caller]
fn vlans(vlans: &[(&str, &str, &str)], ports: &[&str], expected: &str) {
    assert_eq!(why(read_vlans(pages::vlan(vlans, ports).as_bytes())), expected);
}

#[test]
fn vlans_that_cannot_be_are_refused() {
    let ports = ["1*, ", "1*, "];
    for id in ["0", "4095", "65537", "x"] {
        let expected = format!("`{id}` on /vlan.cgi is not the number of a VLAN");
        vlans(&[(id, "a", "22")], &ports, &expected);
    }
    for digits in ["2", "222", "24", "20", "", "é"] {
        let expected = format!("`{digits}` on /vlan.cgi is not the members of a VLAN");
        vlans(&[("1", "a", digits)], &ports, &expected);
    }
    let one = [("1", "a", "22")];
    vlans(&[one[0], one[0]], &ports, "/vlan.cgi says the number of a VLAN twice");
    vlans(&one, &["1*, ", "1, "], "`1,` on /vlan.cgi is not the PVID of port 2");
    vlans(&one, &["1*, 2*, ", "1*, "], "`1*, 2*,` on /vlan.cgi is not the PVID of port 1");
    vlans(&one, &[], "/vlan.cgi does not say the PVIDs");
}

#[test]
fn ten_thousand_vlans_are_refused_in_a_moment() {
    let many: Vec<String> = (1..=10_000).map(|it| it.to_string()).collect();
    let many: Vec<_> = many.iter().map(|it| (it.as_str(), "a", "2")).collect();
    let page = pages::vlan(&many, &["1*, "]);
    let why = why(read_vlans(page.as_bytes()));
    assert!(why.contains("larger") || why.contains("is not the number of a VLAN"), "{why}");
}

#[test]
fn a_page_that_counts_other_vlans_than_it_shows_is_refused() {
    let page = pages::vlan(&[("1", "a", "2")], &["1*, "])
        .replace("id='vlanNum' value='1'", "id='vlanNum' value='2'");
    assert_eq!(why(read_vlans(page.as_bytes())), "`2` on /vlan.cgi is not the number of VLANs");
    let page = pages::no_vlans("5");
    assert_eq!(why(read_vlans(page.as_bytes())), "`5` on /vlan.cgi is not the VLAN mode");
}

#[test]
fn an_address_that_is_none_is_refused() {
    for address in ["999.0.0.1", "", "fe80::1", "10.0.0.1/24"] {
        let expected = format!("`{address}` on /ip_dhcp.cgi is not the address");
        assert_eq!(why(read_address(pages::address("true", address).as_bytes())), expected);
    }
    assert!(why(read_address(pages::address("on", "10.0.0.1").as_bytes())).contains("DHCP mode"));
}

#[test]
fn ten_megabytes_are_refused_unread() {
    let page = vec![b'<'; 10 << 20];
    assert_eq!(why(read_vlans(&page)), "/vlan.cgi is larger than such a page can be");
    let deep = "<div><li>".repeat(100_000);
    assert!(why(read_dashboard(deep.as_bytes())).contains("expected /dashboard.cgi"));
    let lists = "<li class='index_li'><input class='port' value='1'>".repeat(20_000);
    let page =
        format!("<div id='switch_name'>a</div><input id='prctName' value='a'>{lists}</html>");
    assert!(why(read_dashboard(page.as_bytes())).contains("of port 1"));
}

#[test]
fn a_page_of_start_tags_alone_is_answered_in_a_moment() {
    let begin = std::time::Instant::now();
    let head = "<div id='switch_name'>a</div><input id='prctName' value='a'>";
    for tag in
        ["<div class='hid_info_title'>", "<li class='index_li'>", "<span class='pull-right'>"]
    {
        let page = format!("{head}{}</html>", tag.repeat(1_000_000 / tag.len()));
        assert!(read_dashboard(page.as_bytes()).is_err());
    }
    let item = "<li class='poePortStatusListItem'><input class='port' value='1'>";
    let page = item.to_owned() + &"<div class='hid_info_title'>".repeat(36_000) + "</script>";
    assert!(why(read_poe_status(page.as_bytes())).contains("of port 1"));
    assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
}
