//! The elements of WordprocessingML that hold or shape text.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::builder::Builder;
use super::docx::{Parts, Style, attribute, style_of_name, unescape};
use super::hidden::Passage;
use super::source::LineKind;

/// Fields inside fields; real ones nest two or three.
const MAX_FIELDS: usize = 16;
/// Bytes of a field's instruction.
const MAX_INSTRUCTION: usize = 4_096;
/// Columns left out before a row, and levels of a list, that are believed.
const MAX_LEVEL: usize = 9;

/// Elements whose text the reader of the document does not see: deleted and
/// moved away text, and the copy of a text box for old programs.
const MUTED: [&str; 5] = ["del", "moveFrom", "Fallback", "delText", "instrText"];

/// What is remembered between elements.
#[derive(Default)]
struct State {
    shown: usize,
    elements: usize,
    /// Open elements that say how a run looked before a change.
    former: usize,
    in_text: bool,
    /// Open elements of [`MUTED`].
    muted: usize,
    /// Open paragraph properties: what they say of runs is about the mark.
    paragraph_properties: usize,
    /// The run being read is hidden.
    hidden: bool,
    /// The paragraph being read is a heading.
    heading: bool,
    /// Open cells, the innermost last.
    cells: Vec<OpenCell>,
    /// Open fields, the innermost last.
    fields: Vec<Field>,
    /// Fields opened beyond [`MAX_FIELDS`].
    deeper: usize,
    in_instruction: bool,
}

/// A cell; its properties come before its first paragraph.
#[derive(Default)]
struct OpenCell {
    columns: usize,
    continues: bool,
    open: bool,
}

/// `HYPERLINK "…"` and its like, then the text that stands for it.
#[derive(Default)]
struct Field {
    instruction: String,
    linked: bool,
}

/// Walks one part; says whether it was whole.
pub(super) fn walk(xml: &str, parts: &Parts, builder: &mut Builder) -> bool {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut state = State::default();
    let mut open_elements = 0usize;
    while !builder.full() {
        match reader.read_event() {
            Ok(Event::Eof) => return open_elements == 0 && state.elements > 0,
            Ok(Event::Start(tag)) => {
                open_elements += 1;
                state.elements += 1;
                open(&tag, parts, &mut state, builder);
            }
            Ok(Event::Empty(tag)) => {
                state.elements += 1;
                open(&tag, parts, &mut state, builder);
                close(tag.local_name().as_ref(), &mut state, builder);
            }
            Ok(Event::End(tag)) => {
                open_elements = open_elements.saturating_sub(1);
                close(tag.local_name().as_ref(), &mut state, builder);
            }
            Ok(Event::Text(words)) => words_of(&words, &mut state, builder),
            Ok(Event::GeneralRef(name)) => {
                let raw = format!("&{};", &*name);
                words_of(&unescape(&raw), &mut state, builder);
            }
            Ok(_) => {}
            Err(_) => return false,
        }
    }
    true
}

fn words_of(words: &str, state: &mut State, builder: &mut Builder) {
    if state.in_instruction {
        if let Some(field) = state.fields.last_mut()
            && field.instruction.len() + words.len() <= MAX_INSTRUCTION
        {
            field.instruction.push_str(words);
        }
    } else if state.in_text {
        show(words, state, builder);
    }
}

fn show(words: &str, state: &mut State, builder: &mut Builder) {
    if state.muted > 0 || builder.in_table() && !builder.in_cell() {
        return;
    }
    if state.hidden {
        let mut passage = Passage::default();
        passage.add(words);
        builder.hide(passage);
        return;
    }
    builder.text(words, state.shown);
    state.shown += words.len();
}

fn open(tag: &BytesStart<'_>, parts: &Parts, state: &mut State, builder: &mut Builder) {
    let name = tag.local_name();
    let name = name.as_ref();
    if MUTED.contains(&name) {
        state.muted += 1;
    }
    let number = |key: &str| attribute(tag, key).and_then(|value| value.parse::<usize>().ok());
    match name {
        "tbl" if state.muted == 0 => {
            open_cell(state, builder);
            builder.begin_table();
        }
        "tr" if state.muted == 0 => builder.begin_row(),
        "gridBefore" if state.muted == 0 => {
            builder.begin_cell(number("val").unwrap_or(0).clamp(1, MAX_LEVEL), 1);
            builder.end_cell();
        }
        "tc" if state.muted == 0 => state.cells.push(OpenCell {
            columns: 1,
            ..OpenCell::default()
        }),
        "gridSpan" => {
            if let Some(cell) = state.cells.last_mut() {
                cell.columns = number("val").unwrap_or(1);
            }
        }
        "vMerge" => {
            if let Some(cell) = state.cells.last_mut() {
                cell.continues = attribute(tag, "val").is_none_or(|value| value != "restart");
            }
        }
        "p" if state.muted == 0 => {
            open_cell(state, builder);
            state.heading = false;
        }
        "txbxContent" if state.muted == 0 => builder.end_line(),
        "pPr" => state.paragraph_properties += 1,
        "r" => state.hidden = false,
        "t" => state.in_text = true,
        "delText" => builder.strike(),
        "pic" | "imagedata" | "object" | "altChunk" => builder.embed(1),
        "graphicData" => {
            // Text boxes are drawings too, and read.
            let shape = attribute(tag, "uri").is_some_and(|uri| uri.contains("wordprocessing"));
            builder.embed(usize::from(!shape));
        }
        "instrText" => state.in_instruction = true,
        // Struck out text no longer holds. Runs may be hidden by one and not by
        // another of these.
        "rPrChange" => state.former += 1,
        "vanish" | "strike" | "dstrike" if state.paragraph_properties + state.former == 0 => {
            let off = attribute(tag, "val").is_some_and(|v| matches!(&*v, "0" | "false" | "off"));
            state.hidden |= !off;
            if !off && name != "vanish" {
                builder.strike();
            }
        }
        "tab" | "ptab" if state.paragraph_properties == 0 => show("\t", state, builder),
        "noBreakHyphen" => show("-", state, builder),
        "br" | "cr" if state.muted == 0 => builder.end_line(),
        "pStyle" | "numPr" | "ilvl" | "numId" | "outlineLvl" if state.muted == 0 => {
            paragraph_property(name, tag, parts, state, builder);
        }
        "bookmarkStart" => builder.anchor(&attribute(tag, "name").unwrap_or_default()),
        "hyperlink" | "fldSimple" | "fldChar" if state.muted == 0 => {
            link(name, tag, parts, state, builder);
        }
        _ => {}
    }
}

