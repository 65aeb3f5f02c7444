//! Running text: numbered items, sentences that say which SDK collects what,
//! enumerations that share one list of data.

use std::ops::Range;

use rayon::prelude::*;

use crate::policy::pattern::Pattern;

use super::{Candidate, Parse, apart, bundle, density, english, grid, owned, passage};
use crate::formats::limits::{MAX_ENTRY_TEXT, MAX_POLICY_RECORDS};
use crate::policy::Lexicon;
use crate::policy::document::LineKind;
use crate::policy::lexicon::{NameHit, Strength, squash_name};
use crate::policy::page::{Line, Page};
use crate::policy::tongue::is_ideograph;
use crate::policy::{sentence, spans};

static SDK: Pattern = Pattern::new(r"(?i)sdks?");

/// Words between which a name stands in a sentence.
static BEFORE: Pattern = Pattern::new(
    r"第三方(?:的|合作|推送|统计)*|(?:提供|共享|发送|传输|上传|传送|披露)(?:给|至|到)|(?i:sdk)(?:有|包括|为|是)|合作方|合作伙伴|服务提供商|服务商|供应商|[改换使]用了?|集成了?|接入了?|内置了?的?|嵌入了?|引入了?|通过|调用了?|新增|增加|删除|移除|以及|由|和|与|及|包括|包含|例如|我们的?|上述|相关的?|为|是|防止|各类|其|该|此|[Tt]he |[Oo]ur |[Uu]ses? |[Aa]nd |[Vv]ia |[Bb]y |[Ii]ntegrates? ",
);

/// Words between a company and its product.
static OWNER: Pattern = Pattern::new(r"(?:公司|集团|[)])的|(?:提供|运营|开发|研发|推出|旗下)的");

/// The app takes in a product: `我们使用了某某公司提供的X`.
static TAKES_IN: Pattern = Pattern::new(
    r"(?i)(?:我们|本产品|本应用|本软件|app|应用)[^,。;]{0,16}?(?:使用|接入|集成|嵌入|内置|引入|采用)了?(?:由)?[^,。;、]*?(?:(?:提供|运营|开发|研发|推出|公司)的)",
);

/// Names that name nothing.
static GENERIC: Pattern = Pattern::new(
    r"(?i)^(?:第三方|对|向|把|将|关于|当前|其他|其它|其|该|各|每个|此|这|那|类|些|个|上述|以上|以下|下列|两|三|几|别人家的?|表示|在用|已下线|已停用|已移除|已弃用|计划|拟|历史|相关|合作|部分|具体|所有|任何|一些|多个|主要|不同|等|的|应用|移动|软件|联运|渠道|服务|功能|目的|名称|类似|如|本|开发|工具|包|平台|伙伴|商|方|可能|如下|下述|前述|提供|供应|运营|嵌入|接入|集成|使用|我们|您|和|或|安卓|android|ios|app|third[ -]?party|other|such|these|those|any|some|various|all|following|certain|an?|our|the|with|mobile|software|in|of|s|\s|[0-9.()、])*$",
);

/// Words that no unknown name holds: the text before "SDK" is a sentence.
static SENTENCE: Pattern = Pattern::new(
    r"(?i)第三方|合作|嵌入|通过|存在|可能|会|您|请|情况|调整|需要|授权|收集|获取|信息|授予|渠道方|^他|我|如何|什么|关于|调用|初始化|使用|不|清单|目录|列表|政策|协议|声明|[(),;]|^(?:to|of|for|with|in|as|is|are|and|or|that|which)$|cookie",
);

/// Own or unnamed SDKs.
pub(super) const OWN: [&str; 8] = [
    "我们",
    "关联公司",
    "本公司",
    "自有",
    "自研",
    "该等",
    "这些",
    "此类",
];

/// What follows an SDK that does something.
static ACTS: Pattern = Pattern::new(
    r"^\s*(?:[(][^()]{0,60}[)])?\s*(?:加固)?(?:可能)?(?:会|将|可能|需要?|可以?|用于|收集|获取|采集|读取|访问|申请|调用|为您|提供|[,:]?\s*(?:用于|用来|以))",
);

/// A list of SDKs after a colon.
static LIST: Pattern = Pattern::new(
    r"(?i)(?:sdks?|软件开发(?:工具)?包(?:[(]sdk[)])?)\s*(?:产品)?(?:有|包括但不限于|包括|包含|为|如下|分别为|列表)?\s*(?:有|包括|如下)?:",
);

/// A list in brackets or after "including".
static INCLUDING: Pattern = Pattern::new(r"包括但不限于\s*:?|(?:包括|包含|例如|比如|如)\s*:?");

/// "… is provided by X".
static PROVIDED: Pattern = Pattern::new(
    r"由(?:第三方)?(?:合作伙伴|合作方|服务商|公司)?[【“]?([^,。;【】“”由]{2,24}?)[】”]?(?:提供|负责)",
);

