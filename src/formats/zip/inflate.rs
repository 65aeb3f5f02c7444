//! One-shot inflate into a reused buffer.

use flate2::{Decompress, FlushDecompress, Status};

use crate::formats::limits::MAX_INFLATE_RATIO;

/// How an inflate ended; the bytes are in the buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The stream ended after this many input bytes.
    Complete {
        /// Packed bytes that belong to the stream.
        consumed: usize,
    },
    /// The input ended first.
    InputExhausted,
    /// The stream is damaged.
    Broken,
    /// There is more, but `limit` was reached.
    Capped,
}

/// Inflates raw deflate data (RFC 1951). `expected` is only a hint for the
/// first allocation: no more than `limit`, and no more than the input can
/// yield, is ever reserved.
pub(super) fn inflate(input: &[u8], expected: u64, limit: usize, buffer: &mut Vec<u8>) -> End {
    buffer.clear();
    let possible = input.len().saturating_mul(MAX_INFLATE_RATIO);
    let limit = limit.min(possible);
    // A buffer of exactly the right size lets the inflater do without its window.
    buffer.reserve(usize::try_from(expected).unwrap_or(limit).min(limit).max(1));
    let mut inflater = Decompress::new(false);
    let mut rest = input;
    loop {
        let before = (inflater.total_in(), buffer.len());
        let status = inflater.decompress_vec(rest, buffer, FlushDecompress::Finish);
        let taken = usize::try_from(inflater.total_in() - before.0).unwrap_or(usize::MAX);
        rest = rest.get(taken..).unwrap_or_default();
        let over = buffer.len() > limit;
        buffer.truncate(limit);
        match status {
            Err(_) => return End::Broken,
            Ok(_) if over => return End::Capped,
            Ok(Status::StreamEnd) => {
                return End::Complete {
                    consumed: input.len() - rest.len(),
                };
            }
            Ok(Status::Ok | Status::BufError) => {
                if buffer.len() < buffer.capacity() {
                    if rest.is_empty() || (taken == 0 && buffer.len() == before.1) {
                        return End::InputExhausted;
                    }
                } else if buffer.len() >= limit {
                    return End::Capped;
                } else {
                    let grown = buffer.len().saturating_mul(2).clamp(4096, limit.max(4096));
                    buffer.reserve(grown - buffer.len().min(grown) + 1);
                }
            }
        }
    }
}
