//! Lists in one piece: the compiled words are read from the blob by copying
//! pieces and not with an allocation for each string and each row.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Many strings, one behind the other.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Strings {
    text: String,
    /// Where each string ends.
    ends: Vec<u32>,
}

impl Strings {
    /// How many strings there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The string of a number.
    pub fn get(&self, at: usize) -> Option<&str> {
        self.text.get(piece(&self.ends, at)?)
    }

    /// How many of the strings within a sorted range, and before it, are not
    /// greater than a text.
    pub fn up_to(&self, within: Range<usize>, text: &str) -> usize {
        let (mut low, mut high) = (within.start, within.end);
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.get(middle).is_some_and(|one| one <= text) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The number of a string, where all are sorted.
    pub fn position(&self, text: &str) -> Option<usize> {
        let at = self.up_to(0..self.len(), text).checked_sub(1)?;
        (self.get(at)? == text).then_some(at)
    }
}

impl<S: AsRef<str>> FromIterator<S> for Strings {
    fn from_iter<I: IntoIterator<Item = S>>(all: I) -> Self {
        let mut strings = Self::default();
        for one in all {
            strings.text.push_str(one.as_ref());
            strings.ends.push(offset(strings.text.len()));
        }
        strings
    }
}

/// Many rows of values, one behind the other.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Rows<V> {
    values: Vec<V>,
    /// Where each row ends.
    ends: Vec<u32>,
}

impl<V> Rows<V> {
    /// The row of a number; empty where there is none.
    pub fn get(&self, at: usize) -> &[V] {
        let row = piece(&self.ends, at).and_then(|row| self.values.get(row));
        row.unwrap_or_default()
    }
}

impl<V> Default for Rows<V> {
    fn default() -> Self {
        let (values, ends) = (Vec::new(), Vec::new());
        Self { values, ends }
    }
}

impl<V, R: IntoIterator<Item = V>> FromIterator<R> for Rows<V> {
    fn from_iter<I: IntoIterator<Item = R>>(all: I) -> Self {
        let mut rows = Self::default();
        for row in all {
            rows.values.extend(row);
            rows.ends.push(offset(rows.values.len()));
        }
        rows
    }
}

/// The range of a piece of a list in one piece.
fn piece(ends: &[u32], at: usize) -> Option<Range<usize>> {
    let end = *ends.get(at)? as usize;
    let start = match at.checked_sub(1) {
        Some(before) => *ends.get(before)? as usize,
        None => 0,
    };
    Some(start..end)
}

/// An offset as it is kept.
fn offset(at: usize) -> u32 {
    u32::try_from(at).expect("words of some megabytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_strings_are_found_and_others_are_not() {
        let all = ["", "a", "ab", "b", "信息"];
        let strings: Strings = all.iter().collect();
        assert!((0..all.len()).all(|at| strings.get(at) == Some(all[at])));
        assert!((0..all.len()).all(|at| strings.position(all[at]) == Some(at)));
        assert_eq!(strings.position("aa"), None);
        assert_eq!(strings.get(all.len()), None);
        assert_eq!(Strings::default().position(""), None);
    }

    #[test]
    fn rows_may_be_empty() {
        let rows: Rows<u32> = [vec![1, 2], vec![], vec![3]].into_iter().collect();
        let read: Vec<&[u32]> = (0..4).map(|at| rows.get(at)).collect();
        assert_eq!(read, [&[1, 2][..], &[], &[3], &[]]);
    }
}
