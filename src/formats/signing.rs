//! Signing certificates.
