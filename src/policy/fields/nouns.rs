//! The data words of a passage and the brackets around them.

use std::ops::Range;

use crate::policy::Lexicon;
use crate::policy::lexicon::TermHit;
use crate::policy::url;

/// Words that name data or a permission.
#[derive(Debug, Clone)]
pub(crate) struct Noun {
    /// Where they stand in the passage.
    pub range: Range<usize>,
    /// Vocabulary indexes of the data types.
    pub types: Vec<usize>,
    /// The hit, for what it says of permissions; none for an item of a list.
    pub hit: Option<TermHit>,
    /// A permission is named, and the types are what it implies.
    pub permission: bool,
}

impl Noun {
    /// The type that the words stand for first.
    pub fn first(&self) -> Option<usize> {
        self.types.first().copied()
    }
}

/// Finds the words in order; those inside a link name nothing. In a list of
/// data, words that mean data only as a whole item count as well.
pub(crate) fn find(text: &str, lexicon: &Lexicon, list: bool) -> Vec<Noun> {
    let links = url::find(text);
    // `…/guides` names no GUID.
    let in_link = |range: &Range<usize>| {
        let after = links.partition_point(|link| link.start <= range.start);
        let link = after.checked_sub(1).and_then(|at| links.get(at));
        link.is_some_and(|link| range.end <= link.end)
    };
    let asks = text.contains("权限") || text.contains("permission");
    let hits = lexicon.terms.find(text).into_iter();
    let mut nouns: Vec<Noun> = hits
        .filter(|hit| !in_link(&hit.range))
        .map(|hit| Noun {
            range: hit.range.clone(),
            types: lexicon.terms.types_of(&hit).to_vec(),
            permission: lexicon.terms.is_permission(&hit) && asks
                || says_permission(text, &hit.range),
            hit: Some(hit),
        })
        .collect();
    if list {
        let items: Vec<_> = lexicon.terms.listed_types(text).collect();
        for (range, data_type) in items {
            if is_value(text, &range, &nouns, lexicon) {
                continue;
            }
            let after = nouns.partition_point(|noun| noun.range.end <= range.start);
            let meets = |noun: &Noun| noun.range.start < range.end;
            if !nouns.get(after).is_some_and(meets) {
                let noun = Noun {
                    range,
                    types: vec![data_type],
                    hit: None,
                    permission: false,
                };
                nouns.insert(after, noun);
            }
        }
    }
    nouns
}

/// Words before a bracket that make what it holds a list of data or permissions.
const LISTS: [&str; 11] = [
    "信息",
    "数据",
    "资料",
    "内容",
    "权限",
    "功能",
    "等",
    "data",
    "information",
    "permissions",
    "permission",
];

/// Whether an item is a value in the bracket of a word that enumerates nothing:
/// `网络类型(WiFi、4G)`.
fn is_value(text: &str, item: &Range<usize>, nouns: &[Noun], lexicon: &Lexicon) -> bool {
    let head = text.get(..item.start).unwrap_or_default();
    let sign = head.rfind(['(', '[', ')', ']', '\n']);
    let Some(open) = sign.filter(|at| matches!(head.as_bytes().get(*at), Some(b'(' | b'['))) else {
        return false;
    };
    let head = head.get(..open).unwrap_or_default().trim_end();
    let after = nouns.partition_point(|noun| noun.range.end <= head.len());
    let noun = after.checked_sub(1).and_then(|at| nouns.get(at));
    let broad = noun.is_some_and(|noun| {
        let first = noun.first();
        noun.range.end == head.len()
            && (noun.permission || first.is_some_and(|one| lexicon.terms.is_broad(one)))
    });
    let headed = head.ends_with(char::is_alphanumeric);
    headed && !broad && !LISTS.iter().any(|word| head.ends_with(word))
}

/// Whether words are called a permission.
fn says_permission(text: &str, range: &Range<usize>) -> bool {
    let words = text.get(range.clone()).unwrap_or_default();
    let rest = text.get(range.end..).unwrap_or_default().trim_start();
    words.ends_with("权限")
        || words.to_ascii_lowercase().ends_with("permission")
        || rest.starts_with("权限")
        || rest.starts_with("permission")
}

/// Brackets inside brackets that are told apart; people write three.
const MAX_DEPTH: usize = 8;

