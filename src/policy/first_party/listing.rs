//! What a line without a verb lists: the data of an item below a heading or a
//! lead that says that it is collected.

use std::ops::Range;

use super::{BY_LAW, DENIES, OF_OTHERS, RIGHT, affirmed};
use crate::policy::Lexicon;
use crate::policy::fields::nouns::{self, Noun};
use crate::policy::pattern::Pattern;
use crate::policy::url;

/// Clauses that tell what data is for, or when it is taken.
static PURPOSE: Pattern = Pattern::new(
    r"(?i)^[\s(]*(?:用于|用来|用以|以便|以[^及上下]|为了?|从而|便于|帮助|识别|判断|防止|保障|保护|验证|当|如|若|根据|通过|适用|(?:to|for|so|in order|when|where|if|which|that|because|by|using|used|based)\b)",
);

/// Words of a clause that says something instead of naming data.
static SPEAKS: Pattern = Pattern::new(
    r"(?i)我们|可能|如果|希望|您(?:可|需|会|应|有)|\b(?:we|may|will|can|could|is|are|be|has|have)\b",
);

/// Marks between the items of a clause.
static PARTS: Pattern = Pattern::new(r"(?i)[、/()\[\]\n]|以及|和|及|与|或|\band\b|\bor\b");

/// What may stand behind a term in an item.
static TAIL: Pattern = Pattern::new(
    r#"(?i)^(?:[\s"”’*.)]|等|的?(?:信息|数据|资料|情况|内容)|\b(?:information|data|details|etc)\b)*$"#,
);

/// Longest item that is the name of data, in characters; a longer one is a
/// sentence.
const MAX_ITEM: usize = 40;

/// The clauses of a sentence that are nothing but data; none when it says
/// something of others, or denies.
pub(super) fn listed(words: &str, announced: bool, lexicon: &Lexicon) -> Option<String> {
    let says_more = words.trim_end().ends_with('?')
        || OF_OTHERS.is_match(words)
        || BY_LAW.is_match(words)
        || RIGHT.is_match(words)
        || url::first(words).is_some();
    if says_more {
        return None;
    }
    let affirmed = affirmed(words);
    // `IMEI,均不收集`: a denial without data of its own is of what stands before.
    let denied = affirmed.len() < words.len()
        && words
            .split([',', '。', ';'])
            .any(|clause| DENIES.is_match(clause) && lexicon.terms.find(clause).is_empty());
    let words = affirmed;
    let nouns = nouns::find(&words, lexicon, true);
    if denied || nouns.is_empty() || DENIES.is_match(&words) {
        return None;
    }
    let mut kept = String::new();
    let mut aside = false;
    let mut start = 0;
    for clause in words.split_inclusive([',', '。', ';', ':']) {
        let range = start..start + clause.len();
        start = range.end;
        let clause = before_remark(clause);
        aside |= PURPOSE.is_match(clause);
        if !aside
            && !SPEAKS.is_match(clause)
            && is_list(
                &words,
                &(range.start..range.start + clause.len()),
                &nouns,
                announced,
            )
        {
            kept.push_str(clause);
        }
        aside |= clause.len() < range.len();
        let sentence = words.get(..range.end).unwrap_or_default();
        aside &= !sentence.ends_with(['。', ';']);
    }
    (!kept.is_empty()).then_some(kept)
}

/// A clause up to a bracket that tells what something is for: `剪切板(识别口令)`.
fn before_remark(clause: &str) -> &str {
    let opens = |(at, _): (usize, _)| {
        let inner = clause.get(at..).unwrap_or_default();
        PURPOSE.is_match(inner).then_some(at)
    };
    let mut brackets = clause.match_indices('(').take(MAX_BRACKETS);
    let end = brackets.find_map(opens).unwrap_or(clause.len());
    clause.get(..end).unwrap_or(clause)
}

/// Brackets of a clause that are looked into.
const MAX_BRACKETS: usize = 16;

/// Whether a clause names data and says nothing: at least half of its items end
/// with data. One item alone has to be little else, for `找回密码` lists none.
fn is_list(words: &str, clause: &Range<usize>, nouns: &[Noun], announced: bool) -> bool {
    let held = nouns::inside(nouns, clause);
    let nouns = nouns.get(held).unwrap_or_default();
    let text = words.get(clause.clone()).unwrap_or_default();
    let text = text.trim_end_matches([',', '。', ';', ':', ' ']);
    if nouns.is_empty() {
        return false;
    }
    let (mut items, mut named) = (0, 0);
    let ends = PARTS.find_iter(text).map(|part| part.range());
    let mut from = 0;
    for part in ends.chain(std::iter::once(text.len()..text.len())) {
        let item = clause.start + from..clause.start + part.start;
        from = part.end;
        if words
            .get(item.clone())
            .is_some_and(|item| !item.trim().is_empty())
        {
            items += 1;
            named += usize::from(names_data(words, &item, nouns));
        }
    }
    let sole = items == 1 && !announced;
    named > 0 && named * 2 >= items && (!sole || is_mostly(words, text, nouns))
}

/// Whether an item ends with the name of data.
fn names_data(words: &str, item: &Range<usize>, nouns: &[Noun]) -> bool {
    let held = nouns::inside(nouns, item);
    let last = nouns.get(held).and_then(|held| held.last());
    let text = words.get(item.clone()).unwrap_or_default();
    last.is_some_and(|last| {
        let tail = words.get(last.range.end..item.end).unwrap_or_default();
        TAIL.is_match(tail) && text.chars().take(MAX_ITEM + 1).count() <= MAX_ITEM
    }) || nouns
        .iter()
        .any(|noun| noun.range.start < item.start && noun.range.end >= item.end)
}

/// Whether the names of data are more than half of a text.
fn is_mostly(words: &str, text: &str, nouns: &[Noun]) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let named = nouns
        .iter()
        .filter_map(|noun| words.get(noun.range.clone()));
    let own = ["您的", "你的", "your ", "the "];
    let owned = own
        .iter()
        .find_map(|word| text.trim_start().strip_prefix(word));
    named.map(letters).sum::<usize>() * 2 > letters(owned.unwrap_or(text))
}
