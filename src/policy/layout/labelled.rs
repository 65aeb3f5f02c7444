//! Lines that open with a name and a colon, as lists without marks have them:
//! `某某SDK:某某公司,用途:…`, `某某登录:收集昵称、头像`.

use std::collections::HashSet;
use std::ops::Range;

use super::keys::Keys;
use super::{Candidate, Parse, bullets, density, grid, is_company, items, prose, score};
use crate::formats::limits::{MAX_ENTRY_TEXT, MAX_POLICY_RECORDS};
use crate::policy::document::LineKind;
use crate::policy::lexicon::squash_name;
use crate::policy::page::{Line, Page};
use crate::policy::roles::{self, Role};
use crate::policy::{Lexicon, sentence, url};

/// Longest name in front of a colon, in characters.
const MAX_LABEL: usize = 40;

/// Longest line that heads the lines below it, in characters: `【支付】`.
const MAX_SCENE: usize = 16;

/// Characters from which on a line is taken for one that was broken.
const MIN_WRAPPED: usize = 25;

/// The least share of the density of data that a clause of nothing else has.
const DENSE: f32 = 0.5;

/// One line, with those it was broken into.
struct Item {
    name: Range<usize>,
    /// A company in front of everything else.
    company: Option<Range<usize>>,
    /// The words behind the name and the company.
    rest: Range<usize>,
    /// The name is one of an SDK, or a company stands behind it.
    named: bool,
}

/// Reads runs of such lines, below scenes or not.
pub(super) fn read(page: &Page, lexicon: &Lexicon, lines: &[&Line]) -> Vec<Parse> {
    let mut parses = Vec::new();
    let mut run: Vec<Item> = Vec::new();
    let mut open = false;
    for line in lines {
        if run.len() > MAX_POLICY_RECORDS {
            break; // the reader says that the list was cut
        }
        if let Some(item) = item(page, lexicon, line) {
            run.push(item);
            open = true;
        } else if is_scene(page, line) {
            open = false;
        } else if let Some(last) = run
            .last_mut()
            .filter(|last| open && wraps(page, last, line))
        {
            last.rest.end = line.range.end;
        } else {
            parses.extend(flush(page, lexicon, &mut run));
            open = false;
        }
    }
    parses.extend(flush(page, lexicon, &mut run));
    parses
}

fn item(page: &Page, lexicon: &Lexicon, line: &Line) -> Option<Item> {
    if line.kind == LineKind::Heading {
        return None;
    }
    let inner = sentence::strip_marker(page, &line.range);
    let text = page.get(&(inner.start..line.range.end));
    let colon = text.find(':').filter(|at| *at <= 4 * MAX_LABEL)?;
    let (label, value) = (text.get(..colon)?.trim_end(), text.get(colon + 1..)?);
    let fits = (2..=MAX_LABEL).contains(&label.chars().count())
        && !label.contains(['。', ',', ';', '\n', '\t', '|'])
        && !value.starts_with("//")
        && roles::of(label).is_none();
    let known = fits && grid::is_name(label, lexicon);
    let name = known && !(grid::ends_in_sdk(label) && prose::is_generic(label));
    if !fits || !name && (prose::is_generic(label) || prose::is_sentence(label)) {
        return None;
    }
    let name = inner.start..inner.start + label.len();
    let from = inner.start + text.len() - value.trim_start().len();
    let value = value.trim_start();
    let first = value.split([',', ';', '。']).next().unwrap_or_default();
    let company = company(first.trim_end()).map(|range| from + range.start..from + range.end);
    let rest = from + company.as_ref().map_or(0, |_| first.len())..line.range.end;
    let tells = company.is_some() || tells(page, lexicon, &rest);
    tells.then_some(Item {
        named: known || company.is_some(),
        name,
        company,
        rest,
    })
}

