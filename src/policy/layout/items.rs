//! Items that open with the name of an SDK and go on with sentences about it:
//! `(3) X(某公司):用于…,收集…`, below words that say that these are SDKs. The
//! names need not be known.

use std::ops::Range;

use crate::policy::pattern::Pattern;

use super::keys::Keys;
use super::mark::{self, Mark};
use super::section::Sections;
use super::{
    Candidate, Parse, apart, bundle, density, grid, inline, is_company, is_none_word, passage,
    prose, score,
};
use crate::formats::limits::{MAX_ENTRY_TEXT, MAX_POLICY_RECORDS};
use crate::policy::Lexicon;
use crate::policy::document::LineKind;
use crate::policy::page::{Line, Page};
use crate::policy::roles::{self, Role};
use crate::policy::{sentence, url};

/// What ends the name that an item opens with.
static NAME_END: Pattern = Pattern::new(r"\s*(?::|[(]|,|。|;|——|—|\s[-–]\s|->|→|https?://|\n)");

/// What follows a term that is defined.
static DEFINES: Pattern = Pattern::new(r"^[\s:,，“”]*(?:是?指|即|means\b|refers to\b)");

/// Longest name, in characters.
const MAX_NAME: usize = 40;

/// Items that make a list.
const MIN_ITEMS: usize = 2;

/// A marked line with the lines it was broken into.
struct Item {
    whole: Range<usize>,
    mark: Mark,
    indent: usize,
}

/// Reads runs of items that are marked alike.
pub(super) fn read(
    page: &Page,
    lexicon: &Lexicon,
    sections: &Sections,
    lines: &[&Line],
) -> Vec<Parse> {
    let mut parses = Vec::new();
    let mut run: Vec<Item> = Vec::new();
    let mut open = false;
    let mut hangs = false;
    for line in lines {
        let text = page.get(&line.range);
        for items in inline::lists(text) {
            let item = |item: Range<usize>| Item {
                whole: line.range.start + item.start..line.range.start + item.end,
                mark: Mark::Digit(1),
                indent: line.indent,
            };
            let mut items = items.into_iter().map(item).collect();
            parses.extend(flush(page, lexicon, &mut items, sections));
        }
        let mark = mark::of(line, text);
        let same = run
            .last()
            .is_none_or(|last| last.mark == mark && last.indent == line.indent);
        if mark != Mark::None && line.kind != LineKind::Heading && run.len() <= MAX_POLICY_RECORDS {
            if !same {
                parses.extend(flush(page, lexicon, &mut run, sections));
            }
            run.push(Item {
                whole: line.range.clone(),
                mark,
                indent: line.indent,
            });
            open = true;
            continue;
        }
        let goes_on = open
            && !line.apart
            && line.kind == LineKind::Text
            && run
                .last()
                .is_some_and(|item| wraps(page, item, line, hangs));
        match run.last_mut() {
            Some(item) if goes_on && item.whole.len() < MAX_ENTRY_TEXT => {
                hangs |= line.indent > item.indent;
                item.whole.end = line.range.end;
            }
            _ => {
                hangs = false;
                parses.extend(flush(page, lexicon, &mut run, sections));
                open = false;
            }
        }
    }
    parses.extend(flush(page, lexicon, &mut run, sections));
    parses
}

/// Whether a line goes on with an item: it hangs below it, or, in a list whose
/// lines do not hang, the line above is long and ends in the middle of a sentence.
fn wraps(page: &Page, item: &Item, line: &Line, hangs: bool) -> bool {
    let above = page.get(&item.whole);
    let last = above.lines().last().unwrap_or_default();
    let full = last.chars().count() >= MIN_WRAPPED && !last.ends_with(['。', ';', '!', '.']);
    line.indent > item.indent || full && !hangs
}

/// Characters from which on a line is taken for one that was broken.
const MIN_WRAPPED: usize = 25;

