//! What must hold for any bytes, in the fuzzers and in the tests.

use rackberry_gs305ep::Model;
use rackberry_gs305ep::wire::{
    Door, Form, FormHash, LoginReply, Reply, Unreadable, read_address, read_dashboard, read_door,
    read_login_reply, read_poe_config, read_poe_status, read_statistics, read_vlans,
};
use std::collections::BTreeSet;
use std::fmt::Debug;

/// A reader, by the name of its fuzz target.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// All of them.
pub(crate) const ALL: [Target; 8] = [
    ("login", login),
    ("dashboard", dashboard),
    ("statistics", statistics),
    ("poe_config", poe_config),
    ("poe_status", poe_status),
    ("vlan", vlan),
    ("address", address),
    ("reply", reply),
];

pub(crate) fn login(bytes: &[u8]) {
    let door = whole(bytes, read_door);
    if let Some(Door::Login(page)) = door {
        let password = "Password1".into();
        let answer = page.answer(&password);
        assert!(!format!("{answer:?}").contains("password="));
    }
    let cookie: &[u8] = b"SID=a`[\\b; PATH=/; HttpOnly";
    if let LoginReply::LoggedIn(sid) = read_login_reply([cookie], bytes) {
        assert_eq!(sid.cookie(), b"SID=a`[\\b");
    }
}

pub(crate) fn dashboard(bytes: &[u8]) {
    let Some(read) = whole(bytes, read_dashboard) else { return };
    for (port, view) in &read.ports {
        if let Ok(form) = Form::port(*port, &view.setting, &read.hash) {
            is_signed(&form, &read.hash);
        }
    }
}

pub(crate) fn statistics(bytes: &[u8]) {
    whole(bytes, read_statistics);
}

pub(crate) fn poe_config(bytes: &[u8]) {
    let Some(read) = whole(bytes, read_poe_config) else { return };
    for (port, setting) in &read.ports {
        let form = Form::poe(*port, setting, &read.hash);
        is_signed(&form, &read.hash);
        let longer = form.body().contains("&DISCONNECT_TYP=");
        assert_eq!(longer, setting.longer_detection.is_some());
    }
    is_signed(
        &Form::poe_reset(&read.ports.into_keys().collect::<BTreeSet<_>>(), &read.hash),
        &read.hash,
    );
}

pub(crate) fn poe_status(bytes: &[u8]) {
    let Some(read) = whole(bytes, read_poe_status) else { return };
    assert!(
        read.ports.values().all(|it| it.power.0 <= 100_000 && it.class.is_none_or(|it| it <= 8))
    );
}

pub(crate) fn vlan(bytes: &[u8]) {
    let Some(read) = whole(bytes, read_vlans) else { return };
    let Some(vlans) = read.vlans else { return };
    for (id, members) in &vlans.table.vlans {
        assert!(members.keys().all(|it| vlans.table.pvids.contains_key(it)));
        let entry = vlans.entry(*id).unwrap();
        if let Ok(form) = Form::vlan_set(&entry, Model::Gs308ep, &read.hash) {
            is_signed(&form, &read.hash);
        }
    }
}

pub(crate) fn address(bytes: &[u8]) {
    whole(bytes, read_address);
}

pub(crate) fn reply(bytes: &[u8]) {
    let done = bytes.trim_ascii() == b"SUCCESS";
    let reply = Reply::of(bytes);
    assert_eq!(reply == Reply::Success, done);
    fits(&format!("{reply:?}"));
}

/// Reads a page. What is read is not read otherwise from a page that was cut off somewhere; what is refused is
/// refused in a sentence that can be printed.
fn whole<T: Debug + PartialEq>(page: &[u8], read: fn(&[u8]) -> Result<T, Unreadable>) -> Option<T> {
    let found = match read(page) {
        Ok(found) => found,
        Err(error) => {
            fits(&error.to_string());
            return None;
        }
    };
    for cut in [page.len() / 3, page.len() / 2, page.len().saturating_sub(9)] {
        if let Ok(less) = read(&page[..cut]) {
            assert_eq!(less, found, "read from a page that was cut off");
        }
    }
    Some(found)
}

fn is_signed(form: &Form, hash: &FormHash) {
    let fields: Vec<_> = form.body().split('&').map(|it| it.split_once('=')).collect();
    assert_eq!(fields.last(), Some(&Some(("hash", hash.as_str()))));
    assert!(fields.iter().all(Option::is_some) && form.body().is_ascii());
    assert!(!format!("{form:?}").contains(&format!("={}", hash.as_str())));
}

fn fits(text: &str) {
    assert!(text.chars().count() <= 400 && !text.contains(char::is_control), "{text}");
}
