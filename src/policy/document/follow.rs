//! Finds the text nodes of a parsed page again in its file: the parser gives no
//! offsets, but it keeps the order of nearly all text.

use memchr::memmem;

use super::builder::Builder;

/// Bytes before and behind the present place in which text that the parser
/// moved (text between the rows of a table) is looked for.
const WINDOW: usize = 64 * 1024;
/// Searches for moved text in one document.
const MAX_SEARCHES: usize = 4_000;
/// Characters that are looked for: enough to be rare.
const NEEDLE: usize = 8;
/// Bytes of markup passed for each byte of the file, and in any case: what was
/// passed once is remembered, so that a page needs less than three.
const PASSES: usize = 16;
const MIN_PASSED: usize = 1 << 20;
/// Longest entity with `&` and `;`.
const ENTITY: usize = 34;

/// Elements whose content is no markup; their closing tag is looked for.
const RAW: [&str; 7] = [
    "script", "style", "noscript", "iframe", "noembed", "noframes", "xmp",
];

/// Where the text that is followed stands in the file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Origin<'p> {
    /// As it is, from an offset on.
    File(usize),
    /// As entities: see [`Follower::places`].
    Escaped(&'p [(usize, usize)]),
}

impl Origin<'_> {
    fn place(self, at: usize) -> usize {
        match self {
            Origin::File(base) => base + at,
            Origin::Escaped(places) => {
                let after = places.partition_point(|(from, _)| *from <= at);
                let known = after.checked_sub(1).and_then(|known| places.get(known));
                known.map_or(0, |(from, place)| place + (at - from))
            }
        }
    }
}

/// Walks through the file beside the tree.
pub(super) struct Follower<'t> {
    text: &'t str,
    /// Behind the last text found in order.
    at: usize,
    /// Behind the last text that was found elsewhere.
    detour: Option<usize>,
    searches: usize,
    /// Passages of markup that were passed last: where they begin, whether with
    /// blanks, where they end.
    passed: [(usize, bool, usize); 4],
    /// Bytes that may still be passed.
    left: usize,
    /// Text was not found again: its offsets are those of what stands before it.
    pub lost: bool,
}

impl<'t> Follower<'t> {
    pub fn new(text: &'t str) -> Self {
        Follower {
            text,
            at: 0,
            detour: None,
            searches: 0,
            passed: [(usize::MAX, false, 0); 4],
            left: text.len().saturating_mul(PASSES).max(MIN_PASSED),
            lost: false,
        }
    }

    /// Passes text that is not shown.
    pub fn pass(&mut self, words: &str) {
        let lost = self.lost;
        let at = self.locate(words);
        self.lost = lost; // nothing quotes it
        let mut end = at;
        for c in words.chars() {
            end = self.step(end, c).1;
        }
        self.arrive(end);
    }

    /// Shows text as it stands; line feeds are blanks unless `lines` says that
    /// they end lines.
    pub fn copy(&mut self, words: &str, origin: Origin<'_>, lines: bool, builder: &mut Builder) {
        let mut next = self.locate(words);
        let mut pending = String::new();
        let mut pending_at = next;
        for c in words.chars() {
            let (at, end) = self.step(next, c);
            next = end;
            let at = origin.place(at);
            if lines && c == '\n' {
                flush(&mut pending, pending_at, builder);
                builder.end_line();
                continue;
            }
            let shown = match c {
                '\t' if lines => c,
                c if c.is_whitespace() => ' ',
                c => c,
            };
            if at != pending_at + pending.len() {
                flush(&mut pending, pending_at, builder);
            }
            if pending.is_empty() {
                pending_at = at;
            }
            pending.push(shown);
        }
        flush(&mut pending, pending_at, builder);
        self.arrive(next);
    }

