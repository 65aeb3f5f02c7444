//! The operands of one instruction, decoded when asked for.
//!
//! Source: AOSP "Dalvik executable instruction formats". Bits are written as
//! there: `A` is the low nibble of the high byte of the first code unit.

use std::ops::Deref;

use super::ids::{u16_in, u32_in};
use super::{CodeItem, Format, IndexKind, Opcode};

/// One instruction of a method.
#[derive(Debug, Clone, Copy)]
pub struct Instruction<'a> {
    /// Address in 16-bit code units from the start of the method.
    pub pc: u32,
    /// The opcode, the key into the opcode table.
    pub opcode: Opcode,
    /// All code units of the instruction.
    bytes: &'a [u8],
}

impl<'a> Instruction<'a> {
    /// An instruction of exactly its own bytes.
    #[inline]
    pub(super) fn new(pc: u32, bytes: &'a [u8]) -> Self {
        let opcode = Opcode(bytes.first().copied().unwrap_or(0));
        Self { pc, opcode, bytes }
    }

    /// Width in code units.
    pub fn width(&self) -> u32 {
        self.opcode.width().into()
    }

    /// Address of the instruction behind this one.
    pub fn next_pc(&self) -> u32 {
        self.pc.saturating_add(self.width())
    }

    #[inline]
    fn unit(&self, number: usize) -> u16 {
        u16_in(self.bytes, number * 2)
    }

    #[inline]
    fn word(&self, number: usize) -> u32 {
        u32_in(self.bytes, number * 2)
    }

    /// The high byte of the first code unit.
    fn high(&self) -> u8 {
        self.bytes.get(1).copied().unwrap_or(0)
    }

    fn format(&self) -> Format {
        let info = self.opcode.info();
        info.map_or(Format::F10x, |info| info.format)
    }

    /// The index operand: into strings, types, fields, methods, … as
    /// [`Instruction::index_kind`] says.
    #[inline]
    pub fn index(&self) -> Option<u32> {
        match self.index_kind() {
            IndexKind::None => None,
            // The one opcode of format 31c.
            IndexKind::String if self.opcode == Opcode::CONST_STRING_JUMBO => Some(self.word(1)),
            _ => Some(self.unit(1).into()),
        }
    }

    /// What [`Instruction::index`] points into.
    #[inline]
    pub fn index_kind(&self) -> IndexKind {
        self.opcode.index_kind()
    }

    /// The prototype index of an `invoke-polymorphic`.
    pub fn proto_index(&self) -> Option<u32> {
        matches!(self.format(), Format::F45cc | Format::F4rcc).then(|| self.unit(3).into())
    }

    /// The register operands, in the order smali writes them: a written
    /// register first, then sources; arguments of an `invoke` in order.
    pub fn registers(&self) -> Registers {
        use Format::*;
        let (low, high) = (u16::from(self.high() & 0xf), u16::from(self.high() >> 4));
        let wide = u16::from(self.high());
        match self.format() {
            F10x | F10t | F20t | F30t => Registers::listed(&[]),
            F12x | F22t | F22s | F22c => Registers::listed(&[low, high]),
            F11n => Registers::listed(&[low]),
            F11x | F21t | F21s | F21h | F21c | F31t | F31i | F31c | F51l => {
                Registers::listed(&[wide])
            }
            F22x => Registers::listed(&[wide, self.unit(1)]),
            F32x => Registers::listed(&[self.unit(1), self.unit(2)]),
            F23x => Registers::listed(&[wide, self.unit(1) & 0xff, self.unit(1) >> 8]),
            F22b => Registers::listed(&[wide, self.unit(1) & 0xff]),
            F35c | F45cc => {
                let cdef = self.unit(2);
                let all = [
                    cdef & 0xf,
                    cdef >> 4 & 0xf,
                    cdef >> 8 & 0xf,
                    cdef >> 12,
                    low,
                ];
                let count = usize::from(high);
                Registers::listed(all.get(..count).unwrap_or(&all))
            }
            F3rc | F4rcc => Registers::range(self.unit(2), wide),
        }
    }

    /// [`Instruction::registers`] of an instruction without a range of them.
    pub fn operands(&self) -> Operands {
        let registers = self.registers();
        let count = match registers.first {
            None => registers.count.min(5) as u8,
            Some(_) => 0,
        };
        Operands {
            listed: registers.listed,
            count,
        }
    }

