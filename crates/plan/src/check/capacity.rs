//! The memory and CPU there is, and what must run on it.
//!
//! | rule | finds | why |
//! |---|---|---|
//! | `node-memory` | a node over its usable memory, over the policy's limit, or within 10 points of it | what does not fit is killed, and the kernel chooses what |
//! | `node-cpu` | a node that is asked for more CPU than the policy allows | everything on it slows down |
//! | `node-requests` | requests on a node beyond what it can promise | what restarts there stays Pending |
//! | `figures-contradict` | a node measured below the sum of what runs on it | one of the figures is wrong, and all that follows from it |
//! | `cluster-memory` | a cluster whose workloads do not fit in its nodes together | no placement can help |
//! | `no-spare-node` | a cluster that does not fit without its largest node | the loss of that node is an outage, whatever the scheduler does |
//! | `unknown-memory` | workloads of whose memory the file says nothing | they count as nothing |
//! | `use-over-request` | workloads that use far more than they request | the scheduler fills the node by requests |
//! | `request-over-use` | workloads that request far more than they use | nodes count as full that are not |

mod relief;

use super::survey::Survey;
use super::tell::{at, share, tell};
use super::wording::{count, list};
use crate::{Finding, Load, Location};
use rackberry_core::{Bytes, ClusterId, Permille, figure};
use relief::Relief;

/// How far below the policy's limit a node counts as nearly there.
const NEARLY: Permille = Permille(100);
/// What a workload may use beyond its request before it is worth a word.
const SLACK: Bytes = Bytes(64 << 20);
/// What a workload may request beyond its use before it is worth a word.
const WASTE: Bytes = Bytes(256 << 20);

pub(super) fn findings(it: &Survey, out: &mut Vec<Finding>) {
    let nodes = 0..it.rack.nodes.len();
    let relief = Relief::new(it);
    let (mut memory, mut cpu, mut requests, mut figures) = (vec![], vec![], vec![], vec![]);
    for node in nodes {
        memory.extend(node_memory(it, node, &relief));
        cpu.extend(node_cpu(it, node, &relief));
        requests.extend(node_requests(it, node, &relief));
        figures.extend(contradiction(it, node));
    }
    for each in [memory, cpu, requests, figures] {
        tell(out, each);
    }
    it.workloads.keys().for_each(|cluster| cluster_memory(it, cluster, out));
    unknown(it, out);
    under_requested(it, out);
    over_requested(it, out);
}

fn node_memory(it: &Survey, node: usize, relief: &Relief) -> Option<Finding> {
    let (usable, used) = (it.rack.nodes[node].usable.memory, it.in_use(node).memory);
    let allowed = it.rack.rack.policy.memory_limit;
    let nearly = Permille(allowed.0.saturating_sub(NEARLY.0));
    if used.0 <= share(usable.0, nearly) || super::guest::overfull(it, node) {
        return None;
    }
    let name = it.node(node);
    let seen = if it.rack.nodes[node].measured { "uses" } else { "needs" };
    let (used_text, usable_text) = (figure::memory(used), figure::memory(usable));
    let so = format!("{name} {seen} {used_text} of its {usable_text}");
    let full = figure::share(used.0, usable.0);
    let at = at!("nodes", name);
    Some(if used > usable {
        let reason = format!("{so}: more than there is, so something is killed");
        Finding::error("node-memory", at, reason, relief.remedy(node))
    } else if used.0 > share(usable.0, allowed) {
        let reason = format!("{so} ({full}), above the policy's {allowed}");
        Finding::warning("node-memory", at, reason, relief.remedy(node))
    } else {
        let left = figure::memory(Bytes(share(usable.0, allowed)).minus(used));
        let reason = format!("{so} ({full}): {left} are left below the policy's {allowed}");
        Finding::note("node-memory", at, reason, relief.remedy(node))
    })
}

fn node_cpu(it: &Survey, node: usize, relief: &Relief) -> Option<Finding> {
    let (usable, used) = (it.rack.nodes[node].usable.cpu, it.in_use(node).cpu);
    let limit = it.rack.rack.policy.cpu_limit;
    if used.0 <= share(usable.0, limit) {
        return None;
    }
    let name = it.node(node);
    let reason = format!(
        "what runs on {name} needs {used} of its {usable} cores ({}), above the policy's {limit}",
        figure::share(used.0, usable.0)
    );
    let remedy = match relief.may_leave(node) {
        true => "move some of it to another node".into(),
        false => "give it less to run, or more cores".into(),
    };
    Some(Finding::warning("node-cpu", at!("nodes", name), reason, remedy))
}

