//! Companies: which vendor group a written company name is, and what the
//! signature of an SDK says of its vendor and category.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::squash::squash_name;
use crate::sdk::KnowledgeBase;
use crate::sdk::schema::{Kind, Origin, Vendor};

/// Names of companies, compiled.
#[derive(Debug, Default)]
pub(crate) struct Companies {
    /// Squashed name → ids of the vendor groups that bear it.
    by_name: HashMap<String, BTreeSet<String>>,
    sdks: HashMap<String, Product>,
    groups: BTreeSet<String>,
}

/// What the base knows of the product behind an id.
#[derive(Debug)]
pub(crate) struct Product {
    /// Id of the vendor group.
    pub vendor: String,
    /// Category id.
    pub category: String,
    /// Whether the entry was written by hand and not taken over from a list.
    pub curated: bool,
    /// Squashed names under which a policy may write its vendor: those that the
    /// product gives, and those of the group.
    names: Vec<String>,
    shared: Arc<[String]>,
}

/// The squashed names of each vendor group, made once: hundreds of products
/// share them.
#[derive(Debug)]
pub(super) struct VendorNames<'b> {
    by_id: HashMap<&'b str, Arc<[String]>>,
}

impl<'b> VendorNames<'b> {
    pub fn of_base(base: &'b KnowledgeBase) -> Self {
        let squashed = |vendor: &'b Vendor| {
            let names = [&vendor.name.zh, &vendor.name.en].into_iter();
            let names = names.chain(&vendor.short_names).chain(&vendor.legal_names);
            (
                vendor.id.as_str(),
                names.map(|name| squash_name(name)).collect(),
            )
        };
        Self {
            by_id: base.vendors().iter().map(squashed).collect(),
        }
    }

    /// The names of a vendor that the base knows.
    pub fn of(&self, vendor: &str) -> Option<&Arc<[String]>> {
        self.by_id.get(vendor)
    }
}

/// Characters between the parts of a vendor as written.
const PARTS: [char; 12] = [
    '、', ',', '，', '/', ';', '；', '(', ')', '（', '）', '&', '|',
];

/// Vendor ids under which the base keeps what belongs to no one company.
const NO_COMPANY: [&str; 2] = ["other", "open-source"];

impl Companies {
    pub(super) fn compile(base: &KnowledgeBase, vendors: &VendorNames<'_>) -> Self {
        let mut companies = Self {
            groups: base
                .vendors()
                .iter()
                .map(|vendor| vendor.id.clone())
                .filter(|id| !NO_COMPANY.contains(&id.as_str()))
                .collect(),
            ..Self::default()
        };
        let mut seen = BTreeSet::new();
        for signature in base.signatures().filter(|s| s.kind != Kind::Platform) {
            let own = [&signature.vendor_name.zh, &signature.vendor_name.en];
            let names: Vec<String> = own
                .into_iter()
                .chain(&signature.vendor_aliases)
                .map(|name| squash_name(name))
                .filter(|name| is_name(name))
                .collect();
            let shared = vendors.of(&signature.vendor).cloned().unwrap_or_default();
            if companies.is_group(&signature.vendor) {
                for name in &names {
                    companies.add(name, &signature.vendor);
                }
                if seen.insert(&signature.vendor) {
                    for name in shared.iter().filter(|name| is_name(name)) {
                        companies.add(name, &signature.vendor);
                    }
                }
            }
            let product = Product {
                vendor: signature.vendor.clone(),
                category: signature.category.clone(),
                curated: signature.origin == Origin::Curated,
                names,
                shared,
            };
            companies.sdks.insert(signature.id.clone(), product);
        }
        companies
    }

    fn add(&mut self, name: &str, group: &str) {
        if !self.by_name.contains_key(name) {
            self.by_name.insert(name.to_owned(), BTreeSet::new());
        }
        if let Some(groups) = self.by_name.get_mut(name)
            && !groups.contains(group)
        {
            groups.insert(group.to_owned());
        }
    }

    /// The product of an id.
    pub fn product(&self, id: &str) -> Option<&Product> {
        self.sdks.get(id)
    }

    /// Whether a vendor's id stands for a company and not for a folder of many.
    pub fn is_group(&self, vendor: &str) -> bool {
        self.groups.contains(vendor)
    }

    /// The groups whose names a vendor as written consists of; none when some
    /// part of it is no known name.
    pub fn groups(&self, written: &str) -> Option<BTreeSet<&str>> {
        let whole = squash_name(written);
        if let Some(groups) = self.by_name.get(&whole) {
            return Some(groups.iter().map(String::as_str).collect());
        }
        // `腾讯科技(深圳)有限公司` holds a bracket and is one name.
        let mut found = BTreeSet::new();
        for part in written.split(PARTS).filter(|part| !part.trim().is_empty()) {
            found.extend(
                self.by_name
                    .get(&squash_name(part))?
                    .iter()
                    .map(String::as_str),
            );
        }
        (!found.is_empty()).then_some(found)
    }
}

impl Product {
    /// Whether a text carries a name of this product's vendor.
    pub fn names_vendor(&self, text: &str) -> bool {
        let text = squash_name(text);
        let mut names = self.names.iter().chain(self.shared.iter());
        names.any(|name| is_name(name) && contains_name(&text, name))
    }
}

/// One character names nobody.
fn is_name(squashed: &str) -> bool {
    squashed.chars().nth(1).is_some()
}

/// Whether a name stands in a text. A Latin name begins at a word boundary, and
/// one of three letters or fewer ends at one too, so that `x` is not found in
/// `xposed` while `tencent` is found in `tencentbugly` (blanks are gone here).
fn contains_name(text: &str, name: &str) -> bool {
    const SHORT: usize = 3;
    let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    !name.is_empty()
        && text.match_indices(name).any(|(at, found)| {
            let (before, from) = text.split_at(at);
            let after = from.strip_prefix(found).unwrap_or_default();
            let begins = !word(before.chars().next_back());
            let ends = !word(after.chars().next());
            !name.is_ascii() || begins && (ends || name.len() > SHORT)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendor_as_written_is_its_group_or_unknown() {
        let base = KnowledgeBase::embedded();
        let companies = Companies::compile(&base, &VendorNames::of_base(&base));
        let groups = |written| {
            companies
                .groups(written)
                .map(|g| g.into_iter().collect::<Vec<_>>())
        };
        assert_eq!(
            groups("深圳市和讯华谷信息技术有限公司"),
            Some(vec!["jiguang"])
        );
        assert_eq!(groups("极光"), Some(vec!["jiguang"]));
        assert_eq!(groups("极光、小米"), Some(vec!["jiguang", "xiaomi"]));
        assert_eq!(groups("极光、成都白榆示例网络有限公司"), None);
        assert_eq!(groups(""), None);
    }

    #[test]
    fn a_product_name_may_carry_its_vendor() {
        let base = KnowledgeBase::embedded();
        let companies = Companies::compile(&base, &VendorNames::of_base(&base));
        let qiyu = companies.product("qiyu").unwrap();
        assert!(qiyu.names_vendor("网易七鱼SDK"));
        assert!(!qiyu.names_vendor("七鱼"));
    }

    #[test]
    fn a_latin_name_is_found_at_word_boundaries() {
        assert!(contains_name("tencentbugly", "tencent"));
        assert!(contains_name("x-share", "x"));
        assert!(!contains_name("xposed", "x"));
        assert!(!contains_name("mytencent", "tencent"));
        assert!(contains_name("我的网易七鱼", "网易"));
    }
}
