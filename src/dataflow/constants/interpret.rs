//! Runs methods of the app that compute a text or a number from constants, with
//! a budget and without anything outside: no I/O, no platform but the pure
//! functions of `library`, no objects of the app.
//!
//! Static fields are read when they are final, or private and written by the
//! initialiser of their class only; the initialiser runs in the same way.

use std::collections::{HashMap, HashSet};

use super::super::program::{ClassId, MethodId, Program, flags};
use super::callee::{Callee, Callees};
use super::heap::{Datum, GiveUp, Heap, Known, Object, Outcome};
use super::{arithmetic, library};
use crate::formats::dex::{
    CodeItem, EncodedValue, IndexKind, Instruction, Opcode, WalkBudget, mutf8,
};
use crate::formats::limits::{
    MAX_APP_STEPS, MAX_CALL_DEPTH, MAX_FLOW_STEPS, MAX_INITIALISERS, MAX_REMEMBERED,
};

/// A static field: its class and name.
type FieldKey = (ClassId, String);

/// The interpreter of one app.
#[derive(Debug)]
pub(super) struct Interpreter<'p, 'a> {
    program: &'p Program<'a>,
    pub callees: Callees,
    pub heap: Heap,
    statics: HashMap<FieldKey, Datum>,
    /// Classes whose initialiser ran, or failed.
    initialised: HashMap<ClassId, bool>,
    /// Static fields as the dex file defines them.
    defined: HashMap<FieldKey, Defined>,
    /// Classes whose static fields were read.
    read: HashSet<ClassId>,
    constancy: HashMap<FieldKey, Constancy>,
    written: HashMap<ClassId, Written>,
    memo: HashMap<(MethodId, Vec<Known>), Option<Known>>,
    /// Size of what `memo` holds.
    remembered: usize,
    left: u64,
    /// Bytes of code that may still be looked through for writes.
    unscanned: u64,
    /// The class whose initialiser has to run first.
    needed: Option<ClassId>,
    running: Option<ClassId>,
    given_up: usize,
}

/// A static field as the dex file defines it.
#[derive(Debug, Clone, Copy)]
struct Defined {
    /// Index of the field.
    index: u32,
    /// `ACC_*` flags.
    flags: u32,
}

/// The static fields that the code of a class writes, by their index.
#[derive(Debug, Default)]
struct Written {
    /// Not all of the code was looked at.
    is_open: bool,
    by_initialiser: HashSet<u32>,
    by_others: HashSet<u32>,
}

/// What a static field holds once its class is initialised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Constancy {
    /// What nobody knows: other code writes it.
    Changes,
    /// What the dex file gives it: no code writes it.
    Encoded,
    /// What the initialiser of its class gives it.
    Initialised,
}

/// What a step leads to.
enum Next {
    Step,
    Jump(u32),
    Return(Datum),
}

/// One running method.
struct Frame<'a> {
    code: CodeItem<'a>,
    method: MethodId,
    registers: Vec<Datum>,
    result: Datum,
    depth: usize,
}

impl<'p, 'a> Interpreter<'p, 'a> {
    pub fn new(program: &'p Program<'a>) -> Self {
        Self {
            program,
            callees: Callees::default(),
            heap: Heap::default(),
            statics: HashMap::new(),
            initialised: HashMap::new(),
            defined: HashMap::new(),
            read: HashSet::new(),
            constancy: HashMap::new(),
            written: HashMap::new(),
            memo: HashMap::new(),
            remembered: 0,
            left: MAX_APP_STEPS,
            unscanned: MAX_FLOW_STEPS,
            needed: None,
            running: None,
            given_up: 0,
        }
    }

    /// Calls given up because of a budget.
    pub fn given_up(&self) -> usize {
        self.given_up + usize::from(self.unscanned == 0)
    }

    /// What a method returns for these arguments; `None` when that needs more
    /// than is modelled.
    pub fn call(&mut self, method: MethodId, arguments: &[Known]) -> Option<Known> {
        let key = (method, arguments.to_vec());
        if let Some(known) = self.memo.get(&key) {
            return known.clone();
        }
        let result = self.settled(method, arguments);
        self.heap.forget();
        let size: usize = arguments.iter().chain(&result).map(Known::size).sum();
        if self.remembered + size < MAX_REMEMBERED {
            self.remembered += size;
            self.memo.insert(key, result.clone());
        }
        result
    }

