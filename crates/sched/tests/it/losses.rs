//! Which losses an assignment survives, told by trying every place for what is lost.

use crate::generate::At;
use rackberry_sched::{
    Checked, Down, Effort, Problem, Rows, cost_of, domains, double_losses, losses, place, reserve,
    verify,
};

/// Numbers that look random.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % limit
    }
}

/// Bins in two zones, and items of which some refuse each other.
fn draw(seed: u64, items: u64) -> Problem {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut table = |count: u64, low: u64, high: u64| -> Vec<u64> {
        (0..count).map(|_| low + dice.below(high - low + 1)).collect()
    };
    let capacity = table(8, 6, 12);
    let demand = table(items * 2, 1, 5);
    let keys: Rows<u32> = table(items, 0, 5)
        .into_iter()
        .map(|it| if it < 2 { vec![it as u32] } else { vec![] })
        .collect();
    Problem {
        resources: 2,
        capacity,
        demand,
        topologies: vec![vec![0, 0, 1, 1]],
        keys: vec![0, 1],
        holds: keys.clone(),
        refuses: keys,
        ..Problem::default()
    }
}

/// Whether the items of some bins can be on the others, all else as it is.
fn survives(checked: &Checked, at: &At, dead: &[u32]) -> bool {
    let is_dead = |bin: &Option<u32>| bin.is_some_and(|bin| dead.contains(&bin));
    let lost: Vec<usize> = (0..at.len()).filter(|&it| is_dead(&at[it])).collect();
    let mut end = at.clone();
    lost.iter().for_each(|&it| end[it] = None);
    settles(checked, &mut end, &lost, dead)
}

fn settles(checked: &Checked, end: &mut At, lost: &[usize], dead: &[u32]) -> bool {
    let Some((&item, rest)) = lost.split_first() else { return true };
    for bin in (0..checked.bins() as u32).filter(|bin| !dead.contains(bin)) {
        end[item] = Some(bin);
        if verify(checked, end).is_ok() && settles(checked, end, rest, dead) {
            return true;
        }
    }
    end[item] = None;
    false
}

/// Nodes and zones.
fn parts(checked: &Checked) -> Rows<u32> {
    let rows = [domains(checked, 0), domains(checked, 1)];
    rows.iter().flat_map(|rows| (0..rows.len()).map(|it| rows.row(it).to_vec())).collect()
}

#[test]
fn what_can_be_lost_is_told_as_trying_all_places_tells_it() {
    let (mut asked, mut missed) = (0, 0);
    for seed in 0..200 {
        let checked = draw(seed, 7).check().unwrap();
        let placement = place(&checked, &[]);
        if !placement.unplaced.is_empty() {
            continue;
        }
        let (at, parts) = (placement.at, parts(&checked));
        let one = losses(&checked, &at, &parts);
        let two = double_losses(&checked, &at, &parts);
        let alone = |part: u32| one.iter().any(|it| it.parts.0 == part);
        for first in 0..parts.len() as u32 {
            let dead = parts.row(first as usize).to_vec();
            asked += 1;
            let survives_one = survives(&checked, &at, &dead);
            assert!(survives_one || alone(first), "seed {seed}, part {first}");
            missed += u32::from(survives_one && alone(first));
            for second in first + 1..parts.len() as u32 {
                let dead = [&dead[..], parts.row(second as usize)].concat();
                let is_told = two.iter().any(|it| it.parts == (first, Some(second)));
                if alone(first) || alone(second) {
                    assert!(!is_told);
                    continue;
                }
                asked += 1;
                let survives_both = survives(&checked, &at, &dead);
                assert!(survives_both || is_told, "seed {seed}, parts {first} {second}");
                missed += u32::from(survives_both && is_told);
            }
        }
    }
    assert!(asked > 500 && missed * 50 <= asked, "{missed} of {asked}");
}

/// Whether any assignment at all survives the loss of each part.
fn can_reserve(checked: &Checked, parts: &Rows<u32>) -> bool {
    let (bins, items) = (checked.bins() as u64, checked.items());
    (0..bins.pow(items as u32)).any(|number| {
        let bin = |item: usize| number / bins.pow(item as u32) % bins;
        let at: At = (0..items).map(|it| Some(bin(it) as u32)).collect();
        verify(checked, &at).is_ok()
            && (0..parts.len()).all(|part| survives(checked, &at, parts.row(part)))
    })
}

#[test]
fn where_any_one_node_may_be_lost_a_way_to_place_things_so_is_found() {
    let (mut possible, mut found) = (0, 0);
    for seed in 0..60 {
        let checked = draw(seed, 5).check().unwrap();
        let start = place(&checked, &[]);
        if !start.unplaced.is_empty() {
            continue;
        }
        let parts = domains(&checked, 0);
        let kept = reserve(&checked, &start.at, &parts, Effort::default());
        assert_eq!(verify(&checked, &kept.at), Ok(()));
        assert_eq!(kept.cost, cost_of(&checked, &kept.at));
        assert_eq!(kept.cost.unplaced, 0);
        let is_kept = losses(&checked, &kept.at, &parts).is_empty();
        let can = can_reserve(&checked, &parts);
        assert!(can || !is_kept);
        possible += u32::from(can);
        found += u32::from(is_kept);
    }
    assert!(possible > 10 && found * 100 >= possible * 95, "{found} of {possible}");
}

#[test]
fn what_stays_down_is_told_with_the_reason() {
    let problem = Problem {
        resources: 2,
        capacity: vec![9, 9, 9, 3],
        demand: vec![1, 8, 1, 1, 1, 1],
        keys: vec![0],
        holds: [vec![], vec![0], vec![0]].into_iter().collect(),
        refuses: [vec![], vec![0], vec![0]].into_iter().collect(),
        ..Problem::default()
    };
    let checked = problem.check().unwrap();
    let found = losses(&checked, &[Some(0), Some(0), Some(1)], &domains(&checked, 0));
    let down: Vec<_> = found.iter().map(|it| (it.parts, it.down.clone())).collect();
    let full = Down::NoRoom { resource: 1 };
    let first = vec![(0, full), (1, Down::Rule)];
    assert_eq!(down, [((0, None), first), ((1, None), vec![(2, full)])]);
    let all = losses(&checked, &[Some(0), None, None], &[[0, 1]].into_iter().collect());
    assert_eq!(all[0].down, [(0, Down::NoBin)]);
}

#[test]
fn levels_and_bins_that_do_not_exist_lose_nothing() {
    let checked = draw(1, 3).check().unwrap();
    let at = place(&checked, &[]).at;
    assert!(domains(&checked, 2).is_empty());
    assert_eq!(losses(&checked, &at, &[[9]].into_iter().collect()), []);
    assert_eq!(double_losses(&checked, &at, &[[9], [7]].into_iter().collect()), []);
}
