//! The mocks, as a program that is built on the traits uses them.
use rackberry_core::mock::{MockGuests, MockNodeOs, MockPoe, MockSwitch};
use rackberry_core::{
    Error, ErrorKind, GuestPower, Guests, Milliwatts, NodeId, NodeOs, PoePower, PoeState, PortNo,
    PortState, Power, PowerCtl, Switch, SwitchState,
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
