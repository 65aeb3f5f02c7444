//! Finding the end of central directory record (APPNOTE 4.3.14 to 4.3.16).

use std::ops::Range;

use crate::formats::{Anomaly, Cursor, DecodeError};

const END_SIGNATURE: &[u8; 4] = b"PK\x05\x06";
const END_LENGTH: usize = 22;
const ZIP64_LOCATOR_SIGNATURE: &[u8; 4] = b"PK\x06\x07";
const ZIP64_LOCATOR_LENGTH: usize = 20;
const ZIP64_END_SIGNATURE: &[u8; 4] = b"PK\x06\x06";
const ZIP64_END_LENGTH: usize = 56;
const DIRECTORY_SIGNATURE: &[u8; 4] = b"PK\x01\x02";

/// Where the central directory lies, and what the end record says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Directory {
    /// Absolute offset of the first record.
    pub start: usize,
    /// Absolute offset behind the last possible record.
    pub end: usize,
    /// Declared number of records.
    pub count: u64,
    /// Declared length in bytes.
    pub length: u64,
    /// What has to be added to every declared offset: data was put in front
    /// of the archive without adjusting it.
    pub shift: i64,
    /// Bytes between `end` and the end record that zip64 accounts for.
    zip64: bool,
    position: usize,
    comment: Comment,
    odd_disk: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comment {
    ReachesTheEnd,
    EndsBefore(usize),
    RunsPast(usize),
}

/// Finds the directory. Android takes the last end record of the file; when
/// that one leads nowhere (a fake inside the archive comment, or appended
/// data) the last one that does is taken instead.
pub(super) fn locate(data: &[u8]) -> Result<(Directory, Vec<Anomaly>), DecodeError> {
    // A record that ends with the file lies no further back than the longest
    // comment; only without one is the rest of the file searched.
    let tail = data
        .len()
        .saturating_sub(END_LENGTH + usize::from(u16::MAX));
    let found =
        search(data, tail..data.len()).or_else(|| search(data, 0..tail + END_SIGNATURE.len()));
    let Some((directory, ambiguous)) = found else {
        return Err(DecodeError::new(
            data.len().saturating_sub(END_LENGTH),
            "no zip archive: no end of central directory record leads to a central directory",
        ));
    };
    let mut anomalies = describe(&directory);
    if ambiguous {
        anomalies.push(Anomaly::new(
            "zip-eocd-ambiguous",
            "there are several end of central directory records; the last one that leads to a central directory was used",
            format!("offset {:#x}", directory.position),
        ));
    }
    Ok((directory, anomalies))
}

/// The best directory that an end record within `range` leads to, and whether
/// another reader may choose otherwise: one whose comment reaches the end of
/// the file, or else the last one with entries, or else the last one.
fn search(data: &[u8], range: Range<usize>) -> Option<(Directory, bool)> {
    let mut exact: Option<Directory> = None;
    let mut loose: Option<Directory> = None;
    let mut ambiguous = false;
    for position in end_signatures(data, range) {
        let found = directory_at(data, position);
        match found {
            Some(found) if found.comment == Comment::ReachesTheEnd => {
                if exact.is_some() {
                    ambiguous = true;
                    break;
                }
                exact = Some(found);
            }
            // Something behind the record that is used looks like one.
            _ if exact.is_none() => {
                ambiguous = true;
                if let Some(found) = found
                    && loose.is_none_or(|other| other.count == 0 && found.count > 0)
                {
                    loose = Some(found);
                }
            }
            _ => {}
        }
    }
    match (exact, loose) {
        (Some(exact), _) => Some((exact, ambiguous)),
        (None, Some(loose)) => Some((loose, false)),
        (None, None) => None,
    }
}

/// Offsets of the end signature within `range`, last first.
fn end_signatures(data: &[u8], range: Range<usize>) -> impl Iterator<Item = usize> + '_ {
    let [first, ..] = *END_SIGNATURE;
    let mut end = range.end.min(data.len());
    std::iter::from_fn(move || {
        loop {
            let part = data.get(range.start..end)?;
            end = range.start + part.iter().rposition(|&byte| byte == first)?;
            if data.get(end..end + END_SIGNATURE.len()) == Some(END_SIGNATURE) {
                return Some(end);
            }
        }
    })
}

