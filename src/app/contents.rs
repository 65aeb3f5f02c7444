//! Walks the entries of a package once and keeps what is code, a native
//! library or an asset, whatever its name; packages inside it are walked too.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use rayon::prelude::*;

use super::archive::{self, ArchiveKind};
use super::code::{ClassTable, CodeBody, CodeUnit};
use super::dex_file::DexFile;
use super::entry::{Keep, Read, Scope, copied, read};
use super::manifest::Manifest;
use super::native::{self, NativeFile};
use super::{App, Asset, PackageKind};
use crate::formats::classfile::{self, ClassFile};
use crate::formats::dex;
use crate::formats::limits::{
    MAX_APP_LIBRARY_NAME_BYTES, MAX_ENTRY_BYTES, MAX_NESTED_PACKAGES, MAX_NESTING_DEPTH,
    MAX_PACKAGE_INFLATED_BYTES, MAX_PACKAGE_RATIO, MIN_PACKAGE_INFLATED_BYTES,
};
use crate::formats::zip::{Archive, Entry};
use crate::formats::{Anomaly, Decoded, Limit, signing};

/// Dex files of one package that are read at the same time.
const DEX_FILES_AT_ONCE: usize = 8;

/// Entries that an aggregated limit names.
const NAMED_ENTRIES: usize = 5;

/// What has been collected of an app so far.
#[derive(Debug)]
pub(super) struct Contents<'a> {
    pub kind: PackageKind,
    certificates: Vec<[u8; 32]>,
    code: Vec<CodeUnit<'a>>,
    native: BTreeMap<String, NativeFile>,
    /// Bytes that the names of native libraries take.
    native_names: usize,
    assets: Vec<Asset>,
    pub anomalies: Vec<Anomaly>,
    pub limits: Vec<Limit>,
    /// Scratch space for the first bytes of entries.
    buffer: Vec<u8>,
    /// Bytes that entries may inflate to, all together.
    budget: usize,
    inflated: usize,
    nested: usize,
}

impl<'a> Contents<'a> {
    /// A collection for a package of `size` bytes: what it may inflate to is in
    /// proportion, so that a small file cannot fill the memory.
    pub fn new(kind: PackageKind, size: usize) -> Self {
        let budget = size.saturating_mul(MAX_PACKAGE_RATIO);
        Self {
            kind,
            budget: budget.clamp(MIN_PACKAGE_INFLATED_BYTES, MAX_PACKAGE_INFLATED_BYTES),
            certificates: Vec::new(),
            code: Vec::new(),
            native: BTreeMap::new(),
            native_names: 0,
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
        for library in self.native.values_mut() {
            library.places.sort();
        }
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
        archive::classify(archive, |entry| {
            self.peek(archive, entry).unwrap_or_default()
        })
    }

    /// The first bytes of an entry; `None` when it cannot be read at all.
    fn peek(&mut self, archive: &Archive<'_>, entry: &Entry) -> Option<Vec<u8>> {
        if let Some(bytes) = archive.stored(entry) {
            return Some(bytes.iter().copied().take(archive::MAGIC_BYTES).collect());
        }
        let content = archive
            .read(entry, &mut self.buffer, archive::MAGIC_BYTES)
            .ok()?;
        Some(content.bytes.to_vec())
    }

    /// Collects the entries of an archive: what Android loads as code first, so
    /// that nothing else can use up the budget before.
    pub fn collect<'s>(&mut self, archive: &Archive<'s>, scope: &Scope, keep: Keep<'_, 's, 'a>) {
        self.collect_where(archive, scope, keep, &|_| true);
    }

