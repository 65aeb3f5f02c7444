//! Versions of SDKs, read from the constants that hold them.

use std::collections::{BTreeMap, HashMap};

use super::defined::DefinedClasses;
use crate::app::App;
use crate::app::code::{CodeBody, CodeUnit};
use crate::formats::dex::{ClassDef, Dex, EncodedValue};
use crate::sdk::schema::Signature;

/// Longest string that is taken for a version.
const MAX_VERSION_CHARS: usize = 40;

/// The values of the version fields of some signatures, by the field's name
/// (`package.Class.FIELD`).
#[derive(Debug, Default)]
pub struct Versions<'k>(HashMap<&'k str, String>);

impl<'k> Versions<'k> {
    /// Reads all fields that the app defines; each unit is opened once.
    pub fn of(app: &App<'_>, signatures: &[&'k Signature]) -> Self {
        let fields = signatures.iter().flat_map(|s| &s.code.version_fields);
        let fields: Vec<(&str, &str, &str)> = fields
            .filter_map(|path| {
                path.rsplit_once('.')
                    .map(|(class, name)| (&**path, class, name))
            })
            .collect();
        let defined = DefinedClasses::among(app, fields.iter().map(|(_, class, _)| *class));
        let mut by_unit: BTreeMap<usize, Vec<_>> = BTreeMap::new();
        for field in fields {
            if let Some(unit) = defined.unit_of(field.1) {
                by_unit.entry(unit).or_default().push(field);
            }
        }
        let mut versions = HashMap::new();
        for (unit, fields) in by_unit {
            let Some(unit) = app.code.get(unit) else {
                continue;
            };
            let dex = unit.dex();
            for (path, class, name) in fields {
                let value = static_string(unit, dex.as_ref(), class, name);
                versions.extend(value.filter(|text| is_version(text)).map(|v| (path, v)));
            }
        }
        Self(versions)
    }

    /// The value of the first version field of a signature that has one.
    pub fn read(&self, signature: &Signature) -> Option<String> {
        let mut fields = signature.code.version_fields.iter();
        fields.find_map(|field| self.0.get(field.as_str()).cloned())
    }
}

/// A constant string or number of a class; `dex` is the unit's, if it is one.
fn static_string(
    unit: &CodeUnit<'_>,
    dex: Option<&Dex<'_>>,
    class: &str,
    field: &str,
) -> Option<String> {
    let defined = unit.classes.get(class)?;
    match &unit.body {
        CodeBody::Dex { .. } => in_dex(dex?, defined.definition, field),
        CodeBody::ClassFiles(classes) => {
            let class = classes.get(defined.definition as usize)?;
            let mut fields = class.static_strings.iter();
            fields
                .find(|(name, _)| name == field)
                .map(|(_, value)| value.clone())
        }
    }
}

/// Static values stand in the order of the static fields (dex-format,
/// `static_values_off`); a field without one may be set by `<clinit>`.
fn in_dex(dex: &Dex<'_>, definition: u32, field: &str) -> Option<String> {
    let class = dex.class_def(definition)?;
    let data = dex.class_data(&class).ok()?;
    let is_field = |index: u32| {
        dex.field(index)
            .and_then(|f| dex.string(f.name))
            .is_some_and(|name| name == field)
    };
    let position = data.static_fields().position(|f| is_field(f.index))?;
    let constant = dex
        .static_values(&class)
        .ok()
        .and_then(|mut values| values.nth(position));
    match constant {
        Some(EncodedValue::String(string)) => {
            return dex.string(string).map(|text| text.into_owned());
        }
        Some(EncodedValue::Int(number)) => return Some(number.to_string()),
        _ => {}
    }
    set_by_initialiser(dex, &class, is_field)
}

/// `const-string vX` followed by `sput-object vX, field` in `<clinit>`.
fn set_by_initialiser(
    dex: &Dex<'_>,
    class: &ClassDef,
    is_field: impl Fn(u32) -> bool,
) -> Option<String> {
    let data = dex.class_data(class).ok()?;
    let is_initialiser = |index: u32| {
        dex.method(index)
            .and_then(|m| dex.string(m.name))
            .is_some_and(|n| n == "<clinit>")
    };
    let method = data.methods().find(|method| is_initialiser(method.index))?;
    let code = dex.code(method.code_off).ok()?;
    let mut last = None;
    for instruction in code.instructions() {
        let register = instruction.registers().next();
        if instruction.opcode.is_const_string() {
            last = register.zip(instruction.index());
        } else if instruction.opcode.is_field_put()
            && instruction.index().is_some_and(&is_field)
            && let Some((loaded, string)) = last
            && register == Some(loaded)
        {
            return dex.string(string).map(|text| text.into_owned());
        }
    }
    None
}

fn is_version(text: &str) -> bool {
    (1..=MAX_VERSION_CHARS).contains(&text.chars().count())
        && text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| {
            c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+' | ' ' | '(' | ')')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_no_digit_or_is_a_sentence_is_no_version() {
        assert!(is_version("3.2.1-beta"));
        assert!(!is_version("release"));
        assert!(!is_version("https://x/1"));
    }
}
