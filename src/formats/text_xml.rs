//! Text XML (manifests of AAR files).
//!
//! Values stay text: `"true"` and `"@string/app_name"` are strings, because
//! only the app's build resolves them. No entity beyond the five predefined
//! ones and character references is expanded, and nothing external is read.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::attributes::Attribute as TextAttribute;
use quick_xml::events::{BytesStart, Event};

use super::limits::{
    MAX_XML_ATTRIBUTES, MAX_XML_DEPTH, MAX_XML_DOCUMENT_ATTRIBUTES, MAX_XML_ELEMENTS,
    MAX_XML_NAMESPACE_BYTES, MAX_XML_NAMESPACES,
};
use super::xml::{Attribute, Element, Value};
use super::{AnomalyLog, DecodeError, Decoded};

/// Decodes a document into its root element.
///
/// # Errors
/// When the document holds no element.
pub fn parse(bytes: &[u8]) -> Decoded<Element> {
    let mut document = Document {
        open: Vec::new(),
        skipped_depth: 0,
        elements: 0,
        attributes: 0,
        namespaces: Vec::new(),
        lines: Lines::default(),
        log: AnomalyLog::new(),
    };
    let text = decode(bytes, &mut document.log);
    match document.read(&text) {
        Some(root) => Ok((root, document.log.finish())),
        None => Err(DecodeError::new(0, "the XML holds no element")),
    }
}

/// UTF-8, or what the byte order mark says.
fn decode<'a>(bytes: &'a [u8], log: &mut AnomalyLog) -> Cow<'a, str> {
    let (text, _, replaced) = encoding_rs::UTF_8.decode(bytes);
    if replaced {
        log.note(
            "text-xml-encoding",
            "",
            "bytes that are no text in the document's encoding were replaced",
        );
    }
    text
}

struct Document {
    open: Vec<Element>,
    /// Open elements below [`MAX_XML_DEPTH`], which are not kept.
    skipped_depth: usize,
    elements: usize,
    attributes: usize,
    namespaces: Vec<Binding>,
    lines: Lines,
    log: AnomalyLog,
}

/// A namespace prefix in force.
struct Binding {
    prefix: String,
    uri: String,
    /// Number of open elements when it was declared.
    depth: usize,
}

/// Counts lines while reading goes on, each byte once.
#[derive(Default)]
struct Lines {
    offset: usize,
    line: u32,
}

impl Lines {
    /// The line of an offset not before the last one asked for.
    fn at(&mut self, text: &str, offset: usize) -> u32 {
        let passed = text.as_bytes().get(self.offset..offset).unwrap_or_default();
        let breaks = passed.iter().filter(|byte| **byte == b'\n').count();
        self.offset = self.offset.max(offset);
        let breaks = u32::try_from(breaks).unwrap_or(u32::MAX);
        self.line = self.line.saturating_add(breaks);
        self.line.saturating_add(1)
    }
}

impl Document {
    fn read(&mut self, text: &str) -> Option<Element> {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        // Any end tag closes the innermost element, as in binary XML.
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        loop {
            let position = offset(&reader);
            let root = match reader.read_event() {
                Ok(Event::Start(start)) => {
                    let line = self.lines.at(text, position);
                    if !self.start(&start, line) {
                        return self.fold();
                    }
                    None
                }
                Ok(Event::Empty(start)) => {
                    let line = self.lines.at(text, position);
                    if !self.start(&start, line) {
                        return self.fold();
                    }
                    self.end()
                }
                Ok(Event::End(_)) => self.end(),
                Ok(Event::Eof) => {
                    self.note_truncated(position, "the document ends with elements open");
                    return self.fold();
                }
                Ok(_) => None,
                Err(error) => {
                    self.note_truncated(position, error);
                    return self.fold();
                }
            };
            if root.is_some() {
                return root;
            }
        }
    }

    fn note_truncated(&mut self, position: usize, message: impl std::fmt::Display) {
        self.log.note_at("text-xml-truncated", position, message);
    }

