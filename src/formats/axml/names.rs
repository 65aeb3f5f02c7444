//! The strings that the elements of a binary XML document name, without
//! building its tree: layouts are many, and only names matter in them.
//!
//! One pass over the start elements notes which strings are used; each is
//! decoded once.

use std::borrow::Cow;

use super::{
    ATTRIBUTE, AttributeLayout, CHUNK_HEADER, Chunks, NO_STRING, RESOURCE_MAP, START_ELEMENT,
    STRING_POOL, TYPE_STRING, document_bounds, shape,
};
use crate::formats::limits::{MAX_CLASS_NAME_BYTES, MAX_XML_DOCUMENT_ATTRIBUTES};
use crate::formats::string_pool::StringPool;
use crate::formats::{AnomalyLog, Cursor, DecodeError, Decoded};

/// Names in a document, in the order of its string pool.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Names<'a> {
    /// Names of elements, and values of attributes that are strings: those of
    /// at most [`MAX_CLASS_NAME_BYTES`] bytes, each once.
    pub strings: Vec<Cow<'a, str>>,
    /// Values of the attribute that was asked for, each once.
    pub values: Vec<Cow<'a, str>>,
    /// How often that attribute has a value that is no string.
    pub other_values: usize,
}

/// Reads the names of a document; `attribute` is the resource id of the
/// attribute whose values are told apart.
///
/// The declared size of the document is not believed: what lies behind it is
/// read too. A document that was cut or that exceeds a cap yields what was
/// read; [`crate::formats::xml::is_incomplete`] tells from the anomalies.
///
/// # Errors
/// When there is no document header or no element.
pub fn names(bytes: &[u8], attribute: u32) -> Decoded<Names<'_>> {
    let mut log = AnomalyLog::new();
    let (start, _) = document_bounds(bytes, &mut log)?;
    let mut uses = Uses::new(attribute);
    for chunk in Chunks::new(bytes, start, 0, shape) {
        let go_on = match chunk.kind {
            STRING_POOL if uses.elements == 0 => {
                uses.take_strings(StringPool::parse(
                    chunk.data,
                    chunk.header_size,
                    chunk.offset,
                    &mut log,
                ));
                true
            }
            RESOURCE_MAP => {
                uses.take_resource_ids(chunk.body());
                true
            }
            START_ELEMENT => {
                let offset = chunk.offset.saturating_add(chunk.header_size);
                uses.element(chunk.body(), offset, &mut log)
            }
            _ => true,
        };
        if chunk.cut {
            let message = "a chunk runs past the end of the document";
            log.note_at(super::TRUNCATED, chunk.offset, message);
        }
        if !go_on {
            break;
        }
    }
    if uses.elements == 0 {
        return Err(DecodeError::new(start, "the binary XML holds no element"));
    }
    Ok((uses.finish(bytes.len(), &mut log), log.finish()))
}

/// How a string is used.
const AS_NAME: u8 = 1;
const AS_VALUE: u8 = 2;

struct Uses<'a> {
    strings: StringPool<'a>,
    /// One byte for each string.
    uses: Vec<u8>,
    /// Place in the pool of the name of the attribute that is asked for.
    wanted: Option<u32>,
    attribute: u32,
    elements: usize,
    attributes: usize,
    other_values: usize,
}

impl<'a> Uses<'a> {
    fn new(attribute: u32) -> Self {
        Self {
            strings: StringPool::default(),
            uses: Vec::new(),
            wanted: None,
            attribute,
            elements: 0,
            attributes: 0,
            other_values: 0,
        }
    }

    /// Until the first element the last pool wins.
    fn take_strings(&mut self, strings: StringPool<'a>) {
        self.uses = vec![0; strings.len()];
        self.strings = strings;
    }

    /// The table of resource ids is as long as the names that have one.
    fn take_resource_ids(&mut self, ids: &[u8]) {
        let mut ids = ids.chunks_exact(CHUNK_HEADER / 2);
        let wanted = self.attribute.to_le_bytes();
        let found = ids.position(|id| id == wanted);
        self.wanted = found.and_then(|index| u32::try_from(index).ok());
    }

    /// Returns whether to go on.
    fn element(&mut self, body: &[u8], offset: usize, log: &mut AnomalyLog) -> bool {
        if self.attributes > MAX_XML_DOCUMENT_ATTRIBUTES {
            log.note_at(
                "axml-too-many-attributes",
                offset,
                format_args!("reading stopped after {MAX_XML_DOCUMENT_ATTRIBUTES} attributes"),
            );
            return false;
        }
        let Ok((name, layout)) = element_header(body) else {
            let message = "an element ends before its header does";
            log.note_at(super::TRUNCATED, offset, message);
            return false;
        };
        self.elements += 1;
        self.mark(name, AS_NAME);
        let layout = layout.checked(body.len(), offset, log);
        self.attributes += layout.count;
        let attributes = body.get(layout.start..).unwrap_or_default();
        for attribute in attributes
            .chunks(layout.size.max(ATTRIBUTE))
            .take(layout.count)
        {
            if self.attribute(attribute).is_err() {
                break;
            }
        }
        true
    }

