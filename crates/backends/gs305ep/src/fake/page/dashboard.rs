//! `dashboard.cgi`: the switch, and its ports.

use super::{View, escape, labelled, select, text_of, whole};
use crate::fake::memory::Port;
use crate::fake::port::DISABLED;
use rackberry_core::{BitsPerSecond, PortNo};

const SPEEDS: [(u64, &str); 6] = [
    (1, "Auto"),
    (2, "Disable"),
    (3, "10M half"),
    (4, "10M full"),
    (5, "100M half"),
    (6, "100M full"),
];
const RATES: [(u64, &str); 12] = [
    (1, "No Limit"),
    (2, "512 Kbit/s"),
    (3, "1 Mbit/s"),
    (4, "2 Mbit/s"),
    (5, "4 Mbit/s"),
    (6, "8 Mbit/s"),
    (7, "16 Mbit/s"),
    (8, "32 Mbit/s"),
    (9, "64 Mbit/s"),
    (10, "128 Mbit/s"),
    (11, "256 Mbit/s"),
    (12, "512 Mbit/s"),
];
const FLOWS: [(u64, &str); 2] = [(1, "ON"), (2, "OFF")];

/// The switch, and its ports.
pub(in crate::fake) fn dashboard(view: &View<'_>) -> String {
    let ports: String = view.ports().map(|it| port(view, it)).collect();
    let lag = "0".repeat(view.ports().count());
    whole(&format!(
        "{}\n{}\n<input id=\"hiddenMem\" value=\"{lag}\" type=\"hidden\">\n\
         <div id=\"dashboard_port\">\n<ul class=\"list_css\">\n{ports}</ul>\n</div>",
        about(view),
        orders(view),
    ))
}

fn about(view: &View<'_>) -> String {
    let name = escape(&view.memory.name);
    let serial = view.state.serial.as_ref().unwrap_or(&view.knobs.label.serial);
    let rows: String = [
        ("ml089", view.knobs.label.firmware.as_str()),
        ("ml678", view.knobs.label.mac.as_str()),
        ("ml198", serial.as_str()),
        ("ml040", view.knobs.model.name()),
    ]
    .map(|(label, value)| {
        format!(
            "<div class=\"hid_info_cell\">\n<div class=\"hid_info_title\"><span>{label}</span></div>\n\
             <div><span>{}</span></div></div>\n",
            escape(value)
        )
    })
    .concat();
    format!(
        "<div id=\"switch_name\" untrans>{name}</div>\n<div id='sysinfoContainer'>\n\
         <form name='sysInfo' action=\"/switch_name.cgi\" onsubmit=\"return send(this)\">\n{rows}\
         <input type=\"hidden\" id=\"prctName\" value=\"{}\">\n\
         <div class=\"hid_info_cell\">\n<div class=\"hid_info_title\"><span>ml656</span></div>\n<div><span>\n\
         <input id=\"switchName\" name='switch_name' maxlength=\"20\" value=\"{name}\" type=\"text\">\n</span></div></div>\n\
         <input type=\"hidden\" name='SET_LANG' id=\"selLang\" value=\"{}\">\n{}\n\
         <button name='submitSysinfo'>Apply</button>\n</form>\n</div>",
        view.knobs.model.name(),
        view.memory.language,
        view.hash(),
    )
}

fn orders(view: &View<'_>) -> String {
    let (text, checked) = if view.memory.leds { ("ON", " checked") } else { ("OFF", "") };
    format!(
        "<form action=\"/port_led.cgi\" onsubmit=\"return send(this)\">LEDs: <span id='led_switch'>{text}</span>\n\
         <input id='ledMod' type=\"checkbox\" name=\"portled\" value=\"0\" data-off=\"2\"{checked}>\n\
         <button name='submitLed'>Apply</button></form>\n\
         <form action=\"/device_reboot.cgi\" onsubmit=\"return send(this)\"><button name='reboot'>Restart</button></form>\n\
         <div name='isShowDhcp'>Address: <span>{}</span></div>",
        view.memory.address.ip
    )
}

