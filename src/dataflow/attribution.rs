//! Who answers for what shared code reads: the owners whose code calls it, each
//! with the shortest chain of calls.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use super::graph::{CallGraph, CalleeId, Target};
use super::hierarchy::Hierarchy;
use super::owner::{Owner, Owners};
use super::program::{ClassId, MethodId, Program, flags};
use super::reach::{Reach, Start};
use crate::formats::limits::{MAX_CHAIN_CALLS, MAX_CHAIN_METHODS, MAX_FAN_OUT};

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
    owners: &'g Owners,
    callers: HashMap<MethodId, Vec<MethodId>>,
    known: HashMap<MethodId, Vec<Caller>>,
    cut: usize,
}

impl<'g, 'p> SharedCallers<'g, 'p> {
    /// Turns the edges into shared code round.
    pub fn of(
        program: &'g Program<'p>,
        hierarchy: &Hierarchy,
        graph: &CallGraph,
        owners: &'g Owners,
    ) -> Self {
        let mut reverse = Reverse {
            program,
            hierarchy,
            owners,
            targets: vec![None; graph.callee_count()],
            callers: HashMap::new(),
        };
        for number in 0..program.methods().len() as u32 {
            let method = MethodId(number);
            for target in graph.of(method) {
                reverse.add(graph, method, target);
            }
        }
        Self {
            program,
            owners,
            callers: reverse.callers,
            known: HashMap::new(),
            cut: 0,
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
            for &caller in self.callers.get(&at).into_iter().flatten() {
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

struct Reverse<'g, 'p> {
    program: &'g Program<'p>,
    hierarchy: &'g Hierarchy,
    owners: &'g Owners,
    /// By callee: what it leads to in shared code, once asked for.
    targets: Vec<Option<Vec<MethodId>>>,
    callers: HashMap<MethodId, Vec<MethodId>>,
}

impl Reverse<'_, '_> {
    fn add(&mut self, graph: &CallGraph, by: MethodId, target: Target) {
        match target {
            Target::Method(method) => self.call(method, by),
            Target::Dispatched(callee) => {
                for method in self.targets_of(graph, callee) {
                    self.call(method, by);
                }
            }
            Target::Instantiates(class) if self.owners.is_shared(class) => {
                for callback in self.hierarchy.callbacks(self.program, class) {
                    self.call(callback.method, by);
                }
            }
            Target::Instantiates(_) | Target::Initialises(_) => {}
        }
    }

    fn call(&mut self, method: MethodId, by: MethodId) {
        if method != by && self.owners.is_shared(self.program.method(method).class) {
            self.callers.entry(method).or_default().push(by);
        }
    }

    /// What a call leads to in shared code. Where nearly everything may be
    /// meant nobody is named.
    fn targets_of(&mut self, graph: &CallGraph, callee: CalleeId) -> Vec<MethodId> {
        let at = callee.0 as usize;
        if let Some(Some(known)) = self.targets.get(at) {
            return known.clone();
        }
        let mut found = Vec::new();
        if let Some(reference) = graph.callee(callee) {
            let mut classes: Vec<ClassId> =
                self.program.class_of(reference.class).into_iter().collect();
            let mut next = 0;
            while let Some(&class) = classes.get(next) {
                next += 1;
                let children = self.hierarchy.children(self.program.class(class).type_);
                classes.extend(children);
                if classes.len() > MAX_FAN_OUT {
                    classes.clear();
                    break;
                }
            }
            let concrete = classes
                .into_iter()
                .filter(|&class| self.program.class(class).flags & flags::INTERFACE == 0);
            found = concrete
                .filter_map(|class| Hierarchy::dispatch(self.program, class, reference.selector))
                .filter(|&method| self.owners.is_shared(self.program.method(method).class))
                .collect();
            found.sort_unstable();
            found.dedup();
        }
        if let Some(slot) = self.targets.get_mut(at) {
            *slot = Some(found.clone());
        }
        found
    }
}
