//! Lists of services, one item each, as English policies write them: a name or
//! a linked name, perhaps with data or purpose behind it.

use std::ops::Range;

use crate::policy::pattern::Pattern;

use super::keys::Keys;
use super::mark::{self, Mark};
use super::{Candidate, Parse, density, grid, is_company, prose};
use crate::formats::limits::MAX_POLICY_RECORDS;
use crate::policy::Lexicon;
use crate::policy::document::LineKind;
use crate::policy::lexicon::Strength;
use crate::policy::page::{Line, Page};
use crate::policy::roles::{self, Role};
use crate::policy::{sentence, url};

/// Where the name of an item ends.
static NAME_END: Pattern = Pattern::new(r"\s*(?::|\s[-–—]\s|\(|\.\s|,|;|\n|http)");

/// Words of a list of SDKs or partners.
static PARTNERS: Pattern = Pattern::new(
    r"(?i)sdk|开发包|合作方|合作伙伴|服务商|供应商|插件|第三方代码|third|partner|provider|services|tools|analytics|advertis|processor|vendor",
);

/// Bytes above a list in which its introduction stands.
const ABOVE: usize = 900;

/// A name and its link on one line.
static NAMED_LINK: Pattern = Pattern::new(r"^[^,。;:\n]{2,40}?[\s:]*https?://[!-~]+$");

/// Longest name of an item, in characters.
const MAX_NAME: usize = 60;

/// A paragraph of more bytes is text, not the title of something else.
const TITLE: usize = 30;

/// One item with what belongs to it.
struct Item {
    name: Range<usize>,
    whole: Range<usize>,
    known: bool,
}

/// Reads runs of list items of which at least two, and two fifths, are known
/// products.
pub(super) fn read(page: &Page, lexicon: &Lexicon, lines: &[&Line]) -> Vec<Parse> {
    let mut parses = Vec::new();
    let mut items: Vec<Item> = Vec::new();
    let mut strangers = 0;
    let mut bullets = true;
    let mut last_kind = Mark::None;
    for line in lines {
        let text = page.get(&line.range);
        let kind = mark::of(line, text);
        let bulleted = kind != Mark::None;
        let marked = bulleted || text.contains("://") && NAMED_LINK.is_match(text);
        let other = !items.is_empty() && bulleted && kind != last_kind;
        if bulleted {
            last_kind = kind;
        }
        if marked && (bulleted != bullets || other) {
            parses.extend(flush(page, lexicon, &mut items)); // another kind of list
            bullets = bulleted;
        }
        if marked && line.kind != LineKind::Heading {
            strangers = 0;
            if items.len() > MAX_POLICY_RECORDS {
                continue; // the reader says that the list was cut
            }
            items.push(item(page, lexicon, &line.range));
        } else if line.kind != LineKind::Heading
            && strangers == 0 // behind something else it belongs to that
            && (!line.apart
                || line.indent >= 2
                || bare(page, items.last()) && line.range.len() > TITLE)
            && items
                .last()
                .is_some_and(|last| line.range.start - last.whole.end < 64)
        {
            if let Some(last) = items.last_mut() {
                last.whole.end = line.range.end;
            }
        } else {
            strangers += 1;
            if strangers > 1 || line.kind == LineKind::Heading {
                parses.extend(flush(page, lexicon, &mut items));
            }
        }
    }
    parses.extend(flush(page, lexicon, &mut items));
    parses
}

fn item(page: &Page, lexicon: &Lexicon, range: &Range<usize>) -> Item {
    let inner = sentence::strip_marker(page, range);
    let text = page.get(&inner);
    let end = NAME_END
        .find(text)
        .map_or(text.len(), |found| found.start());
    let name = inner.start
        ..inner.start
            + text
                .get(..end)
                .unwrap_or(text)
                .trim_end_matches(['*', '_'])
                .len();
    let words = page.get(&name);
    let hits = lexicon.names.find(words);
    let known = grid::ends_in_sdk(words) && !prose::is_generic(words)
        || hits.iter().any(|hit| {
            hit.strength == Strength::Product
                && hit.length * 2 >= words.chars().filter(|c| c.is_alphanumeric()).count()
        });
    Item {
        known: known && words.chars().count() <= MAX_NAME,
        whole: range.start..range.end.max(name.end),
        name,
    }
}

/// Whether an item is a name and nothing else yet: the paragraph below is its text.
fn bare(page: &Page, item: Option<&Item>) -> bool {
    item.is_some_and(|item| page.get(&item.whole).len() <= item.name.len() + 8)
}

fn is_linked(page: &Page, item: &Item) -> bool {
    page.link_in(&item.whole).is_some()
}

