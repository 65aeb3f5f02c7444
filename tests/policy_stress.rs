//! Policies the reader was not written against: one document per combination of
//! layout, wording, encoding and vendors, with what a careful human reads in it.
//!
//! The documents in `fixtures/policy/stress` are written for this test. Beside
//! each lies `NAME.expected.json`:
//! `sdks` lists every disclosed SDK (`id` null when the base does not know it,
//! `also_ok` other acceptable ids), the `*_broad` lists hold readings that are
//! neither asked for nor wrong, `neutral` names entries that are no SDK of the
//! app but may be listed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use sdkaudit::policy::model::{PolicyDocument, SdkRecord};
use sdkaudit::policy::{Lexicon, read};
use sdkaudit::sdk::KnowledgeBase;
use serde::Deserialize;

/// Documents that are not read as expected yet, and why. One that starts to be
/// read well must be taken out.
const KNOWN_GAPS: &[(&str, &str)] = &[(
    "34-page-breaks",
    "a page header becomes a row, and a row torn over two lines keeps no columns",
)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    language: String,
    disclosure_form: String,
    #[serde(default)]
    neutral: Vec<String>,
    sdks: Vec<ExpectedSdk>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedSdk {
    as_written: String,
    id: Option<String>,
    #[serde(default)]
    also_ok: Vec<Option<String>>,
    data_types: BTreeSet<String>,
    #[serde(default)]
    data_types_broad: BTreeSet<String>,
    permissions: BTreeSet<String>,
    #[serde(default)]
    permissions_broad: BTreeSet<String>,
    url: Option<String>,
    platforms: Vec<String>,
}

#[test]
fn unseen_policies_are_read_as_a_careful_human_reads_them() {
    let base = KnowledgeBase::embedded();
    let lexicon = Lexicon::compile(&base);
    let gaps: BTreeMap<&str, &str> = KNOWN_GAPS.iter().copied().collect();
    let mut complaints = Vec::new();
    let mut seen = BTreeSet::new();
    for path in documents() {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let expected = fs::read(path.with_extension("expected.json")).unwrap();
        let expected: Expected = serde_json::from_slice(&expected).unwrap();
        let bytes = fs::read(&path).unwrap();
        let faults = match read(path.to_str().unwrap(), &bytes, &lexicon) {
            Ok(document) => differences(&expected, &document, &base),
            Err(error) => vec![error.to_string()],
        };
        match gaps.get(name.as_str()) {
            Some(_) if faults.is_empty() => {
                complaints.push(format!("{name}: read well now, take it out of KNOWN_GAPS"));
            }
            None if !faults.is_empty() => {
                complaints.push(format!("{name}:\n    {}", faults.join("\n    ")));
            }
            _ => {}
        }
        seen.insert(name);
    }
    for gap in gaps.keys() {
        assert!(
            seen.contains(*gap),
            "KNOWN_GAPS names {gap}, which does not exist"
        );
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// The documents, in order.
fn documents() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/policy/stress");
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension != "json")
        })
        .collect();
    found.sort();
    found
}

/// What differs, in words; empty when the document is read as expected.
fn differences(expected: &Expected, got: &PolicyDocument, base: &KnowledgeBase) -> Vec<String> {
    let mut faults = Vec::new();
    let form = serde_json::to_value(got.disclosure_form).unwrap();
    if form != expected.disclosure_form.as_str() {
        faults.push(format!(
            "form {form}, expected {}",
            expected.disclosure_form
        ));
    }
    if got.language != expected.language {
        faults.push(format!(
            "language {}, expected {}",
            got.language, expected.language
        ));
    }
    let mut left: Vec<&SdkRecord> = got.sdks.iter().collect();
    for sdk in &expected.sdks {
        match left.iter().position(|record| is_entry(sdk, record)) {
            Some(at) => compare(sdk, left.remove(at), base, &mut faults),
            None => faults.push(format!("missed: {} ({:?})", sdk.as_written, sdk.id)),
        }
    }
    for record in left {
        let neutral = expected
            .neutral
            .iter()
            .any(|name| alike(name, &record.as_written));
        if !neutral {
            faults.push(format!("too much: {} ({:?})", record.as_written, record.id));
        }
    }
    faults
}

