//! Names of SDKs, families and vendors, and what they may stand for.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use super::companies::VendorNames;
use super::purposes::Purposes;
use super::squash::{Squashed, squash_name};
use super::variants;
use crate::policy::url;
use crate::sdk::KnowledgeBase;
use crate::sdk::schema::{Confidence, Kind, Origin};

/// How much a name says, strongest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strength {
    /// A company.
    Vendor,
    /// A family or an ambiguous name.
    Family,
    /// One product.
    Product,
}

/// All names, compiled.
#[derive(Debug)]
pub(crate) struct Names {
    automaton: AhoCorasick,
    patterns: Vec<Vec<Owner>>,
    /// Patterns that name a company, whatever else they name.
    companies: Vec<bool>,
    sdks: Vec<Facts>,
    by_package: Vec<(String, u32)>,
    by_url: HashMap<String, Vec<u32>>,
    by_host: HashMap<String, Vec<u32>>,
    pub(super) purposes: Purposes,
}

/// Longest company name in front of a product, in squashed bytes.
const MAX_COMPANY: usize = 90;

/// What a name may stand for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owner {
    pub sdk: u32,
    strength: Strength,
}

#[derive(Debug)]
struct Facts {
    id: String,
    category: String,
    vendor: String,
    library: bool,
    standing: (bool, Confidence),
}

/// One name found in a text.
#[derive(Debug, Clone)]
pub(crate) struct NameHit {
    pub range: Range<usize>,
    pub strength: Strength,
    /// Length of the squashed pattern in characters.
    pub length: usize,
    pattern: usize,
}

/// A squashed name without a closing "sdk".
fn without_sdk(squashed: &str) -> &str {
    squashed.strip_suffix("sdk").unwrap_or(squashed)
}

impl Names {
    pub(super) fn compile(base: &KnowledgeBase, vendors: &VendorNames<'_>) -> Self {
        let mut table: HashMap<String, Vec<Owner>> = HashMap::new();
        let mut companies: std::collections::HashSet<String> = std::collections::HashSet::new();
        let mut add_squashed = |squashed: &str, sdk: u32, strength: Strength| {
            if squashed.chars().nth(1).is_none() {
                return;
            }
            if strength == Strength::Vendor && !companies.contains(squashed) {
                companies.insert(squashed.to_owned());
            }
            if !table.contains_key(squashed) {
                table.insert(squashed.to_owned(), Vec::new());
            }
            let Some(owners) = table.get_mut(squashed) else {
                return;
            };
            match owners.iter_mut().find(|owner| owner.sdk == sdk) {
                Some(owner) => owner.strength = owner.strength.max(strength),
                None => owners.push(Owner { sdk, strength }),
            }
        };
        let mut sdks = Vec::new();
        let mut ways: Vec<(String, u32)> = Vec::new();
        let mut by_package = Vec::new();
        let mut by_url: HashMap<String, Vec<u32>> = HashMap::new();
        let mut by_host: HashMap<String, Vec<u32>> = HashMap::new();
        for signature in base.signatures() {
            if signature.kind == Kind::Platform {
                continue;
            }
            let sdk = u32::try_from(sdks.len()).unwrap_or(u32::MAX);
            let mut add = |name: &str, sdk, strength| {
                add_squashed(&squash_name(name), sdk, strength);
            };
            for name in [&signature.name.zh, &signature.name.en] {
                add(name, sdk, Strength::Product);
            }
            // `腾讯云SDK` says no more than the ambiguous `腾讯云`.
            let ambiguous: Vec<String> = signature
                .ambiguous_aliases
                .iter()
                .map(|name| without_sdk(&squash_name(name)).to_owned())
                .collect();
            for name in &signature.aliases {
                let squashed = squash_name(name);
                let bare = without_sdk(&squashed);
                if ambiguous.iter().any(|family| family == bare) {
                    add(name, sdk, Strength::Family);
                } else {
                    add(name, sdk, Strength::Product);
                }
            }
            for name in &signature.ambiguous_aliases {
                add(name, sdk, Strength::Family);
            }
            let own = [&signature.name.zh, &signature.name.en];
            for name in own.into_iter().chain(&signature.aliases) {
                let written = variants::of(name, &signature.category);
                ways.extend(written.into_iter().map(|way| (way, sdk)));
            }
            for name in &signature.vendor_aliases {
                add(name, sdk, Strength::Vendor);
            }
            if let Some(names) = vendors.of(&signature.vendor) {
                for name in [&signature.vendor_name.zh, &signature.vendor_name.en] {
                    add(name, sdk, Strength::Vendor);
                }
                for name in names.iter() {
                    add_squashed(name, sdk, Strength::Vendor);
                }
            }
            for prefix in &signature.code.prefixes {
                let shared = signature.code.shared_prefixes.contains(prefix);
                if !shared && prefix.matches('.').count() >= 1 {
                    by_package.push((prefix.to_ascii_lowercase(), sdk));
                }
            }
            if let Some(page) = url::page_key(&signature.privacy_url) {
                by_url.entry(page).or_default().push(sdk);
            }
            if let Some(host) = url::host(&signature.privacy_url) {
                by_host.entry(host).or_default().push(sdk);
            }
            sdks.push(Facts {
                id: signature.id.clone(),
                category: signature.category.clone(),
                vendor: signature.vendor.clone(),
                library: signature.kind != Kind::Sdk,
                standing: (signature.origin == Origin::Curated, signature.confidence),
            });
        }
        by_package.sort();
        // A name that a signature gives itself means what it says.
        ways.retain(|(way, _)| !table.contains_key(way));
        for (way, sdk) in ways {
            let strength = Strength::Product;
            table.entry(way).or_default().push(Owner { sdk, strength });
        }
        let mut patterns: Vec<(String, Vec<Owner>)> = table.into_iter().collect();
        patterns.sort_by(|a, b| a.0.cmp(&b.0));
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(patterns.iter().map(|(pattern, _)| pattern))
            .expect("a few thousand short patterns fit an automaton");
        Self {
            automaton,
            companies: patterns
                .iter()
                .map(|(pattern, _)| companies.contains(pattern))
                .collect(),
            patterns: patterns.into_iter().map(|(_, owners)| owners).collect(),
            sdks,
            by_package,
            by_url,
            by_host,
            purposes: Purposes::compile(base),
        }
    }

