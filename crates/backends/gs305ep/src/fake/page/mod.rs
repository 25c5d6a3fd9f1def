//! The pages, in our own words: of the maker's only the ids, classes and labels that clients look for.

mod dashboard;
mod login;
mod poe;
mod system;
mod vlan;

use super::Knobs;
use super::http::Reply;
use super::memory::Memory;
pub(super) use dashboard::dashboard;
pub(super) use login::{lead_to, login, new_password, password, redirect, stub};
pub(super) use poe::{poe_config, poe_edit, poe_menu, poe_status};
use rackberry_core::{PortNo, PortState, SwitchState};
pub(super) use system::{address, index, statistics};
pub(super) use vlan::vlan;

/// Everything that a page may show.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub(super) knobs: &'a Knobs,
    pub(super) memory: &'a Memory,
    pub(super) state: &'a SwitchState,
    pub(super) hash: &'a str,
}

impl View<'_> {
    fn ports(&self) -> impl Iterator<Item = PortNo> {
        self.knobs.model.ports()
    }

    fn port(&self, port: PortNo) -> Option<&PortState> {
        self.state.ports.get(&port)
    }

    /// The name of a port, as it is shown.
    fn name(&self, port: PortNo) -> String {
        escape(&self.memory.port_name(port, self.state))
    }

    /// A port and its name: `3 - nas `, or `3` alone.
    fn title(&self, port: PortNo) -> String {
        match self.name(port).as_str() {
            "" => format!("<span>{}</span>", port.0),
            name => format!("<span class='hid-txt'>{} - {name} </span>", port.0),
        }
    }

    /// The hash of the forms, as most pages show it.
    fn hash(&self) -> String {
        format!("<input type=hidden name='hash' id='hash' value=\"{}\">", self.hash)
    }
}

/// What is served to everybody besides the login.
pub(super) fn file(path: &str) -> Option<Reply> {
    match path {
        "/app.js" => Some(Reply::file(include_str!("app.js"), "text/javascript")),
        "/style.css" => Some(Reply::file(include_str!("style.css"), "text/css")),
        _ => None,
    }
}

/// A page with what all of them have.
fn whole(body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n\
         <link rel=\"stylesheet\" href=\"/style.css\">\n<script src=\"/app.js\"></script>\n</head>\n<body>\n\
         {NAVIGATION}\n{body}\n</body>\n</html>\n"
    )
}

/// A page that is loaded into another on a real switch: it has no head, and ends with its script.
fn fragment(body: &str) -> String {
    format!(
        "<meta charset=\"utf-8\">\n<link rel=\"stylesheet\" href=\"/style.css\">\n{NAVIGATION}\n{body}\n\
         <script src=\"/app.js\"></script>\n"
    )
}

const NAVIGATION: &str = "<nav><a href=\"/dashboard.cgi\">Ports</a><a href=\"/PoEPortConfig.cgi\">PoE</a>\
    <a href=\"/getPoePortStatus.cgi\">PoE status</a><a href=\"/vlan.cgi\">VLAN</a>\
    <a href=\"/portStatistics.cgi\">Statistics</a><a href=\"/ip_dhcp.cgi\">Addresses</a>\
    <a href=\"/changeDefPwdCk.cgi\">Password</a><a href=\"/logout.cgi\">Log out</a></nav>\n\
    <p id=\"answer\"></p>";

/// A label and its value, as pages show both.
fn labelled(label: &str, value: &str) -> String {
    format!(
        "<div class=\"hid_info_cell\">\n<div class=\"hid_info_title\">\n<span class='hid-txt wid-full'>{label}</span>\
         \n</div>\n<div>\n{value}\n</div>\n</div>\n"
    )
}

/// A choice among numbers.
fn select(name: &str, chosen: u64, choices: &[(u64, &str)]) -> String {
    let option = |(value, text): &(u64, &str)| {
        let mark = if *value == chosen { " selected" } else { "" };
        format!("<option value=\"{value}\"{mark}>{text}</option>")
    };
    let options: String = choices.iter().map(option).collect();
    format!("<select name=\"{name}\">{options}</select>")
}

/// The text of a number.
fn text_of<'a>(choices: &[(u64, &'a str)], value: u64) -> &'a str {
    choices.iter().find(|it| it.0 == value).map_or("", |it| it.1)
}

fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            it => escaped.push(it),
        }
    }
    escaped
}
