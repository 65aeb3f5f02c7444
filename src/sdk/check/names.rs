//! Aliases: a name that identifies two products identifies none.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use super::{Lint, own_signatures};

pub(super) fn check(lint: &mut Lint) {
    let mut owners: HashMap<String, Vec<String>> = HashMap::new();
    for signature in lint.base.signatures() {
        for alias in &signature.aliases {
            let ids = owners.entry(normalised(alias)).or_default();
            if !ids.contains(&signature.id) {
                ids.push(signature.id.clone());
            }
        }
    }
    for (file, signature) in own_signatures(lint) {
        for alias in &signature.aliases {
            let ids = owners
                .get(&normalised(alias))
                .map_or(&[][..], Vec::as_slice);
            let Some(other) = ids.iter().find(|id| **id != signature.id) else {
                continue;
            };
            let cure = "make it ambiguous in each, or leave it to one";
            let message = format!("alias \"{alias}\" also names {other}: {cure}");
            lint.error(&file, alias, message);
        }
        for alias in signature.aliases.iter().chain(&signature.ambiguous_aliases) {
            if normalised(alias).is_empty() {
                let message = format!("alias \"{alias}\" is empty");
                lint.error(&file, alias, message);
            }
        }
        for alias in &signature.ambiguous_aliases {
            if signature.aliases.contains(alias) {
                let message = format!("alias \"{alias}\" is both identifying and ambiguous");
                lint.error(&file, alias, message);
            }
        }
    }
}

/// NFKC, lower case, without blanks: how policies' names are compared.
fn normalised(alias: &str) -> String {
    alias
        .nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| !c.is_whitespace())
        .collect()
}
