//! Constant patterns of the policy room.

mod found;
mod table;
mod translate;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use regex::Regex;
use regex_lite::Regex as Interpreter;

pub(crate) use found::{Captures, Match};
use table::{Finding, Table, Tables};

/// A pattern. Three machines run it, each where it costs least, and all tell the
/// same. Tables that the build script made find its places; where they would be
/// too large, others tell at least whether a text holds it, and one is put on each
/// place of a text that does. What tables do not know, the groups of a place first
/// of all, an interpreter reads, which is ready at once but slow; and a pattern that
/// it was asked for much text is compiled.
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
    tables: OnceLock<Tables>,
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
#[derive(Clone, Copy)]
enum Machine<'p> {
    Tables(Finding),
    /// A table that is put on each place, and the pattern that is compiled where
    /// that takes too long.
    Tried(&'static Table, &'p Pattern),
    Interpreter(&'p Interpreter),
    Compiled(&'p Regex),
}

impl Machine<'_> {
    fn holds(self, text: &str) -> bool {
        match self {
            Self::Tables(tables) => tables.holds(text),
            Self::Tried(..) => self.place(text, 0).is_some(),
            Self::Interpreter(regex) => regex.is_match(text),
            Self::Compiled(regex) => regex.is_match(text),
        }
    }

    /// The leftmost place from `from` on, a boundary of characters.
    fn place<'t>(self, text: &'t str, from: usize) -> Option<Match<'t>> {
        match self {
            Self::Tables(tables) => Match::at(text, tables.place(text, from)?),
            Self::Tried(table, pattern) => match table.tried(text, from) {
                Some(place) => Match::at(text, place?),
                None => Machine::Compiled(pattern.compiled()).place(text, from),
            },
            Self::Interpreter(regex) => regex.find_at(text, from).map(Match::from),
            Self::Compiled(regex) => regex.find_at(text, from).map(Match::from),
        }
    }
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

    fn tables(&self) -> Tables {
        *self.tables.get_or_init(|| table::find(&self.source))
    }

    /// What tables tell of a text.
    fn told(tables: &[Table], text: &str) -> Told {
        let mut accepting = tables.iter().filter(|table| table.accepts(text));
        match accepting.next() {
            Some(first) if first.exact || accepting.any(|table| table.exact) => Told::Holds,
            None if !tables.is_empty() => Told::HoldsNot,
            _ => Told::Unknown,
        }
    }

    /// None when the tables tell that the text holds no match.
    fn machine_for(&self, text: &str) -> Option<Machine<'_>> {
        match self.tables() {
            Tables::Finding(tables) => Some(Machine::Tables(tables)),
            Tables::Telling(tables, _) if Self::told(tables, text) == Told::HoldsNot => None,
            Tables::Telling(_, Some(here)) => Some(Machine::Tried(here, self)),
            Tables::Telling(_, None) => Some(self.reader(text)),
        }
    }

    /// What reads a text, or a place of one, without tables: the interpreter while
    /// there was little to read, then the compiled pattern.
    fn reader(&self, text: &str) -> Machine<'_> {
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
        match self.tables() {
            Tables::Finding(tables) => tables.holds(text),
            Tables::Telling(tables, here) => match (Self::told(tables, text), here) {
                (Told::Holds, _) => true,
                (Told::HoldsNot, _) => false,
                (Told::Unknown, Some(here)) => Machine::Tried(here, self).holds(text),
                (Told::Unknown, None) => self.reader(text).holds(text),
            },
        }
    }

    /// The leftmost place.
    pub(crate) fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.machine_for(text)?.place(text, 0)
    }

    /// Every place, in order.
    pub(crate) fn find_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Match<'t>> {
        let machine = self.machine_for(text);
        places(text, move |from| machine?.place(text, from), Match::range)
    }

    /// The leftmost place with its groups.
    pub(crate) fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.groups(self.machine_for(text)?, text, 0)
    }

    /// Every place with its groups, in order.
    pub(crate) fn captures_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
        let machine = self.machine_for(text);
        places(
            text,
            move |from| self.groups(machine?, text, from),
            Captures::range,
        )
    }

    /// The leftmost place from `from` on with its groups. Tables know no groups:
    /// they tell which place to read for them.
    fn groups<'t>(&self, machine: Machine<'_>, text: &'t str, from: usize) -> Option<Captures<'t>> {
        match machine {
            Machine::Tables(_) | Machine::Tried(..) => {
                let place = machine.place(text, from)?;
                self.groups(self.reader(place.as_str()), text, place.start())
            }
            Machine::Interpreter(regex) => regex.captures_at(text, from).map(Captures::from),
            Machine::Compiled(regex) => regex.captures_at(text, from).map(Captures::from),
        }
    }
}

