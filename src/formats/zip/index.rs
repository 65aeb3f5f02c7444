//! The walk of the central directory, and the comparison with the local headers.

use std::collections::BTreeMap;

use super::end_record::{self, Directory};
use super::{Anomaly, Archive, Decoded, Entry, Method};
use crate::formats::limits::{MAX_ANOMALY_EXAMPLES, MAX_EXTRA_FIELDS, MAX_ZIP_ENTRIES};
use crate::formats::{Cursor, DecodeError};

const DIRECTORY_SIGNATURE: u32 = 0x0201_4b50;
const SIGNATURE_LENGTH: usize = 4;
/// A record without name, extra fields and comment.
const RECORD_LENGTH: usize = 46;
const LOCAL_SIGNATURE: u32 = 0x0403_4b50;
/// General purpose flag bit 0 (APPNOTE 4.4.4).
const FLAG_ENCRYPTED: u16 = 1;
/// Bit 3: sizes and CRC of the local header are in a data descriptor.
const FLAG_DATA_DESCRIPTOR: u16 = 1 << 3;
const ZIP64_EXTRA: u16 = 0x0001;

/// Reads everything that [`Archive::open`] promises.
pub(super) fn build(data: &[u8]) -> Decoded<Archive<'_>> {
    let (directory, mut anomalies) = end_record::locate(data)?;
    let mut odd = Tally::default();
    let (mut entries, walked_to) = walk(data, &directory, &mut odd, &mut anomalies);
    let by_name = sort_by_name(&mut entries, &mut odd);
    compare_extent(data, &directory, entries.len(), walked_to, &mut anomalies);
    let prepended = prepended(data, &entries, &mut anomalies);
    anomalies.extend(odd.into_anomalies());
    let archive = Archive {
        data,
        entries,
        by_name,
        directory_start: directory.start,
        prepended,
    };
    Ok((archive, anomalies))
}

/// One record of the central directory (APPNOTE 4.3.12).
struct Record<'a> {
    flags: u16,
    method: u16,
    crc32: u32,
    compressed: u64,
    uncompressed: u64,
    disk: u16,
    header_offset: u64,
    name: &'a [u8],
    extra: &'a [u8],
}

/// All records, and the offset behind the last one.
///
/// When a record does not end where the next one starts (a lie about its extra
/// or comment length) the walk goes on at the next record signature.
fn walk(
    data: &[u8],
    directory: &Directory,
    odd: &mut Tally,
    anomalies: &mut Vec<Anomaly>,
) -> (Vec<Entry>, usize) {
    // The records must lie before the end record; reading on would take the
    // archive comment for entries.
    let region = data.get(..directory.end).unwrap_or(data);
    let mut cursor = Cursor::at(region, directory.start);
    let mut entries: Vec<Entry> = Vec::new();
    let mut walked_to = directory.start;
    // The next record cannot start before this.
    let mut earliest = directory.start;
    loop {
        if entries.len() >= MAX_ZIP_ENTRIES {
            anomalies.push(Anomaly::new(
                "zip-too-many-entries",
                format!("only the first {MAX_ZIP_ENTRIES} entries were read"),
                format!("offset {walked_to:#x}"),
            ));
            break;
        }
        let start = cursor.position();
        if let Ok(record) = record(&mut cursor) {
            earliest = start + RECORD_LENGTH + record.name.len();
            walked_to = cursor.position();
            entries.push(entry(data, directory, record, odd));
            continue;
        }
        if entries.len() as u64 >= directory.count {
            break;
        }
        let Some(next) = next_record(region, earliest) else {
            break;
        };
        let after = entries.last().map_or("", |entry| entry.name.as_str());
        odd.note("zip-directory-record", after);
        earliest = next + SIGNATURE_LENGTH;
        cursor = Cursor::at(region, next);
    }
    (entries, walked_to)
}

fn next_record(region: &[u8], from: usize) -> Option<usize> {
    let signature = DIRECTORY_SIGNATURE.to_le_bytes();
    let windows = region.get(from..)?.windows(SIGNATURE_LENGTH);
    windows
        .enumerate()
        .find(|(_, window)| *window == signature)
        .map(|(distance, _)| from + distance)
}

