//! Turns the bytes of a package into the model of one app.

use std::borrow::Cow;

use super::archive::{self, ArchiveKind};
use super::contents::Contents;
use super::entry::{Keep, Scope, copied};
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
    let size = parts.iter().map(|part| part.bytes.len()).sum();
    let mut contents = Contents::new(PackageKind::SplitSet, size);
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
    let manifest = merge(&mut contents, manifests);
    Ok(contents.finish(manifest))
}

fn load_file<'a>(part: &Part<'a>) -> Result<App<'a>, LoadError> {
    let opened = Archive::open(part.bytes);
    if dex::is_dex(part.bytes) && opened.is_err() {
        let mut contents = Contents::new(PackageKind::Dex, part.bytes.len());
        contents.dex(part.bytes, &part.name);
        return Ok(contents.finish(None));
    }
    let (archive, anomalies) = opened.map_err(|error| LoadError::NotAPackage(error.to_string()))?;
    let mut contents = Contents::new(PackageKind::Apk, part.bytes.len());
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
            note_lost_manifest(&mut contents, &archive, part);
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

/// A JAR has no manifest; an APK that lost its own looks like one.
fn note_lost_manifest(contents: &mut Contents<'_>, archive: &Archive<'_>, part: &Part<'_>) {
    let is_named_apk = part.name.to_ascii_lowercase().ends_with(".apk");
    if is_named_apk || archive.entry("resources.arsc").is_some() {
        let message =
            "the package has no AndroidManifest.xml: components and permissions were not seen";
        contents
            .limits
            .push(Limit::analysis("manifest-missing", message, &part.name));
    }
}

/// An APK: its manifest, its code, libraries and assets, and the resource
/// table for the texts of the manifest.
fn apk<'s, 'a>(
    contents: &mut Contents<'a>,
    archive: &Archive<'s>,
    scope: &Scope,
    keep: Keep<'_, 's, 'a>,
) -> Option<Manifest> {
    let entry = archive.entry(archive::MANIFEST);
    let bytes = entry.and_then(|entry| contents.bytes(archive, entry, scope, keep));
    contents.collect(archive, scope, keep);
    let Some(entry) = entry else {
        let message =
            "the package has no AndroidManifest.xml: components and permissions were not seen";
        contents.limits.push(Limit::analysis(
            "manifest-missing",
            message,
            &scope.own_name,
        ));
        return None;
    };
    note_second_manifest(contents, archive, entry, scope);
    let table = archive
        .entry("resources.arsc")
        .and_then(|entry| contents.bytes(archive, entry, scope, keep));
    let resources = table.as_deref().and_then(|bytes| {
        let place = format!("{}resources.arsc", scope.prefix);
        resources(contents, arsc::parse(bytes), &place)
    });
    let table = resources
        .as_ref()
        .map(|table| table as &dyn arsc::Resources);
    manifest(contents, axml::parse(&bytes?), table, &scope.place(entry))
}

/// Two manifests that differ: which one a device takes depends on its reader.
fn note_second_manifest(
    contents: &mut Contents<'_>,
    archive: &Archive<'_>,
    first: &Entry,
    scope: &Scope,
) {
    let others = archive
        .entries()
        .iter()
        .filter(|entry| entry.name == archive::MANIFEST);
    let content = |entry: &Entry| (entry.crc32, entry.uncompressed_size);
    if others.clone().any(|other| content(other) != content(first)) {
        let message = "the package has several different manifests; the first was read, another reader may take the last";
        contents.limits.push(Limit::analysis(
            "manifest-ambiguous",
            message,
            scope.place(first),
        ));
    }
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
    merge(contents, manifests)
}

/// A container of APKs: the splits of one app. What lies beside them is
/// collected like the contents of any archive.
fn container<'a>(contents: &mut Contents<'a>, archive: &Archive<'a>) -> Option<Manifest> {
    let (apks, builds) = contained_apks(archive);
    if let (Some(builds), Some(first)) = (builds, apks.first()) {
        let message =
            format!("of {builds} stand-alone builds for different devices this one was read");
        contents
            .limits
            .push(Limit::detail("one-of-several-builds", message, &first.name));
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
    contents.collect_where(archive, &outer, &Cow::Borrowed, &|entry| {
        !is_apk_of_container(entry)
    });
    merge(contents, manifests)
}

fn is_apk_of_container(entry: &Entry) -> bool {
    !entry.is_directory && archive::is_contained_apk(&entry.name)
}

/// The APKs of a container that make up the app. Where bundletool wrote both
/// splits and stand-alone APKs, the splits are the app; of stand-alone APKs
/// alone, which are full builds for one device each, the first is taken, and
/// their number is told.
pub(super) fn contained_apks<'e>(archive: &'e Archive<'_>) -> (Vec<&'e Entry>, Option<usize>) {
    let mut apks: Vec<&Entry> = archive
        .entries()
        .iter()
        .filter(|entry| is_apk_of_container(entry))
        .collect();
    apks.sort_by(|a, b| a.name.cmp(&b.name));
    if apks.iter().any(|e| e.name.starts_with("splits/")) {
        apks.retain(|e| !e.name.starts_with("standalones/"));
    } else if let Some(first) = apks.iter().position(|e| e.name.starts_with("standalones/")) {
        let builds = apks.len();
        return (vec![apks.swap_remove(first)], Some(builds));
    }
    (apks, None)
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
/// was read) with what the others add. Parts that are no splits of one app are
/// told: nothing can be concluded from their union.
fn merge(contents: &mut Contents<'_>, manifests: Vec<Option<Manifest>>) -> Option<Manifest> {
    let mut manifests: Vec<Manifest> = manifests.into_iter().flatten().collect();
    let base = manifests
        .iter()
        .position(|m| m.split.is_none())
        .unwrap_or(0);
    if manifests.is_empty() {
        return None;
    }
    let mut merged = manifests.remove(base);
    let is_split = |other: &Manifest| {
        other.package == merged.package
            && other.version_code == merged.version_code
            && (other.split.is_some() || contents.kind == PackageKind::Bundle)
    };
    if let Some(stranger) = manifests.iter().find(|other| !is_split(other)) {
        let message = format!(
            "the parts are not the splits of one build: {} {:?} and {} {:?}; they were read as one app",
            merged.package, merged.version_code, stranger.package, stranger.version_code
        );
        contents
            .limits
            .push(Limit::analysis("split-set-mixed", message, ""));
    }
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
