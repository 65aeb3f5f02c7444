//! Patterns that the build script turned into tables: they are searched without
//! compiling, at one step per byte.

use std::ops::Range;

/// The states of one pattern, or of some of its alternatives, a row for each: the
/// first is dead, then come those that match, then the others. A row holds the
/// place of the next state's row, in units of entries, for each class of bytes and
/// behind them for the end of the text. A state matches when a match ended before the byte that led to it.
#[derive(Debug)]
pub(super) struct Table {
    /// Whether the table takes just what the pattern takes. Else it takes more,
    /// for a bounded repetition that it does not count.
    pub(super) exact: bool,
    /// Where the class of each byte stands in [`STATES`]; the characters that may
    /// begin something and the rows follow.
    at: usize,
    /// The entry of a row for the end of the text.
    end: usize,
    /// Entries of all rows.
    entries: usize,
    /// The last row that matches.
    matches: usize,
    /// The row to start from, for what stands before: nothing, an end of a line, a
    /// character of a word, anything else.
    starts: [usize; 4],
    /// Whether no character of ASCII begins something.
    beyond_ascii: bool,
    /// Whether nothing begins inside a word.
    at_words: bool,
}

/// What finds the places of a pattern: a table that reads on to the end of the
/// leftmost place, and one that reads back from there to its begin. Where each place
/// begins with the text there is none that reads back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Finding {
    on: &'static Table,
    back: Option<&'static Table>,
}

/// What is embedded of a pattern.
#[derive(Debug, Clone, Copy)]
pub(super) enum Tables {
    /// Finds the places of the pattern.
    Finding(Finding),
    /// One of the first accepts a text that holds the pattern; there is none when it
    /// is no constant or takes too much room. The last is put on one place behind
    /// the other.
    Telling(&'static [Table], Option<&'static Table>),
}

/// Readings of a byte on the average, before a table that is put on each place of
/// a text gives up; and bytes that are read of any text.
const MAX_READINGS: usize = 32;
const MIN_READ: usize = 512;

include!(concat!(env!("OUT_DIR"), "/patterns.rs"));

/// Classes and rows of all tables, entries of rows in little endian.
static STATES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/patterns.bin"));

/// The tables of a pattern as written.
pub(super) fn find(source: &str) -> Tables {
    let at = TABLES.binary_search_by_key(&source, |(source, _)| source);
    let found = at.ok().and_then(|at| TABLES.get(at));
    found.map_or(Tables::Telling(&[], None), |(_, tables)| *tables)
}

/// The patterns that have tables.
#[cfg(test)]
pub(super) fn sources() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|(source, _)| *source)
}

impl Finding {
    /// Whether a text holds the pattern.
    pub(super) fn holds(self, text: &str) -> bool {
        self.on.accepts(text)
    }

    /// The leftmost place from `from` on.
    pub(super) fn place(self, text: &str, from: usize) -> Option<Range<usize>> {
        let text = text.as_bytes();
        let end = self.on.ending(text, from, false)?;
        let begin = self.back.map_or(0, |back| back.begin(text, from, end));
        Some(begin..end)
    }
}

/// Bytes of ASCII that a text begins with.
fn ascii(text: &[u8]) -> usize {
    let (chunks, _) = text.as_chunks::<32>();
    let whole = 32 * chunks.iter().take_while(|chunk| chunk.is_ascii()).count();
    let rest = text.get(whole..).unwrap_or_default();
    whole + rest.iter().take_while(|byte| byte.is_ascii()).count()
}

/// Bytes of characters of words that a text begins with.
fn word(text: &[u8]) -> usize {
    text.iter().take_while(|byte| is_word(**byte)).count()
}

fn is_word(byte: u8) -> bool {
    WORD[usize::from(byte)]
}

static WORD: [bool; 256] = {
    let mut word = [false; 256];
    let mut byte = 0;
    while byte < 0x80 {
        word[byte] = (byte as u8).is_ascii_alphanumeric() || byte as u8 == b'_';
        byte += 1;
    }
    word
};

/// Classes and rows of a table.
struct Rows {
    classes: &'static [u8; 256],
    /// Which characters of three bytes may begin something where nothing has begun:
    /// for each byte in the middle, by its last six bits, a bit for each behind it.
    begins: &'static [[u8; 8]; 64],
    rows: &'static [[u8; 2]],
}

impl Rows {
    fn next(&self, row: usize, byte: u8) -> usize {
        self.entry(row + usize::from(self.classes[usize::from(byte)]))
    }

    fn begins(&self, second: u8, third: u8) -> bool {
        let set = u64::from_le_bytes(self.begins[usize::from(second & 0x3f)]);
        set >> (third & 0x3f) & 1 != 0
    }

    /// The build script wrote all rows, so there is none that is not found.
    fn entry(&self, at: usize) -> usize {
        let entry = self.rows.get(at);
        entry.map_or(0, |entry| UNIT * usize::from(u16::from_le_bytes(*entry)))
    }
}

