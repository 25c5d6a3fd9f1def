//! What a room answers, call by call. The golden figures were taken while it still worked out everything anew at
//! every call: what it leaves out since must not show in any answer.

use crate::room::{blueprint, config, fed, manifest, system, text};
use rackberry_core::{
    Cluster, ClusterId, DatasetId, Marks, Milliwatts, NodeId, PodRef, PoePriority, PoolId, PortNo,
    Power, ReplicaRef, Result, Switch, SwitchId, SwitchState, Tagging, Version, VlanId, VlanTable,
    VolumeRef, WorkloadId,
};
use rackberry_testkit::{Blueprint, Fault, Jack, SwitchPlan, World};
use std::fmt::Debug;

/// Every answer so far, as one number (FNV-1a).
struct Log(u64);

impl Log {
    fn note(&mut self, answer: &impl Debug) {
        for byte in format!("{answer:?}\n").bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
}

/// Numbers that look thrown and are always the same (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((it ^ (it >> 31)) >> 33).unwrap() % sides.max(1)
    }

    fn of<'a, T>(&mut self, all: impl IntoIterator<Item = &'a T>) -> Option<&'a T> {
        let all: Vec<_> = all.into_iter().collect();
        let at = self.below(all.len());
        all.get(at).copied()
    }
}

/// What a switch says of itself, less what it has counted, which it did not when the figures were taken.
fn uncounted(said: Result<SwitchState>) -> Result<SwitchState> {
    let mut state = said?;
    state.ports.values_mut().for_each(|it| it.counters = None);
    Ok(state)
}

/// Somebody who calls whatever comes to hand.
struct Monkey {
    world: World,
    dice: Dice,
    log: Log,
    saves: Saves,
}

/// How often the room is saved, and another one goes on that was loaded from the text.
enum Saves {
    Never,
    Always,
    Sometimes(Dice),
}

const NODES: [&str; 13] =
    ["n1", "n2", "n3", "f1", "s1", "h1", "h2", "h3", "x1", "g1", "v2", "v3", "far"];
const SWITCHES: [&str; 2] = ["sw", "sw2"];
const CLUSTERS: [&str; 3] = ["home", "home", "fresh"];
const POOLS: [&str; 3] = ["tank", "new", "copy"];
const FAULTS: [Fault; 5] =
    [Fault::LostOrder, Fault::LostAnswer, Fault::Refused, Fault::Garbage, Fault::Slow];

/// The room that has one of everything, with two more voters and a second switch behind the first.
fn larger() -> Blueprint {
    let mut room = blueprint();
    let voter = |id, port| fed(id, port, system(&text("home", "control-plane")));
    let mut far = fed("far", 2, system(&text("home", "worker")));
    far.jack = Some(Jack::new("sw2", 2));
    room.machines.extend([voter("v2", 7), voter("v3", 3), far]);
    let mut second = SwitchPlan::new("sw2", 4).with_poe(Milliwatts(12_000));
    second.cables.insert(PortNo(1), Jack::new("sw", 9));
    room.switches.push(second);
    room
}

impl Monkey {
    async fn play(&mut self, calls: usize) {
        for call in 0..calls {
            match self.dice.below(9) {
                0 | 1 => self.machine().await,
                2 | 3 => self.switch().await,
                4..=6 => self.cluster().await,
                7 => self.pool().await,
                _ => self.world.tick(self.dice.below(4) as u64),
            }
            if call % 16 == 0 {
                self.look().await;
            }
            self.save();
        }
    }

    fn save(&mut self) {
        let saves = match &mut self.saves {
            Saves::Never => false,
            Saves::Always => true,
            Saves::Sometimes(dice) => dice.below(24) == 0,
        };
        if saves {
            self.world = World::load(&self.world.save()).unwrap();
        }
    }

    fn node(&mut self) -> NodeId {
        NodeId::new(NODES[self.dice.below(NODES.len())])
    }

    /// Everything that can be seen, and what the world keeps count of.
    async fn look(&mut self) {
        for id in NODES.map(NodeId::new) {
            self.log.note(&self.world.os(&id).observe().await);
            self.log.note(&self.world.reboots(&id));
            self.save();
        }
        for id in SWITCHES.map(SwitchId::new) {
            self.log.note(&uncounted(self.world.switch(&id).observe().await));
            self.log.note(&self.world.peak(&id));
        }
        for id in CLUSTERS.map(ClusterId::new) {
            self.log.note(&self.world.cluster(&id).observe().await);
            self.log.note(&(self.world.bootstraps(&id), self.world.lowest_voters(&id)));
            self.save();
        }
        for id in POOLS.map(PoolId::new) {
            self.log.note(&self.world.storage(&id).observe().await);
        }
    }

