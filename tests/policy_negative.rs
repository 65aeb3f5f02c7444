//! Policies that disclose no SDK, whatever they mention.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use sdkaudit::policy::model::DisclosureForm::{self, *};
use sdkaudit::policy::{Lexicon, read};
use sdkaudit::sdk::KnowledgeBase;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::compile(&KnowledgeBase::embedded()));

/// The document in `fixtures/policy/negative` and its disclosure form.
const EXPECTED: [(&str, DisclosureForm); 24] = [
    ("01-generic-sentence-zh.txt", GenericMention),
    ("02-template-zh.txt", TemplateUnfilled),
    ("03-link-only-zh.md", LinkedOnly),
    ("04-fdroid-denial-en.md", None),
    ("05-shop-zh.txt", None),
    ("06-shop-en.txt", None),
    ("07-carriers-login-zh.txt", None),
    ("08-own-pages-zh.html", None),
    ("09-cookie-table-en.html", None),
    ("10-state-law-en.md", GenericMention),
    ("11-permission-table-zh.md", None),
    ("12-first-party-table-zh.html", None),
    ("13-retention-table-en.md", None),
    ("14-own-sdk-zh.txt", None),
    ("15-removed-sdk-en.txt", None),
    ("16-removed-sdk-zh.txt", None),
    ("17-generic-partners-en.txt", GenericMention),
    ("18-link-only-en.md", LinkedOnly),
    ("19-template-en.md", TemplateUnfilled),
    ("20-nothing-zh.txt", None),
    ("21-own-sdk-en.md", None),
    ("22-guide-for-developers-zh.txt", GenericMention),
    ("23-stores-and-shares-zh.txt", None),
    ("24-stores-and-hosting-en.md", None),
];

fn folder() -> &'static Path {
    Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/policy/negative"
    ))
}

#[test]
fn policies_without_a_disclosure_disclose_nothing() {
    let mut faults = Vec::new();
    for (name, form) in EXPECTED {
        let bytes = fs::read(folder().join(name)).unwrap();
        let document = read(name, &bytes, &LEXICON).unwrap();
        let names: Vec<&str> = document
            .sdks
            .iter()
            .map(|s| s.as_written.as_str())
            .collect();
        if !names.is_empty() {
            faults.push(format!("{name}: discloses {names:?}"));
        }
        if document.disclosure_form != form {
            let found = document.disclosure_form;
            faults.push(format!("{name}: {found:?} instead of {form:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_document_is_expected() {
    let told: BTreeSet<String> = EXPECTED
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let stored: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(told, stored);
}
