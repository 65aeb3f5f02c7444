//! Names of SDKs, families and vendors, and what they may stand for.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::companies::VendorNames;
use super::purposes::Purposes;
use super::squash::{Squashed, squash_name};
use super::strings::Strings;
use super::table::Table;
use super::variants;
use crate::policy::url;
use crate::sdk::schema::{Catalogue, Confidence, Kind, Origin, Signature};

/// How much a name says, strongest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Strength {
    /// A company.
    Vendor,
    /// A family or an ambiguous name.
    Family,
    /// One product.
    Product,
}

/// All names, compiled.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Names {
    /// Squashed names.
    names: Table<Owner>,
    /// Whether each name is that of a company, whatever else it names.
    companies: Vec<bool>,
    ids: Strings,
    categories: Strings,
    vendors: Strings,
    facts: Vec<Facts>,
    by_package: Table<u32>,
    by_url: Table<u32>,
    by_host: Table<u32>,
    pub(super) purposes: Purposes,
}

/// Longest company name in front of a product, in squashed bytes.
const MAX_COMPANY: usize = 90;

/// What a name may stand for.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Owner {
    pub sdk: u32,
    strength: Strength,
}

/// What else is known of an SDK.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Facts {
    library: bool,
    standing: (bool, Confidence),
}

/// One name found in a text.
#[derive(Debug, Clone)]
pub(crate) struct NameHit {
    pub range: Range<usize>,
    pub strength: Strength,
    /// Length of the squashed name in characters.
    pub length: usize,
    name: usize,
}

/// A squashed name without a closing "sdk".
fn without_sdk(squashed: &str) -> &str {
    squashed.strip_suffix("sdk").unwrap_or(squashed)
}

impl Names {
    pub(super) fn compile(base: &Catalogue, vendors: &VendorNames<'_>) -> Self {
        let signatures = base.signatures.iter().map(|(_, signature)| signature);
        let signatures = signatures.filter(|signature| signature.kind != Kind::Platform);
        let mut gathered = Gathered::default();
        for (sdk, signature) in (0..).zip(signatures.clone()) {
            gathered.add_product(sdk, signature);
            gathered.add_companies(sdk, signature, vendors);
            gathered.add_addresses(sdk, signature);
        }
        gathered.add_ways();
        let facts = |signature: &Signature| Facts {
            library: signature.kind != Kind::Sdk,
            standing: (signature.origin == Origin::Curated, signature.confidence),
        };
        let known = gathered.companies;
        Self {
            companies: gathered
                .names
                .keys()
                .map(|name| known.contains(name))
                .collect(),
            names: gathered.names.into(),
            ids: signatures.clone().map(|s| &s.id).collect(),
            categories: signatures.clone().map(|s| &s.category).collect(),
            vendors: signatures.clone().map(|s| &s.vendor).collect(),
            facts: signatures.map(facts).collect(),
            by_package: gathered.by_package.into(),
            by_url: gathered.by_url.into(),
            by_host: gathered.by_host.into(),
            purposes: Purposes::compile(base),
        }
    }

    /// The names in a normalised text: leftmost, then longest, not overlapping.
    pub fn find(&self, text: &str) -> Vec<NameHit> {
        let squashed = Squashed::of(text);
        let mut taken = 0;
        let mut hits = Vec::new();
        for (start, end, name) in squashed.find(self.names.words()) {
            if start < taken || !squashed.is_word(start, end) {
                continue;
            }
            taken = end;
            let owners = self.names.row(name).iter();
            let strongest = owners.map(|owner| owner.strength).max();
            hits.push(NameHit {
                range: squashed.original(start, end),
                strength: strongest.unwrap_or(Strength::Vendor),
                length: self.names.words().get(name).chars().count(),
                name,
            });
        }
        hits
    }

    /// What a hit may stand for.
    pub fn owners(&self, hit: &NameHit) -> impl Iterator<Item = (u32, Strength)> {
        let owners = self.names.row(hit.name).iter();
        owners.map(|owner| (owner.sdk, owner.strength))
    }

    /// The longest company name that a text begins with, and what it may own.
    pub fn company_in_front(&self, text: &str) -> Option<(Range<usize>, &[Owner])> {
        let squashed = Squashed::of(text);
        let mut names = self.names.words().beginning(&squashed.text);
        let (name, end) = names.find(|&(name, end)| {
            end <= MAX_COMPANY
                && squashed.is_word(0, end)
                && self.companies.get(name) == Some(&true)
        })?;
        Some((squashed.original(0, end), self.names.row(name)))
    }