    /// What a pure function of the platform returns; of a constructor of
    /// `String` the text that its object becomes.
    pub fn apply(&mut self, callee: &Callee, arguments: &[Known]) -> Option<Known> {
        let function = callee.function?;
        self.heap.begin(self.left);
        let before = self.heap.steps();
        let result = self.applied(function, callee.name == "<init>", arguments);
        self.left = self.left.saturating_sub(before - self.heap.steps());
        self.heap.forget();
        result.ok()
    }

    fn applied(
        &mut self,
        function: library::Function,
        constructs: bool,
        arguments: &[Known],
    ) -> Outcome<Known> {
        let mut data = Vec::with_capacity(arguments.len() + 1);
        if constructs {
            data.push(self.heap.allocate(Object::New)?);
        }
        for argument in arguments {
            data.push(self.heap.datum(argument)?);
        }
        let result = function(&mut self.heap, &data)?;
        let result = match (constructs, data.into_iter().next()) {
            (true, Some(object)) => object,
            _ => result,
        };
        self.heap.known(&result)
    }

    /// Runs a method, and first the initialisers that it turns out to need.
    fn settled(&mut self, method: MethodId, arguments: &[Known]) -> Option<Known> {
        for _ in 0..MAX_INITIALISERS {
            if self.left == 0 {
                self.given_up += 1;
                return None;
            }
            self.heap.begin(self.left);
            let before = self.heap.steps();
            let result = self.attempt(method, arguments);
            self.left = self.left.saturating_sub(before - self.heap.steps());
            match (result, self.needed.take()) {
                (Ok(known), _) => return Some(known),
                (Err(GiveUp), Some(class)) => {
                    self.heap.forget();
                    self.initialise(class);
                }
                (Err(GiveUp), None) => {
                    self.given_up += usize::from(self.heap.steps() == 0);
                    return None;
                }
            }
        }
        None
    }

    fn attempt(&mut self, method: MethodId, arguments: &[Known]) -> Outcome<Known> {
        let arguments: Outcome<Vec<Datum>> = arguments
            .iter()
            .map(|known| self.heap.datum(known))
            .collect();
        let result = self.run(method, &arguments?, 0)?;
        self.heap.known(&result)
    }

    /// Runs the initialiser of a class once.
    fn initialise(&mut self, class: ClassId) {
        if self.initialised.contains_key(&class) {
            return;
        }
        // One that needs itself finds it failed.
        self.initialised.insert(class, false);
        self.read_encoded(class);
        let initialiser = self.program.find_method(class, "<clinit>", "()V");
        let done = match initialiser {
            None => true,
            Some(method) => {
                let outer = self.running.replace(class);
                let done = self.settled(method, &[]).is_some();
                self.running = outer;
                done
            }
        };
        self.heap.freeze();
        self.initialised.insert(class, done);
    }

    /// The values that the dex file gives static fields.
    fn read_encoded(&mut self, id: ClassId) {
        if !self.read.insert(id) {
            return;
        }
        let class = self.program.class(id);
        let unit = &self.program.units()[class.unit as usize];
        let Some(definition) = unit.dex.class_def(class.definition) else {
            return;
        };
        let mut budget = WalkBudget::new(&unit.dex);
        let Ok(members) = budget.class_data(&unit.dex, &definition) else {
            return;
        };
        let values = budget.static_values(&unit.dex, &definition);
        let mut values = values.into_iter().flatten();
        for field in members.static_fields() {
            let value = values.next();
            let Some(name) = unit
                .dex
                .field(field.index)
                .and_then(|f| unit.dex.string(f.name))
            else {
                continue;
            };
            let datum = match value {
                None | Some(EncodedValue::Null) => Datum::Int(0),
                Some(EncodedValue::String(index)) => match unit.dex.string_bytes(index) {
                    Some(bytes) => Datum::Text(mutf8::units(bytes).into()),
                    None => Datum::Opaque,
                },
                Some(value) => integer(value).map_or(Datum::Opaque, Datum::Int),
            };
            let key = (id, name.into_owned());
            let defined = Defined {
                index: field.index,
                flags: field.access_flags,
            };
            self.defined.insert(key.clone(), defined);
            self.statics.insert(key, datum);
        }
    }

