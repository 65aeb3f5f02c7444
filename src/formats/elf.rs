//! Native libraries: what a shared object is called, needs, offers and says.
//!
//! The records are read by `goblin`, one table at a time: its whole-file
//! parser also reads section headers, relocations and full string tables,
//! which packers damage on purpose and which the linker never looks at. As in
//! Android's linker (AOSP `bionic/linker/linker.cpp`) everything comes from
//! the program headers and `PT_DYNAMIC`.
//!
//! Facts: System V ABI, chapters 4 and 5; the GNU hash table as read by
//! bionic's `linker_soinfo.cpp`.

use std::collections::BTreeSet;

use goblin::container::{Container, Ctx, Endian};
use goblin::elf::dynamic::{DT_NEEDED, Dynamic, DynamicInfo};
use goblin::elf::header::Header;
use goblin::elf::note::NT_GNU_BUILD_ID;
use goblin::elf::program_header::{PF_R, PF_W, PF_X, PT_DYNAMIC, PT_LOAD, ProgramHeader};
use goblin::elf::section_header::{SHT_PROGBITS, SectionHeader};
use goblin::elf::sym::{STB_GLOBAL, STB_WEAK, Sym, Symtab};
use goblin::elf::{Elf, section_header};

use super::limits::{
    MAX_ELF_NAME_BYTES, MAX_ELF_NOTES, MAX_ELF_SYMBOLS, MAX_SYMBOL_NAME_BYTES, MIN_RODATA_STRING,
};
use super::{Anomaly, DecodeError, Decoded};

/// What a shared object declares to the linker.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NativeLibrary {
    /// `DT_SONAME`.
    pub soname: Option<String>,
    /// `DT_NEEDED`, in order.
    pub needed: Vec<String>,
    /// Names of defined dynamic symbols, sorted, each once.
    pub exported: Vec<String>,
    /// Names of undefined dynamic symbols, sorted, each once.
    pub imported: Vec<String>,
    /// GNU build id, lower-case hex.
    pub build_id: Option<String>,
}

/// Reads a shared object. Fails when there is no ELF header or the program
/// headers cannot be read; a damaged dynamic section is an anomaly.
pub fn parse(bytes: &[u8]) -> Decoded<NativeLibrary> {
    let (header, context) = header(bytes)?;
    let program_headers = program_headers(bytes, &header, context)?;
    let mut library = NativeLibrary::default();
    let mut anomalies = Vec::new();
    match Dynamic::parse(bytes, &program_headers, context) {
        Ok(Some(dynamic)) => {
            read_dynamic(bytes, &dynamic, context, &mut library, &mut anomalies);
        }
        Ok(None) => {}
        Err(error) => anomalies.push(Anomaly::new(
            "elf-dynamic-damaged",
            format!("the dynamic section cannot be read: {error}"),
            offset_of(&program_headers, PT_DYNAMIC),
        )),
    }
    library.build_id = build_id(bytes, header, program_headers);
    Ok((library, anomalies))
}

/// The printable ASCII runs of at least [`MIN_RODATA_STRING`] bytes in the
/// read-only data: the `.rodata` sections, without them the segments that are
/// readable only, without those the ones that are not writable (old linkers
/// put constants beside the code). Nothing for what is no ELF file.
///
/// Every byte is looked at once, whatever the headers say.
pub fn rodata_strings(bytes: &[u8]) -> impl Iterator<Item = &str> {
    rodata(bytes).into_iter().flat_map(|region| {
        region
            .split(|byte| !matches!(byte, b'\t' | b' '..=b'~'))
            .filter(|run| run.len() >= MIN_RODATA_STRING)
            .filter_map(|run| std::str::from_utf8(run).ok())
    })
}

fn header(bytes: &[u8]) -> Result<(Header, Ctx), DecodeError> {
    let no_elf = |error| DecodeError::new(0, format!("no ELF file: {error}"));
    let header = Elf::parse_header(bytes).map_err(no_elf)?;
    // The lazy parser checks class and byte order.
    let elf = Elf::lazy_parse(header).map_err(no_elf)?;
    let container = if elf.is_64 {
        Container::Big
    } else {
        Container::Little
    };
    let order = if elf.little_endian {
        Endian::Little
    } else {
        Endian::Big
    };
    Ok((header, Ctx::new(container, order)))
}

