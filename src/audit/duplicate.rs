//! The rule about entries that describe one SDK differently: inside a document
//! as its checks tell, and from one document of the app to the next.

use super::coverage::{Coverage, Entry};
use super::finding::Draft;
use super::model::{Level, SdkReport};
use super::reconcile::Findings;
use super::rules;
use super::words::{display_name, strongest, words_of};
use crate::policy::model::{PolicyCheck, Quote};

/// The check of a policy that this rule takes over.
const CHECK: &str = "differing-entries";

pub(super) fn findings(sdk: &SdkReport, coverage: &Coverage, found: &mut Findings) {
    let mut seen: Vec<&PolicyCheck> = Vec::new();
    for entry in &coverage.entries {
        for check in entry
            .policy
            .checks
            .iter()
            .filter(|check| is_about(check, entry))
        {
            if !seen.contains(&check) {
                seen.push(check);
            }
        }
    }
    if let Some(first) = seen.first() {
        let said: Vec<String> = seen
            .iter()
            .map(|check| format!("“{}”: {}", check.sdk, check.message))
            .collect();
        add(
            sdk,
            found,
            said.join("; "),
            first.quote.clone(),
            "document",
            None,
        );
    }
    across(sdk, coverage, found);
}

/// Whether a check speaks of an entry: it quotes one of its places.
fn is_about(check: &PolicyCheck, entry: &Entry) -> bool {
    let record = entry.record;
    let start = check.quote.as_ref().map(|quote| quote.start);
    let mut places = record.also.iter().chain([&record.quote]);
    check.code == CHECK && places.any(|place| Some(place.start) == start)
}

/// The first document that names data against each of the others.
fn across(sdk: &SdkReport, coverage: &Coverage, found: &mut Findings) {
    let mut documents: Vec<(&Entry, Vec<&str>)> = Vec::new();
    for entry in &coverage.entries {
        let types = entry.record.data_types.iter().map(String::as_str);
        let path = &entry.policy.path;
        match documents.iter_mut().find(|(e, _)| e.policy.path == *path) {
            Some((_, known)) => known.extend(types),
            None => documents.push((entry, types.collect())),
        }
    }
    documents.retain(|(_, types)| !types.is_empty());
    let Some(((first, here), others)) = documents.split_first() else {
        return;
    };
    for (other, there) in others {
        let only_here = only(here, there);
        let only_there = only(there, here);
        if only_here.is_empty() && only_there.is_empty() {
            continue;
        }
        let part = |path: &str, types: &[&str]| match types {
            [] => String::new(),
            types => format!("; only in {path}: {}", types.join(", ")),
        };
        let message = format!(
            "“{}” is described in two documents{}{}",
            words_of(first.record),
            part(&first.policy.path, &only_here),
            part(&other.policy.path, &only_there)
        );
        let one_says_more = only_here.is_empty() || only_there.is_empty();
        let level = one_says_more.then_some(Level::Note);
        add(
            sdk,
            found,
            message,
            Some(first.record.quote.clone()),
            "documents",
            level,
        );
        return;
    }
}

fn only<'t>(types: &[&'t str], others: &[&str]) -> Vec<&'t str> {
    let mut only: Vec<&str> = Vec::new();
    for data_type in types {
        if !others.contains(data_type) && !only.contains(data_type) {
            only.push(data_type);
        }
    }
    only
}

fn add(
    sdk: &SdkReport,
    found: &mut Findings,
    said: String,
    quote: Option<Quote>,
    extra: &str,
    level: Option<Level>,
) {
    found.add(
        &rules::DUPLICATE,
        Draft {
            sdk: Some(sdk.id.clone()),
            level,
            extra: extra.to_owned(),
            message: format!(
                "{}: {said}; which may be at odds with the duty to tell it clearly",
                display_name(sdk)
            ),
            evidence: strongest(&sdk.evidence),
            quote,
            ..Draft::default()
        },
    );
}
