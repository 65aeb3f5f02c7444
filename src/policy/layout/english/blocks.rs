//! Lists of services as English policies write them: bullets, lines and titles
//! that open with a name, each with what is told of it behind or below, and
//! lines `A, B and C` below a purpose.

use std::ops::Range;
use std::sync::LazyLock;

use crate::policy::pattern::Pattern;

use super::name::{self, Opening};
use super::{Own, told, words};
use crate::formats::limits::{MAX_ENTRY_TEXT, MAX_POLICY_RECORDS};
use crate::policy::Lexicon;
use crate::policy::document::LineKind;
use crate::policy::layout::keys::Keys;
use crate::policy::layout::{Candidate, Parse, grid, prose, score};
use crate::policy::page::{Line, Page};
use crate::policy::roles::{self, Role};
use crate::policy::{sentence, url};

/// Words of a heading or a lead over services of others.
static THIRD: Pattern = Pattern::new(
    r"(?ix)third[-\s]part(?:y|ies)|\bsdks?\b|software\sdevelopment\skits?|\bpartners?\b|\b(?:service|analytics|advertising|technology|cloud|payment)\s?(?:\w+\s)?providers?\b
        |\bvendors?\b|\bsuppliers?\b|\b(?:sub-?)?processors?\b|\bad(?:vertising)?[-\s]networks?\b|\bmediation\b|\bintegrat\w+|\blibrar(?:y|ies)\b|\bplug-?ins?\b
        |\bfollowing\s(?:external\s|outside\s)?(?:services|tools|companies|products|providers|components)\b|\b(?:services|tools|companies|providers|components)\s(?:that\s)?(?:we|listed|below|our)\b
        |\btrackers?\b|\bother\scompanies\b|\bexternal\s(?:services|providers|companies|tools)\b|\boutside\s(?:services|companies|help)\b|\bwho\shelps\b",
);

/// Words of a sentence that leads into a list of services of others.
static LEAD: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::of(format!(
        r"(?ix){}|\b(?:providers?|services|tools|companies|networks?|software|businesses|them|analytics)\b",
        THIRD.as_str().trim_start_matches("(?ix)")
    ))
});

/// Sections that list no services, whatever the text around them says.
static OTHER: Pattern = Pattern::new(
    r"(?i)\bcontact(?:ing)? us\b|\byour rights\b|\bpermissions?\b|\bcookies?\b|table of contents|\bdefinitions?\b|\bour (?:apps|games|products)\b|open[- ]source|licen[cs]es|acknowledg|\bhow to contact\b|you contact us|\bregulators?\b",
);

/// Keys of the lines of a service block.
static KEYS: Pattern = Pattern::new(
    r"(?i)^\W{0,4}(?:personal data|data|information)(?: (?:types?|categories))?(?: (?:that (?:is|are) )?(?:processed|collected|shared|received|used|sent))?(?: (?:by|with) (?:it|them|this service))?\s*:|^\W{0,4}(?:place of (?:processing|treatment)|read more|learn more|more information|privacy(?: policy)?|opt[- ]out|purpose)\s*(?::|–|-)|personal\s+data\s+processed\s*:",
);

/// The value of a data key, wherever it stands in a block.
static DATA_KEY: Pattern = Pattern::new(
    r"(?i)(?:^|[\n.*_]\s*)(?:personal\s+data|data|information)(?: (?:types?|categories))?(?:\s+(?:that (?:is|are) )?(?:processed|collected|shared|received|used|sent))?\s*:\s*",
);

/// What ends such a value.
static DATA_END: Pattern =
    Pattern::new(r"(?i)\n|\.\s|place\s+of\s+(?:processing|treatment)|https?://");

/// Words that no heading of a purpose holds.
static CLAUSE: Pattern =
    Pattern::new(r"(?i)\b(?:we|our|you|your|these|following|are|is|was|may|can|it)\b");

/// Headings that tell no purpose.
static NO_PURPOSE: Pattern = Pattern::new(
    r"(?i)\b(?:who|whom|how|what|third|parties|providers?|vendors?|processors?|companies|software|sdks?|partners?|data|information|privacy|list|policy|services|recipients?|sharing|components)\b",
);

