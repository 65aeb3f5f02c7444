//! What code can do at the app's start, before the user can agree to anything.

use super::access_rules::listed;
use super::finding::Draft;
use super::model::{Access, AppReport, EarlyStart, Evidence, EvidenceKind, Level};
use super::proof::{Seen, bearing, call_path, call_site, is_or_below, place, short_api};
use super::reconcile::Findings;
use super::rules;
use super::words::display_name;
use crate::sdk::base::KnowledgeBase;
use crate::sdk::schema::Kind;

/// Call sites shown of one owner, each with its path; JSON has all.
const SITES: usize = 3;

/// One finding for each SDK, and one for the app's own code.
pub(super) fn before_consent(app: &AppReport, base: &KnowledgeBase, found: &mut Findings) {
    for sdk in app.sdks.iter().filter(|sdk| sdk.kind == Kind::Sdk) {
        let name = display_name(sdk);
        let draft = early(&name, &sdk.accesses, &sdk.early_starts, base);
        if let Some(draft) = draft {
            let sdk = Some(sdk.id.clone());
            found.add(&rules::BEFORE_CONSENT, Draft { sdk, ..draft });
        }
    }
    if let Some(draft) = early("the app itself", &app.app_accesses, &[], base) {
        found.add(&rules::BEFORE_CONSENT, draft);
    }
}

fn early(
    owner: &str,
    accesses: &[Access],
    starts: &[EarlyStart],
    base: &KnowledgeBase,
) -> Option<Draft> {
    let seen = early_reads(accesses, base);
    let mut said = Vec::new();
    if !seen.is_empty() {
        said.push(format!(
            "code of {owner} that reads {} can run at the app's start, before the user can agree",
            listed(&seen)
        ));
    }
    said.extend(starts.iter().map(|start| start_words(owner, start)));
    if said.is_empty() {
        return None;
    }
    let evidence = reads_evidence(&seen)
        .into_iter()
        .chain(starts.iter().take(SITES).flat_map(start_evidence))
        .collect();
    // A switch that the app calls may have been set before the start.
    let switched = seen.is_empty() && starts.iter().all(|s| !s.switches_called.is_empty());
    Some(Draft {
        level: switched.then_some(Level::Note),
        message: format!(
            "{}; this may be at odds with the duty to ask before collecting (a check of a stored consent on the way would not be seen)",
            said.join("; ")
        ),
        evidence,
        ..Draft::default()
    })
}

/// Reads before any action of the user, of data that is sensitive or tells one
/// device from others. Weak ones do not count: what is handed in at the start
/// was read by other code.
fn early_reads<'a>(accesses: &'a [Access], base: &KnowledgeBase) -> Vec<Seen<'a>> {
    let counts = |seen: &Seen| seen.sensitive || is_or_below(seen.data_type, "device-id", base);
    let seen = bearing(accesses, base).into_iter().filter(counts);
    seen.filter_map(Seen::before_action).collect()
}

fn reads_evidence(seen: &[Seen]) -> Vec<Evidence> {
    seen.iter()
        .filter_map(Seen::best)
        .take(SITES)
        .flat_map(|access| [call_site(access), call_path(&access.path)])
        .filter(|evidence| !evidence.value.is_empty())
        .collect()
}

fn start_words(owner: &str, start: &EarlyStart) -> String {
    let switch = match start.switches_called.as_slice() {
        [] => "no call of a switch for the consent was seen".to_owned(),
        called => {
            let called: Vec<String> = called.iter().map(|api| short_api(api)).collect();
            format!(
                "the app calls {}, whether before the start is not told",
                called.join(", ")
            )
        }
    };
    format!(
        "{owner} is started by {} at the app's start, though its provider documents how to wait for the user's consent (“{}”, {}), and {switch}",
        short_api(&start.api),
        start.note.trim_end_matches('.'),
        start.source
    )
}

fn start_evidence(start: &EarlyStart) -> Vec<Evidence> {
    let site = Evidence {
        kind: EvidenceKind::CallSite,
        value: start.api.clone(),
        place: place(&start.call_site),
        count: 1,
    };
    let path = (!start.path.is_empty()).then(|| call_path(&start.path));
    [site].into_iter().chain(path).collect()
}
