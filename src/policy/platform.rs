//! Operating systems that an entry or the heading above it names.

use std::ops::Range;

use crate::policy::pattern::Pattern;

use super::document::LineKind;
use super::layout::{Candidate, Findings};
use super::page::{Block, Line, Page};
use super::{sentence, spans};

/// Platform ids in the order of a report, with the words that name them.
const NAMED: [(&str, &[&str]); 3] = [
    ("android", &["android", "安卓"]),
    ("harmony", &["harmonyos", "openharmony", "harmony", "鸿蒙"]),
    ("ios", &["ios", "iphone", "苹果"]),
];

/// Words beside the platform in a heading that speaks of nothing else.
const BESIDE: [&str; 64] = [
    "操作系统",
    "原生",
    "next",
    "移动端",
    "客户端",
    "应用程序",
    "应用软件",
    "第三方",
    "软件开发工具包",
    "app",
    "sdks",
    "sdk",
    "个人信息",
    "信息",
    "共享",
    "收集",
    "目录",
    "清单",
    "列表",
    "名单",
    "情况",
    "说明",
    "接入",
    "集成",
    "使用",
    "嵌入",
    "涉及",
    "合作方",
    "合作",
    "我们",
    "如下",
    "以下",
    "部分",
    "适用于",
    "适用",
    "平台",
    "系统",
    "设备",
    "手机",
    "用户",
    "版本",
    "应用",
    "产品",
    "服务",
    "端",
    "版",
    "的",
    "中",
    "仅",
    "在",
    "third-party",
    "third",
    "party",
    "version",
    "devices",
    "device",
    "platform",
    "list",
    "used",
    "only",
    "for",
    "our",
    "the",
    "on",
];

/// Words that call a heading that of a list, whatever else it says.
static LIST: Pattern = Pattern::new(r"(?i)第三方|清单|目录|列表|\blist\b|third[- ]part");

/// Longest heading, in characters.
const MAX_HEADING: usize = 48;

/// Depth of a heading that neither markup nor a number tells.
const UNTOLD: u8 = 40;

/// The platforms named in a text, in the order of a report.
fn named(text: &str) -> impl Iterator<Item = &'static str> + '_ {
    let told = |words: &[&str]| words.iter().any(|word| has_word(text, word));
    NAMED
        .iter()
        .filter(move |(_, words)| told(words))
        .map(|(platform, _)| *platform)
}

/// Whether a word stands in a text and not inside a longer Latin word.
fn has_word(text: &str, word: &str) -> bool {
    // Nearly all texts hold none, and a plain search is cheaper.
    text.contains(word)
        && text.match_indices(word).any(|(at, _)| {
            let before = text.get(..at).and_then(|head| head.chars().next_back());
            let after = text
                .get(at + word.len()..)
                .and_then(|rest| rest.chars().next());
            let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
            !word.is_ascii() || !letter(before) && (word.len() > 3 || !letter(after))
        })
}

/// Platforms that the name, a platform cell or the heading above tells.
pub(crate) fn of(candidate: &Candidate, page: &Page) -> Vec<String> {
    let cells = candidate.platform.iter();
    let text: String = cells
        .chain(std::iter::once(&candidate.name))
        .map(|range| page.get(range).to_ascii_lowercase())
        .collect::<Vec<_>>()
        .join(" ");
    named(&text).map(str::to_owned).collect()
}

/// A heading, its place in the order of headings and what it names.
struct Heading {
    range: Range<usize>,
    depth: u8,
    /// The number in front, where it is a plain one.
    ordinal: Option<u32>,
    /// It names platforms and nothing else.
    platform: bool,
    /// The block it is.
    block: usize,
    /// It is one of several in a row, as the captions of tabs are.
    beside: bool,
}

/// Gives each entry that names no platform the heading of its section that
/// does. A heading that names several parts nothing and gives none.
pub(crate) fn attach(page: &Page, findings: &mut Findings) {
    let entries = findings.candidates.iter().map(|one| one.whole.clone());
    let entries = spans::joined(entries.collect());
    let mut headings: Vec<Heading> = page
        .blocks
        .iter()
        .enumerate()
        .filter_map(|(at, block)| match block {
            Block::Line(line) => heading(page, line, at),
            Block::Table(_) => None,
        })
        // A cell or a value of an entry is no heading.
        .filter(|heading| !spans::holds(&entries, &heading.range))
        .collect();
    if !headings.iter().any(|heading| heading.platform) {
        return;
    }
    part_captions(page, &mut headings);
    let mut sections: Vec<(usize, Option<Range<usize>>)> = Vec::new();
    let mut open: Option<&Heading> = None;
    for heading in &headings {
        if heading.platform {
            open = Some(heading);
        } else if open.is_some_and(|section| ends(section, heading)) {
            open = None;
        }
        let words = open.map(|section| page.get(&section.range).to_ascii_lowercase());
        let beside = open.is_some_and(|section| section.beside);
        let one = !beside && words.is_some_and(|words| named(&words).count() == 1);
        let range = open.filter(|_| one).map(|section| section.range.clone());
        sections.push((heading.range.end, range));
    }
    for candidate in &mut findings.candidates {
        let above = sections.partition_point(|(end, _)| *end <= candidate.name.start);
        let section = above.checked_sub(1).and_then(|at| sections.get(at));
        if let Some((_, Some(range))) = section
            && of(candidate, page).is_empty()
        {
            candidate.platform.push(range.clone());
        }
    }
}

