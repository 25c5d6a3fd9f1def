//! Devices that have one kind of error for every call, but for one of them.

use crate::room;
use async_trait::async_trait;
use rackberry_core::{
    BootId, Cluster, ClusterState, Credentials, DatasetId, Error, ErrorKind, Eviction, GuestSpec,
    GuestState, Guests, JoinTicket, Manifest, Marks, Milliwatts, NodeConfig, NodeId, NodeOs,
    NodeState, PodRef, Poe, PoePriority, PoolSpec, PortNo, Power, PowerCtl, ReplicaRef, Replicate,
    Result, Share, Snapshot, Storage, StorageState, Switch, SwitchState, Version, VlanTable,
    VolumeRef, Volumes, WorkloadId,
};
use rackberry_testkit::each_law;
use rackberry_testkit::laws::{self, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Debug)]
struct Failing {
    kind: ErrorKind,
    /// The call that is answered otherwise, counted from 1.
    otherwise: usize,
    calls: AtomicUsize,
}

impl Failing {
    fn new(kind: ErrorKind, otherwise: usize) -> Self {
        Self { kind, otherwise, calls: AtomicUsize::new(0) }
    }

    fn answer<T>(&self) -> Result<T> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
        let kind = if call == self.otherwise { ErrorKind::Invalid } else { self.kind };
        Err(Error::new(kind, "do as told"))
    }
}

/// Answers each call of a law otherwise in turn, which it must catch. `$calls` is how many a device has: one that the
/// law does not make is missed.
macro_rules! caught_at_every_call {
    ([$law:ident] $kind:ident, $calls:literal, $with:expr) => {
        #[tokio::test]
        async fn $law() {
            let whole = Failing::new(ErrorKind::$kind, 0);
            assert_eq!(laws::$law(&whole, &$with).await, Verdict::Holds);
            assert_eq!(whole.calls.into_inner(), $calls, "the calls that the law makes");
            for call in 1..=$calls {
                let broken = Failing::new(ErrorKind::$kind, call);
                let with = $with;
                let end = tokio::spawn(async move { laws::$law(&broken, &with).await });
                assert!(end.await.is_err_and(|it| it.is_panic()), "call {call} goes unseen");
            }
        }
    };
}

macro_rules! fails {
    ($trait:ident [$($part:ident: $which:ident),*] $($call:ident($($arg:ty),*) -> $answer:ty;)*) => {
        #[async_trait]
        #[deny(clippy::missing_trait_methods)]
        impl $trait for Failing {
            $(async fn $call(&self, $(_: $arg),*) -> Result<$answer> {
                self.answer()
            })*

            $(fn $part(&self) -> Option<&dyn $which> {
                Some(self)
            })*
        }
    };
}

fails! { PowerCtl []
    power() -> Power;
    set_power(Power) -> ();
    draw() -> Option<Milliwatts>;
}

fails! { NodeOs [guests: Guests]
    observe() -> NodeState;
    configure(&NodeConfig) -> ();
    upgrade(&Version) -> ();
    reboot(&BootId) -> ();
    reset(&BootId) -> ();
}

fails! { Guests []
    observe() -> BTreeMap<NodeId, GuestState>;
    create(&GuestSpec) -> ();
    set_power(&NodeId, Power) -> ();
    snapshot(&NodeId, &str) -> ();
    roll_back(&NodeId, &str) -> ();
    migrate(&NodeId, &NodeId) -> ();
    destroy(&NodeId, &str) -> ();
}

fails! { Switch [poe: Poe]
    observe() -> SwitchState;
    set_port(PortNo, bool) -> ();
    set_vlans(&VlanTable) -> ();
}

fails! { Poe []
    set_poe(PortNo, Power) -> ();
    set_priority(PortNo, PoePriority) -> ();
    set_limit(PortNo, Option<Milliwatts>) -> ();
}

fails! { Cluster [volumes: Volumes]
    observe() -> ClusterState;
    bootstrap(&NodeId) -> ();
    ticket() -> JoinTicket;
    credentials() -> Credentials;
    set_schedulable(&NodeId, bool) -> ();
    label(&NodeId, &Marks) -> ();
    evict(&PodRef) -> Eviction;
    forget(&NodeId) -> ();
    apply(&Manifest) -> ();
    withdraw(&WorkloadId) -> ();
    start(&ReplicaRef, &NodeId) -> ();
    stop(&ReplicaRef, &NodeId) -> ();
}

fails! { Volumes []
    copy(&VolumeRef, &NodeId, &NodeId) -> ();
    compare(&VolumeRef, &NodeId, &NodeId) -> ();
    bind(&VolumeRef, &NodeId) -> ();
}

fails! { Storage [replicate: Replicate, share: Share]
    observe() -> StorageState;
    create_pool(&PoolSpec) -> ();
    create(&DatasetId) -> ();
    set(&DatasetId, &str, &str) -> ();
    snapshot(&DatasetId, &str) -> ();
    roll_back(&DatasetId, &Snapshot) -> ();
    destroy_snapshot(&DatasetId, &Snapshot) -> ();
    destroy(&DatasetId, u64) -> ();
    scrub() -> ();
}

fails! { Replicate [] send(&DatasetId, &Snapshot, &str) -> (); }
fails! { Share [] set_clients(&DatasetId, &BTreeSet<String>) -> (); }

each_law!(silent_power => [caught_at_every_call] Unreachable, 3, room::outlet());
each_law!(garbled_power => [caught_at_every_call] Protocol, 3, room::outlet());
each_law!(locked_power => [caught_at_every_call] Denied, 3, room::outlet());
each_law!(absent_power => [caught_at_every_call] NotFound, 3, room::outlet());
each_law!(silent_node => [caught_at_every_call] Unreachable, 12, room::machine());
each_law!(garbled_node => [caught_at_every_call] Protocol, 12, room::machine());
each_law!(locked_node => [caught_at_every_call] Denied, 12, room::machine());
each_law!(silent_switch => [caught_at_every_call] Unreachable, 6, room::ports());
each_law!(garbled_switch => [caught_at_every_call] Protocol, 6, room::ports());
each_law!(locked_switch => [caught_at_every_call] Denied, 6, room::ports());
each_law!(busy_switch => [caught_at_every_call] Refused, 6, room::ports());
each_law!(silent_cluster => [caught_at_every_call] Unreachable, 14, room::members());
each_law!(garbled_cluster => [caught_at_every_call] Protocol, 14, room::members());
each_law!(locked_cluster => [caught_at_every_call] Denied, 14, room::members());
each_law!(silent_storage => [caught_at_every_call] Unreachable, 11, room::tank());
each_law!(garbled_storage => [caught_at_every_call] Protocol, 11, room::tank());
each_law!(locked_storage => [caught_at_every_call] Denied, 11, room::tank());
