//! The manifest of an app as a typed model.
//!
//! Read the way Android's package parser reads it (AOSP
//! `com.android.internal.pm.pkg.parsing.ParsingPackageUtils` and its
//! `Parsed*Utils`), except that nothing is refused: an app that does not
//! install is still reported.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::formats::limits::{
    MAX_MANIFEST_LOOKUP_BYTES, MAX_MANIFEST_LOOKUPS, MAX_PACKAGE_NAME_BYTES,
};
use crate::formats::resources::{Resources, text};
use crate::formats::xml::{Element, Value};
use crate::formats::{Anomaly, AnomalyLog};

/// A manifest.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Manifest {
    /// Package name; empty when the manifest has none.
    pub package: String,
    /// Name of the split, `None` for a base APK.
    pub split: Option<String>,
    /// Split that this configuration split belongs to.
    pub config_for_split: Option<String>,
    /// Whether this is a feature split.
    pub feature_split: bool,
    /// Whether the base cannot work without splits.
    pub split_required: bool,
    /// Version shown to users.
    pub version_name: Option<String>,
    /// `versionCodeMajor << 32 | versionCode` (`PackageInfo.getLongVersionCode`).
    pub version_code: Option<i64>,
    /// UID shared with other apps of the same signer.
    pub shared_user_id: Option<String>,
    /// Lowest API level it installs on; `None` when absent (Android takes 1) or
    /// a codename.
    pub min_sdk: Option<i64>,
    /// API level it was written for; `None` when absent (Android takes `min_sdk`).
    pub target_sdk: Option<i64>,
    /// Highest API level it installs on.
    pub max_sdk: Option<i64>,
    /// API level it was compiled against.
    pub compile_sdk: Option<i64>,
    /// Name shown to users, in the default configuration.
    pub label: Option<String>,
    /// Resource id of that name, for looking it up in a language.
    pub label_resource: Option<u32>,
    /// Fully qualified name of the `Application` class.
    pub application_class: Option<String>,
    /// Fully qualified name of the component factory, which runs before it.
    pub app_component_factory: Option<String>,
    /// Fully qualified name of the class preloaded in the app zygote.
    pub zygote_preload_class: Option<String>,
    /// Fully qualified name of the backup agent.
    pub backup_agent: Option<String>,
    /// Whether the application as a whole is enabled; absent means yes.
    pub enabled: Option<bool>,
    /// Whether it has code of its own; absent means yes.
    pub has_code: Option<bool>,
    /// Whether it can be debugged.
    pub debuggable: bool,
    /// Whether it may be backed up; absent means yes.
    pub allow_backup: Option<bool>,
    /// Whether clear-text traffic is allowed; absent depends on `target_sdk`.
    pub uses_cleartext_traffic: Option<bool>,
    /// Resource id of the network security configuration.
    pub network_security_config: Option<u32>,
    /// Default process of its components.
    pub process: Option<String>,
    /// Requested permissions in order of declaration, one entry per name.
    pub permissions: Vec<UsesPermission>,
    /// Permissions it defines.
    pub defined_permissions: Vec<DefinedPermission>,
    /// Activities, aliases, services, receivers and providers, as declared.
    pub components: Vec<Component>,
    /// `<meta-data>` of the application.
    pub meta_data: Vec<MetaData>,
    /// Required and optional device features.
    pub features: Vec<UsesFeature>,
    /// Apps it wants to see.
    pub queries: Queries,
    /// Java libraries.
    pub uses_libraries: Vec<UsesLibrary>,
    /// Native libraries of the system.
    pub uses_native_libraries: Vec<UsesLibrary>,
    /// Instrumentations (test runners, hooks).
    pub instrumentations: Vec<Instrumentation>,
}

/// `<uses-permission>` or `<uses-permission-sdk-23>`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsesPermission {
    /// Full name.
    pub name: String,
    /// Highest API level at which it is requested; `None` for all.
    pub max_sdk: Option<i64>,
    /// Requested on API 23 and later only (`uses-permission-sdk-23`).
    pub min_sdk_23: bool,
    /// `usesPermissionFlags="neverForLocation"`.
    pub never_for_location: bool,
    /// Features without which the request does not count.
    pub required_features: Vec<String>,
    /// Features with which the request does not count.
    pub required_not_features: Vec<String>,
}

/// `<permission>`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DefinedPermission {
    /// Full name.
    pub name: String,
    /// `signature`, `dangerous|instant`, … as written in sources; `None` when
    /// absent, which means `normal`.
    pub protection_level: Option<String>,
    /// Permission group.
    pub group: Option<String>,
}

/// What a component is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ComponentKind {
    /// `<activity>`.
    Activity,
    /// `<activity-alias>`.
    ActivityAlias,
    /// `<service>`.
    Service,
    /// `<receiver>`.
    Receiver,
    /// `<provider>`.
    Provider,
}

