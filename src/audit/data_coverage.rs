//! What the policies say of the data that an SDK is documented to collect or
//! observed to read, and of the data that the app's own code reads.
//!
//! Documentation alone makes no finding: it says that the SDK, in some
//! configuration, may collect a type. The rules `undisclosed-data-type` and
//! `imprecise-disclosure` (`access_rules`) ask for code that reads it.

use super::coverage::{Coverage, Entry};
use super::disclosure::has_url;
use super::model::{DataDisclosure, DisclosureStatus, TypeBasis};
use super::proof::never_gates;
use super::type_coverage::{Covered, RestsOn, TypeCoverage, is_broader, is_enough, type_coverage};
use crate::policy::model::{DataMention, Extent, PolicyDocument, Quote, SdkRecord};
use crate::sdk::base::KnowledgeBase;

/// Compares the types of an SDK with its entries. Empty when there is nothing
/// to compare with: unknown data, an SDK that is not named itself.
/// `unread`: a part of the policies was not read, so that what is not found may
/// stand there.
pub(super) fn of_types(
    types: &[(&str, TypeBasis)],
    coverage: &Coverage,
    unread: bool,
    base: &KnowledgeBase,
) -> Vec<DataDisclosure> {
    if coverage.status != DisclosureStatus::Disclosed {
        return Vec::new();
    }
    let told = Told::of(&coverage.entries, base);
    // The rest may stand behind the link.
    let open = unread
        || coverage
            .entries
            .iter()
            .any(|entry| entry.record.deferred_to_link && has_url(entry.record));
    // An identifier of another system is not read on Android.
    let foreign = |id: &str| base.data_type(id).is_some_and(|t| t.platform == "ios");
    types
        .iter()
        .filter(|(data_type, _)| !foreign(data_type))
        .map(|(data_type, basis)| told.cover(data_type, *basis, base))
        .filter(|found| found.enough || !open)
        .collect()
}

/// What the entries tell, in one list, each with the entry it stands in.
struct Told<'a> {
    mentions: Vec<DataMention>,
    permissions: Vec<String>,
    mention_entries: Vec<&'a Entry<'a>>,
    permission_entries: Vec<&'a Entry<'a>>,
}

impl<'a> Told<'a> {
    fn of(entries: &'a [Entry<'a>], base: &KnowledgeBase) -> Self {
        let mut told = Self {
            mentions: Vec::new(),
            permissions: Vec::new(),
            mention_entries: Vec::new(),
            permission_entries: Vec::new(),
        };
        for entry in entries {
            for mention in mentions_of(entry.record, base) {
                told.mentions.push(mention);
                told.mention_entries.push(entry);
            }
            for permission in &entry.record.permissions {
                told.permissions.push(permission.clone());
                told.permission_entries.push(entry);
            }
        }
        told
    }

    fn cover(&self, data_type: &str, basis: TypeBasis, base: &KnowledgeBase) -> DataDisclosure {
        let found = type_coverage(data_type, &self.mentions, &self.permissions, base);
        let (as_written, entry, quote) = match found.rests_on {
            Some(RestsOn::Mention(at)) => {
                let mention = self.mentions.get(at);
                let entry = self.mention_entries.get(at).copied();
                let quote = mention.zip(entry).map(|(m, e)| quote(m, e.record));
                (mention.map(|m| m.as_written.clone()), entry, quote)
            }
            Some(RestsOn::Permission(at)) => {
                let entry = self.permission_entries.get(at).copied();
                let quote = entry.map(|e| e.record.quote.clone());
                (self.permissions.get(at).cloned(), entry, quote)
            }
            None => (None, None, None),
        };
        DataDisclosure {
            data_type: data_type.to_owned(),
            sensitive: base.data_type(data_type).is_some_and(|t| t.sensitive),
            basis,
            coverage: found.coverage,
            enough: is_enough(data_type, found.coverage, base),
            as_written: as_written.filter(|words| !words.is_empty()),
            policy: entry.map(|entry| entry.policy.path.clone()),
            quote,
        }
    }
}

/// Whether some policy declares data for the app itself; a list of SDKs does
/// not.
pub(super) fn declares_for_app(policies: &[&PolicyDocument]) -> bool {
    policies
        .iter()
        .any(|p| !p.first_party.data_types.is_empty())
}

