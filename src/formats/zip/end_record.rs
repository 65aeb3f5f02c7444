//! Finding the end of central directory record (APPNOTE 4.3.14 to 4.3.16).

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
    let mut seen = 0usize;
    let mut exact = None;
    let mut loose: Option<Directory> = None;
    let mut rival = false;
    for position in memrchr_signature(data) {
        seen += 1;
        let Some(found) = directory_at(data, position) else {
            continue;
        };
        if found.comment == Comment::ReachesTheEnd {
            match exact {
                None => exact = Some((found, seen)),
                Some(_) => {
                    rival = true;
                    break;
                }
            }
        } else if loose.is_none_or(|other| other.count == 0 && found.count > 0) {
            loose = Some(found);
        }
        // A comment is at most 65,535 bytes, so nothing before can be exact.
        if data.len() - position > END_LENGTH + usize::from(u16::MAX)
            && (exact.is_some() || loose.is_some_and(|found| found.count > 0))
        {
            break;
        }
    }
    let chosen_after = exact.map_or(0, |(_, nth)| nth - 1);
    let Some(directory) = exact.map(|(found, _)| found).or(loose) else {
        return Err(DecodeError::new(
            data.len().saturating_sub(END_LENGTH),
            if seen == 0 {
                "no zip archive: there is no end of central directory record"
            } else {
                "no zip archive: no end record leads to a central directory"
            },
        ));
    };
    let mut anomalies = describe(&directory);
    if rival || chosen_after > 0 {
        anomalies.push(Anomaly::new(
            "zip-eocd-ambiguous",
            "there are several end of central directory records; the last one that leads to a central directory was used",
            format!("offset {:#x}", directory.position),
        ));
    }
    Ok((directory, anomalies))
}

/// Offsets of the end signature, last first.
fn memrchr_signature(data: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let last = data.len().saturating_sub(END_LENGTH);
    (0..=last)
        .rev()
        .filter(|&at| data.get(at..at + 4) == Some(END_SIGNATURE))
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
