//! Cells one per line without a header: a link every so many lines tells how
//! many cells a row has, and what the cells hold tells the columns.

use std::ops::Range;

use super::{rows, score};
use crate::policy::Lexicon;
use crate::policy::document::LineKind;
use crate::policy::layout::columns::lists_permissions;
use crate::policy::layout::{Parse, density, grid, is_company, is_none_word};
use crate::policy::page::Page;
use crate::policy::roles::{self, Role};
use crate::policy::url;

/// Cells of a row, at least and at most, its link included.
const WIDTH: std::ops::RangeInclusive<usize> = 3..=8;

/// Rows that make a table.
const MIN_ROWS: usize = 3;

/// Longest cell, in characters; a longer line is running text.
const MAX_CELL: usize = 200;

/// Reads runs of rows of equal height that end in a link.
pub(super) fn read(
    page: &Page,
    lexicon: &Lexicon,
    pieces: &[(Range<usize>, LineKind)],
) -> Vec<Parse> {
    let links: Vec<usize> = pieces
        .iter()
        .enumerate()
        .filter(|(_, (range, _))| url::is_link(page.get(range)))
        .map(|(at, _)| at)
        .collect();
    let mut parses = Vec::new();
    let mut from = 0;
    while let Some(first) = links.get(from) {
        let Some(width) = links.get(from + 1).map(|next| next - first) else {
            break;
        };
        let mut to = from + 1;
        while links
            .get(to + 1)
            .zip(links.get(to))
            .is_some_and(|(next, this)| next - this == width)
        {
            to += 1;
        }
        let count = to - from + 1;
        let start = (first + 1).checked_sub(width);
        if let (true, true, Some(start), Some(last)) = (
            WIDTH.contains(&width),
            count >= MIN_ROWS,
            start,
            links.get(to),
        ) {
            let body = pieces.get(start..=*last).unwrap_or_default();
            parses.extend(table(page, lexicon, body, width));
        }
        from = to;
    }
    parses
}

fn table(
    page: &Page,
    lexicon: &Lexicon,
    body: &[(Range<usize>, LineKind)],
    width: usize,
) -> Option<Parse> {
    let cells = body.iter().map(|(range, _)| page.get(range));
    if cells.clone().any(|text| text.chars().count() > MAX_CELL) {
        return None;
    }
    let roles = inferred(page, lexicon, body, width)?;
    let candidates = rows(page, lexicon, body, &roles);
    let covered = candidates.first()?.whole.start..candidates.last()?.whole.end;
    // A header, where there is one, knows better.
    let score = score(page, &candidates);
    Some(Parse {
        candidates,
        covered,
        score,
    })
}

/// Roles by what the cells at one place of all rows hold.
fn inferred(
    page: &Page,
    lexicon: &Lexicon,
    body: &[(Range<usize>, LineKind)],
    width: usize,
) -> Option<Vec<Role>> {
    let share = |column: usize, test: &dyn Fn(&str) -> bool| {
        let cells = body.iter().skip(column).step_by(width).take(40);
        let texts: Vec<&str> = cells.map(|(range, _)| page.get(range)).collect();
        let count = texts.iter().filter(|text| test(text)).count();
        count as f32 / texts.len().max(1) as f32
    };
    let mut roles = vec![Role::Purpose; width];
    let mut name: Option<(usize, f32)> = None;
    for (column, role) in roles.iter_mut().enumerate() {
        let named = share(column, &|text| grid::is_name(text, lexicon));
        if column + 1 == width {
            *role = Role::Url;
        } else if share(column, &|text| {
            text.trim_end_matches('.').parse::<u32>().is_ok()
        }) > 0.6
        {
            *role = Role::Index;
        } else if share(column, &is_company) > 0.5 {
            *role = Role::Vendor;
        } else if share(column, &|t| lists_permissions(t) || is_none_word(t)) > 0.8
            && share(column, &lists_permissions) > 0.1
        {
            *role = Role::Permission;
        } else if named >= 0.4 && name.is_none_or(|(_, best)| named > best) {
            name = Some((column, named));
        } else if share(column, &|t| density(t, lexicon) > 0.4 || is_none_word(t)) > 0.5 {
            *role = Role::Data;
        }
    }
    let (column, _) = name?;
    *roles.get_mut(column)? = Role::Name;
    (roles::is_list(&roles) && roles.iter().filter(|r| **r != Role::Purpose).count() >= 3)
        .then_some(roles)
}