/// Whether a name names nothing.
pub(super) fn is_generic(name: &str) -> bool {
    let lower = name.trim().to_ascii_lowercase();
    // `广告类SDK` is a kind of SDK.
    let kind = lower.trim_end_matches("sdk").trim_end().ends_with('类');
    kind || GENERIC.is_match(lower.trim_end_matches("sdk"))
        || OWN.iter().any(|word| name.contains(word))
}

/// Whether a text holds words that no unknown name holds.
pub(super) fn is_sentence(text: &str) -> bool {
    // `信息流` is a kind of advertisement.
    let stream = text.contains("信息流").then(|| text.replace("信息流", ""));
    SENTENCE.is_match(stream.as_deref().unwrap_or(text).trim())
}

/// A paragraph or list item.
struct Paragraph {
    range: Range<usize>,
    marked: bool,
    heading: bool,
}

/// Reads what the lists left over.
pub(super) fn read(
    page: &Page,
    lexicon: &Lexicon,
    lines: &[&Line],
    covered: &[Range<usize>],
    own: Option<&english::Own>,
) -> Vec<Parse> {
    let free: Vec<&Line> = lines
        .iter()
        .filter(|line| {
            // A very long line may hold a list and prose around it.
            !spans::meets(covered, &line.range) || line.range.len() > MAX_ENTRY_TEXT
        })
        .copied()
        .collect();
    let paragraphs = paragraphs(page, lexicon, &free);
    let titles = paragraphs.par_iter();
    let titles: Vec<_> = titles.map(|one| title(page, lexicon, one)).collect();
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(name) = titles.get(at) {
        let end = match name {
            Some(_) => body(page, &paragraphs, &titles, at + 1),
            None => at + 1,
        };
        parts.push((at..end, name.clone().filter(|_| end > at + 1)));
        at = end;
    }
    let mut parses: Vec<Parse> = Vec::new();
    for parts in parts.chunks(PARTS_AT_ONCE) {
        if parses.len() > MAX_POLICY_RECORDS {
            break; // the reader says that the list was cut
        }
        let read = parts.par_iter().flat_map_iter(|(part, name)| match name {
            Some(name) => titled(page, &paragraphs, part, name.clone())
                .into_iter()
                .collect(),
            None => {
                let paragraph = paragraphs.get(part.start);
                paragraph.map_or_else(Vec::new, |paragraph| {
                    passage(page, lexicon, paragraph, covered, own)
                })
            }
        });
        parses.par_extend(read);
    }
    parses
}

/// Passages and titled texts that are read side by side before their entries are
/// counted.
const PARTS_AT_ONCE: usize = 1_024;

/// Joins lines that one paragraph was broken into.
fn paragraphs(page: &Page, lexicon: &Lexicon, lines: &[&Line]) -> Vec<Paragraph> {
    let mut found: Vec<Paragraph> = Vec::new();
    let mut indent = 0;
    let mut last_start = 0;
    let mut last_end = usize::MAX;
    for line in lines {
        let text = page.get(&line.range);
        let marked = line.kind == LineKind::Item || sentence::marker(text).is_some();
        let heading = line.kind == LineKind::Heading;
        let continues = found.last().is_some_and(|last| {
            let before = page.get(&last.range);
            let near = line.range.start.saturating_sub(last_end) < 4;
            let link = page.get(&(last_start..last.range.end)).contains("://");
            let open = !link && !before.ends_with(['。', ';', ':', '!', '?', '.']);
            let hangs = line.indent >= indent + 2;
            let titled = || line.indent < indent + 2 && title(page, lexicon, last).is_some();
            near && !last.heading
                && !heading
                && !marked
                && !line.apart
                && (open || hangs)
                && last.range.len() < MAX_ENTRY_TEXT
                && !titled()
        });
        match found.last_mut() {
            Some(last) if continues => last.range.end = line.range.end,
            _ => {
                indent = line.indent;
                found.push(Paragraph {
                    range: line.range.clone(),
                    marked,
                    heading,
                });
            }
        }
        last_start = line.range.start;
        last_end = line.range.end;
    }
    found
}

/// A short line that is the name of an SDK.
fn title(page: &Page, lexicon: &Lexicon, paragraph: &Paragraph) -> Option<Range<usize>> {
    let range = sentence::strip_marker(page, &paragraph.range);
    let text = page.get(&range);
    let length = text.chars().count();
    if !(2..=45).contains(&length) || text.contains(['。', ';', ':', ',']) {
        return None;
    }
    let head = text.split('(').next().unwrap_or(text).trim();
    let lower = head.to_ascii_lowercase();
    let bare = lower.trim_end_matches("sdk");
    let says = bare.len() < lower.len() && !GENERIC.is_match(bare) && !describes(bare);
    let known = || {
        let hits = lexicon.names.find(head);
        let products = hits.iter().filter(|hit| hit.strength == Strength::Product);
        let length: usize = products.map(|hit| hit.length).sum();
        length * 10 >= squash_name(head).chars().filter(|c| *c != '/').count() * 8
    };
    let own = OWN.iter().any(|word| text.contains(word));
    let heading_word = ["清单", "列表", "目录", "名单", "说明", "权限"]
        .iter()
        .any(|w| text.contains(w));
    let own = own || heading_word || SENTENCE.is_match(head);
    let line = paragraph.heading || paragraph.marked || page.language() == "en";
    (!own && (says || line && known())).then_some(range)
}

