//! Which lines make which cells: of all ways to cut the lines into cells and
//! the cells into rows, the one whose cells hold best what their columns should.

use std::ops::Range;

use super::super::{grid, is_company, is_none_word};
use crate::policy::Lexicon;
use crate::policy::document::LineKind;
use crate::policy::page::Page;
use crate::policy::roles::Role;
use crate::policy::url;

/// Words that a purpose starts with or holds.
const PURPOSE: [&str; 26] = [
    "analytic", "advert", "provid", "report", "notif", "login", "shar", "pay", "track", "measur",
    "用于", "为了", "提供", "实现", "进行", "使用", "登录", "分享", "推送", "统计", "支付", "帮助",
    "用户", "服务", "功能", "分析",
];

/// Lines of a cell of data, purposes or permissions, and of any other cell.
const MAX_LIST_LINES: usize = 24;
const MAX_CELL_LINES: usize = 6;

/// Lines of a name looked up among the known ones.
const MAX_NAME_LINES: usize = 3;

/// Cost of a column that a row leaves out.
const LEFT_OUT: f32 = 1.5;

/// Cost of each line of a cell beyond its first.
const LINE: f32 = 0.3;

/// What one line adds to the cell that it is part of.
struct Piece {
    range: Range<usize>,
    /// Letters, and those that terms cover.
    letters: usize,
    covered: usize,
    link: bool,
    /// Words of purposes.
    purposes: usize,
    /// A tab stands before it.
    tabbed: bool,
    /// The line before it ends in the middle of a list or a bracket.
    open: bool,
}

/// The cells, each with its column, in order.
pub(super) fn cells(
    page: &Page,
    lexicon: &Lexicon,
    lines: &[(Range<usize>, LineKind)],
    roles: &[Role],
) -> Vec<(usize, Range<usize>)> {
    let pieces: Vec<Piece> = lines
        .iter()
        .map(|(range, _)| measured(page, lexicon, range))
        .collect();
    let width = roles.len();
    // For each place between lines and each column: the best score of a cell
    // that ends there, and where that cell begins and what column came before.
    let mut best = vec![vec![f32::MIN; width]; pieces.len() + 1];
    let mut back = vec![vec![(0usize, 0usize); width]; pieces.len() + 1];
    for start in 0..pieces.len() {
        let entered: Vec<(f32, usize)> = (0..width)
            .map(|to| enter(best.get(start), start, to, width))
            .collect();
        let mut cell = Cell::default();
        for end in start + 1..=pieces.len().min(start + MAX_LIST_LINES) {
            let Some(piece) = pieces.get(end - 1) else {
                break;
            };
            cell.add(page, lexicon, piece);
            for (to, role) in roles.iter().enumerate() {
                let Some((before, from)) = entered.get(to).copied() else {
                    continue;
                };
                if cell.lines > MAX_CELL_LINES && !is_list(*role) || before == f32::MIN {
                    continue;
                }
                let score = before + cell.fits(*role);
                let slot = best.get_mut(end).and_then(|row| row.get_mut(to));
                let origin = back.get_mut(end).and_then(|row| row.get_mut(to));
                if let (Some(slot), Some(origin)) = (slot, origin)
                    && score > *slot
                {
                    *slot = score;
                    *origin = (start, from);
                }
            }
        }
    }
    walk_back(&pieces, &best, &back)
}

/// Roles whose cells are written over many lines.
fn is_list(role: Role) -> bool {
    matches!(role, Role::Data | Role::Purpose | Role::Permission)
}

/// The best score with which a cell of column `to` can begin, and the column of
/// the cell before it.
fn enter(best: Option<&Vec<f32>>, start: usize, to: usize, width: usize) -> (f32, usize) {
    if start == 0 {
        return (-LEFT_OUT * to as f32, 0);
    }
    let mut found = (f32::MIN, 0);
    for (from, score) in best.into_iter().flatten().enumerate() {
        if *score == f32::MIN {
            continue;
        }
        let left_out = if to > from {
            to - from - 1
        } else {
            (width - 1 - from) + to // a new row
        };
        let score = score - LEFT_OUT * left_out as f32;
        if score > found.0 {
            found = (score, from);
        }
    }
    found
}

fn walk_back(
    pieces: &[Piece],
    best: &[Vec<f32>],
    back: &[Vec<(usize, usize)>],
) -> Vec<(usize, Range<usize>)> {
    let mut end = pieces.len();
    let last = best.get(end).into_iter().flatten().enumerate();
    let mut column = last
        .max_by(|a, b| a.1.total_cmp(b.1))
        .map_or(0, |(column, _)| column);
    let mut cells = Vec::new();
    while end > 0 {
        let Some((start, from)) = back.get(end).and_then(|row| row.get(column)).copied() else {
            break;
        };
        if let (Some(first), Some(last)) = (pieces.get(start), pieces.get(end - 1)) {
            cells.push((column, first.range.start..last.range.end));
        }
        if start >= end {
            break;
        }
        end = start;
        column = from;
    }
    cells.reverse();
    cells
}

