//! Words on a terminal: escaping, columns, wrapping, colour.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Style;

/// A string of an app or a policy as it may be shown on a terminal: control
/// characters, which could carry escape sequences, and characters that reorder
/// or hide text are written as `\u{..}`; line breaks and tabs become blanks.
pub fn shown(text: &str) -> Cow<'_, str> {
    if !text
        .chars()
        .any(|c| matches!(c, '\n' | '\t') || is_unsafe(c))
    {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' | '\t' => safe.push(' '),
            c if is_unsafe(c) => {
                let _ = write!(safe, "\\u{{{:x}}}", u32::from(c));
            }
            c => safe.push(c),
        }
    }
    Cow::Owned(safe)
}

/// C0, DEL and C1 controls; bidirectional marks, embeddings and isolates;
/// zero-width characters, line separators and tags.
pub(super) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether a byte of UTF-8 may begin an unsafe character: nearly all characters
/// of a report begin with another, and need not be decoded.
pub(super) fn leads_unsafe(byte: u8) -> bool {
    matches!(
        byte,
        0..=0x1f | 0x7f | 0xc2 | 0xd8 | 0xe1 | 0xe2 | 0xef | 0xf3
    ) && byte != b'\n'
}

/// A passage on one line: escaped, blanks collapsed, at most `columns` wide.
pub fn snippet(text: &str, columns: usize) -> String {
    let collapsed = text.split_whitespace().collect::<Vec<_>>().join(" ");
    cut(&shown(&collapsed), columns)
}

/// Columns a string takes; East Asian wide characters take two.
pub fn columns(text: &str) -> usize {
    text.width()
}

/// `text` cut to at most `columns`, with `..` where something was cut off.
pub fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 0;
    for c in text.chars() {
        let width = c.width().unwrap_or(0);
        if used + width + 2 > columns {
            break;
        }
        used += width;
        kept.push(c);
    }
    kept.push_str("..");
    kept
}

/// `text` cut or padded with blanks to exactly `columns`.
pub fn cell(text: &str, columns: usize) -> String {
    let mut cell = cut(text, columns);
    let used = cell.width();
    cell.extend(std::iter::repeat_n(' ', columns.saturating_sub(used)));
    cell
}

/// Breaks `text` into lines of at most `columns`: at blanks, and between wide
/// characters, which Chinese text breaks anywhere. A longer word (a URL, a
/// class name) keeps its line.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for piece in pieces(text) {
        let width = piece.trim_end().width();
        if used > 0 && used + width > columns {
            lines.push(line.trim_end().to_owned());
            line.clear();
            used = 0;
        }
        line.push_str(piece);
        used += piece.width();
    }
    if !line.trim_end().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Wraps each line of a plain text (`rules::explain`) to `columns`, keeping its
/// indentation and, for a list item, hanging below its words.
pub fn paragraphs(text: &str, columns: usize) -> String {
    let mut page = String::new();
    for line in text.lines() {
        let words = line.trim_start_matches(' ');
        let indent = line.len() - words.len();
        let hang = if words.starts_with("- ") { 2 } else { 0 };
        let room = columns.saturating_sub(indent + hang).max(20);
        for (n, piece) in wrap(words, room).iter().enumerate() {
            let blanks = indent + if n == 0 { 0 } else { hang };
            let _ = writeln!(page, "{}{piece}", " ".repeat(blanks));
        }
    }
    page
}

/// The unbreakable pieces of a text, each with the blanks behind it.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        let wide = |c: char| c.width() == Some(2);
        let breakable =
            before.is_some_and(|b| c != ' ' && (b == ' ' || (wide(b) || wide(c)) && !closes(c)));
        if breakable {
            pieces.extend(text.get(start..at));
            start = at;
        }
        before = Some(c);
    }
    pieces.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    pieces
}

/// Punctuation that does not begin a line.
fn closes(c: char) -> bool {
    matches!(
        c,
        ')' | ']'
            | '”'
            | ','
            | '.'
            | ';'
            | ':'
            | '、'
            | '，'
            | '。'
            | '；'
            | '：'
            | '）'
            | '】'
            | '》'
    )
}

/// A colour of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Headings.
    Bold,
    /// Errors.
    Red,
    /// Warnings, and what cannot be concluded.
    Yellow,
    /// Notes.
    Cyan,
    /// Less important words.
    Dim,
}

/// `text` in a colour, or as it is when the style has none.
pub fn paint(style: Style, paint: Paint, text: &str) -> String {
    let code = match paint {
        Paint::Bold => "1",
        Paint::Red => "1;31",
        Paint::Yellow => "33",
        Paint::Cyan => "36",
        Paint::Dim => "2",
    };
    if style.colour {
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}

/// `1 error`, `2 errors`.
pub fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// The first `most` of some names, and how many more there are.
pub fn first_of(names: &[String], most: usize) -> String {
    let shown = names
        .iter()
        .take(most)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    match names.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_escape_sequence_of_an_app_reaches_the_terminal() {
        let hostile = "\u{1b}]0;x\u{7}\u{9b}31m\u{202e}evil\u{7f}\nnext";
        let safe = shown(hostile);
        assert!(!safe.chars().any(is_unsafe));
        assert!(safe.contains("\\u{1b}]0;x\\u{7}\\u{9b}31m\\u{202e}evil\\u{7f} next"));
        assert_eq!(shown("极光推送"), "极光推送");
    }

    #[test]
    fn the_first_byte_of_an_unsafe_character_is_known() {
        for c in (char::MIN..=char::MAX).filter(|c| *c != '\n' && is_unsafe(*c)) {
            assert!(
                leads_unsafe(c.encode_utf8(&mut [0; 4]).as_bytes()[0]),
                "{c:?}"
            );
        }
    }

    #[test]
    fn cells_of_chinese_and_latin_names_are_equally_wide() {
        for name in ["极光推送", "JPush", "友盟+统计 U-App 很长的名字"] {
            assert_eq!(columns(&cell(name, 12)), 12, "{name}");
        }
        assert_eq!(cut("极光推送", 7), "极光..");
    }

    #[test]
    fn lines_break_at_blanks_and_between_chinese_characters() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("极光推送服务", 4), ["极光", "推送", "服务"]);
        assert_eq!(
            wrap("a verylongwordwithoutblank b", 6),
            ["a", "verylongwordwithoutblank", "b"]
        );
        assert_eq!(wrap("", 10), [""]);
    }

    #[test]
    fn any_text_fits_its_cell_and_loses_nothing_when_wrapped() {
        let alphabet: Vec<char> = "aZ ,.）（极光“\u{301}\u{1f600}\u{ac00}é".chars().collect();
        let mut seed = 7_u64;
        let mut next = move |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as usize % below
        };
        for _ in 0..3000 {
            let text: String = (0..next(40))
                .map(|_| alphabet[next(alphabet.len())])
                .collect();
            let width = 2 + next(30);
            assert_eq!(columns(&cell(&text, width)), width, "{text:?} {width}");
            let words = |t: &str| t.chars().filter(|c| *c != ' ').collect::<String>();
            assert_eq!(words(&wrap(&text, width).concat()), words(&text));
        }
    }

    #[test]
    fn an_explanation_keeps_its_indentation_when_wrapped() {
        assert_eq!(
            paragraphs("Head\n\n  - one two three four five six\n", 24),
            "Head\n\n  - one two three four\n    five six\n"
        );
    }
}
