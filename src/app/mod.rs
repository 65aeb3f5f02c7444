//! The model of one app: package set, manifest, code, native libraries,
//! assets. Knows no SDK.

pub mod archive;
pub mod code;
mod contents;
mod dex_file;
mod entry;
pub mod layouts;
pub mod load;
pub mod manifest;
pub mod native;

use crate::formats::{Anomaly, Limit};
use code::CodeUnit;
use manifest::Manifest;
use native::NativeFile;

pub use load::{LoadError, Part, load};

/// What sort of package an app came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackageKind {
    /// One APK.
    Apk,
    /// A base APK with its splits.
    SplitSet,
    /// An Android App Bundle.
    Bundle,
    /// An Android library (AAR).
    Library,
    /// A JAR of class files or of one dex file.
    Jar,
    /// A bare dex file.
    Dex,
}

/// One app, all parts of it.
#[derive(Debug)]
pub struct App<'a> {
    /// What it came in.
    pub kind: PackageKind,
    /// The manifest, or that of the base split; `None` for JAR and dex, or
    /// when it cannot be read (then a limit says so).
    pub manifest: Option<Manifest>,
    /// SHA-256 of each signing certificate, lower-case hex, sorted.
    pub certificates: Vec<String>,
    /// Every unit of code, in the order of its place.
    pub code: Vec<CodeUnit<'a>>,
    /// Native libraries, sorted by place.
    pub native: Vec<NativeFile>,
    /// Paths below `assets/` with the place of their package, sorted.
    pub assets: Vec<Asset>,
    /// What was repaired.
    pub anomalies: Vec<Anomaly>,
    /// What was not seen.
    pub limits: Vec<Limit>,
}

/// One asset.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asset {
    /// Path below `assets/`.
    pub path: String,
    /// Entry name with the nested place.
    pub place: String,
}

impl App<'_> {
    /// The package name, empty when unknown.
    pub fn package(&self) -> &str {
        self.manifest.as_ref().map_or("", |m| m.package.as_str())
    }

    /// Whether a class is defined in any unit (dotted name).
    pub fn defines(&self, class: &str) -> bool {
        self.code.iter().any(|unit| unit.classes.contains(class))
    }
}
