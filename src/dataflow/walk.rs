//! The one walk over all code: edges of the call graph, uses of sources, calls
//! that take a deciding constant.

use rayon::prelude::*;

use super::graph::{CallGraph, Edge};
use super::program::{MethodId, Program, Unit};
use super::references::References;
use crate::formats::dex::{IndexKind, Instruction, Opcode, WalkBudget};

/// A use of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// The method that holds it.
    pub method: MethodId,
    /// Address in code units.
    pub pc: u32,
    /// Index into the matches of the dex file.
    pub found: u32,
    /// What sort of use.
    pub kind: UseKind,
}

/// What sort of use of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum UseKind {
    /// A call.
    Call,
    /// A field that is read.
    Field,
    /// A constant that the code holds: what it does with it is open.
    Constant,
}

/// A call that takes a deciding constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TakingCall {
    /// The method that holds it.
    pub method: MethodId,
    /// Address in code units.
    pub pc: u32,
    /// Index into the takers of the dex file.
    pub taker: u32,
    /// Index of the method reference in the dex file.
    pub reference: u32,
}

/// What the walk found.
#[derive(Debug, Default)]
pub struct Walk {
    /// Edges of all methods.
    pub graph: CallGraph,
    /// Uses of sources, in order of method and address.
    pub uses: Vec<Use>,
    /// Calls that take a constant, in the same order.
    pub taking: Vec<TakingCall>,
    /// Methods whose code could not be read to its end.
    pub broken: usize,
    /// Calls through method handles, which are not followed.
    pub handle_calls: usize,
    /// All invokes.
    pub calls: usize,
    /// Whether shared items used up a budget: code was not seen.
    pub exhausted: bool,
}

/// Walks over the code of all methods; dex files at the same time where the
/// thread pool has more than one thread. `references` are by unit.
pub fn walk(program: &Program<'_>, references: &[References<'_>]) -> Walk {
    let bounds = unit_bounds(program);
    let one = |walk: &mut Walk, number: usize| {
        let found = program.units().get(number).zip(references.get(number));
        if let (Some((unit, references)), Some(&range)) = (found, bounds.get(number)) {
            walk.unit(program, unit, references, range);
        }
    };
    let numbers = 0..program.units().len();
    if numbers.len() < 2 || rayon::current_num_threads() == 1 {
        let mut walk = Walk::new(program.methods().len());
        numbers.for_each(|number| one(&mut walk, number));
        return walk;
    }
    let parts: Vec<Walk> = numbers
        .into_par_iter()
        .map(|number| {
            let mut part = Walk::new(0);
            one(&mut part, number);
            part
        })
        .collect();
    let mut all = Walk::new(program.methods().len());
    for part in parts {
        all.absorb(part);
    }
    all
}

/// The methods of each unit: they stand together.
fn unit_bounds(program: &Program<'_>) -> Vec<(u32, u32)> {
    let mut bounds = vec![(0, 0); program.units().len()];
    let mut end = 0;
    for (id, class) in program.classes() {
        let methods = program.methods_of(id);
        let Some(bound) = bounds.get_mut(class.unit as usize) else {
            continue;
        };
        if bound.1 == 0 {
            bound.0 = end;
        }
        end += methods.len() as u32;
        bound.1 = end;
    }
    bounds
}

impl Walk {
    fn new(methods: usize) -> Self {
        Self {
            graph: CallGraph::new(methods),
            ..Self::default()
        }
    }

    /// Appends what was found in the next units.
    fn absorb(&mut self, part: Self) {
        self.graph.append(&part.graph);
        self.uses.extend(part.uses);
        self.taking.extend(part.taking);
        self.broken += part.broken;
        self.handle_calls += part.handle_calls;
        self.calls += part.calls;
        self.exhausted |= part.exhausted;
    }

