//! Rules about one SDK: is it named, is its entry complete, does it name the
//! permissions the SDK uses.

use std::collections::{BTreeMap, BTreeSet};

use super::access_rules::{data_of_sdk, sensitive_reads, sensitive_words};
use super::coverage::Coverage;
use super::disclosure::{has_url, may_handle_personal_data, named_data_types, named_permissions};
use super::duplicate;
use super::finding::Draft;
use super::model::{
    Access, Analysis, AppReport, DisclosureStatus, Evidence, Level, PermissionBasis,
    PermissionReport, Reachability, SdkPermission, SdkReport, State,
};
use super::permissions::{self, Naming};
use super::proof::{call_site, may_run, shows_a_read};
use super::reconcile::{Findings, Terms};
use super::rules;
use super::words::{both_names, display_name, first_words, manifest_evidence, strongest};
use crate::policy::model::SdkRecord;
use crate::sdk::base::KnowledgeBase;
use crate::sdk::schema::Confidence;

pub(super) fn sdk_findings(
    app: &AppReport,
    sdk: &SdkReport,
    coverage: Option<&Coverage>,
    terms: &Terms,
    base: &KnowledgeBase,
    found: &mut Findings,
) {
    if !may_handle_personal_data(sdk) {
        return;
    }
    let Some(coverage) = coverage else {
        if terms.assessable() {
            undisclosed(app, sdk, terms, base, found);
        }
        return;
    };
    if coverage.status == DisclosureStatus::Disclosed {
        duplicate::findings(sdk, coverage, found);
    }
    match coverage.status {
        DisclosureStatus::FamilyOnly => family_only(sdk, coverage, base, found),
        DisclosureStatus::VendorOnly => vendor_only(sdk, coverage, base, found),
        // What an entry lacks may stand in a part that was not read.
        _ if !terms.unread.is_empty() => {}
        _ => {
            incomplete(sdk, coverage, found);
            permissions_of_sdk(app, sdk, coverage, base, found);
            data_of_sdk(sdk, coverage, base, found);
        }
    }
}

fn undisclosed(
    app: &AppReport,
    sdk: &SdkReport,
    terms: &Terms,
    base: &KnowledgeBase,
    found: &mut Findings,
) {
    let is_undisclosed = |other: &SdkReport| {
        other
            .disclosure
            .as_ref()
            .is_some_and(|d| d.status == DisclosureStatus::Undisclosed)
    };
    // The finding about the product speaks for the base module inside it.
    if products_of_module(app, sdk, base).any(is_undisclosed) {
        return;
    }
    let modules: Vec<&SdkReport> = app
        .sdks
        .iter()
        .filter(|module| is_undisclosed(module))
        .filter(|module| products_of_module(app, module, base).any(|p| p.id == sdk.id))
        .collect();
    let inside = match modules.as_slice() {
        [] => String::new(),
        modules => {
            let names: Vec<String> = modules.iter().map(|module| display_name(module)).collect();
            format!(" (with its base module {})", names.join(", "))
        }
    };
    let mut reads = sensitive_words(sdk, base);
    let mut evidence = with_reads(sdk, base);
    for module in modules {
        let words = sensitive_words(module, base);
        reads.push_str(&words.replacen("its code", "the code of the module", 1));
        evidence.extend(reads_of(module, base));
    }
    let seen = match (sdk.state, app.analysis) {
        (State::Declared, Analysis::Complete) => {
            "is declared in the manifest, without code of it in the package,"
        }
        (State::Declared, _) => "is declared in the manifest (its code may be hidden)",
        _ => "is in the app",
    };
    let sure = match sdk.confidence {
        Confidence::Low => " (identified with low confidence)",
        _ => "",
    };
    let data = match &sdk.documented_data_types {
        Some(types) => format!("it is documented to collect {}", types.join(", ")),
        None => "what data it collects is unknown".to_owned(),
    };
    found.add(
        &rules::UNDISCLOSED_SDK,
        Draft {
            sdk: Some(sdk.id.clone()),
            // A name alone, such as a left-over key, does not fail a release.
            level: (sdk.confidence == Confidence::Low).then_some(Level::Warning),
            message: format!(
                "{}{inside}{sure} {seen} and no policy entry names it, which may be at odds with the duty to list embedded third-party code one by one; {data}{}{}",
                display_name(sdk),
                reads,
                terms.open_link_remark()
            ),
            evidence,
            ..Draft::default()
        },
    );
}

