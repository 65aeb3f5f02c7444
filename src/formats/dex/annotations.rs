//! Which types annotate the methods of a class, and which classes the
//! annotations of a class name.
//!
//! Source: AOSP dex-format, "annotations_directory_item",
//! "annotation_set_item", "annotation_item".

use super::super::limits::{MAX_ANNOTATED_CLASSES, MAX_METHOD_ANNOTATIONS};
use super::ids::{item, u32_in};
use super::value::read_value;
use super::{ClassDef, Dex, EncodedValue, WalkBudget, leb};

/// The directory's head: class annotations, then the sizes of three tables.
const DIRECTORY: usize = 16;
/// An entry of the table of fields or of methods: index, offset of the set.
const ENTRY: usize = 8;
/// Visibility of annotations that code can ask for.
const RUNTIME: u8 = 1;

/// The annotated methods of a class.
#[derive(Debug, Clone, Copy)]
pub struct MethodAnnotations<'a> {
    dex: Dex<'a>,
    entries: &'a [u8],
}

impl<'a> Dex<'a> {
    /// The annotated methods of a class; empty where the table is outside the
    /// bytes present. A walk over all classes goes through
    /// [`WalkBudget::method_annotations`](super::WalkBudget::method_annotations).
    pub fn method_annotations(&self, class: &ClassDef) -> MethodAnnotations<'a> {
        MethodAnnotations {
            dex: *self,
            entries: self.annotated_methods(class).unwrap_or_default(),
        }
    }

    fn annotated_methods(&self, class: &ClassDef) -> Option<&'a [u8]> {
        if class.annotations_off == 0 {
            return None;
        }
        let directory = self.bytes_from(class.annotations_off)?;
        let (head, tables) = directory.split_first_chunk::<DIRECTORY>()?;
        let fields = (u32_in(head, 4) as usize).checked_mul(ENTRY)?;
        let methods = (u32_in(head, 8) as usize).checked_mul(ENTRY)?;
        tables.get(fields..)?.get(..methods)
    }

    /// Type indexes of the class constants in the annotations of a class that
    /// code can ask for, those of the type `except` left out. What the budget
    /// refuses is not seen.
    pub fn classes_in_annotations(
        &self,
        class: &ClassDef,
        except: Option<u32>,
        budget: &mut WalkBudget,
    ) -> Vec<u32> {
        let mut found = Vec::new();
        if budget.is_exhausted() {
            return found;
        }
        let set = match class.annotations_off {
            0 => None,
            offset => self
                .bytes_from(offset)
                .map(|directory| u32_in(directory, 0)),
        };
        let annotations = set
            .filter(|&set| set != 0)
            .and_then(|set| self.annotations(set));
        for mut rest in annotations.into_iter().flatten() {
            let before = rest.len();
            classes_named(&mut rest, except, &mut found);
            let is_full = found.len() >= MAX_ANNOTATED_CLASSES;
            found.truncate(MAX_ANNOTATED_CLASSES);
            if !budget.spend(before - rest.len()) || is_full {
                break;
            }
        }
        found
    }

    /// Where the annotations of one set begin.
    fn annotations(&self, set: u32) -> Option<impl Iterator<Item = &'a [u8]> + use<'a>> {
        let dex = *self;
        let (size, offsets) = self.bytes_from(set)?.split_first_chunk()?;
        let size = (u32::from_le_bytes(*size) as usize).min(MAX_METHOD_ANNOTATIONS);
        let offsets = offsets.chunks_exact(4).take(size);
        Some(offsets.filter_map(move |offset| dex.bytes_from(u32_in(offset, 0))))
    }

    /// Types of the annotations of one set that code can ask for.
    fn annotation_types(&self, set: u32) -> Option<impl Iterator<Item = u32> + use<'a>> {
        let annotations = self.annotations(set)?;
        Some(annotations.filter_map(|annotation| {
            let (&visibility, mut rest) = annotation.split_first()?;
            (visibility == RUNTIME).then(|| leb::uleb128(&mut rest))?
        }))
    }
}

