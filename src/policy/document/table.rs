//! A table while it is read: spans filled in, and whether it is a table at all
//! or only puts a page into boxes.

use std::ops::Range;

use super::source::{Block, Cell, LineKind};
use crate::formats::limits::MAX_POLICY_SPAN;

/// Lines from which a cell with a heading is a part of a page.
const PAGE_LINES: usize = 8;
/// Lines, and bytes, from which any cell is a part of a page.
const LONG_CELL_LINES: usize = 30;
const LONG_CELL_BYTES: usize = 3_000;

/// A table being read.
#[derive(Debug, Default)]
pub(super) struct Grid {
    rows: Vec<Vec<Cell>>,
    /// Cells still hanging down from above: column → rows left.
    hanging: Vec<Option<(usize, Cell)>>,
    open: Option<OpenCell>,
    row_open: bool,
    /// Lines beside the cells, such as a caption.
    outside: Vec<Block>,
    /// What the cells hold: lines and tables, in order.
    inside: Vec<Block>,
    /// A cell holds what only pages hold.
    pagelike: bool,
    /// Rows that hold a table in a cell.
    nesting: Vec<usize>,
    /// Cells placed, copies included.
    placed: usize,
}

#[derive(Debug)]
struct OpenCell {
    start: usize,
    columns: usize,
    rows: usize,
    /// Length of `inside` when it was opened.
    inside: usize,
    /// The cell continues the one above it.
    continues: bool,
    /// Words in it are struck through.
    struck: bool,
}

impl Grid {
    pub fn in_cell(&self) -> bool {
        self.open.is_some()
    }

    /// Cells placed so far, with every copy that spans made.
    pub fn placed(&self) -> usize {
        self.placed
    }

    /// Takes a line or a table that stands in the open cell, or beside all.
    pub fn take(&mut self, block: Block) {
        if self.open.is_some() {
            self.inside.push(block);
        } else {
            self.outside.push(block);
        }
    }

    pub fn begin_row(&mut self) {
        self.finish_row();
        self.rows.push(Vec::new());
        self.row_open = true;
    }

    /// Opens a cell at `start`; a row that was not opened begins with it.
    pub fn begin_cell(&mut self, start: usize, columns: usize, rows: usize, continues: bool) {
        if !self.row_open {
            self.rows.push(Vec::new());
            self.row_open = true;
        }
        self.open = Some(OpenCell {
            start,
            columns: columns.clamp(1, MAX_POLICY_SPAN),
            rows: rows.clamp(1, MAX_POLICY_SPAN),
            inside: self.inside.len(),
            continues,
            struck: false,
        });
    }

    /// Words of the open cell are struck through.
    pub fn strike(&mut self) {
        if let Some(open) = &mut self.open {
            open.struck = true;
        }
    }

    /// Closes the open cell at `end`, if there is one.
    pub fn end_cell(&mut self, end: usize) -> bool {
        let Some(open) = self.open.take() else {
            return false;
        };
        let held = self.inside.get(open.inside..).unwrap_or_default();
        let lines = held.iter().filter(|b| matches!(b, Block::Line { .. }));
        let headings = held.iter().filter(
            |block| matches!(block, Block::Line { kind, .. } if *kind == LineKind::Heading),
        );
        let (lines, headings) = (lines.count(), headings.count());
        let long = lines > LONG_CELL_LINES && end - open.start > LONG_CELL_BYTES;
        self.pagelike |= long || headings > 0 && lines > PAGE_LINES;
        if held.iter().any(is_real) {
            let row = self.rows.len().saturating_sub(1);
            if self.nesting.last() != Some(&row) {
                self.nesting.push(row);
            }
        }
        self.place(&open, end);
        true
    }

    /// The table, or what its cells hold where it only makes a layout.
    pub fn finish(mut self, view: &str) -> Vec<Block> {
        self.finish_row();
        let layout = self.is_layout(view);
        let mut blocks = self.outside;
        if layout {
            blocks.extend(self.inside);
            return blocks;
        }
        self.rows.retain(|row| !row.is_empty());
        if !self.rows.is_empty() {
            blocks.push(Block::Table(self.rows));
        }
        blocks
    }

    fn is_layout(&self, view: &str) -> bool {
        let written = |row: &[Cell]| {
            let cells = row.iter().filter(|cell| !cell.repeated);
            let texts = cells.filter_map(|cell| view.get(cell.range.clone()));
            texts.filter(|text| !text.trim().is_empty()).take(2).count()
        };
        let filled: usize = self.rows.iter().map(|row| written(row)).take(3).sum();
        if filled <= 1 || self.pagelike {
            return true;
        }
        let mut alone = self.nesting.iter().filter_map(|row| self.rows.get(*row));
        if alone.any(|row| written(row) <= 1) {
            return true;
        }
        let nested: usize = self.inside.iter().filter(|b| is_real(b)).map(bytes).sum();
        nested * 2 > row_bytes(&self.rows)
    }

    /// Puts a closed cell into the open row, after what hangs down from above.
    fn place(&mut self, open: &OpenCell, end: usize) {
        self.fill_hanging();
        for column in 0..open.columns {
            let at = self.rows.last().map_or(0, Vec::len);
            let above = self.rows.len().checked_sub(2);
            let above = above.and_then(|row| self.rows.get(row)?.get(at));
            let cell = match above.filter(|_| open.continues) {
                Some(above) => Cell {
                    repeated: true,
                    ..above.clone()
                },
                None => Cell {
                    range: open.start..end,
                    repeated: column > 0,
                    struck: open.struck,
                },
            };
            if open.rows > 1 {
                self.hang(at, open.rows, &cell);
            }
            if let Some(row) = self.rows.last_mut() {
                row.push(cell);
                self.placed += 1;
            }
        }
    }

    fn hang(&mut self, at: usize, rows: usize, cell: &Cell) {
        if self.hanging.len() <= at {
            self.hanging.resize(at + 1, None);
        }
        let below = Cell {
            repeated: true,
            ..cell.clone()
        };
        if let Some(slot) = self.hanging.get_mut(at) {
            *slot = Some((rows, below));
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
            self.placed += 1;
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

/// A table with rows and columns, not a box.
fn is_real(block: &Block) -> bool {
    matches!(block, Block::Table(rows)
        if rows.iter().filter(|row| row.iter().filter(|c| !c.repeated).count() > 1).count() > 1)
}

fn bytes(block: &Block) -> usize {
    match block {
        Block::Line { range, .. } => range.len(),
        Block::Table(rows) => row_bytes(rows),
    }
}

fn row_bytes(rows: &[Vec<Cell>]) -> usize {
    let cells = rows.iter().flatten().filter(|cell| !cell.repeated);
    cells.map(|cell| Range::len(&cell.range)).sum()
}
