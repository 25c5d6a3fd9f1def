use super::open::{is_login_form, sends_to_login};
use super::outline::{Outline, keep};
use super::quote::Quote;
use super::text::digits;
use super::unreadable::Page;
use rackberry_core::{PortNo, VlanId};

/// What the switch answers to a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// `SUCCESS`. It is said of orders, too, that change nothing.
    Success,
    /// `CHECK HASH FAILED`: nothing was done, because the hash is not that of a page of this session.
    WrongHash,
    /// The port is no member of the VLAN that was to become its PVID: nothing was done.
    NotMember {
        /// The port; none where it cannot be read.
        port: Option<PortNo>,
        /// The VLAN; none where it cannot be read.
        vlan: Option<VlanId>,
    },
    /// The session has ended: nothing was done.
    LoggedOut,
    /// Nothing at all. Reboot and new addresses are answered so; otherwise nobody knows what was done.
    Nothing,
    /// A page. The forms of the VLANs are answered by one, whatever was done.
    Page,
    /// Something else, of which nobody knows what it means.
    Unknown(Quote),
}

impl Reply {
    /// Reads the body of an answer.
    pub fn of(body: &[u8]) -> Self {
        match body.trim_ascii() {
            b"" => Self::Nothing,
            b"SUCCESS" => Self::Success,
            b"CHECK HASH FAILED" => Self::WrongHash,
            text if text.len() < 30 => not_member(text).unwrap_or_else(|| unknown(text)),
            text => page(text),
        }
    }
}

/// A short text with the port and the VLAN in it: `…@2@(100)` (as py-netgear-plus 0.7.0 reads it).
fn not_member(text: &[u8]) -> Option<Reply> {
    let text = std::str::from_utf8(text).ok()?;
    let mut parts = text.split('@').skip(1);
    let (port, vlan) = (parts.next()?, parts.next()?);
    let vlan = vlan.trim().trim_start_matches('(').trim_end_matches(')');
    let vlan = digits::<u16>(vlan).and_then(|it| VlanId::try_from(it).ok());
    Some(Reply::NotMember { port: digits(port.trim()).map(PortNo), vlan })
}

fn page(body: &[u8]) -> Reply {
    let Ok(kept) = keep(Page::Login, body) else { return unknown(body) };
    let outline = Outline::of(Page::Login, &kept);
    if outline.find(is_login_form).is_some() || sends_to_login(outline, body) {
        return Reply::LoggedOut;
    }
    match outline.elements().next() {
        Some(_) => Reply::Page,
        None => unknown(body),
    }
}

fn unknown(body: &[u8]) -> Reply {
    Reply::Unknown(Quote::of(&String::from_utf8_lossy(body.get(..400).unwrap_or(body))))
}