    /// Collects some entries of an archive.
    pub fn collect_where<'s>(
        &mut self,
        archive: &Archive<'s>,
        scope: &Scope,
        keep: Keep<'_, 's, 'a>,
        wanted: &dyn Fn(&Entry) -> bool,
    ) {
        let found = self.sort_entries(archive, scope, wanted);
        self.dex_entries(archive, &found.dex, scope, keep);
        for entry in found.nested {
            self.nested(archive, entry, scope, keep);
        }
        let mut class_files = Vec::new();
        for entry in found.classes {
            self.class_file(archive, entry, scope, &mut class_files);
        }
        self.keep_class_files(class_files, scope);
        for entry in found.libraries {
            self.library(archive, entry, scope);
        }
        let prepended = archive.prepended();
        if dex::is_dex(prepended) {
            // Android before 7.0 runs it (CVE-2017-13156, "Janus").
            self.keep_dex(DexFile::read(
                keep(prepended),
                &format!("{}(before the archive)", scope.prefix),
            ));
        }
    }

    /// Sorts entries by what they are: by their first bytes, and where those
    /// say nothing by what their names promise.
    fn sort_entries<'e>(
        &mut self,
        archive: &'e Archive<'_>,
        scope: &Scope,
        wanted: &dyn Fn(&Entry) -> bool,
    ) -> Sorted<'e> {
        let mut sorted = Sorted::default();
        let mut seen = HashSet::new();
        let mut unread = Named::default();
        let mut compressed = Named::default();
        for entry in archive
            .entries()
            .iter()
            .filter(|e| !e.is_directory && wanted(e))
        {
            self.note_asset(entry, scope);
            if entry.data_start.is_some() && !seen.insert((entry.data_start, entry.compressed_size))
            {
                // The same bytes under another name.
                if is_library_entry(&entry.name) {
                    sorted.libraries.push(entry);
                }
                continue;
            }
            let Some(start) = self.peek(archive, entry) else {
                unread.add(scope.place(entry));
                continue;
            };
            if dex::is_dex(&start) || self.is_loaded_as_dex(&entry.name) {
                sorted.dex.push(entry);
            } else if start.starts_with(archive::ZIP_MAGIC) {
                sorted.nested.push(entry);
            } else if start.starts_with(archive::CLASS_MAGIC) {
                sorted.classes.push(entry);
            } else if start.starts_with(archive::ELF_MAGIC) || is_library_entry(&entry.name) {
                sorted.libraries.push(entry);
            } else if archive::is_precompiled(&start)
                || (archive::is_code_name(&entry.name) && !start.is_empty())
            {
                let message =
                    "its name or its first bytes promise code, but not in a form that is read here";
                self.limits.push(Limit::analysis(
                    "code-unreadable",
                    message,
                    scope.place(entry),
                ));
            } else if archive::is_compressed(&start) {
                compressed.add(scope.place(entry));
            }
        }
        self.limits.extend(unread.limit(
            Limit::analysis,
            "entry-unreadable",
            "cannot be read at all",
        ));
        self.limits.extend(compressed.limit(
            Limit::detail,
            "compressed-asset",
            "is compressed in a form that is not opened",
        ));
        sorted
    }

    /// Whether Android loads an entry of this name as code.
    fn is_loaded_as_dex(&self, name: &str) -> bool {
        match self.kind {
            PackageKind::Bundle => {
                let mut parts = name.rsplitn(3, '/');
                let file = parts.next().unwrap_or_default();
                archive::is_dex_name(file) && parts.next() == Some("dex")
            }
            _ => archive::is_dex_name(name),
        }
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
        let cap = self.room(scope, entry)?;
        let read = read(archive, entry, scope.place(entry), cap, keep);
        self.file(read)
    }

    /// Bytes that an entry may inflate to; `None`, with a limit, when the budget
    /// of the package is used up.
    fn room(&mut self, scope: &Scope, entry: &Entry) -> Option<usize> {
        let left = self.budget.saturating_sub(self.inflated);
        if left == 0 {
            let message = format!(
                "the package inflates to more than {} bytes; the rest was not read",
                self.budget
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
            let declared =
                |entry: &&Entry| usize::try_from(entry.uncompressed_size).unwrap_or(usize::MAX);
            let together = some.iter().map(declared).fold(0, usize::saturating_add);
            if together > self.budget.saturating_sub(self.inflated)
                || rayon::current_num_threads() == 1
            {
                some.iter()
                    .for_each(|entry| self.dex_entry(archive, entry, scope, keep));
                continue;
            }
            let read_one = |entry: &&Entry| {
                // A declared size that lies is caught by the truncation.
                let cap = declared(entry).saturating_add(1).min(MAX_ENTRY_BYTES);
                let mut read = read(archive, entry, scope.place(entry), cap, keep);
                let honest = read.limit.is_none();
                let dex = read
                    .bytes
                    .take()
                    .filter(|_| honest)
                    .map(|bytes| DexFile::read(bytes, &scope.place(entry)));
                (read, dex)
            };
            let done: Vec<(Read<'a>, Option<DexFile<'a>>)> =
                some.par_iter().map(read_one).collect();
            for (entry, (read, dex)) in some.iter().zip(done) {
                match dex {
                    Some(dex) => {
                        self.file(read);
                        self.keep_dex(dex);
                    }
                    None => self.dex_entry(archive, entry, scope, keep),
                }
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
        let Some(cap) = self.room(scope, entry) else {
            return;
        };
        let place = scope.place(entry);
        let mut read = read(archive, entry, place.clone(), cap, keep);
        let bytes = read.bytes.take();
        self.file(read);
        if let Some(bytes) = bytes {
            self.keep_dex(DexFile::read(bytes, &place));
        }
    }

    /// Adds a file that is all dex.
    pub fn dex(&mut self, bytes: &'a [u8], place: &str) {
        self.keep_dex(DexFile::read(Cow::Borrowed(bytes), place));
    }

    fn keep_dex(&mut self, dex: DexFile<'a>) {
        self.inflated += dex.inflated;
        self.code.extend(dex.units);
        self.anomalies.extend(dex.anomalies);
        self.limits.extend(dex.limits);
    }

    /// One file of a native library. A file that is no library, in a place of
    /// libraries, may be anything: that is said.
    fn library(&mut self, archive: &Archive<'_>, entry: &Entry, scope: &Scope) {
        let name = entry
            .name
            .rsplit('/')
            .next()
            .unwrap_or(&entry.name)
            .to_owned();
        let place = scope.place(entry);
        let bytes = self.bytes(archive, entry, scope, &Cow::Borrowed);
        let (mut file, anomalies) =
            native::read(&name, &place, bytes.as_deref().unwrap_or_default());
        self.anomalies.extend(anomalies);
        self.keep_native_names(&mut file, &place);
        match self.native.get_mut(&name) {
            Some(known) => known.absorb(file),
            None => {
                self.native.insert(name, file);
            }
        }
    }

    /// Beyond the cap of the app only what a library is called is kept.
    fn keep_native_names(&mut self, file: &mut NativeFile, place: &str) {
        let names = file.name_bytes();
        if self.native_names.saturating_add(names) <= MAX_APP_LIBRARY_NAME_BYTES {
            self.native_names += names;
            return;
        }
        file.forget_names();
        let message = format!(
            "the native libraries hold more than {MAX_APP_LIBRARY_NAME_BYTES} bytes of names; of this one only its file name counts"
        );
        self.limits
            .push(Limit::detail("native-library-incomplete", message, place));
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
        let parsed = classfile::parse(&bytes);
        // Fat Mach-O files have the same magic: only the name tells them apart.
        if parsed.is_ok() || entry.name.ends_with(".class") {
            into.extend(self.decoded(parsed, "code-unreadable", &place));
        }
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
        self.nested += 1;
        let code_before = self.code.len() + self.native.len();
        match Archive::open(bytes) {
            Ok((archive, anomalies)) => {
                self.collect(&archive, scope, keep);
                // What is odd in an archive of data is not the app's oddity.
                if self.code.len() + self.native.len() > code_before {
                    self.note(anomalies, &scope.own_name);
                }
            }
            Err(error) => {
                // Nothing can load classes from it without its directory, but a
                // name that promises code deserves a conclusion.
                let limit = if archive::is_code_name(&scope.own_name) {
                    Limit::analysis
                } else {
                    Limit::detail
                };
                self.limits.push(limit(
                    "nested-archive-unreadable",
                    error.to_string(),
                    &scope.own_name,
                ));
            }
        }
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

/// Entries by what they are.
#[derive(Default)]
struct Sorted<'e> {
    dex: Vec<&'e Entry>,
    nested: Vec<&'e Entry>,
    classes: Vec<&'e Entry>,
    libraries: Vec<&'e Entry>,
}

/// Entries that share one limit: their number, and the names of the first.
#[derive(Default)]
struct Named {
    count: usize,
    first: Vec<String>,
}

impl Named {
    fn add(&mut self, place: String) {
        self.count += 1;
        if self.first.len() < NAMED_ENTRIES {
            self.first.push(place);
        }
    }

    fn limit(
        self,
        limit: fn(&'static str, String, String) -> Limit,
        code: &'static str,
        what: &str,
    ) -> Option<Limit> {
        let place = self.first.first()?.clone();
        let more = if self.count > self.first.len() {
            ", …"
        } else {
            ""
        };
        let message = format!(
            "{} entries: each {what} ({}{more})",
            self.count,
            self.first.join(", ")
        );
        Some(limit(code, message, place))
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
