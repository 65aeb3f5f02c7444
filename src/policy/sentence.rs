//! Sentences and clauses: where a list marker ends, what a clause collects and
//! what it is for.

use std::ops::Range;

use crate::policy::pattern::Pattern;

use super::document::LineKind;
use super::page::{Line, Page};
use crate::formats::limits::MAX_ENTRY_TEXT;

/// Characters searched ahead on a line for the next key or item.
pub(crate) const SCAN: usize = 2_000;

/// A list marker at the start of a line.
static MARKER: Pattern = Pattern::new(
    r"^\s*(?:#{1,6}\s*)?(?:\*\*)?(?:[·•●○■◆▪▶➢*\-–+]\s+|[·•●○■□◆◇▪▶►▸➤➢✓✔√☆★◎△▲※]\s*|[(]?\d{1,3}[)]\s*|\d{1,3}\\?\.(?:\d{1,3}\.?){0,3}\s*|\d{1,3}[、:]\s*|[(][一二三四五六七八九十]{1,3}[)]\s*|[一二三四五六七八九十]{1,3}[、.]\s*|第[一二三四五六七八九十0-9]{1,3}[条章节]\s*|[①-⑳]\s*|[(]?[a-zA-Zivx]{1,3}[).]\s+)",
);

/// Verbs of collecting.
static COLLECT: Pattern = Pattern::new(
    r"(?i)收集|获取|采集|读取|读写|访问|需要您|需您|需要允许|申请|记录|调用|获得|共享|处理|涉及|需要使用|需要[^,。;]{1,10}权限|返回|上报|通过.{0,8}位置|collect|access|receiv|gather|obtain|process|shar|stor|read|record|\bwe (?:also |may )?(?:send|transmit)|\bwhich (?:is|are) sent\b",
);

/// How a clause of purpose starts.
static PURPOSE_START: Pattern = Pattern::new(
    r"^\s*(?:用于|用来|以便|以提供|以实现|以保障|以帮助|以满足|为了?|来|解决|可以?[^能以]|从而|帮助|实现|提升|便于|旨在|目的|改善|提高|保障|so that|in order to|to )",
);

/// Where a purpose starts inside a clause.
static PURPOSE_INSIDE: Pattern = Pattern::new(
    r"以(?:提供|便|实现|保障|保证|完成|确保|支持|帮助|为|满足|用于)|用于|用来|从而|来(?:为|实现|提供|完成|进行)|旨在|in order to| so that ",
);

/// What is handed over before it is said to whom: `将您的X提供给Y`.
static GIVEN: Pattern = Pattern::new(
    r"将(?:您的?)?([^,。;]{2,120}?)(?:提供|共享|发送|传输|上传|传送|披露)(?:给|至|到)",
);

/// Verbs that keep what follows a purpose word among the collected data.
static FETCH: Pattern = Pattern::new(r"获取|收集|采集|读取");

/// "We have no SDKs": what a sentence says that names none.
static NO_SDKS: Pattern = Pattern::new(
    r"(?i)(?:未|没有|不|暂无)(?:会)?(?:接入|集成|使用|嵌入|内嵌|内置|包含|含有?|引入|采用|涉及)(?:了)?(?:任何|其他|其它)?(?:的)?(?:第三方)?(?:的)?[^,。;:]{0,8}(?:sdk|软件开发(?:工具)?包)|\b(?:no|not|n't|without|never|free of)\b[^.;:]*\b(?:sdks?|third[- ]party (?:code|librar\w+|services|analytics|tools?))\b",
);

/// What turns a denial into a condition.
static EXCEPT: Pattern =
    Pattern::new(r"(?i)除|以外|之外|前|未经|如果|若|except|other than|unless|without your|only");

/// Where the clause begins that says that something holds no SDK.
pub(crate) fn denial_of_sdks(sentence: &str) -> Option<usize> {
    let found = NO_SDKS
        .find(sentence)
        .filter(|_| !EXCEPT.is_match(sentence))?;
    let head = sentence.get(..found.start())?;
    let mark = head
        .char_indices()
        .rev()
        .find(|(_, c)| matches!(c, ';' | '。'));
    Some(mark.map_or(0, |(at, c)| at + c.len_utf8()))
}