/// Where the text below a title ends.
fn body(
    page: &Page,
    paragraphs: &[Paragraph],
    titles: &[Option<Range<usize>>],
    from: usize,
) -> usize {
    let mut at = from;
    while let Some((paragraph, title)) = paragraphs.get(at).zip(titles.get(at)) {
        let far = at - from >= 6;
        let other = paragraph.heading || paragraph.marked && at > from;
        if far || other || title.is_some() {
            break;
        }
        if at > from
            && !page
                .get(&paragraph.range)
                .to_ascii_lowercase()
                .contains("sdk")
        {
            break;
        }
        at += 1;
    }
    at
}

fn titled(
    page: &Page,
    paragraphs: &[Paragraph],
    part: &Range<usize>,
    name: Range<usize>,
) -> Option<Parse> {
    let first = paragraphs.get(part.start)?;
    let last = paragraphs.get(part.end.checked_sub(1)?)?;
    let start = paragraphs.get(part.start + 1)?.range.start;
    let end = last.range.end.min(start + MAX_ENTRY_TEXT);
    let text = start..end;
    let said = sentence::said(page, &text, &[]);
    Some(Parse {
        candidates: vec![Candidate {
            name,
            data: said.data,
            purpose: said.purpose,
            context: vec![text.clone()],
            whole: first.range.start..end,
            prose: true,
            ..Candidate::default()
        }],
        covered: first.range.start..end,
        score: 1.0,
    })
}

/// The SDKs that a paragraph names, sentence by sentence: sentences without a
/// name belong to the names before them.
fn passage(
    page: &Page,
    lexicon: &Lexicon,
    paragraph: &Paragraph,
    covered: &[Range<usize>],
    own: Option<&english::Own>,
) -> Vec<Parse> {
    if let Some(own) = own {
        let marked = |range: &Range<usize>| names(page, lexicon, range);
        return english::paragraph(page, lexicon, own, &paragraph.range, covered, &marked);
    }
    let text = page.get(&paragraph.range);
    let lower = text.to_ascii_lowercase();
    let told = lower.contains("sdk")
        || text.contains("开发包")
        || text.contains("【")
        || TAKES_IN.is_match(text)
        || TAKEN.iter().any(|word| text.contains(word))
        || reports(text, lexicon)
        || text.contains("它们") && !enumerated(text, lexicon).is_empty()
        || owned::speaks(text);
    if !told {
        return Vec::new();
    }
    let mut groups: Vec<(Range<usize>, Vec<Range<usize>>)> = Vec::new();
    let mut count = 0;
    for piece in sentence::sentences(text) {
        let range = paragraph.range.start + piece.start..paragraph.range.start + piece.end;
        if spans::meets(covered, &range) {
            groups.push((range, Vec::new()));
            continue;
        }
        if count > MAX_POLICY_RECORDS {
            break; // the reader says that the list was cut
        }
        let mut names = names(page, lexicon, &range);
        count += names.len();
        if let Some((_, before)) = groups.last() {
            names.retain(|name| {
                !before
                    .iter()
                    .any(|full| shortens(lexicon, page.get(name), page.get(full)))
            });
        }
        match groups.last_mut() {
            Some((last, _)) if names.is_empty() && last.len() < MAX_ENTRY_TEXT => {
                last.end = range.end;
            }
            Some((last, before)) if before.is_empty() && last.len() < 600 && !names.is_empty() => {
                *before = names;
                last.end = range.end;
            }
            _ => groups.push((range, names)),
        }
    }
    groups
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(range, names)| group(page, lexicon, range, &names))
        .collect()
}

/// Whether a name only repeats a longer one: `高德会收集…` behind `高德地图SDK`.
fn shortens(lexicon: &Lexicon, short: &str, full: &str) -> bool {
    let owners = |text: &str| -> Vec<u32> {
        let hits = lexicon.names.find(text);
        let owners = hits.iter().flat_map(|hit| lexicon.names.owners(hit));
        owners.map(|(sdk, _)| sdk).collect()
    };
    short.len() < full.len() && full.starts_with(short) && {
        let known = owners(full);
        owners(short).iter().any(|sdk| known.contains(sdk))
    }
}

fn group(page: &Page, lexicon: &Lexicon, range: Range<usize>, names: &[Range<usize>]) -> Parse {
    let mut candidates = passage::entries(page, &range, names);
    bundle::lend(page, lexicon, &range, &mut candidates);
    hand_back(page, lexicon, &mut candidates);
    Parse {
        candidates,
        covered: range,
        score: 1.0,
    }
}

