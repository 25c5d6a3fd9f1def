//! The way in.

use crate::wire::{captured, pages};
use rackberry_gs305ep::wire::{Door, LoginPage, LoginReply, Sid, read_door, read_login_reply};
use secrecy::{ExposeSecret, SecretString};

fn door(page: &str) -> Door {
    read_door(page.as_bytes()).unwrap()
}

fn login(nonce: &str) -> LoginPage {
    match door(&pages::login(&pages::nonce(nonce), "")) {
        Door::Login(page) => page,
        other @ (Door::Redirect | Door::Unfamiliar(_)) => panic!("{other:?}"),
    }
}

fn answer(nonce: &str, password: &str) -> String {
    login(nonce).answer(&SecretString::from(password)).expose_secret().to_owned()
}

/// What browsers have sent to switches (the first five), and what follows for the nonce of a captured page.
#[test]
fn the_password_is_sent_as_browsers_send_it() {
    for (nonce, digest) in [
        ("990464497", "43001294a37a3f2e1f919b64072a1a32"),
        ("1425622205", "e65ad5ee60718843afafeaa03bd1ec49"),
        ("1018767543", "c01909066125ac45d275af0a6cd09b5e"),
        ("897006492", "6e5b60b4082b2ac23103ec2e7caf0284"),
        ("1127757600", "3c630eb52109743e94ef671e137b3de0"),
        ("1761741982", "cbdf3f21ca65890705e5766ae9f31f2c"),
    ] {
        assert_eq!(answer(nonce, "Password1"), format!("password={digest}"));
    }
}

#[test]
fn the_nonce_of_a_captured_page_gives_the_known_answer() {
    let name = "nitram509+ntgrrc/test-data/GS305EP/login.cgi.html";
    let Some(body) = captured::page(name) else { return };
    let Ok(Door::Login(page)) = read_door(&body) else { panic!("no login page") };
    let answer = page.answer(&SecretString::from("Password1"));
    assert_eq!(answer.expose_secret(), "password=cbdf3f21ca65890705e5766ae9f31f2c");
}

#[test]
fn only_the_twenty_characters_that_the_page_takes_are_sent() {
    let long = answer("990464497", "12345678901234567890");
    assert_eq!(answer("990464497", "12345678901234567890 and more"), long);
    assert_ne!(answer("990464497", "1234567890123456789"), long);
    let wide = answer("1", "1234567890123456789\u{1f511}");
    assert_eq!(wide, answer("1", "1234567890123456789"), "a character of two halves does not fit");
    assert_ne!(answer("1", "ä"), answer("1", "a"));
}

#[test]
fn the_password_is_in_no_debug_text() {
    let page = login("1");
    let text = format!("{page:?} {:?}", page.answer(&SecretString::from("Password1")));
    assert!(!text.contains("Password1") && !text.contains("password="), "{text}");
    let sid = Sid::in_cookie(b"SID=secret").unwrap();
    assert_eq!(format!("{sid:?}"), "Sid(..)");
}

#[test]
fn the_model_is_that_of_the_page_or_else_of_its_title() {
    let page = pages::login(&pages::nonce("1"), "");
    assert_eq!(login("1").model, "GS305EP");
    let titled = page.replace("p-name", "x").replace("NETGEAR GS305EP", "NETGEAR GS308EPP");
    let Door::Login(titled) = door(&titled) else { panic!("no login page") };
    assert_eq!(titled.model, "GS308EPP");
}

#[test]
fn a_page_that_asks_for_something_new_gets_no_password() {
    let nonce = pages::nonce("1");
    let asks = |fields: &str| match door(&pages::login(fields, "")) {
        Door::Unfamiliar(what) => what.as_str().to_owned(),
        other @ (Door::Login(_) | Door::Redirect) => panic!("{other:?}"),
    };
    assert_eq!(asks(&format!("{nonce}<input name='user'>")), "a field called user");
    assert_eq!(asks(&format!("{nonce}<input type=hidden id='salt'>")), "a field called salt");
    assert_eq!(asks(&format!("{nonce}<select name='role'></select>")), "a field called role");
    assert_eq!(asks(""), "the password itself, without a number to mix it with");
    let page = pages::login(&nonce, "");
    let other = page.replace("action='/login.cgi'", "action='http://192.0.2.66/login.cgi'");
    assert!(matches!(door(&other), Door::Unfamiliar(_)));
    let get = page.replace("method='post'", "method='get'");
    assert!(matches!(door(&get), Door::Unfamiliar(_)));
    let renamed = page.replace("name='password'", "name='passphrase'");
    assert!(matches!(door(&renamed), Door::Unfamiliar(_)));
}

