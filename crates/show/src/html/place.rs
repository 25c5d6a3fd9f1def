//! The placement: every node before and after, every move and why, and what fits nowhere.

use super::doc::Doc;
use super::{MOST_ROWS, Report};
use crate::figure::{self, percent, share, size, time};
use rackberry_core::{Bytes, Millicores, Permille, Seconds};
use rackberry_plan::{Change, NodeUse, ReplicaRef};
use std::collections::BTreeMap;

/// What is written where there is no amount.
const NONE: &str = "–";

pub(super) fn write(doc: &mut Doc, report: &Report<'_>) {
    unplaced(doc, report);
    nodes(doc, report);
    moves(doc, report);
}

fn unplaced(doc: &mut Doc, report: &Report<'_>) {
    let all = &report.placement.unplaced;
    if all.is_empty() {
        return;
    }
    doc.raw("<h3>What fits nowhere</h3>\n<ol class=\"findings\">\n");
    for it in all.iter().take(MOST_ROWS) {
        doc.raw("<li class=\"error\"><p><strong>").text(&it.replica).raw("</strong></p><p>");
        doc.prose(&it.reason).raw("</p></li>\n");
    }
    doc.raw("</ol>\n").left_out(all.len(), MOST_ROWS);
}

fn nodes(doc: &mut Doc, report: &Report<'_>) {
    let all = &report.placement.nodes;
    doc.raw("<h3>Nodes</h3>\n<div class=\"wide\"><table><thead><tr><td></td>");
    doc.raw("<th colspan=\"5\" scope=\"colgroup\">memory</th>");
    doc.raw("<th colspan=\"4\" scope=\"colgroup\">CPU</th></tr><tr>");
    let memory = ["used before", "used after", "requested", "limit", "usable"];
    let cpu = ["used before", "used after", "requested", "cores"];
    doc.columns(&["node"], &memory).columns(&[], &cpu).raw("</tr></thead><tbody>\n");
    all.iter().take(MOST_ROWS).for_each(|it| node(doc, it));
    doc.raw("</tbody></table></div>\n").left_out(all.len(), MOST_ROWS);
}

fn node(doc: &mut Doc, it: &NodeUse) {
    let cpu = |used: Millicores| share(Bytes(used.0), Bytes(it.cpu.0));
    doc.raw("<tr>").row_name(&it.node);
    for used in [it.before.memory_used, it.after.memory_used] {
        bar(doc, size(used), share(used, it.memory), used > it.memory_limit);
    }
    let requested = it.after.memory_requested;
    doc.figure(if requested == Bytes(0) { NONE.into() } else { size(requested) });
    doc.figure(size(it.memory_limit)).figure(size(it.memory));
    for used in [it.before.cpu_used, it.after.cpu_used] {
        bar(doc, used.to_string(), cpu(used), used > it.cpu);
    }
    let requested = it.after.cpu_requested;
    doc.figure(if requested == Millicores(0) { NONE.into() } else { requested.to_string() });
    doc.figure(it.cpu).raw("</tr>\n");
}

/// A cell with an amount, its percentage, and a bar of that length.
fn bar(doc: &mut Doc, amount: String, share: Permille, over: bool) {
    doc.raw(if over { "<td class=\"n over\">! " } else { "<td class=\"n\">" }).text(amount);
    doc.raw(" <b>").text(percent(share)).raw("</b><span class=\"bar\"><i style=\"width:");
    doc.text(share.0.min(1000) / 10).raw("%\"></i></span></td>");
}

fn moves(doc: &mut Doc, report: &Report<'_>) {
    let all = &report.placement.moves;
    let Some(counted) = figure::moves(all) else {
        let placement = report.placement;
        let settled = placement.unplaced.is_empty() && placement.after.broken == 0;
        doc.raw(match settled {
            true => "<p>Everything already runs where it should.</p>\n",
            false => "<p>Nothing can be moved to where it would be better.</p>\n",
        });
        return;
    };
    let why: BTreeMap<&ReplicaRef, &str> =
        report.reasons.iter().map(|it| (&it.replica, it.why_here.as_str())).collect();
    doc.raw("<h3>").text(counted).raw("</h3>\n<div class=\"wide\"><table>");
    doc.raw("<thead><tr>").columns(&["replica", "from", "to"], &["memory", "to copy", "down for"]);
    doc.columns(&["why"], &[]).raw("</tr></thead><tbody>\n");
    all.iter().take(MOST_ROWS).for_each(|it| change(doc, it, why.get(&it.replica).copied()));
    doc.raw("</tbody></table></div>\n").left_out(all.len(), MOST_ROWS);
}

fn change(doc: &mut Doc, it: &Change, why: Option<&str>) {
    doc.raw("<tr>").row_name(&it.replica);
    match &it.from {
        Some(from) => doc.name(from),
        None => doc.raw("<td class=\"mute\">starts</td>"),
    };
    doc.name(&it.to).figure(size(it.memory));
    doc.figure(if it.bytes == Bytes(0) { NONE.into() } else { size(it.bytes) });
    doc.figure(if it.downtime == Seconds(0) { NONE.into() } else { time(it.downtime) });
    doc.raw("<td class=\"why\">").text(why.unwrap_or_default()).raw("</td></tr>\n");
}
