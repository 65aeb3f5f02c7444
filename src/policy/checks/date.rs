//! `no-date`: a document that does not say since when it holds. The date is
//! kept as written.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Ground;
use crate::policy::fields;
use crate::policy::form::is_policy_title;
use crate::policy::model::{DisclosureForm, PolicyCheck, PolicyDocument};
use crate::policy::page::Page;

/// Bytes at the top and at the end in which a date is looked for; laws and
/// examples in the middle have theirs.
const EDGE: usize = 12_000;
/// Lines at the top and at the end where a date may stand alone.
const EDGE_LINES: usize = 15;
/// Lines below which no site stamps a page with the time of publication.
const TITLE_LINES: usize = 6;
/// Characters of a sentence that may stand before a date of its own.
const SHORT_LEAD: usize = 60;
/// The same for a version: running text speaks of versions of anything.
const VERSION_LEAD: usize = 14;
/// A text shorter than this, in characters, with no list and no title is no
/// policy that could lack a date.
const LEAST_TEXT: usize = 200;

/// A day or a month, as people write them; normalised text.
const DATE: &str = r"(?:20\d{2}\s*年\s*[\[【(]?\d{1,2}[\]】)]?\s*月(?:\s*[\[【(]?\d{1,2}[\]】)]?\s*[日号])?|20[0-3]\d[01]\d[0-3]\d\b|20\d{2}\s*[./-]\s*\d{1,2}(?:\s*[./-]\s*\d{1,2})?|二[〇○零O0]二[〇○零O0一二三四五六七八九]年[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}日)?|(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?\s+(?:\d{1,2}(?:st|nd|rd|th)?\s*,?\s+)?20\d{2}|\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?\s*,?\s+20\d{2}|\d{1,2}\s*[./-]\s*\d{1,2}\s*[./-]\s*20\d{2})";

/// What a date says of the document, the most telling first.
const LABELS: [(&str, &str, usize); 4] = [
    (
        "更新|修订|修改|修正|变更",
        r"updated?|modified|revised|revision|amended|changed?",
        SHORT_LEAD,
    ),
    (
        "生效|实施|施行|启用|执行",
        r"effective|in force|valid",
        SHORT_LEAD,
    ),
    (
        "发布|公布|公示|颁布|制定|签署|上线",
        r"published|posted|issued|dated?|created",
        SHORT_LEAD,
    ),
    ("版本|版次|版", r"version|edition", VERSION_LEAD),
];

struct Patterns {
    /// `更新日期: DATE`, `Last updated: DATE`.
    before: Regex,
    /// `DATE起生效`.
    behind: Regex,
    /// Characters that may stand before the date in its sentence.
    lead: usize,
}

static PATTERNS: LazyLock<Vec<Patterns>> = LazyLock::new(|| {
    let compile = |pattern: String| Regex::new(&pattern).expect("a constant pattern");
    LABELS
        .iter()
        .map(|(zh, en, lead)| Patterns {
            lead: *lead,
            before: compile(format!(
                r"(?i)(?:(?:{zh})(?:[/、与和及](?:更新|生效|发布|修订))?(?:的?日期|的?时间|日|版本|版|年月|号|记录)?[为是于在自从]?|\b(?:{en})\b(?:\s+(?:date|on|as of|since|from|is|was|of|the|this|policy|privacy|notice|at|in))*)\s*[:)\]】|-]?\s*(?:v?\d{{1,3}}(?:\.\d{{1,3}})+|v\d{{1,3}}|\d{{1,3}}\s*,)?\s*[(\[【,]?\s*(?P<date>{DATE})"
            )),
            behind: compile(format!(
                r"(?i)(?P<date>{DATE})[)\]】]?\s*(?:起|开始|正式|首次|最后|最近|第.{{1,3}}次)*\s*(?:{zh})"
            )),
        })
        .collect()
});

/// `(2024年版)`.
static EDITION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?P<date>20\d{2}年?)\s*(?:修订|更新)?版").expect("a constant pattern")
});

/// The minute in which a page was put up, as sites print it below a title.
static STAMP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?i)(?:^|[\s:])(?P<date>{DATE})\s+\d{{1,2}}:\d{{2}}(?::\d{{2}})?\s*$"
    ))
    .expect("a constant pattern")
});

