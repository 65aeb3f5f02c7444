//! What a cell answers to its header: `√`, `×`, `否`, `可选`, `√(仅iOS)`.

use std::ops::Range;

use super::is_none_word;
use crate::policy::pattern::Pattern;

/// An answer, with the words beside it that narrow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// Ticked.
    Yes(Option<Range<usize>>),
    /// Crossed out.
    No,
    /// `x`: what it means is told by the other cells of the table.
    Ex,
    /// `1` or `0`: an answer where all of a column are.
    Digit(bool),
    /// Words of its own.
    Words,
    /// A blank cell.
    Blank,
}

/// Words and signs that tick.
const YES: [&str; 34] = [
    "√",
    "✓",
    "✔",
    "☑",
    "✅",
    "●",
    "•",
    "是",
    "有",
    "收集",
    "采集",
    "获取",
    "使用",
    "支持",
    "涉及",
    "需要",
    "必需",
    "必须",
    "必选",
    "必要",
    "必填",
    "可选",
    "选填",
    "非必选",
    "按需",
    "y",
    "yes",
    "true",
    "required",
    "mandatory",
    "optional",
    "collected",
    "used",
    "supported",
];

/// Words among them that say more than a tick.
const TELLING: [&str; 5] = ["可选", "选填", "非必选", "按需", "optional"];

/// Words and signs that cross out.
const NO: [&str; 26] = [
    "×", "✗", "✘", "✕", "✖", "❌", "❎", "☐", "○", "否", "无", "不", "没有", "-", "--", "–", "—",
    "——", "/", "\\", "n", "no", "none", "never", "n/a", "false",
];

/// `不再收集`, `默认不收集`, `not required`.
static DENIES: Pattern = Pattern::new(
    r"(?i)^(?:目前|现|默认|一般|已)?(?:不(?:会|再|需)?|未|暂不|暂未|无需|停止|停用)(?:主动)?(?:收集|采集|获取|使用|涉及|需要|支持|适用|启用|提供|要|必)|^(?:it )?(?:is |does |do )?(?:not|no longer|never)\b",
);

/// What a bracket behind a cross lets in again: `×(仅安卓10以上收集)`.
static EXCEPT: Pattern = Pattern::new(
    r"(?i)^(?:仅|只)[^,。;不未无]*(?:收集|采集|获取)|^only\b[^,.;]*\bcollect|^except\b|^除",
);

/// Words that tick under a condition: `仅安卓端`, `only on iOS`.
static ONLY: Pattern = Pattern::new(
    r"(?i)^(?:仅限?|只在?|限)[^,。;不未无]+$|^only\b[^,.;]+$|^(?:android|ios|安卓|苹果|鸿蒙|harmonyos)(?:端|版|平台|系统| only)?$",
);

/// Words of a bracket, at most: more is text.
const MAX_NOTE: usize = 60;

/// Reads a cell.
pub(super) fn of(cell: &str) -> Answer {
    let start = cell.len() - cell.trim_start().len();
    let text = cell.trim();
    if text.is_empty() {
        return Answer::Blank;
    }
    let open = text.find(['(', '[']).unwrap_or(text.len());
    let mark = text.get(..open).unwrap_or_default();
    let mark = without_footnote(mark).to_ascii_lowercase();
    match mark.as_str() {
        "x" => return Answer::Ex,
        "1" => return Answer::Digit(true),
        "0" => return Answer::Digit(false),
        _ => {}
    }
    let note = || bracket(text, open).map(|note| start + note.start..start + note.end);
    if TELLING.contains(&mark.as_str()) {
        return Answer::Yes(Some(start..start + open));
    }
    if YES.contains(&mark.as_str()) {
        return Answer::Yes(note());
    }
    let refuses = NO.contains(&mark.as_str()) || is_none_word(&mark) || DENIES.is_match(&mark);
    if refuses {
        let excepts = bracket(text, open)
            .and_then(|note| text.get(note))
            .is_some_and(|note| EXCEPT.is_match(note));
        return if excepts {
            Answer::Yes(note())
        } else {
            Answer::No
        };
    }
    if text.chars().count() <= MAX_NOTE && ONLY.is_match(text) {
        return Answer::Yes(Some(start..start + text.len()));
    }
    signed(text, start)
}

/// A sign with words behind it: `√ 仅iOS`, `× 5.0版本后`.
fn signed(text: &str, start: usize) -> Answer {
    let Some(sign) = text.chars().next().filter(|c| !c.is_alphanumeric()) else {
        return Answer::Words;
    };
    let sign = sign.to_string();
    let rest = text.get(sign.len()..).unwrap_or_default();
    if text.chars().count() > MAX_NOTE || matches!(sign.as_str(), "-" | "/" | "\\" | "•" | "●")
    {
        Answer::Words // an item of a list
    } else if YES.contains(&sign.as_str()) {
        let note = rest.trim_start_matches([' ', ',', ':', '-']);
        let from = start + text.len() - note.len();
        Answer::Yes((!note.is_empty()).then(|| from..start + text.len()))
    } else if NO.contains(&sign.as_str()) {
        Answer::No
    } else {
        Answer::Words
    }
}

/// A mark without what leads to a footnote: `√*`, `是1`, `√注2`.
fn without_footnote(mark: &str) -> &str {
    let bare = mark.trim().trim_end_matches(['。', '.', ';', '!']);
    let cut = bare.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '*' | '注' | '#'));
    let cut = cut.trim_end();
    if cut.is_empty() { bare } else { cut }
}

/// The inside of the bracket that opens at `open`.
fn bracket(text: &str, open: usize) -> Option<Range<usize>> {
    let inner = text.get(open + 1..)?;
    let end = inner.find([')', ']']).unwrap_or(inner.len());
    let words = inner.get(..end)?;
    let telling = words.chars().any(char::is_alphabetic);
    (telling && words.chars().count() <= MAX_NOTE).then(|| open + 1..open + 1 + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(cell: &str) -> Option<&str> {
        match of(cell) {
            Answer::Yes(note) => Some(note.map_or("", |note| &cell[note])),
            _ => None,
        }
    }

    #[test]
    fn ticks_keep_their_condition_and_lose_their_footnote() {
        assert_eq!(note("√*"), Some(""));
        assert_eq!(note("是1"), Some(""));
        assert_eq!(note("√(仅iOS)"), Some("仅iOS"));
        assert_eq!(note("✓ Android only"), Some("Android only"));
        assert_eq!(note("仅安卓端"), Some("仅安卓端"));
        assert_eq!(note("可选"), Some("可选"));
        assert_eq!(note("必选"), Some(""));
        assert_eq!(note("×(仅安卓8以上收集)"), Some("仅安卓8以上收集"));
    }

    #[test]
    fn refusals_are_crosses_in_whatever_words() {
        for cell in [
            "×",
            "否(V3后不收集)",
            "不再收集",
            "默认不收集",
            "Not collected",
            "N/A",
        ] {
            assert_eq!(of(cell), Answer::No, "{cell}");
        }
        assert_eq!(of("X"), Answer::Ex);
        assert_eq!(of("设备型号"), Answer::Words);
        assert_eq!(of("- 设备型号"), Answer::Words);
    }
}
