//! The opcode table: the single source of every opcode's name, width, operand
//! format, index kind and flow properties.
//!
//! Source of the rows: AOSP "Dalvik bytecode" and "Dalvik executable
//! instruction formats"; the flow properties are those of libdexfile's
//! `dex_instruction_list.h` and dexlib2's `Opcode`. The optimiser's private
//! opcodes (`0xe3`–`0xf9`) never occur in a dex file that is distributed, so
//! they are unknown here like the other gaps.

/// One opcode: the low byte of an instruction's first code unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Opcode(pub u8);

/// The layout of an instruction (AOSP "Dalvik executable instruction
/// formats"): the digit is the width in code units, the letters the operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `op`.
    F10x,
    /// `op vA, vB`.
    F12x,
    /// `op vA, #+B`.
    F11n,
    /// `op vAA`.
    F11x,
    /// `op +AA`.
    F10t,
    /// `op +AAAA`.
    F20t,
    /// `op vAA, vBBBB`.
    F22x,
    /// `op vAA, +BBBB`.
    F21t,
    /// `op vAA, #+BBBB`.
    F21s,
    /// `op vAA, #+BBBB0000`, or with 48 zero bits.
    F21h,
    /// `op vAA, index@BBBB`.
    F21c,
    /// `op vAA, vBB, vCC`.
    F23x,
    /// `op vAA, vBB, #+CC`.
    F22b,
    /// `op vA, vB, +CCCC`.
    F22t,
    /// `op vA, vB, #+CCCC`.
    F22s,
    /// `op vA, vB, index@CCCC`.
    F22c,
    /// `op vAAAA, vBBBB`.
    F32x,
    /// `op +AAAAAAAA`.
    F30t,
    /// `op vAA, +BBBBBBBB`, the distance to a payload.
    F31t,
    /// `op vAA, #+BBBBBBBB`.
    F31i,
    /// `op vAA, string@BBBBBBBB`.
    F31c,
    /// `op {vC, vD, vE, vF, vG}, index@BBBB` with A registers.
    F35c,
    /// `op {vCCCC .. vNNNN}, index@BBBB` with AA registers.
    F3rc,
    /// `F35c` and `proto@HHHH`.
    F45cc,
    /// `F3rc` and `proto@HHHH`.
    F4rcc,
    /// `op vAA, #+BBBBBBBBBBBBBBBB`.
    F51l,
}

impl Format {
    /// Width of the instruction in 16-bit code units.
    pub const fn width(self) -> u8 {
        use Format::*;
        match self {
            F10x | F12x | F11n | F11x | F10t => 1,
            F20t | F22x | F21t | F21s | F21h | F21c | F23x | F22b | F22t | F22s | F22c => 2,
            F32x | F30t | F31t | F31i | F31c | F35c | F3rc => 3,
            F45cc | F4rcc => 4,
            F51l => 5,
        }
    }
}

/// What the index operand of an instruction points into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexKind {
    /// The instruction has no index.
    None,
    /// `string_ids`.
    String,
    /// `type_ids`.
    Type,
    /// `field_ids`.
    Field,
    /// `method_ids`.
    Method,
    /// `proto_ids`.
    Proto,
    /// `call_site_ids`.
    CallSite,
    /// `method_handles`.
    MethodHandle,
}

/// Control may fall through to the next instruction.
pub const CONTINUE: u16 = 1;
/// The instruction may throw.
pub const THROW: u16 = 1 << 1;
/// The first register operand is written.
pub const SETS: u16 = 1 << 2;
/// With [`SETS`]: a register pair is written.
pub const WIDE: u16 = 1 << 3;
/// A result is left for a following `move-result*`.
pub const RESULT: u16 = 1 << 4;
/// Jumps to a target in the instruction itself.
pub const BRANCH: u16 = 1 << 5;
/// Jumps through a payload.
pub const SWITCH: u16 = 1 << 6;
/// Leaves the method.
pub const RETURN: u16 = 1 << 7;
/// Calls a method.
pub const INVOKE: u16 = 1 << 8;