/// What speaks to the user and not of a service.
static ADVICE: Pattern = Pattern::new(
    r"(?i)^\W*(?:if you\b|you (?:can|may|have|must)\b|to (?:opt|turn|disable|exercise)\b|when you\b|please\b|click\b|we\b)",
);

/// Bytes above a list in which its heading and lead are looked for.
const ABOVE: usize = 1_500;

/// Longest line that may be a title, in characters.
const MAX_TITLE: usize = 90;

/// Longest function in a heading, in characters.
const MAX_FUNCTION: usize = 40;

/// What parts of a document are called that headings count.
const COUNTED: [&str; 12] = [
    "section", "part", "chapter", "appendix", "schedule", "annex", "article", "step", "version",
    "update", "note", "privacy",
];

/// Lines below a title that may belong to it.
const MAX_BODY: usize = 8;

/// One opening of an entry.
struct Entry {
    opening: Opening,
    /// Text told of this entry alone.
    rest: Range<usize>,
    whole: Range<usize>,
    /// The words of the purpose above or in front.
    purpose: Option<Range<usize>>,
    /// Whether its line ends with its name and company.
    title: bool,
    marked: bool,
    indent: usize,
    /// Its name is bold and what follows is not.
    led: bool,
    /// A kind of service stands in front: `Analytics providers: A, B`.
    of_kind: bool,
    /// A heading that names it behind what it is for: `Crash reports – Dunlin`.
    headed: bool,
}

/// Lines that one line was broken into.
struct Unit {
    range: Range<usize>,
    kind: LineKind,
    apart: bool,
    indent: usize,
    marked: bool,
}

/// Reads the lists of a run of lines.
pub(super) fn read(page: &Page, lexicon: &Lexicon, own: &Own, lines: &[&Line]) -> Vec<Parse> {
    let units = units(page, lines);
    let mut parses = Vec::new();
    let mut run: Vec<Entry> = Vec::new();
    let mut category: Option<Range<usize>> = None;
    let mut at = 0;
    while let Some(unit) = units.get(at) {
        if run.len() > MAX_POLICY_RECORDS {
            break; // the reader says that the list was cut
        }
        let mut found = entries(page, lexicon, unit, category.as_ref());
        found.retain(|entry| !own.is(page.get(&entry.opening.name)));
        if heads_next(page, lexicon, unit, &found, run.last()) {
            found.clear(); // `2.2 Streaming` behind bullets
        }
        if found.is_empty() {
            if extends(page, &run, unit, &units, at) {
                if let Some(last) = run.last_mut() {
                    last.rest.end = unit.range.end;
                    last.whole.end = unit.range.end;
                }
            } else {
                if heads(page, unit) {
                    category = Some(sentence::strip_marker(page, &unit.range));
                } else if unit.kind != LineKind::Text || !unit.apart {
                    category = None;
                }
                let between = unit.marked && heads(page, unit);
                if !between {
                    parses.extend(flush(page, lexicon, own, &mut run));
                }
            }
        } else {
            run.extend(found);
        }
        at += 1;
    }
    parses.extend(flush(page, lexicon, own, &mut run));
    parses
}

/// Whether a numbered line behind items of another mark is the next heading
/// and no item.
fn heads_next(
    page: &Page,
    lexicon: &Lexicon,
    unit: &Unit,
    found: &[Entry],
    last: Option<&Entry>,
) -> bool {
    let numbered = |range: &Range<usize>| {
        let text = page.get(range);
        let mark = sentence::marker(text).and_then(|end| text.get(..end));
        mark.is_some_and(|mark| mark.contains(|c: char| c.is_ascii_digit()))
    };
    let ([one], Some(last)) = (found, last) else {
        return false;
    };
    let plain = one.title
        && one.opening.vendor.is_none()
        && page.link_in(&one.whole).is_none()
        && !grid::is_known(page.get(&one.opening.name), lexicon);
    plain && last.marked && numbered(&unit.range) && !numbered(&last.whole)
}

