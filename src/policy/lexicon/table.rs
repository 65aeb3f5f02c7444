//! Words and what they stand for, looked up at any place of a text without an
//! automaton: only sorted strings are kept, so that reading them costs little.
//!
//! Of sorted words, let K be the greatest that is not greater than the rest of
//! a text. Every word that the rest begins with is K or a beginning of K: what
//! is sorted between a word and a text that begins with it begins with it too.
//! So one search finds K, and the links from each word to the longest word that
//! it begins with lead to all the others. Where no word has the same first two
//! characters, which is nearly everywhere, one look into a hash table of them
//! tells it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::strings::{Rows, Strings};

/// Words that each have a row of values.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Table<V> {
    words: Words,
    rows: Rows<V>,
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        BTreeMap::new().into()
    }
}

impl<V> From<BTreeMap<String, Vec<V>>> for Table<V> {
    fn from(mut all: BTreeMap<String, Vec<V>>) -> Self {
        all.remove("");
        Self {
            words: Words::of(all.keys()),
            rows: all.into_values().collect(),
        }
    }
}

impl<V> Table<V> {
    /// The words.
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// The values of the word of a number.
    pub fn row(&self, word: usize) -> &[V] {
        self.rows.get(word)
    }

    /// The values of a word; empty where it is unknown.
    pub fn get(&self, word: &str) -> &[V] {
        let known = self.words.position(word);
        known.map_or(&[], |word| self.row(word))
    }
}

/// Sorted words, each once and none of them empty.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Words {
    sorted: Strings,
    /// For each word one more than the number of the longest other word that it
    /// begins with, or 0.
    shorter: Vec<u32>,
    /// Made when the first text is searched.
    #[serde(skip)]
    heads: OnceLock<Heads>,
}

impl Words {
    /// Words of sorted strings.
    fn of<S: AsRef<str>>(all: impl IntoIterator<Item = S>) -> Self {
        let sorted: Strings = all.into_iter().collect();
        let mut shorter = Vec::with_capacity(sorted.len());
        let mut open: Vec<u32> = Vec::new();
        for (number, word) in (1..).zip(each(&sorted)) {
            let begins = |&other: &u32| word.starts_with(numbered(&sorted, other));
            while open.last().is_some_and(|other| !begins(other)) {
                open.pop();
            }
            shorter.push(open.last().copied().unwrap_or(0));
            open.push(number);
        }
        Self {
            sorted,
            shorter,
            heads: OnceLock::new(),
        }
    }

    /// The word of a number.
    pub fn get(&self, word: usize) -> &str {
        self.sorted.get(word).unwrap_or_default()
    }

    /// The number of a word.
    pub fn position(&self, word: &str) -> Option<usize> {
        let (longest, length) = self.beginning(word).next()?;
        (length == word.len()).then_some(longest)
    }

    /// The words that a text begins with, longest first, as numbers and lengths.
    pub fn beginning<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, usize)> + 't {
        let mut chars = text.chars();
        let first = chars.next();
        let near = first.and_then(|first| self.heads().near(first, chars.next()));
        self.chain(near.map_or(0, |near| self.last(near, text)), text)
    }

    /// The words that stand in a text, as start, end and number: leftmost, then
    /// longest first. A start may be left out by its place and character.
    pub fn find<'t>(
        &'t self,
        text: &'t str,
        begins: impl Fn(usize, char) -> bool + 't,
    ) -> impl Iterator<Item = (usize, usize, usize)> + 't {
        let heads = self.heads();
        let mut chars = text.char_indices();
        let mut next = chars.next();
        let near = std::iter::from_fn(move || {
            loop {
                let (start, first) = next?;
                next = chars.next();
                if begins(start, first)
                    && let Some(near) = heads.near(first, next.map(|(_, second)| second))
                {
                    return Some((start, near));
                }
            }
        });
        near.flat_map(move |(start, near)| {
            let rest = text.get(start..).unwrap_or_default();
            let found = self.chain(self.last(near, rest), rest);
            found.map(move |(word, length)| (start, start + length, word))
        })
    }

    /// Where the words of each head stand.
    fn heads(&self) -> &Heads {
        self.heads.get_or_init(|| Heads::of(&self.sorted))
    }

    /// A link to the greatest word that is not greater than a text.
    fn last(&self, near: &Head, text: &str) -> u32 {
        let tail = tail(text, near.length);
        let tails = self.heads().tails.get(near.start..near.end);
        let tails = tails.unwrap_or_default();
        let low = tails.partition_point(|&one| one < tail);
        let same = tails.iter().skip(low).take_while(|&&one| one == tail);
        let low = near.start + low;
        u32::try_from(self.sorted.up_to(low..low + same.count(), text)).unwrap_or(0)
    }

    /// Those of a word and of the words it begins with that a text begins with.
    fn chain<'t>(&'t self, link: u32, text: &'t str) -> impl Iterator<Item = (usize, usize)> + 't {
        let mut link = link as usize;
        std::iter::from_fn(move || {
            loop {
                let at = link.checked_sub(1)?;
                link = self.shorter.get(at).map_or(0, |&link| link as usize);
                let word = self.get(at);
                if text.starts_with(word) {
                    return Some((at, word.len()));
                }
            }
        })
    }
}

/// The word that a link leads to.
fn numbered(sorted: &Strings, link: u32) -> &str {
    let at = (link as usize).checked_sub(1);
    at.and_then(|at| sorted.get(at)).unwrap_or_default()
}

