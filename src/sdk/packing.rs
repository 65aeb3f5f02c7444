//! Signs that the app's code is not in the package as it will run.

use super::defined::DefinedClasses;
use super::model::{DetectedSdk, EvidenceKind, State};
use crate::app::manifest::{ComponentKind, Manifest};
use crate::app::{App, PackageKind};
use crate::formats::Limit;

/// Where the manifest's claims stand.
const MANIFEST: &str = "AndroidManifest.xml";
/// Classes that Android would start and that are missing, at the least, and
/// more than half of all of them, before missing ones mean hidden code: a few
/// are left over in many honest apps.
const MIN_MISSING_CLASSES: usize = 3;
/// How many missing classes a message names.
const SHOWN_CLASSES: usize = 3;

/// Limits for packers that were found, and for code that must exist because
/// Android would start it, yet is nowhere in the package. `is_own` tells
/// whether a class would be the app's own.
pub fn limits<'d>(
    app: &App<'_>,
    packers: impl Iterator<Item = &'d DetectedSdk>,
    defined: &DefinedClasses<'_>,
    is_own: impl Fn(&str) -> bool,
) -> Vec<Limit> {
    let mut limits: Vec<Limit> = packers.map(packed_by).collect();
    if let Some(manifest) = &app.manifest
        && is_installable(app.kind)
    {
        limits.extend(parts_missing(app, manifest));
        // What a lone split starts may well be in the base.
        if manifest.split.is_none() && has_code(app) {
            limits.extend(classes_missing(manifest, defined, is_own));
        }
    }
    limits
}

/// Whether the manifest speaks for all code: that of an AAR is a fragment.
fn is_installable(kind: PackageKind) -> bool {
    match kind {
        PackageKind::Apk | PackageKind::SplitSet | PackageKind::Bundle => true,
        PackageKind::Library | PackageKind::Jar | PackageKind::Dex => false,
    }
}

fn has_code(app: &App<'_>) -> bool {
    app.code.iter().any(|unit| !unit.classes.is_empty())
}

/// What a packer proves depends on what was seen of it: its code hides the
/// app's, a file with its name may be anything.
fn packed_by(packer: &DetectedSdk) -> Limit {
    let first = packer.evidence.first();
    let is_file =
        first.is_some_and(|e| matches!(e.kind, EvidenceKind::NativeLibrary | EvidenceKind::Asset));
    let id = &packer.id;
    let message = match packer.state {
        State::Declared if is_file => format!(
            "a file named like {id}'s packer is in the package: code may be hidden and not have been seen"
        ),
        State::Declared => {
            format!("the manifest names {id}'s packer: code may be hidden and not have been seen")
        }
        State::Present | State::Reachable | State::AutoInitialised => format!(
            "packed by {id}: the app's own code is hidden and was not seen, so what is missing here may still be there"
        ),
    };
    Limit::analysis("packed-code", message, first.map_or("", |e| &e.place))
}

/// Code or splits that the manifest promises.
fn parts_missing(app: &App<'_>, manifest: &Manifest) -> Option<Limit> {
    let (code, message) = if let Some(split) = &manifest.split {
        let message = format!(
            "this is the split {split} of {} without its base: most of the app was not seen",
            manifest.package
        );
        ("split-without-base", message)
    } else if app.kind == PackageKind::Apk && manifest.split_required {
        let message = "the app does not run without its splits, and only the base was given: code and libraries in them were not seen";
        ("splits-missing", message.to_owned())
    } else if app.kind != PackageKind::Bundle && !has_code(app) && manifest.has_code != Some(false)
    {
        let message = "the manifest says that the package has code, none was found";
        ("code-missing", message.to_owned())
    } else {
        return None;
    };
    Some(Limit::analysis(code, message, MANIFEST))
}

/// Every class that the manifest tells Android to start must be defined. When
/// the first to run or most of them are not, the code comes from elsewhere; a
/// few of the app's own are worth a remark.
fn classes_missing(
    manifest: &Manifest,
    defined: &DefinedClasses<'_>,
    is_own: impl Fn(&str) -> bool,
) -> Option<Limit> {
    let started = started_classes(manifest);
    let is_missing = |class: &&str| !defined.contains(class);
    let missing: Vec<&str> = started.iter().copied().filter(is_missing).collect();
    let first_to_run = [&manifest.app_component_factory, &manifest.application_class];
    let mut first_to_run = first_to_run.into_iter().flatten();
    let hides_start = first_to_run.any(|class| missing.binary_search(&class.as_str()).is_ok());
    let hides_most = missing.len() >= MIN_MISSING_CLASSES && missing.len() * 2 > started.len();
    if hides_start || hides_most {
        let message = format!(
            "{} of {} classes that the manifest tells Android to start are in no dex file ({}): code is loaded from elsewhere or was removed",
            missing.len(),
            started.len(),
            shown(&missing)
        );
        return Some(Limit::analysis("component-code-missing", message, MANIFEST));
    }
    let own: Vec<&str> = missing.into_iter().filter(|class| is_own(class)).collect();
    if own.is_empty() {
        return None;
    }
    let message = format!(
        "{} of the app's own classes that the manifest names are in no dex file ({})",
        own.len(),
        shown(&own)
    );
    Some(Limit::detail("component-class-missing", message, MANIFEST))
}