/// Whether the clause that says that something holds no SDK names one of these.
pub(crate) fn denies_one(sentence: &str, names: &[Range<usize>]) -> bool {
    let Some(found) = NO_SDKS.find(sentence) else {
        return false;
    };
    let ends = |c: char| matches!(c, ',' | '。' | ';');
    let from = sentence
        .get(..found.start())
        .and_then(|head| head.rfind(ends));
    let rest = sentence.get(found.end()..).unwrap_or_default();
    let to = found.end() + rest.find(ends).unwrap_or(rest.len());
    let clause = from.unwrap_or(0)..to;
    names
        .iter()
        .any(|name| clause.start <= name.start && name.end <= clause.end)
}

/// What a vendor tells those who build its SDK into their apps.
static TO_DEVELOPERS: Pattern = Pattern::new(
    r"(?:您|你|贵方)(?:是|作为|系|为)[^,。;]*开发者|开发者(?:应当?|须|需要?|可以?|请)[^。;]*(?:集成|接入|嵌入|初始化)|(?i)\b(?:if you are|as) an? (?:app )?developer\b|\bwhen you integrate\b",
);

/// Whether a sentence speaks to the developers of other apps, not to users.
pub(crate) fn tells_developers(sentence: &str) -> bool {
    TO_DEVELOPERS.is_match(sentence)
}

/// SDKs that were there once, and nothing in their place.
static NO_LONGER: Pattern = Pattern::new(
    r"(?i)(?:已经?|均已?|全部)(?:移除|下线|停用|卸载|剔除|停止(?:使用|接入|集成))(?:了)?[^,。;:]*sdk|不再(?:使用|接入|集成|嵌入|包含|含有)[^,。;:]*sdk|\b(?:removed|dropped|stopped using|no longer (?:use|contain|include|integrat\w*|embed)s?)\b[^.;:]*\bsdks?\b",
);
static INSTEAD: Pattern = Pattern::new(
    r"(?i)改用|改为|替换|换成|取而代之|instead|replac|switch|moved to|now use|in favou?r",
);

/// Whether a sentence says that the app holds no third-party SDK at all, or
/// only tells which it held once.
pub(crate) fn denies_sdks(sentence: &str) -> bool {
    NO_SDKS.is_match(sentence) && !EXCEPT.is_match(sentence)
        || NO_LONGER.is_match(sentence) && !INSTEAD.is_match(sentence)
}

/// The range without its list marker and markup.
pub(crate) fn strip_marker(page: &Page, range: &Range<usize>) -> Range<usize> {
    let text = page.get(range);
    let skip = marker(text).unwrap_or(0);
    let rest = text.get(skip..).unwrap_or_default();
    let inner = rest.trim_start_matches([' ', '*', '_', '#', '【', '\n']);
    let start = range.end - inner.len();
    start
        ..start
            + inner
                .trim_end_matches([' ', '*', '_', ':', '】', '\n'])
                .len()
}

/// The nearest character boundary at or before an offset.
pub(crate) fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The length of a list marker.
pub(crate) fn marker(text: &str) -> Option<usize> {
    let found = may_be_marked(text).then(|| MARKER.find(text))?;
    found.map(|found| found.end())
}

/// False only where a text begins with a word, as most lines do: no marker is
/// looked for there.
fn may_be_marked(text: &str) -> bool {
    let text = text.trim_start();
    text.chars().next().is_some_and(|first| match first {
        '第' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' => {
            true
        }
        '\u{4e00}'..='\u{9fff}' => false,
        'a'..='z' | 'A'..='Z' => text.bytes().take(4).any(|b| matches!(b, b')' | b'.')),
        _ => true,
    })
}

/// Longest heading, in characters.
const MAX_HEADING: usize = 40;

/// The depth of a line that is a heading: marked up, or short and numbered like
/// one (`第三条`, `二、`, `(一)`). Plain numbers number items as well.
pub(crate) fn heading(page: &Page, line: &Line) -> Option<u8> {
    if line.kind == LineKind::Heading && line.level > 0 {
        return Some(line.level);
    }
    let text = page.get(&line.range);
    let short = text.chars().take(MAX_HEADING + 1).count() <= MAX_HEADING
        && !text.contains([':', '。', ',', ';']);
    if !short {
        return None;
    }
    let mark = text.get(..marker(text)?)?.trim();
    let chinese = mark.contains(|c: char| "一二三四五六七八九十".contains(c));
    match mark.chars().next()? {
        '第' => Some(10),
        '(' if chinese => Some(12),
        _ if chinese => Some(11),
        _ => (line.kind == LineKind::Heading).then_some(13),
    }
}

