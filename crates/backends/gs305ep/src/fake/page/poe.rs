//! `PoEPortConfig.cgi`, `getPoePortStatus.cgi`, and the pages around them.

use super::{View, escape, fragment, labelled, select, text_of};
use crate::fake::memory::{Hold, Poe};
use crate::fake::physics;
use rackberry_core::{Milliwatts, PoePriority, PortNo};

const POWERS: [(u64, &str); 2] = [(0, "Disable"), (1, "Enable")];
const MODES: [(u64, &str); 4] = [(0, "802.3af"), (1, "Legacy"), (2, "Pre-802.3at"), (3, "802.3at")];
const PRIORITIES: [(u64, &str); 3] = [(0, "Low"), (2, "High"), (3, "Critical")];
const LIMITS: [(u64, &str); 3] = [(0, "None"), (1, "Class"), (2, "User")];
const DETECTIONS: [(u64, &str); 3] = [(1, "Legacy"), (2, "IEEE 802"), (3, "4pt 802.3af + Legacy")];
const LONGER: [(u64, &str); 3] = [(0, "Get Value Fault"), (2, "Disable"), (3, "Enable")];

/// How each port is fed.
pub(in crate::fake) fn poe_config(view: &View<'_>) -> String {
    let items: String = view.memory.poe.iter().map(|(port, it)| setting(view, *port, it)).collect();
    let edits: String = view.memory.poe.iter().map(|(port, it)| edit(view, *port, it)).collect();
    let checked = if view.knobs.feeding.uninterrupted { " checked" } else { "" };
    fragment(&format!(
        "<div id=\"module_div\">\n<label>Uninterrupted PoE \
         <input id='uninterruptedPoeStatus' type='checkbox' disabled{checked}></label>\n{}</div>\n\
         <div id=\"poe_port_details\">\n<ul class=\"list_css\">\n{items}</ul>\n</div>\n{}\n{edits}",
        cycle(view),
        view.hash(),
    ))
}

/// The forms of the ports, by themselves.
pub(in crate::fake) fn poe_edit(view: &View<'_>) -> String {
    let edits: String = view.memory.poe.iter().map(|(port, it)| edit(view, *port, it)).collect();
    fragment(&format!("{}\n{edits}", view.hash()))
}

/// The way to the pages of PoE.
pub(in crate::fake) fn poe_menu(_: &View<'_>) -> String {
    fragment(
        "<ul>\n<li><a href=\"/PoEPortConfig.cgi\">Settings</a></li>\n\
         <li><a href=\"/getPoePortStatus.cgi\">Status</a></li>\n</ul>",
    )
}

fn cycle(view: &View<'_>) -> String {
    let ports: String = view.memory.poe.keys().map(|it| it.0).map(|it| {
        let field = it.saturating_sub(1);
        format!("<label>{it}<input type=\"checkbox\" name=\"port{field}\" value=\"checked\"></label>\n")
    }).collect();
    format!(
        "<form action=\"/PoEPortConfig.cgi\" onsubmit=\"return send(this)\">\n\
         <input type=\"hidden\" name=\"ACTION\" value=\"Reset\">\n{ports}\
         <button name='submitPwrCyclePorts'>Power cycle</button>\n</form>\n"
    )
}

/// What is set for a port: power, priority, type of the limit, limit in tenths of a watt.
fn set(view: &View<'_>, port: PortNo, it: &Poe) -> (u64, u64, u16, u64) {
    let behind = physics::poe(view.state, port);
    let (kind, limit) = it.limit(behind.and_then(|it| it.limit));
    let priority = match behind.map(|it| it.priority).unwrap_or_default() {
        PoePriority::Low => 0,
        PoePriority::High => 2,
        PoePriority::Critical => 3,
    };
    (view.memory.may_feed(view.state, port).into(), priority, kind, limit)
}

