//! Builds archives for tests, well-formed until a field is changed.

use std::io::Write;

/// One entry; the fields that end in `_central` or `_local` are written as
/// they are, so a test can make them lie.
#[derive(Clone)]
pub(crate) struct File {
    pub name: Vec<u8>,
    pub packed: Vec<u8>,
    pub flags_central: u16,
    pub flags_local: u16,
    pub method_central: u16,
    pub method_local: u16,
    pub crc32: u32,
    pub compressed: u32,
    pub uncompressed: u32,
    pub extra_central: Vec<u8>,
    /// Added to the true length of the extra fields.
    pub extra_length_lie: u16,
}

impl File {
    pub(crate) fn stored(name: &str, content: &[u8]) -> Self {
        let mut crc = flate2::Crc::new();
        crc.update(content);
        Self {
            name: name.as_bytes().to_vec(),
            packed: content.to_vec(),
            flags_central: 0,
            flags_local: 0,
            method_central: 0,
            method_local: 0,
            crc32: crc.sum(),
            compressed: content.len() as u32,
            uncompressed: content.len() as u32,
            extra_central: Vec::new(),
            extra_length_lie: 0,
        }
    }

    pub(crate) fn deflated(name: &str, content: &[u8]) -> Self {
        let mut encoder =
            flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(content).unwrap();
        let packed = encoder.finish().unwrap();
        Self {
            compressed: packed.len() as u32,
            packed,
            method_central: 8,
            method_local: 8,
            ..Self::stored(name, content)
        }
    }
}

/// What surrounds the entries.
#[derive(Default, Clone)]
pub(crate) struct Layout {
    pub prepended: Vec<u8>,
    pub before_directory: Vec<u8>,
    pub before_end: Vec<u8>,
    pub comment: Vec<u8>,
    pub comment_length_lie: u16,
    pub count_lie: u16,
    /// Offsets count from behind the prepended bytes.
    pub unadjusted: bool,
    /// Write zip64 records and saturate the end record.
    pub zip64: bool,
}

pub(crate) fn archive(files: &[File]) -> Vec<u8> {
    archive_with(files, &Layout::default())
}

pub(crate) fn archive_with(files: &[File], layout: &Layout) -> Vec<u8> {
    let mut out = layout.prepended.clone();
    let base = if layout.unadjusted { out.len() } else { 0 };
    let mut directory = Vec::new();
    for file in files {
        let offset = (out.len() - base) as u32;
        local_header(&mut out, file);
        directory_record(&mut directory, file, offset);
    }
    out.extend(&layout.before_directory);
    let start = (out.len() - base) as u32;
    out.extend(&directory);
    out.extend(&layout.before_end);
    let count = (files.len() as u16).wrapping_add(layout.count_lie);
    if layout.zip64 {
        zip64_records(&mut out, base, count.into(), directory.len(), start.into());
    }
    out.extend(b"PK\x05\x06\0\0\0\0");
    for _ in 0..2 {
        out.extend(if layout.zip64 { u16::MAX } else { count }.to_le_bytes());
    }
    let saturate = |value: u32| if layout.zip64 { u32::MAX } else { value };
    out.extend(saturate(directory.len() as u32).to_le_bytes());
    out.extend(saturate(start).to_le_bytes());
    let comment = (layout.comment.len() as u16).wrapping_add(layout.comment_length_lie);
    out.extend(comment.to_le_bytes());
    out.extend(&layout.comment);
    out
}

fn local_header(out: &mut Vec<u8>, file: &File) {
    out.extend(b"PK\x03\x04\x14\0");
    out.extend(file.flags_local.to_le_bytes());
    out.extend(file.method_local.to_le_bytes());
    out.extend([0; 4]);
    sizes(out, file);
    out.extend((file.name.len() as u16).to_le_bytes());
    out.extend(0u16.to_le_bytes());
    out.extend(&file.name);
    out.extend(&file.packed);
}

fn directory_record(out: &mut Vec<u8>, file: &File, offset: u32) {
    out.extend(b"PK\x01\x02\x14\0\x14\0");
    out.extend(file.flags_central.to_le_bytes());
    out.extend(file.method_central.to_le_bytes());
    out.extend([0; 4]);
    sizes(out, file);
    out.extend((file.name.len() as u16).to_le_bytes());
    let extra = file.extra_central.len() as u16 + file.extra_length_lie;
    out.extend(extra.to_le_bytes());
    out.extend([0; 10]);
    out.extend(offset.to_le_bytes());
    out.extend(&file.name);
    out.extend(&file.extra_central);
}

fn sizes(out: &mut Vec<u8>, file: &File) {
    out.extend(file.crc32.to_le_bytes());
    out.extend(file.compressed.to_le_bytes());
    out.extend(file.uncompressed.to_le_bytes());
}

fn zip64_records(out: &mut Vec<u8>, base: usize, count: u64, length: usize, start: u64) {
    let record = (out.len() - base) as u64;
    out.extend(b"PK\x06\x06");
    out.extend(44u64.to_le_bytes());
    out.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for value in [count, count, length as u64, start] {
        out.extend(value.to_le_bytes());
    }
    out.extend(b"PK\x06\x07\0\0\0\0");
    out.extend(record.to_le_bytes());
    out.extend(1u32.to_le_bytes());
}
