//! Protobuf XML and resource tables of app bundles.
//!
//! Messages and field numbers: AOSP `tools/aapt2/Resources.proto` (`XmlNode`,
//! `ResourceTable`). Only the wire format is read, so unknown fields of newer
//! versions pass by.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::limits::{
    MAX_PROTO_RESOURCES, MAX_RESOURCE_CONFIGURATIONS, MAX_XML_ATTRIBUTES, MAX_XML_DEPTH,
    MAX_XML_DOCUMENT_ATTRIBUTES, MAX_XML_ELEMENTS,
};
pub use super::resources::Resources;
use super::resources::{follow, text};
use super::xml::{ANDROID_NAMESPACE, Attribute, Element, Value};
use super::{AnomalyLog, Cursor, DecodeError, Decoded, framework_attributes};

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

/// A protobuf message: its bytes and where they start.
#[derive(Debug, Clone, Copy)]
struct Message<'a> {
    data: &'a [u8],
    offset: usize,
}

/// One field of a message.
#[derive(Debug, Clone, Copy)]
enum Field<'a> {
    Number(u64),
    Fixed32(u32),
    /// A string or an embedded message, cut to the bytes that are present.
    Bytes(Message<'a>),
}

/// The fields of a message in file order.
struct Fields<'a> {
    cursor: Cursor<'a>,
    /// The message ended inside a field, or with a wire type of no meaning.
    broken: bool,
}

impl<'a> Message<'a> {
    fn new(data: &'a [u8], offset: usize) -> Self {
        Self { data, offset }
    }

    fn fields(self) -> Fields<'a> {
        Fields {
            cursor: Cursor::new(self.data).with_base(self.offset),
            broken: false,
        }
    }

    /// The last field of a number: what protobuf keeps of a repeated one.
    fn last(self, number: u32) -> Option<Field<'a>> {
        let fields = self.fields().filter(|(found, _)| *found == number);
        fields.last().map(|(_, field)| field)
    }

    fn message(self, number: u32) -> Option<Message<'a>> {
        match self.last(number)? {
            Field::Bytes(message) => Some(message),
            _ => None,
        }
    }

    fn number(self, number: u32) -> Option<u64> {
        match self.last(number)? {
            Field::Number(value) => Some(value),
            _ => None,
        }
    }

    fn text(self) -> Cow<'a, str> {
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
fn low32(number: u64) -> u32 {
    u32::try_from(number & 0xffff_ffff).unwrap_or(0)
}

// XML

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

// Values

enum Item {
    Value(Value),
    /// A reference by name only (`string/app_name`).
    Named(String),
}

/// `Item`: ref = 1, str = 2, raw_str = 3, styled_str = 4, file = 5, id = 6,
/// prim = 7.
fn item(message: Message<'_>) -> Option<Item> {
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

// Resource table

/// A resource table over the bytes of its file; values are decoded when asked
/// for.
#[derive(Debug, Clone, Default)]
pub struct ProtoResourceTable<'a> {
    /// `Entry` messages by resource id.
    entries: BTreeMap<u32, Vec<Message<'a>>>,
    /// Resource ids by `type/entry`.
    names: BTreeMap<(&'a [u8], &'a [u8]), u32>,
}

/// Indexes a `ResourceTable` message (`base/resources.pb`).
///
/// # Errors
/// When the bytes hold no package.
pub fn parse_resources(bytes: &[u8]) -> Decoded<ProtoResourceTable<'_>> {
    let mut index = TableIndex::default();
    let mut packages = 0usize;
    let mut fields = Message::new(bytes, 0).fields();
    for (number, field) in fields.by_ref() {
        // ResourceTable: package = 2.
        if let (2, Field::Bytes(package)) = (number, field) {
            packages += 1;
            index.package(package);
        }
    }
    index.note_broken(&fields);
    if packages == 0 {
        return Err(DecodeError::new(
            0,
            "the protobuf resource table holds no package",
        ));
    }
    Ok((index.table, index.log.finish()))
}

