use super::rack::{Rack, blueprint, config, knobs, sw};
use rackberry_core::{
    Celsius, Error, ErrorKind, Milliamperes, Milliwatts, PoeGauge, PoePriority, PortNo, Power,
    Switch, Volts,
};
use rackberry_gs305ep::fake::{Access, Fault, Knobs};
use rackberry_gs305ep::{Config, Gs305ep, Model};
use rackberry_testkit::World;
use std::error::Error as _;
use std::time::Duration;

fn paths(rack: &Rack) -> Vec<String> {
    rack.served.journal().into_iter().map(|it| format!("{} {}", it.method, it.path)).collect()
}

fn written(rack: &Rack) -> Vec<String> {
    paths(rack).into_iter().filter(|it| it.starts_with("POST")).collect()
}

fn why(error: &Error) -> String {
    error.source().map(ToString::to_string).unwrap_or_default()
}

#[tokio::test]
async fn a_second_look_costs_four_requests_and_no_login() {
    let rack = Rack::new().await;
    rack.switch.observe().await.unwrap();
    let before = paths(&rack).len();
    rack.switch.observe().await.unwrap();
    let pages = ["/dashboard.cgi", "/portStatistics.cgi", "/getPoePortStatus.cgi", "/vlan.cgi"];
    assert_eq!(paths(&rack)[before..], pages.map(|it| format!("GET {it}")));
}

#[tokio::test]
async fn what_is_read_is_what_the_switch_behind_the_pages_shows() {
    let rack = Rack::new().await;
    rack.switch.set_port(PortNo(3), false).await.unwrap();
    let mut seen = rack.switch.observe().await.unwrap();
    let gauge = &seen.ports[&PortNo(1)].poe.as_ref().unwrap().gauge;
    let measured = (gauge.voltage, gauge.current, gauge.temperature, gauge.fault.as_deref());
    assert_eq!(measured, (Some(Volts(53)), Some(Milliamperes(82)), Some(Celsius(31)), None));
    // The room measures nothing but watts.
    seen.ports
        .values_mut()
        .filter_map(|it| it.poe.as_mut())
        .for_each(|it| it.gauge = PoeGauge::default());
    let mut room = rack.world.switch(&sw()).observe().await.unwrap();
    // As it leaves its maker every port has a limit of its own, and the room knows of none.
    for poe in room.ports.values_mut().filter_map(|it| it.poe.as_mut()) {
        poe.limit = Some(Milliwatts(30_000));
    }
    assert!(room.ports[&PortNo(1)].link.is_some() && room.ports[&PortNo(3)].link.is_none());
    assert_eq!(seen, room);
}

#[tokio::test]
async fn settings_of_poe_are_read_again_after_a_minute() {
    let rack = Rack::new().await;
    rack.switch.observe().await.unwrap();
    let read = |it: &String| it == "GET /PoEPortConfig.cgi";
    for (seconds, times) in [(59, 1), (2, 2), (59, 2)] {
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(seconds)).await;
        tokio::time::resume();
        rack.switch.observe().await.unwrap();
        assert_eq!(paths(&rack).into_iter().filter(read).count(), times, "{seconds}");
    }
}

#[tokio::test]
async fn the_switch_is_left_alone_between_two_requests() {
    let rack = Rack::new().await;
    let pace = Duration::from_millis(40);
    let slow = Gs305ep::new(Config { pace, ..config(&rack.served) });
    let begin = std::time::Instant::now();
    slow.observe().await.unwrap();
    assert_eq!(paths(&rack).len(), 7);
    assert!(begin.elapsed() >= 6 * pace, "{:?}", begin.elapsed());
}

#[tokio::test]
async fn settings_of_poe_that_another_client_changed_are_seen() {
    let rack = Rack::new().await;
    rack.switch.observe().await.unwrap();
    let other = rack.world.switch(&sw());
    other.poe().unwrap().set_poe(PortNo(1), Power::Off).await.unwrap();
    let seen = rack.switch.observe().await.unwrap();
    assert_eq!(seen.ports[&PortNo(1)].poe.as_ref().unwrap().power, Power::Off);
}