    /// Where the characters of a text stand: from an offset in it on, and the
    /// offset in the file, `base` included.
    pub fn places(&mut self, words: &str, base: usize) -> Vec<(usize, usize)> {
        let mut next = self.locate(words);
        let mut places: Vec<(usize, usize)> = Vec::new();
        for (inside, c) in words.char_indices() {
            let (at, end) = self.step(next, c);
            next = end;
            let at = base + at;
            let known = places.last();
            if known.is_none_or(|(from, place)| place + (inside - from) != at) {
                places.push((inside, at));
            }
        }
        self.arrive(next);
        places
    }

    fn arrive(&mut self, end: usize) {
        if self.detour.is_some() {
            self.detour = Some(end);
        } else {
            self.at = end;
        }
    }

    /// Where a text node stands. In order it follows tags and comments only;
    /// else it was moved and is looked for nearby. Two such nodes one behind
    /// the other make the new place the present one.
    fn locate(&mut self, words: &str) -> usize {
        let before = self.detour.take();
        let Some(first) = words.chars().find(|c| !c.is_whitespace()) else {
            return self.skip_markup(self.at, false);
        };
        let blank = words.starts_with(char::is_whitespace);
        if let Some(place) = self.in_order(self.at, first, blank) {
            return place;
        }
        let detour = before.and_then(|before| self.in_order(before, first, blank));
        if let Some(place) = detour {
            self.at = place;
            return place;
        }
        let needle: String = words
            .trim_start()
            .chars()
            .take(NEEDLE)
            .take_while(|c| !c.is_whitespace() && !matches!(c, '&' | '<' | '>' | '\u{a0}'))
            .collect();
        match self.search(&needle) {
            Some(place) => {
                self.detour = Some(place);
                place
            }
            None => {
                self.lost = true;
                self.at
            }
        }
    }

    /// The place of a node that begins with `first`, if only markup and blanks
    /// stand before it.
    fn in_order(&mut self, from: usize, first: char, blank: bool) -> Option<usize> {
        let place = self.skip_markup(from, false);
        let word = self.skip_markup(place, true);
        let (_, end) = self.step(word, first);
        (end > word).then_some(if blank && word > place { place } else { word })
    }

    fn search(&mut self, needle: &str) -> Option<usize> {
        if needle.is_empty() || self.searches >= MAX_SEARCHES {
            return None;
        }
        self.searches += 1;
        let bytes = self.text.as_bytes();
        let end = (self.at + WINDOW).min(bytes.len());
        let ahead = bytes.get(self.at..end).unwrap_or_default();
        if let Some(found) = memmem::find(ahead, needle.as_bytes()) {
            return Some(self.at + found);
        }
        let start = self.at.saturating_sub(WINDOW);
        let behind = bytes.get(start..self.at).unwrap_or_default();
        memmem::rfind(behind, needle.as_bytes()).map(|found| start + found)
    }

    /// The offset behind tags, comments and raw elements, and behind blanks
    /// where `blanks` says so.
    fn skip_markup(&mut self, from: usize, blanks: bool) -> usize {
        let known = self.passed.iter().find(|p| (p.0, p.1) == (from, blanks));
        if let Some((.., end)) = known {
            return *end;
        }
        let end = self.markup_end(from, blanks);
        if end == from {
            return end;
        }
        if end - from > self.left {
            self.lost = true;
            self.left = 0;
            return from;
        }
        self.left -= end - from;
        self.passed.rotate_right(1);
        if let Some(slot) = self.passed.first_mut() {
            *slot = (from, blanks, end);
        }
        end
    }

    fn markup_end(&self, from: usize, blanks: bool) -> usize {
        let mut at = from;
        while let Some(rest) = self.text.get(at..).filter(|rest| !rest.is_empty()) {
            if rest.starts_with('<') {
                if at - from > self.left {
                    return at;
                }
                match markup_length(rest) {
                    Some(length) => at += length,
                    None => return at,
                }
            } else if blanks && rest.starts_with(char::is_whitespace) {
                at += rest.len() - rest.trim_start().len();
            } else {
                return at;
            }
        }
        at
    }

