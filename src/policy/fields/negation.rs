//! Words of a passage that are said not to be collected: `除IMEI外的设备信息`,
//! `does not collect IMEI`, `no location data`.

use std::ops::Range;

use crate::policy::pattern::Pattern;

use super::nouns::{Brackets, Noun, inside};

/// `除X外`: X is left out, unless something comes on top (`除X外,还收集Y`).
static BESIDE: Pattern =
    Pattern::new(r"除(?:了|去)?([^,;。\n]{1,90}?)(?:以外|之外|外)([^;。\n]{0,12})");

/// Words behind `除X外` that add to X.
static ON_TOP: Pattern = Pattern::new(r"^,?(?:我们|该SDK|SDK|其)?(?:还|也|亦|同时|另|并|可能还)");

/// Words that leave out what follows them up to the end of the clause.
static LEAVES_OUT: Pattern = Pattern::new(
    r"(?ix)(?:不包括|不包含|不含(?:有)?|并非|\bexcluding\b|\bnot\s+including\b|\bdoes\s+not\s+include\b|\bwith\s+the\s+exception\s+of\b|\bexcept(?:\s+for)?\b|\bother\s+than\b)
        |(?:不会|并不|不|并未|未|没有|无需|无须|不需要?|从不|绝不|均不|均未)(?:会|直接|主动|单独|额外|以任何方式|向您)*
         (?:收集|获取|采集|读取|访问|涉及|申请|记录|索取)
        |不再(?:收集|获取|采集|读取|访问)|(?:已|均已)?(?:停止|停用|取消|移除)(?:了|对)*(?:收集|获取|采集|读取)
        |\bno\s+longer\s+(?:\w+\s+)?(?:collect|access|read|gather|request|obtain|receiv|record|track)\w*
        |\b(?:do|does|did|will|shall|is|are|would)(?:\s+not|n't)\s+(?:\w+\s+){0,2}?(?:collect|access|read|gather|request|obtain|receive|process|record|track|get|see|store|learn)(?:ing|s)?\b
        |\b(?:never|without)\s+(?:\w+\s+)?(?:collect|access|read|gather|request|obtain|receiv|record|track)\w*",
);

/// `已停用IMEI采集`, `已移除对IMEI的读取`: what stands between is left out.
static SWITCHED_OFF: Pattern = Pattern::new(
    r"(?:已|均已|现已)(?:停用|停止|移除|取消|关闭)了?(?:对)?([^,;。\n]{2,40}?)的?(?:收集|获取|采集|读取)",
);

/// `no location data`.
static NO: Pattern = Pattern::new(r"(?i)\bno\s+|\bneither\s+");

/// A clause whose subject is left out: `IMEI不会被收集`, `IMEI is not collected`.
static PASSIVE: Pattern = Pattern::new(
    r"(?ix)^(?:[^,;。\n]{0,8}?)(?:均|都)?(?:不会|不|未|无需)(?:会|被)*(?:收集|获取|采集|读取)(?:[,;。)\s]|$)
        |^的?(?:收集|获取|采集|读取)(?:功能|能力)?(?:已经?|均已|现已)(?:停用|停止|移除|关闭|取消|下线)
        |^[^,;.]{0,16}?\b(?:is|are)\s+(?:not|never)\s+(?:collected|accessed|read|gathered|recorded)\b",
);

/// A bracket that denies the word in front: `IMEI(不收集)`.
static DENIED_TAG: Pattern = Pattern::new(
    r"(?i)^\s*(?:均|暂|默认)?(?:不|未|无需)(?:会|再)?(?:收集|获取|采集|读取|申请)\s*$|^\s*not (?:collected|accessed|required)\s*$",
);

/// What makes a denial a condition, and so none.
static CONDITION: Pattern = Pattern::new(
    r"(?i)如|若|同意(?:之)?前|之前|授权前|拒绝|关闭|撤回|撤销|未经|不仅|后[^,。;]{0,8}不再|将不再|\bif\b|\bunless\b|\bwithout your\b|\bnot only\b|\bwill no longer\b|\buntil\b|\bbefore\b|\bwhere you\b",
);

/// Marks that end a clause that leaves something out.
const CLAUSE_ENDS: [char; 6] = [',', ';', '。', '\n', ')', ']'];

/// Bytes between "no" and what there is none of.
const MAX_NO: usize = 40;

/// The ranges of denied words, sorted and joined.
pub(crate) fn denied(text: &str, nouns: &[Noun], brackets: &Brackets) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    for groups in BESIDE.captures_iter(text) {
        if let (Some(left), Some(tail)) = (groups.get(1), groups.get(2))
            && !ON_TOP.is_match(tail.as_str())
        {
            spans.push(left.range());
        }
    }
    for groups in SWITCHED_OFF.captures_iter(text) {
        spans.extend(groups.get(1).map(|left| left.range()));
    }
    for found in LEAVES_OUT.find_iter(text) {
        if !is_condition(text, found.start(), found.end()) {
            spans.push(found.end()..clause_end(text, found.end()));
        }
    }
    for found in NO.find_iter(text) {
        let end = clause_end(text, found.end());
        let first = inside(nouns, &(found.end()..end)).start;
        let near = nouns
            .get(first)
            .is_some_and(|noun| noun.range.start < end && noun.range.start - found.end() < MAX_NO);
        if near && !is_condition(text, found.start(), found.end()) {
            spans.push(found.end()..end);
        }
    }
    for noun in nouns {
        let rest = text.get(noun.range.end..).unwrap_or_default();
        let start = clause_start(text, noun.range.start);
        if PASSIVE.is_match(rest) && !is_condition(text, noun.range.start, noun.range.end) {
            spans.push(start..noun.range.end);
        }
        let tag = brackets.opening(text, noun.range.end);
        if tag.is_some_and(|tag| DENIED_TAG.is_match(text.get(tag.clone()).unwrap_or_default())) {
            spans.push(noun.range.clone());
        }
    }
    crate::policy::spans::joined(spans)
}

