//! The integer instructions of Dalvik on known operands.
//!
//! Source: AOSP "Dalvik bytecode", the opcodes `7b` to `e2`.

use crate::formats::dex::Opcode;

/// What a binary instruction computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    And,
    Or,
    Xor,
    ShiftLeft,
    ShiftRight,
    ShiftRightUnsigned,
    /// Literal minus register.
    ReverseSubtract,
}

/// In the order of the opcodes of every group.
const OPERATIONS: [Operation; 11] = [
    Operation::Add,
    Operation::Subtract,
    Operation::Multiply,
    Operation::Divide,
    Operation::Remainder,
    Operation::And,
    Operation::Or,
    Operation::Xor,
    Operation::ShiftLeft,
    Operation::ShiftRight,
    Operation::ShiftRightUnsigned,
];

/// The operation of a binary integer instruction and whether it is one on
/// `long`.
fn operation(opcode: Opcode) -> Option<(Operation, bool)> {
    let from = |first: Opcode| OPERATIONS.get(usize::from(opcode.0.checked_sub(first.0)?));
    let literal = |first: Opcode| match opcode.0 - first.0 {
        1 => Some(Operation::ReverseSubtract),
        _ => from(first).copied(),
    };
    let operation = match opcode {
        _ if (Opcode::ADD_INT..=Opcode::USHR_INT).contains(&opcode) => *from(Opcode::ADD_INT)?,
        _ if (Opcode::ADD_LONG..=Opcode::USHR_LONG).contains(&opcode) => {
            return Some((*from(Opcode::ADD_LONG)?, true));
        }
        _ if (Opcode::ADD_INT_2ADDR..=Opcode::USHR_INT_2ADDR).contains(&opcode) => {
            *from(Opcode::ADD_INT_2ADDR)?
        }
        _ if (Opcode::ADD_LONG_2ADDR..=Opcode::USHR_LONG_2ADDR).contains(&opcode) => {
            return Some((*from(Opcode::ADD_LONG_2ADDR)?, true));
        }
        _ if (Opcode::ADD_INT_LIT16..=Opcode::XOR_INT_LIT16).contains(&opcode) => {
            literal(Opcode::ADD_INT_LIT16)?
        }
        _ if (Opcode::ADD_INT_LIT8..=Opcode::USHR_INT_LIT8).contains(&opcode) => {
            literal(Opcode::ADD_INT_LIT8)?
        }
        _ => return None,
    };
    Some((operation, false))
}

/// Whether [`binary`] knows an instruction.
pub(super) fn is_binary(opcode: Opcode) -> bool {
    operation(opcode).is_some()
}

/// The result of a binary instruction; `None` when it is none on integers or
/// divides by zero.
pub(super) fn binary(opcode: Opcode, a: i64, b: i64) -> Option<i64> {
    let (operation, long) = operation(opcode)?;
    match long {
        true => on_longs(operation, a, b),
        false => on_ints(operation, a as i32, b as i32).map(i64::from),
    }
}

fn on_ints(operation: Operation, a: i32, b: i32) -> Option<i32> {
    use Operation::*;
    Some(match operation {
        Add => a.wrapping_add(b),
        Subtract => a.wrapping_sub(b),
        ReverseSubtract => b.wrapping_sub(a),
        Multiply => a.wrapping_mul(b),
        Divide if b == 0 => return None,
        Divide => a.wrapping_div(b),
        Remainder if b == 0 => return None,
        Remainder => a.wrapping_rem(b),
        And => a & b,
        Or => a | b,
        Xor => a ^ b,
        // The runtime uses the low five bits of the distance, as these do.
        ShiftLeft => a.wrapping_shl(b as u32),
        ShiftRight => a.wrapping_shr(b as u32),
        ShiftRightUnsigned => a.cast_unsigned().wrapping_shr(b as u32).cast_signed(),
    })
}