    async fn machine(&mut self) {
        let id = self.node();
        let os = self.world.os(&id);
        let boot = os.observe().await.map(|it| it.boot);
        self.log.note(&boot);
        let text = [
            text("home", "worker"),
            text("home", "control-plane"),
            text("fresh", "control-plane"),
            r#"{"cluster": null, "role": "worker"}"#.into(),
            r#"{"cluster": "home", "role": "worker", "ticket": "guessed"}"#.into(),
        ];
        match (self.dice.below(8), boot) {
            (0, Ok(boot)) => self.log.note(&os.reboot(&boot).await),
            (1, Ok(boot)) => self.log.note(&os.reset(&boot).await),
            (2, _) => self.log.note(&os.upgrade(&Version::new("1.1")).await),
            (3, _) => {
                let power = [Power::Off, Power::On, Power::On][self.dice.below(3)];
                let Some(outlet) = self.world.power(&id) else { return };
                self.log.note(&outlet.set_power(power).await);
            }
            (4, _) => self.guest().await,
            _ => {
                let text = &text[[0, 0, 0, 0, 1, 2, 3, 4][self.dice.below(8)]];
                self.log.note(&os.configure(&config(text)).await);
            }
        }
    }

    async fn guest(&mut self) {
        let host = NodeId::new(["h1", "h1", "h2"][self.dice.below(3)]);
        let os = self.world.os(&host);
        let Some(guests) = os.guests() else { return };
        let all = guests.observe().await;
        self.log.note(&all);
        let (guest, to) = (NodeId::new("g1"), ["h1", "h2", "h3"][self.dice.below(3)]);
        let uid = all.ok().and_then(|it| Some(it.get(&guest)?.uid.clone())).unwrap_or_default();
        match self.dice.below(7) {
            0 => self.log.note(&guests.snapshot(&guest, "s").await),
            1 => self.log.note(&guests.roll_back(&guest, "s").await),
            2 => self.log.note(&guests.migrate(&guest, &NodeId::new(to)).await),
            3 => self.log.note(&guests.destroy(&guest, &uid).await),
            4 => self.log.note(&guests.set_power(&guest, Power::Off).await),
            _ => self.log.note(&guests.set_power(&guest, Power::On).await),
        }
    }

    async fn switch(&mut self) {
        let switch = self.world.switch(&SwitchId::new(SWITCHES[self.dice.below(2)]));
        self.log.note(&uncounted(switch.observe().await));
        let port = PortNo(1 + self.dice.below(12) as u16);
        let power = [Power::Off, Power::On, Power::On][self.dice.below(3)];
        let limit = (self.dice.below(2) > 0).then_some(Milliwatts(7_000));
        match (self.dice.below(8), switch.poe()) {
            (0, _) if self.dice.below(3) == 0 => self.log.note(&switch.set_port(port, false).await),
            (1 | 2, _) => self.log.note(&switch.set_port(port, true).await),
            (3, _) => self.table(&*switch).await,
            (4, Some(poe)) => {
                let priorities = [PoePriority::Low, PoePriority::High, PoePriority::Critical];
                let priority = priorities[self.dice.below(3)];
                self.log.note(&poe.set_priority(port, priority).await);
            }
            (5, Some(poe)) => self.log.note(&poe.set_limit(port, limit).await),
            (_, Some(poe)) => self.log.note(&poe.set_poe(port, power).await),
            (_, None) => {}
        }
    }

    /// The factory's table, or one in which a port hears and is not heard.
    async fn table(&mut self, switch: &dyn Switch) {
        let ports = if self.dice.below(8) == 0 { 4 } else { 12 };
        let mut table = VlanTable::factory((1..=ports).map(PortNo));
        if self.dice.below(2) == 0 {
            let vlan = VlanId::try_from(20).unwrap();
            let port = PortNo(1 + self.dice.below(11) as u16);
            table.vlans.insert(vlan, [(port, Tagging::Untagged)].into());
            table.pvids.insert(port, vlan);
        }
        self.log.note(&switch.set_vlans(&table).await);
    }

    async fn cluster(&mut self) {
        let cluster = self.world.cluster(&ClusterId::new(CLUSTERS[self.dice.below(3)]));
        let node = self.node();
        match self.dice.below(12) {
            0 => self.log.note(&cluster.bootstrap(&node).await),
            1 => {
                let open = self.dice.below(4) > 0;
                self.log.note(&cluster.set_schedulable(&node, open).await);
            }
            2 => {
                let marks = self.marks();
                self.log.note(&cluster.label(&node, &marks).await);
            }
            3 => self.evict(&*cluster).await,
            4 if self.dice.below(4) == 0 => self.log.note(&cluster.forget(&node).await),
            6 if self.dice.below(3) == 0 => {
                let workload = WorkloadId::new(WORKLOADS[self.dice.below(3)].0);
                self.log.note(&cluster.withdraw(&workload).await);
            }
            5 => {
                let (name, text) = WORKLOADS[self.dice.below(3)];
                self.log.note(&cluster.apply(&manifest(name, text)).await);
            }
            _ => self.replica(&*cluster, &node).await,
        }
    }

