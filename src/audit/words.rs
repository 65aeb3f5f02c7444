//! The words and the evidence that findings share.

use super::coverage::Coverage;
use super::model::{Evidence, EvidenceKind, PermissionReport, SdkReport};
use crate::policy::model::{Quote, SdkRecord};
use crate::sdk::schema::Names;

/// Evidence repeated in a finding; all of it stands in `sdks[].evidence`.
const EVIDENCE_PER_FINDING: usize = 5;
/// Characters of an entry's name that a message repeats.
const NAME_IN_MESSAGE: usize = 80;

/// The name in the first entry as a message gives it, and the entry's quote.
pub(super) fn first_words(coverage: &Coverage) -> (String, Option<Quote>) {
    coverage.entries.first().map_or_else(Default::default, |e| {
        (words_of(e.record), Some(e.record.quote.clone()))
    })
}

/// The name of an entry, or its vendor where there is no name, shortened: the
/// full words stand in the record.
pub(super) fn words_of(record: &SdkRecord) -> String {
    let written = match record.as_written.trim() {
        "" => record.vendor_as_written.trim(),
        name => name,
    };
    match written.char_indices().nth(NAME_IN_MESSAGE) {
        Some((end, _)) => format!("{}..", &written[..end]),
        None => written.to_owned(),
    }
}

pub(super) fn display_name(sdk: &SdkReport) -> String {
    both_names(&sdk.name, &sdk.id)
}

/// `JPush (极光推送)`, or what there is of it.
pub(super) fn both_names(names: &Names, id: &str) -> String {
    match (names.en.as_str(), names.zh.as_str()) {
        ("", "") => id.to_owned(),
        (en, "") => en.to_owned(),
        ("", zh) => zh.to_owned(),
        (en, zh) if en == zh => en.to_owned(),
        (en, zh) => format!("{en} ({zh})"),
    }
}

pub(super) fn strongest(evidence: &[Evidence]) -> Vec<Evidence> {
    evidence
        .iter()
        .take(EVIDENCE_PER_FINDING)
        .cloned()
        .collect()
}

pub(super) fn manifest_evidence(permission: &PermissionReport) -> Evidence {
    Evidence {
        kind: EvidenceKind::Permission,
        value: permission.name.clone(),
        place: "AndroidManifest.xml".to_owned(),
        count: 1,
    }
}
