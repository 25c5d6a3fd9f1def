//! Why a replica is where it is, and why it is not elsewhere.

use super::{Placement, Unplaced, translate};
use crate::translate::{GATHER, Ties, Translation};
use crate::{Blocked, Finding, ReplicaRef, Resolved};
use rackberry_core::{Bytes, Millicores, NodeId, Points, WorkloadId, figure};
use rackberry_sched::{Obstacle, State, obstacles};
use serde::Serialize;

/// Why a replica is where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Explanation {
    /// The replica.
    pub replica: ReplicaRef,
    /// Where it should run.
    pub node: Option<NodeId>,
    /// Why there: one sentence.
    pub why_here: String,
    /// Every other node, and why not there.
    pub others: Vec<Alternative>,
}

/// Why a replica is where it is, in one sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Reason {
    /// The replica.
    pub replica: ReplicaRef,
    /// Why there.
    pub why_here: String,
}

/// A node that a replica is not on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Alternative {
    /// The node.
    pub node: NodeId,
    /// Why not there.
    pub why_not: String,
    /// How much worse the score would be there, where it may run there at all.
    pub worse_by: Option<Points>,
}

impl Placement {
    /// Explains every replica of one workload.
    ///
    /// # Errors
    ///
    /// Returns a finding where amounts are beyond any machine.
    pub fn explain(&self, rack: &Resolved, workload: usize) -> Result<Vec<Explanation>, Finding> {
        let now: Vec<_> = rack.replicas.iter().map(|it| it.on).collect();
        let kernel = translate(rack, &now, &Ties::default())?;
        let state = State::new(&kernel.checked, &kernel.items_at(&self.at));
        let view = View { rack, kernel: &kernel, state: &state };
        let replicas = rack.workloads[workload].replicas.clone();
        Ok(replicas.map(|it| view.explain(self, it)).collect())
    }

    /// Says in one sentence each why the replicas at these positions are where they are.
    ///
    /// # Errors
    ///
    /// Returns a finding where amounts are beyond any machine.
    pub fn reasons(&self, rack: &Resolved, replicas: &[usize]) -> Result<Vec<Reason>, Finding> {
        let now: Vec<_> = rack.replicas.iter().map(|it| it.on).collect();
        let kernel = translate(rack, &now, &Ties::default())?;
        let state = State::new(&kernel.checked, &kernel.items_at(&self.at));
        let view = View { rack, kernel: &kernel, state: &state };
        let reason = |it: &usize| Reason {
            replica: rack.replica_ref(*it),
            why_here: view.why_here(self, *it),
        };
        Ok(replicas.iter().map(reason).collect())
    }
}

impl Placement {
    /// The replicas that break a rule where they are, and have nowhere better to go.
    pub(crate) fn stuck(&self, rack: &Resolved) -> Vec<Blocked> {
        // What may not be moved at all breaks no rule of the kernels by staying.
        let barred = |(it, at): (usize, &Option<usize>)| {
            at.is_some_and(|node| rack.bars(rack.replicas[it].workload, node).is_some())
        };
        if self.after.broken == 0 && !self.at.iter().enumerate().any(barred) {
            return Vec::new();
        }
        let Ok(kernel) = translate(rack, &self.at, &Ties::default()) else { return Vec::new() };
        let state = State::new(&kernel.checked, &kernel.start);
        let view = View { rack, kernel: &kernel, state: &state };
        (0..self.at.len()).filter_map(|it| view.stuck(it, self.at[it]?)).collect()
    }
}

pub(super) fn unplaced(
    rack: &Resolved,
    kernel: &Translation,
    at: &[Option<usize>],
) -> Vec<Unplaced> {
    let homeless: Vec<usize> = (0..at.len()).filter(|it| at[*it].is_none()).collect();
    if homeless.is_empty() {
        return Vec::new();
    }
    let state = State::new(&kernel.checked, &kernel.items_at(at));
    let view = View { rack, kernel, state: &state };
    let reason = |it: usize| Unplaced { replica: rack.replica_ref(it), reason: view.nowhere(it) };
    homeless.into_iter().map(reason).collect()
}

