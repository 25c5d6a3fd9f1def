//! The nodes before and after: their memory, and their CPU where the file says something of it.

use super::View;
use crate::look::Ink;
use crate::number;
use crate::table::{Cell, Column, Table, left, right};
use rackberry::core::{Bytes, Millicores, Permille, figure};
use rackberry::plan::NodeUse;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// No more rows than this are printed: the fullest.
pub(super) const SHOWN: usize = 20;

/// How many signs a bar has.
const BAR: u64 = 20;

/// The memory of the nodes.
pub(super) fn memory(view: &View<'_>) -> String {
    table(view, Resource::Memory)
}

/// The CPU of the nodes; nothing where no workload is known to use any.
pub(super) fn cpu(view: &View<'_>) -> String {
    let counted = view.rack.workloads.iter().any(|it| it.need.cpu.0 > 0);
    if counted { table(view, Resource::Cpu) } else { String::new() }
}

/// What a node can run out of.
#[derive(Clone, Copy, Debug)]
enum Resource {
    Memory,
    Cpu,
}

/// What of a resource is in use, on one node or on all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Figures {
    before: u64,
    after: u64,
    /// Before and after.
    requested: [u64; 2],
    of: u64,
}

impl Resource {
    fn figures(self, it: &NodeUse) -> Figures {
        match self {
            Self::Memory => Figures {
                before: it.before.memory_used.0,
                after: it.after.memory_used.0,
                requested: [it.before.memory_requested.0, it.after.memory_requested.0],
                of: it.memory.0,
            },
            Self::Cpu => Figures {
                before: it.before.cpu_used.0,
                after: it.after.cpu_used.0,
                requested: [it.before.cpu_requested.0, it.after.cpu_requested.0],
                of: it.cpu.0,
            },
        }
    }

    fn limit(self, view: &View<'_>) -> Permille {
        match self {
            Self::Memory => view.rack.rack.policy.memory_limit,
            Self::Cpu => view.rack.rack.policy.cpu_limit,
        }
    }

    fn text(self, amount: u64) -> String {
        match self {
            Self::Memory => figure::memory(Bytes(amount)),
            Self::Cpu => number::cores(Millicores(amount)),
        }
    }

    fn heading(self) -> &'static str {
        match self {
            Self::Memory => "Memory in use",
            Self::Cpu => "CPU in use, in cores",
        }
    }
}

impl Figures {
    fn plus(self, other: Self) -> Self {
        Self {
            before: self.before.saturating_add(other.before),
            after: self.after.saturating_add(other.after),
            requested: [0, 1].map(|it| self.requested[it].saturating_add(other.requested[it])),
            of: self.of.saturating_add(other.of),
        }
    }

    fn shares(self) -> [Permille; 2] {
        [self.before, self.after].map(|it| figure::share(it, self.of))
    }
}

fn table(view: &View<'_>, resource: Resource) -> String {
    if view.placement.nodes.is_empty() {
        return String::new();
    }
    let nodes = view.placement.nodes.iter();
    let nodes: Vec<_> = nodes.map(|it| (it.node.as_str(), resource.figures(it))).collect();
    let total = nodes.iter().fold(Figures::default(), |sum, it| sum.plus(it.1));
    let count = nodes.len();
    let (rows, more) = rows(nodes);
    let mut table = Table::new(columns(view.placement.moves.is_empty()));
    for (name, figures) in &rows {
        table.row(row(name, *figures, resource, view));
    }
    if count > 1 {
        let mut cells = row("all", total, resource, view);
        cells[BAR_AT] = Cell::default();
        table.row(cells);
    }
    let shown = table.shows(BAR_AT, view.look);
    let legend = if shown { legend(view, resource) } else { String::new() };
    view.heading(resource.heading()) + &table.render(view.look) + &legend + &left_out(view, more)
}

