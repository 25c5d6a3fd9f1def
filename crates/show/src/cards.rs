//! All nodes as cards, and the moves between them as arrows.

use crate::arrow;
use crate::bundle::Bundle;
use crate::card::{self, Form};
use crate::front::vlans;
use crate::grid::{Cell, Grid};
use crate::machine::{Machine, machines};
use crate::panel::Plug;
use crate::pen::{Area, Pen};
use crate::route::{Routes, Stand, Wish};
use rackberry_core::Bytes;
use rackberry_plan::{Placement, Resolved};

/// More arrows than this no one can follow; the largest are drawn.
pub(crate) const MOST_ARROWS: usize = 12;
/// Below the last guest in the card of its host.
const BELOW_GUESTS: f64 = 12.0;

/// The cards of a rack, arranged.
#[derive(Debug)]
pub(crate) struct Cards<'a> {
    rack: &'a Resolved,
    pub machines: Vec<Machine<'a>>,
    grid: Grid,
    form: Form,
    /// How many lines the facts get, row by row.
    fact_lines: Vec<usize>,
}

impl<'a> Cards<'a> {
    /// Arranges the cards in a width of `w` from `left`.
    pub(crate) fn new(rack: &'a Resolved, placement: &Placement, left: f64, w: f64) -> Self {
        let machines = machines(rack, placement);
        let busy = machines.iter().any(|it| it.chips.len() > 7);
        let grid = Grid::new(rack, left, w, busy);
        let most = if grid.columns > 4 { 3 } else { 2 };
        let mut fact_lines = vec![1; grid.rows];
        for cell in &grid.cells {
            let guests = cell.guests.iter().copied().zip(grid.guest_x(cell));
            for (node, (_, w)) in guests.chain([(cell.node, grid.x(cell))]) {
                let lines = card::fact_lines(&machines[node], w, most);
                fact_lines[cell.row] = lines.max(fact_lines[cell.row]);
            }
        }
        let form = Form {
            fact_lines: 1,
            chip_lines: [8, 8, 6, 5, 4, 3, 3].get(grid.columns).copied().unwrap_or(3),
            both_bars: placement.nodes.iter().any(|it| it.before != it.after),
            plug_below: !plugs_fit(rack, &machines, &grid),
        };
        Self { rack, machines, grid, form, fact_lines }
    }

    /// Whether the bars have no room for their names.
    pub(crate) fn is_narrow(&self) -> bool {
        let narrow = |it: &Cell| self.grid.x(it).1 - 2.0 * card::PAD < card::NARROW;
        self.form.both_bars && self.grid.cells.iter().any(narrow)
    }

    /// Draws the cards from `top`, and the largest of `bundles`. Returns where they end.
    pub(crate) fn draw(&self, pen: &mut Pen, top: f64, bundles: &[Bundle]) -> f64 {
        let bundles = &bundles[..bundles.len().min(MOST_ARROWS)];
        let wishes = bundles.iter().map(|it| Wish {
            from: it.from,
            to: it.to,
            label: arrow::label_width(it),
        });
        let end = self.grid.columns;
        let within = self.grid.cells.iter().find(|it| it.column + it.span == end || it.column == 0);
        let left = within.map_or(0.0, |it| self.grid.x(it).0);
        let routes =
            Routes::new(wishes.collect(), &self.stands(), &self.grid, (left, 1200.0 - left));
        let (tops, rows, bottom) = self.tops(top, &routes);
        let areas = self.areas(&rows);
        self.draw_cards(pen, &areas);
        let largest = bundles.iter().map(|it| it.memory).max().unwrap_or(Bytes(1));
        let tracks = routes.tracks(&tops, &areas);
        for track in &tracks {
            arrow::line(pen, track, bundles[track.wish].memory, largest);
        }
        for track in &tracks {
            arrow::ends(pen, track, bundles[track.wish].memory, largest);
        }
        for track in &tracks {
            let bundle = &bundles[track.wish];
            arrow::label(pen, track, bundle, &bundle.tip(self.rack));
        }
        bottom
    }

