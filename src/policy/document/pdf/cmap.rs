//! ToUnicode CMaps (Adobe technical note 5411) and the predefined CMaps of the
//! CJK collections that are themselves character encodings.

use std::collections::HashMap;

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, SHIFT_JIS, UTF_8, UTF_16BE};

use crate::formats::limits::{MAX_CMAP_ENTRIES, MAX_CMAP_SPACES, MAX_CMAP_TARGET};

/// Codes of a font and the text they stand for.
#[derive(Debug, Default)]
pub(super) struct ToUnicode {
    /// Length and value of a code → text.
    characters: HashMap<(usize, u32), String>,
    /// Length, first and last code, the text of the first; sorted.
    ranges: Vec<(usize, u32, u32, String)>,
    /// Length, first and last code of each code space.
    spaces: Vec<(usize, u32, u32)>,
}

enum Token<'a> {
    Hex(Vec<u8>),
    Word(&'a [u8]),
    Open,
    Close,
}

impl ToUnicode {
    /// Reads a CMap; what is broken is left out.
    pub fn parse(data: &[u8]) -> Self {
        let mut map = ToUnicode::default();
        let mut operands: Vec<Token<'_>> = Vec::new();
        let mut tokens = Tokens { data, at: 0 };
        while let Some(token) = tokens.next() {
            if map.entries() > MAX_CMAP_ENTRIES {
                break;
            }
            match token {
                Token::Word(word) => {
                    match word {
                        b"endcodespacerange" => map.code_spaces(&operands),
                        b"endbfchar" => map.bf_characters(&operands),
                        b"endbfrange" => map.bf_ranges(&operands),
                        _ => {}
                    }
                    operands.clear();
                }
                token if operands.len() <= MAX_CMAP_ENTRIES => operands.push(token),
                _ => {}
            }
        }
        map.ranges.sort();
        map
    }

    pub fn is_empty(&self) -> bool {
        self.entries() == 0
    }

    /// How many entries were read.
    pub fn entries(&self) -> usize {
        self.characters.len() + self.ranges.len()
    }

