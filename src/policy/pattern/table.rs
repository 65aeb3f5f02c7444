//! Patterns that the build script turned into tables: they are searched without
//! compiling, at one step per byte.

/// The states of one pattern, or of some of its alternatives, a row for each: the
/// first is dead, then come those that match, then the others. A row holds the
/// place of the next state's row for each class of bytes and, last, for the end
/// of the text. A state matches when a match ended before the byte that led to it.
#[derive(Debug)]
pub(super) struct Table {
    /// Whether the table takes just what the pattern takes. Else it takes more,
    /// for a bounded repetition that it does not count.
    pub(super) exact: bool,
    /// Where the class of each byte stands in [`STATES`]; the rows follow.
    at: usize,
    /// Entries of a row.
    width: usize,
    /// Entries of all rows.
    entries: usize,
    /// The last row that matches.
    matches: usize,
    /// The row to start from, for what stands before: nothing, an end of a line, a
    /// character of a word, anything else.
    starts: [usize; 4],
}

/// What is embedded of a pattern.
#[derive(Debug, Clone, Copy)]
pub(super) enum Tables {
    /// Reads on to the end of the leftmost place, and back from there to its begin.
    Finding(&'static [Table; 2]),
    /// One of them accepts a text that holds the pattern; none when it is not a
    /// constant or takes too much room.
    Telling(&'static [Table]),
}

include!(concat!(env!("OUT_DIR"), "/patterns.rs"));

/// Classes and rows of all tables, entries of rows in little endian.
static STATES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/patterns.bin"));

/// The tables of a pattern as written.
pub(super) fn find(source: &str) -> Tables {
    let at = TABLES.binary_search_by_key(&source, |(source, _)| source);
    let found = at.ok().and_then(|at| TABLES.get(at));
    found.map_or(Tables::Telling(&[]), |(_, tables)| *tables)
}

/// The patterns that have tables.
#[cfg(test)]
pub(super) fn sources() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|(source, _)| *source)
}

/// The leftmost place from `from` on, by the two tables of a pattern.
pub(super) fn place(
    [on, back]: &[Table; 2],
    text: &str,
    from: usize,
) -> Option<std::ops::Range<usize>> {
    let text = text.as_bytes();
    let end = on.end(text, from, false)?;
    Some(back.begin(text, from, end)..end)
}

/// Classes and rows of a table.
struct Rows {
    classes: &'static [u8; 256],
    rows: &'static [[u8; 2]],
}

impl Rows {
    fn next(&self, row: usize, byte: u8) -> usize {
        self.entry(row + usize::from(self.classes[usize::from(byte)]))
    }

    /// The build script wrote all rows, so there is none that is not found.
    fn entry(&self, at: usize) -> usize {
        let entry = self.rows.get(at);
        entry.map_or(0, |entry| usize::from(u16::from_le_bytes(*entry)))
    }
}

impl Table {
    fn rows(&self) -> Option<Rows> {
        let (classes, rest) = STATES.get(self.at..)?.split_first_chunk()?;
        let (rows, _) = rest.as_chunks::<2>();
        let rows = rows.get(..self.entries)?;
        Some(Rows { classes, rows })
    }

    /// Whether a text holds what the table takes.
    pub(super) fn accepts(&self, text: &str) -> bool {
        self.end(text.as_bytes(), 0, true).is_some()
    }

    /// Where the leftmost place from `from` on ends; with `first`, that there is
    /// one is told at once, by an end that another place may have.
    fn end(&self, text: &[u8], from: usize, first: bool) -> Option<usize> {
        let rows = self.rows()?;
        let mut row = self.start(from.checked_sub(1).and_then(|at| text.get(at)));
        let idle = self.starts[3];
        let mut end = None;
        let mut at = from;
        'text: while let Some(byte) = text.get(at) {
            row = rows.next(row, *byte);
            // Most bytes leave a search where it begins. There the next row does not
            // wait for the one before, so that the processor reads ahead.
            while row == idle {
                at += 1;
                let Some(byte) = text.get(at) else {
                    break 'text;
                };
                row = rows.next(idle, *byte);
            }
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
        let last = rows.entry(row + self.width - 1);
        if last == 0 { end } else { Some(text.len()) }
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
            None => rows.entry(row + self.width - 1),
        };
        if last != 0 && last <= self.matches {
            from
        } else {
            begin
        }
    }

    /// The row to start from beside a byte, or beside the end of the text.
    fn start(&self, beside: Option<&u8>) -> usize {
        let kind = match beside {
            None => 0,
            Some(b'\n') => 1,
            Some(byte) if byte.is_ascii_alphanumeric() || *byte == b'_' => 2,
            Some(_) => 3,
        };
        self.starts[kind]
    }
}
