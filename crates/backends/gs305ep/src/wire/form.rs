use super::hash::FormHash;
use super::setting::{PoeSetting, PortSetting, priority_code};
use super::vlan::{VlanEntry, VlanMode};
use crate::Model;
use rackberry_core::{PortNo, Power, Tagging, VlanId};
use std::collections::BTreeSet;
use std::fmt::{self, Display, Write};

/// A form as it is sent with `POST`, as `application/x-www-form-urlencoded`.
///
/// What was sent is not thereby done: the switch says little of what fails. Read it back.
#[derive(Clone, PartialEq, Eq)]
pub struct Form {
    path: &'static str,
    body: String,
}

/// Why a form cannot be written. Nothing of it must be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unwritable {
    /// A name has more characters than the switch keeps.
    TooLong {
        /// The name.
        name: String,
        /// How many it keeps.
        most: usize,
    },
    /// A name has a character that is no text: a control character, or the mark that stands where a page could
    /// not be read as UTF-8.
    NoText {
        /// The name.
        name: String,
    },
    /// A VLAN needs a name.
    NoName(VlanId),
    /// A member that the model does not have.
    NoPort(PortNo),
}

impl Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { name, most } => {
                write!(
                    f,
                    "{name:?} is longer than {most} characters, the most that the switch keeps"
                )
            }
            Self::NoText { name } => {
                write!(f, "{name:?} has a character that cannot be written; give another name")
            }
            Self::NoName(vlan) => write!(f, "{vlan} needs a name"),
            Self::NoPort(port) => write!(f, "the switch has no {port}"),
        }
    }
}

impl std::error::Error for Unwritable {}

impl Form {
    /// The path that it is sent to.
    pub fn path(&self) -> &'static str {
        self.path
    }

    /// Its fields. They hold the hash, so `Debug` shows only their names.
    pub fn body(&self) -> &str {
        &self.body
    }

    fn to(path: &'static str) -> Self {
        Self { path, body: String::new() }
    }

    fn with(mut self, key: impl Display, value: impl Display) -> Self {
        if !self.body.is_empty() {
            self.body.push('&');
        }
        encode(&key.to_string(), &mut self.body);
        self.body.push('=');
        encode(&value.to_string(), &mut self.body);
        self
    }

    fn signed(self, hash: &FormHash) -> Self {
        self.with("hash", hash.as_str())
    }

    /// Sets how a port is fed, all of it (as a browser and three clients send it).
    ///
    /// What a form leaves out is reset by the switch, not kept: change a setting that was
    /// [read](super::read_poe_config) just before.
    pub fn poe(port: PortNo, setting: &PoeSetting, hash: &FormHash) -> Self {
        let form = Self::to("/PoEPortConfig.cgi")
            .with("ACTION", "Apply")
            .with("portID", index(port))
            .with("ADMIN_MODE", u8::from(setting.power == Power::On))
            .with("PORT_PRIO", priority_code(setting.priority))
            .with("POW_MOD", setting.mode.code())
            .with("POW_LIMT_TYP", setting.limit_type.code())
            .with("POW_LIMT", setting.limit)
            .with("DETEC_TYP", setting.detection.code());
        let form = match setting.longer_detection {
            Some(longer) => form.with("DISCONNECT_TYP", longer.code()),
            None => form,
        };
        form.signed(hash)
    }

    /// Cuts the power of some ports for a moment. One that may not deliver is left alone, without a word.
    pub fn poe_reset(ports: &BTreeSet<PortNo>, hash: &FormHash) -> Self {
        let form = Self::to("/PoEPortConfig.cgi").with("ACTION", "Reset");
        let checked =
            |form: Self, port: &PortNo| form.with(format_args!("port{}", index(*port)), "checked");
        ports.iter().fold(form, checked).signed(hash)
    }

    /// Sets a port, all of it (as py-netgear-plus 0.7.0 and ntgrrc send it).
    ///
    /// # Errors
    ///
    /// Where the switch cannot keep its name.
    pub fn port(port: PortNo, setting: &PortSetting, hash: &FormHash) -> Result<Self, Unwritable> {
        let form = Self::to("/port_status.cgi")
            .with(format_args!("port{}", port.0), "checked")
            .with("DESCRIPTION", fits(&setting.name, 16)?)
            .with("SPEED", setting.speed.code())
            .with("FLOW_CONTROL", if setting.flow_control { 1 } else { 2 })
            .with("IngressRate", setting.ingress.code())
            .with("EgressRate", setting.egress.code())
            .with("priority", 0);
        Ok(form.signed(hash))
    }

    /// Makes a VLAN.
    ///
    /// # Errors
    ///
    /// Where the switch cannot keep its name or its members.
    pub fn vlan_add(entry: &VlanEntry, of: Model, hash: &FormHash) -> Result<Self, Unwritable> {
        vlan("Add", entry, of, hash)
    }

    /// Sets a VLAN that is there, all of it. One that would leave out a port whose PVID it is is dropped by the
    /// switch, without a word.
    ///
    /// # Errors
    ///
    /// Where the switch cannot keep its name or its members.
    pub fn vlan_set(entry: &VlanEntry, of: Model, hash: &FormHash) -> Result<Self, Unwritable> {
        vlan("Apply", entry, of, hash)
    }

    /// Removes a VLAN. VLAN 1, and one that is a PVID, stay without a word.
    pub fn vlan_delete(id: VlanId, hash: &FormHash) -> Self {
        let form = Self::to("/8021qAdvanced.cgi").with("ACTION", "Delete");
        form.with("VLAN_ID", id.number()).signed(hash)
    }

    /// Sets the PVID of a port, which must be a member.
    pub fn pvid(port: PortNo, vlan: VlanId, hash: &FormHash) -> Self {
        Self::to("/portPVID.cgi").with("PORT", port.0).with("PVID", vlan.number()).signed(hash)
    }

    /// Sets the kind of VLANs. The switch does not answer for some seconds; whether it keeps its VLANs is
    /// unknown on hardware.
    pub fn vlan_mode(mode: VlanMode, hash: &FormHash) -> Self {
        Self::to("/vlanMod.cgi").with("VLAN_MOD", mode.code()).signed(hash)
    }

    /// Switches the lights of all ports on or off.
    pub fn lights(power: Power, hash: &FormHash) -> Self {
        let code = match power {
            Power::On => 0,
            Power::Off => 2,
        };
        Self::to("/port_led.cgi").with("portled", code).signed(hash)
    }

    /// Restarts the switch. Its connection is mostly lost before it answers, and its sessions are.
    pub fn reboot(hash: &FormHash) -> Self {
        Self::to("/device_reboot.cgi").signed(hash)
    }

    /// Ends the session, so that another can begin.
    pub fn logout() -> Self {
        Self::to("/logout.cgi")
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = self.body.split('&').filter_map(|it| it.split('=').next());
        write!(f, "Form({} ", self.path)?;
        f.debug_list().entries(fields).finish()?;
        f.write_char(')')
    }
}