/// A line that is a date and nothing else.
static ALONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?i)^[\s(\[【*_]*(?P<date>{DATE})[\s)\]】.。*_]*$"
    ))
    .expect("a constant pattern")
});

/// A law or standard before a date: the date is its own.
static LAW: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:法|条例|规定|办法|规范|标准)》?[^。\n]{0,20}$").expect("a constant pattern")
});

/// The date of a document as written.
pub(super) fn find(ground: &Ground<'_>) -> Option<String> {
    let page = ground.page;
    let edges = edges(page);
    let labelled = PATTERNS.iter().find_map(|patterns| {
        edges.iter().find_map(|edge| {
            let before = patterns.before.captures_iter(page.get(edge));
            let behind = patterns.behind.captures_iter(page.get(edge));
            let dates = before
                .chain(behind)
                .filter_map(|groups| groups.name("date"));
            dates
                .map(|date| edge.start + date.start()..edge.start + date.end())
                .find(|range| is_of_document(page, edge, range, patterns.lead))
        })
    });
    let range = labelled.or_else(|| alone(page, &edges))?;
    Some(fields::written(page, ground.source, &range))
}

/// The top of the text, and its end where that is another part.
fn edges(page: &Page) -> Vec<Range<usize>> {
    let length = page.text.len();
    if length <= 2 * EDGE {
        return std::iter::once(0..length).collect();
    }
    let on_boundary = |mut at: usize| {
        while !page.text.is_char_boundary(at) {
            at += 1;
        }
        at
    };
    vec![0..on_boundary(EDGE), on_boundary(length - EDGE)..length]
}

/// Whether a labelled date speaks of the document: not of a law, and not deep
/// inside a long sentence.
fn is_of_document(page: &Page, edge: &Range<usize>, date: &Range<usize>, most: usize) -> bool {
    let head = page.get(&(edge.start..date.start));
    let lead = head
        .rsplit(['\n', '。', ';', '·', '|'])
        .next()
        .unwrap_or_default();
    let lead = lead.rsplit(". ").next().unwrap_or_default();
    !LAW.is_match(lead) && lead.chars().count() <= most
}

fn alone(page: &Page, edges: &[Range<usize>]) -> Option<Range<usize>> {
    let first = edges.first()?;
    let last = edges.last()?;
    let lines = |edge: &Range<usize>| {
        let mut at = edge.start;
        let ranges: Vec<Range<usize>> = page
            .get(edge)
            .split('\n')
            .map(|line| {
                let range = at..at + line.len();
                at = range.end + 1;
                range
            })
            .filter(|range| !page.get(range).trim().is_empty())
            .collect();
        ranges
    };
    let date = |pattern: &Regex, range: &Range<usize>| {
        let groups = pattern.captures(page.get(range))?;
        let date = groups.name("date")?;
        Some(range.start + date.start()..range.start + date.end())
    };
    let (top, end) = (lines(first), lines(last));
    let title = || top.iter().take(TITLE_LINES);
    let whole = |range: &Range<usize>| date(&ALONE, range);
    let head = top.iter().take(EDGE_LINES).find_map(whole);
    head.or_else(|| end.iter().rev().take(EDGE_LINES).find_map(whole))
        .or_else(|| title().find_map(|range| date(&STAMP, range)))
        .or_else(|| title().find_map(|range| date(&EDITION, range)))
}

pub(super) fn check(document: &PolicyDocument, ground: &Ground<'_>) -> Vec<PolicyCheck> {
    if document.date.is_some() || !is_policy(document, ground.page) {
        return Vec::new();
    }
    vec![PolicyCheck {
        code: "no-date".to_owned(),
        message: "no date of update, effect or publication at the top or at the end: a reader cannot tell which version holds"
            .to_owned(),
        ..PolicyCheck::default()
    }]
}

/// Whether the text is a policy or a list at all.
fn is_policy(document: &PolicyDocument, page: &Page) -> bool {
    let text = &page.text;
    !document.sdks.is_empty()
        || document.disclosure_form != DisclosureForm::None
        || text.lines().take(EDGE_LINES).any(is_policy_title)
        || text
            .chars()
            .filter(|c| c.is_alphanumeric())
            .take(LEAST_TEXT)
            .count()
            == LEAST_TEXT
}