/// Brackets of a passage, each with the one around it.
#[derive(Debug, Default)]
pub(crate) struct Brackets {
    /// In the order in which they open; without the signs themselves.
    inner: Vec<Range<usize>>,
    around: Vec<Option<usize>>,
}

impl Brackets {
    /// Pairs the brackets; one that is never closed is none.
    pub fn of(text: &str) -> Self {
        let mut pairs: Vec<(Range<usize>, char)> = Vec::new();
        let mut open: Vec<(usize, char)> = Vec::new();
        for (at, c) in text.char_indices() {
            match c {
                '(' | '[' | '【' | '〔' if open.len() < MAX_DEPTH => open.push((at, c)),
                ')' | ']' | '】' | '〕' => {
                    let fits = open.iter().rposition(|(_, start)| closes(*start, c));
                    if let Some((from, sign)) = fits.and_then(|at| {
                        open.truncate(at + 1);
                        open.pop()
                    }) {
                        pairs.push((from + sign.len_utf8()..at, sign));
                    }
                }
                '\n' | '。' => open.clear(),
                _ => {}
            }
        }
        pairs.sort_by_key(|(range, _)| range.start);
        let mut brackets = Brackets::default();
        let mut stack: Vec<usize> = Vec::new();
        for (at, (range, _)) in pairs.into_iter().enumerate() {
            let inner = &brackets.inner;
            while stack.last().is_some_and(|last| {
                inner
                    .get(*last)
                    .is_none_or(|outer| outer.end <= range.start)
            }) {
                stack.pop();
            }
            brackets.around.push(stack.last().copied());
            brackets.inner.push(range);
            stack.push(at);
        }
        brackets
    }

    /// The innermost bracket that holds a place.
    pub fn around(&self, at: usize) -> Option<&Range<usize>> {
        let after = self.inner.partition_point(|inner| inner.start <= at);
        let mut bracket = after.checked_sub(1);
        while let Some(index) = bracket {
            let inner = self.inner.get(index)?;
            if at < inner.end || at == inner.start {
                return Some(inner);
            }
            bracket = *self.around.get(index)?;
        }
        None
    }

    /// The bracket whose sign stands at a place.
    pub fn opening(&self, text: &str, at: usize) -> Option<&Range<usize>> {
        let sign = text.get(at..)?.chars().next()?;
        let start = at + sign.len_utf8();
        let found = self.inner.partition_point(|inner| inner.start < start);
        self.inner.get(found).filter(|inner| inner.start == start)
    }

    /// The bracket whose closing sign ends at a place.
    pub fn closing(&self, text: &str, at: usize) -> Option<&Range<usize>> {
        let sign = text.get(..at)?.chars().next_back()?;
        let end = at - sign.len_utf8();
        if !matches!(sign, ')' | ']' | '】' | '〕') {
            return None;
        }
        let after = self.inner.partition_point(|inner| inner.start <= end);
        let mut bracket = after.checked_sub(1);
        while let Some(index) = bracket {
            let inner = self.inner.get(index)?;
            if inner.end == end {
                return Some(inner);
            }
            bracket = *self.around.get(index)?;
        }
        None
    }
}

fn closes(open: char, close: char) -> bool {
    matches!(
        (open, close),
        ('(', ')') | ('[', ']') | ('【', '】') | ('〔', '〕')
    )
}

/// The nouns inside a range, as a range of indexes.
pub(crate) fn inside(nouns: &[Noun], range: &Range<usize>) -> Range<usize> {
    let start = nouns.partition_point(|noun| noun.range.start < range.start);
    let end = nouns.partition_point(|noun| noun.range.start < range.end);
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_know_what_they_hold() {
        let text = "甲(乙[丙]丁)戊(己";
        let brackets = Brackets::of(text);
        let around = |word: &str| {
            let at = text.find(word).unwrap();
            brackets.around(at).map(|range| &text[range.clone()])
        };
        assert_eq!(around("甲"), None);
        assert_eq!(around("乙"), Some("乙[丙]丁"));
        assert_eq!(around("丙"), Some("丙"));
        assert_eq!(around("丁"), Some("乙[丙]丁"));
        assert_eq!(around("己"), None);
        let close = text.find('戊').unwrap();
        let inner = brackets.closing(text, close).unwrap();
        assert_eq!(&text[inner.clone()], "乙[丙]丁");
        assert_eq!(brackets.closing(text, 3), None);
        assert_eq!(
            &text[brackets.opening(text, 3).unwrap().clone()],
            "乙[丙]丁"
        );
    }
}