/// Bytes of a purpose behind a name; `由某某SDK实现` tells none.
const MIN_FUNCTION: usize = 9;

/// What a passage collects and what for.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub data: Vec<Range<usize>>,
    pub purpose: Vec<Range<usize>>,
}

/// Sorts the clauses of a passage; names inside are left out of the data.
pub(crate) fn said(page: &Page, range: &Range<usize>, names: &[Range<usize>]) -> Said {
    let mut said = Said::default();
    let mut collecting = false;
    for clause in clauses(page.get(range)) {
        let clause = range.start + clause.start..range.start + clause.end;
        let from = names
            .iter()
            .filter(|name| name.start >= clause.start && name.end <= clause.end)
            .map(|name| name.end)
            .max()
            .unwrap_or(clause.start);
        let text = page.get(&clause);
        if let Some(given) = GIVEN.captures(text).and_then(|groups| groups.get(1)) {
            said.data
                .push(clause.start + given.start()..clause.start + given.end());
        }
        let rest = page.get(&(from..clause.end));
        let scene = text.trim_start().starts_with("当您") || text.trim_end().ends_with('时');
        // `某某SDK(用于统计`: behind the name.
        let behind = rest.len() - rest.trim_start_matches(['(', ' ']).len();
        let function = rest.get(behind..).unwrap_or_default();
        let named = from > clause.start
            && function.len() > MIN_FUNCTION
            && PURPOSE_START.is_match(function);
        let starts_purpose = named || PURPOSE_START.is_match(text);
        let verb = COLLECT.find(text);
        let fetches = FETCH.is_match(text);
        if scene && !fetches {
            collecting = false;
        } else if verb.is_some() && (!starts_purpose || fetches) {
            collecting = true;
            let fetch = FETCH.find_iter(rest).last().map_or(0, |fetch| fetch.end());
            let cut = PURPOSE_INSIDE
                .find_iter(rest)
                .find(|found| found.start() > 0 && found.start() >= fetch);
            let end = cut.map_or(clause.end, |found| from + found.start());
            said.data.push(from..end);
            if end < clause.end {
                said.purpose.push(end..clause.end);
                collecting = false;
            }
        } else if starts_purpose {
            let start = if named { from + behind } else { clause.start };
            said.purpose.push(start..clause.end);
            collecting = false;
        } else if collecting {
            said.data.push(from..clause.end);
        }
        if page.get(&(clause.end..page.text.len())).starts_with('。') {
            collecting = false;
        }
    }
    said
}

/// Clauses of a text, without their marks.
fn clauses(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    let ends = text
        .char_indices()
        .filter(|(_, c)| matches!(c, ',' | '。' | ';' | '!' | '?'))
        .map(|(at, c)| (at, at + c.len_utf8()))
        .chain(std::iter::once((text.len(), text.len())));
    ends.filter_map(move |(end, next)| {
        let clause = start..end;
        start = next;
        (!text.get(clause.clone())?.trim().is_empty()).then_some(clause)
    })
}

/// Sentences of a text, with their marks.
pub(crate) fn sentences(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let from = start;
        start += first_sentence(rest);
        Some(from..start)
    })
}

