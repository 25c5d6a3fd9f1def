//! `vlan.cgi`. Only the section of the advanced 802.1Q mode was ever captured: in the others there is none.

use super::{View, escape, fragment};
use crate::fake::VlanMode;
use rackberry_core::{PortNo, Tagging, VlanId, VlanTable};
use std::collections::BTreeMap;

/// The modes, and in the advanced one the VLANs, memberships and PVIDs.
pub(in crate::fake) fn vlan(view: &View<'_>) -> String {
    let mode = view.memory.vlans.mode;
    let fresh = VlanTable::factory(view.ports());
    let table = view.state.vlans.as_ref().unwrap_or(&fresh);
    let section = match mode {
        VlanMode::Advanced8021q => advanced(view, table),
        VlanMode::NoVlan | VlanMode::BasicPort | VlanMode::AdvancedPort | VlanMode::Basic8021q => {
            String::new()
        }
    };
    fragment(&format!(
        "<div bind=\"vlan-mod\" class=\"vlan-left-view\">\n<ul class=\"list-5\">\n{}</ul>\n</div>\n\
         <div bind=\"vlan-content\" class=\"vlan-right-view\">\n{section}</div>\n\
         <input type=hidden id='hash' value=\"{}\">\n<input type=hidden id='vlanMod' value=\"{}\">",
        modes(mode),
        view.hash,
        mode.number(),
    ))
}

fn modes(current: VlanMode) -> String {
    let line = |it: VlanMode| {
        let mark = if it == current { " (in use)" } else { "" };
        format!(
            "<li><form action=\"/vlanMod.cgi\" onsubmit=\"return send(this)\">\
             <input type=\"hidden\" name=\"VLAN_MOD\" value=\"{number}\">\
             <button name='{name}' vlan-mod=\"{name}\" mod-num='{number}'>{name}</button>{mark}</form></li>\n",
            number = it.number(),
            name = it.name(),
        )
    };
    VlanMode::ALL.into_iter().map(line).collect()
}

fn advanced(view: &View<'_>, table: &VlanTable) -> String {
    let vlans = &view.memory.vlans;
    let rows: String = table.vlans.iter().map(|(id, it)| row(view, *id, it)).collect();
    let pvids: String = view.ports().map(|it| pvid(view, table, it)).collect();
    let forms: String = table.vlans.iter().map(|(id, it)| edit(view, Some(*id), it)).collect();
    let new = edit(view, None, &BTreeMap::new());
    let choices: String = view.ports().map(|it| choose_pvid(table, it)).collect();
    format!(
        "<section vlan-page=\"adv8021Q\">\n<div main='4'>\n<ul bind='btns-4' class=\"tab-init\">\n{rows}</ul>\n\
         <input id='voVid' type='hidden' value='{}'>\n</div>\n\
         <div detail='4'>\n{forms}{new}<span id='cos' class=\"hide\">{}</span>\n\
         <input type='hidden' id='vlanNum' value='{}'>\n</div>\n\
         <div detail='pvidMain'>\n<ul bind=\"pvid-tab\" class=\"tab-init common-tab pvid-tab\">\n{pvids}</ul>\n</div>\n\
         <div detail='pvidDetail'>\n{choices}</div>\n</section>\n",
        vlans.voice.map_or(0, VlanId::number),
        vlans.priority(),
        table.vlans.len(),
    )
}

fn digits(view: &View<'_>, members: &BTreeMap<PortNo, Tagging>) -> String {
    view.ports().map(|it| digit(members.get(&it).copied())).collect()
}

fn digit(tagging: Option<Tagging>) -> char {
    match tagging {
        Some(Tagging::Tagged) => '1',
        Some(Tagging::Untagged) => '2',
        None => '3',
    }
}

fn row(view: &View<'_>, id: VlanId, members: &BTreeMap<PortNo, Tagging>) -> String {
    let ports: String =
        view.ports().filter(|it| members.contains_key(it)).map(|it| format!("{} ", it.0)).collect();
    format!(
        "<li class=\"tab-pad\">\n<div li-header class=\"li-header\">\n\
         <span vid-4><i class=\"phone-wrap\"></i>{}</span><span vnm-4 class=\"hid-txt\" untrans>{}</span>\
         <span>{ports}<i tab-arrow></i></span>\n</div>\n<input hidden-mem type='hidden' value='{}'>\n</li>\n",
        id.number(),
        escape(view.memory.vlans.name(id)),
        digits(view, members),
    )
}

