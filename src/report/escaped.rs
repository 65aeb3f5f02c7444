//! JSON that is safe to see: JSON escapes C0 controls itself; DEL, C1 controls and
//! characters that reorder or hide text can only stand inside its strings, where
//! `\uXXXX` means the same.

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CharEscape, Formatter};

use super::text::{is_unsafe, leads_unsafe};

/// Bytes that are handed on at once.
const PIECE: usize = 64 << 10;

/// Writes a value in a layout of `serde_json`.
///
/// # Errors
/// When `out` takes no more.
pub(super) fn write(
    out: &mut dyn Write,
    value: &impl Serialize,
    layout: impl Formatter,
) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(PIECE, out);
    value.serialize(&mut Serializer::with_formatter(&mut out, Escaped(layout)))?;
    out.flush()
}

/// A layout whose strings are escaped for terminals too.
struct Escaped<F>(F);

impl<F: Formatter> Formatter for Escaped<F> {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        text: &str,
    ) -> io::Result<()> {
        let bytes = text.as_bytes();
        let (mut written, mut at) = (0, 0);
        while let Some(found) = bytes.iter().skip(at).position(|byte| leads_unsafe(*byte)) {
            at += found;
            let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
                break;
            };
            if is_unsafe(c) {
                out.write_all(bytes.get(written..at).unwrap_or_default())?;
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
                written = at + c.len_utf8();
            }
            at += c.len_utf8();
        }
        out.write_all(bytes.get(written..).unwrap_or_default())
    }

    fn write_char_escape<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        self.0.write_char_escape(out, escape)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::ser::CompactFormatter;

    use super::*;

    #[test]
    fn no_character_that_a_terminal_acts_upon_is_written_and_none_is_lost() {
        let hostile =
            "\u{1b}[31m\"a\\\u{7f}\u{9b}1m\u{202e}极光，\u{feff}推\u{e0041}送\u{ad}\u{85}";
        let mut out = Vec::new();
        write(&mut out, &hostile, CompactFormatter).unwrap();
        let json = String::from_utf8(out).unwrap();
        assert!(!json.chars().any(is_unsafe), "{json}");
        assert!(
            json.contains("极光，\\ufeff推\\udb40\\udc41送\\u00ad\\u0085\""),
            "{json}"
        );
        let back: String = serde_json::from_str(&json).unwrap();
        assert_eq!(back, hostile);
    }
}
