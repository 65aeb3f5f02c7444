//! A candidate → a record: identity, vendor, purposes, data types,
//! permissions, link, platforms, quote.

pub(crate) mod mentions;
pub(crate) mod negation;
mod nesting;
pub(crate) mod nouns;
mod qualifiers;
mod quote;

use std::collections::BTreeSet;
use std::ops::Range;

pub(crate) use quote::{quote, written};

use super::document::Source;
use super::identity::{self, Clues};
use super::layout::{self, Candidate};
use super::model::SdkRecord;
use super::page::Page;
use super::{Lexicon, platform, url};

/// Longest purpose kept as written, in characters.
const MAX_PURPOSE: usize = 300;

/// Phrases that say that an SDK collects nothing.
const NOTHING: [&str; 6] = [
    "不需要任何访问权限",
    "不需要任何权限",
    "不收集任何",
    "不会收集任何",
    "does not collect any",
    "collects no ",
];

/// Builds the record of one candidate.
pub(crate) fn record(
    candidate: &Candidate,
    page: &Page,
    source: &Source,
    lexicon: &Lexicon,
) -> SdkRecord {
    let as_written = written(page, source, &candidate.name);
    let vendor = candidate.vendor.as_ref();
    let vendor = vendor
        .map(|range| written(page, source, range))
        .unwrap_or_default();
    let url = link(candidate, page);
    let context = context(candidate, page);
    let mut name = page.get(&candidate.name).to_owned();
    if let Some(suffix) = &candidate.suffix {
        name.push_str(page.get(suffix));
    }
    let found = identity::resolve(
        &Clues {
            name: &name,
            vendor: &vendor,
            context: &context,
            url: url.as_deref().unwrap_or_default(),
        },
        lexicon,
    );
    let (data_types, permissions) = terms(candidate, page, lexicon);
    let nothing = says_nothing(candidate, page) && data_types.is_empty();
    SdkRecord {
        as_written,
        id: found.id,
        candidates: found.candidates,
        matched_by: found.matched_by,
        vendor_as_written: vendor,
        purposes: purposes(candidate, page, source),
        data_types: lexicon.terms.type_ids(&data_types),
        permissions: lexicon.terms.permission_names(&permissions),
        url,
        platforms: platform::of(candidate, page),
        explicit_none: nothing,
        deferred_to_link: deferred(candidate, page),
        quote: quote(page, source, &candidate.whole),
        layout: candidate.layout,
        confidence: candidate.confidence,
        ..SdkRecord::default()
    }
}

/// Adds what a further entry of the same SDK says.
pub(crate) fn merge(into: &mut SdkRecord, more: SdkRecord) {
    let union = |a: &mut Vec<String>, b: Vec<String>| {
        for item in b {
            if !a.contains(&item) {
                a.push(item);
            }
        }
    };
    union(&mut into.purposes, more.purposes);
    union(&mut into.data_types, more.data_types);
    union(&mut into.permissions, more.permissions);
    into.permissions.sort();
    if into.vendor_as_written.is_empty() {
        into.vendor_as_written = more.vendor_as_written;
    }
    into.url = into.url.take().or(more.url);
    into.explicit_none = into.data_types.is_empty() && (into.explicit_none || more.explicit_none);
    into.deferred_to_link |= more.deferred_to_link;
}

type Indexes = BTreeSet<usize>;