/// The length of the first sentence, with its mark.
fn first_sentence(text: &str) -> usize {
    let ends = |at: usize| {
        let mut chars = text.get(at..)?.chars();
        let mark = chars.next()?;
        let ends = match mark {
            '。' | '!' | '?' => true,
            '.' => chars.next().is_none_or(char::is_whitespace),
            _ => false,
        };
        ends.then_some(at + mark.len_utf8())
    };
    let marks = |byte: &u8| matches!(byte, b'.' | b'!' | b'?' | 0xe3); // as `。` begins
    let bytes = text.as_bytes().iter().enumerate().take(MAX_ENTRY_TEXT + 1);
    let mut marked = bytes.filter(|(_, byte)| marks(byte));
    if let Some(end) = marked.find_map(|(at, _)| ends(at)) {
        return end;
    }
    // Text without full stops is cut where a clause ends. And no text goes on for
    // ever without a mark: readers compare the names of a sentence with each other.
    let far = floor(text, MAX_ENTRY_TEXT + 1);
    let rest = text.get(far..).unwrap_or_default().char_indices();
    let mut rest = rest
        .map(|(at, c)| (far + at, c))
        .filter(|(at, _)| *at > MAX_ENTRY_TEXT);
    let cut = rest.find_map(|(at, c)| {
        let clause = matches!(c, ',' | ';' | '、' | ' ' | '\n') || at > 2 * MAX_ENTRY_TEXT;
        ends(at).or_else(|| clause.then_some(at + c.len_utf8()))
    });
    cut.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gone_is_denied_and_what_took_its_place_is_not() {
        for gone in [
            "自3.0版本起,我们已移除示例统计SDK。",
            "本应用不再集成示例推送SDK。",
            "We removed the Example SDK in version 3.2.",
        ] {
            assert!(denies_sdks(gone), "{gone}");
        }
        for there in [
            "我们已移除示例统计SDK,改用另一统计SDK。",
            "We removed the Example SDK and now use the Other SDK.",
            "我们接入示例统计SDK。",
        ] {
            assert!(!denies_sdks(there), "{there}");
        }
    }

    #[test]
    fn what_a_name_is_for_may_stand_in_its_bracket() {
        for (text, purpose) in [
            ("灰雁SDK(用于推送,收集OAID)", vec!["用于推送"]),
            ("推送由灰雁SDK实现。", vec![]),
        ] {
            let source = crate::policy::document::open("p.txt", text.as_bytes());
            let page = Page::of(&source.unwrap().source);
            let at = page.text.find("灰雁SDK").unwrap();
            let name = at..at + "灰雁SDK".len();
            let told = said(&page, &(0..page.text.len()), &[name]);
            let found: Vec<&str> = told.purpose.iter().map(|range| page.get(range)).collect();
            assert_eq!(found, purpose, "{text}");
        }
    }

    #[test]
    fn marks_of_items_are_told_from_words() {
        for (text, length) in [
            ("①灰雁SDK", 3),
            ("⑳ 灰雁", 4),
            ("1. 灰雁", 3),
            ("(2)灰雁", 3),
            ("(一)灰雁", 5),
            ("三、灰雁", 6),
            ("■灰雁", 3),
            ("a) Knot", 3),
        ] {
            assert_eq!(marker(text), Some(length), "{text}");
        }
        assert_eq!(marker("灰雁SDK"), None);
    }

    #[test]
    fn a_sentence_ends_at_the_first_mark_or_far_behind_it_at_a_clause() {
        let far = "开".repeat(MAX_ENTRY_TEXT / 3 + 2);
        for (text, length) in [
            ("甲。乙".to_owned(), "甲。".len()),
            ("v1.2、甲!乙".to_owned(), "v1.2、甲!".len()),
            ("a.b. c".to_owned(), 4),
            ("a.".to_owned(), 2),
            (format!("{far}甲,乙"), far.len() + "甲,".len()),
            (format!("{far}甲?乙,丙"), far.len() + "甲?".len()),
            (format!("{far}{far}甲乙"), 2 * MAX_ENTRY_TEXT + 6),
        ] {
            assert_eq!(first_sentence(&text), length, "{length}");
        }
    }

    #[test]
    fn a_text_without_marks_is_cut_and_nothing_is_left_out() {
        let text = "第三方SDK:".repeat(10_000);
        let pieces: Vec<Range<usize>> = sentences(&text).collect();
        assert!(
            pieces
                .iter()
                .all(|piece| piece.len() < 2 * MAX_ENTRY_TEXT + 8)
        );
        assert!(pieces.windows(2).all(|two| two[0].end == two[1].start));
        assert_eq!(pieces.last().map(|last| last.end), Some(text.len()));
    }

    #[test]
    fn a_vendor_speaks_to_developers_and_a_policy_to_users() {
        assert!(tells_developers("如您是开发者,请集成示例SDK。"));
        assert!(tells_developers(
            "When you integrate Example SDK, tell your users."
        ));
        assert!(!tells_developers("SDK开发者名称:示例有限公司。"));
        assert!(!tells_developers(
            "我们集成了由开发者示例公司提供的示例SDK。"
        ));
    }
}
