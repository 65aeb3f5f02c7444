//! Layout examples.
