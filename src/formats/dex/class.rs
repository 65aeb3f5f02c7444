//! Class definitions and the members they define.
//!
//! Source: AOSP dex-format, "class_def_item", "class_data_item",
//! "encoded_field", "encoded_method".

use super::super::DecodeError;
use super::ids::{TypeList, item, u32_in};
use super::{Dex, EncodedArray, leb};

pub(super) const CLASS_DEF: usize = 32;
const NO_INDEX: u32 = u32::MAX;

/// One class defined in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassDef {
    /// Type index of the class.
    pub class_idx: u32,
    /// `ACC_*` flags.
    pub access_flags: u32,
    /// Type index of the superclass; `None` for `java.lang.Object`.
    pub superclass_idx: Option<u32>,
    /// Byte offset of the list of interfaces; 0 without interfaces.
    pub interfaces_off: u32,
    /// String index of the source file name, if recorded.
    pub source_file_idx: Option<u32>,
    /// Byte offset of the annotations directory; 0 without annotations.
    pub annotations_off: u32,
    /// Byte offset of the members; 0 for a class without members.
    pub class_data_off: u32,
    /// Byte offset of the static initialisers; 0 when all are zero or null.
    pub static_values_off: u32,
}

/// A field defined by a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Index into the field table.
    pub index: u32,
    /// `ACC_*` flags.
    pub access_flags: u32,
}

/// A method defined by a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Method {
    /// Index into the method table.
    pub index: u32,
    /// `ACC_*` flags.
    pub access_flags: u32,
    /// Byte offset of the code item; 0 for abstract and native methods.
    pub code_off: u32,
}

/// The members of one class. Its numbers were checked to be there; the
/// iterators decode them again and cannot fail.
#[derive(Debug, Clone, Copy, Default)]
pub struct ClassData<'a> {
    static_fields: u32,
    instance_fields: u32,
    direct_methods: u32,
    virtual_methods: u32,
    /// Both lists of fields, then both lists of methods.
    field_bytes: &'a [u8],
    method_bytes: &'a [u8],
}

impl<'a> Dex<'a> {
    /// Number of classes present.
    pub fn class_count(&self) -> u32 {
        (self.classes.len() / CLASS_DEF) as u32
    }

    /// A class definition by its position in the table.
    pub fn class_def(&self, position: u32) -> Option<ClassDef> {
        let bytes: &[u8; CLASS_DEF] = item(self.classes, position)?;
        let optional = |at| Some(u32_in(bytes, at)).filter(|&index| index != NO_INDEX);
        Some(ClassDef {
            class_idx: u32_in(bytes, 0),
            access_flags: u32_in(bytes, 4),
            superclass_idx: optional(8),
            interfaces_off: u32_in(bytes, 12),
            source_file_idx: optional(16),
            annotations_off: u32_in(bytes, 20),
            class_data_off: u32_in(bytes, 24),
            static_values_off: u32_in(bytes, 28),
        })
    }

    /// All class definitions, in file order.
    pub fn class_defs(&self) -> impl Iterator<Item = ClassDef> + use<'a> {
        let dex = *self;
        (0..dex.class_count()).map_while(move |position| dex.class_def(position))
    }

    /// Type indexes of the interfaces a class implements.
    pub fn interfaces(&self, class: &ClassDef) -> TypeList<'a> {
        self.type_list(class.interfaces_off)
    }

    /// The members of a class; empty for a class without members. Takes time
    /// in proportion to their bytes, so a walk over all classes goes through
    /// [`WalkBudget::class_data`](super::WalkBudget::class_data).
    ///
    /// # Errors
    /// When the bytes end inside the lists; the other classes are unaffected.
    pub fn class_data(&self, class: &ClassDef) -> Result<ClassData<'a>, DecodeError> {
        if class.class_data_off == 0 {
            return Ok(ClassData::default());
        }
        let mut rest = self.bytes_from(class.class_data_off).unwrap_or_default();
        ClassData::read(&mut rest).ok_or_else(|| {
            DecodeError::new(
                self.data.len() - rest.len(),
                format!(
                    "the members of a class (at {:#x}) run past the end of the file",
                    class.class_data_off
                ),
            )
        })
    }

    /// The initial values of the static fields, in the order of
    /// [`ClassData::static_fields`]; fields beyond them are zero or null.
    ///
    /// # Errors
    /// When the array is outside the bytes present.
    pub fn static_values(&self, class: &ClassDef) -> Result<EncodedArray<'a>, DecodeError> {
        if class.static_values_off == 0 {
            return Ok(EncodedArray::default());
        }
        self.bytes_from(class.static_values_off)
            .and_then(EncodedArray::read)
            .ok_or_else(|| {
                let offset = class.static_values_off;
                let message = "the static values of a class are outside the file";
                DecodeError::new(offset as usize, message)
            })
    }
}