fn record<'a>(cursor: &mut Cursor<'a>) -> Result<Record<'a>, DecodeError> {
    let start = cursor.offset();
    if cursor.u32()? != DIRECTORY_SIGNATURE {
        return Err(DecodeError::new(start, "no central directory record"));
    }
    cursor.skip(4)?; // versions: nobody looks at them
    let flags = cursor.u16()?;
    let method = cursor.u16()?;
    cursor.skip(4)?; // time and date
    let crc32 = cursor.u32()?;
    let compressed = cursor.u32()?;
    let uncompressed = cursor.u32()?;
    let name_length = cursor.u16()?;
    let extra_length = cursor.u16()?;
    let comment_length = cursor.u16()?;
    let disk = cursor.u16()?;
    cursor.skip(6)?; // attributes
    let header_offset = cursor.u32()?;
    let record = Record {
        flags,
        method,
        crc32,
        compressed: compressed.into(),
        uncompressed: uncompressed.into(),
        disk,
        header_offset: header_offset.into(),
        name: cursor.bytes(name_length.into())?,
        extra: cursor.bytes(extra_length.into())?,
    };
    cursor.skip(comment_length.into())?;
    Ok(record)
}

/// Turns a record into an entry, noting what is odd about it.
fn entry(data: &[u8], directory: &Directory, mut record: Record<'_>, odd: &mut Tally) -> Entry {
    let name = String::from_utf8_lossy(record.name).into_owned();
    if !read_extra(&mut record) {
        odd.note("zip-extra-field", &name);
    }
    note_name(record.name, &name, odd);
    if record.disk != 0 && record.disk != u16::MAX {
        odd.note("zip-disk-number", &name);
    }
    let encryption_flag = record.flags & FLAG_ENCRYPTED != 0;
    if encryption_flag {
        odd.note("zip-encryption-flag", &name);
    }
    let method = match record.method {
        0 => Method::Stored,
        8 => Method::Deflated,
        other => {
            odd.note("zip-unknown-method", &name);
            Method::Unknown(other)
        }
    };
    let header = local_header(data, directory, &record, &name, odd);
    let data_start = header.map(|header| header.data_start);
    let present = data_start.map_or(0, |start| data.len().saturating_sub(start));
    let compressed_size = usize::try_from(record.compressed)
        .unwrap_or(usize::MAX)
        .min(present);
    if data_start.is_some() && record.compressed > compressed_size as u64 {
        odd.note("zip-content-outside-file", &name);
    }
    let ends_in_slash = name.ends_with('/');
    let is_directory = ends_in_slash && record.uncompressed == 0;
    if ends_in_slash && !is_directory {
        odd.note("zip-directory-with-content", &name);
    }
    Entry {
        name,
        is_directory,
        method,
        compressed_size,
        uncompressed_size: record.uncompressed,
        crc32: record.crc32,
        encryption_flag,
        shadowed: false,
        header_start: header.map(|header| header.start),
        data_start,
    }
}

/// Takes 64-bit sizes from the zip64 field (APPNOTE 4.5.3). False when the
/// fields do not add up; Android does not look at any but this one.
fn read_extra(record: &mut Record<'_>) -> bool {
    let mut cursor = Cursor::new(record.extra);
    for _ in 0..MAX_EXTRA_FIELDS {
        if cursor.remaining() < 4 {
            break;
        }
        let (Ok(id), Ok(length)) = (cursor.u16(), cursor.u16()) else {
            return false;
        };
        let Ok(field) = cursor.bytes(length.into()) else {
            return false;
        };
        if id == ZIP64_EXTRA {
            let mut field = Cursor::new(field);
            for value in [
                &mut record.uncompressed,
                &mut record.compressed,
                &mut record.header_offset,
            ] {
                if *value == u64::from(u32::MAX) {
                    match field.u64() {
                        Ok(wide) => *value = wide,
                        Err(_) => return false,
                    }
                }
            }
        }
    }
    // Alignment tools pad with up to three zero bytes.
    cursor
        .bytes(cursor.remaining())
        .is_ok_and(|rest| rest.iter().all(|&byte| byte == 0))
}

