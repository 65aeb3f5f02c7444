//! The knowledge base and what it finds in an app. Knows no policy and prints
//! nothing.

pub mod base;
pub mod check;
pub mod files;
pub mod matcher;
pub mod schema;

pub use base::KnowledgeBase;
pub use matcher::Matcher;
