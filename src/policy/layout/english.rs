//! English policies: lists without the word SDK, blocks of sentences, and
//! running text in which names stand where a verb wants them.

use std::collections::HashSet;
use std::ops::Range;

use crate::policy::pattern::Pattern;

use super::{Candidate, Parse, grid};
use crate::policy::Lexicon;
use crate::policy::document::LineKind;
use crate::policy::page::{Block, Cell, Line, Page};
use crate::policy::sentence;

mod aside;
mod blocks;
mod name;
mod recipients;
mod sentences;
mod shared;
mod slots;
mod told;
mod words;

/// Lines at the top in which the app is named.
const TITLE_LINES: usize = 4;

/// Bytes in which a policy says who "we" are.
const WHO: usize = 8_000;

/// Names of the app and its maker kept at most.
const MAX_OWN: usize = 64;

/// What a document says of itself: the names of the app and its maker, and the
/// sections that speak of something else.
#[derive(Debug, Default)]
pub(super) struct Own {
    names: HashSet<String>,
    asides: aside::Asides,
}

impl Own {
    /// The names that the top of a document gives itself.
    pub fn of(page: &Page) -> Self {
        static WE: Pattern = Pattern::new(
            r#"((?:[A-Z0-9][\w'’&.-]*[ ,]+){0,5}[A-Z][\w'’&.-]*),? ?\((?:the |hereinafter |referred to as |collectively,? )*[“"'‘*_]|\b(?:app|application|game) \(([A-Z][\w'’&.-]*(?: [A-Z][\w'’&.-]*){0,3})\)|(?:\b[Tt]he|\b[Oo]ur) (?:Android |mobile )?((?:[A-Z][\w'’&-]* ){1,4})(?:mobile |Android )?(?:app|application|game)\b"#,
        );
        let mut own = HashSet::new();
        let lines = page.blocks.iter().filter_map(|block| match block {
            Block::Line(line) => Some(line),
            Block::Table(_) => None,
        });
        // Below the second heading the document speaks of something.
        let top = lines.take(TITLE_LINES).enumerate();
        let top = top.take_while(|(at, line)| *at == 0 || line.kind != LineKind::Heading);
        for (_, line) in top.filter(|(_, line)| line.kind != LineKind::Item) {
            let text = page.get(&line.range);
            if sentence::marker(text).is_some() {
                continue; // an item or a section
            }
            if text.chars().count() <= 120 && !text.ends_with(['.', ':']) {
                runs(text).for_each(|run| insert(&mut own, run));
            }
        }
        let mut end = page.text.len().min(WHO);
        while !page.text.is_char_boundary(end) {
            end -= 1;
        }
        for found in WE.captures_iter(page.get(&(0..end))).take(64) {
            let name = (1..=3).find_map(|group| found.get(group));
            name.into_iter()
                .for_each(|name| insert(&mut own, name.as_str()));
        }
        Self {
            names: own,
            asides: aside::Asides::of(page),
        }
    }

    /// Whether a name is one of them, or begins as one does.
    fn is(&self, name: &str) -> bool {
        let lower = name.trim().to_lowercase();
        let starts = |long: &str, short: &str| {
            long.strip_prefix(short)
                .is_some_and(|rest| rest.starts_with([' ', '\'', '’']))
        };
        self.names
            .iter()
            .any(|own| *own == lower || starts(own, &lower) || starts(&lower, own))
    }
}

fn insert(own: &mut HashSet<String>, name: &str) {
    let name = name.trim().to_lowercase();
    if !words::is_common(&name) && name.chars().count() > 2 && own.len() < MAX_OWN {
        own.insert(name);
    }
}

/// Runs of capitalised words, without those of a policy's title.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let base = text.as_ptr() as usize;
    let mut found = Vec::new();
    let mut open: Option<Range<usize>> = None;
    for word in text.split([' ', '\t', '|', '(', ')', '"', '“', '”', ':', ',', '–', '—']) {
        let start = word.as_ptr() as usize - base;
        let title = [
            "privacy",
            "policy",
            "notice",
            "statement",
            "cookie",
            "cookies",
            "terms",
        ];
        let proper =
            word.starts_with(char::is_uppercase) && !title.contains(&word.to_lowercase().as_str());
        if proper {
            open = Some(open.map_or(start, |range| range.start)..start + word.len());
        } else if !word.is_empty() {
            found.extend(open.take());
        }
    }
    found.extend(open);
    found.into_iter().filter_map(|range| text.get(range))
}

