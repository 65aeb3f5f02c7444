//! A candidate → a record: identity, vendor, purposes, data types,
//! permissions, link, platforms, quote.

mod data;
pub(crate) mod mentions;
pub(crate) mod negation;
mod nesting;
pub(crate) mod nouns;
mod packages;
mod qualifiers;
mod quote;
mod silence;

pub(crate) use quote::{quote, written};

use super::document::Source;
use super::identity::{self, Clues};
use super::layout::Candidate;
use super::model::SdkRecord;
use super::page::Page;
use super::{Lexicon, platform, url};
use crate::formats::limits::MAX_ENTRY_MENTIONS;

/// Longest purpose kept as written, in characters.
const MAX_PURPOSE: usize = 300;

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
    let manner = candidate.manner.as_ref();
    let sharing = manner
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
    let platforms = platform::of(candidate, page);
    let data = data::read(candidate, &platforms, page, source, lexicon);
    let nothing = data.data_types.is_empty() && silence::says_nothing(candidate, page);
    let purposes = purposes(candidate, page, source);
    SdkRecord {
        as_written,
        id: found.id,
        candidates: found.candidates,
        matched_by: found.matched_by,
        vendor_as_written: vendor,
        packages: packages::find(page.get(&candidate.whole), lexicon),
        purpose_classes: classes(candidate, page, lexicon),
        purposes,
        data_types: lexicon.terms.type_ids(&data.data_types),
        data: data.mentions,
        permissions: lexicon.terms.permission_names(&data.permissions),
        sharing_as_written: sharing,
        url,
        platforms,
        explicit_none: nothing,
        deferred_to_link: silence::deferred(candidate, page),
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
    union(&mut into.packages, more.packages);
    union(&mut into.purpose_classes, more.purpose_classes);
    for mention in more.data {
        if into.data.len() < MAX_ENTRY_MENTIONS && !into.data.contains(&mention) {
            into.data.push(mention);
        }
    }
    union(&mut into.permissions, more.permissions);
    into.permissions.sort();
    if into.vendor_as_written.is_empty() {
        into.vendor_as_written = more.vendor_as_written;
    }
    if into.sharing_as_written.is_empty() {
        into.sharing_as_written = more.sharing_as_written;
    }
    into.url = into.url.take().or(more.url);
    into.explicit_none = into.data_types.is_empty() && (into.explicit_none || more.explicit_none);
    into.deferred_to_link |= more.deferred_to_link;
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

/// SDK categories that the purposes speak of.
fn classes(candidate: &Candidate, page: &Page, lexicon: &Lexicon) -> Vec<String> {
    let words: Vec<&str> = candidate
        .purpose
        .iter()
        .map(|range| page.get(range))
        .collect();
    lexicon.purpose_classes(&words.join("\n"))
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
