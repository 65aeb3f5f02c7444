//! The visible text of a document with the way back to the decoded file.

use std::ops::Range;

use crate::formats::limits::{MAX_POLICY_CELLS, MAX_POLICY_SPAN, MAX_POLICY_TEXT};

/// What every format reader yields.
#[derive(Debug, Default)]
pub(crate) struct Source {
    /// The decoded file (text, Markdown, HTML) or the extracted text (DOCX, PDF).
    pub text: String,
    /// The visible text; lines and cells are ranges of it.
    pub view: String,
    /// Where pieces of `view` come from, sorted by `view` offset.
    runs: Vec<Run>,
    /// Lines and tables in document order.
    pub blocks: Vec<Block>,
    /// Links with their visible text.
    pub links: Vec<ViewLink>,
    /// Wide gaps between words part columns (plain text).
    pub columns: bool,
    /// Markup characters may stand inside visible text as escapes.
    pub escaped: bool,
    /// A cap was reached; the rest was not read.
    pub truncated: bool,
}

/// A piece of `view` from `view` on that was copied from `text` on.
#[derive(Debug, Clone, Copy)]
struct Run {
    view: usize,
    text: usize,
}

/// A line or a table.
#[derive(Debug)]
pub(crate) enum Block {
    /// One line of text.
    Line {
        range: Range<usize>,
        kind: LineKind,
        /// Depth of a heading, 1 the highest; 0 where it is none or not told.
        level: u8,
        /// Blanks in front of it (columns).
        indent: usize,
        /// A blank line or a block boundary stands before it.
        apart: bool,
    },
    /// A real table, row by row.
    Table(Vec<Vec<Cell>>),
}

/// What the markup says of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineKind {
    /// Plain.
    Text,
    /// A heading.
    Heading,
    /// A list item.
    Item,
}

/// One cell; a cell that spans stands once for each place it fills.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub range: Range<usize>,
    /// Repeated from above or from the left by a span.
    pub repeated: bool,
}

/// A link.
#[derive(Debug, Clone)]
pub(crate) struct ViewLink {
    pub range: Range<usize>,
    pub target: String,
}

impl Source {
    /// The offset in `text` of an offset in `view`.
    pub fn origin(&self, view: usize) -> usize {
        let after = self.runs.partition_point(|run| run.view <= view);
        match after.checked_sub(1).and_then(|at| self.runs.get(at)) {
            None => 0,
            Some(run) => {
                let limit = self
                    .runs
                    .get(after)
                    .map_or(self.text.len(), |next| next.text.max(run.text));
                let mut at = (run.text + (view - run.view))
                    .min(limit)
                    .min(self.text.len());
                while !self.text.is_char_boundary(at) {
                    at -= 1;
                }
                at
            }
        }
    }
}

/// Builds a [`Source`] in document order.
#[derive(Debug, Default)]
pub(super) struct Builder {
    source: Source,
    line_start: usize,
    kind: Option<LineKind>,
    level: u8,
    indent: usize,
    apart: bool,
    table: Option<Grid>,
    cells: usize,
    link: Option<(usize, String)>,
}

/// A table being read.
#[derive(Debug, Default)]
struct Grid {
    rows: Vec<Vec<Cell>>,
    /// Cells still hanging down from above: column → rows left.
    hanging: Vec<Option<(usize, Cell)>>,
    open: Option<OpenCell>,
    row_open: bool,
}

#[derive(Debug)]
struct OpenCell {
    start: usize,
    columns: usize,
    rows: usize,
}

impl Builder {
    /// Whether a cap was reached; readers stop then.
    pub fn full(&self) -> bool {
        self.source.truncated
    }

    /// Adds visible text that stands at `at` of the decoded file.
    pub fn text(&mut self, visible: &str, at: usize) {
        let mut visible = visible;
        if self.source.view.len() + visible.len() > MAX_POLICY_TEXT {
            self.source.truncated = true;
            let mut fits = MAX_POLICY_TEXT.saturating_sub(self.source.view.len());
            while !visible.is_char_boundary(fits) {
                fits -= 1;
            }
            visible = visible.get(..fits).unwrap_or_default();
        }
        let view = self.source.view.len();
        let continues = self
            .source
            .runs
            .last()
            .is_some_and(|run| run.text.checked_add(view - run.view) == Some(at));
        if !continues {
            self.source.runs.push(Run { view, text: at });
        }
        self.source.view.push_str(visible);
    }

    /// Says what the line being built is.
    pub fn mark(&mut self, kind: LineKind) {
        self.kind = Some(kind);
    }

    /// Says that the line being built is a heading of this depth.
    pub fn heading(&mut self, level: u8) {
        self.kind = Some(LineKind::Heading);
        self.level = level;
    }

    /// Sets the indentation of the line being built.
    pub fn indent(&mut self, columns: usize) {
        self.indent = columns;
    }

    /// The next line stands apart from the one before.
    pub fn set_apart(&mut self) {
        self.apart = true;
    }

    /// Whether a cell is open.
    pub fn in_cell(&self) -> bool {
        self.table.as_ref().is_some_and(|grid| grid.open.is_some())
    }

    /// Whether a table is open.
    pub fn in_table(&self) -> bool {
        self.table.is_some()
    }