    /// SDKs of which a text names the package.
    pub fn packages(&self, text: &str) -> Vec<u32> {
        let lower = text.to_ascii_lowercase();
        let words = lower.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_')));
        let mut found = Vec::new();
        for word in words.filter(|word| word.matches('.').count() >= 1 && word.len() < 200) {
            let word = word.trim_matches('.');
            let mut prefix = word;
            loop {
                let named = self.by_package.get(prefix);
                found.extend(named);
                if !named.is_empty() {
                    break;
                }
                match prefix.rfind('.') {
                    Some(dot) => prefix = prefix.get(..dot).unwrap_or_default(),
                    None => break,
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// SDKs whose privacy page this is, and those on its host.
    pub fn pages(&self, link: &str) -> (&[u32], &[u32]) {
        let page = url::page_key(link).map(|key| self.by_url.get(&key));
        let host = url::host(link).map(|key| self.by_host.get(&key));
        (page.unwrap_or_default(), host.unwrap_or_default())
    }

    /// The id of an SDK.
    pub fn id(&self, sdk: u32) -> &str {
        self.ids.get(sdk as usize).unwrap_or_default()
    }

    /// The SDK of an id.
    pub fn by_id(&self, id: &str) -> Option<u32> {
        u32::try_from(self.ids.position(id)?).ok()
    }

    /// The vendor's id; empty when unknown.
    pub fn vendor(&self, sdk: u32) -> &str {
        self.vendors.get(sdk as usize).unwrap_or_default()
    }

    /// The category; empty for an unknown SDK.
    fn category(&self, sdk: u32) -> &str {
        self.categories.get(sdk as usize).unwrap_or_default()
    }

    /// How well an entry is established, best highest: by hand, then by how
    /// many sources agree.
    pub fn standing(&self, sdk: u32) -> (bool, Confidence) {
        let facts = self.facts.get(sdk as usize);
        facts.map_or_else(Default::default, |facts| facts.standing)
    }

    /// Whether an entry is a library without data handling of its own.
    pub fn is_library(&self, sdk: u32) -> bool {
        let facts = self.facts.get(sdk as usize);
        facts.is_some_and(|facts| facts.library)
    }

    /// Whether an SDK is a push service.
    pub fn is_push(&self, sdk: u32) -> bool {
        self.category(sdk) == "push"
    }

    /// How well a squashed text fits the SDK's category, 0 to 3.
    pub fn affinity(&self, sdk: u32, squashed: &str) -> u32 {
        self.purposes.affinity(self.category(sdk), squashed)
    }
}

/// Names and addresses while they are gathered.
#[derive(Debug, Default)]
struct Gathered {
    names: BTreeMap<String, Vec<Owner>>,
    /// The names that are those of companies.
    companies: BTreeSet<String>,
    /// Other ways to write names.
    ways: Vec<(String, u32)>,
    by_package: BTreeMap<String, Vec<u32>>,
    by_url: BTreeMap<String, Vec<u32>>,
    by_host: BTreeMap<String, Vec<u32>>,
}

impl Gathered {
    /// The names that a product gives itself.
    fn add_product(&mut self, sdk: u32, signature: &Signature) {
        let own = [&signature.name.zh, &signature.name.en];
        for name in own {
            self.add(&squash_name(name), sdk, Strength::Product);
        }
        let families = signature.ambiguous_aliases.iter();
        let families: Vec<String> = families.map(|name| squash_name(name)).collect();
        for name in &signature.aliases {
            let squashed = squash_name(name);
            let bare = without_sdk(&squashed);
            // `腾讯云SDK` says no more than the ambiguous `腾讯云`.
            if families.iter().any(|family| without_sdk(family) == bare) {
                self.add(&squashed, sdk, Strength::Family);
            } else {
                self.add(&squashed, sdk, Strength::Product);
            }
        }
        for name in &families {
            self.add(name, sdk, Strength::Family);
        }
        for name in own.into_iter().chain(&signature.aliases) {
            let written = variants::of(name, &signature.category);
            self.ways.extend(written.into_iter().map(|way| (way, sdk)));
        }
    }

    /// The names of a product's vendor.
    fn add_companies(&mut self, sdk: u32, signature: &Signature, vendors: &VendorNames<'_>) {
        for name in &signature.vendor_aliases {
            self.add(&squash_name(name), sdk, Strength::Vendor);
        }
        if let Some(names) = vendors.of(&signature.vendor) {
            for name in [&signature.vendor_name.zh, &signature.vendor_name.en] {
                self.add(&squash_name(name), sdk, Strength::Vendor);
            }
            for name in names {
                self.add(name, sdk, Strength::Vendor);
            }
        }
    }

    /// Where a product is found: its packages and its privacy page.
    fn add_addresses(&mut self, sdk: u32, signature: &Signature) {
        for prefix in &signature.code.prefixes {
            let shared = signature.code.shared_prefixes.contains(prefix);
            if !shared && prefix.contains('.') {
                let package = prefix.to_ascii_lowercase();
                self.by_package.entry(package).or_default().push(sdk);
            }
        }
        if let Some(page) = url::page_key(&signature.privacy_url) {
            self.by_url.entry(page).or_default().push(sdk);
        }
        if let Some(host) = url::host(&signature.privacy_url) {
            self.by_host.entry(host).or_default().push(sdk);
        }
    }

    /// The other ways to write names. A name that a signature gives itself means
    /// what it says.
    fn add_ways(&mut self) {
        let mut ways = std::mem::take(&mut self.ways);
        ways.retain(|(way, _)| !way.is_empty() && !self.names.contains_key(way));
        for (way, sdk) in ways {
            let strength = Strength::Product;
            let owners = self.names.entry(way).or_default();
            owners.push(Owner { sdk, strength });
        }
    }

    /// A squashed name of an SDK; one character names nobody.
    fn add(&mut self, squashed: &str, sdk: u32, strength: Strength) {
        if squashed.chars().nth(1).is_none() {
            return;
        }
        if strength == Strength::Vendor {
            self.companies.insert(squashed.to_owned());
        }
        let owners = self.names.entry(squashed.to_owned()).or_default();
        match owners.iter_mut().find(|owner| owner.sdk == sdk) {
            Some(owner) => owner.strength = owner.strength.max(strength),
            None => owners.push(Owner { sdk, strength }),
        }
    }
}
