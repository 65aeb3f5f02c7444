//! The matrix of owners and data types: observed, documented, disclosed.

use std::collections::{BTreeMap, BTreeSet};

use super::coverage::Coverage;
use super::data_coverage;
use super::model::{
    Access, AppReport, DataRow, DisclosureStatus, SdkReport, TypeBasis, TypeCoverage,
};
use super::proof::seen;
use super::reconcile::Terms;
use super::type_coverage::is_broader;
use crate::policy::model::PolicyDocument;
use crate::sdk::base::KnowledgeBase;

/// Fills what is observed and documented. Call it before the policies are
/// looked at: whether an SDK handles personal data rests on it.
pub(super) fn observe(app: &mut AppReport, base: &KnowledgeBase) {
    for sdk in &mut app.sdks {
        let documented = sdk.documented_data_types.as_deref().unwrap_or_default();
        sdk.data = rows(&sdk.accesses, documented, base);
    }
    app.app_data = rows(&app.app_accesses, &[], base);
}

fn rows(accesses: &[Access], documented: &[String], base: &KnowledgeBase) -> Vec<DataRow> {
    let mut rows: BTreeMap<&str, DataRow> = BTreeMap::new();
    for seen in seen(accesses, base) {
        let row = rows.entry(seen.data_type).or_default();
        row.observed = true;
        row.reachability = Some(seen.reachability());
        row.before_consent = seen.before_consent();
        row.capability = Some(seen.capability());
    }
    for access in accesses {
        let row = rows.entry(&access.data_type).or_default();
        row.hinted = !row.observed;
    }
    // An identifier of another system is not read on Android.
    let foreign = |id: &str| base.data_type(id).is_some_and(|t| t.platform == "ios");
    for data_type in documented.iter().filter(|id| !foreign(id)) {
        rows.entry(data_type).or_default().documented = true;
    }
    let named = |(data_type, row): (&str, DataRow)| DataRow {
        data_type: data_type.to_owned(),
        sensitive: base.data_type(data_type).is_some_and(|t| t.sensitive),
        ..row
    };
    rows.into_iter().map(named).collect()
}

/// Fills what the policies say. An SDK that no entry names is not disclosed for
/// any type; what a family, a company, a link or an unread part may tell stays
/// unknown. Types that an entry names and nothing else shows get a row too.
pub(super) fn disclose(
    app: &mut AppReport,
    covered: &[Option<Coverage>],
    policies: &[&PolicyDocument],
    terms: &Terms,
    base: &KnowledgeBase,
) {
    let unread = !terms.unread.is_empty();
    for (sdk, coverage) in app.sdks.iter_mut().zip(covered) {
        match (&sdk.disclosure, coverage) {
            (Some(told), Some(coverage)) if told.status == DisclosureStatus::Disclosed => {
                disclose_sdk(sdk, coverage, unread, base);
            }
            (Some(told), _) if told.status == DisclosureStatus::Undisclosed => {
                for row in &mut sdk.data {
                    row.disclosed = Some(TypeCoverage::None);
                }
            }
            _ => {}
        }
    }
    if data_coverage::declares_for_app(policies) {
        for row in &mut app.app_data {
            let told = data_coverage::of_app(&row.data_type, policies, base);
            row.disclosed = (told.enough || !unread).then_some(told.coverage);
        }
    }
}

fn disclose_sdk(sdk: &mut SdkReport, coverage: &Coverage, unread: bool, base: &KnowledgeBase) {
    let told = sdk.disclosure.iter().flat_map(|d| &d.data_types);
    let known: BTreeSet<&str> = sdk.data.iter().map(|row| row.data_type.as_str()).collect();
    let only_told = told
        .filter(|id| !known.contains(id.as_str()) && !is_broader(id, base))
        .map(|id| DataRow {
            data_type: id.clone(),
            sensitive: base.data_type(id).is_some_and(|t| t.sensitive),
            ..DataRow::default()
        })
        .collect::<Vec<_>>();
    sdk.data.extend(only_told);
    sdk.data.sort_by(|a, b| a.data_type.cmp(&b.data_type));
    // What the claim rests on is of no matter here.
    let types: Vec<(&str, TypeBasis)> = sdk
        .data
        .iter()
        .map(|row| (row.data_type.as_str(), TypeBasis::Documented))
        .collect();
    let told: BTreeMap<String, TypeCoverage> =
        data_coverage::of_types(&types, coverage, unread, base)
            .into_iter()
            .map(|row| (row.data_type, row.coverage))
            .collect();
    for row in &mut sdk.data {
        row.disclosed = told.get(&row.data_type).copied();
    }
}
