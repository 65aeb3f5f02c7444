//! Names of code in the XML resources of an app: layouts, menus, navigation
//! graphs, preferences and the like. Android makes objects of the classes that
//! they name and calls the methods of `android:onClick`, so that code can run
//! that no other code calls.
//!
//! Only asked for when reachability is: the archives are opened again. A value
//! that stands in another resource (`@string/…`) is not looked up.

use std::collections::{BTreeSet, HashSet};

use super::archive::{self, ArchiveKind};
use super::load::{Part, contained_apks};
use crate::formats::limits::{
    MAX_CLASS_NAME_BYTES, MAX_ENTRY_BYTES, MAX_PACKAGE_INFLATED_BYTES, MAX_RESOURCE_XML_BYTES,
    MAX_RESOURCE_XML_NAME_BYTES,
};
use crate::formats::xml::{self, Element, Value};
use crate::formats::zip::{Archive, Entry};
use crate::formats::{Anomaly, AnomalyLog, Limit, axml, proto_xml, text_xml};

/// `android:onClick` (AOSP `core/res/res/values/public-final.xml`).
const ON_CLICK: u32 = 0x0101_026f;

/// What the compiled XML resources of a package name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct XmlNames {
    /// Dotted class names: custom views, fragments, preferences, and every
    /// other value that has the shape of one.
    pub classes: BTreeSet<String>,
    /// Class names with a dot in front (`.HomeFragment`), which Android
    /// completes by the package name of the app.
    pub relative: BTreeSet<String>,
    /// Values of `android:onClick`: method names.
    pub handlers: BTreeSet<String>,
}

impl XmlNames {
    /// Completes the relative class names, as Android does for navigation graphs.
    pub fn complete(&mut self, package: &str) {
        let relative = std::mem::take(&mut self.relative);
        let complete = relative.into_iter().map(|name| format!("{package}{name}"));
        self.classes.extend(complete);
    }
}

/// Reads the XML resources of an app's files: `res/**/*.xml`, in bundles those
/// of every module. In APKs every binary XML of another folder counts too,
/// because tools that shorten paths rename `res/`.
pub fn xml_names(parts: &[Part<'_>]) -> (XmlNames, Vec<Anomaly>, Vec<Limit>) {
    let mut reader = Reader::default();
    for part in parts {
        let prefix = match parts {
            [_] => String::new(),
            _ => format!("{}!", part.name),
        };
        reader.package(part.bytes, &prefix);
    }
    reader.finish()
}

/// How the XML resources of an archive are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Binary,
    Protobuf,
    /// Sources, in an AAR.
    Text,
}

#[derive(Default)]
struct Reader {
    names: XmlNames,
    name_bytes: usize,
    inflated: usize,
    /// Bytes that APKs inside a container inflated to.
    inflated_apks: usize,
    /// Scratch space for the content of entries.
    buffer: Vec<u8>,
    log: AnomalyLog,
    /// Codes of limits, what they say, and the first place of each.
    limits: Vec<(&'static str, &'static str, String, usize)>,
}

impl Reader {
    /// What is no archive, and what is wrong with one, is told by the loader.
    fn package(&mut self, bytes: &[u8], prefix: &str) {
        let Ok((archive, _)) = Archive::open(bytes) else {
            return;
        };
        let kind = archive::classify(&archive, |entry| {
            let mut start = Vec::new();
            let content = archive.read(entry, &mut start, archive::MAGIC_BYTES);
            content.map_or_else(|_| Vec::new(), |content| content.bytes.to_vec())
        });
        match kind {
            ArchiveKind::Apk => self.archive(&archive, Form::Binary, prefix),
            ArchiveKind::Bundle => self.archive(&archive, Form::Protobuf, prefix),
            ArchiveKind::Library => self.archive(&archive, Form::Text, prefix),
            ArchiveKind::ApkContainer => self.container(&archive, prefix),
            ArchiveKind::Jar | ArchiveKind::Other => {}
        }
    }

