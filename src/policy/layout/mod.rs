//! Layouts → candidate records. Each reader is small and apart; where several
//! read the same lines, the best parse wins.

mod answers;
mod apart;
mod bullets;
mod bundle;
mod cells;
mod columns;
mod company;
mod confidence;
mod english;
mod enumeration;
mod framed;
mod function;
mod furniture;
mod grid;
mod heads;
mod inline;
mod inverted;
mod items;
mod keys;
mod keyvalue;
mod labelled;
mod mark;
mod marked;
mod owned;
mod passage;
mod prose;
mod provided;
mod runon;
mod section;
pub(crate) mod shared;
mod table;
mod ticks;
mod vendor;
mod vertical;

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;

pub(crate) use section::says_sdk;

use super::model::{Confidence, Layout};
use super::page::{Block, Cell, Line, Page};
use super::{Lexicon, spans};
use crate::formats::limits::MAX_POLICY_RECORDS;

/// One entry as a layout reader sees it: ranges of the normalised text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Candidate {
    pub name: Range<usize>,
    /// A word that the name shares with the last of its list: `华为、小米推送`.
    pub suffix: Option<Range<usize>>,
    pub vendor: Option<Range<usize>>,
    pub purpose: Vec<Range<usize>>,
    /// What is collected; data types and permissions are looked up here.
    pub data: Vec<Range<usize>>,
    pub permissions: Vec<Range<usize>>,
    pub url: Vec<Range<usize>>,
    /// Cells or words that tell the platform.
    pub platform: Vec<Range<usize>>,
    /// Further words that help to tell family members apart.
    pub context: Vec<Range<usize>>,
    /// The whole entry.
    pub whole: Range<usize>,
    /// The entry is running text: purposes and platform words are found in it.
    pub prose: bool,
    /// Definitions of the terms that this entry uses.
    pub definitions: Vec<crate::policy::definitions::Definition>,
    /// Data that a sentence about all entries of the list names.
    pub shared: Vec<Range<usize>>,
    /// Cells that tell whether the SDK is in use.
    pub status: Option<Range<usize>>,
    /// The status, an answer to the header of its column, means "not in use".
    pub out_of_use: bool,
    /// What ticks say beside the data that their header names: the header, and
    /// the words.
    pub notes: Vec<(Range<usize>, Range<usize>)>,
    /// How data is handed over.
    pub manner: Option<Range<usize>>,
    /// The reader that found the entry, and how well it fits.
    pub layout: Layout,
    pub confidence: Confidence,
}

/// The entries of one region with the reader's confidence.
#[derive(Debug, Default)]
pub(crate) struct Parse {
    pub candidates: Vec<Candidate>,
    pub covered: Range<usize>,
    pub score: f32,
}

impl Parse {
    /// Notes on each entry which reader found it; the first to say so knows.
    fn read_as(mut self, layout: Layout) -> Self {
        for candidate in &mut self.candidates {
            if candidate.layout == Layout::default() {
                candidate.layout = layout;
            }
        }
        self
    }
}

/// All entries of a document.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// In document order.
    pub candidates: Vec<Candidate>,
    /// Regions that lists and sentences about SDKs cover, sorted and joined.
    pub covered: Vec<Range<usize>>,
    /// Bytes of normalised text inside real lists (not prose).
    pub list_bytes: usize,
}

/// Reads every layout and keeps the best parse of each region.
pub(crate) fn read(page: &Page, lexicon: &Lexicon) -> Findings {
    let own = (page.language() == "en").then(|| english::Own::of(page));
    let own = own.as_ref();
    let sections = section::Sections::of(page);
    let segments = segments(page);
    let parses = segments
        .par_iter()
        .flat_map_iter(|segment| match segment {
            Segment::Table(rows) => table(page, lexicon, rows, own.is_some()),
            Segment::Lines(lines) => running(page, lexicon, &sections, lines, own),
        })
        .collect();
    let mut chosen = choose(parses);
    if let Some(own) = own {
        english::settle(page, lexicon, own, &mut chosen);
    }
    let list_bytes = chosen.iter().map(|parse| parse.covered.len()).sum();
    let covered = spans::joined(chosen.iter().map(|parse| parse.covered.clone()).collect());
    for segment in &segments {
        if chosen.len() > MAX_POLICY_RECORDS {
            break; // the reader says that the list was cut
        }
        if let Segment::Lines(lines) = segment {
            chosen.extend(prose::read(page, lexicon, lines, &covered, own));
        }
    }
    chosen.sort_by_key(|parse| parse.covered.start);
    let candidates = chosen
        .par_iter_mut()
        .flat_map(|parse| &mut parse.candidates);
    candidates.for_each(|candidate| {
        vendor::attach(page, lexicon, candidate);
        if own.is_none() {
            function::attach(page, lexicon, candidate);
        }
        candidate.confidence = confidence::of(page, lexicon, candidate);
    });
    vendor::hand_on(page, &mut chosen);
    Findings {
        covered: spans::joined(chosen.iter().map(|parse| parse.covered.clone()).collect()),
        candidates: chosen.into_iter().flat_map(|p| p.candidates).collect(),
        list_bytes,
    }
}