/// The entries of a run, where most items are such and the section says so.
fn flush(
    page: &Page,
    lexicon: &Lexicon,
    run: &mut Vec<Item>,
    sections: &Sections,
) -> Option<Parse> {
    let items = std::mem::take(run);
    let first = items.first()?;
    if items.len() < MIN_ITEMS {
        return None;
    }
    let entries: Vec<(Candidate, usize)> = items
        .iter()
        .filter_map(|item| entry(page, lexicon, &item.whole))
        .collect();
    // The section says that these are SDKs, or half of the names do.
    let called = |one: &&(Candidate, usize)| grid::ends_in_sdk(page.get(&one.0.name));
    let say = entries.iter().filter(called).count() * 2 >= items.len().max(1);
    if !say && !sections.speak_of_sdks(page, &first.whole) {
        return None;
    }
    let clear = entries.iter().filter(|(_, told)| *told >= CLEAR).count();
    if clear < MIN_ITEMS || clear * 2 < items.len() {
        return None;
    }
    let covered = entries.first()?.0.whole.start..entries.last()?.0.whole.end;
    let mut entries = entries.into_iter().map(|(one, _)| one).peekable();
    let mut candidates: Vec<Candidate> = Vec::new();
    for item in &items {
        // A blank may stand between an entry and the next number.
        match entries.next_if(|one| one.whole.end <= item.whole.end) {
            Some(one) => {
                let brought = brought(page, lexicon, &one);
                candidates.extend(apart::apart(page, lexicon, one, false));
                candidates.extend(brought);
            }
            // `推送类SDK:我们使用A和B` names several in its sentence.
            None if spans_meet(&covered, &item.whole) => {
                let names = prose::names(page, lexicon, &item.whole);
                candidates.extend(passage::entries(page, &item.whole, &names));
            }
            None => {}
        }
    }
    let score = score(page, &candidates);
    Some(Parse {
        candidates,
        covered,
        score,
    })
}

