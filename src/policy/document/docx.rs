//! DOCX (ECMA-376 part 1, WordprocessingML): paragraphs, tables and links of
//! `word/document.xml`.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::builder::Builder;
use super::source::{LineKind, Source};
use crate::formats::Limit;
use crate::formats::limits::MAX_DOCX_XML;
use crate::policy::PolicyError;

/// Reads the main document part.
pub(super) fn read(bytes: &[u8], limits: &mut Vec<Limit>) -> Result<Source, PolicyError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| PolicyError::new(format!("not a readable DOCX file: {error}")))?;
    let xml = part(&mut archive, "word/document.xml", limits).ok_or_else(|| {
        PolicyError::new("this zip file holds no word/document.xml, so it is no DOCX document")
    })?;
    let relations = part(&mut archive, "word/_rels/document.xml.rels", limits)
        .map(|xml| targets(&xml))
        .unwrap_or_default();
    let mut builder = Builder::default();
    walk(&xml, &relations, &mut builder)?;
    Ok(builder.finish_extracted())
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
        limits.push(Limit::detail(
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

fn attribute(tag: &BytesStart<'_>, local: &str) -> Option<String> {
    tag.attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == local)
        .map(|attribute| unescape(&attribute.value))
}

/// Predefined and numeric XML entities.
fn unescape(raw: &str) -> String {
    quick_xml::escape::unescape(raw).map_or_else(|_| raw.to_owned(), |text| text.into_owned())
}

/// What is remembered between elements.
#[derive(Default)]
struct State {
    in_text: bool,
    shown: usize,
    columns: usize,
    cell_open: bool,
    table_depth: usize,
}

fn walk(
    xml: &str,
    relations: &HashMap<String, String>,
    builder: &mut Builder,
) -> Result<(), PolicyError> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    let mut state = State::default();
    loop {
        if builder.full() {
            return Ok(());
        }
        match reader.read_event() {
            Ok(Event::Eof) => return Ok(()),
            Ok(Event::Start(tag)) => open(&tag, relations, &mut state, builder),
            Ok(Event::Empty(tag)) => {
                open(&tag, relations, &mut state, builder);
                close(tag.local_name().as_ref(), &mut state, builder);
            }
            Ok(Event::End(tag)) => close(tag.local_name().as_ref(), &mut state, builder),
            Ok(Event::Text(words)) if state.in_text => {
                show(&words, &mut state, builder);
            }
            Ok(Event::GeneralRef(name)) if state.in_text => {
                let raw = format!("&{};", &*name);
                show(&unescape(&raw), &mut state, builder);
            }
            Ok(_) => {}
            // What was read so far is still worth showing.
            Err(error) if state.shown == 0 => {
                return Err(PolicyError::new(format!("broken DOCX XML: {error}")));
            }
            Err(_) => return Ok(()),
        }
    }
}

fn show(words: &str, state: &mut State, builder: &mut Builder) {
    if builder.in_table() && !builder.in_cell() {
        return;
    }
    builder.text(words, state.shown);
    state.shown += words.len();
}

fn open(
    tag: &BytesStart<'_>,
    relations: &HashMap<String, String>,
    state: &mut State,
    builder: &mut Builder,
) {
    match tag.local_name().as_ref() {
        "tbl" => {
            state.table_depth += 1;
            builder.begin_table();
        }
        "tr" if state.table_depth == 1 => builder.begin_row(),
        "tc" if state.table_depth == 1 => {
            state.columns = 1;
            state.cell_open = false;
            // The properties come first; the cell opens with its first paragraph.
        }
        "gridSpan" if state.table_depth == 1 => {
            state.columns = attribute(tag, "val")
                .and_then(|value| value.parse().ok())
                .unwrap_or(1);
        }
        "p" if state.table_depth == 1 && !state.cell_open => {
            builder.begin_cell(state.columns, 1);
            state.cell_open = true;
        }
        "t" => state.in_text = true,
        "tab" => show("\t", state, builder),
        "br" | "cr" => builder.end_line(),
        "pStyle" => {
            let style = attribute(tag, "val").unwrap_or_default();
            let number = style.trim_start_matches(|c: char| !c.is_ascii_digit());
            if style.to_ascii_lowercase().starts_with("heading") || style.parse::<u8>().is_ok() {
                builder.heading(number.parse().unwrap_or(0));
            }
        }
        "numPr" => builder.mark(LineKind::Item),
        "hyperlink" => {
            let target = attribute(tag, "id").and_then(|id| relations.get(&id).cloned());
            builder.begin_link(&target.unwrap_or_default());
        }
        _ => {}
    }
}

fn close(local: &str, state: &mut State, builder: &mut Builder) {
    match local {
        "tbl" => {
            state.table_depth = state.table_depth.saturating_sub(1);
            if state.table_depth == 0 {
                builder.end_table();
            }
        }
        "tc" if state.table_depth == 1 => builder.end_cell(),
        "t" => state.in_text = false,
        "p" => {
            builder.end_line();
            builder.set_apart();
        }
        "hyperlink" => builder.end_link(),
        _ => {}
    }
}
