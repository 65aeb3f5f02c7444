//! The words that mean a permission or a data type only as a whole item of a
//! list; `items` reads the lists.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::squash::squash;
use super::table::Table;
use crate::sdk::schema::Catalogue;

/// Item words, compiled: squashed word → indexes into the vocabulary.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Items {
    pub permissions: Table<usize>,
    pub data_types: Table<usize>,
}

impl Items {
    pub fn compile(base: &Catalogue) -> Self {
        let permissions = base.permissions.iter();
        let permissions = permissions.map(|one| one.items.iter().chain(&one.en));
        let data_types = base.data_types.iter().map(|one| one.items.iter());
        Self {
            permissions: table(permissions),
            data_types: table(data_types),
        }
    }
}

/// The words of each entry of the vocabulary, looked up.
fn table<'b>(entries: impl Iterator<Item = impl Iterator<Item = &'b String>>) -> Table<usize> {
    let mut meanings: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, words) in entries.enumerate() {
        for word in words {
            meanings.entry(squash(word)).or_default().push(index);
        }
    }
    meanings.into()
}
