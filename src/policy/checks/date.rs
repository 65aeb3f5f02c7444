//! `no-date`: a document that does not say since when it holds. The date is
//! kept as written.

use std::ops::Range;
use std::sync::LazyLock;

use crate::policy::pattern::Pattern;

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
/// Bytes before a date in which its label stands, and behind it.
const LABEL_ROOM: usize = 160;
/// A text shorter than this, in characters, with no list and no title is no
/// policy that could lack a date.
const LEAST_TEXT: usize = 200;

/// A day or a month, as people write them; normalised text.
static DATE: Pattern = Pattern::new(
    r"(?i)(?:20[0-9]{2}\s*年\s*[\[【(]?[0-9]{1,2}[\]】)]?\s*月(?:\s*[\[【(]?[0-9]{1,2}[\]】)]?\s*[日号])?|20[0-3][0-9][01][0-9][0-3][0-9]\b|20[0-9]{2}\s*[./-]\s*[0-9]{1,2}(?:\s*[./-]\s*[0-9]{1,2})?|二[〇○零O0]二[〇○零O0一二三四五六七八九]年[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}日)?|(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?\s+(?:[0-9]{1,2}(?:st|nd|rd|th)?\s*,?\s+)?20[0-9]{2}|[0-9]{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?\s*,?\s+20[0-9]{2}|[0-9]{1,2}\s*[./-]\s*[0-9]{1,2}\s*[./-]\s*20[0-9]{2})",
);

/// What a date says of the document, the most telling first: words, in Chinese
/// and in English, and how many characters may stand before it in its sentence.
const LABELS: [(&str, &str, usize); 4] = [
    (
        "更新|修订|修改|修正|变更",
        "updated?|modified|revised|revision|amended|changed?",
        SHORT_LEAD,
    ),
    (
        "生效|实施|施行|启用|执行",
        "effective|in force|valid",
        SHORT_LEAD,
    ),
    (
        "发布|公布|公示|颁布|制定|签署|上线",
        "published|posted|issued|dated?|created",
        SHORT_LEAD,
    ),
    ("版本|版次|版", "version|edition", VERSION_LEAD),
];

struct Label {
    /// Ends right before a date: `更新日期:`, `Last updated:`.
    before: Pattern,
    /// Begins right behind one: `起生效`.
    behind: Pattern,
    lead: usize,
}

static LABELLED: LazyLock<Vec<Label>> = LazyLock::new(|| {
    let compile = |pattern: String| Pattern::of(pattern);
    let label = |(zh, en, lead): &(&str, &str, usize)| Label {
        before: compile(format!(
            r"(?i)(?:(?:{zh})(?:[/、与和及](?:更新|生效|发布|修订))?(?:的?日期|的?时间|日|版本|版|年月|号|记录)?[为是于在自从]?|\b(?:{en})\b(?:\s+(?:date|on|as of|since|from|is|was|of|the|this|policy|privacy|notice|at|in))*)\s*[:)\]】|-]?\s*(?:v?[0-9]{{1,3}}(?:\.[0-9]{{1,3}})+|v[0-9]{{1,3}}|[0-9]{{1,3}}\s*,)?\s*[(\[【,]?\s*$"
        )),
        behind: compile(format!(
            r"^[)\]】]?[ \t]*(?:起|开始|正式|首次|最后|最近|第.{{1,3}}次)*[ \t]*(?:{zh})"
        )),
        lead: *lead,
    };
    LABELS.iter().map(label).collect()
});

/// `(2024年版)`.
static EDITION: Pattern = Pattern::new(r"(20[0-9]{2}年?)\s*(?:修订|更新)?版");

/// The minute behind a date, as sites print it below a title.
static MINUTE: Pattern = Pattern::new(r"^\s+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\s*$");

/// A law or standard before a date: the date is its own.
static LAW: Pattern = Pattern::new(r"(?:法|条例|规定|办法|规范|标准)》?[^。\n]*$");

