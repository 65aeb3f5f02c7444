//! How a policy discloses SDKs at all.

use std::ops::Range;

use crate::policy::pattern::Pattern;

use super::layout::Findings;
use super::model::{DisclosureForm, SdkRecord};
use super::page::{Block, Page};
use super::{roles, sentence, spans, url};

/// "See the list of SDKs": the words around the link.
static POINTS: Pattern = Pattern::new(
    r"(?i)点击|查看|详见|参见|请见|查阅|访问|阅读|available (?:at|here|on|under|from)|click|\bsee |(?:found|seen|viewed|consulted|published|listed|kept|maintained) (?:at|here|in|on|under)|refer to|visit|\bview\b|\bconsult\b|\bcheck\b|(?:is|are) (?:at|here|on|in) (?:our|the|this)\b|\bon (?:our|this|a|the) [\w -]{0,24}page\b|we (?:keep|maintain|publish)",
);

/// What is pointed to: a titled list, a Markdown link, "here", a URL.
static TARGET: Pattern = Pattern::new(
    r"(?i)《([^》]{0,40}(?:SDK|第三方|合作|共享)[^》]{0,40})》|\[([^\]]{1,60})\]\(([^)]*)\)|[“\[【](此处|这里|here)[”\]】]|(此处|这里|\bhere\b)|(https?://[!-~]+)",
);

/// Words of a list of SDKs or sharing partners.
static LIST: Pattern = Pattern::new(
    r"(?i)(?:sdk|第三方|合作伙伴|合作方|third[- ]part(?:y|ies)|partners|sub-?processors)",
);

/// A list by its title; an entry's own link is called a policy.
static TITLED_LIST: Pattern =
    Pattern::new(r"(?i)《[^》]{0,40}(?:目录|清单|列表|名单|list)[^》]{0,20}》");

/// "The list of our partners" in English words.
static ENGLISH_LIST: Pattern = Pattern::new(
    r"(?ix)\b(?:lists?|overview|directory|register|inventory|catalogue)\b[^.]*?\b(?:partners?|third[-\s]part(?:y|ies)|providers?|sdks?|vendors?|(?:sub-?)?processors?|suppliers?|companies|services\swe|librar(?:y|ies)|networks?|tools)\b
        |\b(?:partners?|third[-\s]party|sdks?|vendors?|providers?|(?:sub-?)?processors?)\s(?:list|page|overview|directory|register)\b|\bsdk-(?:list|overview)",
);

/// Pages that are called as such lists are.
static LIST_PATH: Pattern = Pattern::new(
    r"(?i)/(?:(?:our|all)[-_])?(?:third[-_]?part(?:y|ies)(?:[-_](?:sdks?|list|services|partners|providers))?|(?:ad[-_])?(?:partners|vendors)|(?:sub[-_]?)?processors|sdks?|(?:sdk|partner|vendor|subprocessor|supplier)s?[-_]?list)(?:\.\w{2,5})?$",
);

/// A list that the sentence before speaks of.
static THE_LIST: Pattern =
    Pattern::new(r"(?i)\b(?:list|overview|details of (?:each|all)|names of (?:these|all))\b");

/// Pages to object to advertising are no lists.
static OPT_OUT: Pattern = Pattern::new(
    r"(?i)\bopt(?:ing)?[- ]?out\b|optout|aboutads|networkadvertising|youronlinechoices|withdraw your consent by",
);

/// Words that call it a list.
static LIST_WORD: Pattern =
    Pattern::new(r"(?i)目录|清单|列表|名单|服务|详情|说明|明细|list|overview");

/// A title that says the document is the list.
static TITLE: Pattern = Pattern::new(
    r"(?i)(?:sdk|第三方|合作方|third[- ]party|信息共享|sub-?processor).{0,16}(?:目录|清单|列表|名单|list|overview|register|directory|说明|公示)",
);

/// A first line that says so in English.
static FIRST_TITLE: Pattern = Pattern::new(
    r"(?i)\blist of (?:our |the |all )?(?:third|sdk|partner|vendor|provider|service|sub-?processor)|(?:sub-?processors|third[- ]party (?:sdks|services|partners))(?: (?:in|of|used|we)\b.*)?$",
);

