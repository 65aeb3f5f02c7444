//! PDF (ISO 32000-1): text by position, tables by their rules or gutters,
//! joined over page breaks.

mod cmap;
mod content;
mod font;
mod furniture;
mod grid;
mod lines;
mod ruled;
mod weight;

use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId};

use self::content::{Drawn, Fonts, IDENTITY, Matrix, Piece, Rule, Stream};
use self::grid::{Cell, Item, Table};
use self::lines::Line;
use super::builder::Builder;
use super::source::Source;
use crate::formats::limits::{
    MAX_PDF_FORM_DEPTH, MAX_PDF_INFLATED, MAX_PDF_OPERATIONS, MAX_PDF_PAGES, MAX_PDF_PIECES,
    MAX_PDF_RULES, MAX_PDF_STREAM, MAX_PDF_TABLE_STEPS, MAX_PDF_TEXT,
};
use crate::formats::{Anomaly, Limit};
use crate::policy::PolicyError;

/// Characters per page below which a PDF is taken for scanned images.
const SCANNED_PAGE: usize = 20;
/// Characters of unknown meaning that are said in any case, and their share of
/// the text from which they are: bullets of symbol fonts are no loss.
const UNKNOWN_TEXT: usize = 200;
const UNKNOWN_SHARE: usize = 50;
/// Of the font size: a larger distance sets a line apart.
const APART: f32 = 3.5;
/// Of the font size: how far below the text of a page stands what is turned
/// against it.
const TURNED_GAP: f32 = 10.0;
/// Points by which the columns of a table may differ from page to page.
const SAME_COLUMN: f32 = 6.0;

/// What a page holds beside its lines: tables that are ruled all around, and
/// what lines are drawn.
struct Page {
    tables: Vec<Table>,
    rules: Vec<Rule>,
}

/// Reads the pages in order.
pub(super) fn read(
    bytes: &[u8],
    anomalies: &mut Vec<Anomaly>,
    limits: &mut Vec<Limit>,
) -> Result<Source, PolicyError> {
    if !weight::is_affordable(bytes) {
        return Err(PolicyError::new(
            "the PDF holds more objects than can be read into memory",
        ));
    }
    let options = LoadOptions::with_max_decompressed_size(MAX_PDF_STREAM);
    let document = Document::load_mem_with_options(bytes, options)
        .map_err(|error| PolicyError::new(format!("not a readable PDF: {error}")))?;
    if document.is_encrypted() {
        return Err(PolicyError::new("the PDF is encrypted with a password"));
    }
    let mut drawn = Drawn::default();
    let mut fonts = Fonts::default();
    let (mut pages, mut lines) = (Vec::new(), Vec::new());
    let mut unread = 0;
    for id in document.page_iter() {
        if lines.len() >= MAX_PDF_PAGES {
            limits.push(Limit::analysis(
                "pdf-pages-capped",
                format!("only the first {MAX_PDF_PAGES} pages were read"),
                "",
            ));
            break;
        }
        if drawn.is_full() {
            break;
        }
        unread += usize::from(draw(&document, id, &mut fonts, &mut drawn).is_none());
        let (page, text) = page(&mut drawn);
        pages.push(page);
        lines.push(text);
    }
    tell(&drawn, lines.len(), unread, limits);
    let removed = furniture::remove(&mut lines);
    if removed > 0 {
        anomalies.push(Anomaly::new(
            "pdf-page-furniture",
            format!("{removed} headers, footers and page numbers are no part of the text"),
            "",
        ));
    }
    let mut builder = Builder::default();
    builder.embed(drawn.pictures);
    let mut steps = MAX_PDF_TABLE_STEPS;
    emit(&joined(pages, lines, &mut steps), &mut builder);
    if steps == 0 {
        limits.push(Limit::analysis(
            "pdf-tables-capped",
            "the pages hold too many pieces of text to tell tables from lines everywhere",
            "",
        ));
    }
    Ok(builder.finish_extracted())
}

