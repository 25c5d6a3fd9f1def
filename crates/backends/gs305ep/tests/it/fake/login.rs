use super::rig::{Rig, between};
use rackberry_gs305ep::fake::{Access, Knobs, RandScope, Root};
use std::time::Duration;

fn access(access: Access) -> Knobs {
    Knobs { access, ..Knobs::default() }
}

#[tokio::test]
async fn who_is_not_in_gets_the_login_and_nothing_else() {
    let rig = Rig::new().await;
    let client = rig.client();
    assert!(client.get("/login.cgi").await.contains("<title>NETGEAR GS305EP</title>"));
    for path in ["/", "/dashboard.cgi", "/PoEPortConfig.cgi", "/vlan.cgi", "/api/system/status"] {
        assert!(client.get(path).await.contains("<title>Redirect to Login</title>"), "{path}");
    }
    let answer = client.send("/PoEPortConfig.cgi", "ACTION=Reset&port0=checked").await.unwrap();
    assert!(answer.contains("Redirect to Login"), "{answer}");
}

#[tokio::test]
async fn the_first_page_is_the_login_itself_where_the_knob_says_so() {
    let rig = Rig::with(access(Access { root: Root::Login, ..Access::default() })).await;
    assert!(rig.client().get("/").await.contains("id='rand'"));
}

#[tokio::test]
async fn answers_have_the_headers_of_the_switch_and_no_length() {
    let rig = Rig::new().await;
    let answer = rig.client().whole("/login.cgi").await.unwrap();
    let (head, _) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    for header in ["Connection: close", "X-Frame-Options: SAMEORIGIN", "Content-Type: text/html"] {
        assert!(head.contains(header), "{head}");
    }
    assert!(!head.to_lowercase().contains("content-length"), "{head}");
}

#[tokio::test]
async fn a_wrong_password_gives_the_login_again_with_a_reason_and_no_cookie() {
    let rig = Rig::new().await;
    let mut client = rig.client();
    let page = client.log_in("Password2").await;
    assert_eq!(client.sid, None);
    assert_ne!(between(&page, "pwdErrStyle'>", "<").unwrap(), "");
    let page = client.log_in("Password1").await;
    assert!(page.contains("/index.cgi"), "{page}");
    assert!(client.sid.is_some());
}

#[tokio::test]
async fn three_wrong_passwords_lock_the_login_even_for_the_right_one() {
    let rig = Rig::new().await;
    let mut client = rig.client();
    for _ in 0..3 {
        client.log_in("wrong").await;
    }
    let page = client.log_in("Password1").await;
    assert!(page.contains("maximum number of attempts"), "{page}");
    assert_eq!(client.sid, None);
    rig.seconds(299).await;
    client.log_in("Password1").await;
    assert_eq!(client.sid, None);
    rig.seconds(1).await;
    client.log_in("Password1").await;
    assert!(client.sid.is_some());
}

#[tokio::test]
async fn the_right_password_and_a_restart_forget_the_wrong_ones() {
    let rig = Rig::with(access(Access { sessions: 9, ..Access::default() })).await;
    let mut client = rig.client();
    for password in ["wrong", "wrong", "Password1", "wrong", "wrong", "Password1"] {
        client.log_in(password).await;
    }
    assert!(client.sid.is_some());
    let mut other = rig.client();
    for _ in 0..3 {
        other.log_in("wrong").await;
    }
    assert!(other.log_in("Password1").await.contains("maximum number of attempts"));
    client.post("/device_reboot.cgi", "").await;
    rig.seconds(30).await;
    other.log_in("Password1").await;
    assert!(other.sid.is_some());
}

#[tokio::test]
async fn a_second_session_is_refused_until_the_first_is_logged_out() {
    let rig = Rig::new().await;
    let first = rig.guest().await;
    let mut second = rig.client();
    let page = second.log_in("Password1").await;
    assert!(page.contains("maximum number of sessions"), "{page}");
    assert_eq!(second.sid, None);
    first.get("/logout.cgi").await;
    second.log_in("Password1").await;
    assert!(second.sid.is_some());
    assert!(first.get("/dashboard.cgi").await.contains("Redirect to Login"));
}