/// A title that says the document is a whole policy.
static POLICY_TITLE: Pattern = Pattern::new(
    r"(?i)(?:(?:隐私|私隐)(?:权)?(?:保护)?(?:政策声明|政策|协议|声明|指引|说明|条款)|个人信息保护(?:政策|指引)|privacy (?:policy|notice|statement))(?:\s*[(][^()]{1,20}[)])?$",
);

/// Whether a line is the title of a whole policy.
pub(crate) fn is_policy_title(line: &str) -> bool {
    line.chars().count() <= 60 && POLICY_TITLE.is_match(line)
}

/// Sections that only a whole policy has.
static POLICY: Pattern = Pattern::new(
    r"(?i)未成年人|如何联系我们|联系我们|您的权利|管理您的|Cookie|children|your rights|contact us|retention",
);

/// A field that nobody filled in.
static BLANK: Pattern = Pattern::new(
    r"(?i)[\[【(<{](?:请?填写|请输入|插入|公司名称|sdk\s?名称|应用名称|产品名称|app\s?名称|开发者名称|第三方名称|insert|your |company name|app name|developer name|sdk name|third[- ]party name)[^\]】)>}]{0,40}[\]】)>}]|\{\{[^{}]{1,40}\}\}|[\[<{%](?:(?:app|application|company|business|product|website|developer|service|services|sdk|owner|contact|support|effective|date|country|state|city|address|e-?mail|phone|name|url|link|list|describe|specify|enter|add|choose|select|e\.g\.|analytics provider|third[- ]part(?:y|ies))\b)[^\]>}%\n]{0,60}[\]>}%]|XX+(?:公司|SDK|应用|APP)|_{6,}",
);

/// Whether a text is a field of a template that nobody filled in.
pub(crate) fn is_blank(text: &str) -> bool {
    BLANK.is_match(text)
}

/// A value that is nothing but a place to fill in.
static PLACE: Pattern = Pattern::new(
    r"(?i)^\s*(?:[\[【<{]\s*[^\]】>}0-9]{0,30}[\]】>}]|X{2,}\s*(?:SDK)?|_{2,}|[.…]{2,})\s*$",
);

/// Whether a name is nothing but a place to fill in.
pub(crate) fn is_place(text: &str) -> bool {
    PLACE.is_match(text)
}

/// Whether a name is too little to be one: numbers, marks, a letter.
pub(crate) fn is_shred(text: &str) -> bool {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    match letters().count() {
        0 => true,
        1 => text.chars().count() == 1 || letters().all(|c| c.is_ascii()),
        2 => letters().all(|c| c.is_ascii_lowercase()),
        _ => false,
    }
}

/// Words that kinds of SDKs are called with in a sentence.
static KIND: Pattern = Pattern::new(
    r"(?i)^(?:消息|推送|充值|支付|分享|社交|登录|统计|地图|定位|导航|广告|分析|数据|语音|视频|直播|人脸|识别|安全|认证|崩溃|性能|监控|友商|厂商|合作|伙伴|第三方|供应商|服务商|提供|相关|其他|其它|外部|各|多|类|型|等|的|及|和|与|或|、|功能|集合|合集|组合|系列|渠道|通道|手机|服务|方|商|sdks?|\s)+$",
);

/// Whether a name of running text says only what kind of SDK is meant.
pub(crate) fn is_kind(text: &str) -> bool {
    KIND.is_match(text)
}

/// Values of known keys, and cells, that are nothing but places to fill in.
fn places(page: &Page) -> usize {
    let value = |text: &str| {
        let told = text.split_once(':');
        told.is_some_and(|(key, value)| {
            let key = sentence::marker(key)
                .and_then(|end| key.get(end..))
                .unwrap_or(key);
            PLACE.is_match(value) && roles::of(key).is_some()
        })
    };
    let blocks = page.blocks.iter().map(|block| match block {
        Block::Line(line) => usize::from(value(page.get(&line.range))),
        Block::Table(rows) => {
            let cells = rows.iter().flatten().filter(|cell| !cell.repeated);
            cells
                .filter(|cell| PLACE.is_match(page.get(&cell.range)))
                .count()
        }
    });
    blocks.sum()
}

/// A link to a list.
#[derive(Debug, Clone)]
pub(crate) struct ListLink {
    pub target: String,
}

