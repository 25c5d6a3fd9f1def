//! Writes HTML: markup only from the program's own text, and everything else escaped.

use crate::text::escape;
use std::fmt::{self, Display, Write};

/// A page in the making.
#[derive(Debug, Default)]
pub(crate) struct Doc {
    out: String,
}

impl Doc {
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// Writes markup.
    pub(crate) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.out.push_str(markup);
        self
    }

    /// Writes text.
    pub(crate) fn text(&mut self, text: impl Display) -> &mut Self {
        // An Escaped never fails.
        let _ = write!(Escaped(&mut self.out), "{text}");
        self
    }

    /// Writes sentences, with what stands in backticks as code.
    pub(crate) fn prose(&mut self, text: &str) -> &mut Self {
        let paired = text.matches('`').count().is_multiple_of(2);
        for (at, part) in text.split('`').enumerate() {
            match (paired, at % 2 == 1) {
                (true, true) => self.raw("<code>").text(part).raw("</code>"),
                (true, false) => self.text(part),
                (false, _) => self.text(if at == 0 { "" } else { "`" }).text(part),
            };
        }
        self
    }

    /// Writes a picture that [`svg`](crate::svg) drew, or a style sheet of our own.
    pub(crate) fn inline(&mut self, ours: &str) -> &mut Self {
        self.out.push_str(ours);
        self
    }

    /// Writes one cell of a table with text.
    pub(crate) fn cell(&mut self, text: impl Display) -> &mut Self {
        self.raw("<td>").text(text).raw("</td>")
    }

    /// Writes one cell of a table with a figure, to the right.
    pub(crate) fn figure(&mut self, text: impl Display) -> &mut Self {
        self.raw("<td class=\"n\">").text(text).raw("</td>")
    }

    /// Writes one cell of a table with a name that is not broken over lines.
    pub(crate) fn name(&mut self, text: impl Display) -> &mut Self {
        self.raw("<td class=\"id\">").text(text).raw("</td>")
    }

    /// Writes the cell that names its row.
    pub(crate) fn row_name(&mut self, text: impl Display) -> &mut Self {
        self.raw("<th scope=\"row\">").text(text).raw("</th>")
    }

    /// Writes the head of a table: columns of text, then columns of figures.
    pub(crate) fn head(&mut self, texts: &[&'static str], figures: &[&'static str]) -> &mut Self {
        self.raw("<thead><tr>").columns(texts, figures).raw("</tr></thead>")
    }

    /// Writes the cells of such a head.
    pub(crate) fn columns(
        &mut self,
        texts: &[&'static str],
        figures: &[&'static str],
    ) -> &mut Self {
        for name in texts {
            self.raw("<th scope=\"col\">").raw(name).raw("</th>");
        }
        for name in figures {
            self.raw("<th scope=\"col\" class=\"n\">").raw(name).raw("</th>");
        }
        self
    }

    /// Says below a table how many rows it does not show.
    pub(crate) fn left_out(&mut self, all: usize, most: usize) -> &mut Self {
        match all.saturating_sub(most) {
            0 => self,
            rest => self.raw("<p class=\"mute\">and ").text(rest).raw(" more</p>"),
        }
    }
}

struct Escaped<'a>(&'a mut String);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        escape(text, self.0);
        Ok(())
    }
}