/// Gives the names of a list the function at the end of its last:
/// `华为、小米、魅族厂商推送SDK`.
fn hand_back(page: &Page, lexicon: &Lexicon, ones: &mut [Candidate]) {
    let mut later: Option<(usize, Range<usize>)> = None;
    for one in ones.iter_mut().rev() {
        let listed = later.take().filter(|(start, _)| {
            let between = page.text.get(one.name.end..*start);
            matches!(between.map(str::trim), Some("、" | "和" | "及" | "与"))
        });
        let word = listed
            .map(|(_, word)| word)
            .or_else(|| apart::shared(page, &one.name));
        if one.suffix.is_none() {
            one.suffix = apart::lacking(page, lexicon, &one.name, word.as_ref());
        }
        later = word.map(|word| (one.name.start, word));
    }
}

/// The names in one sentence, in order, each once.
pub(super) fn names(page: &Page, lexicon: &Lexicon, range: &Range<usize>) -> Vec<Range<usize>> {
    let text = page.get(range);
    if !SDK.is_match(text) && !text.contains(is_ideograph) {
        return Vec::new(); // all that names without this word is Chinese
    }
    let hits = lexicon.names.find(text);
    let mut found: Vec<Range<usize>> = Vec::new();
    for sdk in SDK.find_iter(text) {
        found.extend(before_sdk(text, sdk.range(), &hits, lexicon));
    }
    let developer_kit = SDK.is_match(text) || text.contains("开发包");
    if developer_kit {
        found.extend(listed(text, &hits));
        let members = bundle::in_sentence(text, lexicon);
        found.retain(|name| {
            !members
                .iter()
                .any(|member| name.start < member.name.end && member.name.start < name.end)
        });
        found.extend(members.into_iter().map(|member| member.name));
    }
    let denial = sentence::denial_of_sdks(text);
    let gone = denial.is_none() && sentence::denies_sdks(text) && text.is_ascii();
    // `未使用某某SDK` is about that one; whether it is in use is asked later.
    let denial = denial.filter(|_| text.is_ascii() || !sentence::denies_one(text, &found));
    if denial == Some(0) || gone || sentence::tells_developers(text) {
        return Vec::new();
    }
    found.extend(taken_in(text, &hits));
    found.extend(used(text, &hits, developer_kit));
    found.extend(owned::names(text, lexicon));
    found.extend(provided(text, &hits));
    found.extend(enumerated(text, lexicon));
    let repeats = |name: &Range<usize>, full: &Range<usize>| {
        let words = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
        shortens(lexicon, words(name), words(full))
    };
    let mut acting = acting(text, &hits);
    acting.retain(|name| !found.iter().any(|full| repeats(name, full)));
    found.extend(acting);
    found.sort_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
    let mut kept: Vec<Range<usize>> = Vec::new();
    for name in found {
        let overlaps = kept.last().is_some_and(|last| name.start < last.end);
        if !overlaps {
            kept.push(name);
        }
    }
    // `…;X部分跳转网页完成,未集成SDK` says nothing of what stands before it.
    kept.retain(|name| denial.is_none_or(|denial| name.end <= denial));
    // `随X SDK一并引入` tells what brings the others in.
    kept.retain(|name| !brings_in(text, name));
    // What holds the end of a sentence is no name.
    kept.retain(|name| {
        !text
            .get(name.clone())
            .is_some_and(|name| name.contains('。'))
    });
    kept.into_iter()
        .map(|name| range.start + name.start..range.start + name.end)
        .collect()
}

/// Whether a name stands where it brings others in: `随X SDK一并引入`.
fn brings_in(text: &str, name: &Range<usize>) -> bool {
    static BEHIND: Pattern = Pattern::new(
        r"^\s*(?i:sdk)?\s*(?:一并|一同|一起|同时|共同)(?:被)?(?:引入|接入|集成|嵌入|带入)",
    );
    let head = text.get(..name.start).unwrap_or_default();
    let words = text.get(name.clone()).unwrap_or_default();
    let behind = text.get(name.end..).unwrap_or_default();
    (words.starts_with('随') || head.ends_with('随')) && BEHIND.is_match(behind)
}

