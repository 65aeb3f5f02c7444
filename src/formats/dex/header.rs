//! The header: what a dex file says about itself, and where that is a lie.
//!
//! Source: AOSP dex-format, "header_item"; the rules for version 041 are those
//! of libdexfile's `HeaderV41`.

use super::super::{Anomaly, DecodeError};

/// Bytes of the header up to version 040.
pub(super) const HEADER_SIZE: usize = 0x70;
/// Bytes of the header from version 041 on: `container_size` and
/// `header_offset` follow.
const HEADER_SIZE_V41: usize = 0x78;
const ENDIAN_CONSTANT: u32 = 0x1234_5678;

/// Where one of the fixed-width tables is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Section {
    /// Number of items.
    pub count: u32,
    /// Byte offset of the first item, relative to the file (or container).
    pub offset: u32,
}

/// The header fields that a reader needs, as written.
#[derive(Debug, Clone)]
pub(super) struct Header {
    /// Byte offset of this header in the container; 0 in an ordinary file.
    pub start: usize,
    /// Number in the magic: 35 for `dex\n035\0`; `None` when it is no number.
    pub version: Option<u32>,
    pub checksum: u32,
    pub file_size: u32,
    pub header_size: u32,
    pub endian_tag: u32,
    pub link_size: u32,
    pub strings: Section,
    pub types: Section,
    pub protos: Section,
    pub fields: Section,
    pub methods: Section,
    pub classes: Section,
    /// `container_size` and `header_offset`, from version 041 on.
    pub container: Option<(u32, u32)>,
}

/// Whether the bytes begin like a dex file of any version. The version digits
/// may be damaged when the rest of the header speaks for a dex file.
pub fn is_dex(bytes: &[u8]) -> bool {
    if !bytes.starts_with(b"dex\n") {
        return false;
    }
    if version(bytes).is_some() {
        return true;
    }
    let word = |at| u32_at(bytes, at);
    word(0x28) == Some(ENDIAN_CONSTANT)
        || word(0x24).is_some_and(|size| {
            [HEADER_SIZE, HEADER_SIZE_V41].contains(&(size as usize)) && bytes.len() >= HEADER_SIZE
        })
}

/// The number in the magic.
fn version(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.get(4..7)?;
    let number = digits.iter().try_fold(0, |number, digit| {
        digit
            .is_ascii_digit()
            .then(|| number * 10 + u32::from(digit - b'0'))
    })?;
    (bytes.get(7) == Some(&0)).then_some(number)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let field = bytes.get(at..)?.first_chunk::<4>()?;
    Some(u32::from_le_bytes(*field))
}

impl Header {
    /// Reads the header at byte `start` of `data`.
    pub fn read(data: &[u8], start: usize) -> Result<Self, DecodeError> {
        let bytes = data.get(start..).unwrap_or_default();
        if !bytes.starts_with(b"dex\n") {
            return Err(DecodeError::new(start, "no dex magic"));
        }
        let Some(head) = bytes.get(..HEADER_SIZE) else {
            return Err(DecodeError::new(
                start,
                format!("the dex header needs 112 bytes, {} are left", bytes.len()),
            ));
        };
        // Always inside: `head` has all of the fixed part.
        let word = |at| u32_at(head, at).unwrap_or(0);
        let section = |at| Section {
            count: word(at),
            offset: word(at + 4),
        };
        let version = version(head);
        let container = match version {
            Some(41..) => u32_at(bytes, HEADER_SIZE).zip(u32_at(bytes, HEADER_SIZE + 4)),
            _ => None,
        };
        Ok(Self {
            start,
            version,
            checksum: word(0x08),
            file_size: word(0x20),
            header_size: word(0x24),
            endian_tag: word(0x28),
            link_size: word(0x2c),
            strings: section(0x38),
            types: section(0x40),
            protos: section(0x48),
            fields: section(0x50),
            methods: section(0x58),
            classes: section(0x60),
            container,
        })
    }

