//! The `try` ranges of a method and the handlers they lead to.
//!
//! Source: AOSP dex-format, "try_item", "encoded_catch_handler_list". The lists
//! of handlers may be shared between ranges: a walk over all of them bounds
//! their number itself.

use super::ids::{u16_in, u32_in};
use super::{CodeItem, leb};

const TRY_ITEM: usize = 8;

/// A range of code whose exceptions are caught.
#[derive(Debug, Clone)]
pub struct TryRange<'a> {
    /// Address of its first code unit.
    pub start: u32,
    /// Address behind its last code unit.
    pub end: u32,
    /// Where its exceptions go.
    pub handlers: Handlers<'a>,
}

/// Addresses of handlers, in the order in which they are tried; the one that
/// catches everything is the last. Ends early where the bytes end.
#[derive(Debug, Clone, Default)]
pub struct Handlers<'a> {
    rest: &'a [u8],
    typed: u32,
    catches_all: bool,
}

impl<'a> CodeItem<'a> {
    /// The `try` ranges, in the order of the file. Empty for clipped code,
    /// whose ranges lie behind what is present.
    pub fn try_ranges(&self) -> impl Iterator<Item = TryRange<'a>> + use<'a> {
        let padding = match self.clipped {
            true => self.behind.len(),
            false => self.insns.len() % 4,
        };
        let table = self.behind.get(padding..).unwrap_or_default();
        let size = usize::from(self.tries) * TRY_ITEM;
        let (items, lists) = table.split_at_checked(size).unwrap_or_default();
        items.chunks_exact(TRY_ITEM).map(move |item| {
            let start = u32_in(item, 0);
            let offset = usize::from(u16_in(item, 6));
            TryRange {
                start,
                end: start.saturating_add(u16_in(item, 4).into()),
                handlers: Handlers::read(lists.get(offset..).unwrap_or_default()),
            }
        })
    }
}

impl<'a> Handlers<'a> {
    fn read(mut rest: &'a [u8]) -> Self {
        let size = leb::sleb128(&mut rest).unwrap_or(0);
        Self {
            typed: if rest.is_empty() {
                0
            } else {
                size.unsigned_abs()
            },
            catches_all: size <= 0 && !rest.is_empty(),
            rest,
        }
    }
}

impl Iterator for Handlers<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if let Some(left) = self.typed.checked_sub(1) {
            self.typed = left;
            let address = leb::uleb128(&mut self.rest).and_then(|_| leb::uleb128(&mut self.rest));
            if address.is_none() {
                *self = Self::default();
            }
            return address;
        }
        let catches_all = std::mem::take(&mut self.catches_all);
        catches_all.then(|| leb::uleb128(&mut self.rest)).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three code units, padding, one range over the first two.
    fn code(handlers: &[u8]) -> Vec<u8> {
        // Padding, the range, and the size of the list, which offsets count.
        let mut behind = vec![0, 0, 0, 0, 0, 0, 2, 0, 1, 0, 1];
        behind.extend(handlers);
        behind
    }

    fn ranges(behind: &[u8]) -> Vec<(u32, u32, Vec<u32>)> {
        let item = CodeItem {
            registers: 1,
            ins: 0,
            outs: 0,
            tries: 1,
            insns_offset: 16,
            insns: &[0; 6],
            clipped: false,
            behind,
        };
        let ranges = item.try_ranges();
        let seen = ranges.map(|range| (range.start, range.end, range.handlers.collect()));
        seen.collect()
    }

    #[test]
    fn typed_handlers_come_before_the_one_that_catches_all() {
        // Size -1: one typed handler (type 5 at 2), then catch-all at 3.
        assert_eq!(ranges(&code(&[0x7f, 5, 2, 3])), [(0, 2, vec![2, 3])]);
        // Size 1: only the typed one.
        assert_eq!(ranges(&code(&[1, 5, 2, 3])), [(0, 2, vec![2])]);
    }

    #[test]
    fn a_list_that_is_cut_ends_early() {
        assert_eq!(ranges(&code(&[2, 5, 2, 5])), [(0, 2, vec![2])]);
        assert_eq!(ranges(&code(&[])), [(0, 2, vec![])]);
        assert_eq!(ranges(&[0; 5]), []);
    }
}
