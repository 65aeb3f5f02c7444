//! References into the vocabulary and to other signatures.

use super::identity::CATEGORIES;
use super::{Lint, own_signatures};
use crate::sdk::schema::DataFacts;

/// Permissions of this namespace are Android's and must be in the vocabulary.
const ANDROID_PERMISSIONS: &str = "android.permission.";

pub(super) fn check(lint: &mut Lint) {
    for (file, signature) in own_signatures(lint) {
        for permission in &signature.permissions {
            permission_name(lint, &file, permission);
        }
        for id in &signature.bundles {
            if lint.base.signature(id).is_none() || *id == signature.id {
                let message = format!("bundles \"{id}\", which is no other signature");
                lint.error(&file, id, message);
            }
        }
        if let Some(data) = &signature.data {
            data_types(lint, &file, data);
        }
    }
    vocabulary(lint);
}

fn permission_name(lint: &mut Lint, file: &str, permission: &str) {
    if !permission.contains('.') {
        let cure = format!("write the full name, such as {ANDROID_PERMISSIONS}{permission}");
        lint.error(
            file,
            permission,
            format!("permission \"{permission}\": {cure}"),
        );
    } else if permission.starts_with(ANDROID_PERMISSIONS)
        && lint.base.permission(permission).is_none()
    {
        let message = format!("permission \"{permission}\" is not in vocabulary/permissions.toml");
        lint.warning(file, permission, message);
    }
}

fn data_types(lint: &mut Lint, file: &str, data: &DataFacts) {
    for id in data
        .types
        .iter()
        .chain(&data.optional)
        .chain(&data.historical)
    {
        if lint.base.data_type(id).is_none() {
            let message = format!("data type \"{id}\" is not in vocabulary/data-types.toml");
            lint.error(file, id, message);
        }
    }
    for id in &data.optional {
        if !data.types.contains(id) {
            let message = format!("data type \"{id}\" is optional but not among types");
            lint.error(file, id, message);
        }
    }
    if data.basis.is_empty() {
        lint.error(
            file,
            "basis",
            "data without a basis: say what it rests on".to_owned(),
        );
    }
}

/// Parents and permissions that the vocabulary itself names.
fn vocabulary(lint: &mut Lint) {
    let file = "vocabulary/data-types.toml";
    for data_type in lint.own.data_types.clone() {
        let parent = data_type.parent.as_str();
        if !parent.is_empty() && lint.base.data_type(parent).is_none() {
            let message = format!("parent \"{parent}\" of \"{}\" is unknown", data_type.id);
            lint.error(file, parent, message);
        }
    }
    purposes(lint);
    let file = "vocabulary/permissions.toml";
    for permission in lint.own.permissions.clone() {
        for id in &permission.data_types {
            if lint.base.data_type(id).is_none() {
                let message = format!("data type \"{id}\" of \"{}\" is unknown", permission.name);
                lint.error(file, id, message);
            }
        }
    }
}

/// Categories that the words of purposes tell.
fn purposes(lint: &mut Lint) {
    let file = "vocabulary/purposes.toml";
    let mut seen = std::collections::HashSet::new();
    for purpose in lint.own.purposes.clone() {
        let category = purpose.category.as_str();
        if CATEGORIES.binary_search(&category).is_err() {
            lint.error(
                file,
                category,
                format!("category \"{category}\" is unknown"),
            );
        }
        if !seen.insert(purpose.category.clone()) {
            lint.error(
                file,
                category,
                format!("category \"{category}\" is told twice"),
            );
        }
        let mut words = std::collections::HashSet::new();
        for word in purpose.words.iter().chain(&purpose.hints) {
            let wrong = if word.trim_matches(['*', ' ']).is_empty() {
                "is empty"
            } else if !words.insert(word) {
                "is listed twice"
            } else {
                continue;
            };
            lint.error(
                file,
                word,
                format!("word \"{word}\" of \"{category}\" {wrong}"),
            );
        }
    }
}