impl<'a> ClassData<'a> {
    /// Reads one item off the front of `rest`; on failure `rest` is where the
    /// bytes ended.
    fn read(rest: &mut &'a [u8]) -> Option<Self> {
        let static_fields = leb::uleb128(rest)?;
        let instance_fields = leb::uleb128(rest)?;
        let direct_methods = leb::uleb128(rest)?;
        let virtual_methods = leb::uleb128(rest)?;
        let fields = u64::from(static_fields) + u64::from(instance_fields);
        let methods = u64::from(direct_methods) + u64::from(virtual_methods);
        Some(Self {
            static_fields,
            instance_fields,
            direct_methods,
            virtual_methods,
            field_bytes: skipped(rest, fields * 2)?,
            method_bytes: skipped(rest, methods * 3)?,
        })
    }

    /// Number of static and instance fields.
    pub fn field_count(&self) -> u32 {
        self.static_fields.saturating_add(self.instance_fields)
    }

    /// Number of direct and virtual methods.
    pub fn method_count(&self) -> u32 {
        self.direct_methods.saturating_add(self.virtual_methods)
    }

    /// Number of methods that have code (are neither abstract nor native).
    pub fn method_count_with_code(&self) -> u32 {
        self.methods().filter(|method| method.code_off != 0).count() as u32
    }

    /// Bytes the members take, sizes excepted.
    pub fn byte_len(&self) -> usize {
        self.field_bytes.len() + self.method_bytes.len()
    }

    /// Static fields.
    pub fn static_fields(&self) -> Fields<'a> {
        Fields::new(self.field_bytes, self.static_fields, 0)
    }

    /// Instance fields.
    pub fn instance_fields(&self) -> Fields<'a> {
        let mut rest = self.field_bytes;
        leb::skip(&mut rest, u64::from(self.static_fields) * 2);
        Fields::new(rest, self.instance_fields, 0)
    }

    /// Static, then instance fields.
    pub fn fields(&self) -> Fields<'a> {
        Fields::new(self.field_bytes, self.static_fields, self.instance_fields)
    }

    /// Static, private and constructor methods.
    pub fn direct_methods(&self) -> Methods<'a> {
        Methods::new(self.method_bytes, self.direct_methods, 0)
    }

    /// All other methods.
    pub fn virtual_methods(&self) -> Methods<'a> {
        let mut rest = self.method_bytes;
        leb::skip(&mut rest, u64::from(self.direct_methods) * 3);
        Methods::new(rest, self.virtual_methods, 0)
    }

    /// Direct, then virtual methods.
    pub fn methods(&self) -> Methods<'a> {
        Methods::new(self.method_bytes, self.direct_methods, self.virtual_methods)
    }
}

/// Moves `rest` past `count` LEB128 numbers and returns their bytes. When the
/// bytes end first, `rest` ends up empty, so that an error says how far it got.
fn skipped<'a>(rest: &mut &'a [u8], count: u64) -> Option<&'a [u8]> {
    let start = *rest;
    // A number has at least one byte: impossible counts fail without a look.
    if count > start.len() as u64 {
        return None;
    }
    if leb::skip(rest, count).is_none() {
        *rest = &[];
        return None;
    }
    start.get(..start.len() - rest.len())
}

/// Index differences of one list, then of a second that starts again at 0.
#[derive(Debug, Clone)]
struct Members<'a> {
    rest: &'a [u8],
    left: u32,
    left_in_second: u32,
    index: u32,
}

impl Members<'_> {
    /// The next index and flags.
    #[inline]
    fn next(&mut self) -> Option<(u32, u32)> {
        if self.left == 0 {
            self.left = std::mem::take(&mut self.left_in_second);
            self.index = 0;
        }
        self.left = self.left.checked_sub(1)?;
        let difference = leb::uleb128(&mut self.rest)?;
        // Wraps like the runtime; lookups of a wild index are `None`.
        self.index = self.index.wrapping_add(difference);
        Some((self.index, leb::uleb128(&mut self.rest)?))
    }
}

/// Fields of one class, decoded as they are iterated.
#[derive(Debug, Clone)]
pub struct Fields<'a>(Members<'a>);

/// Methods of one class, decoded as they are iterated.
#[derive(Debug, Clone)]
pub struct Methods<'a>(Members<'a>);

impl<'a> Fields<'a> {
    fn new(rest: &'a [u8], left: u32, left_in_second: u32) -> Self {
        Self(Members {
            rest,
            left,
            left_in_second,
            index: 0,
        })
    }
}

impl<'a> Methods<'a> {
    fn new(rest: &'a [u8], left: u32, left_in_second: u32) -> Self {
        Self(Members {
            rest,
            left,
            left_in_second,
            index: 0,
        })
    }
}

impl Iterator for Fields<'_> {
    type Item = Field;

    #[inline]
    fn next(&mut self) -> Option<Field> {
        let (index, access_flags) = self.0.next()?;
        Some(Field {
            index,
            access_flags,
        })
    }
}

impl Iterator for Methods<'_> {
    type Item = Method;

    #[inline]
    fn next(&mut self) -> Option<Method> {
        let (index, access_flags) = self.0.next()?;
        Some(Method {
            index,
            access_flags,
            code_off: leb::uleb128(&mut self.0.rest)?,
        })
    }
}