/// What the readers of tables make of one.
fn table(page: &Page, lexicon: &Lexicon, rows: &[Vec<Cell>], english: bool) -> Vec<Parse> {
    if english && english::is_of_cookies(page, rows) {
        return Vec::new();
    }
    let sideways =
        vertical::read(page, lexicon, rows).map(|parse| parse.read_as(Layout::VerticalTable));
    let upright = || {
        let parse = grid::read(page, lexicon, rows)?.read_as(Layout::Grid);
        if english {
            english::rows(page, lexicon, parse)
        } else {
            Some(parse)
        }
    };
    sideways.or_else(upright).into_iter().collect()
}

/// What the readers of running lines make of them.
fn running(
    page: &Page,
    lexicon: &Lexicon,
    sections: &section::Sections,
    lines: &[&Line],
    own: Option<&english::Own>,
) -> Vec<Parse> {
    let blocks = || {
        let blocks = keyvalue::read(page, lexicon, lines).into_iter();
        let named = |parse| match own {
            Some(_) => english::named(page, lexicon, parse),
            None => parse,
        };
        blocks.map(named).collect()
    };
    let items = |parses: Vec<Parse>| match own {
        Some(_) => {
            let parses = parses.into_iter();
            let named = parses.map(|parse| english::with_names(page, lexicon, parse));
            named.collect()
        }
        None => parses,
    };
    let lists = || own.map_or_else(Vec::new, |own| english::lists(page, lexicon, own, lines));
    let readers: [(Layout, &(dyn Fn() -> Vec<Parse> + Sync)); 10] = [
        (Layout::TextTable, &|| table::read(page, lexicon, lines)),
        (Layout::KeyValue, &blocks),
        (Layout::CellPerLine, &|| cells::read(page, lexicon, lines)),
        (Layout::RunOn, &|| runon::read(page, lexicon, lines)),
        (Layout::Enumeration, &|| {
            enumeration::read(page, lexicon, sections, lines)
        }),
        (Layout::Items, &|| {
            items(items::read(page, lexicon, sections, lines))
        }),
        (Layout::Items, &|| {
            items(bullets::read(page, lexicon, lines))
        }),
        (Layout::Items, &|| provided::read(page, lexicon, lines)),
        (Layout::Items, &|| match own {
            Some(_) => Vec::new(),
            None => labelled::read(page, lexicon, lines),
        }),
        (Layout::Items, &lists),
    ];
    let read = |(layout, reader): &(Layout, &(dyn Fn() -> Vec<Parse> + Sync))| {
        let found = reader().into_iter();
        found
            .map(|parse| parse.read_as(*layout))
            .collect::<Vec<_>>()
    };
    // One at a time, for each takes its own share of the work.
    readers
        .par_iter()
        .with_max_len(1)
        .flat_map_iter(read)
        .collect()
}

/// Greedy by score: the best parse first, then what does not overlap it.
fn choose(mut parses: Vec<Parse>) -> Vec<Parse> {
    parses.retain(|parse| !parse.candidates.is_empty());
    parses.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(a.covered.start.cmp(&b.covered.start))
    });
    // Chosen parses by their start; they do not overlap each other.
    let mut chosen: BTreeMap<usize, Parse> = BTreeMap::new();
    let mut left = Vec::new();
    for parse in parses {
        let before = chosen.range(..parse.covered.end).next_back();
        if before.is_none_or(|(_, other)| other.covered.end <= parse.covered.start) {
            chosen.insert(parse.covered.start, parse);
        } else {
            left.push(parse);
        }
    }
    let mut chosen: Vec<Parse> = chosen.into_values().collect();
    fill_gaps(&mut chosen, left);
    chosen
}

/// Entries of a weaker parse that stand between those of the chosen ones: a list
/// of one layout may hold a list of another. One alone may be anything.
fn fill_gaps(chosen: &mut Vec<Parse>, left: Vec<Parse>) {
    let wholes = |parses: &[Parse]| {
        let entries = parses.iter().flat_map(|parse| &parse.candidates);
        spans::joined(entries.map(|one| one.whole.clone()).collect())
    };
    let mut taken = wholes(chosen);
    for mut parse in left {
        let sure = parse.candidates.iter().all(|one| {
            matches!(
                one.layout,
                Layout::Items | Layout::KeyValue | Layout::Enumeration
            )
        });
        parse
            .candidates
            .retain(|one| !spans::meets(&taken, &one.whole));
        let (Some(first), Some(last)) = (parse.candidates.first(), parse.candidates.last()) else {
            continue;
        };
        if !sure || parse.candidates.len() < 2 {
            continue;
        }
        parse.covered = first.whole.start..last.whole.end;
        taken.extend(parse.candidates.iter().map(|one| one.whole.clone()));
        taken = spans::joined(taken);
        chosen.push(parse);
    }
}