/// Names that no build tool writes: they would leave a folder they are
/// unpacked into, or hide what they are.
fn note_name(raw: &[u8], name: &str, odd: &mut Tally) {
    if raw.contains(&0) {
        odd.note("zip-nul-in-name", name);
    }
    if std::str::from_utf8(raw).is_err() {
        odd.note("zip-name-not-utf8", name);
    }
    let drive = matches!(raw, [letter, b':', ..] if letter.is_ascii_alphabetic());
    let leaves = name.split(['/', '\\']).any(|part| part == "..");
    if raw.is_empty() || name.starts_with(['/', '\\']) || drive || leaves {
        odd.note("zip-hostile-name", name);
    }
}

/// Where a local header and the content behind it start.
#[derive(Clone, Copy)]
struct LocalHeader {
    start: usize,
    data_start: usize,
}

/// The local header (APPNOTE 4.3.7); the content starts behind the name and
/// extra lengths *of this header*, as in libziparchive's `FindEntry`.
fn local_header(
    data: &[u8],
    directory: &Directory,
    record: &Record<'_>,
    name: &str,
    odd: &mut Tally,
) -> Option<LocalHeader> {
    let start = i64::try_from(record.header_offset)
        .ok()
        .and_then(|offset| offset.checked_add(directory.shift))
        .and_then(|offset| usize::try_from(offset).ok());
    let found = start.and_then(|start| {
        let mut cursor = Cursor::at(data, start);
        let agrees = local_header_agrees(&mut cursor, record).ok()?;
        let data_start = cursor.position();
        Some((LocalHeader { start, data_start }, agrees))
    });
    match found {
        None => odd.note("zip-local-header-missing", name),
        Some((_, false)) => odd.note("zip-local-header-mismatch", name),
        Some((_, true)) => {}
    }
    found.map(|(header, _)| header)
}

/// Moves behind the local header; whether it says the same as the record.
fn local_header_agrees(cursor: &mut Cursor<'_>, record: &Record<'_>) -> Result<bool, DecodeError> {
    let start = cursor.offset();
    if cursor.u32()? != LOCAL_SIGNATURE {
        return Err(DecodeError::new(start, "no local header"));
    }
    cursor.skip(2)?;
    let flags = cursor.u16()?;
    let method = cursor.u16()?;
    cursor.skip(4)?;
    let crc32 = cursor.u32()?;
    let compressed = u64::from(cursor.u32()?);
    let uncompressed = u64::from(cursor.u32()?);
    let name_length = cursor.u16()?;
    let extra_length = cursor.u16()?;
    let name = cursor.bytes(name_length.into())?;
    cursor.skip(extra_length.into())?;
    // Writers that stream leave zeros, some fill them in nevertheless.
    let described = flags & FLAG_DATA_DESCRIPTOR != 0;
    let wide = u64::from(u32::MAX);
    let same =
        |local: u64, central: u64| local == central || local == wide || (described && local == 0);
    Ok(name == record.name
        && method == record.method
        && flags & FLAG_ENCRYPTED == record.flags & FLAG_ENCRYPTED
        && same(crc32.into(), record.crc32.into())
        && same(compressed, record.compressed)
        && same(uncompressed, record.uncompressed))
}

/// Indexes sorted by name; later entries of a name are marked as shadowed.
fn sort_by_name(entries: &mut [Entry], odd: &mut Tally) -> Vec<u32> {
    let mut by_name: Vec<u32> = (0u32..).take(entries.len()).collect();
    by_name.sort_unstable_by(|&a, &b| {
        let (left, right) = (&entries[a as usize], &entries[b as usize]);
        left.name.cmp(&right.name).then(a.cmp(&b))
    });
    for pair in by_name.windows(2) {
        let (first, second) = (pair[0] as usize, pair[1] as usize);
        if entries[first].name == entries[second].name {
            entries[second].shadowed = true;
            odd.note("zip-duplicate-entry", &entries[second].name);
        }
    }
    by_name
}