    /// Ends the line being built; inside a cell only a break is added.
    pub fn end_line(&mut self) {
        if self.in_table() {
            if self.in_cell() && !self.source.view.ends_with('\n') {
                self.source.view.push('\n');
            }
            return;
        }
        let range = self.line_start..self.source.view.len();
        let visible = self.source.view.get(range.clone()).unwrap_or_default();
        if visible.trim().is_empty() {
            self.apart = true;
        } else {
            self.source.blocks.push(Block::Line {
                range,
                kind: self.kind.unwrap_or(LineKind::Text),
                level: self.level,
                indent: self.indent,
                apart: self.apart,
            });
            self.apart = false;
            self.kind = None;
            self.level = 0;
        }
        if self.kind != Some(LineKind::Item) {
            self.kind = None; // a list item's text may stand in a block of its own
        }
        self.indent = 0;
        self.source.view.push('\n');
        self.line_start = self.source.view.len();
    }

    /// Opens a table; a table inside a cell is read as that cell's text.
    pub fn begin_table(&mut self) -> bool {
        if self.in_table() {
            return false;
        }
        self.end_line();
        self.table = Some(Grid::default());
        true
    }

    /// Opens a row.
    pub fn begin_row(&mut self) {
        self.end_cell();
        if let Some(grid) = &mut self.table {
            grid.finish_row();
            grid.rows.push(Vec::new());
            grid.row_open = true;
        }
    }

    /// Opens a cell.
    pub fn begin_cell(&mut self, columns: usize, rows: usize) {
        self.end_cell();
        if self.cells >= MAX_POLICY_CELLS {
            self.source.truncated = true;
            return;
        }
        let start = self.source.view.len();
        if let Some(grid) = &mut self.table {
            if !grid.row_open {
                grid.rows.push(Vec::new());
                grid.row_open = true;
            }
            grid.open = Some(OpenCell {
                start,
                columns: columns.clamp(1, MAX_POLICY_SPAN),
                rows: rows.clamp(1, MAX_POLICY_SPAN),
            });
        }
    }

    /// Closes the open cell, if any.
    pub fn end_cell(&mut self) {
        let end = self.source.view.len();
        let Some(grid) = &mut self.table else { return };
        let Some(open) = grid.open.take() else { return };
        self.cells += open.columns;
        grid.place(&open, end);
        self.source.view.push('\n');
    }

    /// Closes the table.
    pub fn end_table(&mut self) {
        self.end_cell();
        if let Some(mut grid) = self.table.take() {
            grid.finish_row();
            grid.rows.retain(|row| !row.is_empty());
            if !grid.rows.is_empty() {
                self.source.blocks.push(Block::Table(grid.rows));
            }
        }
        self.line_start = self.source.view.len();
        self.apart = true;
    }

    /// Opens a link.
    pub fn begin_link(&mut self, target: &str) {
        self.link = Some((self.source.view.len(), target.to_owned()));
    }

    /// Closes the open link, if any.
    pub fn end_link(&mut self) {
        if let Some((start, target)) = self.link.take() {
            let range = start..self.source.view.len();
            self.source.links.push(ViewLink { range, target });
        }
    }

    /// The document, with the decoded file it came from.
    pub fn finish(mut self, text: String, escaped: bool) -> Source {
        if self.in_table() {
            self.end_table();
        }
        self.end_line();
        self.source.text = text;
        self.source.escaped = escaped;
        self.source
    }

    /// The document of a format without a text of its own: the view is it.
    pub fn finish_extracted(mut self) -> Source {
        if self.in_table() {
            self.end_table();
        }
        self.end_line();
        self.source.text = self.source.view.clone();
        self.source.runs = vec![Run { view: 0, text: 0 }];
        self.source
    }
}

impl Grid {
    /// Puts a closed cell into the open row, after what hangs down from above.
    fn place(&mut self, open: &OpenCell, end: usize) {
        self.fill_hanging();
        for column in 0..open.columns {
            let cell = Cell {
                range: open.start..end,
                repeated: column > 0,
            };
            let Some(row) = self.rows.last_mut() else {
                return;
            };
            let at = row.len();
            if open.rows > 1 {
                if self.hanging.len() <= at {
                    self.hanging.resize(at + 1, None);
                }
                let below = Cell {
                    repeated: true,
                    ..cell.clone()
                };
                if let Some(slot) = self.hanging.get_mut(at) {
                    *slot = Some((open.rows, below));
                }
            }
            row.push(cell);
        }
    }

    /// Copies cells that span down into the open row.
    fn fill_hanging(&mut self) {
        let Some(row) = self.rows.last_mut() else {
            return;
        };
        while let Some(Some((left, cell))) = self.hanging.get(row.len()) {
            if *left == 0 || row.len() >= MAX_POLICY_SPAN * 4 {
                break;
            }
            let cell = cell.clone();
            row.push(cell);
        }
    }

    /// Ends the open row: spans have one row less to go.
    fn finish_row(&mut self) {
        if !self.row_open {
            return;
        }
        self.fill_hanging();
        for slot in &mut self.hanging {
            if let Some((left, _)) = slot {
                *left = left.saturating_sub(1);
                if *left == 0 {
                    *slot = None;
                }
            }
        }
        self.row_open = false;
    }
}