impl ComponentKind {
    /// The element's name.
    pub fn element(self) -> &'static str {
        match self {
            Self::Activity => "activity",
            Self::ActivityAlias => "activity-alias",
            Self::Service => "service",
            Self::Receiver => "receiver",
            Self::Provider => "provider",
        }
    }

    fn of(element: &str) -> Option<Self> {
        [
            Self::Activity,
            Self::ActivityAlias,
            Self::Service,
            Self::Receiver,
            Self::Provider,
        ]
        .into_iter()
        .find(|kind| kind.element() == element)
    }
}

/// A component.
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    /// What it is.
    pub kind: ComponentKind,
    /// Fully qualified class name (of an alias: its own name).
    pub name: String,
    /// Whether it is enabled; absent means yes.
    pub enabled: Option<bool>,
    /// Whether other apps reach it; absent depends on filters and API level.
    pub exported: Option<bool>,
    /// Process, fully qualified where private (`:push` gets the package in front).
    pub process: Option<String>,
    /// Permission that callers need.
    pub permission: Option<String>,
    /// Authorities of a provider.
    pub authorities: Vec<String>,
    /// Fully qualified class behind an alias.
    pub target_activity: Option<String>,
    /// `android:initOrder` of a provider: higher starts earlier.
    pub init_order: Option<i64>,
    /// Intent filters.
    pub intent_filters: Vec<IntentFilter>,
    /// `<meta-data>` of the component.
    pub meta_data: Vec<MetaData>,
}

/// `<intent-filter>`, or `<intent>` of queries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IntentFilter {
    /// Action names.
    pub actions: Vec<String>,
    /// Category names.
    pub categories: Vec<String>,
    /// Data specifications.
    pub data: Vec<IntentData>,
    /// Priority, 0 when absent.
    pub priority: i64,
}

/// `<data>` of an intent filter; what is absent matches anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IntentData {
    /// URI scheme.
    pub scheme: Option<String>,
    /// URI host.
    pub host: Option<String>,
    /// URI port.
    pub port: Option<String>,
    /// URI path: literal, prefix or pattern.
    pub path: Option<String>,
    /// MIME type.
    pub mime_type: Option<String>,
}

/// `<meta-data>`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MetaData {
    /// Key.
    pub name: String,
    /// `android:value` as text, references resolved.
    pub value: Option<String>,
    /// Id of `android:resource`, or of `android:value` where it is a reference.
    pub resource: Option<u32>,
}

/// `<uses-feature>`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsesFeature {
    /// Feature name, `None` for an OpenGL ES version.
    pub name: Option<String>,
    /// OpenGL ES version, major in the upper 16 bits.
    pub gl_es_version: Option<i64>,
    /// Whether the app cannot do without it.
    pub required: bool,
}

/// `<uses-library>`, `<uses-static-library>`, `<uses-sdk-library>`,
/// `<uses-native-library>`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsesLibrary {
    /// Library name.
    pub name: String,
    /// Whether the app cannot do without it.
    pub required: bool,
    /// Version, for static and SDK libraries.
    pub version: Option<i64>,
}

/// `<instrumentation>`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Instrumentation {
    /// Fully qualified class name.
    pub name: String,
    /// Package it runs in.
    pub target_package: Option<String>,
}

/// `<queries>`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queries {
    /// Package names.
    pub packages: Vec<String>,
    /// Intents.
    pub intents: Vec<IntentFilter>,
    /// Provider authorities.
    pub provider_authorities: Vec<String>,
}

impl Manifest {
    /// Adds what a split or a feature module declares to the base: Android
    /// merges components, permissions and meta-data of all installed splits.
    pub fn absorb(&mut self, split: Self) {
        for permission in split.permissions {
            if !self.permissions.iter().any(|known| known.name == permission.name) {
                self.permissions.push(permission);
            }
        }
        for component in split.components {
            if !self.components.iter().any(|known| known.kind == component.kind && known.name == component.name) {
                self.components.push(component);
            }
        }
        for entry in split.meta_data {
            if !self.meta_data.contains(&entry) {
                self.meta_data.push(entry);
            }
        }
        for feature in split.features {
            if !self.features.contains(&feature) {
                self.features.push(feature);
            }
        }
        self.defined_permissions.extend(split.defined_permissions);
        self.uses_libraries.extend(split.uses_libraries);
        self.uses_native_libraries.extend(split.uses_native_libraries);
    }

