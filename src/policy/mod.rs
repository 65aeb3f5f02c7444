//! What a privacy policy discloses: documents in, records with quotes out.
//!
//! The way through the room: `document` turns bytes into visible text with
//! lines and tables, `page` normalises it and keeps the way back to the
//! original, `layout` yields candidate records, `identity` and `fields`
//! turn them into [`model::SdkRecord`]s, and `form`, `first_party` and
//! `denial` say what the rest of the text says.

pub(crate) mod checks;
pub(crate) mod definitions;
pub(crate) mod denial;
pub(crate) mod document;
pub(crate) mod fields;
pub(crate) mod first_party;
pub(crate) mod form;
pub(crate) mod identity;
pub(crate) mod layout;
pub mod lexicon;
pub(crate) mod lines;
pub mod model;
pub(crate) mod page;
pub(crate) mod pattern;
pub(crate) mod platform;
pub(crate) mod roles;
pub(crate) mod sentence;
pub(crate) mod spans;
pub(crate) mod standing;
pub(crate) mod tongue;
pub(crate) mod traditional;
pub(crate) mod unseen;
pub(crate) mod url;

pub(crate) use checks::leads_nowhere as is_dead_link;
pub use checks::{CODES as CHECK_CODES, Code as CheckCode};
pub use lexicon::Lexicon;

use std::ops::Range;

use rayon::prelude::*;

use crate::formats::Limit;
use crate::formats::limits::{MAX_DENIALS, MAX_POLICY_RECORDS};
use layout::Findings;
use lexicon::squash_name;
use model::{Layout, PolicyDocument, SdkRecord};
use page::Page;

/// Why a document could not be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PolicyError {
    /// What was expected and what was found, in words a user understands.
    pub message: String,
}

impl PolicyError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }
}

/// A policy as text with its lines and tables, before anything is understood: that
/// needs a lexicon, and this does not.
#[derive(Debug)]
pub struct OpenedPolicy {
    path: String,
    opened: document::Opened,
    page: Page,
}

impl OpenedPolicy {
    /// Takes a document apart.
    ///
    /// `path_as_given` is used for the report and as a hint of the format; the
    /// bytes decide where they can.
    ///
    /// # Errors
    /// When the bytes are no document this crate reads (binary data, an encrypted
    /// PDF, a file over [`crate::formats::limits::MAX_POLICY_BYTES`]).
    pub fn open(path_as_given: &str, bytes: &[u8]) -> Result<Self, PolicyError> {
        let opened = document::open(path_as_given, bytes)?;
        let page = Page::of(&opened.source);
        Ok(Self {
            path: path_as_given.to_owned(),
            opened,
            page,
        })
    }

    /// What it discloses.
    pub fn read(self, lexicon: &Lexicon) -> PolicyDocument {
        disclosed(self, lexicon)
    }
}

/// Reads one policy.
///
/// # Errors
/// As [`OpenedPolicy::open`].
pub fn read(
    path_as_given: &str,
    bytes: &[u8],
    lexicon: &Lexicon,
) -> Result<PolicyDocument, PolicyError> {
    OpenedPolicy::open(path_as_given, bytes).map(|opened| opened.read(lexicon))
}

fn disclosed(policy: OpenedPolicy, lexicon: &Lexicon) -> PolicyDocument {
    let OpenedPolicy { path, opened, page } = policy;
    let source = &opened.source;
    let mut limits = opened.limits;
    let mut findings = layout::read(&page, lexicon);
    let covered = findings.covered.clone();
    // The entries on one side, on the other what the text says beside them.
    let ((parts, left_out), (first_party, (mut denials, links))) = rayon::join(
        || {
            let left_out = entries(&page, lexicon, &path, &mut findings, &mut limits);
            (records(&page, source, &findings, lexicon), left_out)
        },
        || {
            rayon::join(
                || first_party::read(&page, source, &covered, lexicon),
                || {
                    rayon::join(
                        || denial::read(&page, source, &covered, lexicon),
                        || form::list_links(&page, &covered),
                    )
                },
            )
        },
    );
    let cap = Limit::detail(
        "policy-denials-capped",
        format!("only the first {MAX_DENIALS} denials were kept"),
        &path,
    );
    limits.extend(capped(&mut denials, MAX_DENIALS, cap));
    let (sdks, foreign) = rayon::join(|| unite(&parts, lexicon), || tongue::foreign(&page.text));
    let disclosure_form = form::decide(&page, &findings, &sdks, &links);

    let mut document = PolicyDocument {
        path,
        format: opened.format,
        language: page.language().to_owned(),
        disclosure_form,
        date: None,
        checks: Vec::new(),
        first_party,
        denials,
        links: links.into_iter().map(|link| link.target).collect(),
        sdks,
        anomalies: opened.anomalies,
        limits,
    };
    let unseen = unseen::limit(&page, source, foreign, lexicon, &document);
    document.limits.extend(unseen);
    let lines = lines::Lines::of(&opened.source.text);
    let ground = checks::Ground {
        page: &page,
        source: &opened.source,
        lexicon,
        lines: &lines,
        candidates: &findings.candidates,
        parts: &parts,
        left_out: &left_out,
    };
    checks::inspect(&mut document, &ground);
    lines::number(&mut document, &lines);
    document
}