/// Headings of one depth with nothing between them that name several platforms
/// are the captions of tabs: none of them tells what stands below.
fn part_captions(page: &Page, headings: &mut [Heading]) {
    let joins = |one: &Heading, next: &Heading| {
        one.platform && next.platform && one.depth == next.depth && one.block + 1 == next.block
    };
    for row in headings.chunk_by_mut(joins) {
        let words = row.iter().map(|heading| page.get(&heading.range));
        let words = words.collect::<Vec<_>>().join(" ").to_lowercase();
        if row.len() > 1 && named(&words).nth(1).is_some() {
            row.iter_mut().for_each(|heading| heading.beside = true);
        }
    }
}

/// Whether a heading ends the section that another one opened.
fn ends(section: &Heading, heading: &Heading) -> bool {
    match (section.ordinal, heading.ordinal) {
        // Entries are often numbered like the sections that hold them.
        (Some(before), Some(next)) if section.depth == heading.depth => {
            before.checked_add(1) == Some(next)
        }
        _ => heading.depth <= section.depth,
    }
}

/// A line as a heading: marked up, numbered, or a platform on a line of its own.
fn heading(page: &Page, line: &Line, block: usize) -> Option<Heading> {
    let text = page.get(&line.range);
    if text.chars().count() > MAX_HEADING || text.contains([',', '。', ';']) {
        return None;
    }
    let inner = page.get(&sentence::strip_marker(page, &line.range));
    let lower = inner.to_lowercase();
    // Most lines name none.
    let names_one = named(&lower).next().is_some();
    let platform = names_one && (LIST.is_match(inner) || names_only_platforms(inner));
    let told = line.kind == LineKind::Heading;
    let (depth, ordinal) = match numbered(text) {
        _ if told && line.level > 0 => (line.level, None),
        Some((depth, ordinal)) => (depth, ordinal),
        None if told => (0, None),
        None if platform => (UNTOLD, None),
        None => return None,
    };
    Some(Heading {
        range: line.range.clone(),
        depth,
        ordinal,
        platform,
        block,
        beside: false,
    })
}

/// The depth that a number in front tells, below that of all markup, and the
/// number itself where another of its kind may be an entry.
fn numbered(text: &str) -> Option<(u8, Option<u32>)> {
    let marker = text.get(..sentence::marker(text)?)?.trim();
    let digits = marker.trim_matches(|c: char| !c.is_ascii_digit());
    let chinese = |c: char| "一二三四五六七八九十".contains(c);
    let bracketed = marker.starts_with('(') || marker.ends_with(')');
    if marker.starts_with('第') {
        Some((10, None))
    } else if marker.contains(chinese) {
        Some((if bracketed { 12 } else { 11 }, None))
    } else if digits.is_empty() {
        None
    } else {
        let dots = digits.matches('.').count().min(3) as u8;
        let depth = 13 + dots + if bracketed { 5 } else { 0 };
        Some((depth, Some(digits.rsplit('.').next()?.parse().ok()?)))
    }
}

/// Whether a text names platforms and nothing else.
pub(crate) fn names_only_platforms(text: &str) -> bool {
    let mut rest = text.to_lowercase();
    let words = NAMED.iter().flat_map(|(_, words)| words.iter());
    let mut found = false;
    for word in words {
        found |= has_word(&rest, word);
        rest = rest.replace(word, " ");
    }
    for word in BESIDE {
        rest = rest.replace(word, " ");
    }
    found && !rest.chars().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::document;

    fn sections(text: &str) -> Vec<(String, Vec<String>)> {
        let source = document::open("p.md", text.as_bytes()).unwrap().source;
        let page = Page::of(&source);
        let entry = |(at, name): (usize, &str)| Candidate {
            name: at..at + name.len(),
            whole: at..at + name.len(),
            ..Candidate::default()
        };
        let mut findings = Findings {
            candidates: page.text.match_indices("灰雁SDK").map(entry).collect(),
            ..Findings::default()
        };
        attach(&page, &mut findings);
        let told = |one: &Candidate| (page.get(&one.name).to_owned(), of(one, &page));
        findings.candidates.iter().map(told).collect()
    }

    #[test]
    fn a_heading_tells_the_platform_until_the_next_of_its_depth() {
        let text = "# 清单\n## iOS 端\n\n### 推送\n\n灰雁SDK\n\n## Android与iOS\n\n灰雁SDK\n\n## HarmonyOS\n\n灰雁SDK\n\n## 其他\n\n灰雁SDK\n";
        let found: Vec<_> = sections(text)
            .into_iter()
            .map(|(_, p)| p.join(","))
            .collect();
        assert_eq!(found, ["ios", "", "harmony", ""]);
    }

    #[test]
    fn numbered_entries_do_not_end_a_numbered_section() {
        let text = "一、安卓端\n\n1. 甲\n\n灰雁SDK\n\n二、iOS端\n\n1. 乙\n\n灰雁SDK\n\n三、联系我们\n\n灰雁SDK\n";
        let found: Vec<_> = sections(text)
            .into_iter()
            .map(|(_, p)| p.join(","))
            .collect();
        assert_eq!(found, ["android", "ios", ""]);
    }

    #[test]
    fn captions_of_tabs_tell_no_platform() {
        let tabs = "# 清单\n\n* [iOS](#)\n* [Android](#)\n\n灰雁SDK\n\n## Android 端\n\n灰雁SDK\n";
        let found: Vec<_> = sections(tabs)
            .into_iter()
            .map(|(_, p)| p.join(","))
            .collect();
        assert_eq!(found, ["", "android"]);
    }

    #[test]
    fn a_sentence_or_a_name_is_no_platform_heading() {
        assert!(names_only_platforms("iOS App接入的第三方SDK目录"));
        assert!(!names_only_platforms("苹果支付"));
        assert!(!names_only_platforms("Android OAID"));
    }
}
