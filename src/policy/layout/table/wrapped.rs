//! Tables with bars whose cells are broken over lines: only the number of bars
//! tells where a row ends (html2text prints a break inside a cell that way).

use std::ops::Range;

use super::super::{Parse, grid, is_company};
use super::{is_rule, pieces};
use crate::formats::limits::MAX_POLICY_RECORDS;
use crate::policy::Lexicon;
use crate::policy::document::LineKind;
use crate::policy::page::{Line, Page};
use crate::policy::url;

/// Lines of one cell; more are running text.
const MAX_CELL_LINES: usize = 40;

/// Lines of the row above a rule.
const MAX_HEAD_LINES: usize = 8;

/// Reads the tables below a rule such as `---|---`.
pub(super) fn read(page: &Page, lexicon: &Lexicon, lines: &[&Line]) -> Vec<Parse> {
    let mut parses = Vec::new();
    let parts = |line: &Line| {
        let rule = page.get(&line.range);
        is_rule(rule) && rule.contains('|') && rule.contains("--")
    };
    let rules = lines.iter().enumerate().filter(|(_, line)| parts(line));
    let rules: Vec<(usize, &&Line)> = rules.collect();
    for (nth, (at, line)) in rules.iter().enumerate() {
        let (at, next) = (*at, rules.get(nth + 1).map(|(next, _)| *next));
        let width = pieces(page, &line.range, '|').len();
        let head = head(page, lines.get(..at).unwrap_or_default(), width);
        if head.len() != width || width < 2 {
            continue;
        }
        let body = lines.get(at + 1..next.unwrap_or(lines.len()));
        let (mut rows, broken) = rows(page, lexicon, body.unwrap_or_default(), width);
        let above = next.and_then(|next| lines.get(next - 1));
        if above.is_some_and(|above| {
            let last = rows.last().and_then(|row| row.last());
            last.is_some_and(|cell| cell.end > above.range.start)
        }) {
            rows.pop(); // the header of the next table
        }
        if broken || head_is_broken(page, &head) {
            rows.insert(0, head);
            parses.extend(grid::read_rows(page, lexicon, &rows));
        }
    }
    parses
}

/// The cells of the row above a rule, which may be broken over lines itself.
fn head(page: &Page, above: &[&Line], width: usize) -> Vec<Range<usize>> {
    let mut cells: Vec<Range<usize>> = Vec::new();
    let mut apart = false;
    for line in above.iter().rev().take(MAX_HEAD_LINES) {
        if cells.len() >= width || apart {
            break;
        }
        let mut more = pieces(page, &line.range, '|');
        if let (Some(last), Some(first)) = (more.last_mut(), cells.first()) {
            last.end = first.end;
            cells.remove(0);
        }
        more.append(&mut cells);
        cells = more;
        apart = line.apart;
    }
    cells
}

fn head_is_broken(page: &Page, head: &[Range<usize>]) -> bool {
    head.iter().any(|cell| page.get(cell).contains('\n'))
}

/// A row being read: its cells so far.
#[derive(Default)]
struct Open {
    cells: Vec<Range<usize>>,
    lines: usize,
}

/// The rows below a rule, and whether any line was not a whole row.
fn rows(
    page: &Page,
    lexicon: &Lexicon,
    lines: &[&Line],
    width: usize,
) -> (Vec<Vec<Range<usize>>>, bool) {
    let mut rows: Vec<Vec<Range<usize>>> = Vec::new();
    let mut open = Open::default();
    let mut broken = false;
    // Lines without bars behind a full row: of its last cell or the next name.
    let mut between: Vec<Range<usize>> = Vec::new();
    for line in lines {
        let ends = line.apart && !rows.is_empty() || line.kind == LineKind::Heading;
        let far = between.len() > MAX_CELL_LINES || open.lines > MAX_CELL_LINES;
        if ends && open.cells.len() != width - 1 || far || rows.len() > MAX_POLICY_RECORDS {
            break;
        }
        let mut cells = pieces(page, &line.range, '|');
        if cells.len() == 1 && (open.cells.is_empty() || open.cells.len() == width) {
            between.extend(cells);
            broken = true;
            continue;
        }
        if open.cells.len() == width || open.cells.is_empty() {
            let first = cells.first().cloned().unwrap_or_default();
            let own = shared_out(page, lexicon, &mut open, &mut between, &first);
            rows.extend((open.cells.len() == width).then(|| std::mem::take(&mut open).cells));
            if let (Some(start), Some(first)) = (own, cells.first_mut()) {
                first.start = start;
            }
            open = Open { cells, lines: 1 };
        } else {
            broken = true;
            open.lines += 1;
            let mut cells = cells.into_iter();
            if let (Some(last), Some(rest)) = (open.cells.last_mut(), cells.next()) {
                last.end = last.end.max(rest.end);
            }
            open.cells.extend(cells);
        }
        if open.cells.len() > width {
            open.cells.truncate(width); // a bar inside a cell
        }
    }
    if open.cells.len() == width {
        // Below the last row only what cannot be a paragraph is its own.
        for line in &between {
            if !goes_on(page, open.cells.last(), line) {
                break;
            }
            if let Some(last) = open.cells.last_mut() {
                last.end = line.end;
            }
        }
        rows.push(open.cells);
    }
    (rows, broken)
}

/// Shares the lines between two rows out: gives the last cell of the row above
/// its own and says where the first cell of the next row starts.
fn shared_out(
    page: &Page,
    lexicon: &Lexicon,
    above: &mut Open,
    between: &mut Vec<Range<usize>>,
    first: &Range<usize>,
) -> Option<usize> {
    let lines = std::mem::take(between);
    let mut own = lines.len();
    if above.cells.is_empty() {
        own = 0;
    } else if let Some(last) = lines.last() {
        let joined = last.start..first.end;
        let name = |range: &Range<usize>| grid::is_name(page.get(range), lexicon);
        let before = lines.len().checked_sub(2).and_then(|at| lines.get(at));
        let before = before.or_else(|| above.cells.last());
        let ends_above = goes_on(page, before, last);
        own -= usize::from(!ends_above || !name(first) && name(&joined));
    }
    let end = own.checked_sub(1).and_then(|at| lines.get(at));
    if let (Some(cell), Some(line)) = (above.cells.last_mut(), end) {
        cell.end = line.end;
    }
    lines.get(own).map(|line| line.start)
}

/// Whether a line goes on with the words before it.
fn goes_on(page: &Page, before: Option<&Range<usize>>, line: &Range<usize>) -> bool {
    let text = page.get(line);
    let last = before.map_or("", |cell| page.get(cell));
    let unfinished = last.ends_with(['、', ',', '(', '/', '-']) || last.is_empty();
    let linked = text.starts_with('[') || !url::find(text).is_empty();
    unfinished || linked || is_company(text) || text.contains("公司")
}
