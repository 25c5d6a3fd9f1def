//! What the kernel must know to hand items over, and what it says of those that it holds back.

use crate::Resolved;
use crate::translate::Translation;
use rackberry_sched::{Handover, Held, Order, Why};
use std::collections::BTreeMap;

/// How each item is handed over, and how many of each group must keep running.
pub(super) struct Rules {
    pub(super) handover: Vec<Handover>,
    pub(super) minimum: Vec<u32>,
}

/// The rules for `items`; `bytes` is what a replica has to copy. A workload is a group.
pub(super) fn rules(rack: &Resolved, items: &[Vec<usize>], bytes: impl Fn(usize) -> u64) -> Rules {
    let workload = |replica: &usize| rack.replicas[*replica].workload;
    let may_stop =
        |replica: &usize| rack.rack.policy.may_stop.contains(&rack.workloads[workload(replica)].id);
    let least = |workload: usize| rack.written(workload).min_available;
    let handover = |item: &Vec<usize>| {
        let mut groups = item.iter().map(workload).filter(|it| least(*it) > 0);
        let group = groups.next().and_then(|it| u32::try_from(it).ok());
        Handover {
            // The kernel knows one group for each item, so what is in several never stops.
            may_stop: item.iter().all(may_stop) && groups.next().is_none(),
            copy: item.iter().map(|it| bytes(*it)).fold(0, u64::saturating_add),
            group,
        }
    };
    Rules {
        handover: items.iter().map(handover).collect(),
        minimum: (0..rack.workloads.len()).map(least).collect(),
    }
}

/// The replicas that were held back, and why.
pub(super) fn held(
    rack: &Resolved,
    kernel: &Translation,
    order: &Order,
) -> BTreeMap<usize, String> {
    let mut all = BTreeMap::new();
    for Held { item, why } in &order.held {
        let why = words(rack, kernel, why);
        all.extend(kernel.items[*item as usize].iter().map(|it| (*it, why.clone())));
    }
    all
}

/// The replicas that should share a node, and still do not.
pub(super) fn torn(
    kernel: &Translation,
    end: &[Option<usize>],
) -> impl Iterator<Item = (usize, String)> {
    let together = |group: &[usize]| group.iter().all(|it| end[*it] == end[group[0]]);
    let why = "no node may take all that it must share a node with (`with`), or has room for it";
    let apart = kernel.torn.iter().filter(move |it| !together(it));
    apart.flat_map(|it| it.iter().copied()).map(move |it| (it, why.to_owned()))
}

/// Why a replica was told to stay where it is.
pub(super) fn fixed(rack: &Resolved, replica: usize) -> String {
    let workload = &rack.workloads[rack.replicas[replica].workload].id;
    format!("while it moved, too few replicas of {workload} would run (`min-available`)")
}

/// Why a replica cannot go to a node whose disk is full.
pub(super) fn no_disk(rack: &Resolved, node: usize) -> String {
    let node = &rack.nodes[node].id;
    format!(
        "the disk of {node} has no room for its volumes beside the copies that moves leave behind"
    )
}

/// Why a replica does not start.
pub(super) fn uneven(rack: &Resolved, replica: usize) -> String {
    let workload = &rack.workloads[rack.replicas[replica].workload].id;
    format!("{workload} would be spread too unevenly while the others do not run")
}

fn words(rack: &Resolved, kernel: &Translation, why: &Why) -> String {
    match why {
        Why::Ineligible => "it may not run where it would be better placed".into(),
        Why::NoRoom { resource } => {
            let what = match resource {
                0 | 1 => "memory",
                2 | 3 => "CPU",
                _ => "room on the disk",
            };
            format!("where it would be better placed there is not enough {what} while things move")
        }
        Why::Refused { key } => {
            let key = &kernel.key_names[*key as usize];
            format!("where it would be better placed another replica {key}")
        }
        Why::Cycle => {
            "moves wait for each other in a circle, and there is no room to break it; allow a workload of it to stop (`policy.may-stop`)".into()
        }
        Why::Minimum { group } => {
            let workload = &rack.workloads[*group as usize].id;
            format!("too few replicas of {workload} would keep running (`min-available`)")
        }
    }
}
