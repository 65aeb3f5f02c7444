//! Reconciles what was found with what is disclosed.
//!
//! `coverage` decides whether a policy speaks of an SDK, `permissions` whether
//! it names a permission; `disclosure` writes both into the report; `sdk_rules`
//! and `app_rules` give the findings of the `rules`, in the order that
//! `reconcile` fixes; `gate` turns findings into an exit code.

mod app_rules;
pub mod assemble;
pub mod coverage;
pub mod disclosure;
mod finding;
pub mod gate;
pub mod model;
pub mod permissions;
pub mod reconcile;
pub mod rules;
pub mod sdk_rules;
mod words;