/// One row of the opcode table.
#[derive(Debug, Clone, Copy)]
pub struct OpcodeInfo {
    /// Mnemonic as smali and dexdump print it.
    pub name: &'static str,
    /// Operand layout.
    pub format: Format,
    /// What the index operand points into.
    pub index: IndexKind,
    /// Flow properties: [`CONTINUE`], [`THROW`], ….
    pub flags: u16,
}

macro_rules! opcodes {
    ($($code:literal $constant:ident $name:literal $format:ident $index:ident [$($flag:ident)*];)*) => {
        impl Opcode {
            $(
                #[doc = concat!("`", $name, "`")]
                pub const $constant: Opcode = Opcode($code);
            )*
        }

        const fn build_table() -> [Option<OpcodeInfo>; 256] {
            let mut table = [None; 256];
            $(
                table[$code] = Some(OpcodeInfo {
                    name: $name,
                    format: Format::$format,
                    index: IndexKind::$index,
                    flags: 0 $(| $flag)*,
                });
            )*
            table
        }
    };
}

opcodes! {
    0x00 NOP "nop" F10x None [CONTINUE];
    0x01 MOVE "move" F12x None [CONTINUE SETS];
    0x02 MOVE_FROM16 "move/from16" F22x None [CONTINUE SETS];
    0x03 MOVE_16 "move/16" F32x None [CONTINUE SETS];
    0x04 MOVE_WIDE "move-wide" F12x None [CONTINUE SETS WIDE];
    0x05 MOVE_WIDE_FROM16 "move-wide/from16" F22x None [CONTINUE SETS WIDE];
    0x06 MOVE_WIDE_16 "move-wide/16" F32x None [CONTINUE SETS WIDE];
    0x07 MOVE_OBJECT "move-object" F12x None [CONTINUE SETS];
    0x08 MOVE_OBJECT_FROM16 "move-object/from16" F22x None [CONTINUE SETS];
    0x09 MOVE_OBJECT_16 "move-object/16" F32x None [CONTINUE SETS];
    0x0a MOVE_RESULT "move-result" F11x None [CONTINUE SETS];
    0x0b MOVE_RESULT_WIDE "move-result-wide" F11x None [CONTINUE SETS WIDE];
    0x0c MOVE_RESULT_OBJECT "move-result-object" F11x None [CONTINUE SETS];
    0x0d MOVE_EXCEPTION "move-exception" F11x None [CONTINUE SETS];
    0x0e RETURN_VOID "return-void" F10x None [RETURN];
    0x0f RETURN "return" F11x None [RETURN];
    0x10 RETURN_WIDE "return-wide" F11x None [RETURN];
    0x11 RETURN_OBJECT "return-object" F11x None [RETURN];
    0x12 CONST_4 "const/4" F11n None [CONTINUE SETS];
    0x13 CONST_16 "const/16" F21s None [CONTINUE SETS];
    0x14 CONST "const" F31i None [CONTINUE SETS];
    0x15 CONST_HIGH16 "const/high16" F21h None [CONTINUE SETS];
    0x16 CONST_WIDE_16 "const-wide/16" F21s None [CONTINUE SETS WIDE];
    0x17 CONST_WIDE_32 "const-wide/32" F31i None [CONTINUE SETS WIDE];
    0x18 CONST_WIDE "const-wide" F51l None [CONTINUE SETS WIDE];
    0x19 CONST_WIDE_HIGH16 "const-wide/high16" F21h None [CONTINUE SETS WIDE];
    0x1a CONST_STRING "const-string" F21c String [CONTINUE THROW SETS];
    0x1b CONST_STRING_JUMBO "const-string/jumbo" F31c String [CONTINUE THROW SETS];
    0x1c CONST_CLASS "const-class" F21c Type [CONTINUE THROW SETS];
    0x1d MONITOR_ENTER "monitor-enter" F11x None [CONTINUE THROW];
    0x1e MONITOR_EXIT "monitor-exit" F11x None [CONTINUE THROW];
    0x1f CHECK_CAST "check-cast" F21c Type [CONTINUE THROW SETS];
    0x20 INSTANCE_OF "instance-of" F22c Type [CONTINUE THROW SETS];
    0x21 ARRAY_LENGTH "array-length" F12x None [CONTINUE THROW SETS];
    0x22 NEW_INSTANCE "new-instance" F21c Type [CONTINUE THROW SETS];
    0x23 NEW_ARRAY "new-array" F22c Type [CONTINUE THROW SETS];
    0x24 FILLED_NEW_ARRAY "filled-new-array" F35c Type [CONTINUE THROW RESULT];
    0x25 FILLED_NEW_ARRAY_RANGE "filled-new-array/range" F3rc Type [CONTINUE THROW RESULT];
    0x26 FILL_ARRAY_DATA "fill-array-data" F31t None [CONTINUE THROW];
    0x27 THROW "throw" F11x None [THROW];
    0x28 GOTO "goto" F10t None [BRANCH];
    0x29 GOTO_16 "goto/16" F20t None [BRANCH];
    0x2a GOTO_32 "goto/32" F30t None [BRANCH];
    0x2b PACKED_SWITCH "packed-switch" F31t None [CONTINUE SWITCH];
    0x2c SPARSE_SWITCH "sparse-switch" F31t None [CONTINUE SWITCH];
    0x2d CMPL_FLOAT "cmpl-float" F23x None [CONTINUE SETS];
    0x2e CMPG_FLOAT "cmpg-float" F23x None [CONTINUE SETS];
    0x2f CMPL_DOUBLE "cmpl-double" F23x None [CONTINUE SETS];
    0x30 CMPG_DOUBLE "cmpg-double" F23x None [CONTINUE SETS];
    0x31 CMP_LONG "cmp-long" F23x None [CONTINUE SETS];
    0x32 IF_EQ "if-eq" F22t None [CONTINUE BRANCH];
    0x33 IF_NE "if-ne" F22t None [CONTINUE BRANCH];
    0x34 IF_LT "if-lt" F22t None [CONTINUE BRANCH];
    0x35 IF_GE "if-ge" F22t None [CONTINUE BRANCH];
    0x36 IF_GT "if-gt" F22t None [CONTINUE BRANCH];
    0x37 IF_LE "if-le" F22t None [CONTINUE BRANCH];
    0x38 IF_EQZ "if-eqz" F21t None [CONTINUE BRANCH];
    0x39 IF_NEZ "if-nez" F21t None [CONTINUE BRANCH];
    0x3a IF_LTZ "if-ltz" F21t None [CONTINUE BRANCH];
    0x3b IF_GEZ "if-gez" F21t None [CONTINUE BRANCH];
    0x3c IF_GTZ "if-gtz" F21t None [CONTINUE BRANCH];
    0x3d IF_LEZ "if-lez" F21t None [CONTINUE BRANCH];
    0x44 AGET "aget" F23x None [CONTINUE THROW SETS];
    0x45 AGET_WIDE "aget-wide" F23x None [CONTINUE THROW SETS WIDE];
    0x46 AGET_OBJECT "aget-object" F23x None [CONTINUE THROW SETS];
    0x47 AGET_BOOLEAN "aget-boolean" F23x None [CONTINUE THROW SETS];
    0x48 AGET_BYTE "aget-byte" F23x None [CONTINUE THROW SETS];
    0x49 AGET_CHAR "aget-char" F23x None [CONTINUE THROW SETS];
    0x4a AGET_SHORT "aget-short" F23x None [CONTINUE THROW SETS];
    0x4b APUT "aput" F23x None [CONTINUE THROW];
    0x4c APUT_WIDE "aput-wide" F23x None [CONTINUE THROW];
    0x4d APUT_OBJECT "aput-object" F23x None [CONTINUE THROW];
    0x4e APUT_BOOLEAN "aput-boolean" F23x None [CONTINUE THROW];
    0x4f APUT_BYTE "aput-byte" F23x None [CONTINUE THROW];
    0x50 APUT_CHAR "aput-char" F23x None [CONTINUE THROW];
    0x51 APUT_SHORT "aput-short" F23x None [CONTINUE THROW];
    0x52 IGET "iget" F22c Field [CONTINUE THROW SETS];
    0x53 IGET_WIDE "iget-wide" F22c Field [CONTINUE THROW SETS WIDE];
    0x54 IGET_OBJECT "iget-object" F22c Field [CONTINUE THROW SETS];
    0x55 IGET_BOOLEAN "iget-boolean" F22c Field [CONTINUE THROW SETS];
    0x56 IGET_BYTE "iget-byte" F22c Field [CONTINUE THROW SETS];
    0x57 IGET_CHAR "iget-char" F22c Field [CONTINUE THROW SETS];
    0x58 IGET_SHORT "iget-short" F22c Field [CONTINUE THROW SETS];
    0x59 IPUT "iput" F22c Field [CONTINUE THROW];
    0x5a IPUT_WIDE "iput-wide" F22c Field [CONTINUE THROW];
    0x5b IPUT_OBJECT "iput-object" F22c Field [CONTINUE THROW];
    0x5c IPUT_BOOLEAN "iput-boolean" F22c Field [CONTINUE THROW];
    0x5d IPUT_BYTE "iput-byte" F22c Field [CONTINUE THROW];
    0x5e IPUT_CHAR "iput-char" F22c Field [CONTINUE THROW];
    0x5f IPUT_SHORT "iput-short" F22c Field [CONTINUE THROW];
    0x60 SGET "sget" F21c Field [CONTINUE THROW SETS];
    0x61 SGET_WIDE "sget-wide" F21c Field [CONTINUE THROW SETS WIDE];
    0x62 SGET_OBJECT "sget-object" F21c Field [CONTINUE THROW SETS];
    0x63 SGET_BOOLEAN "sget-boolean" F21c Field [CONTINUE THROW SETS];
    0x64 SGET_BYTE "sget-byte" F21c Field [CONTINUE THROW SETS];
    0x65 SGET_CHAR "sget-char" F21c Field [CONTINUE THROW SETS];
    0x66 SGET_SHORT "sget-short" F21c Field [CONTINUE THROW SETS];
    0x67 SPUT "sput" F21c Field [CONTINUE THROW];
    0x68 SPUT_WIDE "sput-wide" F21c Field [CONTINUE THROW];
    0x69 SPUT_OBJECT "sput-object" F21c Field [CONTINUE THROW];
    0x6a SPUT_BOOLEAN "sput-boolean" F21c Field [CONTINUE THROW];
    0x6b SPUT_BYTE "sput-byte" F21c Field [CONTINUE THROW];
    0x6c SPUT_CHAR "sput-char" F21c Field [CONTINUE THROW];
    0x6d SPUT_SHORT "sput-short" F21c Field [CONTINUE THROW];
    0x6e INVOKE_VIRTUAL "invoke-virtual" F35c Method [CONTINUE THROW INVOKE RESULT];
    0x6f INVOKE_SUPER "invoke-super" F35c Method [CONTINUE THROW INVOKE RESULT];
    0x70 INVOKE_DIRECT "invoke-direct" F35c Method [CONTINUE THROW INVOKE RESULT];
    0x71 INVOKE_STATIC "invoke-static" F35c Method [CONTINUE THROW INVOKE RESULT];
    0x72 INVOKE_INTERFACE "invoke-interface" F35c Method [CONTINUE THROW INVOKE RESULT];
    0x74 INVOKE_VIRTUAL_RANGE "invoke-virtual/range" F3rc Method [CONTINUE THROW INVOKE RESULT];
    0x75 INVOKE_SUPER_RANGE "invoke-super/range" F3rc Method [CONTINUE THROW INVOKE RESULT];
    0x76 INVOKE_DIRECT_RANGE "invoke-direct/range" F3rc Method [CONTINUE THROW INVOKE RESULT];
    0x77 INVOKE_STATIC_RANGE "invoke-static/range" F3rc Method [CONTINUE THROW INVOKE RESULT];
    0x78 INVOKE_INTERFACE_RANGE "invoke-interface/range" F3rc Method [CONTINUE THROW INVOKE RESULT];
    0x7b NEG_INT "neg-int" F12x None [CONTINUE SETS];
    0x7c NOT_INT "not-int" F12x None [CONTINUE SETS];
    0x7d NEG_LONG "neg-long" F12x None [CONTINUE SETS WIDE];
    0x7e NOT_LONG "not-long" F12x None [CONTINUE SETS WIDE];
    0x7f NEG_FLOAT "neg-float" F12x None [CONTINUE SETS];
    0x80 NEG_DOUBLE "neg-double" F12x None [CONTINUE SETS WIDE];
    0x81 INT_TO_LONG "int-to-long" F12x None [CONTINUE SETS WIDE];
    0x82 INT_TO_FLOAT "int-to-float" F12x None [CONTINUE SETS];
    0x83 INT_TO_DOUBLE "int-to-double" F12x None [CONTINUE SETS WIDE];
    0x84 LONG_TO_INT "long-to-int" F12x None [CONTINUE SETS];
    0x85 LONG_TO_FLOAT "long-to-float" F12x None [CONTINUE SETS];
    0x86 LONG_TO_DOUBLE "long-to-double" F12x None [CONTINUE SETS WIDE];
    0x87 FLOAT_TO_INT "float-to-int" F12x None [CONTINUE SETS];
    0x88 FLOAT_TO_LONG "float-to-long" F12x None [CONTINUE SETS WIDE];
    0x89 FLOAT_TO_DOUBLE "float-to-double" F12x None [CONTINUE SETS WIDE];
    0x8a DOUBLE_TO_INT "double-to-int" F12x None [CONTINUE SETS];
    0x8b DOUBLE_TO_LONG "double-to-long" F12x None [CONTINUE SETS WIDE];
    0x8c DOUBLE_TO_FLOAT "double-to-float" F12x None [CONTINUE SETS];
    0x8d INT_TO_BYTE "int-to-byte" F12x None [CONTINUE SETS];
    0x8e INT_TO_CHAR "int-to-char" F12x None [CONTINUE SETS];
    0x8f INT_TO_SHORT "int-to-short" F12x None [CONTINUE SETS];
    0x90 ADD_INT "add-int" F23x None [CONTINUE SETS];
    0x91 SUB_INT "sub-int" F23x None [CONTINUE SETS];
    0x92 MUL_INT "mul-int" F23x None [CONTINUE SETS];
    0x93 DIV_INT "div-int" F23x None [CONTINUE THROW SETS];
    0x94 REM_INT "rem-int" F23x None [CONTINUE THROW SETS];
    0x95 AND_INT "and-int" F23x None [CONTINUE SETS];
    0x96 OR_INT "or-int" F23x None [CONTINUE SETS];
    0x97 XOR_INT "xor-int" F23x None [CONTINUE SETS];
    0x98 SHL_INT "shl-int" F23x None [CONTINUE SETS];
    0x99 SHR_INT "shr-int" F23x None [CONTINUE SETS];
    0x9a USHR_INT "ushr-int" F23x None [CONTINUE SETS];
    0x9b ADD_LONG "add-long" F23x None [CONTINUE SETS WIDE];
    0x9c SUB_LONG "sub-long" F23x None [CONTINUE SETS WIDE];
    0x9d MUL_LONG "mul-long" F23x None [CONTINUE SETS WIDE];
    0x9e DIV_LONG "div-long" F23x None [CONTINUE THROW SETS WIDE];
    0x9f REM_LONG "rem-long" F23x None [CONTINUE THROW SETS WIDE];
    0xa0 AND_LONG "and-long" F23x None [CONTINUE SETS WIDE];
    0xa1 OR_LONG "or-long" F23x None [CONTINUE SETS WIDE];
    0xa2 XOR_LONG "xor-long" F23x None [CONTINUE SETS WIDE];
    0xa3 SHL_LONG "shl-long" F23x None [CONTINUE SETS WIDE];
    0xa4 SHR_LONG "shr-long" F23x None [CONTINUE SETS WIDE];
    0xa5 USHR_LONG "ushr-long" F23x None [CONTINUE SETS WIDE];
    0xa6 ADD_FLOAT "add-float" F23x None [CONTINUE SETS];
    0xa7 SUB_FLOAT "sub-float" F23x None [CONTINUE SETS];
    0xa8 MUL_FLOAT "mul-float" F23x None [CONTINUE SETS];
    0xa9 DIV_FLOAT "div-float" F23x None [CONTINUE SETS];
    0xaa REM_FLOAT "rem-float" F23x None [CONTINUE SETS];
    0xab ADD_DOUBLE "add-double" F23x None [CONTINUE SETS WIDE];
    0xac SUB_DOUBLE "sub-double" F23x None [CONTINUE SETS WIDE];
    0xad MUL_DOUBLE "mul-double" F23x None [CONTINUE SETS WIDE];
    0xae DIV_DOUBLE "div-double" F23x None [CONTINUE SETS WIDE];
    0xaf REM_DOUBLE "rem-double" F23x None [CONTINUE SETS WIDE];
    0xb0 ADD_INT_2ADDR "add-int/2addr" F12x None [CONTINUE SETS];
    0xb1 SUB_INT_2ADDR "sub-int/2addr" F12x None [CONTINUE SETS];
    0xb2 MUL_INT_2ADDR "mul-int/2addr" F12x None [CONTINUE SETS];
    0xb3 DIV_INT_2ADDR "div-int/2addr" F12x None [CONTINUE THROW SETS];
    0xb4 REM_INT_2ADDR "rem-int/2addr" F12x None [CONTINUE THROW SETS];
    0xb5 AND_INT_2ADDR "and-int/2addr" F12x None [CONTINUE SETS];
    0xb6 OR_INT_2ADDR "or-int/2addr" F12x None [CONTINUE SETS];
    0xb7 XOR_INT_2ADDR "xor-int/2addr" F12x None [CONTINUE SETS];
    0xb8 SHL_INT_2ADDR "shl-int/2addr" F12x None [CONTINUE SETS];
    0xb9 SHR_INT_2ADDR "shr-int/2addr" F12x None [CONTINUE SETS];
    0xba USHR_INT_2ADDR "ushr-int/2addr" F12x None [CONTINUE SETS];
    0xbb ADD_LONG_2ADDR "add-long/2addr" F12x None [CONTINUE SETS WIDE];
    0xbc SUB_LONG_2ADDR "sub-long/2addr" F12x None [CONTINUE SETS WIDE];
    0xbd MUL_LONG_2ADDR "mul-long/2addr" F12x None [CONTINUE SETS WIDE];
    0xbe DIV_LONG_2ADDR "div-long/2addr" F12x None [CONTINUE THROW SETS WIDE];
    0xbf REM_LONG_2ADDR "rem-long/2addr" F12x None [CONTINUE THROW SETS WIDE];
    0xc0 AND_LONG_2ADDR "and-long/2addr" F12x None [CONTINUE SETS WIDE];
    0xc1 OR_LONG_2ADDR "or-long/2addr" F12x None [CONTINUE SETS WIDE];
    0xc2 XOR_LONG_2ADDR "xor-long/2addr" F12x None [CONTINUE SETS WIDE];
    0xc3 SHL_LONG_2ADDR "shl-long/2addr" F12x None [CONTINUE SETS WIDE];
    0xc4 SHR_LONG_2ADDR "shr-long/2addr" F12x None [CONTINUE SETS WIDE];
    0xc5 USHR_LONG_2ADDR "ushr-long/2addr" F12x None [CONTINUE SETS WIDE];
    0xc6 ADD_FLOAT_2ADDR "add-float/2addr" F12x None [CONTINUE SETS];
    0xc7 SUB_FLOAT_2ADDR "sub-float/2addr" F12x None [CONTINUE SETS];
    0xc8 MUL_FLOAT_2ADDR "mul-float/2addr" F12x None [CONTINUE SETS];
    0xc9 DIV_FLOAT_2ADDR "div-float/2addr" F12x None [CONTINUE SETS];
    0xca REM_FLOAT_2ADDR "rem-float/2addr" F12x None [CONTINUE SETS];
    0xcb ADD_DOUBLE_2ADDR "add-double/2addr" F12x None [CONTINUE SETS WIDE];
    0xcc SUB_DOUBLE_2ADDR "sub-double/2addr" F12x None [CONTINUE SETS WIDE];
    0xcd MUL_DOUBLE_2ADDR "mul-double/2addr" F12x None [CONTINUE SETS WIDE];
    0xce DIV_DOUBLE_2ADDR "div-double/2addr" F12x None [CONTINUE SETS WIDE];
    0xcf REM_DOUBLE_2ADDR "rem-double/2addr" F12x None [CONTINUE SETS WIDE];
    0xd0 ADD_INT_LIT16 "add-int/lit16" F22s None [CONTINUE SETS];
    0xd1 RSUB_INT "rsub-int" F22s None [CONTINUE SETS];
    0xd2 MUL_INT_LIT16 "mul-int/lit16" F22s None [CONTINUE SETS];
    0xd3 DIV_INT_LIT16 "div-int/lit16" F22s None [CONTINUE THROW SETS];
    0xd4 REM_INT_LIT16 "rem-int/lit16" F22s None [CONTINUE THROW SETS];
    0xd5 AND_INT_LIT16 "and-int/lit16" F22s None [CONTINUE SETS];
    0xd6 OR_INT_LIT16 "or-int/lit16" F22s None [CONTINUE SETS];
    0xd7 XOR_INT_LIT16 "xor-int/lit16" F22s None [CONTINUE SETS];
    0xd8 ADD_INT_LIT8 "add-int/lit8" F22b None [CONTINUE SETS];
    0xd9 RSUB_INT_LIT8 "rsub-int/lit8" F22b None [CONTINUE SETS];
    0xda MUL_INT_LIT8 "mul-int/lit8" F22b None [CONTINUE SETS];
    0xdb DIV_INT_LIT8 "div-int/lit8" F22b None [CONTINUE THROW SETS];
    0xdc REM_INT_LIT8 "rem-int/lit8" F22b None [CONTINUE THROW SETS];
    0xdd AND_INT_LIT8 "and-int/lit8" F22b None [CONTINUE SETS];
    0xde OR_INT_LIT8 "or-int/lit8" F22b None [CONTINUE SETS];
    0xdf XOR_INT_LIT8 "xor-int/lit8" F22b None [CONTINUE SETS];
    0xe0 SHL_INT_LIT8 "shl-int/lit8" F22b None [CONTINUE SETS];
    0xe1 SHR_INT_LIT8 "shr-int/lit8" F22b None [CONTINUE SETS];
    0xe2 USHR_INT_LIT8 "ushr-int/lit8" F22b None [CONTINUE SETS];
    0xfa INVOKE_POLYMORPHIC "invoke-polymorphic" F45cc Method [CONTINUE THROW INVOKE RESULT];
    0xfb INVOKE_POLYMORPHIC_RANGE "invoke-polymorphic/range" F4rcc Method [CONTINUE THROW INVOKE RESULT];
    0xfc INVOKE_CUSTOM "invoke-custom" F35c CallSite [CONTINUE THROW INVOKE RESULT];
    0xfd INVOKE_CUSTOM_RANGE "invoke-custom/range" F3rc CallSite [CONTINUE THROW INVOKE RESULT];
    0xfe CONST_METHOD_HANDLE "const-method-handle" F21c MethodHandle [CONTINUE THROW SETS];
    0xff CONST_METHOD_TYPE "const-method-type" F21c Proto [CONTINUE THROW SETS];
}

