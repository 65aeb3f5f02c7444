//! Whether the policies speak of an SDK: by its name, its family, its vendor,
//! or as a part of another product.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use super::model::DisclosureStatus;
use crate::policy::model::{MatchedBy, PolicyDocument, SdkRecord};
use crate::sdk::base::KnowledgeBase;
use crate::sdk::schema::Signature;

/// One entry of a policy, with the document it stands in and its names as they
/// are compared, normalised once for all SDKs of the app.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// The document.
    pub policy: &'a PolicyDocument,
    /// The entry.
    pub record: &'a SdkRecord,
    written: String,
    vendor: String,
}

/// How the policies cover one SDK.
#[derive(Debug, Clone)]
pub struct Coverage<'a> {
    /// `Disclosed`, `FamilyOnly` or `VendorOnly`.
    pub status: DisclosureStatus,
    /// The entries that this status rests on, in document order, never empty.
    pub entries: Vec<Entry<'a>>,
    /// The named product that contains the SDK, when the entries are that
    /// product's and not the SDK's own.
    pub inside: Option<String>,
}

/// The entries of all policies that count for an Android package.
pub fn android_entries<'a>(policies: &[&'a PolicyDocument]) -> Vec<Entry<'a>> {
    policies
        .iter()
        .flat_map(|&policy| {
            policy
                .sdks
                .iter()
                .filter(|record| record.applies_to_android())
                .map(move |record| Entry {
                    policy,
                    record,
                    written: normalise_name(&record.as_written),
                    vendor: normalise_name(&record.vendor_as_written),
                })
        })
        .collect()
}

/// The best coverage of the SDK `id` by `entries`; `bundled_by` are the ids of
/// SDKs in the same app that bring it along. `None`: no entry speaks of it.
pub fn cover<'a>(
    id: &str,
    bundled_by: &[String],
    entries: &[Entry<'a>],
    base: &KnowledgeBase,
) -> Option<Coverage<'a>> {
    let subject = Subject::new(id, base);
    let judged: Vec<(DisclosureStatus, &Entry<'a>)> = entries
        .iter()
        .filter_map(|entry| Some((subject.judge(entry, base)?, entry)))
        .collect();
    let best = judged.iter().map(|(status, _)| *status).min();
    let inside = || named_container(id, bundled_by, entries, base);
    match best {
        Some(status @ (DisclosureStatus::Disclosed | DisclosureStatus::FamilyOnly)) => {
            Some(own_coverage(status, &judged))
        }
        Some(status) => Some(inside().unwrap_or_else(|| own_coverage(status, &judged))),
        None => inside(),
    }
}

fn own_coverage<'a>(
    status: DisclosureStatus,
    judged: &[(DisclosureStatus, &Entry<'a>)],
) -> Coverage<'a> {
    Coverage {
        status,
        entries: judged
            .iter()
            .filter(|(s, _)| *s == status)
            .map(|(_, entry)| (*entry).clone())
            .collect(),
        inside: None,
    }
}

/// A product that some entry names and that contains `id`: it was found in the
/// app to bring it, or `id` is the base module of that product's family.
fn named_container<'a>(
    id: &str,
    bundled_by: &[String],
    entries: &[Entry<'a>],
    base: &KnowledgeBase,
) -> Option<Coverage<'a>> {
    let named = || {
        entries
            .iter()
            .filter(|e| e.record.matched_by != Some(MatchedBy::Vendor))
            .filter_map(|e| e.record.id.as_deref())
            .filter(|product| *product != id)
    };
    // A product that is not in the app brings nothing into it; only the name of
    // a family stands for its base module all the same.
    let product = named()
        .find(|product| bundled_by.iter().any(|b| b == product))
        .or_else(|| named().find(|product| is_base_module(id, product, base)))?;
    Some(Coverage {
        status: DisclosureStatus::FamilyOnly,
        entries: entries
            .iter()
            .filter(|e| e.record.id.as_deref() == Some(product))
            .cloned()
            .collect(),
        inside: Some(product.to_owned()),
    })
}

