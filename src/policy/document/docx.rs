//! DOCX (ECMA-376 part 1, WordprocessingML): paragraphs, tables, text boxes and
//! links of `word/document.xml`, then the notes. Headers, footers and comments
//! are no part of the text.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::builder::Builder;
use super::source::Source;
use super::wordml;
use crate::formats::Limit;
use crate::formats::limits::MAX_DOCX_XML;
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

/// Reads the main document part and the notes.
pub(super) fn read(bytes: &[u8], limits: &mut Vec<Limit>) -> Result<Source, PolicyError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| PolicyError::new(format!("not a readable DOCX file: {error}")))?;
    let xml = part(&mut archive, "word/document.xml", limits).ok_or_else(|| {
        PolicyError::new("this zip file holds no word/document.xml, so it is no DOCX document")
    })?;
    let mut builder = Builder::default();
    let parts = Parts {
        relations: relations(&mut archive, "document", limits),
        styles: part(&mut archive, "word/styles.xml", limits).map(|xml| styles(&xml)),
    };
    wordml::walk(&xml, &parts, &mut builder)?;
    drop(xml);
    for name in ["footnotes", "endnotes"] {
        let Some(notes) = part(&mut archive, &format!("word/{name}.xml"), limits) else {
            continue;
        };
        let parts = Parts {
            relations: relations(&mut archive, name, limits),
            styles: None,
        };
        builder.end_line();
        builder.set_apart();
        // A broken part of notes takes nothing from the text above.
        wordml::walk(&notes, &parts, &mut builder).ok();
    }
    Ok(builder.finish_extracted())
}

fn relations(
    archive: &mut zip::ZipArchive<Cursor<&[u8]>>,
    name: &str,
    limits: &mut Vec<Limit>,
) -> HashMap<String, String> {
    part(archive, &format!("word/_rels/{name}.xml.rels"), limits)
        .map(|xml| targets(&xml))
        .unwrap_or_default()
}

fn part(
    archive: &mut zip::ZipArchive<Cursor<&[u8]>>,
    name: &str,
    limits: &mut Vec<Limit>,
) -> Option<String> {
    let file = archive.by_name(name).ok()?;
    let mut data = Vec::new();
    file.take(MAX_DOCX_XML as u64 + 1)
        .read_to_end(&mut data)
        .ok()?;
    if data.len() > MAX_DOCX_XML {
        data.truncate(MAX_DOCX_XML);
        limits.push(Limit::analysis(
            "docx-part-capped",
            format!("only the first {MAX_DOCX_XML} bytes of this part were read"),
            name,
        ));
    }
    Some(String::from_utf8_lossy(&data).into_owned())
}

/// Relation id → target.
fn targets(xml: &str) -> HashMap<String, String> {
    let mut found = HashMap::new();
    let mut reader = Reader::from_str(xml);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Eof => break,
            Event::Empty(tag) | Event::Start(tag) => {
                if let (Some(id), Some(target)) = (attribute(&tag, "Id"), attribute(&tag, "Target"))
                {
                    found.insert(id, target);
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
