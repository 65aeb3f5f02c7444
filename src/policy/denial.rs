//! Sentences that deny collection or sharing, and how far the denial goes.
//!
//! Nearly every such sentence is conditional; only an absolute one, or one
//! about SDKs, may contradict what was observed.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::policy::pattern::Pattern;

use super::document::{LineKind, Source};
use super::fields;
use super::layout::density;
use super::model::Denial;
use super::page::{Block, Page};
use super::{Lexicon, sentence, spans};
use crate::formats::limits::MAX_DENIALS;

static DENIES: Pattern = Pattern::new(
    r"(?ix)(?:不会|绝不|从不|并不|并未|未|不|不得|没有|无需|无须)(?:再|会|主动|直接|单独|被|[向与将把对][^,。;]*|以任何[^,。;]{0,16})?(?:收集|获取|采集|读取|访问|记录|共享|分享|出售|出租|转让|披露|提供|上传|展示|存储|保存|留存|泄露)
        |\b(?:do|does|did|will|shall|would|is|are)(?:\s+not|n't)\s+(?:\w+\s+){0,3}?(?:collect|share|shar|sell|sold|disclos|access|stor|transfer|rent|gather|read|upload|record|track|obtain)\w*
        |\bnever\s+(?:\w+\s+){0,2}?(?:collect|share|shar|sell|sold|disclos|access|store|transfer|rent|read|upload|record|leave)\w*
        |\bno\s+(?:[\w-]+\s+){1,5}?(?:is|are|will\s+be)\s+(?:collected|shared|sold|stored|transferred|disclosed)\b",
);

/// The denied act is collecting.
static OF_COLLECTING: Pattern = Pattern::new(
    r"(?i)收集|获取|采集|读取|访问|记录|collect|access|gather|read|record|track|obtain",
);

static CONDITIONAL: Pattern = Pattern::new(
    r"(?i)除非|除外|例外|未经|未获|没有您的|另有约定|另有规定|除了|除本|除以下|除依|除法律|除上述|以外|之外|情形|之前|(?:同意|授权|许可|登录)[^,。;]{0,6}前|如果|如您|若|拒绝|将无法|否则|不再|\bunless\b|\bexcept|without your|other than|\bonly\b|\bif you\b|\buntil\b|\bbefore you\b|\bno longer\b",
);

/// What takes a part of a denial back behind it; in front it opens the denial.
static TURN: Pattern = Pattern::new(r"(?i)但|\bhowever\b|\bbut\b");

static LIMITED: Pattern = Pattern::new(
    r"(?ix)本地|本机|端侧|不会?被?上传|去标识|匿名|不能识别|识别您?个人身份|仅会|仅收集|仅用于|仅在|原则上|身份信息|汇总
        |(?:使用|开启|进入|浏览|打开)[^,。;]{0,16}(?:时|期间|过程中|功能下|模式下)|(?:游客|访客|浏览|青少年|基本功能|基础)模式|基本功能服务|仅浏览|该功能
        |\blocally\b|\bon[-\ ](?:your|the)?\s*device\b|personally\s+identif|de-?identif|anonym|\baggregat|\bin\s+(?:guest|incognito|private|basic)\s+mode\b|\b(?:when|while)\s+(?:you\s+)?(?:us|brows|view)\w*",
);

static BOILERPLATE: Pattern = Pattern::new(
    r"(?i)无关|多余|不必要的|超范围|不承担|不负责|不得|要求[^,。;]*(?:不|遵守)|严格限制|\bliab|\bresponsible\b|\bknowingly\b|\bunnecessary\b",
);

/// A group of users: what is denied of it in general every policy denies, what is
/// denied of it by name is a promise to that group.
static OF_CHILDREN: Pattern =
    Pattern::new(r"(?i)儿童|未成年|children|\bchild\b|under (?:the age|1[0-9])|minors");

/// Acts that every policy denies.
static SELLING: Pattern = Pattern::new(r"(?i)出售|出租|\bsell|\bsold\b|\brent");

/// Whoever is not the app.
static OF_SDK: Pattern = Pattern::new(r"(?i)sdk|软件开发工具包");

/// Denials of any collecting at all, which name no type.
static NOTHING: Pattern = Pattern::new(
    r"(?i)(?:不|不会|未|没有|从不)(?:收集|采集|获取)(?:、\p{Han}{2}|或\p{Han}{2}|和\p{Han}{2})*(?:您|用户)?的?任何|not collect any (?:personal|user|of your|data|information)|no (?:personal )?(?:data|information) (?:is|are|will be) collected",
);

/// Reads the denials in document order; `covered` are the lists of SDKs. One
/// more than [`MAX_DENIALS`] says that there are more.
pub(crate) fn read(
    page: &Page,
    source: &Source,
    covered: &[Range<usize>],
    lexicon: &Lexicon,
) -> Vec<Denial> {
    let mut found = Vec::new();
    let reader = Reader {
        page,
        source,
        covered,
        lexicon,
    };
    for (at, block) in page.blocks.iter().enumerate() {
        match block {
            Block::Line(line) => {
                let below = page.blocks.get(at + 1..).unwrap_or_default();
                reader.passage(&line.range, below, &mut found);
            }
            Block::Table(rows) => {
                for cell in rows.iter().flatten().filter(|cell| !cell.repeated) {
                    reader.passage(&cell.range, &[], &mut found);
                }
            }
        }
        if found.len() > MAX_DENIALS {
            break;
        }
    }
    found
}

struct Reader<'p> {
    page: &'p Page,
    source: &'p Source,
    covered: &'p [Range<usize>],
    lexicon: &'p Lexicon,
}

