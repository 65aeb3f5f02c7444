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
use std::ops::Range;
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
        let heads = self.heads.get_or_init(|| Heads::of(&self.sorted));
        let last = heads.near(text).map_or(0, |near| {
            u32::try_from(self.sorted.up_to(near, text)).unwrap_or(0)
        });
        let chain = std::iter::successors(Some(last), |&at| {
            self.shorter.get((at as usize).checked_sub(1)?).copied()
        });
        chain.take_while(|&at| at > 0).filter_map(move |at| {
            let word = numbered(&self.sorted, at);
            text.starts_with(word)
                .then_some((at as usize - 1, word.len()))
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
        for (start, word) in (0..).zip(each(sorted)) {
            let end = start + 1;
            match (head(word), found.last_mut()) {
                (Some(head), Some(slot)) if slot.head == head => slot.end = end,
                (Some(head), _) => found.push(Slot { head, start, end }),
                (None, _) => {}
            }
        }
        let size = (2 * found.len()).next_power_of_two().max(2);
        let mut heads = Self {
            slots: vec![None; size],
            shift: u64::BITS - size.trailing_zeros(),
            single: found.iter().any(|slot| slot.head.1.is_none()),
        };
        for slot in found {
            let place = heads.place(slot.head);
            if let Some(place) = heads.slots.get_mut(place) {
                *place = Some(slot);
            }
        }
        heads
    }

    /// The range of the words up to which a text's word is to be searched.
    fn near(&self, text: &str) -> Option<Range<usize>> {
        let head = head(text)?;
        let first = || self.slot((head.0, None)).filter(|_| self.single);
        let slot = self.slot(head).or_else(first)?;
        Some(slot.start as usize..slot.end as usize)
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

fn head(text: &str) -> Option<Head> {
    let mut chars = text.chars();
    Some((chars.next()?, chars.next()))
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
            for n in 0..round * 16 {
                let word = random(n * 977 + round, 1 + round % 6);
                let known = all.get(&word).map_or(&[][..], Vec::as_slice);
                assert_eq!(table.get(&word), known, "{word}");
            }
            assert!(table.get("").is_empty());
        }
    }
}
