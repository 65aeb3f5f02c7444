//! Other ways to write the names of SDKs: what logins are called, a product
//! behind its company.

use super::squash::squash_name;

/// What a login is called behind the name of its company. What a button says
/// (`Log in with Knot`) is a choice of the user and no name.
const LOGINS: [&str; 5] = ["login", "signin", "oauth", "authentication", "sso"];

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
    }
    found.retain(|way| *way != squashed);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_and_products_of_companies_have_several_names() {
        assert_eq!(of("Heron Maps by Knot", "map"), ["knotheronmaps"]);
        let ways = of("Knot Sign-In", "login");
        assert!(ways.iter().any(|way| way == "knotoauth"));
        assert!(!ways.iter().any(|way| way == "signinwithknot"));
        assert!(of("Knot Login", "ads").is_empty());
    }
}