/// The date of a document as written.
pub(super) fn find(ground: &Ground<'_>) -> Option<String> {
    let page = ground.page;
    let edges = edges(page);
    let dates: Vec<(&Range<usize>, Range<usize>)> = edges
        .iter()
        .flat_map(|edge| {
            DATE.find_iter(page.get(edge))
                .map(move |date| (edge, edge.start + date.start()..edge.start + date.end()))
        })
        .collect();
    let labelled = || {
        LABELLED.iter().find_map(|label| {
            dates
                .iter()
                .find(|(edge, date)| is_labelled(page, edge, date, label))
                .map(|(_, date)| date.clone())
        })
    };
    let (first, last) = (edges.first()?, edges.last()?);
    let (top, end) = (lines(page, first), lines(page, last));
    let alone = |line: &Range<usize>| {
        let date = dates
            .iter()
            .map(|(_, date)| date)
            .find(|date| in_line(line, date))?;
        is_alone(page, line, date).then(|| date.clone())
    };
    let title = || top.iter().take(TITLE_LINES);
    let stamped = |line: &Range<usize>| {
        let mut dates = dates.iter().map(|(_, date)| date);
        let stamp = |date: &&Range<usize>| {
            in_line(line, date) && MINUTE.is_match(page.get(&(date.end..line.end)))
        };
        dates.find(stamp).cloned()
    };
    let edition = |line: &Range<usize>| {
        let year = EDITION.captures(page.get(line))?.get(1)?;
        Some(line.start + year.start()..line.start + year.end())
    };
    let range = labelled()
        .or_else(|| top.iter().take(EDGE_LINES).find_map(alone))
        .or_else(|| end.iter().rev().take(EDGE_LINES).find_map(alone))
        .or_else(|| title().find_map(stamped))
        .or_else(|| title().find_map(edition))?;
    Some(fields::written(page, ground.source, &range))
}

/// The top of the text, and its end where that is another part.
fn edges(page: &Page) -> Vec<Range<usize>> {
    let length = page.text.len();
    if length <= 2 * EDGE {
        return std::iter::once(0..length).collect();
    }
    let top = boundary(page, EDGE);
    let end = boundary(page, length - EDGE);
    vec![0..top, end..length]
}

/// The next place at which a character begins.
fn boundary(page: &Page, mut at: usize) -> usize {
    while !page.text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// Whether a label stands at a date, and the date speaks of the document: not
/// of a law, and not deep inside a long sentence.
fn is_labelled(page: &Page, edge: &Range<usize>, date: &Range<usize>, label: &Label) -> bool {
    let from = boundary(page, date.start.saturating_sub(LABEL_ROOM).max(edge.start));
    let to = boundary(page, (date.end + LABEL_ROOM).min(edge.end));
    if !label.before.is_match(page.get(&(from..date.start)))
        && !label.behind.is_match(page.get(&(date.end..to)))
    {
        return false;
    }
    let head = page.get(&(edge.start..date.start));
    let lead = head
        .rsplit(['\n', '。', ';', '·', '|'])
        .next()
        .unwrap_or_default();
    let lead = lead.rsplit(". ").next().unwrap_or_default();
    !LAW.is_match(lead) && lead.chars().count() <= label.lead
}

/// The lines of a part of the text that say something.
fn lines(page: &Page, edge: &Range<usize>) -> Vec<Range<usize>> {
    let mut at = edge.start;
    page.get(edge)
        .split('\n')
        .map(|line| {
            let range = at..at + line.len();
            at = range.end + 1;
            range
        })
        .filter(|range| !page.get(range).trim().is_empty())
        .collect()
}

fn in_line(line: &Range<usize>, date: &Range<usize>) -> bool {
    line.start <= date.start && date.end <= line.end
}

/// Whether a line is a date and nothing else.
fn is_alone(page: &Page, line: &Range<usize>, date: &Range<usize>) -> bool {
    let before = page.get(&(line.start..date.start));
    let behind = page.get(&(date.end..line.end));
    let frame = |c: char| c.is_whitespace() || "()[]【】.。*_".contains(c);
    before.chars().chain(behind.chars()).all(frame)
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
