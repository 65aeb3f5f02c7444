//! The data-flow analysis of one method.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use super::super::program::{MethodId, Unit, flags};
use super::Constants;
use super::callee::{Callee, Model};
use super::flow::Flow;
use super::heap::{Datum, Known};
use super::state::{Content, Kind, Meaning, Piece, Reg, Sets, State, add_piece, join};
use super::value::{Value, Values};
use super::{arithmetic, library};
use crate::formats::dex::{CodeItem, Instruction, Opcode, mutf8};
use crate::formats::limits::{
    MAX_FLOW_CELLS, MAX_FLOW_ROUNDS, MAX_LIST, MAX_PRECISE_VISITS, MAX_TEXT_BYTES, MAX_VALUES,
};

/// One method being followed.
pub(super) struct Propagation<'c, 'p, 'a> {
    constants: &'c mut Constants<'p, 'a>,
    method: MethodId,
    unit: &'p Unit<'a>,
    code: CodeItem<'a>,
    flow: Flow,
    sets: Sets,
    fields: HashMap<u32, Reg>,
}

impl<'c, 'p, 'a> Propagation<'c, 'p, 'a> {
    /// Prepares a method; `None` when it has no code or too much.
    pub fn of(constants: &'c mut Constants<'p, 'a>, method: MethodId) -> Option<Self> {
        let program = constants.program;
        let code = program.code(method)?;
        // An instruction costs some dozen times what a register costs.
        if !constants.spend(16 * code.insns.len()) {
            return None;
        }
        let flow = Flow::of(&code)?;
        let cells = flow.len().saturating_mul(usize::from(code.registers));
        (cells <= MAX_FLOW_CELLS).then(|| Self {
            unit: program.unit_of(method),
            constants,
            method,
            code,
            flow,
            sets: Sets::default(),
            fields: HashMap::new(),
        })
    }

    /// Follows the method and tells the arguments at `sites`; false when it was
    /// given up.
    pub fn run(&mut self, sites: &[u32], found: &mut dyn FnMut(u32, &[Values])) -> bool {
        let Some(mut states) = self.states() else {
            return false;
        };
        self.replays(sites, &mut |_, block| states.get_mut(block)?.take(), found);
        true
    }

    /// The arguments as far as the block of each call tells them alone.
    pub fn blocks_alone(&mut self, sites: &[u32], found: &mut dyn FnMut(u32, &[Values])) {
        let registers = usize::from(self.code.registers);
        self.replays(
            sites,
            &mut |this, block| match block {
                0 => Some(this.entry()),
                _ => Some(State::new(registers)),
            },
            found,
        );
    }

    /// Goes through the blocks of calls from what may hold where they begin.
    fn replays(
        &mut self,
        sites: &[u32],
        begin: &mut dyn FnMut(&Self, usize) -> Option<State>,
        found: &mut dyn FnMut(u32, &[Values]),
    ) {
        let mut at = 0;
        while let Some(&first) = sites.get(at) {
            let block = self.flow.block_of(first).unwrap_or(0);
            let end = self.flow.start(block + 1);
            let inside = sites
                .iter()
                .skip(at)
                .take_while(|&&site| site < end)
                .count();
            let of_block = sites.get(at..at + inside.max(1)).unwrap_or_default();
            at += inside.max(1);
            if let Some(state) = begin(self, block) {
                self.replay(block, state, of_block, found);
            }
        }
    }

    /// Goes through a block once more and tells the arguments of calls.
    fn replay(
        &mut self,
        block: usize,
        mut state: State,
        sites: &[u32],
        found: &mut dyn FnMut(u32, &[Values]),
    ) {
        let mut pc = self.flow.start(block);
        let last = sites.last().copied().unwrap_or(0);
        let mut result = Reg::Unknown;
        while pc <= last {
            let Some(instruction) = self.code.instruction_at(pc) else {
                break;
            };
            if sites.binary_search(&pc).is_ok() {
                let registers = match self.callee(&instruction) {
                    Some(callee) => callee.arguments(&instruction),
                    None => instruction.operands().to_vec(),
                };
                let values: Vec<Values> = registers
                    .iter()
                    .map(|&register| self.values(&state, state.get(register)))
                    .collect();
                found(pc, &values);
            }
            self.transfer(&mut state, &instruction, &mut result);
            if self.constants.left == 0 {
                return;
            }
            pc = instruction.next_pc();
        }
    }

