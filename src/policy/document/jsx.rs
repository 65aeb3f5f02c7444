//! What MDX writes between its Markdown (mdxjs.com, "ESM", "JSX" and
//! "Expressions"): statements, comments, tags of components and their values in
//! braces are blanked, so that what is left is Markdown at the same offsets.

use memchr::memchr3;

/// Longest statement, comment or tag that is looked at.
const LONGEST: usize = 20_000;
/// Tags without an end that are looked for one; what begins like a tag in a
/// document with more of them stays as it stands.
const MAX_UNENDED: usize = 100;

/// The text with its JSX blanked; `mdx` says that the file is named so, and
/// statements are looked for in any case where the file imports components.
pub(super) fn blank(text: &str, mdx: bool) -> String {
    let statements = mdx || text.lines().any(is_import);
    let mut marks = Marks {
        text,
        masked: text.as_bytes().to_vec(),
        unended: 0,
        last_close: text.rfind("*/}"),
    };
    let mut fenced = false;
    let mut done = 0;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            fenced = !fenced;
        } else if !fenced && start + line.len() > done {
            let statement = statements && (is_import(line) || is_export(line));
            if statement && start >= done {
                done = start + statement_length(text.get(start..).unwrap_or_default());
                fill(&mut marks.masked, start, done);
            } else {
                done = marks.line(start.max(done), start + line.len());
            }
        }
        start += line.len();
    }
    let mut masked = marks.masked;
    open_lines(&mut masked, text);
    // Only whole characters were replaced; if not, nothing was.
    String::from_utf8(masked).unwrap_or_else(|_| text.to_owned())
}

fn is_import(line: &str) -> bool {
    line.strip_prefix("import ")
        .is_some_and(|rest| rest.contains(['"', '\'']) || rest.trim_start().starts_with('{'))
}

fn is_export(line: &str) -> bool {
    line.strip_prefix("export ").is_some_and(|rest| {
        [
            "const ",
            "let ",
            "var ",
            "default ",
            "function ",
            "class ",
            "async ",
            "{",
            "*",
        ]
        .iter()
        .any(|word| rest.starts_with(word))
    })
}

/// A statement ends at the blank line behind it, its brackets closed.
fn statement_length(rest: &str) -> usize {
    let mut length = 0;
    let mut depth = 0i64;
    for line in rest.split_inclusive('\n') {
        if depth <= 0 && line.trim().is_empty() || length > LONGEST {
            break;
        }
        let open = line.matches(['{', '(', '[']).count() as i64;
        depth += open - line.matches(['}', ')', ']']).count() as i64;
        length += line.len();
    }
    length
}

/// The text and what is blanked of it.
struct Marks<'t> {
    text: &'t str,
    masked: Vec<u8>,
    /// Tags that were found to have no end.
    unended: usize,
    /// Where the last comment ends.
    last_close: Option<usize>,
}

impl Marks<'_> {
    /// Blanks comments, components and values in one line; what starts in it
    /// may end in a later one. Returns where to go on.
    fn line(&mut self, start: usize, end: usize) -> usize {
        let text = self.text;
        let mut at = start;
        while let Some(rest) = text.get(at..end.max(at)).filter(|rest| !rest.is_empty()) {
            let Some(found) = memchr3(b'{', b'<', b'`', rest.as_bytes()) else {
                break;
            };
            at += found;
            let ahead = text.get(at..).unwrap_or_default();
            if let Some(code) = ahead.strip_prefix('`') {
                let close = code.find(['`', '\n']);
                at += close.map_or(ahead.len(), |close| close + 2);
            } else if ahead.starts_with("{/*") {
                // Without one behind it there is nothing to look for.
                let closes = self.last_close.is_some_and(|last| last > at);
                let close = closes.then(|| ahead.find("*/}")).flatten();
                let length = close.map_or(3, |close| close + 3);
                fill(&mut self.masked, at, at + length);
                at += length;
            } else if ahead.starts_with('<') {
                at += self.tag(at);
            } else {
                at += 1;
            }
        }
        at.max(start)
    }

    /// Blanks a tag of a component, or the values in braces of any other tag;
    /// returns its length.
    fn tag(&mut self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        let name = rest.get(1..).unwrap_or_default().trim_start_matches('/');
        let named = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '>');
        if !named || self.unended > MAX_UNENDED {
            return 1;
        }
        let component = name.starts_with(|c: char| c.is_ascii_uppercase() || c == '>');
        let Some((length, braces)) = braced_tag(rest) else {
            self.unended += 1;
            let end = rest.bytes().take(LONGEST).position(|b| b == b'>');
            return end.map_or(1, |end| end + 1);
        };
        if component {
            fill(&mut self.masked, at, at + length);
        } else {
            for (from, to) in braces {
                fill(&mut self.masked, at + from, at + to);
            }
        }
        length
    }
}

