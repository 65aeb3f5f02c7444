//! A table flattened to one cell per line: the header tells the columns, and
//! the cheapest way through the lines tells which line belongs to which cell.

use std::ops::Range;

use crate::policy::pattern::Pattern;

use super::{Candidate, Parse, density, grid, is_none_word, runon, score, table};
use crate::formats::limits::MAX_POLICY_RECORDS;
use crate::policy::Lexicon;
use crate::policy::document::LineKind;
use crate::policy::page::{Line, Page};
use crate::policy::roles::{self, Role};
use crate::policy::url;

mod assign;
mod headless;
mod parted;

/// A section heading ends a table.
static HEADING: Pattern = Pattern::new(
    r"^(?:[一二三四五六七八九十]{1,3}[、.]|[(][一二三四五六七八九十]{1,3}[)]|[(]?\d{1,2}[)]\s*[^\d\s]|注:|\d{1,2}(?:\.\d{1,2}){1,3}|第[一二三四五六七八九十]{1,3}[章条部])",
);

/// Longest cell, in characters; a longer line is running text.
const MAX_CELL: usize = 600;

/// Bytes of a header on one line.
const MAX_HEAD: usize = 400;

/// Cells of a header that only blanks part: fewer may be a sentence.
const MIN_HEADS: usize = 4;

/// Lines read below one header: enough for more entries than are kept.
const MAX_LINES: usize = 8 * MAX_POLICY_RECORDS;

/// Reads every header of a run of lines and the rows below it.
pub(super) fn read(page: &Page, lexicon: &Lexicon, lines: &[&Line]) -> Vec<Parse> {
    let pieces = split_tabs(page, lines);
    let mut parses = Vec::new();
    let mut at = 0;
    while at < pieces.len() {
        let Some((width, mut roles)) = header(page, &pieces, at) else {
            at += 1;
            continue;
        };
        let start = pieces.get(at).map_or(0, |(range, _)| range.start);
        let body = at + width;
        let end = body_end(page, &pieces, body);
        let body_pieces = pieces.get(body..end).unwrap_or_default();
        implicit_link(page, body_pieces, &mut roles);
        let candidates = rows(page, lexicon, body_pieces, &roles);
        if let Some(last) = candidates.last() {
            let covered = start..last.whole.end;
            let score = score(page, &candidates) * 1.3;
            parses.push(Parse {
                candidates,
                covered,
                score,
            });
        }
        at = end.max(at + 1);
    }
    parses.extend(headless::read(page, lexicon, &pieces));
    parses.extend(parted::read(page, lexicon, lines));
    parses
}

/// Lines, cut at tabs.
fn split_tabs(page: &Page, lines: &[&Line]) -> Vec<(Range<usize>, LineKind)> {
    lines
        .iter()
        .flat_map(|line| {
            let text = page.get(&line.range);
            let head = (text.len() < MAX_HEAD)
                .then(|| runon::header_cells(text).or_else(|| parted_by_blanks(text)))
                .flatten();
            let cells = match head {
                Some(head) => {
                    let at = line.range.start;
                    head.into_iter()
                        .map(|cell| at + cell.start..at + cell.end)
                        .collect()
                }
                None => table::split(page, &line.range, '\t'),
            };
            cells.into_iter().map(|cell| (cell, line.kind))
        })
        .filter(|(range, _)| !range.is_empty())
        .collect()
}

/// The cells of a header that single blanks part: each word heads a column, and
/// words that head the same one are one cell (`SDK 名称`).
fn parted_by_blanks(text: &str) -> Option<Vec<Range<usize>>> {
    let mut cells: Vec<(Range<usize>, Role)> = Vec::new();
    let mut from = 0;
    for word in text.split(' ') {
        let range = from..from + word.len();
        from = range.end + 1;
        if word.is_empty() {
            continue;
        }
        let role = roles::of(word)?;
        match cells.last_mut() {
            Some((last, before)) if *before == role => last.end = range.end,
            _ => cells.push((range, role)),
        }
    }
    (cells.len() >= MIN_HEADS).then(|| cells.into_iter().map(|(range, _)| range).collect())
}

/// A header of three or more cells from here on: its width and roles.
fn header(
    page: &Page,
    pieces: &[(Range<usize>, LineKind)],
    at: usize,
) -> Option<(usize, Vec<Role>)> {
    let mut found = Vec::new();
    for (range, _) in pieces.get(at..)?.iter().take(12) {
        match roles::of(page.get(range)) {
            Some(role) if role == Role::Name && found.contains(&role) => break,
            Some(role) => found.push(role),
            None => break,
        }
    }
    if found.len() < 3 || found.contains(&Role::Other) {
        return None;
    }
    let width = found.len();
    roles::settle(&mut found);
    let mut distinct = found.clone();
    distinct.sort();
    distinct.dedup();
    (distinct.len() >= 3 && roles::is_list(&found)).then_some((width, found))
}