impl Reader<'_> {
    /// The denials of a passage; `below` is what stands behind it.
    fn passage(&self, passage: &Range<usize>, below: &[Block], found: &mut Vec<Denial>) {
        let (page, lexicon) = (self.page, self.lexicon);
        let text = page.get(passage);
        if !DENIES.is_match(text) {
            return;
        }
        for piece in sentence::sentences(text) {
            let range = passage.start + piece.start..passage.start + piece.end;
            let words = page.get(&range);
            let mut denied = DENIES.find_iter(words);
            let Some(denied) = denied.find(|found| !is_users(words, found.start())) else {
                continue;
            };
            if found.len() > MAX_DENIALS {
                return;
            }
            let mut data_types = denied_types(words, &denied.range(), lexicon);
            if data_types.is_empty() && opens_list(words, denied.end()) {
                data_types = self.itemised(below);
            }
            let vague = data_types.is_empty();
            let quote = fields::quote(page, self.source, &range);
            let in_list = spans::holds(self.covered, &range);
            found.push(Denial {
                text: quote.text,
                start: quote.start,
                end: quote.end,
                data_types: lexicon.terms.type_ids(&data_types),
                scope: scope(words, &denied.range(), vague, in_list, lexicon).to_owned(),
                ..Denial::default()
            });
        }
    }

    /// What the items below a sentence with a colon name: `我们不会收集:`.
    fn itemised(&self, below: &[Block]) -> BTreeSet<usize> {
        let mut data_types = BTreeSet::new();
        for block in below.iter().take(MAX_ITEMS) {
            let Block::Line(line) = block else { break };
            let text = self.page.get(&line.range);
            let item = line.kind == LineKind::Item || sentence::marker(text).is_some();
            if !item || sentence::heading(self.page, line).is_some() || text.contains("我们") {
                break;
            }
            data_types.extend(named(text, self.lexicon));
        }
        data_types
    }
}

/// Whether a denial ends with a colon, and nothing but what is denied stands
/// before it.
fn opens_list(words: &str, denied: usize) -> bool {
    let behind = words.get(denied..).unwrap_or_default();
    let object = behind.trim_end().strip_suffix(':');
    object.is_some_and(|object| !object.contains([',', ';', '。', ':']))
}

/// Items of a denial that are read.
const MAX_ITEMS: usize = 32;

/// The types that a text names.
fn named(text: &str, lexicon: &Lexicon) -> BTreeSet<usize> {
    let hits = lexicon.terms.find(text).into_iter();
    hits.flat_map(|hit| lexicon.terms.types_of(&hit).to_vec())
        .collect()
}

