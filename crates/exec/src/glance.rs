//! One look for all who wait for it.
//!
//! Sixty steps may wait for one cluster at a time. Each needs a look that begins after its own order was sent, and one
//! look can be that for all of them: whoever comes first waits for the device's turn, and looks for everybody who has
//! come by then.

use crate::look::Spot;
use crate::{Fleet, Sight};
use rackberry_plan::{Fact, Observed};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use tokio::sync::oneshot::{Receiver, Sender, channel};

/// What is seen in one spot; nothing where it did not answer.
type View = Option<Arc<Observed>>;

/// What some facts were looked up for.
pub(crate) struct Glance<'a> {
    fleet: &'a Fleet,
    views: BTreeMap<Spot, View>,
}

impl Glance<'_> {
    /// The first of these facts that is not seen. What did not answer is not seen, whatever the fact.
    pub(crate) fn missing<'f>(&self, facts: &'f [Fact]) -> Option<&'f Fact> {
        facts.iter().find(|it| !self.holds(it))
    }

    fn holds(&self, fact: &Fact) -> bool {
        let view = self.fleet.spot(fact.subject()).and_then(|it| self.views.get(&it)?.clone());
        view.is_some_and(|it| fact.holds(&it))
    }
}

/// Who waits for a look that has not begun, but for the one who will do it.
#[derive(Debug, Default)]
pub(crate) struct Waiting(Mutex<BTreeMap<Spot, Vec<Sender<View>>>>);

impl Waiting {
    /// Waits with the others; nothing to wait for means to be the first, and to look.
    fn join(&self, spot: &Spot) -> Option<Receiver<View>> {
        match self.all().entry(spot.clone()) {
            Entry::Vacant(it) => {
                it.insert(Vec::new());
                None
            }
            Entry::Occupied(mut it) => {
                let (sender, receiver) = channel();
                it.get_mut().push(sender);
                Some(receiver)
            }
        }
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<Spot, Vec<Sender<View>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The one who will look. Should it be gone before that, those who wait look for themselves.
struct Lead<'a> {
    waiting: &'a Waiting,
    spot: &'a Spot,
    begun: bool,
}

impl Lead<'_> {
    /// Whom to tell. Whoever comes from now on waits for the next look.
    fn begin(mut self) -> Vec<Sender<View>> {
        self.begun = true;
        self.waiting.all().remove(self.spot).unwrap_or_default()
    }
}

impl Drop for Lead<'_> {
    fn drop(&mut self) {
        if !self.begun {
            self.waiting.all().remove(self.spot);
        }
    }
}

impl Fleet {
    /// Looks at what these facts are about, and at nothing else, together with whoever else wants to.
    pub(crate) async fn glance<'f>(&self, facts: impl Iterator<Item = &'f Fact>) -> Glance<'_> {
        let spots: BTreeSet<Spot> = facts.filter_map(|it| self.spot(it.subject())).collect();
        let views = spots.into_iter().map(async |spot| (spot.clone(), self.view(&spot).await));
        let views = futures_util::future::join_all(views).await.into_iter().collect();
        Glance { fleet: self, views }
    }

    async fn view(&self, spot: &Spot) -> View {
        loop {
            let receiver = match self.waiting.join(spot) {
                None => return self.lead(spot).await,
                Some(receiver) => receiver,
            };
            if let Ok(view) = receiver.await {
                return view;
            }
        }
    }

    /// Looks for everybody who has come by the time that it begins.
    async fn lead(&self, spot: &Spot) -> View {
        let lead = Lead { waiting: &self.waiting, spot, begun: false };
        let turn = self.turn(&self.device(spot));
        let _turn = turn.lock().await;
        others_first().await;
        let waiting = lead.begin();
        let mut sight = Sight::default();
        let view = match self.ask(spot.clone()).await {
            Ok(found) => {
                sight.take(found);
                Some(Arc::new(sight.seen))
            }
            Err(_) => None,
        };
        waiting.into_iter().for_each(|it| drop(it.send(view.clone())));
        view
    }
}

/// Lets everybody who can come, come.
async fn others_first() {
    let mut waited = false;
    poll_fn(|context| match std::mem::replace(&mut waited, true) {
        true => Poll::Ready(()),
        false => {
            context.waker().wake_by_ref();
            Poll::Pending
        }
    })
    .await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Node;
    use futures_util::FutureExt;
    use futures_util::future::join_all;
    use rackberry_core::mock::{MockCluster, MockNodeOs};
    use rackberry_core::{ClusterId, ClusterState, Error, ErrorKind, NodeId};
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// A fleet of one cluster of one machine, and how often that was looked at.
    fn fleet(answers: bool) -> (Fleet, Arc<AtomicUsize>) {
        let mut fleet = Fleet::default();
        let (home, looks) = (ClusterId::new("home"), Arc::new(AtomicUsize::new(0)));
        let mut cluster = MockCluster::new();
        let counted = Arc::clone(&looks);
        cluster.expect_observe().returning(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            let silent = || Error::new(ErrorKind::Unreachable, "read the cluster");
            answers.then(ClusterState::default).ok_or_else(silent)
        });
        fleet.clusters.insert(home.clone(), Arc::new(cluster));
        let os = Arc::new(MockNodeOs::new());
        let node = Node { os, outlet: None, cluster: Some(home) };
        fleet.nodes.insert(NodeId::new("n1"), node);
        (fleet, looks)
    }

    fn stopped() -> [Fact; 1] {
        let replica = "web/0".parse().unwrap();
        [Fact::Stopped { replica, node: NodeId::new("n1") }]
    }

    #[tokio::test]
    async fn one_look_is_enough_for_all_who_want_it_before_it_begins() {
        let (fleet, looks) = fleet(true);
        let facts = stopped();
        let all = join_all((0..64).map(|_| fleet.glance(facts.iter()))).await;
        assert!(all.iter().all(|it| it.missing(&facts).is_none()));
        assert_eq!(looks.load(Ordering::SeqCst), 1);
        fleet.glance(facts.iter()).await;
        assert_eq!(looks.load(Ordering::SeqCst), 2, "an old look tells nothing new");
    }

    #[tokio::test]
    async fn what_does_not_answer_is_not_seen_to_have_stopped() {
        let (fleet, _) = fleet(false);
        let facts = stopped();
        assert_eq!(fleet.glance(facts.iter()).await.missing(&facts), Some(&facts[0]));
    }

    #[tokio::test]
    async fn who_waits_looks_itself_where_the_one_before_it_is_gone() {
        let (fleet, looks) = fleet(true);
        let facts = stopped();
        let mut first = Box::pin(fleet.glance(facts.iter()));
        let mut second = Box::pin(fleet.glance(facts.iter()));
        assert!((&mut first).now_or_never().is_none() && (&mut second).now_or_never().is_none());
        drop(first);
        assert!(second.await.missing(&facts).is_none());
        assert_eq!(looks.load(Ordering::SeqCst), 1);
        assert!(
            fleet.glance(facts.iter()).await.missing(&facts).is_none(),
            "nobody is left waiting"
        );
    }
}
