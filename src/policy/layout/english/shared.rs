//! What a lead says that all entries of the list below it get: `Each of them
//! may receive your X, Y and Z`.

use std::ops::Range;

use crate::policy::pattern::{Match, Pattern};

use super::super::{Candidate, Parse, is_none_word};
use super::{blocks, told};
use crate::policy::Lexicon;
use crate::policy::page::{Block, Line, Page};
use crate::policy::sentence;

/// Bytes above a list in which its lead stands.
const REACH: usize = 1_200;

/// A sentence about every single entry of a list.
static EVERY: Pattern = Pattern::new(
    r"(?ix)\b(?:(?:each|all|every\sone|both)\sof\s(?:them|these|those|the\s\w+)|(?:they|these|those)(?:\s\w+)?\s(?:all|each)|all\s(?:\w+\s){0,3}(?:partners|networks|companies|providers|services|sdks|vendors|tools|parties|libraries|components|modules))\b[^.;:]*?
        \b(?:receives?|collects?|gets?|access(?:es)?|process(?:es)?|obtains?|sees?|reads?|gathers?|uses?|stores?|learns?|(?:is|are)\s(?:given|told|sent))\b",
);

/// A sentence about a list's entries.
static ALL: Pattern = Pattern::new(
    r"(?ixm)\b(?:(?:each|all|any|some|every\sone)\sof\s(?:them|these|those|the\s\w+)|they|these\s(?:\w+\s){0,3}(?:partners|networks|companies|providers|services|sdks|vendors|tools|parties|libraries|components)
        |(?:our|the|these|those|such|following)\s(?:\w+\s){0,3}(?:partners|networks|providers|sdks|vendors|companies)|their\s(?:\w+\s)?(?:sdks?|software|kits|modules|libraries)|which
        |^\W*(?:\w+\s){0,3}(?:partners|networks|providers|sdks|vendors|companies)\s(?:may|can|will|could|receive|collect|get|use|process))\b[^.;:]*?
        \b(?:receives?|collects?|gets?|access(?:es)?|process(?:es)?|obtains?|sees?|reads?|gathers?|uses?|stores?)\b",
);

/// What the lead of a list says of its entries.
#[derive(Debug, Default)]
struct Lead {
    /// Of each, whatever else it gets.
    every: Vec<Range<usize>>,
    /// Of those of which nothing else is said.
    all: Vec<Range<usize>>,
}

/// Gives the entries of a list what the text between their heading and the
/// first of them says of all.
pub(super) fn attach(page: &Page, lexicon: &Lexicon, parse: &mut Parse) {
    let mut lead = Lead::default();
    let mut before: Option<usize> = None;
    for one in &mut parse.candidates {
        let start = one.whole.start;
        let same =
            before.is_some_and(|before| before >= start || section(page, before, start) == before);
        if !same {
            lead = of(page, start);
        }
        before = Some(start);
        give(page, lexicon, one, &lead);
    }
    attach_behind(page, lexicon, parse);
}

/// Bytes of a list that a sentence behind it speaks of.
const LIST: usize = 12_000;

/// The same for a sentence right behind the list, which speaks of its last
/// section.
fn attach_behind(page: &Page, lexicon: &Lexicon, parse: &mut Parse) {
    static OPENS: Pattern = Pattern::new(
        r"(?i)^\W*(?:(?:all|each|every one) of (?:them|these|those|the above)|they all|(?P<some>(?:the above|these) (?:\w+ )?(?:partners|networks|companies|providers|services|sdks|vendors|tools|modules|kits)))\b",
    );
    let end = parse.covered.end;
    let behind = page.get(&(end..sentence::floor(&page.text, end.saturating_add(REACH))));
    let skip = behind.len() - behind.trim_start().len();
    let line = behind.get(skip..).unwrap_or_default();
    let line = line.split('\n').next().unwrap_or_default();
    let Some(first) = told::sentences(line).into_iter().next() else {
        return;
    };
    let first = end + skip + first.start..end + skip + first.end;
    let words = page.get(&first);
    let Some(opens) = OPENS.captures(words).filter(|_| told::is_got(words)) else {
        return;
    };
    let mut lead = Lead::default();
    let said = told::affirmed(page, &first);
    match opens.name("some") {
        Some(_) => lead.all = said,
        None => lead.every = said,
    }
    let reach = sentence::floor(&page.text, end.saturating_sub(LIST));
    let mut from = blocks::section(page, reach, end);
    if from >= end {
        from = blocks::section(page, reach, parse.covered.start); // behind a table
    }
    let last = |one: &&mut Candidate| one.whole.start >= from;
    for one in parse.candidates.iter_mut().filter(last) {
        give(page, lexicon, one, &lead);
    }
}