/// The length of a tag whose values may be expressions, and where those stand.
fn braced_tag(rest: &str) -> Option<(usize, Vec<(usize, usize)>)> {
    let (mut depth, mut from) = (0usize, 0usize);
    let mut quote = None;
    let mut braces = Vec::new();
    for (at, byte) in rest.bytes().enumerate().take(LONGEST) {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'{') => {
                if depth == 0 {
                    from = at;
                }
                depth += 1;
            }
            (None, b'}') if depth == 1 => {
                depth = 0;
                braces.push((from, at + 1));
            }
            (None, b'}') => depth = depth.saturating_sub(1),
            (None, b'>') if depth == 0 => return Some((at + 1, braces)),
            _ => {}
        }
    }
    None
}

/// Blanks bytes; line feeds stay.
fn fill(masked: &mut [u8], from: usize, to: usize) {
    let to = to.min(masked.len());
    for byte in masked.get_mut(from..to).unwrap_or_default() {
        if !matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}

/// A line whose text stands behind a blanked tag would read as indented code:
/// characters without width take the place of the blanks.
fn open_lines(masked: &mut [u8], text: &str) {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let written = line.len() - line.trim_start().len();
        let row = masked.get_mut(start..start + line.len());
        start += line.len();
        let Some(row) = row else { break };
        let blanks = row.iter().take_while(|b| **b == b' ').count();
        let full = row.get(blanks).is_some_and(|b| !b.is_ascii_whitespace());
        if full && blanks > written {
            for place in row
                .get_mut(written..blanks)
                .unwrap_or_default()
                .chunks_exact_mut(3)
            {
                place.copy_from_slice("\u{200b}".as_bytes());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_markdown_at_the_same_place() {
        let text = "import A from './a';\nexport const b = {\n\n  c: 1 };\n\n正文 <A x={{ y: '>' }} z=\"{\">内</A>{/* 注\n释 */}后 `{/* 码 */}` a < b\n";
        let blanked = blank(text, false);
        assert_eq!(blanked.len(), text.len());
        assert_eq!(blanked.find("内"), text.find("内"));
        let words = blanked.split_whitespace();
        let words: Vec<&str> = words.filter(|word| !word.starts_with('\u{200b}')).collect();
        assert_eq!(
            words,
            ["正文", "内", "后", "`{/*", "码", "*/}`", "a", "<", "b"]
        );
        assert_eq!(blank("export const a = 1\n", true).trim(), "");
        let prose = "export your data\nimport of goods\n<td style={{ a: 1 }}>x</td>\n";
        let left = "export your data\nimport of goods\n<td style=          >x</td>\n";
        assert_eq!(blank(prose, true), left);
        assert_eq!(
            blank("```\nimport a from 'b'\n```\n", true),
            "```\nimport a from 'b'\n```\n"
        );
    }

    #[test]
    fn what_never_ends_is_not_looked_for_again_and_again() {
        let begun = std::time::Instant::now();
        for start in ["{/* ", "<A b={", "<b c=\"", "<A ", "{", "</A "] {
            let text = start.repeat(400_000);
            assert_eq!(blank(&text, true).len(), text.len());
        }
        assert!(begun.elapsed().as_secs() < 20);
    }

    #[test]
    fn damaged_jsx_ends() {
        for text in [
            "<A", "<A b={", "{/*", "import {", "<", "</", "`", "<A\n\n`x", "<中>{",
        ] {
            assert_eq!(blank(text, true).len(), text.len());
        }
    }
}
