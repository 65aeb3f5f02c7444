//! Encoded values: the constants of static fields.
//!
//! Source: AOSP dex-format, "encoded_value encoding".

use super::super::limits::MAX_DEX_VALUE_DEPTH;
use super::leb;

/// One constant, named like the specification's value types.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum EncodedValue<'a> {
    /// A `byte`.
    Byte(i8),
    /// A `short`.
    Short(i16),
    /// A `char`, one UTF-16 code unit.
    Char(u16),
    /// An `int`.
    Int(i32),
    /// A `long`.
    Long(i64),
    /// A `float`.
    Float(f32),
    /// A `double`.
    Double(f64),
    /// Prototype index.
    MethodType(u32),
    /// Method handle index.
    MethodHandle(u32),
    /// String index.
    String(u32),
    /// Type index of a class constant.
    Type(u32),
    /// Field index.
    Field(u32),
    /// Method index.
    Method(u32),
    /// Field index of an enum constant.
    Enum(u32),
    /// Nested values.
    Array(EncodedArray<'a>),
    /// An annotation; its content is skipped.
    Annotation,
    /// `null`.
    Null,
    /// A `boolean`.
    Boolean(bool),
}

/// The values of an array, decoded as they are iterated. Ends early at a value
/// that cannot be read; [`EncodedArray::is_broken`] says so.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct EncodedArray<'a> {
    rest: &'a [u8],
    left: u32,
    broken: bool,
}

impl<'a> EncodedArray<'a> {
    /// The array whose size is at the front of `bytes`.
    pub(super) fn read(mut bytes: &'a [u8]) -> Option<Self> {
        let left = leb::uleb128(&mut bytes)?;
        Some(Self {
            rest: bytes,
            left,
            broken: false,
        })
    }

    /// Bytes of all values that can be read; walks over them.
    pub(super) fn byte_len(&self) -> usize {
        let mut walk = *self;
        walk.by_ref().for_each(drop);
        self.rest.len() - walk.rest.len()
    }

    /// After iteration: a value could not be read, it and all behind it are
    /// unknown.
    pub fn is_broken(&self) -> bool {
        self.broken
    }
}

impl<'a> Iterator for EncodedArray<'a> {
    type Item = EncodedValue<'a>;

    fn next(&mut self) -> Option<EncodedValue<'a>> {
        self.left = self.left.checked_sub(1)?;
        let value = read_value(&mut self.rest, 0);
        if value.is_none() {
            self.broken = true;
            self.left = 0;
        }
        value
    }
}

/// Reads one value off the front of `rest`; `None` when it is cut, of an
/// unknown type or nested too deeply.
pub(super) fn read_value<'a>(rest: &mut &'a [u8], depth: usize) -> Option<EncodedValue<'a>> {
    let (&head, after) = rest.split_first()?;
    *rest = after;
    let argument = head >> 5;
    let kind = head & 0x1f;
    Some(match kind {
        0x1c => return read_array(rest, depth),
        0x1d => {
            skip_annotation(rest, depth)?;
            EncodedValue::Annotation
        }
        0x1e => EncodedValue::Null,
        0x1f => EncodedValue::Boolean(argument != 0),
        _ => scalar(kind, take(rest, usize::from(argument) + 1)?)?,
    })
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(count)?;
    *rest = after;
    Some(taken)
}

fn scalar<'a>(kind: u8, bytes: &[u8]) -> Option<EncodedValue<'a>> {
    let index = || unsigned(bytes) as u32;
    Some(match kind {
        0x00 => EncodedValue::Byte(signed(bytes) as i8),
        0x02 => EncodedValue::Short(signed(bytes) as i16),
        0x03 => EncodedValue::Char(unsigned(bytes) as u16),
        0x04 => EncodedValue::Int(signed(bytes) as i32),
        0x06 => EncodedValue::Long(signed(bytes)),
        // Floating point numbers lack their low bytes, not their high ones.
        0x10 => EncodedValue::Float(f32::from_bits((high_aligned(bytes) >> 32) as u32)),
        0x11 => EncodedValue::Double(f64::from_bits(high_aligned(bytes))),
        0x15 => EncodedValue::MethodType(index()),
        0x16 => EncodedValue::MethodHandle(index()),
        0x17 => EncodedValue::String(index()),
        0x18 => EncodedValue::Type(index()),
        0x19 => EncodedValue::Field(index()),
        0x1a => EncodedValue::Method(index()),
        0x1b => EncodedValue::Enum(index()),
        _ => return None,
    })
}

