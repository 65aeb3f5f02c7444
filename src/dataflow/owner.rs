//! Whose code a class is, as far as accesses are concerned.

use std::collections::HashMap;

use super::program::{Class, ClassId, Program};
use crate::app::code::dotted;
use crate::sdk::detect::Detector;
use crate::sdk::model::Detection;
use crate::sdk::ownership::{ClassOwner, listing_prefix};
use crate::sdk::schema::{Kind, Signature};

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
}

impl Owners {
    /// Reads them off the detection.
    pub fn of(program: &Program<'_>, detector: &Detector<'_>, detection: &Detection) -> Self {
        let mut reader = OwnerReader {
            program,
            detector,
            detection,
            numbers: HashMap::new(),
            owners: Vec::new(),
            by_signature: HashMap::new(),
        };
        let of = program.classes().map(|(_, class)| reader.class(class));
        Self {
            of: of.collect(),
            owners: reader.owners,
        }
    }

    /// The owner of a class.
    pub fn owner(&self, class: ClassId) -> &Owner {
        let number = self.of.get(class.0 as usize).copied().unwrap_or(0);
        self.owners.get(number as usize).unwrap_or(&Owner::App)
    }

    /// The number of the owner of a class.
    pub fn number(&self, class: ClassId) -> u32 {
        self.of.get(class.0 as usize).copied().unwrap_or(0)
    }

    /// The owner of a number.
    pub fn numbered(&self, number: u32) -> Option<&Owner> {
        self.owners.get(number as usize)
    }
}

struct OwnerReader<'r, 'p> {
    program: &'r Program<'p>,
    detector: &'r Detector<'r>,
    detection: &'r Detection,
    numbers: HashMap<Owner, u32>,
    owners: Vec<Owner>,
    /// By number of the signature: the number of its owner.
    by_signature: HashMap<u32, u32>,
}

impl OwnerReader<'_, '_> {
    /// The number of a class's owner.
    fn class(&mut self, class: &Class) -> u32 {
        let unit = self.program.units().get(class.unit as usize);
        let owners = unit.and_then(|unit| self.detection.class_owners.get(unit.number));
        let owner = owners.and_then(|owners| owners.get(class.definition as usize));
        match owner.copied().unwrap_or(ClassOwner::Unidentified) {
            ClassOwner::App => self.number(Owner::App),
            ClassOwner::Signature(index) => {
                if let Some(&known) = self.by_signature.get(&index) {
                    return known;
                }
                let owner = self.of_signature(self.detector.signature(index));
                let number = match owner {
                    Some(owner) => self.number(owner),
                    None => return self.unidentified(class),
                };
                self.by_signature.insert(index, number);
                number
            }
            ClassOwner::Shared(_) => {
                let name = dotted(self.program.descriptor_bytes(class.type_));
                let owner = self
                    .detector
                    .claimants(&name)
                    .find_map(|signature| self.of_signature(signature));
                match owner {
                    Some(owner) => self.number(owner),
                    None => self.unidentified(class),
                }
            }
            ClassOwner::Unidentified => self.unidentified(class),
        }
    }

    /// Who answers for the code of a signature; nobody when it is an SDK that
    /// was not found. Of several that share a prefix the first that was counts.
    fn of_signature(&self, signature: &Signature) -> Option<Owner> {
        match signature.kind {
            Kind::Platform | Kind::Library => Some(Owner::Shared),
            Kind::Sdk | Kind::Packer => {
                let mut found = self.detection.sdks.iter();
                let is_found = found.any(|sdk| sdk.id == signature.id);
                is_found.then(|| Owner::Sdk(signature.id.clone()))
            }
        }
    }

    fn unidentified(&mut self, class: &Class) -> u32 {
        let name = dotted(self.program.descriptor_bytes(class.type_));
        self.number(Owner::Unidentified(listing_prefix(&name).to_owned()))
    }

    fn number(&mut self, owner: Owner) -> u32 {
        if let Some(&number) = self.numbers.get(&owner) {
            return number;
        }
        let number = self.owners.len() as u32;
        self.owners.push(owner.clone());
        self.numbers.insert(owner, number);
        number
    }
}
