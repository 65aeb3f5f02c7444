//! Pure decoders over `&[u8]`: no files, no threads, no printing, no panics.
//!
//! Every decoder returns [`Decoded`]: the value with the anomalies that were
//! repaired on the way, or a [`DecodeError`] when nothing can be read.
//! Tampering is a finding for the report, not an error.

pub mod anomaly;
pub mod arsc;
pub mod axml;
pub mod chunk;
pub mod classfile;
pub mod cursor;
pub mod dex;
pub mod elf;
pub mod framework_attributes;
pub mod limits;
#[cfg(test)]
pub(crate) mod mutation;
pub mod proto_xml;
pub mod resources;
pub mod signing;
pub mod string_pool;
pub mod text_xml;
pub mod xml;
pub mod zip;

pub use anomaly::{Anomaly, AnomalyLog, Limit, LimitScope};
pub use cursor::Cursor;

/// What a decoder yields: the value and what had to be repaired to read it.
pub type Decoded<T> = Result<(T, Vec<Anomaly>), DecodeError>;

/// Why a decoder could read nothing at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at offset {offset:#x})")]
pub struct DecodeError {
    /// What was expected and what was found, in words a user understands.
    pub message: String,
    /// Absolute byte offset into the decoder's input.
    pub offset: usize,
}

impl DecodeError {
    /// An error at an absolute byte offset.
    pub fn new(offset: usize, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            offset,
        }
    }
}
