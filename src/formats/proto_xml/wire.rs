//! The protobuf wire format, as far as these messages use it.

use std::borrow::Cow;

use crate::formats::{Cursor, DecodeError};

/// A protobuf message: its bytes and where they start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Message<'a> {
    pub(super) data: &'a [u8],
    pub(super) offset: usize,
}

/// One field of a message.
#[derive(Debug, Clone, Copy)]
pub(super) enum Field<'a> {
    Number(u64),
    Fixed32(u32),
    /// A string or an embedded message, cut to the bytes that are present.
    Bytes(Message<'a>),
}

/// The fields of a message in file order.
pub(super) struct Fields<'a> {
    pub(super) cursor: Cursor<'a>,
    /// The message ended inside a field, or with a wire type of no meaning.
    pub(super) broken: bool,
}

impl<'a> Message<'a> {
    pub(super) fn new(data: &'a [u8], offset: usize) -> Self {
        Self { data, offset }
    }

    pub(super) fn fields(self) -> Fields<'a> {
        Fields {
            cursor: Cursor::new(self.data).with_base(self.offset),
            broken: false,
        }
    }

    /// The last field of a number: what protobuf keeps of a repeated one.
    pub(super) fn last(self, number: u32) -> Option<Field<'a>> {
        let fields = self.fields().filter(|(found, _)| *found == number);
        fields.last().map(|(_, field)| field)
    }

    pub(super) fn message(self, number: u32) -> Option<Message<'a>> {
        match self.last(number)? {
            Field::Bytes(message) => Some(message),
            _ => None,
        }
    }

    pub(super) fn number(self, number: u32) -> Option<u64> {
        match self.last(number)? {
            Field::Number(value) => Some(value),
            _ => None,
        }
    }

    pub(super) fn text(self) -> Cow<'a, str> {
        String::from_utf8_lossy(self.data)
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Result<(u32, Field<'a>), DecodeError> {
        let tag = varint(&mut self.cursor)?;
        let number = u32::try_from(tag >> 3).unwrap_or(0);
        let field = match tag & 7 {
            0 => Field::Number(varint(&mut self.cursor)?),
            1 => Field::Number(self.cursor.u64()?),
            2 => Field::Bytes(self.bytes()?),
            5 => Field::Fixed32(self.cursor.u32()?),
            wire => {
                return Err(DecodeError::new(
                    self.cursor.offset(),
                    format!("protobuf wire type {wire} is not in use"),
                ));
            }
        };
        Ok((number, field))
    }

    fn bytes(&mut self) -> Result<Message<'a>, DecodeError> {
        let length = usize::try_from(varint(&mut self.cursor)?).unwrap_or(usize::MAX);
        let present = length.min(self.cursor.remaining());
        self.broken |= present < length;
        let offset = self.cursor.offset();
        Ok(Message::new(self.cursor.bytes(present)?, offset))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (u32, Field<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.broken || self.cursor.remaining() == 0 {
            return None;
        }
        let field = self.field();
        self.broken |= field.is_err();
        field.ok()
    }
}

/// A base-128 varint of at most ten bytes.
fn varint(cursor: &mut Cursor<'_>) -> Result<u64, DecodeError> {
    let mut value = 0u64;
    for shift in (0..70).step_by(7) {
        let byte = cursor.u8()?;
        value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(DecodeError::new(
        cursor.offset(),
        "a protobuf number is longer than ten bytes",
    ))
}

/// A 32-bit field: larger numbers lose their upper half, as in protobuf.
pub(super) fn low32(number: u64) -> u32 {
    u32::try_from(number & 0xffff_ffff).unwrap_or(0)
}
