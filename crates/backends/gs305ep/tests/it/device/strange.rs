//! What answers is not the switch.

use rackberry_core::{ErrorKind, PortNo, Power, Switch};
use rackberry_gs305ep::{Config, Gs305ep};
use std::error::Error as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Answers everything with the same bytes, and keeps what was asked.
async fn always(answer: Vec<u8>) -> (Gs305ep, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let asked = Arc::new(Mutex::new(String::new()));
    let kept = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 4096];
            let read = stream.read(&mut request).await.unwrap_or(0);
            kept.lock().unwrap().push_str(&String::from_utf8_lossy(&request[..read]));
            let _ = stream.write_all(&answer).await;
        }
    });
    let config = Config {
        patience: Duration::from_secs(2),
        pace: Duration::ZERO,
        ..Config::new(address, "Sesame".into())
    };
    (Gs305ep::new(config), asked)
}

fn page(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n{body}").into()
}

/// The order fails with this kind, in time, and the password was not sent.
async fn refused(answer: Vec<u8>, kind: ErrorKind) {
    let begin = Instant::now();
    let (switch, asked) = always(answer).await;
    let why = switch.poe().unwrap().set_poe(PortNo(1), Power::Off).await.unwrap_err();
    assert_eq!(why.kind(), kind, "{why:?}");
    assert!(why.source().is_some(), "{why:?}");
    let asked = asked.lock().unwrap();
    assert!(!asked.contains("POST") && !asked.contains("password="), "{asked}");
    assert!(begin.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn another_web_server_is_not_sent_the_password() {
    refused(page("<html><title>It works!</title><body>hello</body></html>"), ErrorKind::Protocol)
        .await;
}

#[tokio::test]
async fn a_redirect_elsewhere_is_not_followed() {
    let moved = "HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nConnection: close\r\n\r\n";
    refused(moved.into(), ErrorKind::Protocol).await;
}

#[tokio::test]
async fn a_login_page_that_asks_for_something_new_is_not_answered() {
    let new = "<html><head><title>NETGEAR GS305EP</title></head><body>\
        <form name=login action=/login.cgi method=post><input type=hidden id=rand value=12345>\
        <input type=password id=password><input type=hidden name=password id=submitPwd>\
        <input name=otp id=otp></form></body></html>";
    refused(page(new), ErrorKind::Protocol).await;
}

#[tokio::test]
async fn a_page_without_an_end_is_given_up() {
    refused(page(&"<p>".repeat(4 << 20)), ErrorKind::Protocol).await;
}

#[tokio::test]
async fn what_is_no_text_and_no_http_is_an_error() {
    refused(page("\u{0}\u{fffd}<input id='rand'"), ErrorKind::Protocol).await;
    refused(vec![0xff; 2000], ErrorKind::Unreachable).await;
}

#[tokio::test]
async fn an_answer_that_never_comes_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let config = Config {
        patience: Duration::from_millis(200),
        ..Config::new(listener.local_addr().unwrap().to_string(), "Sesame".into())
    };
    let why = Gs305ep::new(config).observe().await.unwrap_err();
    assert_eq!(why.kind(), ErrorKind::Unreachable);
}
