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
///
/// What Android would install decides first: a binary manifest at the root
/// makes an APK, whatever else lies beside it to mislead.
pub fn classify(archive: &Archive<'_>, mut peek: impl FnMut(&Entry) -> Vec<u8>) -> ArchiveKind {
    if let Some(manifest) = archive.entry(MANIFEST) {
        let is_text = starts_as_text(&peek(manifest));
        return if is_text {
            ArchiveKind::Library
        } else {
            ArchiveKind::Apk
        };
    }
    if archive.entry(BUNDLE_MANIFEST).is_some() {
        return ArchiveKind::Bundle;
    }
    let files = || archive.entries().iter().filter(|entry| !entry.is_directory);
    if files().any(|entry| is_contained_apk(&entry.name)) {
        return ArchiveKind::ApkContainer;
    }
    let is_code = |name: &str| name.ends_with(".class") || is_dex_name(name);
    if files().any(|entry| is_code(&entry.name)) || files().any(|entry| dex::is_dex(&peek(entry))) {
        return ArchiveKind::Jar;
    }
    ArchiveKind::Other
}

/// Whether a document starts as text XML: a byte order mark and blanks aside,
/// with `<`.
pub fn starts_as_text(start: &[u8]) -> bool {
    let is_blank =
        |byte: &&u8| byte.is_ascii_whitespace() || matches!(byte, 0xef | 0xbb | 0xbf | 0xff | 0xfe);
    start.iter().find(|byte| !is_blank(byte)) == Some(&b'<')
}

/// Magic of code that was compiled or compacted ahead of time (AOSP
/// `art/libdexfile/dex/compact_dex_file.h`, `dalvik/libdex/DexOptData.h`,
/// `art/runtime/vdex_file.h`): none of them is read here.
const PRECOMPILED: [&[u8]; 3] = [b"cdex", b"dey\n", b"vdex"];
/// Magic of compressed streams that are not opened: gzip, xz, zstd, 7z, bzip2.
const COMPRESSED: [&[u8]; 5] = [
    b"\x1f\x8b\x08",
    b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd",
    b"7z\xbc\xaf",
    b"BZh",
];

/// Whether these first bytes are code that was compiled ahead of time.
pub fn is_precompiled(start: &[u8]) -> bool {
    PRECOMPILED.iter().any(|magic| start.starts_with(magic))
}

/// Whether these first bytes are a compressed stream that is not opened.
pub fn is_compressed(start: &[u8]) -> bool {
    COMPRESSED.iter().any(|magic| start.starts_with(magic))
}

/// Whether the name says that an entry is code, in an archive of any kind.
pub fn is_code_name(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    ["dex", "jar", "apk", "aar", "class"]
        .iter()
        .any(|code| ending.eq_ignore_ascii_case(code))
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
    fn a_name_can_promise_code() {
        for (name, promises) in [
            ("assets/plugin.jar", true),
            ("base/dex/classes.dex", true),
            ("assets/a.dat", false),
            ("dex", false),
        ] {
            assert_eq!(is_code_name(name), promises, "{name}");
        }
    }

    #[test]
    fn a_text_manifest_may_start_with_a_byte_order_mark() {
        assert!(starts_as_text(b"\xef\xbb\xbf<?xml"));
        assert!(!starts_as_text(b"\x03\x00\x08\x00<"));
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
