//! Entries whose name lists several SDKs: `A、B、C`, `华为、小米推送`, `A(含B、C)`.

use std::ops::Range;

use super::{Candidate, bundle, company, english, grid, portions, vendor};
use crate::policy::Lexicon;
use crate::policy::form;
use crate::policy::lexicon::{NameHit, Strength};
use crate::policy::page::Page;
use crate::policy::pattern::Pattern;

/// Longest name of a list some of whose names are not known, in characters.
const MAX_PIECE: usize = 16;

/// Most names read from one cell.
const MAX_NAMES: usize = 24;

/// An entry for each SDK that the name of this one lists. Lines of a cell are
/// items of a list; elsewhere a line break may stand inside a name.
pub(super) fn apart(
    page: &Page,
    lexicon: &Lexicon,
    mut one: Candidate,
    in_cell: bool,
) -> Vec<Candidate> {
    vendor::split(page, &mut one);
    bundle::part_aside(page, lexicon, &mut one);
    let mut pieces = pieces(page, &one.name);
    if let [_] = pieces.as_slice()
        && in_cell
    {
        pieces = latin(page, &one.name);
    } else if in_cell && page.get(&one.name).contains(';') {
        // `Knot Ads, Wader; Dunlin`: two marks part one list
        let parts = pieces.iter().flat_map(|piece| latin(page, piece));
        pieces = parts.collect();
    }
    if let [_] = pieces.as_slice() {
        pieces = joined_by_word(page, lexicon, &one.name).unwrap_or(pieces);
    }
    if !in_cell && page.get(&one.name).contains('\n') {
        pieces = vec![one.name.clone()];
    }
    join_torn(page, lexicon, &one.name, &mut pieces);
    let lent = one.suffix.take();
    let shared = pieces.last().and_then(|last| shared(page, last));
    let shared = shared.or_else(|| function(page, &one.name)).or(lent);
    let named = |range: &Range<usize>| {
        let text = page.get(range);
        // `优量汇(腾讯)、穿山甲(巨量引擎)`: the bracket tells the company.
        let text = text
            .split_once('(')
            .map_or(text, |(head, _)| head)
            .trim_end();
        let suffix = shared.as_ref().map_or("", |range| page.get(range));
        grid::is_name(text, lexicon) || grid::is_known(&format!("{text}{suffix}"), lexicon)
    };
    let vendors = parallel(page, one.vendor.as_ref(), pieces.len());
    let known = pieces.iter().filter(|piece| named(piece)).count();
    let most = if in_cell { 4 } else { 3 };
    let alike = vendors.is_some() || known * most >= pieces.len() * 2 && is_list(page, &pieces);
    if !(2..=MAX_NAMES).contains(&pieces.len())
        || !(known == pieces.len()
            || alike && known * 2 >= pieces.len()
            || in_cell && english::enumerates(page.get(&one.name), pieces.len())
            || in_cell && is_list(page, &pieces) && are_linked(page, &pieces))
    {
        return inside(page, lexicon, one);
    }
    let entries = pieces.into_iter().enumerate().map(|(at, name)| {
        let own = vendors
            .as_ref()
            .and_then(|vendors| vendors.get(at).cloned());
        Candidate {
            suffix: lacking(page, lexicon, &name, shared.as_ref()),
            name,
            vendor: own.or_else(|| one.vendor.clone()),
            ..one.clone()
        }
    });
    let mut entries: Vec<Candidate> = entries.collect();
    portions::part(page, &mut entries);
    let entries = entries.into_iter();
    entries.flat_map(|one| inside(page, lexicon, one)).collect()
}

/// The shared function, where a name neither says it nor is a product without it.
pub(super) fn lacking(
    page: &Page,
    lexicon: &Lexicon,
    name: &Range<usize>,
    shared: Option<&Range<usize>>,
) -> Option<Range<usize>> {
    let lacks = |suffix: &&Range<usize>| !page.get(name).contains(page.get(suffix));
    let shared = shared.filter(lacks)?;
    is_alone(page, lexicon, name).then(|| shared.clone())
}