    fn unit(
        &mut self,
        program: &Program<'_>,
        unit: &Unit<'_>,
        references: &References<'_>,
        (first, end): (u32, u32),
    ) {
        let mut budget = WalkBudget::new(&unit.dex);
        let mut edges = Vec::new();
        for number in first..end {
            let method = MethodId(number);
            let code_off = program.method(method).code_off;
            if code_off != 0 {
                match budget.code(&unit.dex, code_off) {
                    Ok(code) => {
                        let mut instructions = code.instructions();
                        for instruction in instructions.by_ref() {
                            self.instruction(method, instruction, references, &mut edges);
                        }
                        self.broken += usize::from(instructions.broken_at().is_some());
                    }
                    Err(_) => self.broken += 1,
                }
            }
            self.graph.push(&mut edges);
        }
        self.exhausted |= budget.is_exhausted();
    }

    #[inline]
    fn instruction(
        &mut self,
        method: MethodId,
        instruction: Instruction<'_>,
        references: &References<'_>,
        edges: &mut Vec<Edge>,
    ) {
        match instruction.index_kind() {
            IndexKind::Method => self.call(method, instruction, references, edges),
            IndexKind::Field => self.field(method, instruction, references, edges),
            IndexKind::String => {
                let found = looked_up(&references.strings, instruction.index());
                self.add_use(method, instruction.pc, found, UseKind::Constant);
            }
            IndexKind::Type if instruction.opcode == Opcode::NEW_INSTANCE => {
                let made = edge(&references.instantiated, instruction.index());
                edges.extend(made);
            }
            IndexKind::CallSite => self.handle_calls += 1,
            _ => {}
        }
    }

    #[inline]
    fn call(
        &mut self,
        method: MethodId,
        instruction: Instruction<'_>,
        references: &References<'_>,
        edges: &mut Vec<Edge>,
    ) {
        self.calls += 1;
        let index = instruction.index();
        let table = if is_dispatched(instruction.opcode) {
            &references.dispatched
        } else {
            &references.direct
        };
        edges.extend(edge(table, index));
        let found = looked_up(&references.methods, index);
        self.add_use(method, instruction.pc, found, UseKind::Call);
        let taker = looked_up(&references.taking, index);
        if let (Some(taker), Some(reference)) = (taker, index) {
            self.taking.push(TakingCall {
                method,
                pc: instruction.pc,
                taker,
                reference,
            });
        }
        if instruction.proto_index().is_some() {
            self.handle_calls += 1;
        }
    }

    fn field(
        &mut self,
        method: MethodId,
        instruction: Instruction<'_>,
        references: &References<'_>,
        edges: &mut Vec<Edge>,
    ) {
        let opcode = instruction.opcode;
        if opcode >= Opcode::SGET {
            edges.extend(edge(&references.initialised, instruction.index()));
        }
        let reads = (Opcode::IGET..Opcode::IPUT).contains(&opcode)
            || (Opcode::SGET..Opcode::SPUT).contains(&opcode);
        if reads {
            let found = looked_up(&references.fields, instruction.index());
            self.add_use(method, instruction.pc, found, UseKind::Field);
        }
    }

    #[inline]
    fn add_use(&mut self, method: MethodId, pc: u32, found: Option<u32>, kind: UseKind) {
        if let Some(found) = found {
            self.uses.push(Use {
                method,
                pc,
                found,
                kind,
            });
        }
    }
}

/// Whether the receiver's class decides what an invoke calls.
fn is_dispatched(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::INVOKE_VIRTUAL
            | Opcode::INVOKE_INTERFACE
            | Opcode::INVOKE_VIRTUAL_RANGE
            | Opcode::INVOKE_INTERFACE_RANGE
    )
}

/// The item number of a table entry, 0 being none.
#[inline]
fn looked_up(table: &[u32], index: Option<u32>) -> Option<u32> {
    table.get(index? as usize)?.checked_sub(1)
}

#[inline]
fn edge(table: &[Edge], index: Option<u32>) -> Option<Edge> {
    let edge = table.get(index? as usize).copied()?;
    (edge != Edge::NONE).then_some(edge)
}
