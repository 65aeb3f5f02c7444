//! Rows of `vocabulary/sources.toml`: what yields personal data.

use serde::{Deserialize, Serialize};

/// APIs, keys or paths of one kind that yield the same data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What the members are.
    pub kind: SourceKind,
    /// Descriptor of the declaring class of methods and fields, and of the
    /// `Settings` class of keys; empty elsewhere.
    #[serde(default)]
    pub class: String,
    /// What a use of a member means.
    #[serde(default)]
    pub role: SourceRole,
    /// Methods with their prototype (without one any overload counts), fields
    /// as `NAME:type`, else constants.
    pub members: Vec<String>,
    /// Ids of `data-types.toml`; empty where a constant decides.
    #[serde(default)]
    pub data_types: Vec<String>,
    /// Permissions that are all needed.
    #[serde(default)]
    pub all_of: Vec<String>,
    /// Permissions of which one is needed.
    #[serde(default)]
    pub any_of: Vec<String>,
    /// What later Android versions took away.
    #[serde(default)]
    pub restrictions: Vec<Restriction>,
    /// A remark for the reader.
    #[serde(default)]
    pub note: String,
    /// Source ids (`sdk-signatures/LICENSES.md`).
    #[serde(default)]
    pub sources: Vec<String>,
}

/// What a source is.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// A method.
    #[default]
    Method,
    /// A field.
    Field,
    /// A key of a `Settings` class.
    Setting,
    /// A system property.
    Property,
    /// A content URI.
    Uri,
    /// A file or folder.
    Path,
    /// A command that is executed.
    Command,
    /// The name of a class, method or field that is reached by reflection.
    Reflection,
    /// An intent action: a broadcast, or the service behind it.
    Action,
    /// A property of `MediaDrm`.
    DrmProperty,
    /// A symbol that a native library imports.
    NativeImport,
}

/// What the use of a source means.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum SourceRole {
    /// Its result is the data.
    #[default]
    Return,
    /// Reads from an object that another source returned.
    Getter,
    /// A constant argument decides what is read.
    Keyed,
    /// The data is a parameter of the method that the app overrides.
    CallbackParameter,
    /// Registers such a method.
    CallbackRegistration,
    /// Data only under a condition, such as another app's package name.
    Conditional,
    /// Another SDK's API gives the data.
    SdkApi,
    /// Where data lies, not the data.
    Path,
    /// A native library that may read it.
    Enabler,
}

/// What an Android version took away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restriction {
    /// First API level.
    pub from: u8,
    /// Whose API level.
    pub of: LevelOf,
    /// What happens from there on.
    pub effect: Effect,
    /// Of [`Effect::Needs`] and [`Effect::Replaces`]: one of these is needed; of the others: with one of
    /// these the restriction does not hold.
    #[serde(default)]
    pub permissions: Vec<String>,
}

/// Whose API level decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LevelOf {
    /// That of the device.
    Device,
    /// The app's `targetSdkVersion`, on devices of that level or later.
    Target,
}

/// What a restriction does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// An exception, null or nothing.
    Denied,
    /// The same value on every device.
    Constant,
    /// Less than before.
    Narrowed,
    /// A further permission is needed.
    Needs,
    /// Another permission is needed instead of those of `all_of`.
    Replaces,
}

/// `vocabulary/sources.toml`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceFile {
    /// `[[source]]` tables.
    pub source: Vec<Source>,
}