/// A placement, seen through the kernels.
struct View<'a> {
    rack: &'a Resolved,
    kernel: &'a Translation,
    state: &'a State<'a>,
}

/// What stands between a replica and a node.
enum Verdict {
    /// It may never run there.
    Never(String),
    /// It may, but not as things are.
    NotNow(String, u64),
    /// It could, at this difference in score.
    Could(i64),
}

impl View<'_> {
    fn explain(&self, placement: &Placement, replica: usize) -> Explanation {
        let here = placement.at[replica];
        let others = (0..self.rack.nodes.len()).filter(|it| Some(*it) != here);
        Explanation {
            replica: self.rack.replica_ref(replica),
            node: here.map(|it| self.rack.nodes[it].id.clone()),
            why_here: self.why_here(placement, replica),
            others: others.map(|it| self.alternative(replica, it)).collect(),
        }
    }

    fn alternative(&self, replica: usize, node: usize) -> Alternative {
        let id = self.rack.nodes[node].id.clone();
        let (why_not, worse_by) = match self.verdict(replica, node) {
            Verdict::Never(why) | Verdict::NotNow(why, _) => (why, None),
            Verdict::Could(points) => {
                let points = Points(u64::try_from(points).unwrap_or(0));
                (format!("it would fit, and would be {}", worse(points)), Some(points))
            }
        };
        Alternative { node: id, why_not, worse_by }
    }

    fn verdict(&self, replica: usize, node: usize) -> Verdict {
        let item = self.item(replica);
        let bundle = &self.kernel.items[item as usize];
        for member in bundle {
            let workload = self.rack.replicas[*member].workload;
            if let Some(barrier) = self.rack.barrier(workload, node) {
                return Verdict::Never(barrier.to_string());
            }
        }
        let bin = u32::try_from(node).unwrap_or(u32::MAX);
        let obstacles = obstacles(self.state, item, bin);
        if obstacles.is_empty() {
            return Verdict::Could(self.state.delta(item, Some(bin)).soft() / 1000);
        }
        let texts: Vec<_> = obstacles.iter().map(|it| self.words(it)).collect();
        let short = obstacles.iter().map(|it| match it {
            Obstacle::NoRoom { short_by, .. } => *short_by,
            Obstacle::Unknown
            | Obstacle::Ineligible
            | Obstacle::Refused { .. }
            | Obstacle::Unfollowed { .. }
            | Obstacle::Scatter { .. }
            | Obstacle::Skew { .. } => u64::MAX / 2,
        });
        Verdict::NotNow(texts.join("; "), short.max().unwrap_or(0))
    }

    /// What rule a replica breaks where it is.
    fn stuck(&self, replica: usize, node: usize) -> Option<Blocked> {
        let workload = self.rack.replicas[replica].workload;
        let barrier = self.rack.bars(workload, node);
        let bin = u32::try_from(node).unwrap_or(u32::MAX);
        let mut why: Vec<_> = barrier.iter().map(ToString::to_string).collect();
        let obstacles = obstacles(self.state, self.item(replica), bin);
        if barrier.is_some() && obstacles.is_empty() {
            why.push(self.words(&Obstacle::Ineligible));
        }
        let closed = |it: &&Obstacle| matches!(it, Obstacle::Unknown | Obstacle::Ineligible);
        why.extend(obstacles.iter().filter(|it| !closed(it)).map(|it| self.words(it)));
        let name = &self.rack.nodes[node].id;
        let reason = format!("it stays on {name}, where {}", why.join("; "));
        (!why.is_empty()).then(|| Blocked { replica: self.rack.replica_ref(replica), reason })
    }

    fn item(&self, replica: usize) -> u32 {
        let items = &self.kernel.items;
        let found = items.binary_search_by(|it| it[0].cmp(&replica));
        let at = found
            .unwrap_or_else(|_| items.iter().position(|it| it.contains(&replica)).unwrap_or(0));
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    fn words(&self, obstacle: &Obstacle) -> String {
        match obstacle {
            Obstacle::Unknown | Obstacle::Ineligible => {
                "it has to stay where it is: its volume may not be moved (`move-volumes`), or too few of \
                 its replicas would run meanwhile (`min-available`)"
                    .into()
            }
            Obstacle::NoRoom { resource, short_by } => {
                let what = match resource {
                    0 => "memory limit is",
                    1 => "memory for requests is",
                    2 => "CPU limit is",
                    3 => "CPU for requests is",
                    _ => "disk is",
                };
                let short = match resource {
                    0 | 1 | 4 => figure::memory(Bytes(short_by.saturating_mul(1024))),
                    _ => Millicores(*short_by).to_string(),
                };
                format!("its {what} {short} short")
            }
            Obstacle::Refused { key, by } => {
                let by = self.rack.replica_ref(self.kernel.items[*by as usize][0]);
                format!("{by} {}", self.kernel.key_names[*key as usize])
            }
            Obstacle::Unfollowed { .. } => "what it needs would not be beside it".into(),
            Obstacle::Scatter { .. } => "its like would be in too few places".into(),
            Obstacle::Skew { spread, .. } => {
                let workload = &self.rack.workloads[self.kernel.spread_of[*spread as usize]].id;
                format!("{workload} would be spread too unevenly")
            }
        }
    }

    /// Why a replica fits nowhere: the node that comes nearest.
    fn nowhere(&self, replica: usize) -> String {
        let all = (0..self.rack.nodes.len()).map(|it| (self.verdict(replica, it), it));
        let mut nearest: Option<(u64, String)> = None;
        for (verdict, node) in all {
            let id = &self.rack.nodes[node].id;
            let (far, text) = match verdict {
                Verdict::Never(why) => {
                    (u64::MAX, format!("it may run nowhere; not on {id}: {why}"))
                }
                Verdict::NotNow(why, far) => (far, format!("{id} comes nearest: {why}")),
                Verdict::Could(_) => (0, format!("{id} has room, but the search did not reach it")),
            };
            if nearest.as_ref().is_none_or(|it| far < it.0) {
                nearest = Some((far, text));
            }
        }
        nearest.map_or_else(|| "the rack has no nodes".into(), |it| it.1)
    }

    fn why_here(&self, placement: &Placement, replica: usize) -> String {
        let Some(here) = placement.at[replica] else { return self.nowhere(replica) };
        let verb = match self.rack.replicas[replica].on {
            Some(now) if now == here => "stays on",
            Some(_) => "moves to",
            None => "starts on",
        };
        format!("{verb} {}: {}", self.rack.nodes[here].id, self.choice(replica, here))
    }

    /// What the best of the other nodes would have been like.
    fn choice(&self, replica: usize, here: usize) -> String {
        let others = (0..self.rack.nodes.len()).filter(|it| *it != here);
        let mut best: Option<(i64, usize)> = None;
        let mut near: Option<(u64, usize, String)> = None;
        for other in others {
            match self.verdict(replica, other) {
                Verdict::Could(points) if best.is_none_or(|it| points < it.0) => {
                    best = Some((points, other));
                }
                Verdict::NotNow(why, far) if near.as_ref().is_none_or(|it| far < it.0) => {
                    near = Some((far, other, why));
                }
                Verdict::Could(_) | Verdict::Never(_) | Verdict::NotNow(..) => {}
            }
        }
        match best {
            Some((points, other)) => {
                let points = Points(u64::try_from(points).unwrap_or(0));
                format!("{}, the next best, would be {}", self.rack.nodes[other].id, worse(points))
            }
            None => match near {
                Some((_, other, why)) => {
                    format!("no other node can take it; not {}: {why}", self.rack.nodes[other].id)
                }
                None => "it may run on no other node".into(),
            },
        }
    }
}

/// How much worse a choice is, in whole points.
fn worse(points: Points) -> String {
    if points.0 >= GATHER / 2 {
        return "without what it must share a node with (`with`)".into();
    }
    match points.0 {
        0..500 => "just as good".into(),
        500..1500 => "1 point worse".into(),
        it => format!("{} points worse", it.saturating_add(500) / 1000),
    }
}

impl Resolved {
    /// The position of the workload that has this name.
    pub fn workload_named(&self, name: &str) -> Option<usize> {
        self.workload(&WorkloadId::new(name))
    }
}
