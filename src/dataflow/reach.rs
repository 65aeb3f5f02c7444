//! Which methods can run, from which start.
//!
//! Rapid type analysis: a method that runs makes objects; a call whose target
//! depends on the receiver leads to the methods of the classes of which an
//! object was made. An object of a class that overrides methods of the platform
//! (`Runnable`, `Handler`, listeners, `AsyncTask`) is taken to be handed to the
//! platform where it is made, which calls them.
//!
//! The starts come one after the other, and each method keeps the first that
//! leads to it: before any action of the user, from any entry point, and only
//! through methods that nothing in the app calls.

use std::collections::{HashMap, VecDeque};

use foldhash::fast::RandomState;

use super::graph::{CallGraph, CalleeId, Target};
use super::hierarchy::{Callback, Hierarchy};
use super::program::{ClassId, MethodId, Program, Selector, TypeId, flags};
use crate::formats::limits::{MAX_FAN_OUT, MAX_PATH_METHODS};

/// The first start that leads to a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Start {
    /// The app's start, before any action of the user.
    AppStart,
    /// An entry point.
    EntryPoint,
    /// A public method that nothing in the app calls.
    Api,
}

const UNREACHED: u8 = u8::MAX;
/// Parent of what no method of the app calls.
const ROOT: u32 = u32::MAX;
/// Of a class without objects.
const NOT_MADE: u32 = u32::MAX - 1;

/// Signatures of the constructors that are called where only the class is named:
/// of `Class.newInstance` and components, and of workers (developer.android.com,
/// `ListenableWorker`).
const CONSTRUCTORS: [&[&str]; 2] = [
    &["V"],
    &[
        "V",
        "Landroid/content/Context;",
        "Landroidx/work/WorkerParameters;",
    ],
];

/// What names a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    /// A constant in code: any use of it, so only one of [`CONSTRUCTORS`] is
    /// taken to run.
    Constant,
    /// An annotation: it is there for what makes the object.
    Annotation,
}

/// What runs first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roots {
    /// Classes that the platform makes objects of, which have their callbacks
    /// called.
    pub made: Vec<ClassId>,
    /// Classes of which there are objects, whose callbacks come later.
    pub present: Vec<ClassId>,
    /// Methods that it calls.
    pub called: Vec<MethodId>,
}

/// Which methods run.
#[derive(Debug)]
pub struct Reach<'g, 'p> {
    program: &'g Program<'p>,
    hierarchy: &'g Hierarchy,
    graph: &'g CallGraph,
    start: Start,
    /// By method: the number of a [`Start`], or [`UNREACHED`].
    starts: Vec<u8>,
    parents: Vec<u32>,
    /// By method: calls from where its path starts.
    depths: Vec<u16>,
    queue: VecDeque<MethodId>,
    /// By class: the method that makes the first object, [`NOT_MADE`] without.
    made_by: Vec<u32>,
    initialised: Vec<bool>,
    /// By callee: the method that makes the first call.
    callers: Vec<Option<u32>>,
    /// Callees with so many targets that a call says less than the making of
    /// an object.
    open: Vec<bool>,
    /// Callees by their static receiver.
    called_on: HashMap<TypeId, Vec<CalleeId>, RandomState>,
    /// Callbacks that wait for an action of the user.
    by_user: Vec<(MethodId, u32)>,
    /// Classes that code which runs names, each with the first method that does,
    /// until objects of them are made.
    named: Vec<(ClassId, u32, Name)>,
    is_named: Vec<bool>,
    /// Whether a class is a service, once asked for.
    services: HashMap<ClassId, bool, RandomState>,
    class_initialiser: Option<Selector>,
    /// Of constructors that are called by name.
    constructors: Vec<Selector>,
    /// By class: the last search for subtypes that met it.
    met: Vec<u32>,
    search: u32,
}

impl<'g, 'p> Reach<'g, 'p> {
    /// Nothing runs yet.
    pub fn new(program: &'g Program<'p>, hierarchy: &'g Hierarchy, graph: &'g CallGraph) -> Self {
        Self {
            program,
            hierarchy,
            graph,
            start: Start::AppStart,
            starts: vec![UNREACHED; program.methods().len()],
            parents: vec![ROOT; program.methods().len()],
            depths: vec![0; program.methods().len()],
            queue: VecDeque::new(),
            made_by: vec![NOT_MADE; program.classes().len()],
            initialised: vec![false; program.classes().len()],
            callers: vec![None; graph.callee_count()],
            open: vec![false; graph.callee_count()],
            called_on: HashMap::default(),
            by_user: Vec::new(),
            named: Vec::new(),
            is_named: vec![false; program.classes().len()],
            services: HashMap::default(),
            class_initialiser: program.find_selector("<clinit>", &["V"]),
            constructors: CONSTRUCTORS
                .iter()
                .filter_map(|signature| program.find_selector("<init>", signature))
                .collect(),
            met: vec![0; program.classes().len()],
            search: 0,
        }
    }