fn measured(page: &Page, lexicon: &Lexicon, range: &Range<usize>) -> Piece {
    let text = page.get(range);
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let covered = lexicon
        .terms
        .find(text)
        .iter()
        .filter_map(|hit| text.get(hit.range.clone()))
        .map(letters)
        .sum();
    let before = page.text.get(..range.start).unwrap_or_default();
    Piece {
        range: range.clone(),
        letters: letters(text),
        covered,
        link: !url::find(text).is_empty() || is_link_tail(text),
        purposes: PURPOSE.iter().filter(|w| text.contains(**w)).count(),
        tabbed: before.trim_end_matches(' ').ends_with('\t'),
        open: is_open(before.trim_end_matches([' ', '\n'])),
    }
}

/// Whether the text so far ends in the middle of a list; the stroke that ends
/// a link ends no list.
fn is_open(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    before.ends_with(['、', ',', '(']) || before.ends_with('/') && url::find(line).is_empty()
}

/// The rest of a link that was broken over lines.
fn is_link_tail(text: &str) -> bool {
    text.len() > 4
        && text.bytes().all(|b| b.is_ascii_graphic())
        && (text.contains('/') || text.contains(".htm") || text.contains('='))
}

/// A cell being made of lines.
#[derive(Default)]
struct Cell {
    lines: usize,
    text: String,
    letters: usize,
    covered: usize,
    link: bool,
    purposes: usize,
    /// Characters of the text.
    length: usize,
    /// What the text is: a known name, a company, a word for nothing.
    known: bool,
    company: bool,
    none: bool,
    /// Tabs and list marks inside, and a list mark in front of it.
    joints: f32,
}

impl Cell {
    fn add(&mut self, page: &Page, lexicon: &Lexicon, piece: &Piece) {
        if self.lines > 0 {
            self.joints -= if piece.tabbed { 3.0 } else { LINE };
        } else if piece.open {
            self.joints -= 6.0; // a list mark or an open bracket ends no cell
        }
        self.lines += 1;
        self.letters += piece.letters;
        self.covered += piece.covered;
        self.purposes += piece.purposes;
        self.link |= piece.link;
        if self.lines > MAX_CELL_LINES {
            return; // only lists are longer, and their words were counted
        }
        let text = page.get(&piece.range);
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        if latin(self.text.chars().next_back()) && latin(text.chars().next()) {
            self.text.push(' ');
        }
        self.text.push_str(text);
        self.company = is_company(&self.text);
        self.length = self.text.chars().count();
        self.none = is_none_word(&self.text);
        // What holds a link is no name.
        let short = self.lines <= MAX_NAME_LINES && !self.link;
        self.known = short && grid::is_known(&self.text, lexicon);
    }

    fn fits(&self, role: Role) -> f32 {
        let density = self.covered as f32 / self.letters.max(1) as f32;
        let own = match role {
            Role::Purpose => {
                self.purposes.min(2) as f32
                    - if self.company { 2.0 } else { 0.0 }
                    - if self.link { 6.0 } else { 0.0 }
                    - if density > 0.5 { 1.0 } else { 0.0 }
            }
            _ => self.fit(role, density),
        };
        own + self.joints
    }

    /// How well the words of a cell fit a column.
    fn fit(&self, role: Role, density: f32) -> f32 {
        let (text, length) = (self.text.as_str(), self.length);
        let (known, company, none) = (self.known, self.company, self.none);
        match role {
            Role::Url | Role::Site => match (self.link, none) {
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
            _ if self.link => -6.0,
            Role::Name | Role::Party => {
                let sdk = length <= 40 && grid::ends_in_sdk(text);
                let mut fit = if known { 4.0 } else { 0.0 };
                fit += if sdk { 3.0 } else { 0.0 };
                fit += if length <= 25 { 0.5 } else { 0.0 };
                fit += if !sdk && length <= 40 && holds_sdk(text) {
                    1.0
                } else {
                    0.0
                };
                fit -= if length > 60 { 4.0 } else { 0.0 };
                fit -= if company { 2.0 } else { 0.0 };
                fit - if density > 0.5 && !known { 2.0 } else { 0.0 }
            }
            Role::Vendor => {
                (if company { 4.0 } else { -3.0 }) - if length > 40 { 2.0 } else { 0.0 }
            }
            Role::Data => {
                let many = (density * 4.0).min(3.0);
                let base = if density > 0.0 || none { 1.0 } else { -0.5 };
                base + many + if none { 1.0 } else { 0.0 } - if company { 2.0 } else { 0.0 }
            }
            Role::Permission => {
                let says = text.contains("权限") || text.contains("permission");
                if says { 3.0 } else { 0.0 }
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
}

fn holds_sdk(text: &str) -> bool {
    text.to_ascii_lowercase().contains("sdk")
}
