//! The content of one entry.

use super::inflate::{End, inflate};
use super::{Anomaly, Archive, DecodeError, Entry, Method};

/// What an entry contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content<'b> {
    /// The bytes, unpacked.
    pub bytes: &'b [u8],
    /// What had to be repaired to get them.
    pub anomalies: Vec<Anomaly>,
    /// Whether bytes are missing at the end: damaged, or over the cap.
    pub truncated: bool,
}

/// Content that lies in the archive as it is.
#[derive(Clone, Copy)]
pub(super) struct Stored<'a> {
    pub bytes: &'a [u8],
    /// Bytes that were declared but lie behind the end of the archive.
    missing: bool,
}

/// Reads what [`Archive::read`] promises: what the method says; when that is
/// no sound reading (the CRC differs, or the stream breaks) what the other
/// method gives, if that proves sound.
pub(super) fn content<'a: 'b, 'b>(
    archive: &Archive<'a>,
    entry: &Entry,
    buffer: &'b mut Vec<u8>,
    cap: usize,
) -> Result<Content<'b>, DecodeError> {
    let Some(stored) = stored(archive, entry) else {
        return Err(DecodeError::new(
            archive.directory_start,
            format!("{} has no local header, so no content", entry.name),
        ));
    };
    match entry.method {
        Method::Deflated => deflated_content(archive, entry, stored, buffer, cap),
        Method::Stored | Method::Unknown(_) => stored_content(archive, entry, stored, buffer, cap),
    }
}

/// The bytes of an entry as they are. Android takes the *uncompressed* size
/// for their length; when the sizes differ and only the other one fits the CRC
/// (or the file) that one is taken.
pub(super) fn stored<'a>(archive: &Archive<'a>, entry: &Entry) -> Option<Stored<'a>> {
    let rest = archive.data.get(entry.data_start?..)?;
    let packed = rest.get(..entry.compressed_size)?;
    let declared = usize::try_from(entry.uncompressed_size).ok();
    let whole = declared.and_then(|length| rest.get(..length));
    let bytes = match whole {
        Some(whole) if whole.len() == packed.len() => whole,
        Some(whole) if entry.method == Method::Deflated || crc(packed) != entry.crc32 => whole,
        _ => packed,
    };
    Some(Stored {
        bytes,
        missing: entry.method != Method::Deflated && whole.is_none() && crc(packed) != entry.crc32,
    })
}

fn stored_content<'a: 'b, 'b>(
    archive: &Archive<'a>,
    entry: &Entry,
    stored: Stored<'a>,
    buffer: &'b mut Vec<u8>,
    cap: usize,
) -> Result<Content<'b>, DecodeError> {
    let mut anomalies = Vec::new();
    if stored.bytes.len() > cap {
        anomalies.push(over_cap(entry, cap));
        return Ok(Content {
            bytes: stored.bytes.get(..cap).unwrap_or_default(),
            anomalies,
            truncated: true,
        });
    }
    let sound = crc(stored.bytes) == entry.crc32;
    if !sound && !has_known_magic(stored.bytes) {
        if let Some(anomaly) = inflates_after_all(archive, entry, buffer, cap) {
            return Ok(Content {
                bytes: buffer,
                anomalies: vec![anomaly],
                truncated: false,
            });
        }
        if entry.encryption_flag {
            return Err(encrypted(entry));
        }
    }
    if stored.bytes.len() as u64 != entry.uncompressed_size
        || entry.compressed_size != stored.bytes.len()
    {
        anomalies.push(size_lie(entry, stored.bytes.len()));
    }
    if !sound {
        anomalies.push(crc_mismatch(entry));
    }
    Ok(Content {
        bytes: stored.bytes,
        anomalies,
        truncated: stored.missing,
    })
}

/// Whether content that is not declared as deflated is a deflate stream all
/// the same. Chance is ruled out by the CRC or, for an unknown method, by the
/// declared size or the magic of a format that matters.
fn inflates_after_all(
    archive: &Archive<'_>,
    entry: &Entry,
    buffer: &mut Vec<u8>,
    cap: usize,
) -> Option<Anomaly> {
    let packed = packed(archive, entry)?;
    let End::Complete { .. } = inflate(packed, entry.uncompressed_size, cap, buffer) else {
        return None;
    };
    let unknown = matches!(entry.method, Method::Unknown(_));
    let convincing = crc(buffer) == entry.crc32
        || (unknown && (buffer.len() as u64 == entry.uncompressed_size || has_known_magic(buffer)));
    (convincing && !buffer.is_empty()).then(|| {
        Anomaly::new(
            "zip-method-lie",
            "the content is deflated although the directory does not say so; it was inflated",
            entry.name.as_str(),
        )
    })
}