    /// Runs everything that a start leads to. Starts are given in their order.
    pub fn run(&mut self, start: Start, roots: &Roots) {
        self.start = start;
        if start > Start::AppStart {
            for (method, by) in std::mem::take(&mut self.by_user) {
                self.reach(method, by);
            }
        }
        for &class in &roots.present {
            self.meet(class, ROOT);
        }
        for &class in &roots.made {
            self.make(class, ROOT);
        }
        for &method in &roots.called {
            self.reach(method, ROOT);
        }
        loop {
            while let Some(method) = self.queue.pop_front() {
                self.follow(method);
            }
            // A name alone does not say that an object is made soon.
            let later = (start > Start::AppStart).then(|| self.named.pop());
            let Some((class, by, name)) = later.flatten() else {
                break;
            };
            self.make_by_name(class, by, name);
        }
    }

    /// The first start that leads to a method.
    pub fn start_of(&self, method: MethodId) -> Option<Start> {
        match self.starts.get(method.0 as usize)? {
            0 => Some(Start::AppStart),
            1 => Some(Start::EntryPoint),
            2 => Some(Start::Api),
            _ => None,
        }
    }

    /// Number of calls from where the path of a method starts.
    pub fn depth(&self, method: MethodId) -> u16 {
        self.depths.get(method.0 as usize).copied().unwrap_or(0)
    }

    /// From an entry point to a method, both included; empty for a method that
    /// nothing leads to.
    pub fn path(&self, method: MethodId) -> Vec<MethodId> {
        if self.start_of(method).is_none() {
            return Vec::new();
        }
        let mut path = vec![method];
        let mut at = method;
        while path.len() < MAX_PATH_METHODS {
            match self.parents.get(at.0 as usize) {
                Some(&parent) if parent != ROOT => at = MethodId(parent),
                _ => break,
            }
            path.push(at);
        }
        path.reverse();
        path
    }

    fn reach(&mut self, method: MethodId, by: u32) {
        let at = method.0 as usize;
        match self.starts.get_mut(at) {
            Some(start) if *start == UNREACHED => *start = self.start as u8,
            _ => return,
        }
        self.parents[at] = by;
        let depth = self
            .depths
            .get(by as usize)
            .map_or(0, |d| d.saturating_add(1));
        self.depths[at] = depth;
        let class = self.program.method(method).class;
        self.initialise(class, by);
        self.queue.push_back(method);
    }

    fn initialise(&mut self, class: ClassId, by: u32) {
        let mut at = Some(class);
        while let Some(class) = at {
            match self.initialised.get_mut(class.0 as usize) {
                Some(done) if !*done => *done = true,
                _ => return,
            }
            let initialiser = self
                .class_initialiser
                .and_then(|selector| self.program.own_method(class, selector));
            if let Some(method) = initialiser {
                self.reach(method, by);
            }
            let superclass = self.program.class(class).superclass;
            at = superclass.and_then(|type_| self.program.class_of(type_));
        }
    }

    fn follow(&mut self, method: MethodId) {
        let graph = self.graph;
        for target in graph.of(method) {
            match target {
                Target::Method(callee) => self.reach(callee, method.0),
                Target::Dispatched(callee) => self.call(callee, method.0),
                Target::Instantiates(class) => self.make(class, method.0),
                Target::Initialises(class) => self.initialise(class, method.0),
                Target::Starts(class) if self.is_service(class) => {
                    self.make_by_name(class, method.0, Name::Constant);
                }
                Target::Names(class) | Target::Starts(class) => self.name(class, method.0),
            }
        }
    }

    /// An object of a class, handed to the platform.
    fn make(&mut self, class: ClassId, by: u32) {
        if !self.meet(class, by) {
            return;
        }
        for Callback { method, by_user } in self.hierarchy.callbacks(self.program, class) {
            if by_user && self.start == Start::AppStart {
                self.by_user.push((method, by));
            } else {
                self.reach(method, by);
            }
        }
    }

    fn is_service(&mut self, class: ClassId) -> bool {
        let (hierarchy, program) = (self.hierarchy, self.program);
        let known = self.services.entry(class);
        *known.or_insert_with(|| hierarchy.is_service(program, class))
    }