    /// What may hold where blocks begin; `None` when it does not settle soon.
    fn states(&mut self) -> Option<Vec<Option<State>>> {
        let blocks = self.flow.len();
        let mut states: Vec<Option<State>> = vec![None; blocks];
        let mut visits = vec![0u8; blocks];
        let mut waiting = BTreeSet::from([0]);
        *states.get_mut(0)? = Some(self.entry());
        let mut rounds = 0;
        let mut objects = 0;
        while let Some(block) = waiting.pop_first() {
            rounds += 1;
            let registers = usize::from(self.code.registers);
            if rounds > MAX_FLOW_ROUNDS * blocks || !self.constants.spend(1 + registers) {
                return None;
            }
            visits[block] = visits[block].saturating_add(1);
            let state = states[block].clone()?;
            if objects > MAX_FLOW_CELLS {
                return None;
            }
            self.block(block, state, &mut |this, address, state| {
                let Some(next) = this.flow.block_at(address) else {
                    return;
                };
                // The round after this one finds that nothing is left.
                this.constants.spend(1 + registers + state.object_count());
                let changed = match &mut states[next] {
                    Some(known) => {
                        let widen = visits[next] >= MAX_PRECISE_VISITS;
                        join(this, known, state, widen)
                    }
                    none => {
                        objects += state.object_count();
                        *none = Some(state.clone());
                        true
                    }
                };
                if changed {
                    waiting.insert(next);
                }
            });
        }
        Some(states)
    }

    /// The registers at the start: the last ones are the arguments.
    fn entry(&self) -> State {
        let program = self.constants.program;
        let mut state = State::new(usize::from(self.code.registers));
        let method = program.method(self.method);
        let mut register = self.code.registers.saturating_sub(self.code.ins);
        let mut number = 0;
        if method.flags & flags::STATIC == 0 {
            state.set(register, Reg::Parameter(0));
            (register, number) = (register + 1, 1);
        }
        for type_ in program.signature(method.selector).skip(1) {
            state.set(register, Reg::Parameter(number));
            let is_wide = matches!(program.descriptor_bytes(type_), b"J" | b"D");
            register = register.saturating_add(1 + u16::from(is_wide));
            number = number.saturating_add(1);
        }
        state
    }

    /// Goes through a block; `flows` is told where control goes with what.
    fn block(
        &mut self,
        block: usize,
        mut state: State,
        flows: &mut dyn FnMut(&mut Self, u32, &State),
    ) {
        let mut pc = self.flow.start(block);
        let end = self.flow.start(block + 1);
        let mut result = Reg::Unknown;
        self.handled(block, &state, flows);
        while let Some(instruction) = self.code.instruction_at(pc) {
            let opcode = instruction.opcode;
            if opcode.is_branch() {
                if let Some(target) = instruction.branch_target() {
                    flows(self, target, &state);
                }
            } else if opcode.is_switch() {
                let code = self.code;
                let cases = code.switch_targets(&instruction).into_iter().flatten();
                let targets: BTreeSet<u32> = cases.map(|(_, target)| target).collect();
                for target in targets {
                    flows(self, target, &state);
                }
            }
            self.transfer(&mut state, &instruction, &mut result);
            pc = instruction.next_pc();
            if !opcode.can_continue() {
                return;
            }
            if pc >= end {
                flows(self, pc, &state);
                return;
            }
        }
    }

    /// Flows into handlers: an exception may come from any instruction of the
    /// block, so what the block writes or changes is unknown there.
    fn handled(
        &mut self,
        block: usize,
        state: &State,
        flows: &mut dyn FnMut(&mut Self, u32, &State),
    ) {
        let mut handlers: BTreeSet<u32> = BTreeSet::new();
        let mut last: &[u32] = &[];
        let mut thrown: Option<State> = None;
        let mut pc = self.flow.start(block);
        let end = self.flow.start(block + 1);
        if !self.flow.has_handlers() {
            return;
        }
        while pc < end {
            let Some(instruction) = self.code.instruction_at(pc) else {
                break;
            };
            let opcode = instruction.opcode;
            let caught = self.flow.handlers(pc);
            if opcode.can_throw() && !caught.is_empty() {
                // Most of a block is in one range.
                if !std::ptr::eq(caught, last) {
                    handlers.extend(caught);
                    last = caught;
                }
                thrown.get_or_insert_with(|| state.without_objects());
            }
            if opcode.sets_register()
                && opcode != Opcode::CHECK_CAST
                && let Some(register) = instruction.registers().next()
            {
                let thrown = thrown.get_or_insert_with(|| state.without_objects());
                thrown.set(register, Reg::Unknown);
                thrown.set(
                    register.saturating_add(1),
                    match opcode.sets_wide_register() {
                        true => Reg::Unknown,
                        false => thrown.get(register.saturating_add(1)),
                    },
                );
            }
            pc = instruction.next_pc();
        }
        if let Some(thrown) = thrown {
            for handler in handlers {
                flows(self, handler, &thrown);
            }
        }
    }

