//! Binary XML (AXML), the form of a manifest inside an APK.
//!
//! Layout: AOSP `androidfw/ResourceTypes.h` (`ResXMLTree_*`). Leniency: what
//! `ResXMLTree::setTo`, `validateNode` and `ResXMLParser::nextNode` accept is
//! read as they read it; what they refuse is repaired where there is only one
//! sensible reading. Both are noted, because build tools never write either.

mod names;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod writer;

pub use names::{Names, names};

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::formats::chunk::{CHUNK_HEADER, Chunk, Chunks, STRING_POOL, Shape};
use crate::formats::limits::{
    MAX_XML_ATTRIBUTES, MAX_XML_DEPTH, MAX_XML_DOCUMENT_ATTRIBUTES, MAX_XML_ELEMENTS,
    MAX_XML_TEXT_BYTES,
};
use crate::formats::resources::typed;
use crate::formats::string_pool::StringPool;
use crate::formats::xml::{ANDROID_NAMESPACE, Attribute, Element, Value};
use crate::formats::{AnomalyLog, Cursor, DecodeError, Decoded, framework_attributes};

/// `RES_XML_TYPE`, the type of the whole document.
const XML: u16 = 0x0003;
const START_NAMESPACE: u16 = 0x0100;
const END_NAMESPACE: u16 = 0x0101;
const START_ELEMENT: u16 = 0x0102;
const END_ELEMENT: u16 = 0x0103;
const CDATA: u16 = 0x0104;
const LAST_NODE: u16 = 0x017f;
const RESOURCE_MAP: u16 = 0x0180;

/// Bytes of `ResXMLTree_node`, the header of every node.
const NODE_HEADER: usize = 16;
/// Bytes of `ResXMLTree_attrExt`, and so the usual `attributeStart`.
const ELEMENT_HEADER: usize = 20;
/// Bytes of `ResXMLTree_attribute`.
const ATTRIBUTE: usize = 20;
/// "No string" in a string reference.
const NO_STRING: u32 = u32::MAX;
/// Anomaly code of a document that ends before its root element does.
const TRUNCATED: &str = "axml-truncated";
/// `Res_value::TYPE_STRING`.
const TYPE_STRING: u8 = 0x03;

/// Decodes a document into its root element.
///
/// A document that was cut or that exceeds a cap yields what was read;
/// [`crate::formats::xml::is_incomplete`] tells from the anomalies.
///
/// # Errors
/// When not even a root element can be read.
pub fn parse(bytes: &[u8]) -> Decoded<Element> {
    let mut log = AnomalyLog::new();
    let (start, end) = document_bounds(bytes, &mut log)?;
    let mut best = read_document(bytes, start, end, log);
    // Android takes the declared bounds and fails where they cut the document;
    // where the rest of the file completes it, that is what it held.
    for (start, end) in [(start, bytes.len()), (CHUNK_HEADER, bytes.len())] {
        if best.0.is_some() && !best.1.has(TRUNCATED) {
            break;
        }
        let mut log = AnomalyLog::new();
        document_bounds(bytes, &mut log)?;
        let next = read_document(bytes, start, end, log);
        if next.0.is_some() && (best.0.is_none() || !next.1.has(TRUNCATED)) {
            best = next;
        }
    }
    match best {
        (Some(root), log) => Ok((root, log.finish())),
        (None, _) => Err(DecodeError::new(
            start,
            "the binary XML holds no element that can be read",
        )),
    }
}

