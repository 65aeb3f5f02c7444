//! DOCX (ECMA-376 part 1, WordprocessingML): paragraphs, tables, text boxes and
//! links of the main part, then the notes. Headers, footers and comments
//! are no part of the text.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use encoding_rs::{UTF_16BE, UTF_16LE};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::builder::Builder;
use super::source::Source;
use super::wordml;
use crate::formats::Limit;
use crate::formats::limits::{MAX_DOCX_RELATIONS, MAX_DOCX_XML};
use crate::policy::PolicyError;

/// What the other parts say of the text.
#[derive(Default)]
pub(super) struct Parts {
    /// Relation id → target.
    pub relations: HashMap<String, String>,
    /// Paragraph style → what it makes of a paragraph; none without the part.
    pub styles: Option<HashMap<String, Style>>,
}

/// What a paragraph style makes of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// With its depth.
    Heading(u8),
    /// With its depth, 0 the outermost.
    Item(usize),
}

/// The main part where no relation names it.
const MAIN: &str = "word/document.xml";

/// Reads the main document part and the notes.
pub(super) fn read(bytes: &[u8], limits: &mut Vec<Limit>) -> Result<Source, PolicyError> {
    let archive = zip::ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| PolicyError::new(format!("not a readable DOCX file: {error}")))?;
    let mut package = Package { archive, limits };
    let root = package.relations("");
    let named = root.iter().find(|r| r.is("officeDocument"));
    let named = named.and_then(|relation| {
        let name = resolve("", &relation.target);
        Some((package.part(&name)?, name))
    });
    let (xml, name) = match named {
        Some(found) => found,
        None => match package.part(MAIN) {
            Some(xml) => (xml, MAIN.to_owned()),
            None => {
                return Err(PolicyError::new(
                    "this zip file holds no word/document.xml, so it is no DOCX document",
                ));
            }
        },
    };
    let mut builder = Builder::default();
    let relations = package.relations(&name);
    let own = |kind: &str| {
        let told = relations.iter().find(|relation| relation.is(kind));
        let target = told.map_or_else(|| format!("{kind}.xml"), |told| told.target.clone());
        resolve(&name, &target)
    };
    let (styles_part, notes) = (own("styles"), [own("footnotes"), own("endnotes")]);
    let parts = Parts {
        relations: targets(relations),
        styles: package.part(&styles_part).map(|xml| styles(&xml)),
    };
    if !wordml::walk(&xml, &parts, &mut builder) {
        package.limits.push(Limit::analysis(
            "docx-damaged",
            "the XML of this part is broken or ends early; what follows was not read",
            name,
        ));
    }
    drop(xml);
    for name in notes {
        let Some(notes) = package.part(&name) else {
            continue;
        };
        let parts = Parts {
            relations: targets(package.relations(&name)),
            styles: None,
        };
        builder.end_line();
        builder.set_apart();
        // A broken part of notes takes nothing from the text above.
        if !wordml::walk(&notes, &parts, &mut builder) {
            package.limits.push(Limit::detail(
                "docx-notes-damaged",
                "the XML of these notes is broken or ends early; the rest was not read",
                name,
            ));
        }
    }
    Ok(builder.finish_extracted())
}

/// A relation of a part.
struct Relation {
    id: String,
    /// The last word of its type.
    kind: String,
    target: String,
}

impl Relation {
    fn is(&self, kind: &str) -> bool {
        self.kind == kind
    }
}

fn targets(relations: Vec<Relation>) -> HashMap<String, String> {
    relations.into_iter().map(|r| (r.id, r.target)).collect()
}

/// The part that a relation of the part `of` leads to.
fn resolve(of: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut folders: Vec<&str> = of.split('/').collect();
    folders.pop();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                folders.pop();
            }
            step => folders.push(step),
        }
    }
    folders.join("/")
}

/// The zip file.
struct Package<'b, 'l> {
    archive: zip::ZipArchive<Cursor<&'b [u8]>>,
    limits: &'l mut Vec<Limit>,
}

