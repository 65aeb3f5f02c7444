//! The report as plain data (contract, "JSON: `scan`"). No lifetimes, no
//! analysis; field names are public interface.

use serde::Serialize;

pub use super::type_coverage::TypeCoverage;
pub use crate::dataflow::model::{
    Access, CallSite, Capability, EarlyStart, Opaque, Reachability, SourceRole,
};
use crate::formats::{Anomaly, Limit, LimitScope};
use crate::policy::model::{PolicyDocument, Quote};
pub use crate::sdk::model::{ClassCounts, Evidence, EvidenceKind, Host, State};
use crate::sdk::schema::{Confidence, Kind, Names};

/// The whole report of one run.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// `sdkaudit/report/1`.
    pub schema: &'static str,
    /// What produced it.
    pub tool: Tool,
    /// One object per app, in input order.
    pub apps: Vec<AppReport>,
    /// Every policy that was read, once.
    pub policies: Vec<PolicyDocument>,
    /// Totals.
    pub summary: Summary,
}

/// The producer of a report.
#[derive(Debug, Clone, Serialize)]
pub struct Tool {
    /// `sdkaudit`.
    pub name: &'static str,
    /// Version of this binary.
    pub version: &'static str,
    /// SHA-256 of the signature base in use.
    pub signatures: String,
}

/// Totals over all apps.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Apps scanned.
    pub apps: usize,
    /// SDKs over all apps.
    pub sdks: usize,
    /// Findings by level, waived ones apart.
    pub findings: FindingCounts,
    /// Waived findings.
    pub waived: usize,
    /// Apps analysed only in part.
    pub partial: usize,
    /// Inputs that could not be read.
    pub failed: usize,
    /// Inputs that an interrupted run did not get to.
    pub not_scanned: usize,
}

/// Findings by level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct FindingCounts {
    /// Errors.
    pub error: usize,
    /// Warnings.
    pub warning: usize,
    /// Notes.
    pub note: usize,
}

/// How much of an app was analysed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Analysis {
    /// All code was seen.
    #[default]
    Complete,
    /// Some code was not seen; see `limits`.
    Partial,
    /// The input could not be read as a package.
    Failed,
}

/// How far data accesses are analysed: `--accesses` of the contract.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Accesses {
    /// Not at all: empty lists of accesses mean unknown.
    #[default]
    None,
    /// Every access, without whether its code can run.
    Inventory,
    /// And whether its code can run, and when.
    Reach,
}

/// Everything about one app.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AppReport {
    /// Path as given.
    pub path: String,
    /// SHA-256 of the file, or of the sorted split hashes for a split set.
    pub sha256: String,
    /// Size in bytes of all files of the app.
    pub size: u64,
    /// Package name.
    pub package: Option<String>,
    /// Label, default locale.
    pub label: Option<String>,
    /// `versionName`.
    pub version_name: Option<String>,
    /// `versionCode`.
    pub version_code: Option<i64>,
    /// `minSdkVersion`.
    pub min_sdk: Option<i64>,
    /// `targetSdkVersion`.
    pub target_sdk: Option<i64>,
    /// SHA-256 of each signing certificate, lower-case hex, sorted.
    pub certificate_sha256: Vec<String>,
    /// How much was seen.
    pub analysis: Analysis,
    /// What was not seen.
    pub limits: Vec<Limit>,
    /// How far the accesses below were analysed.
    pub access_analysis: Accesses,
    /// Owners of all defined classes.
    pub classes: ClassCounts,
    /// What was repaired.
    pub anomalies: Vec<Anomaly>,
    /// Declared permissions, sorted by name.
    pub permissions: Vec<PermissionReport>,
    /// SDKs, libraries and packers, sorted by id.
    pub sdks: Vec<SdkReport>,
    /// Accesses of the app's own code.
    pub app_accesses: Vec<Access>,
    /// Calls in the app's own code whose target or constant is unknown.
    pub app_opaque: Opaque,
    /// What the app's own code reads against what the policies declare for the
    /// app itself, sorted by data type.
    pub app_data: Vec<DataRow>,
    /// Accesses of platform and plain library code that no owner reaches.
    pub platform_accesses: Vec<Access>,
    /// Flows of the app's own code; filled by the data-flow analysis.
    pub app_flows: Vec<Flow>,
    /// Third-party code that no signature names, largest first.
    pub unidentified: Vec<Unidentified>,
    /// Findings, by level, rule, SDK.
    pub findings: Vec<Finding>,
}

