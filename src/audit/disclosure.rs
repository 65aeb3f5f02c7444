//! Fills what the policies say of each SDK and permission into the report.

use std::collections::{BTreeMap, BTreeSet};

use super::coverage::{self, Coverage, Entry};
use super::data_coverage;
use super::model::{AppReport, Disclosure, DisclosureStatus, Reachability, SdkReport, TypeBasis};
use super::permissions::{self, Naming};
use super::reconcile::Terms;
use super::words::words_of;
use crate::policy::model::{EntryField, PolicyDocument, SdkRecord};
use crate::sdk::base::KnowledgeBase;
use crate::sdk::schema::Kind;

/// Whether an SDK can give a disclosure finding: third-party code of kind
/// `sdk`, unless its documentation says that it collects nothing and none of
/// its code is seen to read sensitive data. Unknown data counts: it is never
/// taken for none.
pub fn may_handle_personal_data(sdk: &SdkReport) -> bool {
    let documented = sdk.documented_data_types.as_ref();
    let reads = || {
        sdk.data
            .iter()
            .any(|row| row.sensitive && row.reachability == Some(Reachability::EntryPoint))
    };
    sdk.kind == Kind::Sdk && (documented.is_none_or(|types| !types.is_empty()) || reads())
}

pub(super) fn disclose_sdks<'a>(
    app: &mut AppReport,
    entries: &[Entry<'a>],
    terms: &Terms,
    base: &KnowledgeBase,
) -> Vec<Option<Coverage<'a>>> {
    app.sdks
        .iter_mut()
        .map(|sdk| {
            let covered = coverage::cover(&sdk.id, &sdk.bundled_by, entries, base);
            sdk.disclosure = match &covered {
                Some(coverage) => Some(disclosure(sdk, coverage, terms, base)),
                // Libraries and packers are not expected in a policy.
                None if sdk.kind != Kind::Sdk => None,
                None => Some(Disclosure {
                    status: if terms.assessable() {
                        DisclosureStatus::Undisclosed
                    } else {
                        DisclosureStatus::NotAssessable
                    },
                    as_written: None,
                    policy: None,
                    quote: None,
                    missing: Vec::new(),
                    data_types: Vec::new(),
                    permissions: Vec::new(),
                    coverage: Vec::new(),
                }),
            };
            covered
        })
        .collect()
}

fn disclosure(
    sdk: &SdkReport,
    coverage: &Coverage,
    terms: &Terms,
    base: &KnowledgeBase,
) -> Disclosure {
    let unread = !terms.unread.is_empty();
    let records: Vec<&SdkRecord> = coverage.entries.iter().map(|e| e.record).collect();
    let first = coverage.entries.first();
    let own = coverage.inside.is_none() && coverage.status != DisclosureStatus::VendorOnly;
    let data_types: BTreeSet<&str> = named_data_types(&records).collect();
    let names: BTreeSet<&str> = named_permissions(&records).collect();
    Disclosure {
        status: coverage.status,
        as_written: first.map(|e| e.record.as_written.clone()),
        policy: first.map(|e| e.policy.path.clone()),
        quote: first.map(|e| e.record.quote.clone()),
        missing: if own {
            missing_fields(&records)
        } else {
            Vec::new()
        },
        data_types: in_vocabulary_order(&data_types, base),
        permissions: names.into_iter().map(str::to_owned).collect(),
        coverage: data_coverage::of_types(&types_of(sdk), coverage, unread, base),
    }
}

/// The types that an SDK is documented to collect, in their order, then those
/// that its code is only observed to read.
fn types_of(sdk: &SdkReport) -> Vec<(&str, TypeBasis)> {
    let documented = sdk.documented_data_types.as_deref().unwrap_or_default();
    let observed = |id: &str| {
        sdk.data
            .iter()
            .any(|row| row.observed && row.data_type == id)
    };
    let known = documented.iter().map(|id| match observed(id) {
        true => (id.as_str(), TypeBasis::Both),
        false => (id.as_str(), TypeBasis::Documented),
    });
    let only_observed = sdk
        .data
        .iter()
        .filter(|row| row.observed && !row.documented);
    known
        .chain(only_observed.map(|row| (row.data_type.as_str(), TypeBasis::Observed)))
        .collect()
}

pub(super) fn named_data_types<'a>(records: &[&'a SdkRecord]) -> impl Iterator<Item = &'a str> {
    records
        .iter()
        .flat_map(|r| r.data_types.iter().map(String::as_str))
}

pub(super) fn named_permissions<'a>(records: &[&'a SdkRecord]) -> impl Iterator<Item = &'a str> {
    records
        .iter()
        .flat_map(|r| r.permissions.iter().map(String::as_str))
}

fn in_vocabulary_order(types: &BTreeSet<&str>, base: &KnowledgeBase) -> Vec<String> {
    let known = base.data_types().iter().map(|t| t.id.as_str());
    let unknown = types.iter().filter(|t| base.data_type(t).is_none());
    known
        .filter(|id| types.contains(id))
        .chain(unknown.copied())
        .map(str::to_owned)
        .collect()
}

/// What none of the entries of one SDK gives: `vendor`, `purpose`,
/// `data-types`, `link`, in this order. The package name, which the Ministry's
/// notice asks for besides, stands in the entries' own `missing`.
pub fn missing_fields(records: &[&SdkRecord]) -> Vec<&'static str> {
    [
        ("vendor", EntryField::Vendor),
        ("purpose", EntryField::Purpose),
        ("data-types", EntryField::DataTypes),
        ("link", EntryField::Link),
    ]
    .into_iter()
    .filter(|(_, field)| records.iter().all(|r| r.missing.contains(field)))
    .map(|(name, _)| name)
    .collect()
}

pub(super) fn has_url(record: &SdkRecord) -> bool {
    record
        .url
        .as_ref()
        .is_some_and(|url| !url.trim().is_empty())
}

pub(super) fn disclose_permissions(
    app: &mut AppReport,
    policies: &[&PolicyDocument],
    entries: &[Entry],
    base: &KnowledgeBase,
) {
    let mut names = BTreeMap::<&str, String>::new();
    let mut types = BTreeMap::<&str, String>::new();
    for policy in policies {
        for name in &policy.first_party.permissions {
            names.entry(name).or_insert_with(|| policy.path.clone());
        }
        for id in &policy.first_party.data_types {
            types.entry(id).or_insert_with(|| policy.path.clone());
        }
    }
    for entry in entries {
        let place = || format!("{}, for {}", entry.policy.path, words_of(entry.record));
        for name in &entry.record.permissions {
            names.entry(name).or_insert_with(place);
        }
        for id in &entry.record.data_types {
            types.entry(id).or_insert_with(place);
        }
    }
    let name_set: BTreeSet<&str> = names.keys().copied().collect();
    let type_set: BTreeSet<&str> = types.keys().copied().collect();
    for permission in &mut app.permissions {
        permission.disclosed = permissions::naming(&permission.name, &name_set, &type_set, base)
            .map(|naming| match naming {
                Naming::Named => {
                    format!("named ({})", place_of(&names, &permission.name))
                }
                Naming::Implied(id) => format!(
                    "only through the data type {id} ({})",
                    place_of(&types, &id)
                ),
            });
    }
}

fn place_of<'a>(places: &'a BTreeMap<&str, String>, key: &str) -> &'a str {
    places.get(key).map_or("", String::as_str)
}
