//! Constant patterns of the policy room.

use regex::Regex;

/// Compiles a constant pattern. A word boundary means one of ASCII words: what
/// stands beside Latin words in Chinese text is no word, and only such a
/// boundary lets the automaton run over Chinese text without falling back to
/// slower machines.
///
/// # Panics
/// When the pattern is broken: patterns are constants, so a test finds that.
pub(crate) fn pattern(source: &str) -> Regex {
    Regex::new(&source.replace(r"\b", r"(?-u:\b)")).expect("a constant pattern")
}
