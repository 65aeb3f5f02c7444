//! Numbers for byte strings: descriptors, names, prototypes.

use std::hash::{BuildHasher, Hash};

use foldhash::quality::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

/// Gives equal things equal numbers, counted up from 0.
///
/// Things are compared by a second hash of 64 bits, which stands in the table:
/// to compare the bytes would fetch, for nearly every look-up, a string that no
/// cache holds. Both hashes are seeded anew in every run, so no input can aim at
/// them; of a million things two are taken for one with a chance of 10⁻¹³.
#[derive(Debug)]
pub(super) struct Numbers<T> {
    table: HashTable<Slot>,
    all: Vec<T>,
    place: RandomState,
    identity: RandomState,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    identity: u64,
    place: u32,
    number: u32,
}

/// Numbers for byte strings that live as long as the program.
pub(super) type Interner<'p> = Numbers<&'p [u8]>;

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Self {
            table: HashTable::new(),
            all: Vec::new(),
            place: RandomState::default(),
            identity: RandomState::default(),
        }
    }
}

/// A hash of 32 bits as the table wants it: it looks at both ends.
fn spread(place: u32) -> u64 {
    u64::from(place) | u64::from(place) << 32
}

impl<T> Numbers<T> {
    fn hashes<Q: Hash + ?Sized>(&self, key: &Q) -> (u32, u64) {
        let place = self.place.hash_one(key);
        ((place ^ place >> 32) as u32, self.identity.hash_one(key))
    }

    /// The number of something; `make` gives what is kept of it when it is new.
    fn number_of<Q: Hash + ?Sized>(&mut self, key: &Q, make: impl FnOnce() -> T) -> u32 {
        let (place, identity) = self.hashes(key);
        let entry = self.table.entry(
            spread(place),
            |slot| slot.identity == identity,
            |slot| spread(slot.place),
        );
        match entry {
            Entry::Occupied(entry) => entry.get().number,
            Entry::Vacant(entry) => {
                // Fewer than 2^32: each stands for a table item of at least
                // four bytes.
                let number = self.all.len() as u32;
                entry.insert(Slot {
                    identity,
                    place,
                    number,
                });
                self.all.push(make());
                number
            }
        }
    }

    fn find_by<Q: Hash + ?Sized>(&self, key: &Q) -> Option<u32> {
        let (place, identity) = self.hashes(key);
        let slot = self
            .table
            .find(spread(place), |slot| slot.identity == identity)?;
        Some(slot.number)
    }

    /// What has a number.
    pub fn get(&self, number: u32) -> Option<&T> {
        self.all.get(number as usize)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }
}

impl<T: Hash + Clone> Numbers<T> {
    /// The number of something.
    pub fn number(&mut self, thing: &T) -> u32 {
        self.number_of(thing, || thing.clone())
    }
}

impl<'p> Interner<'p> {
    /// The number of bytes that live as long as the program.
    pub fn intern(&mut self, bytes: &'p [u8]) -> u32 {
        self.number_of(bytes, || bytes)
    }

    /// The number of bytes that were seen.
    pub fn find_bytes(&self, bytes: &[u8]) -> Option<u32> {
        self.find_by(bytes)
    }

    /// The bytes of a number; empty for one that was never given.
    pub fn bytes(&self, number: u32) -> &[u8] {
        self.get(number).map_or(&[], |bytes| bytes)
    }
}

/// Numbers for lists of numbers, all kept in one array.
#[derive(Debug, Default)]
pub(super) struct Lists {
    lists: Numbers<(u32, u32)>,
    items: Vec<u32>,
}

impl Lists {
    /// The number of a list.
    pub fn number(&mut self, list: &[u32]) -> u32 {
        let items = &mut self.items;
        self.lists.number_of(list, || {
            let start = items.len() as u32;
            items.extend_from_slice(list);
            (start, items.len() as u32)
        })
    }

    /// The number of a list that was seen.
    pub fn find(&self, list: &[u32]) -> Option<u32> {
        self.lists.find_by(list)
    }

    /// The list of a number; empty for one that was never given.
    pub fn list(&self, number: u32) -> &[u32] {
        let bounds = self.lists.get(number);
        bounds
            .and_then(|&(start, end)| self.items.get(start as usize..end as usize))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_things_have_equal_numbers_and_others_do_not() {
        let mut names = Interner::default();
        let texts: Vec<String> = (0..5_000).map(|n| format!("name{n}")).collect();
        let numbers: Vec<u32> = texts.iter().map(|t| names.intern(t.as_bytes())).collect();
        assert!(
            numbers
                .iter()
                .enumerate()
                .all(|(at, &number)| at == number as usize)
        );
        assert_eq!(names.intern(b"name7"), 7);
        assert_eq!(names.find_bytes(b"name4999"), Some(4_999));
        assert_eq!(names.find_bytes(b"other"), None);
        assert_eq!(names.bytes(3), b"name3");
    }

    #[test]
    fn lists_are_told_apart_by_length_and_items() {
        let mut lists = Lists::default();
        let numbers = [&[1, 2][..], &[2, 1], &[], &[1, 2], &[1]].map(|list| lists.number(list));
        assert_eq!(numbers, [0, 1, 2, 0, 3]);
        assert_eq!((lists.find(&[2, 1]), lists.find(&[3])), (Some(1), None));
        assert_eq!((lists.list(1), lists.list(9)), (&[2, 1][..], &[][..]));
    }
}
