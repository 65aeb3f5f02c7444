//! Rules about the app as a whole: hidden and nameless code, the list itself,
//! entries without an SDK, permissions.

use std::collections::BTreeSet;

use super::access_rules::{listed, sensitive_reads};
use super::coverage::{Coverage, Entry};
use super::disclosure::may_handle_personal_data;
use super::finding::Draft;
use super::model::{
    Accesses, Analysis, AppReport, DisclosureStatus, Evidence, EvidenceKind, Level, SdkReport,
};
use super::permissions;
use super::reconcile::{Findings, Terms};
use super::rules;
use super::words::{both_names, display_name, manifest_evidence, strongest, words_of};
use crate::policy::model::{DisclosureForm, SdkRecord};
use crate::sdk::base::KnowledgeBase;
use crate::sdk::schema::{Kind, Signature};

/// Unidentified packages from this size on are worth a line: smaller ones are
/// mostly renamed helpers of known code.
pub const LARGE_UNIDENTIFIED_CLASSES: usize = 50;

pub(super) fn packed_code(app: &AppReport, found: &mut Findings) {
    const HIDDEN: &str = "SDKs inside the hidden code are not seen, and nothing can be concluded from what was not found";
    let packers: Vec<&SdkReport> = app.sdks.iter().filter(|s| s.kind == Kind::Packer).collect();
    for packer in &packers {
        found.add(
            &rules::PACKED,
            Draft {
                sdk: Some(packer.id.clone()),
                message: format!(
                    "the app's code is packed by {}: {HIDDEN}",
                    display_name(packer)
                ),
                evidence: strongest(&packer.evidence),
                ..Draft::default()
            },
        );
    }
    let limit = app.limits.iter().find(|l| l.code == rules::PACKED.code);
    if let (true, Some(limit)) = (packers.is_empty(), limit) {
        found.add(
            &rules::PACKED,
            Draft {
                message: format!("{}: {HIDDEN}", limit.message.trim_end_matches('.')),
                ..Draft::default()
            },
        );
    }
}

pub(super) fn unidentified_code(app: &AppReport, base: &KnowledgeBase, found: &mut Findings) {
    for code in &app.unidentified {
        let reads = sensitive_reads(&code.accesses, base);
        if reads.is_empty() && code.classes < LARGE_UNIDENTIFIED_CLASSES {
            continue;
        }
        let seen = match (app.access_analysis, reads.is_empty()) {
            (_, false) => format!(" and that read {}", listed(&reads)),
            (Accesses::None, true) => "; what they access was not looked at".to_owned(),
            (Accesses::Inventory, true) => {
                "; whether their code can run was not looked at".to_owned()
            }
            (Accesses::Reach, true) => {
                "; no call of them that reads sensitive data was seen to be reachable".to_owned()
            }
        };
        let classes = Evidence {
            kind: EvidenceKind::ClassPrefix,
            value: code.prefix.clone(),
            place: String::new(),
            count: code.classes,
        };
        let calls = reads.iter().flat_map(|seen| seen.evidence(1));
        found.add(
            &rules::UNIDENTIFIED,
            Draft {
                level: reads.is_empty().then_some(Level::Note),
                extra: code.prefix.clone(),
                message: format!(
                    "{} holds {} that no signature names{seen}",
                    code.prefix,
                    match code.classes {
                        0 => "code".to_owned(),
                        1 => "1 class".to_owned(),
                        classes => format!("{classes} classes"),
                    }
                ),
                evidence: [classes].into_iter().chain(calls).collect(),
                ..Draft::default()
            },
        );
    }
}

pub(super) fn list_findings(app: &AppReport, terms: &Terms, found: &mut Findings) {
    let unmatched = |status: DisclosureStatus| {
        app.sdks
            .iter()
            .filter(|sdk| may_handle_personal_data(sdk))
            .filter(|sdk| sdk.disclosure.as_ref().is_some_and(|d| d.status == status))
            .count()
    };
    if !terms.assessable() {
        let count = unmatched(DisclosureStatus::NotAssessable);
        // Hidden code may hold more SDKs than were seen.
        if count > 0 || app.analysis != Analysis::Complete {
            found.add(&rules::NOT_ASSESSABLE, not_assessable(terms, count));
        }
        return;
    }
    let template = terms.form == DisclosureForm::TemplateUnfilled;
    let has_sdks = app.sdks.iter().any(may_handle_personal_data);
    let what = match terms.form {
        DisclosureForm::TemplateUnfilled => {
            "the policy carries a template for the SDK list whose fields were never filled in"
        }
        DisclosureForm::GenericMention => {
            "the policy speaks of partners or SDKs in general and lists none"
        }
        DisclosureForm::None => "the policy has no list of third-party SDKs",
        _ => return,
    };
    if template || has_sdks || app.analysis != Analysis::Complete {
        found.add(
            &rules::NO_SDK_LIST,
            Draft {
                message: format!(
                    "{what}; SDKs in the app that may handle personal data and that it does not name: {}",
                    unmatched(DisclosureStatus::Undisclosed)
                ),
                ..Draft::default()
            },
        );
    }
}

