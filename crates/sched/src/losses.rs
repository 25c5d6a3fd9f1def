use crate::{Absorb, Absorber, Checked, Down, Rows};

/// What is lost for good if some parts are lost together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The part that is lost, and the other one if two are.
    pub parts: (u32, Option<u32>),
    /// The items that find no other bin, largest first, and why.
    pub down: Vec<(u32, Down)>,
}

/// The bins that fail together at a level: each one by itself at level 0, and those of each domain
/// of `topologies[level - 1]` above that. Empty for a level that does not exist.
///
/// Rows of several levels can be chained to ask for nodes, switches and zones at once.
pub fn domains(checked: &Checked, level: u32) -> Rows<u32> {
    let bins = 0..checked.bins() as u32;
    let Some(above) = level.checked_sub(1) else { return bins.map(|bin| [bin]).collect() };
    let Some(of) = checked.problem().topologies.get(above as usize) else {
        return Rows::default();
    };
    let mut rows = vec![Vec::new(); of.iter().max().map_or(0, |&last| last as usize + 1)];
    bins.zip(of).for_each(|(bin, &domain)| rows[domain as usize].push(bin));
    rows.into_iter().collect()
}

/// The parts that cannot be lost, each by itself, because not all of their items find a place on
/// the bins that are left, as in [`absorb()`](crate::absorb()). Empty: any of them can.
///
/// `parts` are the bins of each part, as from [`domains()`].
pub fn losses(checked: &Checked, at: &[Option<u32>], parts: &Rows<u32>) -> Vec<Loss> {
    let mut absorber = Absorber::new(checked, at);
    let mut one = |part: usize| match absorbed(&mut absorber, parts, part) {
        Some(_) => None,
        None => loss(absorber.down(parts.row(part)), (part as u32, None)),
    };
    (0..parts.len()).filter_map(&mut one).collect()
}

/// The pairs of parts that cannot be lost together, although each can by itself.
///
/// Most pairs are told by their plans alone: where each part goes elsewhere, and both together
/// still have room, nothing has to be placed anew.
pub fn double_losses(checked: &Checked, at: &[Option<u32>], parts: &Rows<u32>) -> Vec<Loss> {
    let mut absorber = Absorber::new(checked, at);
    let plans: Vec<Option<Plan>> =
        (0..parts.len()).map(|part| Plan::new(&mut absorber, parts, part)).collect();
    let mut pairs = Pairs::new(checked, &plans, parts);
    let mut found = Vec::new();
    for (first, plan) in plans.iter().enumerate() {
        let Some(plan) = plan else { continue };
        pairs.open(&absorber, plan, parts.row(first));
        for (second, other) in plans.iter().enumerate().skip(first + 1) {
            let Some(other) = other else { continue };
            if !pairs.go_together(plan, other, second) {
                let dead = [parts.row(first), parts.row(second)].concat();
                found.extend(loss(absorber.down(&dead), (first as u32, Some(second as u32))));
            }
        }
        pairs.close();
    }
    found
}

/// Where the items of a part go, if all of them can. Different parts go to different bins if that
/// is possible.
fn absorbed(absorber: &mut Absorber, parts: &Rows<u32>, part: usize) -> Option<Absorb> {
    let first = (part + 1) * absorber.state().checked().bins() / parts.len().max(1);
    let near = absorber.absorb_from(parts.row(part), first as u32);
    let is_whole = |it: &Absorb| it.stuck.is_empty();
    Some(near)
        .filter(is_whole)
        .or_else(|| Some(absorber.absorb_all(parts.row(part))).filter(is_whole))
}

fn loss(down: Vec<(u32, Down)>, parts: (u32, Option<u32>)) -> Option<Loss> {
    (!down.is_empty()).then_some(Loss { parts, down })
}

/// Where the items of one part go.
#[derive(Debug)]
struct Plan {
    /// Bins that take some, ascending, and how much, flat.
    bins: Vec<u32>,
    loads: Vec<u64>,
    /// Keys that they hold or refuse, ascending; and whether more than room and keys binds them.
    keys: Vec<u32>,
    is_bound: bool,
}

