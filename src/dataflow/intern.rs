//! Numbers for byte strings: descriptors, names, prototypes.

use std::borrow::Cow;
use std::collections::HashMap;

use foldhash::quality::RandomState;

/// Gives equal byte strings equal numbers, counted up from 0.
#[derive(Debug, Default)]
pub(super) struct Interner<'p> {
    numbers: HashMap<Cow<'p, [u8]>, u32, RandomState>,
    strings: Vec<Cow<'p, [u8]>>,
}

impl<'p> Interner<'p> {
    /// The number of bytes that live as long as the program.
    pub fn intern(&mut self, bytes: &'p [u8]) -> u32 {
        match self.numbers.get(bytes) {
            Some(&number) => number,
            None => self.add(Cow::Borrowed(bytes)),
        }
    }

    /// The number of bytes that are copied when they are new.
    pub fn intern_copied(&mut self, bytes: &[u8]) -> u32 {
        match self.numbers.get(bytes) {
            Some(&number) => number,
            None => self.add(Cow::Owned(bytes.to_vec())),
        }
    }

    fn add(&mut self, bytes: Cow<'p, [u8]>) -> u32 {
        // Fewer than 2^32: each stands for a table item of at least four bytes.
        let number = self.strings.len() as u32;
        self.strings.push(bytes.clone());
        self.numbers.insert(bytes, number);
        number
    }

    /// The number of bytes that were seen.
    pub fn find(&self, bytes: &[u8]) -> Option<u32> {
        self.numbers.get(bytes).copied()
    }

    /// The bytes of a number; empty for one that was never given.
    pub fn bytes(&self, number: u32) -> &[u8] {
        self.strings.get(number as usize).map_or(&[], |b| b)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.strings.len()
    }
}
