//! Lookups in the id tables: strings, types, prototypes, fields, methods.
//!
//! Source: AOSP dex-format, "string_id_item" to "method_id_item". Every lookup
//! is constant-time and `None` when the index or the offset behind it is out
//! of range.

use std::borrow::Cow;
use std::ffi::CStr;

use super::super::limits::{MAX_DEX_PARAMETERS, MAX_DEX_SIGNATURE_BYTES};
use super::{Dex, leb, mutf8};

pub(super) const STRING_ID: usize = 4;
pub(super) const TYPE_ID: usize = 4;
pub(super) const PROTO_ID: usize = 12;
pub(super) const FIELD_ID: usize = 8;
pub(super) const METHOD_ID: usize = 8;

/// A method prototype.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proto {
    /// String index of the short form, such as `VL`.
    pub shorty: u32,
    /// Type index of the return type.
    pub return_type: u32,
    /// Byte offset of the parameter type list; 0 without parameters.
    pub parameters_off: u32,
}

/// A reference to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldId {
    /// Type index of the class named in the reference.
    pub class: u32,
    /// Type index of the field's type.
    pub type_: u32,
    /// String index of the name.
    pub name: u32,
}

/// A reference to a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MethodId {
    /// Type index of the class (or array) named in the reference.
    pub class: u32,
    /// Prototype index.
    pub proto: u32,
    /// String index of the name.
    pub name: u32,
}

/// Type indexes of a type list (parameters, interfaces).
#[derive(Debug, Clone, Default)]
pub struct TypeList<'a> {
    items: &'a [u8],
}

impl Iterator for TypeList<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        let (item, rest) = self.items.split_first_chunk()?;
        self.items = rest;
        Some(u16::from_le_bytes(*item).into())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.items.len() / 2, Some(self.items.len() / 2))
    }
}

impl ExactSizeIterator for TypeList<'_> {}

/// The item of a table, `None` when out of range.
#[inline]
pub(super) fn item<const N: usize>(table: &[u8], index: u32) -> Option<&[u8; N]> {
    table.get((index as usize).checked_mul(N)?..)?.first_chunk()
}

#[inline]
pub(super) fn u16_in(item: &[u8], at: usize) -> u16 {
    let field = item.get(at..).and_then(<[u8]>::first_chunk);
    field.map_or(0, |bytes| u16::from_le_bytes(*bytes))
}

