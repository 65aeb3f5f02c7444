//! A document without SDKs that says why: it is no policy, its list is a picture
//! or comes later, or it is written in a language that is not read.

use super::document::{LineKind, Source};
use super::lexicon::{Lexicon, Strength, squash_name};
use super::model::{DisclosureForm, PolicyDocument};
use super::page::{Block, Page};
use super::pattern::Pattern;
use super::sentence;
use crate::formats::{Limit, LimitScope};

/// Words of which each privacy policy and each list of SDKs holds one.
static POLICY: Pattern = Pattern::new(
    r"(?i)隐私|私隐|个人信息|个人资料|个人数据|用户信息|用户数据|收集|第三方|开发工具包|未成年人|privacy|personal(?:ly)?[ -](?:data|info|identif)|user data|\bsdks?\b|third[- ]part|\bcollects?\b|\bcookies?\b|data protection|gdpr|\bdata\b",
);

/// A sentence that announces a list of SDKs in the document itself.
static ANNOUNCES: Pattern = Pattern::new(
    r"(?ix)(?:sdk|第三方)[^。;\n]{0,24}(?:清单|列表|目录|名单|明细|情况|sdk|服务|信息)[^。;,\n]{0,8}(?:如下|见(?:下|附)|(?:如|见)(?:下|附)?[图表]|列于下|附后)
        |(?:清单|列表|目录|名单|明细|情况)(?:如下|见(?:下|附))[^。;\n]{0,12}(?:sdk|第三方)
        |(?:如下|下列|下[图表]|以下)[^。;,:\n]{0,12}(?:sdk|第三方(?:服务|插件|代码|组件)[^。;,\n]{0,8}(?:清单|列表|目录|:|$))
        |\b(?:sdks?|third[-\ ]party\ (?:sdks?|services|librar\w+|partners|providers|components))\b[^.;\n]{0,60}?\b(?:as\ follows|(?:listed|shown|set\ out|described|named)\ (?:\w+\ ){0,4}below|in\ the\ (?:\w+\ ){0,2}(?:table|picture|image|figure|attachment)\b|following\ (?:list|table|image|picture))
        |\b(?:following|below)\b[^.;\n]{0,24}\b(?:sdks|third[-\ ]party\ (?:sdks|librar\w+|components))\b",
);

/// Longest sentence that announces a list, in bytes.
const MAX_SENTENCE: usize = 600;

/// Why a document may disclose more than was seen; none for what was read.
/// `foreign` is its language where that is none that is read.
pub(crate) fn limit(
    page: &Page,
    source: &Source,
    foreign: Option<&str>,
    lexicon: &Lexicon,
    document: &PolicyDocument,
) -> Option<Limit> {
    let path = document.path.as_str();
    let limit = |code, message: String| Some(Limit::analysis(code, message, path));
    if let Some(language) = foreign {
        return limit(
            "policy-language",
            format!(
                "the document seems to be written in {language}; only Chinese and English are read"
            ),
        );
    }
    let known = |limit: &Limit| limit.scope == LimitScope::Analysis;
    if let Some(start) = hidden_names(source, lexicon)
        && !document.limits.iter().any(known)
    {
        return limit(
            "hidden-list",
            format!(
                "a hidden passage names SDKs and may be a list of them that the page shows after \
                 a click (it begins “{start}”); it was not read"
            ),
        );
    }
    if !document.sdks.is_empty() || document.limits.iter().any(known) {
        return None;
    }
    if !POLICY.is_match(&page.text) {
        return limit(
            "not-a-policy",
            "the document holds no word of a privacy policy (a login, error or captcha page?), \
             so what the policy discloses is unknown"
                .to_owned(),
        );
    }
    if source.scripted {
        return limit(
            "list-not-seen",
            "no SDK was found in the text, and a script or a template of the document speaks of \
             SDKs again and again: it may make the list"
                .to_owned(),
        );
    }
    let told = matches!(
        document.disclosure_form,
        DisclosureForm::None | DisclosureForm::GenericMention
    );
    if told && announces(page, source.embedded > 0) {
        return limit(
            "list-not-seen",
            "a sentence announces a list of SDKs, and none was found: it may be a picture, a frame \
             or an object of the document, or come from a script"
                .to_owned(),
        );
    }
    None
}

/// Names of SDKs from which a hidden passage is a list of them.
const NAMES: usize = 2;

/// How the first hidden passage begins that names several SDKs.
fn hidden_names<'s>(source: &'s Source, lexicon: &Lexicon) -> Option<&'s str> {
    let lists = |text: &str| {
        let mut found: Vec<String> = Vec::new();
        for hit in lexicon.names.find(text) {
            let name = squash_name(text.get(hit.range).unwrap_or_default());
            if hit.strength > Strength::Vendor && !found.contains(&name) {
                found.push(name);
            }
            if found.len() >= NAMES {
                return true;
            }
        }
        false
    };
    let passages = source.unshown.iter();
    let mut named = passages.filter(|passage| lists(&passage.text));
    named.next().map(|passage| passage.start.as_str())
}