    /// Where arrows can reach each node. Below a host with guests are its guests, and above a guest is
    /// its host.
    fn stands(&self) -> Vec<Stand> {
        let nowhere = Stand { x: 0.0, w: 0.0, row: 0, top: true, bottom: true };
        let mut stands = vec![nowhere; self.machines.len()];
        for cell in &self.grid.cells {
            let ((x, w), row) = (self.grid.x(cell), cell.row);
            stands[cell.node] = Stand { x, w, row, top: true, bottom: cell.guests.is_empty() };
            for (guest, (x, w)) in cell.guests.iter().zip(self.grid.guest_x(cell)) {
                stands[*guest] = Stand { x, w, row, top: false, bottom: true };
            }
        }
        stands
    }

    /// Where each channel begins; where each row begins, and how high it is; where all ends.
    fn tops(&self, top: f64, routes: &Routes) -> (Vec<f64>, Vec<(f64, f64)>, f64) {
        let (mut channels, mut rows, mut y) = (vec![top], Vec::new(), top + routes.height(0));
        for row in 0..self.grid.rows {
            let cells = self.grid.cells.iter().filter(|it| it.row == row);
            let height = cells.map(|it| self.height(it)).fold(0.0, f64::max);
            rows.push((y, height));
            channels.push(y + height);
            y += height + routes.height(row + 1);
        }
        (channels, rows, y)
    }

    fn form(&self, cell: &Cell) -> Form {
        Form { fact_lines: self.fact_lines[cell.row], ..self.form }
    }

    fn height(&self, cell: &Cell) -> f64 {
        let own = card::height(&self.machines[cell.node], self.grid.x(cell).1, self.form(cell));
        match self.guest_height(cell) {
            Some(guests) => own + guests + BELOW_GUESTS,
            None => own,
        }
    }

    fn guest_height(&self, cell: &Cell) -> Option<f64> {
        let guests = cell.guests.iter().zip(self.grid.guest_x(cell));
        let heights =
            guests.map(|(it, (_, w))| card::height(&self.machines[*it], w, self.form(cell)));
        heights.max_by(f64::total_cmp)
    }

    /// Where each node is drawn, by position.
    fn areas(&self, rows: &[(f64, f64)]) -> Vec<Area> {
        let mut areas = vec![Area::default(); self.machines.len()];
        for cell in &self.grid.cells {
            let ((x, w), (y, h)) = (self.grid.x(cell), rows[cell.row]);
            areas[cell.node] = Area::new(x, y, w, h);
            let height = self.guest_height(cell).unwrap_or(0.0);
            let top = y + h - BELOW_GUESTS - height;
            for (guest, (x, w)) in cell.guests.iter().zip(self.grid.guest_x(cell)) {
                areas[*guest] = Area::new(x, top, w, height);
            }
        }
        areas
    }

    fn draw_cards(&self, pen: &mut Pen, areas: &[Area]) {
        let vlans = vlans(self.rack);
        for cell in &self.grid.cells {
            for (node, nested) in
                [(cell.node, false)].into_iter().chain(cell.guests.iter().map(|it| (*it, true)))
            {
                let plug = Plug::new(self.rack, node, nested, &vlans);
                card::draw(
                    pen,
                    &self.machines[node],
                    plug.as_ref(),
                    areas[node],
                    self.form(cell),
                    nested,
                );
            }
        }
    }
}

/// Whether every card has room for its port beside its name.
fn plugs_fit(rack: &Resolved, machines: &[Machine], grid: &Grid) -> bool {
    let vlans = vlans(rack);
    grid.cells.iter().all(|cell| {
        let plug = Plug::new(rack, cell.node, false, &vlans);
        plug.is_none_or(|it| card::plug_fits(&machines[cell.node], &it, grid.x(cell).1))
    })
}
