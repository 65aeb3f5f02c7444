//! Turns the bytes of a package into the model of one app.

use std::borrow::Cow;

use super::archive::{self, ArchiveKind};
use super::contents::{Contents, Keep, Scope, copied};
use super::manifest::Manifest;
use super::{App, PackageKind};
use crate::formats::limits::MAX_ENTRY_BYTES;
use crate::formats::proto_xml;
use crate::formats::xml::{self, Element};
use crate::formats::zip::{Archive, Entry};
use crate::formats::{Decoded, Limit, arsc, axml, dex, text_xml};

/// One file of an app: the only one, or one split.
#[derive(Debug, Clone)]
pub struct Part<'a> {
    /// File name, for places.
    pub name: String,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// Why the input is no app.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// Neither a package nor dex code.
    #[error("not a package: {0}")]
    NotAPackage(String),
}

/// Loads an app from its one file or from the files of its split set.
///
/// # Errors
/// Fails only when nothing in the input is a package; everything else becomes
/// an anomaly or a limit of the app.
pub fn load<'a>(parts: &[Part<'a>]) -> Result<App<'a>, LoadError> {
    match parts {
        [part] => load_file(part),
        _ => load_splits(parts),
    }
}

fn load_splits<'a>(parts: &[Part<'a>]) -> Result<App<'a>, LoadError> {
    let mut contents = Contents::new(PackageKind::SplitSet);
    let mut manifests = Vec::new();
    for part in parts {
        let (archive, anomalies) = Archive::open(part.bytes)
            .map_err(|error| LoadError::NotAPackage(format!("{}: {error}", part.name)))?;
        contents.note(anomalies, &part.name);
        contents.certificates(part.bytes, &archive, &part.name);
        manifests.push(apk(
            &mut contents,
            &archive,
            &Scope::top(&part.name),
            &Cow::Borrowed,
        ));
    }
    Ok(contents.finish(merge(manifests)))
}

fn load_file<'a>(part: &Part<'a>) -> Result<App<'a>, LoadError> {
    if dex::is_dex(part.bytes) {
        let mut contents = Contents::new(PackageKind::Dex);
        contents.dex(part.bytes, &part.name);
        return Ok(contents.finish(None));
    }
    let (archive, anomalies) =
        Archive::open(part.bytes).map_err(|error| LoadError::NotAPackage(error.to_string()))?;
    let mut contents = Contents::new(PackageKind::Apk);
    contents.note(anomalies, "");
    let top = Scope::top("");
    let manifest = match contents.classify(&archive) {
        ArchiveKind::Apk => {
            contents.certificates(part.bytes, &archive, "");
            apk(&mut contents, &archive, &top, &Cow::Borrowed)
        }
        ArchiveKind::Bundle => {
            contents.kind = PackageKind::Bundle;
            bundle(&mut contents, &archive, &top)
        }
        ArchiveKind::Library => {
            contents.kind = PackageKind::Library;
            contents.collect(&archive, &top, &Cow::Borrowed);
            library_manifest(&mut contents, &archive, &top)
        }
        ArchiveKind::Jar => {
            contents.kind = PackageKind::Jar;
            let scope = Scope {
                own_name: part.name.clone(),
                ..top
            };
            contents.collect(&archive, &scope, &Cow::Borrowed);
            None
        }
        ArchiveKind::ApkContainer => {
            contents.kind = PackageKind::SplitSet;
            container(&mut contents, &archive)
        }
        ArchiveKind::Other => {
            let message = "the archive holds no manifest, no dex file and no class file";
            return Err(LoadError::NotAPackage(message.to_owned()));
        }
    };
    Ok(contents.finish(manifest))
}

/// An APK: its code, libraries and assets, then its manifest.
fn apk<'s, 'a>(
    contents: &mut Contents<'a>,
    archive: &Archive<'s>,
    scope: &Scope,
    keep: Keep<'_, 's, 'a>,
) -> Option<Manifest> {
    contents.collect(archive, scope, keep);
    let Some(entry) = archive.entry(archive::MANIFEST) else {
        let message =
            "the package has no AndroidManifest.xml: components and permissions were not seen";
        contents.limits.push(Limit::analysis(
            "manifest-missing",
            message,
            &scope.own_name,
        ));
        return None;
    };
    let table = archive
        .entry("resources.arsc")
        .and_then(|entry| contents.bytes(archive, entry, scope, keep));
    let resources = table.as_deref().and_then(|bytes| {
        let place = format!("{}resources.arsc", scope.prefix);
        resources(contents, arsc::parse(bytes), &place)
    });
    let place = scope.place(entry);
    let bytes = contents.bytes(archive, entry, scope, keep)?;
    let table = resources
        .as_ref()
        .map(|table| table as &dyn arsc::Resources);
    manifest(contents, axml::parse(&bytes), table, &place)
}

/// An AAR's manifest is text.
fn library_manifest(
    contents: &mut Contents<'_>,
    archive: &Archive<'_>,
    scope: &Scope,
) -> Option<Manifest> {
    let entry = archive.entry(archive::MANIFEST)?;
    let bytes = contents.bytes(archive, entry, scope, &Cow::Borrowed)?;
    let is_binary = bytes.starts_with(&[3, 0]);
    let decoded = if is_binary {
        axml::parse(&bytes)
    } else {
        text_xml::parse(&bytes)
    };
    manifest(contents, decoded, None, archive::MANIFEST)
}