/// Joins lines that one sentence was broken into.
fn units(page: &Page, lines: &[&Line]) -> Vec<Unit> {
    let mut found: Vec<Unit> = Vec::new();
    let mut last_line = 0..0;
    for line in lines {
        let text = page.get(&line.range);
        let marked = line.kind == LineKind::Item || sentence::marker(text).is_some();
        let continues = found.last().is_some_and(|unit| {
            let above = page.get(&last_line);
            let open = above.len() >= 50
                && !above.ends_with(['.', ':', ';', '!', '?', ')'])
                && !above.contains("://");
            let hangs =
                unit.marked && line.indent >= unit.indent + 2 && !above.ends_with(['.', ':']);
            line.kind == LineKind::Text
                && !marked
                && !line.apart
                && unit.kind != LineKind::Heading
                && (open || hangs)
                && unit.range.len() < MAX_ENTRY_TEXT
        });
        match found.last_mut() {
            Some(unit) if continues => unit.range.end = line.range.end,
            _ => found.push(Unit {
                range: line.range.clone(),
                kind: line.kind,
                apart: line.apart,
                indent: line.indent,
                marked,
            }),
        }
        last_line = line.range.clone();
    }
    found
}

/// A short line of common words that heads what follows: a purpose, a kind of
/// service.
fn heads(page: &Page, unit: &Unit) -> bool {
    let inner = sentence::strip_marker(page, &unit.range);
    let text = page.get(&inner);
    let length = text.chars().count();
    (3..=MAX_TITLE).contains(&length)
        && !text.contains("://")
        && !text.ends_with(['.', ';', '?', '!'])
        && (unit.marked || unit.kind == LineKind::Heading || unit.apart)
        && text.starts_with(char::is_uppercase)
        && !CLAUSE.is_match(text)
}

/// The entries that a line opens.
fn entries(
    page: &Page,
    lexicon: &Lexicon,
    unit: &Unit,
    category: Option<&Range<usize>>,
) -> Vec<Entry> {
    let inner = sentence::strip_marker(page, &unit.range);
    let text = page.get(&inner);
    if text.len() > MAX_ENTRY_TEXT || text.ends_with('?') || is_key(page, &inner) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let one = |opening: Opening, title: bool, purpose: Option<Range<usize>>| Entry {
        rest: opening.end..inner.end,
        whole: unit.range.start..inner.end,
        opening,
        purpose,
        title,
        marked: unit.marked,
        indent: unit.indent,
        led: leads(page, &inner),
        of_kind: false,
        headed: false,
    };
    let alone =
        |range: &Range<usize>| name::enumeration(page.get(range)).filter(|names| names.len() > 1);
    let short = text.chars().count() <= 400;
    if unit.kind == LineKind::Heading
        && let Some((purpose, opening)) = of_function(text)
    {
        let purpose = inner.start..inner.start + purpose;
        let mut entry = one(name::shifted(opening, inner.start), true, Some(purpose));
        entry.headed = true;
        found.push(entry);
    } else if short && let Some(names) = alone(&inner) {
        for opening in names {
            let opening = name::shifted(opening, inner.start);
            found.push(one(opening, true, category.cloned()));
        }
    } else if unit.marked
        && let Some(names) = several(text, lexicon)
    {
        for opening in names {
            let opening = name::shifted(opening, inner.start);
            found.push(one(opening, false, category.cloned()));
        }
    } else if let Some(opening) = name::opening(text)
        .or_else(|| known(text, lexicon))
        .or_else(|| linked(page, &inner))
    {
        let behind = text.get(opening.end..).unwrap_or_default();
        let title = behind.trim_matches([' ', '.', ':', '*', '_']).is_empty()
            && text.chars().count() <= MAX_TITLE;
        if title || parts(behind, unit.marked) || leads(page, &inner) {
            found.push(one(
                name::shifted(opening, inner.start),
                title && !text.ends_with('.'),
                category.cloned(),
            ));
        }
    } else if let Some((kind, listed)) = text.split_once(": ").filter(|_| short)
        && words::is_common(kind)
        && kind.chars().count() <= 50
        && let Some(names) = name::enumeration(listed).or_else(|| {
            let opening = name::opening(listed)?;
            let rest = listed.get(opening.end..)?;
            (unit.marked && (rest.starts_with([',', '.']) || rest.starts_with(" (")))
                .then(|| vec![opening])
        })
    {
        // `Mediation: A (A Ltd.)`
        let from = inner.end - listed.len();
        let purpose = inner.start..inner.start + kind.len();
        for opening in names {
            found.push(one(
                name::shifted(opening, from),
                true,
                Some(purpose.clone()),
            ));
        }
    }
    for entry in &mut found {
        if entry.title {
            entry.rest = entry.whole.end..entry.whole.end;
        }
    }
    found
}