/// The names that end at one "SDK": the one before it, those listed before
/// that, and one listed behind it.
fn before_sdk(
    text: &str,
    sdk: Range<usize>,
    hits: &[NameHit],
    lexicon: &Lexicon,
) -> Vec<Range<usize>> {
    let mut names = Vec::new();
    let after = text.get(sdk.end..).unwrap_or_default();
    let manner = after.trim_start().trim_start_matches('的');
    if after.starts_with(|c: char| c.is_ascii_alphanumeric())
        || ["形式", "方式"].iter().any(|word| manner.starts_with(word))
    {
        return names; // `以SDK的形式`
    }
    let Some((start, introduced)) = name_start(text, sdk.start, hits) else {
        return names;
    };
    let words = text.get(start..sdk.start).unwrap_or_default();
    let known = hits
        .iter()
        .any(|hit| hit.range.start >= start && hit.range.end <= sdk.end);
    let own = OWN.iter().any(|word| words.contains(word));
    let generic = words.contains("//")
        || is_generic(words.trim_end_matches('的'))
        || !known && describes(words);
    let listed_before = text
        .get(..start)
        .is_some_and(|head| head.trim_end().ends_with('、'));
    let acts = ACTS.is_match(after) || after.trim_start().starts_with('、') || listed_before;
    let long = words.chars().count() > 40;
    if generic || own || long || !known && !acts && !introduced {
        return names;
    }
    if !known && (density(words, lexicon) > 0.5 || SENTENCE.is_match(words.trim())) {
        return names;
    }
    let plural = text
        .get(sdk.clone())
        .is_some_and(|word| word.ends_with(['s', 'S']));
    let start = if known || !words.is_ascii() {
        start
    } else if let Some(lead) = capitalised(words).filter(|_| !plural) {
        start + lead
    } else {
        return names; // "through its SDK", "the following SDKs"
    };
    names.push(start..with_bracket(text, sdk.end));
    chain_left(text, start, hits, lexicon, &mut names);
    names.extend(chain_right(text, sdk.end, hits));
    names
}

/// Words before an "SDK" that are looked at: no name has so many.
const MAX_CAPITALISED: usize = 24;

/// Where the capitalised words at the end of an English text start: only they
/// can be a name.
pub(super) fn capitalised(words: &str) -> Option<usize> {
    let mut start = None;
    let mut at = words.len();
    for (before, word) in words.split(' ').rev().enumerate() {
        if before == MAX_CAPITALISED {
            return None; // a sentence in capitals
        }
        at = at.saturating_sub(word.len());
        let named = word.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit());
        if named {
            start = Some(at);
        } else if !word.is_empty() {
            break;
        }
        at = at.saturating_sub(1);
    }
    start
}

/// Words that end in front of 的 where only some SDKs are described.
const DESCRIBING: [&str; 14] = [
    "里面的",
    "当中的",
    "接入的",
    "使用的",
    "专用的",
    "集成的",
    "嵌入的",
    "引入的",
    "涉及的",
    "合作的",
    "采用的",
    "需要的",
    "所需的",
    "用到的",
];

/// Whether the words in front of an "SDK" only tell which ones are meant:
/// `按照用途接入的SDK`.
fn describes(words: &str) -> bool {
    let words = words.trim_end();
    DESCRIBING.iter().any(|end| words.ends_with(end))
}

/// Includes a packer's "SDK加固" and a bracket that explains the name.
fn with_bracket(text: &str, end: usize) -> usize {
    let rest = text.get(end..).unwrap_or_default();
    if rest.starts_with("加固") {
        return end + "加固".len();
    }
    end
}

/// Whether a bracket that ends here holds the number of an item: `(1`, `(iii`.
fn closes_number(head: &str) -> bool {
    let Some((before, number)) = head.rsplit_once('(') else {
        return false;
    };
    let digits = number.chars().all(|c| c.is_ascii_digit());
    let letters = number.chars().all(|c| c.is_ascii_lowercase());
    let apart = !before.ends_with(|c: char| c.is_alphanumeric());
    (1..=4).contains(&number.len()) && (digits || letters && apart)
}

/// Words of a sentence that may stand right before a known name, and a day.
static GLUED: Pattern = Pattern::new(
    r"(?:\d\s*[年月日号]|[当若如向对给从在于至让把将被因且但而并现拟仅或中后前时]|初始化|启动|加载|启用|停用|关闭|卸载|下线|移除|替换|接入|集成|使用|尚未|没有|不会|无需)\s*$",
);

/// The last of the known names that an "SDK" stands behind, where words of the
/// sentence stand before it: `其中X`, `不会初始化X`, `2024年1月1日 X`.
fn behind_words(text: &str, start: usize, end: usize, hits: &[NameHit]) -> Option<usize> {
    let within = |hit: &&NameHit| {
        hit.range.start > start && hit.range.end <= end && hit.strength >= Strength::Family
    };
    let first = hits
        .iter()
        .filter(within)
        .map(|hit| hit.range.start)
        .min()?;
    GLUED.is_match(text.get(start..first)?).then_some(first)
}

