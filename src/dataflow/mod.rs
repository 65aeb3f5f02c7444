//! What code can reach: accesses to personal data, by the owner of the code.
//! Knows no policy and prints nothing.

mod intern;
pub mod model;
pub mod program;