/// A heading `Crash reports – Dunlin`: where the function ends, and the name.
fn of_function(text: &str) -> Option<(usize, Opening)> {
    let (end, mark) = [" – ", " — ", " - ", ": "]
        .iter()
        .filter_map(|mark| Some((text.find(mark)?, mark.len())))
        .min()?;
    let function = text.get(..end)?;
    let mut inner = function.split(' ');
    let first = inner.next()?.to_lowercase();
    let small = inner.all(|word| !word.starts_with(char::is_uppercase));
    let counted =
        COUNTED.contains(&first.as_str()) || function.contains(|c: char| c.is_ascii_digit());
    if counted || function.chars().count() > MAX_FUNCTION || !small && !words::is_common(function) {
        return None;
    }
    let named = name::opening(text.get(end + mark..)?)?;
    let opening = name::shifted(named, end + mark);
    (opening.end == text.len()).then_some((end, opening))
}

/// Whether the bold words that open a line are a name and nothing else.
fn leads(page: &Page, inner: &Range<usize>) -> bool {
    let Some(bold) = page.strong_at(inner.start) else {
        return false;
    };
    let words = page.get(bold).trim_end();
    name::opening(words).is_some_and(|opening| opening.end == words.len())
}

/// A short line that is nothing but a link is a name, however it is written.
fn linked(page: &Page, range: &Range<usize>) -> Option<Opening> {
    let link = page.link_in(range)?;
    let text = page.get(range);
    let whole = link.range.start <= range.start && range.end <= link.range.end;
    let name =
        text.split(' ').count() <= 3 && text.chars().count() <= 40 && !words::is_common(text);
    (whole && name && link.target.starts_with("http") && !text.contains("://")).then_some(Opening {
        name: 0..text.len(),
        vendor: None,
        end: text.len(),
    })
}

/// Known names that share what stands behind them: `Knot and Dunlin - https://…`.
fn several(text: &str, lexicon: &Lexicon) -> Option<Vec<Opening>> {
    let marks = [":", " – ", " - ", " — ", "\t", " http"];
    let end = marks.iter().filter_map(|mark| text.find(mark)).min()?;
    let head = text.get(..end).filter(|head| head.len() <= MAX_TITLE)?;
    let mut names = name::enumeration(head).filter(|names| names.len() > 1)?;
    for opening in &mut names {
        if !grid::is_known(head.get(opening.name.clone())?, lexicon) {
            return None;
        }
        opening.end = end;
    }
    Some(names)
}

/// A known product at the start of a line, however it is written.
fn known(text: &str, lexicon: &Lexicon) -> Option<Opening> {
    let end = text.find([':', '(', ',', '\n', '\t']).unwrap_or(text.len());
    let head = text.get(..end)?;
    let head = [" – ", " - ", " — "]
        .iter()
        .filter_map(|mark| head.find(mark))
        .min()
        .map_or(head, |at| head.get(..at).unwrap_or(head))
        .trim_end();
    let named = head.chars().count() <= 40 && !words::is_common(head);
    (named && grid::is_known(head, lexicon)).then_some(Opening {
        name: 0..head.len(),
        vendor: None,
        end: head.len(),
    })
}

/// Whether what stands behind a name parts it from a description.
fn parts(behind: &str, marked: bool) -> bool {
    let start = behind.trim_start();
    let mark = [
        ":", "– ", "- ", "— ", "—", "(", "http", "\n", ". ", ", ", "; ",
    ]
    .iter()
    .any(|mark| start.starts_with(mark));
    let strong = [":", "– ", "- ", "— ", "—", "http", "\n"]
        .iter()
        .any(|mark| start.starts_with(mark));
    let says = || {
        [
            "for ",
            "to ",
            "is ",
            "which ",
            "helps ",
            "provides ",
            "used ",
            "collects ",
            "receives ",
        ]
        .iter()
        .any(|word| start.starts_with(word))
    };
    strong || marked && (mark || says())
}

