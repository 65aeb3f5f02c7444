//! `dead-link`: a link that leads nowhere, at an entry or to a list. A page
//! saved from a browser keeps `javascript:;` where the reader would click.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::policy::pattern::Pattern;

use super::{Ground, short};
use crate::formats::limits::MAX_CHECKS_PER_CODE;
use crate::policy::layout::Candidate;
use crate::policy::model::{DocumentFormat, PolicyCheck, PolicyDocument, Quote, SdkRecord};
use crate::policy::page::Page;
use crate::policy::url;

/// Entries that one check names; the quote is the first one's.
const NAMED: usize = 5;

/// Hosts of templates, whole.
const PLACEHOLDERS: [&str; 8] = [
    "example.com",
    "example.org",
    "example.net",
    "yourdomain.com",
    "yourcompany.com",
    "yourwebsite.com",
    "your-domain.com",
    "domain.com",
];

/// Longest words that offer a link, in characters.
const LONGEST_OFFER: usize = 60;

/// Words that offer a link.
static OFFERS: Pattern = Pattern::new(
    r"(?i)^[《“\[【(]?\s*(?:点击|点此|请)?(?:查看|阅读|访问|跳转|打开)?\s*.*?(?:隐私|私隐)(?:权)?(?:保护)?(?:政策|协议|声明|指引|说明|条款|规则|链接)?[》”\]】)]?$|^(?:点击(?:查看|此处|这里|跳转|访问)|查看(?:详情|链接|隐私.*)|链接|此处|这里|详情|.*privacy (?:policy|notice|statement)|link|here|view|learn more)$",
);

/// Words that only a link gives a meaning.
const POINTERS: [&str; 5] = ["此处", "这里", "点击查看", "here", "Here"];

/// Whether a target alone shows that it leads nowhere. A named place of the
/// page itself (`#sdk-list`) is there or is not: its name does not tell.
pub(crate) fn leads_nowhere(target: &str) -> bool {
    let fragment = target
        .trim()
        .strip_prefix('#')
        .is_some_and(|name| !name.trim().is_empty());
    !fragment && url::is_dead(target) || url::host(target).is_some_and(|host| is_placeholder(&host))
}

/// `xxx.com`, `www.xxxx.cn`, `example.com`: nobody filled it in.
fn is_placeholder(host: &str) -> bool {
    let crossed = |label: &str| label.len() >= 3 && label.bytes().all(|b| b == b'x' || b == b'*');
    // The label below the suffix; `xxx.example.cn` may be real.
    PLACEHOLDERS.contains(&host) || host.split('.').next().is_some_and(crossed)
}

/// What is wrong with the link of an entry: its target, or that there is none.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Dead {
    Target(String),
    NoTarget,
}

pub(super) fn check(document: &PolicyDocument, ground: &Ground<'_>) -> Vec<PolicyCheck> {
    let mut groups: Vec<(Dead, Vec<&SdkRecord>, Quote)> = Vec::new();
    let mut seen: HashMap<Dead, usize> = HashMap::new();
    for (candidate, record) in ground.candidates.iter().zip(ground.parts) {
        let Some((dead, range)) = of_entry(candidate, record, ground.page) else {
            continue;
        };
        let at = *seen.entry(dead.clone()).or_insert(groups.len());
        match groups.get_mut(at) {
            Some((_, records, _)) => records.push(record),
            None => groups.push((dead, vec![record], ground.quote(&range))),
        }
    }
    let mut checks: Vec<PolicyCheck> = groups
        .iter()
        .map(|(dead, records, quote)| of_entries(dead, records, quote))
        .collect();
    checks.extend(of_lists(document, ground));
    checks
}

fn of_entry(
    candidate: &Candidate,
    record: &SdkRecord,
    page: &Page,
) -> Option<(Dead, Range<usize>)> {
    if let Some(url) = &record.url {
        let dead = || {
            (
                Dead::Target(url.clone()),
                candidate.url.first().unwrap_or(&candidate.whole).clone(),
            )
        };
        return leads_nowhere(url).then(dead);
    }
    let whole = candidate.prose.then_some(&candidate.whole);
    let places = candidate.url.iter().chain([&candidate.name]).chain(whole);
    for range in places {
        let dead = page
            .links_in(range)
            .find(|link| link.dead || leads_nowhere(&link.target));
        if let Some(link) = dead {
            return Some((Dead::Target(link.target.clone()), link.range.clone()));
        }
    }
    candidate
        .url
        .iter()
        .find(|range| {
            let words = page.get(range).trim();
            words.chars().count() <= LONGEST_OFFER
                && OFFERS.is_match(words)
                && page.links_in(range).next().is_none()
        })
        .map(|range| (Dead::NoTarget, range.clone()))
}