/// All strings of a list.
fn each(sorted: &Strings) -> impl Iterator<Item = &str> {
    (0..sorted.len()).filter_map(|at| sorted.get(at))
}

/// Where in sorted words those with the same first two characters stand.
#[derive(Debug)]
struct Heads {
    heads: Vec<Head>,
    /// A hash table with open addressing, at most half full: one more than the
    /// number of a head, or 0.
    slots: Vec<u32>,
    /// What of a hash's high bits is no place in the table.
    shift: u32,
    /// Some word is one character long.
    single: bool,
    /// For each word the bytes behind its head: they are compared first.
    tails: Vec<u64>,
}

/// The words that begin with the same two characters, or are the same one.
#[derive(Debug)]
struct Head {
    /// The characters, see [`key`].
    key: u64,
    /// Bytes of the characters.
    length: usize,
    start: usize,
    end: usize,
}

/// The first two characters as a number.
fn key(first: char, second: Option<char>) -> u64 {
    u64::from(first) << 32 | second.map_or(0, |second| u64::from(second) + 1)
}

impl Heads {
    /// The heads of sorted words.
    fn of(sorted: &Strings) -> Self {
        let mut heads: Vec<Head> = Vec::new();
        let mut tails = Vec::with_capacity(sorted.len());
        for (start, word) in each(sorted).enumerate() {
            let mut chars = word.chars();
            let (first, second) = (chars.next().unwrap_or_default(), chars.next());
            let key = key(first, second);
            let length = word.len() - chars.as_str().len();
            let end = start + 1;
            tails.push(tail(word, length));
            match heads.last_mut() {
                Some(head) if head.key == key => head.end = end,
                _ => heads.push(Head {
                    key,
                    length,
                    start,
                    end,
                }),
            }
        }
        let size = (2 * heads.len()).next_power_of_two().max(2);
        let mut table = Self {
            slots: vec![0; size],
            shift: u64::BITS - size.trailing_zeros(),
            single: each(sorted).any(|word| word.chars().nth(1).is_none()),
            heads,
            tails,
        };
        let mut number = 0;
        while let Some(head) = table.heads.get(number) {
            let place = table.place(head.key);
            number += 1;
            if let Some(slot) = table.slots.get_mut(place) {
                *slot = u32::try_from(number).unwrap_or(0);
            }
        }
        table
    }

    /// The words among which those that a text begins with are found.
    fn near(&self, first: char, second: Option<char>) -> Option<&Head> {
        let both = self.head(self.place(key(first, second)));
        if both.is_none() && self.single {
            return self.head(self.place(key(first, None)));
        }
        both
    }

    /// Where a head stands or would stand.
    fn place(&self, key: u64) -> usize {
        let mut at = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize;
        while self.head(at).is_some_and(|head| head.key != key) {
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }

    /// The head at a place.
    fn head(&self, place: usize) -> Option<&Head> {
        let number = self.slots.get(place)?.checked_sub(1)?;
        self.heads.get(number as usize)
    }
}

/// The bytes behind the head of a text as a number that sorts as they do; where
/// numbers are equal, the texts are still to be compared.
fn tail(text: &str, length: usize) -> u64 {
    let rest = text.as_bytes().get(length..).unwrap_or_default();
    match rest.first_chunk() {
        Some(bytes) => u64::from_be_bytes(*bytes),
        None => {
            let mut bytes = [0; 8];
            bytes
                .iter_mut()
                .zip(rest)
                .for_each(|(to, from)| *to = *from);
            u64::from_be_bytes(bytes)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words over few characters, so that many begin with each other.
    fn random(mut seed: u64, longest: u64) -> String {
        let mut next = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % below
        };
        let count = next(longest) + 1;
        let letters = ['a', 'b', '-', '信', '息', '\u{0}', '\u{10000}'];
        (0..count).map(|_| letters[next(7) as usize]).collect()
    }

    #[test]
    fn the_words_at_a_place_are_those_that_a_plain_search_finds() {
        for round in 0..60 {
            let all: BTreeMap<String, Vec<u64>> = (0..round * 8)
                .map(|n| (random(n * 977 + round, 1 + round % 6), vec![n]))
                .collect();
            let table = Table::from(all.clone());
            let text = random(round + 5, 400);
            for (at, _) in text.char_indices() {
                let rest = &text[at..];
                let mut plain: Vec<&str> = all.keys().map(String::as_str).collect();
                plain.retain(|word| rest.starts_with(word));
                plain.reverse();
                let found = table.words().beginning(rest);
                let found: Vec<&str> = found
                    .map(|(word, length)| {
                        assert_eq!(table.words().get(word).len(), length);
                        table.words().get(word)
                    })
                    .collect();
                assert_eq!(found, plain, "{rest}");
            }
            let odd = |at: usize, _| at % 2 == 1;
            let all_found: Vec<_> = table.words().find(&text, odd).collect();
            let one_by_one = text.char_indices().filter(|(at, c)| odd(*at, *c));
            let one_by_one = one_by_one.flat_map(|(at, _)| {
                let found = table.words().beginning(&text[at..]);
                found.map(move |(word, length)| (at, at + length, word))
            });
            assert_eq!(all_found, one_by_one.collect::<Vec<_>>());
            for n in 0..round * 16 {
                let word = random(n * 977 + round, 1 + round % 6);
                let known = all.get(&word).map_or(&[][..], Vec::as_slice);
                assert_eq!(table.get(&word), known, "{word}");
            }
            assert!(table.get("").is_empty());
        }
    }
}
