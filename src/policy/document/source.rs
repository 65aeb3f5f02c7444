//! The visible text of a document with the way back to the decoded file.

use std::ops::Range;

use super::hidden::Passage;

/// What every format reader yields.
#[derive(Debug, Default)]
pub(crate) struct Source {
    /// The decoded file (text, Markdown, HTML) or the extracted text (DOCX, PDF).
    pub text: String,
    /// The visible text; lines and cells are ranges of it.
    pub view: String,
    /// Where pieces of `view` come from, sorted by `view` offset.
    pub(super) runs: Vec<Run>,
    /// Lines and tables in document order.
    pub blocks: Vec<Block>,
    /// Links with their visible text.
    pub links: Vec<ViewLink>,
    /// Bold words that open a line; the rest of it is not bold.
    pub strong: Vec<Range<usize>>,
    /// Wide gaps between words part columns (plain text).
    pub columns: bool,
    /// Markup characters may stand inside visible text as escapes.
    pub escaped: bool,
    /// A cap was reached; the rest was not read.
    pub truncated: bool,
    /// Some text could not be found again in the file.
    pub displaced: bool,
    /// Characters in a script, a style or a comment that is never closed.
    pub swallowed: usize,
    /// Characters in elements that the page hides; they are no part of `view`.
    pub hidden: usize,
    /// Passages among them that look like lists of SDKs, and how the first begins.
    pub hidden_lists: usize,
    pub hidden_list: Option<String>,
    /// Passages among them that are such lists if they name SDKs.
    pub unshown: Vec<Passage>,
    /// A script or a template speaks of SDKs as lists of them do.
    pub scripted: bool,
    /// Pictures, frames, objects and scripts: what they show is not read.
    pub embedded: usize,
}

/// A piece of `view` from `view` on that was copied from `text` on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub view: usize,
    pub text: usize,
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
    /// Words of it are struck through; they are no part of the range.
    pub struck: bool,
}

/// A link.
#[derive(Debug, Clone)]
pub(crate) struct ViewLink {
    pub range: Range<usize>,
    pub target: String,
    /// It leads nowhere: `url::is_dead`, and no anchor of this document either.
    pub dead: bool,
}

impl Source {
    /// The offset in `text` of an offset in `view`.
    pub fn origin(&self, view: usize) -> usize {
        let after = self.runs.partition_point(|run| run.view <= view);
        match after.checked_sub(1).and_then(|at| self.runs.get(at)) {
            None => 0,
            Some(run) => {
                // Shown text may be longer than what it was written as; text that
                // the parser moved is followed by text from before it.
                let next = self.runs.get(after).map(|next| next.text);
                let limit = next
                    .filter(|next| *next >= run.text)
                    .unwrap_or(self.text.len());
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