    /// What a static field holds once its class is initialised: final, or
    /// private and written by the initialiser only, or by nobody.
    fn constancy(&mut self, key: &FieldKey) -> Constancy {
        if let Some(&known) = self.constancy.get(key) {
            return known;
        }
        self.read_encoded(key.0);
        let found = match self.defined.get(key) {
            None => Constancy::Changes,
            Some(&Defined { index, flags }) => {
                let is_final = flags & flags::FINAL != 0;
                let is_private = flags & flags::PRIVATE != 0;
                let written = self.written(key.0);
                if written.is_open
                    || !is_final && (!is_private || written.by_others.contains(&index))
                {
                    Constancy::Changes
                } else if written.by_initialiser.contains(&index) {
                    Constancy::Initialised
                } else {
                    Constancy::Encoded
                }
            }
        };
        self.constancy.insert(key.clone(), found);
        found
    }

    /// The static fields that the code of a class writes.
    fn written(&mut self, class: ClassId) -> &Written {
        let program = self.program;
        let unscanned = &mut self.unscanned;
        self.written.entry(class).or_insert_with(|| {
            let mut written = Written::default();
            for method in program.methods_of(class) {
                let Some(code) = program.code(method) else {
                    continue;
                };
                // Methods may share their code: its bytes are paid for.
                *unscanned = unscanned.saturating_sub(code.insns.len() as u64);
                if *unscanned == 0 {
                    written.is_open = true;
                    break;
                }
                let fields = match program.name_bytes(program.method(method).selector) {
                    b"<clinit>" => &mut written.by_initialiser,
                    _ => &mut written.by_others,
                };
                let writes = code.instructions().filter(|instruction| {
                    instruction.opcode >= Opcode::SPUT
                        && instruction.index_kind() == IndexKind::Field
                });
                fields.extend(writes.filter_map(|instruction| instruction.index()));
            }
            written
        })
    }

    /// Where the initialiser of a class writes a static field that nobody else
    /// writes.
    pub fn initialising_writes(&mut self, class: ClassId, name: &str) -> Option<Vec<u32>> {
        let key = (class, name.to_owned());
        if self.constancy(&key) != Constancy::Initialised {
            return None;
        }
        let field = self.defined.get(&key)?.index;
        let initialiser = self.program.find_method(class, "<clinit>", "()V")?;
        let code = self.program.code(initialiser)?;
        let writes = code.instructions().filter(|instruction| {
            instruction.opcode >= Opcode::SPUT
                && instruction.index_kind() == IndexKind::Field
                && instruction.index() == Some(field)
        });
        Some(writes.map(|instruction| instruction.pc).collect())
    }

    /// The value of a static field of the app that never changes; `None` when
    /// that is not known.
    pub fn static_value(&mut self, class: ClassId, name: &str) -> Option<Known> {
        let key = (class, name.to_owned());
        match self.constancy(&key) {
            Constancy::Changes => return None,
            Constancy::Encoded => {}
            Constancy::Initialised => {
                self.initialise(class);
                self.needed = None;
                if !self.initialised.get(&class).copied().unwrap_or(false) {
                    return None;
                }
            }
        }
        self.heap.known(self.statics.get(&key)?).ok()
    }

    fn run(&mut self, method: MethodId, arguments: &[Datum], depth: usize) -> Outcome<Datum> {
        if depth > MAX_CALL_DEPTH {
            return Err(GiveUp);
        }
        let code = self.program.code(method).ok_or(GiveUp)?;
        let mut registers = vec![Datum::Opaque; usize::from(code.registers)];
        let first = code.registers.checked_sub(code.ins).ok_or(GiveUp)?;
        let what = self.program.method(method);
        let wide = self.wide_parameters(method);
        let is_static = what.flags & flags::STATIC != 0;
        let mut at = usize::from(first);
        for (number, argument) in arguments.iter().enumerate() {
            *registers.get_mut(at).ok_or(GiveUp)? = argument.clone();
            let parameter = if is_static {
                Some(number)
            } else {
                number.checked_sub(1)
            };
            let is_wide = parameter
                .and_then(|p| wide.get(p))
                .copied()
                .unwrap_or(false);
            at += 1 + usize::from(is_wide);
        }
        self.heap.spend(registers.len())?;
        let mut frame = Frame {
            code,
            method,
            registers,
            result: Datum::Opaque,
            depth,
        };
        let mut pc = 0;
        loop {
            self.heap.spend(1)?;
            let instruction = frame.code.instruction_at(pc).ok_or(GiveUp)?;
            match self.step(&mut frame, &instruction)? {
                Next::Step => pc = instruction.next_pc(),
                Next::Jump(target) => pc = target,
                Next::Return(datum) => return Ok(datum),
            }
        }
    }