    /// Returns whether to go on.
    fn start(&mut self, start: &BytesStart<'_>, line: u32) -> bool {
        if self.elements >= MAX_XML_ELEMENTS || self.attributes >= MAX_XML_DOCUMENT_ATTRIBUTES {
            self.note_limit(line, "the document is too large and was read in part");
            return false;
        }
        if self.open.len() >= MAX_XML_DEPTH {
            self.skipped_depth = self.skipped_depth.saturating_add(1);
            self.note_limit(line, "deeply nested elements were not read");
            return true;
        }
        self.elements += 1;
        let attributes = self.read_attributes(start, line);
        let name = start.name();
        let (prefix, local) = split_name(name.as_ref());
        let element = Element {
            namespace: self.namespace(prefix).to_owned(),
            name: local.to_owned(),
            attributes: attributes
                .into_iter()
                .map(|(name, value)| self.attribute(&name, value))
                .collect(),
            children: Vec::new(),
            line,
        };
        self.open.push(element);
        true
    }

    fn note_limit(&mut self, line: u32, message: &str) {
        self.log
            .note("text-xml-limit", format_args!("line {line}"), message);
    }

    /// The attributes that are not namespace declarations; those come into
    /// force for the element itself.
    fn read_attributes(&mut self, start: &BytesStart<'_>, line: u32) -> Vec<(String, String)> {
        let mut kept = Vec::new();
        // The check for duplicates is quadratic; the first one is found anyway.
        for attribute in start.attributes().with_checks(false) {
            let Ok(attribute) = attribute else {
                self.log.note(
                    "text-xml-attribute",
                    format_args!("line {line}"),
                    "an attribute is malformed; it and those after it were not read",
                );
                break;
            };
            let name = attribute.key.as_ref().to_owned();
            let value = self.attribute_text(&attribute, line);
            if name == "xmlns" {
                self.bind("", value, line);
            } else if let Some(prefix) = name.strip_prefix("xmlns:") {
                self.bind(prefix, value, line);
            } else if kept.len() >= MAX_XML_ATTRIBUTES {
                self.note_limit(line, "an element has too many attributes");
                break;
            } else {
                kept.push((name, value));
            }
        }
        self.attributes = self.attributes.saturating_add(kept.len());
        kept
    }

    fn attribute_text(&mut self, attribute: &TextAttribute<'_>, line: u32) -> String {
        match attribute.normalized_value(XmlVersion::Implicit1_0) {
            Ok(value) => value.into_owned(),
            Err(error) => {
                self.log.note(
                    "text-xml-entity",
                    format_args!("line {line}"),
                    format_args!("a value was left as written: {error}"),
                );
                attribute.value.to_string()
            }
        }
    }

    fn bind(&mut self, prefix: &str, uri: String, line: u32) {
        if self.namespaces.len() >= MAX_XML_NAMESPACES || uri.len() > MAX_XML_NAMESPACE_BYTES {
            self.note_limit(line, "too many or too long namespaces are declared");
            return;
        }
        self.namespaces.push(Binding {
            prefix: prefix.to_owned(),
            uri,
            depth: self.open.len(),
        });
    }

    fn namespace(&self, prefix: &str) -> &str {
        let bindings = self.namespaces.iter().rev();
        bindings
            .filter(|binding| binding.prefix == prefix)
            .map(|binding| binding.uri.as_str())
            .next()
            .unwrap_or_default()
    }

    /// The default namespace does not apply to attributes.
    fn attribute(&self, name: &str, value: String) -> Attribute {
        let (prefix, local) = split_name(name);
        Attribute {
            namespace: match prefix {
                "" => String::new(),
                prefix => self.namespace(prefix).to_owned(),
            },
            name: local.to_owned(),
            resource_id: None,
            value: Value::String(value),
        }
    }