    /// What an instruction does to the registers.
    fn transfer(&mut self, state: &mut State, instruction: &Instruction<'_>, result: &mut Reg) {
        let opcode = instruction.opcode;
        if opcode.is_invoke() || opcode == Opcode::NEW_INSTANCE || opcode == Opcode::NEW_ARRAY {
            // What they make or change is looked for in all registers.
            self.constants.spend(state.registers.len());
        }
        if opcode.is_invoke() {
            *result = self.call(state, instruction);
            return;
        }
        let operands = instruction.operands();
        let held = |state: &State, number: usize| {
            let register = operands.get(number).copied();
            register.map_or(Reg::Unknown, |register| state.get(register))
        };
        let value = match opcode {
            Opcode::CHECK_CAST => return,
            _ if (Opcode::MOVE..=Opcode::MOVE_OBJECT_16).contains(&opcode) => held(state, 1),
            Opcode::MOVE_RESULT | Opcode::MOVE_RESULT_WIDE | Opcode::MOVE_RESULT_OBJECT => {
                std::mem::replace(result, Reg::Unknown)
            }
            Opcode::CONST_STRING | Opcode::CONST_STRING_JUMBO => {
                instruction.index().map_or(Reg::Unknown, Reg::Text)
            }
            Opcode::CONST_CLASS => instruction.index().map_or(Reg::Unknown, Reg::Class),
            Opcode::NEW_INSTANCE => self.new_instance(state, instruction),
            Opcode::NEW_ARRAY => match held(state, 1) {
                Reg::Int(length) if (0..=MAX_LIST as i64).contains(&length) => {
                    let elements = vec![Reg::Int(0); length as usize];
                    state.allocate(instruction.pc, Content::Array(elements))
                }
                _ => Reg::Unknown,
            },
            Opcode::FILLED_NEW_ARRAY | Opcode::FILLED_NEW_ARRAY_RANGE => {
                let registers = instruction.registers();
                let elements = registers.map(|register| state.get(register));
                let array = Content::Array(elements.collect());
                *result = state.allocate(instruction.pc, array);
                return;
            }
            Opcode::FILL_ARRAY_DATA => {
                self.fill(state, instruction, held(state, 0));
                return;
            }
            _ if (Opcode::APUT..=Opcode::APUT_SHORT).contains(&opcode) => {
                let (value, array, index) = (held(state, 0), held(state, 1), held(state, 2));
                self.put(state, value, array, index);
                return;
            }
            _ if (Opcode::AGET..=Opcode::AGET_SHORT).contains(&opcode) => {
                self.element(state, held(state, 1), held(state, 2))
            }
            Opcode::ARRAY_LENGTH => match state.content(held(state, 1)) {
                Some(Content::Array(elements)) => Reg::Int(elements.len() as i64),
                _ => Reg::Unknown,
            },
            _ if (Opcode::SGET..=Opcode::SGET_SHORT).contains(&opcode) => {
                self.static_field(instruction)
            }
            _ if (Opcode::SPUT..=Opcode::SPUT_SHORT).contains(&opcode)
                || (Opcode::IPUT..=Opcode::IPUT_SHORT).contains(&opcode) =>
            {
                // Others reach the object through the field from now on.
                state.lose(held(state, 0));
                return;
            }
            _ if !opcode.sets_register() => return,
            _ => self.computed(instruction, &operands, state),
        };
        let Some(&target) = operands.first() else {
            return;
        };
        state.set(target, value);
        if opcode.sets_wide_register() {
            state.set(target.saturating_add(1), Reg::Unknown);
        }
    }

    /// Literals and arithmetic on known numbers.
    fn computed(&self, instruction: &Instruction<'_>, operands: &[u16], state: &State) -> Reg {
        let opcode = instruction.opcode;
        let number = |at: usize| {
            let register = operands.get(at).copied()?;
            match state.get(register) {
                Reg::Int(number) => Some(number),
                Reg::Set(set) => match self.sets.get(set)?.single()? {
                    Value::Int(number) => Some(*number),
                    _ => None,
                },
                _ => None,
            }
        };
        let computed = match (instruction.literal(), operands.len()) {
            (Some(literal), 0 | 1) => Some(literal),
            (Some(literal), _) => number(1).and_then(|a| arithmetic::binary(opcode, a, literal)),
            (None, 2) if arithmetic::is_binary(opcode) => number(0)
                .zip(number(1))
                .and_then(|(a, b)| arithmetic::binary(opcode, a, b)),
            (None, 2) => number(1).and_then(|a| arithmetic::unary(opcode, a)),
            _ => number(1)
                .zip(number(2))
                .and_then(|(a, b)| arithmetic::binary(opcode, a, b)),
        };
        computed.map_or(Reg::Unknown, Reg::Int)
    }