/// Says what was not read.
fn tell(drawn: &Drawn, pages: usize, unread: usize, limits: &mut Vec<Limit>) {
    let mut tell = |code, message: String| limits.push(Limit::analysis(code, message, ""));
    if unread > 0 {
        tell(
            "pdf-page-unreadable",
            format!("{unread} of {pages} pages could not be decoded"),
        );
    }
    if drawn.operations >= MAX_PDF_OPERATIONS {
        tell(
            "pdf-operations-capped",
            format!("only the first {MAX_PDF_OPERATIONS} drawing operators were read"),
        );
    }
    if drawn.shown >= MAX_PDF_TEXT {
        tell(
            "pdf-text-capped",
            format!("only the first {MAX_PDF_TEXT} bytes of shown text were read"),
        );
    }
    if drawn.inflated >= MAX_PDF_INFLATED {
        tell(
            "pdf-content-capped",
            format!("only the first {MAX_PDF_INFLATED} bytes of content were read"),
        );
    }
    if drawn.oversized > 0 {
        tell(
            "pdf-stream-oversized",
            format!(
                "{} streams inflate to more than {MAX_PDF_STREAM} bytes and were not read",
                drawn.oversized
            ),
        );
    }
    if drawn.crowded {
        tell(
            "pdf-page-crowded",
            format!("only the first {MAX_PDF_PIECES} pieces of text of each page were read"),
        );
    }
    if drawn.too_deep {
        tell(
            "pdf-forms-capped",
            format!("forms deeper than {MAX_PDF_FORM_DEPTH} in each other were not read"),
        );
    }
    let unknown = drawn.unknown;
    if unknown > 0 && (unknown >= UNKNOWN_TEXT || unknown * UNKNOWN_SHARE > drawn.characters) {
        tell(
            "pdf-text-undecodable",
            format!(
                "the fonts do not say what {unknown} of {} characters stand for, \
                 so they were not read",
                drawn.characters
            ),
        );
    }
    let read = drawn.characters.saturating_sub(unknown);
    if read < pages.max(1) * SCANNED_PAGE {
        tell(
            "pdf-without-text",
            "the PDF holds hardly any text (scanned pages?), so what it discloses is unknown"
                .to_owned(),
        );
    }
    if drawn.askew > 0 {
        limits.push(Limit::detail(
            "pdf-text-askew",
            format!(
                "{} characters are set askew (watermarks) and were not read",
                drawn.askew
            ),
            "",
        ));
    }
    if drawn.drawing {
        limits.push(Limit::detail(
            "pdf-rules-capped",
            format!(
                "pages draw more than {MAX_PDF_RULES} lines; tables on them were told without them"
            ),
            "",
        ));
    }
}

fn draw<'d>(
    document: &'d Document,
    page: ObjectId,
    fonts: &mut Fonts<'d>,
    drawn: &mut Drawn,
) -> Option<()> {
    let page_fonts = document.get_page_fonts(page).ok()?;
    let left = MAX_PDF_INFLATED.saturating_sub(drawn.inflated);
    let data = document.get_page_content_with_limit(page, left.min(MAX_PDF_STREAM));
    let Ok(data) = data else {
        drawn.inflated += left.min(MAX_PDF_STREAM);
        return None;
    };
    drawn.inflated += data.len();
    let (own, ids) = document.get_page_resources(page).ok()?;
    let mut resources: Vec<&Dictionary> = own.into_iter().collect();
    resources.extend(
        ids.iter()
            .filter_map(|id| document.get_dictionary(*id).ok()),
    );
    let stream = Stream {
        document,
        resources,
        fonts: page_fonts,
        depth: 0,
    };
    content::run(&stream, &data, upright(document, page), fonts, drawn)
}

/// Turns a page that is shown turned; only directions matter, not the origin.
fn upright(document: &Document, page: ObjectId) -> Matrix {
    let mut at = document.get_dictionary(page).ok();
    let mut angle = None;
    for _ in 0..32 {
        let Some(node) = at else { break };
        angle = node
            .get_deref(b"Rotate", document)
            .and_then(Object::as_i64)
            .ok();
        if angle.is_some() {
            break;
        }
        at = node
            .get_deref(b"Parent", document)
            .and_then(Object::as_dict)
            .ok();
    }
    match angle.unwrap_or(0).rem_euclid(360) {
        90 => [0.0, -1.0, 1.0, 0.0, 0.0, 0.0],
        180 => [-1.0, 0.0, 0.0, -1.0, 0.0, 0.0],
        270 => [0.0, 1.0, -1.0, 0.0, 0.0, 0.0],
        _ => IDENTITY,
    }
}