impl Plan {
    /// The plan for a part, if it can be lost.
    fn new(absorber: &mut Absorber, parts: &Rows<u32>, part: usize) -> Option<Plan> {
        let checked = absorber.state().checked();
        let mut moved = absorbed(absorber, parts, part)?;
        moved.moved.sort_unstable_by_key(|&(item, bin)| (bin, item));
        let items = || moved.moved.iter().map(|it| it.0);
        let is_bound = |it: u32| !checked.spreads(it).is_empty() || checked.terms.is_bound(it);
        let links = items().flat_map(|it| checked.links(it));
        let mut keys: Vec<u32> =
            links.filter(|it| it.holds || it.refuses).map(|it| it.key).collect();
        keys.sort_unstable();
        keys.dedup();
        let is_bound = items().any(is_bound) || checked.terms.has_lingering();
        let mut plan = Plan { bins: Vec::new(), loads: Vec::new(), keys, is_bound };
        for same in moved.moved.chunk_by(|one, other| one.1 == other.1) {
            plan.bins.extend(same.first().map(|it| it.1));
            let sum = |at: usize| same.iter().map(|it| checked.demand(it.0)[at]).sum::<u64>();
            plan.loads.extend((0..checked.problem().resources).map(sum));
        }
        Some(plan)
    }
}

/// What is known of one part while it is paired with all others.
#[derive(Debug)]
struct Pairs<'a> {
    checked: &'a Checked,
    /// Per bin: the parts that it belongs to.
    parts_of: Vec<Vec<u32>>,
    /// Per bin: what the first part leaves there, and whether it is of that part itself.
    left: Vec<i64>,
    is_lost: Vec<bool>,
    /// Per part: whether the first one goes there, or shares a bin with it.
    is_used: Vec<bool>,
}

impl<'a> Pairs<'a> {
    fn new(checked: &'a Checked, plans: &[Option<Plan>], parts: &Rows<u32>) -> Pairs<'a> {
        let mut parts_of = vec![Vec::new(); checked.bins()];
        for part in 0..parts.len() {
            let known = parts.row(part).iter().filter(|&&bin| (bin as usize) < checked.bins());
            known.for_each(|&bin| parts_of[bin as usize].push(part as u32));
        }
        Pairs {
            checked,
            parts_of,
            left: Vec::new(),
            is_lost: vec![false; checked.bins()],
            is_used: vec![false; plans.len()],
        }
    }

    fn open(&mut self, absorber: &Absorber, plan: &Plan, part: &[u32]) {
        let width = self.checked.problem().resources;
        let rooms = (0..self.checked.bins() as u32).flat_map(|it| absorber.state().room().left(it));
        self.left = rooms.copied().collect();
        for (&bin, loads) in plan.bins.iter().zip(plan.loads.chunks_exact(width)) {
            let row = &mut self.left[bin as usize * width..][..width];
            row.iter_mut().zip(loads).for_each(|(left, load)| *left -= *load as i64);
        }
        let lost = part.iter().filter(|&&bin| (bin as usize) < self.checked.bins());
        for &bin in lost.clone() {
            self.is_lost[bin as usize] = true;
        }
        for &bin in plan.bins.iter().chain(lost) {
            self.parts_of[bin as usize].iter().for_each(|&it| self.is_used[it as usize] = true);
        }
    }

    fn close(&mut self) {
        self.is_lost.fill(false);
        self.is_used.fill(false);
    }

    /// Whether the plans of both parts can be followed at once.
    fn go_together(&self, plan: &Plan, other: &Plan, second: usize) -> bool {
        let width = self.checked.problem().resources;
        let fits = |(&bin, loads): (&u32, &[u64])| {
            let rows = self.left[bin as usize * width..][..width].iter().zip(loads);
            let mut rows = rows;
            !self.is_lost[bin as usize]
                && rows.all(|(left, load)| *load == 0 || *load as i64 <= *left)
        };
        !self.is_used[second]
            && !plan.is_bound
            && !other.is_bound
            && other.bins.iter().zip(other.loads.chunks_exact(width)).all(fits)
            && !share(&plan.keys, &other.keys)
    }
}

/// Whether two ascending lists have something in common.
fn share(one: &[u32], other: &[u32]) -> bool {
    one.iter().any(|key| other.binary_search(key).is_ok())
}