/// How the policies, taken together, declare a type for the app itself.
pub(super) fn of_app(
    data_type: &str,
    policies: &[&PolicyDocument],
    base: &KnowledgeBase,
) -> DataDisclosure {
    let best = policies
        .iter()
        .map(|policy| (of_app_in(data_type, policy, base), policy))
        .min_by_key(|(found, _)| found.coverage);
    let (found, policy) = best.unzip();
    let found = found.unwrap_or_default();
    let declaration = policy.zip(found.rests_on).and_then(|(policy, by)| {
        let own = &policy.first_party;
        let what = match by {
            RestsOn::Mention(at) => own.data_types.get(at),
            RestsOn::Permission(at) => own.permissions.get(at),
        }?;
        own.declared.iter().find(|d| d.what == *what)
    });
    DataDisclosure {
        data_type: data_type.to_owned(),
        sensitive: base.data_type(data_type).is_some_and(|t| t.sensitive),
        basis: TypeBasis::Observed,
        coverage: found.coverage,
        enough: is_enough(data_type, found.coverage, base),
        as_written: declaration.map(|d| d.what.clone()),
        policy: declaration.and(policy).map(|p| p.path.clone()),
        quote: declaration.map(|d| d.quote.clone()),
    }
}

fn of_app_in(data_type: &str, policy: &PolicyDocument, base: &KnowledgeBase) -> Covered {
    let own = &policy.first_party;
    let mentions: Vec<DataMention> = own.data_types.iter().map(|id| mention(id, base)).collect();
    type_coverage(data_type, &mentions, &own.permissions, base)
}

/// The mentions of an entry; of a record that carries only type ids, one for
/// each, broader terms as open ones.
pub(super) fn mentions_of(record: &SdkRecord, base: &KnowledgeBase) -> Vec<DataMention> {
    if !record.data.is_empty() {
        return record.data.clone();
    }
    let types = record.data_types.iter();
    types.map(|id| mention(id, base)).collect()
}

/// A type as if it were named alone.
fn mention(id: &str, base: &KnowledgeBase) -> DataMention {
    DataMention {
        data_type: id.to_owned(),
        extent: if is_broader(id, base) {
            Extent::Open
        } else {
            Extent::Exact
        },
        ..DataMention::default()
    }
}

/// The words of a mention as a quote; the whole entry where it has no place of
/// its own.
fn quote(mention: &DataMention, record: &SdkRecord) -> Quote {
    if mention.end <= mention.start {
        return record.quote.clone();
    }
    let entry = &record.quote;
    // Lines can be counted where the entry is quoted as the file has it.
    let raw = entry.text.len() == entry.end - entry.start.min(entry.end);
    let before = mention
        .start
        .checked_sub(entry.start)
        .and_then(|length| entry.text.get(..length));
    let line = match before {
        Some(before) if raw && entry.line > 0 => entry.line + before.matches('\n').count(),
        _ => 0,
    };
    Quote {
        text: mention.as_written.clone(),
        start: mention.start,
        end: mention.end,
        line,
    }
}

/// The documented types that are not covered well enough, the sensitive ones
/// first, without those that never gate. What is observed has findings.
pub fn gaps(coverage: &[DataDisclosure]) -> Vec<&DataDisclosure> {
    let mut gaps: Vec<&DataDisclosure> = coverage
        .iter()
        .filter(|found| found.basis == TypeBasis::Documented)
        .filter(|found| !found.enough && !never_gates(&found.data_type))
        .collect();
    gaps.sort_by_key(|found| !found.sensitive);
    gaps
}

/// One gap in words: `imei (only “设备信息”)`.
pub fn gap_words(gap: &DataDisclosure) -> String {
    let words = gap.as_written.as_deref();
    let words = words.map(|w| w.strip_prefix("android.permission.").unwrap_or(w));
    let id = &gap.data_type;
    match (gap.coverage, words) {
        (TypeCoverage::Exact, _) => id.clone(),
        (TypeCoverage::Vague | TypeCoverage::Narrower, Some(words)) => {
            format!("{id} (only “{words}”)")
        }
        (TypeCoverage::Vague, None) => format!("{id} (only a broader term)"),
        (TypeCoverage::Narrower, None) => format!("{id} (only a lesser form)"),
        (TypeCoverage::SiblingOnly, Some(words)) => format!("{id} (not named, “{words}” is)"),
        (TypeCoverage::SiblingOnly | TypeCoverage::None, _) => format!("{id} (not named)"),
    }
}