fn program_headers(
    bytes: &[u8],
    header: &Header,
    context: Ctx,
) -> Result<Vec<ProgramHeader>, DecodeError> {
    let offset = usize::try_from(header.e_phoff).unwrap_or(usize::MAX);
    let read = || {
        // goblin adds to the offset while reading.
        if offset > bytes.len() {
            return Err("they lie outside the file".to_owned());
        }
        ProgramHeader::parse(bytes, offset, header.e_phnum.into(), context)
            .map_err(|error| error.to_string())
    };
    read().map_err(|error| {
        DecodeError::new(
            offset,
            format!("the program headers cannot be read: {error}"),
        )
    })
}

fn offset_of(program_headers: &[ProgramHeader], kind: u32) -> String {
    program_headers
        .iter()
        .find(|header| header.p_type == kind)
        .map_or_else(String::new, |header| {
            format!("offset {:#x}", header.p_offset)
        })
}

fn read_dynamic(
    bytes: &[u8],
    dynamic: &Dynamic,
    context: Ctx,
    library: &mut NativeLibrary,
    anomalies: &mut Vec<Anomaly>,
) {
    let names = Names::new(bytes, &dynamic.info);
    if dynamic.info.soname != 0 {
        library.soname = names.at(dynamic.info.soname);
    }
    library.needed = dynamic
        .dyns
        .iter()
        .filter(|entry| entry.d_tag == DT_NEEDED)
        .filter_map(|entry| names.at(usize::try_from(entry.d_val).ok()?))
        .take(MAX_ELF_SYMBOLS)
        .collect();
    let symtab = dynamic.info.symtab;
    let present = bytes.len().saturating_sub(symtab) / Sym::size(context.container);
    let declared = symbol_count(bytes, &dynamic.info, context);
    let count = declared.min(present).min(MAX_ELF_SYMBOLS);
    let mut complete = declared <= count;
    if symtab != 0
        && count > 0
        && let Ok(symbols) = Symtab::parse(bytes, symtab, count, context)
    {
        complete &= read_symbols(&symbols, &names, library);
    }
    if !complete {
        anomalies.push(Anomaly::new(
            "elf-symbols-incomplete",
            format!("{declared} dynamic symbols are declared, not all of them were read"),
            format!("offset {symtab:#x}"),
        ));
    }
}

/// Sorts the global symbols into exported and imported; false when the names
/// exceed the budget.
fn read_symbols(symbols: &Symtab<'_>, names: &Names<'_>, library: &mut NativeLibrary) -> bool {
    let mut exported = BTreeSet::new();
    let mut imported = BTreeSet::new();
    let mut budget = MAX_ELF_NAME_BYTES;
    let mut complete = true;
    for symbol in symbols.iter() {
        if !matches!(symbol.st_bind(), STB_GLOBAL | STB_WEAK) {
            continue;
        }
        let name = names.bytes_at(symbol.st_name).unwrap_or_default();
        let Some(left) = budget.checked_sub(name.len()) else {
            complete = false;
            break;
        };
        budget = left;
        if name.is_empty() {
            continue;
        }
        let undefined = symbol.st_shndx == section_header::SHN_UNDEF as usize;
        let set = if undefined {
            &mut imported
        } else {
            &mut exported
        };
        set.insert(name);
    }
    let owned = |names: BTreeSet<&[u8]>| -> Vec<String> {
        let lossy = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
        names.into_iter().map(lossy).collect()
    };
    library.exported = owned(exported);
    library.imported = owned(imported);
    complete
}

/// The dynamic string table.
struct Names<'a>(&'a [u8]);

impl<'a> Names<'a> {
    fn new(bytes: &'a [u8], info: &DynamicInfo) -> Self {
        let rest = bytes.get(info.strtab..).unwrap_or_default();
        Self(rest.get(..info.strsz).unwrap_or(rest))
    }