#[test]
fn a_nonce_that_is_no_number_is_refused() {
    for nonce in ["", "abc", "123456789012345678901", "1 2"] {
        let page = pages::login(&pages::nonce(nonce), "");
        let why = read_door(page.as_bytes()).unwrap_err().to_string();
        let expected = "on /login.cgi is not the number to mix into the password";
        assert!(why.ends_with(expected), "{why}");
    }
    let twice = pages::nonce("1") + &pages::nonce("2");
    let why = read_door(pages::login(&twice, "").as_bytes()).unwrap_err().to_string();
    assert_eq!(why, "/login.cgi says the rand twice");
}

#[test]
fn the_root_may_send_to_the_login_page() {
    assert_eq!(door(&pages::redirect()), Door::Redirect);
    let why = read_door(b"<html><title>A printer</title></html>").unwrap_err().to_string();
    assert_eq!(
        why,
        "expected /login.cgi, which has a form for the password, and found `A printer`"
    );
}

fn reply(cookies: &[&str], body: &str) -> LoginReply {
    read_login_reply(cookies.iter().map(|it| it.as_bytes()), body.as_bytes())
}

const IN: &str = "<html><script>top.location.href = \"/index.cgi\";</script></html>";

#[test]
fn a_session_is_known_by_its_cookie_as_it_was_sent() {
    let cookie = "SID=a[b\\c`d=\"e\"; PATH=/; HttpOnly";
    let LoginReply::LoggedIn(sid) = reply(&["lang=en", cookie], IN) else { panic!("not in") };
    assert_eq!(sid.cookie(), b"SID=a[b\\c`d=\"e\"");
    assert!(matches!(reply(&[cookie], ""), LoginReply::LoggedIn(_)));
}

#[test]
fn a_cookie_that_is_no_session_is_not_taken() {
    let long = format!("SID={}", "x".repeat(257));
    for cookie in ["SID=", "SID=; PATH=/", "XSID=1", "SID=a\r\nb", long.as_str()] {
        assert!(matches!(reply(&[cookie], IN), LoginReply::Unknown(_)), "{cookie}");
    }
    assert!(matches!(reply(&[], IN), LoginReply::Unknown(_)));
}

#[test]
fn a_refusal_says_why_even_with_a_cookie() {
    let refused = |text: &str| reply(&["SID=early"], &pages::login(&pages::nonce("1"), text));
    let said =
        "The maximum number of sessions has been reached. Wait a few minutes and then try again.";
    assert!(matches!(refused(said), LoginReply::TooManySessions(it) if it.as_str() == said));
    let said = "Die maximale Anzahl an Versuchen wurde erreicht.";
    assert!(matches!(refused(said), LoginReply::TooManyAttempts(_)));
    let said = "The maximum number of attempts has been reached.";
    assert!(matches!(refused(said), LoginReply::TooManyAttempts(_)));
    assert!(matches!(refused("ml123"), LoginReply::WrongPassword(it) if it.as_str() == "ml123"));
    assert!(matches!(refused(""), LoginReply::Unknown(_)));
    assert!(matches!(reply(&["SID=early"], &pages::redirect()), LoginReply::Unknown(_)));
}

#[test]
fn the_message_of_older_pages_is_read_too() {
    let page = "<html><input id='err_msg' value='The password is invalid.'></html>";
    assert!(matches!(reply(&[], page), LoginReply::WrongPassword(_)));
}

#[test]
fn what_the_switch_says_is_quoted_in_one_short_line() {
    let text = format!("a\u{202e}\u{7}b\n{}", "c".repeat(5000));
    let LoginReply::Unknown(said) = reply(&[], &text) else { panic!("understood") };
    assert!(said.as_str().starts_with("a b c") && said.as_str().ends_with('…'), "{said}");
    assert_eq!(said.as_str().chars().count(), 120);
}
