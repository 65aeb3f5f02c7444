//! The operators of a page (ISO 32000-1, 8 and 9): where text stands and where
//! lines are drawn.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object};

use super::font::Font;
use crate::formats::limits::{
    MAX_PDF_FORM_DEPTH, MAX_PDF_INFLATED, MAX_PDF_OPERATIONS, MAX_PDF_PIECES, MAX_PDF_RULES,
    MAX_PDF_STREAM, MAX_PDF_TEXT,
};

/// Depth of saved graphics states.
const MAX_SAVED: usize = 512;
/// Points below which a filled shape is a line.
const THIN: f32 = 3.0;
/// Segments and shapes of one path.
const MAX_PATH: usize = 8_192;

pub(super) type Matrix = [f32; 6];
pub(super) const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

pub(super) fn multiply(a: Matrix, b: Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

fn apply(matrix: Matrix, x: f32, y: f32) -> (f32, f32) {
    (
        matrix[0] * x + matrix[2] * y + matrix[4],
        matrix[1] * x + matrix[3] * y + matrix[5],
    )
}

/// A run of characters on one baseline.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub x: f32,
    pub end: f32,
    pub y: f32,
    pub size: f32,
    pub text: String,
}

/// A horizontal or vertical line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    pub vertical: bool,
    /// x of a vertical one, y of a horizontal one.
    pub at: f32,
    pub from: f32,
    pub to: f32,
}

impl Rule {
    /// The line when what is turned so far is set upright.
    pub fn upright(self, turns: usize) -> Rule {
        let point = |along| {
            let point = if self.vertical {
                (self.at, along)
            } else {
                (along, self.at)
            };
            upright(point, turns)
        };
        let (a, b) = (point(self.from), point(self.to));
        let vertical = self.vertical == turns.is_multiple_of(2);
        let (at, from, to) = if vertical {
            (a.0, a.1.min(b.1), a.1.max(b.1))
        } else {
            (a.1, a.0.min(b.0), a.0.max(b.0))
        };
        Rule {
            vertical,
            at,
            from,
            to,
        }
    }
}

/// What the pages draw.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    /// Text of the page being read, by how far it is turned: a quarter to the
    /// left for each place.
    pub pieces: [Vec<Piece>; 4],
    pub rules: Vec<Rule>,
    /// Operators read of all pages.
    pub operations: usize,
    /// Bytes that streams of all pages inflated to.
    pub inflated: usize,
    /// Bytes of text that all pages show.
    pub shown: usize,
    /// Streams that inflate to more than is read.
    pub oversized: usize,
    /// A page has more pieces than are kept.
    pub crowded: bool,
    /// Forms that were drawn, and pictures or what cannot be told from them.
    pub forms: usize,
    pub pictures: usize,
    /// Forms stand in each other deeper than is read.
    pub too_deep: bool,
    /// A page has more lines than are looked at for tables.
    pub drawing: bool,
    /// Characters shown, and those of which nobody can say what they are.
    pub characters: usize,
    pub unknown: usize,
    /// Characters set askew: watermarks.
    pub askew: usize,
}

impl Drawn {
    pub fn is_full(&self) -> bool {
        self.operations >= MAX_PDF_OPERATIONS
            || self.inflated >= MAX_PDF_INFLATED
            || self.shown >= MAX_PDF_TEXT
    }

