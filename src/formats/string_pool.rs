//! String pools of binary XML and resource tables (AOSP
//! `androidfw/ResourceTypes.h`, `ResStringPool_header`; the reading rules are
//! those of `ResStringPool::setTo`, `stringAt` and `string8At`).
//!
//! Where Android refuses a string or the whole pool, this reader keeps what can
//! still be read and says so: an app that does not install is still reported.

use std::borrow::Cow;

use super::limits::MAX_POOL_STRINGS;
use super::{AnomalyLog, Cursor};

/// Bytes of `ResStringPool_header`.
const HEADER: usize = 28;
/// `ResStringPool_header.flags`: strings are UTF-8.
const UTF8_FLAG: u32 = 1 << 8;
/// Most bytes around the units of a string: its lengths and the final zero.
const LENGTH_AND_ZERO: usize = 6;

/// A pool over the bytes of its chunk; strings are decoded when asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct StringPool<'a> {
    /// Four bytes for each string: its offset in `strings`.
    offsets: &'a [u8],
    /// From the first string to the end of the chunk.
    strings: &'a [u8],
    utf8: bool,
}

/// One string as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolString<'a> {
    /// The text; invalid parts are replaced by U+FFFD.
    pub text: Cow<'a, str>,
    /// Why Android would refuse the string, if it would.
    pub flaw: Option<&'static str>,
}

impl<'a> StringPool<'a> {
    /// Reads the header of a pool chunk (from its `ResChunk_header` on, cut to
    /// the bytes that are present). Never fails: what does not fit is left out.
    pub fn parse(chunk: &'a [u8], header_size: usize, offset: usize, log: &mut AnomalyLog) -> Self {
        let Some(header) = Header::parse(chunk) else {
            log.note_at(
                "string-pool-header",
                offset,
                "the string pool has no header",
            );
            return Self::default();
        };
        let strings = chunk.get(header.strings_start..).unwrap_or_else(|| {
            if header.count > 0 {
                log.note_at(
                    "string-pool-start",
                    offset,
                    "the strings start behind the pool",
                );
            }
            &[]
        });
        let table = chunk.get(header_size.max(HEADER)..).unwrap_or_default();
        let room = (table.len() / 4).min(MAX_POOL_STRINGS);
        if header.count > room {
            log.note_at(
                "string-pool-count",
                offset,
                format_args!(
                    "the string pool declares {} strings but has room for {room}",
                    header.count
                ),
            );
        }
        let count = header.count.min(room);
        Self {
            offsets: table.get(..count.saturating_mul(4)).unwrap_or_default(),
            strings,
            utf8: header.flags & UTF8_FLAG != 0,
        }
    }

    /// Number of strings.
    pub fn len(&self) -> usize {
        self.offsets.len() / 4
    }

    /// Whether the pool holds no string.
    pub fn is_empty(&self) -> bool {
        self.offsets.is_empty()
    }

    /// The text of a string, `None` when there is no such string.
    pub fn get(&self, index: u32) -> Option<Cow<'a, str>> {
        self.read(index).map(|string| string.text)
    }

    /// The text of a sound string of at most `longest` units, by its declared
    /// length: strings may overlap, so a small pool can hold many long ones.
    pub fn short(&self, index: u32, longest: usize) -> Option<Cow<'a, str>> {
        let data = self.data(index)?;
        let mut cursor = Cursor::new(data);
        let units = if self.utf8 {
            utf8_length(&mut cursor)?;
            utf8_length(&mut cursor)?
        } else {
            utf16_length(&mut cursor)?
        };
        if units > longest {
            return None;
        }
        // What lies behind is not needed, the terminating zero aside.
        let end = units.saturating_mul(2).saturating_add(LENGTH_AND_ZERO);
        let string = self.decode(data.get(..end).unwrap_or(data))?;
        string.flaw.is_none().then_some(string.text)
    }

    /// A string and what is wrong with it, `None` when there is no such string.
    pub fn read(&self, index: u32) -> Option<PoolString<'a>> {
        self.decode(self.data(index)?)
    }

    /// The pool from a string on.
    fn data(&self, index: u32) -> Option<&'a [u8]> {
        let at = usize::try_from(index).ok()?.checked_mul(4)?;
        let offset = usize::try_from(Cursor::at(self.offsets, at).u32().ok()?).ok()?;
        // AOSP divides the offset by the unit size, which drops an odd byte.
        let offset = if self.utf8 { offset } else { offset & !1 };
        self.strings.get(offset..)
    }

    fn decode(&self, data: &'a [u8]) -> Option<PoolString<'a>> {
        if self.utf8 {
            read_utf8(data)
        } else {
            read_utf16(data)
        }
    }
}

struct Header {
    count: usize,
    flags: u32,
    strings_start: usize,
}

