//! The data types that a passage names, with what is said of each.

use std::ops::Range;

use super::negation;
use super::nesting;
use super::nouns::{self, Brackets, Noun};
use super::qualifiers::{self, Qualities};
use crate::formats::limits::MAX_ENTRY_TEXT;
use crate::policy::model::Extent;
use crate::policy::{Lexicon, spans};

/// One noun of a passage, read.
#[derive(Debug, Clone)]
pub(crate) struct Mention {
    /// What it names, and where it stands in the passage.
    pub noun: Noun,
    /// The broader type that it is enumerated under.
    pub within: Option<usize>,
    /// What its first type stands for beside itself.
    pub extent: Extent,
    /// The extent comes from an enumeration of its own.
    pub enumerated: bool,
    pub qualities: Qualities,
}

/// Reads what a passage names; what it denies is left out.
pub(crate) fn read(text: &str, lexicon: &Lexicon, list: bool) -> Vec<Mention> {
    let mut found = Vec::new();
    for piece in pieces(text) {
        let words = text.get(piece.clone()).unwrap_or_default();
        for mut mention in read_piece(words, lexicon, list) {
            mention.noun.range.start += piece.start;
            mention.noun.range.end += piece.start;
            found.push(mention);
        }
    }
    found
}

/// The types that a text says are left out: `设备标识信息(不含IMEI)`.
pub(super) fn left_out(text: &str, lexicon: &Lexicon) -> Vec<usize> {
    let nouns = nouns::find(text, lexicon, true);
    let denied = negation::denied(text, &nouns, &Brackets::of(text));
    let out = nouns
        .iter()
        .filter(|noun| spans::meets(&denied, &noun.range));
    out.flat_map(|noun| noun.types.iter().copied()).collect()
}

fn read_piece(text: &str, lexicon: &Lexicon, list: bool) -> Vec<Mention> {
    let nouns = nouns::find(text, lexicon, list);
    let brackets = Brackets::of(text);
    let denied = negation::denied(text, &nouns, &brackets);
    let nouns: Vec<Noun> = nouns
        .into_iter()
        .filter(|noun| !spans::meets(&denied, &noun.range))
        .collect();
    let enumerations = nesting::enumerations(text, &nouns, &brackets, lexicon);
    let heads = nesting::heads(&nouns, &enumerations);
    let first = |at: usize| nouns.get(at).and_then(Noun::first);
    let within: Vec<Option<usize>> = heads.iter().map(|head| head.and_then(first)).collect();
    let extents: Vec<Extent> = nouns
        .iter()
        .enumerate()
        .map(|(at, noun)| nesting::extent(at, noun, &enumerations, lexicon))
        .collect();
    let enumerated = |at: usize| {
        enumerations
            .binary_search_by_key(&at, |one| one.head)
            .is_ok()
    };
    let qualities = qualifiers::qualities(text, &nouns, &brackets, &enumerations);
    let enumerated: Vec<bool> = (0..nouns.len()).map(enumerated).collect();
    nouns
        .into_iter()
        .zip(within)
        .zip(extents)
        .zip(qualities)
        .zip(enumerated)
        .map(
            |((((noun, within), extent), qualities), enumerated)| Mention {
                within: within.filter(|above| !noun.types.contains(above)),
                noun,
                extent,
                enumerated,
                qualities,
            },
        )
        .collect()
}

/// A long passage in parts that end with a sentence, so that no part costs
/// more than an entry does.
fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        let mut end = rest.len().min(MAX_ENTRY_TEXT);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let head = rest.get(..end).unwrap_or_default();
        if end < rest.len()
            && let Some(mark) = head.rfind(['\n', '。', ';', '、', ',', ' ', '('])
            && let Some(sign) = head.get(mark..).and_then(|tail| tail.chars().next())
        {
            end = mark + sign.len_utf8();
        }
        pieces.push(start..start + end);
        start += end.max(1);
    }
    pieces
}

#[cfg(test)]
#[path = "mention_tests.rs"]
mod tests;