    fn container(&mut self, container: &Archive<'_>, prefix: &str) {
        for entry in contained_apks(container).0 {
            let place = format!("{prefix}{}", entry.name);
            let room = MAX_PACKAGE_INFLATED_BYTES.saturating_sub(self.inflated_apks);
            if room == 0 {
                self.note("resource-xml-capped", CAPPED, place);
                break;
            }
            let mut buffer = Vec::new();
            let Ok(content) = container.read(entry, &mut buffer, room.min(MAX_ENTRY_BYTES)) else {
                self.note("resource-xml-unreadable", UNREADABLE, place);
                continue;
            };
            if container.borrowed(content.bytes).is_none() {
                self.inflated_apks += content.bytes.len();
            }
            if let Ok((archive, _)) = Archive::open(content.bytes) {
                self.archive(&archive, Form::Binary, &format!("{place}!"));
            }
        }
    }

    fn archive(&mut self, archive: &Archive<'_>, form: Form, prefix: &str) {
        let mut seen = HashSet::new();
        let mut buffer = std::mem::take(&mut self.buffer);
        for entry in archive.entries() {
            // The same bytes under another name say nothing new.
            let is_new = |seen: &mut HashSet<_>| {
                entry.data_start.is_none() || seen.insert((entry.data_start, entry.compressed_size))
            };
            if !is_xml_resource(entry, form) || !is_new(&mut seen) {
                continue;
            }
            let place = || format!("{prefix}{}", entry.name);
            let Some(room) = self.room() else {
                self.note("resource-xml-capped", CAPPED, place());
                break;
            };
            let Ok(content) = archive.read(entry, &mut buffer, room) else {
                self.note("resource-xml-unreadable", UNREADABLE, place());
                continue;
            };
            self.inflated += content.bytes.len();
            if content.truncated {
                self.note("resource-xml-unreadable", UNREADABLE, place());
            }
            for anomaly in content.anomalies {
                self.log.note(anomaly.code, place(), anomaly.message);
            }
            self.document(content.bytes, form, &place);
        }
        self.buffer = buffer;
    }

    /// Bytes that the next document may inflate to.
    fn room(&self) -> Option<usize> {
        let left = MAX_RESOURCE_XML_BYTES.saturating_sub(self.inflated);
        (left > 0 && self.name_bytes < MAX_RESOURCE_XML_NAME_BYTES).then_some(left)
    }

    fn document(&mut self, bytes: &[u8], form: Form, place: &dyn Fn() -> String) {
        let decoded = match form {
            // Raw text is copied into an APK but never inflated as a layout.
            Form::Binary if is_text(bytes) => return,
            Form::Binary => axml::names(bytes, ON_CLICK).map(|(names, anomalies)| {
                self.take(&names);
                (names.other_values, anomalies)
            }),
            Form::Protobuf => proto_xml::parse(bytes).map(|(root, a)| (self.tree(&root), a)),
            Form::Text => text_xml::parse(bytes).map(|(root, a)| (self.tree(&root), a)),
        };
        let Ok((unresolved, anomalies)) = decoded else {
            self.note("resource-xml-unreadable", UNREADABLE, place());
            return;
        };
        if unresolved > 0 {
            self.note("xml-handler-unresolved", UNRESOLVED, place());
        }
        if xml::is_incomplete(&anomalies) {
            self.note("resource-xml-unreadable", UNREADABLE, place());
        }
        for anomaly in anomalies {
            self.log.note(
                anomaly.code,
                format_args!("{}!{}", place(), anomaly.place),
                anomaly.message,
            );
        }
    }

    fn take(&mut self, names: &axml::Names<'_>) {
        names.strings.iter().for_each(|name| self.class(name));
        names.values.iter().for_each(|name| self.handler(name));
    }

    /// Walks a tree; gives the number of handlers that are no text.
    fn tree(&mut self, root: &Element) -> usize {
        let mut unresolved = 0;
        let mut open = vec![root];
        while let Some(element) = open.pop() {
            self.class(&element.name);
            for attribute in &element.attributes {
                let is_handler =
                    attribute.name == "onClick" && attribute.namespace == xml::ANDROID_NAMESPACE;
                match &attribute.value {
                    Value::String(text) if is_handler && text.starts_with("@string/") => {
                        unresolved += 1;
                    }
                    Value::String(text) if is_handler => self.handler(text),
                    Value::String(text) => self.class(text),
                    _ => unresolved += usize::from(is_handler),
                }
            }
            open.extend(&element.children);
        }
        unresolved
    }

