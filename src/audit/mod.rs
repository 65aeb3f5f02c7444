//! Reconciles what was found with what is disclosed.

pub mod assemble;
pub mod model;