/// All that `next` finds in a text from one place on, one behind the other. An
/// empty place where the one before ended is none.
fn places<T>(
    text: &str,
    next: impl Fn(usize) -> Option<T>,
    place: impl Fn(&T) -> Range<usize>,
) -> impl Iterator<Item = T> {
    let mut from = 0;
    let mut last = None;
    std::iter::from_fn(move || {
        let mut found = next(from)?;
        if place(&found).is_empty() && last == Some(place(&found).end) {
            let behind = text.get(from..)?.chars().next()?;
            found = next(from + behind.len_utf8())?;
        }
        from = place(&found).end;
        last = Some(from);
        Some(found)
    })
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

    type Groups = Vec<Option<Range<usize>>>;

    /// The groups of each place that the compiled pattern finds.
    fn expected(source: &str, text: &str) -> Vec<Groups> {
        let compiled = Regex::new(&translate::compiled(source)).expect(source);
        let groups = compiled.captures_iter(text);
        let range = |group: Option<regex::Match<'_>>| group.map(|group| group.range());
        groups.map(|one| one.iter().map(range).collect()).collect()
    }

    /// The same by the interpreter.
    fn interpreted(source: &str, text: &str) -> Vec<Groups> {
        let interpreter = Interpreter::new(&translate::ascii(source, r"\b")).expect(source);
        let groups = interpreter.captures_iter(text);
        let range = |group: Option<regex_lite::Match<'_>>| group.map(|group| group.range());
        groups.map(|one| one.iter().map(range).collect()).collect()
    }

    /// The same by whatever a pattern takes.
    fn taken(pattern: &Pattern, text: &str, groups: usize) -> Vec<Groups> {
        let range = |one: &Captures<'_>, group| one.get(group).map(|group| group.range());
        pattern
            .captures_iter(text)
            .map(|one| (0..groups).map(|group| range(&one, group)).collect())
            .collect()
    }

    #[test]
    fn table_interpreter_and_compiled_pattern_tell_the_same() {
        let mut seed = 7;
        let mut matches = 0;
        for source in table::sources() {
            let pattern = Pattern::new(source);
            for text in texts(source, &mut seed) {
                let expected = expected(source, &text);
                let context = format!("{source:?} in {text:?}");
                assert_eq!(interpreted(source, &text), expected, "{context}");
                let groups = expected.first().map_or(1, Vec::len);
                assert_eq!(taken(&pattern, &text, groups), expected, "{context}");
                let wholes: Vec<_> = pattern.find_iter(&text).map(|one| one.range()).collect();
                let expected: Vec<_> = expected.iter().filter_map(|one| one[0].clone()).collect();
                assert_eq!(wholes, expected, "{context}");
                assert_eq!(pattern.is_match(&text), !expected.is_empty(), "{context}");
                matches += usize::from(!expected.is_empty());
            }
        }
        assert!(matches > 1000, "{matches} texts match");
    }

    #[test]
    fn a_table_put_on_each_place_gives_up_where_that_reads_too_often() {
        let pattern = &Pattern::new(
            r"(?:不会|不)[^,。;]{0,12}?(?:收集|获取)(?:[、或](?:收集|上传))*|y[^z]*z",
        );
        let Tables::Telling(_, Some(_)) = pattern.tables() else {
            panic!("too small a pattern: {:?}", pattern.tables());
        };
        for text in [
            "我们不会向您收集",
            &"不".repeat(3_000),
            &format!("不收集{}", "y".repeat(600)),
        ] {
            let expected = expected(pattern.as_str(), text);
            assert_eq!(taken(pattern, text, 1), expected, "{text}");
            assert_eq!(pattern.is_match(text), !expected.is_empty(), "{text}");
        }
        assert!(pattern.regex.get().is_some(), "it was compiled");
    }

    #[test]
    fn an_empty_place_is_found_once_and_between_characters() {
        let places = |pattern: &Pattern, text: &str| -> Vec<_> {
            pattern.find_iter(text).map(|one| one.range()).collect()
        };
        for pattern in [
            Pattern::new(r"用*"),
            Pattern::new(r"\b|用"),
            Pattern::new(r"(?m)$|,"),
            Pattern::new(r"(?:等|类)*$"),
        ] {
            let source = pattern.as_str();
            assert!(matches!(pattern.tables(), Tables::Finding(_)), "{source}");
            let compiled = Regex::new(&translate::compiled(source)).expect(source);
            for text in ["", "用", "a用用b", "等类\n,等", "é用\n"] {
                let expected: Vec<_> = compiled.find_iter(text).map(|one| one.range()).collect();
                assert_eq!(places(&pattern, text), expected, "{source} in {text:?}");
            }
        }
    }

    #[test]
    fn much_text_is_read_by_the_compiled_pattern() {
        let pattern = Pattern::of(r"(?P<what>ab+)|never".to_owned()); // it has no tables
        for _ in 0..3 {
            let text = "xab".repeat(MAX_INTERPRETED / 6);
            assert_eq!(pattern.find_iter(&text).count(), MAX_INTERPRETED / 6);
            let groups = pattern.captures("xabb").expect("it holds one");
            assert_eq!(groups.name("what").expect("named").range(), 1..4);
        }
        assert!(pattern.interpreter.get().is_some() && pattern.regex.get().is_some());
    }
}
