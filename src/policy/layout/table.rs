//! Tables written as text: cells between tabs or bars, one row a line.

mod wrapped;

use std::ops::Range;

use super::{Parse, grid, heads, inverted};
use crate::formats::limits::MAX_POLICY_RECORDS;
use crate::policy::Lexicon;
use crate::policy::model::Layout;
use crate::policy::page::{Line, Page};
use crate::policy::{roles, sentence, spans};

/// Header and caption rows that may come on top of the entries.
const HEADS: usize = 8;

/// Reads runs of lines that hold at least three cells each (two for a run that
/// starts with a header).
pub(super) fn read(page: &Page, lexicon: &Lexicon, lines: &[&Line]) -> Vec<Parse> {
    let mut parses = Vec::new();
    let wrapped = wrapped::read(page, lexicon, lines);
    let broken: Vec<Range<usize>> = wrapped.iter().map(|parse| parse.covered.clone()).collect();
    parses.extend(wrapped);
    for separator in ['\t', '|', '—'] {
        let mut rows: Vec<Vec<Range<usize>>> = Vec::new();
        for line in lines {
            if spans::meets(&broken, &line.range) {
                continue; // half rows there are none of their own
            }
            let text = page.get(&line.range);
            let cells = if text.contains(separator) {
                split(page, &line.range, separator)
            } else {
                Vec::new() // most lines
            };
            let rule = is_rule(text);
            let width = rows.first().map_or(2, Vec::len);
            if cells.len() >= 2 && cells.len() * 5 >= width * 3 {
                if !rule && rows.len() <= MAX_POLICY_RECORDS + HEADS {
                    rows.push(cells);
                }
            } else {
                parses.extend(flush(page, lexicon, &mut rows));
            }
        }
        parses.extend(flush(page, lexicon, &mut rows));
    }
    parses
}

/// A line that parts the header from the rows.
fn is_rule(text: &str) -> bool {
    text.chars()
        .all(|c| matches!(c, '-' | '|' | ':' | '+' | ' ' | '='))
}

fn flush(page: &Page, lexicon: &Lexicon, rows: &mut Vec<Vec<Range<usize>>>) -> Option<Parse> {
    let mut rows = std::mem::take(rows);
    if let Some(parse) = inverted::read(page, lexicon, &rows) {
        return Some(parse.read_as(Layout::InvertedTable));
    }
    if rows.iter().filter(|row| pairs(page, row)).count() * 2 > rows.len() {
        return None; // keys and values between bars
    }
    let headed = rows
        .first()
        .is_some_and(|row| !pairs(page, row) && heads::roles(page, row).is_some());
    if !headed {
        rows.retain(|row| !pairs(page, row)); // `X | 公司:… | 用途:…` beside `Y | …公司 | …`
    }
    if rows.len() < 2 || !headed && rows.iter().any(|row| row.len() < 3) {
        return None;
    }
    grid::read_rows(page, lexicon, &rows)
}

/// Whether a row is one of keys and values: they take turns, or most cells behind
/// the first hold both (`某某SDK | 提供方:某某公司 | 目的:推送`).
fn pairs(page: &Page, row: &[Range<usize>]) -> bool {
    let cells = row.get(1..).unwrap_or_default();
    let keyed = |cell: &&Range<usize>| {
        let key = page.get(cell).split_once(':').map(|(key, _)| key);
        key.is_some_and(|key| roles::of(key).is_some())
    };
    takes_turns(page, row)
        || !cells.is_empty() && cells.iter().filter(keyed).count() * 2 > cells.len()
}

/// Whether each second cell is a key and the others are none:
/// `SDK名称 | X | 公司 | Y`.
fn takes_turns(page: &Page, row: &[Range<usize>]) -> bool {
    let is_key = |cell: &Range<usize>| roles::of(page.get(cell)).is_some();
    let pairs = row.chunks(2);
    let values = row.iter().skip(1).step_by(2).filter(|cell| is_key(cell));
    row.len() >= 2
        && row.len().is_multiple_of(2)
        && pairs.clone().all(|pair| pair.first().is_some_and(is_key))
        && values.count() * 4 < row.len()
}

/// The cells of a line, trimmed; bars at the ends are the frame, a dash may be
/// two characters long and stand in list items.
pub(super) fn split(page: &Page, range: &Range<usize>, separator: char) -> Vec<Range<usize>> {
    if separator == '—' {
        let item = sentence::strip_marker(page, range);
        let mut cells = pieces(page, &item, separator);
        cells.retain(|cell| !cell.is_empty());
        if cells.len() < 3 {
            cells.clear(); // a dash in a sentence
        }
        return cells;
    }
    pieces(page, range, separator)
}

fn pieces(page: &Page, range: &Range<usize>, separator: char) -> Vec<Range<usize>> {
    let text = page.get(range);
    let inner = if separator == '|' {
        text.trim_matches('|')
    } else {
        text
    };
    let offset = range.start + (inner.as_ptr() as usize - text.as_ptr() as usize);
    let mut start = 0;
    let mut cells = Vec::new();
    for piece in inner.split(separator) {
        let trimmed = piece.trim_start();
        let at = offset + start + (piece.len() - trimmed.len());
        cells.push(at..at + trimmed.trim_end().len());
        start += piece.len() + separator.len_utf8();
    }
    cells
}
