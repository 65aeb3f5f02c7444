//! LEB128 numbers as the runtime reads them.
//!
//! libdexfile (`base/leb128.h`) takes the fifth byte as the last whatever its
//! continuation bit says. Reading stricter than the runtime would let a file
//! hide classes from us that a device runs, so this reader does the same.

/// Reads an unsigned LEB128 of at most five bytes off the front of `rest`;
/// `None` when the bytes end first.
#[inline]
pub(super) fn uleb128(rest: &mut &[u8]) -> Option<u32> {
    let (&first, mut tail) = rest.split_first()?;
    let mut value = u32::from(first & 0x7f);
    let mut more = first & 0x80 != 0;
    let mut shift = 7;
    while more && shift < 35 {
        let (&byte, after) = tail.split_first()?;
        value |= u32::from(byte & 0x7f) << shift;
        more = byte & 0x80 != 0;
        shift += 7;
        tail = after;
    }
    *rest = tail;
    Some(value)
}

/// Reads a signed LEB128 of at most five bytes off the front of `rest`.
#[inline]
pub(super) fn sleb128(rest: &mut &[u8]) -> Option<i32> {
    let before = *rest;
    let value = uleb128(rest)?;
    let taken = before.len() - rest.len();
    // The sign bit is bit 6 of the last byte.
    let unused = 32u32.saturating_sub(7 * taken as u32);
    Some(((value << unused).cast_signed()) >> unused)
}

/// Skips `count` LEB128 numbers; `None` when the bytes end first.
pub(super) fn skip(rest: &mut &[u8], count: u64) -> Option<()> {
    for _ in 0..count {
        uleb128(rest)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_of_the_dex_format() {
        for (bytes, value) in [
            (&[0x00][..], 0),
            (&[0x7f], 127),
            (&[0x80, 0x7f], 16256),
            (&[0xff, 0xff, 0xff, 0xff, 0x0f], u32::MAX),
        ] {
            let mut rest = bytes;
            assert_eq!(uleb128(&mut rest), Some(value));
            assert!(rest.is_empty());
        }
    }

    #[test]
    fn the_fifth_byte_is_the_last_as_on_a_device() {
        let mut rest = &[0x80, 0x80, 0x80, 0x80, 0x81, 0x01][..];
        assert_eq!(uleb128(&mut rest), Some(0x1000_0000));
        assert_eq!(rest, [0x01]);
    }

    #[test]
    fn signed_examples_of_the_dex_format() {
        for (bytes, value) in [
            (&[0x00][..], 0),
            (&[0x01], 1),
            (&[0x7f], -1),
            (&[0x80, 0x7f], -128),
        ] {
            let mut rest = bytes;
            assert_eq!(sleb128(&mut rest), Some(value));
        }
    }

    #[test]
    fn a_cut_number_consumes_nothing() {
        let mut rest = &[0x80, 0x80][..];
        assert_eq!(uleb128(&mut rest), None);
        assert_eq!(rest.len(), 2);
    }
}