    /// The literal of a `const*`, `*/lit8` or `*/lit16`, sign-extended; the
    /// bits of a floating point constant.
    pub fn literal(&self) -> Option<i64> {
        use Format::*;
        let short = i64::from(self.unit(1).cast_signed());
        match self.format() {
            F11n => Some(i64::from(self.high().cast_signed() >> 4)),
            F21s | F22s => Some(short),
            F21h if self.opcode == Opcode::CONST_WIDE_HIGH16 => Some(short << 48),
            F21h => Some(short << 16),
            F22b => Some(i64::from((self.unit(1) >> 8) as i8)),
            F31i => Some(i64::from(self.word(1).cast_signed())),
            F51l => {
                let bits = u64::from(self.word(3)) << 32 | u64::from(self.word(1));
                Some(bits.cast_signed())
            }
            _ => None,
        }
    }

    /// The address a `goto` or `if-*` jumps to; `None` also when it would lie
    /// before the method.
    pub fn branch_target(&self) -> Option<u32> {
        use Format::*;
        let distance = match self.format() {
            F10t => self.high().cast_signed().into(),
            F20t | F21t => self.unit(1).cast_signed().into(),
            F22t => self.unit(1).cast_signed().into(),
            F30t => self.word(1).cast_signed(),
            _ => return None,
        };
        self.pc.checked_add_signed(distance)
    }

    /// The address of the payload of a switch or `fill-array-data`.
    pub fn payload_pc(&self) -> Option<u32> {
        match self.format() {
            Format::F31t => self.pc.checked_add_signed(self.word(1).cast_signed()),
            _ => None,
        }
    }
}

/// Register numbers that an instruction lists, as a slice; empty for those with
/// a range of registers.
#[derive(Debug, Clone, Copy)]
pub struct Operands {
    listed: [u16; 5],
    count: u8,
}

impl Deref for Operands {
    type Target = [u16];

    #[inline]
    fn deref(&self) -> &[u16] {
        self.listed.get(..self.count.into()).unwrap_or_default()
    }
}

/// Register numbers of one instruction.
#[derive(Debug, Clone)]
pub struct Registers {
    listed: [u16; 5],
    position: u16,
    count: u16,
    /// First register of a range.
    first: Option<u16>,
}

impl Registers {
    fn listed(registers: &[u16]) -> Self {
        let mut listed = [0; 5];
        for (slot, register) in listed.iter_mut().zip(registers) {
            *slot = *register;
        }
        Self {
            listed,
            position: 0,
            count: registers.len().min(5) as u16,
            first: None,
        }
    }

    fn range(first: u16, count: u16) -> Self {
        Self {
            listed: [0; 5],
            position: 0,
            count,
            first: Some(first),
        }
    }
}

impl Iterator for Registers {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        if self.position >= self.count {
            return None;
        }
        let register = match self.first {
            Some(first) => first.checked_add(self.position),
            None => self.listed.get(usize::from(self.position)).copied(),
        };
        self.position += 1;
        register
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::from(self.count - self.position);
        (0, Some(left))
    }
}

/// Keys and absolute targets of a switch.
#[derive(Debug, Clone)]
pub struct SwitchTargets<'a> {
    /// Remaining keys, or the next key of a packed switch.
    keys: SwitchKeys<'a>,
    targets: &'a [u8],
    pc: u32,
}

#[derive(Debug, Clone)]
enum SwitchKeys<'a> {
    Packed(i32),
    Sparse(&'a [u8]),
}

impl<'a> CodeItem<'a> {
    /// The cases of a `packed-switch` or `sparse-switch`, as pairs of key and
    /// target address. `None` when its payload is missing or of another kind.
    pub fn switch_targets(&self, switch: &Instruction<'_>) -> Option<SwitchTargets<'a>> {
        let start = (switch.payload_pc()? as usize).checked_mul(2)?;
        let payload = self.insns.get(start..)?;
        let size = usize::from(u16_in(payload, 2)) * 4;
        let (ident, _) = payload.split_first_chunk()?;
        let (keys, targets) = match u16::from_le_bytes(*ident) {
            0x0100 => (SwitchKeys::Packed(u32_in(payload, 4).cast_signed()), 8),
            0x0200 => (SwitchKeys::Sparse(payload.get(4..4 + size)?), 4 + size),
            _ => return None,
        };
        Some(SwitchTargets {
            keys,
            targets: payload.get(targets..targets + size)?,
            pc: switch.pc,
        })
    }
}

impl Iterator for SwitchTargets<'_> {
    type Item = (i32, u32);

    fn next(&mut self) -> Option<(i32, u32)> {
        let (distance, rest) = self.targets.split_first_chunk()?;
        self.targets = rest;
        let key = match &mut self.keys {
            SwitchKeys::Packed(next) => {
                let key = *next;
                *next = key.wrapping_add(1);
                key
            }
            SwitchKeys::Sparse(keys) => {
                let (key, rest) = keys.split_first_chunk()?;
                *keys = rest;
                i32::from_le_bytes(*key)
            }
        };
        let target = self.pc.checked_add_signed(i32::from_le_bytes(*distance))?;
        Some((key, target))
    }
}