/// Whether a line belongs to the entry above it.
fn extends(page: &Page, run: &[Entry], unit: &Unit, units: &[Unit], at: usize) -> bool {
    let Some(last) = run.last() else { return false };
    let text = page.get(&unit.range);
    if of_all(text) || unit.kind == LineKind::Heading || last.whole.len() > MAX_ENTRY_TEXT {
        return false;
    }
    let above = at.checked_sub(1).and_then(|at| units.get(at));
    let near = above.is_some_and(|above| {
        above.range.end == last.whole.end || last.title && above.range.end >= last.whole.end
    });
    let taken = units
        .iter()
        .take(at)
        .rev()
        .take_while(|unit| unit.range.start >= last.rest.start)
        .count();
    if !near || taken > MAX_BODY {
        return false;
    }
    let keyed = is_key(page, &sentence::strip_marker(page, &unit.range));
    let sentence = text.ends_with(['.', ')', '!'])
        || text.contains(". ")
        || url::is_link(text)
        || text.chars().count() > MAX_TITLE;
    if keyed {
        return true;
    }
    if unit.marked {
        let below = last.marked && unit.indent > last.indent;
        let inner = sentence::strip_marker(page, &unit.range);
        let small = page.get(&inner).starts_with(char::is_lowercase);
        return last.title && unit.indent >= 2 && sentence || below && small;
    }
    // Behind a bullet only what hangs below it; below a title its paragraph.
    let first = last.rest.is_empty();
    sentence
        && (!unit.apart
            || last.title && (first || unit.kind == LineKind::Text && speaks(page, last, unit)))
        || last.marked && unit.indent >= 2 && (!unit.apart || last.title)
}

/// Whether a line speaks of all entries.
fn of_all(text: &str) -> bool {
    [
        "All ",
        "Each ",
        "These ",
        "They ",
        "Both ",
        "The above",
        "Any of",
    ]
    .iter()
    .any(|word| text.starts_with(word))
}

/// Whether a line opens with a key: what it says is said of an entry above.
fn is_key(page: &Page, range: &Range<usize>) -> bool {
    let text = page.get(range);
    // The colon of `Knot Services - https://…` ends no key.
    let key = text
        .split_once(':')
        .filter(|(_, value)| !value.starts_with("//"))
        .map(|(key, _)| key);
    // `Mapping providers: A and B` names them.
    let kinds = |key: &str| {
        [
            "providers",
            "processors",
            "partners",
            "vendors",
            "networks",
            "tools",
            "suppliers",
            "services",
        ]
        .iter()
        .any(|kind| key.ends_with(kind))
    };
    KEYS.is_match(text)
        || key
            .filter(|key| !kinds(key))
            .is_some_and(|key| key.chars().count() <= 40 && roles::of(key).is_some())
}

/// Whether a line speaks of the entry above by its name or as "it".
fn speaks(page: &Page, entry: &Entry, unit: &Unit) -> bool {
    let text = page.get(&unit.range);
    let name = page.get(&entry.opening.name);
    let first = name.split(' ').next().unwrap_or(name);
    text.starts_with(first)
        || [
            "It ",
            "This service",
            "The service",
            "Data ",
            "They ",
            "Their ",
            "For more information",
            "For further information",
            "You may opt",
            "You can opt",
        ]
        .iter()
        .any(|word| text.starts_with(word))
}