fn decimal(tenths: u64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn setting(view: &View<'_>, port: PortNo, it: &Poe) -> String {
    let (power, priority, kind, limit) = set(view, port, it);
    let limit = decimal(limit);
    let row = |label, shown, text: &str, class, value: &str| {
        let input = format!("<input type=\"hidden\" class=\"{class}\" value=\"{value}\">");
        labelled(label, &format!("<span class=\"{shown}\">{text}</span>\n{input}"))
    };
    let choice = |label, shown, choices: &[(u64, &str)], class, value: u64| {
        row(label, shown, text_of(choices, value), class, &value.to_string())
    };
    let mut rows = choice("ml551", "portPrioShow", &PRIORITIES, "portPrio", priority);
    rows += &choice("ml554", "pwrLimTypeShow", &LIMITS, "pwrLimitType", kind.into());
    rows += &row("ml557", "pwrLimitShow", &limit, "pwrLimit", &limit);
    rows += &choice("ml559", "detecTypeShow", &DETECTIONS, "detecType", it.detection.into());
    if view.knobs.feeding.longer {
        rows += &choice("ml975", "longerDetectShow", &LONGER, "longerDetect", it.longer.into());
    }
    let header = format!(
        "<span class=\"pull-right poe-power-mode\">\n<span>{}</span>\n\
         <input type=\"hidden\" class=\"pwrMode\" id=\"hidPwrMode\" value=\"{}\"></span>\n\
         <span class=\"pull-right poe-portPwr-width\">\n<span class=\"portPwr\">{}</span>\n\
         <input type=\"hidden\" class=\"hidPortPwr\" id=\"hidPortPwr\" value=\"{power}\">\n</span>\n",
        text_of(&MODES, it.mode.into()),
        it.mode,
        text_of(&POWERS, power),
    );
    let name =
        format!("<input type=\"hidden\" class=\"portName\" value=\"{}\">\n", view.name(port));
    item(
        view,
        port,
        "poePortSettingListItem",
        &header,
        &format!("{name}<div class=\"poe_port_info\">\n{rows}</div>"),
    )
}

/// One port of a list.
fn item(view: &View<'_>, port: PortNo, class: &str, header: &str, rest: &str) -> String {
    let number = port.0;
    format!(
        "<li class=\"poe_port_list_item {class} index_li\">\n\
         <div name='isShowPot{number}' class=\"poe_li_header_content\">\n\
         <i class=\"accordion_icon pull-right\"></i>\n{header}\
         <span class=\"poe_index_li_title poe-port-index\">\n\
         <input type=\"hidden\" class=\"port\" value=\"{number}\">\n{}</span></div>\n{rest}\n</li>\n",
        view.title(port)
    )
}

fn edit(view: &View<'_>, port: PortNo, it: &Poe) -> String {
    let (power, priority, kind, limit) = set(view, port, it);
    let longer = match view.knobs.feeding.longer {
        true => select("DISCONNECT_TYP", it.longer.into(), &LONGER[1..]),
        false => String::new(),
    };
    format!(
        "<form action=\"/PoEPortConfig.cgi\" onsubmit=\"return send(this)\">\n\
         <input type=\"hidden\" name=\"ACTION\" value=\"Apply\">\
         <input type=\"hidden\" name=\"portID\" value=\"{}\">Port {} {} {} {} {}\n\
         <input name=\"POW_LIMT\" size=\"4\" value=\"{}\"> W {} {longer}\n\
         <button name='editPot{}'>Apply</button>\n</form>\n",
        port.0.saturating_sub(1),
        port.0,
        select("ADMIN_MODE", power, &POWERS),
        select("PORT_PRIO", priority, &PRIORITIES),
        select("POW_MOD", it.mode.into(), &MODES),
        select("POW_LIMT_TYP", kind.into(), &LIMITS),
        decimal(limit),
        select("DETEC_TYP", it.detection.into(), &DETECTIONS),
        port.0,
    )
}

/// What each port delivers.
pub(in crate::fake) fn poe_status(view: &View<'_>) -> String {
    let total = view.memory.poe.keys().filter_map(|it| physics::poe(view.state, *it));
    let total = total.fold(0_u64, |sum, it| sum.saturating_add(it.draw.0));
    let degrees = 28_u64.saturating_add(total / 2_500);
    let items: String =
        view.memory.poe.iter().map(|(port, it)| status(view, *port, it, degrees)).collect();
    fragment(&format!(
        "<div id=\"poe_port_status_details\">\n<ul class=\"list_css\">\n{items}</ul>\n</div>"
    ))
}

/// How a port is: its status, its class, and what is wrong with it.
fn condition<'a>(view: &View<'a>, port: PortNo, it: &Poe) -> (&'a str, Option<u8>, &'a str) {
    let knobs = &view.knobs.feeding;
    let denied = (knobs.denied_status.as_str(), knobs.denied_error.as_str());
    let behind = physics::poe(view.state, port);
    let fine = "No Error";
    match (it.hold, behind) {
        (Some(Hold::Denied(class)), _) => (denied.0, Some(class), denied.1),
        (Some(Hold::Until(_)), _) => ("Searching", None, fine),
        (None, _) if !view.memory.may_feed(view.state, port) => ("Disabled", None, fine),
        (None, Some(poe)) if poe.delivers => ("Delivering Power", poe.class, fine),
        (None, Some(poe)) if poe.class.is_some() => (denied.0, poe.class, denied.1),
        (None, _) => ("Searching", None, fine),
    }
}