/// Where the name before an "SDK" starts, and whether a word introduces it.
fn name_start(text: &str, end: usize, hits: &[NameHit]) -> Option<(usize, bool)> {
    let head = text.get(..end)?;
    let window = head
        .char_indices()
        .rev()
        .take(60)
        .last()
        .map_or(0, |(at, _)| at);
    let mut depth = 0usize;
    let mut floor = window;
    for (at, c) in head.char_indices().rev().take(60) {
        match c {
            ')' if depth == 0 && closes_number(head.get(window..at).unwrap_or_default()) => {
                floor = at + c.len_utf8();
                break;
            }
            '①'..='⑳' if depth == 0 => {
                floor = at + c.len_utf8();
                break;
            }
            ')' if head
                .get(window..at)
                .is_some_and(|before| before.contains('(')) =>
            {
                depth += 1
            }
            '(' if depth > 0 => depth -= 1,
            ',' | '。' | ';' | ':' | '、' | ')' | '“' | '”' | '"' | '【' | '】' | '(' | '['
            | ']' | '!' | '?' | '《' | '》'
                if depth == 0 =>
            {
                floor = at + c.len_utf8();
                break;
            }
            _ => {}
        }
    }
    let segment = head.get(floor..)?;
    let mut start = floor;
    let mut introduced = false;
    for word in BEFORE.find_iter(segment) {
        let (from, to) = (floor + word.start(), floor + word.end());
        let inside = hits
            .iter()
            .any(|hit| hit.range.start < to && from < hit.range.end);
        let rest = text.get(to..end).unwrap_or_default().trim();
        // `微信登录与分享`: two functions of one.
        let function = bundle::is_function(rest) && hits.iter().any(|hit| hit.range.end == from);
        if !inside && !function && !rest.is_empty() && rest != "的" {
            start = to;
            introduced = true;
        }
    }
    // `某某公司运营的某某SDK`: whose it is.
    let owner = OWNER
        .find_iter(text.get(start..end)?)
        .map(|owner| start + owner.end())
        .filter(|after| *after < end)
        .last();
    let own = |after: usize| {
        let words = text.get(start..after).unwrap_or_default();
        OWN.iter().any(|word| words.contains(word))
    };
    let start = owner.filter(|after| !own(*after)).unwrap_or(start);
    // `腾讯公司的微信SDK`: what stands before 的 tells whose it is.
    let owned = hits
        .iter()
        .filter(|hit| hit.range.end <= end && hit.strength >= Strength::Family)
        .filter_map(|hit| {
            text.get(start..hit.range.start)
                .and_then(|t| t.strip_suffix('的'))
        })
        .map(|owner| start + owner.len() + "的".len())
        .next_back();
    let start = owned.unwrap_or(start);
    let start = behind_words(text, start, end, hits).unwrap_or(start);
    let trimmed = text.get(start..end)?.trim_start();
    (!trimmed.trim().is_empty()).then(|| (end - trimmed.len(), introduced))
}

/// Items listed before the first name: `A、B、C的SDK`.
fn chain_left(
    text: &str,
    start: usize,
    hits: &[NameHit],
    lexicon: &Lexicon,
    names: &mut Vec<Range<usize>>,
) {
    let mut at = start;
    for _ in 0..40 {
        let head = text.get(..at).unwrap_or_default().trim_end();
        let Some(before) = head
            .strip_suffix('、')
            .or_else(|| head.strip_suffix('和'))
            .or_else(|| head.strip_suffix('及'))
        else {
            return;
        };
        let end = before.trim_end().len();
        let Some((from, introduced)) = name_start(text, end, hits) else {
            return;
        };
        let words = text.get(from..end).unwrap_or_default();
        let known = hits.iter().any(|hit| {
            hit.range.start >= from && hit.range.end <= end && hit.strength >= Strength::Family
        });
        let fits = words.chars().count() <= 20 && density(words, lexicon) < 0.4;
        let ends_in_sdk = words.to_ascii_lowercase().contains("sdk");
        if !known && !fits || ends_in_sdk || GENERIC.is_match(words) {
            return;
        }
        names.push(from..end);
        at = from;
        if introduced {
            return;
        }
    }
}

/// An item listed behind the last "SDK": `A SDK、B会获取`.
fn chain_right(text: &str, end: usize, hits: &[NameHit]) -> Vec<Range<usize>> {
    let mut names = Vec::new();
    let mut at = end;
    for _ in 0..40 {
        let rest = text.get(at..).unwrap_or_default();
        let inner = rest.trim_start();
        let Some(next) = inner.strip_prefix(['、', '和']) else {
            break;
        };
        let from = at + (rest.len() - next.len());
        let lead = next.len() - next.trim_start().len();
        let from = from + lead;
        let Some(hit) = hits.iter().find(|hit| hit.range.start == from) else {
            break;
        };
        let after = text.get(hit.range.end..).unwrap_or_default();
        if SDK.find(after).is_some_and(|sdk| sdk.start() <= 1) {
            break; // it has an "SDK" of its own
        }
        if !(ACTS.is_match(after) || after.starts_with('、')) {
            break;
        }
        names.push(hit.range.clone());
        at = hit.range.end;
    }
    names
}

