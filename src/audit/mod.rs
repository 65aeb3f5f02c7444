//! Reconciles what was found with what is disclosed.
//!
//! `coverage` decides whether a policy speaks of an SDK, `permissions` whether
//! it names a permission, `type_coverage` whether an entry covers a data type;
//! `disclosure` writes them into the report; `sdk_rules`, `duplicate` and
//! `app_rules` give the findings of the `rules`, in the order that
//! `reconcile` fixes; `gate` turns findings into an exit code.

mod app_rules;
pub mod assemble;
pub mod coverage;
pub mod data_coverage;
pub mod disclosure;
mod duplicate;
mod finding;
pub mod gate;
pub mod model;
pub mod observed;
pub mod permissions;
pub mod reconcile;
pub mod rules;
pub mod sdk_rules;
pub mod type_coverage;
mod words;
