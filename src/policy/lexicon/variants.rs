//! Other ways to write the names of SDKs: what logins are called, a product
//! behind its company, a brand without its product.

use std::collections::HashMap;

use super::squash::squash_name;

/// Letters of a brand at least: a shorter word may be anything.
const MIN_BRAND: usize = 5;

/// What a login is called behind the name of its company, and before it.
const LOGINS: [&str; 5] = ["login", "signin", "oauth", "authentication", "sso"];
const LOGS_IN: [&str; 3] = ["signinwith", "loginwith", "continuewith"];

/// Squashed ways to write a name that mean the same product.
pub(super) fn of(name: &str, category: &str) -> Vec<String> {
    let mut found = Vec::new();
    // `Heron Maps by Knot` is `Knot Heron Maps`.
    if let Some((product, company)) = name.split_once(" by ") {
        found.push(squash_name(&format!("{company} {product}")));
    }
    let squashed = squash_name(name);
    let stem = ["login", "signin"]
        .iter()
        .find_map(|word| squashed.strip_suffix(word))
        .filter(|stem| category == "login" && stem.chars().count() > 2);
    if let Some(stem) = stem {
        found.extend(LOGINS.iter().map(|word| format!("{stem}{word}")));
        found.extend(LOGS_IN.iter().map(|word| format!("{word}{stem}")));
    }
    found.retain(|way| *way != squashed);
    found
}

/// First words of names that only one SDK bears.
#[derive(Debug, Default)]
pub(super) struct Brands(HashMap<String, Option<u32>>);

impl Brands {
    /// Notes a name of an SDK.
    pub fn add(&mut self, name: &str, sdk: u32) {
        let Some(first) = name.split(' ').next() else {
            return;
        };
        if first.len() < MIN_BRAND || !first.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return;
        }
        let one = self
            .0
            .entry(first.to_ascii_lowercase())
            .or_insert(Some(sdk));
        if *one != Some(sdk) {
            *one = None; // of several
        }
    }

    /// The only SDK whose name begins with this one word.
    pub fn of(&self, name: &str) -> Option<u32> {
        self.0.get(&name.trim().to_ascii_lowercase()).copied()?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_and_products_of_companies_have_several_names() {
        assert_eq!(of("Heron Maps by Knot", "map"), ["knotheronmaps"]);
        let ways = of("Knot Sign-In", "login");
        assert!(ways.iter().any(|way| way == "knotoauth"));
        assert!(ways.iter().any(|way| way == "signinwithknot"));
        assert!(of("Knot Login", "ads").is_empty());
    }

    #[test]
    fn a_brand_stands_for_its_only_product() {
        let mut brands = Brands::default();
        brands.add("Wader Presence", 1);
        brands.add("Wader Presence Kit", 1);
        brands.add("Grouse Maps", 2);
        brands.add("Grouse Ads", 3);
        assert_eq!(brands.of("wader"), Some(1));
        assert_eq!(brands.of("Grouse"), None);
    }
}