#[cfg(test)]
mod tests {
    use super::super::testing::{checks, read};

    const BODY: &str = "我们接入以下第三方SDK：\nSDK名称：青鸾画像SDK\n使用目的：统计分析\n收集个人信息类型：IMEI\n";

    #[test]
    fn dates_as_policies_write_them() {
        for (line, date) in [
            ("更新日期：2023年8月1日", "2023年8月1日"),
            ("本政策最近更新于2023 年 8 月 1 日", "2023 年 8 月 1 日"),
            ("最新版本生效日期为：2024-05-06", "2024-05-06"),
            ("版本更新时间:2022.11.03", "2022.11.03"),
            ("版本：V2.1（2023年3月）", "2023年3月"),
            ("发布/生效日期：【2021年12月1日】", "2021年12月1日"),
            ("本隐私政策自2021年11月1日起生效。", "2021年11月1日"),
            ("二〇二三年八月一日", "二〇二三年八月一日"),
            ("2023年10月8日", "2023年10月8日"),
            ("Last updated: March 3rd, 2024", "March 3rd, 2024"),
            ("Effective Date: 25 May 2018", "25 May 2018"),
            ("This policy is effective as of 2023-06-01", "2023-06-01"),
            ("Date of last revision: 01/02/2023", "01/02/2023"),
            ("Version 3, May 2022", "May 2022"),
            ("更新日期：2022年【6】月【28】日", "2022年【6】月【28】日"),
            ("清单版本：20240815", "20240815"),
            (
                "为了提供更完整的服务，我们会在应用里嵌入下列由别人提供的组件，名称和用途见下表，您可以点开链接看它们的规则。最近更新：2023-12-05",
                "2023-12-05",
            ),
            (
                "Heron Studio, Harbour Road 6, Tallinn, Estonia · Registry code 14000000 · updated 15.09.2023",
                "15.09.2023",
            ),
        ] {
            for text in [
                format!("隐私政策\n{line}\n{BODY}"),
                format!("隐私政策\n{BODY}{line}\n"),
            ] {
                let document = read(&text);
                assert_eq!(document.date.as_deref(), Some(date), "{line}");
                assert!(document.checks.iter().all(|check| check.code != "no-date"));
            }
        }
    }

    #[test]
    fn no_date_of_its_own() {
        for line in [
            "更新日期：____年__月__日",
            "《中华人民共和国个人信息保护法》自2021年11月1日起施行",
            "根据《网络安全法》（2017年6月1日施行）制定。",
            "您的订单将在2023年8月1日前送达",
            "版本号：3.2.1",
            "该组件已在应用的第四版即版本4.0（2022年6月）中移除。",
            "",
        ] {
            let text = format!("隐私政策\n{line}\n{BODY}");
            assert_eq!(read(&text).date, None, "{line}");
            assert_eq!(checks(&text, "no-date").len(), 1, "{line}");
        }
    }

    #[test]
    fn dates_below_the_title_only() {
        for (line, date) in [
            ("（2024年版）", "2024年"),
            ("发布者：客服  2024-03-11 10:21", "2024-03-11"),
        ] {
            let top = read(&format!("隐私政策\n{line}\n{BODY}"));
            assert_eq!(top.date.as_deref(), Some(date));
            let end = read(&format!(
                "隐私政策\n{BODY}二、联系我们\n电话\n邮箱\n{line}\n"
            ));
            assert_eq!(end.date, None);
        }
    }

    #[test]
    fn a_text_that_is_no_policy_lacks_no_date() {
        assert!(checks("你好\n", "no-date").is_empty());
        assert!(checks("", "no-date").is_empty());
    }

    #[test]
    fn the_update_outweighs_the_first_publication() {
        let text = format!("隐私政策\n发布日期：2020年1月1日\n更新日期：2024年2月2日\n{BODY}");
        assert_eq!(read(&text).date.as_deref(), Some("2024年2月2日"));
    }
}
