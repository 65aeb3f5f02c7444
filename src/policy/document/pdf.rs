//! PDF (ISO 32000-1): text in content order with lines and wide gaps found by
//! position; character codes through the fonts' CMaps.

use std::collections::BTreeMap;

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Encoding, LoadOptions, Object, ObjectId};

use super::builder::Builder;
use super::source::Source;
use crate::formats::Limit;
use crate::formats::limits::{
    MAX_PDF_FORM_DEPTH, MAX_PDF_OPERATIONS, MAX_PDF_PAGES, MAX_PDF_STREAM,
};
use crate::policy::PolicyError;

/// Characters per page below which a PDF is taken for scanned images.
const SCANNED_PAGE: usize = 20;

/// Reads the pages in order.
pub(super) fn read(bytes: &[u8], limits: &mut Vec<Limit>) -> Result<Source, PolicyError> {
    let options = LoadOptions::with_max_decompressed_size(MAX_PDF_STREAM);
    let document = Document::load_mem_with_options(bytes, options)
        .map_err(|error| PolicyError::new(format!("not a readable PDF: {error}")))?;
    if document.is_encrypted() {
        return Err(PolicyError::new("the PDF is encrypted with a password"));
    }
    let mut printer = Printer::default();
    let mut pages = 0;
    let mut unread = 0;
    for page in document.page_iter() {
        if pages >= MAX_PDF_PAGES {
            limits.push(Limit::detail(
                "pdf-pages-capped",
                format!("only the first {MAX_PDF_PAGES} pages were read"),
                "",
            ));
            break;
        }
        pages += 1;
        unread += usize::from(read_page(&document, page, &mut printer).is_none());
    }
    if unread > 0 {
        limits.push(Limit::detail(
            "pdf-page-unreadable",
            format!("{unread} of {pages} pages could not be decoded"),
            "",
        ));
    }
    if printer.operations >= MAX_PDF_OPERATIONS {
        limits.push(Limit::detail(
            "pdf-operations-capped",
            "the PDF holds more drawing operators than are read",
            "",
        ));
    }
    if printer.characters < pages.max(1) * SCANNED_PAGE {
        limits.push(Limit::detail(
            "pdf-without-text",
            "the PDF holds hardly any text (scanned pages?), so what it discloses is unknown",
            "",
        ));
    }
    Ok(printer.builder.finish_extracted())
}

fn read_page(document: &Document, page: ObjectId, printer: &mut Printer) -> Option<()> {
    let fonts = document.get_page_fonts(page).ok()?;
    let data = document
        .get_page_content_with_limit(page, MAX_PDF_STREAM)
        .ok()?;
    let (resources, ids) = document.get_page_resources(page).ok()?;
    let mut dictionaries: Vec<&Dictionary> = resources.into_iter().collect();
    dictionaries.extend(
        ids.iter()
            .filter_map(|id| document.get_dictionary(*id).ok()),
    );
    printer.new_page();
    run(document, &data, &fonts, &dictionaries, IDENTITY, 0, printer)
}

type Matrix = [f32; 6];
const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

fn multiply(a: Matrix, b: Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

/// The text state (ISO 32000-1, 9.3 and 9.4).
struct TextState<'d> {
    encoding: Option<&'d Encoding<'d>>,
    size: f32,
    leading: f32,
    matrix: Matrix,
    line: Matrix,
}

fn run(
    document: &Document,
    data: &[u8],
    fonts: &BTreeMap<Vec<u8>, &Dictionary>,
    resources: &[&Dictionary],
    base: Matrix,
    depth: usize,
    printer: &mut Printer,
) -> Option<()> {
    let encodings: BTreeMap<&[u8], Encoding> = fonts
        .iter()
        .filter_map(|(name, font)| {
            let encoding = font.get_font_encoding_with_limit(document, MAX_PDF_STREAM);
            Some((name.as_slice(), encoding.ok()?))
        })
        .collect();
    let content = Content::decode(data).ok()?;
    let mut ctm = base;
    let mut saved = Vec::new();
    let mut state = TextState {
        encoding: None,
        size: 1.0,
        leading: 0.0,
        matrix: IDENTITY,
        line: IDENTITY,
    };
    for operation in &content.operations {
        printer.operations += 1;
        if printer.operations >= MAX_PDF_OPERATIONS || printer.builder.full() {
            return Some(());
        }
        let operands = &operation.operands;
        match operation.operator.as_str() {
            "q" if saved.len() < 512 => saved.push(ctm),
            "Q" => ctm = saved.pop().unwrap_or(ctm),
            "cm" => ctm = multiply(matrix(operands), ctm),
            "Do" if depth < MAX_PDF_FORM_DEPTH => {
                form(document, operands, resources, ctm, depth, printer);
            }
            "Tf" => {
                let name = operands.first().and_then(|o| o.as_name().ok());
                state.encoding = name.and_then(|name| encodings.get(name));
                state.size = number(operands, 1);
            }
            operator => text_operator(operator, operands, &mut state, ctm, printer),
        }
    }
    Some(())
}

