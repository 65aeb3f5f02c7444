//! Numbers for byte strings: descriptors, names, prototypes.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hash};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// Gives equal things equal numbers, counted up from 0. The hash is seeded, so
/// that no input can make the table slow.
#[derive(Debug)]
pub(super) struct Numbers<T> {
    table: HashTable<u32>,
    all: Vec<T>,
    state: RandomState,
}

/// Numbers for byte strings that live as long as the program, or are copied.
pub(super) type Interner<'p> = Numbers<Cow<'p, [u8]>>;

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Self {
            table: HashTable::new(),
            all: Vec::new(),
            state: RandomState::default(),
        }
    }
}

impl<T> Numbers<T> {
    /// The number of something; `make` gives what is kept of it when it is new.
    fn number_of<Q: Hash + Eq + ?Sized>(
        &mut self,
        key: &Q,
        borrow: impl Fn(&T) -> &Q,
        make: impl FnOnce() -> T,
    ) -> u32 {
        let hash = self.state.hash_one(key);
        let (all, state) = (&self.all, &self.state);
        let at = |number: &u32| all.get(*number as usize).map(&borrow);
        let entry = self.table.entry(
            hash,
            |number| at(number) == Some(key),
            |number| at(number).map_or(0, |thing| state.hash_one(thing)),
        );
        match entry {
            hashbrown::hash_table::Entry::Occupied(entry) => *entry.get(),
            hashbrown::hash_table::Entry::Vacant(entry) => {
                // Fewer than 2^32: each stands for a table item of at least
                // four bytes.
                let number = self.all.len() as u32;
                entry.insert(number);
                self.all.push(make());
                number
            }
        }
    }

    fn find_by<Q: Hash + Eq + ?Sized>(&self, key: &Q, borrow: impl Fn(&T) -> &Q) -> Option<u32> {
        let is_it = |number: &u32| self.all.get(*number as usize).map(&borrow) == Some(key);
        self.table.find(self.state.hash_one(key), is_it).copied()
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

impl<T: Hash + Eq + Clone> Numbers<T> {
    /// The number of something.
    pub fn number(&mut self, thing: &T) -> u32 {
        self.number_of(thing, |known| known, || thing.clone())
    }

    /// The number of something that was seen.
    pub fn find(&self, thing: &T) -> Option<u32> {
        self.find_by(thing, |known| known)
    }
}

impl<'p> Interner<'p> {
    /// The number of bytes that live as long as the program.
    pub fn intern(&mut self, bytes: &'p [u8]) -> u32 {
        self.number_of(bytes, |known| known, || Cow::Borrowed(bytes))
    }

    /// The number of bytes that are copied when they are new.
    pub fn intern_copied(&mut self, bytes: &[u8]) -> u32 {
        self.number_of(bytes, |known| known, || Cow::Owned(bytes.to_vec()))
    }

    /// The number of bytes that were seen.
    pub fn find_bytes(&self, bytes: &[u8]) -> Option<u32> {
        self.find_by(bytes, |known| known)
    }

    /// The bytes of a number; empty for one that was never given.
    pub fn bytes(&self, number: u32) -> &[u8] {
        self.get(number).map_or(&[], |bytes| bytes)
    }
}
