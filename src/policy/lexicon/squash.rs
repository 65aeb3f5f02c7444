//! Text without what people vary: case, blanks, hyphens, underscores, 您的.

use unicode_normalization::UnicodeNormalization;

use super::table::Words;

/// Squashed text that knows where each byte comes from and where words begin
/// and end.
#[derive(Debug, Default)]
pub(super) struct Squashed {
    pub text: String,
    /// Offset in the original of each squashed byte, and of the end.
    origin: Vec<u32>,
    /// Whether a word edge stands before each squashed byte, and at the end.
    edge: Vec<bool>,
}

impl Squashed {
    /// Squashes normalised text.
    pub fn of(text: &str) -> Self {
        let mut squashed = Squashed {
            text: String::with_capacity(text.len()),
            origin: Vec::with_capacity(text.len() + 1),
            edge: Vec::with_capacity(text.len() + 1),
        };
        let mut before: Option<char> = None;
        let mut skipped = false;
        let mut possessive = 0;
        for (at, c) in text.char_indices() {
            // `访问您的网络状态` is `访问网络状态`.
            if matches!(c, '您' | '你') && text.get(at + 3..).is_some_and(|t| t.starts_with('的'))
            {
                possessive = 2;
            }
            if possessive > 0 {
                possessive -= 1;
                skipped = true;
                continue;
            }
            if is_filler(c) {
                skipped = true;
                continue;
            }
            let edge = skipped || before.is_none_or(|b| is_edge(b, c));
            let start = squashed.text.len();
            if c.is_ascii() {
                squashed.text.push(c.to_ascii_lowercase());
            } else if has_no_case(c) {
                squashed.text.push(c);
            } else {
                squashed.text.extend(c.to_lowercase());
            }
            for byte in start..squashed.text.len() {
                squashed.origin.push(u32::try_from(at).unwrap_or(u32::MAX));
                squashed.edge.push(byte == start && edge);
            }
            before = Some(c);
            skipped = false;
        }
        squashed
            .origin
            .push(u32::try_from(text.len()).unwrap_or(u32::MAX));
        squashed.edge.push(true);
        squashed
    }

    /// The original range of a squashed range.
    pub fn original(&self, text: &str, start: usize, end: usize) -> std::ops::Range<usize> {
        let from = self.origin.get(start).map_or(0, |&at| at as usize);
        let last = end.checked_sub(1).and_then(|at| self.origin.get(at));
        let last = last.map_or(from, |&at| at as usize);
        let tail = text.get(last..).and_then(|rest| rest.chars().next());
        from..last + tail.map_or(0, char::len_utf8)
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
        !first.is_some_and(|c| c.is_ascii_alphanumeric())
            || self.edge.get(start).copied().unwrap_or(true)
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
            ["s", "es"].iter().any(|suffix| {
                rest.starts_with(suffix)
                    && self.edge.get(at + suffix.len()).copied().unwrap_or(true)
            })
        };
        let ends = !last.is_some_and(|c| c.is_ascii_alphanumeric())
            || self.edge.get(end).copied().unwrap_or(true)
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
pub(super) fn squash(raw: &str) -> String {
    // Nearly all words are of characters that have one form only.
    let plain = |c: char| c.is_ascii() || ('\u{4e00}'..='\u{9fff}').contains(&c);
    if raw.chars().all(plain) {
        let mut kept = String::with_capacity(raw.len());
        for c in raw.chars().filter(|c| !is_filler(*c)) {
            kept.push(c.to_ascii_lowercase());
        }
        return kept;
    }
    raw.nfkc()
        .filter(|c| !is_filler(*c))
        .flat_map(char::to_lowercase)
        .collect()
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
    fn possessives_do_not_part_a_term() {
        let text = "访问您的网络状态";
        let squashed = Squashed::of(text);
        assert_eq!(squashed.text, "访问网络状态");
        assert_eq!(
            squashed.original(text, 0, squashed.text.len()),
            0..text.len()
        );
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
