//! Protobuf XML and resource tables of app bundles.
//!
//! Messages and field numbers: AOSP `tools/aapt2/Resources.proto` (`XmlNode`,
//! `ResourceTable`). Only the wire format is read, so unknown fields of newer
//! versions pass by.

mod item;
mod table;
#[cfg(test)]
mod tests;
mod wire;

pub use super::resources::Resources;
pub use table::{ProtoResourceTable, parse_resources};

use item::{Item, item};
use wire::{Field, Fields, Message, low32};

use super::limits::{
    MAX_XML_ATTRIBUTES, MAX_XML_DEPTH, MAX_XML_DOCUMENT_ATTRIBUTES, MAX_XML_ELEMENTS,
};
use super::xml::{ANDROID_NAMESPACE, Attribute, Element, Value};
use super::{AnomalyLog, DecodeError, Decoded, framework_attributes};

/// Decodes an `XmlNode` (`base/manifest/AndroidManifest.xml`) into its root
/// element.
///
/// # Errors
/// When the bytes hold no element.
pub fn parse(bytes: &[u8]) -> Decoded<Element> {
    let mut log = AnomalyLog::new();
    let root = read_tree(Message::new(bytes, 0), &mut log)
        .ok_or_else(|| DecodeError::new(0, "the protobuf XML holds no element"))?;
    Ok((root, log.finish()))
}

/// An element whose fields are still being read.
struct Frame<'a> {
    element: Element,
    fields: Fields<'a>,
}

/// Reads a tree without recursion.
fn read_tree(node: Message<'_>, log: &mut AnomalyLog) -> Option<Element> {
    let mut stack = vec![open_node(node, log)?];
    let (mut elements, mut attributes) = (1usize, 0usize);
    loop {
        let depth = stack.len();
        let frame = stack.last_mut()?;
        match frame.fields.next() {
            Some((2, Field::Bytes(uri))) => frame.element.namespace = uri.text().into_owned(),
            Some((3, Field::Bytes(name))) => frame.element.name = name.text().into_owned(),
            Some((4, Field::Bytes(message))) => {
                if frame.element.attributes.len() >= MAX_XML_ATTRIBUTES
                    || attributes >= MAX_XML_DOCUMENT_ATTRIBUTES
                {
                    log.note_at(
                        "proto-xml-too-many-attributes",
                        message.offset,
                        "further attributes were not read",
                    );
                    continue;
                }
                attributes += 1;
                frame.element.attributes.push(attribute(message, log));
            }
            Some((5, Field::Bytes(child))) => {
                if depth >= MAX_XML_DEPTH {
                    log.note_at(
                        "proto-xml-too-deep",
                        child.offset,
                        format_args!(
                            "elements more than {MAX_XML_DEPTH} levels deep were not read"
                        ),
                    );
                } else if elements >= MAX_XML_ELEMENTS {
                    log.note_at(
                        "proto-xml-too-many-elements",
                        child.offset,
                        format_args!("only the first {MAX_XML_ELEMENTS} elements were read"),
                    );
                } else if let Some(child) = open_node(child, log) {
                    elements += 1;
                    stack.push(child);
                }
            }
            Some(_) => {}
            None => {
                if frame.fields.broken {
                    note_truncated(frame.fields.cursor.offset(), log);
                }
                let element = stack.pop()?.element;
                match stack.last_mut() {
                    Some(parent) => parent.element.children.push(element),
                    None => return Some(element),
                }
            }
        }
    }
}

fn note_truncated(offset: usize, log: &mut AnomalyLog) {
    log.note_at(
        "proto-xml-truncated",
        offset,
        "the protobuf message ends inside a field",
    );
}

/// `XmlNode`: element = 1, text = 2, source = 3. `None` for text.
fn open_node<'a>(node: Message<'a>, log: &mut AnomalyLog) -> Option<Frame<'a>> {
    let (mut element, mut line) = (None, 0);
    let mut fields = node.fields();
    for (number, field) in fields.by_ref() {
        match (number, field) {
            (1, Field::Bytes(message)) => element = Some(message),
            // SourcePosition: line_number = 1.
            (3, Field::Bytes(source)) => line = source.number(1).map_or(0, low32),
            _ => {}
        }
    }
    if fields.broken {
        note_truncated(fields.cursor.offset(), log);
    }
    Some(Frame {
        element: Element {
            line,
            ..Element::default()
        },
        fields: element?.fields(),
    })
}

/// `XmlAttribute`: namespace_uri = 1, name = 2, value = 3, resource_id = 5,
/// compiled_item = 6.
fn attribute(message: Message<'_>, log: &mut AnomalyLog) -> Attribute {
    let mut attribute = Attribute {
        namespace: String::new(),
        name: String::new(),
        resource_id: None,
        value: Value::Null,
    };
    let (mut raw, mut compiled) = (None, None);
    let mut fields = message.fields();
    for (number, field) in fields.by_ref() {
        match (number, field) {
            (1, Field::Bytes(uri)) => attribute.namespace = uri.text().into_owned(),
            (2, Field::Bytes(name)) => attribute.name = name.text().into_owned(),
            (3, Field::Bytes(value)) => raw = Some(value),
            (5, Field::Number(id)) => {
                attribute.resource_id = Some(low32(id)).filter(|id| *id != 0);
            }
            (6, Field::Bytes(item)) => compiled = Some(item),
            _ => {}
        }
    }
    if fields.broken {
        note_truncated(fields.cursor.offset(), log);
    }
    if let Some(id) = attribute.resource_id
        && framework_attributes::is_framework_attribute(id)
    {
        restore_framework_name(&mut attribute, id, message.offset, log);
    }
    attribute.value = compiled
        .and_then(item)
        .map(|item| match item {
            Item::Value(value) => value,
            // A name alone has no id to look up; keep it as it was written.
            Item::Named(name) => Value::String(format!("@{name}")),
        })
        .or_else(|| raw.map(|raw| Value::String(raw.text().into_owned())))
        .unwrap_or(Value::Null);
    attribute
}

/// The bundle's tools turn this XML into binary XML, where the id decides.
fn restore_framework_name(attribute: &mut Attribute, id: u32, offset: usize, log: &mut AnomalyLog) {
    if attribute.namespace != ANDROID_NAMESPACE {
        ANDROID_NAMESPACE.clone_into(&mut attribute.namespace);
    }
    let Some(known) = framework_attributes::name(id) else {
        return;
    };
    if known != attribute.name {
        log.note_at(
            "proto-xml-attribute-name",
            offset,
            format_args!(
                "attribute {known} is named {:?}; Android goes by its resource id",
                attribute.name
            ),
        );
        known.clone_into(&mut attribute.name);
    }
}
