//! Fonts: what their codes stand for and how far each one moves on.

use std::collections::HashMap;

use lopdf::{Dictionary, Document, Encoding, Object, Stream};

use super::cmap::{ToUnicode, predefined, predefined_length};
use crate::formats::limits::{MAX_CMAP_ENTRIES, MAX_PDF_STREAM};

/// A font as far as text needs it.
pub(super) struct Font<'d> {
    composite: bool,
    to_unicode: Option<ToUnicode>,
    /// The encoding of a simple font.
    simple: Option<Encoding<'d>>,
    /// The encoding that a predefined CMap is.
    predefined: Option<&'static encoding_rs::Encoding>,
    /// Codes are the glyph numbers that `widths` goes by.
    identity: bool,
    widths: HashMap<u32, f32>,
    default_width: Option<f32>,
    /// Codes and widths read for it.
    pub cost: usize,
}

/// One code of a string.
pub(super) struct Glyph {
    /// None where the font does not say.
    pub text: Option<String>,
    /// In units of the font size.
    pub width: f32,
    /// The one-byte code 32, which word spacing widens.
    pub is_blank: bool,
}

impl<'d> Font<'d> {
    /// Reads a font; `inflate` decodes a stream within what may be read.
    pub fn read(
        document: &'d Document,
        font: &'d Dictionary,
        inflate: impl FnOnce(&Stream) -> Option<Vec<u8>>,
    ) -> Self {
        let name = |key: &[u8]| {
            let value = font.get_deref(key, document).ok()?.as_name().ok()?;
            Some(String::from_utf8_lossy(value).into_owned())
        };
        let composite = name(b"Subtype").is_some_and(|subtype| subtype == "Type0");
        let to_unicode = font
            .get_deref(b"ToUnicode", document)
            .and_then(Object::as_stream)
            .ok()
            .and_then(inflate)
            .map(|data| ToUnicode::parse(&data))
            .filter(|map| !map.is_empty());
        let encoding = name(b"Encoding").unwrap_or_default();
        let mut read = Font {
            composite,
            to_unicode,
            simple: None,
            predefined: predefined(&encoding).filter(|_| composite),
            identity: encoding.starts_with("Identity"),
            widths: HashMap::new(),
            default_width: None,
            cost: 0,
        };
        read.cost = read.to_unicode.as_ref().map_or(0, ToUnicode::entries);
        if composite {
            read.composite_widths(document, font);
        } else {
            if !is_mapped(document, font) {
                let encoding = font.get_font_encoding_with_limit(document, MAX_PDF_STREAM);
                read.simple = encoding.ok();
            }
            read.simple_widths(document, font);
        }
        read
    }

    fn width(&mut self, code: u32, width: f32) {
        self.cost += 1;
        self.widths.insert(code, width);
    }

    fn simple_widths(&mut self, document: &Document, font: &Dictionary) -> Option<()> {
        let widths = font.get_deref(b"Widths", document).ok()?.as_array().ok()?;
        let first = font.get_deref(b"FirstChar", document).ok()?.as_i64().ok()?;
        let first = u32::try_from(first).ok()?;
        let scale = match font.get_deref(b"FontMatrix", document) {
            Ok(matrix) => matrix.as_array().ok()?.first()?.as_float().ok()?.abs(),
            Err(_) => 0.001,
        };
        for (at, width) in widths.iter().take(256).enumerate() {
            if let Some(width) = number(document, width) {
                self.width(first.saturating_add(at as u32), width * scale);
            }
        }
        let descriptor = font.get_deref(b"FontDescriptor", document).ok();
        self.default_width = descriptor
            .and_then(|d| d.as_dict().ok())
            .and_then(|d| number(document, d.get(b"MissingWidth").ok()?))
            .map(|width| width * scale);
        Some(())
    }

