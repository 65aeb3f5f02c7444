//! Cells one per line whose rows blank lines part: the lines between two blanks
//! are a row, the first of them the header.

use std::ops::Range;

use crate::formats::limits::MAX_POLICY_RECORDS;
use crate::policy::Lexicon;
use crate::policy::document::LineKind;
use crate::policy::layout::{Parse, english, grid};
use crate::policy::page::{Line, Page};
use crate::policy::url;

/// Cells of a row, at least and at most.
const WIDTH: std::ops::RangeInclusive<usize> = 3..=12;

/// Rows below a header that make a table.
const MIN_ROWS: usize = 3;

/// Longest header, in characters.
const MAX_HEAD: usize = 40;

/// Blocks tried as headers of rows that make no table.
const MAX_TRIES: usize = 16;

/// A table that blocks of lines make.
type Rows = Vec<Vec<Range<usize>>>;

/// Reads every run of blocks that have a line for each header.
pub(super) fn read(page: &Page, lexicon: &Lexicon, lines: &[&Line]) -> Vec<Parse> {
    if page.language() != "en" {
        return Vec::new(); // the cells of Chinese tables tell their columns better
    }
    let blocks: Vec<&[&Line]> = lines.chunk_by(|_, next| !next.apart).collect();
    let mut parses = Vec::new();
    let mut at = 0;
    let mut tries = 0;
    while at < blocks.len() {
        let rows = table(page, blocks.get(at..).unwrap_or_default());
        if rows.len() <= MIN_ROWS {
            at += 1;
        } else if let Some(mut parse) = grid::read_rows(page, lexicon, &rows) {
            let first = rows.first().and_then(|row| row.first());
            let last = rows.last().and_then(|row| row.last());
            if let (Some(first), Some(last)) = (first, last) {
                parse.covered = first.start..last.end;
            }
            // Blanks part rows for certain; other readers only measure cells.
            parse.score *= 1.4;
            parses.extend(english::rows(page, lexicon, parse));
            at += rows.len();
        } else {
            // The next block may be the header, but not each of thousands.
            tries += 1;
            at += if tries < MAX_TRIES { 1 } else { rows.len() };
        }
    }
    parses
}

/// The header in the first block and the rows in those below it.
fn table(page: &Page, blocks: &[&[&Line]]) -> Rows {
    let Some((head, body)) = blocks.split_first() else {
        return Rows::new();
    };
    let label = |line: &&Line| {
        let text = page.get(&line.range);
        line.kind == LineKind::Text
            && text.chars().take(MAX_HEAD + 1).count() <= MAX_HEAD
            && !text.ends_with(['.', ':', ';'])
            && url::find(text).is_empty()
    };
    if !WIDTH.contains(&head.len()) || !head.iter().all(label) {
        return Rows::new();
    }
    let first = head.iter().map(|line| line.range.clone()).collect();
    let rows = body.iter().map_while(|lines| row(page, lines, head.len()));
    std::iter::once(first)
        .chain(rows.take(MAX_POLICY_RECORDS + 1))
        .collect()
}

/// The cells of a row. A cell may run over lines: a line belongs to the one
/// above where that ends in the middle of a list or it begins small.
fn row(page: &Page, lines: &[&Line], width: usize) -> Option<Vec<Range<usize>>> {
    let mut spare = lines.len().checked_sub(width)?;
    let mut cells: Vec<Range<usize>> = Vec::with_capacity(width);
    for line in lines {
        let text = page.get(&line.range);
        let small = text.starts_with(char::is_lowercase) && url::find(text).is_empty();
        let full = cells.len() == width;
        match cells.last_mut() {
            Some(last) if spare > 0 && (small || page.get(last).ends_with([',', '、', '('])) => {
                last.end = line.range.end;
                spare -= 1;
            }
            _ if full => return None,
            _ => cells.push(line.range.clone()),
        }
    }
    (cells.len() == width).then_some(cells)
}