fn of_entries(dead: &Dead, records: &[&SdkRecord], quote: &Quote) -> PolicyCheck {
    let names: Vec<String> = records
        .iter()
        .take(NAMED)
        .map(|record| short(&record.as_written))
        .collect();
    let more = match records.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let what = match dead {
        Dead::Target(target) if target.trim().is_empty() => "has an empty target".to_owned(),
        Dead::Target(target) => format!("leads nowhere ({})", short(target)),
        Dead::NoTarget => format!(
            "is only the words “{}”, without an address",
            short(&quote.text)
        ),
    };
    PolicyCheck {
        code: "dead-link".to_owned(),
        message: format!("the link of {}{more} {what}", names.join(", ")),
        sdk: match records {
            [one] => one.as_written.clone(),
            _ => String::new(),
        },
        quote: Some(quote.clone()),
    }
}

/// Links to lists. Words without a target are told only where the format keeps
/// links: plain text loses them.
fn of_lists(document: &PolicyDocument, ground: &Ground<'_>) -> Vec<PolicyCheck> {
    let keeps_links = !matches!(document.format, DocumentFormat::Text | DocumentFormat::Pdf);
    let lost = |target: &str| keeps_links && POINTERS.contains(&target);
    // The reader of the document knows which named places it has.
    let dead: HashSet<&str> = ground
        .page
        .links
        .iter()
        .filter(|link| link.dead)
        .map(|link| link.target.as_str())
        .collect();
    document
        .links
        .iter()
        .filter(|target| leads_nowhere(target) || lost(target) || dead.contains(target.trim()))
        .take(MAX_CHECKS_PER_CODE + 1)
        .map(|target| {
            let link = ground.page.links.iter().find(|link| link.target == *target);
            let what = match target.trim() {
                "" => "has an empty target".to_owned(),
                words if lost(words) => format!("is only the word “{words}”, without an address"),
                dead => format!("leads nowhere ({})", short(dead)),
            };
            PolicyCheck {
                code: "dead-link".to_owned(),
                message: format!("the link to a list of SDKs or partners {what}"),
                sdk: String::new(),
                quote: link.map(|link| ground.quote(&link.range)),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{checks, checks_of_page};
    use super::*;

    fn page(link: &str) -> String {
        format!(
            "<h1>第三方SDK目录</h1><p>更新日期：2024年1月2日</p><table>\
             <tr><th>SDK名称</th><th>使用目的</th><th>收集信息</th><th>隐私政策</th></tr>\
             <tr><td>极光推送</td><td>消息推送</td><td>OAID</td><td>{link}</td></tr>\
             <tr><td>Bugly</td><td>崩溃统计</td><td>设备型号</td><td>{link}</td></tr></table>"
        )
    }

    #[test]
    fn links_of_entries_that_lead_nowhere_are_told_once_per_target() {
        for link in [
            "<a href='javascript:;'>隐私政策</a>",
            "<a href='#'>隐私政策</a>",
            "<a href='#no-such-place'>隐私政策</a>",
            "<a href='https://www.xxx.com/privacy'>隐私政策</a>",
            "https://www.example.com/privacy",
            "《隐私政策》",
            "点击查看",
        ] {
            let found = checks_of_page(&page(link), "dead-link");
            assert_eq!(found.len(), 1, "{link}: {found:?}");
            assert!(
                found[0].message.contains("极光推送, Bugly"),
                "{}",
                found[0].message
            );
            assert!(found[0].quote.is_some());
        }
    }

    #[test]
    fn live_links_and_missing_ones_are_not_dead() {
        for link in [
            "<a href='https://www.jiguang.cn/license/privacy'>隐私政策</a>",
            "https://bugly.qq.com/v2/contract",
            "<a href='/privacy.html'>隐私政策</a>",
            "<a href='#push'>隐私政策</a><a id='push'></a>",
            "无",
            "",
        ] {
            let found = checks_of_page(&page(link), "dead-link");
            assert!(found.is_empty(), "{link}: {found:?}");
        }
    }

    #[test]
    fn a_dead_link_to_the_list_is_told() {
        let dead = "<h1>隐私政策</h1><p>我们接入了第三方SDK，详情请查看<a href='javascript:void(0)'>《第三方SDK目录》</a>。</p>";
        let found = checks_of_page(dead, "dead-link");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].message.contains("list"));
        let live = dead.replace("javascript:void(0)", "https://a.cn/sdk.html");
        assert!(checks_of_page(&live, "dead-link").is_empty());
        let text = "隐私政策\n我们接入了第三方SDK，详情请查看《第三方SDK目录》。\n";
        assert!(checks(text, "dead-link").is_empty());
    }

    #[test]
    fn placeholder_hosts() {
        assert!(
            is_placeholder("xxx.com") && is_placeholder("example.com") && is_placeholder("****.cn")
        );
        assert!(
            !is_placeholder("x.com")
                && !is_placeholder("docs.example.com")
                && !is_placeholder("a.xxx.cn")
        );
    }
}
