//! Tables that fit the width: figures aligned, the least important columns left out first.

use crate::look::{Ink, Look, tame};

/// A table; build it with [`Table::new`], fill it with [`row`](Table::row).
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// What stands above it.
    pub head: &'static str,
    /// Which side its texts are on.
    pub side: Side,
    /// Columns of the highest rank are left out first where room is short; those of 0 never are.
    pub rank: u8,
    /// Whether it is left out in any case.
    pub hidden: bool,
}

/// The side of its column that a text is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Names.
    Left,
    /// Figures.
    Right,
}

/// One text, and its colour.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    text: String,
    ink: Option<Ink>,
}

/// The blanks between two columns.
const GAP: usize = 2;

/// A column of names.
pub(crate) fn left(head: &'static str, rank: u8) -> Column {
    Column { head, side: Side::Left, rank, hidden: false }
}

/// A column of figures.
pub(crate) fn right(head: &'static str, rank: u8) -> Column {
    Column { head, side: Side::Right, rank, hidden: false }
}

impl Cell {
    /// A text in the colour of `ink`.
    pub(crate) fn inked(text: impl Into<String>, ink: Ink) -> Self {
        Self { text: text.into(), ink: Some(ink) }
    }

    fn is_filled(&self) -> bool {
        !self.text.is_empty()
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self { text: text.into(), ink: None }
    }
}

impl Table {
    /// A table without rows.
    pub(crate) fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self { columns: columns.into_iter().collect(), rows: Vec::new() }
    }

    /// Adds a row: a cell for each column.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The table as text, each line indented by two and ended by a line break.
    pub(crate) fn render(&self, look: &Look) -> String {
        let mut widths = self.widths();
        let kept = self.fitting(&widths, look.width);
        let line = total(&kept, &widths);
        let (first, over) = (kept.first().copied(), line.saturating_sub(look.width));
        if let Some(first) = first {
            widths[first] = widths[first].saturating_sub(over).max(8);
        }
        let head = self.columns.iter().map(|it| Cell::inked(it.head, Ink::Faint));
        let rows = std::iter::once(head.collect()).chain(self.rows.iter().cloned());
        rows.map(|row: Vec<Cell>| self.line(&row, &kept, &widths, look)).collect()
    }

    /// Whether there is room for a column, by its position, and anything in it.
    pub(crate) fn shows(&self, column: usize, look: &Look) -> bool {
        self.fitting(&self.widths(), look.width).contains(&column)
    }

    /// The columns that say something and that there is room for, by position.
    fn fitting(&self, widths: &[usize], room: usize) -> Vec<usize> {
        let cell = |it: usize| self.rows.iter().filter_map(move |row| row.get(it));
        let filled = |it: &usize| !self.columns[*it].hidden && cell(*it).any(Cell::is_filled);
        let mut kept: Vec<usize> = (0..self.columns.len()).filter(filled).collect();
        while total(&kept, widths) > room {
            let ranks = kept.iter().map(|it| self.columns[*it].rank);
            let Some(worst) = ranks.max().filter(|it| *it > 0) else { break };
            kept.retain(|it| self.columns[*it].rank < worst);
        }
        kept
    }

    fn widths(&self) -> Vec<usize> {
        (0..self.columns.len()).map(|it| self.width(it)).collect()
    }

    fn width(&self, column: usize) -> usize {
        let texts = self.rows.iter().filter_map(|it| it.get(column)).map(|it| it.text.as_str());
        let head = self.columns[column].head;
        texts.chain([head]).map(|it| it.chars().count()).max().unwrap_or(0)
    }

    fn line(&self, row: &[Cell], kept: &[usize], widths: &[usize], look: &Look) -> String {
        let mut line = String::new();
        let mut blanks = GAP;
        for column in kept {
            let cell = row.get(*column).cloned().unwrap_or_default();
            let text = cut(&tame(&cell.text), widths[*column], look);
            let pad = widths[*column].saturating_sub(text.chars().count());
            let (before, after) = match self.columns[*column].side {
                Side::Left => (0, pad),
                Side::Right => (pad, 0),
            };
            if !text.is_empty() {
                line.push_str(&" ".repeat(blanks + before));
                line.push_str(&cell.ink.map_or_else(|| text.clone(), |it| look.paint(it, &text)));
                blanks = GAP + after;
            } else {
                blanks += pad + GAP;
            }
        }
        line.push('\n');
        line
    }
}

fn total(kept: &[usize], widths: &[usize]) -> usize {
    kept.iter().map(|it| widths[*it] + GAP).sum()
}

fn cut(text: &str, width: usize, look: &Look) -> String {
    if text.chars().count() <= width {
        return text.into();
    }
    let mark = look.ellipsis();
    let kept = width.saturating_sub(mark.chars().count());
    text.chars().take(kept).chain(mark.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(width: usize, wanted: &[&str]) {
        let look = Look { color: false, color_aside: false, unicode: false, width };
        let mut table =
            Table::new([left("name", 0), right("size", 1), right("", 2), left("never", 0)]);
        table.row(["a-long-name".into(), "1".into(), "22%".into(), Cell::default()]);
        table.row(["b".into(), "1000".into(), "3%".into()]);
        let text = table.render(&look);
        assert_eq!(text.lines().collect::<Vec<_>>(), wanted);
    }

    #[test]
    fn figures_are_aligned_and_columns_that_say_nothing_are_left_out() {
        check(80, &["  name         size", "  a-long-name     1  22%", "  b            1000   3%"]);
    }

    #[test]
    fn the_least_important_column_goes_first_and_then_names_are_cut() {
        check(20, &["  name         size", "  a-long-name     1", "  b            1000"]);
        check(15, &["  name", "  a-long-name", "  b"]);
        check(10, &["  name", "  a-lon...", "  b"]);
    }
}