    /// The content of a stream, as it stands where it cannot be inflated; none
    /// when it is larger than what may still be read.
    pub fn inflate(&mut self, stream: &lopdf::Stream) -> Option<Vec<u8>> {
        let left = MAX_PDF_INFLATED.saturating_sub(self.inflated);
        let data = match stream.decompressed_content_with_limit(left.min(MAX_PDF_STREAM)) {
            Ok(data) => data,
            Err(lopdf::Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded {
                ..
            })) => {
                self.inflated += left.min(MAX_PDF_STREAM);
                self.oversized += 1;
                return None;
            }
            Err(_) => stream.content.clone(),
        };
        self.inflated += data.len();
        Some(data)
    }

    fn rule(&mut self, a: (f32, f32), b: (f32, f32)) {
        let (dx, dy) = ((a.0 - b.0).abs(), (a.1 - b.1).abs());
        let finite = [a.0, a.1, b.0, b.1].iter().all(|v| v.is_finite());
        if !finite {
            return;
        }
        if self.rules.len() > MAX_PDF_RULES {
            self.drawing = true;
            return;
        }
        let (vertical, at, from, to) = if dx < 1.0 && dy > 2.0 {
            (true, a.0, a.1.min(b.1), a.1.max(b.1))
        } else if dy < 1.0 && dx > 2.0 {
            (false, a.1, a.0.min(b.0), a.0.max(b.0))
        } else {
            return;
        };
        self.rules.push(Rule {
            vertical,
            at,
            from,
            to,
        });
    }
}

/// The text state (ISO 32000-1, 9.3) and the matrices of a text object.
#[derive(Clone)]
struct Text<'d> {
    font: Option<Rc<Font<'d>>>,
    size: f32,
    leading: f32,
    spacing: f32,
    word_spacing: f32,
    scale: f32,
    rise: f32,
    matrix: Matrix,
    line: Matrix,
}

/// The content of a page or of a form in it.
pub(super) struct Stream<'d> {
    pub document: &'d Document,
    pub resources: Vec<&'d Dictionary>,
    pub fonts: BTreeMap<Vec<u8>, &'d Dictionary>,
    pub depth: usize,
}

/// Fonts that were read, by the place of their dictionary: pages share them.
#[derive(Default)]
pub(super) struct Fonts<'d>(HashMap<*const Dictionary, Rc<Font<'d>>>);

impl<'d> Fonts<'d> {
    fn get(
        &mut self,
        document: &'d Document,
        font: &'d Dictionary,
        out: &mut Drawn,
    ) -> Rc<Font<'d>> {
        let read = || {
            let font = Font::read(document, font, |stream| out.inflate(stream));
            out.operations += font.cost;
            Rc::new(font)
        };
        Rc::clone(self.0.entry(font).or_insert_with(read))
    }
}

struct Machine<'f, 'd> {
    stream: &'f Stream<'d>,
    cache: &'f mut Fonts<'d>,
    ctm: Matrix,
    text: Text<'d>,
    saved: Vec<(Matrix, Text<'d>)>,
    path: Vec<Shape>,
    /// Lines of all shapes of the path.
    path_lines: usize,
    start: (f32, f32),
    pen: (f32, f32),
    out: &'f mut Drawn,
}

type Point = (f32, f32);

/// A part of a path, begun by a move.
struct Shape {
    lines: Vec<(Point, Point)>,
    low: Point,
    high: Point,
}

impl Shape {
    fn at(point: Point) -> Self {
        Shape {
            lines: Vec::new(),
            low: point,
            high: point,
        }
    }

    fn line(&mut self, from: Point, to: Point) {
        self.lines.push((from, to));
        self.low = (self.low.0.min(to.0), self.low.1.min(to.1));
        self.high = (self.high.0.max(to.0), self.high.1.max(to.1));
    }
}

/// Reads one content stream; `None` when it is no content.
pub(super) fn run<'d>(
    stream: &Stream<'d>,
    data: &[u8],
    base: Matrix,
    cache: &mut Fonts<'d>,
    out: &mut Drawn,
) -> Option<()> {
    out.operations += stream.fonts.len(); // a form may be shown a thousand times
    let mut machine = Machine {
        stream,
        cache,
        ctm: base,
        text: Text {
            font: None,
            size: 1.0,
            leading: 0.0,
            spacing: 0.0,
            word_spacing: 0.0,
            scale: 1.0,
            rise: 0.0,
            matrix: IDENTITY,
            line: IDENTITY,
        },
        saved: Vec::new(),
        path: Vec::new(),
        path_lines: 0,
        start: (0.0, 0.0),
        pen: (0.0, 0.0),
        out,
    };
    // One by one: all operators of a page at once take a hundred times its bytes.
    for operation in Content::decode_iter(data) {
        let operation = operation.ok()?;
        machine.out.operations += 1;
        if machine.out.is_full() {
            break;
        }
        machine.step(&operation.operator, &operation.operands);
    }
    Some(())
}

