//! Why one workload goes where it goes, and why not to each other node.

use super::View;
use crate::answer::Failure;
use crate::input::Input;
use crate::look::Ink;
use rackberry::core::{NodeId, Points};
use rackberry::plan::{Alternative, Explanation};
use std::collections::BTreeMap;

/// No more nodes than this are named for each reason.
const NAMED: usize = 6;

/// The explanation of the workload of this name.
pub(super) fn named(
    view: &View<'_>,
    name: &str,
    input: &Input,
) -> Result<Vec<Explanation>, Failure> {
    let workload = view.rack.workload_named(name).ok_or_else(|| unknown(view, name))?;
    if view.rack.workloads[workload].replicas.is_empty() {
        return Err(Failure::Missing(format!(
            "{name} runs on every node that it may run on: there is nothing to choose"
        )));
    }
    let explained = view.placement.explain(view.rack, workload);
    explained.map_err(|it| input.refused(&[it], view.look))
}

fn unknown(view: &View<'_>, name: &str) -> Failure {
    let known = view.rack.workloads.iter().map(|it| it.id.as_str());
    let advice = match near(name, known.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if view.rack.workloads.is_empty() => "the file has no workloads".into(),
        None => {
            let some: Vec<_> = known.take(12).collect();
            let more = if some.len() < view.rack.workloads.len() { ", ..." } else { "" };
            format!("there are {}{more}", some.join(", "))
        }
    };
    Failure::Missing(format!("there is no workload called `{name}`: {advice}"))
}

/// The known name that was probably meant.
fn near<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let far = known.map(|it| (strsim::damerau_levenshtein(name, it), it));
    far.filter(|it| it.0 * 3 <= name.len().max(it.1.len())).min().map(|it| it.1)
}

/// Every replica: why here, and the other nodes with why not.
pub(super) fn text(view: &View<'_>, explained: &[Explanation]) -> String {
    let all = explained.iter().map(|it| replica(view, it));
    all.collect::<Vec<_>>().join("\n")
}

fn replica(view: &View<'_>, it: &Explanation) -> String {
    let name = it.replica.to_string();
    let why = view.look.wrap(&it.why_here, name.len() + 1, 2);
    let mut text = format!("{} {why}\n", view.look.paint(Ink::Heading, &name));
    if !it.others.is_empty() {
        text += "  why not on\n";
    }
    for (why_not, nodes) in grouped(&it.others) {
        let line = format!("{}: {why_not}", named_nodes(&nodes));
        text += &format!("    {}\n", view.look.wrap(&line, 4, 6));
    }
    text
}

/// The nodes with the same reason side by side; those that could be chosen first, the best of them first.
fn grouped(others: &[Alternative]) -> Vec<(&str, Vec<&NodeId>)> {
    let mut groups: BTreeMap<(bool, Option<Points>, &str), Vec<&NodeId>> = BTreeMap::new();
    for it in others {
        let key = (it.worse_by.is_none(), it.worse_by, it.why_not.as_str());
        groups.entry(key).or_default().push(&it.node);
    }
    groups.into_iter().map(|((.., why_not), nodes)| (why_not, nodes)).collect()
}

/// `pi-1, pi-2, pi-3 and 21 more`.
fn named_nodes(nodes: &[&NodeId]) -> String {
    let names: Vec<_> = nodes.iter().take(NAMED).map(|it| it.as_str()).collect();
    match nodes.len().saturating_sub(NAMED) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}