/// Where the chunks start and end, by the document header. Android never looks
/// at the type of the first chunk (`ResXMLTree::setTo`).
fn document_bounds(bytes: &[u8], log: &mut AnomalyLog) -> Result<(usize, usize), DecodeError> {
    let mut cursor = Cursor::new(bytes);
    let kind = cursor.u16()?;
    let header_size = usize::from(cursor.u16()?);
    let size = usize::try_from(cursor.u32()?).unwrap_or(usize::MAX);
    if kind != XML {
        log.note_at(
            "axml-document-type",
            0,
            format_args!("the document is of type {kind:#x} instead of 0x3; Android ignores it"),
        );
    }
    let mut start = header_size;
    if header_size != CHUNK_HEADER {
        log.note_at(
            "axml-document-header",
            2,
            format_args!("the document header is declared {header_size} bytes long instead of 8"),
        );
        if header_size < CHUNK_HEADER || header_size >= bytes.len() {
            start = CHUNK_HEADER;
        }
    }
    if size > bytes.len() {
        log.note_at(
            "axml-document-size",
            4,
            format_args!(
                "the document declares {size} bytes but only {} are there",
                bytes.len()
            ),
        );
    } else if size < bytes.len() {
        log.note_at(
            "axml-trailing-data",
            size,
            format_args!(
                "{} bytes follow the declared end of the document",
                bytes.len() - size
            ),
        );
    }
    Ok((start, size.min(bytes.len())))
}

fn shape(kind: u16) -> Shape {
    match kind {
        START_NAMESPACE | END_NAMESPACE | END_ELEMENT => Shape {
            header: NODE_HEADER,
            total: Some(NODE_HEADER + 8),
        },
        CDATA => Shape {
            header: NODE_HEADER,
            total: Some(NODE_HEADER + 12),
        },
        START_ELEMENT => Shape {
            header: NODE_HEADER,
            total: None,
        },
        _ => Shape {
            header: CHUNK_HEADER,
            total: None,
        },
    }
}

/// What the nodes refer to, and what they may still cost.
struct Document<'a> {
    strings: StringPool<'a>,
    /// Four bytes for each of the first strings: the attribute's resource id.
    resource_ids: &'a [u8],
    text_left: usize,
    log: AnomalyLog,
}

/// The tree under construction.
#[derive(Default)]
struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
    attributes: usize,
    /// Open elements below [`MAX_XML_DEPTH`], which are not kept.
    skipped_depth: usize,
}

fn read_document(
    bytes: &[u8],
    start: usize,
    end: usize,
    log: AnomalyLog,
) -> (Option<Element>, AnomalyLog) {
    let data = bytes.get(..end).unwrap_or(bytes);
    let mut chunks = Chunks::new(data, start, 0, shape);
    let mut document = Document {
        strings: StringPool::default(),
        resource_ids: &[],
        text_left: MAX_XML_TEXT_BYTES,
        log,
    };
    let mut tree = Tree::default();
    let mut seen_node = false;
    for chunk in chunks.by_ref() {
        document.note_framing(&chunk, tree.root.is_some());
        let go_on = match chunk.kind {
            STRING_POOL if !seen_node => document.take_strings(&chunk),
            RESOURCE_MAP if !seen_node => document.take_resource_ids(&chunk),
            START_NAMESPACE..=LAST_NODE => {
                seen_node = true;
                document.take_node(&chunk, &mut tree)
            }
            _ => document.skip(&chunk),
        };
        if !go_on {
            break;
        }
    }
    document.note_end(&tree, &chunks);
    (tree.finish(), document.log)
}

impl<'a> Document<'a> {
    fn note_framing(&mut self, chunk: &Chunk<'_>, after_root: bool) {
        if let Some(repair) = chunk.repair {
            self.log.note_at("axml-chunk-size", chunk.offset, repair);
        }
        if chunk.cut {
            self.log.note_at(
                // What follows the root element is not part of the manifest.
                if after_root {
                    "axml-content-after-root"
                } else {
                    TRUNCATED
                },
                chunk.offset,
                "a chunk runs past the end of the document",
            );
        }
    }

    /// Until the first node the last pool wins (`ResXMLTree::setTo`).
    fn take_strings(&mut self, chunk: &Chunk<'a>) -> bool {
        if !self.strings.is_empty() {
            self.log.note_at(
                "axml-several-string-pools",
                chunk.offset,
                "a second string pool replaces the first",
            );
        }
        self.strings =
            StringPool::parse(chunk.data, chunk.header_size, chunk.offset, &mut self.log);
        true
    }

    fn take_resource_ids(&mut self, chunk: &Chunk<'a>) -> bool {
        self.resource_ids = chunk.body();
        true
    }