fn status(view: &View<'_>, port: PortNo, it: &Poe, degrees: u64) -> String {
    let (status, class, error) = condition(view, port, it);
    let class = class.map_or("Unknown".to_string(), |it| format!("ml003@{it}@"));
    let draw = physics::poe(view.state, port).filter(|it| it.delivers).map(|it| it.draw);
    let (volts, milliamperes, watts) = electricity(draw.unwrap_or_default());
    let rows: String = [
        ("ml570", volts.to_string()),
        ("ml572", milliamperes.to_string()),
        ("ml574", watts),
        ("ml575", degrees.to_string()),
        ("ml581", escape(error)),
    ]
    .map(|(label, value)| labelled(label, &format!("<span>{value}</span>")))
    .concat();
    let header = format!(
        "<span class=\"pull-right poe-power-mode\">\n<span>{}</span>\n</span>\n\
         <span class=\"pull-right poe-portPwr-width\">\n<span class=\"powClassShow\">{class}</span>\n</span>\n",
        escape(status)
    );
    item(
        view,
        port,
        "poePortStatusListItem",
        &header,
        &format!("<div class=\"poe_port_status\">\n{rows}</div>"),
    )
}

/// Volts, cut off, milliamperes, and watts, rounded. With 53.7 V at no load and 12 mV less for each watt the three
/// belong together as on the ports of a GS305EP and a GS308EP that were captured.
fn electricity(draw: Milliwatts) -> (u64, u64, String) {
    if draw.0 == 0 {
        return (0, 0, "0.0".into());
    }
    let millivolts = 53_700_u64.saturating_sub(draw.0.saturating_mul(12) / 1_000).max(44_000);
    let milliamperes = draw.0.saturating_mul(1_000) / millivolts;
    (millivolts / 1_000, milliamperes, decimal(draw.0.saturating_add(50) / 100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_flows_looks_as_on_ports_that_were_captured() {
        let seen = [(4_400, 53, 82, "4.4"), (10_500, 53, 196, "10.5"), (5_500, 53, 102, "5.5")];
        for (draw, volts, milliamperes, watts) in seen {
            let (v, ma, w) = electricity(Milliwatts(draw));
            assert_eq!((v, w.as_str()), (volts, watts));
            assert!(ma.abs_diff(milliamperes) <= 1, "{ma} for {milliamperes}");
        }
    }
}