    fn wide_parameters(&self, method: MethodId) -> Vec<bool> {
        let selector = self.program.method(method).selector;
        let types = self.program.signature(selector).skip(1);
        types
            .map(|type_| matches!(self.program.descriptor_bytes(type_), b"J" | b"D"))
            .collect()
    }

    fn step(&mut self, frame: &mut Frame<'_>, instruction: &Instruction<'_>) -> Outcome<Next> {
        let opcode = instruction.opcode;
        let operands = instruction.operands();
        let held = |frame: &Frame<'_>, register: u16| {
            let held = frame.registers.get(usize::from(register));
            held.cloned().ok_or(GiveUp)
        };
        let read = |frame: &Frame<'_>, number: usize| {
            let register = operands.get(number).copied();
            held(frame, register.ok_or(GiveUp)?)
        };
        let value = match opcode {
            Opcode::NOP | Opcode::CHECK_CAST | Opcode::MONITOR_ENTER | Opcode::MONITOR_EXIT => {
                return Ok(Next::Step);
            }
            Opcode::RETURN_VOID => return Ok(Next::Return(Datum::Int(0))),
            Opcode::RETURN | Opcode::RETURN_WIDE | Opcode::RETURN_OBJECT => {
                return Ok(Next::Return(read(frame, 0)?));
            }
            Opcode::GOTO | Opcode::GOTO_16 | Opcode::GOTO_32 => {
                return Ok(Next::Jump(instruction.branch_target().ok_or(GiveUp)?));
            }
            Opcode::PACKED_SWITCH | Opcode::SPARSE_SWITCH => {
                let key = read(frame, 0)?.int()?;
                let mut cases = frame.code.switch_targets(instruction).ok_or(GiveUp)?;
                let found = cases.find(|case| i64::from(case.0) == key);
                return Ok(found.map_or(Next::Step, |case| Next::Jump(case.1)));
            }
            _ if opcode.is_branch() => {
                return self.branch(frame, instruction, &operands);
            }
            _ if opcode.is_invoke() => {
                frame.result = self.invoke(frame, instruction)?;
                return Ok(Next::Step);
            }
            Opcode::FILLED_NEW_ARRAY | Opcode::FILLED_NEW_ARRAY_RANGE => {
                let elements: Outcome<Vec<Datum>> = instruction
                    .registers()
                    .map(|register| held(frame, register))
                    .collect();
                let array = Object::Array(b'L', elements?);
                frame.result = self.heap.allocate(array)?;
                return Ok(Next::Step);
            }
            Opcode::FILL_ARRAY_DATA => {
                let array = read(frame, 0)?;
                self.fill(frame, instruction, &array)?;
                return Ok(Next::Step);
            }
            _ if (Opcode::APUT..=Opcode::APUT_SHORT).contains(&opcode) => {
                let (value, array, index) = (read(frame, 0)?, read(frame, 1)?, read(frame, 2)?);
                let elements = self.heap.array_mut(&array)?;
                *elements.get_mut(index.index()?).ok_or(GiveUp)? = value;
                return Ok(Next::Step);
            }
            _ if (Opcode::SPUT..=Opcode::SPUT_SHORT).contains(&opcode) => {
                let value = read(frame, 0)?;
                self.put_static(frame, instruction, value)?;
                return Ok(Next::Step);
            }
            Opcode::MOVE_RESULT | Opcode::MOVE_RESULT_WIDE | Opcode::MOVE_RESULT_OBJECT => self
                .heap
                .settled(std::mem::replace(&mut frame.result, Datum::Opaque)),
            Opcode::CONST_STRING | Opcode::CONST_STRING_JUMBO => {
                self.text(frame, instruction.index().ok_or(GiveUp)?)?
            }
            Opcode::CONST_CLASS => Datum::Opaque,
            Opcode::NEW_INSTANCE => self.new_instance(frame, instruction)?,
            Opcode::NEW_ARRAY => {
                let kind = self.element(frame, instruction)?;
                let length = read(frame, 1)?.int()?;
                self.heap.new_array(kind, length)?
            }
            Opcode::ARRAY_LENGTH => {
                let array = read(frame, 1)?;
                Datum::Int(self.heap.array(&array)?.1.len() as i64)
            }
            _ if (Opcode::AGET..=Opcode::AGET_SHORT).contains(&opcode) => {
                let (array, index) = (read(frame, 1)?, read(frame, 2)?);
                let (_, elements) = self.heap.array(&array)?;
                elements.get(index.index()?).cloned().ok_or(GiveUp)?
            }
            _ if (Opcode::SGET..=Opcode::SGET_SHORT).contains(&opcode) => {
                self.get_static(frame, instruction)?
            }
            _ if instruction.literal().is_some() && operands.len() < 2 => {
                Datum::Int(instruction.literal().ok_or(GiveUp)?)
            }
            _ if (Opcode::MOVE..=Opcode::MOVE_OBJECT_16).contains(&opcode) => {
                let moved = read(frame, 1)?;
                self.heap.settled(moved)
            }
            _ if arithmetic::is_binary(opcode) => {
                Datum::Int(self.computed(frame, instruction, &operands)?)
            }
            _ => {
                let operand = read(frame, 1)?.int()?;
                Datum::Int(arithmetic::unary(opcode, operand).ok_or(GiveUp)?)
            }
        };
        let target = operands.first().copied().ok_or(GiveUp)?;
        *frame.registers.get_mut(usize::from(target)).ok_or(GiveUp)? = value;
        Ok(Next::Step)
    }

    fn branch(
        &self,
        frame: &Frame<'_>,
        instruction: &Instruction<'_>,
        operands: &[u16],
    ) -> Outcome<Next> {
        let number = |at: usize| match operands.get(at) {
            None => Ok(0),
            Some(&register) => match frame.registers.get(usize::from(register)) {
                Some(Datum::Int(number)) => Ok(*number),
                // A reference is compared with null only.
                Some(Datum::Text(_) | Datum::Object(_)) if operands.len() == 1 => Ok(1),
                _ => Err(GiveUp),
            },
        };
        let jumps = arithmetic::jumps(instruction.opcode, number(0)?, number(1)?).ok_or(GiveUp)?;
        Ok(match jumps {
            true => Next::Jump(instruction.branch_target().ok_or(GiveUp)?),
            false => Next::Step,
        })
    }

    fn computed(
        &self,
        frame: &Frame<'_>,
        instruction: &Instruction<'_>,
        operands: &[u16],
    ) -> Outcome<i64> {
        let number = |at: usize| {
            let register = operands.get(at).copied().ok_or(GiveUp)?;
            frame
                .registers
                .get(usize::from(register))
                .ok_or(GiveUp)?
                .int()
        };
        let (a, b) = match (instruction.literal(), operands.len()) {
            (Some(literal), _) => (number(1)?, literal),
            // `op/2addr vA, vB`: vA is an operand too.
            (None, 2) => (number(0)?, number(1)?),
            _ => (number(1)?, number(2)?),
        };
        arithmetic::binary(instruction.opcode, a, b).ok_or(GiveUp)
    }

    fn text(&mut self, frame: &Frame<'_>, index: u32) -> Outcome<Datum> {
        let unit = self.program.unit_of(frame.method);
        let bytes = unit.dex.string_bytes(index).ok_or(GiveUp)?;
        self.heap.spend(bytes.len() / 8)?;
        Ok(Datum::Text(mutf8::units(bytes).into()))
    }

    fn descriptor(&self, frame: &Frame<'_>, instruction: &Instruction<'_>) -> Outcome<&'p [u8]> {
        let types = &self.program.unit_of(frame.method).types;
        let type_ = types.get(instruction.index().ok_or(GiveUp)? as usize);
        Ok(self.program.descriptor_bytes(*type_.ok_or(GiveUp)?))
    }

    fn new_instance(&mut self, frame: &Frame<'_>, instruction: &Instruction<'_>) -> Outcome<Datum> {
        match self.descriptor(frame, instruction)? {
            b"Ljava/lang/String;" | b"Ljava/lang/StringBuilder;" | b"Ljava/lang/StringBuffer;" => {
                self.heap.allocate(Object::New)
            }
            _ => Ok(Datum::Opaque),
        }
    }

    /// The letter of the element type of a `new-array`.
    fn element(&self, frame: &Frame<'_>, instruction: &Instruction<'_>) -> Outcome<u8> {
        let descriptor = self.descriptor(frame, instruction)?;
        descriptor.get(1).copied().ok_or(GiveUp)
    }

    /// Copies the payload of a `fill-array-data` into an array.
    fn fill(
        &mut self,
        frame: &Frame<'_>,
        instruction: &Instruction<'_>,
        array: &Datum,
    ) -> Outcome<()> {
        let numbers = super::payload(&frame.code, instruction).ok_or(GiveUp)?;
        self.heap.spend(numbers.len())?;
        let elements = self.heap.array_mut(array)?;
        for (slot, number) in elements.iter_mut().zip(numbers) {
            *slot = Datum::Int(number);
        }
        Ok(())
    }

    fn field(&self, frame: &Frame<'_>, instruction: &Instruction<'_>) -> Outcome<FieldKey> {
        let unit = self.program.unit_of(frame.method);
        let field = unit
            .dex
            .field(instruction.index().ok_or(GiveUp)?)
            .ok_or(GiveUp)?;
        let type_ = unit.types.get(field.class as usize).ok_or(GiveUp)?;
        let class = self.program.class_of(*type_).ok_or(GiveUp)?;
        let name = unit.dex.string(field.name).ok_or(GiveUp)?;
        Ok((class, name.into_owned()))
    }

    fn get_static(&mut self, frame: &Frame<'_>, instruction: &Instruction<'_>) -> Outcome<Datum> {
        let unit = self.program.unit_of(frame.method);
        let field = unit.dex.field(instruction.index().ok_or(GiveUp)?);
        let field = field.ok_or(GiveUp)?;
        let class = unit
            .types
            .get(field.class as usize)
            .copied()
            .ok_or(GiveUp)?;
        if self.program.class_of(class).is_none() {
            let name = unit.dex.string_bytes(field.name).unwrap_or_default();
            let class = self.program.descriptor_bytes(class);
            return library::charset_constant(class, name).ok_or(GiveUp);
        }
        let key = self.field(frame, instruction)?;
        if self.running == Some(key.0) {
            return self.statics.get(&key).cloned().ok_or(GiveUp);
        }
        match (self.constancy(&key), self.initialised.get(&key.0)) {
            (Constancy::Changes, _) | (Constancy::Initialised, Some(false)) => Err(GiveUp),
            (Constancy::Encoded, _) | (_, Some(true)) => {
                self.statics.get(&key).cloned().ok_or(GiveUp)
            }
            (Constancy::Initialised, None) => {
                self.needed = Some(key.0);
                Err(GiveUp)
            }
        }
    }

    fn put_static(
        &mut self,
        frame: &Frame<'_>,
        instruction: &Instruction<'_>,
        value: Datum,
    ) -> Outcome<()> {
        let key = self.field(frame, instruction)?;
        if self.running != Some(key.0) {
            return Err(GiveUp);
        }
        let value = self.heap.settled(value);
        self.statics.insert(key, value);
        Ok(())
    }

    fn invoke(&mut self, frame: &Frame<'_>, instruction: &Instruction<'_>) -> Outcome<Datum> {
        let unit = self.program.unit_of(frame.method);
        let index = instruction.index().ok_or(GiveUp)? as usize;
        let reference = *unit.methods.get(index).ok_or(GiveUp)?;
        let callee = self.callees.of(self.program, reference);
        let registers = callee.arguments(instruction);
        let mut arguments = Vec::with_capacity(registers.len());
        for register in registers {
            let held = frame.registers.get(usize::from(register));
            arguments.push(held.cloned().ok_or(GiveUp)?);
        }
        if let Some(method) = callee.fixed {
            return self.run(method, &arguments, frame.depth + 1);
        }
        if let Some(function) = callee.function {
            let settled: Vec<Datum> = match callee.name.as_str() {
                // A constructor names the object that it makes.
                "<init>" => arguments,
                _ => arguments
                    .into_iter()
                    .map(|a| self.heap.settled(a))
                    .collect(),
            };
            return function(&mut self.heap, &settled);
        }
        // An initialiser may do what does not matter for its constants.
        if self.running.is_some() && frame.depth == 0 {
            arguments
                .iter()
                .for_each(|argument| self.heap.lose(argument));
            return Ok(Datum::Opaque);
        }
        Err(GiveUp)
    }
}

/// The number that a constant is.
fn integer(value: EncodedValue<'_>) -> Option<i64> {
    Some(match value {
        EncodedValue::Byte(number) => number.into(),
        EncodedValue::Short(number) => number.into(),
        EncodedValue::Char(number) => number.into(),
        EncodedValue::Int(number) => number.into(),
        EncodedValue::Long(number) => number,
        EncodedValue::Boolean(truth) => truth.into(),
        _ => return None,
    })
}