    /// Unknown chunks, and known ones in the wrong place, are walked over.
    fn skip(&mut self, chunk: &Chunk<'_>) -> bool {
        self.log.note_at(
            "axml-unknown-chunk",
            chunk.offset,
            format_args!(
                "a chunk of type {:#x} and {} bytes has no place here and was skipped",
                chunk.kind,
                chunk.data.len()
            ),
        );
        true
    }

    /// Returns whether to go on.
    fn take_node(&mut self, chunk: &Chunk<'a>, tree: &mut Tree) -> bool {
        match chunk.kind {
            START_ELEMENT => return self.start_element(chunk, tree),
            END_ELEMENT => self.end_element(chunk, tree),
            START_NAMESPACE | END_NAMESPACE | CDATA => {}
            _ => return self.skip(chunk),
        }
        true
    }

    fn start_element(&mut self, chunk: &Chunk<'a>, tree: &mut Tree) -> bool {
        if tree.root.is_some() {
            self.log.note_at(
                "axml-content-after-root",
                chunk.offset,
                "elements after the root element are ignored, as Android does",
            );
            return false;
        }
        if tree.elements >= MAX_XML_ELEMENTS {
            self.log.note_at(
                "axml-too-many-elements",
                chunk.offset,
                format_args!("only the first {MAX_XML_ELEMENTS} elements were read"),
            );
            return false;
        }
        if tree.open.len() >= MAX_XML_DEPTH {
            tree.skipped_depth = tree.skipped_depth.saturating_add(1);
            self.log.note_at(
                "axml-too-deep",
                chunk.offset,
                format_args!("elements more than {MAX_XML_DEPTH} levels deep were not read"),
            );
            return true;
        }
        match self.element(chunk) {
            Ok(element) => {
                tree.elements += 1;
                tree.attributes += element.attributes.len();
                tree.open.push(element);
                self.text_left > 0 && self.within_attribute_cap(tree, chunk.offset)
            }
            Err(error) => {
                self.log.note_at(
                    TRUNCATED,
                    error.offset,
                    "an element ends before its header does",
                );
                false
            }
        }
    }

    fn within_attribute_cap(&mut self, tree: &Tree, offset: usize) -> bool {
        let within = tree.attributes <= MAX_XML_DOCUMENT_ATTRIBUTES;
        if !within {
            self.log.note_at(
                "axml-too-many-attributes",
                offset,
                format_args!("reading stopped after {MAX_XML_DOCUMENT_ATTRIBUTES} attributes"),
            );
        }
        within
    }

    /// Android closes the innermost element whatever name the end tag carries.
    fn end_element(&mut self, chunk: &Chunk<'a>, tree: &mut Tree) {
        if tree.skipped_depth > 0 {
            tree.skipped_depth -= 1;
            return;
        }
        let Some(element) = tree.open.last() else {
            self.log.note_at(
                "axml-stray-end-tag",
                chunk.offset,
                "an end tag closes no element",
            );
            return;
        };
        let name = Cursor::at(chunk.body(), 4).u32().unwrap_or(NO_STRING);
        if self.strings.get(name).as_deref() != Some(&element.name) {
            self.log.note_at(
                "axml-end-tag-name",
                chunk.offset,
                format_args!("the end tag of <{}> carries another name", element.name),
            );
        }
        tree.close();
    }