#[derive(Default)]
struct TableIndex<'a> {
    table: ProtoResourceTable<'a>,
    resources: usize,
    log: AnomalyLog,
}

impl<'a> TableIndex<'a> {
    fn note_broken(&mut self, fields: &Fields<'_>) {
        if fields.broken {
            self.log.note_at(
                "proto-resources-truncated",
                fields.cursor.offset(),
                "the protobuf message ends inside a field",
            );
        }
    }

    /// `Package`: package_id = 1 (`PackageId`: id = 1), type = 3.
    fn package(&mut self, package: Message<'a>) {
        let id = inner_id(package);
        let mut fields = package.fields();
        for (number, field) in fields.by_ref() {
            if let (3, Field::Bytes(kind)) = (number, field) {
                self.resource_type(id, kind);
            }
        }
        self.note_broken(&fields);
    }

    /// `Type`: type_id = 1 (`TypeId`: id = 1), name = 2, entry = 3.
    fn resource_type(&mut self, package: u32, kind: Message<'a>) {
        let type_id = inner_id(kind);
        let type_name = kind.message(2).map_or(&[][..], |name| name.data);
        let mut fields = kind.fields();
        for (number, field) in fields.by_ref() {
            let (3, Field::Bytes(entry)) = (number, field) else {
                continue;
            };
            if self.resources >= MAX_PROTO_RESOURCES {
                self.log.note_at(
                    "proto-resources-too-many",
                    entry.offset,
                    format_args!("only the first {MAX_PROTO_RESOURCES} resources were read"),
                );
                return;
            }
            self.resources += 1;
            let id = (package & 0xff) << 24 | (type_id & 0xff) << 16 | inner_id(entry) & 0xffff;
            let name = entry.message(2).map_or(&[][..], |name| name.data);
            self.table.names.entry((type_name, name)).or_insert(id);
            self.table.entries.entry(id).or_default().push(entry);
        }
        self.note_broken(&fields);
    }
}

/// `PackageId`, `TypeId` and `EntryId` are field 1 and hold the id in theirs.
fn inner_id(message: Message<'_>) -> u32 {
    message
        .message(1)
        .and_then(|id| id.number(1))
        .map_or(0, low32)
}

impl ProtoResourceTable<'_> {
    /// The text of a resource in the default configuration, references
    /// followed; where there is no default value, the first one in the file.
    pub fn string(&self, id: u32) -> Option<String> {
        self.value(id).as_ref().and_then(text)
    }

    /// The same, typed.
    pub fn value(&self, id: u32) -> Option<Value> {
        follow(id, |id| self.lookup(id))
    }

    /// The text of a resource in a language (`zh`, `fil`): the value without
    /// region if there is one, else the first. `None` when the table has none
    /// in that language.
    pub fn localized(&self, id: u32, language: &str) -> Option<String> {
        let value = self
            .find(id, |configuration| configuration.is_locale(language))
            .or_else(|| self.find(id, |configuration| configuration.is_language(language)))?;
        match value {
            Value::Reference(next) => self.string(next),
            value => text(&value),
        }
    }

    /// The default value, else the first.
    fn lookup(&self, id: u32) -> Option<Value> {
        self.find(id, |configuration| configuration.is_default())
            .or_else(|| self.find(id, |_| true))
    }

    fn find(&self, id: u32, wanted: impl Fn(&Configuration<'_>) -> bool) -> Option<Value> {
        self.configured_values(id)
            .filter(|(configuration, _)| wanted(configuration))
            .find_map(|(_, value)| self.plain_value(value))
    }

    /// `Entry`: config_value = 6. `ConfigValue`: config = 1, value = 2.
    fn configured_values(&self, id: u32) -> impl Iterator<Item = (Configuration<'_>, Message<'_>)> {
        let entries = self.entries.get(&id).into_iter().flatten();
        entries
            .flat_map(|entry| entry.fields())
            .filter_map(|(number, field)| match (number, field) {
                (6, Field::Bytes(configured)) => Some(configured),
                _ => None,
            })
            .take(MAX_RESOURCE_CONFIGURATIONS)
            .filter_map(|configured| {
                let configuration = configured.message(1).unwrap_or(Message::new(&[], 0));
                Some((Configuration(configuration), configured.message(2)?))
            })
    }

    /// `Value`: item = 4. Compound values are bags and have none.
    fn plain_value(&self, value: Message<'_>) -> Option<Value> {
        match item(value.message(4)?)? {
            Item::Value(value) => Some(value),
            Item::Named(name) => {
                // `package:type/entry` or `type/entry`
                let local = name.rsplit(':').next()?;
                let (kind, entry) = local.split_once('/')?;
                let id = self.names.get(&(kind.as_bytes(), entry.as_bytes()))?;
                Some(Value::Reference(*id))
            }
        }
    }
}

