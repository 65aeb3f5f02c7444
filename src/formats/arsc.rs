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
                index.table.strings =
                    StringPool::parse(chunk.data, chunk.header_size, chunk.offset, &mut index.log);
            }
            STRING_POOL => index.log.note_at(
                "arsc-several-string-pools",
                chunk.offset,
                "only the first pool of values counts on Android",
            ),
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

#[cfg(test)]
pub(crate) mod writer {
    //! Writes resource tables for tests.

    use super::super::axml::writer::chunk;
    use super::super::string_pool::writer::string_pool;
    use super::{PACKAGE, TABLE, TYPE};

    /// How a type chunk lays its entries out.
    #[derive(Clone, Copy, PartialEq)]
    pub(crate) enum Layout {
        Plain,
        Sparse,
        Offset16,
        Compact,
    }

    /// A table with package `0x7f` and these type chunks.
    pub(crate) fn table(strings: &[&str], types: &[Vec<u8>]) -> Vec<u8> {
        let mut package = 0x7fu32.to_le_bytes().to_vec();
        package.resize(package.len() + 256, 0);
        package.extend([0; 20]);
        package.extend(types.concat());
        let mut body = 1u32.to_le_bytes().to_vec();
        body.extend(string_pool(strings, true));
        body.extend(chunk(PACKAGE, 288, &package));
        chunk(TABLE, 12, &body)
    }

    /// A type chunk: entries as data type and data.
    pub(crate) fn type_chunk(
        id: u8,
        language: &[u8; 4],
        layout: Layout,
        entries: &[Option<(u8, u32)>],
    ) -> Vec<u8> {
        let (mut offsets, mut data) = (Vec::new(), Vec::new());
        let mut count = 0u32;
        for (index, entry) in entries.iter().enumerate() {
            let words = (data.len() / 4) as u16;
            match (layout, entry) {
                (Layout::Sparse, None) => continue,
                (Layout::Sparse, Some(_)) => {
                    offsets.extend((index as u16).to_le_bytes());
                    offsets.extend(words.to_le_bytes());
                }
                (Layout::Offset16, None) => offsets.extend(u16::MAX.to_le_bytes()),
                (Layout::Offset16, Some(_)) => offsets.extend(words.to_le_bytes()),
                (_, None) => offsets.extend(u32::MAX.to_le_bytes()),
                (_, Some(_)) => offsets.extend((data.len() as u32).to_le_bytes()),
            }
            count += 1;
            let Some((kind, value)) = entry else {
                continue;
            };
            if layout == Layout::Compact {
                data.extend([0, 0, 8, *kind]);
            } else {
                data.extend([8, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, *kind]);
            }
            data.extend(value.to_le_bytes());
        }
        offsets.resize(offsets.len().next_multiple_of(4), 0);
        let configuration = [&12u32.to_le_bytes()[..], &[0; 4], language].concat();
        let header = 20 + configuration.len();
        let flags = match layout {
            Layout::Sparse => 1,
            Layout::Offset16 => 2,
            Layout::Plain | Layout::Compact => 0,
        };
        let mut body = vec![id, flags, 0, 0];
        body.extend(count.to_le_bytes());
        body.extend(((header + offsets.len()) as u32).to_le_bytes());
        body.extend(configuration);
        body.extend(offsets);
        body.extend(data);
        chunk(TYPE, header as u16, &body)
    }
}

#[cfg(test)]
mod tests {
    use super::writer::{Layout, table, type_chunk};
    use super::*;
    use crate::formats::mutation::survive;

    const ANY: &[u8; 4] = &[0; 4];

    fn string(index: u32) -> Option<(u8, u32)> {
        Some((3, index))
    }

