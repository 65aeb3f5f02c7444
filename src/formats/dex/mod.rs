//! DEX files, versions 035–041, as zero-copy views over their bytes.
//!
//! A [`Dex`] only knows where its tables are; everything else is decoded when
//! asked for and borrows from the input. Nothing is verified that a reader
//! does not need: lookups out of range are `None`, broken class data is an
//! error of that class, unknown opcodes end the iteration of that method and
//! say so ([`Instructions::broken_at`]).
//!
//! ```text
//! parse ─> Dex ── class_defs ─> ClassDef ── class_data ─> ClassData ── methods
//!           │                                                            │
//!           └── string / type_descriptor / field / method <── index ── Instruction <── code
//! ```
//!
//! Items of a dex file may be shared and a hostile file may share all of them,
//! so a walk over everything goes through a [`WalkBudget`].
//!
//! Sources: AOSP "Dalvik executable format" and "Dalvik bytecode"; where the
//! runtime reads more than the specification allows, this reads what the
//! runtime reads (libdexfile), since code that runs must be seen.
//!
//! | file | holds |
//! | --- | --- |
//! | `header` | the header and its lies; checksum |
//! | `container` | splitting a version 041 container |
//! | `ids` | lookups in the id tables, signatures |
//! | `class` | class definitions, class data |
//! | `annotations` | which types annotate methods |
//! | `code` | code items, the instruction iterator |
//! | `instruction` | operands of one instruction, switch payloads |
//! | `opcode` | the opcode table |
//! | `tries` | `try` ranges and their handlers |
//! | `value` | encoded values (static field initialisers) |
//! | `mutf8`, `leb` | strings and numbers |
//! | `budget` | the bound on a whole walk |

mod annotations;
mod budget;
mod class;
mod code;
mod container;
mod header;
mod ids;
mod instruction;
mod leb;
pub mod mutf8;
pub mod opcode;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod tries;
mod value;

pub use annotations::MethodAnnotations;
pub use budget::WalkBudget;
pub use class::{ClassData, ClassDef, Field, Fields, Method, Methods};
pub use code::{CodeItem, Instructions};
pub use container::split_container;
pub use header::is_dex;
pub use ids::{FieldId, MethodId, Proto, TypeList};
pub use instruction::{Instruction, Operands, Registers, SwitchTargets};
pub use opcode::{Format, IndexKind, Opcode};
pub use tries::{Handlers, TryRange};
pub use value::{EncodedArray, EncodedValue};

use super::{Anomaly, DecodeError, Decoded};
use header::{Header, Section};

/// A dex file: where its tables are in the input. Cheap to copy.
#[derive(Debug, Clone, Copy)]
pub struct Dex<'a> {
    /// What offsets are relative to: the file, or the whole container.
    data: &'a [u8],
    strings: &'a [u8],
    types: &'a [u8],
    protos: &'a [u8],
    fields: &'a [u8],
    methods: &'a [u8],
    classes: &'a [u8],
    placement: Placement,
    /// Number in the magic (35 for `035`), 0 when it is no number.
    pub version: u32,
    /// Part of the tables lies outside the bytes present (or other logical dex
    /// files of a container were not read): code was not seen, the analysis of
    /// this file is partial.
    pub clipped: bool,
}

/// Where a logical dex file lies in its bytes, and how much a walk over it may
/// cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// Byte offset of the header.
    start: usize,
    /// Bytes that a [`WalkBudget`] is in proportion to.
    walk_bytes: usize,
}

