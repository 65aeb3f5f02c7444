//! The container of version 041: several logical dex files that share data.

use std::ops::Range;

use super::super::limits::MAX_DEX_PER_CONTAINER;
use super::header::{HEADER_SIZE, Header};

/// Byte ranges of the logical dex files: one for an ordinary file (all of it),
/// several for a version 041 container. Each range begins with a header; the
/// offsets inside are relative to the start of the container, not of the
/// range. The ranges cover the input: what follows the declared end of the
/// container belongs to the last range unless it begins like a dex file; any
/// other header that is none, and what lies beyond [`MAX_DEX_PER_CONTAINER`]
/// files, is a range of its own that fails to parse.
pub fn split_container(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    while ranges.len() < MAX_DEX_PER_CONTAINER {
        let end = logical_end(bytes, start);
        ranges.push(start..end);
        start = end;
        if start >= bytes.len() {
            return ranges;
        }
    }
    ranges.push(start..bytes.len());
    ranges
}

/// Where the logical dex file at `start` ends: `file_size` after its header in
/// a container, the end of the bytes otherwise.
fn logical_end(bytes: &[u8], start: usize) -> usize {
    let Ok(header) = Header::read(bytes, start) else {
        return bytes.len();
    };
    let size = header.file_size as usize;
    match header.container {
        Some((container_size, _)) if size >= HEADER_SIZE => {
            let end = start.saturating_add(size).min(bytes.len());
            // The runtime ignores what trails the container.
            let last = end >= container_size as usize;
            let more = bytes
                .get(end..)
                .is_some_and(|rest| rest.starts_with(b"dex\n"));
            if last && !more { bytes.len() } else { end }
        }
        _ => bytes.len(),
    }
}