    /// Reads a decoded manifest. `resources` resolves references; those that it
    /// does not know are left out and noted. Without it all are left out.
    pub fn from_element(root: &Element, resources: Option<&dyn Resources>) -> (Self, Vec<Anomaly>) {
        let package = plain_text(root, "package").unwrap_or_default();
        let reader = Reader {
            class_package: relative_base(&package),
            lookups: RefCell::new(Lookups::new(resources)),
        };
        let mut manifest = Self {
            package,
            ..Self::default()
        };
        reader.note_root(root, &manifest.package);
        manifest.read_root(root, &reader);
        let mut applications = 0usize;
        for child in &root.children {
            if child.name == "application" {
                applications += 1;
                if applications > 1 {
                    reader.note(
                        "manifest-repeated-application",
                        child,
                        "only the first <application> counts on Android",
                    );
                    continue;
                }
            }
            manifest.read_top_level(child, &reader);
        }
        manifest.merge_permissions();
        manifest.fall_back_to_launcher_label(root, &reader);
        (manifest, reader.lookups.into_inner().log.finish())
    }

    /// Components of a kind.
    pub fn components_of(&self, kind: ComponentKind) -> impl Iterator<Item = &Component> {
        self.components.iter().filter(move |c| c.kind == kind)
    }

    /// Classes of the activities that a launcher shows, aliases resolved.
    pub fn launcher_classes(&self) -> impl Iterator<Item = &str> {
        self.components
            .iter()
            .filter(|component| {
                component
                    .intent_filters
                    .iter()
                    .any(IntentFilter::is_launcher)
            })
            .map(|component| {
                component
                    .target_activity
                    .as_ref()
                    .unwrap_or(&component.name)
            })
            .map(String::as_str)
    }

    fn read_root(&mut self, root: &Element, reader: &Reader<'_>) {
        self.split = reader.string(root, "split").filter(|name| !name.is_empty());
        self.config_for_split = reader.string(root, "configForSplit");
        self.feature_split = reader.boolean(root, "isFeatureSplit").unwrap_or(false);
        self.split_required = reader.boolean(root, "isSplitRequired").unwrap_or(false)
            || reader.string(root, "requiredSplitTypes").is_some();
        self.version_name = reader.string(root, "versionName");
        self.version_code = version_code(
            reader.integer(root, "versionCode"),
            reader.integer(root, "versionCodeMajor"),
        );
        self.shared_user_id = reader.string(root, "sharedUserId");
        self.compile_sdk = reader.integer(root, "compileSdkVersion");
    }

    /// `ParsingPackageUtils.parseBaseApkTags`.
    fn read_top_level(&mut self, element: &Element, reader: &Reader<'_>) {
        match element.name.as_str() {
            "application" => self.read_application(element, reader),
            "uses-permission" | "uses-permission-sdk-m" | "uses-permission-sdk-23" => {
                self.permissions.extend(reader.uses_permission(element));
            }
            "permission" => self
                .defined_permissions
                .extend(reader.defined_permission(element)),
            "uses-sdk" => self.read_uses_sdk(element, reader),
            "uses-feature" => self.features.push(reader.uses_feature(element)),
            "feature-group" => {
                let features = element.named("uses-feature");
                self.features
                    .extend(features.map(|f| reader.uses_feature(f)));
            }
            "queries" => self.read_queries(element, reader),
            "instrumentation" => self.instrumentations.push(Instrumentation {
                name: reader.class(element, "name").unwrap_or_default(),
                target_package: reader.string(element, "targetPackage"),
            }),
            _ => {}
        }
    }

    /// Each `<uses-sdk>` overrides what the ones before it said.
    fn read_uses_sdk(&mut self, element: &Element, reader: &Reader<'_>) {
        for (name, field) in [
            ("minSdkVersion", &mut self.min_sdk),
            ("targetSdkVersion", &mut self.target_sdk),
            ("maxSdkVersion", &mut self.max_sdk),
        ] {
            let Some(value) = reader.integer(element, name) else {
                continue;
            };
            if field.is_some_and(|previous| previous != value) {
                reader.note(
                    "manifest-repeated-uses-sdk",
                    element,
                    format_args!("{name} is declared more than once; the last one counts"),
                );
            }
            *field = Some(value);
        }
    }

    fn read_application(&mut self, element: &Element, reader: &Reader<'_>) {
        if let Some(Value::Reference(id)) = element.android("label") {
            self.label_resource = Some(*id);
        }
        self.label = reader.string(element, "label");
        self.application_class = reader.class(element, "name");
        self.app_component_factory = reader.class(element, "appComponentFactory");
        self.zygote_preload_class = reader.class(element, "zygotePreloadName");
        self.backup_agent = reader.class(element, "backupAgent");
        self.enabled = reader.boolean(element, "enabled");
        self.has_code = reader.boolean(element, "hasCode");
        self.debuggable = reader.boolean(element, "debuggable").unwrap_or(false);
        self.allow_backup = reader.boolean(element, "allowBackup");
        self.uses_cleartext_traffic = reader.boolean(element, "usesCleartextTraffic");
        if let Some(Value::Reference(id)) = element.android("networkSecurityConfig") {
            self.network_security_config = Some(*id);
        }
        self.process = reader.process(element);
        for child in &element.children {
            self.read_application_child(child, reader);
        }
    }

