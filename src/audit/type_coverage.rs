//! Whether what an entry names covers a data type that its SDK collects.
//!
//! The best of all mentions counts:
//!
//! | coverage | what the entry says |
//! | --- | --- |
//! | `exact` | the type itself, alone or inside an enumeration, or one that includes it |
//! | `vague` | only a broader term that is open, or a permission that guards the type |
//! | `narrower` | only a lesser form of it: 粗略位置 where the precise one is read |
//! | `sibling-only` | only a type of the same kind: OAID where the IMEI is read |
//! | `none` | nothing of the sort |
//!
//! A broader term that is enumerated to the end covers what it enumerates and
//! nothing else. What is said of other systems than Android does not count.

use serde::Serialize;

use crate::policy::model::{DataMention, Extent, MentionBasis};
use crate::sdk::base::KnowledgeBase;

/// How a type that is collected is covered, best first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TypeCoverage {
    /// Named.
    Exact,
    /// Only by a broader term, an open list or a permission.
    Vague,
    /// Only a lesser form of it is named: not disclosed.
    Narrower,
    /// Only a type of the same kind is named: not disclosed.
    SiblingOnly,
    /// Not named: not disclosed.
    #[default]
    None,
}

/// What a coverage rests on: an index into the arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestsOn {
    /// A mention.
    Mention(usize),
    /// A permission.
    Permission(usize),
}

/// A coverage with what it rests on; nothing for [`TypeCoverage::None`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Covered {
    /// How well.
    pub coverage: TypeCoverage,
    /// By what.
    pub rests_on: Option<RestsOn>,
}

/// Types that include another: who tells the left has told the right.
const INCLUDES: [(&str, &str); 4] = [
    ("precise-location", "coarse-location"),
    ("wifi-list", "ssid"),
    ("wifi-list", "bssid"),
    ("external-storage", "file-list"),
];

/// Lesser forms: who tells the left has not told the right.
const LESSER: [(&str, &str); 9] = [
    ("coarse-location", "precise-location"),
    ("ssid", "wifi-list"),
    ("bssid", "wifi-list"),
    ("app-info", "app-list"),
    ("app-info", "running-process"),
    ("file-list", "external-storage"),
    ("photos", "external-storage"),
    ("media-content", "external-storage"),
    ("crash-log", "log"),
];

/// Broader types whose members are of one kind, so that one may be taken for
/// another. Members of wider groups (device-info, network-info) are not alike.
const KINDS: [&str; 8] = [
    "device-id",
    "wifi-info",
    "location",
    "communication",
    "biometric",
    "identity",
    "property",
    "log",
];

/// Types of one kind below a wider group.
const ALIKE: [&[&str]; 3] = [
    &["app-list", "running-process", "usage-stats"],
    &["phone-number", "email", "contact-info"],
    &["camera", "photos", "media-content"],
];

/// Types for which a vague term is not enough, with all types below them.
const MUST_BE_NAMED: [&str; 5] = [
    "hardware-id",
    "app-list",
    "precise-location",
    "contacts",
    "clipboard",
];

/// Covers the type `collected` by what is written for its SDK: the data
/// mentions and the full names of permissions.
pub fn type_coverage(
    collected: &str,
    disclosed: &[DataMention],
    permissions: &[String],
    base: &KnowledgeBase,
) -> Covered {
    let mentions = disclosed
        .iter()
        .enumerate()
        .filter(|(_, mention)| counts_for_android(mention))
        .map(|(at, mention)| (by_mention(collected, mention, base), RestsOn::Mention(at)));
    let guards = permissions.iter().enumerate().map(|(at, name)| {
        (
            by_permission(collected, name, base),
            RestsOn::Permission(at),
        )
    });
    mentions
        .chain(guards)
        .filter(|(coverage, _)| *coverage != TypeCoverage::None)
        // The first of the best: `min_by_key` keeps the earliest.
        .min_by_key(|(coverage, _)| *coverage)
        .map_or_else(Covered::default, |(coverage, by)| Covered {
            coverage,
            rests_on: Some(by),
        })
}

