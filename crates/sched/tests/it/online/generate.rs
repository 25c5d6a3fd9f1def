//! Profiles, nodes and pods of all kinds, small enough that they get in each other's way.

use rackberry_sched::online::{
    Effect, Fit, Label, Name, Node, NodeTerm, NodeView, Pod, PodSelector, PodTerm, Port, Profile,
    Requirement, Resource, Spread, Taint, Ties, Toleration, Topology,
};

const ZONE: Name = Name(1);
const RACK: Name = Name(2);
const DISK: Name = Name(3);
pub(crate) const APP: Name = Name(4);

/// Numbers that look thrown and are the same for the same seed.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        ((mixed ^ (mixed >> 29)) >> 20) as u32 % limit.max(1)
    }

    pub(crate) fn one_in(&mut self, limit: u32) -> bool {
        self.below(limit) == 0
    }

    fn some<T>(&mut self, most: u32, mut make: impl FnMut(&mut Dice) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| make(self)).collect()
    }
}

pub(crate) fn profile(dice: &mut Dice) -> Profile {
    let resource = |weight, assumed, extended| Resource { weight, assumed, extended };
    let resources = vec![
        resource(1, 100, false),
        resource(1 + dice.below(2), 200, false),
        resource(dice.below(2), 0, true),
    ];
    let mut profile = Profile { resources, ..Profile::kubernetes() };
    if dice.one_in(3) {
        profile.fit = Fit::MostAllocated;
    }
    if dice.one_in(3) {
        profile.ties = Ties::Seeded(dice.0);
    }
    if dice.one_in(4) {
        // So little memory that some templates have no index.
        profile.index_bytes = 3_000;
    }
    if dice.one_in(2) {
        // So few that most templates are forgotten while others are still asked for.
        profile.idle_templates = 1 + dice.below(3) as usize;
    }
    if dice.one_in(4) {
        let own = |node: &NodeView<'_>, pod: &Pod| {
            (node.pods * 7 + node.requested[0] as u32 % 13 + pod.priority as u32) % 120
        };
        profile.scores.push((2, Box::new(own)));
    }
    profile.cordon = Some(Taint { key: Name(90), value: Name(0), effect: Effect::NoSchedule });
    profile
}

fn taint(dice: &mut Dice) -> Taint {
    let effect = match dice.below(4) {
        0 => Effect::NoSchedule,
        1 => Effect::NoExecute,
        _ => Effect::PreferNoSchedule,
    };
    Taint { key: Name(80 + dice.below(3)), value: Name(dice.below(2)), effect }
}

pub(crate) fn node(dice: &mut Dice) -> Node {
    let mut labels = Vec::new();
    for (key, values, rare) in [(ZONE, 3, 8), (RACK, 4, 5), (DISK, 2, 2)] {
        if !dice.one_in(rare) {
            labels.push(Label { key, value: Name(dice.below(values)) });
        }
    }
    Node {
        allocatable: vec![
            [0, 2000, 4000, 4000][dice.below(4) as usize],
            [4000, 8000, 16_000][dice.below(3) as usize],
            u64::from(dice.below(3)),
        ],
        pods: 2 + dice.below(6),
        labels,
        numbers: dice.some(1, |dice| (Name(70), i64::from(dice.below(10)))),
        taints: if dice.one_in(3) { dice.some(2, taint) } else { Vec::new() },
        images: dice.some(2, |dice| Name(60 + dice.below(3))),
        cordoned: dice.one_in(15),
    }
}

fn requirement(dice: &mut Dice, key: Name, values: u32) -> Requirement {
    let some = dice.some(2, |dice| Name(dice.below(values)));
    match dice.below(8) {
        0 => Requirement::NotIn(key, some),
        1 => Requirement::Has(key),
        2 => Requirement::Lacks(key),
        3 => Requirement::Above(Name(70), i64::from(dice.below(10))),
        4 => Requirement::Below(Name(70), i64::from(dice.below(10))),
        _ => Requirement::In(key, [some, vec![Name(dice.below(values))]].concat()),
    }
}