    /// `W` of the descendant: `c [w1 w2 …]` or `first last w`.
    fn composite_widths(&mut self, document: &Document, font: &Dictionary) -> Option<()> {
        let descendants = font.get_deref(b"DescendantFonts", document).ok()?;
        let (_, inner) = document
            .dereference(descendants.as_array().ok()?.first()?)
            .ok()?;
        let inner = inner.as_dict().ok()?;
        let width = inner.get(b"DW").ok().and_then(|w| number(document, w));
        if !self.identity {
            return None; // the glyph numbers behind other CMaps are not known
        }
        self.default_width = Some(width.unwrap_or(1000.0) / 1000.0);
        let list = inner.get_deref(b"W", document).ok()?.as_array().ok()?;
        let mut at = 0;
        while let Some(first) = list.get(at).and_then(|o| number(document, o)) {
            // A list may give the same codes again and again.
            if self.cost > 2 * MAX_CMAP_ENTRIES {
                break;
            }
            let first = first.max(0.0) as u32;
            let (_, second) = document.dereference(list.get(at + 1)?).ok()?;
            if let Ok(row) = second.as_array() {
                for (more, width) in row.iter().enumerate().take(MAX_CMAP_ENTRIES) {
                    if let Some(width) = number(document, width) {
                        self.width(first.saturating_add(more as u32), width / 1000.0);
                    }
                }
                at += 2;
            } else {
                let last = second.as_float().ok()?.max(0.0) as u32;
                let last = last.min(first.saturating_add(0xffff));
                let width = number(document, list.get(at + 2)?)? / 1000.0;
                for code in first..=last {
                    self.width(code, width);
                }
                at += 3;
            }
        }
        Some(())
    }

    /// The codes of a shown string.
    pub fn glyphs<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = Glyph> + 'a {
        let mut rest = bytes;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let length = self.code_length(rest).clamp(1, rest.len());
            let (code, after) = rest.split_at(length);
            rest = after;
            let value = code.iter().fold(0, |v: u32, b| v << 8 | u32::from(*b));
            let text = self.text(code, value);
            let width = self.widths.get(&value).copied().or(self.default_width);
            Some(Glyph {
                width: width.unwrap_or_else(|| text.as_deref().map_or(0.5, usual_width)),
                is_blank: code == b" ",
                text,
            })
        })
    }

    fn code_length(&self, rest: &[u8]) -> usize {
        if !self.composite {
            return 1;
        }
        if let Some(encoding) = self.predefined {
            return predefined_length(encoding, rest);
        }
        if self.identity {
            return 2;
        }
        let told = self
            .to_unicode
            .as_ref()
            .and_then(|map| map.code_length(rest));
        told.unwrap_or(2)
    }

    fn text(&self, code: &[u8], value: u32) -> Option<String> {
        let told = self
            .to_unicode
            .as_ref()
            .and_then(|map| map.get(code.len(), value));
        if let Some(told) = told.filter(|text| !text.contains('\u{fffd}')) {
            return Some(told);
        }
        if let Some(encoding) = self.predefined {
            let (text, faulty) = encoding.decode_without_bom_handling(code);
            return (!faulty).then(|| text.into_owned());
        }
        let text = self.simple.as_ref()?.bytes_to_string(code).ok()?;
        // A code that the encoding leaves open draws nothing.
        (!text.contains('\u{fffd}')).then_some(text)
    }
}

/// Whether the encoding would be the ToUnicode map again, which is read here and
/// within its caps.
fn is_mapped(document: &Document, font: &Dictionary) -> bool {
    let identity = |name: &[u8]| name.starts_with(b"Identity");
    let encoding = match font.get_deref(b"Encoding", document) {
        Ok(Object::Name(name)) => identity(name),
        Ok(Object::Dictionary(encoding)) => {
            let base = encoding.get(b"BaseEncoding").and_then(Object::as_name);
            base.is_ok_and(identity)
        }
        _ => true,
    };
    encoding && font.has(b"ToUnicode")
}

fn number(document: &Document, object: &Object) -> Option<f32> {
    let (_, object) = document.dereference(object).ok()?;
    object.as_float().ok().filter(|value| value.is_finite())
}

/// Width of a character where the font's own widths are not in the file: full
/// for CJK, those of a common sans-serif for the rest.
fn usual_width(text: &str) -> f32 {
    text.chars()
        .map(|c| match c {
            c if c >= '\u{2e80}' => 1.0,
            'i' | 'l' | 'j' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' | '/' | 't'
            | 'f' | '(' | ')' | '[' | ']' | '-' => 0.28,
            'm' | 'M' | 'w' | 'W' | '@' | '%' => 0.85,
            'A'..='Z' | '&' => 0.68,
            _ => 0.54,
        })
        .sum()
}
