//! Sentences that deny collection or sharing, and how far the denial goes.
//!
//! Nearly every such sentence is conditional; only an absolute one, or one
//! about SDKs, may contradict what was observed.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::document::Source;
use super::fields;
use super::model::Denial;
use super::page::{Block, Page};
use super::{Lexicon, sentence};
use crate::formats::limits::MAX_DENIALS;

static DENIES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:不会|绝不|从不|并不|未|不|无法|不得)(?:再|主动|向[^,。;]{0,24}|与[^,。;]{0,30}|将[^,。;]{0,40}|把[^,。;]{0,40}|对[^,。;]{0,24}|以任何[^,。;]{0,16})?(?:收集|获取|采集|读取|共享|分享|出售|转让|披露|提供|上传|展示|存储|保存|泄露)|\b(?:do|does|will|shall|would) not (?:\w+ ){0,3}(?:collect|share|sell|disclose|access|store|transfer|rent|gather|read|upload)|\bnever (?:\w+ ){0,2}(?:collect|share|sell|disclose|access|store|transfer|rent)")
        .expect("a constant pattern")
});

static CONDITIONAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)除非|除外|例外|未经|未获|没有您的|另有约定|另有规定|除了|除本|除以下|除依|但|以外|情形|之前|如果|如您|\bunless\b|\bexcept|without your|other than|however|\bonly\b|\bif you\b")
        .expect("a constant pattern")
});

static LIMITED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)本地|不会上传|去标识|匿名|不能识别|识别您?个人身份|仅会|仅收集|仅用于|原则上|身份信息|汇总|locally|on (?:your|the) device|personally identif|de-?identif|anonym")
        .expect("a constant pattern")
});

static BOILERPLATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)无关|多余|不必要的|儿童|未成年|不承担|sell|children|under (?:the age|1[0-9])|minors",
    )
    .expect("a constant pattern")
});

/// Reads the denials in document order.
pub(crate) fn read(page: &Page, source: &Source, lexicon: &Lexicon) -> Vec<Denial> {
    let mut found = Vec::new();
    for block in &page.blocks {
        let Block::Line(line) = block else { continue };
        let text = page.get(&line.range);
        if !DENIES.is_match(text) {
            continue;
        }
        for piece in sentence::sentences(text) {
            let range = line.range.start + piece.start..line.range.start + piece.end;
            let words = page.get(&range);
            let denied = DENIES
                .find_iter(words)
                .find(|found| !is_users(words, found.start()));
            let Some(denied) = denied else {
                continue;
            };
            if found.len() >= MAX_DENIALS {
                return found;
            }
            let mut data_types = BTreeSet::new();
            for hit in lexicon
                .terms
                .find(object(words, denied.start(), denied.end()))
            {
                data_types.extend(lexicon.terms.types_of(&hit));
            }
            let quote = fields::quote(page, source, &range);
            found.push(Denial {
                text: quote.text,
                start: quote.start,
                end: quote.end,
                data_types: lexicon.terms.type_ids(&data_types),
                scope: scope(words, data_types.is_empty()).to_owned(),
                ..Denial::default()
            });
        }
    }
    found
}

/// Whether it is the user who does not do it: 如您不提供这些信息.
fn is_users(words: &str, at: usize) -> bool {
    let before = words.get(..at).unwrap_or_default().trim_end();
    ["您", "你", "用户", "you", "You"]
        .iter()
        .any(|who| before.ends_with(who))
}

/// What is denied: between 将 and the verb, or behind it up to the end of the
/// clause; in a list of clauses up to the end of the sentence.
fn object(words: &str, start: usize, end: usize) -> &str {
    let behind = words.get(end..).unwrap_or_default();
    let clause = behind.find([',', ';', '。']).filter(|at| *at > 0);
    let stop = clause.map_or(words.len(), |at| end + at);
    words.get(start..stop).unwrap_or_default()
}

/// The scope class of a denial; a doubtful one is never absolute.
fn scope(words: &str, vague: bool) -> &'static str {
    if CONDITIONAL.is_match(words) {
        "conditional"
    } else if BOILERPLATE.is_match(words) {
        "boilerplate"
    } else if LIMITED.is_match(words) {
        "limited"
    } else if words.to_ascii_lowercase().contains("sdk") {
        "sdk"
    } else if vague {
        "boilerplate"
    } else {
        "absolute"
    }
}