/// Products found in the app that contain `module` and are of its family:
/// carriers inside a one-key login are of other families and stand for
/// themselves.
fn products_of_module<'a>(
    app: &'a AppReport,
    module: &'a SdkReport,
    base: &'a KnowledgeBase,
) -> impl Iterator<Item = &'a SdkReport> {
    let family = |id: &str| base.signature(id).map_or("", |s| s.family.as_str());
    let own = family(&module.id);
    app.sdks.iter().filter(move |product| {
        !own.is_empty()
            && product.id != module.id
            && module.bundled_by.contains(&product.id)
            && family(&product.id) == own
    })
}

/// What shows the SDK, then the first call of each sensitive type it reads.
fn with_reads(sdk: &SdkReport, base: &KnowledgeBase) -> Vec<Evidence> {
    let mut evidence = strongest(&sdk.evidence);
    evidence.extend(reads_of(sdk, base));
    evidence
}

fn reads_of(sdk: &SdkReport, base: &KnowledgeBase) -> Vec<Evidence> {
    let reads = sensitive_reads(&sdk.accesses, base);
    reads.iter().flat_map(|seen| seen.evidence(1)).collect()
}

fn family_only(sdk: &SdkReport, coverage: &Coverage, base: &KnowledgeBase, found: &mut Findings) {
    let (written, quote) = first_words(coverage);
    let message = match &coverage.inside {
        Some(product) => format!(
            "{} is not named itself; it comes inside {}, which the policy names as “{written}”",
            display_name(sdk),
            base.signature(product)
                .map_or_else(|| product.clone(), |s| both_names(&s.name, &s.id)),
        ),
        None => format!(
            "the policy's “{written}” stands for a product family; {} is not named itself",
            display_name(sdk)
        ),
    };
    found.add(
        &rules::FAMILY_ONLY,
        Draft {
            sdk: Some(sdk.id.clone()),
            message: message + &sensitive_words(sdk, base),
            evidence: with_reads(sdk, base),
            quote,
            ..Draft::default()
        },
    );
}

fn vendor_only(sdk: &SdkReport, coverage: &Coverage, base: &KnowledgeBase, found: &mut Findings) {
    let (written, quote) = first_words(coverage);
    found.add(
        &rules::VENDOR_ONLY,
        Draft {
            sdk: Some(sdk.id.clone()),
            message: format!(
                "the policy's “{written}” names the company behind {} and not the SDK, which may be at odds with the duty to list embedded third-party code one by one{}",
                display_name(sdk),
                sensitive_words(sdk, base)
            ),
            evidence: with_reads(sdk, base),
            quote,
            ..Draft::default()
        },
    );
}

fn incomplete(sdk: &SdkReport, coverage: &Coverage, found: &mut Findings) {
    let missing = sdk
        .disclosure
        .as_ref()
        .map_or(&[][..], |d| d.missing.as_slice());
    if missing.is_empty() {
        return;
    }
    let (written, quote) = first_words(coverage);
    let deferred = coverage
        .entries
        .iter()
        .any(|e| e.record.deferred_to_link && has_url(e.record));
    let remark = if deferred {
        "; data or purpose are said to stand behind its link, which this run did not read"
    } else {
        ""
    };
    found.add(
        &rules::INCOMPLETE,
        Draft {
            sdk: Some(sdk.id.clone()),
            extra: missing.join(","),
            message: format!(
                "the entry “{written}” for {} lacks {}, which may be at odds with the duty to tell them{remark}",
                display_name(sdk),
                missing.join(", ")
            ),
            evidence: strongest(&sdk.evidence),
            quote,
            ..Draft::default()
        },
    );
}

