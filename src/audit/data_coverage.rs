//! Fills what the entries of one SDK say of the data it is documented to
//! collect.
//!
//! No finding is made of it. The rules `undisclosed-data-type` and
//! `imprecise-disclosure` say that a type *is accessed* and not told;
//! documentation only says that the SDK, in some configuration, may collect
//! it. What is accessed is for the access inventory to prove.

use super::coverage::{Coverage, Entry};
use super::disclosure::has_url;
use super::model::{DataDisclosure, DisclosureStatus};
use super::type_coverage::{RestsOn, TypeCoverage, is_broader, is_enough, type_coverage};
use crate::policy::model::{DataMention, Extent, Quote, SdkRecord};
use crate::sdk::base::KnowledgeBase;

/// Compares the documented types with the entries. Empty when there is nothing
/// to compare with: unknown data, an SDK that is not named itself.
/// `unread`: a part of the policies was not read, so that what is not found may
/// stand there.
pub(super) fn of_documented(
    documented: &[String],
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
    documented
        .iter()
        .filter(|data_type| !foreign(data_type))
        .map(|data_type| told.cover(data_type, base))
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

    fn cover(&self, data_type: &str, base: &KnowledgeBase) -> DataDisclosure {
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
            basis: "documented",
            coverage: found.coverage,
            enough: is_enough(data_type, found.coverage, base),
            as_written: as_written.filter(|words| !words.is_empty()),
            policy: entry.map(|entry| entry.policy.path.clone()),
            quote,
        }
    }
}

/// The mentions of an entry; of a record that carries only type ids, one for
/// each, broader terms as open ones.
pub(super) fn mentions_of(record: &SdkRecord, base: &KnowledgeBase) -> Vec<DataMention> {
    if !record.data.is_empty() {
        return record.data.clone();
    }
    let mention = |id: &String| DataMention {
        data_type: id.clone(),
        extent: if is_broader(id, base) {
            Extent::Open
        } else {
            Extent::Exact
        },
        ..DataMention::default()
    };
    record.data_types.iter().map(mention).collect()
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

/// Types of which a silent entry harms no one (contract, "Default levels").
const HARMLESS: [&str; 5] = [
    "screen",
    "language",
    "network-state",
    "os-version",
    "device-model",
];

/// The documented types that are not covered well enough, the sensitive ones
/// first, without harmless ones.
pub fn gaps(coverage: &[DataDisclosure]) -> Vec<&DataDisclosure> {
    let harmless = |found: &&DataDisclosure| HARMLESS.contains(&found.data_type.as_str());
    let mut gaps: Vec<&DataDisclosure> = coverage
        .iter()
        .filter(|found| !found.enough && !harmless(found))
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