impl<'a> Dex<'a> {
    /// Reads the header of an ordinary dex file. Of a version 041 container
    /// only the first dex file is read, with an anomaly and [`Dex::clipped`]
    /// when there are more; use [`Dex::parse_container`].
    ///
    /// # Errors
    /// When there is no dex magic or less than a header.
    pub fn parse(bytes: &'a [u8]) -> Decoded<Dex<'a>> {
        let (mut dex, mut anomalies) = Self::parse_at(
            bytes,
            Placement {
                start: 0,
                walk_bytes: bytes.len(),
            },
        )?;
        let logical = split_container(bytes).len();
        if logical > 1 {
            dex.clipped = true;
            anomalies.push(Anomaly::new(
                "dex-container",
                format!("the first of {logical} dex files of a container was read"),
                "",
            ));
        }
        Ok((dex, anomalies))
    }

    /// Reads every logical dex file of a version 041 container; one for an
    /// ordinary file. An element is an error when its header is unreadable or
    /// the container holds more dex files than
    /// [`MAX_DEX_PER_CONTAINER`](super::limits::MAX_DEX_PER_CONTAINER).
    pub fn parse_container(bytes: &'a [u8]) -> Vec<Decoded<Dex<'a>>> {
        let ranges = split_container(bytes);
        // Its own bytes and its share of what all of them share, so that the
        // budgets add up to the container's size, not to its multiple.
        let share = bytes.len() / ranges.len().max(1);
        let parse = |(number, range): (usize, std::ops::Range<usize>)| {
            if number < super::limits::MAX_DEX_PER_CONTAINER {
                let walk_bytes = range.len().saturating_add(share);
                let start = range.start;
                Self::parse_at(bytes, Placement { start, walk_bytes })
            } else {
                Err(DecodeError::new(
                    range.start,
                    "the container holds too many dex files; the rest was not read",
                ))
            }
        };
        ranges.into_iter().enumerate().map(parse).collect()
    }

    fn parse_at(data: &'a [u8], placement: Placement) -> Decoded<Dex<'a>> {
        let header = Header::read(data, placement.start)?;
        let mut anomalies = header.anomalies(data);
        let dex = Self::from_header(data, &header, placement, &mut anomalies);
        Ok((dex, anomalies))
    }

    /// The view of a dex file that was parsed before: without the checksum and
    /// the comparison of the header, so that it costs nothing.
    pub fn at(data: &'a [u8], placement: Placement) -> Option<Dex<'a>> {
        let header = Header::read(data, placement.start).ok()?;
        Some(Self::from_header(data, &header, placement, &mut Vec::new()))
    }

    /// Where this file lies, for [`Dex::at`].
    pub fn placement(&self) -> Placement {
        self.placement
    }

    fn from_header(
        data: &'a [u8],
        header: &Header,
        placement: Placement,
        anomalies: &mut Vec<Anomaly>,
    ) -> Dex<'a> {
        let mut table = |section, item, name| clip(data, section, item, name, anomalies);
        let strings = table(header.strings, ids::STRING_ID, "string_ids");
        let types = table(header.types, ids::TYPE_ID, "type_ids");
        let protos = table(header.protos, ids::PROTO_ID, "proto_ids");
        let fields = table(header.fields, ids::FIELD_ID, "field_ids");
        let methods = table(header.methods, ids::METHOD_ID, "method_ids");
        let classes = table(header.classes, class::CLASS_DEF, "class_defs");
        Dex {
            data,
            strings,
            types,
            protos,
            fields,
            methods,
            classes,
            placement,
            version: header.version.unwrap_or(0),
            clipped: anomalies.iter().any(|a| a.code == "dex-table-clipped"),
        }
    }

    /// The bytes that offsets are relative to: the file, or the container.
    pub fn data(&self) -> &'a [u8] {
        self.data
    }

    /// The bytes from `offset` on.
    fn bytes_from(&self, offset: u32) -> Option<&'a [u8]> {
        self.data.get(offset as usize..)
    }
}

/// The items of a table that are present, as a whole number of items.
fn clip<'a>(
    data: &'a [u8],
    section: Section,
    item: usize,
    name: &str,
    anomalies: &mut Vec<Anomaly>,
) -> &'a [u8] {
    let count = section.count as usize;
    let rest = match count {
        0 => &[],
        _ => data.get(section.offset as usize..).unwrap_or_default(),
    };
    let present = (rest.len() / item).min(count);
    if present < count {
        anomalies.push(Anomaly::new(
            "dex-table-clipped",
            format!("{name} has {count} items, {present} are present"),
            format!("{:#x}", section.offset),
        ));
    }
    rest.get(..present * item).unwrap_or_default()
}
