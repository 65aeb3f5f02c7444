//! Evidence in the manifest.

use std::collections::HashSet;

use super::defined::DefinedClasses;
use super::evidence::Found;
use super::matcher::{ComponentClass, Matcher, SignatureIndex};
use super::model::EvidenceKind;
use crate::app::App;
use crate::app::manifest::{Component, ComponentKind, Manifest};

/// Where manifest evidence stands.
const MANIFEST: &str = "AndroidManifest.xml";

/// The provider through which androidx.startup runs initialisers, and the value
/// that marks their names (developer.android.com, "App Startup").
const STARTUP_PROVIDER: &str = "androidx.startup.InitializationProvider";
const STARTUP_VALUE: &str = "androidx.startup";

/// Providers that serve files and run nothing else. Android instantiates what
/// extends them at start, but what runs is the support library's code.
const FILE_PROVIDERS: [&str; 2] = [
    "androidx.core.content.FileProvider",
    "android.support.v4.content.FileProvider",
];

/// What is looked up while a manifest is read.
struct ManifestReader<'a> {
    manifest: &'a Manifest,
    matcher: &'a Matcher<'a>,
    defined: &'a DefinedClasses<'a>,
}

/// Adds all evidence in the manifest of an app.
pub(super) fn read(
    app: &App<'_>,
    matcher: &Matcher<'_>,
    defined: &DefinedClasses<'_>,
    found: &mut Found,
) {
    let Some(manifest) = &app.manifest else {
        return;
    };
    let reader = ManifestReader {
        manifest,
        matcher,
        defined,
    };
    let mut started = Vec::new();
    for component in &manifest.components {
        let signature = reader.component(component, found);
        started.extend(
            signature
                .filter(|_| reader.starts_with_the_app(component))
                .map(|s| (s, component.name.as_str())),
        );
    }
    let serving = file_providers(app, started.iter().map(|(_, provider)| *provider));
    let running = started
        .iter()
        .filter(|(_, provider)| !serving.contains(provider));
    found
        .auto_initialised
        .extend(running.map(|(signature, _)| *signature));
    reader.application_class(found);
    reader.meta_data(found);
    reader.permissions(found);
}

impl<'a> ManifestReader<'a> {
    /// Evidence of one component; the signature that it speaks for.
    fn component(&self, component: &Component, found: &mut Found) -> Option<SignatureIndex> {
        let class = match component.kind {
            ComponentKind::Activity | ComponentKind::ActivityAlias => ComponentClass::Activity,
            ComponentKind::Service => ComponentClass::Service,
            ComponentKind::Receiver => ComponentClass::Receiver,
            ComponentKind::Provider => ComponentClass::Provider,
        };
        let name = component.name.as_str();
        let package = self.manifest.package.as_str();
        let named = only(self.matcher.component(class, name, package));
        let signature = named.or_else(|| self.owner(name));
        if let Some(signature) = signature {
            found.add(signature, EvidenceKind::Component, name, MANIFEST);
        }
        if component.kind == ComponentKind::Provider && name == STARTUP_PROVIDER {
            self.initialisers(component, found);
        }
        let filters = component.intent_filters.iter();
        for action in filters.flat_map(|filter| &filter.actions) {
            if let Some(signature) = only(self.matcher.action(action, package)) {
                found.add(signature, EvidenceKind::Action, action, MANIFEST);
            }
        }
        signature
    }

    /// Initialisers that androidx.startup runs.
    fn initialisers(&self, provider: &Component, found: &mut Found) {
        for entry in &provider.meta_data {
            if entry.value.as_deref() != Some(STARTUP_VALUE) || !self.defined.contains(&entry.name)
            {
                continue;
            }
            if let Some(signature) = self.owner(&entry.name) {
                found.add(signature, EvidenceKind::MetaData, &entry.name, MANIFEST);
                found.auto_initialised.insert(signature);
            }
        }
    }

