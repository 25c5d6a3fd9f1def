//! What answers is not the switch, or not as it should.

use rackberry_core::{ErrorKind, PortNo, Power, Switch};
use rackberry_routeros::{Config, RouterOs, Trust};
use std::error::Error as _;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const SECRET: &str = "Sesame";
/// `admin:Sesame`, as it stands in requests.
const ENCODED: &str = "YWRtaW46U2VzYW1l";

/// Answers everything with the same bytes.
async fn always(answer: Vec<u8>) -> RouterOs {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(&answer).await;
        }
    });
    let patience = Duration::from_secs(3);
    let config = Config::new(address, "admin", SECRET.into(), Trust::PlainHttp);
    RouterOs::new(Config { patience, ..config })
}

fn with(status: &str, body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// Orders and readings fail with this kind, in time, and say nothing of the password.
async fn refused(answer: Vec<u8>, kind: ErrorKind) {
    let begin = Instant::now();
    let switch = always(answer).await;
    let order = switch.poe().unwrap().set_poe(PortNo(1), Power::Off).await.unwrap_err();
    let reading = switch.observe().await.unwrap_err();
    for why in [order, reading] {
        assert_eq!(why.kind(), kind, "{why:?}");
        let said = format!("{why} {why:?} {:?} {switch:?}", why.source());
        assert!(!said.contains(SECRET) && !said.contains(ENCODED), "{said}");
        assert!(said.len() < 4_000, "{}", said.len());
    }
    assert!(begin.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn another_web_server_is_not_understood() {
    refused(with("200 OK", b"<html><title>It works!</title>"), ErrorKind::Protocol).await;
    refused(with("404 Not Found", b"<html>no</html>"), ErrorKind::Protocol).await;
    refused(with("503 Service Unavailable", b""), ErrorKind::Protocol).await;
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let moved =
        "HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/rest\r\nContent-Length: 0\r\n\r\n";
    refused(moved.into(), ErrorKind::Protocol).await;
}

#[tokio::test]
async fn an_answer_of_ten_megabytes_is_given_up() {
    refused(with("200 OK", &b"[{},".repeat(2_500_000)), ErrorKind::Protocol).await;
    let claimed = "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n[";
    refused(claimed.into(), ErrorKind::Unreachable).await;
}

#[tokio::test]
async fn what_is_no_text_no_json_and_no_http_is_an_error() {
    refused(with("200 OK", &[0xff; 100]), ErrorKind::Protocol).await;
    refused(with("200 OK", b"[[[["), ErrorKind::Protocol).await;
    refused(with("200 OK", &b"[".repeat(100_000)), ErrorKind::Protocol).await;
    refused(with("200 OK", b"[{\".id\":\"*1\",\"name\":{}}]"), ErrorKind::Protocol).await;
    refused(with("200 OK", b"[{\".id\":"), ErrorKind::Unreachable).await;
    refused(vec![0xff; 2000], ErrorKind::Unreachable).await;
    refused(Vec::new(), ErrorKind::Unreachable).await;
}

#[tokio::test]
async fn whoever_may_not_is_denied_and_whoever_fails_is_in_doubt() {
    let denied = br#"{"error":401,"message":"Unauthorized"}"#;
    refused(with("401 Unauthorized", denied), ErrorKind::Denied).await;
    let policy =
        br#"{"detail":"not enough permissions (9)","error":500,"message":"Internal Server Error"}"#;
    refused(with("500 Internal Server Error", policy), ErrorKind::Denied).await;
    let late = br#"{"detail":"Session closed","error":400,"message":"Bad Request"}"#;
    refused(with("500 Internal Server Error", late), ErrorKind::Protocol).await;
}

#[tokio::test]
async fn what_is_not_there_is_not_found_and_what_is_declined_is_refused() {
    let absent = br#"{"detail":"no such item","error":404,"message":"Not Found"}"#;
    refused(with("404 Not Found", absent), ErrorKind::NotFound).await;
    let declined = br#"{"detail":"unknown parameter x","error":400,"message":"Bad Request"}"#;
    refused(with("400 Bad Request", declined), ErrorKind::Refused).await;
    // RouterOS says the status twice, and the same.
    refused(with("400 Bad Request", absent), ErrorKind::Protocol).await;
}

#[tokio::test]
async fn an_answer_that_never_comes_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let config = Config::new(address, "admin", SECRET.into(), Trust::PlainHttp);
    let switch = RouterOs::new(Config { patience: Duration::from_millis(200), ..config });
    assert_eq!(switch.observe().await.unwrap_err().kind(), ErrorKind::Unreachable);
}
