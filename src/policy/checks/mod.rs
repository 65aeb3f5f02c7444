//! What a document leaves open or contradicts, seen from the text alone.
//!
//! [`CODES`] says which there are.
//!
//! A check that guesses is worth less than none: each says nothing where it is
//! not sure.

mod date;
mod dead_link;
pub(crate) mod differing;
mod missing;
mod not_in_use;
mod purpose;
mod unfilled;
mod vendor;

pub(crate) use dead_link::leads_nowhere;
pub(crate) use missing::fill as fill_missing;

use std::ops::Range;

use rayon::prelude::*;

use super::document::Source;
use super::layout::Candidate;
use super::lines::Lines;
use super::model::{PolicyCheck, PolicyDocument, Quote, SdkRecord};
use super::page::Page;
use super::{Lexicon, fields};
use crate::formats::Limit;
use crate::formats::limits::MAX_CHECKS_PER_CODE;

/// A kind of check: its stable code and what it says.
#[derive(Debug, Clone, Copy)]
pub struct Code {
    /// As in `documents[].checks[].code`.
    pub code: &'static str,
    /// What a check with this code says.
    pub says: &'static str,
    /// Where it says nothing.
    pub silent: &'static str,
}

/// All kinds of checks, in the order in which they run.
pub const CODES: [Code; 8] = [
    Code {
        code: "differing-entries",
        says: "one SDK is described in two places that name different data, companies or purposes",
        silent: "when one place is silent on what the other says, and for rows of different systems",
    },
    Code {
        code: "purpose-at-odds",
        says: "the stated purpose is that of another kind of SDK: mostly a copied row",
        silent: "when any class it speaks of is near the SDK's category, and in running sentences",
    },
    Code {
        code: "vendor-at-odds",
        says: "the company as written is a known one, and not the product's",
        silent: "when a part of the company is unknown, and for groups that own each other's products",
    },
    Code {
        code: "not-in-use",
        says: "an SDK is named as removed, switched off or planned: it is not counted as disclosed",
        silent: "when the words are a condition (\"if you stop using X\") or tell what X replaced",
    },
    Code {
        code: "unfilled-field",
        says: "a place of a template was left in a list that is otherwise filled in",
        silent: "for keys in brackets; the form says when a whole document is a template",
    },
    Code {
        code: "dead-link",
        says: "the link of an entry or to a list leads nowhere",
        silent: "for named places of the page that it has",
    },
    Code {
        code: "no-date",
        says: "the document gives no date of update, effect or publication",
        silent: "for texts that are no policy",
    },
    Code {
        code: "entry-fields-missing",
        says: "how many entries lack the package name, developer, purpose, data or link",
        silent: "for documents that are not Chinese",
    },
];

/// What the checks look at beside the finished document.
pub(crate) struct Ground<'a> {
    pub page: &'a Page,
    pub source: &'a Source,
    pub lexicon: &'a Lexicon,
    pub lines: &'a Lines<'a>,
    /// Entries as the layouts found them.
    pub candidates: &'a [Candidate],
    /// The record of each candidate, before entries of one SDK are united.
    pub parts: &'a [SdkRecord],
    /// Names of entries that are not in use, with the words that say so.
    pub left_out: &'a [(Range<usize>, Range<usize>)],
}

impl Ground<'_> {
    fn quote(&self, range: &Range<usize>) -> Quote {
        fields::quote(self.page, self.source, range)
    }

    /// Where a passage stands, for a message.
    fn place(&self, quote: &Quote) -> String {
        let line = self.lines.at(quote.start);
        format!("line {line}, bytes {}-{}", quote.start, quote.end)
    }
}

/// Runs every check over a finished document.
pub(crate) fn inspect(document: &mut PolicyDocument, ground: &Ground<'_>) {
    document.date = date::find(ground);
    let read = &*document;
    let checks: [&(dyn Fn() -> Vec<PolicyCheck> + Sync); 8] = [
        &|| differing::check(ground),
        &|| purpose::check(ground),
        &|| vendor::check(ground),
        &|| not_in_use::check(read, ground),
        &|| unfilled::check(read, ground),
        &|| dead_link::check(read, ground),
        &|| date::check(read, ground),
        &|| missing::check(read),
    ];
    let side_by_side = checks.par_iter().with_max_len(1);
    let found: Vec<Vec<PolicyCheck>> = side_by_side.map(|check| check()).collect();
    for mut checks in found {
        if checks.len() > MAX_CHECKS_PER_CODE {
            let code = checks.first().map_or("", |check| check.code.as_str());
            document.limits.push(Limit::detail(
                "policy-checks-capped",
                format!("only the first {MAX_CHECKS_PER_CODE} checks `{code}` are told"),
                &document.path,
            ));
            checks.truncate(MAX_CHECKS_PER_CODE);
        }
        document.checks.append(&mut checks);
    }
}

/// A check about one entry.
fn about(code: &str, record: &SdkRecord, message: String) -> PolicyCheck {
    PolicyCheck {
        code: code.to_owned(),
        message,
        sdk: record.as_written.clone(),
        quote: Some(record.quote.clone()),
    }
}

/// Characters of a name or passage that a message repeats.
const SHORT: usize = 60;

/// Words on one line, shortened for a message.
fn short(text: &str) -> String {
    let mut words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = words.char_indices().nth(SHORT) {
        words.truncate(end);
        words.push_str("..");
    }
    words
}

#[cfg(test)]
pub(crate) mod testing;