fn on_longs(operation: Operation, a: i64, b: i64) -> Option<i64> {
    use Operation::*;
    Some(match operation {
        Add => a.wrapping_add(b),
        Subtract => a.wrapping_sub(b),
        ReverseSubtract => b.wrapping_sub(a),
        Multiply => a.wrapping_mul(b),
        Divide if b == 0 => return None,
        Divide => a.wrapping_div(b),
        Remainder if b == 0 => return None,
        Remainder => a.wrapping_rem(b),
        And => a & b,
        Or => a | b,
        Xor => a ^ b,
        ShiftLeft => a.wrapping_shl(b as u32),
        ShiftRight => a.wrapping_shr(b as u32),
        ShiftRightUnsigned => a.cast_unsigned().wrapping_shr(b as u32).cast_signed(),
    })
}

/// The result of a unary integer instruction.
pub(super) fn unary(opcode: Opcode, a: i64) -> Option<i64> {
    Some(match opcode {
        Opcode::NEG_INT => (a as i32).wrapping_neg().into(),
        Opcode::NOT_INT => (!(a as i32)).into(),
        Opcode::NEG_LONG => a.wrapping_neg(),
        Opcode::NOT_LONG => !a,
        Opcode::INT_TO_LONG | Opcode::LONG_TO_INT => (a as i32).into(),
        Opcode::INT_TO_BYTE => (a as i8).into(),
        Opcode::INT_TO_CHAR => (a as u16).into(),
        Opcode::INT_TO_SHORT => (a as i16).into(),
        _ => return None,
    })
}

/// Whether an `if-*` jumps; `None` for another instruction.
pub(super) fn jumps(opcode: Opcode, a: i64, b: i64) -> Option<bool> {
    Some(match opcode {
        Opcode::IF_EQ | Opcode::IF_EQZ => a == b,
        Opcode::IF_NE | Opcode::IF_NEZ => a != b,
        Opcode::IF_LT | Opcode::IF_LTZ => a < b,
        Opcode::IF_GE | Opcode::IF_GEZ => a >= b,
        Opcode::IF_GT | Opcode::IF_GTZ => a > b,
        Opcode::IF_LE | Opcode::IF_LEZ => a <= b,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_group_of_opcodes_begins_with_its_own_addition() {
        for opcode in [
            Opcode::ADD_INT,
            Opcode::ADD_LONG,
            Opcode::ADD_INT_2ADDR,
            Opcode::ADD_LONG_2ADDR,
            Opcode::ADD_INT_LIT16,
            Opcode::ADD_INT_LIT8,
        ] {
            assert_eq!(binary(opcode, 40, 2), Some(42), "{}", opcode.name());
        }
        assert_eq!(binary(Opcode::RSUB_INT, 2, 44), Some(42));
        assert_eq!(binary(Opcode::RSUB_INT_LIT8, 2, 44), Some(42));
        assert_eq!(binary(Opcode::XOR_INT_LIT8, 0b1010, 0b0110), Some(0b1100));
        assert_eq!(binary(Opcode::ADD_FLOAT, 1, 1), None);
    }

    #[test]
    fn overflow_division_and_shifts_are_those_of_java() {
        let (least, most) = (i64::from(i32::MIN), i64::from(i32::MAX));
        assert_eq!(binary(Opcode::ADD_INT, most, 1), Some(least));
        assert_eq!(binary(Opcode::DIV_INT, least, -1), Some(least));
        assert_eq!(binary(Opcode::REM_LONG, i64::MIN, -1), Some(0));
        assert_eq!(binary(Opcode::DIV_INT, 1, 0), None);
        assert_eq!(binary(Opcode::SHL_INT, 1, 33), Some(2));
        assert_eq!(binary(Opcode::USHR_INT, -1, 28), Some(15));
        assert_eq!(binary(Opcode::USHR_LONG, -1, 60), Some(15));
    }

    #[test]
    fn narrowing_keeps_the_sign_of_the_type() {
        assert_eq!(unary(Opcode::INT_TO_BYTE, 0x1ff), Some(-1));
        assert_eq!(unary(Opcode::INT_TO_CHAR, -1), Some(0xffff));
        assert_eq!(unary(Opcode::LONG_TO_INT, 1 << 32), Some(0));
    }
}