    fn read_application_child(&mut self, element: &Element, reader: &Reader<'_>) {
        match element.name.as_str() {
            "meta-data" => self.meta_data.extend(reader.meta_data(element)),
            "uses-library" | "uses-static-library" | "uses-sdk-library" => {
                self.uses_libraries.extend(reader.uses_library(element));
            }
            "uses-native-library" => {
                self.uses_native_libraries
                    .extend(reader.uses_library(element));
            }
            "uses-permission" | "uses-permission-sdk-23" | "uses-sdk" | "permission" => reader
                .note(
                    "manifest-misplaced-element",
                    element,
                    format_args!(
                        "<{}> inside <application> has no effect on Android",
                        element.name
                    ),
                ),
            name => {
                if let Some(kind) = ComponentKind::of(name) {
                    self.components.push(reader.component(kind, element));
                }
            }
        }
    }

    fn read_queries(&mut self, element: &Element, reader: &Reader<'_>) {
        for child in &element.children {
            match child.name.as_str() {
                "package" => self.queries.packages.extend(reader.string(child, "name")),
                "intent" => self.queries.intents.push(reader.intent_filter(child)),
                "provider" => self
                    .queries
                    .provider_authorities
                    .extend(reader.authorities(child)),
                _ => {}
            }
        }
    }

    /// One entry per permission: requests add up, so the widest one counts.
    fn merge_permissions(&mut self) {
        let mut place: BTreeMap<String, usize> = BTreeMap::new();
        let mut merged: Vec<UsesPermission> = Vec::with_capacity(self.permissions.len());
        for request in std::mem::take(&mut self.permissions) {
            match place.get(&request.name).and_then(|at| merged.get_mut(*at)) {
                Some(known) => known.widen(request),
                None => {
                    place.insert(request.name.clone(), merged.len());
                    merged.push(request);
                }
            }
        }
        self.permissions = merged;
    }

    /// An application without a label is shown under that of its launcher
    /// activity.
    fn fall_back_to_launcher_label(&mut self, root: &Element, reader: &Reader<'_>) {
        if self.label.is_some() || self.label_resource.is_some() {
            return;
        }
        let launcher = root
            .named("application")
            .flat_map(|application| &application.children)
            .filter(|child| matches!(child.name.as_str(), "activity" | "activity-alias"))
            .find(|child| {
                let mut filters = child.named("intent-filter");
                filters.any(|filter| reader.intent_filter(filter).is_launcher())
            });
        if let Some(activity) = launcher {
            self.label = reader.string(activity, "label");
            if let Some(Value::Reference(id)) = activity.android("label") {
                self.label_resource = Some(*id);
            }
        }
    }
}

impl UsesPermission {
    fn widen(&mut self, other: Self) {
        self.max_sdk = match (self.max_sdk, other.max_sdk) {
            (Some(a), Some(b)) => Some(a.max(b)),
            _ => None,
        };
        self.min_sdk_23 &= other.min_sdk_23;
        self.never_for_location &= other.never_for_location;
        if other.required_features.is_empty() {
            self.required_features.clear();
        }
        if other.required_not_features.is_empty() {
            self.required_not_features.clear();
        }
    }
}

impl IntentFilter {
    /// Whether a launcher shows the activity (`MAIN` with `LAUNCHER`, or the
    /// television's own launcher).
    pub fn is_launcher(&self) -> bool {
        self.actions
            .iter()
            .any(|a| a == "android.intent.action.MAIN")
            && self.categories.iter().any(|category| {
                matches!(
                    category.as_str(),
                    "android.intent.category.LAUNCHER"
                        | "android.intent.category.LEANBACK_LAUNCHER"
                )
            })
    }
}

/// The text of a root attribute that Android looks up by name and without
/// namespace (`ApkLiteParseUtils.parsePackageSplitNames`).
fn plain_text(root: &Element, name: &str) -> Option<String> {
    root.plain(name)
        .or_else(|| root.android(name))
        .and_then(text)
}

/// Both halves are unsigned 32-bit numbers in one signed 64-bit one.
fn version_code(minor: Option<i64>, major: Option<i64>) -> Option<i64> {
    const LOW: i64 = 0xffff_ffff;
    match (minor, major) {
        (None, None) => None,
        (minor, major) => Some((major.unwrap_or(0) & LOW) << 32 | minor.unwrap_or(0) & LOW),
    }
}

/// The package as put before relative class names; a name that no device
/// accepts is not, because every component would repeat it.
fn relative_base(package: &str) -> String {
    if package.len() <= MAX_PACKAGE_NAME_BYTES {
        package.to_owned()
    } else {
        String::new()
    }
}

/// Resolves references of one manifest, with a budget.
struct Lookups<'r> {
    resources: Option<&'r dyn Resources>,
    left: usize,
    bytes_left: usize,
    log: AnomalyLog,
}

