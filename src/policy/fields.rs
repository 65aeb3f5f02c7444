//! A candidate → a record: identity, vendor, purposes, data types,
//! permissions, link, platforms, quote.

use std::collections::BTreeSet;
use std::ops::Range;

use super::document::Source;
use super::identity::{self, Clues};
use super::layout::{self, Candidate};
use super::model::{Quote, SdkRecord};
use super::page::Page;
use super::{Lexicon, platform, url};
use crate::formats::limits::MAX_QUOTE_BYTES;

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

/// Words as the document writes them; a line break inside a name is none.
pub(crate) fn written(page: &Page, source: &Source, range: &Range<usize>) -> String {
    let raw = visible(page, source, range);
    let mut words = String::with_capacity(raw.len());
    let mut blank = false;
    for c in raw
        .chars()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}'))
    {
        if c.is_whitespace() {
            blank = true;
            continue;
        }
        let latin = |c: char| c.is_ascii_graphic();
        if blank && (latin(c) || words.ends_with(latin)) && !words.is_empty() {
            words.push(' ');
        }
        blank = false;
        words.push(c);
    }
    words
}

fn visible<'s>(page: &Page, source: &'s Source, range: &Range<usize>) -> &'s str {
    let view = view_range(page, source, range);
    source.view.get(view).unwrap_or_default()
}

/// The range of the visible text, with its last character.
fn view_range(page: &Page, source: &Source, range: &Range<usize>) -> Range<usize> {
    let mut view = page.view_range(range);
    let floor = |mut at: usize| {
        at = at.min(source.view.len());
        while !source.view.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    view.start = floor(view.start);
    let last = floor(view.end);
    let tail = source.view.get(last..).and_then(|rest| rest.chars().next());
    let end = if range.is_empty() {
        view.start
    } else {
        last + tail.map_or(0, char::len_utf8)
    };
    view.start..end.max(view.start)
}

/// The passage in the original.
pub(crate) fn quote(page: &Page, source: &Source, range: &Range<usize>) -> Quote {
    let mut view = view_range(page, source, range);
    if view.len() > MAX_QUOTE_BYTES {
        view.end = view.start + MAX_QUOTE_BYTES;
        while !source.view.is_char_boundary(view.end) {
            view.end -= 1;
        }
    }
    let shown = source.view.get(view.clone()).unwrap_or_default().trim_end();
    let last = shown.char_indices().next_back();
    let (last_at, last_len) = last.map_or((0, 0), |(at, c)| (at, c.len_utf8()));
    let start = source.origin(view.start);
    let mut end = (source.origin(view.start + last_at) + last_len).min(source.text.len());
    while !source.text.is_char_boundary(end) {
        end += 1;
    }
    let raw = source.text.get(start..end.max(start)).unwrap_or_default();
    // Escapes and markup inside: the passage as the file writes it.
    let marked = source.escaped && shown.contains(['*', '_', '`', '|', '\\', '#', '>']);
    let text = if marked && !raw.contains("</") && raw.len() <= MAX_QUOTE_BYTES * 4 {
        raw.to_owned()
    } else {
        shown.to_owned()
    };
    Quote {
        text,
        start,
        end: end.max(start),
        ..Quote::default()
    }
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
        permissions.extend(lexicon.terms.listed_permissions(page.get(range)));
    }
    for range in candidate.data.iter().filter(|_| !candidate.prose) {
        data_types.extend(lexicon.terms.listed_types(page.get(range)));
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
