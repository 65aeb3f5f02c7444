//! A borrowed little-endian reader whose errors know the absolute offset.

use super::DecodeError;

/// A position in a byte slice. All reads are bounds-checked and little-endian
/// unless the name says otherwise.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'a> {
    data: &'a [u8],
    position: usize,
    /// Absolute offset of `data[0]`, added to every error.
    base: usize,
}

impl<'a> Cursor<'a> {
    /// A cursor at the start of `data`.
    pub fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            position: 0,
            base: 0,
        }
    }

    /// A cursor at `position` of `data`; reading past the end fails, not this.
    pub fn at(data: &'a [u8], position: usize) -> Self {
        Self {
            data,
            position,
            base: 0,
        }
    }

    /// The same cursor, for data that starts at `base` of a larger input.
    #[must_use]
    pub fn with_base(mut self, base: usize) -> Self {
        self.base = base;
        self
    }

    /// Position relative to the start of the data.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Absolute offset, for messages.
    pub fn offset(&self) -> usize {
        self.base.saturating_add(self.position)
    }

    /// Bytes left.
    pub fn remaining(&self) -> usize {
        self.data.len().saturating_sub(self.position)
    }

    /// The next `count` bytes.
    pub fn bytes(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        let end = self.position.checked_add(count);
        match end.and_then(|end| self.data.get(self.position..end)) {
            Some(bytes) => {
                self.position += count;
                Ok(bytes)
            }
            None => Err(DecodeError::new(
                self.offset(),
                format!("needs {count} bytes but only {} are left", self.remaining()),
            )),
        }
    }

    /// Skips `count` bytes.
    pub fn skip(&mut self, count: usize) -> Result<(), DecodeError> {
        self.bytes(count).map(|_| ())
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let mut out = [0; N];
        out.copy_from_slice(self.bytes(N)?);
        Ok(out)
    }

    /// One byte.
    pub fn u8(&mut self) -> Result<u8, DecodeError> {
        Ok(self.array::<1>()?[0])
    }

    /// A little-endian 16-bit number.
    pub fn u16(&mut self) -> Result<u16, DecodeError> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    /// A little-endian 32-bit number.
    pub fn u32(&mut self) -> Result<u32, DecodeError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    /// A little-endian 64-bit number.
    pub fn u64(&mut self) -> Result<u64, DecodeError> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    /// An unsigned LEB128 of at most five bytes (dex-format, "LEB128").
    pub fn uleb128(&mut self) -> Result<u32, DecodeError> {
        let mut value = 0u32;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.u8()?;
            value |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(DecodeError::new(
            self.offset(),
            "a LEB128 number is longer than five bytes",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_past_the_end_names_the_absolute_offset() {
        let mut cursor = Cursor::at(&[1, 2, 3], 2).with_base(100);
        assert_eq!(cursor.u8(), Ok(3));
        assert_eq!(cursor.u16().unwrap_err().offset, 103);
    }

    #[test]
    fn a_count_that_overflows_is_an_error_not_a_panic() {
        assert!(Cursor::at(&[0; 4], 2).bytes(usize::MAX).is_err());
    }

    #[test]
    fn uleb128_examples_of_the_dex_format() {
        for (bytes, value) in [
            (&[0x00][..], 0),
            (&[0x01], 1),
            (&[0x7f], 127),
            (&[0x80, 0x7f], 16256),
        ] {
            assert_eq!(Cursor::new(bytes).uleb128(), Ok(value));
        }
        assert!(Cursor::new(&[0x80; 6]).uleb128().is_err());
    }
}