/// Items of `SDK包括:A、B、C` and of `(包括A、B、C)` with known names.
fn listed(text: &str, hits: &[NameHit]) -> Vec<Range<usize>> {
    let mut names = Vec::new();
    let starts = LIST.find_iter(text).map(|found| (found.end(), 1));
    let looser = INCLUDING.find_iter(text).map(|found| (found.end(), 2));
    for (start, least) in starts.chain(looser) {
        let items = not_told(text, items(text, start));
        let known = |item: &&Range<usize>| {
            hits.iter().any(|hit| {
                hit.range.start >= item.start
                    && hit.range.end <= item.end
                    && hit.strength >= Strength::Family
                    && hit.length * 2 >= item_length(text, item)
            })
        };
        let count = items.iter().filter(known).count();
        if count >= least && count * 2 >= items.len() {
            // `它们可能收集…` behind the last name is no name.
            let told = items.iter().filter(|item| {
                let words = text.get((*item).clone()).unwrap_or_default();
                known(item) || !(SENTENCE.is_match(words) || words.contains('《'))
            });
            names.extend(told.cloned());
        }
    }
    names
}

/// Items without those that a verb leads in, and what is listed behind them:
/// `A、B,收集C、D` names two.
fn not_told(text: &str, items: Vec<Range<usize>>) -> Vec<Range<usize>> {
    static TOLD: Pattern = Pattern::new(
        r"^(?:会|将|可能|需要?|并|以|来|仅|均|都)*(?:收集|获取|采集|读取|上报|处理|用于|用来)",
    );
    let mut told = false;
    items
        .into_iter()
        .filter(|item| {
            let goes_on = text
                .get(..item.start)
                .is_some_and(|head| head.trim_end().ends_with('、'));
            told = told && goes_on
                || text
                    .get(item.clone())
                    .is_some_and(|words| TOLD.is_match(words));
            !told
        })
        .collect()
}

fn item_length(text: &str, item: &Range<usize>) -> usize {
    squash_name(text.get(item.clone()).unwrap_or_default())
        .chars()
        .count()
}

/// List items from an offset to the end of the list.
fn items(text: &str, start: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut depth = 0usize;
    let mut from = start;
    let mut name_end = None;
    let rest = text.get(start..).unwrap_or_default();
    for (at, c) in rest.char_indices().take(1_500) {
        let at = start + at;
        match c {
            '(' => {
                if depth == 0 {
                    name_end.get_or_insert(at);
                }
                depth += 1;
            }
            ')' if depth > 0 => depth -= 1,
            '、' | ',' | ';' | '。' | ')' if depth == 0 => {
                found.extend(item(text, from..name_end.take().unwrap_or(at)));
                from = at + c.len_utf8();
                if c != '、'
                    && (c != ',' || text.get(from..).is_some_and(|r| r.starts_with("以下")))
                {
                    return found;
                }
            }
            _ => {}
        }
    }
    found.extend(item(text, from..name_end.unwrap_or(text.len())));
    found
}

fn item(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let raw = text.get(range.clone())?;
    let inner = raw.trim_start();
    let start = range.end - inner.len();
    let inner = inner
        .trim_end()
        .trim_end_matches('等')
        .trim_end_matches("。");
    // `灰雁SDK收集(1)…`: the verb is no part of the name.
    let verb = ["收集", "获取", "采集", "读取"]
        .iter()
        .find_map(|verb| inner.strip_suffix(*verb));
    let inner = verb.map_or(inner, |name| name.trim_end_matches(['会', '将']));
    let length = inner.chars().count();
    (2..=30)
        .contains(&length)
        .then(|| start..start + inner.len())
}

/// A known product right behind "we use … provided by …".
fn taken_in(text: &str, hits: &[NameHit]) -> Vec<Range<usize>> {
    TAKES_IN
        .find_iter(text)
        .filter_map(|found| {
            hits.iter()
                .filter(|hit| hit.strength >= Strength::Family && hit.range.start == found.end())
                .max_by_key(|hit| hit.range.end)
        })
        .map(|hit| hit.range.clone())
        .collect()
}

/// Known products right behind a verb of taking in, and those listed behind
/// them. Where the sentence does not speak of SDKs the verb must.
fn used(text: &str, hits: &[NameHit], developer_kit: bool) -> Vec<Range<usize>> {
    static VERB: Pattern = Pattern::new(r"(?:使用|集成|接入|采用|嵌入|启用|引入)(?:了)?\s*");
    let mut names = Vec::new();
    if hits.is_empty() {
        return names;
    }
    for verb in VERB.find_iter(text) {
        if !developer_kit && !TAKEN.iter().any(|word| verb.as_str().starts_with(word)) {
            continue;
        }
        let hit = hits
            .iter()
            .find(|hit| hit.range.start == verb.end() && hit.strength == Strength::Product);
        let Some(hit) = hit else { continue };
        names.push(hit.range.clone());
        let mut at = hit.range.end;
        while let Some(next) = hits.iter().find(|next| {
            let gap = text.get(at..next.range.start).unwrap_or_default();
            next.range.start >= at && matches!(gap.trim(), "、" | "和" | "及" | "与")
        }) {
            names.push(next.range.clone());
            at = next.range.end;
        }
    }
    names
}

/// Verbs that only software is the object of.
const TAKEN: [&str; 3] = ["集成", "接入", "嵌入"];

