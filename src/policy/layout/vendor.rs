//! The company of an entry that no column or key names: in the bracket behind
//! the name, on the line below it, or in the words that say whose it is.

use std::ops::Range;

use crate::policy::pattern::Pattern;

use super::{Candidate, Parse, is_company};
use crate::policy::Lexicon;
use crate::policy::lexicon::Strength;
use crate::policy::page::Page;

/// How far from the name its company may stand in running text, in bytes.
const REACH: usize = 400;

/// A bracket right behind a name.
static BRACKET: Pattern = Pattern::new(r"^\s*(?:SDK|sdk)?\s*[(]([^()\n]{2,80})");

/// Words behind a name that say who provides it.
static BEHIND: Pattern = Pattern::new(
    r"(?x)
        (?:由|来自)\s*(?P<by>[^,。;:()由]{2,40}?)\s*(?:所)?(?:提供|开发|运营|研发|推出)
        | (?:提供方|提供者|供应商|服务商|运营方|运营者|运营主体|开发者|开发商|所属公司|所属主体|合作方|公司名称|主体名称|主体)(?:名称)?\s*(?:为|是|:)\s*(?P<is>[^,。;()\n]{2,40})",
);

/// Words in front of a name that say whose it is.
static BEFORE: Pattern = Pattern::new(
    r#"(?P<whose>(?:[^,。;:、()由向与和“”"]|[(][^()]{1,8}[)]){2,40}?)\s*(?:(?:所)?(?:提供|运营|开发|研发|推出)的?|旗下的?|(?:公司|集团)的)["“]?$"#,
);

/// Verbs and prepositions that end in front of a company.
static LEAD: Pattern = Pattern::new(
    r"^.*(?:使用|集成|接入|采用|引入|嵌入|内置|调起|调用|启用|委托|合作|通过|依赖|选择|由|的|了)",
);

/// A company with its legal form; a bracket inside tells the place.
static LEGAL: Pattern = Pattern::new(
    r"[^,。;:、()“”\n]{2,40}(?:[(][^()\n]{1,12}[)][^,。;:、()“”\n]{0,24}?)?(?:有限责任公司|有限公司|集团公司)",
);

/// Words in front of a company that tell what it is to the SDK.
static WHO: Pattern = Pattern::new(
    r"^.*(?:服务提供商|服务商|提供商|供应商|提供方|运营方|开发商|开发者|主体|公司名称|使用|集成|接入|采用|引入|嵌入|委托|依赖|[由是为的向与了])\s*",
);

/// Words that stand for no company.
const NOBODY: [&str; 12] = [
    "第三方",
    "我们",
    "我司",
    "本公司",
    "上述",
    "以下",
    "合作",
    "其他",
    "相关",
    "该",
    "您",
    "服务商",
];

/// Takes a company out of a name: `X\n(某某公司)`.
pub(super) fn split(page: &Page, one: &mut Candidate) {
    if let Some((name, company)) = inside(page, &one.name) {
        one.name = name;
        one.vendor = one.vendor.take().or(Some(company));
    }
}

/// Finds the company of an entry that has none yet.
pub(super) fn attach(page: &Page, lexicon: &Lexicon, one: &mut Candidate) {
    split(page, one);
    if one.vendor.is_none()
        && let Some((name, company)) = known_inside(page, lexicon, &one.name)
    {
        one.name = name;
        one.vendor = Some(company);
    }
    if one.vendor.is_some() {
        return;
    }
    let apart =
        |company: &Range<usize>| company.start >= one.name.end || company.end <= one.name.start;
    let linked = one.url.iter().find_map(|cell| before_link(page, cell));
    if let Some(company) = linked.filter(apart) {
        one.vendor = Some(company);
        return;
    }
    if !(one.whole.start <= one.name.start && one.name.end <= one.whole.end) {
        return;
    }
    let behind = page.get(&(one.name.end..clamped(page, one.name.end + REACH).min(one.whole.end)));
    let before = page.get(&(back(page, one.name.start).max(one.whole.start)..one.name.start));
    let at = one.name.end;
    let start = one.name.start - before.len();
    one.vendor = bracket(behind)
        .or_else(|| clause(behind))
        .map(|range| at + range.start..at + range.end)
        .or_else(|| {
            let range = whose(before)?;
            Some(start + range.start..start + range.end)
        })
        .or_else(|| {
            let range = provider(behind)?;
            Some(at + range.start..at + range.end)
        })
        .or_else(|| of_name(page, &one.name))
        .or_else(|| {
            let range = legal(behind)?;
            Some(at + range.start..at + range.end)
        });
}

