//! Constants in small methods.
