//! Looking up resources, whichever table holds them.

use super::limits::MAX_RESOURCE_REFERENCES;
use super::xml::Value;

/// A resource table: `resources.arsc` of an APK or `resources.pb` of a bundle.
pub trait Resources {
    /// The value of a resource in the default configuration, references
    /// followed. `None` when the table does not hold it, when it is a bag
    /// (style, array, plural) or when references run in a circle.
    fn value(&self, id: u32) -> Option<Value>;

    /// The same as text; numbers and booleans are spelled out.
    fn string(&self, id: u32) -> Option<String> {
        self.value(id).as_ref().and_then(text)
    }
}

/// A value as text, the way AOSP `TypedValue.coerceToString` spells it.
/// `None` for no value, for references and for types such as dimensions.
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Boolean(truth) => Some(truth.to_string()),
        Value::Float(number) => Some(format!("{number:?}")),
        Value::Null | Value::Reference(_) | Value::Other { .. } => None,
    }
}

/// Follows references from `id` until `lookup` yields something else, at most
/// [`MAX_RESOURCE_REFERENCES`] times, which also ends circles.
pub(crate) fn follow(mut id: u32, lookup: impl Fn(u32) -> Option<Value>) -> Option<Value> {
    for _ in 0..=MAX_RESOURCE_REFERENCES {
        match lookup(id)? {
            Value::Reference(next) => id = next,
            value => return Some(value),
        }
    }
    None
}

/// `Res_value.dataType` (AOSP `androidfw/ResourceTypes.h`) and its data as a
/// value; `string` looks a string index up.
pub(crate) fn typed(kind: u8, data: u32, string: impl FnOnce(u32) -> Option<String>) -> Value {
    match kind {
        0x00 => Value::Null,
        // TYPE_REFERENCE and TYPE_DYNAMIC_REFERENCE
        0x01 | 0x07 => Value::Reference(data),
        0x03 => string(data).map_or(Value::Null, Value::String),
        0x04 => Value::Float(f32::from_bits(data)),
        // TYPE_INT_DEC is signed; TYPE_INT_HEX is how flags are written.
        0x10 => Value::Integer(i64::from(data.cast_signed())),
        0x11 => Value::Integer(i64::from(data)),
        0x12 => Value::Boolean(data != 0),
        kind => Value::Other { kind, data },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_of_references_ends() {
        assert_eq!(follow(1, |id| Some(Value::Reference(3 - id))), None);
    }

    #[test]
    fn a_chain_of_references_is_followed() {
        let value = follow(1, |id| {
            Some(if id < 5 {
                Value::Reference(id + 1)
            } else {
                Value::Boolean(true)
            })
        });
        assert_eq!(value, Some(Value::Boolean(true)));
    }

    #[test]
    fn values_are_spelled_as_android_spells_them() {
        assert_eq!(text(&Value::Float(1.0)).as_deref(), Some("1.0"));
        assert_eq!(
            text(&typed(0x10, u32::MAX, |_| None)).as_deref(),
            Some("-1")
        );
        assert_eq!(text(&Value::Reference(1)), None);
    }
}