impl Header {
    fn parse(chunk: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::at(chunk, super::chunk::CHUNK_HEADER);
        let count = usize::try_from(cursor.u32().ok()?).ok()?;
        let _style_count = cursor.u32().ok()?;
        let flags = cursor.u32().ok()?;
        let strings_start = usize::try_from(cursor.u32().ok()?).ok()?;
        Some(Self {
            count,
            flags,
            strings_start,
        })
    }
}

/// One or two units of length: the high bit of the first says two.
fn utf16_length(cursor: &mut Cursor<'_>) -> Option<usize> {
    let first = usize::from(cursor.u16().ok()?);
    if first & 0x8000 == 0 {
        return Some(first);
    }
    let second = usize::from(cursor.u16().ok()?);
    Some((first & 0x7fff) << 16 | second)
}

/// One or two bytes of length: the high bit of the first says two.
fn utf8_length(cursor: &mut Cursor<'_>) -> Option<usize> {
    let first = usize::from(cursor.u8().ok()?);
    if first & 0x80 == 0 {
        return Some(first);
    }
    let second = usize::from(cursor.u8().ok()?);
    Some((first & 0x7f) << 8 | second)
}

const RUNS_PAST_THE_END: &str = "the string runs past the end of the pool";
const NOT_TERMINATED: &str = "the string is not terminated by a zero";

fn read_utf16(data: &[u8]) -> Option<PoolString<'_>> {
    let mut cursor = Cursor::new(data);
    let units = utf16_length(&mut cursor)?;
    let rest = data.get(cursor.position()..)?;
    let bytes = units.saturating_mul(2);
    let (text, flaw) = match rest.get(..bytes) {
        Some(text) => {
            let terminated = rest.get(bytes..bytes.saturating_add(2)) == Some(&[0, 0]);
            (text, (!terminated).then_some(NOT_TERMINATED))
        }
        None => (rest, Some(RUNS_PAST_THE_END)),
    };
    let units = text.chunks_exact(2).map(|unit| match unit {
        [low, high] => u16::from_le_bytes([*low, *high]),
        _ => 0,
    });
    let text: String = char::decode_utf16(units)
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    Some(PoolString {
        text: Cow::Owned(text),
        flaw,
    })
}

fn read_utf8(data: &[u8]) -> Option<PoolString<'_>> {
    let mut cursor = Cursor::new(data);
    let _utf16_units = utf8_length(&mut cursor)?;
    let length = utf8_length(&mut cursor)?;
    let rest = data.get(cursor.position()..)?;
    let (text, flaw) = match terminated_length(rest, length) {
        Some(length) => (rest.get(..length)?, None),
        None if length <= rest.len() => (rest.get(..length)?, Some(NOT_TERMINATED)),
        None => (rest, Some(RUNS_PAST_THE_END)),
    };
    Some(PoolString {
        text: decode_utf8(text),
        flaw,
    })
}

/// The true length: old versions of aapt wrote only the low 15 bits of it, so
/// AOSP (`stringDecodeAt`) tries the lengths that end in them until one is
/// followed by a zero.
fn terminated_length(rest: &[u8], declared: usize) -> Option<usize> {
    let mut length = declared;
    for high in 1usize.. {
        if *rest.get(length)? == 0 {
            return Some(length);
        }
        length = high.checked_shl(15)? | declared;
    }
    None
}

/// UTF-8 in which characters beyond the BMP may be written as two surrogates of
/// three bytes each (CESU-8), as AOSP `utf8_to_utf16` accepts.
fn decode_utf8(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(decode_cesu8(bytes)),
    }
}

fn decode_cesu8(mut bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    while let Some(at) = bytes
        .windows(6)
        .position(|six| surrogate_pair(six).is_some())
    {
        let (before, pair) = bytes.split_at(at);
        text.push_str(&String::from_utf8_lossy(before));
        text.extend(surrogate_pair(pair));
        bytes = pair.get(6..).unwrap_or_default();
    }
    text.push_str(&String::from_utf8_lossy(bytes));
    text
}

fn surrogate_pair(bytes: &[u8]) -> Option<char> {
    let [
        0xed,
        a @ 0xa0..=0xaf,
        b @ 0x80..=0xbf,
        0xed,
        c @ 0xb0..=0xbf,
        d @ 0x80..=0xbf,
        ..,
    ] = bytes
    else {
        return None;
    };
    let unit = |x: u8, y: u8| 0xd000u16 | u16::from(x & 0x3f) << 6 | u16::from(y & 0x3f);
    char::decode_utf16([unit(*a, *b), unit(*c, *d)])
        .next()?
        .ok()
}

#[cfg(test)]
pub(crate) mod writer {
    //! Writes pools for tests.

