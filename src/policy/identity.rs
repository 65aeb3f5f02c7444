//! Which SDK an entry names.
//!
//! A product name, a package name and the vendor's page for the product are
//! strong. A family or ambiguous name is resolved by the stated purpose. A
//! company alone never identifies: it has a dozen SDKs.

use std::collections::BTreeMap;

use super::Lexicon;
use super::layout::is_company;
use super::lexicon::{NameHit, Strength, squash};
use super::model::MatchedBy;
use super::tongue::is_ideograph;

/// Candidates reported at most.
const MAX_CANDIDATES: usize = 5;

/// What an entry says about its identity.
#[derive(Debug, Default)]
pub(crate) struct Clues<'t> {
    pub name: &'t str,
    pub vendor: &'t str,
    /// Purposes and other words of the entry.
    pub context: &'t str,
    pub url: &'t str,
}

/// The answer.
#[derive(Debug, Default)]
pub(crate) struct Identity {
    pub id: Option<String>,
    pub candidates: Vec<String>,
    pub matched_by: Option<MatchedBy>,
}

/// Evidence for one SDK.
#[derive(Debug, Default, Clone)]
struct Evidence {
    score: f32,
    name: Option<Strength>,
    /// The name is all there is, nothing beside it.
    whole: bool,
    /// What the entry says of its purpose is what the SDK is for.
    fits: bool,
    package: bool,
    page: bool,
    host: bool,
}

/// Weighs all clues.
pub(crate) fn resolve(clues: &Clues<'_>, lexicon: &Lexicon) -> Identity {
    let mut found: BTreeMap<u32, Evidence> = BTreeMap::new();
    by_name(clues.name, lexicon, &mut found);
    drop_foreign_families(clues.name, lexicon, &mut found);
    drop_strangers(clues, lexicon, &mut found);
    by_package(clues, lexicon, &mut found);
    by_page(clues.url, lexicon, &mut found);
    for hit in lexicon.names.find(clues.vendor) {
        for (sdk, _) in lexicon.names.owners(&hit) {
            if let Some(evidence) = found.get_mut(&sdk) {
                evidence.score += 6.0;
            }
        }
    }
    // Every page has a host in common with many; pages alone do not identify.
    let named = found
        .values()
        .any(|e| e.name.is_some_and(|s| s > Strength::Vendor) || e.package);
    if named {
        let product = found
            .values()
            .any(|e| e.name == Some(Strength::Product) || e.package);
        found.retain(|_, e| match e.name {
            Some(Strength::Product | Strength::Family) => true,
            // `OPPO` may be any product of that company.
            Some(Strength::Vendor) => e.package || e.whole && !product,
            None => e.package,
        });
    }
    let name = squash(clues.name);
    let words = squash(&format!("{} {}", clues.name, clues.context));
    let mut ranked: Vec<(u32, Evidence)> = found
        .into_iter()
        .map(|(sdk, mut evidence)| {
            evidence.score += 5.0 * lexicon.names.affinity(sdk, &name) as f32;
            let weight = if evidence.name == Some(Strength::Product) {
                3.0
            } else {
                6.0
            };
            let affinity = lexicon.names.affinity(sdk, &words);
            evidence.fits = affinity > 0;
            evidence.score += weight * affinity as f32;
            if lexicon.names.is_library(sdk) {
                evidence.score -= 1.0;
            }
            (sdk, evidence)
        })
        .collect();
    doubt_families(&mut ranked, &words, lexicon);
    // Among equals the well-known come first: only a few are reported.
    ranked.sort_by(|a, b| {
        let standing = |sdk: u32| lexicon.names.standing(sdk);
        b.1.score
            .total_cmp(&a.1.score)
            .then(standing(b.0).cmp(&standing(a.0)))
            .then(a.0.cmp(&b.0))
    });
    decide(&ranked, is_bare(clues.name, lexicon), lexicon)
}

/// Whether a name says nothing beside known names: `火山引擎平台`, not `火山引擎特效`.
fn is_bare(name: &str, lexicon: &Lexicon) -> bool {
    let mut rest = without_sdk(name);
    for hit in lexicon.names.find(&rest.clone()).iter().rev() {
        rest.replace_range(hit.range.clone(), " ");
    }
    letters(&without_plain(&rest)) == 0
}

