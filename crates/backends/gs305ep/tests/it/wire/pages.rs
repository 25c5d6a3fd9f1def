//! Pages in our own words, with the ids, classes and labels that the protocol needs.

/// What forms send back on all of these pages.
pub(crate) const HASH: &str = "00112233445566778899aabbccddeeff";

fn hash() -> String {
    format!("<input type='hidden' id='hash' value='{HASH}'>")
}

pub(crate) fn login(fields: &str, message: &str) -> String {
    format!(
        "<html><head><title>NETGEAR GS305EP</title></head><body>
        <form name='login' method='post' action='/login.cgi'>
        <input type='hidden' name='password' id='submitPwd' value=''>
        <span class='p-name'>GS305EP</span><input type='password' id='password' maxlength='20'>
        <div class='pwdErrStyle'>{message}</div>{fields}</form></body></html>\n"
    )
}

pub(crate) fn nonce(number: &str) -> String {
    format!("<input type=hidden id='rand' value='{number}' disabled>")
}

pub(crate) fn redirect() -> String {
    "<html><head><title>Redirect to Login</title></head><body></body></html>".into()
}

/// A port of the dashboard: its state, its speed setting, and how fast it is.
pub(crate) struct Port {
    pub(crate) state: &'static str,
    pub(crate) speed: &'static str,
    pub(crate) linked: &'static str,
}

pub(crate) const UP: Port = Port { state: "UP", speed: "1", linked: "1000M full" };
pub(crate) const DOWN: Port = Port { state: "AVAILABLE", speed: "1", linked: "No Speed" };
pub(crate) const OFF: Port = Port { state: "DISABLED", speed: "2", linked: "No Speed" };

pub(crate) fn dashboard(ports: &[Port]) -> String {
    let line = |label, value: &str| {
        format!("<div class='hid_info_title'><span>{label}</span></div><div>{value}</div>")
    };
    let mut page = format!(
        "<!DOCTYPE html>\n<html><body><div id='switch_name'>desk &amp; shelf</div>
        <input type='hidden' id='prctName' value='GS305EP'><span id='led_switch'>ON</span>
        {}{}{}{}<ul>",
        line("ml089", "<span>V1.0.1.4</span>"),
        line("ml198", "<span>5LX0000000001</span>"),
        line("ml678", "<span>02:00:00:00:00:0A</span>"),
        hash()
    );
    for (number, port) in (1..).zip(ports) {
        let Port { state, speed, linked } = port;
        page += &format!(
            "<li class='list_item index_li'><div name='isShowPot{number}'>
            <i class='pull-right'><span class='icon-expand'></span></i>
            <span class='pull-right'><span>{state}</span></span>
            <input type='hidden' class='port' value='{number}'></div>
            <input type='hidden' class='portName' value='pi {number}'>
            <input type='hidden' class='Speed' value='{speed}'>
            <input type='hidden' class='LinkedSpeed' value='{linked}'>
            <input type='hidden' class='ingressRate' value='1'>
            <input type='hidden' class='egressRate' value='12'>
            <input type='hidden' class='flowCtr' value='2'></li>"
        );
    }
    page + "</ul></body></html>\n"
}

pub(crate) fn statistics(ports: &[[&str; 6]]) -> String {
    let mut page = "<html><body><div id='settingsStatusContainer'>
        <ul class='statistic-ul'><li><span>ml578</span><span>ml711</span></li>"
        .to_owned();
    for (number, halves) in (1..).zip(ports) {
        page += &format!("<li><span>{number}</span><span></span></li>");
        for half in halves {
            page += &format!("<input type='hidden' value='{half}'>");
        }
    }
    page + "</ul></div>" + &hash() + "</body></html>"
}

/// The hidden fields of a port on the page of the PoE settings, by class.
pub(crate) const FED: [(&str, &str); 6] = [
    ("hidPortPwr", "1"),
    ("portPrio", "2"),
    ("pwrMode", "3"),
    ("pwrLimitType", "2"),
    ("pwrLimit", "15.4"),
    ("detecType", "2"),
];

pub(crate) fn poe_config(ports: &[&[(&str, &str)]]) -> String {
    let mut page = "<div><input id='uninterruptedPoeStatus' type='checkbox'>
        <ul class='list_css'>"
        .to_owned();
    for (number, fields) in (1..).zip(ports) {
        page += &format!(
            "<li class='poe_port_list_item poePortSettingListItem'>
            <input type='hidden' class='port' value='{number}'>"
        );
        for (class, value) in *fields {
            page += &format!("<input type='hidden' class='{class}' value='{value}'>");
        }
        page += "</li>";
    }
    page + "</ul></div>" + &hash() + "<script>ready();</script>"
}