/// Reads one annotation off the front of `rest` and adds the class constants
/// that it names.
fn classes_named(rest: &mut &[u8], except: Option<u32>, found: &mut Vec<u32>) -> Option<()> {
    let (&visibility, after) = rest.split_first()?;
    *rest = after;
    let type_ = leb::uleb128(rest)?;
    if visibility != RUNTIME || Some(type_) == except {
        return None;
    }
    for _ in 0..leb::uleb128(rest)? {
        leb::uleb128(rest)?; // name index
        match read_value(rest, 0)? {
            EncodedValue::Type(class) => found.push(class),
            EncodedValue::Array(values) => found.extend(values.filter_map(|value| match value {
                EncodedValue::Type(class) => Some(class),
                _ => None,
            })),
            _ => {}
        }
    }
    Some(())
}

impl MethodAnnotations<'_> {
    /// Bytes of the table.
    pub fn byte_len(&self) -> usize {
        self.entries.len()
    }

    /// Indexes of methods with the type of each annotation that code can ask for.
    pub fn types(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let entries = 0..(self.entries.len() / ENTRY) as u32;
        let of_entry = |number| {
            let entry: &[u8; ENTRY] = item(self.entries, number)?;
            let types = self.dex.annotation_types(u32_in(entry, 4))?;
            let method = u32_in(entry, 0);
            Some(types.map(move |type_| (method, type_)))
        };
        entries.filter_map(of_entry).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{ClassBuilder, assemble, finish, put};
    use super::*;

    /// A dex file whose only class has a directory with these words at its end.
    fn dex_with(directory: &[u32], annotation: &[u8]) -> Vec<u8> {
        let mut bytes = assemble(&[ClassBuilder::new("LA;")]);
        let start = bytes.len().next_multiple_of(4);
        bytes.resize(start, 0);
        let at = |word: u32| match word {
            SET => (start + directory.len() * 4) as u32,
            word => word,
        };
        for &word in directory {
            bytes.extend(at(word).to_le_bytes());
        }
        // The set: one annotation, which stands behind it.
        let behind = bytes.len() as u32 + 8;
        bytes.extend(1u32.to_le_bytes());
        bytes.extend(behind.to_le_bytes());
        bytes.extend(annotation);
        let table = u32_in(&bytes, 0x64) as usize;
        put(&mut bytes, table + 20, start as u32);
        let size = bytes.len() as u32;
        finish(&mut bytes, 0, size);
        bytes
    }

    /// Stands for the offset of the set.
    const SET: u32 = u32::MAX;

    fn methods(bytes: &[u8]) -> Vec<(u32, u32)> {
        let (dex, _) = Dex::parse(bytes).expect("a dex file");
        let class = dex.class_def(0).expect("a class");
        dex.method_annotations(&class).types().collect()
    }

    #[test]
    fn methods_are_told_with_the_types_that_code_can_ask_for() {
        // One field, two methods; the annotation is of type 3 and empty.
        let directory = [0, 1, 2, 0, 0, SET, 7, SET, 9, SET];
        let bytes = dex_with(&directory, &[RUNTIME, 3, 0]);
        assert_eq!(methods(&bytes), [(7, 3), (9, 3)]);
        assert!(methods(&dex_with(&directory, &[2, 3, 0])).is_empty());
    }

    #[test]
    fn classes_are_those_that_annotations_for_code_name() {
        // Type 3, two elements: class 5, and the classes 6 and 7 beside a number.
        let annotation = |visibility| {
            [
                visibility, 3, 2, 0, 0x18, 5, 1, 0x1c, 3, 0x18, 6, 0x04, 9, 0x18, 7,
            ]
        };
        for (visibility, except, classes) in [
            (RUNTIME, None, &[5, 6, 7][..]),
            (RUNTIME, Some(3), &[]),
            (2, None, &[]),
        ] {
            let bytes = dex_with(&[SET, 0, 0, 0], &annotation(visibility));
            let (dex, _) = Dex::parse(&bytes).expect("a dex file");
            let class = dex.class_def(0).expect("a class");
            let mut budget = WalkBudget::new(&dex);
            let found = dex.classes_in_annotations(&class, except, &mut budget);
            assert_eq!(found, classes, "{visibility} {except:?}");
        }
    }

    #[test]
    fn sizes_and_offsets_outside_the_file_give_nothing() {
        for directory in [
            [0, u32::MAX - 1, 1, 0, 7, SET],
            [0, 0, u32::MAX - 1, 0, 7, SET],
            [0, 0, 1, 0, 7, u32::MAX - 1],
        ] {
            assert!(methods(&dex_with(&directory, &[1, 3, 0])).is_empty());
        }
    }
}
