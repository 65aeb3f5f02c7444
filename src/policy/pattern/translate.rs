//! The classes of a pattern as those of ASCII. The build script shares this file.

/// Blanks and marks of ASCII, Latin-1, general and CJK punctuation.
const MARKS: &str = r"\x00-/:-@\[-\^`\{-\x7f\u{a0}-\u{bf}\u{2010}-\u{2027}\u{3000}-\u{303f}";

/// Takes `{Han}` where it follows.
fn rest_is_han(chars: &mut std::str::Chars<'_>) -> bool {
    let behind = chars.as_str().strip_prefix("{Han}");
    if let Some(behind) = behind {
        *chars = behind.chars();
    }
    behind.is_some()
}

/// The pattern in the syntax of `regex`.
pub(super) fn compiled(source: &str) -> String {
    ascii(source, r"(?-u:\b)")
}

/// The pattern with ASCII classes, inside brackets and outside, and a boundary
/// of ASCII words.
pub(super) fn ascii(source: &str, boundary: &str) -> String {
    let mut out = String::with_capacity(source.len() * 2);
    let mut chars = source.chars();
    let mut depth = 0usize;
    while let Some(c) = chars.next() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if c != '\\' {
            out.push(c);
            continue;
        }
        let members = match chars.next() {
            Some('b') if depth == 0 => {
                out.push_str(boundary);
                continue;
            }
            Some('S') if depth == 0 => {
                out.push_str(r"[^\x09-\x0d\x20]");
                continue;
            }
            Some('d') => "0-9",
            Some('s') => r"\x09-\x0d\x20",
            Some('w') => "0-9A-Za-z_",
            Some('W') => MARKS,
            Some('p') if rest_is_han(&mut chars) => r"\u{3400}-\u{9fff}",
            Some(escaped) => {
                out.push(c);
                out.push(escaped);
                continue;
            }
            None => break,
        };
        if depth == 0 {
            out.push('[');
            out.push_str(members);
            out.push(']');
        } else {
            out.push_str(members);
        }
    }
    out
}