static TABLE: [Option<OpcodeInfo>; 256] = build_table();

/// Widths alone, so that a linear walk touches four cache lines of table.
static WIDTHS: [u8; 256] = {
    let table = build_table();
    let mut widths = [0; 256];
    let mut code = 0;
    while code < 256 {
        if let Some(info) = &table[code] {
            widths[code] = info.format.width();
        }
        code += 1;
    }
    widths
};

/// Kinds of index operands alone, for the same reason.
static INDEX_KINDS: [IndexKind; 256] = {
    let table = build_table();
    let mut kinds = [IndexKind::None; 256];
    let mut code = 0;
    while code < 256 {
        if let Some(info) = &table[code] {
            kinds[code] = info.index;
        }
        code += 1;
    }
    kinds
};

impl Opcode {
    /// The opcode's row, or `None` for a code that no dex version defines.
    pub fn info(self) -> Option<&'static OpcodeInfo> {
        TABLE[usize::from(self.0)].as_ref()
    }

    /// Width in code units; 0 for an unknown opcode.
    #[inline]
    pub fn width(self) -> u8 {
        WIDTHS[usize::from(self.0)]
    }

    /// Mnemonic; `unknown` for an unknown opcode.
    pub fn name(self) -> &'static str {
        self.info().map_or("unknown", |info| info.name)
    }

    /// What the index operand points into.
    #[inline]
    pub fn index_kind(self) -> IndexKind {
        INDEX_KINDS[usize::from(self.0)]
    }

    #[inline]
    fn has(self, flags: u16) -> bool {
        self.info().is_some_and(|info| info.flags & flags == flags)
    }

    /// Whether control may fall through to the next instruction.
    pub fn can_continue(self) -> bool {
        self.has(CONTINUE)
    }

    /// Whether the instruction may throw.
    pub fn can_throw(self) -> bool {
        self.has(THROW)
    }

    /// Whether the first register operand is written.
    pub fn sets_register(self) -> bool {
        self.has(SETS)
    }

    /// Whether a register pair is written.
    pub fn sets_wide_register(self) -> bool {
        self.has(SETS | WIDE)
    }

    /// Whether a result is left for a following `move-result*`.
    pub fn sets_result(self) -> bool {
        self.has(RESULT)
    }

    /// Whether the instruction is a `goto` or an `if-*`.
    pub fn is_branch(self) -> bool {
        self.has(BRANCH)
    }

    /// Whether the instruction is a `packed-switch` or `sparse-switch`.
    pub fn is_switch(self) -> bool {
        self.has(SWITCH)
    }

    /// Whether the instruction is a `return*`.
    pub fn is_return(self) -> bool {
        self.has(RETURN)
    }

    /// Whether the instruction is an `invoke-*`.
    #[inline]
    pub fn is_invoke(self) -> bool {
        self.has(INVOKE)
    }

    /// Whether the instruction is an `invoke-static` or its range form.
    pub fn is_invoke_static(self) -> bool {
        self == Self::INVOKE_STATIC || self == Self::INVOKE_STATIC_RANGE
    }

    /// Whether the instruction reads a field (`iget*`, `sget*`).
    pub fn is_field_get(self) -> bool {
        (Self::IGET..=Self::IGET_SHORT).contains(&self)
            || (Self::SGET..=Self::SGET_SHORT).contains(&self)
    }

    /// Whether the instruction writes a field (`iput*`, `sput*`).
    pub fn is_field_put(self) -> bool {
        (Self::IPUT..=Self::IPUT_SHORT).contains(&self)
            || (Self::SPUT..=Self::SPUT_SHORT).contains(&self)
    }

    /// Whether the instruction loads a string constant.
    #[inline]
    pub fn is_const_string(self) -> bool {
        self == Self::CONST_STRING || self == Self::CONST_STRING_JUMBO
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gaps_of_the_specification_are_unknown() {
        let unknown: Vec<u8> = (0..=255)
            .filter(|&code| Opcode(code).width() == 0)
            .collect();
        let expected: Vec<u8> = (0x3e..=0x43)
            .chain([0x73, 0x79, 0x7a])
            .chain(0xe3..=0xf9)
            .collect();
        assert_eq!(unknown, expected);
    }

    #[test]
    fn flow_properties_follow_from_the_kind_of_instruction() {
        for code in 0..=255 {
            let opcode = Opcode(code);
            let name = opcode.name();
            assert_eq!(opcode.is_invoke(), name.starts_with("invoke-"), "{name}");
            assert_eq!(opcode.is_return(), name.starts_with("return"), "{name}");
            let branches = name.starts_with("goto") || name.starts_with("if-");
            assert_eq!(opcode.is_branch(), branches, "{name}");
            let ends = name.starts_with("return")
                || name.starts_with("goto")
                || ["throw", "unknown"].contains(&name);
            assert_eq!(opcode.can_continue(), !ends, "{name}");
        }
    }

    #[test]
    fn rows_at_the_corners_of_the_table() {
        assert_eq!(Opcode::USHR_INT_LIT8.0, 0xe2);
        assert_eq!(Opcode::CONST_METHOD_TYPE.index_kind(), IndexKind::Proto);
        assert_eq!(Opcode::INVOKE_POLYMORPHIC.width(), 4);
        assert_eq!(Opcode::CONST_WIDE.width(), 5);
        assert!(Opcode::SGET_WIDE.sets_wide_register() && Opcode::SGET_WIDE.is_field_get());
        assert!(!Opcode::APUT.sets_register() && Opcode::IPUT_SHORT.is_field_put());
    }
}