/// Names of entries that are not in use, with the words that say so.
type LeftOut = Vec<(Range<usize>, Range<usize>)>;

/// Leaves out what is no entry, and gives the others what stands elsewhere in the
/// document; the names of those that are not in use with the words that say so.
fn entries(
    page: &Page,
    lexicon: &Lexicon,
    path: &str,
    findings: &mut Findings,
    limits: &mut Vec<Limit>,
) -> LeftOut {
    let own = form::titled_sdk(page);
    findings.candidates.retain(|candidate| {
        let name = page.get(&candidate.name);
        let told = matches!(candidate.layout, Layout::Sentence | Layout::Titled);
        if told && own.is_some_and(|own| name.ends_with(own)) {
            return false; // its own policy
        }
        let kind = candidate.layout == Layout::Sentence && form::is_kind(name);
        let blank = form::is_blank(name) || form::is_place(name) || form::is_shred(name);
        !blank && !kind && !name.contains('。')
    });
    let left_out = standing::take_out(page, &mut findings.candidates);
    layout::shared::attach(page, lexicon, findings);
    if !definitions::attach(page, findings) {
        limits.push(Limit::detail(
            "policy-definitions-capped",
            "the document defines more terms than are read",
            path,
        ));
    }
    platform::attach(page, findings);
    let cap = Limit::analysis(
        "policy-records-capped",
        format!("only the first {MAX_POLICY_RECORDS} entries of the list were read"),
        path,
    );
    limits.extend(capped(&mut findings.candidates, MAX_POLICY_RECORDS, cap));
    left_out
}

/// Cuts a list to the most that is kept; the limit says so.
fn capped<T>(list: &mut Vec<T>, most: usize, cap: Limit) -> Option<Limit> {
    let over = list.len() > most;
    list.truncate(most);
    over.then_some(cap)
}

/// The record of each entry.
fn records(
    page: &Page,
    source: &document::Source,
    findings: &Findings,
    lexicon: &Lexicon,
) -> Vec<SdkRecord> {
    let candidates = findings.candidates.par_iter();
    candidates
        .map(|candidate| {
            let mut record = fields::record(candidate, page, source, lexicon);
            checks::fill_missing(&mut record, candidate, page, lexicon);
            record
        })
        .collect()
}

/// The text that quotes of a DOCX or PDF are offsets into; for text, Markdown
/// and HTML the decoded file. With it, what of the document was not read.
///
/// # Errors
/// As [`read`].
pub fn extracted_text(
    path_as_given: &str,
    bytes: &[u8],
) -> Result<(String, Vec<Limit>), PolicyError> {
    let opened = document::open(path_as_given, bytes)?;
    Ok((opened.source.text, opened.limits))
}

/// Entries of one SDK under one name become one record; the first keeps its
/// place and its quote, the others' quotes stand beside it. A field is missing
/// when none of them gives it.
fn unite(parts: &[SdkRecord], lexicon: &Lexicon) -> Vec<SdkRecord> {
    let mut united: Vec<SdkRecord> = Vec::with_capacity(parts.len());
    let mut seen = std::collections::HashMap::new();
    for part in parts.iter().cloned() {
        let key = (
            part.id.clone(),
            squash_name(&part.as_written),
            part.platforms.clone(),
        );
        let at = *seen.entry(key).or_insert(united.len());
        let Some(record) = united.get_mut(at) else {
            united.push(part);
            continue;
        };
        // In document order, so that equal quotes are neighbours.
        if record.also.last().unwrap_or(&record.quote) != &part.quote {
            record.also.push(part.quote.clone());
        }
        record.missing.retain(|field| part.missing.contains(field));
        fields::merge(record, part);
    }
    for record in united.iter_mut().filter(|r| r.vendor_as_written.is_empty()) {
        let id = record.id.as_deref();
        let company = identity::company_in_name(&record.as_written, id, lexicon);
        record.vendor_as_written = company.unwrap_or_default().to_owned();
    }
    united
}

#[cfg(test)]
mod tests;
