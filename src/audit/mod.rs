//! Reconciles what was found with what is disclosed.

pub mod model;
