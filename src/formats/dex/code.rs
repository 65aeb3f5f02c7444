//! Code items and the walk over their instructions.
//!
//! Source: AOSP dex-format, "code_item"; "Dalvik bytecode", the payload
//! formats. The walk is the linear one that the runtime's verifier makes too:
//! a method it cannot finish never runs.

use super::super::DecodeError;
use super::ids::{u16_in, u32_in};
use super::{Dex, Instruction, Opcode};

const CODE_ITEM: usize = 16;

/// The code of one method.
#[derive(Debug, Clone, Copy)]
pub struct CodeItem<'a> {
    /// Registers the method uses.
    pub registers: u16,
    /// Words of incoming arguments: the last registers.
    pub ins: u16,
    /// Words of outgoing argument space.
    pub outs: u16,
    /// Number of `try` ranges.
    pub tries: u16,
    /// Byte offset of the first code unit.
    pub insns_offset: u32,
    /// The code units, little-endian pairs of bytes.
    pub insns: &'a [u8],
    /// The declared number of code units is larger than what is present.
    pub clipped: bool,
    /// What follows the code units: padding, `try` ranges and their handlers.
    pub(super) behind: &'a [u8],
}

impl<'a> Dex<'a> {
    /// The code item at a byte offset (constant time). Code that runs past the
    /// end of the file is cut and marked [`CodeItem::clipped`].
    ///
    /// # Errors
    /// When the offset is 0 or the item's fixed part is outside the file.
    #[inline]
    pub fn code(&self, off: u32) -> Result<CodeItem<'a>, DecodeError> {
        let item = match off {
            0 => None,
            _ => self.bytes_from(off),
        };
        let Some((head, rest)) = item.and_then(<[u8]>::split_first_chunk::<CODE_ITEM>) else {
            let message = format!("the code at {off:#x} is outside the file");
            return Err(DecodeError::new(off as usize, message));
        };
        let declared = u32_in(head, 12) as usize;
        let units = declared.min(rest.len() / 2);
        Ok(CodeItem {
            registers: u16_in(head, 0),
            ins: u16_in(head, 2),
            outs: u16_in(head, 4),
            tries: u16_in(head, 6),
            insns_offset: off.saturating_add(CODE_ITEM as u32),
            insns: rest.get(..units * 2).unwrap_or_default(),
            clipped: units < declared,
            behind: rest.get(units * 2..).unwrap_or_default(),
        })
    }
}

impl<'a> CodeItem<'a> {
    /// The instructions, in order of address. Payloads (switch tables, array
    /// data) are skipped by their real size.
    #[inline]
    pub fn instructions(&self) -> Instructions<'a> {
        Instructions {
            rest: self.insns,
            pc: 0,
            clipped: self.clipped,
            broken: false,
        }
    }

    /// The instruction at an address, if one can begin there.
    pub fn instruction_at(&self, pc: u32) -> Option<Instruction<'a>> {
        let rest = self.insns.get((pc as usize).checked_mul(2)?..)?;
        let &[first, _, ..] = rest else { return None };
        let width = usize::from(Opcode(first).width()) * 2;
        let bytes = rest.get(..width).filter(|bytes| !bytes.is_empty())?;
        Some(Instruction::new(pc, bytes))
    }
}

/// A linear walk over the instructions of one method. It ends at an unknown
/// opcode or an instruction that runs past the end, and says so in
/// [`Instructions::broken_at`].
#[derive(Debug, Clone)]
pub struct Instructions<'a> {
    rest: &'a [u8],
    pc: u32,
    clipped: bool,
    broken: bool,
}

impl<'a> Instructions<'a> {
    /// After the walk: the address in code units of what could not be decoded;
    /// `None` when all instructions were seen.
    pub fn broken_at(&self) -> Option<u32> {
        (self.broken || (self.clipped && self.rest.is_empty())).then_some(self.pc)
    }

    /// Splits `units` code units off the front.
    #[inline]
    fn take(&mut self, units: u64) -> Option<&'a [u8]> {
        let split = usize::try_from(units.checked_mul(2)?).ok();
        let split = split.filter(|&bytes| bytes > 0);
        match split.and_then(|bytes| self.rest.split_at_checked(bytes)) {
            Some((taken, rest)) => {
                self.rest = rest;
                // A method has fewer than 2^32 code units.
                self.pc = self.pc.wrapping_add(units as u32);
                Some(taken)
            }
            None => {
                self.broken = true;
                self.rest = &[];
                None
            }
        }
    }
}

impl<'a> Iterator for Instructions<'a> {
    type Item = Instruction<'a>;

    #[inline]
    fn next(&mut self) -> Option<Instruction<'a>> {
        loop {
            let &[first, second, ..] = self.rest else {
                return None;
            };
            if first == 0
                && let Some(units) = payload_units(second, self.rest)
            {
                self.take(units)?;
                continue;
            }
            let pc = self.pc;
            let bytes = self.take(Opcode(first).width().into())?;
            return Some(Instruction::new(pc, bytes));
        }
    }
}

/// Size in code units of the payload that starts here; `None` for a plain
/// `nop`, whose high byte is 0 or means nothing.
fn payload_units(ident: u8, bytes: &[u8]) -> Option<u64> {
    let size = u64::from(u16_in(bytes, 2));
    match ident {
        // packed-switch-payload: first key, then `size` targets.
        1 => Some(size * 2 + 4),
        // sparse-switch-payload: `size` keys, then `size` targets.
        2 => Some(size * 4 + 2),
        // fill-array-data-payload: `size` is the width of an element.
        3 => {
            let bytes = u64::from(u32_in(bytes, 4)) * size;
            Some(bytes.div_ceil(2) + 4)
        }
        _ => None,
    }
}
