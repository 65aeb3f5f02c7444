//! Puts what the app room and the SDK room found into one report, before any
//! policy is looked at.

use std::collections::{BTreeMap, HashSet};

use super::model::{
    Accesses, Analysis, AppReport, Opaque, PermissionBasis, PermissionReport, SdkPermission,
    SdkReport, Unidentified,
};
use crate::app::manifest::{Manifest, UsesPermission};
use crate::app::{App, PackageKind};
use crate::formats::Limit;
use crate::sdk::KnowledgeBase;
use crate::sdk::model::{DetectedSdk, Detection};
use crate::sdk::ownership::is_below;
use crate::sdk::schema::{Kind, Signature};

/// What is known of the files of an app.
#[derive(Debug, Clone, Default)]
pub struct FileFacts {
    /// Path as given.
    pub path: String,
    /// SHA-256, lower-case hex.
    pub sha256: String,
    /// Size in bytes.
    pub size: u64,
}

/// What `--accesses` and `--flows` ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Data accesses.
    pub accesses: Accesses,
    /// Data flows.
    pub flows: bool,
}

/// The report of an app that could be loaded.
pub fn assemble(
    files: FileFacts,
    app: App<'_>,
    detection: Detection,
    base: &KnowledgeBase,
    asked: Asked,
) -> AppReport {
    let mut report = AppReport {
        path: files.path,
        sha256: files.sha256,
        size: files.size,
        ..AppReport::default()
    };
    report.sdks = detection
        .sdks
        .into_iter()
        .filter_map(|sdk| sdk_report(sdk, &app, base))
        .collect();
    if let Some(manifest) = &app.manifest {
        describe(&mut report, manifest);
        let defined: HashSet<&str> = manifest
            .defined_permissions
            .iter()
            .map(|permission| permission.name.as_str())
            .collect();
        report.permissions = manifest
            .permissions
            .iter()
            .map(|used| permission(used, &defined, &report.sdks, base))
            .collect();
        report.permissions.sort_by(|a, b| a.name.cmp(&b.name));
    }
    report.certificate_sha256 = app.certificates;
    report.classes = detection.classes;
    report.anomalies = app.anomalies;
    report.limits = app.limits;
    report.limits.extend(detection.limits);
    report.limits.extend(not_yet_analysed(asked));
    report.limits.sort();
    report.limits.dedup();
    report.unidentified = detection
        .unidentified
        .into_iter()
        .map(|code| Unidentified {
            prefix: code.prefix,
            classes: code.classes,
            methods: code.methods,
            places: code.places,
            accesses: Vec::new(),
            opaque: Opaque::default(),
        })
        .collect();
    report.analysis = if report.has_analysis_limit() {
        Analysis::Partial
    } else {
        Analysis::Complete
    };
    report
}

/// The report of an input that is no readable package.
pub fn failed(files: FileFacts, limit: Limit) -> AppReport {
    AppReport {
        path: files.path,
        sha256: files.sha256,
        size: files.size,
        analysis: Analysis::Failed,
        limits: vec![limit],
        ..AppReport::default()
    }
}

/// Empty lists of what was asked for must not read as "none". What was not asked
/// for is no limit: of accesses the report's `access_analysis` tells it.
fn not_yet_analysed(asked: Asked) -> Option<Limit> {
    if !asked.flows {
        return None;
    }
    let message = "data flows are not analysed by this version: empty lists mean unknown, not none";
    Some(Limit::detail("flows-not-analysed", message, ""))
}

fn describe(report: &mut AppReport, manifest: &Manifest) {
    report.package = Some(manifest.package.clone()).filter(|package| !package.is_empty());
    report.label.clone_from(&manifest.label);
    report.version_name.clone_from(&manifest.version_name);
    report.version_code = manifest.version_code;
    report.min_sdk = manifest.min_sdk;
    report.target_sdk = manifest.target_sdk;
}