fn deflated_content<'a: 'b, 'b>(
    archive: &Archive<'a>,
    entry: &Entry,
    stored: Stored<'a>,
    buffer: &'b mut Vec<u8>,
    cap: usize,
) -> Result<Content<'b>, DecodeError> {
    let mut anomalies = Vec::new();
    let packed = packed(archive, entry).unwrap_or_default();
    let mut end = inflate(packed, entry.uncompressed_size, cap, buffer);
    let mut packed_length = packed.len();
    if end == End::InputExhausted && entry.uncompressed_size > 0 {
        // The declared packed size may be too small: deflate ends by itself,
        // so go on up to the central directory.
        let more = up_to_directory(archive, entry).filter(|more| more.len() > packed.len());
        if let Some(more) = more {
            end = inflate(more, entry.uncompressed_size, cap, buffer);
            packed_length = more.len();
        }
    }
    match end {
        End::Complete { consumed } => {
            if consumed != entry.compressed_size || buffer.len() as u64 != entry.uncompressed_size {
                anomalies.push(size_lie(entry, buffer.len()));
            }
            if crc(buffer) != entry.crc32 {
                anomalies.push(crc_mismatch(entry));
            }
        }
        End::Capped => anomalies.push(over_cap(entry, cap)),
        End::Broken | End::InputExhausted => {
            let plain = stored.bytes;
            if plain.len() <= cap && (crc(plain) == entry.crc32 || has_known_magic(plain)) {
                return Ok(plain_after_all(entry, plain));
            }
            if entry.encryption_flag {
                return Err(encrypted(entry));
            }
            anomalies.push(Anomaly::new(
                "zip-deflate-damaged",
                format!(
                    "inflating {packed_length} bytes broke off; the first {} of {} declared bytes were kept",
                    buffer.len(),
                    entry.uncompressed_size
                ),
                entry.name.as_str(),
            ));
        }
    }
    Ok(Content {
        bytes: buffer,
        anomalies,
        truncated: !matches!(end, End::Complete { .. }),
    })
}

fn plain_after_all<'b>(entry: &Entry, plain: &'b [u8]) -> Content<'b> {
    let mut anomalies = vec![Anomaly::new(
        "zip-method-lie",
        "the content is not deflated although the directory says so; it was taken as it is",
        entry.name.as_str(),
    )];
    if crc(plain) != entry.crc32 {
        anomalies.push(crc_mismatch(entry));
    }
    Content {
        bytes: plain,
        anomalies,
        truncated: false,
    }
}

fn packed<'a>(archive: &Archive<'a>, entry: &Entry) -> Option<&'a [u8]> {
    archive
        .data
        .get(entry.data_start?..)?
        .get(..entry.compressed_size)
}

fn up_to_directory<'a>(archive: &Archive<'a>, entry: &Entry) -> Option<&'a [u8]> {
    archive.data.get(entry.data_start?..archive.directory_start)
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// Formats whose content is worth more than a CRC: DEX, compact DEX, binary
/// XML, resource table, ELF, zip, class file.
fn has_known_magic(bytes: &[u8]) -> bool {
    const MAGICS: [&[u8]; 7] = [
        b"dex\n",
        b"cdex",
        b"\x03\x00\x08\x00",
        b"\x02\x00\x0c\x00",
        b"\x7fELF",
        b"PK\x03\x04",
        b"\xca\xfe\xba\xbe",
    ];
    MAGICS.iter().any(|magic| bytes.starts_with(magic))
}

fn over_cap(entry: &Entry, cap: usize) -> Anomaly {
    Anomaly::new(
        "zip-entry-over-cap",
        format!("only the first {cap} bytes were read"),
        entry.name.as_str(),
    )
}

fn size_lie(entry: &Entry, length: usize) -> Anomaly {
    Anomaly::new(
        "zip-size-lie",
        format!(
            "the directory declares {} bytes packed in {}; {length} bytes were found",
            entry.uncompressed_size, entry.compressed_size
        ),
        entry.name.as_str(),
    )
}

fn crc_mismatch(entry: &Entry) -> Anomaly {
    Anomaly::new(
        "zip-crc-mismatch",
        "the content does not have the declared CRC-32; it was read nevertheless",
        entry.name.as_str(),
    )
}

fn encrypted(entry: &Entry) -> DecodeError {
    DecodeError::new(
        entry.data_start.unwrap_or_default(),
        format!("{} is encrypted", entry.name),
    )
}
