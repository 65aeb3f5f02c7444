//! Indexes one dex file: its logical files, their classes, and what of it was
//! not seen.

use std::borrow::Cow;

use super::code::{ClassTable, CodeBody, CodeBytes, CodeUnit, dotted};
use crate::formats::dex::{self, Dex, Placement, WalkBudget};
use crate::formats::limits::MAX_CLASS_NAME_BYTES;
use crate::formats::{Anomaly, Limit};

/// Bytes other than zero behind a dex file that are taken for hidden data: less
/// than a dex header cannot be code.
const MIN_APPENDED_BYTES: usize = 112;
/// A dex file as indexed: one unit, or several of a 041 container.
pub(super) struct DexFile<'a> {
    pub units: Vec<CodeUnit<'a>>,
    pub anomalies: Vec<Anomaly>,
    pub limits: Vec<Limit>,
    /// Bytes that it keeps in memory.
    pub inflated: usize,
}

impl<'a> DexFile<'a> {
    pub fn read(bytes: Cow<'a, [u8]>, place: &str) -> Self {
        let inflated = if matches!(bytes, Cow::Owned(_)) {
            bytes.len()
        } else {
            0
        };
        let mut file = Self {
            units: Vec::new(),
            anomalies: Vec::new(),
            limits: Vec::new(),
            inflated,
        };
        if !dex::is_dex(&bytes) {
            file.limit(
                "code-unreadable",
                "Android loads this entry as code, but it is no dex file (encrypted or damaged)",
                place,
            );
            return file;
        }
        file.note_appended(&bytes, place);
        let mut tables = Vec::new();
        for decoded in Dex::parse_container(&bytes) {
            match decoded {
                Ok((dex, anomalies)) => {
                    file.anomalies
                        .extend(anomalies.into_iter().map(|a| a.within(place)));
                    tables.push((dex.placement(), file.index(&dex, place)));
                }
                Err(error) => file.limit("code-unreadable", &error.to_string(), place),
            }
        }
        file.share(bytes, tables, place);
        file
    }

    /// The classes of one logical dex file; what was not seen is said.
    fn index(&mut self, dex: &Dex<'_>, place: &str) -> ClassTable {
        if dex.clipped {
            self.limit(
                "dex-clipped",
                "tables of this dex file reach past its end: the classes behind it were not seen",
                place,
            );
        }
        let mut budget = WalkBudget::new(dex);
        let mut too_long = 0;
        let classes = dex
            .class_defs()
            .enumerate()
            .map_while(|(definition, class)| {
                let descriptor = dex.type_descriptor(class.class_idx).unwrap_or_default();
                let shown = descriptor.get(..MAX_CLASS_NAME_BYTES).unwrap_or(descriptor);
                too_long += usize::from(shown.len() < descriptor.len());
                // Names may overlap in the file: the sum is paid for, not the bytes.
                if !budget.spend(shown.len()) {
                    return None;
                }
                let methods = budget
                    .class_data(dex, &class)
                    .map_or(0, |members| members.method_count_with_code());
                Some((dotted(shown), methods, definition as u32))
            });
        let table = ClassTable::build(classes);
        if too_long > 0 {
            let message = format!(
                "{too_long} classes have names longer than {MAX_CLASS_NAME_BYTES} bytes, which were cut"
            );
            self.limit("class-name-too-long", &message, place);
        }
        if budget.is_exhausted() {
            self.limit(
                "dex-walk-budget",
                "classes share names or members so often that not all of them were read",
                place,
            );
        }
        table
    }

    /// One unit per logical file; all share the bytes.
    fn share(&mut self, bytes: Cow<'a, [u8]>, tables: Vec<(Placement, ClassTable)>, place: &str) {
        let bytes = CodeBytes::from(bytes);
        let units = tables.into_iter().map(|(placement, classes)| CodeUnit {
            place: place.to_owned(),
            body: CodeBody::Dex {
                bytes: bytes.clone(),
                placement,
            },
            classes,
        });
        self.units.extend(units);
    }

    /// What stands behind the declared end of a dex file is not loaded with it,
    /// but a loader may cut it out.
    fn note_appended(&mut self, bytes: &[u8], place: &str) {
        if dex::split_container(bytes).len() > 1 {
            return;
        }
        let declared = bytes
            .get(0x20..0x24)
            .and_then(|size| size.try_into().ok())
            .map(u32::from_le_bytes);
        let Some(behind) = declared.and_then(|size| bytes.get(size as usize..)) else {
            return;
        };
        if behind
            .iter()
            .filter(|byte| **byte != 0)
            .take(MIN_APPENDED_BYTES)
            .count()
            == MIN_APPENDED_BYTES
        {
            let message = format!(
                "{} bytes are appended to this dex file and were not looked at; they may hold code",
                behind.len()
            );
            self.limits
                .push(Limit::analysis("dex-appended-data", message, place));
        }
    }

    fn limit(&mut self, code: &'static str, message: &str, place: &str) {
        self.limits.push(Limit::analysis(code, message, place));
    }
}