fn spans_meet(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// Things said of an item that make it an entry by itself.
const CLEAR: usize = 2;

/// A sentence about SDKs that the one of the item brings in.
static BRINGS: Pattern =
    Pattern::new(r"引入|内嵌|嵌套|内含|依赖|还(?:会)?(?:集成|接入|嵌入)|一并|模块");

/// The SDKs that the sentences of an item name beside its own.
fn brought(page: &Page, lexicon: &Lexicon, one: &Candidate) -> Vec<Candidate> {
    let mut found = Vec::new();
    let rest = one.name.end..one.whole.end;
    for piece in sentence::sentences(page.get(&rest)) {
        let range = rest.start + piece.start..rest.start + piece.end;
        if BRINGS.is_match(page.get(&range)) {
            let names = prose::names(page, lexicon, &range);
            found.extend(passage::entries(page, &range, &names));
        }
    }
    found
}

/// One item as an entry: a name, and how many things are said of it (one more
/// where the name itself says SDK or is known).
fn entry(page: &Page, lexicon: &Lexicon, item: &Range<usize>) -> Option<(Candidate, usize)> {
    let inner = sentence::strip_marker(page, item);
    let text = page.get(&inner);
    let end = NAME_END.find(text).map_or(text.len(), |end| end.start());
    // `灰雁SDK 用途:…`: a key may stand right behind the name.
    let key = Keys::default().pairs(page, &inner).first().map(|p| p.start);
    let key = key
        .filter(|key| *key > inner.start)
        .map(|key| key - inner.start);
    let end = key.map_or(end, |key| key.min(end));
    let words = text.get(..end)?.trim_matches(['“', '”', '"', '*', ' ']);
    let start = inner.start + text.find(words)?;
    let name = start..start + words.len();
    let length = words.chars().count();
    let known = words
        .split('、')
        .all(|word| grid::is_name(word.trim(), lexicon));
    if !(2..=MAX_NAME).contains(&length)
        || prose::is_generic(words) && bundled(page, &name, inner.end).is_none()
        || is_company(words)
        || !known && roles::of(words).is_some()
        || !known && (prose::is_sentence(words) || density(words, lexicon) > 0.5)
    {
        return None;
    }
    let name = bundled(page, &name, inner.end).unwrap_or(name);
    let rest = name.end..inner.end;
    // `账号登录:灰雁、蓝鲸SDK会获取…`: the sentence names them.
    let function = !known && !lexicon.purpose_classes(words).is_empty();
    if function && !prose::names(page, lexicon, &rest).is_empty() {
        return None;
    }
    let mut one = Candidate {
        name,
        whole: inner,
        context: vec![rest.clone()],
        prose: true,
        ..Candidate::default()
    };
    fill(page, lexicon, &mut one, &rest);
    if DEFINES.is_match(page.get(&rest)) {
        return None;
    }
    let says = |range: &Range<usize>| {
        let words = page.get(range);
        is_none_word(words) || !lexicon.terms.find(words).is_empty()
    };
    let told = [
        one.data.iter().chain(&one.permissions).any(says),
        !one.purpose.is_empty(),
        one.vendor.is_some() || names_company(page, &rest),
        !url::find(page.get(&rest)).is_empty(),
    ];
    // A purpose alone may be that of anything.
    let more = told[0] || told[2] || told[3];
    let told = told.iter().filter(|told| **told).count();
    (more || known && told > 0).then_some((one, told + usize::from(known)))
}

/// A word for a kind of SDKs with the list that it stands for:
/// `推送SDK集合:华为、小米推送`, `广告SDK(A、B)`.
fn bundled(page: &Page, name: &Range<usize>, end: usize) -> Option<Range<usize>> {
    let text = page.get(&(name.start..end));
    let list = bundle::list(text).filter(|list| list.start > name.len())?;
    let closed = text
        .get(list.end..)
        .is_some_and(|rest| rest.starts_with(')'));
    Some(name.start..name.start + list.end + usize::from(closed))
}

/// Whether one of the first clauses behind a name, or its bracket, is a company.
fn names_company(page: &Page, rest: &Range<usize>) -> bool {
    page.get(rest)
        .split([',', '。', ';', ':', '(', ')'])
        .take(3)
        .any(is_company)
}

/// What the sentences and the keys behind a name say.
pub(super) fn fill(page: &Page, lexicon: &Lexicon, one: &mut Candidate, rest: &Range<usize>) {
    let pairs = Keys::default().pairs(page, rest);
    let prose_end = pairs.first().map_or(rest.end, |pair| pair.start);
    let told = page.get(&(rest.start..prose_end));
    for piece in sentence::sentences(told).filter(|piece| {
        let words = told.get(piece.clone()).unwrap_or_default();
        !BRINGS.is_match(words)
    }) {
        let range = rest.start + piece.start..rest.start + piece.end;
        let said = sentence::said(page, &range, &[]);
        one.data.extend(said.data);
        one.purpose.extend(said.purpose);
    }
    for pair in pairs {
        let text = page.get(&pair.value);
        let text = text.get(..text.find('。').unwrap_or(text.len()));
        let text = text.unwrap_or_default().trim_end_matches([',', ' ', ';']);
        let value = pair.value.start..pair.value.start + text.len();
        match pair.role {
            Role::Data => one.data.push(value),
            Role::Purpose => one.purpose.push(value),
            Role::Permission => one.permissions.push(value),
            Role::Url => one.url.insert(0, value),
            Role::Site => one.url.push(value),
            Role::Vendor | Role::Party => one.vendor = one.vendor.take().or(Some(value)),
            _ => {}
        }
    }
    if one.data.is_empty() {
        one.data = dense_clauses(page, lexicon, &(rest.start..prose_end));
    }
}

/// Clauses that are nothing but data: `(推送;Android ID、设备型号、网络类型)`.
fn dense_clauses(page: &Page, lexicon: &Lexicon, range: &Range<usize>) -> Vec<Range<usize>> {
    let text = page.get(range);
    let mut start = 0;
    let mut found = Vec::new();
    for (at, c) in text.char_indices() {
        if !matches!(c, ',' | '。' | ';' | '(' | ')' | ':') {
            continue;
        }
        let clause = text.get(start..at).unwrap_or_default();
        if !clause.trim().is_empty() && density(clause, lexicon) > 0.5 {
            found.push(range.start + start..range.start + at);
        }
        start = at + c.len_utf8();
    }
    let last = text.get(start..).unwrap_or_default();
    if !last.trim().is_empty() && density(last, lexicon) > 0.5 {
        found.push(range.start + start..range.end);
    }
    found
}
