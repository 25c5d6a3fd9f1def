//! Where every card stands: rows and columns, guests within their hosts.

use rackberry_plan::Resolved;

/// The cards of a rack in rows and columns.
#[derive(Debug)]
pub(crate) struct Grid {
    pub cells: Vec<Cell>,
    pub rows: usize,
    pub columns: usize,
    /// Between two columns.
    pub gap: f64,
    column: f64,
    left: f64,
}

/// One card, with the guests within it.
#[derive(Debug)]
pub(crate) struct Cell {
    /// The node, by position.
    pub node: usize,
    pub row: usize,
    /// The first of its columns, and how many they are.
    pub column: usize,
    pub span: usize,
    /// Guests, by position.
    pub guests: Vec<usize>,
}

/// More guests than this do not fit into the card of their host, and stand beside it.
const MOST_NESTED: usize = 4;

impl Grid {
    /// Arranges the nodes in a width of `w` from `left`. `busy` cards have much to say, and want room.
    pub(crate) fn new(rack: &Resolved, left: f64, w: f64, busy: bool) -> Self {
        let nested = nested(rack);
        let guests = |host: usize| -> Vec<usize> {
            let of_host = |it: &usize| nested[*it] && rack.nodes[*it].host == Some(host);
            (0..rack.nodes.len()).filter(of_host).collect()
        };
        let hosts: Vec<_> = (0..rack.nodes.len()).filter(|it| !nested[*it]).collect();
        let all: Vec<_> = hosts.into_iter().map(|it| (it, guests(it))).collect();
        let wanted: usize = all.iter().map(|it| it.1.len().max(1)).sum();
        let columns = columns(wanted, busy);
        let gap = if columns > 4 { 18.0 } else { 24.0 };
        let column = (w - gap * (columns as f64 - 1.0)) / columns as f64;
        let cells = flow(all, columns);
        let rows = cells.last().map_or(0, |it: &Cell| it.row + 1);
        Self { cells, rows, columns, gap, column, left }
    }

    /// Where a card begins, and how wide it is.
    pub(crate) fn x(&self, cell: &Cell) -> (f64, f64) {
        let step = self.column + self.gap;
        let w = step * cell.span as f64 - self.gap;
        (self.left + step * cell.column as f64, w)
    }

    /// Where the guests of a card begin, and how wide each is.
    pub(crate) fn guest_x(&self, cell: &Cell) -> Vec<(f64, f64)> {
        const GAP: f64 = 10.0;
        let (x, w) = self.x(cell);
        let count = cell.guests.len() as f64;
        let each = (w - 2.0 * GAP - GAP * (count - 1.0)) / count;
        (0..cell.guests.len()).map(|at| (x + GAP + (each + GAP) * at as f64, each)).collect()
    }

    /// Places between columns where nothing stands in these rows, and the margins.
    pub(crate) fn gutters(&self, rows: std::ops::Range<usize>) -> Vec<f64> {
        let step = self.column + self.gap;
        let covered = |edge: usize| {
            let across = |it: &Cell| it.column < edge && it.column + it.span > edge;
            self.cells.iter().any(|it| rows.contains(&it.row) && across(it))
        };
        let inner = (1..self.columns).filter(|it| !covered(*it));
        let inner = inner.map(|it| self.left + step * it as f64 - self.gap / 2.0);
        let right = self.left + step * self.columns as f64 - self.gap;
        inner.chain([self.left - 14.0, right + 14.0]).collect()
    }
}

/// Which nodes stand within the card of their host.
fn nested(rack: &Resolved) -> Vec<bool> {
    let mut guests = vec![0usize; rack.nodes.len()];
    let host = |at: usize| {
        let host = rack.nodes[at].host?;
        rack.nodes.get(host).filter(|it| it.host.is_none()).map(|_| host)
    };
    for at in 0..rack.nodes.len() {
        host(at).into_iter().for_each(|it| guests[it] += 1);
    }
    (0..rack.nodes.len()).map(|at| host(at).is_some_and(|it| guests[it] <= MOST_NESTED)).collect()
}

/// As many columns as leave the least room empty in the last row.
fn columns(cards: usize, busy: bool) -> usize {
    let choices = match cards {
        0..=2 => 2..=2,
        3 => 3..=3,
        4 if busy => 2..=2,
        4 => 4..=4,
        5..=12 => 3..=4,
        _ => 4..=6,
    };
    let empty = |columns: &usize| columns - 1 - (cards + columns - 1) % columns;
    choices.rev().min_by_key(empty).unwrap_or(4)
}

/// One after the other, in a new row where there is no room in the last.
fn flow(all: Vec<(usize, Vec<usize>)>, columns: usize) -> Vec<Cell> {
    let (mut row, mut column) = (0, 0);
    let place = |(node, guests): (usize, Vec<usize>)| {
        let span = guests.len().clamp(1, columns);
        if column + span > columns {
            (row, column) = (row + 1, 0);
        }
        let cell = Cell { node, row, column, span, guests };
        column += span;
        cell
    };
    all.into_iter().map(place).collect()
}