/// How sure an entry is one, in halves: what is known or told of it counts.
fn weight(page: &Page, lexicon: &Lexicon, entry: &Entry) -> u32 {
    let name = page.get(&entry.opening.name);
    let rest = page.get(&entry.rest);
    if words::is_elsewhere(name) {
        return 0;
    }
    let sure = grid::is_known(name, lexicon) || entry.opening.vendor.is_some() || entry.led;
    if !sure && ADVICE.is_match(rest) {
        return 0;
    }
    let linked = told::link(page, &entry.whole).is_some();
    let strong = grid::is_known(name, lexicon)
        || grid::ends_in_sdk(name) && !prose::is_generic(name)
        || entry.opening.vendor.is_some()
        || name::is_company(name)
        || linked
        || keyed(rest)
        || entry.of_kind
        || is_told(lexicon, entry, rest)
        || introduced(page, entry)
        || self_evident(page, entry);
    match (strong, name::is_distinct(name)) {
        (true, _) => 4,
        (false, true) => 3,
        (false, false) => 2,
    }
}

/// Whether the text below a heading that names a service says what it gets.
fn is_told(lexicon: &Lexicon, entry: &Entry, rest: &str) -> bool {
    entry.headed && told::is_got(rest) && !lexicon.terms.find(rest).is_empty()
}

fn keyed(rest: &str) -> bool {
    DATA_KEY.is_match(rest) || rest.split('\n').any(|line| KEYS.is_match(line))
}

/// A block that opens with `X is a …`.
fn introduced(page: &Page, entry: &Entry) -> bool {
    let rest = page.get(&entry.rest);
    let text = rest.trim_start();
    let first = page
        .get(&entry.opening.name)
        .split(' ')
        .next()
        .unwrap_or_default()
        .to_owned();
    let (_, vendor) = told::is_a(page, &entry.rest);
    entry.title && text.starts_with(&first) && (vendor.is_some() || told::is_service(text))
}

/// A block that says itself that it is of a service: a company and its keys.
fn self_evident(page: &Page, entry: &Entry) -> bool {
    let rest = page.get(&entry.rest);
    let (_, vendor) = told::is_a(page, &entry.rest);
    entry.title && keyed(rest) && (entry.opening.vendor.is_some() || vendor.is_some())
}

/// The heading and the lead above a list.
pub(super) fn above(page: &Page, start: usize) -> &str {
    let mut from = start.saturating_sub(ABOVE);
    while !page.text.is_char_boundary(from) {
        from -= 1;
    }
    page.get(&(section(page, from, start)..start))
}

/// Where the section that a place stands in starts, not before `from`.
pub(super) fn section(page: &Page, from: usize, start: usize) -> usize {
    let first = page
        .blocks
        .partition_point(|block| block_end(block) <= from);
    let last = page
        .blocks
        .partition_point(|block| block_end(block) <= start);
    let blocks = page.blocks.get(first..last).unwrap_or_default();
    let heading = blocks.iter().rev().find_map(|block| match block {
        crate::policy::page::Block::Line(line) if line.kind == LineKind::Heading => {
            Some(line.range.start)
        }
        crate::policy::page::Block::Table(rows) => rows
            .last()
            .and_then(|row| row.last())
            .map(|cell| cell.range.end),
        _ => None,
    });
    heading.unwrap_or(from).max(from)
}

pub(super) fn block_end(block: &crate::policy::page::Block) -> usize {
    match block {
        crate::policy::page::Block::Line(line) => line.range.end,
        crate::policy::page::Block::Table(rows) => rows
            .iter()
            .flatten()
            .map(|cell| cell.range.end)
            .max()
            .unwrap_or(0),
    }
}

/// Whether the text above a list is a heading or a lead over services of
/// others; twice when its last line leads into the list.
fn context(page: &Page, start: usize) -> u32 {
    let text = above(page, start);
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let from = start - text.len().min(start);
    let cut = page
        .get(&(0..from))
        .chars()
        .next_back()
        .is_some_and(|c| c != '\n');
    let first = lines.first().copied().filter(|_| !cut).unwrap_or_default();
    let last = lines.last().copied().unwrap_or_default();
    if OTHER.is_match(first) && first.chars().count() <= MAX_TITLE && !THIRD.is_match(last) {
        return 0;
    }
    // A purpose may stand between the lead and its list.
    let lead = lines
        .iter()
        .rev()
        .take(3)
        .find(|line| line.ends_with([':', '.']))
        .copied()
        .unwrap_or_default();
    let leads = THIRD.is_match(last) && last.chars().count() <= MAX_TITLE
        || lead.ends_with(':') && LEAD.is_match(lead.rsplit(". ").next().unwrap_or(lead));
    u32::from(THIRD.is_match(text)) + u32::from(leads)
}

