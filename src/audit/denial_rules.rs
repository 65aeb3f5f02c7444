//! What a policy says is not collected, against what code is observed to read.

use super::access_rules::SITES_PER_FINDING;
use super::coverage::Coverage;
use super::finding::Draft;
use super::model::{Access, AppReport, DisclosureStatus, Level, SdkReport, TypeCoverage};
use super::proof::{Seen, bearing, is_or_below};
use super::reconcile::Findings;
use super::rules;
use super::words::display_name;
use crate::policy::model::{Denial, PolicyDocument, Quote};
use crate::sdk::base::KnowledgeBase;
use crate::sdk::schema::Kind;

/// Broader terms whose denial denies each type below. Who denies “device
/// information” or “network information” as a whole is not taken at the word:
/// the text names parts of it elsewhere.
const DENIED_AS_A_WHOLE: [&str; 8] = [
    "hardware-id",
    "device-id",
    "wifi-info",
    "location",
    "communication",
    "biometric",
    "identity",
    "property",
];

/// How far a denial goes (`Denial::scope`) that can be at odds with an access;
/// the others leave a way out.
const ABSOLUTE: &str = "absolute";
const OF_SDKS: &str = "sdk";

/// Reads of what the policies deny, by the app's own code and by SDKs.
/// `covered` is what covers each SDK, in the order of `app.sdks`.
pub(super) fn denied(
    app: &AppReport,
    policies: &[&PolicyDocument],
    covered: &[Option<Coverage>],
    base: &KnowledgeBase,
    found: &mut Findings,
) {
    for (sdk, coverage) in app.sdks.iter().zip(covered) {
        if sdk.kind == Kind::Sdk {
            let denials = denials_of_sdk(policies, coverage.as_ref());
            let name = format!("the code of {}", display_name(sdk));
            let told = |data_type: &str| is_told(sdk, data_type);
            let subject = Subject {
                sdk: Some(&sdk.id),
                name: &name,
                told: &told,
            };
            findings(&subject, &sdk.accesses, &denials, base, found);
        }
    }
    let denials: Vec<&Denial> = policies
        .iter()
        .flat_map(|policy| &policy.denials)
        .filter(|denial| denial.scope == ABSOLUTE)
        .collect();
    let declared = |data_type: &str| {
        policies
            .iter()
            .any(|policy| policy.first_party.data_types.iter().any(|t| t == data_type))
    };
    let subject = Subject {
        sdk: None,
        name: "the app's own code",
        told: &declared,
    };
    findings(&subject, &app.app_accesses, &denials, base, found);
}

/// Whose code it is.
struct Subject<'a> {
    sdk: Option<&'a str>,
    name: &'a str,
    /// Whether the policies tell all the same that this owner reads a type.
    told: &'a dyn Fn(&str) -> bool,
}

fn findings(
    subject: &Subject,
    accesses: &[Access],
    denials: &[&Denial],
    base: &KnowledgeBase,
    found: &mut Findings,
) {
    for seen in bearing(accesses, base) {
        let denial = denials
            .iter()
            .find(|denial| denial.data_types.iter().any(|t| denies(t, &seen, base)));
        if let Some(denial) = denial {
            found.add(&rules::DENIED, draft(subject, &seen, denial));
        }
    }
}

fn denies(denied: &str, seen: &Seen, base: &KnowledgeBase) -> bool {
    denied == seen.data_type
        || DENIED_AS_A_WHOLE.contains(&denied) && is_or_below(seen.data_type, denied, base)
}

fn draft(subject: &Subject, seen: &Seen, denial: &Denial) -> Draft {
    let told = (subject.told)(seen.data_type);
    let (level, but) = match told {
        // The text says both: a matter of wording, the user is told.
        true => (Level::Note, "; another passage tells it all the same"),
        false => (Level::Error, ""),
    };
    Draft {
        sdk: subject.sdk.map(str::to_owned),
        data_type: Some(seen.data_type.to_owned()),
        level: Some(seen.level(level)),
        message: format!(
            "{} reads {}, which the policy says is not collected or shared: code and policy may be at odds with each other{but}{}",
            subject.name,
            seen.words(),
            seen.remarks()
        ),
        evidence: seen.evidence(SITES_PER_FINDING),
        quote: Some(Quote {
            text: denial.text.clone(),
            start: denial.start,
            end: denial.end,
            line: denial.line,
        }),
        ..Draft::default()
    }
}

/// The denials that speak of an SDK: absolute ones, and those about SDKs. One
/// that stands inside an entry of the list speaks of that entry's SDK alone.
fn denials_of_sdk<'a>(
    policies: &[&'a PolicyDocument],
    coverage: Option<&Coverage>,
) -> Vec<&'a Denial> {
    let own = |policy: &PolicyDocument, at: usize| {
        coverage.is_some_and(|coverage| {
            coverage.status == DisclosureStatus::Disclosed
                && coverage.entries.iter().any(|entry| {
                    std::ptr::eq(entry.policy, policy)
                        && policy.sdks[at].quote == entry.record.quote
                })
        })
    };
    let mut denials = Vec::new();
    for &policy in policies {
        for denial in &policy.denials {
            let speaks = match denial.scope.as_str() {
                ABSOLUTE => true,
                OF_SDKS => {
                    let mut entries = policy.sdks.iter().enumerate().filter(|(_, record)| {
                        (record.quote.start..record.quote.end).contains(&denial.start)
                    });
                    match entries.next() {
                        None => true,
                        Some((at, _)) => own(policy, at) || entries.any(|(at, _)| own(policy, at)),
                    }
                }
                _ => false,
            };
            if speaks {
                denials.push(denial);
            }
        }
    }
    denials
}

/// Whether the entry names the type itself: a broader term or a permission that
/// guards it does not take the denial back.
fn is_told(sdk: &SdkReport, data_type: &str) -> bool {
    let rows = sdk.disclosure.iter().flat_map(|d| &d.coverage);
    rows.into_iter()
        .any(|row| row.data_type == data_type && row.coverage == TypeCoverage::Exact)
}
