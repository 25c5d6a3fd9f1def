//! A test of the tests: for every law a device that breaks it, which it must catch.

/// Runs every law on a device that keeps it, and on the one that breaks it.
macro_rules! caught {
    ([$($law:ident)*] $broken:expr, $with:expr) => {$(
        #[tokio::test]
        async fn $law() {
            let (whole, broken) = ($broken(""), $broken(stringify!($law)));
            let verdict = rackberry_testkit::laws::$law(&whole, &$with).await;
            assert_eq!(verdict, rackberry_testkit::laws::Verdict::Holds);
            let with = $with;
            let law = async move { rackberry_testkit::laws::$law(&broken, &with).await };
            assert!(crate::mutants::panics(law).await, "the law caught nothing");
        }
    )*};
}

mod cluster;
mod failing;
mod guest;
mod node;
mod power;
mod storage;
mod switch;
mod together;

use rackberry_testkit::laws::Verdict;
use std::sync::atomic::{AtomicU64, Ordering};

/// Whether a law finds itself broken.
async fn panics(law: impl Future<Output = Verdict> + Send + 'static) -> bool {
    tokio::spawn(law).await.is_err_and(|it| it.is_panic())
}

/// Which law a device breaks, and how many times it was asked.
#[derive(Debug)]
pub(crate) struct Sin(&'static str, AtomicU64);

impl Sin {
    pub(crate) fn new(law: &'static str) -> Self {
        Self(law, AtomicU64::new(0))
    }

    /// Whether this is the law that is broken.
    pub(crate) fn is(&self, law: &str) -> bool {
        self.0 == law
    }

    /// Whether it was counted more than once.
    pub(crate) fn many(&self) -> bool {
        self.noted() > 1
    }

    /// Keeps a number, where none is counted.
    pub(crate) fn note(&self, number: u64) {
        self.1.store(number, Ordering::Relaxed);
    }

    pub(crate) fn noted(&self) -> u64 {
        self.1.load(Ordering::Relaxed)
    }

    /// Another number each time.
    pub(crate) fn count(&self) -> u64 {
        self.1.fetch_add(1, Ordering::Relaxed)
    }
}