/// The company of a clause that is nothing else: `某某公司`, `由某某公司提供`.
fn company(clause: &str) -> Option<Range<usize>> {
    let inner = clause.strip_prefix('由').unwrap_or(clause).trim_start();
    let start = clause.len() - inner.len();
    let provides = ["提供", "开发", "运营", "研发", "提供服务"];
    let inner = provides.iter().find_map(|end| inner.strip_suffix(end));
    let end = inner
        .filter(|_| start > 0)
        .map_or(clause.len(), |inner| start + inner.len());
    is_company(clause.get(start..end)?).then_some(start..end)
}

/// Whether the words behind a name are those of an entry: they collect something
/// or are nothing but data, they hold keys or a link.
fn tells(page: &Page, lexicon: &Lexicon, rest: &Range<usize>) -> bool {
    let text = page.get(rest);
    let said = sentence::said(page, rest, &[]);
    let mut data = said.data.iter().map(|data| page.get(data));
    let mut clauses = text.split([',', ';', '。']);
    let keyed = |role| matches!(role, Role::Data | Role::Purpose | Role::Vendor | Role::Url);
    data.any(|data| !lexicon.terms.find(data).is_empty())
        || clauses.any(|clause| density(clause, lexicon) > DENSE)
        || !url::find(text).is_empty()
        || Keys::default()
            .pairs(page, rest)
            .iter()
            .any(|pair| keyed(pair.role))
}

/// A short line between the entries that tells where they are used.
fn is_scene(page: &Page, line: &Line) -> bool {
    let text = page.get(&line.range).trim();
    text.chars().take(MAX_SCENE + 1).count() <= MAX_SCENE
        && !text.contains(['。', ';', ','])
        && (line.kind == LineKind::Heading
            || text.starts_with('【') && text.ends_with('】')
            || sentence::marker(text).is_some() && !text.contains(':'))
}

/// Whether a line goes on with an entry: the line above ends inside a sentence.
fn wraps(page: &Page, last: &Item, line: &Line) -> bool {
    let above = page.get(&last.rest).lines().last().unwrap_or_default();
    !line.apart
        && line.kind == LineKind::Text
        && above.chars().count() >= MIN_WRAPPED
        && !above.trim_end().ends_with(['。', ';', '!'])
        && !page.get(&line.range).contains(':')
        && last.rest.len() < MAX_ENTRY_TEXT
        && line.range.start - last.rest.end < 4
}

/// A run is a list when most of its lines name an SDK, each another, and the text
/// speaks of SDKs.
fn flush(page: &Page, lexicon: &Lexicon, run: &mut Vec<Item>) -> Option<Parse> {
    let items = std::mem::take(run);
    let named = items.iter().filter(|item| item.named).count();
    let sdk = |item: &Item| grid::is_name(page.get(&item.name), lexicon);
    let labels: HashSet<String> = items
        .iter()
        .map(|item| squash_name(page.get(&item.name)))
        .collect();
    let span = items.first()?.name.start..items.last()?.rest.end;
    // A label that comes back is a key.
    let list = items.len() >= 2 && named * 3 >= items.len() * 2 && items.iter().any(sdk);
    if !list || labels.len() < items.len() || !bullets::speaks_of_partners(page, &span) {
        return None;
    }
    let candidates: Vec<Candidate> = items
        .iter()
        .map(|item| candidate(page, lexicon, item))
        .collect();
    let score = score(page, &candidates) * 1.5;
    Some(Parse {
        candidates,
        covered: span,
        score,
    })
}

fn candidate(page: &Page, lexicon: &Lexicon, item: &Item) -> Candidate {
    let mut one = Candidate {
        name: item.name.clone(),
        vendor: item.company.clone(),
        whole: item.name.start..item.rest.end,
        context: vec![item.rest.clone()],
        prose: true,
        ..Candidate::default()
    };
    items::fill(page, lexicon, &mut one, &item.rest);
    if one.data.is_empty() {
        one.data.push(item.rest.clone()); // `录音时使用麦克风` collects in no word
    }
    one
}