/// The form of a VLAN, or of a new one.
fn edit(view: &View<'_>, vlan: Option<VlanId>, members: &BTreeMap<PortNo, Tagging>) -> String {
    let voice = vlan.is_some() && view.memory.vlans.voice == vlan;
    let member = |port: PortNo| {
        let now = digit(members.get(&port).copied());
        let option = |(value, text)| {
            let mark = if value == now { " selected" } else { "" };
            format!("<option value=\"{value}\"{mark}>{text}</option>")
        };
        let options = [('1', "T"), ('2', "U"), ('3', "E")].map(option).concat();
        format!("<label>{} <select data-member>{options}</select></label>", port.0)
    };
    let number = match vlan {
        Some(id) => {
            format!("<input type=\"hidden\" name=\"VLAN_ID\" value=\"{0}\">VLAN {0}", id.number())
        }
        None => "New VLAN <input name=\"VLAN_ID\" maxlength=\"4\" size=\"4\">".into(),
    };
    let (action, delete) = match vlan {
        Some(_) => ("Apply", "<button onclick=\"this.form.ACTION.value='Delete'\">Delete</button>"),
        None => ("Add", ""),
    };
    format!(
        "<form action=\"/8021qAdvanced.cgi\" onsubmit=\"return membership(this)\">\
         <input type=\"hidden\" name=\"ACTION\" value=\"{action}\">{number}\n\
         <input name=\"VLAN_NAME\" maxlength=\"14\" value=\"{}\"> {}\n\
         <input type=\"hidden\" name=\"hiddenMem\">\
         <label>voice <input type=\"checkbox\" name=\"voiceVLANID\" value=\"1\" data-off=\"0\"{}></label>\
         <input name=\"voiceVlanCos\" size=\"1\" value=\"{}\">\n<button>{action}</button>{delete}</form>\n",
        vlan.map(|it| escape(view.memory.vlans.name(it))).unwrap_or_default(),
        view.ports().map(member).collect::<String>(),
        if voice { " checked" } else { "" },
        view.memory.vlans.priority(),
    )
}

/// The VLANs of a port, with a star at its PVID.
fn pvid(view: &View<'_>, table: &VlanTable, port: PortNo) -> String {
    let own = table.pvids.get(&port).copied().unwrap_or_default();
    let member = |id: &&VlanId| **id == own || table.member(port, **id).is_some();
    let list = |id: &VlanId| match *id == own {
        true => format!("{}*, ", id.number()),
        false => format!("{}, ", id.number()),
    };
    let name = match view.name(port).as_str() {
        "" => "<span unname class=\"hid-txt\">unnamed</span>".to_string(),
        name => format!("<span class=\"hid-txt\">{name}</span>"),
    };
    format!(
        "<li class=\"tab-pad\">\n<div class=\"pot-box\">\n<div><span class=\"pot-num\">{}</span></div>\n\
         <div class=\"pot-nam\">{name}</div>\n</div>\n<div>\n<span pvid-str class=\"hid-txt\">{}</span>\n</div>\n</li>\n",
        port.0,
        table.vlans.keys().filter(member).map(list).collect::<String>(),
    )
}

fn choose_pvid(table: &VlanTable, port: PortNo) -> String {
    let own = table.pvids.get(&port).copied().unwrap_or_default();
    let option = |id: &VlanId| {
        let mark = if *id == own { " selected" } else { "" };
        format!("<option{mark}>{}</option>", id.number())
    };
    format!(
        "<form action=\"/portPVID.cgi\" onsubmit=\"return send(this)\">\
         <input type=\"hidden\" name=\"PORT\" value=\"{0}\">PVID of port {0} <select name=\"PVID\">{1}</select>\
         <button>Apply</button></form>\n",
        port.0,
        table.vlans.keys().map(option).collect::<String>(),
    )
}
