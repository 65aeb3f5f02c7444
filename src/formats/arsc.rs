//! Resource tables (`resources.arsc`).
//!
//! Layout: AOSP `androidfw/ResourceTypes.h` (`ResTable_*`); lookup rules:
//! `androidfw/LoadedArsc.cpp`. The table is indexed by type chunk; entries and
//! strings are decoded when asked for. Overlays, shared-library maps and staged
//! aliases have no bearing on what one app's manifest refers to and are skipped.

use std::collections::BTreeMap;

use super::chunk::{CHUNK_HEADER, Chunk, Chunks, STRING_POOL, Shape};
use super::limits::{MAX_RESOURCE_CONFIGURATIONS, MAX_RESOURCE_TYPE_CHUNKS};
pub use super::resources::Resources;
use super::resources::{follow, text, typed};
use super::string_pool::StringPool;
use super::xml::Value;
use super::{AnomalyLog, Cursor, DecodeError, Decoded};

const TABLE: u16 = 0x0002;
const PACKAGE: u16 = 0x0200;
const TYPE: u16 = 0x0201;
const TYPE_SPEC: u16 = 0x0202;
const STAGED_ALIAS: u16 = 0x0206;
/// Bytes of `ResTable_package` without `typeIdOffset`, which came later.
const PACKAGE_HEADER: usize = 284;
/// Bytes of `ResTable_type` before its configuration.
const TYPE_HEADER: usize = 20;

/// `ResTable_type.flags`.
const FLAG_SPARSE: u8 = 0x01;
const FLAG_OFFSET16: u8 = 0x02;
/// `ResTable_entry.flags`.
const ENTRY_COMPLEX: u16 = 0x0001;
const ENTRY_COMPACT: u16 = 0x0008;

/// A resource table over the bytes of its file.
#[derive(Debug, Clone, Default)]
pub struct ResourceTable<'a> {
    strings: StringPool<'a>,
    /// By package id and type id, as they stand in a resource id.
    types: BTreeMap<(u8, u8), Vec<TypeChunk<'a>>>,
    packages: Vec<(u32, String)>,
}

/// The entries of one type in one configuration (`ResTable_type`).
#[derive(Debug, Clone, Copy)]
struct TypeChunk<'a> {
    flags: u8,
    entry_count: usize,
    /// The entry offsets, up to the end of the chunk.
    offsets: &'a [u8],
    /// The entries, up to the end of the chunk.
    entries: &'a [u8],
    configuration: Configuration,
}

/// What matters of `ResTable_config`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Configuration {
    /// Every field is "any".
    default: bool,
    /// Packed language, zero for any.
    language: [u8; 2],
    /// Packed region, zero for any.
    region: [u8; 2],
}

/// Indexes a table.
///
/// # Errors
/// When the bytes are too short for a table header or hold no package.
pub fn parse(bytes: &[u8]) -> Decoded<ResourceTable<'_>> {
    let mut log = AnomalyLog::new();
    let (start, end) = table_bounds(bytes, &mut log)?;
    let data = bytes.get(..end).unwrap_or(bytes);
    let mut index = Index {
        table: ResourceTable::default(),
        type_chunks: 0,
        log,
    };
    let mut chunks = Chunks::new(data, start, 0, shape);
    for chunk in chunks.by_ref() {
        index.note_framing(&chunk);
        match chunk.kind {
            STRING_POOL if index.table.strings.is_empty() => {
                index.table.strings = StringPool::parse(
                    chunk.data,
                    chunk.header_size,
                    chunk.offset,
                    &mut index.log,
                );
            }
            PACKAGE => index.package(&chunk),
            _ => index.skip(&chunk),
        }
    }
    index.note_unread(&chunks);
    if index.table.packages.is_empty() {
        return Err(DecodeError::new(
            start,
            "the resource table holds no package that can be read",
        ));
    }
    index.prefer_default();
    Ok((index.table, index.log.finish()))
}