/// Score of a parse: an entry with a name and something said of it counts, one
/// with two links or two companies does not.
fn score(page: &Page, candidates: &[Candidate]) -> f32 {
    candidates
        .iter()
        .map(|candidate| {
            let said = !candidate.data.is_empty() || !candidate.purpose.is_empty();
            let mut score = 1.0 + f32::from(u8::from(said));
            score += 0.5 * f32::from(u8::from(!candidate.url.is_empty()));
            score += 0.5 * f32::from(u8::from(candidate.vendor.is_some()));
            if page.get(&candidate.name).chars().count() > 40 {
                score -= 1.5;
            }
            score
        })
        .sum()
}

enum Segment<'p> {
    Table(&'p [Vec<Cell>]),
    Lines(Vec<&'p Line>),
}

/// Tables, and the runs of lines between them.
fn segments(page: &Page) -> Vec<Segment<'_>> {
    let mut found = Vec::new();
    let mut lines = Vec::new();
    let furniture = furniture::find(page);
    for block in &page.blocks {
        match block {
            Block::Line(line) if furniture.contains(&line.range.start) => {}
            Block::Line(line) => lines.push(line),
            Block::Table(rows) => {
                if !lines.is_empty() {
                    found.push(Segment::Lines(std::mem::take(&mut lines)));
                }
                found.push(Segment::Table(rows));
            }
        }
    }
    if !lines.is_empty() {
        found.push(Segment::Lines(lines));
    }
    found
}

/// Whether a company's legal form ends or stands in a short text.
pub(crate) fn is_company(text: &str) -> bool {
    let text = text.trim();
    text.chars().count() <= 60
        && (["公司", "有限合伙)", "研究院", "中心"]
            .iter()
            .any(|s| text.ends_with(s))
            || text.contains("有限公司")
            || text.contains("有限责任公司")
            || company::ends_in_form(text))
}

/// A letter or digit; ideographs are told without the tables of Unicode.
fn is_letter(c: &char) -> bool {
    c.is_ascii_alphanumeric()
        || ('\u{4e00}'..='\u{9fff}').contains(c)
        || !c.is_ascii() && c.is_alphanumeric()
}

/// Share of a text's characters that vocabulary terms cover, 0 to 1.
pub(crate) fn density(text: &str, lexicon: &Lexicon) -> f32 {
    let total = text.chars().filter(is_letter).count();
    let covered: usize = lexicon
        .terms
        .find(text)
        .iter()
        .filter_map(|hit| text.get(hit.range.clone()))
        .map(|term| term.chars().filter(is_letter).count())
        .sum();
    covered as f32 / total.max(1) as f32
}

/// Longest cell that says that there is nothing, in characters.
const MAX_NONE: usize = 24;

/// Whether a cell holds nothing: a sign in its place, or words for it.
pub(crate) fn is_none_word(text: &str) -> bool {
    is_left_empty(text) || denies_all(text)
}

/// A cell without what may end a sentence; none when it is too long to say that
/// there is nothing.
fn short_cell(text: &str) -> Option<&str> {
    let text = text.trim().trim_end_matches(['。', '.', ';', ' ']);
    (text.len() <= 4 * MAX_NONE).then_some(text)
}

/// Whether a cell was left empty with a sign that says so: no statement.
fn is_left_empty(text: &str) -> bool {
    let sign = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| matches!(c, '/' | '\\' | '-' | '–' | '—'))
    };
    let short = |text: &str| {
        sign(text) && text.chars().count() <= 4
            || ["n/a", "na"]
                .iter()
                .any(|word| text.eq_ignore_ascii_case(word))
    };
    short_cell(text).is_some_and(short)
}

/// Whether a cell states in words that there is nothing.
pub(crate) fn denies_all(text: &str) -> bool {
    let Some(text) = short_cell(text) else {
        return false;
    };
    let lower = text.to_ascii_lowercase();
    let word = matches!(
        lower.as_str(),
        "无" | "none"
            | "nil"
            | "not applicable"
            | "no data"
            | "no data collected"
            | "none collected"
            | "not collected"
    );
    let denies = [
        "不收集",
        "未收集",
        "不涉及",
        "不会收集",
        "无个人信息",
        "无需收集",
        "不采集",
        "未采集",
        "不获取",
        "未获取",
        "无收集",
        "未共享",
        "不共享",
        "暂不收集",
        "does not collect",
    ];
    word || text.chars().count() <= MAX_NONE && denies.iter().any(|start| lower.starts_with(start))
}