    fn descriptor(&self, type_: u32) -> &'p [u8] {
        let type_ = self.unit.types.get(type_ as usize);
        type_.map_or(&[], |&type_| self.constants.program.descriptor_bytes(type_))
    }

    fn new_instance(&self, state: &mut State, instruction: &Instruction<'_>) -> Reg {
        let kind = match self.descriptor(instruction.index().unwrap_or(u32::MAX)) {
            b"Ljava/lang/StringBuilder;"
            | b"Ljava/lang/StringBuffer;"
            | b"Landroid/net/Uri$Builder;" => Kind::Builder,
            b"Ljava/lang/String;" => Kind::Text,
            b"Ljava/io/File;" => Kind::File,
            b"Landroid/content/Intent;" | b"Landroid/content/IntentFilter;" => Kind::Intent,
            _ => return Reg::Unknown,
        };
        state.allocate(instruction.pc, Content::New(kind))
    }

    fn fill(&self, state: &mut State, instruction: &Instruction<'_>, array: Reg) {
        let numbers = super::payload(&self.code, instruction);
        match (state.content_mut(array), numbers) {
            (Some(Content::Array(elements)), Some(numbers)) => {
                for (slot, number) in elements.iter_mut().zip(numbers) {
                    *slot = Reg::Int(number);
                }
            }
            _ => state.lose(array),
        }
    }

    fn put(&mut self, state: &mut State, value: Reg, array: Reg, index: Reg) {
        let Reg::Int(index) = index else {
            state.lose(array);
            state.lose(value);
            return;
        };
        // What stands in an array is looked up later: objects as they are now.
        let value = match value {
            Reg::Object(_) => {
                let now = self.values(state, value);
                state.lose(value);
                self.sets.put(now)
            }
            other => other,
        };
        match state.content_mut(array) {
            Some(Content::Array(elements)) => {
                let slot = usize::try_from(index)
                    .ok()
                    .and_then(|at| elements.get_mut(at));
                if let Some(slot) = slot {
                    *slot = value;
                }
            }
            _ => {
                state.lose(array);
                state.lose_lists(&self.sets);
            }
        }
    }

    /// An element of an array; of a short one any of them where the index is
    /// not known.
    fn element(&mut self, state: &State, array: Reg, index: Reg) -> Reg {
        let at = match index {
            Reg::Int(index) => usize::try_from(index).ok(),
            _ => None,
        };
        if let (Some(Content::Array(elements)), Some(at)) = (state.content(array), at) {
            return elements.get(at).copied().unwrap_or(Reg::Unknown);
        }
        let values = self.values(state, array);
        let Some(Value::List(list)) = values.single() else {
            return Reg::Unknown;
        };
        let any = match at {
            Some(at) => list.get(at..=at),
            None => (list.len() <= MAX_VALUES).then_some(&list[..]),
        };
        let mut element = Values {
            known: Vec::new(),
            complete: any.is_some(),
        };
        for value in any.unwrap_or_default() {
            match *value == nothing() {
                true => element.complete = false,
                false => element.add(value.clone()),
            }
        }
        self.sets.put(element)
    }

    /// What a static field holds: a constant of the app, or the field itself.
    fn static_field(&mut self, instruction: &Instruction<'_>) -> Reg {
        let Some(index) = instruction.index() else {
            return Reg::Unknown;
        };
        if let Some(&known) = self.fields.get(&index) {
            return known;
        }
        let unit_number = self
            .constants
            .program
            .class(self.constants.program.method(self.method).class)
            .unit;
        let key = (unit_number, index);
        let values = match self.constants.fields.get(&key) {
            Some(values) => values.clone(),
            None => {
                let values = self.read_field(index).unwrap_or_default();
                self.constants.fields.insert(key, values.clone());
                values
            }
        };
        let register = self.sets.put(values);
        self.fields.insert(index, register);
        register
    }

    fn read_field(&mut self, index: u32) -> Option<Values> {
        let program = self.constants.program;
        let field = self.unit.dex.field(index)?;
        let class = *self.unit.types.get(field.class as usize)?;
        let name = self.unit.dex.string(field.name)?;
        if let Some(class) = program.class_of(class) {
            let type_ = *self.unit.types.get(field.type_ as usize)?;
            // Objects of the app are nothing that is followed.
            let is_followed = matches!(
                program.descriptor_bytes(type_),
                b"Ljava/lang/String;"
                    | b"I"
                    | b"J"
                    | b"C"
                    | b"B"
                    | b"S"
                    | b"Z"
                    | b"[B"
                    | b"[C"
                    | b"[I"
                    | b"[S"
                    | b"[Ljava/lang/String;"
            );
            if !is_followed {
                return match program.descriptor_bytes(type_) {
                    b"Landroid/net/Uri;" | b"Ljava/lang/Class;" | b"Ljava/io/File;" => {
                        self.constants.object_field(class, &name)
                    }
                    _ => None,
                };
            }
            let known = self.constants.interpreter.static_value(class, &name)?;
            return Some(Values::one(value_of(&known)?));
        }
        let type_ = *self.unit.types.get(field.type_ as usize)?;
        Some(Values::one(Value::Field {
            class: program.descriptor(class).into(),
            name: (*name).into(),
            type_: program.descriptor(type_).into(),
        }))
    }

    /// The callee of an invoke.
    fn callee(&mut self, instruction: &Instruction<'_>) -> Option<Rc<Callee>> {
        if !instruction.opcode.is_invoke() {
            return None;
        }
        let reference = self.unit.methods.get(instruction.index()? as usize)?;
        let program = self.constants.program;
        Some(self.constants.interpreter.callees.of(program, *reference))
    }

    /// What a call returns, and what it does to the objects it is given.
    fn call(&mut self, state: &mut State, instruction: &Instruction<'_>) -> Reg {
        let Some(callee) = self.callee(instruction) else {
            return Reg::Unknown;
        };
        if !callee.is_followed() {
            for register in instruction.registers() {
                state.lose(state.get(register));
            }
            return Reg::Unknown;
        }
        let registers = callee.arguments(instruction);
        let arguments: Vec<Reg> = registers.iter().map(|&r| state.get(r)).collect();
        if let Some(modelled) = self.modelled(state, &callee, &arguments) {
            return modelled;
        }
        if let Some(known) = self.evaluated(state, &callee, &arguments) {
            return self.register(state, instruction.pc, &known);
        }
        for argument in arguments {
            state.lose(argument);
        }
        Reg::Unknown
    }

    /// A constructor of `String`: the object is its text from here on.
    fn new_text(&mut self, state: &mut State, callee: &Callee, arguments: &[Reg]) {
        let Some((&Reg::Object(address), rest)) = arguments.split_first() else {
            return;
        };
        let known: Option<Vec<Known>> = rest.iter().map(|&r| self.known(state, r)).collect();
        let interpreter = &mut self.constants.interpreter;
        let text = known.and_then(|known| interpreter.apply(callee, &known));
        let register = match text {
            Some(text) => self.register(state, address, &text),
            None => Reg::Unknown,
        };
        state.replace(address, register);
    }

    /// Calls that are followed though not all of their arguments are known;
    /// `None` for the others.
    fn modelled(&mut self, state: &mut State, callee: &Callee, arguments: &[Reg]) -> Option<Reg> {
        let receiver = arguments.first().copied().unwrap_or(Reg::Unknown);
        let argument = |at: usize| arguments.get(at).copied().unwrap_or(Reg::Unknown);
        match callee.model {
            Model::Other => None,
            Model::NewText => {
                self.new_text(state, callee, arguments);
                Some(Reg::Unknown)
            }
            Model::Builder => self.builder(state, &callee.name, &callee.parameters, arguments),
            Model::PackageName => Some(self.sets.put(Values::one(Value::OwnPackage))),
            Model::ParseUri => {
                let uri = self.values(state, argument(0)).map(|value| match value {
                    Value::Text(text) | Value::Partial { start: text, .. } => {
                        Some(Value::Uri(text.clone()))
                    }
                    Value::Parameter(_) => Some(value.clone()),
                    _ => None,
                });
                Some(self.sets.put(uri))
            }
            Model::UriBuilder => self.uri_builder(state, &callee.name, arguments),
            Model::AppendToUri | Model::AsList => Some(argument(0)),
            Model::UriText => {
                let text = self.values(state, receiver).map(|value| match value {
                    Value::Uri(text) => Some(Value::Text(text.clone())),
                    _ => None,
                });
                Some(self.sets.put(text))
            }
            Model::ForName => Some(self.class_named(state, argument(0))),
            Model::LoadClass => Some(self.class_named(state, argument(1))),
            Model::Member => Some(self.member(state, receiver, argument(1))),
            Model::NewFile => {
                let path = self.path(state, &callee.parameters, arguments);
                if let Reg::Object(address) = receiver {
                    let path = self.sets.put(path);
                    state.replace(address, path);
                }
                Some(Reg::Unknown)
            }
            Model::FileText => {
                let text = self.values(state, receiver).map(|value| match value {
                    Value::Path {
                        text,
                        known_start: true,
                    } => Some(Value::Text(text.clone())),
                    Value::Path { text, .. } => Some(Value::Partial {
                        start: "".into(),
                        end: text.clone(),
                    }),
                    _ => None,
                });
                Some(self.sets.put(text))
            }
            Model::Intent => self.intent(state, &callee.name, &callee.parameters, arguments),
        }
    }

    fn class_named(&mut self, state: &State, name: Reg) -> Reg {
        let class = self.values(state, name).map(|value| match value {
            Value::Text(name) => Some(Value::Class(format!("L{};", name.replace('.', "/")).into())),
            _ => None,
        });
        self.sets.put(class)
    }

    fn member(&mut self, state: &State, class: Reg, name: Reg) -> Reg {
        let class = match self.values(state, class).single() {
            Some(Value::Class(descriptor)) => Some(descriptor.clone()),
            _ => None,
        };
        let member = self.values(state, name).map(|value| match value {
            Value::Text(name) => Some(Value::Member {
                class: class.clone(),
                name: name.clone(),
            }),
            _ => None,
        });
        self.sets.put(member)
    }

    /// The path of a new `File`.
    fn path(&mut self, state: &State, parameters: &[String], arguments: &[Reg]) -> Values {
        let part = |this: &Self, at: usize| {
            let register = arguments.get(at).copied().unwrap_or(Reg::Unknown);
            this.values(state, register)
        };
        let as_path = |value: &Value| match value {
            Value::Text(text) => Some(Value::Path {
                text: text.clone(),
                known_start: true,
            }),
            Value::Partial { end, .. } if !end.is_empty() => Some(Value::Path {
                text: end.trim_start_matches('/').into(),
                known_start: false,
            }),
            Value::Path { .. } => Some(value.clone()),
            _ => None,
        };
        let first = part(self, 1);
        if parameters.len() < 2 {
            return first.map(as_path);
        }
        let second = part(self, 2);
        let Some(Value::Text(child)) = second.single() else {
            return Values::unknown();
        };
        let child = child.trim_start_matches('/');
        let below = first.map(|value| match as_path(value)? {
            Value::Path { text, known_start } => Some(Value::Path {
                text: format!("{}/{child}", text.trim_end_matches('/')).into(),
                known_start,
            }),
            _ => None,
        });
        if below.known.is_empty() {
            return Values::one(Value::Path {
                text: child.into(),
                known_start: false,
            });
        }
        below
    }

    /// Intents and filters: the actions that they are given.
    fn intent(
        &mut self,
        state: &mut State,
        name: &str,
        parameters: &[String],
        arguments: &[Reg],
    ) -> Option<Reg> {
        let receiver = arguments.first().copied()?;
        let has_action = parameters
            .first()
            .is_some_and(|p| p == "Ljava/lang/String;");
        let given = match arguments.get(1) {
            Some(&action) if has_action => self.values(state, action).map(|value| match value {
                Value::Text(text) => Some(Value::Action(text.clone())),
                _ => None,
            }),
            _ => Values::unknown(),
        };
        match name {
            "<init>" => {
                if let Some(content) = state.content_mut(receiver) {
                    *content = Content::Intent(given);
                }
                Some(Reg::Unknown)
            }
            "setAction" | "addAction" if has_action => {
                if let Some(content) = state.content_mut(receiver) {
                    *content = Content::Intent(given);
                }
                Some(receiver)
            }
            _ => None,
        }
    }

    /// Builders: what is appended, piece by piece.
    fn builder(
        &mut self,
        state: &mut State,
        name: &str,
        parameters: &[String],
        arguments: &[Reg],
    ) -> Option<Reg> {
        let receiver = arguments.first().copied()?;
        let argument = arguments.get(1).copied();
        match name {
            "<init>" => {
                let is_text = parameters.first().is_some_and(|p| p.starts_with('L'));
                let empty = vec![Piece::of("")];
                let (pieces, complete) = match argument.filter(|_| is_text) {
                    Some(text) => self.appended(state, &empty, "L", text),
                    None => (empty, true),
                };
                if let Some(content) = state.content_mut(receiver) {
                    *content = Content::Builder { pieces, complete };
                }
                Some(Reg::Unknown)
            }
            "append" if parameters.len() == 1 => {
                let Some(Content::Builder { pieces, complete }) = state.content(receiver).cloned()
                else {
                    return Some(receiver);
                };
                let type_ = parameters.first().map_or("L", String::as_str);
                let (pieces, all) = self.appended(state, &pieces, type_, argument?);
                let complete = complete && all;
                if let Some(content) = state.content_mut(receiver) {
                    *content = Content::Builder { pieces, complete };
                }
                Some(receiver)
            }
            "toString" => {
                let text = self.values(state, receiver);
                Some(self.sets.put(text))
            }
            "length" | "charAt" | "capacity" | "indexOf" => Some(Reg::Unknown),
            // What is not followed changes the text in a way nobody knows.
            _ => {
                state.lose(receiver);
                Some(Reg::Unknown)
            }
        }
    }

    /// `Uri.Builder`: what stands before the query.
    fn uri_builder(&mut self, state: &mut State, name: &str, arguments: &[Reg]) -> Option<Reg> {
        let receiver = arguments.first().copied()?;
        let (before, behind) = match name {
            "<init>" => {
                if let Some(content) = state.content_mut(receiver) {
                    *content = Content::Builder {
                        pieces: vec![Piece::of("")],
                        complete: true,
                    };
                }
                return Some(Reg::Unknown);
            }
            "build" => {
                let uri = self.values(state, receiver).map(|value| match value {
                    Value::Text(text) | Value::Partial { start: text, .. } => {
                        // A path may begin with a slash of its own.
                        let (scheme, rest) = text.split_once("://")?;
                        let rest = rest.replace("//", "/");
                        Some(Value::Uri(format!("{scheme}://{rest}").into()))
                    }
                    _ => None,
                });
                return Some(self.sets.put(uri));
            }
            "appendQueryParameter" | "fragment" => return Some(receiver),
            "scheme" => ("", "://"),
            "authority" | "encodedAuthority" => ("", ""),
            "path" | "encodedPath" | "appendPath" | "appendEncodedPath" => ("/", ""),
            _ => {
                state.lose(receiver);
                return Some(receiver);
            }
        };
        let Some(Content::Builder { pieces, complete }) = state.content(receiver).cloned() else {
            return Some(receiver);
        };
        let pieces: Vec<Piece> = pieces.into_iter().map(|p| p.followed_by(before)).collect();
        let (pieces, all) = self.appended(state, &pieces, "L", *arguments.get(1)?);
        let pieces = pieces.into_iter().map(|p| p.followed_by(behind)).collect();
        if let Some(content) = state.content_mut(receiver) {
            *content = Content::Builder {
                pieces,
                complete: complete && all,
            };
        }
        Some(receiver)
    }

    /// Every text with every value appended.
    fn appended(
        &self,
        state: &State,
        pieces: &[Piece],
        type_: &str,
        appended: Reg,
    ) -> (Vec<Piece>, bool) {
        let values = self.values(state, appended);
        let mut out = Vec::new();
        let mut complete = true;
        for piece in pieces {
            let mut add = |text: Option<&str>| {
                let mut piece = piece.clone();
                match text {
                    Some(text) if piece.len() + text.len() <= MAX_TEXT_BYTES => piece.push(text),
                    _ => piece.push_unknown(),
                }
                complete &= add_piece(&mut out, piece);
            };
            for value in &values.known {
                let text = shown(value, type_);
                add(text.as_deref());
            }
            if !values.complete {
                add(None);
            }
        }
        (out, complete)
    }

    /// Pure functions of the platform and methods of the app, all of whose
    /// arguments are known.
    fn evaluated(&mut self, state: &State, callee: &Callee, arguments: &[Reg]) -> Option<Known> {
        if !callee.is_evaluated {
            return None;
        }
        let known: Option<Vec<Known>> = arguments
            .iter()
            .map(|&argument| self.known(state, argument))
            .collect();
        let known = known?;
        match callee.fixed {
            Some(method) => self.constants.interpreter.call(method, &known),
            None => self.constants.interpreter.apply(callee, &known),
        }
    }

    /// A register as one known value.
    fn known(&self, state: &State, register: Reg) -> Option<Known> {
        match register {
            Reg::Int(number) => Some(Known::Int(number)),
            Reg::Text(index) => {
                let bytes = self.unit.dex.string_start(index, MAX_TEXT_BYTES)?;
                Some(Known::Text(mutf8::units(bytes).into()))
            }
            Reg::Object(_) => match state.content(register)? {
                Content::Array(elements) => {
                    let elements: Option<Vec<Known>> = elements
                        .iter()
                        .map(|&element| match element {
                            Reg::Object(_) => None,
                            flat => self.known(state, flat),
                        })
                        .collect();
                    let elements = elements?;
                    let kind = match elements.first() {
                        Some(Known::Text(_)) => b'L',
                        _ => b'I',
                    };
                    Some(Known::Array(kind, elements))
                }
                _ => known_of(self.values(state, register).single()?),
            },
            _ => known_of(self.values(state, register).single()?),
        }
    }

    /// A known value as a register.
    fn register(&mut self, state: &mut State, address: u32, known: &Known) -> Reg {
        match known {
            Known::Int(number) => Reg::Int(*number),
            Known::Text(units) => {
                let text = String::from_utf16_lossy(units);
                self.sets.put(Values::one(Value::Text(text.into())))
            }
            Known::Array(_, elements) if elements.len() <= MAX_LIST => {
                let elements: Vec<Reg> = elements
                    .iter()
                    .map(|element| match element {
                        Known::Array(..) => Reg::Unknown,
                        flat => self.register(state, address, flat),
                    })
                    .collect();
                state.allocate(address, Content::Array(elements))
            }
            Known::Array(..) => Reg::Unknown,
        }
    }
}

