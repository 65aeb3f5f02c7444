//! The list as a PDF: words at places, in columns, with or without rules.

use std::fmt::Write;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

use super::{Table, Variation, is_han};

/// Left edges of the columns, and the right edge of the last one.
const EDGES: [i32; 7] = [40, 140, 260, 370, 500, 600, 800];
/// Left edges where there is no column of links.
const EDGES_WITHOUT_LINKS: [i32; 6] = [40, 160, 330, 480, 650, 800];
const FONT: i32 = 9;
const LEADING: i32 = 12;
/// Between a rule and the words.
const PADDING: i32 = 4;
const PAGE_HEIGHT: i32 = 595;
const BOTTOM: i32 = 60;
/// A page that takes the whole list.
const ENDLESS: i32 = 6000;

/// A document whose table has no rules.
pub fn pdf(table: &Table, variation: Variation) -> Vec<u8> {
    write(table, variation, false)
}

/// A document whose cells are ruled.
pub fn ruled_pdf(table: &Table, variation: Variation) -> Vec<u8> {
    write(table, variation, true)
}

/// The pages written so far and where the pen stands.
struct Sheets<'t> {
    table: &'t Table,
    paged: bool,
    pages: Vec<String>,
    y: i32,
}

impl Sheets<'_> {
    fn height(&self) -> i32 {
        if self.paged { PAGE_HEIGHT } else { ENDLESS }
    }

    fn open_page(&mut self) {
        let height = self.height();
        let mut page = String::new();
        if self.paged {
            let [number, title] = self.table.page_break(self.pages.len() + 1);
            page.push_str(&at(40, height - 25, &title));
            page.push_str(&at(390, 25, &number));
        }
        self.pages.push(page);
        self.y = height - 50;
    }

    fn draw(&mut self, words: &str) {
        if let Some(page) = self.pages.last_mut() {
            page.push_str(words);
        }
    }

    fn paragraph(&mut self, words: &str) {
        if self.y < BOTTOM + 2 * LEADING {
            self.open_page();
        }
        let drawn = at(40, self.y, words);
        self.draw(&drawn);
        self.y -= 2 * LEADING;
    }

    fn row(&mut self, edges: &[i32], cells: &[String], rules: bool) {
        let cells: Vec<Vec<String>> = edges
            .windows(2)
            .zip(cells)
            .map(|(pair, words)| wrapped(words, pair[1] - pair[0] - 2 * PADDING))
            .collect();
        let lines = cells.iter().map(Vec::len).max().unwrap_or(0) as i32;
        let tall = lines * LEADING + PADDING;
        let top = self.y;
        for (pair, lines) in edges.windows(2).zip(&cells) {
            if rules {
                let (left, wide, bottom) = (pair[0], pair[1] - pair[0], top - tall);
                let drawn = format!("{left} {bottom} {wide} {tall} re S\n");
                self.draw(&drawn);
            }
            for (line, words) in lines.iter().enumerate() {
                let drawn = at(
                    pair[0] + PADDING,
                    top - LEADING * (line as i32 + 1) + 2,
                    words,
                );
                self.draw(&drawn);
            }
        }
        self.y -= tall + if rules { 0 } else { LEADING };
    }

    /// Whether a row of this height still fits.
    fn fits(&self, lines: usize) -> bool {
        self.y - lines as i32 * LEADING - PADDING > BOTTOM
    }
}

fn write(table: &Table, variation: Variation, rules: bool) -> Vec<u8> {
    let mut sheets = Sheets {
        table,
        paged: variation == Variation::PageBreaks,
        pages: Vec::new(),
        y: 0,
    };
    sheets.open_page();
    sheets.paragraph(&table.title);
    for words in &table.before {
        sheets.paragraph(words);
    }
    let grid = table.grid(variation);
    let edges: &[i32] = match grid[0].len() {
        6 => &EDGES,
        _ => &EDGES_WITHOUT_LINKS,
    };
    for cells in &grid {
        let lines = edges.windows(2).zip(cells);
        let lines = lines
            .map(|(pair, words)| wrapped(words, pair[1] - pair[0] - 2 * PADDING).len())
            .max()
            .unwrap_or(0);
        if !sheets.fits(lines) {
            sheets.open_page();
            sheets.row(edges, &grid[0], rules);
        }
        sheets.row(edges, cells, rules);
    }
    sheets.y -= 2 * LEADING;
    for words in &table.after {
        sheets.paragraph(words);
    }
    let height = sheets.height();
    file(&sheets.pages, height)
}