/// A phone maker's name that is also a family's (its login, its games) stands
/// for no member of that family where the purpose tells the maker's push
/// service. The words are squashed.
fn doubt_families(ranked: &mut [(u32, Evidence)], words: &str, lexicon: &Lexicon) {
    let fits = |sdk: u32| lexicon.names.affinity(sdk, words) > 0;
    let other = ranked.iter().any(|(sdk, e)| {
        e.name == Some(Strength::Vendor) && e.whole && lexicon.names.is_push(*sdk) && fits(*sdk)
    });
    for (sdk, evidence) in ranked.iter_mut().filter(|_| other) {
        if evidence.name == Some(Strength::Family) && !fits(*sdk) {
            evidence.name = Some(Strength::Vendor);
            evidence.score -= 15.0; // what a family's name counts more
        }
    }
}

fn decide(ranked: &[(u32, Evidence)], bare: bool, lexicon: &Lexicon) -> Identity {
    let Some((best, evidence)) = ranked.first() else {
        return Identity::default();
    };
    let margin = ranked
        .get(1)
        .map_or(f32::MAX, |(_, second)| evidence.score - second.score);
    let (matched_by, sure) = match evidence.name {
        Some(Strength::Product) => (MatchedBy::Name, margin >= 1.0),
        _ if evidence.package => (MatchedBy::Package, true),
        // `X特效` is no statistics SDK of the X family, even of one with no other.
        Some(Strength::Family) => {
            let told = bare || evidence.whole || evidence.fits;
            (MatchedBy::Family, told && margin >= 2.5)
        }
        _ if evidence.page => (MatchedBy::Url, margin >= 4.0),
        // Product pages share their host with the vendor's other products.
        _ if evidence.host => (MatchedBy::Url, false),
        _ => (MatchedBy::Vendor, false),
    };
    let candidates = ranked
        .iter()
        .take(MAX_CANDIDATES)
        .take_while(|(_, other)| !sure || evidence.score - other.score < 8.0)
        .map(|(sdk, _)| lexicon.names.id(*sdk).to_owned())
        .collect();
    Identity {
        id: sure.then(|| lexicon.names.id(*best).to_owned()),
        candidates,
        matched_by: Some(matched_by),
    }
}

/// The company that a name opens with: `阿里云日志SDK`. The whole name is one
/// only where the product it was resolved to is called like its company.
pub(crate) fn company_in_name<'n>(
    name: &'n str,
    id: Option<&str>,
    lexicon: &Lexicon,
) -> Option<&'n str> {
    let (company, owners) = lexicon.names.company_in_front(name)?;
    let words = name.get(company)?.trim();
    let own = match id {
        Some(id) => {
            let product = lexicon.names.by_id(id)?;
            let vendor = |sdk: u32| lexicon.names.vendor(sdk);
            owners
                .iter()
                .any(|owner| owner.sdk == product || vendor(owner.sdk) == vendor(product))
        }
        None => letters(&without_sdk(name)) > letters(words),
    };
    own.then_some(words)
}

/// Names in the name; each part of a composed name (`A(B、C)`) counts by itself.
fn by_name(name: &str, lexicon: &Lexicon, found: &mut BTreeMap<u32, Evidence>) {
    let plain = without_sdk(name);
    let parts = plain
        .split(['(', ')', '、', ',', '/', '[', ']', '【', '】', ':', ';'])
        .filter(|part| !part.trim().is_empty());
    let whole = std::iter::once((plain.as_str(), 1.0));
    let parts: Vec<(&str, f32)> = whole
        .chain(parts.enumerate().map(|(at, part)| {
            let weight = if at == 0 { 1.0 } else { 0.9 };
            (part, weight)
        }))
        .collect();
    for (part, weight) in parts {
        let length = part.chars().filter(|c| c.is_alphanumeric()).count().max(1);
        for hit in lexicon.names.find(part) {
            let coverage = (hit.length as f32 / length as f32).min(1.0);
            for (sdk, strength) in lexicon.names.owners(&hit) {
                let score = match strength {
                    Strength::Product => 60.0 + 40.0 * coverage,
                    Strength::Family => 30.0 + 10.0 * coverage,
                    Strength::Vendor if coverage > 0.8 => 25.0,
                    Strength::Vendor => 10.0,
                };
                let evidence = found.entry(sdk).or_default();
                let better = evidence.name.is_none_or(|before| before <= strength);
                if better && score * weight > evidence.score {
                    evidence.score = score * weight;
                    evidence.name = Some(strength);
                    evidence.whole = coverage > 0.8;
                }
            }
        }
    }
}