/// Where the rows end: a heading, running text, the next header, a block of
/// definitions.
fn body_end(page: &Page, pieces: &[(Range<usize>, LineKind)], from: usize) -> usize {
    let cap = pieces.len().min(from.saturating_add(MAX_LINES));
    for at in from..cap {
        let Some((range, kind)) = pieces.get(at) else {
            break;
        };
        let text = page.get(range);
        let length = text.chars().count();
        let defines = text.ends_with(':')
            && length < 40
            && ["定义", "说明", "释义", "备注", "注"]
                .iter()
                .any(|w| text.contains(w));
        let heading = HEADING.is_match(text) || *kind == LineKind::Heading;
        if heading || length > MAX_CELL || defines || header(page, pieces, at).is_some() {
            return at;
        }
    }
    cap
}

/// Links without a column of their own make one at the end.
fn implicit_link(page: &Page, pieces: &[(Range<usize>, LineKind)], roles: &mut Vec<Role>) {
    let links = pieces
        .iter()
        .filter(|(range, _)| url::is_link(page.get(range)));
    if !roles.contains(&Role::Url) && links.count() >= 2 {
        roles.push(Role::Url);
    }
}

/// The best assignment of lines to columns, cut into rows.
fn rows(
    page: &Page,
    lexicon: &Lexicon,
    pieces: &[(Range<usize>, LineKind)],
    roles: &[Role],
) -> Vec<Candidate> {
    let cells = assign::cells(page, lexicon, pieces, roles);
    cut(page, lexicon, &cells, roles)
}

/// Rows of an assignment; rows at the end that say nothing are running text.
fn cut(
    page: &Page,
    lexicon: &Lexicon,
    cells: &[(usize, Range<usize>)],
    roles: &[Role],
) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut row: Vec<Option<Range<usize>>> = vec![None; roles.len()];
    let mut before = None;
    for (column, range) in cells {
        let column = *column;
        if before.is_some_and(|b| column <= b) {
            candidates.extend(entry(page, &row, roles));
            row.fill(None);
        }
        if let Some(cell) = row.get_mut(column) {
            *cell = Some(range.clone());
        }
        before = Some(column);
    }
    candidates.extend(entry(page, &row, roles));
    while candidates.last().is_some_and(|last| {
        let known = grid::is_name(page.get(&last.name), lexicon);
        let said = usize::from(last.vendor.is_some())
            + usize::from(!last.url.is_empty())
            + usize::from(
                last.data
                    .iter()
                    .map(|data| page.get(data))
                    .any(|data| density(data, lexicon) > 0.15 || is_none_word(data)),
            );
        said + usize::from(known) < 2
    }) {
        candidates.pop();
    }
    candidates
}

fn entry(page: &Page, row: &[Option<Range<usize>>], roles: &[Role]) -> Option<Candidate> {
    let mut candidate = Candidate::default();
    for (cell, role) in row.iter().zip(roles) {
        let Some(cell) = cell.clone() else { continue };
        match role {
            Role::Name | Role::Party => candidate.name = cell,
            Role::Vendor => candidate.vendor = Some(cell),
            Role::Purpose => candidate.purpose.push(cell),
            Role::Data => candidate.data.push(cell),
            Role::Permission => candidate.permissions.push(cell),
            Role::Url | Role::Site => candidate.url.push(cell),
            Role::Platform => candidate.platform.push(cell),
            Role::Package => candidate.context.push(cell),
            Role::Status => candidate.status = Some(cell),
            Role::Manner => candidate.manner = Some(cell),
            _ => {}
        }
    }
    let cells = row.iter().flatten();
    let start = cells.clone().map(|cell| cell.start).min()?;
    let end = cells.map(|cell| cell.end).max()?;
    candidate.whole = start..end;
    repair(page, &mut candidate, roles);
    let name = page.get(&candidate.name);
    (!name.is_empty() && name.chars().count() <= 120).then_some(candidate)
}

/// Cells that stand on one line with the next: a number in front of a name, and
/// the begin of the company behind its "SDK".
fn repair(page: &Page, one: &mut Candidate, roles: &[Role]) {
    let text = page.get(&one.name);
    if roles.contains(&Role::Index)
        && let Some(end) = text
            .find(|c: char| !c.is_ascii_digit())
            .filter(|end| *end > 0)
    {
        let rest = text.get(end..).unwrap_or_default();
        let inner = rest.trim_start_matches([' ', '.', '、', '\n']);
        if inner.len() < rest.len() || !inner.starts_with(|c: char| c.is_ascii()) {
            one.name.start = one.name.end - inner.len();
        }
    }
    let text = page.get(&one.name);
    let Some(end) = text.to_ascii_lowercase().find("sdk").map(|at| at + 3) else {
        return;
    };
    let rest = text.get(end..).unwrap_or_default().trim_start();
    let begun = rest.chars().count() >= 2 && !rest.starts_with(['(', '、', '/']);
    if let Some(vendor) = &mut one.vendor
        && begun
        && page.get(&(one.name.end..vendor.start)).trim().is_empty()
    {
        vendor.start = one.name.end - rest.len();
        one.name.end = one.name.start + end;
    }
}