fn terms(candidate: &Candidate, page: &Page, lexicon: &Lexicon) -> (Indexes, Indexes) {
    let mut data_types = BTreeSet::new();
    let mut permissions = BTreeSet::new();
    let data = candidate.data.iter().map(|range| (range, false));
    let own = data.chain(candidate.permissions.iter().map(|range| (range, true)));
    let listed = own
        .clone()
        .any(|(range, _)| page.get(range).contains("权限"));
    let defined = candidate.definitions.iter().map(|range| (range, false));
    for (range, asked) in own.chain(defined) {
        let text = page.get(range);
        let links = url::find(text);
        for hit in lexicon.terms.find(text) {
            // `…/guides` names no GUID.
            let in_link =
                |link: &Range<usize>| link.start <= hit.range.start && hit.range.end <= link.end;
            if links.iter().any(in_link) {
                continue;
            }
            let state = lexicon.terms.state_permission(text, &hit);
            permissions.extend(state.filter(|_| listed));
            permissions.extend(lexicon.terms.asked_permission(&hit).filter(|_| asked));
            data_types.extend(lexicon.terms.types_of(&hit));
            permissions.extend(lexicon.terms.permissions_of(&hit));
        }
    }
    for range in &candidate.permissions {
        permissions.extend(
            lexicon
                .terms
                .listed_permissions(page.get(range))
                .map(|(_, p)| p),
        );
    }
    for range in candidate.data.iter().filter(|_| !candidate.prose) {
        data_types.extend(lexicon.terms.listed_types(page.get(range)).map(|(_, t)| t));
    }
    (data_types, permissions)
}

fn says_nothing(candidate: &Candidate, page: &Page) -> bool {
    let cells = candidate.data.iter().chain(&candidate.permissions);
    let mut texts = cells.map(|range| page.get(range)).peekable();
    let cells_say = texts.peek().is_some() && texts.all(layout::is_none_word);
    let whole = page.get(&candidate.whole);
    cells_say || NOTHING.iter().any(|phrase| whole.contains(phrase))
}

fn deferred(candidate: &Candidate, page: &Page) -> bool {
    let cells = candidate.data.iter().chain(&candidate.purpose);
    cells.map(|range| page.get(range)).any(|text| {
        let text = text.to_ascii_lowercase();
        text.chars().count() < 60
            && (text.contains('以') && text.contains("为准")
                || [
                    "详见",
                    "参见",
                    "请见",
                    "请查看",
                    "请参考",
                    "见其",
                    "见链接",
                    "以其",
                    "as specified in",
                    "see the privacy",
                    "see its privacy",
                    "see their privacy",
                    "refer to",
                ]
                .iter()
                .any(|word| text.contains(word)))
    })
}

/// The entry's link: one written out, else the target of a link in its cells.
fn link(candidate: &Candidate, page: &Page) -> Option<String> {
    let written = candidate
        .url
        .iter()
        .find_map(|range| url::first(page.get(range)));
    let prose = || {
        candidate
            .prose
            .then(|| {
                url::first(page.get(&candidate.whole)).or_else(|| titled_link(candidate, page))
            })
            .flatten()
    };
    let target = || {
        candidate
            .url
            .iter()
            .chain(std::iter::once(&candidate.name))
            .find_map(|range| page.link_in(range))
            .map(|link| link.target.clone())
            .filter(|target| target.starts_with("http"))
    };
    written.or_else(target).or_else(prose)
}

/// The first link behind the name that is called a privacy policy.
fn titled_link(candidate: &Candidate, page: &Page) -> Option<String> {
    let after = candidate.name.end..candidate.whole.end;
    page.links
        .iter()
        .filter(|link| after.start <= link.range.start && link.range.end <= after.end)
        .filter(|link| link.target.starts_with("http"))
        .find(|link| {
            let title = page.get(&link.range).to_lowercase();
            title.contains("隐私") || title.contains("privacy")
        })
        .map(|link| link.target.clone())
}

fn context(candidate: &Candidate, page: &Page) -> String {
    let ranges = candidate.purpose.iter().chain(&candidate.context);
    ranges
        .map(|range| page.get(range))
        .collect::<Vec<_>>()
        .join(" ")
}

fn purposes(candidate: &Candidate, page: &Page, source: &Source) -> Vec<String> {
    let mut purposes: Vec<String> = Vec::new();
    for range in &candidate.purpose {
        let words = written(page, source, range);
        let words = words.trim_matches([',', '，', '。', ';', '；', ' ', '、']);
        let short: String = words.chars().take(MAX_PURPOSE).collect();
        if !short.is_empty() && !purposes.contains(&short) {
            purposes.push(short);
        }
    }
    purposes
}