fn number(operands: &[Object], at: usize) -> f32 {
    let value = operands.get(at).and_then(|o| o.as_float().ok());
    value.filter(|v| v.is_finite()).unwrap_or(0.0)
}

fn matrix(operands: &[Object]) -> Matrix {
    std::array::from_fn(|at| number(operands, at))
}

impl Machine<'_, '_> {
    fn step(&mut self, operator: &str, operands: &[Object]) {
        match operator {
            "q" if self.saved.len() < MAX_SAVED => {
                self.saved.push((self.ctm, self.text.clone()));
            }
            "Q" => {
                if let Some((ctm, text)) = self.saved.pop() {
                    self.ctm = ctm;
                    self.text = text;
                }
            }
            "cm" => self.ctm = multiply(matrix(operands), self.ctm),
            "Do" => {
                let was = self.out.forms;
                self.form(operands);
                self.out.pictures += usize::from(self.out.forms == was);
            }
            "BI" => self.out.pictures += 1,
            "m" | "l" | "re" | "h" | "S" | "s" | "f" | "F" | "f*" | "B" | "B*" | "b" | "b*"
            | "n" => self.draw(operator, operands),
            _ => self.text(operator, operands),
        }
    }

    /// A form XObject: content of its own, with its own fonts.
    fn form(&mut self, operands: &[Object]) -> Option<()> {
        let document = self.stream.document;
        let name = operands.first()?.as_name().ok()?;
        let object = self.stream.resources.iter().find_map(|dictionary| {
            let objects = dictionary.get_deref(b"XObject", document).ok()?;
            let object = objects.as_dict().ok()?.get_deref(name, document).ok()?;
            object.as_stream().ok()
        })?;
        if object.dict.get(b"Subtype").ok()?.as_name().ok()? != b"Form" {
            return None;
        }
        self.out.forms += 1;
        if self.stream.depth >= MAX_PDF_FORM_DEPTH {
            self.out.too_deep = true;
            return None;
        }
        let data = self.out.inflate(object)?;
        let own = object.dict.get_deref(b"Resources", document).ok();
        let own = own.and_then(|own| own.as_dict().ok());
        let place = match object.dict.get_deref(b"Matrix", document) {
            Ok(Object::Array(values)) => multiply(matrix(values), self.ctm),
            _ => self.ctm,
        };
        let inner = Stream {
            document,
            // A form without resources uses those of its page.
            resources: own.map_or_else(|| self.stream.resources.clone(), |own| vec![own]),
            fonts: own.map_or_else(|| self.stream.fonts.clone(), |own| fonts_of(document, own)),
            depth: self.stream.depth + 1,
        };
        self.out.operations += data.len() / 64;
        run(&inner, &data, place, self.cache, self.out)
    }