    fn code_spaces(&mut self, operands: &[Token<'_>]) {
        let left = MAX_CMAP_SPACES.saturating_sub(self.spaces.len());
        for pair in operands.chunks_exact(2).take(left) {
            if let [Token::Hex(low), Token::Hex(high)] = pair {
                self.spaces.push((low.len(), value(low), value(high)));
            }
        }
    }

    fn bf_characters(&mut self, operands: &[Token<'_>]) {
        for pair in operands.chunks_exact(2) {
            if let [Token::Hex(code), Token::Hex(text)] = pair {
                self.insert(code.len(), value(code), text);
            }
        }
    }

    /// A code that stands for a whole text is left out: it would be unknown.
    fn insert(&mut self, length: usize, code: u32, target: &[u8]) {
        if let Some(text) = utf16(target) {
            self.characters.insert((length, code), text);
        }
    }

    fn bf_ranges(&mut self, operands: &[Token<'_>]) {
        let mut at = 0;
        while let (Some(Token::Hex(low)), Some(Token::Hex(high))) =
            (operands.get(at), operands.get(at + 1))
        {
            let (length, low, high) = (low.len(), value(low), value(high));
            match operands.get(at + 2) {
                Some(Token::Hex(text)) => {
                    if let Some(text) = utf16(text) {
                        self.ranges.push((length, low, high, text));
                    }
                    at += 3;
                }
                Some(Token::Open) => {
                    at += 3;
                    let mut code = low;
                    while let Some(Token::Hex(text)) = operands.get(at) {
                        self.insert(length, code, text);
                        code = code.wrapping_add(1);
                        at += 1;
                    }
                    at += 1;
                }
                _ => break,
            }
        }
    }

    /// The text of a code.
    pub fn get(&self, length: usize, code: u32) -> Option<String> {
        if let Some(text) = self.characters.get(&(length, code)) {
            return Some(text.clone());
        }
        let after = self
            .ranges
            .partition_point(|range| (range.0, range.1) <= (length, code));
        let (size, low, high, text) = self.ranges.get(after.checked_sub(1)?)?;
        if *size != length || !(*low..=*high).contains(&code) {
            return None;
        }
        let mut characters: Vec<char> = text.chars().collect();
        let last = characters.pop()?;
        let shifted = char::from_u32((last as u32).wrapping_add(code - low))?;
        characters.push(shifted);
        Some(characters.into_iter().collect())
    }

    /// Bytes of the code that begins `bytes`, as its code spaces say.
    pub fn code_length(&self, bytes: &[u8]) -> Option<usize> {
        (1..=4usize).find(|length| {
            let Some(code) = bytes.get(..*length) else {
                return false;
            };
            self.spaces.iter().any(|(size, low, high)| {
                size == length
                    && code.iter().enumerate().all(|(at, byte)| {
                        let shift = 8 * (length - 1 - at) as u32;
                        let edge = |value: &u32| (value >> shift & 0xff) as u8;
                        (edge(low)..=edge(high)).contains(byte)
                    })
            })
        })
    }
}

fn value(bytes: &[u8]) -> u32 {
    let tail = bytes
        .get(bytes.len().saturating_sub(4)..)
        .unwrap_or_default();
    tail.iter()
        .fold(0, |value, byte| value << 8 | u32::from(*byte))
}

/// The text that a target is; none for one longer than any character needs, as
/// a page may show its code a million times.
fn utf16(bytes: &[u8]) -> Option<String> {
    if bytes.len() > 2 * MAX_CMAP_TARGET {
        return None;
    }
    let single = bytes.len() == 1;
    let padded = [0, bytes.first().copied().unwrap_or(0)];
    let bytes = if single { &padded[..] } else { bytes };
    Some(UTF_16BE.decode_without_bom_handling(bytes).0.into_owned())
}

struct Tokens<'a> {
    data: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = self.data.get(self.at..)?;
            let first = *rest.first()?;
            match first {
                b if b.is_ascii_whitespace() || b == 0 => self.at += 1,
                b'%' => {
                    let line = rest.iter().position(|b| matches!(b, b'\n' | b'\r'));
                    self.at += line.unwrap_or(rest.len());
                }
                b'[' | b']' => {
                    self.at += 1;
                    return Some(if first == b'[' {
                        Token::Open
                    } else {
                        Token::Close
                    });
                }
                b'<' if rest.get(1) != Some(&b'<') => {
                    let end = rest.iter().position(|b| *b == b'>').unwrap_or(rest.len());
                    self.at += end + 1;
                    return Some(Token::Hex(hex(rest.get(1..end).unwrap_or_default())));
                }
                b'(' => {
                    let end = rest.iter().position(|b| *b == b')').unwrap_or(rest.len());
                    self.at += end + 1;
                }
                _ => {
                    let end = rest.iter().skip(1).position(|b| {
                        b.is_ascii_whitespace()
                            || matches!(b, b'[' | b']' | b'<' | b'(' | b'%' | b'/')
                    });
                    let end = end.map_or(rest.len(), |end| end + 1);
                    self.at += end;
                    return Some(Token::Word(rest.get(..end).unwrap_or_default()));
                }
            }
        }
    }
}

fn hex(digits: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = digits
        .iter()
        .filter_map(|digit| char::from(*digit).to_digit(16))
        .map(|digit| digit as u8)
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair.first().copied().unwrap_or(0) << 4 | pair.get(1).copied().unwrap_or(0))
        .collect()
}

/// A predefined CMap (ISO 32000-1, table 118) whose codes are characters of a
/// known encoding.
pub(super) fn predefined(name: &str) -> Option<&'static Encoding> {
    let name = name.trim_end_matches("-H").trim_end_matches("-V");
    if name.starts_with("Uni") {
        return match name.rsplit('-').next() {
            Some("UCS2" | "UTF16" | "HW") => Some(UTF_16BE),
            Some("UTF8") => Some(UTF_8),
            _ => None,
        };
    }
    match name {
        "GBK-EUC" | "GBKp-EUC" | "GBK2K" | "GB-EUC" | "GBpc-EUC" => Some(GB18030),
        "B5pc" | "ETen-B5" | "ETenms-B5" | "HKscs-B5" | "HKdla-B5" => Some(BIG5),
        "90ms-RKSJ" | "90msp-RKSJ" | "90pv-RKSJ" | "83pv-RKSJ" | "Add-RKSJ" => Some(SHIFT_JIS),
        "EUC" => Some(EUC_JP),
        "KSC-EUC" | "KSCms-UHC" | "KSCms-UHC-HW" | "KSCpc-EUC" => Some(EUC_KR),
        _ => None,
    }
}