fn vlan(action: &str, entry: &VlanEntry, of: Model, hash: &FormHash) -> Result<Form, Unwritable> {
    if entry.name.trim().is_empty() {
        return Err(Unwritable::NoName(entry.id));
    }
    let form = Form::to("/8021qAdvanced.cgi")
        .with("ACTION", action)
        .with("VLAN_ID", entry.id.number())
        // Only the page of the switch looks at it: any number does (as py-netgear-plus 0.7.0 sends it).
        .with("vlanNum", 1)
        .with("VLAN_NAME", fits(&entry.name, 14)?)
        .with("hiddenMem", digits(entry, of)?)
        .with("voiceVLANID", u8::from(entry.voice))
        .with("voiceVlanCos", entry.voice_class.number());
    Ok(form.signed(hash))
}

/// One digit for each port: 1 tagged, 2 untagged, 3 no member.
fn digits(entry: &VlanEntry, of: Model) -> Result<String, Unwritable> {
    if let Some(port) = entry.members.keys().find(|it| !of.has(**it)) {
        return Err(Unwritable::NoPort(*port));
    }
    let digit = |port: PortNo| match entry.members.get(&port) {
        Some(Tagging::Tagged) => '1',
        Some(Tagging::Untagged) => '2',
        None => '3',
    };
    Ok(of.ports().map(digit).collect())
}

/// The PoE forms count ports from 0.
fn index(port: PortNo) -> u16 {
    port.0.saturating_sub(1)
}

/// A name that the switch can keep. Its pages count in UTF-16, as browsers do.
fn fits(name: &str, most: usize) -> Result<&str, Unwritable> {
    if name.chars().any(|it| it.is_control() || it == char::REPLACEMENT_CHARACTER) {
        return Err(Unwritable::NoText { name: name.into() });
    }
    match name.encode_utf16().count() > most {
        true => Err(Unwritable::TooLong { name: name.into(), most }),
        false => Ok(name),
    }
}

/// As browsers encode forms: letters, digits and `*-._` as they are, a space as `+`, all other bytes as `%XX`.
fn encode(text: &str, to: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'*' | b'-' | b'.' | b'_' => {
                to.push(byte.into());
            }
            b' ' => to.push('+'),
            _ => {
                let digit = |it: u8| char::from(b"0123456789ABCDEF"[usize::from(it & 15)]);
                to.extend(['%', digit(byte >> 4), digit(byte)]);
            }
        }
    }
}