/// The same entry: an accepted id, and the name for an id that is null.
fn is_entry(sdk: &ExpectedSdk, record: &SdkRecord) -> bool {
    let named = alike(&sdk.as_written, &record.as_written);
    let accepted = |id: &Option<String>| *id == record.id && (id.is_some() || named);
    accepted(&sdk.id) || sdk.also_ok.iter().any(|id| named && accepted(id))
}

/// Equal but for blanks, letter case and marks.
fn alike(one: &str, other: &str) -> bool {
    let plain = |name: &str| -> String {
        name.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(|c| {
                match c {
                    // Full-width Latin.
                    '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap(),
                    c => c,
                }
                .to_lowercase()
            })
            .collect::<String>()
            .replace("sdk", "")
    };
    let (one, other) = (plain(one), plain(other));
    one == other || one.starts_with(&other) && other.len() * 2 >= one.len()
}

fn compare(sdk: &ExpectedSdk, record: &SdkRecord, base: &KnowledgeBase, faults: &mut Vec<String>) {
    let name = &sdk.as_written;
    let got: BTreeSet<&String> = record.data_types.iter().collect();
    let general: BTreeSet<String> = sdk
        .data_types
        .iter()
        .flat_map(|id| ancestors(id, base))
        .collect();
    let missing: Vec<_> = sdk
        .data_types
        .iter()
        .filter(|id| !got.contains(id) && !general.contains(*id))
        .collect();
    let extra: Vec<_> = got
        .iter()
        .filter(|id| {
            !sdk.data_types.contains(**id)
                && !sdk.data_types_broad.contains(**id)
                && !general.contains(**id)
        })
        .collect();
    if !missing.is_empty() || !extra.is_empty() {
        faults.push(format!(
            "{name}: data types missing {missing:?}, too many {extra:?}"
        ));
    }
    let got: BTreeSet<&String> = record.permissions.iter().collect();
    let missing: Vec<_> = sdk
        .permissions
        .iter()
        .filter(|p| !got.contains(p))
        .collect();
    // A type named is a vague word for the permission that guards it.
    let guards: BTreeSet<&String> = sdk
        .data_types
        .iter()
        .chain(&sdk.data_types_broad)
        .filter_map(|id| base.data_type(id))
        .flat_map(|data_type| &data_type.permissions)
        .collect();
    let extra: Vec<_> = got
        .iter()
        .filter(|p| !sdk.permissions.contains(**p) && !sdk.permissions_broad.contains(**p))
        .filter(|p| !guards.contains(**p))
        .collect();
    if !missing.is_empty() || !extra.is_empty() {
        faults.push(format!(
            "{name}: permissions missing {missing:?}, too many {extra:?}"
        ));
    }
    if sdk.url.is_some() && record.url != sdk.url {
        faults.push(format!(
            "{name}: url {:?}, expected {:?}",
            record.url, sdk.url
        ));
    }
    if !sdk.platforms.is_empty() && record.platforms != sdk.platforms {
        faults.push(format!(
            "{name}: platforms {:?}, expected {:?}",
            record.platforms, sdk.platforms
        ));
    }
    if record.quote.text.trim().is_empty() || record.quote.start >= record.quote.end {
        faults.push(format!("{name}: no quote"));
    }
}

/// The more general types above one.
fn ancestors(id: &str, base: &KnowledgeBase) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut at = id.to_owned();
    while let Some(data_type) = base.data_type(&at)
        && !data_type.parent.is_empty()
    {
        at = data_type.parent.clone();
        found.push(at.clone());
    }
    found
}
