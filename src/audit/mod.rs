//! Reconciles what was found with what is disclosed.
//!
//! `coverage` decides whether a policy speaks of an SDK, `permissions` whether
//! it names a permission, `reconcile` turns both into findings of the `rules`,
//! `gate` turns findings into an exit code.

pub mod assemble;
pub mod coverage;
mod finding;
pub mod gate;
pub mod model;
pub mod permissions;
pub mod reconcile;
pub mod rules;
