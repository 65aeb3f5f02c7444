//! The compiled words as a whole: what the build script writes and a run reads.

use serde::{Deserialize, Serialize};

use super::companies::{Companies, VendorNames};
use super::names::Names;
use super::terms::Terms;
use crate::sdk::schema::Catalogue;

/// All words of one knowledge base, immutable and shared between threads.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Lexicon {
    pub(crate) names: Names,
    pub(crate) terms: Terms,
    pub(crate) companies: Companies,
}

impl Lexicon {
    /// Compiles the words of a catalogue.
    pub(crate) fn of(base: &Catalogue) -> Self {
        let vendors = VendorNames::of_base(base);
        Self {
            names: Names::compile(base, &vendors),
            terms: Terms::compile(base),
            companies: Companies::compile(base, &vendors),
        }
    }
}