impl Package<'_, '_> {
    /// The relations of a part; those of the package itself for no name.
    fn relations(&mut self, of: &str) -> Vec<Relation> {
        let (folder, file) = of.rsplit_once('/').unwrap_or(("", of));
        let blank = if folder.is_empty() { "" } else { "/" };
        let name = format!("{folder}{blank}_rels/{file}.rels");
        let Some(xml) = self.part(&name) else {
            return Vec::new();
        };
        let found = relations(&xml);
        if found.len() >= MAX_DOCX_RELATIONS {
            self.limits.push(Limit::detail(
                "docx-relations-capped",
                format!("only the first {MAX_DOCX_RELATIONS} links of this part were read"),
                name,
            ));
        }
        found
    }

    fn part(&mut self, name: &str) -> Option<String> {
        let file = self.archive.by_name(name).ok()?;
        let mut data = Vec::new();
        let read = file.take(MAX_DOCX_XML as u64 + 1).read_to_end(&mut data);
        if read.is_err() {
            self.limits.push(Limit::analysis(
                "docx-damaged",
                "this part is damaged in the zip file; only its first bytes were read",
                name,
            ));
        }
        if data.len() > MAX_DOCX_XML {
            data.truncate(MAX_DOCX_XML);
            self.limits.push(Limit::analysis(
                "docx-part-capped",
                format!("only the first {MAX_DOCX_XML} bytes of this part were read"),
                name,
            ));
        }
        (!data.is_empty()).then(|| text(data))
    }
}

/// XML is UTF-8 or UTF-16, the latter with a mark or told by its first `<`.
fn text(data: Vec<u8>) -> String {
    let encoding = match data.get(..2) {
        Some([0xfe, 0xff] | [0, b'<']) => UTF_16BE,
        Some([0xff, 0xfe] | [b'<', 0]) => UTF_16LE,
        _ => {
            return String::from_utf8(data)
                .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        }
    };
    encoding.decode_with_bom_removal(&data).0.into_owned()
}

fn relations(xml: &str) -> Vec<Relation> {
    let mut found = Vec::new();
    let mut reader = Reader::from_str(xml);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Eof => break,
            _ if found.len() >= MAX_DOCX_RELATIONS => break,
            Event::Empty(tag) | Event::Start(tag) => {
                if let (Some(id), Some(target)) = (attribute(&tag, "Id"), attribute(&tag, "Target"))
                {
                    let kind = attribute(&tag, "Type").unwrap_or_default();
                    let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                    found.push(Relation { id, kind, target });
                }
            }
            _ => {}
        }
    }
    found
}

pub(super) fn attribute(tag: &BytesStart<'_>, local: &str) -> Option<String> {
    tag.attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == local)
        .map(|attribute| unescape(&attribute.value))
}

/// Predefined and numeric XML entities.
pub(super) fn unescape(raw: &str) -> String {
    quick_xml::escape::unescape(raw).map_or_else(|_| raw.to_owned(), |text| text.into_owned())
}

/// Paragraph styles by their built-in names (`heading 2`, `List Bullet`) and by
/// what they say of outline and numbering.
fn styles(xml: &str) -> HashMap<String, Style> {
    let mut found = HashMap::new();
    let mut id = String::new();
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    while let Ok(event) = reader.read_event() {
        let (Event::Empty(tag) | Event::Start(tag)) = event else {
            if matches!(event, Event::Eof) {
                break;
            }
            continue;
        };
        let value = || attribute(&tag, "val").unwrap_or_default();
        let style = match tag.local_name().as_ref() {
            "style" => {
                id = attribute(&tag, "styleId").unwrap_or_default();
                None
            }
            "name" => style_of_name(&value()),
            "outlineLvl" => value()
                .parse()
                .ok()
                .filter(|l| *l < 9)
                .map(|l: u8| Style::Heading(l + 1)),
            _ => None,
        };
        if let Some(style) = style {
            found.entry(id.clone()).or_insert(style);
        }
    }
    found
}

/// What a style's name says; ids of styles are such names without blanks.
pub(super) fn style_of_name(name: &str) -> Option<Style> {
    let plain: String = name.to_ascii_lowercase().replace([' ', '_', '-'], "");
    let digits = plain.trim_start_matches(|c: char| !c.is_ascii_digit());
    let number = digits.parse::<u8>().ok();
    if plain.starts_with("heading") || plain.starts_with("标题") {
        return Some(Style::Heading(number.unwrap_or(0)));
    }
    let list = plain.starts_with("listbullet") || plain.starts_with("listnumber");
    list.then(|| Style::Item(usize::from(number.unwrap_or(1)).clamp(1, 9) - 1))
}