/// Whether the sentence up to a place makes what follows conditional.
fn is_condition(text: &str, start: usize, end: usize) -> bool {
    let head = text.get(..end).unwrap_or_default();
    let from = head
        .get(..start)
        .and_then(|head| head.rfind(['。', ';', '\n']))
        .unwrap_or(0);
    // A clause far ahead is another matter.
    let from = from.max(start.saturating_sub(MAX_BEFORE));
    let from = (from..=start).find(|at| head.is_char_boundary(*at));
    let before = head.get(from.unwrap_or(start)..).unwrap_or_default();
    // What stands in a bracket is a remark of its own.
    let open = before
        .rfind('(')
        .filter(|at| !before.get(*at..).is_some_and(|b| b.contains(')')));
    let before = before.get(open.unwrap_or(0)..).unwrap_or_default();
    let rest = text.get(end..).unwrap_or_default();
    let until = rest
        .find(['。', ';', '\n'])
        .unwrap_or(rest.len())
        .min(MAX_BEFORE);
    let until = (0..=until).rev().find(|at| rest.is_char_boundary(*at));
    let after = rest.get(..until.unwrap_or(0)).unwrap_or_default();
    CONDITION.is_match(before) || after.contains("将无法") || after.contains(" unless ")
}

/// Bytes around a denial that are searched for a condition.
const MAX_BEFORE: usize = 120;

fn clause_end(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    // English lists are parted by commas.
    let latin = rest
        .trim_start()
        .starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .get(..from)
            .is_some_and(|head| head.ends_with(|c: char| c.is_ascii()));
    let mut depth = 0usize;
    for (at, c) in rest.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' if depth > 0 => depth -= 1,
            ',' if latin => {
                let next = rest.get(at + 1..).unwrap_or_default().trim_start();
                if ["but", "we", "and we", "it ", "however"]
                    .iter()
                    .any(|w| next.starts_with(w))
                {
                    return from + at;
                }
            }
            '.' if rest
                .get(at + 1..)
                .is_none_or(|next| next.starts_with(char::is_whitespace) || next.is_empty()) =>
            {
                return from + at;
            }
            c if CLAUSE_ENDS.contains(&c) && depth == 0 => return from + at,
            _ => {}
        }
    }
    text.len()
}

fn clause_start(text: &str, at: usize) -> usize {
    let head = text.get(..at).unwrap_or_default();
    let marks = |c: char| CLAUSE_ENDS.contains(&c) || matches!(c, '(' | '[' | ':');
    head.rfind(marks).map_or(0, |mark| {
        mark + head
            .get(mark..)
            .and_then(|rest| rest.chars().next())
            .map_or(1, char::len_utf8)
    })
}

#[cfg(test)]
mod tests {
    use super::super::nouns;
    use super::*;
    use crate::policy::Lexicon;
    use crate::sdk::KnowledgeBase;

    #[test]
    fn what_is_left_out_and_what_is_not() {
        let lexicon = Lexicon::compile(&KnowledgeBase::embedded());
        // What is kept of each passage.
        let table: [(&str, &[&str]); 23] = [
            ("除IMEI外的设备信息", &["设备信息"]),
            ("除IMEI外,还收集MAC地址", &["IMEI", "MAC地址"]),
            ("设备信息(不包括IMEI、MAC地址)、OAID", &["设备信息", "OAID"]),
            ("不收集IMEI", &[]),
            ("不会收集IMEI,仅收集OAID", &["OAID"]),
            ("该SDK不获取应用列表;收集系统版本", &["系统版本"]),
            ("IMEI不会被收集,OAID", &["OAID"]),
            ("IMEI(不收集)、OAID", &["OAID"]),
            ("如不收集设备型号,将无法推送", &["设备型号"]),
            ("您同意前不会收集Android ID", &["Android ID"]),
            ("关闭后不再收集位置信息", &["位置信息"]),
            ("应用列表,不上传", &["应用列表"]),
            ("无需读取通讯录", &[]),
            ("不仅收集IMEI", &["IMEI"]),
            (
                "does not collect IMEI or MAC address. It collects OAID",
                &["OAID"],
            ),
            ("no location data, no contacts", &[]),
            ("device ID, no later than account deletion", &["device ID"]),
            ("IP address is not collected", &[]),
            ("crash logs before it ends (no location)", &["crash logs"]),
            ("never accesses your contacts", &[]),
            ("including but not limited to IP address", &["IP address"]),
            (
                "device information, excluding IMEI",
                &["device information"],
            ),
            (
                "We do not collect location unless you allow it",
                &["location"],
            ),
        ];
        for (text, kept) in table {
            let nouns = nouns::find(text, &lexicon, false);
            let spans = denied(text, &nouns, &Brackets::of(text));
            let found: Vec<&str> = nouns
                .iter()
                .filter(|noun| !crate::policy::spans::meets(&spans, &noun.range))
                .map(|noun| &text[noun.range.clone()])
                .collect();
            assert_eq!(found, kept, "{text}");
        }
    }
}
