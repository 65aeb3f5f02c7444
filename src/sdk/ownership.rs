//! Who owns each class: the app, one signature, or nobody that is known.

use super::matcher::{Matcher, SignatureIndex};
use super::schema::Kind;
use crate::app::App;
use crate::app::manifest::ComponentKind;

/// The owner of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClassOwner {
    /// The app's own packages.
    App,
    /// Exactly one signature.
    Signature(SignatureIndex),
    /// Siblings share the prefix; the signature is the first claimant.
    Shared(SignatureIndex),
    /// Third-party code that no signature names.
    Unidentified,
}

/// The packages that are the app's own (contract, last paragraph): the first
/// two labels of the package name, the packages of the Application and launcher
/// classes, and packages of manifest components that no signature owns.
#[derive(Debug, Clone, Default)]
pub struct OwnPackages(Vec<String>);

impl OwnPackages {
    /// Reads them off the manifest.
    pub fn of(app: &App<'_>, matcher: &Matcher<'_>) -> Self {
        let Some(manifest) = &app.manifest else {
            return Self::default();
        };
        let mut own = Vec::new();
        let mut labels = manifest.package.splitn(3, '.');
        match (labels.next(), labels.next()) {
            (Some(first), Some(second)) => own.push(format!("{first}.{second}")),
            _ if !manifest.package.is_empty() => own.push(manifest.package.clone()),
            _ => {}
        }
        let component_classes =
            manifest
                .components
                .iter()
                .flat_map(|component| match component.kind {
                    ComponentKind::ActivityAlias => component.target_activity.as_deref(),
                    _ => Some(component.name.as_str()),
                });
        for class in manifest
            .application_class
            .as_deref()
            .into_iter()
            .chain(component_classes)
        {
            if let Some((package, _)) = class.rsplit_once('.')
                && matcher.owner_of_class(class).is_none()
            {
                own.push(package.to_owned());
            }
        }
        own.sort();
        own.dedup();
        // A package below another own package adds nothing.
        let mut kept: Vec<String> = Vec::new();
        for package in own {
            if !kept.iter().any(|outer| is_below(&package, outer)) {
                kept.push(package);
            }
        }
        Self(kept)
    }

    /// Whether a dotted class name lies in them.
    pub fn contains(&self, class: &str) -> bool {
        self.0.iter().any(|package| is_below(class, package))
    }
}

/// Whether a dotted name is a package or lies below it.
pub fn is_below(name: &str, package: &str) -> bool {
    name.strip_prefix(package)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The owner of one class; a signature wins over the app's own packages.
pub fn owner_of(class: &str, matcher: &Matcher<'_>, own: &OwnPackages) -> ClassOwner {
    match matcher.owner_of_class(class) {
        Some(owner) if owner.exclusive => ClassOwner::Signature(owner.signature),
        Some(owner) => ClassOwner::Shared(owner.signature),
        None if own.contains(class) => ClassOwner::App,
        None => ClassOwner::Unidentified,
    }
}

/// The prefix under which unidentified code is listed: three labels below the
/// usual top-level domains (`com.foo.bar`), else the first label, because
/// renamed packages (`a.b.c`) have no vendor in their name.
pub fn listing_prefix(class: &str) -> &str {
    let package = class.rsplit_once('.').map_or("", |(package, _)| package);
    let first = package.split('.').next().unwrap_or(package);
    let is_domain = matches!(
        first,
        "com"
            | "org"
            | "net"
            | "edu"
            | "gov"
            | "info"
            | "biz"
            | "name"
            | "mobi"
            | "app"
            | "dev"
            | "github"
    ) || first.len() == 2;
    let labels = if is_domain { 3 } else { 1 };
    let end = package
        .match_indices('.')
        .nth(labels - 1)
        .map_or(package.len(), |(at, _)| at);
    &package[..end]
}

/// Whether findings and reports treat code of this kind as an SDK's.
pub fn counts_as_sdk(kind: Kind) -> bool {
    matches!(kind, Kind::Sdk | Kind::Packer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_boundaries_are_respected() {
        assert!(is_below("com.foo.A", "com.foo"));
        assert!(!is_below("com.foobar.A", "com.foo"));
    }

    #[test]
    fn unidentified_code_is_listed_by_vendor_or_by_its_root() {
        for (class, prefix) in [
            ("com.foo.bar.baz.A", "com.foo.bar"),
            ("com.foo.A", "com.foo"),
            ("a.b.c.A", "a"),
            ("cn.foo.bar.baz.A", "cn.foo.bar"),
            ("A", ""),
        ] {
            assert_eq!(listing_prefix(class), prefix);
        }
    }
}