fn permissions_of_sdk(
    app: &AppReport,
    sdk: &SdkReport,
    coverage: &Coverage,
    base: &KnowledgeBase,
    found: &mut Findings,
) {
    let records: Vec<&SdkRecord> = coverage.entries.iter().map(|e| e.record).collect();
    // What stands behind the link may name it: unknown is not "not named".
    if records.iter().any(|r| r.deferred_to_link && has_url(r)) {
        return;
    }
    let names: BTreeSet<&str> = named_permissions(&records).collect();
    let types: BTreeSet<&str> = named_data_types(&records).collect();
    let (written, quote) = first_words(coverage);
    for (known, requested) in used_and_requested(app, sdk) {
        if !permissions::gates(requested, base) {
            continue;
        }
        // Data that the permission guards tells the user what is at stake, but
        // not which permission: a note instead of a warning.
        let (level, lacks) = match permissions::naming(&known.name, &names, &types, base) {
            Some(Naming::Named) => continue,
            Some(Naming::Implied(data_type)) => (
                Some(Level::Note),
                format!("names {data_type}, which it guards, but not the permission"),
            ),
            None => (
                None,
                "names neither the permission nor the data it guards".to_owned(),
            ),
        };
        let call = guarded_call(sdk, known);
        // A call that perhaps never runs is no use of the permission.
        let idle = call.is_some_and(|call| call.reachability != Reachability::EntryPoint);
        let (level, unsure) = match idle {
            true => (
                Some(Level::Note),
                "; whether the code of the call can run is not known",
            ),
            false => (level, ""),
        };
        let knowledge = match known.basis {
            PermissionBasis::ApiCall => "calls an API guarded by",
            PermissionBasis::Manifest => "declares in its own manifest",
            PermissionBasis::Documented => "is documented to use",
        };
        found.add(
            &rules::SDK_PERMISSION,
            Draft {
                sdk: Some(sdk.id.clone()),
                permission: Some(known.name.clone()),
                level,
                message: format!(
                    "{} {knowledge} {}, which the app requests; the entry “{written}” {lacks}{unsure}",
                    display_name(sdk),
                    known.name
                ),
                evidence: [manifest_evidence(requested)]
                    .into_iter()
                    .chain(call.map(call_site))
                    .collect(),
                quote: quote.clone(),
                ..Draft::default()
            },
        );
    }
}

/// The best call that the permission guards, where the claim rests on one.
fn guarded_call<'a>(sdk: &'a SdkReport, known: &SdkPermission) -> Option<&'a Access> {
    if known.basis != PermissionBasis::ApiCall {
        return None;
    }
    sdk.accesses
        .iter()
        .filter(|a| shows_a_read(a) && may_run(a) && a.permissions.contains(&known.name))
        .min_by_key(|a| (a.reachability, &a.api))
}

/// Permissions that the SDK is known to use and that the app requests on some
/// Android version it runs on, each once, by name.
pub fn used_and_requested<'a>(
    app: &'a AppReport,
    sdk: &'a SdkReport,
) -> Vec<(&'a SdkPermission, &'a PermissionReport)> {
    let mut known: BTreeMap<&str, &SdkPermission> = BTreeMap::new();
    for permission in &sdk.permissions {
        let entry = known.entry(&permission.name).or_insert(permission);
        // `PermissionBasis` orders from strongest to weakest.
        if permission.basis < entry.basis {
            *entry = permission;
        }
    }
    known
        .into_values()
        .filter_map(|permission| {
            let requested = app.permissions.iter().find(|p| p.name == permission.name)?;
            permissions::ever_requested(requested, app.min_sdk).then_some((permission, requested))
        })
        .collect()
}
