//! Rules about what code is observed to read: does the policy name it, and is an
//! identifier read that users cannot reset.

use std::collections::BTreeSet;

use super::coverage::{Coverage, Entry};
use super::data_coverage;
use super::finding::Draft;
use super::model::{AppReport, DataDisclosure, Level, SdkReport, TypeCoverage};
use super::proof::{Seen, bearing};
use super::reconcile::{Findings, Terms};
use super::rules;
use super::words::{display_name, first_words};
use crate::policy::model::{PolicyDocument, Quote};
use crate::sdk::base::KnowledgeBase;
use crate::sdk::schema::Kind;

/// Call sites shown for one data type; all stand in the accesses.
pub(super) const SITES_PER_FINDING: usize = 3;
/// Data types that a message about a whole SDK names.
const TYPES_IN_MESSAGE: usize = 6;

/// Identifiers of the device that users cannot reset, for which a resettable one
/// (OAID, Android ID) mostly does.
const HARDWARE_IDS: [&str; 6] = ["imei", "meid", "imsi", "iccid", "serial", "mac"];

/// The data that an SDK's code reads against its own entry. Types that the entry
/// leaves to a link or to a part that was not read have no row, and no finding.
pub(super) fn data_of_sdk(
    sdk: &SdkReport,
    coverage: &Coverage,
    base: &KnowledgeBase,
    found: &mut Findings,
) {
    let Some(disclosure) = &sdk.disclosure else {
        return;
    };
    let (written, quote) = first_words(coverage);
    let collects_nothing = coverage.entries.iter().any(|e| e.record.explicit_none);
    let name = display_name(sdk);
    for seen in bearing(&sdk.accesses, base) {
        let row = disclosure
            .coverage
            .iter()
            .find(|row| row.data_type == seen.data_type);
        // An entry without any data is told as incomplete; only sensitive data
        // is worth a finding of its own then.
        if !seen.sensitive && disclosure.missing.contains(&"data-types") {
            continue;
        }
        let Some(row) = row.filter(|row| !row.enough) else {
            continue;
        };
        let lacks = match row.coverage {
            TypeCoverage::None if collects_nothing => "says that it collects nothing".to_owned(),
            _ => lacks(row),
        };
        let message = format!(
            "the code of {name} reads {}, and its entry “{written}” {lacks}",
            seen.words()
        );
        add(Some(&sdk.id), &seen, row, message, quote.as_ref(), found);
    }
}

/// The data that the app's own code reads against what the policies declare for
/// the app itself. A document that declares nothing for it (a list of SDKs) says
/// nothing about it either.
pub(super) fn data_of_app(
    app: &AppReport,
    policies: &[&PolicyDocument],
    entries: &[Entry],
    terms: &Terms,
    base: &KnowledgeBase,
    found: &mut Findings,
) {
    if !terms.unread.is_empty() || !data_coverage::declares_for_app(policies) {
        return;
    }
    let of_sdks: BTreeSet<&str> = entries
        .iter()
        .flat_map(|e| e.record.data_types.iter().map(String::as_str))
        .collect();
    for seen in bearing(&app.app_accesses, base) {
        let row = data_coverage::of_app(seen.data_type, policies, base);
        if row.enough {
            continue;
        }
        // The user is told of it, though of an SDK.
        let elsewhere = of_sdks.contains(seen.data_type);
        if elsewhere && seen.is_through_sdks() {
            continue;
        }
        let mut message = format!(
            "the app's own code reads {}, and what the policy declares for the app itself {}",
            seen.words(),
            lacks(&row)
        );
        if elsewhere {
            message.push_str(" (it is named for an SDK)");
        }
        let mut drafts = Findings::default();
        add(None, &seen, &row, message, None, &mut drafts);
        found.extend(drafts, |level| if elsewhere { lower(level) } else { level });
    }
}

fn lower(level: Level) -> Level {
    match level {
        Level::Error => Level::Warning,
        Level::Warning | Level::Note => Level::Note,
    }
}