    fn marks(&mut self) -> Marks {
        let taints = ["a:NoSchedule", "b:NoExecute", "c:PreferNoSchedule"];
        let taint = taints.get(self.dice.below(9)).map(|it| it.parse().unwrap());
        Marks { taints: taint.into_iter().collect(), ..Marks::default() }
    }

    async fn evict(&mut self, cluster: &dyn Cluster) {
        let seen = cluster.observe().await;
        self.log.note(&seen);
        let members = seen.map(|it| it.members).unwrap_or_default();
        let pods: Vec<PodRef> =
            members.into_values().flat_map(|it| it.pods).map(|it| it.pod).collect();
        let Some(pod) = self.dice.of(&pods) else { return };
        self.log.note(&cluster.evict(pod).await);
    }

    async fn replica(&mut self, cluster: &dyn Cluster, node: &NodeId) {
        let workload = WorkloadId::new(WORKLOADS[self.dice.below(3)].0);
        let replica = ReplicaRef { workload, ordinal: self.dice.below(2) as u32 };
        let seen = cluster.observe().await.map(|it| it.volumes).unwrap_or_default();
        let mine = seen.iter().find(|it| it.0.replica == replica);
        let (Some(volumes), Some((volume, state))) = (cluster.volumes(), mine) else {
            return self.log.note(&cluster.start(&replica, node).await);
        };
        let from = state.bound.clone().unwrap_or(node.clone());
        let copy = state.copies.keys().find(|it| **it != from).unwrap_or(node);
        self.log.note(&match self.dice.below(7) {
            0 => cluster.start(&replica, node).await,
            1 => cluster.start(&replica, &from).await,
            2 => cluster.stop(&replica, &from).await,
            3 => volumes.copy(volume, &from, node).await,
            4 => volumes.compare(volume, &from, copy).await,
            5 => volumes.bind(volume, copy).await,
            _ => self.hand_over(cluster, volume, &from, node).await,
        });
    }

    async fn hand_over(
        &self,
        cluster: &dyn Cluster,
        volume: &VolumeRef,
        from: &NodeId,
        to: &NodeId,
    ) -> Result<()> {
        let Some(volumes) = cluster.volumes() else { return Ok(()) };
        cluster.stop(&volume.replica, from).await?;
        volumes.copy(volume, from, to).await?;
        self.world.tick(5);
        volumes.compare(volume, from, to).await?;
        self.world.tick(5);
        volumes.bind(volume, to).await
    }

    async fn pool(&mut self) {
        let id = PoolId::new(POOLS[self.dice.below(3)]);
        let pool = self.world.storage(&id);
        let dataset = DatasetId::new(format!("{id}/d"));
        match self.dice.below(4) {
            0 => self.log.note(&pool.create(&dataset).await),
            1 => self.log.note(&pool.snapshot(&dataset, "s").await),
            2 => self.log.note(&self.world.write(&id, &dataset, 7)),
            _ => self.log.note(&pool.scrub().await),
        }
    }
}

const WORKLOADS: [(&str, &str); 3] = [
    ("web", r#"{"requests": 1000000000, "min-available": 1}"#),
    ("db", r#"{"requests": 1000, "volumes": ["data"]}"#),
    ("big", r#"{"requests": 4000000000}"#),
];

/// Plays with a room in which every 37th call goes wrong.
async fn play(seed: u64, latency: u64, faults: &[Fault], saves: Saves) -> u64 {
    let mut world = World::new(larger()).with_latency(latency);
    for (at, fault) in faults.iter().cycle().enumerate().take(60) {
        world = world.with_fault(17 + 37 * at, *fault);
    }
    let (dice, log) = (Dice(seed), Log(0xcbf2_9ce4_8422_2325));
    let mut monkey = Monkey { world, dice, log, saves };
    monkey.play(240).await;
    monkey.log.0
}

#[tokio::test]
async fn a_room_that_is_played_with_answers_as_it_always_did() {
    let mut found = String::new();
    for seed in 0..24 {
        for latency in [1, 5] {
            found += &format!(
                "{seed} {latency} {:016x}\n",
                play(seed, latency, &FAULTS, Saves::Never).await
            );
        }
    }
    assert_eq!(found, include_str!("answers.txt"));
}

/// All but the one that keeps an order for later, which a save loses.
const AT_ONCE: [Fault; 4] = [Fault::LostOrder, Fault::LostAnswer, Fault::Refused, Fault::Garbage];

#[tokio::test]
async fn a_room_that_is_saved_and_loaded_answers_as_if_it_had_not_been() {
    for seed in 0..24 {
        for latency in [1, 5] {
            let unsaved = play(seed, latency, &AT_ONCE, Saves::Never).await;
            let saved = play(seed, latency, &AT_ONCE, Saves::Sometimes(Dice(!seed))).await;
            assert_eq!(unsaved, saved, "seed {seed}, latency {latency}");
        }
    }
    let unsaved = play(1, 5, &AT_ONCE, Saves::Never).await;
    assert_eq!(unsaved, play(1, 5, &AT_ONCE, Saves::Always).await);
}