    fn draw(&mut self, operator: &str, operands: &[Object]) {
        let point = |x: f32, y: f32| apply(self.ctm, x, y);
        let (x, y) = (number(operands, 0), number(operands, 1));
        match operator {
            "m" | "l" | "h" | "re" if self.path.len() + self.path_lines > MAX_PATH => {}
            "m" => {
                self.pen = point(x, y);
                self.start = self.pen;
                self.path.push(Shape::at(self.pen));
            }
            "l" | "h" => {
                let to = if operator == "l" {
                    point(x, y)
                } else {
                    self.start
                };
                if let Some(shape) = self.path.last_mut() {
                    shape.line(self.pen, to);
                    self.path_lines += 1;
                }
                self.pen = to;
            }
            "re" => {
                let (right, top) = (x + number(operands, 2), y + number(operands, 3));
                let corners = [(x, y), (right, y), (right, top), (x, top), (x, y)];
                let corners = corners.map(|(x, y)| point(x, y));
                let mut shape = Shape::at(corners[0]);
                for pair in corners.windows(2) {
                    shape.line(pair[0], pair[1]);
                }
                self.path_lines += shape.lines.len();
                self.path.push(shape);
            }
            "n" => {
                self.path.clear();
                self.path_lines = 0;
            }
            _ => {
                self.path_lines = 0;
                let stroked = matches!(operator, "S" | "s" | "B" | "B*" | "b" | "b*");
                for shape in std::mem::take(&mut self.path) {
                    self.paint(&shape, stroked);
                }
            }
        }
    }

    /// Strokes are lines; so is what is filled and thin enough.
    fn paint(&mut self, shape: &Shape, stroked: bool) {
        let (low, high) = (shape.low, shape.high);
        let (wide, tall) = (high.0 - low.0, high.1 - low.1);
        let middle = ((low.0 + high.0) / 2.0, (low.1 + high.1) / 2.0);
        if tall <= THIN && wide > tall {
            self.out.rule((low.0, middle.1), (high.0, middle.1));
        } else if wide <= THIN {
            self.out.rule((middle.0, low.1), (middle.0, high.1));
        } else if stroked {
            for (from, to) in &shape.lines {
                self.out.rule(*from, *to);
            }
        }
    }

    fn text(&mut self, operator: &str, operands: &[Object]) {
        let text = &mut self.text;
        match operator {
            "BT" => {
                text.matrix = IDENTITY;
                text.line = IDENTITY;
            }
            "Tf" => {
                let name = operands.first().and_then(|o| o.as_name().ok());
                let font = name.and_then(|name| self.stream.fonts.get(name));
                text.font = font.map(|font| self.cache.get(self.stream.document, font, self.out));
                text.size = number(operands, 1);
            }
            "TL" => text.leading = number(operands, 0),
            "Tc" => text.spacing = number(operands, 0),
            "Tw" => text.word_spacing = number(operands, 0),
            "Tz" => text.scale = number(operands, 0) / 100.0,
            "Ts" => text.rise = number(operands, 0),
            "Tm" => {
                text.line = matrix(operands);
                text.matrix = text.line;
            }
            "Td" | "TD" => {
                if operator == "TD" {
                    text.leading = -number(operands, 1);
                }
                self.move_line(number(operands, 0), number(operands, 1));
            }
            "T*" => self.move_line(0.0, -self.text.leading),
            "Tj" => self.show(operands),
            "TJ" => {
                if let Some(Object::Array(pieces)) = operands.first() {
                    self.show(pieces);
                }
            }
            "'" | "\"" => {
                let mut shown = operands;
                if operator == "\"" {
                    self.text.word_spacing = number(operands, 0);
                    self.text.spacing = number(operands, 1);
                    shown = operands.get(2..).unwrap_or_default();
                }
                self.move_line(0.0, -self.text.leading);
                self.show(shown);
            }
            _ => {}
        }
    }

    fn move_line(&mut self, x: f32, y: f32) {
        self.text.line = multiply([1.0, 0.0, 0.0, 1.0, x, y], self.text.line);
        self.text.matrix = self.text.line;
    }

    /// Shows strings and moves on by their width; numbers are kerning in
    /// thousandths of the font size.
    fn show(&mut self, pieces: &[Object]) {
        for piece in pieces {
            let advance = match piece {
                Object::String(bytes, _) => {
                    self.out.operations += 1;
                    if self.out.is_full() {
                        return;
                    }
                    let Some(font) = self.text.font.clone() else {
                        self.out.characters += bytes.len();
                        self.out.unknown += bytes.len();
                        continue;
                    };
                    self.show_string(&font, bytes)
                }
                other => {
                    let kern = other.as_float().map_or(0.0, |v| -v / 1000.0);
                    kern * self.text.size * self.text.scale
                }
            };
            self.advance(advance);
        }
    }