/// Whether a coverage is enough for a type: named, or vaguely named where that
/// does no harm (model, system, screen, language).
pub fn is_enough(data_type: &str, coverage: TypeCoverage, base: &KnowledgeBase) -> bool {
    let must_be_named = || {
        MUST_BE_NAMED
            .iter()
            .any(|kind| *kind == data_type || is_below(data_type, kind, base))
    };
    match coverage {
        TypeCoverage::Exact => true,
        TypeCoverage::Vague => !must_be_named(),
        TypeCoverage::Narrower | TypeCoverage::SiblingOnly | TypeCoverage::None => false,
    }
}

fn counts_for_android(mention: &DataMention) -> bool {
    mention.platforms.is_empty() || mention.platforms.iter().any(|p| p == "android")
}

fn by_mention(collected: &str, mention: &DataMention, base: &KnowledgeBase) -> TypeCoverage {
    let named = mention.data_type.as_str();
    if named == collected || INCLUDES.contains(&(named, collected)) {
        return match mention.basis {
            MentionBasis::Permission => TypeCoverage::Vague,
            MentionBasis::Listed | MentionBasis::Definition | MentionBasis::Shared => {
                TypeCoverage::Exact
            }
        };
    }
    if is_below(collected, named, base) {
        return match mention.extent {
            // What it enumerates stands in mentions of its own.
            Extent::Closed => TypeCoverage::None,
            Extent::Open | Extent::Exact => TypeCoverage::Vague,
        };
    }
    // An SDK known to collect "device identifiers" may collect just this one.
    if is_below(named, collected, base) {
        return TypeCoverage::Vague;
    }
    unlike(collected, named, base)
}

/// A permission tells what it guards, vaguely.
fn by_permission(collected: &str, name: &str, base: &KnowledgeBase) -> TypeCoverage {
    let guarded = base
        .permission(name)
        .map_or(&[][..], |permission| permission.data_types.as_slice());
    let own = base.data_type(collected);
    let listed = own.is_some_and(|t| t.permissions.iter().any(|p| p == name));
    if listed
        || guarded
            .iter()
            .any(|t| t == collected || is_below(t, collected, base))
    {
        return TypeCoverage::Vague;
    }
    let lesser = guarded.iter().any(|t| LESSER.contains(&(t, collected)));
    if lesser {
        TypeCoverage::Narrower
    } else {
        TypeCoverage::None
    }
}

/// A type that neither is, nor holds, nor belongs to the collected one.
fn unlike(collected: &str, named: &str, base: &KnowledgeBase) -> TypeCoverage {
    if LESSER.contains(&(named, collected)) {
        return TypeCoverage::Narrower;
    }
    let of_kind = KINDS
        .iter()
        .any(|kind| is_below(collected, kind, base) && is_below(named, kind, base));
    let alike = ALIKE
        .iter()
        .any(|group| group.contains(&collected) && group.contains(&named));
    if of_kind || alike {
        TypeCoverage::SiblingOnly
    } else {
        TypeCoverage::None
    }
}

/// Whether a type stands somewhere below another.
pub(super) fn is_below(data_type: &str, above: &str, base: &KnowledgeBase) -> bool {
    /// Deeper than any vocabulary; a loop in an added one ends here.
    const DEEPEST: usize = 16;
    let mut at = data_type;
    for _ in 0..DEEPEST {
        let Some(parent) = base.data_type(at).map(|t| t.parent.as_str()) else {
            return false;
        };
        if parent == above {
            return true;
        }
        at = parent;
    }
    false
}

/// Whether a type is a broader term for others.
pub(super) fn is_broader(data_type: &str, base: &KnowledgeBase) -> bool {
    base.data_types().iter().any(|t| t.parent == data_type)
}

#[cfg(test)]
#[path = "type_coverage_tests.rs"]
mod tests;
