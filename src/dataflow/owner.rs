//! Whose code a class is, as far as accesses are concerned.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::program::{ClassId, Program};
use crate::app::code::dotted;
use crate::sdk::detect::Ownership;
use crate::sdk::ownership::listing_prefix;
use crate::sdk::schema::Kind;

/// Who answers for an access.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// The app's own code.
    App,
    /// An SDK found in the app, by its id.
    Sdk(String),
    /// Code that no signature names, by the prefix it is listed under.
    Unidentified(String),
    /// Platform and support code and libraries without data handling of their
    /// own: who calls them answers.
    Shared,
}

/// The owner of every class of a program.
#[derive(Debug)]
pub struct Owners {
    owners: Vec<Owner>,
    /// By class, into `owners`.
    of: Vec<u32>,
    /// The place of [`Owner::Shared`] in `owners`.
    shared: Option<u32>,
}

impl Owners {
    /// Asks for every class. `found` tells whether an SDK (by id) was found in
    /// the app; of several that share a prefix the first that was counts.
    pub fn of(
        program: &Program<'_>,
        ownership: &Ownership<'_>,
        found: impl Fn(&str) -> bool,
    ) -> Self {
        let mut numbers: BTreeMap<Owner, u32> = BTreeMap::new();
        let mut owners = Vec::new();
        let of = program.classes().map(|(_, class)| {
            let name = dotted(program.descriptor_bytes(class.type_));
            let owner = owner_of(&name, ownership, &found);
            *numbers.entry(owner).or_insert_with_key(|owner| {
                owners.push(owner.clone());
                owners.len() as u32 - 1
            })
        });
        let of = of.collect();
        let shared = numbers.get(&Owner::Shared).copied();
        Self { owners, of, shared }
    }

    /// The owner of a class.
    pub fn owner(&self, class: ClassId) -> &Owner {
        let number = self.of.get(class.0 as usize).copied().unwrap_or(0);
        self.owners.get(number as usize).unwrap_or(&Owner::App)
    }

    /// Whether a class is shared code.
    pub fn is_shared(&self, class: ClassId) -> bool {
        self.shared.is_some() && self.of.get(class.0 as usize).copied() == self.shared
    }
}

fn owner_of(name: &Cow<'_, str>, ownership: &Ownership<'_>, found: impl Fn(&str) -> bool) -> Owner {
    let mut claimed = false;
    for signature in ownership.claimants(name) {
        match signature.kind {
            Kind::Platform | Kind::Library => return Owner::Shared,
            Kind::Sdk | Kind::Packer if found(&signature.id) => {
                return Owner::Sdk(signature.id.clone());
            }
            Kind::Sdk | Kind::Packer => claimed = true,
        }
    }
    if !claimed && ownership.is_own(name) {
        Owner::App
    } else {
        Owner::Unidentified(listing_prefix(name).to_owned())
    }
}
