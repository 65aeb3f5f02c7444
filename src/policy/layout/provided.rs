//! Items that open with a name and say who provides it: `(1) X, provided by
//! Y. Purpose: …`, `（1）X，由Y公司提供。用于…`.

use std::ops::Range;

use crate::policy::pattern::{Captures, Pattern};

use super::{Candidate, Parse, bullets, grid, items, prose, score};
use crate::formats::limits::{MAX_ENTRY_TEXT, MAX_POLICY_RECORDS};
use crate::policy::Lexicon;
use crate::policy::document::LineKind;
use crate::policy::page::{Line, Page};
use crate::policy::sentence;

/// The name and the company that an item opens with.
static OPENING: Pattern = Pattern::new(
    r"(?x)
        ^(?P<zh>[^,。;:]{2,40}?)\s*,?\s*(?:是)?由\s*(?P<company>[^,。;]{2,40}?)\s*(?:提供|开发|运营|研发)
        |
        ^(?P<en>[^,.;:]{2,60}?),?\s+(?:is\s+)?(?:provided|developed|operated|supplied|made)\s+by\s+
        (?:the\s+)?(?P<maker>[^;:]{2,80}?(?:,\s+Inc\.|\sLtd\.|\sCo\.|\sCorp\.)?)(?:\.\s|\.?$|;|,\s+(?:which|and|for|to)\s)",
);

/// Reads runs of such items.
pub(super) fn read(page: &Page, lexicon: &Lexicon, lines: &[&Line]) -> Vec<Parse> {
    let mut parses = Vec::new();
    let mut run: Vec<Candidate> = Vec::new();
    for item in items(page, lines) {
        if run.len() > MAX_POLICY_RECORDS {
            break; // the reader says that the list was cut
        }
        match candidate(page, lexicon, &item) {
            Some(one) => run.push(one),
            None => parses.extend(flush(page, lexicon, &mut run)),
        }
    }
    parses.extend(flush(page, lexicon, &mut run));
    parses
}

/// Marked lines and paragraphs, each with the lines it was broken into.
fn items(page: &Page, lines: &[&Line]) -> Vec<Range<usize>> {
    let mut items: Vec<Range<usize>> = Vec::new();
    for line in lines {
        let marked =
            line.kind != LineKind::Text || sentence::marker(page.get(&line.range)).is_some();
        match items.last_mut() {
            Some(item) if !marked && !line.apart && item.len() < MAX_ENTRY_TEXT => {
                item.end = line.range.end;
            }
            _ => items.push(line.range.clone()),
        }
    }
    items
}

fn candidate(page: &Page, lexicon: &Lexicon, item: &Range<usize>) -> Option<Candidate> {
    let inner = sentence::strip_marker(page, item);
    let text = page.get(&inner);
    let found = OPENING.captures(text)?;
    let name = group(&found, &inner, ["zh", "en"])?;
    let words = page.get(&name);
    let unnamed = prose::is_generic(words) || prose::is_sentence(words);
    if unnamed && !grid::is_known(words, lexicon) {
        return None;
    }
    let rest = inner.start + found.get(0)?.end()..item.end;
    let mut one = Candidate {
        vendor: group(&found, &inner, ["company", "maker"]),
        name,
        whole: inner.start..item.end,
        context: vec![rest.clone()],
        prose: true,
        ..Candidate::default()
    };
    items::fill(page, lexicon, &mut one, &rest);
    Some(one)
}

/// The first of two groups that took part, as a range of the page.
fn group(found: &Captures<'_>, inner: &Range<usize>, names: [&str; 2]) -> Option<Range<usize>> {
    let group = names.iter().find_map(|name| found.name(name))?;
    Some(inner.start + group.start()..inner.start + group.end())
}

/// A run is a list when the text speaks of SDKs; a single item must be known.
fn flush(page: &Page, lexicon: &Lexicon, run: &mut Vec<Candidate>) -> Option<Parse> {
    let candidates = std::mem::take(run);
    let covered = candidates.first()?.whole.start..candidates.last()?.whole.end;
    let named = candidates
        .iter()
        .any(|one| grid::is_name(page.get(&one.name), lexicon));
    if !named || !bullets::speaks_of_partners(page, &covered) {
        return None;
    }
    let score = score(page, &candidates) * 1.5;
    Some(Parse {
        candidates,
        covered,
        score,
    })
}
