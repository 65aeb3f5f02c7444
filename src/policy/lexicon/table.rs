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
        let first = chars.next().and_then(|first| {
            let near = self.heads().near((first, chars.next()))?;
            Some(self.last(near, text))
        });
        self.chain(first.unwrap_or(0), text)
    }

    /// The words that stand in a text, as start, end and number: leftmost, then
    /// longest first. A start may be left out by its character and place.
    pub fn find<'t>(
        &'t self,
        text: &'t str,
        begins: impl Fn(usize, char) -> bool + 't,
    ) -> impl Iterator<Item = (usize, usize, usize)> + 't {
        let heads = self.heads();
        let seconds = text.chars().skip(1).map(Some);
        let heads_of_text = text.char_indices().zip(seconds.chain([None]));
        let near = heads_of_text.filter_map(move |((start, first), second)| {
            let near = heads.near((first, second))?;
            begins(start, first).then_some((start, near))
        });
        near.flat_map(move |(start, near)| {
            let rest = text.get(start..).unwrap_or_default();
            let found = self.chain(self.last(near, rest), rest);
            found.map(move |(word, length)| (start, start + length, word))
        })
    }

    fn heads(&self) -> &Heads {
        self.heads.get_or_init(|| Heads::of(&self.sorted))
    }

    /// A link to the greatest word that is not greater than a text.
    fn last(&self, near: Slot, text: &str) -> u32 {
        let tail = tail(text, near.head);
        let (start, end) = (near.start as usize, near.end as usize);
        let tails = self.heads().tails.get(start..end).unwrap_or_default();
        let low = tails.partition_point(|&one| one < tail);
        let same = tails.iter().skip(low).take_while(|&&one| one == tail);
        let low = start + low;
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
    /// A hash table with open addressing, at most half full.
    slots: Vec<Option<Slot>>,
    /// What of a hash's high bits is no place in the table.
    shift: u32,
    /// Some word is one character long.
    single: bool,
    /// For each word the bytes behind its head: they are compared first.
    tails: Vec<u64>,
}

/// The words of one head.
#[derive(Debug, Clone, Copy)]
struct Slot {
    head: Head,
    start: u32,
    end: u32,
}

/// The first two characters, the second one being absent from a short text.
type Head = (char, Option<char>);

impl Heads {
    fn of(sorted: &Strings) -> Self {
        let mut found: Vec<Slot> = Vec::new();
        let mut tails = Vec::with_capacity(sorted.len());
        for (start, word) in (0..).zip(each(sorted)) {
            let mut chars = word.chars();
            let head = (chars.next().unwrap_or_default(), chars.next());
            tails.push(tail(word, head));
            let end = start + 1;
            match found.last_mut() {
                Some(slot) if slot.head == head => slot.end = end,
                _ => found.push(Slot { head, start, end }),
            }
        }
        let size = (2 * found.len()).next_power_of_two().max(2);
        let mut heads = Self {
            slots: vec![None; size],
            shift: u64::BITS - size.trailing_zeros(),
            single: found.iter().any(|slot| slot.head.1.is_none()),
            tails,
        };
        for slot in found {
            let place = heads.place(slot.head);
            if let Some(place) = heads.slots.get_mut(place) {
                *place = Some(slot);
            }
        }
        heads
    }

    /// The words among which those that a text begins with are found.
    fn near(&self, head: Head) -> Option<Slot> {
        let first = || self.slot((head.0, None)).filter(|_| self.single);
        self.slot(head).or_else(first)
    }

    fn slot(&self, head: Head) -> Option<Slot> {
        self.slots.get(self.place(head)).copied().flatten()
    }

    /// Where a head stands or would stand.
    fn place(&self, head: Head) -> usize {
        let second = head.1.map_or(0, u64::from);
        let key = u64::from(head.0) << 32 | second;
        let mut at = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize;
        while let Some(Some(slot)) = self.slots.get(at) {
            if slot.head == head {
                break;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }
}

/// The bytes behind the head of a text as a number that sorts as they do; where
/// numbers are equal, the texts are still to be compared.
fn tail(text: &str, head: Head) -> u64 {
    let length = head.0.len_utf8() + head.1.map_or(0, char::len_utf8);
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