impl<'r> Lookups<'r> {
    fn new(resources: Option<&'r dyn Resources>) -> Self {
        Self {
            resources,
            left: MAX_MANIFEST_LOOKUPS,
            bytes_left: MAX_MANIFEST_LOOKUP_BYTES,
            log: AnomalyLog::new(),
        }
    }

    fn value(&mut self, id: u32) -> Option<Value> {
        if self.left == 0 || self.bytes_left == 0 {
            self.log.note(
                "manifest-too-many-references",
                "",
                "further references to resources were not resolved",
            );
            return None;
        }
        self.left -= 1;
        let value = self.resources?.value(id);
        match &value {
            Some(Value::String(text)) => {
                self.bytes_left = self.bytes_left.saturating_sub(text.len());
            }
            Some(_) => {}
            // Package 1 is the framework, which is not part of the app.
            None if id >> 24 != 1 => self.log.note(
                "manifest-unresolved-reference",
                format_args!("@{id:#010x}"),
                format_args!("the resource table has no value for {id:#010x}"),
            ),
            None => {}
        }
        value
    }
}

/// What reading an element needs besides the element.
struct Reader<'r> {
    /// Put before relative class names.
    class_package: String,
    lookups: RefCell<Lookups<'r>>,
}

impl Reader<'_> {
    fn note(&self, code: &'static str, element: &Element, message: impl std::fmt::Display) {
        self.lookups.borrow_mut().log.note(
            code,
            format_args!("<{}> line {}", element.name, element.line),
            message,
        );
    }

    fn note_root(&self, root: &Element, package: &str) {
        if root.name != "manifest" {
            self.note(
                "manifest-root",
                root,
                format_args!("the root element is <{}> instead of <manifest>", root.name),
            );
        }
        if package.is_empty() {
            self.note("manifest-no-package", root, "the manifest names no package");
        } else if package.len() > MAX_PACKAGE_NAME_BYTES {
            self.note(
                "manifest-package-name",
                root,
                format_args!("the package name is {} bytes long", package.len()),
            );
        }
    }

    /// An attribute with references resolved.
    fn value(&self, element: &Element, name: &str) -> Option<Value> {
        match element.android(name)? {
            Value::Reference(id) => self.lookups.borrow_mut().value(*id),
            Value::Null => None,
            value => Some(value.clone()),
        }
    }

    fn string(&self, element: &Element, name: &str) -> Option<String> {
        self.value(element, name).as_ref().and_then(text)
    }

    /// `TypedArray.getBoolean`: numbers count as their truth.
    fn boolean(&self, element: &Element, name: &str) -> Option<bool> {
        match self.value(element, name)? {
            Value::Boolean(truth) => Some(truth),
            Value::Integer(number) => Some(number != 0),
            Value::String(text) => match text.trim() {
                "true" | "TRUE" | "1" => Some(true),
                "false" | "FALSE" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// A number, also one written as text (decimal or `0x…`).
    fn integer(&self, element: &Element, name: &str) -> Option<i64> {
        match self.value(element, name)? {
            Value::Integer(number) => Some(number),
            Value::Boolean(truth) => Some(i64::from(truth)),
            Value::String(text) => {
                let text = text.trim();
                match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
                    Some(digits) => i64::from_str_radix(digits, 16).ok(),
                    None => text.parse().ok(),
                }
            }
            _ => None,
        }
    }

    /// `ParsingUtils.buildClassName`: a name that starts with a dot or has none
    /// belongs to the package.
    fn class(&self, element: &Element, name: &str) -> Option<String> {
        let class = self
            .string(element, name)
            .filter(|class| !class.is_empty())?;
        if self.class_package.is_empty() {
            return Some(class);
        }
        Some(if class.starts_with('.') {
            format!("{}{class}", self.class_package)
        } else if class.contains('.') {
            class
        } else {
            format!("{}.{class}", self.class_package)
        })
    }

    /// A process name that starts with a colon is private to the package.
    fn process(&self, element: &Element) -> Option<String> {
        let process = self.string(element, "process")?;
        Some(if process.starts_with(':') {
            format!("{}{process}", self.class_package)
        } else {
            process
        })
    }

    fn uses_permission(&self, element: &Element) -> Option<UsesPermission> {
        /// `AndroidManifestUsesPermission_usesPermissionFlags`.
        const NEVER_FOR_LOCATION: i64 = 0x0001_0000;
        let name = self.string(element, "name").filter(|name| !name.is_empty());
        let Some(name) = name else {
            self.note(
                "manifest-permission-without-name",
                element,
                "a permission request names no permission",
            );
            return None;
        };
        let features = |kind: &str, attribute: &str| {
            let children = element.named(kind).filter_map(|f| self.string(f, "name"));
            self.string(element, attribute)
                .into_iter()
                .chain(children)
                .collect()
        };
        Some(UsesPermission {
            name,
            max_sdk: self.integer(element, "maxSdkVersion"),
            min_sdk_23: element.name != "uses-permission",
            never_for_location: self
                .integer(element, "usesPermissionFlags")
                .is_some_and(|flags| flags & NEVER_FOR_LOCATION != 0),
            required_features: features("required-feature", "requiredFeature"),
            required_not_features: features("required-not-feature", "requiredNotFeature"),
        })
    }

    fn defined_permission(&self, element: &Element) -> Option<DefinedPermission> {
        Some(DefinedPermission {
            name: self.string(element, "name")?,
            protection_level: self.value(element, "protectionLevel").and_then(
                |value| match value {
                    Value::Integer(level) => Some(protection_level(level)),
                    value => text(&value),
                },
            ),
            group: self.string(element, "permissionGroup"),
        })
    }

    fn component(&self, kind: ComponentKind, element: &Element) -> Component {
        let name = self.class(element, "name").unwrap_or_else(|| {
            self.note(
                "manifest-component-without-name",
                element,
                "a component names no class",
            );
            String::new()
        });
        Component {
            kind,
            name,
            enabled: self.boolean(element, "enabled"),
            exported: self.boolean(element, "exported"),
            process: self.process(element),
            permission: self.string(element, "permission"),
            authorities: self.authorities(element),
            target_activity: self.class(element, "targetActivity"),
            init_order: self.integer(element, "initOrder"),
            intent_filters: element
                .named("intent-filter")
                .map(|filter| self.intent_filter(filter))
                .collect(),
            meta_data: element
                .named("meta-data")
                .filter_map(|data| self.meta_data(data))
                .collect(),
        }
    }

    fn authorities(&self, element: &Element) -> Vec<String> {
        let authorities = self.string(element, "authorities").unwrap_or_default();
        authorities
            .split(';')
            .filter(|authority| !authority.is_empty())
            .map(str::to_owned)
            .collect()
    }

    fn intent_filter(&self, element: &Element) -> IntentFilter {
        let names = |kind| {
            element
                .named(kind)
                .filter_map(|child| self.string(child, "name"))
                .collect()
        };
        IntentFilter {
            actions: names("action"),
            categories: names("category"),
            data: element
                .named("data")
                .map(|data| self.intent_data(data))
                .collect(),
            priority: self.integer(element, "priority").unwrap_or(0),
        }
    }

    fn intent_data(&self, element: &Element) -> IntentData {
        const PATHS: [&str; 5] = [
            "path",
            "pathPrefix",
            "pathPattern",
            "pathSuffix",
            "pathAdvancedPattern",
        ];
        IntentData {
            scheme: self.string(element, "scheme"),
            host: self.string(element, "host"),
            port: self.string(element, "port"),
            path: PATHS.iter().find_map(|path| self.string(element, path)),
            mime_type: self.string(element, "mimeType"),
        }
    }

    fn meta_data(&self, element: &Element) -> Option<MetaData> {
        let reference = |name| match element.android(name) {
            Some(Value::Reference(id)) => Some(*id),
            _ => None,
        };
        let Some(name) = self.string(element, "name") else {
            self.note(
                "manifest-meta-data-without-name",
                element,
                "meta-data without a name was left out",
            );
            return None;
        };
        Some(MetaData {
            name,
            value: self.string(element, "value"),
            resource: reference("resource").or_else(|| reference("value")),
        })
    }

    fn uses_feature(&self, element: &Element) -> UsesFeature {
        UsesFeature {
            name: self.string(element, "name"),
            gl_es_version: self.integer(element, "glEsVersion"),
            required: self.boolean(element, "required").unwrap_or(true),
        }
    }

    fn uses_library(&self, element: &Element) -> Option<UsesLibrary> {
        Some(UsesLibrary {
            name: self.string(element, "name")?,
            required: self.boolean(element, "required").unwrap_or(true),
            version: self
                .integer(element, "version")
                .or_else(|| self.integer(element, "versionMajor")),
        })
    }
}

/// `PermissionInfo.protectionToString`: base level in the low four bits, then
/// flags.
fn protection_level(level: i64) -> String {
    const FLAGS: [(i64, &str); 22] = [
        (0x10, "privileged"),
        (0x20, "development"),
        (0x40, "appop"),
        (0x80, "pre23"),
        (0x100, "installer"),
        (0x200, "verifier"),
        (0x400, "preinstalled"),
        (0x800, "setup"),
        (0x1000, "instant"),
        (0x2000, "runtime"),
        (0x4000, "oem"),
        (0x8000, "vendorPrivileged"),
        (0x1_0000, "textClassifier"),
        (0x8_0000, "configurator"),
        (0x10_0000, "incidentReportApprover"),
        (0x20_0000, "appPredictor"),
        (0x40_0000, "module"),
        (0x80_0000, "companion"),
        (0x100_0000, "retailDemo"),
        (0x200_0000, "recents"),
        (0x400_0000, "role"),
        (0x800_0000, "knownSigner"),
    ];
    let base = match level & 0xf {
        0 => "normal",
        1 => "dangerous",
        2 => "signature",
        3 => "signatureOrSystem",
        4 => "internal",
        _ => "unknown",
    };
    let flags = FLAGS.iter().filter(|(flag, _)| level & flag != 0);
    flags.fold(base.to_owned(), |text, (_, name)| text + "|" + name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::text_xml;

    fn manifest(body: &str) -> (Manifest, Vec<Anomaly>) {
        let text = format!(
            r#"<manifest xmlns:android="http://schemas.android.com/apk/res/android"
                package="com.example" {body}</manifest>"#
        );
        let (root, _) = text_xml::parse(text.as_bytes()).unwrap();
        Manifest::from_element(&root, None)
    }

    /// `0x7f010000` is "text", `0x7f010001` is 30, anything else is unknown.
    struct TwoResources;

    impl Resources for TwoResources {
        fn value(&self, id: u32) -> Option<Value> {
            match id {
                0x7f01_0000 => Some(Value::String("text".to_owned())),
                0x7f01_0001 => Some(Value::Integer(30)),
                _ => None,
            }
        }
    }

    fn attribute(name: &str, value: Value) -> crate::formats::xml::Attribute {
        crate::formats::xml::Attribute {
            namespace: crate::formats::xml::ANDROID_NAMESPACE.to_owned(),
            name: name.to_owned(),
            resource_id: None,
            value,
        }
    }

    #[test]
    fn class_names_are_completed_with_the_package() {
        let (manifest, anomalies) = manifest(
            r#"><application android:name="App">
                <activity android:name=".Main"/>
                <activity-alias android:name="Alias" android:targetActivity=".Main"/>
                <service android:name="cn.jpush.android.service.PushService" android:process=":push"/>
            </application>"#,
        );
        assert_eq!(anomalies, []);
        assert_eq!(
            manifest.application_class.as_deref(),
            Some("com.example.App")
        );
        let names: Vec<&str> = manifest
            .components
            .iter()
            .map(|c| c.name.as_str())
            .collect();
        assert_eq!(
            names,
            [
                "com.example.Main",
                "com.example.Alias",
                "cn.jpush.android.service.PushService"
            ]
        );
        let alias = &manifest.components[1];
        assert_eq!(alias.target_activity.as_deref(), Some("com.example.Main"));
        let service = &manifest.components[2];
        assert_eq!(service.process.as_deref(), Some("com.example:push"));
    }

    #[test]
    fn the_widest_request_of_a_permission_counts() {
        let (manifest, _) = manifest(
            r#"><uses-permission android:name="A" android:maxSdkVersion="18"/>
                <uses-permission-sdk-23 android:name="B"/>
                <uses-permission android:name="A" android:maxSdkVersion="28"/>
                <uses-permission android:name="B"/>
                <uses-permission android:name="C" android:maxSdkVersion="18"/>
                <uses-permission android:name="C"/>"#,
        );
        let permissions: Vec<_> = manifest
            .permissions
            .iter()
            .map(|p| (p.name.as_str(), p.max_sdk, p.min_sdk_23))
            .collect();
        assert_eq!(
            permissions,
            [
                ("A", Some(28), false),
                ("B", None, false),
                ("C", None, false)
            ]
        );
    }

    #[test]
    fn a_permission_inside_the_application_does_not_count() {
        let (manifest, anomalies) =
            manifest(r#"><application><uses-permission android:name="A"/></application>"#);
        assert_eq!(manifest.permissions, []);
        assert_eq!(anomalies[0].code, "manifest-misplaced-element");
    }

    #[test]
    fn a_second_application_does_not_count() {
        let (manifest, anomalies) = manifest(
            r#"><application android:name="A"/>
                <application android:name="B"><service android:name=".S"/></application>"#,
        );
        assert_eq!(manifest.application_class.as_deref(), Some("com.example.A"));
        assert_eq!(manifest.components, []);
        assert_eq!(anomalies[0].code, "manifest-repeated-application");
    }

    #[test]
    fn the_package_is_the_attribute_without_namespace() {
        let (manifest, _) = manifest(r#"android:package="decoy">"#);
        assert_eq!(manifest.package, "com.example");
    }

    #[test]
    fn the_version_code_has_two_halves() {
        let (manifest, _) = manifest(r#"android:versionCode="7" android:versionCodeMajor="1">"#);
        assert_eq!(manifest.version_code, Some(0x1_0000_0007));
        assert_eq!(version_code(Some(-1), None), Some(0xffff_ffff));
        assert_eq!(version_code(None, None), None);
    }

    #[test]
    fn the_last_declared_sdk_level_counts() {
        let (manifest, anomalies) = manifest(
            r#"><uses-sdk android:minSdkVersion="14"/>
                <uses-sdk android:minSdkVersion="21" android:targetSdkVersion="0x1e"/>"#,
        );
        assert_eq!(
            (manifest.min_sdk, manifest.target_sdk),
            (Some(21), Some(30))
        );
        assert_eq!(anomalies[0].code, "manifest-repeated-uses-sdk");
    }

    #[test]
    fn the_label_of_the_launcher_stands_in_for_that_of_the_application() {
        let (manifest, _) = manifest(
            r#"><application><activity android:name=".Other" android:label="other"/>
                <activity android:name=".Main" android:label="Shown"><intent-filter>
                    <action android:name="android.intent.action.MAIN"/>
                    <category android:name="android.intent.category.LAUNCHER"/>
                </intent-filter></activity></application>"#,
        );
        assert_eq!(manifest.label.as_deref(), Some("Shown"));
        assert_eq!(
            manifest.launcher_classes().collect::<Vec<_>>(),
            ["com.example.Main"]
        );
    }

    #[test]
    fn filters_data_queries_and_libraries_are_read() {
        let (manifest, _) = manifest(
            r#"><queries><package android:name="com.tencent.mm"/>
                <intent><action android:name="V"/><data android:scheme="weixin"/></intent>
                <provider android:authorities="a;b"/></queries>
                <uses-feature android:name="f" android:required="false"/>
                <application><uses-native-library android:name="libx.so"/>
                <receiver android:name=".R"><intent-filter android:priority="1000">
                    <action android:name="cn.jpush.android.intent.REGISTRATION"/>
                    <data android:scheme="http" android:host="h" android:pathPrefix="/p"/>
                </intent-filter><meta-data android:name="k" android:value="v"/></receiver>
                </application>"#,
        );
        assert_eq!(manifest.queries.packages, ["com.tencent.mm"]);
        assert_eq!(manifest.queries.provider_authorities, ["a", "b"]);
        let scheme = &manifest.queries.intents[0].data[0].scheme;
        assert_eq!(scheme.as_deref(), Some("weixin"));
        assert!(!manifest.features[0].required);
        assert_eq!(manifest.uses_native_libraries[0].name, "libx.so");
        let receiver = &manifest.components[0];
        assert_eq!(receiver.intent_filters[0].priority, 1000);
        let path = &receiver.intent_filters[0].data[0].path;
        assert_eq!(path.as_deref(), Some("/p"));
        assert_eq!(receiver.meta_data[0].value.as_deref(), Some("v"));
    }

    #[test]
    fn references_are_resolved_and_unknown_ones_are_noted() {
        let meta = |id| Element {
            name: "meta-data".to_owned(),
            attributes: vec![
                attribute("name", Value::Reference(0x7f01_0000)),
                attribute("value", Value::Reference(id)),
            ],
            ..Element::default()
        };
        let application = Element {
            name: "application".to_owned(),
            children: vec![meta(0x7f01_0001), meta(0x7f02_0000)],
            ..Element::default()
        };
        let root = Element {
            name: "manifest".to_owned(),
            attributes: vec![attribute("package", Value::String("p".to_owned()))],
            children: vec![application],
            ..Element::default()
        };
        let (manifest, anomalies) = Manifest::from_element(&root, Some(&TwoResources));
        assert_eq!(manifest.meta_data[0].name, "text");
        assert_eq!(manifest.meta_data[0].value.as_deref(), Some("30"));
        assert_eq!(manifest.meta_data[0].resource, Some(0x7f01_0001));
        assert_eq!(manifest.meta_data[1].value, None);
        assert_eq!(anomalies.len(), 1);
        assert_eq!(anomalies[0].code, "manifest-unresolved-reference");
    }

    #[test]
    fn protection_levels_are_spelled_out() {
        assert_eq!(protection_level(0x12), "signature|privileged");
        assert_eq!(protection_level(0), "normal");
        assert_eq!(protection_level(0xf), "unknown");
    }

    #[test]
    fn a_hostile_package_name_is_not_repeated_in_every_component() {
        let mut root = Element {
            name: "manifest".to_owned(),
            ..Element::default()
        };
        let package = Value::String("p".repeat(MAX_PACKAGE_NAME_BYTES + 1));
        root.attributes.push(attribute("package", package));
        root.children.push(Element {
            name: "application".to_owned(),
            attributes: vec![attribute("name", Value::String(".App".to_owned()))],
            ..Element::default()
        });
        let (manifest, anomalies) = Manifest::from_element(&root, None);
        assert_eq!(manifest.application_class.as_deref(), Some(".App"));
        assert_eq!(anomalies[0].code, "manifest-package-name");
    }

    #[test]
    fn another_root_element_is_read_as_far_as_it_goes_and_noted() {
        let root = Element {
            name: "LinearLayout".to_owned(),
            ..Element::default()
        };
        let (_, anomalies) = Manifest::from_element(&root, None);
        let codes: Vec<&str> = anomalies.iter().map(|a| a.code).collect();
        assert_eq!(codes, ["manifest-root", "manifest-no-package"]);
    }
}