/// Bytes of the code that begins `bytes` in such an encoding.
pub(super) fn predefined_length(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let first = bytes.first().copied().unwrap_or(0);
    let second = bytes.get(1).copied().unwrap_or(0);
    if encoding == UTF_16BE {
        return if matches!(first, 0xd8..=0xdb) { 4 } else { 2 };
    }
    if encoding == UTF_8 {
        return match first {
            0xc0..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf7 => 4,
            _ => 1,
        };
    }
    match first {
        0..=0x80 | 0xff => 1,
        0xa0..=0xdf if encoding == SHIFT_JIS => 1,
        _ if encoding == GB18030 && second.is_ascii_digit() => 4,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cmap_gives_text_for_codes() {
        let map = ToUnicode::parse(
            b"/CIDInit /ProcSet findresource begin 1 begincodespacerange <0000> <FFFF> endcodespacerange
            2 beginbfchar <0001> <7532> <0002> <00660069> endbfchar % comment <0009>
            2 beginbfrange <0010><0012><4E00> <0020> <0021> [<4E59> <D842DFB7>] endbfrange endcmap",
        );
        assert_eq!(map.code_length(&[0, 1, 2]), Some(2));
        assert_eq!(map.code_length(&[0]), None);
        let text = |code| map.get(2, code);
        assert_eq!(text(1).as_deref(), Some("甲"));
        assert_eq!(text(2).as_deref(), Some("fi"));
        assert_eq!(text(0x12).as_deref(), Some("丂"));
        assert_eq!(text(0x21).as_deref(), Some("𠮷"));
        assert_eq!(text(0x13), None);
        assert_eq!(map.get(1, 1), None);
    }

    #[test]
    fn a_code_for_a_whole_text_is_left_out() {
        let long = "0041".repeat(MAX_CMAP_TARGET + 1);
        let map = ToUnicode::parse(
            format!("2 beginbfchar <01> <{long}> <02> <0041> endbfchar 1 beginbfrange <05> <06> <{long}> endbfrange")
                .as_bytes(),
        );
        assert_eq!(map.get(1, 1), None);
        assert_eq!(map.get(1, 5), None);
        assert_eq!(map.get(1, 2).as_deref(), Some("A"));
    }

    #[test]
    fn operands_are_read_once() {
        let map = ToUnicode::parse(b"1 beginbfchar <01> <0041> endbfchar endbfrange endbfchar");
        assert_eq!(map.entries(), 1);
    }

    #[test]
    fn damaged_cmaps_end() {
        for data in [
            &b"<"[..],
            b"(",
            b"[",
            b"1 beginbfrange <00> endbfrange",
            b"<00> <01> endbfrange",
            b"%",
        ] {
            assert!(ToUnicode::parse(data).is_empty());
        }
    }

    #[test]
    fn predefined_cmaps_are_encodings() {
        assert_eq!(predefined("UniGB-UCS2-H"), Some(UTF_16BE));
        assert_eq!(predefined("UniCNS-UTF16-V"), Some(UTF_16BE));
        assert_eq!(predefined("GBK-EUC-H"), Some(GB18030));
        assert_eq!(predefined("ETenms-B5-V"), Some(BIG5));
        assert_eq!(predefined("Identity-H"), None);
        assert_eq!(predefined_length(GB18030, &[0xb0, 0xa1]), 2);
        assert_eq!(predefined_length(GB18030, b"A"), 1);
        assert_eq!(predefined_length(GB18030, &[0x81, 0x30, 0x81, 0x30]), 4);
    }
}
