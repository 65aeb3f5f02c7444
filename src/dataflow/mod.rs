//! What code can reach: accesses to personal data, by the owner of the code.
//! Knows no policy and prints nothing.

pub mod attribution;
pub mod capability;
pub mod catalogue;
pub mod entry;
pub mod framework;
pub mod graph;
pub mod hierarchy;
mod intern;
pub mod model;
pub mod owner;
pub mod program;
pub mod reach;
pub mod references;
pub mod takers;
pub mod walk;