/// `由某某公司提供的A和B`: what is said of the first of a list holds for those
/// behind it.
pub(super) fn hand_on(page: &Page, parses: &mut [Parse]) {
    for parse in parses {
        for at in 1..parse.candidates.len() {
            let (done, rest) = parse.candidates.split_at_mut(at);
            let (Some(before), Some(one)) = (done.last(), rest.first_mut()) else {
                continue;
            };
            let near = before.name.end..one.name.start;
            let listed = before.prose
                && one.prose
                && near.start <= near.end
                && before
                    .vendor
                    .as_ref()
                    .is_some_and(|vendor| vendor.end <= before.name.start)
                && matches!(page.get(&near).trim(), "、" | "和" | "及" | "与" | "以及");
            if listed && one.vendor.is_none() {
                one.vendor = before.vendor.clone();
            }
        }
    }
}

/// A company in front of the link of one cell: `某某有限公司 [隐私](https://…)`.
fn before_link(page: &Page, cell: &Range<usize>) -> Option<Range<usize>> {
    let text = page.get(cell);
    let link = text.find(['[', '<']).or_else(|| text.find("http"));
    let end = link.unwrap_or(text.len());
    let words = text
        .get(..end)?
        .trim_end_matches([' ', '\n', ':', '(', '-']);
    let lead = words.len() - words.trim_start().len();
    is_company(words).then(|| cell.start + lead..cell.start + words.len())
}

/// A company in the bracket or on the last line of a name, and the name
/// without it.
fn inside(page: &Page, name: &Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let text = page.get(name);
    if let Some((head, company)) = text.rsplit_once('\n') {
        let words = company.trim();
        let words = words
            .strip_prefix('(')
            .and_then(|w| w.strip_suffix(')'))
            .unwrap_or(words);
        if is_company(words) && !is_company(head) && !head.trim().is_empty() {
            let from = name.end - company.len() + company.find(words)?;
            let name = name.start..name.start + head.trim_end().len();
            return Some((name, from..from + words.len()));
        }
    }
    let open = text.rfind('(')?;
    let inner = text.get(open + 1..)?;
    let inner = inner.get(..inner.find(')').unwrap_or(inner.len()))?;
    let head = text.get(..open)?.trim_end();
    let from = name.start + open + 1;
    (is_company(inner) && !head.is_empty() && !is_company(head)).then(|| {
        (
            name.start..name.start + head.len(),
            from..from + inner.len(),
        )
    })
}

/// A known company in the bracket that ends a name: `优量汇(腾讯)`.
fn known_inside(
    page: &Page,
    lexicon: &Lexicon,
    name: &Range<usize>,
) -> Option<(Range<usize>, Range<usize>)> {
    let text = page.get(name);
    let (head, inner) = text.strip_suffix(')')?.rsplit_once('(')?;
    let (company, _) = lexicon.names.company_in_front(inner)?;
    let whole = inner.get(company)?.trim().len() == inner.trim().len();
    let names = lexicon.names.find(inner);
    // A name of the product itself in brackets is its other name.
    let other = names.iter().any(|hit| hit.strength == Strength::Product);
    let from = name.start + head.len() + 1;
    (whole && !other && !head.trim().is_empty()).then(|| {
        let kept = name.start..name.start + head.trim_end().len();
        (kept, from..from + inner.len())
    })
}

/// The company that opens the bracket behind a name.
fn bracket(behind: &str) -> Option<Range<usize>> {
    let inner = BRACKET.captures(behind)?.get(1)?;
    let first = inner.as_str().split([',', ';', '、']).next()?;
    let words = first.trim();
    let whole = inner.as_str().trim();
    // `Functional Software, Inc.` holds a comma.
    let words = if is_company(words) { words } else { whole };
    let from = inner.start() + inner.as_str().find(words)?;
    is_company(words).then(|| from..from + words.len())
}

/// The company that is the first clause behind a name: `X,某某公司,用于…`.
fn clause(behind: &str) -> Option<Range<usize>> {
    let inner = behind.trim_start_matches([' ', ',', ':', '。', '—', '-', '\n', '”']);
    let from = behind.len() - inner.len();
    let end = inner
        .find([',', '。', ';', '\n', '—'])
        .unwrap_or(inner.len());
    let words = inner.get(..end)?;
    let words = words
        .find("提供")
        .or_else(|| words.find("开发"))
        .map_or(words, |at| words.get(..at).unwrap_or(words))
        .trim_end();
    let lead = words.rfind('由').map_or(0, |at| at + '由'.len_utf8());
    let words = words.get(lead..)?;
    if let Some(company) = legal(words).filter(|company| company.start == 0) {
        return (from > 0).then(|| from + lead..from + lead + company.end);
    }
    (from > 0 && is_company(words)).then(|| from + lead..from + lead + words.len())
}

/// The first company whose legal form is written.
fn legal(text: &str) -> Option<Range<usize>> {
    let found = LEGAL.find(text)?;
    let lead = WHO.find(found.as_str()).map_or(0, |lead| lead.end());
    let range = named(found.as_str(), lead)?;
    Some(found.start() + range.start..found.start() + range.end)
}

