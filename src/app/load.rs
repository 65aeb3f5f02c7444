//! Turns the bytes of a package into the model of one app.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::archive::{self, ArchiveKind};
use super::code::{ClassTable, CodeBody, CodeUnit, dotted};
use super::manifest::Manifest;
use super::native::{self, NativeFile};
use super::{App, Asset, PackageKind};
use crate::formats::classfile::{self, ClassFile};
use crate::formats::dex::{self, Dex, WalkBudget};
use crate::formats::limits::{
    MAX_ENTRY_BYTES, MAX_NESTED_PACKAGES, MAX_NESTING_DEPTH, MAX_PACKAGE_INFLATED_BYTES,
};
use crate::formats::proto_xml;
use crate::formats::xml::{self, Element};
use crate::formats::zip::{Archive, Entry};
use crate::formats::{Anomaly, Decoded, Limit, arsc, axml, signing, text_xml};

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
        _ => {
            let mut loading = Loading::new(PackageKind::SplitSet);
            let mut manifests = Vec::new();
            for part in parts {
                let (archive, anomalies) = Archive::open(part.bytes)
                    .map_err(|error| LoadError::NotAPackage(format!("{}: {error}", part.name)))?;
                loading
                    .anomalies
                    .extend(anomalies.into_iter().map(|a| a.within(&part.name)));
                loading.certificates(part.bytes, &archive, &part.name);
                manifests.push(loading.apk(
                    &archive,
                    &Scope::top(&format!("{}!", part.name)),
                    &Cow::Borrowed,
                ));
            }
            Ok(loading.finish(merge_manifests(manifests)))
        }
    }
}

fn load_file<'a>(part: &Part<'a>) -> Result<App<'a>, LoadError> {
    if dex::is_dex(part.bytes) {
        let mut loading = Loading::new(PackageKind::Dex);
        loading.dex(Cow::Borrowed(part.bytes), &part.name);
        return Ok(loading.finish(None));
    }
    let (archive, anomalies) =
        Archive::open(part.bytes).map_err(|error| LoadError::NotAPackage(error.to_string()))?;
    let mut loading = Loading::new(PackageKind::Apk);
    loading.anomalies = anomalies;
    let kind = archive::classify(&archive, |entry| loading.peek(&archive, entry));
    let top = Scope::top("");
    let manifest = match kind {
        ArchiveKind::Apk => {
            loading.certificates(part.bytes, &archive, "");
            loading.apk(&archive, &top, &Cow::Borrowed)
        }
        ArchiveKind::Bundle => {
            loading.kind = PackageKind::Bundle;
            loading.bundle(&archive, &top)
        }
        ArchiveKind::Library => {
            loading.kind = PackageKind::Library;
            loading.contents(&archive, &top, &Cow::Borrowed);
            loading.text_manifest(&archive)
        }
        ArchiveKind::Jar => {
            loading.kind = PackageKind::Jar;
            loading.contents(
                &archive,
                &Scope {
                    own_name: part.name.clone(),
                    ..top
                },
                &Cow::Borrowed,
            );
            None
        }
        ArchiveKind::ApkContainer => {
            loading.kind = PackageKind::SplitSet;
            loading.container(&archive)
        }
        ArchiveKind::Other => {
            let message = "the archive holds no manifest, no dex file and no class file".to_owned();
            return Err(LoadError::NotAPackage(message));
        }
    };
    Ok(loading.finish(manifest))
}

/// Where in the app an archive stands.
#[derive(Debug, Clone)]
struct Scope {
    /// In front of every entry name: empty or ending in `!`.
    prefix: String,
    /// How class files of this archive are called: the archive itself.
    own_name: String,
    depth: usize,
}

impl Scope {
    fn top(prefix: &str) -> Self {
        Self {
            prefix: prefix.to_owned(),
            own_name: prefix.trim_end_matches('!').to_owned(),
            depth: 0,
        }
    }

    fn place(&self, entry: &Entry) -> String {
        format!("{}{}", self.prefix, entry.name)
    }
}