    /// `ResXMLTree_attribute`. A string may stand as raw and as typed value;
    /// which of them Android takes depends on who asks.
    fn attribute(&mut self, attribute: &[u8]) -> Result<(), DecodeError> {
        let mut cursor = Cursor::at(attribute, 4);
        let name = cursor.u32()?;
        let raw = cursor.u32()?;
        cursor.skip(3)?;
        let kind = cursor.u8()?;
        let data = cursor.u32()?;
        let is_wanted = self.wanted == Some(name);
        let usage = if is_wanted { AS_VALUE } else { AS_NAME };
        if kind == TYPE_STRING {
            self.mark(data, usage);
        } else if is_wanted && raw == NO_STRING {
            self.other_values += 1;
        }
        if raw != data || kind != TYPE_STRING {
            self.mark(raw, usage);
        }
        Ok(())
    }

    fn mark(&mut self, string: u32, usage: u8) {
        let index = usize::try_from(string).unwrap_or(usize::MAX);
        if let Some(uses) = self.uses.get_mut(index) {
            *uses |= usage;
        }
    }

    fn finish(self, document: usize, log: &mut AnomalyLog) -> Names<'a> {
        let mut names = Names {
            other_values: self.other_values,
            ..Names::default()
        };
        // Strings that do not overlap grow by half at most, from UTF-16 to UTF-8.
        let mut text_left = document.saturating_mul(2);
        for (index, &usage) in (0u32..).zip(&self.uses) {
            if usage == 0 {
                continue;
            }
            let Some(text) = self.strings.short(index, MAX_CLASS_NAME_BYTES) else {
                continue;
            };
            let Some(left) = text_left.checked_sub(text.len()) else {
                let message = "the strings overlap; not all of them were read";
                log.note_at("axml-too-much-text", 0, message);
                break;
            };
            text_left = left;
            if usage & AS_VALUE != 0 {
                names.values.push(text.clone());
            }
            if usage & AS_NAME != 0 {
                names.strings.push(text);
            }
        }
        names
    }
}

/// `ResXMLTree_attrExt`: the element's name, and where its attributes lie.
fn element_header(body: &[u8]) -> Result<(u32, AttributeLayout), DecodeError> {
    let mut cursor = Cursor::at(body, 4);
    let name = cursor.u32()?;
    let layout = AttributeLayout {
        start: usize::from(cursor.u16()?),
        size: usize::from(cursor.u16()?),
        count: usize::from(cursor.u16()?),
    };
    Ok((name, layout))
}

#[cfg(test)]
mod tests {
    use super::super::writer::{android, document, element, plain};
    use super::*;
    use crate::formats::mutation::survive;
    use crate::formats::xml::{Element, Value};

    const ON_CLICK: u32 = 0x0101_026f;

    fn layout() -> Element {
        let text = |text: &str| Value::String(text.to_owned());
        element(
            "LinearLayout",
            vec![plain("class", "com.example.Mine")],
            vec![
                element(
                    "com.example.Other",
                    vec![
                        android(ON_CLICK, "onClick", text("send")),
                        android(0x0101_0003, "name", text("com.example.Home")),
                    ],
                    vec![],
                ),
                element(
                    "Button",
                    vec![
                        android(ON_CLICK, "onClick", Value::Reference(0x7f01_0000)),
                        android(0x0101_014f, "text", text(&"long".repeat(1_000))),
                    ],
                    vec![],
                ),
            ],
        )
    }

    #[test]
    fn each_name_is_told_once_and_one_attribute_apart() {
        for utf8 in [false, true] {
            let bytes = document(&layout(), utf8);
            let (mut names, anomalies) = names(&bytes, ON_CLICK).unwrap();
            names.strings.sort();
            let expected = [
                "Button",
                "LinearLayout",
                "com.example.Home",
                "com.example.Mine",
                "com.example.Other",
            ];
            assert_eq!(
                (names.strings, anomalies),
                (expected.map(Cow::from).to_vec(), vec![])
            );
            assert_eq!(names.values, ["send"]);
            assert_eq!(names.other_values, 1);
        }
    }

    #[test]
    fn a_document_that_is_cut_gives_what_was_read_and_says_so() {
        let bytes = document(&layout(), true);
        let (_, anomalies) = names(&bytes[..bytes.len() - 60], ON_CLICK).unwrap();
        assert!(crate::formats::xml::is_incomplete(&anomalies));
        assert!(names(b"<?xml version='1.0'?><a/>", ON_CLICK).is_err());
    }

    #[test]
    fn damaged_documents_never_panic() {
        for utf8 in [false, true] {
            survive(&document(&layout(), utf8), 3_000, |bytes| {
                if let Ok((names, _)) = names(bytes, ON_CLICK) {
                    let text: usize = names.strings.iter().map(|text| text.len()).sum();
                    assert!(text <= 2 * bytes.len());
                }
            });
        }
    }
}
