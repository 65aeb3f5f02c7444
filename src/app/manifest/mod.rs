//! The manifest of an app as a typed model.
//!
//! Read the way Android's package parser reads it (AOSP
//! `com.android.internal.pm.pkg.parsing.ParsingPackageUtils` and its
//! `Parsed*Utils`), except that nothing is refused: an app that does not
//! install is still reported.

mod read;
#[cfg(test)]
mod tests;

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