/// What stands at a port on the page of the PoE readings: state, class, volts, milliamperes, watts, degrees, fault.
pub(crate) const FEEDING: [&str; 7] =
    ["Delivering Power", "ml003@4@", "53", "82", "4.4", "30", "No Error"];

pub(crate) fn poe_status(ports: &[[&str; 7]]) -> String {
    let mut page = "<div id='poe_port_status_details'><ul class='list_css'>".to_owned();
    for (number, [state, class, values @ ..]) in (1..).zip(ports) {
        page += &format!(
            "<li class='poe_port_list_item poePortStatusListItem'>
            <span class='pull-right poe-power-mode'><span>{state}</span></span>
            <span><span class='powClassShow'>{class}</span></span>
            <span class='poe_index_li_title'><input class='port' type='hidden' value='{number}'>
            <span>{number} - a - b&nbsp;</span></span>"
        );
        for (label, value) in ["ml570", "ml572", "ml574", "ml575", "ml581"].iter().zip(values) {
            page += &format!(
                "<div class='hid_info_title'><span>{label}</span></div><div><span>{value}</span></div>"
            );
        }
        page += "</li>";
    }
    page + "</ul></div><script>ready();</script>"
}

/// The VLANs, each with its number, its name and its digits; and the VLANs of each port.
pub(crate) fn vlan(vlans: &[(&str, &str, &str)], ports: &[&str]) -> String {
    let mut page = "<div class='vlan-right-view'><section vlan-page='adv8021Q'>
        <ul class='tab-init'>"
        .to_owned();
    for (id, name, digits) in vlans {
        page += &format!(
            "<li><div><span vid-4><i></i>{id}</span><span vnm-4>{name}</span></div>
            <input hidden-mem type='hidden' value='{digits}'></li>"
        );
    }
    page += &format!(
        "</ul><input id='voVid' type='hidden' value='0'><span id='cos'>6</span>
        <input type='hidden' id='vlanNum' value='{}'><ul class='tab-init pvid-tab'>",
        vlans.len()
    );
    for (number, shown) in (1..).zip(ports) {
        page +=
            &format!("<li><span class='pot-num'>{number}</span><span pvid-str>{shown}</span></li>");
    }
    page + "</ul></section></div>" + &hash() + &mode("4") + "<script>ready();</script>"
}

fn mode(code: &str) -> String {
    format!("<input type='hidden' id='vlanMod' value='{code}'>")
}

/// The page of the VLANs in a mode that shows none.
pub(crate) fn no_vlans(code: &str) -> String {
    format!("<div></div>{}{}<script>ready();</script>", hash(), mode(code))
}

pub(crate) fn address(dhcp: &str, address: &str) -> String {
    format!(
        "<div><input id='dhcpModFlag' type='hidden' value='{dhcp}'>
        <input id='ipStr' type='hidden' value='{address}'>
        <input id='netMaskStr' type='hidden' value='255.255.255.0'>
        <input id='gatewayStr' type='hidden' value='192.0.2.1'></div></body></html>"
    )
}

/// One of each, as a GS305EP has them, by the name of the fuzz target that reads it.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    let vlans = [("1", "Default", "22222"), ("30", "cluster", "12233")];
    let pvids = ["1*, 30, ", "1, 30*, ", "1, 30*, ", "1*, ", "1*, "];
    let longer: Vec<_> = FED.into_iter().chain([("longerDetect", "2")]).collect();
    let idle = ["Searching", "Unknown", "0", "0", "0.0", "30", "No Error"];
    let counters = ["125", "3349161166", "58", "35078204", "0", "7"];
    vec![
        ("login", login(&nonce("1761741982"), "")),
        ("dashboard", dashboard(&[UP, UP, DOWN, OFF, UP])),
        ("statistics", statistics(&[counters; 5])),
        ("poe_config", poe_config(&[&FED, &longer, &FED, &longer])),
        ("poe_status", poe_status(&[FEEDING, idle, FEEDING, idle])),
        ("vlan", vlan(&vlans, &pvids)),
        ("address", address("true", "192.0.2.10")),
    ]
}