/// Whether `id` is the shared base module of `product`'s family: `product`
/// bundles it, or each of its packages is one that `product` declares as shared
/// with its siblings. A sibling's own package below a shared one
/// (`cn.jiguang.analytics`) is not.
fn is_base_module(id: &str, product: &str, base: &KnowledgeBase) -> bool {
    let (Some(module), Some(product)) = (base.signature(id), base.signature(product)) else {
        return false;
    };
    !module.family.is_empty()
        && module.family == product.family
        && (product.bundles.contains(&module.id)
            || !module.code.prefixes.is_empty()
                && module
                    .code
                    .prefixes
                    .iter()
                    .all(|prefix| product.code.shared_prefixes.contains(prefix)))
}

/// The names that one SDK answers to, normalised once.
struct Subject<'a> {
    id: &'a str,
    family: &'a str,
    family_names: BTreeSet<String>,
    companies: BTreeSet<String>,
    vendor_names: BTreeSet<String>,
}

impl<'a> Subject<'a> {
    fn new(id: &'a str, base: &'a KnowledgeBase) -> Self {
        let Some(signature) = base.signature(id) else {
            return Self {
                id,
                family: "",
                family_names: BTreeSet::new(),
                companies: BTreeSet::new(),
                vendor_names: BTreeSet::new(),
            };
        };
        let (companies, vendor_names) = vendor_names(signature, base);
        Self {
            id,
            family: &signature.family,
            family_names: normalised(&signature.ambiguous_aliases),
            companies,
            vendor_names,
        }
    }

    /// What one entry says of this SDK. An entry that was resolved to another
    /// product covers this one only when the words it was resolved from stand
    /// for both; its vendor column then speaks of that product alone.
    fn judge(&self, entry: &Entry, base: &KnowledgeBase) -> Option<DisclosureStatus> {
        use DisclosureStatus::{Disclosed, FamilyOnly, VendorOnly};
        let Entry {
            record,
            written,
            vendor,
            ..
        } = entry;
        if record.id.as_deref() == Some(self.id) {
            return Some(match record.matched_by {
                Some(MatchedBy::Vendor) => VendorOnly,
                _ => Disclosed,
            });
        }
        let candidate = record.candidates.iter().any(|c| c == self.id);
        if candidate && (record.id.is_none() || record.matched_by >= Some(MatchedBy::Family)) {
            return Some(match record.matched_by {
                Some(MatchedBy::Vendor) => VendorOnly,
                _ => FamilyOnly,
            });
        }
        if self.companies.contains(written) {
            return Some(VendorOnly);
        }
        let same_family = || {
            let other = record.id.as_deref().and_then(|id| base.signature(id));
            !self.family.is_empty() && other.is_some_and(|o| o.family == self.family)
        };
        if self.family_names.contains(written)
            || record.matched_by == Some(MatchedBy::Family) && same_family()
        {
            return Some(FamilyOnly);
        }
        // A company in the vendor column beside another name speaks of that
        // other product; only where the name itself is missing does it count.
        let by_vendor = self.vendor_names.contains(written)
            || written.is_empty()
                && (self.vendor_names.contains(vendor) || self.companies.contains(vendor));
        (record.id.is_none() && by_vendor).then_some(VendorOnly)
    }
}

/// Company names of one SDK (what its signature gives and the registered names
/// of its vendor), and group and short names of its vendor (腾讯, Tencent).
///
/// A vendor group holds several companies and brands (高德 and 友盟 are both of
/// Alibaba): a name that a sibling's signature gives as its own, and this one
/// does not, says nothing about this one.
fn vendor_names(
    signature: &Signature,
    base: &KnowledgeBase,
) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut companies = normalised(&signature.vendor_aliases);
    companies.extend(normalised([
        &signature.vendor_name.en,
        &signature.vendor_name.zh,
    ]));
    let Some(vendor) = base.vendor(&signature.vendor) else {
        return (companies, BTreeSet::new());
    };
    let claimed = names_of_siblings(signature, base);
    let legal = normalised(&vendor.legal_names);
    companies.extend(legal.into_iter().filter(|name| !claimed.contains(name)));
    let family = normalised(&signature.ambiguous_aliases);
    let mut group: BTreeSet<String> = normalised(&vendor.short_names)
        .into_iter()
        .filter(|name| family.contains(name) || !claimed.contains(name))
        .collect();
    group.extend(normalised([&vendor.name.en, &vendor.name.zh]));
    (companies, group)
}