    fn class(&mut self, name: &str) {
        let (set, labels) = match name.strip_prefix('.') {
            Some(labels) => (&mut self.names.relative, labels),
            None if name.contains('.') => (&mut self.names.classes, name),
            None => return,
        };
        if name.len() <= MAX_CLASS_NAME_BYTES
            && labels.split('.').all(is_identifier)
            && !set.contains(name)
        {
            self.name_bytes += name.len();
            set.insert(name.to_owned());
        }
    }

    /// Expressions of data binding (`@{…}`) are no names.
    fn handler(&mut self, name: &str) {
        if name.len() <= MAX_CLASS_NAME_BYTES
            && is_identifier(name)
            && !self.names.handlers.contains(name)
        {
            self.name_bytes += name.len();
            self.names.handlers.insert(name.to_owned());
        }
    }

    fn note(&mut self, code: &'static str, message: &'static str, place: String) {
        match self.limits.iter_mut().find(|limit| limit.0 == code) {
            Some(limit) => limit.3 += 1,
            None => self.limits.push((code, message, place, 1)),
        }
    }

    fn finish(self) -> (XmlNames, Vec<Anomaly>, Vec<Limit>) {
        let limit = |(code, message, place, count): (&'static str, &str, String, usize)| {
            let message = match count {
                1 => message.to_owned(),
                _ => format!("{message} (and {} more)", count - 1),
            };
            Limit::detail(code, message, place)
        };
        let mut limits: Vec<Limit> = self.limits.into_iter().map(limit).collect();
        limits.sort();
        (self.names, self.log.finish(), limits)
    }
}

const CAPPED: &str =
    "the XML resources are too large; classes and handlers that the rest names are not known";
const UNREADABLE: &str = "an XML resource could not be read, or only in part; classes and handlers that it names may be missing";
const UNRESOLVED: &str =
    "an android:onClick names its method by a resource, which is not looked up";

/// Whether an entry can be a compiled XML resource.
fn is_xml_resource(entry: &Entry, form: Form) -> bool {
    let name = entry.name.as_str();
    if entry.is_directory || !name.ends_with(".xml") {
        return false;
    }
    let (top, rest) = name.split_once('/').unwrap_or(("", name));
    match form {
        Form::Binary => !top.is_empty() && !matches!(top, "assets" | "META-INF"),
        Form::Protobuf => rest.starts_with("res/"),
        Form::Text => top == "res",
    }
}

/// Whether a document starts as text, which no binary XML does.
fn is_text(bytes: &[u8]) -> bool {
    archive::starts_as_text(bytes.get(..archive::MAGIC_BYTES).unwrap_or(bytes))
}

