//! The container of version 041: several logical dex files that share data.

use std::ops::Range;

use super::super::limits::MAX_DEX_PER_CONTAINER;
use super::header::{HEADER_SIZE, Header};

/// Byte ranges of the logical dex files: one for an ordinary file (all of it),
/// several for a version 041 container. Each range begins with a header; the
/// offsets inside are relative to the start of the container, not of the
/// range. The ranges cover the input: when a header is no header, the last
/// range is what could not be split, at most [`MAX_DEX_PER_CONTAINER`] + 1.
pub fn split_container(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    while start < bytes.len() && ranges.len() < MAX_DEX_PER_CONTAINER {
        let end = logical_end(bytes, start);
        ranges.push(start..end);
        start = end;
    }
    if start < bytes.len() || ranges.is_empty() {
        ranges.push(start..bytes.len());
    }
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
        Some(_) if size >= HEADER_SIZE => start.saturating_add(size).min(bytes.len()),
        _ => bytes.len(),
    }
}
