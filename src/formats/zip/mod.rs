//! Zip archives as Android reads them.
//!
//! The index is one own walk of the central directory with the rules of
//! AOSP `system/libziparchive/zip_archive.cc`, repairing where Android is
//! lenient (and where tampered packages only make analysis tools fail). The
//! `zip` crate is the oracle of the tests, not the index: it refuses corrupt
//! extra fields, encryption flags and unknown methods that Android ignores,
//! and silently keeps one of several entries of a name. Its index is faster
//! (40 against 90 microseconds for a package of 200 entries) because it does
//! not compare the local headers; that is nothing beside inflating, and one
//! walk for every file means that a tampered package takes the same path as a
//! clean one.
//!
//! Facts: PKWARE APPNOTE 6.3.10, sections 4.3 to 4.5, for the records;
//! libziparchive for which of two contradicting fields Android believes:
//! * the end record is searched backwards from the end of the file;
//! * method, sizes and CRC come from the central directory, the start of the
//!   data from the local header;
//! * encryption flag, versions, disk numbers and extra fields (but zip64) are
//!   not looked at;
//! * `androidfw` maps everything that is not deflated as it is, with the
//!   *uncompressed* size as its length;
//! * of several entries of one name the native code takes the first (recent
//!   versions refuse such an archive).

mod end_record;
mod index;
mod inflate;
mod read;

#[cfg(test)]
pub(crate) mod builder;
#[cfg(test)]
mod tests;

pub use read::Content;

use super::{Anomaly, DecodeError, Decoded};

/// An index over a zip archive in memory or mapped memory.
#[derive(Debug)]
pub struct Archive<'a> {
    data: &'a [u8],
    entries: Vec<Entry>,
    /// Indexes of `entries`, sorted by name, then by position.
    by_name: Vec<u32>,
    directory_start: usize,
    prepended: usize,
}

/// One file of an archive, as the central directory describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Name; bytes that are not UTF-8 are replaced.
    pub name: String,
    /// Whether the name ends in `/` and no content is declared.
    pub is_directory: bool,
    /// How the content is packed.
    pub method: Method,
    /// Bytes of packed content that are present, at most as many as declared.
    pub compressed_size: usize,
    /// Declared size of the content; may be a lie.
    pub uncompressed_size: u64,
    /// Declared CRC-32 of the content; may be a lie.
    pub crc32: u32,
    /// The directory claims that the entry is encrypted; Android ignores it.
    pub encryption_flag: bool,
    /// An earlier entry has the same name, so Android does not see this one.
    pub shadowed: bool,
    /// Absolute offset of the local header; `None` when there is none.
    pub header_start: Option<usize>,
    /// Absolute offset of the packed content; `None` without a local header.
    pub data_start: Option<usize>,
}

/// Compression methods that Android knows (APPNOTE 4.4.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Method 0.
    Stored,
    /// Method 8.
    Deflated,
    /// Anything else; Android takes the bytes as they are.
    Unknown(u16),
}

impl<'a> Archive<'a> {
    /// Reads the central directory and compares it with the local headers.
    ///
    /// Fails only when there is no end record with a readable central
    /// directory; everything else is repaired and told in an anomaly, one for
    /// all entries that share it.
    pub fn open(data: &'a [u8]) -> Decoded<Archive<'a>> {
        index::build(data)
    }

    /// All entries in the order of the central directory, also those that
    /// share a name.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry that Android uses for `name`: the first one of that name.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        let position = self
            .by_name
            .partition_point(|&i| self.name_of(i).is_some_and(|other| other < name));
        let index = *self.by_name.get(position)?;
        self.entries
            .get(index as usize)
            .filter(|entry| entry.name == name)
    }

    /// The content of an entry: stored entries are borrowed from the archive,
    /// deflated ones inflate into `buffer`, which is cleared first.
    ///
    /// At most `cap` bytes are produced, never more than the packed bytes can
    /// yield. Content that breaks off is returned as far as it goes with
    /// `truncated` set. Fails when there is no content at all: no local
    /// header, or encrypted for real.
    pub fn read<'b>(
        &self,
        entry: &Entry,
        buffer: &'b mut Vec<u8>,
        cap: usize,
    ) -> Result<Content<'b>, DecodeError>
    where
        'a: 'b,
    {
        read::content(self, entry, buffer, cap)
    }

    /// Content that lies in the archive as it is, for as long as the archive
    /// lives; `None` when it was inflated into a buffer.
    pub fn borrowed(&self, content: &[u8]) -> Option<&'a [u8]> {
        let start = content
            .as_ptr()
            .addr()
            .checked_sub(self.data.as_ptr().addr())?;
        self.data.get(start..start.checked_add(content.len())?)
    }

    /// The content of a stored entry without looking at its CRC; `None` for
    /// any other method.
    pub fn stored(&self, entry: &Entry) -> Option<&'a [u8]> {
        match entry.method {
            Method::Stored => read::stored(self, entry).map(|stored| stored.bytes),
            Method::Deflated | Method::Unknown(_) => None,
        }
    }

    /// Absolute offset of the central directory; an APK Signing Block ends here.
    pub fn directory_start(&self) -> usize {
        self.directory_start
    }

    /// The bytes before the first local header, normally none. A DEX file here
    /// is run by Android before 7.0 (CVE-2017-13156, "Janus").
    pub fn prepended(&self) -> &'a [u8] {
        self.data.get(..self.prepended).unwrap_or_default()
    }

    fn name_of(&self, index: u32) -> Option<&str> {
        self.entries
            .get(index as usize)
            .map(|entry| entry.name.as_str())
    }
}