/// Compares what was walked with what the end record declares.
fn compare_extent(
    data: &[u8],
    directory: &Directory,
    walked: usize,
    walked_to: usize,
    anomalies: &mut Vec<Anomaly>,
) {
    let place = format!("offset {walked_to:#x}");
    let walked = walked as u64;
    if walked < directory.count && walked < MAX_ZIP_ENTRIES as u64 {
        anomalies.push(Anomaly::new(
            "zip-directory-damaged",
            format!(
                "the central directory breaks off after {walked} of {} entries",
                directory.count
            ),
            place.as_str(),
        ));
    } else if walked > directory.count {
        anomalies.push(Anomaly::new(
            "zip-entry-count",
            format!(
                "the end record declares {} entries, the central directory has {walked}; all were read",
                directory.count
            ),
            place.as_str(),
        ));
    }
    let length = walked_to.saturating_sub(directory.start) as u64;
    if walked >= directory.count && length != directory.length {
        anomalies.push(Anomaly::new(
            "zip-directory-size",
            format!(
                "the end record declares {} bytes of central directory, there are {length}",
                directory.length
            ),
            place.as_str(),
        ));
    }
    let gap = directory.end.min(data.len()).saturating_sub(walked_to);
    if gap > 0 && walked >= directory.count && walked < MAX_ZIP_ENTRIES as u64 {
        anomalies.push(Anomaly::new(
            "zip-garbage-before-eocd",
            format!("{gap} bytes lie between the central directory and the end record"),
            place,
        ));
    }
}

/// How many bytes lie before the first local header.
fn prepended(data: &[u8], entries: &[Entry], anomalies: &mut Vec<Anomaly>) -> usize {
    let length = entries
        .iter()
        .filter_map(|entry| entry.header_start)
        .min()
        .unwrap_or_default();
    if length > 0 {
        let what = if data.starts_with(b"dex\n") {
            ", and they are a DEX file that old versions of Android run (CVE-2017-13156)"
        } else {
            ""
        };
        anomalies.push(Anomaly::new(
            "zip-prepended-data",
            format!("{length} bytes lie before the first entry{what}"),
            "offset 0x0",
        ));
    }
    length
}

/// Oddities by code, with the entries that share them.
#[derive(Default)]
struct Tally {
    odd: BTreeMap<&'static str, (usize, Vec<String>)>,
}

impl Tally {
    fn note(&mut self, code: &'static str, name: &str) {
        let (count, names) = self.odd.entry(code).or_default();
        *count += 1;
        if names.len() < MAX_ANOMALY_EXAMPLES {
            names.push(name.to_owned());
        }
    }

    fn into_anomalies(self) -> impl Iterator<Item = Anomaly> {
        self.odd.into_iter().map(|(code, (count, names))| {
            let what = explain(code);
            let place = names.first().cloned().unwrap_or_default();
            let message = match count {
                1 => what.to_owned(),
                _ => {
                    let more = if count > names.len() { ", …" } else { "" };
                    format!("{what} ({count} entries: {}{more})", names.join(", "))
                }
            };
            Anomaly::new(code, message, place)
        })
    }
}

/// What was wrong, and how it was read.
fn explain(code: &str) -> &'static str {
    match code {
        "zip-content-outside-file" => "the declared content runs past the end of the file",
        "zip-directory-with-content" => "the name is that of a folder but there is content",
        "zip-directory-record" => {
            "the next record does not start where this one ends; it was searched for"
        }
        "zip-disk-number" => "the entry claims to lie on another disk; Android ignores that",
        "zip-duplicate-entry" => {
            "the name occurs several times; Android uses the first, the others are read too"
        }
        "zip-encryption-flag" => {
            "the entry claims to be encrypted; Android ignores the flag, so it was ignored here"
        }
        "zip-extra-field" => "the extra fields are garbage; they were ignored",
        "zip-hostile-name" => "the name is empty, absolute or leaves the folder it is unpacked to",
        "zip-local-header-mismatch" => {
            "the local header contradicts the central directory, which was believed"
        }
        "zip-local-header-missing" => "there is no local header where the directory says",
        "zip-name-not-utf8" => "the name is not UTF-8",
        "zip-nul-in-name" => "the name contains a NUL byte",
        "zip-unknown-method" => {
            "the compression method is unknown; Android takes such content as it is"
        }
        _ => "odd entry",
    }
}
