use super::rig::{Rig, body};
use rackberry_core::SwitchId;
use rackberry_gs305ep::fake::{Fault, Knobs, Transport};
use std::time::Duration;

const OFF: &str = "port2=checked&SPEED=2";

/// Sends one order with a fault: what came back, and whether the order was carried out.
async fn order(fault: Fault) -> (std::io::Result<String>, bool, Rig) {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    let form = format!("{OFF}&hash={}", client.hash().await);
    rig.served.next_fault(fault);
    let answer = client.send("/port_status.cgi", &form).await;
    let done = !rig.port(2).await.enabled;
    (answer, done, rig)
}

#[tokio::test]
async fn a_connection_may_be_reset_before_or_after_the_order_is_carried_out() {
    for (fault, expected) in [(Fault::ResetBefore, false), (Fault::ResetAfter, true)] {
        let (answer, done, _) = order(fault).await;
        assert_eq!(answer.unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);
        assert_eq!(done, expected, "{fault:?}");
    }
}

#[tokio::test]
async fn an_empty_reply_and_a_stub_change_nothing() {
    let (answer, done, _) = order(Fault::Empty).await;
    assert_eq!((answer.unwrap().as_str(), done), ("", false));
    let (answer, done, _) = order(Fault::Stub).await;
    assert_eq!((body(&answer.unwrap()).len(), done), (303, false));
}

#[tokio::test]
async fn a_stale_hash_is_refused_once_and_the_new_one_is_good() {
    let (answer, done, rig) = order(Fault::StaleHash).await;
    assert_eq!((body(&answer.unwrap()), done), ("CHECK HASH FAILED", false));
    drop(rig);
}

#[tokio::test]
async fn a_session_that_another_client_has_taken_is_over_and_its_slot_taken() {
    let (answer, done, rig) = order(Fault::Stolen).await;
    assert!(answer.unwrap().contains("Redirect to Login") && !done);
    let mut client = rig.client();
    assert!(client.log_in("Password1").await.contains("maximum number of sessions"));
}

#[tokio::test]
async fn a_switch_that_restarts_does_not_carry_out_the_order_and_is_silent_for_a_while() {
    let (answer, done, rig) = order(Fault::Reboot).await;
    assert_eq!((answer.unwrap().as_str(), done), ("", false));
    assert_eq!(rig.client().get("/login.cgi").await, "");
    rig.seconds(30).await;
    assert!(rig.guest().await.sid.is_some());
}

#[tokio::test]
async fn a_page_may_end_in_its_middle() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    let page = client.get("/vlan.cgi").await;
    rig.served.next_fault(Fault::Truncated);
    let cut = client.get("/vlan.cgi").await;
    assert!(page.starts_with(&cut) && cut.len() == page.len().div_ceil(2), "{}", cut.len());
}

