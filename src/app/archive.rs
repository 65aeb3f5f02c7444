//! What a zip archive is: decided by what it contains, never by its name.

use crate::formats::dex;
use crate::formats::zip::{Archive, Entry};

/// The binary (or, in an AAR, textual) manifest of a package.
pub const MANIFEST: &str = "AndroidManifest.xml";
/// The manifest of the base module of a bundle.
pub const BUNDLE_MANIFEST: &str = "base/manifest/AndroidManifest.xml";
/// First bytes of a zip's local header.
pub const ZIP_MAGIC: &[u8] = b"PK\x03\x04";
/// First bytes of a native library.
pub const ELF_MAGIC: &[u8] = b"\x7fELF";
/// First bytes of a class file.
pub const CLASS_MAGIC: &[u8] = b"\xca\xfe\xba\xbe";
/// Bytes needed to tell all of them.
pub const MAGIC_BYTES: usize = 8;

/// What an archive is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArchiveKind {
    /// An APK: a binary manifest at its root.
    Apk,
    /// An App Bundle.
    Bundle,
    /// An Android library: a text manifest at its root.
    Library,
    /// Class files or dex files without a manifest.
    Jar,
    /// A container of APKs (`.apks`, `.xapk`, `.apkm`).
    ApkContainer,
    /// None of these.
    Other,
}

/// Tells what an archive is. `peek` yields the first bytes of an entry.
pub fn classify(archive: &Archive<'_>, mut peek: impl FnMut(&Entry) -> Vec<u8>) -> ArchiveKind {
    if archive.entry(BUNDLE_MANIFEST).is_some() {
        return ArchiveKind::Bundle;
    }
    let has_class_jar = archive.entry("classes.jar").is_some();
    if let Some(manifest) = archive.entry(MANIFEST) {
        let start = peek(manifest);
        let text = start
            .iter()
            .find(|b| !b.is_ascii_whitespace() && !matches!(b, 0xef | 0xbb | 0xbf))
            == Some(&b'<');
        return if text || has_class_jar {
            ArchiveKind::Library
        } else {
            ArchiveKind::Apk
        };
    }
    let names = || {
        archive
            .entries()
            .iter()
            .filter(|e| !e.is_directory)
            .map(|e| e.name.as_str())
    };
    if names().any(|name| name.ends_with(".class") || is_dex_name(name)) {
        return ArchiveKind::Jar;
    }
    if names().any(is_contained_apk) {
        return ArchiveKind::ApkContainer;
    }
    if archive
        .entries()
        .iter()
        .any(|entry| !entry.is_directory && dex::is_dex(&peek(entry)))
    {
        return ArchiveKind::Jar;
    }
    ArchiveKind::Other
}

/// Whether Android loads an entry of this name as code: `classes.dex`,
/// `classes2.dex`, …
pub fn is_dex_name(name: &str) -> bool {
    let digits = name
        .strip_prefix("classes")
        .and_then(|rest| rest.strip_suffix(".dex"));
    digits.is_some_and(|digits| digits.chars().all(|c| c.is_ascii_digit()))
}

/// Whether an entry of a container is one of its APKs: at the root (xapk,
/// apkm) or below the folders that bundletool writes.
pub fn is_contained_apk(name: &str) -> bool {
    let Some(stem) = name.strip_suffix(".apk") else {
        return false;
    };
    match stem.split_once('/') {
        None => true,
        Some((folder, rest)) => matches!(folder, "splits" | "standalones") && !rest.contains('/'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn android_loads_only_numbered_root_dex_files() {
        for (name, loaded) in [
            ("classes.dex", true),
            ("classes12.dex", true),
            ("classes-x.dex", false),
            ("a/classes.dex", false),
        ] {
            assert_eq!(is_dex_name(name), loaded, "{name}");
        }
    }

    #[test]
    fn apks_of_a_container_stand_at_its_root_or_in_bundletool_folders() {
        for (name, contained) in [
            ("base.apk", true),
            ("splits/base-master.apk", true),
            ("assets/plugin.apk", false),
            ("base.apk.idsig", false),
        ] {
            assert_eq!(is_contained_apk(name), contained, "{name}");
        }
    }
}