    /// A name up to its NUL byte, cut at [`MAX_SYMBOL_NAME_BYTES`].
    fn bytes_at(&self, offset: usize) -> Option<&'a [u8]> {
        let rest = self.0.get(offset..)?;
        let rest = rest.get(..MAX_SYMBOL_NAME_BYTES).unwrap_or(rest);
        let length = rest.iter().position(|&byte| byte == 0);
        rest.get(..length.unwrap_or(rest.len()))
    }

    fn at(&self, offset: usize) -> Option<String> {
        let name = self.bytes_at(offset)?;
        (!name.is_empty()).then(|| String::from_utf8_lossy(name).into_owned())
    }
}

/// Number of dynamic symbols. No field says it: it follows from the hash
/// tables, or without one from the string table that linkers put behind.
fn symbol_count(bytes: &[u8], info: &DynamicInfo, context: Ctx) -> usize {
    let at = |offset: Option<u64>| usize::try_from(offset?).ok();
    let words = Words { bytes, context };
    let from_hash = at(info.hash).and_then(|table| words.at(table.checked_add(4)?));
    let from_gnu = || at(info.gnu_hash).and_then(|table| gnu_symbol_count(&words, table));
    let between = || info.strtab.checked_sub(info.symtab);
    from_hash
        .or_else(from_gnu)
        .or_else(|| Some(between()? / Sym::size(context.container)))
        .unwrap_or_default()
}

/// The GNU table lists symbols from `first` on by chains; the last one ends
/// the chain that starts last.
fn gnu_symbol_count(words: &Words<'_>, table: usize) -> Option<usize> {
    let word = |index: usize| words.at(table.checked_add(index.checked_mul(4)?)?);
    let (buckets, first, bloom) = (word(0)?, word(1)?, word(2)?);
    let wide = usize::from(words.context.container.is_big()) + 1;
    let bucket_words = bloom.checked_mul(wide)?.checked_add(4)?;
    let chain_words = bucket_words.checked_add(buckets)?;
    let mut last = 0;
    for index in bucket_words..chain_words {
        last = last.max(word(index)?);
    }
    if last < first {
        return Some(first); // nothing is exported
    }
    let mut index = chain_words.checked_add(last - first)?;
    while word(index)? & 1 == 0 {
        index = index.checked_add(1)?;
    }
    Some(index - chain_words + first + 1)
}

/// 32-bit words in the byte order of the file.
struct Words<'a> {
    bytes: &'a [u8],
    context: Ctx,
}

impl Words<'_> {
    fn at(&self, offset: usize) -> Option<usize> {
        let word = self.bytes.get(offset..offset.checked_add(4)?)?;
        let word: [u8; 4] = word.try_into().ok()?;
        let value = match self.context.le {
            Endian::Little => u32::from_le_bytes(word),
            Endian::Big => u32::from_be_bytes(word),
        };
        usize::try_from(value).ok()
    }
}

fn build_id(bytes: &[u8], header: Header, program_headers: Vec<ProgramHeader>) -> Option<String> {
    let mut elf = Elf::lazy_parse(header).ok()?;
    elf.program_headers = program_headers
        .into_iter()
        .filter(|part| region(bytes, part.p_offset, part.p_filesz).is_some())
        .collect();
    let notes = elf.iter_note_headers(bytes)?;
    let note = notes
        .take(MAX_ELF_NOTES)
        .filter_map(Result::ok)
        .find(|note| note.n_type == NT_GNU_BUILD_ID && note.name == "GNU")?;
    let hex = note.desc.iter().map(|byte| format!("{byte:02x}"));
    Some(hex.take(MAX_SYMBOL_NAME_BYTES).collect())
}

fn region(bytes: &[u8], offset: u64, size: u64) -> Option<&[u8]> {
    let start = usize::try_from(offset).ok()?;
    let end = start.checked_add(usize::try_from(size).ok()?)?;
    bytes.get(start..end)
}

