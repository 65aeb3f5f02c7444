//! The knowledge base and what it finds in an app. Knows no policy and prints
//! nothing.

pub mod base;
pub mod check;
mod claim;
mod declared;
pub mod defined;
pub mod detect;
mod evidence;
pub mod files;
pub mod hosts;
pub mod matcher;
pub mod model;
pub mod ownership;
pub mod packing;
pub mod schema;
#[cfg(test)]
pub(crate) mod testing;
pub mod version;

pub use base::KnowledgeBase;
pub use matcher::Matcher;
