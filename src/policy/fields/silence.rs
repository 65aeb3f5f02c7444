//! What an entry says instead of naming data: nothing is collected, or the
//! link tells. A blank cell says neither.

use crate::policy::pattern::Pattern;

use crate::policy::layout::{self, Candidate};
use crate::policy::page::Page;

/// Longest cell that only points to a link, in characters.
const MAX_POINTER: usize = 100;

/// Sentences that say that an SDK collects nothing.
static NOTHING: Pattern = Pattern::new(
    r"(?ix)(?:不|不会|未|没有|并不|均不)(?:直接|主动)?(?:收集|采集|获取|涉及|处理)(?:和|或|、|及)?(?:使用|存储|上传)?(?:您|用户)?的?(?:任何|个人信息|用户信息|个人数据|用户数据)
        |无(?:需)?(?:收集)?个人信息(?:收集|采集)?(?:[。;,)\s]|$)
        |\b(?:does|do|will)(?:\s+not|n't)\s+(?:\w+\s+)?(?:collect|process|access)(?:\s+or\s+\w+)?\s+(?:any\b|(?:your\s+)?personal\s+(?:data|information))
        |\bcollects?\s+no\b|\bno\s+(?:personal\s+|user\s+)?(?:data|information)\s+(?:is\s+|are\s+)?(?:collected|processed|shared)",
);

/// Words that send the reader elsewhere.
static ELSEWHERE: Pattern = Pattern::new(
    r"(?ix)详见|参见|参阅|请见|请查看|请参考|请参阅|请参照|参照|查阅|见其|见(?:右侧|左侧|下方|上方|该)?(?:链接|官网)|以其|以[^,。;]*为准
        |\bas\s+(?:specified|described|stated|set\s+out)\s+in\b|\bsee\s+(?:the|its|their|here|link|privacy)\b|\brefer\s+to\b|\bplease\s+(?:see|check|read|visit)\b",
);

/// Whether an entry says that nothing is collected.
pub(super) fn says_nothing(candidate: &Candidate, page: &Page) -> bool {
    let text = |range| page.get(range);
    let mut all = candidate.data.iter().chain(&candidate.permissions);
    // `-` only leaves a cell empty; some cell has to state it, and that of the
    // data if there is one.
    let mut stating = [&candidate.data, &candidate.permissions]
        .into_iter()
        .find(|cells| !cells.is_empty())
        .into_iter()
        .flatten();
    let cells_say = stating.any(|range| layout::denies_all(text(range)))
        && all.all(|range| layout::is_none_word(text(range)));
    cells_say || NOTHING.is_match(page.get(&candidate.whole))
}

/// Whether data or purpose are said to be found elsewhere.
pub(super) fn deferred(candidate: &Candidate, page: &Page) -> bool {
    let cells = candidate.data.iter().chain(&candidate.purpose);
    cells.map(|range| page.get(range)).any(|text| {
        text.chars().take(MAX_POINTER + 1).count() <= MAX_POINTER && ELSEWHERE.is_match(text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::document;

    fn read(cell: &str) -> (bool, bool) {
        let source = document::open("p.txt", cell.as_bytes()).unwrap().source;
        let page = Page::of(&source);
        let end = page.text.trim_end().len();
        let candidate = Candidate {
            data: std::iter::once(0..end).collect(),
            whole: 0..end,
            ..Candidate::default()
        };
        (says_nothing(&candidate, &page), deferred(&candidate, &page))
    }

    #[test]
    fn none_elsewhere_and_blank_are_three_things() {
        let none = [
            "无",
            "不涉及",
            "不收集个人信息",
            "None",
            "该SDK不收集任何信息",
            "不会收集用户个人信息",
            "No data is collected",
            "It does not collect personal data",
        ];
        for cell in none {
            assert_eq!(read(cell), (true, false), "{cell}");
        }
        let elsewhere = [
            "详见链接",
            "以其隐私政策为准",
            "具体以第三方官方说明为准",
            "请参阅其隐私政策",
            "See its privacy policy",
            "As described in the provider's policy",
        ];
        for cell in elsewhere {
            assert_eq!(read(cell), (false, true), "{cell}");
        }
        for cell in ["", "-", "——", "/", "N/A", "设备型号", "设备信息,用于推送"] {
            assert_eq!(read(cell), (false, false), "{cell}");
        }
    }
}