impl Meaning for Propagation<'_, '_, '_> {
    fn values(&self, state: &State, register: Reg) -> Values {
        match register {
            Reg::Unknown => Values::unknown(),
            Reg::Int(number) => Values::one(Value::Int(number)),
            Reg::Text(index) => match self.unit.dex.string_start(index, MAX_TEXT_BYTES) {
                Some(bytes) => Values::one(Value::Text(mutf8::decode(bytes).into())),
                None => Values::unknown(),
            },
            Reg::Class(index) => {
                let descriptor: Arc<str> = mutf8::decode(self.descriptor(index)).into();
                Values::one(Value::Class(descriptor))
            }
            Reg::Parameter(number) => Values::one(Value::Parameter(number)),
            Reg::Set(number) => self.sets.get(number).cloned().unwrap_or_default(),
            Reg::Object(_) => match state.content(register) {
                Some(Content::Builder { pieces, complete }) => {
                    let mut values = Values {
                        known: Vec::new(),
                        complete: *complete,
                    };
                    for piece in pieces {
                        values.add(piece.value());
                    }
                    values
                }
                Some(Content::Array(elements)) => {
                    let element = |&element: &Reg| match element {
                        Reg::Object(_) => nothing(),
                        flat => self
                            .values(state, flat)
                            .single()
                            .cloned()
                            .unwrap_or_else(nothing),
                    };
                    Values::one(Value::List(elements.iter().map(element).collect()))
                }
                Some(Content::Intent(actions)) => actions.clone(),
                _ => Values::unknown(),
            },
        }
    }

    fn sets(&mut self) -> &mut Sets {
        &mut self.sets
    }
}