/// Up to eight little-endian bytes, the missing high bytes zero.
fn unsigned(bytes: &[u8]) -> u64 {
    let mut padded = [0; 8];
    for (slot, byte) in padded.iter_mut().zip(bytes) {
        *slot = *byte;
    }
    u64::from_le_bytes(padded)
}

/// Like [`unsigned`], the missing low bytes zero.
fn high_aligned(bytes: &[u8]) -> u64 {
    unsigned(bytes) << (64 - bytes.len().clamp(1, 8) * 8)
}

/// Like [`unsigned`], sign-extended.
fn signed(bytes: &[u8]) -> i64 {
    high_aligned(bytes).cast_signed() >> (64 - bytes.len().clamp(1, 8) * 8)
}

fn read_array<'a>(rest: &mut &'a [u8], depth: usize) -> Option<EncodedValue<'a>> {
    let array = EncodedArray::read(rest)?;
    leb::uleb128(rest)?;
    for _ in 0..array.left {
        skip_nested(rest, depth)?;
    }
    Some(EncodedValue::Array(array))
}

fn skip_annotation(rest: &mut &[u8], depth: usize) -> Option<()> {
    leb::uleb128(rest)?; // type index
    let elements = leb::uleb128(rest)?;
    for _ in 0..elements {
        leb::uleb128(rest)?; // name index
        skip_nested(rest, depth)?;
    }
    Some(())
}

fn skip_nested(rest: &mut &[u8], depth: usize) -> Option<()> {
    if depth >= MAX_DEX_VALUE_DEPTH {
        return None;
    }
    read_value(rest, depth + 1).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(bytes: &[u8]) -> (Vec<EncodedValue<'_>>, bool) {
        let mut array = EncodedArray::read(bytes).unwrap();
        let values = array.by_ref().collect();
        (values, array.is_broken())
    }

    #[test]
    fn numbers_are_extended_from_the_bytes_present() {
        let bytes = [
            7, 0x00, 0xfe, 0x22, 0x00, 0x80, 0x03, 0xff, 0x04, 0xff, 0x26, 0x00, 0x01, 0x30, 0x80,
            0x3f, 0x31, 0xf0, 0x3f,
        ];
        // The float argument says two bytes: its encoded head is 0x30.
        let (values, broken) = values(&bytes);
        assert!(!broken);
        assert_eq!(
            values,
            [
                EncodedValue::Byte(-2),
                EncodedValue::Short(i16::MIN),
                EncodedValue::Char(255),
                EncodedValue::Int(-1),
                EncodedValue::Long(256),
                EncodedValue::Float(1.0),
                EncodedValue::Double(1.0),
            ]
        );
    }

    #[test]
    fn nested_values_are_stepped_over() {
        // [ [true, null], @annotation(type 5, name 1 = 7), string 0x102 ]
        let bytes = [
            3, 0x1c, 2, 0x3f, 0x1e, 0x1d, 5, 1, 1, 0x04, 7, 0x37, 0x02, 0x01,
        ];
        let (values, broken) = values(&bytes);
        assert!(!broken && values.len() == 3);
        let EncodedValue::Array(inner) = values[0] else {
            panic!("an array was encoded")
        };
        let inner: Vec<_> = inner.collect();
        assert_eq!(inner, [EncodedValue::Boolean(true), EncodedValue::Null]);
        assert_eq!(values[1], EncodedValue::Annotation);
        assert_eq!(values[2], EncodedValue::String(0x102));
    }

    #[test]
    fn a_cut_or_unknown_or_bottomless_value_ends_the_array_and_says_so() {
        assert_eq!(
            values(&[2, 0x1e, 0x64, 1]),
            (vec![EncodedValue::Null], true)
        );
        assert_eq!(values(&[1, 0x05, 0]), (vec![], true));
        let mut deep = vec![1];
        deep.extend([0x1c, 1].repeat(100_000));
        assert_eq!(values(&deep), (vec![], true));
    }
}