impl AppReport {
    /// Whether a limit made the analysis partial.
    pub fn has_analysis_limit(&self) -> bool {
        self.limits.iter().any(|l| l.scope == LimitScope::Analysis)
    }
}

/// A declared permission.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PermissionReport {
    /// Full name.
    pub name: String,
    /// `dangerous`, `special`, `normal`, `signature`, `vendor`, `custom` or `unknown`.
    pub protection: String,
    /// `maxSdkVersion`, when the manifest limits it.
    pub max_sdk: Option<i64>,
    /// SDKs found in the app that are known to use it, sorted.
    pub sdks: Vec<String>,
    /// Prefixes of unidentified third-party code that makes a call which it
    /// guards, sorted.
    pub unidentified: Vec<String>,
    /// Whether the app's own code makes a call that needs it; unknown when
    /// accesses were not analysed.
    pub app_code: Option<bool>,
    /// A dangerous permission that calls of SDKs need and, as far as all code
    /// was seen, no other code.
    pub only_sdks: bool,
    /// Where and how the policies name it, if they do: by its own name, for an
    /// SDK, or only through a kind of data that it guards.
    pub disclosed: Option<String>,
}

/// One SDK in one app.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SdkReport {
    /// Signature id.
    pub id: String,
    /// Display names.
    pub name: Names,
    /// Vendor display name, empty when unknown.
    pub vendor: String,
    /// `sdk`, `library` (no data handling of its own, never a disclosure
    /// finding) or `packer`.
    pub kind: Kind,
    /// Category id.
    pub category: String,
    /// Version, if it could be read.
    pub version: Option<String>,
    /// How sure the identification is.
    pub confidence: Confidence,
    /// Strongest claim that was proved.
    pub state: State,
    /// Ids of SDKs found in this app that bundle this one.
    pub bundled_by: Vec<String>,
    /// Evidence, strongest first.
    pub evidence: Vec<Evidence>,
    /// Permissions it is known to use.
    pub permissions: Vec<SdkPermission>,
    /// Data types it is documented to collect; `None` is unknown.
    pub documented_data_types: Option<Vec<String>>,
    /// Accesses in its code, and in shared code that it calls.
    pub accesses: Vec<Access>,
    /// Calls in its code whose target or constant is unknown.
    pub opaque: Opaque,
    /// Calls that start it before any action of the user although it offers a
    /// switch for the consent.
    pub early_starts: Vec<EarlyStart>,
    /// What its code reads, what it is documented to collect and what the
    /// policies say of it, sorted by data type.
    pub data: Vec<DataRow>,
    /// Flows; filled by the data-flow analysis.
    pub flows: Vec<Flow>,
    /// Hosts found in its code.
    pub hosts: Vec<Host>,
    /// What the policies say of it; `None` without a policy.
    pub disclosure: Option<Disclosure>,
}

/// What the claim that an SDK uses a permission rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PermissionBasis {
    /// A call site in its code.
    ApiCall,
    /// Its own manifest.
    Manifest,
    /// Its documentation (or its AAR's manifest, as recorded in the signature).
    Documented,
}

/// A permission an SDK is known to use.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SdkPermission {
    /// Full name.
    pub name: String,
    /// What that rests on.
    pub basis: PermissionBasis,
}

/// A data flow; no fields until the data-flow analysis exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Flow {}

/// How an SDK is disclosed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DisclosureStatus {
    /// Named.
    Disclosed,
    /// Only its family is named.
    FamilyOnly,
    /// Only its vendor is named.
    VendorOnly,
    /// Not named at all.
    Undisclosed,
    /// The list is behind a link.
    NotAssessable,
}