/// An unknown element of a list.
fn nothing() -> Value {
    Value::Partial {
        start: "".into(),
        end: "".into(),
    }
}

/// What `append` shows of a value; `None` when that is not known.
fn shown(value: &Value, type_: &str) -> Option<String> {
    match (value, type_) {
        (Value::Text(text), _) => Some(text.to_string()),
        (Value::Int(number), "C") => {
            let unit = u16::try_from(*number).ok()?;
            Some(String::from_utf16_lossy(&[unit]))
        }
        (Value::Int(number), "Z") => Some(if *number != 0 { "true" } else { "false" }.to_owned()),
        (Value::Int(number), "I" | "J") => Some(number.to_string()),
        _ => None,
    }
}

/// A value as one that the interpreter takes.
fn known_of(value: &Value) -> Option<Known> {
    match value {
        Value::Int(number) => Some(Known::Int(*number)),
        Value::Text(text) => Some(Known::Text(text.encode_utf16().collect())),
        Value::Field { class, name, .. } => {
            match library::charset_constant(class.as_bytes(), name.as_bytes())? {
                Datum::Text(units) => Some(Known::Text(units)),
                _ => None,
            }
        }
        Value::List(elements) => {
            let elements: Option<Vec<Known>> = elements.iter().map(known_of).collect();
            let elements = elements?;
            let kind = match elements.first() {
                Some(Known::Text(_)) => b'L',
                _ => b'I',
            };
            Some(Known::Array(kind, elements))
        }
        _ => None,
    }
}

/// What the interpreter gave as a value.
fn value_of(known: &Known) -> Option<Value> {
    Some(match known {
        Known::Int(number) => Value::Int(*number),
        Known::Text(units) => Value::Text(String::from_utf16_lossy(units).into()),
        Known::Array(_, elements) if elements.len() <= MAX_LIST => {
            let elements: Option<Vec<Value>> = elements.iter().map(value_of).collect();
            Value::List(elements?)
        }
        Known::Array(..) => return None,
    })
}