/// Lets time pass in steps until an answer is there, and says how long it took.
async fn timed(rig: &Rig, path: &'static str) -> Duration {
    let client = rig.client();
    let before = rig.clock.now();
    let answer = tokio::spawn(async move { client.get(path).await });
    while !answer.is_finished() {
        rig.clock.advance(Duration::from_millis(100));
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert!(answer.await.unwrap().contains("id='rand'"));
    rig.clock.now() - before
}

#[tokio::test]
async fn answers_take_the_time_that_the_knobs_and_faults_say() {
    let latency = Duration::from_millis(300);
    let slow = [("/login.cgi".to_string(), Duration::from_secs(2))].into();
    let transport = Transport { latency, slow, ..Transport::default() };
    let rig = Rig::with(Knobs { transport, ..Knobs::default() }).await;
    let took = timed(&rig, "/login.cgi").await;
    assert!(took >= Duration::from_millis(2_300), "{took:?}");
    rig.served.next_fault(Fault::Slow(Duration::from_secs(5)));
    let took = timed(&rig, "/login.cgi").await;
    assert!(took >= Duration::from_millis(7_300), "{took:?}");
}

#[tokio::test]
async fn more_requests_than_it_bears_get_an_empty_reply() {
    let burst = Some((6, Duration::from_secs(10)));
    let transport = Transport { burst, ..Transport::default() };
    let rig = Rig::with(Knobs { transport, ..Knobs::default() }).await;
    let client = rig.client();
    for _ in 0..6 {
        assert_ne!(client.get("/login.cgi").await, "");
    }
    assert_eq!(client.whole("/login.cgi").await.unwrap(), "");
    rig.seconds(10).await;
    assert_ne!(client.get("/login.cgi").await, "");
}

#[tokio::test]
async fn the_answer_to_new_addresses_is_lost_where_the_knob_says_so() {
    let transport = Transport { readdressing_is_silent: true, ..Transport::default() };
    let rig = Rig::with(Knobs { transport, ..Knobs::default() }).await;
    let client = rig.guest().await;
    assert_eq!(client.post("/ip_dhcp.cgi", "dhcpMode=0&ip_address=10.1.1.1").await, "");
    assert!(client.get("/ip_dhcp.cgi").await.contains("10.1.1.1"));
}

#[tokio::test]
async fn a_switch_that_is_lost_closes_every_connection_without_an_answer() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    rig.world.lose_switch(&SwitchId::new("sw"));
    for path in ["/", "/login.cgi", "/dashboard.cgi", "/getPoePortStatus.cgi"] {
        assert_eq!(client.whole(path).await.unwrap(), "", "{path}");
    }
}

#[tokio::test]
async fn the_journal_holds_every_request_in_order() {
    let rig = Rig::new().await;
    let client = rig.guest().await;
    rig.seconds(7).await;
    client.post("/port_status.cgi", "port2=checked&DESCRIPTION=a+b").await;
    let journal = rig.served.journal();
    let seen: Vec<_> = journal.iter().map(|it| (it.method.as_str(), it.path.as_str())).collect();
    let login = [("GET", "/login.cgi"), ("POST", "/login.cgi")];
    assert_eq!(seen[..2], login);
    assert_eq!(seen[2..], [("GET", "/dashboard.cgi"), ("POST", "/port_status.cgi")]);
    assert_eq!(rig.served.requests(), 4);
    let last = journal.last().unwrap();
    assert_eq!((last.number, last.at), (4, Duration::from_secs(7)));
    assert_eq!(last.field("DESCRIPTION"), Some("a b"));
}

#[tokio::test]
async fn what_is_no_request_or_too_long_is_not_answered_and_does_no_harm() {
    let rig = Rig::new().await;
    let client = rig.client();
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(100_000));
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(200));
    let odd: [&[u8]; 8] = [
        b"\0\xff\xfe\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /login.cgi HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /login.cgi HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST /login.cgi HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n",
        b"\r\n",
        long.as_bytes(),
        many.as_bytes(),
    ];
    for bytes in odd {
        let mut stream = tokio::net::TcpStream::connect(client.address).await.unwrap();
        // The switch may close before it has read all of it.
        let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, bytes).await;
        let _ = tokio::io::AsyncWriteExt::shutdown(&mut stream).await;
        let mut answer = Vec::new();
        let _ = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut answer).await;
        assert_eq!(answer, b"");
    }
    assert!(client.get("/login.cgi").await.contains("id='rand'"));
    let odd = b"POST /login.cgi HTTP/1.1\r\nContent-Length: 12\r\n\r\npassword=\xff\xfe\xfd";
    assert!(client.raw(odd).await.unwrap().contains("pwdErrStyle"));
}

#[tokio::test]
async fn a_switch_is_gone_when_it_is_dropped() {
    let rig = Rig::new().await;
    let client = rig.client();
    drop(rig);
    tokio::task::yield_now().await;
    assert!(client.whole("/login.cgi").await.is_err());
}