    /// Everything the header says that is not so.
    pub fn anomalies(&self, data: &[u8]) -> Vec<Anomaly> {
        let mut found = Vec::new();
        let place = match self.start {
            0 => String::new(),
            start => format!("{start:#x}"),
        };
        let mut add = |code, message: String| found.push(Anomaly::new(code, message, &*place));
        if !matches!(self.version, Some(35 | 37..=41)) {
            let digits = data.get(self.start + 4..self.start + 7).unwrap_or_default();
            add(
                "dex-version",
                format!(
                    "version \"{}\" is none that Android runs",
                    digits.escape_ascii()
                ),
            );
        }
        let expected = match self.container {
            Some(_) => HEADER_SIZE_V41,
            None => HEADER_SIZE,
        };
        if self.header_size as usize != expected {
            add(
                "dex-header-size",
                format!("header_size is {}, not {expected}", self.header_size),
            );
        }
        if self.endian_tag != ENDIAN_CONSTANT {
            add(
                "dex-endian-tag",
                format!(
                    "endian_tag is {:#x}; read as little-endian",
                    self.endian_tag
                ),
            );
        }
        if self.link_size != 0 {
            add(
                "dex-link-data",
                format!("{} bytes of link data, not looked at", self.link_size),
            );
        }
        self.size_anomalies(data, &mut add);
        found
    }

    fn size_anomalies(&self, data: &[u8], add: &mut impl FnMut(&'static str, String)) {
        let present = data.len().saturating_sub(self.start);
        let declared = self.file_size as usize;
        if declared > present || (self.container.is_none() && declared < present) {
            add(
                "dex-file-size",
                format!("file_size is {declared}, {present} bytes are present"),
            );
        }
        if let Some((container_size, header_offset)) = self.container
            && (container_size as usize != data.len() || header_offset as usize != self.start)
        {
            add(
                "dex-container",
                format!(
                    "container_size {container_size} and header_offset {header_offset} of a \
                     header at {} in {} bytes",
                    self.start,
                    data.len()
                ),
            );
        }
        // The checksum covers what follows it, as far as file_size says. When
        // that is a lie already reported, fall back to what is there.
        let end = self.start.saturating_add(declared).min(data.len());
        let body = data.get(self.start + 12..end).unwrap_or_default();
        if adler32(body) != self.checksum {
            add(
                "dex-checksum",
                format!(
                    "checksum {:#010x} does not match the content",
                    self.checksum
                ),
            );
        }
    }
}

/// Adler-32 (RFC 1950).
pub(super) fn adler32(bytes: &[u8]) -> u32 {
    // The longest run of 0xff bytes that cannot overflow `b` (RFC 1950).
    const RUN: usize = 5552;
    const LANES: usize = 16;
    let (mut a, mut b) = (1u32, 0u32);
    for run in bytes.chunks(RUN) {
        let mut lanes = run.chunks_exact(LANES);
        for lane in &mut lanes {
            // Independent sums let the compiler use vector registers.
            let mut sum = 0u32;
            let mut weighted = 0u32;
            for (byte, weight) in lane.iter().zip((1..=LANES as u32).rev()) {
                sum += u32::from(*byte);
                weighted += u32::from(*byte) * weight;
            }
            b += a * LANES as u32 + weighted;
            a += sum;
        }
        for &byte in lanes.remainder() {
            a += u32::from(byte);
            b += a;
        }
        a %= 65_521;
        b %= 65_521;
    }
    b << 16 | a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adler32_of_known_texts() {
        assert_eq!(adler32(b""), 1);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
        let naive = |bytes: &[u8]| {
            let (a, b) = bytes.iter().fold((1u64, 0u64), |(a, b), &byte| {
                let a = (a + u64::from(byte)) % 65_521;
                (a, (a + b) % 65_521)
            });
            (b << 16 | a) as u32
        };
        let long = vec![0xff; 100_003];
        assert_eq!(adler32(&long), naive(&long));
    }

    #[test]
    fn the_magic_needs_more_than_three_letters_and_a_line_break() {
        assert!(is_dex(b"dex\n035\0"));
        assert!(is_dex(b"dex\n041\0 and more"));
        assert!(is_dex(b"dex\n999\0"));
        assert!(!is_dex(b"dex\nis a text file"));
        assert!(!is_dex(b"dey\n036\0"));
        let mut damaged = b"dex\nXYZ!".to_vec();
        damaged.resize(HEADER_SIZE, 0);
        assert!(!is_dex(&damaged));
        damaged[0x24] = 0x70;
        assert!(is_dex(&damaged));
    }
}
