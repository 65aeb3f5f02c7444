//! The one walk over all code: edges of the call graph, uses of sources, calls
//! that take a deciding constant, hosts.

use rayon::prelude::*;

use super::graph::{CallGraph, Edge, Target};
use super::program::{ClassId, MethodId, Program, Unit};
use super::references::References;
use crate::formats::dex::{EncodedValue, IndexKind, Instruction, Opcode, WalkBudget};
use crate::sdk::hosts::HostUse;

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
    /// Hosts that strings of the code name, by number of the app's unit of code.
    pub hosts: Vec<Vec<HostUse>>,
    /// Methods whose code could not be read to its end.
    pub broken: usize,
    /// Calls through method handles, which are not followed.
    pub handle_calls: usize,
    /// All invokes.
    pub calls: usize,
    /// Whether shared items used up a budget: code was not seen.
    pub exhausted: bool,
}

/// Walks over the code of all methods: as many dex files at the same time as
/// the thread pool has threads. `read` is asked for the tables of each, in
/// their order; those of files that were walked over are gone.
pub fn walk(program: &Program<'_>, mut read: impl FnMut(&Unit<'_>) -> References) -> Walk {
    let mut all = Walk::new(program.methods().len());
    for units in program.units().chunks(rayon::current_num_threads()) {
        if let [unit] = units {
            all.unit(program, unit, &read(unit));
            continue;
        }
        let units: Vec<_> = units.iter().map(|unit| (unit, read(unit))).collect();
        let parts: Vec<Walk> = units
            .par_iter()
            .map(|(unit, references)| {
                let mut part = Walk::new(0);
                part.unit(program, unit, references);
                part
            })
            .collect();
        for part in parts {
            all.absorb(part);
        }
    }
    all.graph.shrink();
    all
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
        self.hosts
            .resize(self.hosts.len().max(part.hosts.len()), Vec::new());
        for (all, part) in self.hosts.iter_mut().zip(part.hosts) {
            all.extend(part);
        }
        self.broken += part.broken;
        self.handle_calls += part.handle_calls;
        self.calls += part.calls;
        self.exhausted |= part.exhausted;
    }

    fn unit(&mut self, program: &Program<'_>, unit: &Unit<'_>, references: &References) {
        let mut budget = WalkBudget::new(&unit.dex);
        let mut walk = UnitWalk {
            walk: self,
            references,
            definition: 0,
            method: MethodId(0),
            edges: Vec::new(),
            starts_service: false,
            hosts: Vec::new(),
        };
        for class in unit.classes() {
            walk.class(program, unit, class, &mut budget);
        }
        let hosts = walk.hosts;
        self.exhausted |= budget.is_exhausted();
        let units = self.hosts.len().max(unit.number + 1);
        self.hosts.resize(units, Vec::new());
        if let Some(slot) = self.hosts.get_mut(unit.number) {
            *slot = hosts;
        }
    }
}

/// The walk over one dex file.
struct UnitWalk<'w> {
    walk: &'w mut Walk,
    references: &'w References,
    /// The definition of the class and the method that are walked over.
    definition: u32,
    method: MethodId,
    edges: Vec<Edge>,
    /// The method starts or binds a service.
    starts_service: bool,
    hosts: Vec<HostUse>,
}

impl UnitWalk<'_> {
    fn class(
        &mut self,
        program: &Program<'_>,
        unit: &Unit<'_>,
        class: ClassId,
        budget: &mut WalkBudget,
    ) {
        self.definition = program.class(class).definition;
        let definition = unit.dex.class_def(self.definition);
        let values = definition.map(|class| budget.static_values(&unit.dex, &class));
        for value in values.into_iter().flatten().flatten() {
            if let EncodedValue::String(string) = value {
                self.host(string);
            }
        }
        for method in program.methods_of(class) {
            self.method = method;
            let code_off = program.method(method).code_off;
            if code_off != 0 {
                match budget.code(&unit.dex, code_off) {
                    Ok(code) => {
                        let mut instructions = code.instructions();
                        for instruction in instructions.by_ref() {
                            self.instruction(instruction);
                        }
                        self.walk.broken += usize::from(instructions.broken_at().is_some());
                    }
                    Err(_) => self.walk.broken += 1,
                }
            }
            if std::mem::take(&mut self.starts_service) {
                for edge in &mut self.edges {
                    if let Some(Target::Names(class)) = edge.target() {
                        *edge = Edge::starts(class);
                    }
                }
            }
            self.walk.graph.push(&mut self.edges);
        }
    }

    #[inline]
    fn instruction(&mut self, instruction: Instruction<'_>) {
        match instruction.index_kind() {
            IndexKind::None => {}
            IndexKind::Method => self.call(instruction),
            IndexKind::Field => self.field(instruction),
            IndexKind::String => {
                let index = instruction.index();
                let found = looked_up(&self.references.strings, index);
                self.add_use(instruction.pc, found, UseKind::Constant);
                index.into_iter().for_each(|string| self.host(string));
            }
            IndexKind::Type if instruction.opcode == Opcode::NEW_INSTANCE => {
                let made = edge(&self.references.instantiated, instruction.index());
                self.edges.extend(made);
            }
            IndexKind::Type if instruction.opcode == Opcode::CONST_CLASS => {
                let named = edge(&self.references.named, instruction.index());
                self.edges.extend(named);
            }
            IndexKind::CallSite | IndexKind::MethodHandle => self.walk.handle_calls += 1,
            _ => {}
        }
    }

    #[inline]
    fn call(&mut self, instruction: Instruction<'_>) {
        self.walk.calls += 1;
        let Some(index) = instruction.index() else {
            return;
        };
        let Some(called) = self.references.methods.get(index as usize) else {
            return;
        };
        let edge = if is_dispatched(instruction.opcode) {
            called.dispatched
        } else {
            called.direct
        };
        if edge != Edge::NONE {
            self.edges.push(edge);
        }
        let found = called.source.checked_sub(1);
        self.add_use(instruction.pc, found, UseKind::Call);
        if let Some(taker) = called.taker.checked_sub(1) {
            self.walk.taking.push(TakingCall {
                method: self.method,
                pc: instruction.pc,
                taker,
                reference: index,
            });
        }
        self.starts_service |= called.starts_service;
        if instruction.proto_index().is_some() {
            self.walk.handle_calls += 1;
        }
    }

    fn field(&mut self, instruction: Instruction<'_>) {
        let opcode = instruction.opcode;
        let index = instruction.index();
        if opcode >= Opcode::SGET {
            self.edges.extend(edge(&self.references.initialised, index));
        }
        let reads = (Opcode::IGET..Opcode::IPUT).contains(&opcode)
            || (Opcode::SGET..Opcode::SPUT).contains(&opcode);
        if reads {
            let found = looked_up(&self.references.fields, index);
            self.add_use(instruction.pc, found, UseKind::Field);
        }
    }

    #[inline]
    fn host(&mut self, string: u32) {
        if let Some(name) = self.references.hosts.named_by(string) {
            self.hosts.push(HostUse {
                definition: self.definition,
                name: name.clone(),
            });
        }
    }

    #[inline]
    fn add_use(&mut self, pc: u32, found: Option<u32>, kind: UseKind) {
        if let Some(found) = found {
            self.walk.uses.push(Use {
                method: self.method,
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
