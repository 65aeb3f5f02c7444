//! A table flattened to one cell per line: the header tells the columns, and
//! the cheapest way through the lines tells which line belongs to which cell.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{Candidate, Parse, density, grid, is_company, is_none_word, runon, score, table};
use crate::formats::limits::MAX_POLICY_RECORDS;
use crate::policy::Lexicon;
use crate::policy::document::LineKind;
use crate::policy::page::{Line, Page};
use crate::policy::roles::{self, Role};
use crate::policy::url;

mod headless;

/// A section heading ends a table.
static HEADING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?:[一二三四五六七八九十]{1,3}[、.]|[(][一二三四五六七八九十]{1,3}[)]|[(]?\d{1,2}[)]\s*[^\d\s]|注:|\d{1,2}(?:\.\d{1,2}){1,3}|第[一二三四五六七八九十]{1,3}[章条部])",
    )
    .expect("a constant pattern")
});

/// Words that a purpose starts with or holds.
const PURPOSE: [&str; 26] = [
    "analytic", "advert", "provid", "report", "notif", "login", "shar", "pay", "track", "measur",
    "用于", "为了", "提供", "实现", "进行", "使用", "登录", "分享", "推送", "统计", "支付", "帮助",
    "用户", "服务", "功能", "分析",
];

/// Longest cell, in characters; a longer line is running text.
const MAX_CELL: usize = 600;

/// Bytes of a header on one line.
const MAX_HEAD: usize = 400;

/// Lines read below one header: enough for more entries than are kept.
const MAX_LINES: usize = 8 * MAX_POLICY_RECORDS;

/// One line or tab-separated piece of one.
struct Piece {
    range: Range<usize>,
    /// A tab stands before it.
    tabbed: bool,
    /// The line before it ends in the middle of a list or a bracket.
    open: bool,
    scores: Vec<f32>,
}

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
    parses
}

