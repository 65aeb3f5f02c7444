//! The element tree that binary XML, protobuf XML and text XML all decode to.

/// The namespace of framework attributes.
pub const ANDROID_NAMESPACE: &str = "http://schemas.android.com/apk/res/android";

/// One element with its attributes and child elements; text is not kept,
/// manifests have none that matters.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Element {
    /// Namespace URI, empty when there is none.
    pub namespace: String,
    /// Local name, such as `activity`.
    pub name: String,
    /// Attributes in document order.
    pub attributes: Vec<Attribute>,
    /// Child elements in document order.
    pub children: Vec<Element>,
    /// Source line as recorded by the build tool, 0 when unknown.
    pub line: u32,
}

/// One attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// Namespace URI, empty when there is none.
    pub namespace: String,
    /// Local name. Build tools may strip it; then it is restored from the
    /// resource id where the framework's public ids name it.
    pub name: String,
    /// Framework resource id (`0x01010003` is `android:name`), if recorded.
    pub resource_id: Option<u32>,
    /// The typed value.
    pub value: Value,
}

/// A typed value (AOSP `Res_value`, `androidfw/ResourceTypes.h`).
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// Text.
    String(String),
    /// A resource id, to be looked up in the resource table.
    Reference(u32),
    /// A number, decimal or hexadecimal, or packed flags.
    Integer(i64),
    /// True or false.
    Boolean(bool),
    /// A floating point number.
    Float(f32),
    /// Another type (dimension, fraction, colour, attribute): its raw data.
    Other {
        /// `Res_value.dataType`.
        kind: u8,
        /// `Res_value.data`.
        data: u32,
    },
}

impl Element {
    /// The attribute of the framework namespace (or without one) by local name.
    pub fn android(&self, name: &str) -> Option<&Value> {
        let mut plain = None;
        for attribute in self.attributes.iter().filter(|a| a.name == name) {
            if attribute.namespace == ANDROID_NAMESPACE {
                return Some(&attribute.value);
            }
            if attribute.namespace.is_empty() {
                plain.get_or_insert(&attribute.value);
            }
        }
        plain
    }

    /// The attribute without a namespace, which is how Android looks `package`
    /// and `split` up.
    pub fn plain(&self, name: &str) -> Option<&Value> {
        let mut plain = self.attributes.iter().filter(|a| a.namespace.is_empty());
        plain.find(|a| a.name == name).map(|a| &a.value)
    }

    /// Child elements of a name.
    pub fn named<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// Codes of anomalies after which a decoded document is only a part of what
/// the file held: elements may be missing from the tree.
pub const INCOMPLETE_CODES: [&str; 11] = [
    "axml-truncated",
    "axml-too-deep",
    "axml-too-many-elements",
    "axml-too-many-attributes",
    "axml-too-much-text",
    "proto-xml-truncated",
    "proto-xml-too-deep",
    "proto-xml-too-many-elements",
    "proto-xml-too-many-attributes",
    "text-xml-truncated",
    "text-xml-limit",
];

/// Whether the anomalies say that the decoded document is incomplete: then
/// nothing may be concluded from the absence of an element.
pub fn is_incomplete(anomalies: &[super::Anomaly]) -> bool {
    anomalies
        .iter()
        .any(|anomaly| INCOMPLETE_CODES.contains(&anomaly.code))
}
