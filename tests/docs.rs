//! The documentation names what the reports hold.

use std::collections::BTreeSet;

use sdkaudit::policy::model::{
    DataMention, Declaration, Denial, PolicyCheck, PolicyDocument, Quote, SdkRecord,
};

/// The keys of a value and of what it holds.
fn keys(value: &serde_json::Value, found: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (key, inner) in fields {
                found.insert(key.clone());
                keys(inner, found);
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}

#[test]
fn every_check_of_a_policy_is_documented() {
    let page = include_str!("../docs/policy-checks.md");
    for check in sdkaudit::policy::CHECK_CODES {
        assert!(
            page.contains(&format!("| `{}` |", check.code)),
            "{}",
            check.code
        );
    }
}

#[test]
fn every_field_of_a_policy_is_documented() {
    let document = PolicyDocument {
        sdks: vec![SdkRecord {
            data: vec![DataMention::default()],
            also: vec![Quote::default()],
            ..SdkRecord::default()
        }],
        checks: vec![PolicyCheck::default()],
        denials: vec![Denial::default()],
        first_party: sdkaudit::policy::model::FirstParty {
            declared: vec![Declaration::default()],
            ..Default::default()
        },
        ..PolicyDocument::default()
    };
    let mut found = BTreeSet::new();
    keys(&serde_json::to_value(document).unwrap(), &mut found);
    let page = include_str!("../docs/policy-json.md");
    let silent: Vec<&String> = found
        .iter()
        .filter(|key| !page.contains(&format!("`{key}`")))
        .collect();
    assert!(
        silent.is_empty(),
        "docs/policy-json.md does not name {silent:?}"
    );
    assert!(found.len() > 40);
}