/// A `Configuration` message, in which absent means "any".
struct Configuration<'a>(Message<'a>);

impl Configuration<'_> {
    fn is_default(&self) -> bool {
        self.0.data.is_empty()
    }

    /// `locale` = 3, a BCP 47 tag.
    fn locale(&self) -> Option<Cow<'_, str>> {
        self.0.message(3).map(Message::text)
    }

    fn is_locale(&self, tag: &str) -> bool {
        self.locale().is_some_and(|locale| locale == tag)
    }

    fn is_language(&self, language: &str) -> bool {
        self.locale()
            .is_some_and(|locale| locale.split(['-', '_']).next() == Some(language))
    }
}

impl Resources for ProtoResourceTable<'_> {
    fn value(&self, id: u32) -> Option<Value> {
        ProtoResourceTable::value(self, id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::mutation::survive;

    /// A length-delimited field.
    fn bytes(number: u8, data: &[u8]) -> Vec<u8> {
        let mut out = vec![number << 3 | 2];
        out.extend(leb(data.len() as u64));
        out.extend(data);
        out
    }

    fn number(field: u8, value: u64) -> Vec<u8> {
        let mut out = vec![field << 3];
        out.extend(leb(value));
        out
    }

    fn leb(mut value: u64) -> Vec<u8> {
        let mut out = Vec::new();
        while value >= 0x80 {
            out.push(value as u8 | 0x80);
            value >>= 7;
        }
        out.push(value as u8);
        out
    }

    fn attribute(name: &str, id: u64, value: &str, item: Option<Vec<u8>>) -> Vec<u8> {
        let mut out = bytes(2, name.as_bytes());
        out.extend(bytes(3, value.as_bytes()));
        out.extend(number(5, id));
        out.extend(item.into_iter().flat_map(|item| bytes(6, &item)));
        bytes(4, &out)
    }

    fn node(name: &str, attributes: &[Vec<u8>], children: &[Vec<u8>]) -> Vec<u8> {
        let children = children.iter().flat_map(|child| bytes(5, child));
        let element = [
            bytes(3, name.as_bytes()),
            attributes.concat(),
            children.collect(),
        ];
        [bytes(1, &element.concat()), bytes(3, &number(1, 4))].concat()
    }

    fn sample() -> Vec<u8> {
        let primitive = |primitive: Vec<u8>| Some(bytes(7, &primitive));
        let application = node(
            "application",
            &[
                attribute("debuggable", 0x0101_000f, "true", primitive(number(8, 1))),
                attribute(
                    "label",
                    0x0101_0001,
                    "@string/a",
                    Some(bytes(1, &number(2, 0x7f01_0000))),
                ),
            ],
            &[],
        );
        let attributes = [
            attribute("package", 0, "com.example", None),
            attribute(
                "versionCode",
                0x0101_021b,
                "-1",
                primitive(number(6, u64::MAX)),
            ),
        ];
        node("manifest", &attributes, &[bytes(2, b"text"), application])
    }

    /// A package `0x7f` with type 1 `string`.
    fn table(entries: &[Vec<u8>]) -> Vec<u8> {
        let entries = entries.iter().flat_map(|entry| bytes(3, entry)).collect();
        let kind = [bytes(1, &number(1, 1)), bytes(2, b"string"), entries].concat();
        bytes(2, &[bytes(1, &number(1, 0x7f)), bytes(3, &kind)].concat())
    }

    fn entry(id: u64, name: &str, values: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let mut out = [bytes(1, &number(1, id)), bytes(2, name.as_bytes())].concat();
        for (locale, item) in values {
            let configuration = match *locale {
                "" => Vec::new(),
                locale => bytes(3, locale.as_bytes()),
            };
            let value = bytes(2, &bytes(4, item));
            out.extend(bytes(6, &[bytes(1, &configuration), value].concat()));
        }
        out
    }

    fn text_item(text: &str) -> Vec<u8> {
        bytes(2, &bytes(1, text.as_bytes()))
    }

    fn sample_table() -> Vec<u8> {
        table(&[
            entry(
                0,
                "a",
                &[
                    ("zh-TW", text_item("乙")),
                    ("zh", text_item("甲")),
                    ("", text_item("A")),
                ],
            ),
            entry(1, "b", &[("", bytes(1, &bytes(3, b"string/a")))]),
            entry(2, "c", &[("", bytes(1, &number(2, 0x7f01_0002)))]),
        ])
    }

    #[test]
    fn a_manifest_is_read_with_typed_values() {
        let (root, anomalies) = parse(&sample()).unwrap();
        assert_eq!(anomalies, []);
        assert_eq!((root.name.as_str(), root.line), ("manifest", 4));
        let package = Value::String("com.example".to_owned());
        assert_eq!(root.android("package"), Some(&package));
        assert_eq!(root.android("versionCode"), Some(&Value::Integer(-1)));
        let application = &root.children[0];
        assert_eq!(
            application.android("debuggable"),
            Some(&Value::Boolean(true))
        );
        assert_eq!(
            application.android("label"),
            Some(&Value::Reference(0x7f01_0000))
        );
    }

    #[test]
    fn the_resource_id_wins_over_the_name() {
        let data = node("a", &[attribute("x", 0x0101_0003, "v", None)], &[]);
        let (root, anomalies) = parse(&data).unwrap();
        assert_eq!(root.android("name"), Some(&Value::String("v".to_owned())));
        assert_eq!(anomalies[0].code, "proto-xml-attribute-name");
    }

    #[test]
    fn a_cut_message_yields_its_start_and_says_so() {
        let data = sample();
        let (root, anomalies) = parse(&data[..data.len() / 2]).unwrap();
        assert_eq!(root.name, "manifest");
        assert!(crate::formats::xml::is_incomplete(&anomalies));
    }

    #[test]
    fn binary_or_text_xml_is_refused() {
        assert!(parse(b"<manifest/>").is_err());
        assert!(parse(&[3, 0, 8, 0, 16, 0, 0, 0]).is_err());
        assert!(parse(b"").is_err());
    }

    #[test]
    fn resources_are_found_by_id_name_and_language() {
        let data = sample_table();
        let (table, anomalies) = parse_resources(&data).unwrap();
        assert_eq!(anomalies, []);
        assert_eq!(table.string(0x7f01_0000).as_deref(), Some("A"));
        assert_eq!(table.string(0x7f01_0001).as_deref(), Some("A"));
        assert_eq!(table.string(0x7f01_0002), None);
        assert_eq!(table.localized(0x7f01_0000, "zh").as_deref(), Some("甲"));
        assert_eq!(table.localized(0x7f01_0000, "en"), None);
    }

    #[test]
    fn damaged_messages_never_panic() {
        survive(&sample(), 4_000, |damaged| {
            let _ = parse(damaged);
        });
        survive(&sample_table(), 4_000, |damaged| {
            if let Ok((table, _)) = parse_resources(damaged) {
                let _ = (
                    table.string(0x7f01_0001),
                    table.localized(0x7f01_0000, "zh"),
                );
            }
        });
    }
}