/// Orders what was drawn since the page before. The way most of the text runs
/// is the way the page is read; text that is turned against it follows.
fn page(drawn: &mut Drawn) -> (Page, Vec<Line>) {
    let mut turned = std::mem::take(&mut drawn.pieces);
    let weight = |pieces: &[Piece]| pieces.iter().map(|piece| piece.text.len()).sum::<usize>();
    let turns = (0..turned.len())
        .rev()
        .max_by_key(|turns| turned.get(*turns).map_or(0, |pieces| weight(pieces)))
        .unwrap_or(0);
    let rules: Vec<Rule> = std::mem::take(&mut drawn.rules)
        .into_iter()
        .map(|rule| rule.upright(turns))
        .collect();
    let mut pieces = turned
        .get_mut(turns)
        .map(std::mem::take)
        .unwrap_or_default();
    let mut floor = pieces.iter().map(|piece| piece.y).fold(f32::MAX, f32::min);
    let tables = ruled::tables(&rules, &mut pieces);
    let mut text = lines::lines(pieces);
    for other in turned {
        let mut other = lines::lines(other);
        let top = other.first().map_or(0.0, |line| line.y);
        for line in &mut other {
            line.y += floor - top - TURNED_GAP * line.size;
        }
        floor = other.last().map_or(floor, |line| line.y);
        text.extend(other);
    }
    (Page { tables, rules }, text)
}

/// The items of all pages, with tables that go on over a page break in one.
fn joined(pages: Vec<Page>, lines: Vec<Vec<Line>>, steps: &mut usize) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    for (page, lines) in pages.into_iter().zip(lines) {
        let mut own = Vec::new();
        let across = grid::across(&page.rules);
        let mut rest = lines.into_iter().peekable();
        for table in page.tables {
            let mut above = Vec::new();
            while let Some(line) = rest.next_if(|line| line.y > table.top) {
                above.push(line);
            }
            own.extend(grid::by_gutters(above, &across, steps));
            own.push(Item::Table(table));
        }
        own.extend(grid::by_gutters(rest.collect(), &across, steps));
        let mut own = own.into_iter();
        match (items.last_mut(), own.next()) {
            (Some(Item::Table(above)), Some(Item::Table(below))) if goes_on(above, &below) => {
                append(above, below);
            }
            (_, first) => items.extend(first),
        }
        items.extend(own);
    }
    items
}

fn goes_on(above: &Table, below: &Table) -> bool {
    let near = |(a, b): (&f32, &f32)| (a - b).abs() < SAME_COLUMN;
    above.edges.len() == below.edges.len() && above.edges.iter().zip(&below.edges).all(near)
}

/// Appends the rows of the next page: a repeated header is left out, and a row
/// without a first cell is the rest of the row that the break tore.
fn append(above: &mut Table, below: Table) {
    let words = |row: &[Option<Cell>]| -> Vec<String> {
        let texts = row.iter().flatten().map(|cell| &cell.text);
        texts
            .map(|text| text.split_whitespace().collect())
            .collect()
    };
    let header = above.rows.first().map(|row| words(row));
    let mut rows = below.rows.into_iter().peekable();
    rows.next_if(|row| Some(words(row)) == header);
    let torn = |row: &Vec<Option<Cell>>| {
        let first = row.first().and_then(Option::as_ref);
        let plain = row.iter().flatten().all(|cell| cell.columns == 1);
        let blank = first.is_some_and(|cell| cell.text.trim().is_empty());
        blank
            && plain
            && row
                .iter()
                .flatten()
                .any(|cell| !cell.text.trim().is_empty())
    };
    if let Some(rest) = rows.next_if(torn) {
        for (column, cell) in rest.into_iter().enumerate() {
            let own = above
                .rows
                .iter_mut()
                .rev()
                .find_map(|row| row.get_mut(column)?.as_mut());
            if let (Some(own), Some(cell)) = (own, cell)
                && !cell.text.trim().is_empty()
            {
                own.text.push('\n');
                own.text.push_str(&cell.text);
            }
        }
    }
    above.rows.extend(rows);
}

/// Hands items to the builder; what it shows is the text of the document.
fn emit(items: &[Item], builder: &mut Builder) {
    let mut shown = 0;
    let mut above: Option<f32> = None;
    for item in items {
        if builder.full() {
            return;
        }
        match item {
            Item::Line(line) => {
                let far = above.is_some_and(|y| y - line.y > APART * line.size);
                if far {
                    builder.set_apart();
                }
                put(&line.text(), &mut shown, builder);
                builder.end_line();
                above = Some(line.y);
            }
            Item::Table(table) => {
                builder.begin_table();
                for row in &table.rows {
                    builder.begin_row();
                    for cell in row.iter().flatten() {
                        builder.begin_cell(cell.columns, cell.rows);
                        put(&cell.text, &mut shown, builder);
                        builder.end_cell();
                    }
                }
                builder.end_table();
                above = None;
            }
        }
    }
}

fn put(words: &str, shown: &mut usize, builder: &mut Builder) {
    builder.text(words, *shown);
    *shown += words.len();
}
