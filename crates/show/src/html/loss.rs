//! What goes down with what, as a table.

use super::doc::Doc;
use super::{MOST_ROWS, Report};
use crate::text::list;
use rackberry_plan::Loss;

/// How many names a cell has at most.
const MOST_NAMES: usize = 6;

pub(super) fn write(doc: &mut Doc, report: &Report<'_>) {
    doc.raw("<p>As everything runs now, before anything of the plan is done.</p>\n");
    doc.raw("<div class=\"wide\"><table>");
    let names =
        ["when this is lost", "so are", "cut off", "nothing offers", "stays down", "comes back"];
    doc.head(&names, &[]).raw("<tbody>\n");
    let (some, harmless): (Vec<_>, Vec<_>) = report.losses.iter().partition(|it| takes_along(it));
    some.iter().take(MOST_ROWS).for_each(|it| row(doc, it));
    doc.raw("</tbody></table></div>\n").left_out(some.len(), MOST_ROWS);
    if !harmless.is_empty() {
        doc.raw("<p class=\"mute\">Nothing else goes down with ");
        doc.text(list(harmless.iter().map(|it| name(it)), 12)).raw(".</p>\n");
    }
}

fn row(doc: &mut Doc, loss: &Loss) {
    doc.raw("<tr>").row_name(name(loss));
    doc.cell(list(with_it(loss).into_iter(), MOST_NAMES));
    doc.cell(list(loss.cut_off.iter(), MOST_NAMES));
    doc.cell(list(loss.abilities.iter(), MOST_NAMES));
    doc.raw("<td>");
    if !loss.down.is_empty() {
        doc.raw("<details><summary>").text(list(loss.down.iter().map(|it| &it.workload), 4));
        doc.raw("</summary><ul>");
        for it in loss.down.iter().take(MOST_ROWS) {
            doc.raw("<li>").text(&it.workload).raw(": ").text(&it.because).raw("</li>");
        }
        doc.raw("</ul></details>");
    }
    doc.raw("</td>").cell(list(loss.back.iter(), MOST_NAMES)).raw("</tr>\n");
}

/// Its name, and what it is.
fn name(loss: &Loss) -> String {
    let [section, name] = loss.of.0.as_slice() else { return loss.of.to_string() };
    let kind = match section.as_str() {
        "switches" => "switch",
        plural => plural.strip_suffix('s').unwrap_or(plural),
    };
    format!("{kind} {name}")
}

/// Whether anything but itself goes down with it.
fn takes_along(loss: &Loss) -> bool {
    let others = loss.cut_off.len() + loss.abilities.len() + loss.workloads();
    others > 0 || !with_it(loss).is_empty()
}

/// Everything that is not a workload and goes down with it, itself left out.
fn with_it(loss: &Loss) -> Vec<&str> {
    let nodes = loss.nodes.iter().map(|it| it.as_str());
    let switches = loss.switches.iter().map(|it| it.as_str());
    let outlets = loss.outlets.iter().map(|it| it.as_str());
    let pools = loss.pools.iter().map(|it| it.as_str());
    let services = loss.services.iter().map(|it| it.as_str());
    let clusters = loss.clusters.iter().map(|it| it.as_str());
    let itself = loss.of.0.last().map(String::as_str);
    let all = nodes.chain(switches).chain(outlets).chain(pools).chain(services).chain(clusters);
    all.filter(|it| Some(*it) != itself).collect()
}