/// The directory that the end record at `position` leads to, if any.
fn directory_at(data: &[u8], position: usize) -> Option<Directory> {
    let mut cursor = Cursor::at(data, position + 4);
    let disks = [cursor.u16().ok()?, cursor.u16().ok()?];
    let count_here = cursor.u16().ok()?;
    let count = cursor.u16().ok()?;
    let length = cursor.u32().ok()?;
    let offset = cursor.u32().ok()?;
    let comment = usize::from(cursor.u16().ok()?);
    let after = data.len() - cursor.position();
    let mut directory = Directory {
        start: 0,
        end: position,
        count: count.into(),
        length: length.into(),
        shift: 0,
        zip64: false,
        position,
        comment: match comment.cmp(&after) {
            std::cmp::Ordering::Equal => Comment::ReachesTheEnd,
            std::cmp::Ordering::Less => Comment::EndsBefore(after - comment),
            std::cmp::Ordering::Greater => Comment::RunsPast(comment - after),
        },
        odd_disk: disks != [0, 0] || count_here != count,
    };
    let mut declared = u64::from(offset);
    if let Some(zip64) = zip64_record(data, position) {
        // Only saturated fields are replaced (APPNOTE 4.4.1.4), as in
        // libziparchive; 0xffff disks are the saturated form too.
        directory.end = zip64.position;
        directory.zip64 = true;
        directory.odd_disk = false;
        if count == u16::MAX {
            directory.count = zip64.count;
        }
        if length == u32::MAX {
            directory.length = zip64.length;
        }
        if offset == u32::MAX {
            declared = zip64.offset;
        }
    }
    place(data, directory, declared)
}

/// Fills in the start: the declared offset, or, when no record is there, the
/// declared length counted back from the end record.
fn place(data: &[u8], mut directory: Directory, declared: u64) -> Option<Directory> {
    let starts_at = |at: usize| {
        data.get(at..at.checked_add(4)?)
            .map(|s| s == DIRECTORY_SIGNATURE)
    };
    let at = usize::try_from(declared).ok();
    if let Some(at) = at.filter(|&at| at < directory.end && starts_at(at) == Some(true)) {
        directory.start = at;
        return Some(directory);
    }
    let back = usize::try_from(directory.length)
        .ok()
        .and_then(|length| directory.end.checked_sub(length));
    if let Some(back) = back.filter(|&at| at < directory.end && starts_at(at) == Some(true)) {
        directory.start = back;
        directory.shift = i64::try_from(back).ok()? - i64::try_from(declared).ok()?;
        return Some(directory);
    }
    if directory.count == 0 && directory.length == 0 && at.is_some_and(|at| at <= directory.end) {
        directory.start = directory.end;
        return Some(directory);
    }
    None
}

struct Zip64 {
    position: usize,
    count: u64,
    length: u64,
    offset: u64,
}

/// The zip64 end record, through its locator right before the end record, or
/// right before the locator when data was put in front of the archive.
fn zip64_record(data: &[u8], end_position: usize) -> Option<Zip64> {
    let locator = end_position.checked_sub(ZIP64_LOCATOR_LENGTH)?;
    if data.get(locator..locator + 4)? != ZIP64_LOCATOR_SIGNATURE {
        return None;
    }
    let declared = Cursor::at(data, locator + 8).u64().ok();
    let position = [
        declared.and_then(|at| usize::try_from(at).ok()),
        locator.checked_sub(ZIP64_END_LENGTH),
    ]
    .into_iter()
    .flatten()
    .find(|&at| {
        at < locator
            && at
                .checked_add(4)
                .is_some_and(|end| data.get(at..end) == Some(ZIP64_END_SIGNATURE))
    })?;
    let mut cursor = Cursor::at(data, position);
    cursor.skip(32).ok()?;
    Some(Zip64 {
        position,
        count: cursor.u64().ok()?,
        length: cursor.u64().ok()?,
        offset: cursor.u64().ok()?,
    })
}

/// What is odd about the end record itself.
fn describe(directory: &Directory) -> Vec<Anomaly> {
    let place = format!("offset {:#x}", directory.position);
    let mut anomalies = Vec::new();
    if directory.odd_disk {
        anomalies.push(Anomaly::new(
            "zip-disk-number",
            "the end record speaks of several disks; Android ignores that",
            place.as_str(),
        ));
    }
    match directory.comment {
        Comment::ReachesTheEnd => {}
        Comment::EndsBefore(rest) => anomalies.push(Anomaly::new(
            "zip-trailing-data",
            format!("{rest} bytes follow the archive comment"),
            place.as_str(),
        )),
        Comment::RunsPast(missing) => anomalies.push(Anomaly::new(
            "zip-comment-length",
            format!("the archive comment is {missing} bytes longer than the file"),
            place.as_str(),
        )),
    }
    anomalies
}
