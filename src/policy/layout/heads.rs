//! The header of a table and the roles of its columns: by the words of the
//! header where they are known, else by what the cells below hold.

use std::ops::Range;

use super::columns::{self, Shape};
use super::is_company;
use crate::policy::Lexicon;
use crate::policy::page::Page;
use crate::policy::roles::{self, Role};
use crate::policy::url;

/// Rows searched for a header: captions and blank rows may come first.
const HEADER_ROWS: usize = 4;

/// Longest header that no word list knows, in characters.
const MAX_LABEL: usize = 24;

/// A header row, if there is one, and the roles of the columns.
pub(super) struct Head {
    pub row: Option<usize>,
    pub roles: Vec<Role>,
}

type Rows = [Vec<Range<usize>>];

/// The header: `Err` when there is one and it stands over something else.
pub(super) fn find(page: &Page, lexicon: &Lexicon, rows: &Rows) -> Option<Result<Head, ()>> {
    for (row, cells) in rows.iter().enumerate().take(HEADER_ROWS) {
        let headed: Vec<Option<Role>> =
            cells.iter().map(|cell| roles::of(page.get(cell))).collect();
        let mut distinct: Vec<&Range<usize>> = cells.iter().filter(|c| !c.is_empty()).collect();
        distinct.dedup();
        let written = distinct.len(); // a caption spans all columns
        let known = headed.iter().flatten().count();
        if written < 2 {
            continue;
        }
        let body = rows.get(row + 1..).unwrap_or_default();
        if known * 2 < written && !(labels(page, cells) && heads_lists(page, lexicon, cells, body))
        {
            continue;
        }
        let roles = settled(page, lexicon, cells, &headed, body);
        return Some(match roles {
            Some(roles) => Ok(Head {
                row: Some(row),
                roles,
            }),
            None => Err(()),
        });
    }
    None
}

/// Roles by content, for a table without header.
pub(super) fn without(page: &Page, lexicon: &Lexicon, rows: &Rows) -> Option<Head> {
    let width = rows.iter().map(Vec::len).max()?;
    if width < 2 {
        return None;
    }
    let shapes = shapes(page, lexicon, rows, width);
    let roles = columns::assign(&shapes, &[]);
    let named = roles.iter().position(|role| *role == Role::Name)?;
    let known = shapes.get(named).is_some_and(|shape| shape.names >= 0.5);
    let told = roles
        .iter()
        .any(|role| matches!(role, Role::Data | Role::Url | Role::Vendor));
    (known && told && roles::is_list(&roles)).then_some(Head { row: None, roles })
}

/// The roles of a row when its words alone say that it heads a list of SDKs.
pub(super) fn roles(page: &Page, cells: &[Range<usize>]) -> Option<Vec<Role>> {
    let found: Vec<Option<Role>> = cells.iter().map(|cell| roles::of(page.get(cell))).collect();
    let known = found.iter().flatten().count();
    if known < 2 || known * 2 < cells.len() || found.contains(&Some(Role::Other)) {
        return None;
    }
    let mut roles: Vec<Role> = found
        .into_iter()
        .map(|role| role.unwrap_or(Role::Other))
        .collect();
    if !roles.contains(&Role::Name) && !roles.contains(&Role::Party) {
        name_services(page, cells, &mut roles);
    }
    roles::part_kinds(cells.iter().map(|cell| page.get(cell)), &mut roles);
    roles::settle(&mut roles);
    roles::is_list(&roles).then_some(roles)
}

/// The roles of the columns below a header, some of whose words are known.
fn settled(
    page: &Page,
    lexicon: &Lexicon,
    cells: &[Range<usize>],
    headed: &[Option<Role>],
    body: &Rows,
) -> Option<Vec<Role>> {
    if headed.contains(&Some(Role::Other)) {
        return None;
    }
    let named = |role: &Option<Role>| matches!(role, Some(Role::Name | Role::Party));
    if !headed.iter().any(named) {
        let shapes = shapes(page, lexicon, body, headed.len());
        let roles = columns::assign(&shapes, headed);
        if roles.contains(&Role::Name)
            && columns::names_third_parties(&shapes)
            && roles::is_list(&roles)
        {
            return Some(roles);
        }
    }
    roles(page, cells).or_else(|| {
        // `Partner | Games | Opt-out`: only the names are headed as such.
        let shapes = shapes(page, lexicon, body, headed.len());
        let roles = columns::assign(&shapes, headed);
        let known = headed.iter().any(named);
        (known && columns::names_third_parties(&shapes) && roles::is_list(&roles)).then_some(roles)
    })
}

fn shapes(page: &Page, lexicon: &Lexicon, rows: &Rows, width: usize) -> Vec<Shape> {
    (0..width)
        .map(|column| {
            // A cell that spans all columns heads rows.
            let own = rows.iter().filter(|row| row.first() != row.last());
            Shape::of(page, lexicon, own.filter_map(|row| row.get(column)))
        })
        .collect()
}

/// Whether the cells of a row read like headers: short words, no values.
fn labels(page: &Page, cells: &[Range<usize>]) -> bool {
    cells.iter().all(|cell| {
        let text = page.get(cell).trim();
        !text.is_empty()
            && text.chars().count() <= MAX_LABEL
            && !text.contains(['。', '、', ':'])
            && !is_company(text)
            && url::find(text).is_empty()
            && text.parse::<u32>().is_err()
    })
}

/// Whether the cells below hold companies, pages or data where the row itself
/// does not: it heads them although its words are not known.
fn heads_lists(page: &Page, lexicon: &Lexicon, cells: &[Range<usize>], body: &Rows) -> bool {
    let below = shapes(page, lexicon, body, cells.len());
    let told = below.iter().enumerate().filter(|(at, shape)| {
        let own = cells.get(*at).into_iter();
        shape.role().is_some() && Shape::of(page, lexicon, own).role().is_none()
    });
    body.len() >= 2 && told.count() >= 1 && columns::names_third_parties(&below)
}

/// "Service" in front heads the names where another column tells the purpose
/// and none the name.
fn name_services(page: &Page, cells: &[Range<usize>], roles: &mut [Role]) {
    let purposes = roles.iter().filter(|role| **role == Role::Purpose).count();
    let first = cells.first().map_or("", |cell| page.get(cell));
    let service = ["service", "services", "third-party service", "服务"]
        .iter()
        .any(|word| first.trim().eq_ignore_ascii_case(word));
    if let Some(role) = roles.first_mut()
        && service
        && purposes > 1
    {
        *role = Role::Name;
    }
}