/// The company that the words in front of a name say it belongs to.
fn whose(before: &str) -> Option<Range<usize>> {
    let found = BEFORE.captures(before)?;
    let group = found.name("whose")?;
    let mut end = group.end();
    // `…公司的`: the company's own last word was read as the link.
    for word in ["公司", "集团"] {
        if before.get(end..).is_some_and(|rest| rest.starts_with(word)) {
            end += word.len();
        }
    }
    let text = before.get(group.start()..end)?;
    let lead = LEAD.find(text).map_or(0, |lead| lead.end());
    named(text, lead).map(|range| group.start() + range.start..group.start() + range.end)
}

/// Who provides what was named, by the words behind it in the same sentence.
fn provider(behind: &str) -> Option<Range<usize>> {
    let sentence = behind.get(..behind.find('。').unwrap_or(behind.len()))?;
    let found = BEHIND.captures(sentence)?;
    let group = found.name("by").or_else(|| found.name("is"))?;
    named(group.as_str(), 0).map(|range| group.start() + range.start..group.start() + range.end)
}

/// `某某联盟提供的X`: the name itself says whose it is.
fn of_name(page: &Page, name: &Range<usize>) -> Option<Range<usize>> {
    let text = page.get(name);
    let bare = ["的SDK", "的sdk"]
        .iter()
        .find_map(|end| text.strip_suffix(end));
    let at = ["提供的", "开发的", "运营的", "旗下的"]
        .iter()
        .filter_map(|word| text.find(word))
        .min()
        .or(bare.map(str::len))?;
    let range = named(text.get(..at)?, 0)?;
    Some(name.start + range.start..name.start + range.end)
}

/// The words from `lead` on, when they can be a company.
fn named(text: &str, lead: usize) -> Option<Range<usize>> {
    let words = text.get(lead..)?;
    let inner = words.trim();
    let from = lead + words.find(inner)?;
    let nobody = NOBODY.iter().any(|word| inner.starts_with(word));
    let length = inner.chars().count();
    ((2..=40).contains(&length) && !nobody).then(|| from..from + inner.len())
}

fn clamped(page: &Page, mut at: usize) -> usize {
    at = at.min(page.text.len());
    while !page.text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn back(page: &Page, at: usize) -> usize {
    clamped(page, at.saturating_sub(REACH))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::document;

    fn vendor(text: &str, name: &str) -> String {
        let page = Page::of(&document::open("p.txt", text.as_bytes()).unwrap().source);
        let at = page.text.find(name).unwrap();
        let mut one = Candidate {
            name: at..at + name.len(),
            whole: 0..page.text.trim_end().len(),
            ..Candidate::default()
        };
        let lexicon = Lexicon::compile(&crate::sdk::KnowledgeBase::without_signatures());
        attach(&page, &lexicon, &mut one);
        one.vendor
            .map(|range| page.get(&range).to_owned())
            .unwrap_or_default()
    }

    #[test]
    fn words_around_a_name_tell_its_company() {
        for (text, name, company) in [
            ("灰雁SDK(灰雁科技有限公司)", "灰雁SDK", "灰雁科技有限公司"),
            (
                "①灰雁SDK（灰雁科技有限公司，用于推送，收集OAID）",
                "灰雁SDK",
                "灰雁科技有限公司",
            ),
            (
                "我们接入了由灰雁科技有限公司提供的灰雁引擎，该引擎",
                "灰雁引擎",
                "灰雁科技有限公司",
            ),
            (
                "我们集成了灰雁统计，其由灰雁科技有限公司提供，收集日志",
                "灰雁统计",
                "灰雁科技有限公司",
            ),
            (
                "分别启用灰雁科技有限公司的GooseX",
                "GooseX",
                "灰雁科技有限公司",
            ),
            (
                "地图由灰雁SDK支持，供应商为灰雁科技有限公司，仅在",
                "灰雁SDK",
                "灰雁科技有限公司",
            ),
            (
                "灰雁联盟提供的标识符SDK",
                "灰雁联盟提供的标识符SDK",
                "灰雁联盟",
            ),
            (
                "Goose Metrics (Goose Software, Inc.) counts visits",
                "Goose Metrics",
                "Goose Software, Inc.",
            ),
            (
                "灰雁支付SDK。您付款时,灰雁(中国)网络有限公司会通过该SDK收集IMEI",
                "灰雁支付SDK",
                "灰雁(中国)网络有限公司",
            ),
            (
                "灰雁客服SDK。在线客服使用的SDK,服务商杭州灰雁科技有限公司,处理聊天内容",
                "灰雁客服SDK",
                "杭州灰雁科技有限公司",
            ),
            (
                "灰雁分析SDK。灰雁科技(北京)有限公司的埋点工具,收集日志",
                "灰雁分析SDK",
                "灰雁科技(北京)有限公司",
            ),
            ("我们使用第三方提供的灰雁SDK", "灰雁SDK", ""),
        ] {
            assert_eq!(vendor(text, name), company, "{text}");
        }
    }
}
