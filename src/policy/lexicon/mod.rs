//! The words a policy may use, compiled once: names of SDKs and vendors, terms
//! of data types and permissions.

mod companies;
mod items;
mod names;
mod purposes;
mod squash;
mod terms;
mod variants;

pub(crate) use names::{NameHit, Strength};
pub(crate) use squash::{squash, squash_name};
pub(crate) use terms::TermHit;

use crate::sdk::KnowledgeBase;

/// All words of one knowledge base, immutable and shared between threads.
#[derive(Debug)]
pub struct Lexicon {
    pub(crate) names: names::Names,
    pub(crate) terms: terms::Terms,
    pub(crate) companies: companies::Companies,
}

impl Lexicon {
    /// Compiles the words of a knowledge base.
    pub fn compile(base: &KnowledgeBase) -> Self {
        let vendors = companies::VendorNames::of_base(base);
        let (names, (terms, companies)) = rayon::join(
            || names::Names::compile(base, &vendors),
            || {
                rayon::join(
                    || terms::Terms::compile(base),
                    || companies::Companies::compile(base, &vendors),
                )
            },
        );
        Self {
            names,
            terms,
            companies,
        }
    }

    /// SDK categories that purposes speak of, best first.
    pub(crate) fn purpose_classes(&self, purposes: &str) -> Vec<String> {
        self.names.purposes.classes(purposes)
    }
}