#[inline]
pub(super) fn u32_in(item: &[u8], at: usize) -> u32 {
    let field = item.get(at..).and_then(<[u8]>::first_chunk);
    field.map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

/// The bytes before the first NUL, all of them when there is none.
#[inline]
fn until_nul(bytes: &[u8]) -> &[u8] {
    CStr::from_bytes_until_nul(bytes).map_or(bytes, CStr::to_bytes)
}

impl<'a> Dex<'a> {
    /// Number of strings present.
    pub fn string_count(&self) -> u32 {
        (self.strings.len() / STRING_ID) as u32
    }

    /// Number of types present.
    pub fn type_count(&self) -> u32 {
        (self.types.len() / TYPE_ID) as u32
    }

    /// Number of prototypes present.
    pub fn proto_count(&self) -> u32 {
        (self.protos.len() / PROTO_ID) as u32
    }

    /// Number of field references present.
    pub fn field_count(&self) -> u32 {
        (self.fields.len() / FIELD_ID) as u32
    }

    /// Number of method references present.
    pub fn method_count(&self) -> u32 {
        (self.methods.len() / METHOD_ID) as u32
    }

    /// The raw MUTF-8 of a string, without its NUL; up to the end of the file
    /// when there is none. The declared UTF-16 length is not trusted. Takes
    /// time in proportion to the length: a walk over all strings spends it
    /// from a [`WalkBudget`](super::WalkBudget).
    #[inline]
    pub fn string_bytes(&self, idx: u32) -> Option<&'a [u8]> {
        self.string_data(idx).map(until_nul)
    }

    /// The first bytes of a string, at most `limit`: in time that does not
    /// depend on how long the string is.
    #[inline]
    pub fn string_start(&self, idx: u32, limit: usize) -> Option<&'a [u8]> {
        let rest = self.string_data(idx)?;
        Some(until_nul(rest.get(..limit).unwrap_or(rest)))
    }

    /// Everything from the first byte of a string on.
    #[inline]
    fn string_data(&self, idx: u32) -> Option<&'a [u8]> {
        let offset = u32::from_le_bytes(*item(self.strings, idx)?);
        let mut rest = self.bytes_from(offset)?;
        leb::uleb128(&mut rest)?;
        Some(rest)
    }

    /// A decoded string, borrowed when it is valid UTF-8.
    pub fn string(&self, idx: u32) -> Option<Cow<'a, str>> {
        self.string_bytes(idx).map(mutf8::decode)
    }

    /// The string index of a type's descriptor.
    #[inline]
    pub fn type_string(&self, idx: u32) -> Option<u32> {
        item(self.types, idx).map(|bytes| u32::from_le_bytes(*bytes))
    }

    /// The descriptor of a type (`Lcom/x/Y;`, `[I`) as raw MUTF-8.
    #[inline]
    pub fn type_descriptor(&self, idx: u32) -> Option<&'a [u8]> {
        self.string_bytes(self.type_string(idx)?)
    }

    /// A prototype.
    pub fn proto(&self, idx: u32) -> Option<Proto> {
        let bytes: &[u8; PROTO_ID] = item(self.protos, idx)?;
        Some(Proto {
            shorty: u32_in(bytes, 0),
            return_type: u32_in(bytes, 4),
            parameters_off: u32_in(bytes, 8),
        })
    }

    /// The parameter types of a prototype.
    pub fn parameters(&self, proto: &Proto) -> TypeList<'a> {
        self.type_list(proto.parameters_off)
    }

    /// A field reference.
    #[inline]
    pub fn field(&self, idx: u32) -> Option<FieldId> {
        let bytes: &[u8; FIELD_ID] = item(self.fields, idx)?;
        Some(FieldId {
            class: u16_in(bytes, 0).into(),
            type_: u16_in(bytes, 2).into(),
            name: u32_in(bytes, 4),
        })
    }

    /// A method reference.
    #[inline]
    pub fn method(&self, idx: u32) -> Option<MethodId> {
        let bytes: &[u8; METHOD_ID] = item(self.methods, idx)?;
        Some(MethodId {
            class: u16_in(bytes, 0).into(),
            proto: u16_in(bytes, 2).into(),
            name: u32_in(bytes, 4),
        })
    }

    /// A method reference as smali writes it:
    /// `Lcom/x/Y;->onCreate(Landroid/os/Bundle;)V`. What cannot be looked up
    /// is printed as `?`; see [`Dex::write_method_signature`].
    pub fn method_signature(&self, idx: u32) -> String {
        let mut out = String::new();
        self.write_method_signature(idx, &mut out);
        out
    }

    /// Appends a method reference as smali writes it. What cannot be looked up
    /// is `?`, what exceeds [`MAX_DEX_SIGNATURE_BYTES`] is cut with `…`.
    pub fn write_method_signature(&self, idx: u32, out: &mut String) {
        let Some(method) = self.method(idx) else {
            return out.push('?');
        };
        let limit = out.len().saturating_add(MAX_DEX_SIGNATURE_BYTES);
        self.push_type(method.class, limit, out);
        out.push_str("->");
        self.push_string(method.name, limit, out);
        self.push_proto(method.proto, limit, out);
    }

    /// A field reference as smali writes it: `Lcom/x/Y;->name:I`.
    pub fn field_signature(&self, idx: u32) -> String {
        let mut out = String::new();
        let Some(field) = self.field(idx) else {
            return "?".into();
        };
        let limit = MAX_DEX_SIGNATURE_BYTES;
        self.push_type(field.class, limit, &mut out);
        out.push_str("->");
        self.push_string(field.name, limit, &mut out);
        out.push(':');
        self.push_type(field.type_, limit, &mut out);
        out
    }

    /// The descriptor of a prototype: `(Landroid/os/Bundle;)V`.
    pub fn proto_descriptor(&self, idx: u32) -> String {
        let mut out = String::new();
        self.push_proto(idx, MAX_DEX_SIGNATURE_BYTES, &mut out);
        out
    }

    fn push_proto(&self, idx: u32, limit: usize, out: &mut String) {
        let Some(proto) = self.proto(idx) else {
            return out.push('?');
        };
        out.push('(');
        let parameters = self.parameters(&proto);
        let more = parameters.len() > MAX_DEX_PARAMETERS;
        for parameter in parameters.take(MAX_DEX_PARAMETERS) {
            self.push_type(parameter, limit, out);
        }
        if more {
            out.push('…');
        }
        out.push(')');
        self.push_type(proto.return_type, limit, out);
    }

    fn push_type(&self, idx: u32, limit: usize, out: &mut String) {
        match self.type_string(idx) {
            Some(string) => self.push_string(string, limit, out),
            None => out.push('?'),
        }
    }

    /// Appends as much of a string as `limit` leaves room for, without looking
    /// further than that.
    fn push_string(&self, idx: u32, limit: usize, out: &mut String) {
        let room = limit.saturating_sub(out.len());
        let Some(rest) = self.string_data(idx) else {
            return out.push('?');
        };
        let window = rest.get(..=room).unwrap_or(rest);
        let bytes = until_nul(window);
        out.push_str(&mutf8::decode(bytes.get(..room).unwrap_or(bytes)));
        if bytes.len() > room {
            out.push('…');
        }
    }

    /// The type list at an offset; empty for offset 0. A size beyond the bytes
    /// present is cut to them.
    pub(super) fn type_list(&self, offset: u32) -> TypeList<'a> {
        let list = match offset {
            0 => None,
            _ => self.bytes_from(offset),
        };
        let Some((size, rest)) = list.and_then(<[u8]>::split_first_chunk) else {
            return TypeList::default();
        };
        let present = rest.len() / 2;
        let size = present.min(u32::from_le_bytes(*size) as usize);
        TypeList {
            items: rest.get(..size * 2).unwrap_or_default(),
        }
    }
}
