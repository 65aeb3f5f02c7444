//! Text without what people vary: case, blanks, hyphens, underscores, 您的.

use std::cell::OnceCell;
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
    /// For each byte whether a word edge stands before it; of no use inside a
    /// character. Made when the first Latin word is asked for.
    edges: OnceCell<Vec<bool>>,
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
            edges: OnceCell::new(),
        };
        let mut from = 0;
        let mut chars = original.char_indices();
        while let Some((at, c)) = chars.next() {
            if c.is_ascii_alphanumeric() {
                continue;
            }
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

    /// Where in the original a squashed byte comes from.
    fn origin(&self, at: usize) -> usize {
        let after = self.runs.partition_point(|run| run.start <= at);
        let run = after.checked_sub(1).and_then(|at| self.runs.get(at));
        let Some(run) = run.filter(|_| at < self.text.len()) else {
            return self.original.len();
        };
        let last = run.origin.end.saturating_sub(1);
        (run.origin.start + (at - run.start)).min(last)
    }

    /// The original range of a squashed range.
    pub fn original(&self, start: usize, end: usize) -> Range<usize> {
        let from = self.origin(start);
        let last = end.checked_sub(1).map_or(from, |at| self.origin(at));
        let boundary = |at: &usize| self.original.is_char_boundary(*at);
        let last = (0..=last).rev().find(boundary).unwrap_or_default();
        let tail = self.original.get(last..);
        let tail = tail.and_then(|rest| rest.chars().next());
        from..last + tail.map_or(0, char::len_utf8)
    }

    /// Whether a word edge stands before a squashed character.
    fn is_edge(&self, at: usize) -> bool {
        let edges = self.edges.get_or_init(|| {
            let mut edges = vec![true; self.text.len()];
            for Run { start, origin } in &self.runs {
                let part = self.original.get(origin.clone()).unwrap_or_default();
                let mut kinds = part.bytes().map(|byte| KINDS[usize::from(byte)]);
                let mut before = kinds.next().unwrap_or_default();
                for (edge, kind) in edges.iter_mut().skip(start + 1).zip(kinds) {
                    *edge = EDGES[before][kind];
                    before = kind;
                }
            }
            edges
        });
        edges.get(at).is_none_or(|edge| *edge)
    }

    /// The words that stand where a word may begin, as start, end and number:
    /// leftmost, then longest first.
    pub fn find<'s>(
        &'s self,
        words: &'s Words,
    ) -> impl Iterator<Item = (usize, usize, usize)> + 's {
        words.find(&self.text, |start, first| {
            !first.is_ascii_alphanumeric() || self.is_edge(start)
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

/// Whether a word edge stands between two characters: unless both are letters of
/// one word or both are digits; `androidId` has one before the `I`.
const fn is_edge(before: u8, byte: u8) -> bool {
    if !before.is_ascii_alphanumeric() || !byte.is_ascii_alphanumeric() {
        return true;
    }
    if before.is_ascii_digit() || byte.is_ascii_digit() {
        return before.is_ascii_digit() && !byte.is_ascii_digit();
    }
    before.is_ascii_lowercase() && byte.is_ascii_uppercase()
}

/// One byte of each kind that [`is_edge`] tells apart.
const OF_KIND: [u8; 4] = [b' ', b'a', b'A', b'0'];

/// The kind of each byte, as a place in [`OF_KIND`].
static KINDS: [usize; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b'a'..=b'z' => 1,
            b'A'..=b'Z' => 2,
            b'0'..=b'9' => 3,
            _ => 0,
        };
        byte += 1;
    }
    kinds
};

/// [`is_edge`] by kinds.
static EDGES: [[bool; 4]; 4] = {
    let mut edges = [[true; 4]; 4];
    let mut at = 0;
    while at < 16 {
        edges[at / 4][at % 4] = is_edge(OF_KIND[at / 4], OF_KIND[at % 4]);
        at += 1;
    }
    edges
};

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