    fn advance(&mut self, by: f32) {
        self.text.matrix = multiply([1.0, 0.0, 0.0, 1.0, by, 0.0], self.text.matrix);
    }

    /// Returns how far the string moves on.
    fn show_string(&mut self, font: &Font<'_>, bytes: &[u8]) -> f32 {
        let mut shown = String::new();
        let mut advance = 0.0;
        for glyph in font.glyphs(bytes) {
            if self.out.shown + shown.len() >= MAX_PDF_TEXT {
                break;
            }
            let spacing = self.text.spacing
                + if glyph.is_blank {
                    self.text.word_spacing
                } else {
                    0.0
                };
            advance += (glyph.width * self.text.size + spacing) * self.text.scale;
            self.out.characters += 1;
            match glyph.text {
                Some(text) => {
                    self.out.unknown += usize::from(text.chars().any(is_private));
                    shown.extend(text.chars().filter(|c| !c.is_control()));
                }
                None => self.out.unknown += 1,
            }
        }
        self.place(shown, advance);
        advance
    }

    fn place(&mut self, text: String, advance: f32) {
        self.out.shown += text.len();
        let full = multiply(self.text.matrix, self.ctm);
        let start = apply(full, 0.0, self.text.rise);
        let end = apply(full, advance, self.text.rise);
        let size = (self.text.size * full[2].hypot(full[3])).abs();
        let finite = [start.0, start.1, end.0, end.1, size]
            .iter()
            .all(|v| v.is_finite());
        if text.is_empty() || !finite {
            return;
        }
        let Some(turns) = turns(full, self.text.size) else {
            self.out.askew += text.chars().count();
            return;
        };
        if self.out.pieces.iter().map(Vec::len).sum::<usize>() >= MAX_PDF_PIECES {
            self.out.crowded = true;
            return;
        }
        let (start, end) = (upright(start, turns), upright(end, turns));
        let size = if size > 0.1 { size } else { 10.0 };
        if let Some(pieces) = self.out.pieces.get_mut(turns) {
            pieces.push(Piece {
                x: start.0.min(end.0),
                end: start.0.max(end.0),
                y: start.1,
                size,
                text,
            });
        }
    }
}

/// How many quarters to the left text of this matrix is turned; none when it is
/// set askew.
fn turns(full: Matrix, size: f32) -> Option<usize> {
    let sign = if size < 0.0 { -1.0 } else { 1.0 };
    let (x, y) = (full[0] * sign, full[1] * sign);
    if y.abs() <= x.abs() * 0.1 {
        // Text that only its x turns round is mirrored and reads as it stands.
        Some(if x < 0.0 && full[3] * sign < 0.0 {
            2
        } else {
            0
        })
    } else if x.abs() <= y.abs() * 0.1 {
        Some(if y > 0.0 { 1 } else { 3 })
    } else {
        None
    }
}

/// Where a point comes to when what is turned so far is set upright.
pub(super) fn upright((x, y): Point, turns: usize) -> Point {
    match turns {
        1 => (y, -x),
        2 => (-x, -y),
        3 => (-y, x),
        _ => (x, y),
    }
}

/// Characters that each font uses as it likes.
fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// The fonts of a resource dictionary by name.
pub(super) fn fonts_of<'d>(
    document: &'d Document,
    resources: &'d Dictionary,
) -> BTreeMap<Vec<u8>, &'d Dictionary> {
    let fonts = resources.get_deref(b"Font", document).ok();
    fonts
        .and_then(|fonts| fonts.as_dict().ok())
        .into_iter()
        .flat_map(|fonts| fonts.iter())
        .filter_map(|(name, font)| {
            let (_, font) = document.dereference(font).ok()?;
            Some((name.clone(), font.as_dict().ok()?))
        })
        .collect()
}