/// A run of entries as a list of services, when enough of it looks like one.
fn flush(page: &Page, lexicon: &Lexicon, own: &Own, run: &mut Vec<Entry>) -> Option<Parse> {
    let mut entries = std::mem::take(run);
    while entries.last().is_some_and(|last| {
        last.title
            && last.rest.is_empty()
            && weight(page, lexicon, last) < 4
            && entries.len() > 1
            && !last.marked
            && last.purpose.is_none()
            && entries.iter().any(|one| !one.rest.is_empty())
    }) {
        entries.pop(); // a heading behind the last entry
    }
    let start = entries.first()?.whole.start;
    let end = entries.iter().map(|one| one.whole.end).max()?;
    let count = entries.len();
    let owners = owners(page, lexicon, &mut entries);
    let companies = opens_with_companies(page, &entries);
    let weights: Vec<u32> = entries
        .iter()
        .map(|entry| weight(page, lexicon, entry))
        .collect();
    let evident = entries
        .iter()
        .filter(|entry| self_evident(page, entry))
        .count();
    let of_kind = entries.iter().zip(&weights);
    let of_kind = of_kind
        .filter(|(one, weight)| one.of_kind || one.headed && **weight == 4)
        .count();
    let told = of_kind * 2 >= entries.len() || own.asides.speak_of_software(start);
    let context = context(page, start).max(u32::from(told));
    let total: u32 = weights.iter().sum();
    let strong = weights.iter().filter(|weight| **weight == 4).count();
    let enough = match context {
        0 => evident > 0 && evident * 2 >= entries.len(),
        1 => total >= 6 && strong * 2 >= entries.len() || strong > 0 && strong == entries.len(),
        _ => total >= 4 || strong > 0,
    };
    if !enough {
        return None;
    }
    let keyed = entries
        .iter()
        .filter(|entry| Keys::default().pairs(page, &entry.rest).len() >= 2)
        .count();
    let candidates: Vec<Candidate> = entries
        .into_iter()
        .zip(owners)
        .zip(weights)
        .filter(|(_, weight)| *weight > 0)
        .map(|((entry, owner), _)| {
            let mut one = candidate(page, lexicon, entry, companies);
            if let Some(owner) = owner {
                one.vendor = one.vendor.or(Some(owner.name));
                if one.url.is_empty() {
                    one.url.push(owner.whole);
                }
            }
            one
        })
        .collect();
    // Blocks of keys and values have a reader of their own.
    let factor = if keyed * 2 > count { 1.2 } else { 1.45 };
    // Companies that head items are read too.
    let read = candidates.len().max(count);
    let score = (score(page, &candidates) * factor).max(read as f32 * 1.55);
    Some(Parse {
        candidates,
        covered: start..end,
        score,
    })
}

/// A company that heads the items below it.
struct Owner {
    name: Range<usize>,
    whole: Range<usize>,
}

/// Takes out the items that are companies over items of their own, and gives
/// each of the others the one above it. The first of them begins with it.
fn owners(page: &Page, lexicon: &Lexicon, entries: &mut Vec<Entry>) -> Vec<Option<Owner>> {
    let heads: Vec<bool> = (0..entries.len())
        .map(|at| {
            let (Some(one), Some(next)) = (entries.get(at), entries.get(at + 1)) else {
                return false;
            };
            let nested = one.marked && next.marked && next.indent > one.indent;
            let name = page.get(&one.opening.name);
            let bare = page
                .get(&one.rest)
                .chars()
                .filter(|c| c.is_alphabetic())
                .count()
                <= 24;
            nested && bare && (name::is_company(name) || !grid::is_known(name, lexicon))
        })
        .collect();
    let mut found = Vec::with_capacity(entries.len());
    let mut open: Option<(usize, Range<usize>, Range<usize>)> = None;
    let mut at = 0;
    let mut above = None;
    entries.retain_mut(|one| {
        let head = heads.get(at).copied().unwrap_or_default();
        at += 1;
        if head {
            open = Some((one.indent, one.opening.name.clone(), one.whole.clone()));
            above = Some(one.whole.start);
            return false;
        }
        one.whole.start = above.take().unwrap_or(one.whole.start);
        if open
            .as_ref()
            .is_some_and(|(indent, ..)| one.indent <= *indent)
        {
            open = None;
        }
        let owner = open.as_ref().map(|(_, name, whole)| Owner {
            name: name.clone(),
            whole: whole.clone(),
        });
        found.push(owner);
        true
    });
    found
}