    /// Where `c` stands at `at` and the offset behind it; both are `at` when
    /// something else stands there.
    fn step(&mut self, at: usize, c: char) -> (usize, usize) {
        let rest = self.text.get(at..).unwrap_or_default();
        let Some(mut next) = rest.chars().next() else {
            return (at, at);
        };
        let mut from = at;
        if next == '\r' && c == '\n' {
            // The parser makes one line feed of both.
            let feed = usize::from(rest.as_bytes().get(1) == Some(&b'\n'));
            return (at, at + 1 + feed);
        }
        if next == '<' && c != '<' {
            // A tag inside a node: a closing tag that closed nothing.
            from = self.skip_markup(at, false);
            next = match self.text.get(from..).and_then(|rest| rest.chars().next()) {
                Some(next) => next,
                None => return (at, at),
            };
        }
        if next == '&' {
            let entity = self.text.get(from..).map_or(0, entity_length);
            if entity > 1 || c == '&' {
                return (from, from + entity.max(1));
            }
        }
        let same = next == c || next.is_whitespace() && c.is_whitespace();
        if same || next == '\0' {
            (from, from + next.len_utf8())
        } else {
            (at, at)
        }
    }
}

fn flush(pending: &mut String, at: usize, builder: &mut Builder) {
    if !pending.is_empty() {
        builder.text(pending, at);
        pending.clear();
    }
}

/// Length of the tag, comment or raw element at the start of `rest`.
fn markup_length(rest: &str) -> Option<usize> {
    if rest.starts_with("<!--") {
        let end = rest.get(4..).and_then(|inner| inner.find("-->"));
        return Some(end.map_or(rest.len(), |end| 4 + end + 3));
    }
    let second = *rest.as_bytes().get(1)?;
    if !(second.is_ascii_alphabetic() || matches!(second, b'/' | b'!' | b'?')) {
        return None; // a sign, no tag
    }
    let length = tag_length(rest);
    let raw = RAW.iter().find(|name| {
        let written = rest.get(1..1 + name.len());
        let end = rest.as_bytes().get(1 + name.len());
        written.is_some_and(|written| written.eq_ignore_ascii_case(name))
            && end.is_some_and(|end| !end.is_ascii_alphanumeric())
    });
    match raw {
        Some(name) => {
            let inner = rest.get(length..).unwrap_or_default();
            Some(closing(inner, name).map_or(rest.len(), |end| length + end))
        }
        None => Some(length),
    }
}

/// The offset of `</name` in `inner`, in any case.
fn closing(inner: &str, name: &str) -> Option<usize> {
    memmem::find_iter(inner.as_bytes(), b"</").find(|at| {
        let written = inner.get(at + 2..at + 2 + name.len());
        written.is_some_and(|written| written.eq_ignore_ascii_case(name))
    })
}

/// Length of a tag; a `>` inside a quoted attribute does not end it.
fn tag_length(rest: &str) -> usize {
    let mut quote = None;
    let mut before = b' ';
    for (at, byte) in rest.bytes().enumerate().take(WINDOW) {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
    }
    rest.find('>').map_or(rest.len(), |end| end + 1)
}

/// Length of a character reference; 0 for a bare `&`.
fn entity_length(rest: &str) -> usize {
    let name = rest.get(1..).unwrap_or_default();
    let length = name
        .bytes()
        .take(ENTITY)
        .take_while(|b| b.is_ascii_alphanumeric() || *b == b'#')
        .count();
    if length > 0 && name.as_bytes().get(length) == Some(&b';') {
        return length + 2;
    }
    // Old names are read without `;` too.
    ["nbsp", "lt", "gt", "amp", "quot", "copy", "reg", "middot"]
        .iter()
        .find(|old| name.starts_with(**old))
        .map_or(0, |old| old.len() + 1)
}