/// The read-only data as regions that do not overlap.
fn rodata(bytes: &[u8]) -> Vec<&[u8]> {
    let Ok((header, context)) = header(bytes) else {
        return Vec::new();
    };
    let sections = rodata_sections(bytes, &header, context);
    if !sections.is_empty() {
        return disjoint(bytes, sections);
    }
    let segments = program_headers(bytes, &header, context).unwrap_or_default();
    let loaded = |allowed: fn(u32) -> bool| -> Vec<(u64, u64)> {
        segments
            .iter()
            .filter(|segment| segment.p_type == PT_LOAD && allowed(segment.p_flags))
            .map(|segment| (segment.p_offset, segment.p_filesz))
            .collect()
    };
    let read_only = loaded(|flags| flags & (PF_R | PF_W | PF_X) == PF_R);
    if read_only.is_empty() {
        disjoint(bytes, loaded(|flags| flags & (PF_R | PF_W) == PF_R))
    } else {
        disjoint(bytes, read_only)
    }
}

fn rodata_sections(bytes: &[u8], header: &Header, context: Ctx) -> Vec<(u64, u64)> {
    let offset = usize::try_from(header.e_shoff).unwrap_or(usize::MAX);
    if offset > bytes.len() {
        return Vec::new();
    }
    let sections = SectionHeader::parse(bytes, offset, header.e_shnum.into(), context);
    let sections = sections.unwrap_or_default();
    let names = sections
        .get(usize::from(header.e_shstrndx))
        .and_then(|names| region(bytes, names.sh_offset, names.sh_size))
        .unwrap_or_default();
    sections
        .iter()
        .filter(|section| section.sh_type == SHT_PROGBITS)
        .filter(|section| {
            names
                .get(section.sh_name..)
                .is_some_and(|name| name.starts_with(b".rodata"))
        })
        .map(|section| (section.sh_offset, section.sh_size))
        .collect()
}

