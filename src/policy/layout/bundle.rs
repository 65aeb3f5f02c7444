//! A word for a kind of SDKs and those that it stands for:
//! `推送SDK集合:华为、小米推送`, `厂商推送(A/B)`, `厂商登录(A、B)SDK`.

use std::ops::Range;

use crate::policy::pattern::Pattern;

use super::{Candidate, grid};
use crate::policy::Lexicon;
use crate::policy::form;
use crate::policy::page::Page;
use crate::policy::sentence;

/// Functions that a list of names may share: `华为、小米推送`.
const SHARED: [&str; 6] = ["推送", "一键登录", "登录", "支付", "分享", "统计"];

/// Longest word for a kind and longest member, in characters.
const MAX_KIND: usize = 16;
const MAX_MEMBER: usize = 16;

/// Most members of one bundle, and of those in one sentence.
const MAX_MEMBERS: usize = 24;
const MAX_IN_SENTENCE: usize = 200;

/// Longest list in a sentence, in bytes.
const MAX_LIST: usize = 1_000;

/// How words begin that tell what something leaves out or works with: what they
/// name is no part of it.
static ASIDE: Pattern = Pattern::new(
    r"(?i)^\s*(?:不|未|除|支持|兼容|适用|适配|仅|限于|用于|面向|except|excluding|without|not |supports?\b|works with|for )",
);

/// Whether words only tell what something leaves out or works with.
pub(super) fn is_aside(words: &str) -> bool {
    ASIDE.is_match(words)
}

/// The list that stands behind a word for a kind of SDKs, in its bracket or
/// behind its colon.
pub(super) fn list(text: &str) -> Option<Range<usize>> {
    let at = text.find([':', '('])?;
    let kind = text.get(..at)?.trim_end();
    if kind.chars().count() > MAX_KIND || !form::is_kind(kind) {
        return None;
    }
    let rest = text.get(at + 1..)?;
    let stop = rest.find(['(', ')', '。', ';', '\n']).unwrap_or(rest.len());
    let words = rest.get(..stop)?.trim_end();
    let keyed = words.contains(':') || !words.contains(['、', '/']);
    (!keyed && !is_aside(words)).then_some(at + 1..at + 1 + words.len())
}

/// The members of a list, as ranges of its text.
pub(super) fn members(text: &str, list: &Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = list.start;
    let words = text.get(list.clone()).unwrap_or_default();
    for raw in words.split(['、', '/']).take(MAX_MEMBERS) {
        let inner = raw.trim();
        let at = start + (raw.len() - raw.trim_start().len());
        let inner = inner.strip_suffix('等').unwrap_or(inner);
        found.push(at..at + inner.len());
        start += raw.len() + text.get(start + raw.len()..).map_or(0, mark_length);
    }
    found
}

/// The length of the mark between two members.
fn mark_length(rest: &str) -> usize {
    rest.chars().next().map_or(0, char::len_utf8)
}

/// The function at the end of the last member, or in the word for the kind,
/// that all members share.
pub(super) fn shared(text: &str) -> Option<Range<usize>> {
    let bare = text.strip_suffix("SDK").unwrap_or(text).trim_end();
    let word = SHARED.iter().find(|word| bare.ends_with(**word))?;
    Some(bare.len() - word.len()..bare.len())
}

/// Whether a text is the word of a function that names may share.
pub(super) fn is_function(text: &str) -> bool {
    SHARED.contains(&text)
}

/// The function that the word for a kind tells of.
pub(super) fn function(kind: &str) -> Option<Range<usize>> {
    let found = SHARED
        .iter()
        .find_map(|word| Some((kind.find(word)?, word)));
    found.map(|(at, word)| at..at + word.len())
}

/// Whether a name is a bundle most of whose members are known.
pub(super) fn is_known(text: &str, lexicon: &Lexicon) -> bool {
    list(text).is_some_and(|list| are_known(text, &list, lexicon))
}

/// Whether most members of a bundle are known, by themselves or together with
/// the function that they share.
pub(super) fn are_known(text: &str, list: &Range<usize>, lexicon: &Lexicon) -> bool {
    let kind = text.get(..list.start).unwrap_or_default();
    let function = function(kind).and_then(|range| kind.get(range));
    let members = members(text, list);
    let known = |member: &&Range<usize>| {
        let name = text.get((*member).clone()).unwrap_or_default();
        let with = || format!("{name}{}", function.unwrap_or_default());
        name.chars().count() <= MAX_MEMBER
            && (grid::is_name(name, lexicon) || grid::is_known(&with(), lexicon))
    };
    members.len() > 1 && members.iter().filter(known).count() * 2 > members.len()
}