/// An item as an entry: a bracket behind the name is a remark, what follows
/// is data and purpose.
fn candidate(page: &Page, lexicon: &Lexicon, item: Item) -> Candidate {
    let rest = item.name.end..item.whole.end;
    let words = page.get(&rest);
    // `Knot Inc. (analytics)`: the name ends where a sentence may.
    let bracket = words.trim_start_matches(['.', ' ']).starts_with('(');
    let remark = bracket
        .then(|| words.find(')'))
        .flatten()
        .map_or(rest.start, |end| rest.start + end + 1);
    let function = bracket
        .then(|| words.find('('))
        .flatten()
        .map(|open| rest.start + open + 1..remark - 1)
        .filter(|function| !lexicon.purpose_classes(page.get(function)).is_empty());
    let has_url = is_linked(page, &item) || !url::find(words).is_empty();
    let filled = |range: Range<usize>| (!range.is_empty()).then_some(range);
    let data = remark..rest.end;
    let said = sentence::said(page, &data, &[]);
    let (data, purpose) = if said.data.is_empty() {
        (filled(data).into_iter().collect(), Vec::new())
    } else {
        (said.data, said.purpose)
    };
    let (vendor, told) = keyed(page, &(item.name.end..item.whole.end));
    let purpose = if purpose.is_empty() { told } else { purpose };
    let purpose = match function {
        Some(function) if purpose.is_empty() => vec![function],
        _ => purpose,
    };
    Candidate {
        vendor,
        purpose,
        url: has_url.then(|| item.whole.clone()).into_iter().collect(),
        data,
        context: filled(rest.start..remark).into_iter().collect(),
        name: item.name,
        whole: item.whole,
        ..Candidate::default()
    }
}

/// The company and the purposes of an item that writes its fields with keys:
/// `某SDK,提供方:X,用途:Y`.
fn keyed(page: &Page, rest: &Range<usize>) -> (Option<Range<usize>>, Vec<Range<usize>>) {
    let pairs = Keys::default().pairs(page, rest);
    let values = |role: Role| {
        let own = pairs.iter().filter(move |pair| pair.role == role);
        own.map(|pair| {
            let value = page.get(&pair.value).trim_end_matches([',', '。', ' ']);
            pair.value.start..pair.value.start + value.len()
        })
    };
    let mut vendors = values(Role::Vendor).chain(values(Role::Party));
    let vendor = vendors.find(|range| !range.is_empty());
    (vendor, values(Role::Purpose).collect())
}

/// Whether a list, or the text right above it, speaks of SDKs or partners: ways
/// to log in or to pay are lists of known names too.
pub(super) fn speaks_of_partners(page: &Page, span: &Range<usize>) -> bool {
    let mut start = span.start.saturating_sub(ABOVE);
    while !page.text.is_char_boundary(start) {
        start -= 1;
    }
    PARTNERS.is_match(page.get(&(start..span.end)))
}

fn flush(page: &Page, lexicon: &Lexicon, items: &mut Vec<Item>) -> Option<Parse> {
    let items = std::mem::take(items);
    let known = items.iter().filter(|item| item.known).count();
    if known < 2 || known * 5 < items.len() * 2 {
        return None;
    }
    let span = items.first()?.whole.start..items.last()?.whole.end;
    if !speaks_of_partners(page, &span) {
        return None;
    }
    let candidates: Vec<Candidate> = items
        .into_iter()
        .filter(|item| {
            let words = page.get(&item.name);
            let rest = page.get(&item.whole).trim_end().len() > words.len() + 8;
            let heads = page.get(&item.whole).trim_end().ends_with(':')
                || !item.known && roles::of(words).is_some();
            let short = (2..=MAX_NAME).contains(&words.chars().count());
            let linked = is_linked(page, item);
            // What a Chinese list defines or forbids reads like an item too.
            let told = || {
                let behind = page.get(&(item.name.end..item.whole.end));
                page.language() != "zh" || tells(behind, lexicon)
            };
            item.known
                || short && (linked || rest && told()) && !heads && !prose::is_sentence(words)
        })
        .map(|item| candidate(page, lexicon, item))
        .collect();
    let score = candidates.len() as f32 * 1.5;
    Some(Parse {
        candidates,
        covered: span,
        score,
    })
}

/// Whether the words behind a name are those of an entry: a link, or a clause
/// that is a company or nothing but data.
fn tells(words: &str, lexicon: &Lexicon) -> bool {
    let mut clauses = words.split([',', '。', ';', ':', '(', ')']);
    !url::find(words).is_empty()
        || clauses.any(|clause| is_company(clause) || density(clause, lexicon) > 0.5)
}