/// What a product does with data.
static REPORTS: Pattern = Pattern::new(
    r"^\s*(?:也|还|就|均)?(?:会|将|可能会?)(?:向[^,。;]{1,12}?)?(?:收集|获取|上报|采集|读取)",
);

/// Whether a paragraph says of a known product that it does.
fn reports(text: &str, lexicon: &Lexicon) -> bool {
    ["上报", "收集", "获取", "采集", "读取"]
        .iter()
        .any(|verb| text.contains(verb))
        && !acting(text, &lexicon.names.find(text)).is_empty()
}

/// Known products that a sentence says do something with data: `Bugly 会上报…`.
fn acting(text: &str, hits: &[NameHit]) -> Vec<Range<usize>> {
    let acts = |hit: &&NameHit| {
        let behind = text.get(hit.range.end..).unwrap_or_default();
        hit.strength == Strength::Product && REPORTS.is_match(behind)
    };
    hits.iter()
        .filter(acts)
        .map(|hit| hit.range.clone())
        .collect()
}

/// A list of which the sentence goes on to say that these are SDKs:
/// `广告来自A、B、C;这些SDK会收集…`.
fn enumerated(text: &str, lexicon: &Lexicon) -> Vec<Range<usize>> {
    static THESE: Pattern = Pattern::new(
        r"(?i)(?:上述|以上|前述|这些|该等|此类|该类|它们(?:的)?)[^,。;、]{0,8}sdk|[,;](?:二者|三者|它们|共同|均会?|都会)(?:可能)?(?:会)?(?:收集|获取|处理|采集|读取)",
    );
    static LEAD: Pattern = Pattern::new(
        r"(?i)^.*(?:使用了?|集成了?|接入了?|嵌入了?|引入了?|采用了?|启用了?|选用了?|来自于?|依赖|通过|调用|分别由|由|sdk有|包括|sdk为|sdk是|:)\s*",
    );
    static TAIL: Pattern = Pattern::new(
        r"(?:中的?(?:一个|一种|一款|之一))?(?:等\S{0,12})?\s*(?:提供|支持|完成|实现|负责|承载)?$",
    );
    let Some(these) = THESE.find(text) else {
        return Vec::new();
    };
    let before = text.get(..these.start()).unwrap_or_default();
    let mut segments = before
        .split([',', ';', '。'])
        .filter(|segment| segment.contains('、'));
    let Some(list) = segments.next_back() else {
        return Vec::new();
    };
    let from = list.as_ptr() as usize - text.as_ptr() as usize;
    let lead = LEAD.find(list).map_or(0, |lead| lead.end());
    let end = TAIL
        .find(list)
        .map_or(list.len(), |tail| tail.start())
        .max(lead);
    let names = pieces(list, lead..end);
    let head = |name: &Range<usize>| {
        let words = list.get(name.clone()).unwrap_or_default();
        words.split('(').next().unwrap_or_default().trim_end()
    };
    let fits = |name: &Range<usize>| {
        let words = head(name);
        let known = grid::is_name(words, lexicon);
        (2..=24).contains(&words.chars().count())
            && (known || !is_sentence(words) && !is_generic(words) && density(words, lexicon) < 0.5)
    };
    let known = names
        .iter()
        .filter(|name| grid::is_name(head(name), lexicon));
    if known.count() * 2 < names.len() || !names.iter().all(fits) {
        return Vec::new();
    }
    names
        .into_iter()
        .map(|name| from + name.start..from + name.end)
        .collect()
}

/// The items of a list, parted by marks and, the last, by a word.
fn pieces(text: &str, list: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = list.start;
    let inner = text.get(list.clone()).unwrap_or_default();
    for item in inner.split('、') {
        let words = ["以及", "及", "和", "与"];
        let joined = words.iter().find_map(|word| item.split_once(word));
        let parts = match joined {
            Some((head, tail)) => vec![head, tail],
            _ => vec![item],
        };
        for part in parts {
            let at = start + (part.as_ptr() as usize - item.as_ptr() as usize);
            let name = part.trim();
            let skip = part.len() - part.trim_start().len();
            if !name.is_empty() {
                found.push(at + skip..at + skip + name.len());
            }
        }
        start += item.len() + '、'.len_utf8();
    }
    found
}

/// `由【X】提供` with a known name.
fn provided(text: &str, hits: &[NameHit]) -> Vec<Range<usize>> {
    PROVIDED
        .captures_iter(text)
        .filter_map(|groups| groups.get(1))
        .filter(|name| {
            hits.iter().any(|hit| {
                hit.strength >= Strength::Family
                    && hit.range.start == name.start()
                    && hit.range.end + 6 >= name.end()
            })
        })
        .map(|name| name.range())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_in_capitals_is_no_name() {
        assert_eq!(capitalised("we use the Grey Goose"), Some(11));
        assert_eq!(capitalised(&"SDK ".repeat(MAX_CAPITALISED)), None);
    }
}