/// A name that opens with a company is no family member of another company:
/// `华为一键登录` is none of the carriers' products.
fn drop_foreign_families(name: &str, lexicon: &Lexicon, found: &mut BTreeMap<u32, Evidence>) {
    let hits = lexicon.names.find(name);
    let Some(first) = hits.first().filter(|hit| hit.range.start == 0) else {
        return;
    };
    let owners: Vec<(u32, Strength)> = lexicon.names.owners(first).collect();
    let named = |sdk: u32| {
        let vendor = lexicon.names.vendor(sdk);
        owners.iter().any(|(owner, _)| {
            *owner == sdk || !vendor.is_empty() && lexicon.names.vendor(*owner) == vendor
        })
    };
    // A product's own name may begin with anything.
    if owners
        .iter()
        .any(|(_, strength)| *strength == Strength::Vendor)
    {
        found.retain(|sdk, evidence| evidence.name != Some(Strength::Family) || named(*sdk));
    }
}

/// Whether a known name in a company's is its brand and no part of a longer one:
/// the words behind it are those of any company.
fn is_brand(company: &str, hit: &NameHit) -> bool {
    const BEHIND: [&str; 22] = [
        "科技", "网络", "信息", "数据", "技术", "软件", "智能", "电子", "通信", "通讯", "移动",
        "互联", "计算", "文化", "传媒", "广告", "服务", "支付", "有限", "股份", "集团", "公司",
    ];
    let rest = company.get(hit.range.end..).unwrap_or_default();
    let latin = rest.starts_with(|c: char| !is_ideograph(c));
    rest.is_empty() || latin || BEHIND.iter().any(|word| rest.starts_with(word))
}

/// A short name inside a longer one that another company's product bears:
/// `云信使长连接` of a stranger is no `云信`.
fn drop_strangers(clues: &Clues<'_>, lexicon: &Lexicon, found: &mut BTreeMap<u32, Evidence>) {
    if !is_company(clues.vendor) {
        return;
    }
    let vendors: Vec<u32> = lexicon
        .names
        .find(clues.vendor)
        .iter()
        .filter(|hit| hit.strength == Strength::Vendor || is_brand(clues.vendor, hit))
        .flat_map(|hit| {
            lexicon
                .names
                .owners(hit)
                .map(|(sdk, _)| sdk)
                .collect::<Vec<_>>()
        })
        .collect();
    let related = |sdk: u32| {
        let vendor = lexicon.names.vendor(sdk);
        vendors.iter().any(|owner| {
            *owner == sdk || !vendor.is_empty() && lexicon.names.vendor(*owner) == vendor
        })
    };
    let plain = without_sdk(clues.name);
    let hits = lexicon.names.find(&plain);
    let length = letters(&plain).max(1);
    // What stands in front of the first known name is somebody's own name.
    let fronted = hits
        .first()
        .is_some_and(|hit| letters(plain.get(..hit.range.start).unwrap_or_default()) > 0);
    let known: usize = hits.iter().map(|hit| hit.length).sum();
    // `神策分析`: what stands behind only tells the function.
    let rest = |text: &str| {
        let mut rest = text.to_owned();
        for hit in hits.iter().rev() {
            rest.replace_range(hit.range.clone(), " ");
        }
        rest
    };
    let rest = rest(&plain);
    let own = letters(&rest) > 0 && !is_function(&rest, lexicon);
    if fronted || known * 2 < length || own {
        found.retain(|sdk, evidence| evidence.whole && !own || related(*sdk));
    }
    // A general word that is also some product's name is no name of another's.
    if !vendors.is_empty() || is_function(&plain, lexicon) {
        found.retain(|sdk, evidence| {
            evidence.name != Some(Strength::Family) || related(*sdk) || !evidence.whole
        });
    }
}

/// Words that any product may carry beside its name.
const PLAIN: [&str; 24] = [
    "平台",
    "服务",
    "开放",
    "移动",
    "数据",
    "智能",
    "基础",
    "组件",
    "版本",
    "国内",
    "海外",
    "国际",
    "安卓",
    "android",
    "应用",
    "云",
    "开发者",
    "客户端",
    "极速",
    "高级",
    "标准",
    "系统",
    "工具",
    "接口",
];

