//! Companies: which vendor group a written company name is, and what the
//! signature of an SDK says of its vendor and category.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::squash::squash_name;
use super::strings::{Rows, Strings};
use super::table::Table;
use crate::sdk::schema::{Catalogue, Kind, Origin, Signature, Vendor};

/// Names of companies, compiled.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Companies {
    /// Ids of vendors, sorted.
    vendors: Strings,
    /// Squashed names, each with the vendor groups that bear it; none where only
    /// products of no one company do.
    names: Table<usize>,
    /// For each vendor its names.
    of_vendors: Rows<usize>,
    /// Ids of products, sorted.
    products: Strings,
    /// For each product its category.
    categories: Strings,
    /// For each product its vendor; the base need not know it.
    vendors_of: Strings,
    /// For each product whether it was written by hand.
    curated: Vec<bool>,
    /// For each product the names of its vendor that it gives itself.
    of_products: Rows<usize>,
}

/// What the base knows of the product behind an id.
#[derive(Debug)]
pub(crate) struct Product<'c> {
    /// Id of the vendor group.
    pub vendor: &'c str,
    /// Category id.
    pub category: &'c str,
    /// Whether the entry was written by hand and not taken over from a list.
    pub curated: bool,
    /// Squashed names under which a policy may write its vendor: those that the
    /// product gives, and those of the group.
    names: Vec<&'c str>,
}

/// The squashed names of each vendor group, made once: hundreds of products
/// share them.
#[derive(Debug)]
pub(super) struct VendorNames<'b> {
    by_id: HashMap<&'b str, Vec<String>>,
}

impl<'b> VendorNames<'b> {
    /// The names of all vendors.
    pub fn of_base(base: &'b Catalogue) -> Self {
        let squashed = |vendor: &'b Vendor| {
            let names = [&vendor.name.zh, &vendor.name.en].into_iter();
            let names = names.chain(&vendor.short_names).chain(&vendor.legal_names);
            (
                vendor.id.as_str(),
                names.map(|name| squash_name(name)).collect(),
            )
        };
        Self {
            by_id: base.vendors.iter().map(squashed).collect(),
        }
    }

    /// The names of a vendor that the base knows.
    pub fn of(&self, vendor: &str) -> Option<&[String]> {
        self.by_id.get(vendor).map(Vec::as_slice)
    }
}

/// Characters between the parts of a vendor as written.
const PARTS: [char; 12] = [
    '、', ',', '，', '/', ';', '；', '(', ')', '（', '）', '&', '|',
];

/// Vendor ids under which the base keeps what belongs to no one company.
const NO_COMPANY: [&str; 2] = ["other", "open-source"];

impl Companies {
    pub(super) fn compile(base: &Catalogue, vendors: &VendorNames<'_>) -> Self {
        let products = base.signatures.iter().map(|(_, signature)| signature);
        let products = products.filter(|signature| signature.kind != Kind::Platform);
        let ids: Strings = base.vendors.iter().map(|vendor| &vendor.id).collect();
        let mut names: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for product in products.clone() {
            let group = ids.position(&product.vendor);
            let group = group.filter(|_| !NO_COMPANY.contains(&product.vendor.as_str()));
            for name in own_names(product).chain(shared_names(&product.vendor, vendors)) {
                names.entry(name).or_default().extend(group);
            }
        }
        let rows = names
            .into_iter()
            .map(|(name, of)| (name, of.into_iter().collect()));
        let names = Table::from(rows.collect::<BTreeMap<_, _>>());
        let number = |name: String| names.words().position(&name);
        let of_vendor = |vendor: &Vendor| {
            let names = shared_names(&vendor.id, vendors);
            names.filter_map(number).collect::<Vec<_>>()
        };
        let of_product = |product| own_names(product).filter_map(number).collect::<Vec<_>>();
        Self {
            of_vendors: base.vendors.iter().map(of_vendor).collect(),
            of_products: products.clone().map(of_product).collect(),
            products: products.clone().map(|product| &product.id).collect(),
            categories: products.clone().map(|product| &product.category).collect(),
            vendors_of: products.clone().map(|product| &product.vendor).collect(),
            curated: products
                .map(|product| product.origin == Origin::Curated)
                .collect(),
            vendors: ids,
            names,
        }
    }

    /// The product of an id.
    pub fn product(&self, id: &str) -> Option<Product<'_>> {
        let at = self.products.position(id)?;
        let vendor = self.vendors_of.get(at)?;
        let shared = self.vendors.position(vendor);
        let shared = shared.map_or(&[][..], |vendor| self.of_vendors.get(vendor));
        let names = self.of_products.get(at).iter().chain(shared);
        Some(Product {
            vendor,
            category: self.categories.get(at)?,
            curated: *self.curated.get(at)?,
            names: names.map(|&name| self.names.words().get(name)).collect(),
        })
    }

    /// Whether a vendor's id stands for a company and not for a folder of many.
    pub fn is_group(&self, vendor: &str) -> bool {
        self.vendors.position(vendor).is_some() && !NO_COMPANY.contains(&vendor)
    }

    /// The groups whose names a vendor as written consists of; none when some
    /// part of it is no known name.
    pub fn groups(&self, written: &str) -> Option<BTreeSet<&str>> {
        if let Some(groups) = self.bearers(written) {
            return Some(groups.collect());
        }
        // `腾讯科技(深圳)有限公司` holds a bracket and is one name.
        let mut found = BTreeSet::new();
        for part in written.split(PARTS).filter(|part| !part.trim().is_empty()) {
            found.extend(self.bearers(part)?);
        }
        (!found.is_empty()).then_some(found)
    }

    /// The groups of one name; none for an unknown one.
    fn bearers(&self, written: &str) -> Option<impl Iterator<Item = &str>> {
        let groups = self.names.get(&squash_name(written));
        let ids = groups.iter().filter_map(|&group| self.vendors.get(group));
        (!groups.is_empty()).then_some(ids)
    }
}

impl Product<'_> {
    /// Whether a text carries a name of this product's vendor.
    pub fn names_vendor(&self, text: &str) -> bool {
        let text = squash_name(text);
        self.names.iter().any(|name| contains_name(&text, name))
    }
}

/// The names of its vendor that a product gives itself.
fn own_names(product: &Signature) -> impl Iterator<Item = String> {
    let names = [&product.vendor_name.zh, &product.vendor_name.en].into_iter();
    let names = names.chain(&product.vendor_aliases);
    names
        .map(|name| squash_name(name))
        .filter(|name| is_name(name))
}

/// The names of a vendor that the base knows.
fn shared_names(vendor: &str, vendors: &VendorNames<'_>) -> impl Iterator<Item = String> {
    let names = vendors.of(vendor).unwrap_or_default().iter();
    names.filter(|name| is_name(name)).cloned()
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
    use crate::sdk::KnowledgeBase;

    #[test]
    fn a_vendor_as_written_is_its_group_or_unknown() {
        let base = KnowledgeBase::embedded();
        let base = base.catalogue();
        let companies = Companies::compile(base, &VendorNames::of_base(base));
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
        let base = base.catalogue();
        let companies = Companies::compile(base, &VendorNames::of_base(base));
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
