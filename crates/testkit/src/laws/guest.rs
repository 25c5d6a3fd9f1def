use super::{Patience, Verdict, kind, never, until};
use rackberry_core::{
    Bytes, DiskId, ErrorKind, GuestSpec, GuestState, Guests, NodeId, NodeOs, PoolId, Power,
    VirtualDisk,
};

/// What the laws may do on a host.
#[derive(Clone, Debug)]
pub struct House {
    /// A guest that can be made, and does not exist.
    pub spec: GuestSpec,
    /// Another host of the same cluster that has room for it, if there is one.
    pub peer: Option<NodeId>,
    /// Another host of the same cluster that has no room for it, if there is one.
    pub full: Option<NodeId>,
    /// The name of a host, a guest and a pool that do not exist.
    pub absent: NodeId,
    /// How long it may take.
    pub patience: Patience,
}

async fn seen(guests: &dyn Guests, with: &House) -> Option<GuestState> {
    guests.observe().await.expect("a host that answers").remove(&with.spec.guest)
}

pub(super) async fn make(guests: &dyn Guests, with: &House) -> GuestState {
    guests.create(&with.spec).await.expect("a guest that can be made");
    until!(with.patience, "the guest", seen(guests, with).await.is_some());
    seen(guests, with).await.expect("the guest")
}

pub(super) async fn destroy(guests: &dyn Guests, with: &House) {
    let Some(it) = seen(guests, with).await else { return };
    guests.set_power(&with.spec.guest, Power::Off).await.expect("a guest that obeys");
    until!(with.patience, "the guest off", power(guests, with).await == Some(Power::Off));
    guests.destroy(&with.spec.guest, &it.uid).await.expect("a guest that is off");
    until!(with.patience, "the guest gone", seen(guests, with).await.is_none());
}

async fn power(guests: &dyn Guests, with: &House) -> Option<Power> {
    seen(guests, with).await.map(|it| it.power)
}

macro_rules! guests {
    ($node:expr) => {
        match $node.guests() {
            Some(guests) => guests,
            None => return Verdict::Skipped("guests"),
        }
    };
}

/// A guest that is made is as it was asked for, and switched off.
pub async fn guests_are_made_switched_off(node: &dyn NodeOs, with: &House) -> Verdict {
    let guests = guests!(node);
    let made = make(guests, with).await;
    assert_eq!((made.power, made.memory), (Power::Off, with.spec.memory));
    assert_eq!((made.cores, made.snapshots.len()), (with.spec.cores, 0));
    destroy(guests, with).await;
    Verdict::Holds
}

/// Making a guest that exists leaves it as it is.
pub async fn guests_made_twice_stay_as_they_are(node: &dyn NodeOs, with: &House) -> Verdict {
    let guests = guests!(node);
    let made = make(guests, with).await;
    let more = GuestSpec { cores: with.spec.cores + 1, ..with.spec.clone() };
    guests.create(&more).await.expect("a guest that exists");
    never!(with.patience, "a change", seen(guests, with).await.as_ref() != Some(&made));
    destroy(guests, with).await;
    Verdict::Holds
}

/// A guest made again under the same name is another one.
pub async fn guests_made_again_have_another_uid(node: &dyn NodeOs, with: &House) -> Verdict {
    let guests = guests!(node);
    let first = make(guests, with).await.uid;
    destroy(guests, with).await;
    assert_ne!(make(guests, with).await.uid, first);
    destroy(guests, with).await;
    Verdict::Holds
}

/// A guest with more memory than there is is not made.
pub async fn guests_without_memory_are_refused(node: &dyn NodeOs, with: &House) -> Verdict {
    let guests = guests!(node);
    let huge = GuestSpec { memory: Bytes(1 << 60), ..with.spec.clone() };
    assert_eq!(kind(guests.create(&huge).await), ErrorKind::Refused);
    assert_eq!(seen(guests, with).await, None);
    Verdict::Holds
}

fn with_disk(with: &House, size: Bytes, pool: Option<PoolId>) -> GuestSpec {
    let disk = VirtualDisk { size, pool };
    GuestSpec { disks: [(DiskId::new("law"), disk)].into(), ..with.spec.clone() }
}

/// A guest with larger disks than there is room for is not made.
pub async fn guests_without_room_are_refused(node: &dyn NodeOs, with: &House) -> Verdict {
    let guests = guests!(node);
    let pool = with.spec.disks.values().find_map(|it| it.pool.clone());
    let huge = with_disk(with, Bytes(1 << 60), pool);
    assert_eq!(kind(guests.create(&huge).await), ErrorKind::Refused);
    assert_eq!(seen(guests, with).await, None);
    Verdict::Holds
}

/// A guest with a disk on a pool that is not there is not made.
pub async fn guests_on_absent_pools_are_not_found(node: &dyn NodeOs, with: &House) -> Verdict {
    let guests = guests!(node);
    let lost = with_disk(with, Bytes(1 << 20), Some(PoolId::new(with.absent.as_str())));
    assert_eq!(kind(guests.create(&lost).await), ErrorKind::NotFound);
    assert_eq!(seen(guests, with).await, None);
    Verdict::Holds
}