/// Whether it is the user who does not do it: 如您不提供这些信息.
fn is_users(words: &str, at: usize) -> bool {
    let before = words.get(..at).unwrap_or_default().trim_end();
    // `无需提供`: what the user need not give.
    let given = words.get(at..).unwrap_or_default();
    if ["无需提供", "无须提供", "无需上传", "无需填写"]
        .iter()
        .any(|start| given.starts_with(start))
    {
        return true;
    }
    ["您", "你", "用户", "您可以", "选择", "you", "You"]
        .iter()
        .any(|who| before.ends_with(who))
}

/// The types that are denied: behind the verb up to the end of the clause,
/// between 将 and the verb, or in front of a passive.
fn denied_types(words: &str, denied: &Range<usize>, lexicon: &Lexicon) -> BTreeSet<usize> {
    let data_types = named(object(words, denied), lexicon);
    if data_types.is_empty() {
        let head = words.get(..denied.start).unwrap_or_default();
        let clause = head.rfind([',', ';', '。', ':']).map_or(0, |mark| mark + 1);
        let subject = head.get(clause..).unwrap_or(head);
        let collecting = words
            .get(denied.clone())
            .is_some_and(|w| OF_COLLECTING.is_match(w));
        // `A仅在本地处理,不会上传`: what is kept back was named before.
        let earlier = !collecting && lexicon.terms.find(subject).is_empty();
        let subject = if earlier {
            named_last(head, lexicon)
        } else {
            subject
        };
        return named(subject, lexicon);
    }
    data_types
}

/// Clauses looked back at for what a denial speaks of.
const MAX_BACK: usize = 16;

/// The share of a clause that its terms take up where it is part of a list.
const LISTING: f32 = 0.7;

/// The last clauses of a text that name something: one, with the clauses before
/// it that are nothing but names.
fn named_last<'t>(text: &'t str, lexicon: &Lexicon) -> &'t str {
    let (mut from, mut to) = (text.len(), text.len());
    let mut named = false;
    for clause in text.rsplit([',', ';', '。', ':']).take(MAX_BACK) {
        let names = !lexicon.terms.find(clause).is_empty();
        // A bracket that is still open tells of what stands before it.
        let listed = names && !clause.contains('(') && density(clause, lexicon) >= LISTING;
        if named && !listed {
            break;
        }
        let start = to - clause.len();
        from = start;
        named |= names;
        let mark = text.get(..start).and_then(|head| head.chars().next_back());
        to = start - mark.map_or(0, char::len_utf8);
    }
    text.get(from..).unwrap_or_default()
}

/// What is denied, from the denial to the end of its clause. English lists are
/// parted by commas and end with the sentence.
fn object<'w>(words: &'w str, denied: &Range<usize>) -> &'w str {
    let behind = words.get(denied.end..).unwrap_or_default();
    let latin = behind
        .trim_start()
        .starts_with(|c: char| c.is_ascii_alphabetic())
        && words.get(denied.clone()).is_some_and(str::is_ascii);
    let marks: &[char] = if latin { &[';'] } else { &[',', ';', '。'] };
    let mut stop = behind.find(marks).filter(|at| *at > 0);
    if latin {
        let but = [
            ", but", " but ", ", we ", " unless ", " except ", ", and we",
        ];
        stop = but
            .iter()
            .filter_map(|word| behind.find(word))
            .chain(stop)
            .min();
    }
    let end = stop.map_or(words.len(), |at| denied.end + at);
    words.get(denied.start..end).unwrap_or_default()
}

/// The scope class of a denial; a doubtful one is never absolute.
fn scope(
    words: &str,
    denied: &Range<usize>,
    vague: bool,
    in_list: bool,
    lexicon: &Lexicon,
) -> &'static str {
    let behind = words.get(denied.end..).unwrap_or_default();
    let denied = words.get(denied.clone()).unwrap_or_default();
    let of_children = OF_CHILDREN.is_match(words);
    let sells = SELLING.is_match(words) && !OF_COLLECTING.is_match(words);
    if BOILERPLATE.is_match(words) || sells {
        "boilerplate"
    } else if TURN.is_match(behind) || CONDITIONAL.is_match(words) && !(of_children && vague) {
        "conditional"
    } else if of_children && vague {
        "boilerplate"
    } else if of_children || LIMITED.is_match(words) {
        "limited"
    } else if in_list || OF_SDK.is_match(words) {
        "sdk"
    } else if vague && !(NOTHING.is_match(words) && OF_COLLECTING.is_match(denied)) {
        "boilerplate"
    } else if is_plain(words, lexicon) {
        "absolute"
    } else {
        "limited"
    }
}