    /// Closes the innermost element; returns the root when that was it.
    fn end(&mut self) -> Option<Element> {
        if self.skipped_depth > 0 {
            self.skipped_depth -= 1;
            return None;
        }
        let element = self.open.pop()?;
        let depth = self.open.len();
        self.namespaces.retain(|binding| binding.depth < depth);
        match self.open.last_mut() {
            Some(parent) => {
                parent.children.push(element);
                None
            }
            None => Some(element),
        }
    }

    /// Closes everything that is open.
    fn fold(&mut self) -> Option<Element> {
        self.skipped_depth = 0;
        let mut root = None;
        while !self.open.is_empty() {
            root = self.end();
        }
        root
    }
}

fn offset(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// Prefix (empty when there is none) and local name.
fn split_name(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::mutation::survive;
    use crate::formats::xml::{ANDROID_NAMESPACE, is_incomplete};

    const SAMPLE: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<!-- comment -->
<manifest xmlns:a="http://schemas.android.com/apk/res/android" package="com.example">
    <uses-permission a:name="android.permission.INTERNET" />
    <application>
        <meta-data a:name="n" a:value="x &amp; &#x4e2d;" />
    </application>
</manifest>"#;

    fn codes(anomalies: &[crate::formats::Anomaly]) -> Vec<&str> {
        anomalies.iter().map(|anomaly| anomaly.code).collect()
    }

    #[test]
    fn prefixes_become_namespaces_and_lines_are_counted() {
        let (root, anomalies) = parse(SAMPLE.as_bytes()).unwrap();
        assert_eq!(anomalies, []);
        assert_eq!((root.name.as_str(), root.line), ("manifest", 3));
        let permission = &root.children[0];
        assert_eq!(permission.attributes[0].namespace, ANDROID_NAMESPACE);
        assert_eq!((permission.line, root.children[1].line), (4, 5));
        let value = root.children[1].children[0].android("value");
        assert_eq!(value, Some(&Value::String("x & 中".to_owned())));
    }

    #[test]
    fn a_byte_order_mark_decides_the_encoding() {
        let units = SAMPLE.encode_utf16().flat_map(u16::to_le_bytes);
        let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(units).collect();
        let utf8 = [b"\xef\xbb\xbf", SAMPLE.as_bytes()].concat();
        for data in [utf16, utf8] {
            assert_eq!(parse(&data).unwrap().0.name, "manifest");
        }
    }

    #[test]
    fn entities_are_not_expanded() {
        let data = br#"<!DOCTYPE a [<!ENTITY b "bomb"><!ENTITY c SYSTEM "file:///etc/passwd">]>
            <a x="&b;" y="&c;"/>"#;
        let (root, anomalies) = parse(data).unwrap();
        assert_eq!(root.android("x"), Some(&Value::String("&b;".to_owned())));
        assert_eq!(root.android("y"), Some(&Value::String("&c;".to_owned())));
        assert_eq!(codes(&anomalies), ["text-xml-entity"]);
    }

    #[test]
    fn a_document_cut_in_half_yields_its_start_and_says_so() {
        let cut = SAMPLE.find("<application").unwrap() + 15;
        let (root, anomalies) = parse(&SAMPLE.as_bytes()[..cut]).unwrap();
        assert_eq!(root.children.len(), 2);
        assert!(is_incomplete(&anomalies));
    }

    #[test]
    fn a_prefix_ends_with_the_element_that_declared_it() {
        let data = br#"<a><b xmlns:p="u" p:x="1"/><c p:x="2"/></a>"#;
        let (root, _) = parse(data).unwrap();
        assert_eq!(root.children[0].attributes[0].namespace, "u");
        assert_eq!(root.children[1].attributes[0].namespace, "");
    }

    #[test]
    fn deep_nesting_is_read_down_to_the_limit() {
        let data = "<a>".repeat(100_000);
        let (_, anomalies) = parse(data.as_bytes()).unwrap();
        assert!(is_incomplete(&anomalies));
    }

    #[test]
    fn damaged_documents_never_panic() {
        survive(SAMPLE.as_bytes(), 4_000, |damaged| {
            let _ = parse(damaged);
        });
    }
}