fn port(view: &View<'_>, port: PortNo) -> String {
    let fallback = Port::default();
    let it = view.memory.ports.get(&port).unwrap_or(&fallback);
    let (number, name) = (port.0, view.name(port));
    let linked = linked_speed(view, port, it);
    let speed = if is_on(view, port) { it.speed } else { DISABLED };
    let rows: String = [
        ("ml510", "Speed", text_of(&SPEEDS, speed.into()), &speed.to_string()),
        ("ml382", "LinkedSpeed", linked, &linked.to_string()),
        ("ml126", "ingressRate", text_of(&RATES, it.ingress.into()), &it.ingress.to_string()),
        ("ml086", "egressRate", text_of(&RATES, it.egress.into()), &it.egress.to_string()),
        ("ml322", "flowCtr", text_of(&FLOWS, it.flow.into()), &it.flow.to_string()),
    ]
    .map(|(label, class, text, value)| {
        let input = format!("<input type=\"hidden\" class=\"{class}\" value=\"{value}\">");
        labelled(label, &format!("<span>{text}</span>\n{input}"))
    })
    .concat();
    format!(
        "<li class=\"list_item index_li\">\n<div name='isShowPot{number}' class=\"li_header_content\">\n\
         <i class=\"accordion_icon pull-right\"></i><span class=\" padding_r_18 pull-right\">\n{}</span>\n\
         <span class=\"index_li_title\">\n<input type=\"hidden\" class=\"port\" value=\"{number}\">\n{}</span></div>\n\
         <input type=\"hidden\" class=\"portName\" value=\"{name}\">\n<div class=\"port_info\">\n{rows}</div>\n{}\n</li>\n",
        state(view, port),
        view.title(port),
        edit(it, speed, number, &name),
    )
}

fn edit(it: &Port, speed: u16, number: u16, name: &str) -> String {
    format!(
        "<form action=\"/port_status.cgi\" onsubmit=\"return send(this)\">\n\
         <input type=\"hidden\" name=\"port{number}\" value=\"checked\">\
         <input type=\"hidden\" name=\"priority\" value=\"0\">\n\
         <label>Name <input name=\"DESCRIPTION\" maxlength=\"16\" value=\"{name}\"></label>\n\
         {} in {} out {} flow control {}\n<button name='editPot{number}'>Apply</button>\n</form>",
        select("SPEED", speed.into(), &SPEEDS),
        select("IngressRate", it.ingress.into(), &RATES),
        select("EgressRate", it.egress.into(), &RATES),
        select("FLOW_CONTROL", it.flow.into(), &FLOWS),
    )
}

fn is_on(view: &View<'_>, port: PortNo) -> bool {
    view.port(port).is_some_and(|it| it.enabled)
}

fn state(view: &View<'_>, port: PortNo) -> &'static str {
    match view.port(port) {
        Some(it) if !it.enabled => "<span>DISABLED</span>",
        Some(it) if it.link.is_some() && is_gigabit(it.link) => {
            "<span class=\"text-success-1\">UP</span>"
        }
        Some(it) if it.link.is_some() => "<span class=\"text-success-2\">UP</span>",
        Some(_) | None => "<span>AVAILABLE</span>",
    }
}

fn is_gigabit(link: Option<BitsPerSecond>) -> bool {
    link.is_some_and(|it| it.0 >= 1_000_000_000)
}

/// What the two ends have agreed upon: the slower one.
fn linked_speed(view: &View<'_>, port: PortNo, it: &Port) -> &'static str {
    let Some(link) = view.port(port).and_then(|it| it.link) else { return "No Speed" };
    match (it.speed, link.0) {
        (3, _) => "10M half",
        (4, _) => "10M full",
        (_, ..100_000_000) => "10M full",
        (5, _) => "100M half",
        (6, _) => "100M full",
        (_, ..1_000_000_000) => "100M full",
        (_, _) => "1000M full",
    }
}
