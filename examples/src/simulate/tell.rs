//! What is so after a loss, for people.

use super::report::{Members, PoolIs, Report};
use crate::look::{Ink, Look};
use crate::number::count;
use std::fmt::Display;

/// No more names than this are said of a kind.
const NAMED: usize = 12;

/// How far the texts are indented, below their headings.
const INDENT: usize = 12;

/// The report in words.
pub(super) fn text(it: &Report, look: &Look) -> String {
    let head = format!("{} without {}, on a simulated rack:", it.rack, it.names.join(" and "));
    let mut text = look.paint(Ink::Heading, &head) + "\n";
    text += &paragraph("machines", &machines(it), look);
    for (at, cluster) in it.clusters.iter().enumerate() {
        text += &paragraph(if at == 0 { "clusters" } else { "" }, &members(cluster), look);
    }
    text += &paragraph("replicas", &replicas(it), look);
    for (at, (id, is)) in it.pools.iter().enumerate() {
        let line = format!("{id} {}", pool(*is));
        text += &paragraph(if at == 0 { "pools" } else { "" }, &line, look);
    }
    text + &verdict(it, look) + &remedy(it, look) + &compared(it, look)
}

fn paragraph(head: &str, line: &str, look: &Look) -> String {
    format!("  {head:<10}{}\n", look.wrap(line, INDENT, INDENT))
}

fn machines(it: &Report) -> String {
    let (all, silent) = (it.machines.all, it.machines.silent.len());
    let text = format!("{} of {all} answer", all - silent);
    text + &named("; silent", &it.machines.silent)
}

fn members(it: &Members) -> String {
    let does = if it.decides { "decides" } else { "decides nothing" };
    let voters = format!("{} of {} ready", it.ready_voters, count(it.voters, "voter"));
    format!("{} {does}: {voters}{}", it.cluster, named("; not ready", &it.not_ready))
}

fn replicas(it: &Report) -> String {
    let it = &it.replicas;
    let text = format!("{} of {} run", it.running, it.all);
    let unknown = named("; their cluster does not answer, so nobody can say", &it.out_of_reach);
    text + &named("; down", &it.down) + &unknown
}

fn pool(is: PoolIs) -> &'static str {
    match is {
        PoolIs::Whole => "is whole",
        PoolIs::Degraded => "is degraded: all of it can be read",
        PoolIs::Lost => "is lost: nothing of it can be read",
        PoolIs::OutOfReach => "is out of reach with its machine",
    }
}

fn named(head: &str, names: &[impl Display]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let shown: Vec<String> = names.iter().take(NAMED).map(ToString::to_string).collect();
    let rest = match names.len().saturating_sub(NAMED) {
        0 => String::new(),
        many => format!(" and {many} more"),
    };
    format!("{head}: {}{rest}", shown.join(", "))
}

/// Whether that is enough.
fn verdict(it: &Report, look: &Look) -> String {
    if it.survives {
        return look.paint(Ink::Good, "Everything survives that the file calls needed.") + "\n";
    }
    let head = look.paint(Ink::Error, "Not everything survives that the file calls needed:");
    head + "\n" + &bullets(&it.missing, look)
}

fn bullets(lines: &[String], look: &Look) -> String {
    let shown = lines.iter().take(NAMED).map(|it| format!("  - {}\n", look.wrap(it, 4, 4)));
    let rest = match lines.len().saturating_sub(NAMED) {
        0 => String::new(),
        many => format!("  - and {many} more: --json has them all\n"),
    };
    shown.collect::<String>() + &rest
}

/// What would be done about it.
fn remedy(it: &Report, look: &Look) -> String {
    if !it.plan.refused.is_empty() {
        let head =
            "A plan from here fails its own verification, a defect of rackberry: please report it.";
        return look.paint(Ink::Error, head) + "\n" + &bullets(&it.plan.refused, look);
    }
    let head = "A plan from here: ";
    let summary = match it.plan.steps {
        0 => "there is nothing that it can do.",
        _ => it.plan.summary.as_str(),
    };
    let mut text = format!("{head}{}\n", look.wrap(summary, head.len(), 2));
    if !it.plan.back.is_empty() {
        let line = named("Once it is done these run again", &it.plan.back) + ".";
        text += &format!("  {}\n", look.wrap(&line, 2, 2));
    }
    let stuck = it.plan.unreached.iter().map(|(node, why)| format!("{node}: {why}"));
    let unset = it.plan.unset.iter().map(ToString::to_string);
    let blocked = it.plan.blocked.iter().map(|it| format!("{}: {}", it.replica, it.reason));
    let left: Vec<String> = stuck.chain(unset).chain(blocked).collect();
    match left.is_empty() {
        true => text,
        false => text + "  What it leaves as it is:\n" + &bullets(&left, look),
    }
}

/// What `check` says of the same loss.
fn compared(it: &Report, look: &Look) -> String {
    match (&it.predicted, it.differences.is_empty()) {
        (None, _) => {
            let line = "`check` says nothing of this loss: it looks at single nodes, switches, outlets and pools.";
            look.wrap(line, 0, 0) + "\n"
        }
        (Some(_), true) => "`check` predicts the same for this loss.\n".into(),
        (Some(_), false) => {
            let head = "`check` predicts something else for this loss:";
            look.paint(Ink::Warning, head) + "\n" + &bullets(&it.differences, look)
        }
    }
}
