//! Who answers for what shared code reads: the owners whose code calls it, each
//! with the shortest chain of calls.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use super::graph::{CallGraph, CalleeId, Edge, Reverse};
use super::hierarchy::Hierarchy;
use super::owner::{Owner, Owners};
use super::program::{MethodId, MethodRef, Program, TypeId};
use super::reach::{Reach, Start};
use crate::formats::limits::{MAX_CHAIN_CALLS, MAX_CHAIN_METHODS, MAX_CHAIN_STEPS, MAX_FAN_OUT};

/// An owner that reaches into shared code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Who.
    pub owner: Owner,
    /// From the owner's method to the one in shared code, both included.
    pub chain: Vec<MethodId>,
}

/// The callers of methods in shared code.
#[derive(Debug)]
pub struct SharedCallers<'g, 'p> {
    program: &'g Program<'p>,
    hierarchy: &'g Hierarchy,
    graph: &'g CallGraph,
    owners: &'g Owners,
    reverse: &'g Reverse,
    /// By static receiver: whether so many classes are meant that a call names
    /// none of them.
    open: HashMap<TypeId, bool>,
    known: HashMap<MethodId, Vec<Caller>>,
    cut: usize,
    steps: usize,
}

impl<'g, 'p> SharedCallers<'g, 'p> {
    /// Nobody was asked for yet.
    pub fn of(
        program: &'g Program<'p>,
        hierarchy: &'g Hierarchy,
        graph: &'g CallGraph,
        reverse: &'g Reverse,
        owners: &'g Owners,
    ) -> Self {
        Self {
            program,
            hierarchy,
            graph,
            owners,
            reverse,
            open: HashMap::new(),
            known: HashMap::new(),
            cut: 0,
            steps: 0,
        }
    }

    /// Searches that met a bound: owners further away were not looked for.
    pub fn cut(&self) -> usize {
        self.cut
    }

    /// The owners that reach a method in shared code, by name; of each the
    /// chain that starts earliest, and of those the shortest.
    pub fn callers(&mut self, method: MethodId, reach: &Reach<'_, '_>) -> Vec<Caller> {
        if let Some(known) = self.known.get(&method) {
            return known.clone();
        }
        let found = self.search(method, reach);
        self.known.insert(method, found.clone());
        found
    }

    fn search(&mut self, method: MethodId, reach: &Reach<'_, '_>) -> Vec<Caller> {
        let mut best: BTreeMap<Owner, (Option<Start>, MethodId)> = BTreeMap::new();
        let mut next: HashMap<MethodId, MethodId> = HashMap::new();
        let mut seen = HashSet::from([method]);
        let mut queue = VecDeque::from([(method, 0)]);
        while let Some((at, calls)) = queue.pop_front() {
            if self.steps > MAX_CHAIN_STEPS {
                self.cut += 1;
                break;
            }
            self.steps += 1;
            for caller in self.callers_of(at, reach) {
                self.steps += 1;
                if !seen.insert(caller) {
                    continue;
                }
                next.insert(caller, at);
                let owner = self.owners.owner(self.program.method(caller).class);
                if *owner != Owner::Shared {
                    let start = reach.start_of(caller);
                    let is_better = best
                        .get(owner)
                        .is_none_or(|(known, _)| rank(start) < rank(*known));
                    if is_better {
                        best.insert(owner.clone(), (start, caller));
                    }
                } else if calls + 1 < MAX_CHAIN_CALLS && seen.len() < MAX_CHAIN_METHODS {
                    queue.push_back((caller, calls + 1));
                } else {
                    self.cut += 1;
                }
            }
        }
        let chain = |mut at: MethodId| {
            let mut chain = vec![at];
            while let Some(&called) = next.get(&at) {
                chain.push(called);
                at = called;
            }
            chain
        };
        let callers = best.into_iter().map(|(owner, (_, from))| Caller {
            owner,
            chain: chain(from),
        });
        callers.collect()
    }
}

/// Earlier starts first, unreached code last.
fn rank(start: Option<Start>) -> u8 {
    start.map_or(u8::MAX, |start| start as u8)
}

impl SharedCallers<'_, '_> {
    /// Who calls one method of shared code: by name, by a dispatch that may
    /// mean it, or by making the object whose callback it is.
    fn callers_of(&mut self, method: MethodId, reach: &Reach<'_, '_>) -> Vec<MethodId> {
        let what = *self.program.method(method);
        let mut edges = vec![Edge::method(method)];
        let runs = reach.start_of(method);
        let mut dispatches = self.receivers(method);
        if runs.is_none_or(|start| start > Start::EntryPoint) {
            // No object of its class is made by what runs: the callers mean
            // others.
            dispatches.clear();
        }
        let dispatches = dispatches.into_iter();
        edges.extend(
            dispatches
                .filter(|(_, open)| !open)
                .map(|(callee, _)| Edge::dispatched(callee)),
        );
        let callbacks = self.hierarchy.callbacks(self.program, what.class);
        if callbacks.iter().any(|callback| callback.method == method) {
            edges.push(Edge::instantiates(what.class));
        }
        let mut callers = Vec::new();
        for edge in edges {
            callers.extend(self.reverse.sources(edge));
            callers.extend(self.graph.reflective_sources(edge));
        }
        callers
    }

    /// The dispatches that may mean a method, each with whether it is open.
    fn receivers(&mut self, method: MethodId) -> Vec<(CalleeId, bool)> {
        let what = *self.program.method(method);
        let mut receivers = Vec::new();
        let type_ = self.program.class(what.class).type_;
        self.program
            .each_supertype(type_, |supertype| receivers.push(supertype));
        self.steps += receivers.len();
        let selector = what.selector;
        receivers
            .into_iter()
            .filter_map(|class| {
                let callee = self.graph.find_callee(MethodRef { class, selector })?;
                Some((callee, self.is_open(class)))
            })
            .collect()
    }

    /// Whether a call on this type may mean more classes than tell anything.
    fn is_open(&mut self, type_: TypeId) -> bool {
        if let Some(&known) = self.open.get(&type_) {
            return known;
        }
        let mut waiting = vec![type_];
        let mut met = 0;
        while let Some(at) = waiting.pop() {
            let children = self.hierarchy.children(at);
            met += children.len();
            if met > MAX_FAN_OUT {
                break;
            }
            let types = children
                .iter()
                .map(|&class| self.program.class(class).type_);
            waiting.extend(types);
        }
        self.open.insert(type_, met > MAX_FAN_OUT);
        met > MAX_FAN_OUT
    }
}
