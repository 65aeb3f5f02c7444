//! Builds a [`Source`] in document order.

use std::collections::HashSet;

use super::hidden::Passage;
use super::source::{Block, LineKind, Run, Source, ViewLink};
use super::table::Grid;
use crate::formats::limits::{MAX_POLICY_CELLS, MAX_POLICY_TABLE_DEPTH, MAX_POLICY_TEXT};
use crate::policy::url;

/// Takes text, lines, tables and links as a format reader meets them.
#[derive(Debug, Default)]
pub(super) struct Builder {
    source: Source,
    line_start: usize,
    kind: Option<LineKind>,
    level: u8,
    indent: usize,
    apart: bool,
    /// Open tables, the innermost last.
    tables: Vec<Grid>,
    /// Tables opened below the deepest that is read.
    deeper: usize,
    cells: usize,
    link: Option<(usize, String)>,
    strong: Option<usize>,
    /// Names that a `#name` link of this document may lead to.
    anchors: HashSet<String>,
    /// The hidden passage before, and where it ends.
    hidden: (usize, Passage),
}

/// Hidden passages that are searched for names.
const MAX_HIDDEN: usize = 64;

impl Builder {
    /// Whether a cap was reached; readers stop then.
    pub fn full(&self) -> bool {
        self.source.truncated
    }

    /// Says that the rest of the document was not read.
    pub fn cut(&mut self) {
        self.source.truncated = true;
    }

    /// Says that the way back to the file is not known everywhere.
    pub fn lose(&mut self) {
        self.source.displaced = true;
    }

    /// Says that an element which is never closed holds the rest of the file.
    pub fn swallow(&mut self, characters: usize) {
        self.source.swallowed += characters;
    }

    /// Takes a passage that the page does not show. Those with nothing shown
    /// between them (the rows of a table, one by one) are one.
    pub fn hide(&mut self, passage: Passage) {
        if passage.characters == 0 {
            return;
        }
        let (at, before) = &mut self.hidden;
        let shown = self.source.view.get(*at..).unwrap_or_default();
        if shown.trim().is_empty() {
            before.join(passage);
        } else {
            self.end_hidden();
            self.hidden.1 = passage;
        }
        self.hidden.0 = self.source.view.len();
    }

    /// Takes words that are struck out: a reader sees that they no longer hold.
    pub fn pass_struck(&mut self, words: &str) {
        self.source.hidden += words.chars().filter(|c| !c.is_whitespace()).count();
    }

    /// Says that data of a script, or a template, looks like a list of SDKs.
    pub fn script_list(&mut self) {
        self.source.scripted = true;
    }

    /// Says what the hidden passage before is.
    fn end_hidden(&mut self) {
        let (_, passage) = std::mem::take(&mut self.hidden);
        self.source.hidden += passage.characters;
        if passage.is_list() {
            self.source.hidden_lists += 1;
            let first = &mut self.source.hidden_list;
            first.get_or_insert_with(|| passage.start.clone());
        } else if passage.is_list_of_names() && self.source.unshown.len() < MAX_HIDDEN {
            self.source.unshown.push(passage);
        }
    }

    /// Says that words here are struck through.
    pub fn strike(&mut self) {
        if let Some(grid) = self.tables.last_mut() {
            grid.strike();
        }
    }