fn table_bounds(bytes: &[u8], log: &mut AnomalyLog) -> Result<(usize, usize), DecodeError> {
    let mut cursor = Cursor::new(bytes);
    let kind = cursor.u16()?;
    let header_size = usize::from(cursor.u16()?);
    let size = usize::try_from(cursor.u32()?).unwrap_or(usize::MAX);
    let _package_count = cursor.u32()?;
    if kind != TABLE {
        log.note_at(
            "arsc-table-type",
            0,
            format_args!("the table is of type {kind:#x} instead of 0x2"),
        );
    }
    let start = if (CHUNK_HEADER..bytes.len()).contains(&header_size) {
        header_size
    } else {
        log.note_at(
            "arsc-table-header",
            2,
            format_args!("the table header is declared {header_size} bytes long"),
        );
        CHUNK_HEADER + 4
    };
    if size != bytes.len() {
        log.note_at(
            "arsc-table-size",
            4,
            format_args!(
                "the table declares {size} bytes, the file has {}",
                bytes.len()
            ),
        );
    }
    // A size that ends before the first chunk would hide the whole table.
    let end = if size <= start { bytes.len() } else { size };
    Ok((start, end.min(bytes.len())))
}

fn shape(kind: u16) -> Shape {
    let header = match kind {
        PACKAGE => PACKAGE_HEADER,
        TYPE => TYPE_HEADER + 4,
        _ => CHUNK_HEADER,
    };
    Shape {
        header,
        total: None,
    }
}

/// The index under construction.
struct Index<'a> {
    table: ResourceTable<'a>,
    type_chunks: usize,
    log: AnomalyLog,
}

impl<'a> Index<'a> {
    fn note_framing(&mut self, chunk: &Chunk<'_>) {
        if let Some(repair) = chunk.repair {
            self.log.note_at("arsc-chunk-size", chunk.offset, repair);
        }
        if chunk.cut {
            self.log.note_at(
                "arsc-truncated",
                chunk.offset,
                "a chunk runs past the end of what encloses it",
            );
        }
    }

    fn note_unread(&mut self, chunks: &Chunks<'_>) {
        if chunks.unread() > 0 {
            self.log.note_at(
                "arsc-truncated",
                chunks.offset(),
                format_args!("{} bytes could not be walked", chunks.unread()),
            );
        }
    }

    fn skip(&mut self, chunk: &Chunk<'_>) {
        // Library, overlayable, policy and alias chunks are known and unneeded.
        if !(TYPE_SPEC..=STAGED_ALIAS).contains(&chunk.kind) && chunk.kind != STRING_POOL {
            self.log.note_at(
                "arsc-unknown-chunk",
                chunk.offset,
                format_args!("a chunk of type {:#x} was skipped", chunk.kind),
            );
        }
    }

    /// `ResTable_package` and the chunks inside it.
    fn package(&mut self, chunk: &Chunk<'a>) {
        let mut cursor = Cursor::at(chunk.data, CHUNK_HEADER);
        let (Ok(id), Ok(name)) = (cursor.u32(), cursor.bytes(256)) else {
            return;
        };
        // Feature splits may number their types from an offset
        // (`LoadedPackage::GetTypeSpecByTypeIndex`).
        let type_offset = if chunk.header_size >= PACKAGE_HEADER + 4 {
            Cursor::at(chunk.data, PACKAGE_HEADER).u32().unwrap_or(0)
        } else {
            0
        };
        self.table.packages.push((id, package_name(name)));
        let mut chunks = Chunks::new(chunk.data, chunk.header_size, chunk.offset, shape);
        for inner in chunks.by_ref() {
            self.note_framing(&inner);
            if inner.kind != TYPE {
                self.skip(&inner);
                continue;
            }
            if self.type_chunks >= MAX_RESOURCE_TYPE_CHUNKS {
                self.log.note_at(
                    "arsc-too-many-types",
                    inner.offset,
                    format_args!("only the first {MAX_RESOURCE_TYPE_CHUNKS} type chunks were read"),
                );
                break;
            }
            self.type_chunks += 1;
            self.type_chunk(id, type_offset, &inner);
        }
        self.note_unread(&chunks);
    }

