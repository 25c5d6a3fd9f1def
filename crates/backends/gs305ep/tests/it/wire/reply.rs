//! What the switch answers to forms.

use crate::wire::pages;
use rackberry_core::{PortNo, VlanId};
use rackberry_gs305ep::wire::{Quote, Reply, Unreadable, read_poe_config};

#[test]
fn the_known_answers_are_told_apart() {
    assert_eq!(Reply::of(b"SUCCESS"), Reply::Success);
    assert_eq!(Reply::of(b"SUCCESS\r\n"), Reply::Success);
    assert_eq!(Reply::of(b"CHECK HASH FAILED"), Reply::WrongHash);
    assert_eq!(Reply::of(b" \n"), Reply::Nothing);
    assert_eq!(Reply::of(pages::redirect().as_bytes()), Reply::LoggedOut);
    let login = pages::login(&pages::nonce("1"), "");
    assert_eq!(Reply::of(login.as_bytes()), Reply::LoggedOut);
    let page = pages::vlan(&[("1", "Default", "2")], &["1*, "]);
    assert_eq!(Reply::of(page.as_bytes()), Reply::Page);
}

#[test]
fn nearly_a_success_is_none() {
    for text in ["SUCCESSFUL", "success", "NO SUCCESS", "SUCCES", "SUCCESS SUCCESS"] {
        assert_eq!(Reply::of(text.as_bytes()), Reply::Unknown(Quote::of(text)));
    }
    let long = "x".repeat(1 << 21);
    let Reply::Unknown(said) = Reply::of(long.as_bytes()) else { panic!("understood") };
    assert_eq!(said.as_str().chars().count(), 120);
}

#[test]
fn a_port_that_is_no_member_is_named() {
    let not = |port, vlan: Option<u16>| Reply::NotMember {
        port: Option::map(port, PortNo),
        vlan: vlan.map(|it| VlanId::try_from(it).unwrap()),
    };
    assert_eq!(Reply::of(b"ml321@2@(100)"), not(Some(2), Some(100)));
    assert_eq!(Reply::of(b"ml321@x@(4095)@"), not(None, None));
}

#[test]
fn a_session_that_has_ended_is_known_by_every_sign_of_it() {
    let ended = Err(Unreadable::LoggedOut { page: rackberry_gs305ep::wire::Page::PoeConfig });
    let login = pages::login(&pages::nonce("1"), "");
    for body in [
        "<html><title>REDIRECT TO LOGIN</title></html>",
        "<script>top.location.href = \"/login.cgi\";</script>",
        "<script>location = '/wmi/login'</script>",
        "<meta http-equiv='refresh' content='0;url=/redirect.html'>",
        "<body onload='RedirectToLoginPage()'></body>",
        "short",
        "",
        &login,
    ] {
        assert_eq!(read_poe_config(body.as_bytes()), ended, "{body}");
    }
}

#[test]
fn the_stub_for_an_unknown_path_is_another_page() {
    let stub = "<html><head><title>404</title></head><body>nothing here</body></html>";
    let why = read_poe_config(stub.as_bytes()).unwrap_err().to_string();
    assert_eq!(why, "expected /PoEPortConfig.cgi, which has a list of ports, and found `404`");
    let why = read_poe_config(b"SUCCESS, in a way").unwrap_err().to_string();
    assert!(why.ends_with("found `SUCCESS, in a way`"), "{why}");
}