/// Lines of a narrow cell that are one name: its "SDK" stands alone, or all of
/// them together are known.
fn join_torn(page: &Page, lexicon: &Lexicon, name: &Range<usize>, pieces: &mut Vec<Range<usize>>) {
    let whole = page.get(name).replace('\n', " ");
    let hits = lexicon.names.find(&whole);
    let is_whole = |hit: &NameHit| {
        hit.range == (0..whole.len()) && hit.strength == Strength::Product && pieces.len() > 1
    };
    if whole.len() == page.get(name).len() && hits.iter().any(is_whole) {
        *pieces = vec![name.clone()];
        return;
    }
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(pieces.len());
    for piece in pieces.drain(..) {
        match joined.last_mut() {
            Some(last) if page.get(&piece).eq_ignore_ascii_case("sdk") => last.end = piece.end,
            _ => joined.push(piece),
        }
    }
    *pieces = joined;
}

/// Whether all pieces are short, as names are and other words are not.
fn is_list(page: &Page, pieces: &[Range<usize>]) -> bool {
    pieces.iter().all(|piece| {
        let text = page.get(piece);
        let most = if text.is_ascii() {
            2 * MAX_PIECE
        } else {
            MAX_PIECE
        };
        // What a line in brackets says is no name.
        (2..=most).contains(&text.chars().count()) && !text.starts_with('(')
    })
}

/// Whether one of the pieces is a link by itself: what stands beside it is
/// another name.
fn are_linked(page: &Page, pieces: &[Range<usize>]) -> bool {
    pieces.iter().any(|piece| {
        page.link_in(piece)
            .is_some_and(|link| piece.start <= link.range.start && link.range.end <= piece.end)
    })
}

/// Two known names that a word joins: `百度地图及百度定位`.
fn joined_by_word(
    page: &Page,
    lexicon: &Lexicon,
    name: &Range<usize>,
) -> Option<Vec<Range<usize>>> {
    let text = page.get(name);
    ["以及", "及", "和", "与"].iter().find_map(|word| {
        let (head, rest) = text.split_once(word)?;
        let both = [head.trim_end(), rest.trim_start()];
        let known = both.iter().all(|name| grid::is_known(name, lexicon));
        known.then(|| {
            let first = name.start..name.start + both[0].len();
            let second = name.end - both[1].len()..name.end;
            vec![first, second]
        })
    })
}

/// As many companies as there are names, in the same order.
fn parallel(page: &Page, vendor: Option<&Range<usize>>, names: usize) -> Option<Vec<Range<usize>>> {
    let found = pieces(page, vendor?);
    (found.len() == names).then_some(found)
}

/// Whether a name says no product by itself.
fn is_alone(page: &Page, lexicon: &Lexicon, name: &Range<usize>) -> bool {
    let hits = lexicon.names.find(page.get(name));
    hits.iter().all(|hit| hit.strength < Strength::Product)
}

/// The word at the end of the last name that its siblings share.
pub(super) fn shared(page: &Page, last: &Range<usize>) -> Option<Range<usize>> {
    let word = bundle::shared(page.get(last)).filter(|word| word.start > 0)?;
    Some(last.start + word.start..last.start + word.end)
}

/// The function in the word for a kind in front of a list: `登录SDK:A、B`.
fn function(page: &Page, name: &Range<usize>) -> Option<Range<usize>> {
    let text = page.get(name);
    let kind = text.get(..label(text)).unwrap_or_default();
    let word = bundle::function(kind).filter(|_| form::is_kind(kind.trim_end_matches(':')))?;
    Some(name.start + word.start..name.start + word.end)
}

/// Pieces of a list, parted outside brackets.
pub(super) fn pieces(page: &Page, name: &Range<usize>) -> Vec<Range<usize>> {
    let text = page.get(name);
    let mut found = Vec::new();
    let mut depth = 0usize;
    let mut from = label(text);
    let mut push = |from: usize, to: usize| {
        let raw = text.get(from..to).unwrap_or_default();
        let start = name.start + from + (raw.len() - raw.trim_start().len());
        found.push(start..start + raw.trim().len());
    };
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            '/' if depth == 0 && !is_between_blanks(text, at) => {}
            '、' | '\n' | ';' | '/' | '&' if depth == 0 => {
                push(from, at);
                from = at + c.len_utf8();
            }
            _ => {}
        }
    }
    push(from, text.len());
    found
}

/// Whether blanks stand around a mark: `A / B`, not `A/B`.
fn is_between_blanks(text: &str, at: usize) -> bool {
    let (before, behind) = text.split_at(at);
    before.ends_with(' ') && behind.get(1..).is_some_and(|rest| rest.starts_with(' '))
}

