//! Who is talked to: nobody else is sent the password.

use super::rack::{Rack, blueprint, config, knobs, sw};
use rackberry_core::{ErrorKind, Switch};
use rackberry_routeros::fake::{Fake, Knobs, Served};
use rackberry_routeros::{Config, Fingerprint, RouterOs, Trust};
use rackberry_testkit::World;
use std::error::Error;
use std::net::SocketAddr;

async fn served(knobs: Knobs) -> (World, Served) {
    let world = World::new(blueprint());
    let served = Fake::serve(world.switch(&sw()), knobs).await.unwrap();
    (world, served)
}

fn pinned(text: &str) -> Trust {
    Trust::Fingerprint(Fingerprint::try_from(text.to_owned()).unwrap())
}

fn trusting(served: &Served, trust: Trust) -> RouterOs {
    RouterOs::new(Config { trust, ..config(served) })
}

async fn is_refused(served: &Served, trust: Trust, kind: ErrorKind) -> String {
    let switch = trusting(served, trust);
    let why = switch.observe().await.unwrap_err();
    assert_eq!(why.kind(), kind, "{why:?}");
    assert_eq!(served.requests(), 0, "something was asked");
    why.source().map(ToString::to_string).unwrap_or_default()
}

#[tokio::test]
async fn the_pinned_certificate_is_talked_to_whatever_stands_in_it() {
    let listen = SocketAddr::from(([127, 0, 0, 2], 0));
    let (_world, served) = served(Knobs { listen, ..Knobs::default() }).await;
    trusting(&served, pinned(served.fingerprint())).observe().await.unwrap();
}

#[tokio::test]
async fn another_certificate_than_the_pinned_one_is_asked_nothing() {
    let (_world, served) = served(Knobs::default()).await;
    let said = is_refused(&served, pinned(&"ab".repeat(32)), ErrorKind::Invalid).await;
    assert!(said.contains(served.fingerprint()) && said.contains("abab"), "{said}");
}

#[tokio::test]
async fn a_certificate_of_another_authority_is_asked_nothing() {
    let (_world, served) = served(Knobs::default()).await;
    let (_other_world, other) = self::served(Knobs::default()).await;
    let trust = Trust::Authority(other.authority().into());
    is_refused(&served, trust, ErrorKind::Invalid).await;
}

#[tokio::test]
async fn a_certificate_for_another_host_is_asked_nothing() {
    let listen = SocketAddr::from(([127, 0, 0, 2], 0));
    let (_world, served) = served(Knobs { listen, ..Knobs::default() }).await;
    let trust = Trust::Authority(served.authority().into());
    is_refused(&served, trust, ErrorKind::Invalid).await;
}

#[tokio::test]
async fn a_switch_without_tls_is_not_asked_where_tls_is_configured() {
    let (_world, served) = served(knobs()).await;
    is_refused(&served, pinned(&"ab".repeat(32)), ErrorKind::Unreachable).await;
}

#[tokio::test]
async fn what_is_no_certificate_is_refused_before_anything_is_asked() {
    let rack = Rack::new().await;
    for pem in ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        is_refused(&rack.served, Trust::Authority(pem.into()), ErrorKind::Invalid).await;
    }
}

#[test]
fn a_fingerprint_is_read_with_and_without_colons() {
    let plain = "0123456789abcdef".repeat(4);
    let colons: Vec<String> =
        plain.as_bytes().chunks(2).map(|it| String::from_utf8(it.to_vec()).unwrap()).collect();
    let read = |text: String| Fingerprint::try_from(text);
    assert_eq!(read(colons.join(":").to_uppercase()), read(plain.clone()));
    assert_eq!(read(plain.clone()).unwrap().to_string(), plain);
    for wrong in
        ["", "abc", &plain[1..], &format!("{plain}0"), &plain.replace('0', "g"), &"é".repeat(64)]
    {
        assert!(read(wrong.to_owned()).unwrap_err().contains("64 hexadecimal digits"));
    }
}

#[test]
fn a_configuration_says_by_name_how_the_switch_is_known_again() {
    let read = |trust: &str| {
        let text = format!(r#"{{"address":"sw","user":"u","password":"hunter2","trust":{trust}}}"#);
        serde_json::from_str::<Config>(&text)
    };
    let pin = format!(r#"{{"fingerprint":"{}"}}"#, "ab".repeat(32));
    assert_eq!(read(&pin).unwrap().trust, pinned(&"ab".repeat(32)));
    assert_eq!(read(r#""plain-http""#).unwrap().trust, Trust::PlainHttp);
    assert!(read(r#"{"fingerprint":"ab"}"#).is_err() && read(r#""anybody""#).is_err());
    assert!(
        serde_json::from_str::<Config>(r#"{"address":"sw","user":"u","password":"p"}"#).is_err()
    );
    assert!(!format!("{:?}", read(&pin).unwrap()).contains("hunter2"));
}