/// The first sentence of a description when it is nothing but a name.
fn first_sentence(page: &Page, rest: &Range<usize>) -> Option<Range<usize>> {
    let text = page.get(rest);
    let lead = text.len() - text.trim_start().len();
    let piece = told::sentences(text.get(lead..)?).into_iter().next()?;
    let words = text.get(lead + piece.start..lead + piece.end)?.trim_end();
    let opening = name::opening(words)?;
    let whole = words.get(opening.end..)?.trim_matches('.').is_empty();
    let from = rest.start + lead + piece.start;
    (whole && words.ends_with('.')).then(|| from + opening.name.start..from + opening.name.end)
}

/// Whether most descriptions open with a company.
fn opens_with_companies(page: &Page, entries: &[Entry]) -> bool {
    let companies = entries.iter().filter(|entry| {
        first_sentence(page, &entry.rest).is_some_and(|first| name::is_company(page.get(&first)))
    });
    entries.len() > 2 && companies.count() * 2 >= entries.len()
}

fn candidate(page: &Page, lexicon: &Lexicon, entry: Entry, companies: bool) -> Candidate {
    let text = page.get(&entry.rest);
    let mut one = Candidate {
        vendor: entry.opening.vendor.clone(),
        whole: entry.whole.clone(),
        context: vec![entry.rest.clone()],
        ..Candidate::default()
    };
    let (purpose, vendor) = told::is_a(page, &entry.rest);
    let fits = |range: &Range<usize>| name::is_company(page.get(range)) || one.vendor.is_none();
    if let Some(vendor) = vendor.filter(fits) {
        one.vendor = Some(vendor);
    }
    if one.vendor.is_none() {
        one.vendor = first_sentence(page, &entry.rest)
            .filter(|first| companies || name::is_company(page.get(first)))
            .or_else(|| told::receiver(page, &entry.rest))
            .or_else(|| told::in_brackets(page, &entry.rest));
    }
    let first = first_sentence(page, &entry.rest);
    let vendor_first = first.filter(|first| one.vendor.as_ref() == Some(first));
    let told = vendor_first.map_or(entry.rest.start, |first| first.end)..entry.rest.end;
    let telling = |range: &Range<usize>| !NO_PURPOSE.is_match(page.get(range));
    one.purpose = entry.purpose.clone().filter(telling).into_iter().collect();
    if purpose.is_empty() {
        one.purpose.extend(told::lead_words(page, &told));
    }
    one.purpose.extend(purpose);
    for pair in Keys::default().pairs(page, &entry.rest) {
        match pair.role {
            Role::Permission => one.permissions.push(pair.value),
            Role::Purpose => one.purpose.push(pair.value),
            _ => {}
        }
    }
    let labelled = DATA_KEY.find(text).map(|key| {
        let value = text.get(key.end()..).unwrap_or_default();
        let end = DATA_END.find(value).map_or(value.len(), |end| end.start());
        let from = entry.rest.start + key.end();
        (entry.rest.start + key.start(), from..from + end)
    });
    match labelled {
        Some((before, value)) => {
            for piece in told::sentences(page.get(&(entry.rest.start..before))) {
                let piece = entry.rest.start + piece.start..entry.rest.start + piece.end;
                if told::collects(page.get(&piece)) {
                    one.data.extend(told::affirmed(page, &piece));
                }
            }
            one.data.push(value);
        }
        None if !text.trim().is_empty() => one.data = told::data(page, lexicon, &entry.rest),
        None => {}
    }
    one.permissions.extend(told::permissions(page, &entry.rest));
    one.url = told::link(page, &entry.whole).into_iter().collect();
    one.name = entry.opening.name;
    one
}
