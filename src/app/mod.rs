//! The model of one app: package set, manifest, code, libraries, assets.

pub mod manifest;
