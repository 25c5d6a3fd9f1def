//! Every law of an outlet, on the backend as it is and on strips as they come.

use super::{NetioOutlet, four, strip};
use rackberry::core::{Power, PowerCtl};
use rackberry::testkit::conform;
use rackberry::testkit::laws::{self, Outlet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

async fn at(
    obey: impl FnMut(&str) -> Option<String> + Send + 'static,
    number: u8,
    password: &str,
) -> Arc<dyn PowerCtl> {
    let strip = strip(obey).await.unwrap();
    Arc::new(NetioOutlet { strip, password: password.into(), number })
}

async fn sound() -> Arc<dyn PowerCtl> {
    at(four(|_, to| to), 1, "sesame").await
}

async fn absent() -> Arc<dyn PowerCtl> {
    at(four(|_, to| to), 9, "sesame").await
}

async fn locked() -> Arc<dyn PowerCtl> {
    at(four(|_, to| to), 1, "guessed").await
}

async fn hanging_up() -> Arc<dyn PowerCtl> {
    at(|_| None, 1, "sesame").await
}

async fn babbling() -> Arc<dyn PowerCtl> {
    at(|_| Some("250 \u{2603}".into()), 1, "sesame").await
}

conform!(power: sound, Outlet::default(), skips: ["draw"]);
conform!(absent_power: absent, Outlet::default(), skips: []);
conform!(locked_power: locked, Outlet::default(), skips: []);
conform!(silent_power: hanging_up, Outlet::default(), skips: []);
conform!(garbled_power: babbling, Outlet::default(), skips: []);

/// The mutant: a strip that takes every order for one to toggle.
#[tokio::test]
async fn a_strip_that_toggles_is_caught() {
    let broken = at(four(|is, _| !is), 1, "sesame").await;
    let law = async move { laws::power_set_is_absolute(&*broken, &Outlet::default()).await };
    assert!(tokio::spawn(law).await.is_err_and(|it| it.is_panic()), "the law caught nothing");
}

/// What no law can see from outside, a fake can count.
#[tokio::test]
async fn an_order_is_sent_once_even_where_its_answer_is_lost() {
    let orders = Arc::new(AtomicUsize::new(0));
    let count = orders.clone();
    let hangs_up = move |_: &str| {
        count.fetch_add(1, Ordering::Relaxed);
        None
    };
    let outlet = at(hangs_up, 1, "sesame").await;
    assert!(outlet.set_power(Power::On).await.unwrap_err().kind().is_uncertain());
    assert_eq!(orders.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn the_password_does_not_show() {
    let outlet = format!("{:?}", sound().await);
    assert!(outlet.contains("NetioOutlet") && !outlet.contains("sesame"), "{outlet}");
}