    /// Counts pictures, frames and the like, whose content is not read.
    pub fn embed(&mut self, count: usize) {
        self.source.embedded += count;
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

    /// The line being built.
    pub fn line(&self) -> &str {
        self.source.view.get(self.line_start..).unwrap_or_default()
    }

    fn line_is_blank(&self) -> bool {
        self.line().trim().is_empty()
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

    /// Sets the indentation of a line that is not the first of a list item.
    pub fn hang(&mut self, columns: usize) {
        if self.kind != Some(LineKind::Item) {
            self.indent = columns;
        }
    }

    /// The next line stands apart from the one before.
    pub fn set_apart(&mut self) {
        self.apart = true;
    }

    /// Whether a cell is open.
    pub fn in_cell(&self) -> bool {
        self.tables.last().is_some_and(Grid::in_cell)
    }

    /// Whether a table is open.
    pub fn in_table(&self) -> bool {
        !self.tables.is_empty()
    }

    /// Parts a label from what follows it on the line.
    pub fn end_label(&mut self) {
        if !self.source.view.ends_with(['\n', '\t', ':', '：']) {
            self.source.view.push('\t');
        }
    }

    /// Ends the line being built. Inside a table it is kept too, for the case
    /// that the table turns out to be a layout.
    pub fn end_line(&mut self) {
        let range = self.line_start..self.source.view.len();
        if self.line_is_blank() {
            self.apart = true;
        } else {
            let line = Block::Line {
                range,
                kind: self.kind.unwrap_or(LineKind::Text),
                level: self.level,
                indent: self.indent,
                apart: self.apart,
            };
            self.put(line);
            self.apart = false;
            self.kind = None;
            self.level = 0;
        }
        if self.kind != Some(LineKind::Item) {
            self.kind = None; // a list item's text may stand in a block of its own
            self.indent = 0;
        }
        self.break_line();
    }

    fn put(&mut self, block: Block) {
        match self.tables.last_mut() {
            Some(grid) => grid.take(block),
            None => self.source.blocks.push(block),
        }
    }

    /// Line feeds part lines and cells; one is enough inside a table.
    fn break_line(&mut self) {
        if !self.in_table() || !self.source.view.ends_with('\n') {
            self.source.view.push('\n');
        }
        self.line_start = self.source.view.len();
    }

    /// Opens a table. One that stands in a cell is a table of its own where
    /// the outer one is a layout, else text of that cell.
    pub fn begin_table(&mut self) {
        self.end_line();
        if self.tables.len() >= MAX_POLICY_TABLE_DEPTH {
            self.deeper += 1;
        } else {
            self.tables.push(Grid::default());
        }
    }

    /// Opens a row.
    pub fn begin_row(&mut self) {
        if self.deeper > 0 {
            return self.end_line();
        }
        self.end_cell();
        if let Some(grid) = self.tables.last_mut() {
            grid.begin_row();
        }
    }

    /// Opens a cell.
    pub fn begin_cell(&mut self, columns: usize, rows: usize) {
        self.open_cell(columns, rows, false);
    }

    /// Opens a cell that only continues the one above it.
    pub fn begin_continued_cell(&mut self, columns: usize) {
        self.open_cell(columns, 1, true);
    }

    fn open_cell(&mut self, columns: usize, rows: usize, continues: bool) {
        if self.deeper > 0 {
            return self.end_line();
        }
        self.end_cell();
        let placed: usize = self.tables.iter().map(Grid::placed).sum();
        if self.cells + placed >= MAX_POLICY_CELLS {
            self.source.truncated = true;
            return;
        }
        self.end_line(); // what stands between the cells is no part of one
        let start = self.source.view.len();
        if let Some(grid) = self.tables.last_mut() {
            grid.begin_cell(start, columns, rows, continues);
        }
    }

    /// Closes the open cell, if any.
    pub fn end_cell(&mut self) {
        if self.deeper > 0 || !self.in_cell() {
            return self.end_line();
        }
        let end = self.source.view.len();
        if !self.line_is_blank() {
            self.end_line();
        }
        if let Some(grid) = self.tables.last_mut() {
            grid.end_cell(end);
        }
        self.kind = None;
        self.indent = 0;
        self.source.view.push('\n');
        self.line_start = self.source.view.len();
    }

    /// Closes the table.
    pub fn end_table(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return self.end_line();
        }
        self.end_cell();
        if let Some(grid) = self.tables.pop() {
            self.cells += grid.placed();
            for block in grid.finish(&self.source.view) {
                self.put(block);
            }
        }
        self.line_start = self.source.view.len();
        self.apart = true;
    }

    /// Opens a link.
    pub fn begin_link(&mut self, target: &str) {
        self.end_link();
        let script = target.trim_start().get(..11);
        let script = script.is_some_and(|start| start.eq_ignore_ascii_case("javascript:"));
        let target = match script {
            true => url::in_script(target).unwrap_or(target),
            false => target,
        };
        self.link = Some((self.source.view.len(), target.to_owned()));
    }

    /// Closes the open link, if any.
    pub fn end_link(&mut self) {
        if let Some((start, target)) = self.link.take() {
            let range = start..self.source.view.len();
            let dead = url::is_dead(&target);
            self.source.links.push(ViewLink {
                range,
                target,
                dead,
            });
        }
    }

    /// Opens bold words; those in tables are not kept.
    pub fn begin_strong(&mut self) {
        self.strong = (!self.in_table()).then_some(self.source.view.len());
    }

    /// Closes the open bold words, if any.
    pub fn end_strong(&mut self) {
        let start = self.strong.take().filter(|start| *start >= self.line_start);
        if let Some(start) = start.filter(|start| *start < self.source.view.len()) {
            self.source.strong.push(start..self.source.view.len());
        }
    }

    /// Notes a place that a `#name` link leads to.
    pub fn anchor(&mut self, name: &str) {
        if !name.is_empty() {
            self.anchors.insert(name.to_owned());
        }
    }

    /// The document, with the decoded file it came from.
    pub fn finish(mut self, text: String, escaped: bool) -> Source {
        self.close();
        self.source.text = text;
        self.source.escaped = escaped;
        self.source
    }

    /// The document of a format without a text of its own: the view is it.
    pub fn finish_extracted(mut self) -> Source {
        self.close();
        self.source.text = self.source.view.clone();
        self.source.runs = vec![Run { view: 0, text: 0 }];
        self.source
    }

    fn close(&mut self) {
        self.end_link();
        self.end_hidden();
        self.deeper = 0;
        while self.in_table() {
            self.end_table();
        }
        self.end_line();
        for link in &mut self.source.links {
            let name = link.target.trim().strip_prefix('#');
            link.dead &= !name.is_some_and(|name| self.anchors.contains(name));
        }
        // Links end in document order, but an outer one starts before.
        self.source.links.sort_by_key(|link| link.range.start);
    }
}
