//! Text without what people vary: case, blanks, hyphens, underscores, 您的.

use std::cell::Cell;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::table::Words;

/// Squashed text that knows where each byte comes from and where words begin
/// and end.
#[derive(Debug)]
pub(super) struct Squashed<'t> {
    pub text: String,
    original: &'t str,
    /// In order.
    runs: Vec<Run>,
    /// The run that was asked for last: places are asked for in order.
    last: Cell<usize>,
}

/// Squashed bytes with nothing left out between them: those of the original but
/// for the case of ASCII, or all that one other character became.
#[derive(Debug)]
struct Run {
    /// Where it begins in the squashed text.
    start: usize,
    origin: Range<usize>,
}

impl<'t> Squashed<'t> {
    /// Squashes normalised text.
    pub fn of(original: &'t str) -> Self {
        let mut squashed = Squashed {
            text: String::with_capacity(original.len()),
            original,
            runs: Vec::new(),
            last: Cell::new(0),
        };
        let mut from = 0;
        let mut chars = original.char_indices();
        while let Some((at, c)) = chars.next() {
            let end = at + c.len_utf8();
            if matches!(c, '您' | '你') {
                // `访问您的网络状态` is `访问网络状态`.
                if original
                    .get(end..)
                    .is_some_and(|rest| rest.starts_with('的'))
                {
                    chars.next();
                    squashed.keep(from..at);
                    from = end + '的'.len_utf8();
                }
            } else if has_no_case(c) && c != '\u{3000}' {
                // Nearly all of a Chinese text.
            } else if is_filler(c) {
                squashed.keep(from..at);
                from = end;
            } else if !c.is_ascii() {
                squashed.keep(from..at);
                let start = squashed.text.len();
                squashed.text.extend(c.to_lowercase());
                let origin = at..end;
                squashed.runs.push(Run { start, origin });
                from = end;
            }
        }
        squashed.keep(from..original.len());
        squashed.text.make_ascii_lowercase();
        squashed
    }

    /// Takes a part of the original over.
    fn keep(&mut self, origin: Range<usize>) {
        if let Some(part) = self.original.get(origin.clone()).filter(|p| !p.is_empty()) {
            let start = self.text.len();
            self.text.push_str(part);
            self.runs.push(Run { start, origin });
        }
    }

    /// Where in the original a squashed byte comes from, and whether its run
    /// begins with it.
    fn origin(&self, at: usize) -> (usize, bool) {
        let Some(run) = self.run(at).filter(|_| at < self.text.len()) else {
            return (self.original.len(), true);
        };
        let last = run.origin.end.saturating_sub(1);
        let place = run.origin.start + (at - run.start);
        (place.min(last), at == run.start)
    }

    /// The run of a squashed byte.
    fn run(&self, at: usize) -> Option<&Run> {
        let from_here = |run: usize| self.runs.get(run).is_some_and(|run| run.start <= at);
        let fits = |run: &usize| from_here(*run) && !from_here(run + 1);
        let last = self.last.get();
        let near = [last, last + 1].into_iter().find(fits);
        let searched = || {
            let behind = self.runs.partition_point(|run| run.start <= at);
            behind.checked_sub(1)
        };
        let found = near.or_else(searched)?;
        self.last.set(found);
        self.runs.get(found)
    }

    /// The original range of a squashed range.
    pub fn original(&self, start: usize, end: usize) -> Range<usize> {
        let (from, _) = self.origin(start);
        let last = end.checked_sub(1).map_or(from, |at| self.origin(at).0);
        let boundary = |at: &usize| self.original.is_char_boundary(*at);
        let last = (0..=last).rev().find(boundary).unwrap_or_default();
        let tail = self.original.get(last..);
        let tail = tail.and_then(|rest| rest.chars().next());
        from..last + tail.map_or(0, char::len_utf8)
    }

    /// Whether a word edge stands before a squashed character.
    fn is_edge(&self, at: usize) -> bool {
        let (place, begins) = self.origin(at);
        let parts = self.original.split_at_checked(place);
        let edge = |(before, behind): (&str, &str)| {
            let pair = before.chars().next_back().zip(behind.chars().next());
            pair.is_none_or(|(before, c)| is_edge(before, c))
        };
        begins || parts.is_some_and(edge)
    }