    /// The names in a normalised text: leftmost, then longest, not overlapping.
    pub fn find(&self, text: &str) -> Vec<NameHit> {
        let squashed = Squashed::of(text);
        let mut found: Vec<(usize, usize, usize)> = self
            .automaton
            .find_overlapping_iter(&squashed.text)
            .filter(|hit| squashed.is_word(hit.start(), hit.end()))
            .map(|hit| (hit.start(), hit.end(), hit.pattern().as_usize()))
            .collect();
        found.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
        let mut taken = 0;
        let mut hits = Vec::new();
        for (start, end, pattern) in found {
            if start < taken {
                continue;
            }
            taken = end;
            let strongest = self
                .patterns
                .get(pattern)
                .and_then(|owners| owners.iter().map(|owner| owner.strength).max());
            hits.push(NameHit {
                range: squashed.original(start, end),
                strength: strongest.unwrap_or(Strength::Vendor),
                length: squashed
                    .text
                    .get(start..end)
                    .map_or(0, |name| name.chars().count()),
                pattern,
            });
        }
        hits
    }

    /// What a hit may stand for.
    pub fn owners(&self, hit: &NameHit) -> impl Iterator<Item = (u32, Strength)> {
        self.patterns
            .get(hit.pattern)
            .into_iter()
            .flatten()
            .map(|owner| (owner.sdk, owner.strength))
    }

    /// The longest company name that a text begins with, and what it may own.
    pub fn company_in_front(&self, text: &str) -> Option<(Range<usize>, &[Owner])> {
        let squashed = Squashed::of(text);
        let hits = self.automaton.find_overlapping_iter(&squashed.text);
        let longest = hits
            .take_while(|hit| hit.end() <= MAX_COMPANY)
            .filter(|hit| hit.start() == 0 && squashed.is_word(0, hit.end()))
            .filter(|hit| self.companies.get(hit.pattern().as_usize()) == Some(&true))
            .last()?;
        let owners = self.patterns.get(longest.pattern().as_usize())?;
        Some((squashed.original(0, longest.end()), owners))
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
                let at = self
                    .by_package
                    .partition_point(|(p, _)| p.as_str() < prefix);
                let same = self.by_package.get(at..).unwrap_or_default();
                let same = same.iter().take_while(|(p, _)| p == prefix);
                let before = found.len();
                found.extend(same.map(|(_, sdk)| *sdk));
                if found.len() > before {
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
        let page = url::page_key(link).and_then(|key| self.by_url.get(&key));
        let host = url::host(link).and_then(|key| self.by_host.get(&key));
        (
            page.map_or(&[], Vec::as_slice),
            host.map_or(&[], Vec::as_slice),
        )
    }

    /// The id of an SDK.
    pub fn id(&self, sdk: u32) -> &str {
        self.sdks
            .get(sdk as usize)
            .map_or("", |facts| facts.id.as_str())
    }

    /// The SDK of an id.
    pub fn by_id(&self, id: &str) -> Option<u32> {
        let at = self.sdks.iter().position(|facts| facts.id == id)?;
        u32::try_from(at).ok()
    }

    /// The vendor's id; empty when unknown.
    pub fn vendor(&self, sdk: u32) -> &str {
        self.sdks
            .get(sdk as usize)
            .map_or("", |facts| facts.vendor.as_str())
    }

    /// How well an entry is established, best highest: by hand, then by how
    /// many sources agree.
    pub fn standing(&self, sdk: u32) -> (bool, Confidence) {
        self.sdks
            .get(sdk as usize)
            .map_or_else(Default::default, |facts| facts.standing)
    }

    /// Whether an entry is a library without data handling of its own.
    pub fn is_library(&self, sdk: u32) -> bool {
        self.sdks
            .get(sdk as usize)
            .is_some_and(|facts| facts.library)
    }

    /// Whether an SDK is a push service.
    pub fn is_push(&self, sdk: u32) -> bool {
        self.sdks
            .get(sdk as usize)
            .is_some_and(|facts| facts.category == "push")
    }

    /// How well a squashed text fits the SDK's category, 0 to 3.
    pub fn affinity(&self, sdk: u32, squashed: &str) -> u32 {
        self.sdks
            .get(sdk as usize)
            .map_or(0, |facts| self.purposes.affinity(&facts.category, squashed))
    }
}
