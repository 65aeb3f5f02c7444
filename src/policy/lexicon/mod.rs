//! The words a policy may use, compiled once: names of SDKs and vendors, terms
//! of data types and permissions.
//!
//! The words of the embedded base are compiled by the build script, which takes
//! in the modules that need no regex; a base of the user's own is compiled by
//! the same code at each start.

mod companies;
mod compiled;
mod item_words;
mod items;
mod names;
mod purposes;
mod squash;
mod strings;
mod table;
mod terms;
mod variants;

pub use compiled::Lexicon;
pub(crate) use names::{NameHit, Strength};
pub(crate) use squash::{squash, squash_name};
pub(crate) use terms::TermHit;

use crate::sdk::KnowledgeBase;

/// The words of the embedded base, as `build.rs` compiled them.
const EMBEDDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lexicon.bin"));

impl Lexicon {
    /// The compiled words of a knowledge base.
    pub fn compile(base: &KnowledgeBase) -> Self {
        if base.is_embedded() {
            return postcard::from_bytes(EMBEDDED).expect("build.rs wrote it with the same code");
        }
        Self::of(base.catalogue())
    }

    /// SDK categories that purposes speak of, best first.
    pub(crate) fn purpose_classes(&self, purposes: &str) -> Vec<String> {
        self.names.purposes.classes(purposes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_words_are_those_of_the_embedded_base() {
        let compiled = Lexicon::of(KnowledgeBase::embedded().catalogue());
        let bytes = postcard::to_allocvec(&compiled).expect("words are plain data");
        assert!(bytes == EMBEDDED);
    }
}