    /// `ResXMLTree_attrExt` and the attributes behind it.
    fn element(&mut self, chunk: &Chunk<'a>) -> Result<Element, DecodeError> {
        let line = Cursor::at(chunk.data, CHUNK_HEADER).u32()?;
        let body = chunk.body();
        let offset = chunk.offset.saturating_add(chunk.header_size);
        let mut cursor = Cursor::new(body).with_base(offset);
        let namespace = cursor.u32()?;
        let name = cursor.u32()?;
        let layout = AttributeLayout {
            start: usize::from(cursor.u16()?),
            size: usize::from(cursor.u16()?),
            count: usize::from(cursor.u16()?),
        };
        let layout = layout.checked(body.len(), offset, &mut self.log);
        let mut element = Element {
            namespace: self.optional_string(namespace, offset),
            name: self.string(name, offset),
            attributes: Vec::with_capacity(layout.count),
            children: Vec::new(),
            line,
        };
        for index in 0..layout.count {
            let at = layout.start.saturating_add(index * layout.size);
            let mut cursor = Cursor::at(body, at).with_base(offset);
            let attribute = self.attribute(&mut cursor)?;
            element.attributes.push(attribute);
            if self.text_left == 0 {
                self.log.note_at(
                    "axml-too-much-text",
                    offset,
                    format_args!("reading stopped after {MAX_XML_TEXT_BYTES} bytes of text"),
                );
                break;
            }
        }
        self.demote_unidentified(&mut element, offset);
        Ok(element)
    }

    /// `ResXMLTree_attribute`.
    fn attribute(&mut self, cursor: &mut Cursor<'a>) -> Result<Attribute, DecodeError> {
        let offset = cursor.offset();
        let namespace = cursor.u32()?;
        let name = cursor.u32()?;
        let raw = cursor.u32()?;
        let _value_size = cursor.u16()?;
        let _reserved = cursor.u8()?;
        let kind = cursor.u8()?;
        let data = cursor.u32()?;
        let resource_id = self.resource_id(name);
        let known = resource_id.and_then(framework_attributes::name);
        let written = match known {
            Some(_) => self.optional_string(name, offset),
            None => self.string(name, offset),
        };
        if let Some(known) = known
            && known != written
        {
            self.note_hidden_name(known, &written, offset);
        }
        let framework = resource_id.is_some_and(framework_attributes::is_framework_attribute);
        Ok(Attribute {
            // Android looks framework attributes up by id alone.
            namespace: if framework {
                ANDROID_NAMESPACE.to_owned()
            } else {
                self.optional_string(namespace, offset)
            },
            name: known.map_or(written, str::to_owned),
            resource_id,
            value: self.value(resource_id, raw, kind, data, offset),
        })
    }

    fn note_hidden_name(&mut self, known: &str, written: &str, offset: usize) {
        if written.is_empty() {
            self.log.note_at(
                "axml-attribute-name-stripped",
                offset,
                format_args!("attribute {known} has no name; it was known by its resource id"),
            );
        } else {
            self.log.note_at(
                "axml-attribute-name",
                offset,
                format_args!(
                    "attribute {known} is named {written:?}; Android goes by its resource id"
                ),
            );
        }
    }

    /// An attribute found by name is read from its raw string
    /// (`XmlBlock.Parser.getAttributeValue`), one found by id from its typed
    /// value (`TypedArray`); build tools write the same string into both.
    fn value(
        &mut self,
        resource_id: Option<u32>,
        raw: u32,
        kind: u8,
        data: u32,
        offset: usize,
    ) -> Value {
        if kind != TYPE_STRING {
            return typed(kind, data, |_| None);
        }
        if raw != data && raw != NO_STRING {
            self.log.note_at(
                "axml-raw-value",
                offset,
                "the raw and the typed string of an attribute differ",
            );
        }
        let index = if resource_id.is_none() && raw != NO_STRING {
            raw
        } else {
            data
        };
        Value::String(self.string(index, offset))
    }

    fn resource_id(&self, name: u32) -> Option<u32> {
        let at = usize::try_from(name).ok()?.checked_mul(4)?;
        let id = Cursor::at(self.resource_ids, at).u32().ok()?;
        (id != 0).then_some(id)
    }

