//! The plan: wave by wave what is handed over, the steps, and the memory after each.

use super::doc::Doc;
use super::{MOST_ROWS, Report};
use crate::figure::{count, percent, share, size, time};
use rackberry_core::{Bytes, Seconds};
use rackberry_plan::{Fact, Move, MoveKind, Plan, Step, Wave};

/// More waves than this the page does not show.
const MOST_WAVES: usize = 200;

pub(super) fn write(doc: &mut Doc, report: &Report<'_>) {
    let Some(plan) = report.plan else { return };
    if plan.steps.is_empty() {
        doc.raw("<p>There is nothing to do.</p>\n");
    } else {
        doc.raw("<p>").text(count(plan.steps.len(), "step", "steps")).raw(" in ");
        doc.text(count(plan.waves.len(), "wave", "waves"));
        doc.raw(". A wave begins once the one before is proved.</p>\n");
    }
    for (at, wave) in plan.waves.iter().enumerate().take(MOST_WAVES) {
        one_wave(doc, plan, at, wave);
    }
    doc.left_out(plan.waves.len(), MOST_WAVES);
    kept(doc, plan);
    blocked(doc, plan);
}

fn one_wave(doc: &mut Doc, plan: &Plan, at: usize, wave: &Wave) {
    let end = plan.waves.get(at + 1).map_or(plan.steps.len(), |it| it.first);
    let steps = plan.steps.get(wave.first..end).unwrap_or_default();
    doc.raw("<article class=\"wave\"><h3>Wave ").text(at + 1).raw("</h3>\n<ul class=\"moves\">");
    wave.moves.iter().take(MOST_ROWS).for_each(|it| one_move(doc, it));
    doc.raw("</ul>\n");
    for (number, step) in steps.iter().enumerate().take(MOST_ROWS) {
        one_step(doc, wave.first + number, step);
    }
    doc.left_out(steps.len(), MOST_ROWS);
    memory(doc, wave);
    doc.raw("</article>\n");
}

fn one_move(doc: &mut Doc, it: &Move) {
    doc.raw("<li><strong>").text(&it.replica).raw("</strong> ").text(words(it));
    if it.bytes > Bytes(0) {
        doc.raw(", ").text(size(it.bytes)).raw(" to copy");
    }
    if it.downtime > Seconds(0) {
        doc.raw(", down for ").text(time(it.downtime));
    }
    doc.raw("</li>");
}

fn words(it: &Move) -> String {
    let name = |node: &Option<rackberry_core::NodeId>| {
        node.as_ref().map_or("nowhere".to_owned(), ToString::to_string)
    };
    let (from, to) = (name(&it.from), name(&it.to));
    match it.kind {
        MoveKind::Start => format!("starts on {to}"),
        MoveKind::Move => format!("moves from {from} to {to}"),
        MoveKind::ToTemporary => format!("moves from {from} to {to} for the time being"),
        MoveKind::FromTemporary => format!("moves on from {from} to {to}, where it belongs"),
        MoveKind::Stop => format!("stops on {from} to make room"),
        MoveKind::Resume => format!("starts again on {to}"),
        MoveKind::Restart => format!("is down while {to} reboots"),
    }
}

fn one_step(doc: &mut Doc, number: usize, step: &Step) {
    doc.raw("<details class=\"step\"><summary><span class=\"number\">").text(number + 1);
    doc.raw("</span> ").text(&step.action);
    if step.takes > Seconds(0) {
        doc.raw(" <span class=\"mute\">").text(time(step.takes)).raw("</span>");
    }
    doc.raw("</summary><dl>");
    facts(doc, "before", &step.before);
    facts(doc, "proof", &step.after);
    if !step.needs.is_empty() {
        let needs: Vec<_> = step.needs.iter().map(|it| (it + 1).to_string()).collect();
        doc.raw("<dt>after steps</dt><dd>").text(needs.join(", ")).raw("</dd>");
    }
    doc.raw("</dl></details>\n");
}

fn facts(doc: &mut Doc, name: &'static str, facts: &[Fact]) {
    if facts.is_empty() {
        return;
    }
    doc.raw("<dt>").raw(name).raw("</dt>");
    for fact in facts {
        doc.raw("<dd>").text(fact).raw("</dd>");
    }
}

fn memory(doc: &mut Doc, wave: &Wave) {
    if wave.memory.is_empty() {
        return;
    }
    doc.raw("<details><summary>Memory after this wave</summary><div class=\"wide\"><table>");
    doc.head(&["node"], &["used", "peak on the way", "limit"]).raw("<tbody>\n");
    for (node, it) in wave.memory.iter().take(MOST_ROWS) {
        let used = format!("{} ({})", size(it.used), percent(share(it.used, it.usable)));
        doc.raw("<tr>").row_name(node).figure(used).figure(size(it.peak)).figure(size(it.limit));
        doc.raw("</tr>\n");
    }
    doc.raw("</tbody></table></div></details>\n");
}

fn kept(doc: &mut Doc, plan: &Plan) {
    if plan.kept.is_empty() {
        return;
    }
    doc.raw("<h3>Copies left behind</h3>\n<p>They are kept on purpose. Remove them once all is confirmed.</p>\n<ul>");
    for it in plan.kept.iter().take(MOST_ROWS) {
        doc.raw("<li><strong>").text(&it.volume).raw("</strong> on ").text(&it.node).raw(", ");
        doc.text(size(it.bytes)).raw("</li>");
    }
    doc.raw("</ul>\n").left_out(plan.kept.len(), MOST_ROWS);
}

fn blocked(doc: &mut Doc, plan: &Plan) {
    if plan.left().is_empty() {
        return;
    }
    doc.raw("<h3>What could not be planned</h3>\n<ol class=\"findings\">\n");
    for it in plan.unset.iter().take(MOST_ROWS) {
        doc.raw("<li class=\"warning\"><p><strong>").text(&it.what).raw("</strong></p><p>");
        doc.prose(&it.reason).raw("</p></li>\n");
    }
    for it in plan.blocked.iter().take(MOST_ROWS) {
        doc.raw("<li class=\"warning\"><p><strong>").text(&it.replica).raw("</strong></p><p>");
        doc.prose(&it.reason).raw("</p></li>\n");
    }
    doc.raw("</ol>\n").left_out(plan.blocked.len().max(plan.unset.len()), MOST_ROWS);
}