/// Classes that Android instantiates by name, sorted, without those that the
/// device or the support library brings.
fn started_classes(manifest: &Manifest) -> Vec<&str> {
    let application = [
        &manifest.application_class,
        &manifest.app_component_factory,
        &manifest.zygote_preload_class,
        &manifest.backup_agent,
    ];
    let components = manifest.components.iter();
    let components = components.filter(|c| c.kind != ComponentKind::ActivityAlias);
    let mut started: Vec<&str> = application
        .into_iter()
        .flatten()
        .chain(components.map(|component| &component.name))
        .map(String::as_str)
        .filter(|class| !is_framework(class))
        .collect();
    started.sort_unstable();
    started.dedup();
    started
}

fn is_framework(class: &str) -> bool {
    ["android.", "androidx.", "com.android.internal."]
        .iter()
        .any(|prefix| class.starts_with(prefix))
}

fn shown(classes: &[&str]) -> String {
    let named: Vec<&str> = classes.iter().copied().take(SHOWN_CLASSES).collect();
    let more = if classes.len() > named.len() {
        ", …"
    } else {
        ""
    };
    named.join(", ") + more
}

#[cfg(test)]
mod tests {
    use super::super::model::Evidence;
    use super::super::testing::{app, declare};
    use super::*;
    use crate::formats::LimitScope;

    fn codes(app: &App<'_>) -> Vec<(&'static str, LimitScope)> {
        let defined = DefinedClasses::of_manifest(app);
        let is_own = |class: &str| class.starts_with("com.x.");
        let limits = limits(app, std::iter::empty(), &defined, is_own);
        limits.iter().map(|l| (l.code, l.scope)).collect()
    }

    fn manifest<'a>(app: &'a mut App<'_>) -> &'a mut Manifest {
        app.manifest.as_mut().unwrap()
    }

    #[test]
    fn a_missing_application_or_factory_class_hides_code() {
        let mut packed = app("com.x.y", &["com.x.y.A"]);
        manifest(&mut packed).app_component_factory = Some("com.stub.Gone".to_owned());
        let expected = [("component-code-missing", LimitScope::Analysis)];
        assert_eq!(codes(&packed), expected);
        packed.kind = PackageKind::Library;
        assert_eq!(codes(&packed), []);
        let mut plain = app("com.x.y", &["com.x.y.A"]);
        manifest(&mut plain).app_component_factory =
            Some("androidx.core.app.CoreComponentFactory".to_owned());
        assert_eq!(codes(&plain), []);
    }

    #[test]
    fn most_components_missing_hide_code_and_a_few_own_ones_are_a_detail() {
        let mut app = app("com.x.y", &["com.x.y.A", "com.x.y.B"]);
        for name in ["com.x.y.A", "com.x.y.B", "com.x.y.Gone", "com.sdk.Gone"] {
            declare(&mut app, ComponentKind::Activity, name);
        }
        let expected = [("component-class-missing", LimitScope::Detail)];
        assert_eq!(codes(&app), expected);
        manifest(&mut app).backup_agent = Some("com.x.y.GoneAgent".to_owned());
        let expected = [("component-code-missing", LimitScope::Analysis)];
        assert_eq!(codes(&app), expected);
    }

    #[test]
    fn a_package_without_the_code_it_promises_is_not_clean() {
        let mut empty = app("com.x.y", &[]);
        declare(&mut empty, ComponentKind::Activity, "com.x.y.Gone");
        assert_eq!(codes(&empty), [("code-missing", LimitScope::Analysis)]);
        manifest(&mut empty).has_code = Some(false);
        assert_eq!(codes(&empty), []);
    }

    #[test]
    fn splits_and_bases_ask_for_each_other() {
        let mut split = app("com.x.y", &[]);
        manifest(&mut split).split = Some("config.arm64_v8a".to_owned());
        let expected = [("split-without-base", LimitScope::Analysis)];
        assert_eq!(codes(&split), expected);
        let mut base = app("com.x.y", &["com.x.y.A"]);
        manifest(&mut base).split_required = true;
        assert_eq!(codes(&base), [("splits-missing", LimitScope::Analysis)]);
        base.kind = PackageKind::SplitSet;
        assert_eq!(codes(&base), []);
    }

    #[test]
    fn a_name_alone_is_not_said_to_hide_the_code() {
        let packer = |state| DetectedSdk {
            id: "jiagu".to_owned(),
            state,
            evidence: vec![Evidence {
                kind: EvidenceKind::NativeLibrary,
                value: "libjiagu.so".to_owned(),
                place: "assets/libjiagu.so".to_owned(),
                count: 1,
            }],
            ..DetectedSdk::default()
        };
        let declared = packed_by(&packer(State::Declared));
        assert!(declared.message.starts_with("a file named like jiagu's"));
        assert_eq!(declared.scope, LimitScope::Analysis);
        let present = packed_by(&packer(State::Present));
        assert!(present.message.starts_with("packed by jiagu: "));
    }
}