/// Links to lists of SDKs or partners outside the entries, in document order.
pub(crate) fn list_links(page: &Page, covered: &[Range<usize>]) -> Vec<ListLink> {
    let mut found: Vec<ListLink> = Vec::new();
    for block in &page.blocks {
        let Block::Line(line) = block else { continue };
        let text = page.get(&line.range);
        if !LIST.is_match(text) && !ENGLISH_LIST.is_match(text) {
            continue;
        }
        let mut before = "";
        for piece in sentence::sentences(text) {
            let words = text.get(piece.clone()).unwrap_or_default();
            let range = line.range.start + piece.start..line.range.start + piece.end;
            let above = std::mem::replace(&mut before, words);
            let told = points_to_list(words) || links_to_list(page, &range, above);
            if words.len() > 2_000 || !told {
                continue;
            }
            if spans::meets(covered, &range) && !TITLED_LIST.is_match(words) {
                continue; // a link of an entry
            }
            let linked = page.link_in(&range).map(|link| link.target.clone());
            let written = || url::first(words).or_else(|| behind(page, range.end));
            let target = linked.or_else(written).or_else(|| target(words));
            if let Some(target) = target
                && !found.iter().any(|link| link.target == target)
            {
                found.push(ListLink { target });
            }
        }
    }
    found
}

/// Whether an English sentence links to a list of partners that it, or the
/// sentence before it, speaks of.
fn links_to_list(page: &Page, range: &Range<usize>, above: &str) -> bool {
    let words = page.get(range);
    let of_list = |target: &str| LIST_PATH.is_match(target.trim_end_matches('/'));
    let elsewhere = |target: &str| !target.starts_with('#') && !target.starts_with("mailto:");
    let linked = page
        .link_in(range)
        .is_some_and(|link| elsewhere(&link.target));
    let written = !url::find(words).is_empty();
    if !linked && !written || OPT_OUT.is_match(words) || page.language() != "en" {
        return false;
    }
    page.link_in(range)
        .is_some_and(|link| of_list(&link.target))
        || url::first(words).is_some_and(|link| of_list(&link))
        || ENGLISH_LIST.is_match(words)
        || THE_LIST.is_match(words) && LIST.is_match(above)
}

/// A link that stands right behind a sentence.
fn behind(page: &Page, end: usize) -> Option<String> {
    let rest = page.get(&(end..page.text.len()));
    let rest = rest.trim_start_matches([' ', ':', '\n']);
    rest.starts_with("http").then(|| url::first(rest)).flatten()
}

fn points_to_list(words: &str) -> bool {
    let named = || {
        let title = TARGET.captures(words).and_then(|groups| groups.get(1));
        title.is_some_and(|title| LIST_WORD.is_match(title.as_str()))
    };
    let sdk = || words.to_ascii_lowercase().contains("sdk") && LIST_WORD.is_match(words);
    LIST.is_match(words) && POINTS.is_match(words) && (sdk() || named())
}

fn target(words: &str) -> Option<String> {
    let groups = TARGET.captures(words)?;
    if let Some(link) = groups.get(3) {
        return Some(link.as_str().to_owned());
    }
    groups.taken().next().map(|group| group.as_str().to_owned())
}

/// Decides the form.
pub(crate) fn decide(
    page: &Page,
    findings: &Findings,
    sdks: &[SdkRecord],
    links: &[ListLink],
) -> DisclosureForm {
    let blanks = BLANK.find_iter(&page.text).take(20).count();
    let known = sdks.iter().filter(|sdk| sdk.id.is_some()).count();
    let unfilled = blanks >= 3 && known == 0 || blanks >= 6 && known * 2 <= blanks;
    if unfilled || sdks.is_empty() && places(page) >= 2 {
        return DisclosureForm::TemplateUnfilled;
    }
    if sdks.is_empty() {
        return if !links.is_empty() {
            DisclosureForm::LinkedOnly
        } else if mentions(page) {
            DisclosureForm::GenericMention
        } else {
            DisclosureForm::None
        };
    }
    if is_list_page(page, findings) {
        DisclosureForm::StandaloneList
    } else if links.is_empty() {
        DisclosureForm::Inline
    } else {
        DisclosureForm::InlineLink
    }
}