fn sdk_report(sdk: DetectedSdk, app: &App<'_>, base: &KnowledgeBase) -> Option<SdkReport> {
    let signature = base.signature(&sdk.id)?;
    Some(SdkReport {
        id: sdk.id,
        name: signature.name.clone(),
        vendor: vendor_name(signature, base),
        kind: signature.kind,
        category: signature.category.clone(),
        version: sdk.version,
        confidence: sdk.confidence,
        state: sdk.state,
        bundled_by: sdk.bundled_by,
        evidence: sdk.evidence,
        permissions: known_permissions(signature, app),
        documented_data_types: signature.data.as_ref().map(|data| data.types.clone()),
        accesses: Vec::new(),
        opaque: Opaque::default(),
        early_starts: Vec::new(),
        data: Vec::new(),
        flows: Vec::new(),
        hosts: sdk.hosts,
        disclosure: None,
    })
}

/// The Chinese legal name where it is known, else the best other name.
fn vendor_name(signature: &Signature, base: &KnowledgeBase) -> String {
    let vendor = base.vendor(&signature.vendor);
    let names = [
        signature.vendor_name.zh.as_str(),
        signature.vendor_name.en.as_str(),
        vendor.map_or("", |v| v.name.zh.as_str()),
        vendor.map_or("", |v| v.name.en.as_str()),
    ];
    names
        .into_iter()
        .find(|name| !name.is_empty())
        .unwrap_or_default()
        .to_owned()
}

/// Permissions from the signature; of a scanned AAR also those that the
/// manifest of this very SDK declares.
fn known_permissions(signature: &Signature, app: &App<'_>) -> Vec<SdkPermission> {
    let documented = signature.permissions.iter();
    let mut basis: BTreeMap<&str, PermissionBasis> = documented
        .map(|name| (name.as_str(), PermissionBasis::Documented))
        .collect();
    let own_manifest = app.manifest.as_ref().filter(|manifest| {
        let prefixes = &signature.code.prefixes;
        app.kind == PackageKind::Library && prefixes.iter().any(|p| is_below(&manifest.package, p))
    });
    let declared = own_manifest.iter().flat_map(|m| &m.permissions);
    basis.extend(declared.map(|used| (used.name.as_str(), PermissionBasis::Manifest)));
    let permission = |(name, basis): (&str, PermissionBasis)| SdkPermission {
        name: name.to_owned(),
        basis,
    };
    basis.into_iter().map(permission).collect()
}

fn permission(
    used: &UsesPermission,
    defined: &HashSet<&str>,
    sdks: &[SdkReport],
    base: &KnowledgeBase,
) -> PermissionReport {
    let users = sdks
        .iter()
        .filter(|sdk| sdk.kind == Kind::Sdk && sdk.permissions.iter().any(|p| p.name == used.name));
    PermissionReport {
        name: used.name.clone(),
        protection: protection(&used.name, defined, base),
        max_sdk: used.max_sdk,
        sdks: users.map(|sdk| sdk.id.clone()).collect(),
        ..PermissionReport::default()
    }
}

/// How a permission is protected: the category of the vocabulary, where today's
/// protection level bears it out; for unknown names what the manifest says.
/// What only the system's own apps are granted (signature, without an app-op
/// that users can switch) is `signature`, whatever it was in old releases.
fn protection(name: &str, defined: &HashSet<&str>, base: &KnowledgeBase) -> String {
    if let Some(known) = base.permission(name) {
        let level = known.protection_level.as_str();
        let class = match known.category.as_str() {
            "special" if level.starts_with("signature") && !level.contains("appop") => "signature",
            "dangerous-other" => level.split(['|', ' ']).next().unwrap_or_default(),
            category => category,
        };
        return class.to_owned();
    }
    if defined.contains(name) || !name.starts_with("android.permission.") {
        "custom".to_owned()
    } else {
        "unknown".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_that_the_manifest_defines_itself_are_custom() {
        let base = KnowledgeBase::embedded();
        let defined = HashSet::from(["android.permission.MADE_UP"]);
        for (name, category) in [
            ("android.permission.READ_PHONE_STATE", "dangerous"),
            ("android.permission.SYSTEM_ALERT_WINDOW", "special"),
            ("android.permission.READ_LOGS", "signature"),
            ("android.permission.RESTART_PACKAGES", "normal"),
            ("android.permission.USE_CREDENTIALS", "normal"),
            ("android.permission.MADE_UP", "custom"),
            ("android.permission.OTHER", "unknown"),
            ("com.x.permission.PUSH", "custom"),
        ] {
            assert_eq!(protection(name, &defined, &base), category, "{name}");
        }
    }
}