/// How wide a character is, in thousandths of the font's size.
fn advance(c: char) -> i32 {
    if c.is_ascii() { 500 } else { 1000 }
}

/// Lines no wider than `wide`: broken at blanks, between Chinese characters,
/// and inside what is longer than a line.
fn wrapped(words: &str, wide: i32) -> Vec<String> {
    let width = |words: &str| words.chars().map(advance).sum::<i32>() * FONT / 1000;
    let mut pieces: Vec<String> = vec![String::new()];
    for c in words.chars() {
        let open = pieces
            .last()
            .is_some_and(|p| p.ends_with(|c| is_han(c) || c == ' ' || c == '、'));
        if open && !matches!(c, '、' | '，' | '）') {
            pieces.push(String::new());
        }
        if let Some(last) = pieces.last_mut() {
            last.push(c);
        }
    }
    let mut lines = vec![String::new()];
    for piece in pieces {
        for part in fitting(&piece, wide, width) {
            let last = lines.last().cloned().unwrap_or_default();
            if width(&last) + width(part.trim_end()) > wide && !last.is_empty() {
                lines.push(part);
            } else if let Some(last) = lines.last_mut() {
                last.push_str(&part);
            }
        }
    }
    lines
        .iter()
        .map(|line| line.trim_end().to_owned())
        .collect()
}

/// `piece` cut into parts that fit a line.
fn fitting(piece: &str, wide: i32, width: impl Fn(&str) -> i32) -> Vec<String> {
    let mut parts = vec![String::new()];
    for c in piece.chars() {
        let full = parts
            .last()
            .is_some_and(|part| width(part) + advance(c) * FONT / 1000 > wide);
        if full {
            parts.push(String::new());
        }
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

/// Words at a place; glyphs are numbered as Unicode numbers characters.
fn at(x: i32, y: i32, words: &str) -> String {
    let mut hex = String::new();
    for unit in words.encode_utf16() {
        write!(hex, "{unit:04x}").unwrap();
    }
    format!("BT /F1 {FONT} Tf 1 0 0 1 {x} {y} Tm <{hex}> Tj ET\n")
}

/// An embedded font of numbered glyphs with its `ToUnicode` map.
fn font(document: &mut Document) -> Dictionary {
    let narrow = Object::Array(vec![500.into(); 95]);
    let inner = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "CIDFontType2", "BaseFont" => "AAAAAA+Example",
        "DW" => 1000, "W" => vec![32.into(), narrow],
    });
    let mut map = String::from("1 begincodespacerange <0000> <ffff> endcodespacerange\n");
    for block in (0u16..=255).collect::<Vec<_>>().chunks(100) {
        writeln!(map, "{} beginbfrange", block.len()).unwrap();
        for high in block {
            writeln!(map, "<{high:02x}00> <{high:02x}ff> <{high:02x}00>").unwrap();
        }
        map.push_str("endbfrange\n");
    }
    let map = document.add_object(Stream::new(dictionary! {}, map.into_bytes()));
    dictionary! {
        "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "AAAAAA+Example",
        "Encoding" => "Identity-H", "DescendantFonts" => vec![inner.into()],
        "ToUnicode" => map,
    }
}

fn file(pages: &[String], height: i32) -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let root = document.new_object_id();
    let font = font(&mut document);
    let font = document.add_object(font);
    let kids: Vec<Object> = pages
        .iter()
        .map(|content| {
            let stream = Stream::new(dictionary! {}, content.clone().into_bytes());
            let stream = document.add_object(stream);
            let page: ObjectId = document.add_object(dictionary! {
                "Type" => "Page", "Parent" => root, "Contents" => stream,
                "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
                "MediaBox" => vec![0.into(), 0.into(), 842.into(), height.into()],
            });
            page.into()
        })
        .collect();
    let count = kids.len() as i64;
    document.objects.insert(
        root,
        Object::Dictionary(dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }),
    );
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => root });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}