/// The power of a guest is what was ordered last.
pub async fn guests_power_is_absolute(node: &dyn NodeOs, with: &House) -> Verdict {
    let guests = guests!(node);
    let _ = make(guests, with).await;
    for wanted in [Power::On, Power::On, Power::Off, Power::Off] {
        guests.set_power(&with.spec.guest, wanted).await.expect("a guest that obeys");
        until!(with.patience, "the power", power(guests, with).await == Some(wanted));
    }
    destroy(guests, with).await;
    Verdict::Holds
}

/// A guest that does not exist cannot be ordered about.
pub async fn guests_that_are_absent_are_not_found(node: &dyn NodeOs, with: &House) -> Verdict {
    let guests = guests!(node);
    assert_eq!(kind(guests.set_power(&with.absent, Power::On).await), ErrorKind::NotFound);
    assert_eq!(kind(guests.snapshot(&with.absent, "law").await), ErrorKind::NotFound);
    assert_eq!(kind(guests.roll_back(&with.absent, "law").await), ErrorKind::NotFound);
    guests.migrate(&with.absent, &with.absent).await.expect("a guest that is not here");
    Verdict::Holds
}

/// A snapshot is taken once under one name, and can be rolled back to.
pub async fn guests_snapshots_keep_their_first_content(node: &dyn NodeOs, with: &House) -> Verdict {
    let guests = guests!(node);
    let _ = make(guests, with).await;
    for _ in 0..2 {
        guests.snapshot(&with.spec.guest, "law").await.expect("a guest that exists");
        let names = ["law".to_owned()];
        let taken = async |names| seen(guests, with).await.is_some_and(|it| it.snapshots == names);
        until!(with.patience, "one snapshot", taken(&names[..]).await);
    }
    guests.roll_back(&with.spec.guest, "law").await.expect("a snapshot that was taken");
    destroy(guests, with).await;
    Verdict::Holds
}

/// A snapshot that was not taken cannot be rolled back to.
pub async fn guests_absent_snapshot_is_not_found(node: &dyn NodeOs, with: &House) -> Verdict {
    let guests = guests!(node);
    let _ = make(guests, with).await;
    let answer = guests.roll_back(&with.spec.guest, "law").await;
    assert_eq!(kind(answer), ErrorKind::NotFound);
    destroy(guests, with).await;
    Verdict::Holds
}

/// An order to destroy that was meant for another guest of the same name changes nothing.
pub async fn guests_destroy_spares_another_uid(node: &dyn NodeOs, with: &House) -> Verdict {
    let guests = guests!(node);
    let made = make(guests, with).await;
    guests.destroy(&with.spec.guest, "another").await.expect("a guest that is not this one");
    never!(with.patience, "a change", seen(guests, with).await.as_ref() != Some(&made));
    destroy(guests, with).await;
    Verdict::Holds
}

/// A guest that is on is not destroyed.
pub async fn guests_destroy_is_refused_while_on(node: &dyn NodeOs, with: &House) -> Verdict {
    let guests = guests!(node);
    let made = make(guests, with).await;
    guests.set_power(&with.spec.guest, Power::On).await.expect("a guest that obeys");
    until!(with.patience, "the guest on", power(guests, with).await == Some(Power::On));
    let answer = guests.destroy(&with.spec.guest, &made.uid).await;
    assert_eq!(kind(answer), ErrorKind::Refused);
    destroy(guests, with).await;
    Verdict::Holds
}

/// A guest that is moved is here no more, and moving it again changes nothing. It stays at the other host.
pub async fn guests_migrate_once(node: &dyn NodeOs, with: &House) -> Verdict {
    let guests = guests!(node);
    let Some(peer) = &with.peer else { return Verdict::Skipped("peer") };
    let _ = make(guests, with).await;
    for _ in 0..2 {
        guests.migrate(&with.spec.guest, peer).await.expect("a host with room");
        until!(with.patience, "the guest gone", seen(guests, with).await.is_none());
    }
    Verdict::Holds
}

/// A host that does not exist takes no guest.
pub async fn guests_migrate_to_absent_host_is_not_found(
    node: &dyn NodeOs,
    with: &House,
) -> Verdict {
    let guests = guests!(node);
    let _ = make(guests, with).await;
    let answer = guests.migrate(&with.spec.guest, &with.absent).await;
    assert_eq!(kind(answer), ErrorKind::NotFound);
    destroy(guests, with).await;
    Verdict::Holds
}

/// A host without room takes no guest, and it stays.
pub async fn guests_migrate_without_room_is_refused(node: &dyn NodeOs, with: &House) -> Verdict {
    let guests = guests!(node);
    let Some(full) = &with.full else { return Verdict::Skipped("full") };
    let made = make(guests, with).await;
    let answer = guests.migrate(&with.spec.guest, full).await;
    assert_eq!(kind(answer), ErrorKind::Refused);
    assert_eq!(seen(guests, with).await, Some(made));
    destroy(guests, with).await;
    Verdict::Holds
}
