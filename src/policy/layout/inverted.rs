//! Tables from data to SDKs: each row names data and lists those that collect
//! it.

use std::collections::BTreeMap;
use std::ops::Range;

use super::columns::Shape;
use super::{Candidate, Parse, apart, density, grid, is_none_word, prose, section};
use crate::formats::limits::MAX_POLICY_RECORDS;
use crate::policy::Lexicon;
use crate::policy::lexicon::squash_name;
use crate::policy::page::Page;
use crate::policy::roles::{self, Role};

/// Rows that make such a table, its header apart.
const MIN_ROWS: usize = 2;

/// Longest name in a list, in characters.
const MAX_NAME: usize = 40;

type Rows = [Vec<Range<usize>>];

/// Reads a table whose one column holds data and another lists of names.
pub(super) fn read(page: &Page, lexicon: &Lexicon, rows: &Rows) -> Option<Parse> {
    // Only such a table says of one SDK in several rows.
    all(page, lexicon, rows).filter(|parse| parse.candidates.iter().any(|one| one.data.len() > 1))
}

/// Reads such a table where each SDK stands in one row only: a table that no
/// other reader knows, whose names mostly are known ones.
pub(super) fn once(page: &Page, lexicon: &Lexicon, rows: &Rows) -> Option<Parse> {
    if page.language() != "en" {
        return None;
    }
    let parse = all(page, lexicon, rows)?;
    let names: Vec<&Range<usize>> = parse.candidates.iter().map(|one| &one.name).collect();
    known(page, lexicon, &names).then_some(parse)
}

fn all(page: &Page, lexicon: &Lexicon, rows: &Rows) -> Option<Parse> {
    let (head, body) = rows.split_first()?;
    let (data, names) = columns(page, lexicon, head, body)?;
    let purpose = head
        .iter()
        .position(|cell| roles::of(page.get(cell)) == Some(Role::Purpose))
        .filter(|at| *at != data && *at != names);
    let mut found: BTreeMap<String, Candidate> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    let mut of_all: Vec<Range<usize>> = Vec::new();
    for row in body {
        let (Some(what), Some(list)) = (row.get(data), row.get(names)) else {
            continue;
        };
        let whole = what.start.min(list.start)..what.end.max(list.end);
        if means_all(page.get(list)) {
            of_all.push(what.clone());
            continue;
        }
        for name in listed(page, list) {
            if order.len() > MAX_POLICY_RECORDS {
                break; // the reader says that the list was cut
            }
            let key = squash_name(page.get(&name));
            let one = found.entry(key.clone()).or_insert_with(|| {
                order.push(key);
                Candidate {
                    name,
                    whole: whole.clone(),
                    ..Candidate::default()
                }
            });
            one.data.push(what.clone());
            one.purpose
                .extend(purpose.and_then(|at| row.get(at).cloned()));
        }
    }
    let mut candidates: Vec<Candidate> = order.iter().filter_map(|key| found.remove(key)).collect();
    for one in &mut candidates {
        one.data.extend(of_all.iter().cloned());
    }
    let start = rows.iter().flatten().map(|cell| cell.start).min()?;
    let end = rows.iter().flatten().map(|cell| cell.end).max()?;
    // The table of names with their data, where there is one, knows better.
    let score = candidates.len() as f32 * 4.0;
    (candidates.len() >= MIN_ROWS).then_some(Parse {
        candidates,
        covered: start..end,
        score,
    })
}

/// Whether a cell names all SDKs of the table: `全部SDK`.
fn means_all(text: &str) -> bool {
    let lower = text.trim().to_ascii_lowercase();
    let bare = lower.trim_end_matches("sdks").trim_end_matches("sdk");
    let words = [
        "全部",
        "所有",
        "以上所有",
        "以上全部",
        "上述所有",
        "all of them",
        "all",
    ];
    words.contains(&bare.trim().trim_end_matches("第三方"))
}

/// The column of data and that of lists of names.
fn columns(
    page: &Page,
    lexicon: &Lexicon,
    head: &[Range<usize>],
    body: &Rows,
) -> Option<(usize, usize)> {
    if body.len() < MIN_ROWS {
        return None;
    }
    let width = head.len();
    let other = |cell: &Range<usize>| {
        let role = roles::of(page.get(cell));
        matches!(role, Some(Role::Url | Role::Vendor | Role::Permission))
    };
    if head.iter().any(other) {
        return None;
    }
    let cells = |at: usize| body.iter().filter_map(move |row| row.get(at));
    let says = |at: usize| {
        let cell = head.get(at);
        cell.is_some_and(|cell| section::says_sdk(page.get(cell)))
    };
    // Of a kind of data and its items the items say more.
    let data = (0..width)
        .filter(|at| Shape::of(page, lexicon, cells(*at)).role() == Some(Role::Data) && !says(*at))
        .max_by_key(|at| {
            let mut different: Vec<&Range<usize>> = cells(*at).collect();
            different.dedup();
            (different.len(), std::cmp::Reverse(*at))
        })?;
    let names = (0..width).filter(|at| *at != data).find(|at| {
        let texts: Vec<&Range<usize>> = cells(*at).filter(|cell| !cell.is_empty()).collect();
        let lists = texts.iter().filter(|cell| holds_names(page, lexicon, cell));
        let several = texts.iter().filter(|cell| listed(page, cell).len() > 1);
        let all = lists.count() * 3 >= texts.len() * 2;
        all && several.count() * 4 >= texts.len() && (says(*at) || known(page, lexicon, &texts))
    })?;
    Some((data, names))
}

/// Whether most of the names of these cells are known.
fn known(page: &Page, lexicon: &Lexicon, cells: &[&Range<usize>]) -> bool {
    let names: Vec<Range<usize>> = cells.iter().flat_map(|cell| listed(page, cell)).collect();
    let count = names
        .iter()
        .filter(|name| grid::is_name(page.get(name), lexicon))
        .count();
    count * 2 >= names.len().max(1)
}

fn holds_names(page: &Page, lexicon: &Lexicon, cell: &Range<usize>) -> bool {
    let names = listed(page, cell);
    !names.is_empty()
        && names.iter().all(|name| {
            let text = page.get(name);
            let named = || grid::is_name(text, lexicon) || density(text, lexicon) < 0.5;
            (2..=MAX_NAME).contains(&text.chars().count()) && named()
        })
}

/// The names that a cell lists.
fn listed(page: &Page, cell: &Range<usize>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = apart::pieces(page, cell)
        .into_iter()
        .flat_map(|piece| apart::latin(page, &piece))
        .collect();
    for piece in &mut found {
        piece.end = piece.start + before_remark(page.get(piece)).len();
    }
    found.retain(|piece| {
        let text = page.get(piece);
        !text.is_empty() && !is_none_word(text) && !prose::is_sentence(text)
    });
    found
}

/// A name without the small words in a bracket behind it: `Knot (age checks)`.
fn before_remark(text: &str) -> &str {
    let remark = text
        .strip_suffix(')')
        .and_then(|text| text.split_once(" ("))
        .filter(|(_, inner)| inner.contains(' ') && !inner.contains(|c: char| c.is_uppercase()));
    remark
        .filter(|(_, inner)| inner.is_ascii())
        .map_or(text, |(head, _)| head.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_may_name_all() {
        for text in ["全部SDK", "所有第三方SDK", "All SDKs", "以上所有SDK"] {
            assert!(means_all(text), "{text}");
        }
        for text in ["灰雁SDK", "全部灰雁SDK", "SDK"] {
            assert!(!means_all(text), "{text}");
        }
    }
}
