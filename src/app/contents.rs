//! Walks the entries of a package once and keeps what is code, a native
//! library or an asset, whatever its name; packages inside it are walked too.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;

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
use crate::formats::zip::{Archive, Entry};
use crate::formats::{Anomaly, Decoded, Limit, signing};

/// Dex files of one package that are read at the same time.
const DEX_FILES_AT_ONCE: usize = 8;

/// Where in the app an archive stands.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    /// In front of every entry name: empty or ending in `!`.
    pub prefix: String,
    /// How class files of this archive are called: the archive itself.
    pub own_name: String,
    /// Archives around this one.
    pub depth: usize,
}

impl Scope {
    /// The scope of a file of the app; `name` is empty when it is the only one.
    pub fn top(name: &str) -> Self {
        let prefix = if name.is_empty() {
            String::new()
        } else {
            format!("{name}!")
        };
        Self {
            prefix,
            own_name: name.to_owned(),
            depth: 0,
        }
    }

    /// The scope of an archive that is an entry of this one.
    pub fn inside(&self, entry: &Entry) -> Self {
        let place = self.place(entry);
        Self {
            prefix: format!("{place}!"),
            own_name: place,
            depth: self.depth + 1,
        }
    }

    /// The place of an entry.
    pub fn place(&self, entry: &Entry) -> String {
        format!("{}{}", self.prefix, entry.name)
    }
}

/// Decides whether bytes of an archive can be borrowed for the app's lifetime
/// (top-level files) or must be copied (inflated nested packages).
pub(super) type Keep<'k, 's, 'a> = &'k (dyn Fn(&'s [u8]) -> Cow<'a, [u8]> + Sync);

/// What has been collected of an app so far.
#[derive(Debug)]
pub(super) struct Contents<'a> {
    pub kind: PackageKind,
    certificates: Vec<[u8; 32]>,
    code: Vec<CodeUnit<'a>>,
    native: BTreeMap<String, NativeFile>,
    assets: Vec<Asset>,
    pub anomalies: Vec<Anomaly>,
    pub limits: Vec<Limit>,
    /// Scratch space for the first bytes of entries.
    buffer: Vec<u8>,
    inflated: usize,
    nested: usize,
}

impl<'a> Contents<'a> {
    pub fn new(kind: PackageKind) -> Self {
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

    /// The app, sorted, with its manifest.
    pub fn finish(mut self, manifest: Option<Manifest>) -> App<'a> {
        self.note_hidden_content();
        self.certificates.sort();
        self.certificates.dedup();
        let hex = |hash: &[u8; 32]| hash.iter().map(|b| format!("{b:02x}")).collect();
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
            certificates: self.certificates.iter().map(hex).collect(),
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

    /// Files what was odd in an archive or a document that stands at `place`.
    pub fn note(&mut self, anomalies: Vec<Anomaly>, place: &str) {
        let within = |anomaly: Anomaly| {
            if place.is_empty() {
                anomaly
            } else {
                anomaly.within(place)
            }
        };
        self.anomalies.extend(anomalies.into_iter().map(within));
    }

    /// Adds the certificates of an APK.
    pub fn certificates(&mut self, bytes: &[u8], archive: &Archive<'_>, place: &str) {
        let (hashes, anomalies) = signing::certificates(bytes, archive);
        self.certificates.extend(hashes);
        self.note(anomalies, place);
    }

    /// What an archive is.
    pub fn classify(&mut self, archive: &Archive<'_>) -> ArchiveKind {
        archive::classify(archive, |entry| self.peek(archive, entry))
    }

    /// The first bytes of an entry; empty when they cannot be read.
    fn peek(&mut self, archive: &Archive<'_>, entry: &Entry) -> Vec<u8> {
        match archive.stored(entry) {
            Some(bytes) => bytes.iter().copied().take(archive::MAGIC_BYTES).collect(),
            None => archive
                .read(entry, &mut self.buffer, archive::MAGIC_BYTES)
                .map(|content| content.bytes.to_vec())
                .unwrap_or_default(),
        }
    }

    /// Collects the entries of an archive.
    pub fn collect<'s>(&mut self, archive: &Archive<'s>, scope: &Scope, keep: Keep<'_, 's, 'a>) {
        let mut class_files = Vec::new();
        let mut dex_files = Vec::new();
        for entry in archive.entries().iter().filter(|e| !e.is_directory) {
            self.note_asset(entry, scope);
            let magic = self.peek(archive, entry);
            if dex::is_dex(&magic) || archive::is_dex_name(&entry.name) {
                dex_files.push(entry);
            } else if magic.starts_with(archive::ELF_MAGIC) || is_library_entry(&entry.name) {
                self.library(archive, entry, scope);
            } else if magic.starts_with(archive::CLASS_MAGIC) && entry.name.ends_with(".class") {
                self.class_file(archive, entry, scope, &mut class_files);
            } else if magic.starts_with(archive::ZIP_MAGIC) {
                self.nested(archive, entry, scope, keep);
            }
        }
        self.dex_entries(archive, &dex_files, scope, keep);
        self.keep_class_files(class_files, scope);
    }