/// The title says so, or the list is most of the text and nothing else of a
/// policy is there.
fn is_list_page(page: &Page, findings: &Findings) -> bool {
    let mut lines = page.blocks.iter().filter_map(|block| match block {
        Block::Line(line) => Some(page.get(&line.range)),
        Block::Table(_) => None,
    });
    let titled = lines
        .by_ref()
        .take(8)
        .enumerate()
        // A section or an appendix of something larger is no title.
        .filter(|(at, line)| sentence::marker(line).is_none() && (*at == 0 || !is_appendix(line)))
        .any(|(at, line)| {
            line.chars().count() <= 40 && TITLE.is_match(line)
                || at == 0 && line.chars().count() <= 80 && FIRST_TITLE.is_match(line)
        });
    let share = findings.list_bytes as f32 / page.text.len().max(1) as f32;
    let lines = page.text.lines();
    let sections = lines
        .flat_map(|line| POLICY.find_iter(line))
        .take(4)
        .count();
    // A document that calls itself a privacy policy and not a list is none.
    let policy = page
        .blocks
        .iter()
        .find_map(|block| match block {
            Block::Line(line) => Some(page.get(&line.range)),
            Block::Table(_) => None,
        })
        .is_some_and(|line| is_policy_title(line) && !TITLE.is_match(line));
    !policy && (titled && share > 0.3 && sections < 4 || share > 0.6 && sections < 2)
}

fn is_appendix(line: &str) -> bool {
    let lower = line.trim_start().to_lowercase();
    ["appendix", "annex", "schedule", "附录", "附件", "附表"]
        .iter()
        .any(|word| lower.starts_with(word))
}

/// Titles of the policy of one SDK.
static SDK_TITLE: Pattern = Pattern::new(
    r"(?i)^\W*(?:privacy (?:policy|notice|statement) (?:of|for) (?:the )?(?P<of>.{1,40}\bsdk)|(?P<en>.{1,40}\bsdk) privacy (?:policy|notice|statement)|(?P<zh>.{1,40}sdk)(?:隐私政策|隐私权政策|隐私保护政策|隐私声明|合规说明))\W*$",
);

/// The SDK whose own policy this is: `某某SDK隐私政策`.
pub(crate) fn titled_sdk(page: &Page) -> Option<&str> {
    let first = page.blocks.iter().find_map(|block| match block {
        Block::Line(line) => Some(page.get(&line.range).trim()),
        Block::Table(_) => None,
    })?;
    let groups = SDK_TITLE.captures(first)?;
    let name = ["of", "en", "zh"]
        .iter()
        .find_map(|group| groups.name(group))?;
    let name = name.as_str();
    let lower = name.to_lowercase();
    let kind = ["第三方", "third", "合作", "接入"]
        .iter()
        .any(|word| lower.contains(word));
    (!kind).then_some(name)
}

/// A sentence about SDKs or third-party services without naming any.
fn mentions(page: &Page) -> bool {
    static WORDS: Pattern = Pattern::new(
        r"(?i)\bsdks?(?:[^@\w]|$)|软件开发(?:工具)?包|[^a-z]SDK(?:[^@]|$)|\bsoftware\s(?:that\sis\s|which\sis\s)?(?:built|embedded|integrated|included|contained)\s(?:into|in)\b|\b(?:service providers|(?:advertising|analytics) (?:companies|providers|partners))\b|third[- ]party (?:analytics|advertis\w+|service providers?|services|code|librar\w+|tools?|companies|vendors|partners)|\b(?:our|with|by|to|of|from|through) (?:[\w-]+ ){0,3}(?:partners|vendors|ad(?:vertising)? networks)\b",
    );
    /// `We do not share data with partners`.
    static DENIED: Pattern = Pattern::new(
        r"(?i)\b(?:no|not|never|n['’]t|neither|without)\b[^.;:]*\b(?:partners|vendors|networks|companies|providers)\b",
    );
    let own = titled_sdk(page);
    sentence::sentences(&page.text).any(|piece| {
        let words = page.get(&piece);
        let others: String;
        let words = match own {
            Some(own) => {
                others = words.replace(own, "").replace("我们的SDK", "");
                &others
            }
            None => words,
        };
        WORDS.is_match(words) && !sentence::denies_sdks(words) && !DENIED.is_match(words)
    })
}