/// Words that a plain denial may hold beside the data it names; where one begins
/// another, the longer stands first.
const PLAIN: &str = "以任何方式 以任何形式 本应用 本产品 本软件 本平台 本app 我们 应用 软件 产品 \
    承诺 保证 郑重 声明 绝不 从不 从未 不会 并不 并未 没有 不 未 也 均 都 主动 任何 其他 \
    将 把 以下 下列 收集 获取 采集 读取 访问 记录 存储 保存 上传 使用 共享 分享 转让 披露 提供 泄露 向 与 给 \
    第三方 他人 公司 组织 个人 您 你 用户 的 信息 数据 内容 权限 等 和 或 及 \
    applications application app does do don't doesn't is are will won't not no never collected collects collect \
    accesses access reads read records record gathers gather tracks track obtains obtain shares shared share \
    stores stored store uses used use any your our we the this of from with to third parties and or \
    it also following data information personal you anyone nor";

/// Whether a sentence denies without any word that could narrow the denial: what
/// the list does not hold makes it a limited one.
fn is_plain(words: &str, lexicon: &Lexicon) -> bool {
    let twice = ["不会不", "不是不", "并非不", "not not"];
    if words.chars().count() > MAX_PLAIN || twice.iter().any(|two| words.contains(two)) {
        return false;
    }
    let mut rest = words.to_ascii_lowercase();
    for hit in lexicon.terms.find(words).iter().rev() {
        if rest.is_char_boundary(hit.range.start) && rest.is_char_boundary(hit.range.end) {
            rest.replace_range(hit.range.clone(), " ");
        }
    }
    let mut rest = rest.as_str();
    while let Some(c) = rest.chars().next() {
        let plain = PLAIN.split_whitespace().find_map(|word| {
            let behind = rest.strip_prefix(word)?;
            let cut = word.is_ascii() && behind.starts_with(|c: char| c.is_ascii_alphanumeric());
            (!cut).then_some(behind)
        });
        match plain {
            Some(behind) => rest = behind,
            None if c.is_alphanumeric() => return false,
            None => rest = rest.get(c.len_utf8()..).unwrap_or_default(),
        }
    }
    true
}