    #[test]
    fn every_layout_of_entries_is_read() {
        for layout in [
            Layout::Plain,
            Layout::Sparse,
            Layout::Offset16,
            Layout::Compact,
        ] {
            let entries = [string(0), None, Some((0x12, 1)), Some((0x10, u32::MAX))];
            let data = table(&["甲"], &[type_chunk(2, ANY, layout, &entries)]);
            let (table, anomalies) = parse(&data).unwrap();
            assert_eq!(anomalies, []);
            assert_eq!(table.string(0x7f02_0000).as_deref(), Some("甲"));
            assert_eq!(table.value(0x7f02_0001), None);
            assert_eq!(table.value(0x7f02_0002), Some(Value::Boolean(true)));
            assert_eq!(table.value(0x7f02_0003), Some(Value::Integer(-1)));
            assert_eq!(table.value(0x7f02_0004), None);
            assert_eq!(table.value(0x7f03_0000), None);
            assert_eq!(table.value(0x0102_0000), None);
        }
    }

    #[test]
    fn the_default_configuration_is_preferred_wherever_it_stands() {
        let types = [
            type_chunk(1, b"zhTW", Layout::Plain, &[string(1), string(1)]),
            type_chunk(1, b"zh\0\0", Layout::Plain, &[string(2), None]),
            type_chunk(1, ANY, Layout::Plain, &[string(0), None]),
        ];
        let data = table(&["any", "臺", "中"], &types);
        let (table, _) = parse(&data).unwrap();
        assert_eq!(table.string(0x7f01_0000).as_deref(), Some("any"));
        assert_eq!(table.string(0x7f01_0001).as_deref(), Some("臺"));
        let zh = |id| table.localized(id, "zh");
        assert_eq!(zh(0x7f01_0000).as_deref(), Some("中"));
        assert_eq!(zh(0x7f01_0001).as_deref(), Some("臺"));
        assert_eq!(table.localized(0x7f01_0000, "en"), None);
    }

    #[test]
    fn references_are_followed_and_circles_end() {
        let entries = [
            Some((1, 0x7f01_0001)),
            string(0),
            Some((1, 0x7f01_0003)),
            Some((1, 0x7f01_0002)),
        ];
        let data = table(&["x"], &[type_chunk(1, ANY, Layout::Plain, &entries)]);
        let (table, _) = parse(&data).unwrap();
        assert_eq!(table.string(0x7f01_0000).as_deref(), Some("x"));
        assert_eq!(table.string(0x7f01_0002), None);
    }

    #[test]
    fn three_letter_languages_are_unpacked() {
        // "fil": 15 bits, the first letter lowest (AOSP packLanguageOrRegion).
        let packed = [0x80 | 11 << 2 | 1, 5, 0, 0];
        let data = table(
            &["x"],
            &[type_chunk(1, &packed, Layout::Plain, &[string(0)])],
        );
        let (table, _) = parse(&data).unwrap();
        assert_eq!(table.localized(0x7f01_0000, "fil").as_deref(), Some("x"));
    }

    #[test]
    fn a_table_cut_in_half_keeps_what_is_there() {
        let types = [
            type_chunk(1, ANY, Layout::Plain, &[string(0)]),
            type_chunk(2, ANY, Layout::Plain, &[string(0); 50]),
        ];
        let data = table(&["x"], &types);
        let (table, anomalies) = parse(&data[..data.len() - 300]).unwrap();
        assert_eq!(table.string(0x7f01_0000).as_deref(), Some("x"));
        assert!(anomalies.iter().any(|a| a.code == "arsc-truncated"));
    }

    #[test]
    fn damaged_tables_never_panic() {
        let types = [
            type_chunk(1, ANY, Layout::Plain, &[string(0), Some((1, 0x7f02_0000))]),
            type_chunk(2, b"zh\0\0", Layout::Sparse, &[None, string(1)]),
            type_chunk(3, ANY, Layout::Offset16, &[string(1)]),
        ];
        let data = table(&["one", "two"], &types);
        survive(&data, 4_000, |damaged| {
            let Ok((table, _)) = parse(damaged) else {
                return;
            };
            for id in [0x7f01_0000, 0x7f01_0001, 0x7f02_0001, 0x7f03_0000] {
                let _ = (table.string(id), table.localized(id, "zh"));
            }
        });
    }
}
