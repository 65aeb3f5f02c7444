//! What evidence proves. The rule, in one place:
//!
//! * **Proof of code** is a defined class: a marker class, or any class below a
//!   prefix that one signature alone claims. Classes that build tools generate
//!   for resources (`R`, `BuildConfig`) and types that are only referenced are
//!   no proof. So is a native library (read as ELF) or a JNI export that one
//!   signature alone claims. State `present`.
//! * **Declaration** is a manifest component, a meta-data name, an asset or a
//!   file with the name of a native library that one signature alone claims,
//!   without code: packed, shrunk or left over. State `declared`.
//! * **Support** (actions, custom permissions, strings, hosts, classes the app
//!   writes for an SDK) never names an SDK by itself.
//! * `auto-initialised`: Android runs the SDK's own class at start: a provider
//!   of it that is more than a file provider, a start-up initialiser, or the
//!   Application class.
//! * A prefix, library or name that siblings share proves none of them; a mere
//!   name counts for nothing beside the code of a product of the same family.
//! * **Confidence** is high for a marker class, many classes, or code with
//!   another kind that agrees; medium for few classes, native code alone, or a
//!   declared component; low for names alone. A signature of low confidence
//!   names nothing with more than medium.

use super::evidence::{EvidenceCounts, EvidenceKey};
use super::model::{EvidenceKind, State};
use super::schema::Confidence;

/// Classes below its prefixes from which a signature counts as well evidenced
/// without further evidence: fewer may be a stub or what a shrinker left.
const MANY_CLASSES: usize = 10;

/// Whether the evidence can name an SDK by itself.
pub(super) fn names_an_sdk(evidence: &EvidenceCounts) -> bool {
    evidence.keys().any(|key| match key.kind {
        EvidenceKind::Class
        | EvidenceKind::ClassPrefix
        | EvidenceKind::NativeSymbol
        | EvidenceKind::NativeLibrary
        | EvidenceKind::Component
        | EvidenceKind::MetaData
        | EvidenceKind::Asset
        | EvidenceKind::Profile => true,
        EvidenceKind::Permission
        | EvidenceKind::Action
        | EvidenceKind::String
        | EvidenceKind::Host
        // What code does names nobody: they are evidence of findings only.
        | EvidenceKind::CallSite
        | EvidenceKind::CallPath => false,
    })
}

/// The strongest state that the evidence proves.
pub(super) fn state(evidence: &EvidenceCounts, auto_initialised: bool) -> State {
    let code = evidence.keys().any(is_code);
    if code && auto_initialised {
        State::AutoInitialised
    } else if code || evidence.keys().any(is_native) {
        State::Present
    } else {
        State::Declared
    }
}

/// How sure the identification is; `established` is the signature's own
/// confidence.
pub(super) fn confidence(established: Confidence, evidence: &EvidenceCounts) -> Confidence {
    let has = |kind| evidence.keys().any(|key| key.kind == kind);
    let classes: usize = evidence
        .iter()
        .filter(|(key, _)| key.kind == EvidenceKind::ClassPrefix)
        .map(|(_, count)| count)
        .sum();
    let native = evidence.keys().any(is_native);
    let component = has(EvidenceKind::Component);
    let declared = component || has(EvidenceKind::MetaData);
    let proved = if has(EvidenceKind::Class)
        || classes >= MANY_CLASSES
        || (classes > 0 && (declared || native))
        || (native && declared)
    {
        Confidence::High
    } else if classes > 0 || native || component {
        Confidence::Medium
    } else {
        Confidence::Low
    };
    match established {
        Confidence::Low => proved.min(Confidence::Medium),
        _ => proved,
    }
}

fn is_code(key: &EvidenceKey) -> bool {
    matches!(
        key.kind,
        EvidenceKind::Class | EvidenceKind::ClassPrefix | EvidenceKind::Profile
    )
}

fn is_native(key: &EvidenceKey) -> bool {
    matches!(
        key.kind,
        EvidenceKind::NativeLibrary | EvidenceKind::NativeSymbol
    ) && !key.name_only
}

#[cfg(test)]
mod tests {
    use super::super::evidence::Found;
    use super::*;

    fn evidence(pieces: &[(EvidenceKind, usize)]) -> EvidenceCounts {
        let mut found = Found::default();
        for &(kind, count) in pieces {
            (0..count).for_each(|_| found.add(0, kind, "", ""));
        }
        found.evidence.remove(&0).unwrap_or_default()
    }

    #[test]
    fn confidence_grows_with_agreeing_kinds() {
        use EvidenceKind::*;
        for (pieces, expected) in [
            (&[(Class, 1)][..], Confidence::High),
            (&[(ClassPrefix, MANY_CLASSES)], Confidence::High),
            (&[(ClassPrefix, 1), (Component, 1)], Confidence::High),
            (&[(NativeSymbol, 1), (MetaData, 1)], Confidence::High),
            (&[(ClassPrefix, 1)], Confidence::Medium),
            (&[(NativeLibrary, 1)], Confidence::Medium),
            (&[(Component, 1)], Confidence::Medium),
            (&[(MetaData, 1), (Host, 5)], Confidence::Low),
            (&[(Asset, 1)], Confidence::Low),
        ] {
            assert_eq!(confidence(Confidence::High, &evidence(pieces)), expected);
        }
        let weak = confidence(Confidence::Low, &evidence(&[(Class, 1)]));
        assert_eq!(weak, Confidence::Medium);
    }

    #[test]
    fn what_supports_names_nobody() {
        use EvidenceKind::*;
        let support = [(Permission, 1), (Action, 1), (String, 1), (Host, 9)];
        assert!(!names_an_sdk(&evidence(&support)));
        assert!(names_an_sdk(&evidence(&[(Asset, 1)])));
    }

    #[test]
    fn running_at_start_needs_code() {
        let declared = evidence(&[(EvidenceKind::Component, 1)]);
        assert_eq!(state(&declared, true), State::Declared);
        let code = evidence(&[(EvidenceKind::ClassPrefix, 1)]);
        assert_eq!(state(&code, true), State::AutoInitialised);
        assert_eq!(state(&code, false), State::Present);
    }

    #[test]
    fn a_file_that_only_has_a_librarys_name_declares() {
        let mut found = Found::default();
        found.add_named_like(0, "libjiagu.so", "assets/libjiagu.so");
        let evidence = &found.evidence[&0];
        assert!(names_an_sdk(evidence));
        assert_eq!(state(evidence, false), State::Declared);
        assert_eq!(confidence(Confidence::High, evidence), Confidence::Low);
    }
}
