//! Writes binary XML for tests, from the same tree that the reader yields.

use super::super::string_pool::writer::string_pool;
use super::super::xml::{ANDROID_NAMESPACE, Attribute, Element, Value};
use super::{END_ELEMENT, END_NAMESPACE, NO_STRING, RESOURCE_MAP, START_ELEMENT, START_NAMESPACE};

/// A document with this root element.
pub(crate) fn document(root: &Element, utf8: bool) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.collect_ids(root);
    writer.index("android");
    writer.index(ANDROID_NAMESPACE);
    let mut nodes = writer.namespace(START_NAMESPACE);
    writer.element(root, &mut nodes);
    nodes.extend(writer.namespace(END_NAMESPACE));

    let names: Vec<&str> = writer.ids.iter().map(|(_, name)| name.as_str()).collect();
    let texts = writer.texts.iter().map(String::as_str);
    let strings: Vec<&str> = names.into_iter().chain(texts).collect();
    let mut body = string_pool(&strings, utf8);
    let ids: Vec<u8> = writer
        .ids
        .iter()
        .flat_map(|(id, _)| id.to_le_bytes())
        .collect();
    body.extend(chunk(RESOURCE_MAP, 8, &ids));
    body.extend(nodes);
    chunk(super::XML, 8, &body)
}

/// `android:name="value"` with its resource id.
pub(crate) fn android(id: u32, name: &str, value: Value) -> Attribute {
    Attribute {
        namespace: ANDROID_NAMESPACE.to_owned(),
        name: name.to_owned(),
        resource_id: Some(id),
        value,
    }
}

/// An attribute without namespace or id.
pub(crate) fn plain(name: &str, value: &str) -> Attribute {
    Attribute {
        namespace: String::new(),
        name: name.to_owned(),
        resource_id: None,
        value: Value::String(value.to_owned()),
    }
}

/// An element.
pub(crate) fn element(name: &str, attributes: Vec<Attribute>, children: Vec<Element>) -> Element {
    Element {
        name: name.to_owned(),
        attributes,
        children,
        line: 1,
        ..Element::default()
    }
}

/// A small manifest: package, one permission, one service.
pub(crate) fn sample() -> Element {
    let text = |text: &str| Value::String(text.to_owned());
    element(
        "manifest",
        vec![
            android(0x0101_021b, "versionCode", Value::Integer(7)),
            plain("package", "com.example"),
        ],
        vec![
            element(
                "uses-permission",
                vec![android(
                    0x0101_0003,
                    "name",
                    text("android.permission.INTERNET"),
                )],
                vec![],
            ),
            element(
                "application",
                vec![android(0x0101_0001, "label", text("示例"))],
                vec![element(
                    "service",
                    vec![
                        android(0x0101_0003, "name", text(".PushService")),
                        android(0x0101_000e, "enabled", Value::Boolean(true)),
                    ],
                    vec![],
                )],
            ),
        ],
    )
}

/// A chunk: `ResChunk_header` and what follows.
pub(crate) fn chunk(kind: u16, header_size: u16, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend(kind.to_le_bytes());
    out.extend(header_size.to_le_bytes());
    out.extend((8 + body.len() as u32).to_le_bytes());
    out.extend(body);
    out
}

#[derive(Default)]
struct Writer {
    /// Names with a resource id come first in the pool.
    ids: Vec<(u32, String)>,
    texts: Vec<String>,
}

impl Writer {
    fn collect_ids(&mut self, element: &Element) {
        for attribute in &element.attributes {
            if let Some(id) = attribute.resource_id
                && !self.ids.iter().any(|(known, _)| *known == id)
            {
                self.ids.push((id, attribute.name.clone()));
            }
        }
        element
            .children
            .iter()
            .for_each(|child| self.collect_ids(child));
    }

    fn index(&mut self, text: &str) -> u32 {
        let known = self.texts.iter().position(|known| known == text);
        let at = known.unwrap_or_else(|| {
            self.texts.push(text.to_owned());
            self.texts.len() - 1
        });
        (self.ids.len() + at) as u32
    }

    fn optional(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            NO_STRING
        } else {
            self.index(text)
        }
    }

    fn namespace(&mut self, kind: u16) -> Vec<u8> {
        let words = [
            1,
            NO_STRING,
            self.index("android"),
            self.index(ANDROID_NAMESPACE),
        ];
        chunk(kind, 16, &words.map(u32::to_le_bytes).concat())
    }

    fn element(&mut self, element: &Element, out: &mut Vec<u8>) {
        let tag = [self.optional(&element.namespace), self.index(&element.name)];
        let mut body = [element.line, NO_STRING, tag[0], tag[1]]
            .map(u32::to_le_bytes)
            .concat();
        for half in [20, 20, element.attributes.len() as u16, 0, 0, 0] {
            body.extend(half.to_le_bytes());
        }
        for attribute in &element.attributes {
            self.attribute(attribute, &mut body);
        }
        out.extend(chunk(START_ELEMENT, 16, &body));
        for child in &element.children {
            self.element(child, out);
        }
        let words = [element.line, NO_STRING, tag[0], tag[1]];
        out.extend(chunk(
            END_ELEMENT,
            16,
            &words.map(u32::to_le_bytes).concat(),
        ));
    }

    fn attribute(&mut self, attribute: &Attribute, out: &mut Vec<u8>) {
        let name = match attribute.resource_id {
            Some(id) => self.ids.iter().position(|(known, _)| *known == id).unwrap() as u32,
            None => self.index(&attribute.name),
        };
        let (raw, kind, data) = match &attribute.value {
            Value::Null => (NO_STRING, 0, 0),
            Value::String(text) => (self.index(text), 3, self.index(text)),
            Value::Reference(id) => (NO_STRING, 1, *id),
            Value::Integer(number) => (NO_STRING, 0x10, *number as u32),
            Value::Boolean(truth) => (NO_STRING, 0x12, if *truth { u32::MAX } else { 0 }),
            Value::Float(number) => (NO_STRING, 4, number.to_bits()),
            Value::Other { kind, data } => (NO_STRING, *kind, *data),
        };
        let namespace = self.optional(&attribute.namespace);
        out.extend([namespace, name, raw].map(u32::to_le_bytes).concat());
        out.extend([8, 0, 0, kind]);
        out.extend(data.to_le_bytes());
    }
}