/// Parts of the file, clamped to it, sorted, overlaps merged, so that hostile
/// headers cannot make the same bytes count twice.
fn disjoint(bytes: &[u8], mut parts: Vec<(u64, u64)>) -> Vec<&[u8]> {
    parts.sort_unstable();
    let mut regions = Vec::new();
    let mut seen = 0;
    for (offset, size) in parts {
        let clamp = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
        let start = clamp(offset).max(seen);
        let end = clamp(offset.saturating_add(size));
        if let Some(region) = bytes.get(start..end).filter(|region| !region.is_empty()) {
            regions.push(region);
            seen = end;
        }
    }
    regions
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRINGS: &[u8] = b"\0libtiny.so\0liblog.so\0Java_com_example_hello\0malloc\0";
    const RODATA: &[u8] = b"\0https://example.com/x\0short\0a longer text\xff\0";

    /// Pieces of a 64-bit little-endian shared object, loaded where they lie.
    #[derive(Default)]
    struct Tiny {
        body: Vec<u8>,
        headers: Vec<[u64; 4]>, // type and flags, offset, size, alignment
    }

    /// ELF header and six program headers.
    const BODY_START: u64 = 64 + 6 * 56;

    impl Tiny {
        fn add(&mut self, bytes: &[u8]) -> u64 {
            self.body.resize(self.body.len().next_multiple_of(8), 0);
            let offset = BODY_START + self.body.len() as u64;
            self.body.extend(bytes);
            offset
        }

        fn header(&mut self, kind: u32, flags: u32, offset: u64, size: u64, align: u64) {
            let kind = u64::from(kind) | u64::from(flags) << 32;
            self.headers.push([kind, offset, size, align]);
        }

        fn build(self) -> Vec<u8> {
            let mut out = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
            out.extend([3, 0, 183, 0, 1, 0, 0, 0]); // ET_DYN, EM_AARCH64
            for value in [0u64, 64, 0] {
                out.extend(value.to_le_bytes()); // entry, phoff, shoff
            }
            out.extend([0, 0, 0, 0, 64, 0, 56, 0]);
            out.extend((self.headers.len() as u16).to_le_bytes());
            out.extend([64, 0, 0, 0, 0, 0]);
            for [kind, offset, size, align] in &self.headers {
                for value in [kind, offset, offset, offset, size, size, align] {
                    out.extend(value.to_le_bytes());
                }
            }
            out.resize(BODY_START as usize, 0);
            out.extend(self.body);
            out
        }
    }

    fn symbol(name: u32, section: u16) -> Vec<u8> {
        let mut out = name.to_le_bytes().to_vec();
        out.push(0x12); // global function
        out.push(0);
        out.extend(section.to_le_bytes());
        out.extend([0; 16]);
        out
    }

    fn position(name: &str) -> u64 {
        let found = STRINGS
            .windows(name.len())
            .position(|w| w == name.as_bytes());
        found.unwrap() as u64
    }

    fn words(values: &[u32]) -> Vec<u8> {
        values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect()
    }

    /// A library that imports `malloc` and exports one JNI function.
    fn library(gnu: bool) -> Vec<u8> {
        let mut tiny = Tiny::default();
        let symbols = [
            vec![0; 24],
            symbol(position("malloc") as u32, 0),
            symbol(position("Java_") as u32, 7),
        ];
        let symtab = tiny.add(&symbols.concat());
        let strtab = tiny.add(STRINGS);
        let hash = if gnu {
            // one bucket, first symbol 2, one bloom word; chain ends at once
            tiny.add(&words(&[1, 2, 1, 0, 0, 0, 2, 1]))
        } else {
            tiny.add(&words(&[1, 3, 0, 0, 0, 0]))
        };
        let hash_tag = if gnu { 0x6fff_fef5 } else { 4 };
        let dynamic = [
            (14, position("libtiny")),
            (1, position("liblog")),
            (5, strtab),
            (10, STRINGS.len() as u64),
            (6, symtab),
            (hash_tag, hash),
            (0, 0),
        ];
        let dynamic: Vec<u8> = dynamic
            .iter()
            .flat_map(|&(tag, value): &(u64, u64)| [tag, value])
            .flat_map(u64::to_le_bytes)
            .collect();
        let at = tiny.add(&dynamic);
        tiny.header(PT_DYNAMIC, PF_R, at, dynamic.len() as u64, 8);
        let note = [&words(&[4, 3, 3])[..], b"GNU\0\xab\xcd\xef\0"].concat();
        let at = tiny.add(&note);
        tiny.header(4, PF_R, at, note.len() as u64, 4);
        let at = tiny.add(RODATA);
        tiny.header(PT_LOAD, PF_R, at, RODATA.len() as u64, 8);
        let size = BODY_START + tiny.body.len() as u64;
        tiny.header(PT_LOAD, PF_R | PF_X, 0, size, 8);
        tiny.build()
    }

    #[test]
    fn names_and_symbols_come_from_the_dynamic_section() {
        for gnu in [false, true] {
            let (found, anomalies) = parse(&library(gnu)).unwrap();
            let expected = NativeLibrary {
                soname: Some("libtiny.so".to_owned()),
                needed: vec!["liblog.so".to_owned()],
                exported: vec!["Java_com_example_hello".to_owned()],
                imported: vec!["malloc".to_owned()],
                build_id: Some("abcdef".to_owned()),
            };
            assert_eq!((found, anomalies), (expected, vec![]));
        }
    }

    #[test]
    fn strings_come_from_read_only_data() {
        let data = library(true);
        let found: Vec<&str> = rodata_strings(&data).collect();
        assert_eq!(found, ["https://example.com/x", "a longer text"]);
    }

    #[test]
    fn overlapping_regions_are_read_once() {
        let parts = vec![(0, u64::MAX), (0, 3), (2, 5), (9, 9)];
        assert_eq!(disjoint(b"abcdef", parts), [b"abc", b"def"]);
    }

    #[test]
    fn what_is_no_elf_file_is_an_error_and_has_no_strings() {
        for data in [&b""[..], b"\x7fELF", b"PK\x03\x04", &[0; 200]] {
            assert!(parse(data).is_err());
            assert_eq!(rodata_strings(data).count(), 0);
        }
    }

    #[test]
    fn damaged_libraries_never_panic() {
        for valid in [library(false), library(true)] {
            for at in 0..valid.len() {
                for value in [0, 1, 0x7f, 0x80, 0xff] {
                    let mut data = valid.clone();
                    data[at] = value;
                    let _ = parse(&data);
                    rodata_strings(&data).count();
                }
                let _ = parse(&valid[..at]);
            }
        }
    }
}