#[tokio::test]
async fn what_is_so_already_is_not_sent() {
    let rack = Rack::new().await;
    let seen = rack.switch.observe().await.unwrap();
    let poe = rack.switch.poe().unwrap();
    poe.set_poe(PortNo(1), Power::On).await.unwrap();
    poe.set_priority(PortNo(1), PoePriority::Low).await.unwrap();
    rack.switch.set_port(PortNo(1), true).await.unwrap();
    rack.switch.set_vlans(seen.vlans.as_ref().unwrap()).await.unwrap();
    assert_eq!(written(&rack), ["POST /login.cgi"]);
}

#[tokio::test]
async fn the_session_ends_with_the_client_and_another_can_begin() {
    let rack = Rack::new().await;
    rack.switch.observe().await.unwrap();
    let other = Gs305ep::new(config(&rack.served));
    let taken = other.observe().await.unwrap_err();
    assert_eq!(taken.kind(), ErrorKind::Refused);
    assert!(why(&taken).contains("maximum number of sessions"), "{}", why(&taken));
    rack.switch.close().await.unwrap();
    other.observe().await.unwrap();
    drop(other);
    rack.switch.observe().await.unwrap();
}

#[tokio::test]
async fn a_session_that_the_switch_forgot_is_begun_again() {
    let rack = Rack::new().await;
    rack.switch.observe().await.unwrap();
    rack.served.next_fault(Fault::Reboot);
    rack.switch.observe().await.unwrap_err();
    rack.served.clock().advance(Duration::from_secs(600));
    rack.switch.observe().await.unwrap();
}

#[tokio::test]
async fn a_wrong_password_is_denied_and_not_repeated() {
    let rack = Rack::new().await;
    let other = Gs305ep::new(Config { password: "Sesame".into(), ..config(&rack.served) });
    let denied = other.observe().await.unwrap_err();
    assert_eq!(denied.kind(), ErrorKind::Denied);
    assert!(!format!("{denied:?} {denied} {other:?}").contains("Sesame"));
    assert_eq!(paths(&rack), ["GET /login.cgi", "POST /login.cgi"]);
}

#[tokio::test]
async fn too_many_wrong_passwords_are_told_from_a_wrong_one() {
    let access = Access { failures: 1, ..Access::default() };
    let rack = Rack::with(World::new(blueprint()), Knobs { access, ..knobs() }).await;
    let other = Gs305ep::new(Config { password: "wrong".into(), ..config(&rack.served) });
    other.observe().await.unwrap_err();
    let locked = other.observe().await.unwrap_err();
    assert_eq!(locked.kind(), ErrorKind::Refused);
    assert!(why(&locked).contains("attempts"), "{}", why(&locked));
}

#[tokio::test]
async fn another_model_is_never_sent_the_password() {
    let rack = Rack::new().await;
    let other = Gs305ep::new(Config { model: Some(Model::Gs308ep), ..config(&rack.served) });
    let wrong = other.observe().await.unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::Invalid);
    assert!(why(&wrong).contains("GS305EP") && why(&wrong).contains("GS308EP"), "{}", why(&wrong));
    assert_eq!(paths(&rack), ["GET /login.cgi"]);
}

#[tokio::test]
async fn a_switch_with_another_serial_number_is_never_written_to() {
    let rack = Rack::new().await;
    let serial = Some("not-this-one".to_owned());
    let other = Gs305ep::new(Config { serial, ..config(&rack.served) });
    let orders = [
        other.poe().unwrap().set_poe(PortNo(1), Power::Off).await,
        other.set_port(PortNo(1), false).await,
        other.observe().await.map(|_| ()),
    ];
    for order in orders {
        assert_eq!(order.unwrap_err().kind(), ErrorKind::Invalid);
    }
    assert_eq!(written(&rack), ["POST /login.cgi"]);
}