/// A bundle: the base module's manifest with the components of the others.
fn bundle<'a>(
    contents: &mut Contents<'a>,
    archive: &Archive<'a>,
    scope: &Scope,
) -> Option<Manifest> {
    contents.collect(archive, scope, &Cow::Borrowed);
    let mut manifests = Vec::new();
    for entry in archive.entries() {
        let Some(module) = entry.name.strip_suffix("/manifest/AndroidManifest.xml") else {
            continue;
        };
        let table = archive
            .entry(&format!("{module}/resources.pb"))
            .and_then(|entry| contents.bytes(archive, entry, scope, &Cow::Borrowed));
        let resources = table.as_deref().and_then(|bytes| {
            resources(
                contents,
                proto_xml::parse_resources(bytes),
                &format!("{module}/resources.pb"),
            )
        });
        let Some(bytes) = contents.bytes(archive, entry, scope, &Cow::Borrowed) else {
            continue;
        };
        let table = resources
            .as_ref()
            .map(|table| table as &dyn arsc::Resources);
        let manifest = manifest(contents, proto_xml::parse(&bytes), table, &entry.name);
        let position = if module == "base" { 0 } else { manifests.len() };
        manifests.insert(position, manifest);
    }
    merge(manifests)
}

/// A container of APKs: the splits of one app. Where bundletool wrote both
/// splits and stand-alone APKs, the splits are the app; of stand-alone APKs
/// alone, which are full builds for one device each, the first is read.
fn container<'a>(contents: &mut Contents<'a>, archive: &Archive<'a>) -> Option<Manifest> {
    let is_apk = |entry: &&Entry| !entry.is_directory && archive::is_contained_apk(&entry.name);
    let mut apks: Vec<&Entry> = archive.entries().iter().filter(is_apk).collect();
    apks.sort_by(|a, b| a.name.cmp(&b.name));
    if apks.iter().any(|e| e.name.starts_with("splits/")) {
        apks.retain(|e| !e.name.starts_with("standalones/"));
    } else if let Some(first) = apks.iter().position(|e| e.name.starts_with("standalones/")) {
        let message = format!(
            "of {} stand-alone builds for different devices this one was read",
            apks.len()
        );
        apks = vec![apks.swap_remove(first)];
        contents.limits.push(Limit::detail(
            "one-of-several-builds",
            message,
            &apks[0].name,
        ));
    }
    let outer = Scope::top("");
    let mut manifests = Vec::new();
    for entry in apks {
        let scope = outer.inside(entry);
        let Some(bytes) = contents.bytes(archive, entry, &outer, &Cow::Borrowed) else {
            continue;
        };
        manifests.push(match &bytes {
            Cow::Borrowed(bytes) => contained_apk(contents, bytes, &scope, &Cow::Borrowed),
            Cow::Owned(bytes) => contained_apk(contents, bytes, &scope, &copied),
        });
    }
    merge(manifests)
}

fn contained_apk<'s, 'a>(
    contents: &mut Contents<'a>,
    bytes: &'s [u8],
    scope: &Scope,
    keep: Keep<'_, 's, 'a>,
) -> Option<Manifest> {
    let archive = contents.decoded(Archive::open(bytes), "package-unreadable", &scope.own_name)?;
    contents.certificates(bytes, &archive, &scope.own_name);
    apk(contents, &archive, scope, keep)
}

/// The typed manifest. One that was read only in part hides components and
/// permissions, so the analysis is partial.
fn manifest(
    contents: &mut Contents<'_>,
    decoded: Decoded<Element>,
    resources: Option<&dyn arsc::Resources>,
    place: &str,
) -> Option<Manifest> {
    if let Ok((_, anomalies)) = &decoded
        && xml::is_incomplete(anomalies)
    {
        let faults: Vec<&str> = anomalies.iter().map(|anomaly| anomaly.code).collect();
        let message = format!(
            "the manifest could be read only in part ({}): components and permissions may be missing",
            faults.join(", ")
        );
        contents
            .limits
            .push(Limit::analysis("manifest-incomplete", message, place));
    }
    let root = contents.decoded(decoded, "manifest-unreadable", place)?;
    let (manifest, anomalies) = Manifest::from_element(&root, resources);
    contents.note(anomalies, place);
    Some(manifest)
}

/// A resource table gives labels and texts; without it they are unknown, but no
/// code is hidden.
fn resources<T>(contents: &mut Contents<'_>, decoded: Decoded<T>, place: &str) -> Option<T> {
    match decoded {
        Ok((table, anomalies)) => {
            contents.note(anomalies, place);
            Some(table)
        }
        Err(error) => {
            contents.limits.push(Limit::detail(
                "resources-unreadable",
                error.to_string(),
                place,
            ));
            None
        }
    }
}

/// The base manifest (the one without a `split` attribute, else the first that
/// was read) with what the others add.
fn merge(manifests: Vec<Option<Manifest>>) -> Option<Manifest> {
    let mut manifests: Vec<Manifest> = manifests.into_iter().flatten().collect();
    let base = manifests
        .iter()
        .position(|m| m.split.is_none())
        .unwrap_or(0);
    if manifests.is_empty() {
        return None;
    }
    let mut merged = manifests.remove(base);
    for other in manifests {
        merged.absorb(other);
    }
    Some(merged)
}

/// Only the manifest of an APK, without looking at its code.
pub fn manifest_of_apk(bytes: &[u8]) -> Option<Manifest> {
    let (archive, _) = Archive::open(bytes).ok()?;
    let entry = archive.entry(archive::MANIFEST)?;
    let mut buffer = Vec::new();
    let content = archive.read(entry, &mut buffer, MAX_ENTRY_BYTES).ok()?;
    let (root, _) = axml::parse(content.bytes).ok()?;
    Some(Manifest::from_element(&root, None).0)
}