/// Names without the words behind them that tell of known SDKs what is left out
/// or works together: `推送SDK(不含A、B)`, `X(支持A、B)`.
pub(super) fn part_aside(page: &Page, lexicon: &Lexicon, one: &mut Candidate) {
    let text = page.get(&one.name);
    let Some(at) = text.find([':', '(']) else {
        return;
    };
    let (head, rest) = text.split_at(at);
    let rest = rest.get(1..).unwrap_or_default();
    let end = if text.get(at..).is_some_and(|mark| mark.starts_with('(')) {
        rest.find(')')
    } else {
        Some(rest.len())
    };
    let Some(inner) = end.and_then(|end| rest.get(..end)) else {
        return;
    };
    let behind = rest.get(inner.len()..).unwrap_or_default();
    let last = behind.trim_start_matches(')').trim();
    let whole = last.is_empty() || last.eq_ignore_ascii_case("sdk");
    if head.trim().is_empty() || !whole || !is_aside(inner) || lexicon.names.find(inner).is_empty()
    {
        return;
    }
    let start = one.name.start;
    one.platform
        .push(start + at + 1..start + at + 1 + inner.len());
    one.name.end = start + head.trim_end().len();
}

/// A name that a bundle in a sentence lists, and the function that it shares.
pub(super) struct Member {
    pub name: Range<usize>,
    function: Option<Range<usize>>,
}

/// Bundles in a sentence: a word that says SDK and names only a kind, and the
/// known names behind it.
pub(super) fn in_sentence(text: &str, lexicon: &Lexicon) -> Vec<Member> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices([':', '(']) {
        let Some(start) = kind_before(text.get(..at).unwrap_or_default()) else {
            continue;
        };
        if found.len() > MAX_IN_SENTENCE {
            break;
        }
        let until = sentence::floor(text, at + MAX_LIST);
        let rest = text.get(start..until).unwrap_or_default();
        // The list ends with its clause.
        let clause = rest.find(',').unwrap_or(rest.len());
        let rest = rest.get(..clause).unwrap_or_default();
        let Some(list) = list(rest) else { continue };
        let kind = rest.get(..list.start).unwrap_or_default();
        let behind = rest.get(list.end..).unwrap_or_default();
        let behind = behind.trim_start_matches([')', ' ']).to_ascii_lowercase();
        let says = kind.to_ascii_lowercase().contains("sdk") || behind.starts_with("sdk");
        if says && are_known(rest, &list, lexicon) {
            let shift = |range: Range<usize>| start + range.start..start + range.end;
            let function = function(kind).map(shift);
            let members = members(rest, &list).into_iter();
            found.extend(members.map(|name| Member {
                name: shift(name),
                function: function.clone(),
            }));
        }
    }
    found
}

/// Gives the names of bundles in a passage the function that they share.
pub(super) fn lend(page: &Page, lexicon: &Lexicon, range: &Range<usize>, ones: &mut [Candidate]) {
    let members = in_sentence(page.get(range), lexicon);
    for one in ones {
        let own = |member: &&Member| range.start + member.name.start == one.name.start;
        let function = members.iter().find(own);
        let function = function.and_then(|member| member.function.clone());
        one.suffix = function
            .map(|function| range.start + function.start..range.start + function.end)
            .filter(|function| !page.get(&one.name).contains(page.get(function)))
            .or(one.suffix.take());
    }
}

/// Where the words begin that name only a kind, at the end of a text.
fn kind_before(head: &str) -> Option<usize> {
    let starts = head.char_indices().rev().take(MAX_KIND).map(|(at, _)| at);
    let is_kind = |at: &usize| head.get(*at..).is_some_and(form::is_kind);
    starts.filter(is_kind).last()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(text: &str) -> Option<&str> {
        list(text).and_then(|list| text.get(list))
    }

    #[test]
    fn a_kind_stands_for_what_is_listed_behind_it() {
        assert_eq!(listed("推送SDK集合:灰雁、蓝鲸"), Some("灰雁、蓝鲸"));
        assert_eq!(listed("厂商推送(灰雁/蓝鲸)"), Some("灰雁/蓝鲸"));
        assert_eq!(listed("灰雁推送(蓝鲸、远山)"), None);
        let text = "厂商推送(灰雁/蓝鲸、远山等)";
        let names = members(text, &list(text).unwrap());
        let names: Vec<&str> = names.into_iter().map(|name| &text[name]).collect();
        assert_eq!(names, ["灰雁", "蓝鲸", "远山"]);
    }

    #[test]
    fn what_is_left_out_or_supported_is_no_member() {
        for text in [
            "推送SDK(不含灰雁、蓝鲸)",
            "推送SDK(除灰雁、蓝鲸外)",
            "统计SDK集合:不包括灰雁、蓝鲸",
            "推送SDK(支持灰雁、蓝鲸手机)",
        ] {
            assert_eq!(listed(text), None, "{text}");
        }
    }

    #[test]
    fn the_kind_in_a_sentence_is_cut_from_its_verb() {
        let text = "我们接入了厂商推送SDK";
        assert_eq!(kind_before(text).map(|at| &text[at..]), Some("厂商推送SDK"));
        assert_eq!(kind_before("我们接入了灰雁"), None);
    }
}
