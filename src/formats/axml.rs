//! Binary XML (AXML).
