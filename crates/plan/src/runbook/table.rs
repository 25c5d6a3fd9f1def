use std::fmt;

/// A table of Markdown whose columns are also straight where it is read as it is.
#[derive(Clone, Debug)]
pub(super) struct Table<const N: usize> {
    head: [&'static str; N],
    /// The first column of amounts; from there on they stand on the right.
    amounts: usize,
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    pub(super) fn new(head: [&'static str; N], amounts: usize) -> Self {
        Self { head, amounts, rows: Vec::new() }
    }

    pub(super) fn row(&mut self, row: [String; N]) {
        self.rows.push(row);
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().map(|row| row[column].chars().count());
        cells.chain([self.head[column].len(), 3]).max().unwrap_or(3)
    }
}

impl<const N: usize> fmt::Display for Table<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns: Vec<_> = (0..N).map(|it| (self.width(it), it >= self.amounts)).collect();
        let cell = |text: &str, (width, right): (usize, bool)| match right {
            true => format!(" {text:>width$} |"),
            false => format!(" {text:<width$} |"),
        };
        let line = |cells: Vec<&str>| -> String {
            cells.into_iter().zip(&columns).map(|(text, column)| cell(text, *column)).collect()
        };
        writeln!(f, "|{}", line(self.head.to_vec()))?;
        let rule = |(width, right): &(usize, bool)| match right {
            true => format!("{}:|", "-".repeat(width + 1)),
            false => format!("{}|", "-".repeat(width + 2)),
        };
        writeln!(f, "|{}", columns.iter().map(rule).collect::<String>())?;
        for row in &self.rows {
            writeln!(f, "|{}", line(row.iter().map(String::as_str).collect()))?;
        }
        Ok(())
    }
}
