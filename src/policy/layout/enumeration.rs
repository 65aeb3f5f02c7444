//! Lists of bare names by function: `推送:A、B`, one line for each function,
//! below words that say that these are SDKs.

use std::ops::Range;

use super::section::{Sections, says_sdk};
use super::{Candidate, Parse, apart, density, grid, prose};
use crate::formats::limits::MAX_POLICY_RECORDS;
use crate::policy::Lexicon;
use crate::policy::page::{Line, Page};
use crate::policy::{roles, sentence};

/// Lines of functions that make a list.
const MIN_LINES: usize = 2;

/// Longest name and longest function, in characters.
const MAX_NAME: usize = 24;
const MAX_FUNCTION: usize = 20;

/// Names read from one line.
const MAX_NAMES: usize = 60;

/// A function and the names behind it.
struct Row {
    whole: Range<usize>,
    function: Range<usize>,
    names: Vec<Range<usize>>,
}

/// Reads runs of such lines.
pub(super) fn read(
    page: &Page,
    lexicon: &Lexicon,
    sections: &Sections,
    lines: &[&Line],
) -> Vec<Parse> {
    let mut parses = Vec::new();
    let mut run: Vec<Row> = Vec::new();
    for line in lines {
        match row(page, lexicon, line) {
            Some(row) if run.len() <= MAX_POLICY_RECORDS => run.push(row),
            _ => parses.extend(flush(page, lexicon, &mut run, sections)),
        }
    }
    parses.extend(flush(page, lexicon, &mut run, sections));
    parses
}

/// A line `function: name、name`.
fn row(page: &Page, lexicon: &Lexicon, line: &Line) -> Option<Row> {
    if !page.get(&line.range).contains(':') {
        return None; // most lines
    }
    let inner = sentence::strip_marker(page, &line.range);
    let text = page.get(&inner);
    let (function, list) = text.split_once(':')?;
    let length = function.chars().count();
    let key = roles::of(function).is_some_and(|role| role != roles::Role::Purpose)
        || ["目的", "用途", "场景", "作用"]
            .iter()
            .any(|word| function.ends_with(word));
    if !(2..=MAX_FUNCTION).contains(&length)
        || key
        || grid::is_name(function, lexicon)
        || list.starts_with("//")
        || list.trim_end_matches('。').contains('。')
    {
        return None;
    }
    let start = inner.start + function.len() + 1;
    let names = names(page, &(start..inner.end));
    let fits = |name: &Range<usize>| {
        let words = page.get(name);
        words.contains(char::is_alphabetic)
            && !prose::is_generic(words)
            && !prose::is_sentence(words)
            && density(words, lexicon) < 0.5
    };
    let good = names.iter().filter(|name| fits(name)).count();
    (good > 0 && good * 5 >= names.len() * 4).then(|| Row {
        whole: inner.clone(),
        function: inner.start..inner.start + function.len(),
        names: names.into_iter().filter(fits).collect(),
    })
}

/// The items of a list; a bracket behind a word that names nothing holds items
/// too: `厂商通道(A、B)`. None when an item is too long to be a name.
fn names(page: &Page, list: &Range<usize>) -> Vec<Range<usize>> {
    let text = page.get(list);
    let mut found = Vec::new();
    let mut from = 0;
    let mut depth = 0usize;
    let end = text.trim_end_matches(['。', ';', ' ']).len();
    let mut cut = |from: usize, to: usize| {
        let item = list.start + from..list.start + to.max(from);
        found.extend(item_names(page, &item));
    };
    for (at, c) in text.get(..end).unwrap_or_default().char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '、' | ',' | ';' | '/' if depth == 0 => {
                cut(from, at);
                from = at + c.len_utf8();
            }
            _ => {}
        }
    }
    cut(from, end);
    if found
        .iter()
        .any(|name| page.get(name).chars().count() > MAX_NAME)
    {
        found.clear();
    }
    found.truncate(MAX_NAMES);
    found
}

/// One item: its name, or what its bracket lists.
fn item_names(page: &Page, item: &Range<usize>) -> Vec<Range<usize>> {
    let raw = page.get(item);
    let lead = ["以及", "还有", "和", "及", "与"]
        .iter()
        .find(|word| raw.trim_start().starts_with(**word));
    let skip = raw.len() - raw.trim_start().len() + lead.map_or(0, |word| word.len());
    let text = raw.get(skip..).unwrap_or_default().trim_end();
    let text = text.strip_suffix('等').unwrap_or(text);
    let start = item.start + skip;
    if text.is_empty() {
        return Vec::new();
    }
    let bracket = text
        .split_once('(')
        .and_then(|(head, rest)| Some((head, rest.strip_suffix(')')?)));
    if let Some((head, inner)) = bracket {
        let lists = inner.contains(['、', ',']);
        if lists && !says_sdk(head) {
            let from = start + head.len() + 1;
            return std::iter::once(from..from + inner.len()).collect();
        }
        return std::iter::once(start..start + head.trim_end().len()).collect();
    }
    std::iter::once(start..start + text.len()).collect()
}

fn flush(page: &Page, lexicon: &Lexicon, run: &mut Vec<Row>, sections: &Sections) -> Option<Parse> {
    let rows = std::mem::take(run);
    let covered = rows.first()?.whole.start..rows.last()?.whole.end;
    // A key comes back; a function has one line.
    let mut functions: Vec<&str> = rows.iter().map(|row| page.get(&row.function)).collect();
    functions.sort_unstable();
    functions.dedup();
    if functions.len() < MIN_LINES
        || functions.len() < rows.len()
        || !sections.speak_of_sdks(page, &covered)
    {
        return None;
    }
    let candidates: Vec<Candidate> = rows
        .into_iter()
        .flat_map(|row| {
            let entry = |name: Range<usize>| Candidate {
                name,
                purpose: vec![row.function.clone()],
                whole: row.whole.clone(),
                ..Candidate::default()
            };
            let entries: Vec<Candidate> = row.names.iter().cloned().map(entry).collect();
            entries
        })
        .flat_map(|one| apart::apart(page, lexicon, one, false))
        .collect();
    let score = candidates.len() as f32 * 1.8;
    Some(Parse {
        candidates,
        covered,
        score,
    })
}