#[tokio::test]
async fn a_session_is_logged_out_by_a_form_as_well() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    client.send("/logout.cgi", "").await.unwrap();
    assert!(rig.guest().await.sid.is_some());
}

#[tokio::test]
async fn as_many_sessions_are_open_at_once_as_the_knob_says() {
    let rig = Rig::with(access(Access { sessions: 4, ..Access::default() })).await;
    for _ in 0..4 {
        rig.guest().await;
    }
    let mut fifth = rig.client();
    fifth.log_in("Password1").await;
    assert_eq!(fifth.sid, None);
}

#[tokio::test]
async fn an_idle_session_is_over_and_its_slot_is_free_some_time_later() {
    let rig = Rig::new().await;
    let first = rig.guest().await;
    for _ in 0..3 {
        rig.seconds(299).await;
        assert!(first.get("/dashboard.cgi").await.contains("switch_name"));
    }
    rig.seconds(300).await;
    assert!(first.get("/dashboard.cgi").await.contains("Redirect to Login"));
    let mut second = rig.client();
    assert!(second.log_in("Password1").await.contains("maximum number of sessions"));
    rig.seconds(300).await;
    second.log_in("Password1").await;
    assert!(second.sid.is_some());
}

/// Whether a login succeeds with a nonce, after what has happened since it was given.
async fn nonce_is_good(rand: RandScope, happens: Happens) -> bool {
    let rig = Rig::with(access(Access { rand, sessions: 9, ..Access::default() })).await;
    let mut client = rig.client();
    let page = client.get("/login.cgi").await;
    let nonce = between(&page, "id='rand' value='", "'").unwrap();
    match happens {
        Happens::Nothing => {}
        Happens::Page => drop(client.get("/login.cgi").await),
        Happens::Login => drop(client.clone().answer("Password1", nonce).await),
        Happens::Restart => {
            rig.guest().await.post("/device_reboot.cgi", "").await;
            rig.seconds(30).await;
        }
    }
    client.answer("Password1", nonce).await;
    client.sid.is_some()
}

enum Happens {
    Nothing,
    Page,
    Login,
    Restart,
}

#[tokio::test]
async fn a_nonce_is_good_as_long_as_the_knob_says() {
    for scope in [RandScope::Boot, RandScope::Page, RandScope::Once] {
        assert!(nonce_is_good(scope, Happens::Nothing).await, "{scope:?}");
        assert!(!nonce_is_good(scope, Happens::Restart).await, "{scope:?}");
        assert_eq!(nonce_is_good(scope, Happens::Page).await, scope != RandScope::Page);
        assert_eq!(nonce_is_good(scope, Happens::Login).await, scope != RandScope::Once);
    }
}

#[tokio::test]
async fn cookies_come_early_and_are_odd_where_the_knobs_say_so() {
    let knobs = Access { early: true, odd: true, ..Access::default() };
    let rig = Rig::with(access(knobs)).await;
    let page = rig.client().whole("/login.cgi").await.unwrap();
    let early = between(&page, "Set-Cookie: SID=", ";").unwrap();
    let mut client = rig.client();
    client.sid = Some(early.to_string());
    assert!(client.get("/dashboard.cgi").await.contains("Redirect to Login"));
    let guest = rig.guest().await;
    let strange = |it: char| ['[', '\\', '`'].contains(&it);
    assert!(guest.sid.as_ref().unwrap().contains(strange), "{guest:?}");
    assert!(guest.get("/dashboard.cgi").await.contains("switch_name"));
}

#[tokio::test]
async fn the_clock_may_go_on_by_itself_with_every_request() {
    let clock = rackberry_gs305ep::fake::Clock::by_request(Duration::from_secs(100));
    let room = super::rig::blueprint(rackberry_gs305ep::Model::Gs305ep);
    let knobs = Knobs { clock: clock.clone(), ..Knobs::default() };
    let rig = Rig::on(room, knobs, clock).await;
    let client = rig.guest().await;
    assert_eq!(rig.clock.now(), Duration::from_secs(200));
    assert!(client.get("/dashboard.cgi").await.contains("switch_name"));
}