fn give(page: &Page, lexicon: &Lexicon, one: &mut Candidate, lead: &Lead) {
    let denies = told::says_nothing(page.get(&one.whole))
        || !one.data.is_empty() && one.data.iter().all(|data| is_none_word(page.get(data)));
    if denies {
        return;
    }
    let silent = one
        .data
        .iter()
        .all(|data| lexicon.terms.find(page.get(data)).is_empty());
    one.shared.extend(lead.every.iter().cloned());
    if silent {
        one.shared.extend(lead.all.iter().cloned());
    }
}

/// Where the section of a list starts, not before `from`: behind a heading that is
/// marked up, or below one that is only numbered.
fn section(page: &Page, from: usize, start: usize) -> usize {
    let headed = blocks::section(page, from, start);
    let item = page.get(&(start..sentence::floor(&page.text, start.saturating_add(16))));
    if number(item).is_some() {
        return headed; // entries are numbered, not sections
    }
    let first = page.blocks.partition_point(|block| {
        matches!(block, Block::Line(line) if line.range.start <= headed)
            || blocks::block_end(block) <= headed
    });
    let lines = page
        .blocks
        .iter()
        .skip(first)
        .map_while(|block| match block {
            Block::Line(line) => Some(line),
            Block::Table(_) => None,
        });
    let mut heading = None;
    for line in lines.take_while(|line| line.range.end <= start) {
        match numbered_heading(page, line) {
            // Kinds of entries are counted from one below their lead.
            Some(1) => return headed,
            Some(_) => heading = Some(line.range.start),
            None => {}
        }
    }
    heading.unwrap_or(headed)
}

/// Longest numbered heading, in characters.
const MAX_HEADING: usize = 72;

/// The number of a line of plain text that heads a section: `6. Partners`.
fn numbered_heading(page: &Page, line: &Line) -> Option<u32> {
    if !line.apart || line.indent > 0 {
        return None;
    }
    let text = page.get(&line.range);
    let number = number(text)?;
    let title =
        text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | ' '));
    let short = title.chars().take(MAX_HEADING + 1).count() <= MAX_HEADING;
    let heads = title.starts_with(char::is_uppercase)
        && !title.ends_with(['.', ':', ';', ',', '!'])
        && !title.contains("://");
    (short && heads).then_some(number)
}

/// The whole number that a line opens with: `6. `, `6) `.
fn number(text: &str) -> Option<u32> {
    let (mark, _) = text.split_once(' ')?;
    let digits = mark.strip_suffix(['.', ')']).unwrap_or(mark);
    let counted = (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    counted.then(|| digits.parse().ok())?
}

/// What the text between the heading and a list says of its entries.
fn of(page: &Page, start: usize) -> Lead {
    let from = sentence::floor(&page.text, start.saturating_sub(REACH));
    let from = section(page, from, start);
    let text = page.get(&(from..start));
    let mut lead = Lead::default();
    for piece in told::sentences(text) {
        let words = text.get(piece.clone()).unwrap_or_default();
        let said = |found: Match<'_>| {
            let range = from + piece.start + found.start()..from + piece.end;
            told::affirmed(page, &range)
        };
        if let Some(found) = EVERY.find(words) {
            lead.every.extend(said(found));
        } else if let Some(found) = ALL.find(words) {
            lead.all.extend(said(found));
        }
    }
    lead
}