fn names_of_siblings(signature: &Signature, base: &KnowledgeBase) -> BTreeSet<String> {
    let siblings = base
        .signatures()
        .filter(|s| s.vendor == signature.vendor && s.id != signature.id);
    normalised(siblings.flat_map(|s| {
        s.aliases
            .iter()
            .chain(&s.ambiguous_aliases)
            .chain(&s.vendor_aliases)
            .chain([&s.vendor_name.en, &s.vendor_name.zh])
    }))
}

fn normalised<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> BTreeSet<String> {
    names
        .into_iter()
        .map(|name| normalise_name(name.as_ref()))
        .filter(|name| !name.is_empty())
        .collect()
}

/// A name as it is compared: NFKC, lower case, no blanks or zero-width
/// characters, without a trailing `SDK`.
pub fn normalise_name(name: &str) -> String {
    let folded: String = name
        .nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| {
            !c.is_whitespace() && !matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
        })
        .collect();
    match folded.strip_suffix("sdk") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => folded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(as_written: &str) -> SdkRecord {
        SdkRecord {
            as_written: as_written.into(),
            ..SdkRecord::default()
        }
    }

    fn status(id: &str, record: SdkRecord) -> Option<DisclosureStatus> {
        let base = KnowledgeBase::embedded();
        let policy = PolicyDocument {
            sdks: vec![record],
            ..PolicyDocument::default()
        };
        cover(id, &[], &android_entries(&[&policy]), &base).map(|c| c.status)
    }

    #[test]
    fn names_are_compared_without_width_case_blanks_and_sdk() {
        assert_eq!(normalise_name("Ｕ－ＡＰＰ SDK"), "u-app");
        assert_eq!(normalise_name(" 友盟 ＋\u{200b}"), "友盟+");
        assert_eq!(normalise_name("SDK"), "sdk");
    }

    #[test]
    fn a_company_row_covers_by_vendor_only() {
        for row in ["腾讯", "Tencent", "深圳市腾讯计算机系统有限公司"] {
            assert_eq!(
                status("bugly", record(row)),
                Some(DisclosureStatus::VendorOnly),
                "{row}"
            );
        }
    }

    #[test]
    fn a_brand_of_the_same_group_is_not_the_vendor() {
        assert_eq!(status("umeng-analytics", record("高德软件有限公司")), None);
        assert_eq!(status("amap", record("友盟")), None);
    }

    #[test]
    fn the_vendor_column_of_another_product_covers_nothing() {
        let wechat = SdkRecord {
            id: Some("wechat-opensdk".into()),
            matched_by: Some(MatchedBy::Name),
            vendor_as_written: "深圳市腾讯计算机系统有限公司".into(),
            ..record("微信OpenSDK")
        };
        assert_eq!(status("bugly", wechat.clone()), None);
        let unknown_product = SdkRecord {
            id: None,
            matched_by: None,
            as_written: "微卡智享SDK".into(),
            ..wechat.clone()
        };
        assert_eq!(status("bugly", unknown_product), None);
        let unnamed = SdkRecord {
            id: None,
            matched_by: None,
            as_written: String::new(),
            ..wechat
        };
        assert_eq!(status("bugly", unnamed), Some(DisclosureStatus::VendorOnly));
    }

    #[test]
    fn a_family_name_resolved_to_a_sibling_covers_the_family_only() {
        let family = SdkRecord {
            id: Some("jpush".into()),
            candidates: vec!["jpush".into()],
            matched_by: Some(MatchedBy::Family),
            ..record("极光")
        };
        assert_eq!(
            status("jpush", family.clone()),
            Some(DisclosureStatus::Disclosed)
        );
        assert_eq!(
            status("janalytics", family),
            Some(DisclosureStatus::FamilyOnly)
        );
    }

    #[test]
    fn the_base_module_of_a_named_product_is_inside_it() {
        let base = KnowledgeBase::embedded();
        let jpush = SdkRecord {
            id: Some("jpush".into()),
            matched_by: Some(MatchedBy::Name),
            ..record("极光推送")
        };
        let policy = PolicyDocument {
            sdks: vec![jpush],
            ..PolicyDocument::default()
        };
        let entries = android_entries(&[&policy]);
        let core = cover("jiguang-jcore", &[], &entries, &base).unwrap();
        assert_eq!(core.status, DisclosureStatus::FamilyOnly);
        assert_eq!(core.inside.as_deref(), Some("jpush"));
        assert!(cover("janalytics", &[], &entries, &base).is_none());
    }
}