/// Whether a text is an enumeration of so many names, and nothing else: two may be
/// a company and its town.
pub(super) fn enumerates(text: &str, count: usize) -> bool {
    count > 2
        && text.contains(", ")
        && name::enumeration(text).is_some_and(|names| names.len() == count)
}

/// Lists and blocks in a run of lines.
pub(super) fn lists(page: &Page, lexicon: &Lexicon, own: &Own, lines: &[&Line]) -> Vec<Parse> {
    blocks::read(page, lexicon, own, lines)
}

/// What a paragraph of running text names; `more` finds names that a word
/// beside them marks.
pub(super) fn paragraph(
    page: &Page,
    lexicon: &Lexicon,
    own: &Own,
    range: &Range<usize>,
    covered: &[Range<usize>],
    more: &dyn Fn(&Range<usize>) -> Vec<Range<usize>>,
) -> Vec<Parse> {
    sentences::read(page, lexicon, own, range, covered, more)
}

/// What the text around the lists says of them: entries in sections about
/// something else are none, and what a lead says of all is said of each.
pub(super) fn settle(page: &Page, lexicon: &Lexicon, own: &Own, parses: &mut Vec<Parse>) {
    for parse in parses.iter_mut() {
        parse
            .candidates
            .retain(|one| !own.asides.hold_entry(one.name.start) && !is_gone(page, one));
        for one in &mut parse.candidates {
            note_system(page, one);
        }
        shared::attach(page, lexicon, parse);
    }
    parses.retain(|parse| !parse.candidates.is_empty());
    recipients::part(page, parses);
}

/// The bracket right behind a name.
fn bracket(page: &Page, one: &Candidate) -> Option<Range<usize>> {
    let end = one.whole.end.min(one.name.end.saturating_add(120));
    let text = page.get(&(one.name.end..sentence::floor(&page.text, end)));
    let inner = text.trim_start().strip_prefix('(')?;
    let from = one.name.end + text.len() - inner.len();
    Some(from..from + inner.find(')')?)
}

/// `Knot (removed in version 8)`.
fn is_gone(page: &Page, one: &Candidate) -> bool {
    static GONE: Pattern = Pattern::new(
        r"(?i)^(?:removed|dropped|retired|discontinued|no longer|not any ?more|until|up to|planned|coming|from version \d+ on|not used)\b",
    );
    bracket(page, one).is_some_and(|inner| GONE.is_match(page.get(&inner)))
        || is_told_gone(page, one)
}

/// `Knot: was removed in 3.4.0`.
fn is_told_gone(page: &Page, one: &Candidate) -> bool {
    static GONE: Pattern = Pattern::new(
        r"(?i)^(?: \([^()\n]{1,80}\))?\W{1,6}(?:(?:it )?(?:was|has been|got|had been|is now|is) (?:\w+ly )?(?:removed|dropped|retired|discontinued|taken out)\b|(?:removed|dropped|retired|discontinued) (?:in|since|with|from|as of|on)\b|no longer (?:used|included|present|part|in)\b)",
    );
    let end = one.whole.end.min(one.name.end.saturating_add(160));
    GONE.is_match(page.get(&(one.name.end..sentence::floor(&page.text, end))))
}

/// `Knot (iOS only)` is of that system.
fn note_system(page: &Page, one: &mut Candidate) {
    static ONLY: Pattern = Pattern::new(
        r"(?i)^(?:only )?(?:on |for |in )?(?:the )?(?:ios|iphones?|ipads?)(?: (?:only|app|version))?$",
    );
    if let Some(inner) = bracket(page, one).filter(|inner| ONLY.is_match(page.get(inner))) {
        one.platform.push(inner);
    }
}

/// Headers of the time for which a cookie stays.
const LASTS: [&str; 8] = [
    "expir",
    "duration",
    "retention",
    "lifespan",
    "lifetime",
    "how long",
    "period",
    "stored for",
];

