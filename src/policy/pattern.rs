//! Constant patterns of the policy room.

use std::borrow::Cow;
use std::sync::OnceLock;

use regex::{CaptureMatches, Captures, Match, Matches, Regex};

/// A pattern, compiled where it is first used. Its classes `\d`, `\s` and
/// `\w` and its word boundaries are those of ASCII: normalised text has no
/// other digits and blanks, and what stands beside Latin words in Chinese text
/// is no word. Such classes are small automata, and such boundaries let them run
/// over Chinese text without falling back to slower machines. `\W` is a mark
/// or a blank, and `\p{Han}` the unified ideographs of the basic plane: a
/// class of all Unicode costs more to compile than the rest of its pattern.
#[derive(Debug)]
pub(crate) struct Pattern {
    source: Cow<'static, str>,
    regex: OnceLock<Regex>,
}

impl Pattern {
    /// A constant pattern; a test finds those that are broken.
    pub(crate) const fn new(source: &'static str) -> Self {
        Self {
            source: Cow::Borrowed(source),
            regex: OnceLock::new(),
        }
    }

    /// A pattern made of constants.
    pub(crate) const fn of(source: String) -> Self {
        Self {
            source: Cow::Owned(source),
            regex: OnceLock::new(),
        }
    }

    fn regex(&self) -> &Regex {
        self.regex
            .get_or_init(|| Regex::new(&ascii(&self.source)).expect("a constant pattern"))
    }

    /// As written.
    pub(crate) fn as_str(&self) -> &str {
        &self.source
    }

    /// Whether the text holds it.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.regex().is_match(text)
    }

    /// The leftmost place.
    pub(crate) fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.regex().find(text)
    }

    /// Every place, in order.
    pub(crate) fn find_iter<'t>(&self, text: &'t str) -> Matches<'_, 't> {
        self.regex().find_iter(text)
    }

    /// The leftmost place with its groups.
    pub(crate) fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.regex().captures(text)
    }

    /// Every place with its groups, in order.
    pub(crate) fn captures_iter<'t>(&self, text: &'t str) -> CaptureMatches<'_, 't> {
        self.regex().captures_iter(text)
    }
}

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

/// The pattern with ASCII classes, inside brackets and outside.
fn ascii(source: &str) -> String {
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
                out.push_str(r"(?-u:\b)");
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_and_boundaries_are_of_ascii() {
        assert_eq!(ascii(r"\bSDK\b"), r"(?-u:\b)SDK(?-u:\b)");
        assert_eq!(ascii(r"[^\s,]\d{2}\."), r"[^\x09-\x0d\x20,][0-9]{2}\.");
        assert!(Pattern::new(r"(?i)\bsdks?\b").is_match("接入SDK的"));
        assert!(!Pattern::new(r"\bsdk\b").is_match("mysdk"));
        assert!(Pattern::new(r"^\W{2}[^\p{Han}]\p{Han}$").is_match("、 a用"));
        assert!(!Pattern::new(r"^\W$").is_match("用"));
    }
}