/// Longest plain denial, in characters.
const MAX_PLAIN: usize = 120;

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::policy::read;
    use crate::sdk::KnowledgeBase;

    static LEXICON: LazyLock<Lexicon> =
        LazyLock::new(|| Lexicon::compile(&KnowledgeBase::embedded()));

    fn denials(text: &str) -> Vec<(String, String)> {
        let denials = read("p.md", text.as_bytes(), &LEXICON).unwrap().denials;
        for one in &denials {
            assert_eq!(text.get(one.start..one.end), Some(one.text.as_str()));
        }
        let told = denials.into_iter();
        told.map(|one| (one.scope, one.data_types.join(",")))
            .collect()
    }

    #[test]
    fn how_far_a_denial_goes() {
        let table: [(&str, &[(&str, &str)]); 40] = [
            ("我们不会收集您的通讯录。", &[("absolute", "contacts")]),
            (
                "我们不会读取您的短信、通话记录。",
                &[("absolute", "sms,call-log")],
            ),
            ("通讯录不会被上传。", &[("limited", "contacts")]),
            ("我们不收集任何个人信息。", &[("absolute", "")]),
            ("我们不会将您的IMEI提供给第三方。", &[("absolute", "imei")]),
            (
                "我们不会向任何第三方共享您的手机号码，除非获得您的同意。",
                &[("conditional", "phone-number")],
            ),
            (
                "未经您同意，我们不会收集您的位置信息。",
                &[("conditional", "location")],
            ),
            (
                "在您同意隐私政策前，我们不会收集Android ID。",
                &[("conditional", "android-id")],
            ),
            ("该SDK不会收集您的IMEI。", &[("sdk", "imei")]),
            ("我们接入的SDK不获取应用列表。", &[("sdk", "app-list")]),
            (
                "我们不会收集与服务无关的通讯录。",
                &[("boilerplate", "contacts")],
            ),
            (
                "我们不会出售您的手机号码。",
                &[("boilerplate", "phone-number")],
            ),
            ("我们不会收集儿童的位置信息。", &[("limited", "location")]),
            (
                "We do not collect children's precise location.",
                &[("limited", "precise-location")],
            ),
            ("我们不会收集未成年人的个人信息。", &[("boilerplate", "")]),
            (
                "我们不会对外共享儿童个人信息，但为提供服务，需接入第三方SDK。",
                &[("conditional", "")],
            ),
            (
                "We do not share your phone number, but partners may see your IP address.",
                &[("conditional", "phone-number")],
            ),
            (
                "我们会共享浏览记录，但不会共享您的姓名、电话号码。",
                &[("limited", "phone-number,name")],
            ),
            (
                "剪切板（识别口令、优惠券，剪切板内容仅在本地处理，不会上传）",
                &[("limited", "clipboard")],
            ),
            (
                "我们不会收集以下信息：\n（1）通讯录\n（2）短信\n我们收集日历。",
                &[("absolute", "contacts,sms")],
            ),
            (
                "We do not collect:\n\n- your contacts\n- text messages\n",
                &[("absolute", "contacts,sms")],
            ),
            (
                "我们不会披露您的信息，除以下场景：\n（1）手机号码被举报\n",
                &[("conditional", "")],
            ),
            (
                "姓名，手机号码，仅在本地处理，不会上传。",
                &[("limited", "phone-number,name")],
            ),
            (
                "第三方不得存储您的手机号码。",
                &[("boilerplate", "phone-number")],
            ),
            ("人脸信息仅在本地处理，不会上传。", &[("limited", "face")]),
            (
                "使用浏览功能时，我们不会收集您的位置信息。",
                &[("limited", "location")],
            ),
            (
                "仅浏览时，我们不会收集手机号码。",
                &[("limited", "phone-number")],
            ),
            ("如您不提供手机号码，您仍可浏览。", &[]),
            ("我们不会泄露您的信息。", &[("boilerplate", "")]),
            (
                "We do not collect your contacts, photos or SMS.",
                &[("absolute", "contacts,sms,photos")],
            ),
            ("We don't access your microphone.", &[("absolute", "audio")]),
            (
                "No location data is collected.",
                &[("absolute", "location")],
            ),
            ("We never read your text messages.", &[("absolute", "sms")]),
            (
                "We do not sell your personal information.",
                &[("boilerplate", "")],
            ),
            (
                "We do not share your email address except as required by law.",
                &[("conditional", "email")],
            ),
            ("The SDK does not collect IMEI.", &[("sdk", "imei")]),
            (
                "Photos never leave your device and are processed locally.",
                &[("limited", "photos")],
            ),
            (
                "We do not knowingly collect data from children.",
                &[("boilerplate", "")],
            ),
            (
                "When you browse as a guest we do not collect your phone number.",
                &[("limited", "phone-number")],
            ),
            ("We collect your email address.", &[]),
        ];
        let wrong: Vec<_> = table
            .iter()
            .map(|(text, expected)| {
                let expected: Vec<(String, String)> = expected
                    .iter()
                    .map(|(scope, types)| ((*scope).to_owned(), (*types).to_owned()))
                    .collect();
                (text, denials(text), expected)
            })
            .filter(|(_, found, expected)| found != expected)
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn a_denial_inside_an_entry_is_of_that_sdk_and_adds_no_type() {
        let text = "| SDK名称 | 使用目的 | 收集个人信息类型 |\n| --- | --- | --- |\n| 灰雁推送SDK | 消息推送 | OAID。不收集IMEI |\n| 白榆地图SDK | 展示地图 | 位置信息 |\n";
        let document = read("p.md", text.as_bytes(), &LEXICON).unwrap();
        assert_eq!(document.sdks[0].data_types, ["oaid"]);
        assert_eq!(document.denials.len(), 1);
        let denial = &document.denials[0];
        assert_eq!(
            (denial.scope.as_str(), denial.text.as_str()),
            ("sdk", "不收集IMEI")
        );
        assert_eq!(denial.data_types, ["imei"]);
    }
}