/// The names of a list in Latin letters: `A, B and C`.
pub(super) fn latin(page: &Page, list: &Range<usize>) -> Vec<Range<usize>> {
    static BETWEEN: Pattern = Pattern::new(r"(?P<bracket>[()])|[,;]\s*(?:and\s+)?|\s+and\s+");
    let text = page.get(list);
    if !text.is_ascii() {
        return vec![list.clone()];
    }
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    let mut depth = 0usize;
    let mut take = |piece: Range<usize>| {
        // `Datadog, Inc.` is one name.
        let form = company::is_form(page.get(&piece).trim());
        match found.last_mut() {
            Some(last) if form => last.end = piece.end,
            _ => found.push(piece),
        }
    };
    for mark in BETWEEN.captures_iter(text) {
        let (Some(whole), bracket) = (mark.get(0), mark.name("bracket")) else {
            continue;
        };
        match bracket.map(|bracket| bracket.as_str()) {
            Some("(") => depth += 1,
            Some(_) => depth = depth.saturating_sub(1),
            None if depth == 0 => {
                take(list.start + from..list.start + whole.start());
                from = whole.end();
            }
            None => {}
        }
    }
    take(list.start + from..list.end);
    found
}

/// Where the list behind a label begins: `厂商推送:A、B`.
fn label(text: &str) -> usize {
    let list = text.split_once(':').filter(|(head, rest)| {
        let named = !head.contains('、') && rest.contains('、');
        named && !rest.starts_with("//") && !bundle::is_aside(rest)
    });
    list.map_or(0, |(head, _)| head.len() + 1)
}

/// Names in the bracket of a name that the name itself does not stand for
/// share the fields of the entry.
fn inside(page: &Page, lexicon: &Lexicon, one: Candidate) -> Vec<Candidate> {
    let text = page.get(&one.name);
    let bracket = text
        .split_once('(')
        .and_then(|(head, rest)| Some((head, rest.split_once(')')?.0)));
    let named = |(head, inner): &(&str, &str)| !head.trim().is_empty() && !bundle::is_aside(inner);
    let Some((head, inner)) = bracket.filter(named) else {
        return vec![one];
    };
    let from = one.name.start + head.len() + 1;
    let lead = ["包括", "包含", "内含", "含"]
        .iter()
        .find(|word| inner.starts_with(**word));
    let from = from + lead.map_or(0, |word| word.len());
    if form::is_kind(head) && inner.contains('、') {
        // `厂商推送(华为、小米、OPPO推送)` names only those in the bracket.
        let name = from..one.name.start + head.len() + 1 + inner.len();
        let suffix = bundle::function(head)
            .map(|word| one.name.start + word.start..one.name.start + word.end);
        let one = Candidate {
            name,
            suffix,
            ..one
        };
        return apart(page, lexicon, one, false);
    }
    if let Some(list) = bundle::list(text).filter(|list| bundle::are_known(text, list, lexicon)) {
        return members(page, lexicon, &one, &list);
    }
    let listed = pieces(page, &(from..one.name.start + head.len() + 1 + inner.len()));
    let known = |range: &Range<usize>| grid::is_known(page.get(range), lexicon);
    let least = if lead.is_some() { 1 } else { 2 };
    if !(least..=MAX_NAMES).contains(&listed.len()) || !listed.iter().all(known) {
        return vec![one];
    }
    let owners = |text: &str| -> Vec<u32> {
        let hits = lexicon.names.find(text);
        let strong = hits.iter().filter(|hit| hit.strength == Strength::Product);
        let owners = strong.flat_map(|hit| lexicon.names.owners(hit));
        owners.map(|(sdk, _)| sdk).collect()
    };
    let own = owners(head);
    let other = |range: &Range<usize>| !owners(page.get(range)).iter().any(|sdk| own.contains(sdk));
    let others: Vec<Range<usize>> = listed.into_iter().filter(other).collect();
    if others.is_empty() {
        return vec![one];
    }
    let name = one.name.start..one.name.start + head.trim_end().len();
    std::iter::once(name)
        .chain(others)
        .map(|name| Candidate {
            name,
            ..one.clone()
        })
        .collect()
}

/// An entry for each member of a bundle: `厂商推送(A/B)`.
fn members(page: &Page, lexicon: &Lexicon, one: &Candidate, list: &Range<usize>) -> Vec<Candidate> {
    let text = page.get(&one.name);
    let shift = |range: Range<usize>| one.name.start + range.start..one.name.start + range.end;
    let function = text.get(..list.start).and_then(bundle::function).map(shift);
    let members = bundle::members(text, list).into_iter().map(shift);
    members
        .map(|name| Candidate {
            suffix: lacking(page, lexicon, &name, function.as_ref()),
            name,
            ..one.clone()
        })
        .collect()
}