fn node_requests(it: &Survey, node: usize, relief: &Relief) -> Option<Finding> {
    let (usable, asked) = (it.rack.nodes[node].usable, it.nodes[node].request);
    let name = it.node(node);
    let amounts = match (asked.memory > usable.memory, asked.cpu > usable.cpu) {
        (true, _) => {
            format!(
                "{} of memory, and it has {}",
                figure::memory(asked.memory),
                figure::memory(usable.memory)
            )
        }
        (false, true) => format!("{} cores, and it has {}", asked.cpu, usable.cpu),
        (false, false) => return None,
    };
    let reason =
        format!("the workloads on {name} request {amounts}: what restarts there will stay Pending");
    let remedy = match relief.may_leave(node) {
        true => "lower the requests to what is used, or move some of them away".into(),
        false => "lower the requests to what is used".into(),
    };
    Some(Finding::error("node-requests", at!("nodes", name), reason, remedy))
}

fn contradiction(it: &Survey, node: usize) -> Option<Finding> {
    let name = it.node(node);
    let total = it.machine(node).uses.memory?;
    let sum = it.nodes[node].uses.memory;
    if sum <= total {
        return None;
    }
    let reason = format!(
        "{name} was seen to use {} in all, and what the file puts on it uses {}: one of them is wrong",
        figure::memory(total),
        figure::memory(sum)
    );
    let remedy = format!("measure {name} and its workloads again, at the same time");
    Some(Finding::warning("figures-contradict", at!("nodes", name, "uses"), reason, remedy))
}

fn cluster_memory(it: &Survey, cluster: &ClusterId, out: &mut Vec<Finding>) {
    let open = open_nodes(it, cluster);
    let counted = it.workloads[cluster].iter().map(|workload| {
        let workload = &it.rack.workloads[*workload];
        Bytes(workload.need.memory.0.saturating_mul(workload.replicas.len() as u64))
    });
    let movable: Bytes = counted.sum();
    let limit = it.rack.rack.policy.memory_limit;
    let all = |limit: Permille| -> Bytes { open.iter().map(|node| room(it, *node, limit)).sum() };
    let largest = open.iter().copied().max_by_key(|node| room(it, *node, limit));
    // A cluster of one node is told of as that node.
    let Some(largest) = largest.filter(|_| open.len() > 1) else { return };
    let (at, need) = (at!("clusters", cluster), figure::memory(movable));
    let nodes = count(open.len(), "node");
    if movable > all(limit) {
        let (has, under) = (figure::memory(all(limit)), format!("below the policy's {limit}"));
        let reason = format!(
            "the workloads of {cluster} need {need}, and its {nodes} have {has} for them {under}"
        );
        let remedy = format!("add {}, or run less", figure::memory(movable.minus(all(limit))));
        out.push(match movable > all(Permille(1000)) {
            true => Finding::error("cluster-memory", at, reason, remedy),
            false => Finding::warning("cluster-memory", at, reason, remedy),
        });
        return;
    }
    let left = all(limit).minus(room(it, largest, limit));
    if movable > left {
        let reason = format!(
            "without {}, its largest node, {cluster} has room for {} of the {need} that must run",
            it.node(largest),
            figure::memory(left)
        );
        let missing = figure::memory(movable.minus(left));
        let remedy = format!("add {missing} to the other nodes, or decide what may stay down");
        out.push(Finding::warning("no-spare-node", at, reason, remedy));
    }
}

/// The memory for workloads on a node that is used up to a limit, less what every node runs.
fn room(it: &Survey, node: usize, limit: Permille) -> Bytes {
    let (usable, own) = (it.rack.nodes[node].usable.memory, it.rack.nodes[node].own.memory);
    Bytes(share(usable.0, limit)).minus(own.plus(it.nodes[node].every.memory))
}

/// The nodes of a cluster that any of its workloads may run on.
fn open_nodes(it: &Survey, cluster: &ClusterId) -> Vec<usize> {
    let mut sets: Vec<usize> =
        it.workloads[cluster].iter().map(|workload| it.eligible.set_of(*workload)).collect();
    sets.sort_unstable();
    sets.dedup();
    let mut open: Vec<usize> =
        sets.into_iter().flat_map(|set| it.eligible.sets()[set].iter().copied()).collect();
    open.sort_unstable();
    open.dedup();
    open
}