/// What an entry does instead of naming the type.
fn lacks(row: &DataDisclosure) -> String {
    let words = row.as_written.as_deref().unwrap_or_default();
    match row.coverage {
        TypeCoverage::None => "does not name it".to_owned(),
        TypeCoverage::SiblingOnly if words.is_empty() => {
            "names only other data of that kind".to_owned()
        }
        TypeCoverage::SiblingOnly => format!("names only other data of that kind (“{words}”)"),
        TypeCoverage::Narrower if words.is_empty() => "names only a lesser form of it".to_owned(),
        TypeCoverage::Narrower => format!("names only a lesser form of it (“{words}”)"),
        TypeCoverage::Vague | TypeCoverage::Exact if words.is_empty() => {
            "names it only by a broader term".to_owned()
        }
        TypeCoverage::Vague | TypeCoverage::Exact => {
            format!("names it only by a broader term (“{words}”)")
        }
    }
}

fn add(
    sdk: Option<&str>,
    seen: &Seen,
    row: &DataDisclosure,
    message: String,
    entry: Option<&Quote>,
    found: &mut Findings,
) {
    let (rule, usual, duty) = match row.coverage {
        TypeCoverage::Vague => (
            &rules::IMPRECISE,
            Level::Warning,
            "which may be at odds with the duty to name such data in clear words",
        ),
        _ => (
            &rules::UNDISCLOSED_DATA,
            if seen.sensitive {
                Level::Error
            } else {
                Level::Warning
            },
            "which may be at odds with the duty to list the kinds of data one by one",
        ),
    };
    found.add(
        rule,
        Draft {
            sdk: sdk.map(str::to_owned),
            data_type: Some(seen.data_type.to_owned()),
            level: Some(seen.level(usual)),
            message: format!("{message}, {duty}{}", seen.remarks()),
            evidence: seen.evidence(SITES_PER_FINDING),
            quote: row.quote.as_ref().or(entry).cloned(),
            ..Draft::default()
        },
    );
}

/// An SDK reads identifiers that users cannot reset. It needs no policy.
pub(super) fn hardware_ids(app: &AppReport, base: &KnowledgeBase, found: &mut Findings) {
    for sdk in app.sdks.iter().filter(|sdk| sdk.kind == Kind::Sdk) {
        let seen: Vec<Seen> = bearing(&sdk.accesses, base)
            .into_iter()
            .filter(|seen| HARDWARE_IDS.contains(&seen.data_type))
            .collect();
        let Some(first) = seen.iter().min_by_key(|seen| seen.reachability()) else {
            continue;
        };
        let unknown = match first.runs() {
            true => "",
            false => "; whether this code can run is not known",
        };
        found.add(
            &rules::HARDWARE_ID,
            Draft {
                sdk: Some(sdk.id.clone()),
                message: format!(
                    "the code of {} reads {}, which users cannot reset; a resettable identifier (OAID, Android ID) mostly does{unknown}",
                    display_name(sdk),
                    listed(&seen)
                ),
                evidence: seen.iter().flat_map(|seen| seen.evidence(1)).collect(),
                ..Draft::default()
            },
        );
    }
}

/// What an SDK's code is seen to read, for the finding that it is not named
/// itself; empty when nothing sensitive that can run was seen.
pub(super) fn sensitive_words(sdk: &SdkReport, base: &KnowledgeBase) -> String {
    match sensitive_reads(&sdk.accesses, base) {
        seen if seen.is_empty() => String::new(),
        seen => format!("; its code reads {}", listed(&seen)),
    }
}

/// Reads of sensitive data by code that an entry point reaches, without weak
/// ones.
pub(super) fn sensitive_reads<'a>(
    accesses: &'a [super::model::Access],
    base: &KnowledgeBase,
) -> Vec<Seen<'a>> {
    let mut seen = bearing(accesses, base);
    seen.retain(|seen| seen.sensitive && seen.runs() && !seen.is_weak());
    seen
}

/// `imei (TelephonyManager.getImei), mac (WifiInfo.getMacAddress) and 2 more`.
pub(super) fn listed(seen: &[Seen]) -> String {
    let names: Vec<String> = seen
        .iter()
        .take(TYPES_IN_MESSAGE)
        .map(Seen::words)
        .collect();
    let names = names.join(", ");
    match seen.len().saturating_sub(TYPES_IN_MESSAGE) {
        0 => names,
        more => format!("{names} and {more} more"),
    }
}