/// Whether a sentence announces a list that is not there: something that is not
/// read may hold it, or the section ends with the sentence.
fn announces(page: &Page, embedded: bool) -> bool {
    let blocks = page.blocks.iter().enumerate();
    blocks
        .filter_map(|(at, block)| match block {
            Block::Line(line) => Some((at, line)),
            Block::Table(_) => None,
        })
        .any(|(at, line)| {
            let text = page.get(&line.range);
            let mut pieces = sentence::sentences(text).peekable();
            std::iter::from_fn(|| Some((pieces.next()?, pieces.peek().is_none()))).any(
                |(piece, last)| {
                    let words = text.get(piece).unwrap_or_default();
                    words.len() <= MAX_SENTENCE
                        && ANNOUNCES.is_match(words)
                        && !sentence::denies_sdks(words)
                        && (embedded || last && ends_section(page, at))
                },
            )
        })
}

/// Whether a heading or nothing follows the block at `at`.
fn ends_section(page: &Page, at: usize) -> bool {
    match page.blocks.get(at + 1) {
        None => true,
        Some(Block::Line(line)) => line.kind == LineKind::Heading,
        Some(Block::Table(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::checks::testing::read_as;

    fn codes(path: &str, text: &str) -> Vec<&'static str> {
        let document = read_as(path, text);
        document
            .limits
            .into_iter()
            .map(|limit| limit.code)
            .collect()
    }

    #[test]
    fn a_page_that_is_no_policy_is_said_to_be_none() {
        let error = "<h1>出错了</h1><p>您要找的网页已经搬家了，请稍后再来看看或者返回上一页。</p>";
        assert_eq!(codes("p.html", error), ["not-a-policy"]);
        let policy = "<h1>隐私政策</h1><p>我们仅在您注册时收集您的手机号，用于登录。</p>";
        assert!(codes("p.html", policy).is_empty());
    }

    #[test]
    fn an_announced_list_that_is_a_picture_was_not_seen() {
        for (shown, seen) in [
            ("<img src=a.png><p>如有问题请联系我们。</p>", false),
            (
                "<iframe src=list.html></iframe><p>如有问题请联系我们。</p>",
                false,
            ),
            ("<p>加载中</p><script src=list.js></script>", false),
            ("<h2>四、联系我们</h2><p>请致电客服。</p>", false),
            ("<p>如有问题请联系我们。</p>", true),
        ] {
            let page = format!("<h1>隐私政策</h1><p>我们接入的第三方SDK清单如下：</p>{shown}");
            assert_eq!(codes("p.html", &page).is_empty(), seen, "{shown}");
        }
        let picture = "# Privacy\n\nThe third-party SDKs are shown in the picture below.\n\n![list](a.png)\n\nContact us.\n";
        assert_eq!(codes("p.md", picture), ["list-not-seen"]);
    }

    #[test]
    fn pictures_in_a_policy_that_announces_nothing_are_no_limit() {
        let page = "<h1>隐私政策</h1><img src=logo.png><p>在以下情形中，我们可能与第三方共享您的个人信息：经您同意。</p><p>We may share data with third-party service providers in the following cases.</p>";
        assert!(codes("p.html", page).is_empty());
    }

    #[test]
    fn a_hidden_passage_that_names_sdks_is_told() {
        let hidden = |rows: &str| {
            format!(
                "<h1>隐私政策</h1><p>我们收集您的手机号。</p><div hidden><table>{rows}</table></div><p>联系我们</p>"
            )
        };
        let names = "<tr><td>极光推送<td>型号<tr><td>微信开放平台<td>昵称";
        assert_eq!(codes("p.html", &hidden(names)), ["hidden-list"]);
        let other = "<tr><td>首页<td>帮助<tr><td>登录<td>昵称";
        assert!(codes("p.html", &hidden(other)).is_empty());
    }

    #[test]
    fn a_list_in_the_data_of_a_script_was_not_seen() {
        let page = |data: &str| {
            format!(
                "<html><h1>隐私政策</h1><p>我们收集您的手机号。</p><script>var a=[{data}]</script>"
            )
        };
        assert_eq!(
            codes("p.html", &page("'灰雁SDK','蓝鲸SDK','乙SDK'")),
            ["list-not-seen"]
        );
        assert!(codes("p.html", &page("initSDK(),'SDK',loadSDK()")).is_empty());
        let told =
            page("'灰雁SDK','蓝鲸SDK','乙SDK'") + "<p>我们接入极光推送SDK，用于推送消息。</p>";
        assert!(codes("p.html", &told).is_empty());
    }
}
