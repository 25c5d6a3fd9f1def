//! The mocks, as a program that is built on the traits uses them.
use rackberry_core::mock::{MockGuests, MockNodeOs, MockPoe, MockSwitch};
use rackberry_core::{
    Error, ErrorKind, GuestPower, Guests, Milliwatts, NodeId, NodeOs, PoePower, PoePriority,
    PoeState, PortNo, PortSetting, PortState, Power, PowerCtl, Switch, SwitchState,
};
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// The answer of a future that never waits.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer,
        Poll::Pending => unreachable!("a mock does not wait"),
    }
}

fn state(power: Power) -> SwitchState {
    let poe = PoeState {
        power,
        delivers: false,
        class: None,
        draw: Milliwatts(4_200),
        priority: Default::default(),
        limit: None,
        gauge: Default::default(),
    };
    let port = PortState { poe: Some(poe), ..PortState::default() };
    SwitchState { ports: [(PortNo(3), port)].into(), ..SwitchState::default() }
}

#[test]
fn a_mocked_switch_feeds_a_port() {
    let mut switch = MockSwitch::new();
    switch.expect_observe().returning(|| Ok(state(Power::On)));
    switch.expect_poe().returning(|| {
        let mut poe = MockPoe::new();
        poe.expect_set_poe().returning(|port, _| match port {
            PortNo(3) => Ok(()),
            _ => Err(Error::new(ErrorKind::NotFound, "feed a port")),
        });
        Some(Box::leak(Box::new(poe)))
    });
    let switch: Arc<dyn Switch> = Arc::new(switch);
    let outlet = PoePower { switch: Arc::clone(&switch), port: PortNo(3) };
    assert_eq!(now(outlet.power()).unwrap(), Power::On);
    now(outlet.set_power(Power::Off)).unwrap();
    assert_eq!(now(outlet.draw()).unwrap(), Some(Milliwatts(4_200)));
    let absent = PoePower { switch, port: PortNo(4) };
    assert_eq!(now(absent.power()).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(now(absent.set_power(Power::On)).unwrap_err().kind(), ErrorKind::NotFound);
}

/// A switch that takes only the order that is expected, of port 3.
fn expecting(to: PortSetting) -> MockSwitch {
    let mut switch = MockSwitch::new();
    let mut poe = MockPoe::new();
    let done = |it: PortNo| if it == PortNo(3) { Ok(()) } else { Err(Error::not_found("set")) };
    match to {
        PortSetting::Enabled(yes) => {
            switch.expect_set_port().returning(move |port, it| done(port).and(is(it, yes)));
        }
        PortSetting::Feed(power) => {
            poe.expect_set_poe().returning(move |port, it| done(port).and(is(it, power)));
        }
        PortSetting::Limit(most) => {
            poe.expect_set_limit().returning(move |port, it| done(port).and(is(it, most)));
        }
        PortSetting::Priority(who) => {
            let set = move |port, it| done(port).and(is(it, who));
            poe.expect_set_priority().returning(set);
        }
    }
    let poe: &'static MockPoe = Box::leak(Box::new(poe));
    switch.expect_poe().returning(move || Some(poe));
    switch
}

/// Another order than the expected one fails.
fn is<T: PartialEq>(sent: T, expected: T) -> Result<(), Error> {
    if sent == expected { Ok(()) } else { Err(Error::new(ErrorKind::Invalid, "expect it")) }
}

const SETTINGS: [PortSetting; 4] = [
    PortSetting::Enabled(false),
    PortSetting::Feed(Power::Off),
    PortSetting::Limit(Some(Milliwatts(15_000))),
    PortSetting::Priority(PoePriority::High),
];

#[test]
fn each_setting_is_sent_as_its_own_order() {
    for to in SETTINGS {
        now(to.send(&expecting(to), PortNo(3))).unwrap();
        let why = now(to.send(&expecting(to), PortNo(4))).unwrap_err();
        assert_eq!(why.kind(), ErrorKind::NotFound, "{to:?}");
    }
}

#[test]
fn nothing_is_fed_by_a_switch_without_poe_and_its_ports_are_switched_all_the_same() {
    for to in SETTINGS {
        let mut switch = MockSwitch::new();
        switch.expect_poe().returning(|| None);
        switch.expect_set_port().returning(|_, _| Ok(()));
        let sent = now(to.send(&switch, PortNo(3))).map_err(|why| why.kind());
        let is_fed = !matches!(to, PortSetting::Enabled(_));
        assert_eq!(sent, if is_fed { Err(ErrorKind::NotFound) } else { Ok(()) }, "{to:?}");
    }
}

#[test]
fn a_mocked_host_switches_its_guest() {
    let mut host = MockNodeOs::new();
    host.expect_guests().returning(|| {
        let mut guests = MockGuests::new();
        guests.expect_set_power().returning(|guest, _| match guest.as_str() {
            "vm" => Ok(()),
            _ => Err(Error::not_found("find the guest")),
        });
        Some(Box::leak(Box::new(guests)) as &dyn Guests)
    });
    let host: Arc<dyn NodeOs> = Arc::new(host);
    let power = |guest: &str| GuestPower { host: Arc::clone(&host), guest: NodeId::new(guest) };
    now(power("vm").set_power(Power::On)).unwrap();
    assert_eq!(now(power("vm").draw()).unwrap(), None);
    let absent = now(power("other").set_power(Power::On)).unwrap_err();
    assert_eq!(absent.kind(), ErrorKind::NotFound);
}
