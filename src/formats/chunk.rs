//! The chunk framing that binary XML and resource tables share (AOSP
//! `androidfw/ResourceTypes.h`, `ResChunk_header`).

use super::Cursor;

/// Bytes of `ResChunk_header`: type, header size, total size.
pub const CHUNK_HEADER: usize = 8;

/// `RES_STRING_POOL_TYPE`.
pub const STRING_POOL: u16 = 0x0001;

/// One chunk, cut to the bytes that are present.
#[derive(Debug, Clone, Copy)]
pub struct Chunk<'a> {
    /// `ResChunk_header.type`.
    pub kind: u16,
    /// Absolute offset of the chunk.
    pub offset: usize,
    /// Header size as declared, or the natural one where the declaration is
    /// impossible.
    pub header_size: usize,
    /// The chunk from its header on, at most as long as declared.
    pub data: &'a [u8],
    /// What was repaired in the header, if anything.
    pub repair: Option<&'static str>,
    /// The chunk declares more bytes than the file has.
    pub cut: bool,
}

impl<'a> Chunk<'a> {
    /// What follows the header.
    pub fn body(&self) -> &'a [u8] {
        self.data.get(self.header_size..).unwrap_or_default()
    }
}

/// The smallest header and, where the type fixes it, the total size of a chunk.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Header size that AOSP requires at least.
    pub header: usize,
    /// Total size when the type allows only one.
    pub total: Option<usize>,
}

/// Walks the chunks of `data[position..]`, one after the other.
///
/// A chunk whose size cannot be true is given the size of its shape; where
/// there is none the walk ends and [`Chunks::unread`] says how much is left.
#[derive(Debug, Clone)]
pub struct Chunks<'a> {
    data: &'a [u8],
    position: usize,
    base: usize,
    shape: fn(u16) -> Shape,
}

impl<'a> Chunks<'a> {
    /// A walk over `data` from `position`; `base` is the absolute offset of `data[0]`.
    pub fn new(data: &'a [u8], position: usize, base: usize, shape: fn(u16) -> Shape) -> Self {
        Self {
            data,
            position,
            base,
            shape,
        }
    }

    /// Bytes after the last chunk that could be walked.
    pub fn unread(&self) -> usize {
        self.data.len().saturating_sub(self.position)
    }

    /// Absolute offset of the next chunk.
    pub fn offset(&self) -> usize {
        self.base.saturating_add(self.position)
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let rest = self.data.get(self.position..)?;
        let mut cursor = Cursor::new(rest);
        let kind = cursor.u16().ok()?;
        let declared_header = usize::from(cursor.u16().ok()?);
        let declared_size = usize::try_from(cursor.u32().ok()?).ok()?;
        let shape = (self.shape)(kind);
        let mut repair = None;

        let mut size = declared_size;
        if size < CHUNK_HEADER || shape.total.is_some_and(|total| size < total) {
            size = shape.total?;
            repair = Some("the chunk is declared smaller than its type allows");
        } else if size > rest.len()
            && let Some(total) = shape.total
        {
            size = total;
            repair = Some("the chunk is declared larger than the file");
        }
        let cut = size > rest.len();
        let data = rest.get(..size.min(rest.len()))?;

        let mut header_size = declared_header;
        if header_size < shape.header || (header_size > size) {
            header_size = shape.header;
            repair = repair.or(Some("the chunk's header size is impossible"));
        }
        let offset = self.offset();
        self.position = self.position.saturating_add(data.len());
        Some(Chunk {
            kind,
            offset,
            header_size,
            data,
            repair,
            cut,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(kind: u16) -> Shape {
        Shape {
            header: CHUNK_HEADER,
            total: (kind == 1).then_some(12),
        }
    }

    #[test]
    fn a_zero_sized_chunk_of_known_size_is_walked_over() {
        let data = [1, 0, 8, 0, 0, 0, 0, 0, 9, 9, 9, 9, 2, 0, 8, 0, 8, 0, 0, 0];
        let chunks: Vec<_> = Chunks::new(&data, 0, 100, shape).collect();
        assert_eq!(chunks.len(), 2);
        assert!(chunks[0].repair.is_some());
        assert_eq!((chunks[1].kind, chunks[1].offset), (2, 112));
    }

    #[test]
    fn a_zero_sized_chunk_of_unknown_size_ends_the_walk() {
        let data = [7, 0, 8, 0, 0, 0, 0, 0, 9, 9, 9, 9];
        let mut chunks = Chunks::new(&data, 0, 0, shape);
        assert!(chunks.next().is_none());
        assert_eq!(chunks.unread(), 12);
    }

    #[test]
    fn a_chunk_that_runs_past_the_end_is_cut() {
        let data = [7, 0, 8, 0, 0xff, 0, 0, 0, 9];
        let chunk = Chunks::new(&data, 0, 0, shape).next().unwrap();
        assert!(chunk.cut);
        assert_eq!(chunk.body(), [9]);
    }
}