fn not_assessable(terms: &Terms, count: usize) -> Draft {
    let why = match terms.unread.first() {
        Some(policy) => format!("{} could be read only in part", policy.path),
        None => match terms.open_links.first() {
            Some(link) => format!("the SDK list stands behind a link that was not read ({link})"),
            None => "the SDK list stands behind a link that was not read".to_owned(),
        },
    };
    Draft {
        message: format!(
            "{why}: whether the SDKs in the app are disclosed cannot be told ({count} found that the given text does not name); give what is missing with another --policy"
        ),
        ..Draft::default()
    }
}

/// Entries of SDKs that are not in the app. Not given when code was hidden:
/// "could not look" is not "not found".
pub(super) fn absent_sdks(
    app: &AppReport,
    entries: &[Entry],
    covered: &[Option<Coverage>],
    base: &KnowledgeBase,
    found: &mut Findings,
) {
    if app.analysis != Analysis::Complete || app.has_analysis_limit() {
        return;
    }
    // An entry that covers a sibling by family or vendor is not idle.
    let used: BTreeSet<*const SdkRecord> = covered
        .iter()
        .flatten()
        .filter(|c| c.inside.is_none())
        .flat_map(|c| c.entries.iter().map(|e| std::ptr::from_ref(e.record)))
        .collect();
    let mut seen = BTreeSet::new();
    for entry in entries {
        let Some(id) = entry.record.id.as_deref() else {
            continue;
        };
        let Some(signature) = base.signature(id) else {
            continue;
        };
        if app.sdks.iter().any(|s| s.id == id)
            || signature.kind == Kind::Platform
            || !recognisable(signature)
            || used.contains(&std::ptr::from_ref(entry.record))
            || !seen.insert(id)
        {
            continue;
        }
        found.add(
            &rules::NOT_FOUND,
            Draft {
                sdk: Some(id.to_owned()),
                message: format!(
                    "the policy names “{}” ({}), which was not found in the app; the entry may mean another platform, a server-side service, an older build or code loaded later",
                    words_of(entry.record),
                    both_names(&signature.name, id)
                ),
                quote: Some(entry.record.quote.clone()),
                ..Draft::default()
            },
        );
    }
}

/// Whether the signature has any evidence to look for; without it "not found"
/// would only mean "cannot be found".
fn recognisable(signature: &Signature) -> bool {
    let code = &signature.code;
    let manifest = &signature.manifest;
    let native = &signature.native;
    [
        &code.prefixes,
        &code.classes,
        &manifest.activities,
        &manifest.services,
        &manifest.receivers,
        &manifest.providers,
        &native.libraries,
        &native.symbols,
    ]
    .iter()
    .any(|list| !list.is_empty())
}

pub(super) fn undisclosed_permissions(
    app: &AppReport,
    terms: &Terms,
    base: &KnowledgeBase,
    found: &mut Findings,
) {
    // "Nowhere" cannot be said of a text that was read only in part.
    if !terms.unread.is_empty() {
        return;
    }
    let remark = match terms.form {
        DisclosureForm::LinkedOnly => " (the linked list was not read)",
        _ => "",
    };
    for permission in &app.permissions {
        if permission.disclosed.is_some()
            || !permissions::gates(permission, base)
            || !permissions::ever_requested(permission, app.min_sdk)
        {
            continue;
        }
        let users = if permission.sdks.is_empty() {
            String::new()
        } else {
            format!("; SDKs known to use it: {}", permission.sdks.join(", "))
        };
        found.add(
            &rules::PERMISSION,
            Draft {
                permission: Some(permission.name.clone()),
                message: format!(
                    "the app requests {}, and the given policy text names neither it nor the data it guards{remark}, which may be at odds with the duty to tell its purpose{users}",
                    permission.name
                ),
                evidence: vec![manifest_evidence(permission)],
                ..Draft::default()
            },
        );
    }
}