/// The columns; those of before and after are one and the same where nothing moves.
fn columns(still: bool) -> Vec<Column> {
    let mut columns = vec![
        left("node", 0),
        right("before", 0),
        right("", 0),
        right("after", 0),
        right("", 0),
        left("", 4),
        right("requested", 3),
        right("of", 1),
    ];
    if still {
        columns[1].head = "now";
        columns[3].hidden = true;
        columns[4].hidden = true;
    }
    columns
}

/// The column of the bar.
const BAR_AT: usize = 5;

/// A row for each node by name; of many nodes the fullest, those that are alike together. And how many nodes
/// have no row.
fn rows(nodes: Vec<(&str, Figures)>) -> (Vec<(String, Figures)>, usize) {
    if nodes.len() <= SHOWN {
        return (nodes.into_iter().map(|it| (it.0.into(), it.1)).collect(), 0);
    }
    let mut alike: BTreeMap<Figures, Vec<&str>> = BTreeMap::new();
    nodes.iter().for_each(|(name, figures)| alike.entry(*figures).or_default().push(name));
    let mut rows: Vec<_> = alike.into_iter().collect();
    rows.sort_by_key(|(it, names)| (Reverse(it.shares().into_iter().max()), names[0].to_owned()));
    rows.truncate(SHOWN);
    let covered: usize = rows.iter().map(|it| it.1.len()).sum();
    let name = |names: &[&str]| match names {
        [one] => (*one).to_owned(),
        [first, second] => format!("{first} and {second}"),
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
        [] => String::new(),
    };
    (rows.into_iter().map(|(it, names)| (name(&names), it)).collect(), nodes.len() - covered)
}

fn row(name: &str, it: Figures, resource: Resource, view: &View<'_>) -> Vec<Cell> {
    let limit = resource.limit(view);
    let [before, after] = it.shares();
    let share = |share: Permille| match share > limit {
        true => Cell::inked(number::share(share), Ink::Error),
        false => number::share(share).into(),
    };
    vec![
        name.into(),
        resource.text(it.before).into(),
        share(before),
        resource.text(it.after).into(),
        share(after),
        bar(before, after, limit, view).into(),
        requested(it.requested, resource, view).into(),
        resource.text(it.of).into(),
    ]
}

/// Nothing, where nothing is requested: the column is left out if that is so on every node.
fn requested([before, after]: [u64; 2], resource: Resource, view: &View<'_>) -> String {
    match (before, after) {
        (0, 0) => String::new(),
        _ if before == after => resource.text(after),
        _ => format!("{} {} {}", resource.text(before), view.look.arrow(), resource.text(after)),
    }
}

/// What stays, leaves and arrives on a node, and where its limit is.
fn bar(before: Permille, after: Permille, limit: Permille, view: &View<'_>) -> String {
    let signs = view.look.bar();
    let reach = |it: Permille| (it.0.min(1000) * BAR + 500) / 1000;
    let (before, after, limit) = (reach(before), reach(after), reach(limit));
    let sign = |at: u64| match () {
        () if at == limit => signs.limit,
        () if at < before.min(after) => signs.stays,
        () if at < before => signs.leaves,
        () if at < after => signs.arrives,
        () => signs.free,
    };
    (0..BAR).map(sign).collect()
}

fn legend(view: &View<'_>, resource: Resource) -> String {
    let it = view.look.bar();
    let limit = format!("{} limit, {}", it.limit, resource.limit(view));
    view.remark(&match view.placement.moves.is_empty() {
        true => format!("{} in use   {limit}", it.stays),
        false => {
            let (stays, leaves, arrives) = (it.stays, it.leaves, it.arrives);
            format!("{stays} stays   {leaves} leaves   {arrives} arrives   {limit}")
        }
    })
}

/// How many nodes are not printed.
pub(super) fn left_out(view: &View<'_>, more: usize) -> String {
    if more == 0 {
        return String::new();
    }
    let more = number::count(more, "node");
    view.remark(&format!("{more} less full are left out: --json has them all."))
}
