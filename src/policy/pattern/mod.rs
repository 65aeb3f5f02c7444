//! Constant patterns of the policy room.

mod found;
mod table;
mod translate;

use std::borrow::Cow;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use regex::Regex;
use regex_lite::Regex as Interpreter;

pub(crate) use found::{Captures, Match};
use table::Table;

/// A pattern. Three machines run it, each where it costs least, and all tell the
/// same: tables that the build script made tell whether a text holds it; where
/// it stands tells an interpreter, which is ready at once but slow; and a pattern
/// that is asked for much text is compiled.
///
/// Its classes `\d`, `\s`, `\S` and `\w`, its word boundaries and its cases are
/// those of ASCII: normalised text has no other digits and blanks, and what
/// stands beside Latin words in Chinese text is no word. Such classes are small
/// automata, and such boundaries let them run over Chinese text without falling
/// back to slower machines. `\W` is a mark or a blank, and `\p{Han}` the unified
/// ideographs of the basic plane: a class of all Unicode costs more to compile
/// than the rest of its pattern.
#[derive(Debug)]
pub(crate) struct Pattern {
    source: Cow<'static, str>,
    tables: OnceLock<&'static [Table]>,
    /// None when only the compiled pattern knows its syntax.
    interpreter: OnceLock<Option<Interpreter>>,
    /// Bytes that the interpreter was asked for.
    interpreted: AtomicUsize,
    regex: OnceLock<Regex>,
}

/// Bytes that the interpreter reads before a pattern is compiled; about where
/// both cost the same.
const MAX_INTERPRETED: usize = 4 << 10;

/// Letters beyond ASCII that a compiled pattern takes for a `k` or an `s` of
/// either case.
const FOLDED: [char; 2] = ['\u{212a}', '\u{17f}'];

/// What the tables of a pattern tell of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Holds,
    HoldsNot,
    Unknown,
}

