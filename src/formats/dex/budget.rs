//! A bound on the work of walking a whole dex file.
//!
//! Nothing in the format forbids a million classes that all have the same
//! members, or methods that all share one code item. Each lookup alone is
//! bounded by the bytes present, their sum is not: it is this budget's.

use super::super::DecodeError;
use super::super::limits::{DEX_WALK_FACTOR, DEX_WALK_FLOOR};
use super::class::CLASS_DEF;
use super::{ClassData, ClassDef, CodeItem, Dex, EncodedArray, MethodAnnotations, TypeList};

/// Bytes of items that a walk may still visit. One budget per walk:
///
/// ```
/// # use sdkaudit::formats::dex::{Dex, WalkBudget};
/// # fn walk(dex: &Dex<'_>) -> Option<u64> {
/// let mut budget = WalkBudget::new(dex);
/// let mut units = 0;
/// for class in dex.class_defs() {
///     let Ok(members) = budget.class_data(dex, &class) else { continue };
///     for method in members.methods().filter(|method| method.code_off != 0) {
///         let Ok(code) = budget.code(dex, method.code_off) else { continue };
///         units += code.instructions().map(|i| u64::from(i.width())).sum::<u64>();
///     }
/// }
/// if budget.is_exhausted() { None } else { Some(units) }
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct WalkBudget {
    left: u64,
    exhausted: bool,
}

impl WalkBudget {
    /// A budget in proportion to the bytes of the file, or in a container to
    /// its own bytes and its share of the container ([`DEX_WALK_FACTOR`],
    /// [`DEX_WALK_FLOOR`]).
    pub fn new(dex: &Dex<'_>) -> Self {
        let size = dex.placement.walk_bytes as u64;
        Self {
            left: size.saturating_mul(DEX_WALK_FACTOR).max(DEX_WALK_FLOOR),
            exhausted: false,
        }
    }

    /// Something was refused: the walk did not see all code.
    pub fn is_exhausted(&self) -> bool {
        self.exhausted
    }

    /// Pays for `bytes` visited, for example a string's; false when that is
    /// more than what is left.
    #[inline]
    pub fn spend(&mut self, bytes: usize) -> bool {
        match self.left.checked_sub(bytes as u64) {
            Some(left) => self.left = left,
            None => {
                self.left = 0;
                self.exhausted = true;
            }
        }
        !self.exhausted
    }

    /// [`Dex::class_data`], paid for.
    ///
    /// # Errors
    /// As there, and when the budget is exhausted.
    pub fn class_data<'a>(
        &mut self,
        dex: &Dex<'a>,
        class: &ClassDef,
    ) -> Result<ClassData<'a>, DecodeError> {
        let offset = class.class_data_off;
        if self.exhausted {
            return Err(refusal(offset));
        }
        let read = dex.class_data(class);
        let visited = match &read {
            Ok(members) => members.byte_len(),
            Err(error) => error.offset.saturating_sub(offset as usize),
        };
        if self.spend(visited.saturating_add(CLASS_DEF)) {
            read
        } else {
            Err(refusal(offset))
        }
    }

    /// [`Dex::interfaces`], paid for; empty when the budget is exhausted.
    pub fn interfaces<'a>(&mut self, dex: &Dex<'a>, class: &ClassDef) -> TypeList<'a> {
        let interfaces = dex.interfaces(class);
        if self.spend(interfaces.len()) {
            interfaces
        } else {
            TypeList::default()
        }
    }

    /// [`Dex::static_values`], paid for.
    ///
    /// # Errors
    /// As there, and when the budget is exhausted.
    pub fn static_values<'a>(
        &mut self,
        dex: &Dex<'a>,
        class: &ClassDef,
    ) -> Result<EncodedArray<'a>, DecodeError> {
        let offset = class.static_values_off;
        if self.exhausted {
            return Err(refusal(offset));
        }
        let values = dex.static_values(class)?;
        if self.spend(values.byte_len()) {
            Ok(values)
        } else {
            Err(refusal(offset))
        }
    }

    /// [`Dex::method_annotations`], paid for; `None` when the budget is exhausted.
    pub fn method_annotations<'a>(
        &mut self,
        dex: &Dex<'a>,
        class: &ClassDef,
    ) -> Option<MethodAnnotations<'a>> {
        let methods = dex.method_annotations(class);
        self.spend(methods.byte_len()).then_some(methods)
    }

    /// [`Dex::code`], paid for, instructions included.
    ///
    /// # Errors
    /// As there, and when the budget is exhausted.
    #[inline]
    pub fn code<'a>(&mut self, dex: &Dex<'a>, off: u32) -> Result<CodeItem<'a>, DecodeError> {
        if self.exhausted {
            return Err(refusal(off));
        }
        let code = dex.code(off)?;
        if self.spend(code.insns.len()) {
            Ok(code)
        } else {
            Err(refusal(off))
        }
    }
}

fn refusal(offset: u32) -> DecodeError {
    let message = "more items than the file has bytes for: shared to exhaust the reader";
    DecodeError::new(offset as usize, message)
}