    /// Android does not see a framework attribute without resource id. Where
    /// the element also carries the real one, the namesake loses its namespace,
    /// so that looking the name up finds what Android finds.
    fn demote_unidentified(&mut self, element: &mut Element, offset: usize) {
        if self.resource_ids.is_empty() {
            return;
        }
        let unidentified = |attribute: &Attribute| {
            attribute.resource_id.is_none() && attribute.namespace == ANDROID_NAMESPACE
        };
        let real: BTreeSet<String> = if element.attributes.iter().any(unidentified) {
            let identified = element
                .attributes
                .iter()
                .filter(|a| a.resource_id.is_some());
            identified.map(|attribute| attribute.name.clone()).collect()
        } else {
            return;
        };
        for attribute in &mut element.attributes {
            if !unidentified(attribute) {
                continue;
            }
            let name = &attribute.name;
            if real.contains(name) {
                self.log.note_at(
                    "axml-decoy-attribute",
                    offset,
                    format_args!("a second attribute {name:?} without resource id is a decoy"),
                );
                attribute.namespace.clear();
            } else {
                self.log.note_at(
                    "axml-attribute-without-id",
                    offset,
                    format_args!("Android does not see attribute {name:?}: it has no resource id"),
                );
            }
        }
    }

    /// The string of a reference that may be empty.
    fn optional_string(&mut self, index: u32, offset: usize) -> String {
        if index == NO_STRING {
            String::new()
        } else {
            self.string(index, offset)
        }
    }

    fn string(&mut self, index: u32, offset: usize) -> String {
        let Some(string) = self.strings.read(index) else {
            self.log.note_at(
                "axml-missing-string",
                offset,
                format_args!("string {index:#x} is not in the pool"),
            );
            return String::new();
        };
        if let Some(flaw) = string.flaw {
            self.log.note_at("axml-bad-string", offset, flaw);
        }
        self.text_left = self.text_left.saturating_sub(string.text.len());
        Cow::into_owned(string.text)
    }

    /// Says why the walk ended, unless the document simply ended.
    fn note_end(&mut self, tree: &Tree, chunks: &Chunks<'_>) {
        if !tree.open.is_empty() {
            self.log.note_at(
                TRUNCATED,
                chunks.offset(),
                format_args!("the document ends with {} elements open", tree.open.len()),
            );
        } else if tree.root.is_some() && chunks.unread() > 0 {
            self.log.note_at(
                "axml-content-after-root",
                chunks.offset(),
                format_args!(
                    "{} bytes after the root element were not read",
                    chunks.unread()
                ),
            );
        }
    }
}

impl Tree {
    /// Closes the innermost open element.
    fn close(&mut self) {
        let Some(element) = self.open.pop() else {
            return;
        };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }

    fn finish(mut self) -> Option<Element> {
        while !self.open.is_empty() {
            self.close();
        }
        self.root
    }
}

/// Where the attributes of an element lie, relative to `ResXMLTree_attrExt`.
struct AttributeLayout {
    start: usize,
    size: usize,
    count: usize,
}

impl AttributeLayout {
    /// The declared layout where it fits the element (Android's rule), the
    /// usual one where only that fits, with as many attributes as there are
    /// bytes for.
    fn checked(mut self, available: usize, offset: usize, log: &mut AnomalyLog) -> Self {
        if self.start != ELEMENT_HEADER || self.size != ATTRIBUTE {
            log.note_at(
                "axml-attribute-layout",
                offset,
                format_args!(
                    "attributes are declared to start at {} and to be {} bytes long",
                    self.start, self.size
                ),
            );
            // Smaller than an attribute, they would overlap.
            let fits = self.size >= ATTRIBUTE
                && self
                    .start
                    .saturating_add(self.size.saturating_mul(self.count))
                    <= available;
            if !fits && self.count > 0 {
                (self.start, self.size) = (ELEMENT_HEADER, ATTRIBUTE);
            }
        }
        let size = self.size.max(1);
        let room = available.saturating_sub(self.start) / size;
        if self.count > room {
            log.note_at(
                TRUNCATED,
                offset,
                format_args!(
                    "an element declares {} attributes but has room for {room}",
                    self.count
                ),
            );
            self.count = room;
        }
        if self.count > MAX_XML_ATTRIBUTES {
            log.note_at(
                "axml-too-many-attributes",
                offset,
                format_args!(
                    "only the first {MAX_XML_ATTRIBUTES} of {} attributes were read",
                    self.count
                ),
            );
            self.count = MAX_XML_ATTRIBUTES;
        }
        self
    }
}