/// Decides whether bytes of an archive can be borrowed for the app's lifetime
/// (top-level files) or must be copied (inflated nested packages).
type Keep<'k, 's, 'a> = &'k dyn Fn(&'s [u8]) -> Cow<'a, [u8]>;

/// What has been collected so far.
struct Loading<'a> {
    kind: PackageKind,
    certificates: Vec<[u8; 32]>,
    code: Vec<CodeUnit<'a>>,
    native: BTreeMap<String, NativeFile>,
    assets: Vec<Asset>,
    anomalies: Vec<Anomaly>,
    limits: Vec<Limit>,
    buffer: Vec<u8>,
    inflated: usize,
    nested: usize,
}

impl<'a> Loading<'a> {
    fn new(kind: PackageKind) -> Self {
        Self {
            kind,
            certificates: Vec::new(),
            code: Vec::new(),
            native: BTreeMap::new(),
            assets: Vec::new(),
            anomalies: Vec::new(),
            limits: Vec::new(),
            buffer: Vec::new(),
            inflated: 0,
            nested: 0,
        }
    }

    fn finish(mut self, manifest: Option<Manifest>) -> App<'a> {
        self.note_hidden_content();
        self.certificates.sort();
        self.certificates.dedup();
        let certificates = self
            .certificates
            .iter()
            .map(|hash| hash.iter().map(|b| format!("{b:02x}")).collect());
        self.code.sort_by(|a, b| a.place.cmp(&b.place));
        self.assets.sort();
        self.anomalies
            .sort_by(|a, b| (a.code, &a.place, &a.message).cmp(&(b.code, &b.place, &b.message)));
        self.anomalies.dedup();
        self.limits.sort();
        self.limits.dedup();
        App {
            kind: self.kind,
            manifest,
            certificates: certificates.collect(),
            code: self.code,
            native: self.native.into_values().collect(),
            assets: self.assets,
            anomalies: self.anomalies,
            limits: self.limits,
        }
    }

    /// Repairs behind which something may remain unseen become limits.
    fn note_hidden_content(&mut self) {
        for anomaly in &self.anomalies {
            let limit = match anomaly.code {
                "zip-directory-damaged" | "zip-too-many-entries" | "zip-content-outside-file" => {
                    Limit::analysis("archive-incomplete", &anomaly.message, &anomaly.place)
                }
                "elf-symbols-incomplete" | "elf-dynamic-damaged" => Limit::detail(
                    "native-library-incomplete",
                    &anomaly.message,
                    &anomaly.place,
                ),
                _ => continue,
            };
            self.limits.push(limit);
        }
    }

    fn certificates(&mut self, bytes: &[u8], archive: &Archive<'_>, place: &str) {
        let (hashes, anomalies) = signing::certificates(bytes, archive);
        self.certificates.extend(hashes);
        self.anomalies.extend(
            anomalies
                .into_iter()
                .map(|a| if place.is_empty() { a } else { a.within(place) }),
        );
    }

    /// The first bytes of an entry; empty when they cannot be read.
    fn peek(&mut self, archive: &Archive<'_>, entry: &Entry) -> Vec<u8> {
        match archive.stored(entry) {
            Some(bytes) => bytes[..bytes.len().min(archive::MAGIC_BYTES)].to_vec(),
            None => archive
                .read(entry, &mut self.buffer, archive::MAGIC_BYTES)
                .map(|content| content.bytes.to_vec())
                .unwrap_or_default(),
        }
    }

    /// An APK: its code, libraries and assets, then its manifest.
    fn apk<'s>(
        &mut self,
        archive: &Archive<'s>,
        scope: &Scope,
        keep: Keep<'_, 's, 'a>,
    ) -> Option<Manifest> {
        self.contents(archive, scope, keep);
        let Some(entry) = archive.entry(archive::MANIFEST) else {
            let message =
                "the package has no AndroidManifest.xml: components and permissions were not seen";
            self.limits
                .push(Limit::analysis("manifest-missing", message, &scope.prefix));
            return None;
        };
        let table = archive
            .entry("resources.arsc")
            .and_then(|entry| self.bytes(archive, entry, scope, keep));
        let resources = table.as_deref().and_then(|bytes| {
            let place = format!("{}resources.arsc", scope.prefix);
            self.decoded(arsc::parse(bytes), "resources-unreadable", &place, false)
        });
        let place = scope.place(entry);
        let bytes = self.bytes(archive, entry, scope, keep)?;
        let root = self.manifest_root(axml::parse(&bytes), &place)?;
        let (manifest, anomalies) = Manifest::from_element(
            &root,
            resources
                .as_ref()
                .map(|table| table as &dyn arsc::Resources),
        );
        self.anomalies
            .extend(anomalies.into_iter().map(|a| a.within(&place)));
        Some(manifest)
    }

    /// The root of a manifest. What was read only in part hides components and
    /// permissions, so the analysis is partial.
    fn manifest_root(&mut self, decoded: Decoded<Element>, place: &str) -> Option<Element> {
        if let Ok((_, anomalies)) = &decoded
            && xml::is_incomplete(anomalies)
        {
            let faults: Vec<&str> = anomalies.iter().map(|anomaly| anomaly.code).collect();
            let message = format!(
                "the manifest could be read only in part ({}): components and permissions may be missing",
                faults.join(", ")
            );
            self.limits
                .push(Limit::analysis("manifest-incomplete", message, place));
        }
        self.decoded(decoded, "manifest-unreadable", place, true)
    }

    /// An AAR's manifest is text.
    fn text_manifest(&mut self, archive: &Archive<'_>) -> Option<Manifest> {
        let entry = archive.entry(archive::MANIFEST)?;
        let scope = Scope::top("");
        let bytes = self.bytes(archive, entry, &scope, &Cow::Borrowed)?;
        let decoded = if bytes.starts_with(&[3, 0]) {
            axml::parse(&bytes)
        } else {
            text_xml::parse(&bytes)
        };
        let root = self.manifest_root(decoded, archive::MANIFEST)?;
        let (manifest, anomalies) = Manifest::from_element(&root, None);
        self.anomalies.extend(anomalies);
        Some(manifest)
    }

    /// A bundle: the base module's manifest with the components of the others.
    fn bundle(&mut self, archive: &Archive<'a>, scope: &Scope) -> Option<Manifest> {
        self.contents(archive, scope, &Cow::Borrowed);
        let mut manifests = Vec::new();
        for entry in archive
            .entries()
            .iter()
            .filter(|e| e.name.ends_with("/manifest/AndroidManifest.xml"))
        {
            let module = entry.name.split('/').next().unwrap_or_default();
            let table = archive
                .entry(&format!("{module}/resources.pb"))
                .and_then(|entry| self.bytes(archive, entry, scope, &Cow::Borrowed));
            let resources = table.as_deref().and_then(|bytes| {
                let place = format!("{module}/resources.pb");
                self.decoded(
                    proto_xml::parse_resources(bytes),
                    "resources-unreadable",
                    &place,
                    false,
                )
            });
            let Some(bytes) = self.bytes(archive, entry, scope, &Cow::Borrowed) else {
                continue;
            };
            let Some(root) = self.manifest_root(proto_xml::parse(&bytes), &entry.name) else {
                continue;
            };
            let (manifest, anomalies) = Manifest::from_element(
                &root,
                resources
                    .as_ref()
                    .map(|table| table as &dyn arsc::Resources),
            );
            self.anomalies
                .extend(anomalies.into_iter().map(|a| a.within(&entry.name)));
            let manifest = Some(manifest);
            if module == "base" {
                manifests.insert(0, manifest)
            } else {
                manifests.push(manifest)
            }
        }
        merge_manifests(manifests)
    }

    /// A container of APKs: the splits of one app. Where bundletool wrote both
    /// splits and stand-alone APKs, the splits are the app.
    fn container(&mut self, archive: &Archive<'a>) -> Option<Manifest> {
        let mut apks: Vec<&Entry> = archive
            .entries()
            .iter()
            .filter(|e| !e.is_directory && archive::is_contained_apk(&e.name))
            .collect();
        if apks.iter().any(|e| e.name.starts_with("splits/")) {
            apks.retain(|e| !e.name.starts_with("standalones/"));
        } else if let Some(first) = apks.iter().position(|e| e.name.starts_with("standalones/")) {
            apks = vec![apks[first]];
        }
        apks.sort_by(|a, b| a.name.cmp(&b.name));
        let mut manifests = Vec::new();
        for entry in apks {
            let scope = Scope {
                depth: 1,
                ..Scope::top(&format!("{}!", entry.name))
            };
            let Some(bytes) = self.bytes(archive, entry, &Scope::top(""), &Cow::Borrowed) else {
                continue;
            };
            let manifest = match &bytes {
                Cow::Borrowed(bytes) => self.contained_apk(bytes, &scope, &Cow::Borrowed),
                Cow::Owned(bytes) => {
                    self.contained_apk(bytes, &scope, &|slice: &[u8]| Cow::Owned(slice.to_vec()))
                }
            };
            manifests.push(manifest);
        }
        merge_manifests(manifests)
    }

    fn contained_apk<'s>(
        &mut self,
        bytes: &'s [u8],
        scope: &Scope,
        keep: Keep<'_, 's, 'a>,
    ) -> Option<Manifest> {
        let archive = self.decoded(
            Archive::open(bytes),
            "package-unreadable",
            &scope.own_name,
            true,
        )?;
        self.certificates(bytes, &archive, &scope.own_name);
        self.apk(&archive, scope, keep)
    }

    /// Walks all entries once and keeps what is code, a native library or an
    /// asset, whatever its name.
    fn contents<'s>(&mut self, archive: &Archive<'s>, scope: &Scope, keep: Keep<'_, 's, 'a>) {
        let mut class_files = Vec::new();
        for entry in archive.entries().iter().filter(|e| !e.is_directory) {
            self.note_asset(entry, scope);
            let magic = self.peek(archive, entry);
            if dex::is_dex(&magic) || archive::is_dex_name(&entry.name) {
                self.dex_entry(archive, entry, scope, keep);
            } else if magic.starts_with(archive::ELF_MAGIC) || is_library_entry(&entry.name) {
                self.library(archive, entry, scope);
            } else if magic.starts_with(archive::CLASS_MAGIC) && entry.name.ends_with(".class") {
                self.class_file(archive, entry, scope, &mut class_files);
            } else if magic.starts_with(archive::ZIP_MAGIC) {
                self.nested(archive, entry, scope, keep);
            }
        }
        self.keep_class_files(class_files, scope);
    }

    fn note_asset(&mut self, entry: &Entry, scope: &Scope) {
        let path = match (self.kind, entry.name.split_once('/')) {
            (_, Some(("assets", path))) => Some(path),
            (PackageKind::Bundle, Some((_, rest))) => rest.strip_prefix("assets/"),
            _ => None,
        };
        if let Some(path) = path {
            self.assets.push(Asset {
                path: path.to_owned(),
                place: scope.place(entry),
            });
        }
    }

    /// All bytes of an entry, within the budget of the package.
    fn bytes<'s, 'o>(
        &mut self,
        archive: &Archive<'s>,
        entry: &Entry,
        scope: &Scope,
        keep: Keep<'_, 's, 'o>,
    ) -> Option<Cow<'o, [u8]>> {
        let place = scope.place(entry);
        let left = MAX_PACKAGE_INFLATED_BYTES.saturating_sub(self.inflated);
        if left == 0 {
            let message = format!(
                "more than {MAX_PACKAGE_INFLATED_BYTES} bytes when inflated; the rest was not read"
            );
            self.limits
                .push(Limit::analysis("package-too-large", message, place));
            return None;
        }
        let mut buffer = Vec::new();
        match archive.read(entry, &mut buffer, left.min(MAX_ENTRY_BYTES)) {
            Ok(content) => {
                self.anomalies
                    .extend(content.anomalies.into_iter().map(|a| Anomaly {
                        place: place.clone(),
                        ..a
                    }));
                if content.truncated {
                    let message =
                        format!("only its first {} bytes could be read", content.bytes.len());
                    self.limits
                        .push(Limit::analysis("entry-truncated", message, place));
                }
                if let Some(stored) = archive.borrowed(content.bytes) {
                    return Some(keep(stored));
                }
                self.inflated += buffer.len();
                buffer.shrink_to_fit();
                Some(Cow::Owned(buffer))
            }
            Err(error) => {
                self.limits.push(Limit::analysis(
                    "entry-unreadable",
                    error.to_string(),
                    place,
                ));
                None
            }
        }
    }

    fn dex_entry<'s>(
        &mut self,
        archive: &Archive<'s>,
        entry: &Entry,
        scope: &Scope,
        keep: Keep<'_, 's, 'a>,
    ) {
        let Some(bytes) = self.bytes(archive, entry, scope, keep) else {
            return;
        };
        if dex::is_dex(&bytes) {
            self.dex(bytes, &scope.place(entry));
        } else {
            let message =
                "Android loads this entry as code, but it is no dex file (encrypted or damaged)";
            self.limits.push(Limit::analysis(
                "code-unreadable",
                message,
                scope.place(entry),
            ));
        }
    }

    /// One dex file, or all logical dex files of a 041 container.
    fn dex(&mut self, bytes: Cow<'a, [u8]>, place: &str) {
        let mut tables = Vec::new();
        for (index, decoded) in Dex::parse_container(&bytes).into_iter().enumerate() {
            let Some(dex) = self.decoded(decoded, "code-unreadable", place, true) else {
                continue;
            };
            if dex.clipped {
                let message = "tables of this dex file reach past its end: the classes behind it were not seen";
                self.limits
                    .push(Limit::analysis("dex-clipped", message, place));
            }
            let (classes, complete) = class_table(&dex);
            if !complete {
                let message = "class members are shared so often that not all were counted";
                self.limits
                    .push(Limit::analysis("dex-walk-budget", message, place));
            }
            tables.push((index, classes));
        }
        let last = tables.len().saturating_sub(1);
        let mut bytes = Some(bytes);
        for (position, (index, classes)) in tables.into_iter().enumerate() {
            let bytes = if position == last {
                bytes.take()
            } else {
                bytes.clone()
            };
            let Some(bytes) = bytes else { break };
            self.code.push(CodeUnit {
                place: place.to_owned(),
                body: CodeBody::Dex { bytes, index },
                classes,
            });
        }
    }

    fn library(&mut self, archive: &Archive<'_>, entry: &Entry, scope: &Scope) {
        let name = entry
            .name
            .rsplit('/')
            .next()
            .unwrap_or(&entry.name)
            .to_owned();
        let place = scope.place(entry);
        if let Some(known) = self.native.get_mut(&name) {
            known.places.push(place);
            known.places.sort();
            return;
        }
        let bytes = self.bytes(archive, entry, scope, &Cow::Borrowed);
        let (file, anomalies) = native::read(&name, &place, bytes.as_deref().unwrap_or_default());
        self.anomalies.extend(anomalies);
        self.native.insert(name, file);
    }

    fn class_file(
        &mut self,
        archive: &Archive<'_>,
        entry: &Entry,
        scope: &Scope,
        into: &mut Vec<ClassFile>,
    ) {
        let Some(bytes) = self.bytes(archive, entry, scope, &Cow::Borrowed) else {
            return;
        };
        if let Some(class) = self.decoded(
            classfile::parse(&bytes),
            "code-unreadable",
            &scope.place(entry),
            true,
        ) {
            into.push(class);
        }
    }

    fn keep_class_files(&mut self, mut classes: Vec<ClassFile>, scope: &Scope) {
        if classes.is_empty() {
            return;
        }
        classes.sort_by(|a, b| a.name.cmp(&b.name));
        let table = ClassTable::build(
            classes
                .iter()
                .enumerate()
                .map(|(i, c)| (Cow::Borrowed(c.name.as_str()), c.methods as u32, i as u32)),
        );
        let body = CodeBody::ClassFiles(classes);
        self.code.push(CodeUnit {
            place: scope.own_name.clone(),
            body,
            classes: table,
        });
    }

    /// A package inside the package: its code belongs to the app, its manifest
    /// declares nothing to Android.
    fn nested<'s>(
        &mut self,
        archive: &Archive<'s>,
        entry: &Entry,
        scope: &Scope,
        keep: Keep<'_, 's, 'a>,
    ) {
        let place = scope.place(entry);
        if scope.depth >= MAX_NESTING_DEPTH || self.nested >= MAX_NESTED_PACKAGES {
            let message = format!(
                "packages nested deeper than {MAX_NESTING_DEPTH} or beyond the first {MAX_NESTED_PACKAGES} were not opened"
            );
            self.limits
                .push(Limit::analysis("nested-too-deep", message, place));
            return;
        }
        let inner = Scope {
            prefix: format!("{place}!"),
            own_name: place.clone(),
            depth: scope.depth + 1,
        };
        let Some(bytes) = self.bytes(archive, entry, scope, keep) else {
            return;
        };
        match &bytes {
            Cow::Borrowed(bytes) => self.nested_contents(bytes, &inner, &Cow::Borrowed),
            Cow::Owned(bytes) => {
                self.nested_contents(bytes, &inner, &|slice: &[u8]| Cow::Owned(slice.to_vec()))
            }
        }
    }

    fn nested_contents<'s>(&mut self, bytes: &'s [u8], scope: &Scope, keep: Keep<'_, 's, 'a>) {
        // A damaged zip among the assets is data, not code that was missed:
        // its anomalies count only when it turns out to hold code.
        let Ok((archive, anomalies)) = Archive::open(bytes) else {
            return;
        };
        if archive::classify(&archive, |entry| self.peek(&archive, entry)) == ArchiveKind::Other {
            return;
        }
        self.nested += 1;
        self.anomalies
            .extend(anomalies.into_iter().map(|a| a.within(&scope.own_name)));
        let assets = self.assets.len();
        self.contents(&archive, scope, keep);
        self.assets.truncate(assets);
    }

    /// Takes the value of a decoder, files its anomalies, and turns an error
    /// into a limit.
    fn decoded<T>(
        &mut self,
        decoded: Decoded<T>,
        code: &'static str,
        place: &str,
        hides_code: bool,
    ) -> Option<T> {
        match decoded {
            Ok((value, anomalies)) => {
                self.anomalies
                    .extend(anomalies.into_iter().map(|a| a.within(place)));
                Some(value)
            }
            Err(error) => {
                let limit = if hides_code {
                    Limit::analysis
                } else {
                    Limit::detail
                };
                self.limits.push(limit(code, error.to_string(), place));
                None
            }
        }
    }
}

