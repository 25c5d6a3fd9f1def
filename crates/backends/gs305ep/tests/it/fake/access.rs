use super::rig::{PASSWORD, Rig, between, body};
use rackberry_gs305ep::fake::{Access, HashScope, Knobs};

const OFF: &str = "port2=checked&SPEED=2";

#[tokio::test]
async fn an_unknown_page_is_a_stub_with_status_200() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    let stub = client.get("/igmp.cgi").await;
    assert_eq!(stub.len(), 303);
    assert_eq!(client.post("/mirror.cgi", "a=b").await, stub);
}

#[tokio::test]
async fn an_order_with_a_wrong_hash_or_none_changes_nothing() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    for form in [format!("{OFF}&hash=0123"), OFF.to_string()] {
        let answer = client.send("/port_status.cgi", &form).await.unwrap();
        assert_eq!(body(&answer), "CHECK HASH FAILED");
    }
    assert!(rig.port(2).await.enabled);
    assert_eq!(client.post("/port_status.cgi", OFF).await, "SUCCESS");
    assert!(!rig.port(2).await.enabled);
}

#[tokio::test]
async fn a_hash_is_good_for_the_session_and_no_longer() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    let hash = client.hash().await;
    assert_eq!(client.hash().await, hash);
    client.get("/logout.cgi").await;
    let client = rig.guest().await;
    let answer = client.send("/port_status.cgi", &format!("{OFF}&hash={hash}")).await.unwrap();
    assert_eq!(body(&answer), "CHECK HASH FAILED");
}

#[tokio::test]
async fn a_hash_is_good_for_its_page_alone_where_the_knob_says_so() {
    let access = Access { hash: HashScope::Page, ..Access::default() };
    let rig = Rig::with(Knobs { access, ..Knobs::default() }).await;
    let client = rig.guest().await;
    let (old, new) = (client.hash().await, client.hash().await);
    assert_ne!(old, new);
    let answer = client.send("/port_status.cgi", &format!("{OFF}&hash={old}")).await.unwrap();
    assert_eq!(body(&answer), "CHECK HASH FAILED");
    let answer = client.send("/port_status.cgi", &format!("{OFF}&hash={new}")).await.unwrap();
    assert_eq!(body(&answer), "SUCCESS");
}

#[tokio::test]
async fn pages_are_for_requests_from_inside_where_the_knob_says_so() {
    let access = Access { referer: true, ..Access::default() };
    let rig = Rig::with(Knobs { access, ..Knobs::default() }).await;
    let client = rig.guest().await;
    assert!(client.get("/dashboard.cgi").await.contains("Redirect to Login"));
    let sid = client.sid.as_deref().unwrap();
    let from = "Referer: http://192.168.0.239/index.cgi";
    let head = format!("GET /dashboard.cgi HTTP/1.1\r\nCookie: SID={sid}\r\n{from}\r\n\r\n");
    assert!(client.raw(head.as_bytes()).await.unwrap().contains("switch_name"));
}

/// "Password1" and "Password2", and what is no Base64.
const ONE: &str = "UGFzc3dvcmQx";
const TWO: &str = "UGFzc3dvcmQy";

#[tokio::test]
async fn a_new_password_ends_the_session_and_replaces_the_old_one() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    for wrong in
        [format!("oldPasswd={TWO}&newPasswd={TWO}"), format!("oldPasswd={ONE}&newPasswd=!")]
    {
        assert_eq!(client.post("/change_password.cgi", &wrong).await, "INCORRECT");
    }
    let form = format!("oldPasswd={ONE}&newPasswd={TWO}");
    assert_eq!(client.post("/change_password.cgi", &form).await, "SUCCESS");
    assert!(client.get("/dashboard.cgi").await.contains("Redirect to Login"));
    let mut client = rig.client();
    client.log_in(PASSWORD).await;
    assert_eq!(client.sid, None);
    client.log_in("Password2").await;
    assert!(client.sid.is_some());
}

#[tokio::test]
async fn a_fresh_switch_gives_no_page_before_its_password_is_changed() {
    let rig = Rig::with(Knobs { fresh: true, ..Knobs::default() }).await;
    let client = rig.guest().await;
    assert!(client.get("/dashboard.cgi").await.contains("top.location.href = \"/index.cgi\""));
    assert_eq!(client.get("/changeDefPwdCk.cgi").await.len(), 303);
    let sid = client.sid.clone().unwrap();
    let from = format!("Cookie: SID={sid}\r\nReferer: http://x/index.cgi\r\n");
    let page = format!("GET /changeDefPwdCk.cgi HTTP/1.1\r\n{from}\r\n");
    let page = client.raw(page.as_bytes()).await.unwrap();
    let hash = between(&page, "id='hashEle' value=\"", "\"").unwrap();
    let form = format!("oldPasswd={ONE}&newPasswd={TWO}&hash={hash}");
    let head = format!(
        "POST /change_password.cgi HTTP/1.1\r\n{from}Content-Length: {}\r\n\r\n",
        form.len()
    );
    let answer = client.raw(format!("{head}{form}").as_bytes()).await.unwrap();
    assert_eq!(body(&answer), "SUCCESS");
    let mut client = rig.client();
    client.log_in("Password2").await;
    assert!(client.get("/dashboard.cgi").await.contains("switch_name"));
}

#[tokio::test]
async fn no_password_is_in_the_journal_or_in_what_is_printed_for_debugging() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    client.post("/change_password.cgi", &format!("oldPasswd={ONE}&newPasswd={TWO}")).await;
    let journal = rig.served.journal();
    let login = journal.iter().find(|it| it.path == "/login.cgi" && it.method == "POST").unwrap();
    assert_eq!(login.field("password"), Some(""));
    let change = journal.last().unwrap();
    assert_eq!((change.field("oldPasswd"), change.field("newPasswd")), (Some(""), Some("")));
    let printed = format!("{:?} {journal:?}", rig.served);
    for secret in [PASSWORD, ONE, TWO, "Password2"] {
        assert!(!printed.contains(secret), "{secret}");
    }
}