/// What the policies say of one SDK.
#[derive(Debug, Clone, Serialize)]
pub struct Disclosure {
    /// The verdict.
    pub status: DisclosureStatus,
    /// The name as the policy writes it.
    pub as_written: Option<String>,
    /// Path of the policy that says it.
    pub policy: Option<String>,
    /// Where.
    pub quote: Option<Quote>,
    /// Missing fields: `vendor`, `purpose`, `data-types`, `link`.
    pub missing: Vec<&'static str>,
    /// Data types the entry names.
    pub data_types: Vec<String>,
    /// Permissions the entry names.
    pub permissions: Vec<String>,
    /// How the entry covers each data type that the SDK is documented to
    /// collect or observed to read; empty when neither is known or the SDK is
    /// not named itself.
    pub coverage: Vec<DataDisclosure>,
}

/// One data type in the hands of one SDK, or of the app's own code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DataRow {
    /// Data-type id.
    pub data_type: String,
    /// Whether the vocabulary calls it sensitive.
    pub sensitive: bool,
    /// Whether a call that reads it was seen in the code (`audit::proof`).
    pub observed: bool,
    /// Whether only a hint was seen: native code, a read under a condition, the
    /// path of a file.
    pub hinted: bool,
    /// The strongest of the calls seen; none when nothing was observed.
    pub reachability: Option<Reachability>,
    /// Whether one of these calls can run before any action of the user.
    pub before_consent: bool,
    /// What the app's permissions leave of the best of them.
    pub capability: Option<Capability>,
    /// Whether the SDK is documented to collect it.
    pub documented: bool,
    /// How the policies cover it for this owner; none where that cannot be told.
    pub disclosed: Option<TypeCoverage>,
}

/// What the claim that an SDK handles a data type rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TypeBasis {
    /// Its documentation.
    Documented,
    /// A call in its code.
    Observed,
    /// Both.
    Both,
}

/// How the entries of an SDK cover one data type that it collects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DataDisclosure {
    /// Data-type id.
    pub data_type: String,
    /// Whether the vocabulary calls it sensitive.
    pub sensitive: bool,
    /// What the claim that it is collected rests on.
    pub basis: TypeBasis,
    /// How it is covered.
    pub coverage: TypeCoverage,
    /// Whether that is enough for this type: a vague term is for some.
    pub enough: bool,
    /// The words that the coverage rests on.
    pub as_written: Option<String>,
    /// Path of the policy that has them.
    pub policy: Option<String>,
    /// Where.
    pub quote: Option<Quote>,
}

/// Third-party code that no signature names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Unidentified {
    /// Package prefix.
    pub prefix: String,
    /// Defined classes.
    pub classes: usize,
    /// Methods with code.
    pub methods: usize,
    /// Code units that hold them, sorted.
    #[serde(rename = "where")]
    pub places: Vec<String>,
    /// Accesses in it, and in shared code that it calls.
    pub accesses: Vec<Access>,
    /// Calls in it whose target or constant is unknown.
    pub opaque: Opaque,
}

/// Severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Fails the gate by default.
    Error,
    /// Worth a look.
    Warning,
    /// Information.
    Note,
}

impl Level {
    /// The name in reports and in `--fail-on`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One finding.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// Rule code.
    pub rule: &'static str,
    /// Severity.
    pub level: Level,
    /// SDK concerned.
    pub sdk: Option<String>,
    /// Data type concerned.
    pub data_type: Option<String>,
    /// Permission concerned.
    pub permission: Option<String>,
    /// One sentence; "may be at odds with", never "violates".
    pub message: String,
    /// Where it was seen in the app.
    pub evidence: Vec<Evidence>,
    /// Where the policy speaks of it.
    pub quote: Option<Quote>,
    /// Clauses it may be at odds with.
    pub basis: Vec<&'static str>,
    /// Stable across rebuilds: SHA-256 over rule, package, SDK, data type,
    /// permission; first 32 hex digits.
    pub fingerprint: String,
    /// The waiver that covers it; none until waivers exist.
    pub waived: Option<String>,
}
