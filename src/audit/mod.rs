//! Reconciles what was found with what is disclosed.
//!
//! `coverage` decides whether a policy speaks of an SDK, `permissions` whether
//! it names a permission, `type_coverage` whether an entry covers a data type,
//! `proof` what an access proves; `disclosure`, `permission_use` and `matrix`
//! write them into the report; `sdk_rules`, `access_rules`, `consent_rules`,
//! `denial_rules`, `duplicate` and `app_rules` give the findings of the `rules`,
//! in the order that `reconcile` fixes; `gate` turns findings into an exit code.

mod access_rules;
mod app_rules;
pub mod assemble;
mod consent_rules;
pub mod coverage;
pub mod data_coverage;
mod denial_rules;
pub mod disclosure;
mod duplicate;
mod finding;
pub mod gate;
mod matrix;
pub mod model;
pub mod observed;
pub mod permission_use;
pub mod permissions;
pub mod proof;
pub mod reconcile;
pub mod rules;
pub mod sdk_rules;
#[cfg(test)]
pub(crate) mod testing;
pub mod type_coverage;
mod words;