    /// The words that stand where a word may begin, as start, end and number:
    /// leftmost, then longest first.
    pub fn find<'s>(
        &'s self,
        words: &'s Words,
    ) -> impl Iterator<Item = (usize, usize, usize)> + 's {
        words.find(&self.text, |start, first| {
            !first.is_ascii_alphanumeric() || self.begins_word(start)
        })
    }

    /// Whether a word may begin here: a Latin one needs an edge.
    pub fn begins_word(&self, start: usize) -> bool {
        let first = self.text.get(start..).and_then(|rest| rest.chars().next());
        !first.is_some_and(|c| c.is_ascii_alphanumeric()) || self.is_edge(start)
    }

    /// Whether a Latin pattern that matched here is a word of its own.
    pub fn is_word(&self, start: usize, end: usize) -> bool {
        let begins = self.begins_word(start);
        let last = self
            .text
            .get(..end)
            .and_then(|head| head.chars().next_back());
        let plural = |at: usize| {
            let rest = self.text.get(at..).unwrap_or_default();
            ["s", "es"]
                .iter()
                .any(|suffix| rest.starts_with(suffix) && self.is_edge(at + suffix.len()))
        };
        let ends = !last.is_some_and(|c| c.is_ascii_alphanumeric())
            || self.is_edge(end)
            || last.is_some_and(|c| c.is_ascii_alphabetic()) && plural(end);
        begins && ends
    }
}

/// Whether a character is of a CJK block: nearly all of a Chinese text, and none
/// has a lower case. The tables of Unicode are slow to ask.
fn has_no_case(c: char) -> bool {
    ('\u{3000}'..='\u{9fff}').contains(&c)
}

fn is_filler(c: char) -> bool {
    c.is_whitespace() || matches!(c, '_' | '-' | '·' | '‐' | '‑' | '–' | '*' | '`')
}

/// A word edge stands between two characters unless both are letters of one
/// word or both are digits; `androidId` has one before the `I`.
fn is_edge(before: char, c: char) -> bool {
    let latin = |c: char| c.is_ascii_alphanumeric();
    if !latin(before) || !latin(c) {
        return true;
    }
    if before.is_ascii_digit() || c.is_ascii_digit() {
        return before.is_ascii_digit() != c.is_ascii_digit() && before.is_ascii_digit();
    }
    before.is_ascii_lowercase() && c.is_ascii_uppercase()
}

/// A word in the form that is looked up.
pub(crate) fn squash(raw: &str) -> String {
    let mut kept = String::with_capacity(raw.len());
    for c in raw.chars() {
        if is_ideograph(c) {
            kept.push(c);
            continue;
        }
        if !has_one_form(c) {
            let kept = raw.nfkc().filter(|c| !is_filler(*c));
            return kept.flat_map(char::to_lowercase).collect();
        }
        if !is_filler(c) {
            kept.push(c.to_ascii_lowercase());
        }
    }
    kept
}

/// Whether a character, whatever stands beside it, is its own NFKC form and has
/// no lower case, or is of ASCII: nearly all words are of such characters.
fn has_one_form(c: char) -> bool {
    c.is_ascii()
        || is_ideograph(c)
        || matches!(
            c,
            '、' | '。' | '\u{3008}'..='\u{3011}' | '‘' | '’' | '“' | '”' | '—'
        )
}

fn is_ideograph(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// A name for comparison: squashed, without `SDK` and quotes.
pub(crate) fn squash_name(raw: &str) -> String {
    let mut squashed = squash(raw);
    if squashed.contains("sdk") {
        squashed = squashed.replace("sdk", "");
    }
    squashed.retain(|c| !is_quote(c));
    squashed
}

fn is_quote(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '“' | '”' | '‘' | '’' | '「' | '」' | '【' | '】' | '[' | ']' | '《' | '》'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_of_one_form_stay_what_they_are() {
        for c in ('\u{80}'..=char::MAX).filter(|c| has_one_form(*c)) {
            assert!(std::iter::once(c).nfkc().eq([c]), "{c}");
            assert!(c.to_lowercase().eq([c]), "{c}");
        }
    }

    #[test]
    fn possessives_do_not_part_a_term() {
        let text = "访问您的网络状态";
        let squashed = Squashed::of(text);
        assert_eq!(squashed.text, "访问网络状态");
        assert_eq!(squashed.original(0, squashed.text.len()), 0..text.len());
    }

    #[test]
    fn latin_words_need_their_edges() {
        let squashed = Squashed::of("MACRO androidId IP addresses MAC地址");
        let word = |pattern: &str| {
            let at = squashed.text.find(pattern).unwrap();
            squashed.is_word(at, at + pattern.len())
        };
        assert!(!word("mac"));
        assert!(word("androidid"));
        assert!(word("ipaddress"));
        assert!(word("mac地址"));
    }
}
