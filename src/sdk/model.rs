//! What detection says about an app, as plain data.

use serde::Serialize;

use super::ownership::ClassOwner;
use super::schema::Confidence;
use crate::app::native::NativeFile;
use crate::formats::Limit;

/// Defined classes by owner.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ClassCounts {
    /// The app's own packages.
    pub app: usize,
    /// Named SDKs and packers.
    pub sdk: usize,
    /// Platform and support code.
    pub platform: usize,
    /// Libraries without data handling.
    pub library: usize,
    /// Third-party code that no signature names.
    pub unidentified: usize,
}

/// Strongest claim that was proved about an SDK (contract, `state`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The manifest or an asset names it; no code was seen.
    #[default]
    Declared,
    /// Its code or native library is in the package.
    Present,
    /// Its code can be reached from an entry point.
    Reachable,
    /// Android starts it without the app: its own provider, startup
    /// initialiser or Application class.
    AutoInitialised,
}

impl State {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Present => "present",
            Self::Reachable => "reachable",
            Self::AutoInitialised => "auto-initialised",
        }
    }
}

/// The kind of a piece of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// Defined marker class.
    Class,
    /// Defined classes below a package prefix.
    ClassPrefix,
    /// Exported native symbol.
    NativeSymbol,
    /// Native library file name or soname.
    NativeLibrary,
    /// Component declared in the manifest.
    Component,
    /// `<meta-data>` name.
    MetaData,
    /// Asset path.
    Asset,
    /// Custom permission.
    Permission,
    /// Intent-filter action.
    Action,
    /// String constant.
    String,
    /// Host in a string constant.
    Host,
    /// Code profile of an obfuscated copy.
    Profile,
    /// A place in code that reads data, or starts an SDK.
    CallSite,
    /// Methods from an entry point to a call site.
    CallPath,
}

impl EvidenceKind {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::ClassPrefix => "class-prefix",
            Self::NativeSymbol => "native-symbol",
            Self::NativeLibrary => "native-library",
            Self::Component => "component",
            Self::MetaData => "meta-data",
            Self::Asset => "asset",
            Self::Permission => "permission",
            Self::Action => "action",
            Self::String => "string",
            Self::Host => "host",
            Self::Profile => "profile",
            Self::CallSite => "call-site",
            Self::CallPath => "call-path",
        }
    }
}

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Evidence {
    /// What it is.
    pub kind: EvidenceKind,
    /// The prefix, class, component, library, host, API or path of calls.
    pub value: String,
    /// Entry, or nested place (`assets/x.jar!classes.dex`).
    #[serde(rename = "where")]
    pub place: String,
    /// Classes below the prefix, call sites of the API, or 1.
    pub count: usize,
}

/// A host in an owner's code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Host {
    /// Lower-case host name.
    pub host: String,
    /// Whether an `http://` URL names it.
    pub cleartext: bool,
}

/// Everything detection found in one app.
#[derive(Debug, Clone, Default)]
pub struct Detection {
    /// SDKs, libraries and packers, sorted by id.
    pub sdks: Vec<DetectedSdk>,
    /// Owners of all defined classes.
    pub classes: ClassCounts,
    /// Third-party code that no signature names, largest first.
    pub unidentified: Vec<UnidentifiedCode>,
    /// Hosts in the app's own code.
    pub app_hosts: Vec<Host>,
    /// Why code was not seen (packers, missing component classes).
    pub limits: Vec<Limit>,
    /// By unit of code: the owner of each class, by the index of its definition.
    pub class_owners: Vec<Vec<ClassOwner>>,
}

impl Detection {
    /// The id of the SDK whose evidence names a native library.
    pub fn owner_of_library(&self, library: &NativeFile) -> Option<String> {
        let names_it = |evidence: &Evidence| match evidence.kind {
            EvidenceKind::NativeLibrary => evidence.value == library.name,
            EvidenceKind::NativeSymbol => library.places.contains(&evidence.place),
            _ => false,
        };
        let owner = self
            .sdks
            .iter()
            .find(|sdk| sdk.evidence.iter().any(names_it));
        owner.map(|sdk| sdk.id.clone())
    }
}

/// One SDK, library or packer in one app.
#[derive(Debug, Clone, Default)]
pub struct DetectedSdk {
    /// Signature id.
    pub id: String,
    /// How sure the identification is.
    pub confidence: Confidence,
    /// Strongest claim that was proved.
    pub state: State,
    /// Evidence, strongest kind first.
    pub evidence: Vec<Evidence>,
    /// Version, if it could be read.
    pub version: Option<String>,
    /// Hosts in its code, sorted.
    pub hosts: Vec<Host>,
    /// Ids of SDKs found in this app whose artifact contains this one.
    pub bundled_by: Vec<String>,
}

/// Third-party code that no signature names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnidentifiedCode {
    /// Package prefix.
    pub prefix: String,
    /// Defined classes.
    pub classes: usize,
    /// Methods with code.
    pub methods: usize,
    /// Code units that hold them, sorted.
    pub places: Vec<String>,
}