    fn note_asset(&mut self, entry: &Entry, scope: &Scope) {
        if scope.depth > 0 && self.kind != PackageKind::SplitSet {
            return;
        }
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
    pub fn bytes<'s, 'o>(
        &mut self,
        archive: &Archive<'s>,
        entry: &Entry,
        scope: &Scope,
        keep: Keep<'_, 's, 'o>,
    ) -> Option<Cow<'o, [u8]>> {
        let cap = self.room(1, scope, entry)?;
        let read = read(archive, entry, scope.place(entry), cap, keep);
        self.file(read)
    }

    /// Bytes that each of `count` entries may inflate to, `None` when the
    /// budget of the package is used up.
    fn room(&mut self, count: usize, scope: &Scope, entry: &Entry) -> Option<usize> {
        let left = MAX_PACKAGE_INFLATED_BYTES.saturating_sub(self.inflated) / count.max(1);
        if left == 0 {
            let message = format!(
                "more than {MAX_PACKAGE_INFLATED_BYTES} bytes when inflated; the rest was not read"
            );
            self.limits.push(Limit::analysis(
                "package-too-large",
                message,
                scope.place(entry),
            ));
            return None;
        }
        Some(left.min(MAX_ENTRY_BYTES))
    }

    fn file<'o>(&mut self, read: Read<'o>) -> Option<Cow<'o, [u8]>> {
        self.anomalies.extend(read.anomalies);
        self.limits.extend(read.limit);
        if let Some(Cow::Owned(bytes)) = &read.bytes {
            self.inflated += bytes.len();
        }
        read.bytes
    }

    /// Reads and indexes dex entries, several at the same time where the
    /// thread pool has more than one thread; the result does not depend on it.
    fn dex_entries<'s>(
        &mut self,
        archive: &Archive<'s>,
        entries: &[&Entry],
        scope: &Scope,
        keep: Keep<'_, 's, 'a>,
    ) {
        for some in entries.chunks(DEX_FILES_AT_ONCE) {
            let Some(cap) = some
                .first()
                .and_then(|entry| self.room(some.len(), scope, entry))
            else {
                return;
            };
            let read_one = |entry: &&Entry| {
                let place = scope.place(entry);
                let mut read = read(archive, entry, place.clone(), cap, keep);
                let dex = read.bytes.take().map(|bytes| DexFile::read(bytes, &place));
                (read, dex)
            };
            let done: Vec<(Read<'a>, Option<DexFile<'a>>)> = if rayon::current_num_threads() > 1 {
                some.par_iter().map(read_one).collect()
            } else {
                some.iter().map(read_one).collect()
            };
            for (read, dex) in done {
                self.file(read);
                if let Some(dex) = dex {
                    self.inflated += dex.inflated;
                    self.keep_dex(dex);
                }
            }
        }
    }

    /// Adds a file that is all dex.
    pub fn dex(&mut self, bytes: &'a [u8], place: &str) {
        self.keep_dex(DexFile::read(Cow::Borrowed(bytes), place));
    }

    fn keep_dex(&mut self, dex: DexFile<'a>) {
        self.code.extend(dex.units);
        self.anomalies.extend(dex.anomalies);
        self.limits.extend(dex.limits);
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
        let place = scope.place(entry);
        into.extend(self.decoded(classfile::parse(&bytes), "code-unreadable", &place));
    }

    fn keep_class_files(&mut self, mut classes: Vec<ClassFile>, scope: &Scope) {
        if classes.is_empty() {
            return;
        }
        classes.sort_by(|a, b| a.name.cmp(&b.name));
        let index = classes.iter().enumerate();
        let table = ClassTable::build(
            index.map(|(i, c)| (Cow::Borrowed(c.name.as_str()), c.methods as u32, i as u32)),
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
        if scope.depth >= MAX_NESTING_DEPTH || self.nested >= MAX_NESTED_PACKAGES {
            let message = format!(
                "packages nested deeper than {MAX_NESTING_DEPTH} or beyond the first {MAX_NESTED_PACKAGES} were not opened"
            );
            self.limits.push(Limit::analysis(
                "nested-too-deep",
                message,
                scope.place(entry),
            ));
            return;
        }
        let inner = scope.inside(entry);
        let Some(bytes) = self.bytes(archive, entry, scope, keep) else {
            return;
        };
        match &bytes {
            Cow::Borrowed(bytes) => self.nested_contents(bytes, &inner, &Cow::Borrowed),
            Cow::Owned(bytes) => self.nested_contents(bytes, &inner, &copied),
        }
    }

    fn nested_contents<'s>(&mut self, bytes: &'s [u8], scope: &Scope, keep: Keep<'_, 's, 'a>) {
        // A damaged zip among the assets is data, not code that was missed:
        // its anomalies count only when it turns out to hold code.
        let Ok((archive, anomalies)) = Archive::open(bytes) else {
            return;
        };
        if self.classify(&archive) == ArchiveKind::Other {
            return;
        }
        self.nested += 1;
        self.note(anomalies, &scope.own_name);
        self.collect(&archive, scope, keep);
    }

    /// Takes the value of a decoder and files its anomalies; an error becomes a
    /// limit that makes the analysis partial.
    pub fn decoded<T>(
        &mut self,
        decoded: Decoded<T>,
        code: &'static str,
        place: &str,
    ) -> Option<T> {
        match decoded {
            Ok((value, anomalies)) => {
                self.note(anomalies, place);
                Some(value)
            }
            Err(error) => {
                self.limits
                    .push(Limit::analysis(code, error.to_string(), place));
                None
            }
        }
    }
}

