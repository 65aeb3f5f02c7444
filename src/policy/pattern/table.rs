//! Patterns that the build script turned into tables: asking whether a text
//! holds one costs no compiling, and one step per byte.

/// The text cannot match any more.
const DEAD: u16 = 0;
/// The text matches, whatever follows.
const ACCEPT: u16 = 1;
/// Where a text begins.
const START: u16 = 2;

/// The states of one pattern, or of some of its alternatives. A row holds the next state for each class of
/// bytes and, last, for the end of the text.
#[derive(Debug)]
pub(super) struct Table {
    /// Whether the table takes just what the pattern takes. Else it takes more,
    /// for a bounded repetition that it does not count.
    pub(super) exact: bool,
    /// Where the class of each byte stands in [`STATES`]; the rows follow.
    at: usize,
    /// Entries of a row.
    width: usize,
    /// Rows.
    states: usize,
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
        let rows = rows.get(..self.states * self.width).unwrap_or_default();
        let next = |state: u16, class: usize| {
            let entry = rows.get(usize::from(state) * self.width + class);
            entry.map_or(ACCEPT, |entry| u16::from_le_bytes(*entry))
        };
        let mut state = START;
        for byte in text.bytes() {
            state = next(state, usize::from(classes[usize::from(byte)]));
            if state <= ACCEPT {
                return state != DEAD;
            }
        }
        next(state, self.width - 1) == ACCEPT
    }
}