    /// Code that runs has the constant of a class, or an annotation of it that
    /// names one.
    fn name(&mut self, class: ClassId, by: u32) {
        match self.is_named.get_mut(class.0 as usize) {
            Some(is_named) if !*is_named => *is_named = true,
            _ => return,
        }
        self.named.push((class, by, Name::Constant));
        for annotated in self.program.named_by_annotations(class) {
            self.named.push((annotated, by, Name::Annotation));
        }
    }

    /// An object of a class of which code has the constant: its constructor runs
    /// too (`Class.newInstance`, components, workers).
    fn make_by_name(&mut self, class: ClassId, by: u32, name: Name) {
        let hidden = flags::ABSTRACT | flags::INTERFACE;
        if self.program.class(class).flags & hidden != 0 {
            return;
        }
        let constructors: Vec<MethodId> = match name {
            Name::Annotation => self.program.methods_named(class, "<init>").collect(),
            Name::Constant => {
                let mut selectors = self.constructors.iter();
                let own = selectors.find_map(|&s| self.program.own_method(class, s));
                own.into_iter().collect()
            }
        };
        if !constructors.is_empty() {
            self.make(class, by);
        }
        for constructor in constructors {
            self.reach(constructor, by);
        }
    }

    /// An object of a class; false when it is not the first.
    fn meet(&mut self, class: ClassId, by: u32) -> bool {
        match self.made_by.get_mut(class.0 as usize) {
            Some(made_by) if *made_by == NOT_MADE => *made_by = by,
            _ => return false,
        }
        self.initialise(class, by);
        for annotated in self.program.named_by_annotations(class) {
            self.named.push((annotated, by, Name::Annotation));
        }
        if self.hierarchy.is_exhausted() {
            return true;
        }
        let mut waiting = Vec::new();
        let type_ = self.program.class(class).type_;
        self.program.each_supertype(type_, |supertype| {
            waiting.extend(self.called_on.get(&supertype).into_iter().flatten());
        });
        for callee in waiting {
            self.dispatch_to(callee, class);
        }
        true
    }

    /// The method that makes the first object of a class.
    fn maker(&self, class: ClassId) -> Option<u32> {
        let maker = self.made_by.get(class.0 as usize).copied();
        maker.filter(|&maker| maker != NOT_MADE)
    }

    /// The call `callee` meets an object of `class`.
    fn dispatch_to(&mut self, callee: CalleeId, class: ClassId) {
        let Some(reference) = self.graph.callee(callee) else {
            return;
        };
        let Some(method) = self
            .hierarchy
            .dispatch(self.program, class, reference.selector)
        else {
            return;
        };
        let at = callee.0 as usize;
        let by = if self.open.get(at).copied().unwrap_or(false) {
            self.maker(class).unwrap_or(ROOT)
        } else {
            self.callers.get(at).copied().flatten().unwrap_or(ROOT)
        };
        self.reach(method, by);
    }

    /// A first call of `callee`.
    fn call(&mut self, callee: CalleeId, by: u32) {
        let at = callee.0 as usize;
        match self.callers.get_mut(at) {
            Some(caller) if caller.is_none() => *caller = Some(by),
            _ => return,
        }
        let Some(reference) = self.graph.callee(callee) else {
            return;
        };
        let on = self.called_on.entry(reference.class).or_default();
        on.push(callee);
        let (hierarchy, program) = (self.hierarchy, self.program);
        let subtypes = self.subtypes(reference.class);
        let mut targets: Vec<MethodId> = subtypes
            .iter()
            .filter_map(|&class| hierarchy.dispatch(program, class, reference.selector))
            .collect();
        targets.sort_unstable();
        targets.dedup();
        if let [only] = targets.as_slice() {
            // Objects may come from where no code is seen (JNI, parcels).
            self.reach(*only, by);
            return;
        }
        self.open[at] = targets.len() > MAX_FAN_OUT;
        for class in subtypes {
            if self.maker(class).is_some() {
                self.dispatch_to(callee, class);
            }
        }
    }

    /// Classes of the app that are of a type, abstract ones left out.
    fn subtypes(&mut self, type_: TypeId) -> Vec<ClassId> {
        self.search += 1;
        let mut found: Vec<ClassId> = self.program.class_of(type_).into_iter().collect();
        let mut next = 0;
        while let Some(&class) = found.get(next) {
            next += 1;
            if !self.hierarchy.spend(1) {
                break;
            }
            for &child in self.hierarchy.children(self.program.class(class).type_) {
                match self.met.get_mut(child.0 as usize) {
                    Some(met) if *met != self.search => *met = self.search,
                    _ => continue,
                }
                found.push(child);
            }
        }
        let is_concrete = |class: &ClassId| {
            self.program.class(*class).flags & (flags::ABSTRACT | flags::INTERFACE) == 0
        };
        found.retain(is_concrete);
        found
    }
}
