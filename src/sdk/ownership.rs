//! Who owns each class: the app, one signature, or nobody that is known.

use super::defined::DefinedClasses;
use super::matcher::{Matcher, Owner, SignatureIndex};
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
/// classes, and packages of manifest components that no signature owns. A
/// class that is only named proves nothing, so components count only when they
/// are defined; and no package as wide as a namespace that unrelated parties
/// share ever counts (`com`, `com.github`).
#[derive(Debug, Clone, Default)]
pub struct OwnPackages {
    /// None lies below another, in the order of [`labels`].
    outermost: Vec<String>,
}

impl OwnPackages {
    /// Reads them off the manifest. `defined` has looked the manifest's class
    /// names up.
    pub fn of(app: &App<'_>, matcher: &Matcher<'_>, defined: &DefinedClasses<'_>) -> Self {
        let Some(manifest) = &app.manifest else {
            return Self::default();
        };
        let of_components = manifest
            .components
            .iter()
            .flat_map(|component| match component.kind {
                ComponentKind::ActivityAlias => component.target_activity.as_deref(),
                _ => Some(component.name.as_str()),
            });
        let of_classes = manifest
            .application_class
            .as_deref()
            .into_iter()
            .chain(of_components)
            .filter(|class| defined.contains(class) && matcher.owner_of_class(class).is_none())
            .filter_map(|class| class.rsplit_once('.').map(|(package, _)| package))
            .filter(|package| owner_root(package).is_some());
        Self::outermost(of_classes.chain(owner_root(&manifest.package)))
    }

    /// Drops what lies below another package and so adds nothing.
    fn outermost<'p>(packages: impl Iterator<Item = &'p str>) -> Self {
        let mut packages: Vec<&str> = packages.collect();
        packages.sort_by(|a, b| labels(a).cmp(labels(b)));
        let mut outermost: Vec<String> = Vec::new();
        for package in packages {
            // What lies below a package follows it at once in this order.
            if !outermost.last().is_some_and(|last| is_below(package, last)) {
                outermost.push(package.to_owned());
            }
        }
        Self { outermost }
    }

    /// Whether a dotted class name lies in them. The only candidate is the last
    /// package that does not come after the class.
    pub fn contains(&self, class: &str) -> bool {
        let after = self
            .outermost
            .partition_point(|package| labels(package).le(labels(class)));
        let candidate = after.checked_sub(1).and_then(|at| self.outermost.get(at));
        candidate.is_some_and(|package| is_below(class, package))
    }
}

/// Sort key by which a package comes right before all that lies below it: the
/// dot ranks below every other byte.
fn labels(name: &str) -> impl Iterator<Item = u16> + '_ {
    name.bytes().map(|byte| match byte {
        b'.' => 0,
        other => u16::from(other) + 1,
    })
}

/// Namespaces in which the second label names a host of other people's
/// projects, not the owner; the third one does. Code hosts give each account
/// such a name (Maven Central's rule for `io.github.user`), and the Apache and
/// Eclipse foundations each project.
const HOSTING_NAMESPACES: [&str; 13] = [
    "com.bitbucket",
    "com.gitee",
    "com.github",
    "com.gitlab",
    "com.googlecode",
    "io.bitbucket",
    "io.gitee",
    "io.github",
    "io.gitlab",
    "net.sourceforge",
    "org.apache",
    "org.bitbucket",
    "org.eclipse",
];

/// Second-level labels below which country registries hand out names
/// (`cn.com.example`, `uk.co.example`).
const REGISTRY_LABELS: [&str; 9] = ["ac", "co", "com", "edu", "gov", "ne", "net", "or", "org"];

/// The part of a package that names its owner: two labels, or three below a
/// shared namespace. `None` when the package has fewer.
fn owner_root(package: &str) -> Option<&str> {
    let mut ends = package
        .match_indices('.')
        .map(|(at, _)| at)
        .chain([package.len()]);
    let first = package.get(..ends.next()?)?;
    let second_end = ends.next()?;
    let two = package.get(..second_end)?;
    let second = two.get(first.len() + 1..)?;
    let is_registry = first.len() == 2 && REGISTRY_LABELS.contains(&second);
    if is_registry || HOSTING_NAMESPACES.contains(&two) {
        package.get(..ends.next()?)
    } else {
        Some(two)
    }
}

/// Whether a dotted name is a package or lies below it.
pub fn is_below(name: &str, package: &str) -> bool {
    name.strip_prefix(package)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The owner of one class; `matched` is what the matcher says of it, and a
/// signature wins over the app's own packages.
pub fn owner_of(class: &str, matched: Option<&Owner<'_>>, own: &OwnPackages) -> ClassOwner {
    match matched {
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

#[cfg(test)]
mod tests {
    use super::super::testing::{app, base, declare};
    use super::*;

    fn own(app: &App<'_>) -> OwnPackages {
        let base = base(&[]);
        OwnPackages::of(
            app,
            &Matcher::compile(&base),
            &DefinedClasses::of_manifest(app),
        )
    }

    #[test]
    fn a_component_makes_its_package_own_only_where_it_is_defined() {
        let mut app = app("com.x.y", &["com.helper.pkg.Main"]);
        declare(&mut app, ComponentKind::Activity, "com.helper.pkg.Main");
        declare(&mut app, ComponentKind::Receiver, "com.evil.sdk.Nope");
        let own = own(&app);
        assert!(own.contains("com.helper.pkg.sub.A") && own.contains("com.x.z.A"));
        assert!(!own.contains("com.helper.A") && !own.contains("com.evil.sdk.A"));
    }

    #[test]
    fn no_component_or_package_makes_a_shared_namespace_own() {
        let mut wide = app("com", &["com.X", "io.github.X"]);
        declare(&mut wide, ComponentKind::Activity, "com.X");
        declare(&mut wide, ComponentKind::Activity, "io.github.X");
        let own = own(&wide);
        assert!(!own.contains("com.evil.A") && !own.contains("com.X"));
        assert!(!own.contains("io.github.vendor.A"));
    }

    #[test]
    fn owners_stand_in_the_second_label_or_below_a_shared_namespace_in_the_third() {
        for (package, root) in [
            ("com.example.shop", Some("com.example")),
            ("com.github.me.app", Some("com.github.me")),
            ("cn.com.bank", Some("cn.com.bank")),
            ("cn.comet.app", Some("cn.comet")),
            ("com.github", None),
            ("com", None),
            ("", None),
        ] {
            assert_eq!(owner_root(package), root, "{package}");
        }
    }

    #[test]
    fn names_that_sort_between_a_package_and_its_classes_do_not_hide_it() {
        let own = OwnPackages::outermost(
            [
                "com.foo",
                "com.foo-bar",
                "com.foo!",
                "com.foo.sub",
                "com.foo\0.x",
            ]
            .into_iter(),
        );
        for class in ["com.foo.A", "com.foo.sub.A", "com.foo-bar.A", "com.foo!.A"] {
            assert!(own.contains(class), "{class}");
        }
        assert!(!own.contains("com.fo.A") && !own.contains("com.foobar.A"));
        assert_eq!(own.outermost.len(), 4);
    }

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