/// Entries that Android or an AAR consumer loads as native libraries.
fn is_library_entry(name: &str) -> bool {
    let mut folders = name.rsplit('/').skip(1);
    name.ends_with(".so")
        && folders
            .nth(1)
            .is_some_and(|folder| folder == "lib" || folder == "jni")
}

/// The classes of a dex file, and whether all members could be counted.
fn class_table(dex: &Dex<'_>) -> (ClassTable, bool) {
    let mut budget = WalkBudget::new(dex);
    let classes = dex
        .class_defs()
        .enumerate()
        .filter_map(|(definition, class)| {
            let descriptor = dex.type_descriptor(class.class_idx)?;
            let methods = budget
                .class_data(dex, &class)
                .map_or(0, |members| members.method_count_with_code());
            Some((dotted(descriptor), methods, definition as u32))
        });
    let table = ClassTable::build(classes);
    (table, !budget.is_exhausted())
}

/// The base manifest (the one without a `split` attribute, else the first that
/// was read) with the components and permissions of the others.
fn merge_manifests(manifests: Vec<Option<Manifest>>) -> Option<Manifest> {
    let mut manifests: Vec<Manifest> = manifests.into_iter().flatten().collect();
    let base = manifests
        .iter()
        .position(|m| m.split.is_none())
        .unwrap_or(0);
    if base >= manifests.len() {
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
