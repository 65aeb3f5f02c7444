//! Patterns that the build script turned into tables: asking whether a text
//! holds one costs no compiling, and one step per byte.

/// The states of one pattern, or of some of its alternatives, a row for each: the
/// first is dead, the second accepts, the third is where a text begins. A row
/// holds the place of the next state's row for each class of bytes and, last, for
/// the end of the text.
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
}

include!(concat!(env!("OUT_DIR"), "/patterns.rs"));

/// Classes and rows of all tables, entries of rows in little endian.
static STATES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/patterns.bin"));

/// The tables of a pattern as written, one of which accepts a text that holds it;
/// none when it is not a constant or takes too much room.
pub(super) fn find(source: &str) -> &'static [Table] {
    let at = TABLES.binary_search_by_key(&source, |(source, _)| source);
    let found = at.ok().and_then(|at| TABLES.get(at));
    found.map_or(&[], |(_, tables)| tables)
}

/// The patterns that have tables.
#[cfg(test)]
pub(super) fn sources() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|(source, _)| *source)
}

impl Table {
    /// Whether a text takes the table to its accepting state.
    pub(super) fn accepts(&self, text: &str) -> bool {
        let Some((classes, rest)) = STATES.get(self.at..).and_then(<[u8]>::split_first_chunk)
        else {
            return true;
        };
        let classes: &[u8; 256] = classes;
        let (rows, _) = rest.as_chunks::<2>();
        let rows = rows.get(..self.entries).unwrap_or_default();
        let accept = self.width;
        let start = 2 * self.width;
        let next = |row: usize, class: u8| {
            let entry = rows.get(row + usize::from(class));
            entry.map_or(accept, |entry| usize::from(u16::from_le_bytes(*entry)))
        };
        let mut bytes = text.bytes();
        let mut row = start;
        // Most bytes leave a text where it begins. There the next row does not wait
        // for the one before, so that the processor reads ahead.
        'begin: while let Some(byte) = bytes.next() {
            row = next(start, classes[usize::from(byte)]);
            while row != start {
                if row <= accept {
                    return row == accept;
                }
                let Some(byte) = bytes.next() else {
                    break 'begin;
                };
                row = next(row, classes[usize::from(byte)]);
            }
        }
        let end = rows.get(row + self.width - 1);
        end.is_none_or(|entry| usize::from(u16::from_le_bytes(*entry)) == accept)
    }
}