/// A [`Keep`] for bytes that do not live as long as the app.
pub(super) fn copied<'o>(bytes: &[u8]) -> Cow<'o, [u8]> {
    Cow::Owned(bytes.to_vec())
}

/// The outcome of reading one entry.
struct Read<'o> {
    bytes: Option<Cow<'o, [u8]>>,
    anomalies: Vec<Anomaly>,
    limit: Option<Limit>,
}

fn read<'s, 'o>(
    archive: &Archive<'s>,
    entry: &Entry,
    place: String,
    cap: usize,
    keep: Keep<'_, 's, 'o>,
) -> Read<'o> {
    let mut buffer = Vec::new();
    match archive.read(entry, &mut buffer, cap) {
        Ok(content) => {
            let anomalies = content
                .anomalies
                .into_iter()
                .map(|a| Anomaly {
                    place: place.clone(),
                    ..a
                })
                .collect();
            let limit = content.truncated.then(|| {
                let message = format!("only its first {} bytes could be read", content.bytes.len());
                Limit::analysis("entry-truncated", message, place)
            });
            let bytes = match archive.borrowed(content.bytes) {
                Some(stored) => keep(stored),
                None => {
                    buffer.shrink_to_fit();
                    Cow::Owned(buffer)
                }
            };
            Read {
                bytes: Some(bytes),
                anomalies,
                limit,
            }
        }
        Err(error) => {
            let limit = Limit::analysis("entry-unreadable", error.to_string(), place);
            Read {
                bytes: None,
                anomalies: Vec::new(),
                limit: Some(limit),
            }
        }
    }
}

/// A dex file as indexed: one unit, or several of a 041 container.
struct DexFile<'a> {
    units: Vec<CodeUnit<'a>>,
    anomalies: Vec<Anomaly>,
    limits: Vec<Limit>,
    /// Bytes that it keeps in memory.
    inflated: usize,
}

impl<'a> DexFile<'a> {
    fn read(bytes: Cow<'a, [u8]>, place: &str) -> Self {
        let inflated = if matches!(bytes, Cow::Owned(_)) {
            bytes.len()
        } else {
            0
        };
        let mut file = Self {
            units: Vec::new(),
            anomalies: Vec::new(),
            limits: Vec::new(),
            inflated,
        };
        if !dex::is_dex(&bytes) {
            file.limit(
                "code-unreadable",
                "Android loads this entry as code, but it is no dex file (encrypted or damaged)",
                place,
            );
            return file;
        }
        let mut tables = Vec::new();
        for (index, decoded) in Dex::parse_container(&bytes).into_iter().enumerate() {
            match decoded {
                Ok((dex, anomalies)) => {
                    file.anomalies
                        .extend(anomalies.into_iter().map(|a| a.within(place)));
                    tables.push((index, file.index(&dex, place)));
                }
                Err(error) => file.limit("code-unreadable", &error.to_string(), place),
            }
        }
        file.share(bytes, tables, place);
        file
    }

    /// The classes of one logical dex file; what was not seen is said.
    fn index(&mut self, dex: &Dex<'_>, place: &str) -> ClassTable {
        if dex.clipped {
            self.limit(
                "dex-clipped",
                "tables of this dex file reach past its end: the classes behind it were not seen",
                place,
            );
        }
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
        if budget.is_exhausted() {
            self.limit(
                "dex-walk-budget",
                "class members are shared so often that not all were counted",
                place,
            );
        }
        table
    }

    /// One unit per logical file; all share the bytes.
    fn share(&mut self, bytes: Cow<'a, [u8]>, tables: Vec<(usize, ClassTable)>, place: &str) {
        let mut copies = tables.len();
        let mut bytes = Some(bytes);
        for (index, classes) in tables {
            copies -= 1;
            let shared = if copies == 0 {
                bytes.take()
            } else {
                bytes.clone()
            };
            let Some(bytes) = shared else { break };
            self.units.push(CodeUnit {
                place: place.to_owned(),
                body: CodeBody::Dex { bytes, index },
                classes,
            });
        }
    }

    fn limit(&mut self, code: &'static str, message: &str, place: &str) {
        self.limits.push(Limit::analysis(code, message, place));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_stand_in_an_abi_folder_below_lib_or_jni() {
        for (name, is_library) in [
            ("lib/arm64-v8a/libx.so", true),
            ("base/lib/x86/libx.so", true),
            ("jni/armeabi/libx.so", true),
            ("assets/libx.so", false),
            ("libx.so", false),
        ] {
            assert_eq!(is_library_entry(name), is_library, "{name}");
        }
    }
}
