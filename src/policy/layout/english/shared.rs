//! What a lead says that all entries of the list below it get: `Each of them
//! may receive your X, Y and Z`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::policy::pattern::pattern;

use super::told;
use crate::policy::page::Page;

/// Bytes above a list in which its lead stands.
const REACH: usize = 1_200;

/// A sentence about all of a list's entries.
static ALL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)\b(?:(?:each|all|any|some|every\sone)\sof\s(?:them|these|those|the\s\w+)|they|these\s(?:\w+\s){0,3}(?:partners|networks|companies|providers|services|sdks|vendors|tools|parties|libraries|components)
        |(?:our|the|these|those|such|following)\s(?:\w+\s){0,3}(?:partners|networks|providers|sdks|vendors|companies)|which)\b[^.;:]*?
        \b(?:receives?|collects?|gets?|access(?:es)?|process(?:es)?|obtains?|sees?|reads?|gathers?|uses?|stores?)\b",
    )
});

/// The data of such sentences between the heading and a list.
pub(super) fn of(page: &Page, start: usize) -> Vec<Range<usize>> {
    let mut from = start.saturating_sub(REACH);
    while !page.text.is_char_boundary(from) {
        from -= 1;
    }
    let from = super::blocks::section(page, from, start);
    let text = page.get(&(from..start));
    let mut found = Vec::new();
    for piece in told::sentences(text) {
        let words = text.get(piece.clone()).unwrap_or_default();
        if let Some(told) = ALL.find(words) {
            let range = from + piece.start + told.start()..from + piece.end;
            found.extend(told::affirmed(page, &range));
        }
    }
    found
}