/// A Java identifier, as far as a name needs to be told from other text.
fn is_identifier(text: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    text.chars().all(is_part) && text.starts_with(|c: char| !c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::axml::writer::{android, document, element, plain};
    use crate::formats::zip::builder::{File, archive};

    /// A layout with a custom view, a fragment and a handler.
    fn layout(view: &str) -> Vec<u8> {
        let text = |text: &str| Value::String(text.to_owned());
        let fragment = vec![android(0x0101_0003, "name", text(".HomeFragment"))];
        let button = vec![android(ON_CLICK, "onClick", text("send"))];
        let bound = vec![android(ON_CLICK, "onClick", text("@{model.send}"))];
        let children = vec![
            element("fragment", fragment, vec![]),
            element("Button", button, vec![]),
            element("Button", bound, vec![]),
        ];
        let attributes = vec![
            plain("layout_behavior", "com.example.Behavior"),
            plain("a", "1.5"),
        ];
        document(&element(view, attributes, children), true)
    }

    fn manifest() -> File {
        let root = element("manifest", vec![plain("package", "com.example")], vec![]);
        File::deflated("AndroidManifest.xml", &document(&root, true))
    }

    fn apk(view: &str) -> Vec<u8> {
        let layout = layout(view);
        archive(&[manifest(), File::deflated("res/layout/main.xml", &layout)])
    }

    fn part(name: &str, bytes: &[u8]) -> (XmlNames, Vec<Anomaly>, Vec<Limit>) {
        let name = name.to_owned();
        xml_names(&[Part { name, bytes }])
    }

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn a_layout_names_views_fragments_and_handlers() {
        let (names, anomalies, limits) = part("a.apk", &apk("com.example.View"));
        let expected = XmlNames {
            classes: set(&["com.example.Behavior", "com.example.View"]),
            relative: set(&[".HomeFragment"]),
            handlers: set(&["send"]),
        };
        assert_eq!((&names, anomalies, limits), (&expected, vec![], vec![]));
        let mut complete = names;
        complete.complete("com.example");
        assert!(complete.classes.contains("com.example.HomeFragment"));
        assert!(complete.relative.is_empty());
    }

    #[test]
    fn splits_and_containers_give_the_names_of_all_their_apks() {
        let (one, two) = (apk("com.example.One"), apk("com.example.Two"));
        let both = set(&["com.example.Behavior", "com.example.One", "com.example.Two"]);
        let parts = [("base.apk", &one), ("split.apk", &two)].map(|(name, bytes)| Part {
            name: name.to_owned(),
            bytes,
        });
        assert_eq!(xml_names(&parts).0.classes, both);
        for file in [File::stored, File::deflated] {
            let container = archive(&[file("base.apk", &one), file("split.apk", &two)]);
            assert_eq!(part("a.apks", &container).0.classes, both);
        }
    }

    #[test]
    fn a_bundle_keeps_protobuf_xml_in_each_module() {
        let field = |number: u8, data: &[u8]| [&[number << 3 | 2, data.len() as u8], data].concat();
        let name = field(3, b"com.example.View");
        let handler = [
            field(1, xml::ANDROID_NAMESPACE.as_bytes()),
            field(2, b"onClick"),
            field(3, b"send"),
        ];
        let element = [name, field(4, &handler.concat())].concat();
        let node = field(1, &element);
        let bundle = archive(&[
            File::stored(archive::BUNDLE_MANIFEST, &node),
            File::stored("feature/res/layout/main.xml", &node),
        ]);
        let (names, _, limits) = part("a.aab", &bundle);
        assert_eq!(names.classes, set(&["com.example.View"]));
        assert_eq!(names.handlers, set(&["send"]));
        assert_eq!(limits, []);
    }

    #[test]
    fn an_android_library_keeps_its_sources() {
        let manifest = File::stored("AndroidManifest.xml", b"<manifest package='a.b'/>");
        let layout = File::stored(
            "res/layout/main.xml",
            b"<a.View xmlns:android='http://schemas.android.com/apk/res/android'>\
              <B android:onClick='send'/><B android:onClick='@string/x'/></a.View>",
        );
        let (names, _, limits) = part("a.aar", &archive(&[manifest, layout]));
        assert_eq!(names.classes, set(&["a.View"]));
        assert_eq!(names.handlers, set(&["send"]));
        assert_eq!(limits[0].code, "xml-handler-unresolved");
    }

    #[test]
    fn what_cannot_be_read_is_said_and_raw_text_is_none_of_it() {
        let files = [
            manifest(),
            File::stored("res/raw/text.xml", b"<a.B/>"),
            File::stored("res/layout/a.xml", b"\x03\0\x08\0"),
            File::stored("res/layout/b.xml", &layout("a.B")[..120]),
            File::stored("assets/c.xml", &layout("a.C")),
            File::stored("r/d.xml", &layout("a.D")),
        ];
        let (names, _, limits) = part("a.apk", &archive(&files));
        assert_eq!(names.classes, set(&["a.D", "com.example.Behavior"]));
        assert_eq!(limits[0].code, "resource-xml-unreadable");
        assert_eq!(limits[0].place, "res/layout/a.xml");
        assert!(limits[0].message.ends_with("(and 1 more)"));
    }
}