fn node_term(dice: &mut Dice) -> NodeTerm {
    dice.some(2, |dice| {
        let key = [ZONE, RACK, DISK][dice.below(3) as usize];
        requirement(dice, key, 3)
    })
}

fn topology(dice: &mut Dice) -> Topology {
    [Topology::Node, Topology::Node, Topology::Label(ZONE), Topology::Label(RACK)]
        [dice.below(4) as usize]
}

fn like(dice: &mut Dice) -> Vec<Requirement> {
    vec![Requirement::In(APP, vec![Name(dice.below(3))])]
}

fn term(dice: &mut Dice) -> PodTerm {
    let pods = PodSelector {
        namespaces: dice.some(1, |dice| Name(dice.below(2))),
        everywhere: dice.one_in(5),
        all: if dice.one_in(6) { vec![requirement(dice, APP, 3)] } else { like(dice) },
    };
    PodTerm { topology: topology(dice), pods }
}

fn spreads(dice: &mut Dice) -> Vec<Spread> {
    let mut all: Vec<Spread> = Vec::new();
    for _ in 0..dice.below(4) {
        let it = Spread {
            topology: topology(dice),
            skew: 1 + dice.below(3),
            all: like(dice),
            hard: dice.one_in(2),
            min_domains: dice.below(4),
            honours_affinity: !dice.one_in(4),
            honours_taints: dice.one_in(4),
        };
        if !all.iter().any(|other| (other.hard, other.topology) == (it.hard, it.topology)) {
            all.push(it);
        }
    }
    all
}

pub(crate) fn pod(dice: &mut Dice) -> Pod {
    let often = |dice: &mut Dice| dice.one_in(4);
    let mut pod = Pod {
        namespace: Name(dice.below(2)),
        labels: vec![Label { key: APP, value: Name(dice.below(3)) }],
        requests: vec![
            u64::from(dice.below(4)) * 150,
            u64::from(dice.below(4)) * 300,
            u64::from(dice.one_in(8)),
        ],
        priority: dice.below(3) as i32,
        lenient: dice.one_in(2),
        ..Pod::default()
    };
    if often(dice) {
        pod.selector = vec![Label { key: DISK, value: Name(dice.below(2)) }];
    }
    if often(dice) {
        pod.affinity = dice.some(2, node_term);
        pod.preferred = dice.some(2, |dice| (1 + dice.below(50), node_term(dice)));
        pod.volumes = dice.some(1, |dice| vec![node_term(dice), vec![Requirement::Has(ZONE)]]);
    }
    if often(dice) {
        pod.tolerations = dice.some(2, |dice| Toleration {
            key: (!dice.one_in(4)).then(|| [Name(80), Name(81), Name(90)][dice.below(3) as usize]),
            value: dice.one_in(2).then_some(Name(0)),
            effect: dice.one_in(3).then_some(Effect::NoSchedule),
        });
    }
    if often(dice) {
        pod.ports = dice.some(2, |dice| Port {
            number: 80 + dice.below(2) as u16,
            protocol: Name(0),
            address: dice.one_in(2).then(|| Name(dice.below(2))),
        });
        pod.images = dice.some(3, |dice| Name(60 + dice.below(3)));
    }
    if often(dice) {
        pod.spread = spreads(dice);
    }
    if often(dice) {
        pod.near = if dice.one_in(2) { dice.some(2, term) } else { Vec::new() };
        pod.apart = dice.some(2, term);
        pod.prefer_near = dice.some(2, |dice| (dice.below(50), term(dice)));
        pod.prefer_apart = dice.some(2, |dice| (1 + dice.below(50), term(dice)));
    }
    if dice.one_in(8) {
        pod.weighed = vec![5, 700, 1];
    }
    pod
}
