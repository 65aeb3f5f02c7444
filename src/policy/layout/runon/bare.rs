//! Run-on tables that lack what tells most: the links that end the rows, or the
//! header that names the columns. A name that ends in "SDK" with its company
//! behind it then tells where a row begins.

use crate::policy::pattern::Pattern;

use super::{COMPANY, MAX_ROW, Row};
use crate::formats::limits::MAX_POLICY_RECORDS;
use crate::policy::Lexicon;
use crate::policy::roles::Role;
use crate::policy::url;

/// The columns of a list without a header.
pub(super) const COLUMNS: [Role; 5] = [
    Role::Name,
    Role::Vendor,
    Role::Purpose,
    Role::Data,
    Role::Url,
];

/// Rows that make a list where no header says that it is one.
const MIN_ROWS: usize = 4;

/// Longest name with its company, in characters.
const MAX_PAIR: usize = 60;

/// Longest term looked for in front of a name, in characters.
const MAX_ITEM: usize = 16;

/// What a name cannot hold: the marks of a list or a sentence.
static MARK: Pattern = Pattern::new(r"[、,。;:\n]");

/// Where rows begin that only their companies tell apart: each name stands
/// behind the data of the row before and in front of its company.
pub(super) fn rows(text: &str, body: usize, end: usize, lexicon: &Lexicon) -> Vec<Row> {
    let rest = text.get(body..end).unwrap_or_default();
    let mut starts: Vec<usize> = Vec::new();
    let mut from = 0;
    for company in COMPANY.find_iter(rest).take(MAX_POLICY_RECORDS) {
        let segment = rest.get(from..company.start()).unwrap_or_default();
        if let Some(start) = name_start(segment, starts.is_empty(), lexicon) {
            starts.push(body + from + start);
        }
        from = company.end();
    }
    let last = last_end(rest, from, lexicon);
    let ends = starts.iter().skip(1).copied().chain([body + last]);
    let rows = starts.iter().zip(ends).map(|(start, end)| Row {
        whole: *start..end,
        cells: *start..end,
        link: None,
    });
    rows.take_while(|row| row.whole.len() <= MAX_ROW).collect()
}

/// Where the name begins in what stands between two companies.
fn name_start(segment: &str, first: bool, lexicon: &Lexicon) -> Option<usize> {
    let sdk = segment.to_ascii_lowercase().rfind("sdk")?;
    if segment.len() > MAX_ROW {
        return None; // running text
    }
    if first {
        return Some(segment.len() - segment.trim_start().len());
    }
    let head = segment.get(..sdk)?;
    let hits = lexicon.terms.find(head);
    let names = lexicon.names.find(segment);
    // A term that touches its "SDK" or is part of a known name is a name's own.
    let data = hits.iter().rev().find(|hit| {
        let tail = head.get(hit.range.end..).unwrap_or_default();
        let tail = tail.trim_start_matches([')', '等']).trim();
        let inside = names.iter().any(|name| {
            name.range.start < hit.range.end
                && hit.range.start >= name.range.start
                && name.range.end >= sdk
        });
        !tail.is_empty() && !inside
    });
    let own = names.iter().find(|name| name.range.end >= sdk);
    let end = data
        .map(|hit| hit.range.end)
        .max(short_term_end(head, lexicon));
    let end = end.or(own.map(|name| name.range.start))?;
    let tail = segment.get(end..)?;
    let start = segment.len() - tail.trim_start_matches([')', '等', ' ']).len();
    let name = segment.get(start..sdk)?;
    (!name.is_empty() && !MARK.is_match(name)).then_some(start)
}

/// Where the last item of a list ends when it is a short term and the next word
/// follows it at once: inside a word such terms are not looked for.
fn short_term_end(head: &str, lexicon: &Lexicon) -> Option<usize> {
    let (mark, c) = head
        .char_indices()
        .rev()
        .find(|(_, c)| matches!(c, '、' | '('))?;
    let from = mark + c.len_utf8();
    let item = head.get(from..)?;
    let ends = item.char_indices().map(|(at, _)| at).skip(1).take(MAX_ITEM);
    let whole = |end: &usize| {
        let words = item.get(..*end).unwrap_or_default();
        let hits = lexicon.terms.find(words);
        hits.iter().any(|hit| hit.range == (0..*end))
    };
    ends.filter(whole).last().map(|end| from + end)
}

/// Where the last row ends: behind its data, in its own sentence.
fn last_end(rest: &str, from: usize, lexicon: &Lexicon) -> usize {
    let tail = rest.get(from..).unwrap_or_default();
    let stop = tail.find(['。', '\n']).unwrap_or(tail.len());
    let sentence = tail.get(..stop).unwrap_or_default();
    let mut end = 0;
    for hit in lexicon.terms.find(sentence) {
        let gap = sentence.get(end..hit.range.start).unwrap_or_default();
        if end > 0
            && !gap
                .chars()
                .all(|c| matches!(c, '、' | '(' | ')' | ',' | '及' | '和'))
        {
            break;
        }
        end = hit.range.end;
    }
    let closing = sentence.get(end..).unwrap_or_default();
    from + end + (closing.len() - closing.trim_start_matches([')', '等']).len())
}

/// Where the rows of a list without a header begin: behind the colon that leads
/// into it, when most of its links end a name, its company and more.
pub(super) fn headless(text: &str) -> Option<usize> {
    let links = url::find(text);
    let first = links.first()?;
    let body = text.get(..first.start)?.rfind([':', '。']).map_or(0, |at| {
        at + text
            .get(at..)
            .and_then(|t| t.chars().next())
            .map_or(0, char::len_utf8)
    });
    let mut from = body;
    let mut named = 0;
    for link in &links {
        named += usize::from(begins_with_pair(text.get(from..link.start)?));
        from = link.end;
    }
    (named >= MIN_ROWS && named * 5 >= links.len() * 4).then_some(body)
}

/// Whether a row begins with a name that ends in "SDK" and its company.
fn begins_with_pair(row: &str) -> bool {
    let sdk = row.to_ascii_lowercase().find("sdk");
    let company = COMPANY.find(row);
    sdk.zip(company).is_some_and(|(sdk, company)| {
        let pair: &str = row.get(..company.end()).unwrap_or_default();
        sdk < company.start() && pair.chars().count() <= MAX_PAIR && !MARK.is_match(pair)
    })
}