    /// A pool chunk with these strings.
    pub(crate) fn string_pool(strings: &[&str], utf8: bool) -> Vec<u8> {
        let (mut offsets, mut data) = (Vec::new(), Vec::new());
        for string in strings {
            offsets.extend((data.len() as u32).to_le_bytes());
            if utf8 {
                push_length8(&mut data, string.encode_utf16().count());
                push_length8(&mut data, string.len());
                data.extend(string.as_bytes());
                data.push(0);
            } else {
                data.extend((string.encode_utf16().count() as u16).to_le_bytes());
                string
                    .encode_utf16()
                    .for_each(|unit| data.extend(unit.to_le_bytes()));
                data.extend([0, 0]);
            }
        }
        data.resize(data.len().next_multiple_of(4), 0);
        let start = 28 + offsets.len();
        let mut out = Vec::new();
        out.extend(1u16.to_le_bytes());
        out.extend(28u16.to_le_bytes());
        out.extend(((start + data.len()) as u32).to_le_bytes());
        out.extend((strings.len() as u32).to_le_bytes());
        out.extend(0u32.to_le_bytes());
        out.extend((if utf8 { 1u32 << 8 } else { 0 }).to_le_bytes());
        out.extend((start as u32).to_le_bytes());
        out.extend(0u32.to_le_bytes());
        out.extend(offsets);
        out.extend(data);
        out
    }

    fn push_length8(data: &mut Vec<u8>, length: usize) {
        if length > 0x7f {
            data.push((length >> 8) as u8 & 0x7f | 0x80);
        }
        data.push(length as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::writer::string_pool;
    use super::*;

    fn parse(chunk: &[u8]) -> (StringPool<'_>, Vec<super::super::Anomaly>) {
        let mut log = AnomalyLog::new();
        let pool = StringPool::parse(chunk, 28, 0, &mut log);
        (pool, log.finish())
    }

    #[test]
    fn both_encodings_give_the_same_strings() {
        let long = "长".repeat(300);
        let strings = ["", "a", "极光推送", "😀", &long];
        for utf8 in [false, true] {
            let chunk = string_pool(&strings, utf8);
            let (pool, anomalies) = parse(&chunk);
            assert_eq!(anomalies, []);
            assert_eq!(pool.len(), strings.len());
            for (index, string) in strings.iter().enumerate() {
                assert_eq!(pool.get(index as u32).as_deref(), Some(*string));
            }
            assert_eq!(pool.get(strings.len() as u32), None);
        }
    }

    #[test]
    fn a_string_count_beyond_the_chunk_is_clamped() {
        let mut chunk = string_pool(&["a", "b"], true);
        chunk[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
        let (pool, anomalies) = parse(&chunk);
        assert_eq!(pool.get(1).as_deref(), Some("b"));
        assert_eq!(anomalies[0].code, "string-pool-count");
    }

    #[test]
    fn an_unterminated_string_is_read_and_flagged() {
        for utf8 in [false, true] {
            let mut chunk = string_pool(&["abcd"], utf8);
            let end = chunk.len();
            chunk[32..end]
                .iter_mut()
                .filter(|b| **b == 0)
                .for_each(|b| *b = b'x');
            if !utf8 {
                chunk[32..42].copy_from_slice(&[4, 0, b'a', 0, b'b', 0, b'c', 0, b'd', 0]);
            }
            let (pool, _) = parse(&chunk);
            let string = pool.read(0).unwrap();
            assert_eq!((&*string.text, string.flaw), ("abcd", Some(NOT_TERMINATED)));
        }
    }

    #[test]
    fn a_string_can_be_asked_for_only_if_it_is_short() {
        let strings = ["abc", "长长长", &"x".repeat(200)];
        for utf8 in [false, true] {
            let chunk = string_pool(&strings, utf8);
            let (pool, _) = parse(&chunk);
            assert_eq!(pool.short(0, 3).as_deref(), Some("abc"));
            assert_eq!(pool.short(0, 2), None);
            assert_eq!(pool.short(1, 9).as_deref(), Some("长长长"));
            assert_eq!(pool.short(2, 199), None);
            assert_eq!(pool.short(2, 200).map(|text| text.len()), Some(200));
        }
    }

    #[test]
    fn a_lone_surrogate_is_replaced() {
        let mut chunk = string_pool(&["ab"], false);
        chunk[34..36].copy_from_slice(&0xd800u16.to_le_bytes());
        assert_eq!(parse(&chunk).0.get(0).as_deref(), Some("\u{fffd}b"));
    }

    #[test]
    fn surrogates_written_in_utf8_become_one_character() {
        let bytes = [b'a', 0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80, b'b', 0xff];
        assert_eq!(decode_utf8(&bytes), "a😀b\u{fffd}");
    }

    #[test]
    fn a_length_that_aapt_truncated_to_15_bits_is_completed() {
        let text = "x".repeat(0x8005);
        let mut data = vec![0x05, 0x05];
        data.extend(text.as_bytes());
        data.push(0);
        let string = read_utf8(&data).unwrap();
        assert_eq!((string.text.len(), string.flaw), (0x8005, None));
    }
}