/// Lines, cut at tabs.
fn split_tabs(page: &Page, lines: &[&Line]) -> Vec<(Range<usize>, LineKind)> {
    lines
        .iter()
        .flat_map(|line| {
            let text = page.get(&line.range);
            let head = (text.len() < MAX_HEAD)
                .then(|| runon::header_cells(text))
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

/// How well a line fits a column.
fn fit(role: Role, text: &str, density: f32, known: bool, company: bool, link: bool) -> f32 {
    let length = text.chars().count();
    let none = is_none_word(text);
    match role {
        Role::Url | Role::Site => match (link, none) {
            (true, _) => 5.0,
            (false, true) => 1.0,
            _ if ["隐私", "政策", "协议", "声明"]
                .iter()
                .any(|w| text.contains(w)) =>
            {
                3.0
            }
            _ => -4.0,
        },
        _ if link => -6.0,
        Role::Name | Role::Party => {
            let sdk = length <= 40 && grid::ends_in_sdk(text);
            let mut fit = if known { 4.0 } else { 0.0 };
            fit += if sdk { 3.0 } else { 0.0 };
            fit += if length <= 25 { 0.5 } else { 0.0 };
            fit -= if length > 60 { 4.0 } else { 0.0 };
            fit -= if company { 2.0 } else { 0.0 };
            fit - if density > 0.5 && !known { 2.0 } else { 0.0 }
        }
        Role::Vendor => (if company { 4.0 } else { -3.0 }) - if length > 40 { 2.0 } else { 0.0 },
        Role::Data => {
            let many = (density * 4.0).min(3.0);
            let base = if density > 0.0 || none { 1.0 } else { -0.5 };
            base + many + if none { 1.0 } else { 0.0 } - if company { 2.0 } else { 0.0 }
        }
        Role::Permission => {
            let says = text.contains("权限") || text.contains("permission");
            if says { 3.0 } else { 0.0 }
        }
        Role::Purpose => {
            let words = PURPOSE.iter().filter(|w| text.contains(**w)).count().min(2);
            words as f32 - if company { 2.0 } else { 0.0 } - if density > 0.5 { 1.0 } else { 0.0 }
        }
        Role::Manner => {
            let says = ["采集", "接口", "传输", "后台", "共享", "直接"]
                .iter()
                .any(|w| text.contains(w));
            if says && length <= 24 { 3.0 } else { -2.0 }
        }
        Role::Index => {
            let number = text.trim_end_matches(['.', '、']).parse::<u32>().is_ok();
            if number { 4.0 } else { -4.0 }
        }
        _ => 0.0,
    }
}

fn measured(page: &Page, lexicon: &Lexicon, range: &Range<usize>, roles: &[Role]) -> Piece {
    let text = page.get(range);
    let density = density(text, lexicon);
    let known = grid::is_known(text, lexicon);
    let company = is_company(text);
    let link = !url::find(text).is_empty() || is_link_tail(text);
    let scores = roles
        .iter()
        .map(|role| fit(*role, text, density, known, company, link))
        .collect();
    let before = page.text.get(..range.start).unwrap_or_default();
    Piece {
        range: range.clone(),
        tabbed: before.trim_end_matches(' ').ends_with('\t'),
        open: before
            .trim_end_matches([' ', '\n'])
            .ends_with(['、', ',', '(', '/']),
        scores,
    }
}

/// The rest of a link that was broken over lines.
fn is_link_tail(text: &str) -> bool {
    text.len() > 4
        && text.bytes().all(|b| b.is_ascii_graphic())
        && (text.contains('/') || text.contains(".htm") || text.contains('='))
}

/// Cost of going from one column to the next line's column.
fn step(from: usize, to: usize, width: usize) -> f32 {
    if to == from {
        -1.2 // the cell goes on
    } else if to > from {
        -1.5 * (to - from - 1) as f32 // cells left out
    } else {
        let left_out = (width - 1 - from) + to;
        -1.5 * left_out as f32 // a new row
    }
}

/// A line that goes on with a cell earns nothing for looking like a cell of its
/// own; only lists of data and purposes are written over several lines.
fn continued(roles: &[Role], column: usize, fit: f32) -> f32 {
    match roles.get(column) {
        Some(Role::Data | Role::Purpose | Role::Permission) => fit.min(1.0),
        Some(Role::Url | Role::Site) => fit.min(2.0),
        _ => fit.min(0.0),
    }
}

/// The best assignment of lines to columns (Viterbi), cut into rows.
fn rows(
    page: &Page,
    lexicon: &Lexicon,
    pieces: &[(Range<usize>, LineKind)],
    roles: &[Role],
) -> Vec<Candidate> {
    let width = roles.len();
    let pieces: Vec<Piece> = pieces
        .iter()
        .map(|(range, _)| measured(page, lexicon, range, roles))
        .collect();
    let mut best: Vec<f32> = (0..width).map(|to| -1.5 * to as f32).collect();
    let mut back: Vec<Vec<usize>> = Vec::with_capacity(pieces.len());
    for (at, piece) in pieces.iter().enumerate() {
        let mut next = vec![f32::MIN; width];
        let mut from_of = vec![0; width];
        for to in 0..width {
            let fit = piece.scores.get(to).copied().unwrap_or(0.0);
            for from in 0..width {
                let goes_on = at > 0 && from == to;
                let own = if goes_on {
                    continued(roles, to, fit)
                } else {
                    fit
                };
                let before = best.get(from).copied().unwrap_or(f32::MIN);
                let start = at == 0 && from != to;
                let mut cost = if at == 0 { 0.0 } else { step(from, to, width) };
                if goes_on && piece.tabbed {
                    cost -= 3.0; // a wide gap parts cells
                }
                if goes_on && piece.open {
                    cost += 6.0; // a list mark or an open bracket ends no cell
                }
                let total = before + cost + own;
                if let (Some(slot), Some(origin)) = (next.get_mut(to), from_of.get_mut(to))
                    && !start
                    && total > *slot
                {
                    *slot = total;
                    *origin = from;
                }
            }
        }
        best = next;
        back.push(from_of);
    }
    let mut column = best
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.total_cmp(b.1))
        .map_or(0, |(column, _)| column);
    let mut path = Vec::with_capacity(pieces.len());
    for from_of in back.iter().rev() {
        path.push(column);
        column = from_of.get(column).copied().unwrap_or(0);
    }
    path.reverse();
    cut(page, lexicon, &pieces, &path, roles)
}

/// Rows of an assignment; rows at the end that say nothing are running text.
fn cut(
    page: &Page,
    lexicon: &Lexicon,
    pieces: &[Piece],
    path: &[usize],
    roles: &[Role],
) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut row: Vec<Option<Range<usize>>> = vec![None; roles.len()];
    let mut before = None;
    for (piece, &column) in pieces.iter().zip(path) {
        if before.is_some_and(|b| column < b) {
            candidates.extend(entry(page, &row, roles));
            row.fill(None);
        }
        if let Some(cell) = row.get_mut(column) {
            *cell = match cell.take() {
                Some(start) => Some(start.start..piece.range.end),
                None => Some(piece.range.clone()),
            };
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
            _ => {}
        }
    }
    let cells = row.iter().flatten();
    let start = cells.clone().map(|cell| cell.start).min()?;
    let end = cells.map(|cell| cell.end).max()?;
    candidate.whole = start..end;
    let name = page.get(&candidate.name);
    (!name.is_empty() && name.chars().count() <= 120).then_some(candidate)
}