/// Whether a table is one of cookies: they are set by a web site.
pub(super) fn is_of_cookies(page: &Page, rows: &[Vec<Cell>]) -> bool {
    let Some((head, body)) = rows.split_first() else {
        return false;
    };
    let cells: Vec<String> = head
        .iter()
        .map(|cell| page.get(&cell.range).to_lowercase())
        .collect();
    let has = |words: &[&str]| {
        cells
            .iter()
            .any(|cell| words.iter().any(|word| cell.contains(word)))
    };
    let headed = has(&["cookie"]) && has(&["type", "provider", "domain", "host", "set by"]);
    let told = has(&["cookie"]) || are_cookies(page, body);
    (headed || told && has(&LASTS)) && !has(&["sdk"])
}

/// Whether the first cells of most rows are written as cookies are: `_ga`,
/// `__cf_bm`, `session_id`.
fn are_cookies(page: &Page, body: &[Vec<Cell>]) -> bool {
    let firsts = body.iter().filter_map(|row| row.first());
    let written = |cell: &&Cell| {
        let text = page.get(&cell.range);
        let word = text.split([',', ' ', '\n']).next().unwrap_or_default();
        word.starts_with('_') || word.contains('_') && !word.contains(char::is_uppercase)
    };
    let count = firsts.clone().filter(written).count();
    count > 0 && count * 2 >= firsts.count()
}

/// Whether one of the words of a text is one of headings and kinds.
pub(super) fn says_kind(text: &str) -> bool {
    text.split_whitespace()
        .any(|word| word.len() > 1 && words::is_common(word))
}

/// A parse of keys and values whose names are parted from what stands with them.
pub(super) fn named(page: &Page, lexicon: &Lexicon, mut parse: Parse) -> Parse {
    for one in &mut parse.candidates {
        lead_name(page, one);
        part_company(page, one);
        end_company(page, one);
        if one.url.is_empty() {
            one.url.extend(told::link(page, &one.whole));
        }
    }
    with_names(page, lexicon, parse)
}

/// A parse without entries whose name is that of a kind or of data.
pub(super) fn with_names(page: &Page, lexicon: &Lexicon, mut parse: Parse) -> Parse {
    parse.candidates.retain(|one| {
        let name = page.get(&one.name);
        let written = name.chars().find(|c| c.is_alphanumeric());
        grid::is_name(name, lexicon)
            || !words::is_common(name)
                && written.is_some_and(|c| !c.is_lowercase() || name::is_distinct(name))
    });
    parse
}

/// Of the words before the first key only the bold ones are the name.
fn lead_name(page: &Page, one: &mut Candidate) {
    let bold = page.strong_at(one.name.start);
    if let Some(bold) = bold.filter(|bold| bold.end < one.name.end)
        && name::opening(page.get(bold).trim_end()).is_some()
    {
        one.purpose.push(bold.end..one.name.end);
        one.name = bold.start.max(one.name.start)..bold.end;
    }
}

/// The full stop of a sentence is no part of a company.
fn end_company(page: &Page, one: &mut Candidate) {
    let Some(vendor) = &mut one.vendor else {
        return;
    };
    let text = page.get(vendor);
    if text.ends_with('.') && !name::is_short(text.rsplit(' ').next().unwrap_or(text)) {
        vendor.end -= 1;
    }
}

/// A table's entries without those whose name is that of a kind; where a
/// company stands before `Product: purpose`, the product is the name.
pub(super) fn rows(page: &Page, lexicon: &Lexicon, mut parse: Parse) -> Option<Parse> {
    let before = parse.candidates.len();
    parse.candidates.retain(|one| {
        let name = page.get(&one.name);
        !words::is_common(name)
            || name.to_lowercase().contains("sdk")
            || grid::is_known(name, lexicon)
    });
    if parse.candidates.len() * 2 < before {
        return None; // a table of kinds
    }
    parse.candidates.iter_mut().for_each(|one| {
        part_remark(page, lexicon, one);
        part_company(page, one);
        name_product(page, one);
        told_beside(page, one);
    });
    Some(parse)
}