    /// Whether Android instantiates this component at the app's start.
    fn starts_with_the_app(&self, component: &Component) -> bool {
        component.kind == ComponentKind::Provider
            && component.enabled != Some(false)
            && self.defined.contains(&component.name)
    }

    fn application_class(&self, found: &mut Found) {
        let Some(class) = &self.manifest.application_class else {
            return;
        };
        if let Some(signature) = self.owner(class) {
            found.add(signature, EvidenceKind::Component, class, MANIFEST);
            if self.defined.contains(class) {
                found.auto_initialised.insert(signature);
            }
        }
    }

    fn meta_data(&self, found: &mut Found) {
        let package = self.manifest.package.as_str();
        let components = self.manifest.components.iter();
        let of_components = components.flat_map(|component| &component.meta_data);
        for entry in self.manifest.meta_data.iter().chain(of_components) {
            if let Some(signature) = only(self.matcher.meta_data(&entry.name, package)) {
                found.add(signature, EvidenceKind::MetaData, &entry.name, MANIFEST);
            }
            if let Some(signature) = only(self.matcher.version_meta_data(&entry.name, package))
                && let Some(value) = &entry.value
            {
                let version = found.versions.entry(signature);
                version.or_insert_with(|| value.clone());
            }
        }
    }

    fn permissions(&self, found: &mut Found) {
        let package = self.manifest.package.as_str();
        let used = self.manifest.permissions.iter().map(|p| &p.name);
        let defined = self.manifest.defined_permissions.iter().map(|p| &p.name);
        for name in used.chain(defined) {
            if let Some(signature) = only(self.matcher.permission(name, package)) {
                found.add(signature, EvidenceKind::Permission, name, MANIFEST);
            }
        }
    }

    /// The signature that alone owns a class.
    fn owner(&self, class: &str) -> Option<SignatureIndex> {
        let owner = self.matcher.owner_of_class(class)?;
        owner.exclusive.then_some(owner.signature)
    }
}

/// Those of the providers that extend a file provider, or a class of the app
/// that does.
fn file_providers<'p>(app: &App<'_>, providers: impl Iterator<Item = &'p str>) -> HashSet<&'p str> {
    let parent_of = DefinedClasses::among(app, providers).super_classes(app);
    let parents = parent_of.values().map(String::as_str);
    let grandparent_of = DefinedClasses::among(app, parents).super_classes(app);
    let serves_files = |name: &str| FILE_PROVIDERS.contains(&name);
    parent_of
        .iter()
        .filter(|(_, parent)| {
            let grandparent = grandparent_of.get(parent.as_str());
            serves_files(parent) || grandparent.is_some_and(|name| serves_files(name))
        })
        .map(|(provider, _)| *provider)
        .collect()
}

/// The only item of an iterator, `None` when there are several: what siblings
/// share proves none of them.
pub(super) fn only(mut hits: impl Iterator<Item = SignatureIndex>) -> Option<SignatureIndex> {
    let first = hits.next()?;
    hits.all(|other| other == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::super::testing::app;
    use super::*;

    #[test]
    fn only_what_extends_the_support_librarys_provider_is_a_file_provider() {
        let app = app(
            "com.x.y",
            &[
                "com.sdk.Direct < androidx.core.content.FileProvider",
                "com.sdk.Below < com.sdk.Base",
                "com.sdk.Base < android.support.v4.content.FileProvider",
                "com.sdk.Posing < com.sdk.StartFileProvider",
                "com.sdk.StartFileProvider < android.content.ContentProvider",
            ],
        );
        let providers = ["Direct", "Below", "Posing", "Gone"].map(|n| format!("com.sdk.{n}"));
        let providers = file_providers(&app, providers.iter().map(String::as_str));
        let mut providers: Vec<_> = providers.into_iter().collect();
        providers.sort_unstable();
        assert_eq!(providers, ["com.sdk.Below", "com.sdk.Direct"]);
    }
}
