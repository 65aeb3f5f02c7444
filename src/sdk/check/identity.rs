//! Ids, file names, categories, vendors and families.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use super::{Lint, own_signatures};
use crate::sdk::schema::Origin;

/// Categories a signature may have; the README explains each.
pub(super) const CATEGORIES: [&str; 27] = [
    "ad-mediation",
    "ads",
    "analytics",
    "apm",
    "attribution",
    "commerce",
    "crash",
    "customer-service",
    "device-id",
    "hotfix",
    "im-rtc-live",
    "logging",
    "login",
    "map-location",
    "media",
    "network",
    "ocr-face",
    "other",
    "packer",
    "payment",
    "push",
    "security-risk",
    "social-share",
    "storage-upload",
    "survey",
    "ui-framework",
    "webview",
];

/// Folders that hold signatures of many vendors or of none.
const COMMON_FOLDERS: [&str; 4] = ["exodus", "open-source", "platform", "other"];

pub(super) fn check(lint: &mut Lint) {
    signatures(lint);
    vendors(lint);
    families(lint);
}

fn signatures(lint: &mut Lint) {
    for (file, signature) in own_signatures(lint) {
        let id = signature.id.as_str();
        if !is_kebab_case(id) {
            let cure = "use lower-case letters, digits and single hyphens";
            lint.error(&file, id, format!("id \"{id}\" is not kebab-case: {cure}"));
        }
        let stem = Path::new(&file).file_stem().unwrap_or_default();
        if stem != id {
            let cure = format!("rename the file to {id}.toml");
            lint.error(
                &file,
                id,
                format!("id \"{id}\" differs from its file: {cure}"),
            );
        }
        if signature.name.en.is_empty() && signature.name.zh.is_empty() {
            lint.error(
                &file,
                id,
                format!("\"{id}\" has no name: give en, zh or both"),
            );
        }
        let category = signature.category.as_str();
        if CATEGORIES.binary_search(&category).is_err() {
            let message = format!("category \"{category}\" is unknown; see README.md");
            lint.error(&file, category, message);
        }
        vendor_of(lint, &file, &signature.vendor);
        let in_exodus = folder_of(&file) == "exodus";
        if in_exodus != (signature.origin == Origin::Exodus) {
            let message = format!("\"{id}\": origin \"exodus\" and folder exodus/ go together");
            lint.error(&file, id, message);
        }
    }
}

fn vendor_of(lint: &mut Lint, file: &str, vendor: &str) {
    if vendor.is_empty() {
        return;
    }
    if lint.base.vendor(vendor).is_none() {
        let message = format!("vendor \"{vendor}\" has no {vendor}/vendor.toml");
        lint.error(file, vendor, message);
    }
    let folder = folder_of(file);
    if lint.whole && folder != vendor && !COMMON_FOLDERS.contains(&folder) {
        let message = format!("vendor \"{vendor}\": the file belongs in {vendor}/, not {folder}/");
        lint.error(file, vendor, message);
    }
}

fn vendors(lint: &mut Lint) {
    let used: HashSet<String> = lint
        .base
        .signatures()
        .map(|signature| signature.vendor.clone())
        .collect();
    let mut seen = HashSet::new();
    for vendor in lint.own.vendors.clone() {
        let id = vendor.id.as_str();
        let file = format!("{id}/vendor.toml");
        if !lint.root.join(&file).is_file() {
            let message = format!("vendor id \"{id}\" differs from its folder");
            lint.error(&file, id, message);
        }
        if !seen.insert(vendor.id.clone()) {
            lint.error(&file, id, format!("vendor \"{id}\" is defined twice"));
        }
        if !used.contains(id) {
            lint.warning(&file, id, format!("vendor \"{id}\" has no signature"));
        }
    }
}

/// A family of one says nothing; it is most often a slip of the pen.
fn families(lint: &mut Lint) {
    let mut members: BTreeMap<String, usize> = BTreeMap::new();
    for signature in lint.base.signatures() {
        *members.entry(signature.family.clone()).or_default() += 1;
    }
    for (file, signature) in own_signatures(lint) {
        let family = signature.family.as_str();
        if !family.is_empty() && members.get(family) == Some(&1) {
            let message = format!("family \"{family}\" has no other member");
            lint.warning(&file, family, message);
        }
    }
}

fn folder_of(file: &str) -> &str {
    file.split('/').next().unwrap_or_default()
}

fn is_kebab_case(id: &str) -> bool {
    id.split('-').all(|part| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    })
}