/// A form XObject: content of its own, with its own fonts.
fn form(
    document: &Document,
    operands: &[Object],
    resources: &[&Dictionary],
    ctm: Matrix,
    depth: usize,
    printer: &mut Printer,
) -> Option<()> {
    let name = operands.first()?.as_name().ok()?;
    let object = resources.iter().find_map(|dictionary| {
        let objects = dictionary.get(b"XObject").ok()?;
        let (_, objects) = document.dereference(objects).ok()?;
        let (_, object) = document
            .dereference(objects.as_dict().ok()?.get(name).ok()?)
            .ok()?;
        object.as_stream().ok()
    })?;
    if object.dict.get(b"Subtype").ok()?.as_name().ok()? != b"Form" {
        return None;
    }
    let data = object
        .decompressed_content_with_limit(MAX_PDF_STREAM)
        .unwrap_or_else(|_| object.content.clone());
    let own = object.dict.get(b"Resources").ok();
    let own = own.and_then(|own| document.dereference(own).ok());
    let own = own.and_then(|(_, own)| own.as_dict().ok());
    let mut fonts = BTreeMap::new();
    let font_dict = own
        .and_then(|own| own.get(b"Font").ok())
        .and_then(|fonts| document.dereference(fonts).ok())
        .and_then(|(_, fonts)| fonts.as_dict().ok());
    for (name, font) in font_dict.into_iter().flat_map(|d| d.iter()) {
        if let Ok((_, Object::Dictionary(font))) = document.dereference(font) {
            fonts.insert(name.clone(), font);
        }
    }
    let place = match object.dict.get(b"Matrix").and_then(Object::as_array) {
        Ok(values) => multiply(matrix(values), ctm),
        Err(_) => ctm,
    };
    let inner: Vec<&Dictionary> = own.into_iter().collect();
    run(document, &data, &fonts, &inner, place, depth + 1, printer)
}

fn text_operator(
    operator: &str,
    operands: &[Object],
    state: &mut TextState<'_>,
    ctm: Matrix,
    printer: &mut Printer,
) {
    match operator {
        "BT" => {
            state.matrix = IDENTITY;
            state.line = IDENTITY;
        }
        "TL" => state.leading = number(operands, 0),
        "Tm" => {
            state.line = matrix(operands);
            state.matrix = state.line;
        }
        "Td" | "TD" => {
            if operator == "TD" {
                state.leading = -number(operands, 1);
            }
            move_line(state, number(operands, 0), number(operands, 1));
        }
        "T*" => move_line(state, 0.0, -state.leading),
        "Tj" => show(operands, state, ctm, printer),
        "TJ" => {
            if let Some(Object::Array(pieces)) = operands.first() {
                show(pieces, state, ctm, printer);
            }
        }
        "'" => {
            move_line(state, 0.0, -state.leading);
            show(operands, state, ctm, printer);
        }
        "\"" => {
            move_line(state, 0.0, -state.leading);
            show(operands.get(2..).unwrap_or_default(), state, ctm, printer);
        }
        _ => {}
    }
}

fn move_line(state: &mut TextState<'_>, x: f32, y: f32) {
    state.line = multiply([1.0, 0.0, 0.0, 1.0, x, y], state.line);
    state.matrix = state.line;
}

/// Shows strings and moves on by their width; numbers are kerning in
/// thousandths of the font size.
fn show(pieces: &[Object], state: &mut TextState<'_>, ctm: Matrix, printer: &mut Printer) {
    for piece in pieces {
        let advance = match piece {
            Object::String(bytes, _) => {
                let Some(encoding) = state.encoding else {
                    continue;
                };
                let Ok(words) = Document::decode_text(encoding, bytes) else {
                    continue;
                };
                let place = multiply(state.matrix, ctm);
                let scale = place[0].hypot(place[1]).max(place[2].hypot(place[3]));
                printer.print(&words, place[4], place[5], state.size.abs() * scale);
                words.chars().map(width).sum::<f32>() * state.size
            }
            other => other.as_float().map_or(0.0, |v| -v / 1000.0 * state.size),
        };
        state.matrix = multiply([1.0, 0.0, 0.0, 1.0, advance, 0.0], state.matrix);
    }
}

/// Width of a character in ems where the font's own widths are not read: full
/// for CJK, half for the rest.
fn width(c: char) -> f32 {
    if c >= '\u{2e80}' { 1.0 } else { 0.5 }
}

fn number(operands: &[Object], at: usize) -> f32 {
    let value = operands.get(at).and_then(|o| o.as_float().ok());
    value.filter(|v| v.is_finite()).unwrap_or(0.0)
}

fn matrix(operands: &[Object]) -> Matrix {
    std::array::from_fn(|at| number(operands, at))
}

/// Places words into lines.
#[derive(Default)]
struct Printer {
    builder: Builder,
    operations: usize,
    characters: usize,
    shown: usize,
    last: Option<Last>,
}

struct Last {
    end: f32,
    baseline: f32,
    ascii: bool,
}

impl Printer {
    fn new_page(&mut self) {
        self.last = None;
        self.builder.end_line();
    }

    fn print(&mut self, words: &str, x: f32, y: f32, size: f32) {
        let words: String = words.chars().filter(|c| !c.is_control()).collect();
        if words.is_empty() {
            return;
        }
        let size = if size.is_finite() && size > 0.1 {
            size
        } else {
            10.0
        };
        let blank = words.trim().is_empty();
        if let Some(last) = &self.last {
            let drop = (y - last.baseline).abs();
            let gap = x - last.end;
            if drop > size * 0.5 || gap < -size * 4.0 {
                if blank {
                    return;
                }
                if drop > size * 3.5 {
                    self.builder.end_line();
                    self.builder.set_apart();
                }
                self.builder.end_line();
            } else if gap > size * 2.0 && !blank {
                self.put("\t");
            } else if gap > size * 0.6 && last.ascii && !blank {
                self.put(" ");
            }
        }
        self.put(&words);
        self.characters += words.chars().filter(|c| !c.is_whitespace()).count();
        self.last = Some(Last {
            end: x + words.chars().map(width).sum::<f32>() * size,
            baseline: y,
            ascii: words.ends_with(|c: char| c.is_ascii_alphanumeric()),
        });
    }

    fn put(&mut self, words: &str) {
        self.builder.text(words, self.shown);
        self.shown += words.len();
    }
}