    fn type_chunk(&mut self, package: u32, type_offset: u32, chunk: &Chunk<'a>) {
        let parsed = TypeChunk::parse(chunk);
        let key = parsed.as_ref().and_then(|(id, _)| {
            let id = u32::from(*id).checked_add(type_offset)?;
            Some((u8::try_from(package).ok()?, u8::try_from(id).ok()?))
        });
        match (key, parsed) {
            (Some(key), Some((_, parsed))) => {
                self.table.types.entry(key).or_default().push(parsed);
            }
            _ => self.log.note_at(
                "arsc-type-header",
                chunk.offset,
                "a type chunk has an impossible header and was skipped",
            ),
        }
    }

    /// Puts the default configuration first, then those that only lack a
    /// language, then the others; each in file order.
    fn prefer_default(&mut self) {
        for chunks in self.table.types.values_mut() {
            chunks.sort_by_key(|chunk| {
                (
                    !chunk.configuration.default,
                    chunk.configuration.language != [0, 0],
                )
            });
        }
    }
}

/// A name of 128 UTF-16 units, ended by a zero.
fn package_name(units: &[u8]) -> String {
    let units = units.chunks_exact(2).map(|unit| match unit {
        [low, high] => u16::from_le_bytes([*low, *high]),
        _ => 0,
    });
    char::decode_utf16(units.take_while(|unit| *unit != 0))
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

impl<'a> TypeChunk<'a> {
    /// The type id and the chunk.
    fn parse(chunk: &Chunk<'a>) -> Option<(u8, Self)> {
        let mut cursor = Cursor::at(chunk.data, CHUNK_HEADER);
        let id = cursor.u8().ok()?;
        let flags = cursor.u8().ok()?;
        let _reserved = cursor.u16().ok()?;
        let entry_count = usize::try_from(cursor.u32().ok()?).ok()?;
        let entries_start = usize::try_from(cursor.u32().ok()?).ok()?;
        let configuration = Configuration::parse(chunk.data.get(TYPE_HEADER..)?)?;
        Some((
            id,
            Self {
                flags,
                entry_count,
                offsets: chunk.body(),
                entries: chunk.data.get(entries_start..).unwrap_or_default(),
                configuration,
            },
        ))
    }

    /// Where an entry starts in `entries`.
    fn entry_offset(&self, entry: u16) -> Option<usize> {
        if self.flags & FLAG_SPARSE != 0 {
            return self.sparse_offset(entry);
        }
        let entry = usize::from(entry);
        if entry >= self.entry_count {
            return None;
        }
        if self.flags & FLAG_OFFSET16 != 0 {
            let offset = Cursor::at(self.offsets, entry.checked_mul(2)?).u16().ok()?;
            return (offset != u16::MAX).then_some(usize::from(offset) * 4);
        }
        let offset = Cursor::at(self.offsets, entry.checked_mul(4)?).u32().ok()?;
        if offset == u32::MAX {
            return None;
        }
        usize::try_from(offset).ok()
    }

    /// `ResTable_sparseTypeEntry`: index and offset in words, sorted by index.
    fn sparse_offset(&self, entry: u16) -> Option<usize> {
        let (pairs, _) = self.offsets.as_chunks::<4>();
        let pairs = pairs.get(..self.entry_count.min(pairs.len()))?;
        let index = |pair: &[u8; 4]| u16::from_le_bytes([pair[0], pair[1]]);
        let at = pairs.binary_search_by_key(&entry, index).ok()?;
        let pair = pairs.get(at)?;
        Some(usize::from(u16::from_le_bytes([pair[2], pair[3]])) * 4)
    }

    /// The typed value of an entry that is not a bag: `Res_value.dataType` and
    /// its data.
    fn entry(&self, entry: u16) -> Option<(u8, u32)> {
        let offset = self.entry_offset(entry)?;
        let mut cursor = Cursor::at(self.entries, offset);
        let size = cursor.u16().ok()?;
        let flags = cursor.u16().ok()?;
        if flags & ENTRY_COMPACT != 0 {
            // The first field is the key; the type sits in the flags.
            let [_, kind] = flags.to_le_bytes();
            return Some((kind, cursor.u32().ok()?));
        }
        if flags & ENTRY_COMPLEX != 0 {
            return None;
        }
        let mut value = Cursor::at(self.entries, offset.checked_add(usize::from(size))?);
        let _size = value.u16().ok()?;
        let _reserved = value.u8().ok()?;
        let kind = value.u8().ok()?;
        Some((kind, value.u32().ok()?))
    }
}

impl Configuration {
    /// `ResTable_config`: its size, then fields for which zero means "any".
    fn parse(data: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::new(data);
        let size = usize::try_from(cursor.u32().ok()?).ok()?;
        let fields = data.get(4..size.max(4).min(data.len()))?;
        let pair = |at: usize| match fields.get(at..at + 2) {
            Some([a, b]) => [*a, *b],
            _ => [0, 0],
        };
        Some(Self {
            default: fields.iter().all(|byte| *byte == 0),
            language: pair(4),
            region: pair(6),
        })
    }

    /// Two letters, or three packed into 15 bits (`unpackLanguageOrRegion`).
    fn is_language(&self, language: &str) -> bool {
        let [a, b] = self.language;
        if a & 0x80 == 0 {
            return language.as_bytes() == [a, b];
        }
        let letters = [b & 0x1f, b >> 5 | (a & 0x03) << 3, (a & 0x7c) >> 2];
        language.as_bytes() == letters.map(|letter| letter + b'a')
    }
}

impl ResourceTable<'_> {
    /// The text of a resource in the default configuration, references
    /// followed; where there is no default value, the first one in the file.
    pub fn string(&self, id: u32) -> Option<String> {
        self.value(id).as_ref().and_then(text)
    }

    /// The same, typed.
    pub fn value(&self, id: u32) -> Option<Value> {
        follow(id, |id| self.lookup(id, |_| true))
    }

    /// The text of a resource in a language (`zh`, `fil`): the entry without
    /// region if there is one, else the first. `None` when the table has none
    /// in that language.
    pub fn localized(&self, id: u32, language: &str) -> Option<String> {
        let exact = |region: bool| {
            self.lookup(id, |configuration| {
                configuration.is_language(language) && (region || configuration.region == [0, 0])
            })
        };
        match exact(false).or_else(|| exact(true))? {
            Value::Reference(next) => self.string(next),
            value => text(&value),
        }
    }

    /// Packages in the table: id and name.
    pub fn packages(&self) -> impl Iterator<Item = (u32, &str)> {
        self.packages.iter().map(|(id, name)| (*id, name.as_str()))
    }

    fn lookup(&self, id: u32, wanted: impl Fn(&Configuration) -> bool) -> Option<Value> {
        let [package, kind, high, low] = id.to_be_bytes();
        let entry = u16::from_be_bytes([high, low]);
        let (kind, data) = self
            .types
            .get(&(package, kind))?
            .iter()
            .take(MAX_RESOURCE_CONFIGURATIONS)
            .filter(|chunk| wanted(&chunk.configuration))
            .find_map(|chunk| chunk.entry(entry))?;
        Some(typed(kind, data, |index| {
            self.strings.get(index).map(Into::into)
        }))
    }
}

impl Resources for ResourceTable<'_> {
    fn value(&self, id: u32) -> Option<Value> {
        ResourceTable::value(self, id)
    }
}