fn without_plain(name: &str) -> String {
    let mut rest = name.to_ascii_lowercase();
    for word in PLAIN {
        rest = rest.replace(word, " ");
    }
    rest
}

/// Letters and digits of a text, in characters.
fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// Whether what is left of a name tells only its function: `统计`, `开放平台`.
fn is_function(rest: &str, lexicon: &Lexicon) -> bool {
    let rest = without_plain(rest);
    let words = rest.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| !word.is_ascii() || word.len() > 2)
        .all(|word| !lexicon.purpose_classes(word).is_empty())
}

/// The name without the word SDK, which stands anywhere in names.
fn without_sdk(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut rest = name;
    loop {
        let at = rest.char_indices().map(|(at, _)| at).find(|at| {
            rest.get(*at..*at + 3)
                .is_some_and(|w| w.eq_ignore_ascii_case("sdk"))
        });
        let Some(at) = at else {
            plain.push_str(rest);
            return plain;
        };
        plain.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + 3..).unwrap_or_default();
    }
}

fn by_package(clues: &Clues<'_>, lexicon: &Lexicon, found: &mut BTreeMap<u32, Evidence>) {
    for text in [clues.name, clues.context] {
        for sdk in lexicon.names.packages(text) {
            let evidence = found.entry(sdk).or_default();
            evidence.score += 80.0;
            evidence.package = true;
        }
    }
}

fn by_page(url: &str, lexicon: &Lexicon, found: &mut BTreeMap<u32, Evidence>) {
    let (page, host) = lexicon.names.pages(url);
    for sdk in page {
        let evidence = found.entry(*sdk).or_default();
        evidence.score += if page.len() <= 3 { 20.0 } else { 8.0 };
        evidence.page = true;
    }
    if host.len() <= 3 {
        for sdk in host {
            let evidence = found.entry(*sdk).or_default();
            evidence.score += 6.0;
            evidence.host = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sdk::KnowledgeBase;

    fn identity(name: &str, vendor: &str) -> Identity {
        let lexicon = Lexicon::compile(&KnowledgeBase::embedded());
        let clues = Clues {
            name,
            vendor,
            ..Clues::default()
        };
        resolve(&clues, &lexicon)
    }

    #[test]
    fn a_name_that_opens_with_a_company_is_no_family_member_of_another() {
        let alone = identity("移动推送SDK", "");
        assert_eq!(alone.id.as_deref(), Some("aliyun-push"));
        let foreign = identity("小米移动推送SDK", "");
        assert!(!foreign.candidates.iter().any(|id| id == "aliyun-push"));
        let own = identity("阿里云移动推送SDK", "");
        assert_eq!(own.id.as_deref(), Some("aliyun-push"));
    }

    #[test]
    fn a_name_inside_that_of_a_stranger_is_another_product() {
        let own = identity("网易云信SDK", "杭州网易智企科技有限公司");
        assert_eq!(own.id.as_deref(), Some("netease-nim"));
        let other = identity("云信使长连接SDK", "上海远山信息技术有限公司");
        assert_eq!(other.id, None);
        for (name, vendor) in [
            ("喵星人脸识别SDK", "广州远山智能有限公司"),
            ("高德美SDK", "远山医药有限公司"),
        ] {
            assert_eq!(identity(name, vendor).id, None, "{name}");
        }
        for (name, vendor, id) in [
            ("神策分析SDK", "某某代理有限公司", "sensorsdata"),
            ("高德地图开放平台SDK", "某某代理有限公司", "amap"),
        ] {
            assert_eq!(identity(name, vendor).id.as_deref(), Some(id), "{name}");
        }
    }

    #[test]
    fn of_equal_candidates_the_well_established_come_first() {
        let found = identity("谷歌(Google)", "");
        assert_eq!(found.id, None);
        assert_eq!(found.candidates.len(), MAX_CANDIDATES);
        let base = KnowledgeBase::embedded();
        for id in &found.candidates {
            let signature = base.signatures().find(|s| s.id == *id).unwrap();
            assert_eq!(signature.origin, crate::sdk::schema::Origin::Curated);
        }
    }
}
