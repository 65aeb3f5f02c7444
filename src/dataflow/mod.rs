//! What code can reach: accesses to personal data, by the owner of the code.
//! Knows no policy and prints nothing.

pub mod model;