/// The open cell begins with its first paragraph or table.
fn open_cell(state: &mut State, builder: &mut Builder) {
    let Some(cell) = state.cells.last_mut().filter(|cell| !cell.open) else {
        return;
    };
    cell.open = true;
    if cell.continues {
        builder.begin_continued_cell(cell.columns);
    } else {
        builder.begin_cell(cell.columns, 1);
    }
}

fn paragraph_property(
    name: &str,
    tag: &BytesStart<'_>,
    parts: &Parts,
    state: &mut State,
    builder: &mut Builder,
) {
    let value = attribute(tag, "val").unwrap_or_default();
    let level = value.parse::<usize>().ok();
    let style = match name {
        "pStyle" => match &parts.styles {
            Some(styles) => styles.get(&value).copied(),
            // Without the part only names tell; Chinese Word numbers them.
            None => style_of_name(&value).or_else(|| value.parse().ok().map(Style::Heading)),
        },
        "outlineLvl" => {
            let level = level.filter(|level| *level < MAX_LEVEL);
            level
                .and_then(|level| u8::try_from(level + 1).ok())
                .map(Style::Heading)
        }
        "numPr" => Some(Style::Item(0)),
        "ilvl" => level.map(Style::Item),
        // Number 0 takes the paragraph out of a list that its style is in.
        _ if level == Some(0) => {
            builder.mark(if state.heading {
                LineKind::Heading
            } else {
                LineKind::Text
            });
            builder.indent(0);
            None
        }
        _ => None,
    };
    match style {
        Some(Style::Heading(depth)) => {
            builder.heading(depth);
            state.heading = true;
        }
        Some(Style::Item(depth)) if !state.heading => {
            builder.mark(LineKind::Item);
            builder.indent(depth.min(MAX_LEVEL) * 2);
        }
        _ => {}
    }
}

fn link(name: &str, tag: &BytesStart<'_>, parts: &Parts, state: &mut State, builder: &mut Builder) {
    match name {
        "hyperlink" => {
            let target = attribute(tag, "id").and_then(|id| parts.relations.get(&id).cloned());
            let anchor = attribute(tag, "anchor").map(|anchor| format!("#{anchor}"));
            builder.begin_link(&target.or(anchor).unwrap_or_default());
        }
        "fldSimple" => {
            if let Some(target) = attribute(tag, "instr").and_then(|i| field_target(&i)) {
                builder.begin_link(&target);
            }
        }
        _ => match attribute(tag, "fldCharType").as_deref() {
            Some("begin") if state.fields.len() < MAX_FIELDS => {
                state.fields.push(Field::default());
            }
            Some("begin") => state.deeper += 1,
            Some("separate") if state.deeper == 0 => {
                if let Some(field) = state.fields.last_mut()
                    && let Some(target) = field_target(&field.instruction)
                {
                    field.linked = true;
                    builder.begin_link(&target);
                }
            }
            Some("end") if state.deeper > 0 => state.deeper -= 1,
            Some("end") if state.fields.pop().is_some_and(|field| field.linked) => {
                builder.end_link();
            }
            _ => {}
        },
    }
}

/// The target of `HYPERLINK "https://…" \o "…"`; `\l` leads into the document.
fn field_target(instruction: &str) -> Option<String> {
    let rest = instruction.trim_start().strip_prefix("HYPERLINK")?;
    let quoted = |rest: &str| Some(rest.split('"').nth(1)?.to_owned());
    let (before, local) = rest.split_once("\\l").unwrap_or((rest, ""));
    let target = quoted(before).filter(|_| !before.trim_start().starts_with('\\'));
    let plain = before
        .split_whitespace()
        .next()
        .filter(|word| !word.starts_with(['"', '\\']));
    target
        .or_else(|| plain.map(str::to_owned))
        .or_else(|| quoted(local).map(|name| format!("#{name}")))
}

fn close(name: &str, state: &mut State, builder: &mut Builder) {
    if MUTED.contains(&name) {
        state.muted = state.muted.saturating_sub(1);
    }
    match name {
        "tbl" if state.muted == 0 => builder.end_table(),
        "tc" if state.muted == 0 => {
            open_cell(state, builder);
            state.cells.pop();
            builder.end_cell();
        }
        "t" => state.in_text = false,
        "instrText" => state.in_instruction = false,
        "pPr" => state.paragraph_properties = state.paragraph_properties.saturating_sub(1),
        "rPrChange" => state.former = state.former.saturating_sub(1),
        "r" => state.hidden = false,
        "p" if state.muted == 0 => {
            builder.end_line();
            builder.set_apart();
        }
        "hyperlink" | "fldSimple" if state.muted == 0 => builder.end_link(),
        _ => {}
    }
}