/// Takes out the rows of a table that say themselves that nothing of theirs is in
/// the app: `No` below `In app`, `No SDK; from our server`.
pub(super) fn part_outsiders(page: &Page, rows: &[Vec<Cell>], parse: &mut Parse) {
    static IN_APP: Pattern = Pattern::new(
        r"(?i)^(?:(?:sdk |software |code )?(?:is )?in(?:side)? (?:the |our )?apps?|in-app(?: sdk)?|embedded(?: in (?:the |our )?app)?|sdk in use|runs in (?:the |our )?app)\s?\??$",
    );
    static NO_SDK: Pattern = Pattern::new(r"(?i)^no sdk\b");
    let Some((head, body)) = rows.split_first() else {
        return;
    };
    let told = head
        .iter()
        .position(|cell| IN_APP.is_match(page.get(&cell.range).trim()));
    let says_no = |row: &&Vec<Cell>| {
        let cell = told.and_then(|at| row.get(at));
        cell.is_some_and(|cell| {
            let answer = page.get(&cell.range).trim().trim_end_matches('.');
            answer.eq_ignore_ascii_case("no")
        }) || row
            .iter()
            .any(|cell| NO_SDK.is_match(page.get(&cell.range)))
    };
    let gone: Vec<Range<usize>> = body
        .iter()
        .filter(says_no)
        .filter_map(|row| Some(row.first()?.range.start..row.last()?.range.end))
        .collect();
    let within = |one: &Candidate| {
        let after = gone.partition_point(|row| row.start <= one.name.start);
        let row = after.checked_sub(1).and_then(|at| gone.get(at));
        row.is_some_and(|row| one.name.end <= row.end)
    };
    parse.candidates.retain(|one| !within(one));
}

/// `Knot (age checks)`: a name, and in small letters what it is for.
fn part_remark(page: &Page, lexicon: &Lexicon, one: &mut Candidate) {
    let text = page.get(&one.name);
    let Some((head, inner)) = text
        .strip_suffix(')')
        .and_then(|text| text.split_once(" ("))
    else {
        return;
    };
    // `(mobile)` says which of two it is.
    let small = inner.contains(' ')
        && !inner.contains(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == '(');
    if small && !grid::is_known(text, lexicon) && head.chars().count() > 2 {
        let from = one.name.end - 1 - inner.len();
        one.purpose.push(from..from + inner.len());
        one.name.end = one.name.start + head.trim_end().len();
    }
}

/// `Knot Ads by Knot Pty Ltd`: the name and whose it is.
fn part_company(page: &Page, one: &mut Candidate) {
    let text = page.get(&one.name);
    if let Some((company, product)) = text.split_once(": ")
        && name::is_company(company)
        && one.vendor.is_none()
    {
        // `Knot Ltd.: Knot Ads`
        one.vendor = Some(one.name.start..one.name.start + company.len());
        one.name.start = one.name.end - product.len();
        return;
    }
    if let Some(opening) = name::opening(text)
        && opening.end == text.len()
        && let Some(vendor) = opening
            .vendor
            .filter(|vendor| vendor.start > opening.name.end)
        && one.vendor.is_none()
    {
        let start = one.name.start;
        one.name = start + opening.name.start..start + opening.name.end;
        one.vendor = Some(start + vendor.start..start + vendor.end);
    }
}

/// What a cell of the purpose says is got where no column tells the data:
/// `Delivery of messages; processes a push token`.
fn told_beside(page: &Page, one: &mut Candidate) {
    if !one.data.is_empty() {
        return;
    }
    let says = |cell: &Range<usize>| {
        let from = told::gets(page.get(cell))?;
        Some(told::affirmed(page, &(cell.start + from..cell.end)))
    };
    one.data = one.purpose.iter().filter_map(says).flatten().collect();
}

fn name_product(page: &Page, one: &mut Candidate) {
    if one.vendor.is_some()
        || !name::is_company(page.get(&one.name))
        || page.get(&one.name).contains('(')
    {
        return;
    }
    let Some(purpose) = one.purpose.first_mut() else {
        return;
    };
    let text = page.get(purpose);
    let Some((product, _)) = text.split_once(": ") else {
        return;
    };
    let whole = name::opening(product).is_some_and(|opening| opening.end == product.len());
    if whole && name::is_distinct(product) {
        let product = purpose.start..purpose.start + product.len();
        purpose.start = (product.end + 2).min(purpose.end);
        one.vendor = Some(std::mem::replace(&mut one.name, product));
    }
}

#[cfg(test)]
mod tests;