fn unknown(it: &Survey, out: &mut Vec<Finding>) {
    if it.rack.rack.policy.assume.memory.is_some() {
        return;
    }
    let names: Vec<&str> =
        it.rack.workloads.iter().filter(|it| !it.known).map(|it| it.id.as_str()).collect();
    let (at, reason) = match names.as_slice() {
        [] => return,
        [one] => (
            at!("workloads", one),
            format!("the file says nothing of {one}'s memory, so it counts as none"),
        ),
        all => {
            let reason = format!(
                "the file says nothing of the memory of {} ({}), so they count as none",
                count(all.len(), "workload"),
                list(all)
            );
            (at!("workloads"), reason)
        }
    };
    let remedy = "write what `kubectl top pods` shows as `uses`, or set `policy.assume`".into();
    out.push(Finding::note("unknown-memory", at, reason, remedy));
}

/// Workloads whose memory is stated both ways, with what they request and what they use.
fn stated<'a>(it: &'a Survey) -> impl Iterator<Item = (usize, Bytes, Bytes)> + 'a {
    (0..it.rack.workloads.len()).filter_map(|at| {
        let written = it.written(at).1;
        Some((at, written.requests.memory?, written.uses.memory?))
    })
}

fn replicas(it: &Survey, workload: usize) -> u64 {
    let workload = &it.rack.workloads[workload];
    (workload.replicas.len() + workload.every.len()) as u64
}

fn under_requested(it: &Survey, out: &mut Vec<Finding>) {
    let far = |(_, asked, used): &(usize, Bytes, Bytes)| {
        used.minus(*asked) >= SLACK && used.0 / 3 > asked.0 / 2
    };
    let those: Vec<_> = stated(it).filter(far).collect();
    let beyond = those
        .iter()
        .map(|(at, asked, used)| Bytes(used.minus(*asked).0.saturating_mul(replicas(it, *at))));
    let beyond: Bytes = beyond.sum();
    let what = |(at, asked, used): &(usize, Bytes, Bytes)| {
        format!("{} {} for {}", it.written(*at).0, figure::memory(*used), figure::memory(*asked))
    };
    let reason = format!(
        "{} more in use than requested ({}): the scheduler sees less than there is",
        figure::memory(beyond),
        list(those.iter().map(what))
    );
    let remedy = "request what is used, so that nodes are not filled beyond their memory".into();
    tell_requests(it, &those, "use-over-request", reason, remedy, out);
}

fn over_requested(it: &Survey, out: &mut Vec<Finding>) {
    let far = |(_, asked, used): &(usize, Bytes, Bytes)| {
        asked.minus(*used) >= WASTE && asked.0 / 4 >= used.0
    };
    let those: Vec<_> = stated(it).filter(far).collect();
    let idle = those
        .iter()
        .map(|(at, asked, used)| Bytes(asked.minus(*used).0.saturating_mul(replicas(it, *at))));
    let idle: Bytes = idle.sum();
    let what = |(at, asked, used): &(usize, Bytes, Bytes)| {
        format!("{} {} for {}", it.written(*at).0, figure::memory(*asked), figure::memory(*used))
    };
    let reason = format!(
        "{} requested and not used ({}): nodes count as full that are not",
        figure::memory(idle),
        list(those.iter().map(what))
    );
    let remedy = "lower the requests towards what is used".into();
    tell_requests(it, &those, "request-over-use", reason, remedy, out);
}

fn tell_requests(
    it: &Survey,
    those: &[(usize, Bytes, Bytes)],
    rule: &str,
    reason: String,
    remedy: String,
    out: &mut Vec<Finding>,
) {
    let at: Location = match those {
        [] => return,
        [one] => at!("workloads", it.written(one.0).0, "requests"),
        _ => at!("workloads"),
    };
    out.push(Finding::note(rule, at, reason, remedy));
}

/// What a node has for workloads before any runs there: its usable share, less its own system and
/// what runs on every node.
pub(super) fn empty_room(it: &Survey, node: usize) -> Load {
    let (usable, own) = (it.rack.nodes[node].usable, it.rack.nodes[node].own);
    usable.minus(own).minus(it.nodes[node].every)
}
