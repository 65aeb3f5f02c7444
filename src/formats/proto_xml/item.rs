//! Typed values: the `Item` of an attribute or a resource.

use super::wire::{Field, Message, low32};
use crate::formats::xml::Value;

/// An item, as far as it has a value of its own.
pub(super) enum Item {
    /// A value.
    Value(Value),
    /// A reference by name only (`string/app_name`).
    Named(String),
}

/// `Item`: ref = 1, str = 2, raw_str = 3, styled_str = 4, file = 5, id = 6,
/// prim = 7.
pub(super) fn item(message: Message<'_>) -> Option<Item> {
    for (number, field) in message.fields() {
        let Field::Bytes(inner) = field else {
            continue;
        };
        return match number {
            1 => reference(inner),
            // Each of them has its text (or path) in field 1.
            2..=5 => Some(Item::Value(Value::String(
                inner
                    .message(1)
                    .map(|text| text.text().into_owned())
                    .unwrap_or_default(),
            ))),
            7 => Some(Item::Value(primitive(inner))),
            _ => continue,
        };
    }
    None
}

/// `Reference`: type = 1 (1: theme attribute), id = 2, name = 3.
fn reference(message: Message<'_>) -> Option<Item> {
    let id = message.number(2).map_or(0, low32);
    if message.number(1) == Some(1) {
        // TYPE_ATTRIBUTE
        return Some(Item::Value(Value::Other { kind: 2, data: id }));
    }
    if id != 0 {
        return Some(Item::Value(Value::Reference(id)));
    }
    let name = message.message(3)?.text().into_owned();
    (!name.is_empty()).then_some(Item::Named(name))
}

/// `Primitive`: one of null = 1, empty = 2, float = 3, int_decimal = 6,
/// int_hexadecimal = 7, boolean = 8, four kinds of colour = 9 to 12,
/// dimension = 13, fraction = 14.
fn primitive(message: Message<'_>) -> Value {
    let Some((number, field)) = message.fields().last() else {
        return Value::Null;
    };
    match (number, field) {
        (3, Field::Fixed32(bits)) => Value::Float(f32::from_bits(bits)),
        // Negative numbers are written as 64-bit ones.
        (6, Field::Number(value)) => Value::Integer(i64::from(low32(value).cast_signed())),
        (7, Field::Number(value)) => Value::Integer(i64::from(low32(value))),
        (8, Field::Number(value)) => Value::Boolean(value != 0),
        (9..=14, Field::Number(value)) => Value::Other {
            // Res_value.dataType of the same meaning.
            kind: match number {
                9 => 0x1c,
                10 => 0x1d,
                11 => 0x1e,
                12 => 0x1f,
                13 => 0x05,
                _ => 0x06,
            },
            data: low32(value),
        },
        _ => Value::Null,
    }
}