impl Table {
    fn rows(&self) -> Option<Rows> {
        let (classes, rest) = STATES.get(self.at..)?.split_first_chunk()?;
        let (begins, rest) = rest.split_first_chunk::<{ 64 * 8 }>()?;
        let begins = begins.as_chunks().0.first_chunk()?;
        let (rows, _) = rest.as_chunks::<2>();
        let rows = rows.get(..self.entries)?;
        Some(Rows {
            classes,
            begins,
            rows,
        })
    }

    /// Whether a text holds what the table takes.
    pub(super) fn accepts(&self, text: &str) -> bool {
        self.ending(text.as_bytes(), 0, true).is_some()
    }

    /// Where the leftmost place from `from` on ends; with `first`, that there is
    /// one is told at once, by an end that another place may have.
    fn ending(&self, text: &[u8], from: usize, first: bool) -> Option<usize> {
        let rows = self.rows()?;
        let mut row = self.start(from.checked_sub(1).and_then(|at| text.get(at)));
        let mut end = None;
        let mut at = from;
        let [_, _, inside, idle] = self.starts;
        let inside = if self.at_words { inside } else { usize::MAX };
        while let Some(mut byte) = text.get(at) {
            row = if row == idle {
                if *byte >= 0xe0 || self.beyond_ascii {
                    at = self.pass(&rows, text, at);
                    let Some(next) = text.get(at) else { break };
                    byte = next;
                }
                // This does not wait for the step before, as the last one does.
                rows.next(idle, *byte)
            } else if row == inside {
                at += word(text.get(at..).unwrap_or_default());
                let Some(next) = text.get(at) else { break };
                byte = next;
                rows.next(inside, *byte)
            } else {
                rows.next(row, *byte)
            };
            if row <= self.matches {
                if row == 0 {
                    return end;
                }
                end = Some(at);
                if first {
                    return end;
                }
            }
            at += 1;
        }
        let last = rows.entry(row + self.end);
        if last == 0 { end } else { Some(text.len()) }
    }

    /// Passes what begins nothing where nothing has begun: Chinese by the character,
    /// and ASCII at once where none of it begins something.
    fn pass(&self, rows: &Rows, text: &[u8], mut at: usize) -> usize {
        while let Some(rest) = text.get(at..) {
            at += match rest {
                [0xe0..=0xef, second, third, ..] if !rows.begins(*second, *third) => 3,
                [0..=0x7f, ..] if self.beyond_ascii => ascii(rest),
                _ => break,
            };
        }
        at
    }

    /// Where a place that ends at `end` begins, as far back as it may.
    fn begin(&self, text: &[u8], from: usize, end: usize) -> usize {
        let mut begin = end;
        let Some(rows) = self.rows() else {
            return begin;
        };
        let mut row = self.start(text.get(end));
        let read = text.get(from..end).unwrap_or_default();
        for (at, byte) in read.iter().enumerate().rev() {
            row = rows.next(row, *byte);
            if row <= self.matches {
                if row == 0 {
                    return begin;
                }
                begin = from + at + 1;
            }
        }
        let before = from.checked_sub(1).and_then(|at| text.get(at));
        let last = match before {
            Some(byte) => rows.next(row, *byte),
            None => rows.entry(row + self.end),
        };
        if last != 0 && last <= self.matches {
            from
        } else {
            begin
        }
    }

    /// The leftmost place from `from` on, by a table that is put on each place.
    /// Bytes may be read again and again; where that is too often nothing is told.
    pub(super) fn tried(&self, text: &str, from: usize) -> Option<Option<Range<usize>>> {
        let rows = self.rows()?;
        let mut most = text.len() * MAX_READINGS + MIN_READ;
        let text = text.as_bytes();
        let mut before = from.checked_sub(1).and_then(|at| text.get(at));
        for begin in from..text.len() {
            let mut row = self.start(before);
            before = text.get(begin);
            let mut end = None;
            let mut at = begin;
            while let Some(byte) = text.get(at) {
                row = rows.next(row, *byte);
                if row <= self.matches {
                    if row == 0 {
                        break;
                    }
                    end = Some(at);
                }
                at += 1;
            }
            if at == text.len() && rows.entry(row + self.end) != 0 {
                end = Some(at);
            }
            if let Some(end) = end {
                return Some(Some(begin..end));
            }
            most = most.checked_sub(at - begin)?;
        }
        let empty = rows.entry(self.start(before) + self.end) != 0;
        Some(empty.then_some(text.len()..text.len()))
    }

    /// The row to start from beside a byte, or beside the end of the text.
    fn start(&self, beside: Option<&u8>) -> usize {
        let kind = match beside {
            None => 0,
            Some(b'\n') => 1,
            Some(byte) if is_word(*byte) => 2,
            Some(_) => 3,
        };
        self.starts[kind]
    }
}
