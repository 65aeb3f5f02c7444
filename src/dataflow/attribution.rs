//! Who answers for what shared code reads: the owners whose code calls it, each
//! with the shortest chain of calls.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use super::graph::{CallGraph, CalleeId, Target};
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
    /// Made when first asked for.
    reverse: Option<Reverse>,
    /// By static receiver: whether so many classes are meant that a call names
    /// none of them.
    open: HashMap<TypeId, bool>,
    known: HashMap<MethodId, Vec<Caller>>,
    cut: usize,
    steps: usize,
}

impl<'g, 'p> SharedCallers<'g, 'p> {
    /// Turns the edges into shared code round.
    pub fn of(
        program: &'g Program<'p>,
        hierarchy: &'g Hierarchy,
        graph: &'g CallGraph,
        owners: &'g Owners,
    ) -> Self {
        Self {
            program,
            hierarchy,
            graph,
            owners,
            reverse: None,
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
            for caller in self.callers_of(at) {
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
    fn callers_of(&mut self, method: MethodId) -> Vec<MethodId> {
        let what = *self.program.method(method);
        let dispatches = self.receivers(method);
        let reverse = self
            .reverse
            .get_or_insert_with(|| Reverse::of(self.program, self.graph, self.owners));
        let mut callers = reverse.methods.of(method.0).to_vec();
        for (callee, _) in dispatches.into_iter().filter(|(_, open)| !open) {
            callers.extend(reverse.callees.of(callee.0));
        }
        let callbacks = self.hierarchy.callbacks(self.program, what.class);
        if callbacks.iter().any(|callback| callback.method == method) {
            callers.extend(reverse.classes.of(what.class.0));
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

/// Edges by what they lead to: into shared code, and all that need a dispatch.
#[derive(Debug)]
struct Reverse {
    methods: Sources,
    callees: Sources,
    classes: Sources,
}

/// For each of some numbered things the methods that lead to it.
#[derive(Debug, Default)]
struct Sources {
    starts: Vec<u32>,
    methods: Vec<MethodId>,
}

impl Sources {
    fn new(things: usize) -> Self {
        Self {
            starts: vec![0; things + 1],
            methods: Vec::new(),
        }
    }

    fn count(&mut self, thing: u32) {
        if let Some(count) = self.starts.get_mut(thing as usize + 1) {
            *count += 1;
        }
    }

    /// Makes room for what was counted; `add` fills it.
    fn open(&mut self) -> Vec<u32> {
        let mut total = 0;
        for start in &mut self.starts {
            total += *start;
            *start = total;
        }
        self.methods = vec![MethodId(0); total as usize];
        self.starts.clone()
    }

    fn add(&mut self, next: &mut [u32], thing: u32, method: MethodId) {
        let Some(at) = next.get_mut(thing as usize) else {
            return;
        };
        if let Some(slot) = self.methods.get_mut(*at as usize) {
            *slot = method;
        }
        *at += 1;
    }

    fn of(&self, thing: u32) -> &[MethodId] {
        let at = thing as usize;
        let bounds = self.starts.get(at).zip(self.starts.get(at + 1));
        bounds
            .and_then(|(&start, &end)| self.methods.get(start as usize..end as usize))
            .unwrap_or_default()
    }
}

impl Reverse {
    fn of(program: &Program<'_>, graph: &CallGraph, owners: &Owners) -> Self {
        let mut reverse = Self {
            methods: Sources::new(program.methods().len()),
            callees: Sources::new(graph.callee_count()),
            classes: Sources::new(program.classes().len()),
        };
        let is_shared = |method: MethodId| owners.is_shared(program.method(method).class);
        let methods = 0..program.methods().len() as u32;
        for method in methods.clone().map(MethodId) {
            for target in graph.of(method) {
                match target {
                    Target::Method(to) if is_shared(to) => reverse.methods.count(to.0),
                    Target::Dispatched(to) => reverse.callees.count(to.0),
                    Target::Instantiates(to) if owners.is_shared(to) => reverse.classes.count(to.0),
                    _ => {}
                }
            }
        }
        let mut next_method = reverse.methods.open();
        let mut next_callee = reverse.callees.open();
        let mut next_class = reverse.classes.open();
        for method in methods.map(MethodId) {
            for target in graph.of(method) {
                match target {
                    Target::Method(to) if is_shared(to) => {
                        reverse.methods.add(&mut next_method, to.0, method);
                    }
                    Target::Dispatched(to) => reverse.callees.add(&mut next_callee, to.0, method),
                    Target::Instantiates(to) if owners.is_shared(to) => {
                        reverse.classes.add(&mut next_class, to.0, method);
                    }
                    _ => {}
                }
            }
        }
        reverse
    }
}