/// What finds the places of a pattern.
enum Machine<'p> {
    Interpreter(&'p Interpreter),
    Compiled(&'p Regex),
}

impl Pattern {
    /// A constant pattern. The build script finds each by its raw string, and
    /// fails when it is broken.
    pub(crate) const fn new(source: &'static str) -> Self {
        Self::with(Cow::Borrowed(source))
    }

    /// A pattern made of constants; it has no table.
    pub(crate) const fn of(source: String) -> Self {
        Self::with(Cow::Owned(source))
    }

    const fn with(source: Cow<'static, str>) -> Self {
        Self {
            source,
            tables: OnceLock::new(),
            interpreter: OnceLock::new(),
            interpreted: AtomicUsize::new(0),
            regex: OnceLock::new(),
        }
    }

    /// As written.
    pub(crate) fn as_str(&self) -> &str {
        &self.source
    }

    /// What the tables tell of a text.
    fn told(&self, text: &str) -> Told {
        let tables = *self.tables.get_or_init(|| table::find(&self.source));
        let mut accepting = tables.iter().filter(|table| table.accepts(text));
        match accepting.next() {
            Some(first) if first.exact || accepting.any(|table| table.exact) => Told::Holds,
            None if !tables.is_empty() => Told::HoldsNot,
            _ => Told::Unknown,
        }
    }

    /// None when the tables tell that the text holds no match.
    fn machine_for(&self, text: &str) -> Option<Machine<'_>> {
        if self.told(text) == Told::HoldsNot {
            return None;
        }
        Some(self.machine(text))
    }

    /// The interpreter while there was little text, then the compiled pattern.
    fn machine(&self, text: &str) -> Machine<'_> {
        if let Some(regex) = self.regex.get() {
            return Machine::Compiled(regex);
        }
        let before = self.interpreted.fetch_add(text.len(), Ordering::Relaxed);
        let little = before.saturating_add(text.len()) <= MAX_INTERPRETED;
        let known = || {
            let new = || Interpreter::new(&translate::ascii(&self.source, r"\b")).ok();
            self.interpreter.get_or_init(new).as_ref()
        };
        let chosen = (little && !text.contains(FOLDED)).then(known).flatten();
        chosen.map_or_else(|| Machine::Compiled(self.compiled()), Machine::Interpreter)
    }

    fn compiled(&self) -> &Regex {
        self.regex.get_or_init(|| {
            Regex::new(&translate::compiled(&self.source)).expect("the build script compiled it")
        })
    }

    /// Whether the text holds it.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        match self.told(text) {
            Told::Holds => true,
            Told::HoldsNot => false,
            Told::Unknown => match self.machine(text) {
                Machine::Interpreter(regex) => regex.is_match(text),
                Machine::Compiled(regex) => regex.is_match(text),
            },
        }
    }

    /// The leftmost place.
    pub(crate) fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        match self.machine_for(text)? {
            Machine::Interpreter(regex) => regex.find(text).map(Match::from),
            Machine::Compiled(regex) => regex.find(text).map(Match::from),
        }
    }

    /// Every place, in order.
    pub(crate) fn find_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Match<'t>> {
        let (interpreted, compiled) = match self.machine_for(text) {
            Some(Machine::Interpreter(regex)) => (Some(regex.find_iter(text)), None),
            Some(Machine::Compiled(regex)) => (None, Some(regex.find_iter(text))),
            None => (None, None),
        };
        let interpreted = interpreted.into_iter().flatten().map(Match::from);
        interpreted.chain(compiled.into_iter().flatten().map(Match::from))
    }

    /// The leftmost place with its groups.
    pub(crate) fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        match self.machine_for(text)? {
            Machine::Interpreter(regex) => regex.captures(text).map(Captures::from),
            Machine::Compiled(regex) => regex.captures(text).map(Captures::from),
        }
    }

    /// Every place with its groups, in order.
    pub(crate) fn captures_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
        let (interpreted, compiled) = match self.machine_for(text) {
            Some(Machine::Interpreter(regex)) => (Some(regex.captures_iter(text)), None),
            Some(Machine::Compiled(regex)) => (None, Some(regex.captures_iter(text))),
            None => (None, None),
        };
        let interpreted = interpreted.into_iter().flatten().map(Captures::from);
        interpreted.chain(compiled.into_iter().flatten().map(Captures::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_and_boundaries_are_of_ascii() {
        assert_eq!(translate::compiled(r"\bSDK\b"), r"(?-u:\b)SDK(?-u:\b)");
        assert_eq!(
            translate::compiled(r"[^\s,]\d{2}\."),
            r"[^\x09-\x0d\x20,][0-9]{2}\."
        );
        assert!(Pattern::new(r"(?i)\bsdks?\b").is_match("接入SDK的"));
        assert!(!Pattern::new(r"\bsdk\b").is_match("mysdk"));
        assert!(Pattern::new(r"^\W{2}[^\p{Han}]\p{Han}$").is_match("、 a用"));
        assert!(!Pattern::new(r"^\W$").is_match("用"));
    }

    /// Texts of the pieces of a pattern's own source, so that many match.
    fn texts(source: &str, seed: &mut u64) -> Vec<String> {
        let pieces: Vec<&str> = source
            .split([
                '|', '(', ')', '[', ']', '?', '*', '+', '{', '}', '\\', '^', '$',
            ])
            .filter(|piece| !piece.is_empty())
            .chain([" ", ",", "。", ":", "\n", "SDK", "12", "用户", "Acme", ""])
            .collect();
        let mut draw = |most: usize| {
            *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (*seed >> 33) as usize % most
        };
        (0..24)
            .map(|_| {
                let length = 1 + draw(7);
                (0..length).map(|_| pieces[draw(pieces.len())]).collect()
            })
            .collect()
    }

    /// The places of a pattern and of their groups.
    fn places(machine: &Machine<'_>, text: &str) -> Vec<Vec<Option<(usize, usize)>>> {
        let place = |found: Match<'_>| (found.start(), found.end());
        match machine {
            Machine::Interpreter(regex) => regex
                .captures_iter(text)
                .map(|groups| groups.iter().map(|g| Some(place(g?.into()))).collect())
                .collect(),
            Machine::Compiled(regex) => regex
                .captures_iter(text)
                .map(|groups| groups.iter().map(|g| Some(place(g?.into()))).collect())
                .collect(),
        }
    }

    #[test]
    fn table_interpreter_and_compiled_pattern_tell_the_same() {
        let mut seed = 7;
        let mut matches = 0;
        for source in table::sources() {
            let compiled = Regex::new(&translate::compiled(source)).expect(source);
            let interpreter = Interpreter::new(&translate::ascii(source, r"\b")).expect(source);
            let pattern = Pattern::new(source);
            for text in texts(source, &mut seed) {
                let expected = places(&Machine::Compiled(&compiled), &text);
                let told = places(&Machine::Interpreter(&interpreter), &text);
                assert_eq!(told, expected, "{source:?} in {text:?}");
                let matched = !expected.is_empty();
                let agree = match pattern.told(&text) {
                    Told::Holds => matched,
                    Told::HoldsNot => !matched,
                    Told::Unknown => true,
                };
                assert!(agree, "{source:?} in {text:?}");
                matches += usize::from(matched);
            }
        }
        assert!(matches > 1000, "{matches} texts match");
    }

    #[test]
    fn much_text_is_read_by_the_compiled_pattern() {
        let pattern = Pattern::new(r"(?P<what>ab+)|never");
        for _ in 0..3 {
            let text = "xab".repeat(MAX_INTERPRETED / 6);
            assert_eq!(pattern.find_iter(&text).count(), MAX_INTERPRETED / 6);
            let groups = pattern.captures("xabb").expect("it holds one");
            assert_eq!(groups.name("what").expect("named").range(), 1..4);
        }
        assert!(pattern.interpreter.get().is_some() && pattern.regex.get().is_some());
    }
}
