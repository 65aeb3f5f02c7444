//! Constant patterns of the policy room.

mod table;
mod translate;

use std::borrow::Cow;
use std::sync::OnceLock;

use regex::{Captures, Match, Regex};

use table::Table;

/// A pattern. Whether a text holds it tells a table that the build script made;
/// where it stands tells a regex, compiled where it is first needed.
///
/// Its classes `\d`, `\s` and `\w` and its word boundaries are those of ASCII:
/// normalised text has no other digits and blanks, and what stands beside Latin
/// words in Chinese text is no word. Such classes are small automata, and such
/// boundaries let them run over Chinese text without falling back to slower
/// machines. `\W` is a mark or a blank, and `\p{Han}` the unified ideographs of
/// the basic plane: a class of all Unicode costs more to compile than the rest
/// of its pattern.
#[derive(Debug)]
pub(crate) struct Pattern {
    source: Cow<'static, str>,
    table: OnceLock<Option<&'static Table>>,
    regex: OnceLock<Regex>,
}

impl Pattern {
    /// A constant pattern. The build script finds each by its raw string, and
    /// fails when it is broken.
    pub(crate) const fn new(source: &'static str) -> Self {
        Self {
            source: Cow::Borrowed(source),
            table: OnceLock::new(),
            regex: OnceLock::new(),
        }
    }

    /// A pattern made of constants; it has no table.
    pub(crate) const fn of(source: String) -> Self {
        Self {
            source: Cow::Owned(source),
            table: OnceLock::new(),
            regex: OnceLock::new(),
        }
    }

    fn regex(&self) -> &Regex {
        self.regex.get_or_init(|| {
            Regex::new(&translate::ascii(&self.source)).expect("the build script compiled it")
        })
    }

    fn table(&self) -> Option<&'static Table> {
        *self.table.get_or_init(|| table::find(&self.source))
    }

    /// The regex, when the table does not rule out that the text holds a match.
    fn regex_for(&self, text: &str) -> Option<&Regex> {
        let may = self.table().is_none_or(|table| table.accepts(text));
        may.then(|| self.regex())
    }

    /// As written.
    pub(crate) fn as_str(&self) -> &str {
        &self.source
    }

    /// Whether the text holds it.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        match self.table() {
            Some(table) if table.exact => table.accepts(text),
            _ => self
                .regex_for(text)
                .is_some_and(|regex| regex.is_match(text)),
        }
    }

    /// The leftmost place.
    pub(crate) fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.regex_for(text)?.find(text)
    }

    /// Every place, in order.
    pub(crate) fn find_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Match<'t>> {
        let regex = self.regex_for(text);
        regex.into_iter().flat_map(|regex| regex.find_iter(text))
    }

    /// The leftmost place with its groups.
    pub(crate) fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.regex_for(text)?.captures(text)
    }

    /// Every place with its groups, in order.
    pub(crate) fn captures_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
        let regex = self.regex_for(text);
        regex
            .into_iter()
            .flat_map(|regex| regex.captures_iter(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_and_boundaries_are_of_ascii() {
        assert_eq!(translate::ascii(r"\bSDK\b"), r"(?-u:\b)SDK(?-u:\b)");
        assert_eq!(
            translate::ascii(r"[^\s,]\d{2}\."),
            r"[^\x09-\x0d\x20,][0-9]{2}\."
        );
        assert!(Pattern::new(r"(?i)\bsdks?\b").is_match("接入SDK的"));
        assert!(!Pattern::new(r"\bsdk\b").is_match("mysdk"));
        assert!(Pattern::new(r"^\W{2}[^\p{Han}]\p{Han}$").is_match("、 a用"));
        assert!(!Pattern::new(r"^\W$").is_match("用"));
    }
}
