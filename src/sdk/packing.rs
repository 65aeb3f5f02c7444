//! Signs that the app's code is not in the package as it will run.

use super::model::DetectedSdk;
use super::model::Evidence;
use crate::app::App;
use crate::app::manifest::ComponentKind;
use crate::formats::Limit;

/// Components of the app's manifest that must lack a class, at the least, and
/// the part of all of them, before missing classes mean hidden code: a few are
/// left over in many honest apps.
const MIN_MISSING_COMPONENTS: usize = 3;

/// Limits for packers that were found, and for code that must exist because
/// Android would start it, yet is in no dex file.
pub fn limits(app: &App<'_>, packers: &[&DetectedSdk]) -> Vec<Limit> {
    let mut limits: Vec<Limit> = packers.iter().map(|packer| packed_by(packer)).collect();
    limits.extend(missing_classes(app));
    limits
}

fn packed_by(packer: &DetectedSdk) -> Limit {
    let place = packer
        .evidence
        .first()
        .map_or("", |Evidence { place, .. }| place);
    let message = format!(
        "packed by {}: the app's own code is hidden and was not seen, so what is missing here may still be there",
        packer.id
    );
    Limit::analysis("packed-code", message, place)
}

/// The Application class and the components must be defined somewhere.
fn missing_classes(app: &App<'_>) -> Option<Limit> {
    let manifest = app.manifest.as_ref()?;
    let mut started: Vec<&str> = manifest
        .application_class
        .iter()
        .map(String::as_str)
        .collect();
    let components = manifest
        .components
        .iter()
        .filter(|c| c.kind != ComponentKind::ActivityAlias);
    started.extend(components.map(|component| component.name.as_str()));
    started.retain(|class| !is_framework(class));
    started.sort_unstable();
    started.dedup();
    let missing: Vec<&str> = started
        .iter()
        .copied()
        .filter(|class| !app.defines(class))
        .collect();
    let hides_application = manifest
        .application_class
        .as_deref()
        .is_some_and(|class| missing.contains(&class));
    let hides_most = missing.len() >= MIN_MISSING_COMPONENTS && missing.len() * 2 > started.len();
    if !hides_application && !hides_most {
        return None;
    }
    let shown = missing
        .iter()
        .take(3)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    let message = format!(
        "{} of {} classes that the manifest tells Android to start are in no dex file ({shown}{}): code is loaded from elsewhere or was removed",
        missing.len(),
        started.len(),
        if missing.len() > 3 { ", …" } else { "" }
    );
    Some(Limit::analysis(
        "component-code-missing",
        message,
        "AndroidManifest.xml",
    ))
}

/// Classes that the device itself provides.
fn is_framework(class: &str) -> bool {
    ["android.app.", "android.content.", "com.android.internal."]
        .iter()
        .any(|prefix| class.starts_with(prefix))
}
