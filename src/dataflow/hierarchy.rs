//! What extends what: the subtypes of a type among the classes that run, and
//! the platform types above a class.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use super::framework::{Framework, is_user_action};
use super::program::{ClassId, MethodId, Program, Selector, TypeId, flags};
use crate::formats::limits::{MAX_HIERARCHY_STEPS, MAX_SUPERTYPE_STEPS};

const SERVICE: &str = "android/app/Service";

/// Subtypes by type, and callbacks by the platform type that declares them.
#[derive(Debug)]
pub struct Hierarchy {
    /// By type: where its direct subtypes begin in `children`.
    starts: Vec<u32>,
    children: Vec<ClassId>,
    /// By platform type: what its subclasses may override.
    overridable: HashMap<TypeId, Box<[Overridable]>, RandomState>,
    /// Platform types that are services.
    services: HashSet<TypeId, RandomState>,
    /// Steps that look-ups may still make.
    left: Cell<u64>,
}

/// A name that the platform calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Overridable {
    /// Number of the name.
    name: u32,
    by_user: bool,
}

/// A method of a class that the platform calls once it has an object of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Callback {
    /// The method.
    pub method: MethodId,
    /// Only an action of the user leads to the call.
    pub by_user: bool,
}

impl Hierarchy {
    /// Reads the hierarchy off a program.
    pub fn of(program: &Program<'_>) -> Self {
        let running = || {
            program
                .classes()
                .filter(|(id, _)| program.is_first_definition(*id))
        };
        let mut starts = vec![0u32; program.type_count() + 1];
        for (id, _) in running() {
            for supertype in program.supertypes(id) {
                if let Some(count) = starts.get_mut(supertype.0 as usize + 1) {
                    *count += 1;
                }
            }
        }
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        let mut next = starts.clone();
        let mut children = vec![ClassId(0); total as usize];
        for (id, _) in running() {
            for supertype in program.supertypes(id) {
                let Some(at) = next.get_mut(supertype.0 as usize) else {
                    continue;
                };
                if let Some(slot) = children.get_mut(*at as usize) {
                    *slot = id;
                }
                *at += 1;
            }
        }
        let mut hierarchy = Self {
            starts,
            children,
            overridable: HashMap::default(),
            services: HashSet::default(),
            left: Cell::new(MAX_HIERARCHY_STEPS),
        };
        hierarchy.read_callbacks(program);
        hierarchy
    }

    /// Pays for steps of a look-up; false when all are used up.
    pub fn spend(&self, steps: usize) -> bool {
        let left = self.left.get().saturating_sub(steps as u64);
        self.left.set(left);
        left > 0
    }

    /// Whether look-ups were refused: not all callees and callbacks were found.
    pub fn is_exhausted(&self) -> bool {
        self.left.get() == 0
    }

    /// Direct subtypes that the app defines.
    pub fn children(&self, type_: TypeId) -> &[ClassId] {
        let at = type_.0 as usize;
        let bounds = self.starts.get(at).zip(self.starts.get(at + 1));
        bounds
            .and_then(|(&start, &end)| self.children.get(start as usize..end as usize))
            .unwrap_or_default()
    }

    /// All subtypes that the app defines, each once.
    pub fn below(&self, program: &Program<'_>, type_: TypeId) -> Vec<ClassId> {
        let mut found = self.children(type_).to_vec();
        let mut seen: HashSet<ClassId> = found.iter().copied().collect();
        let mut at = 0;
        while let Some(&class) = found.get(at) {
            at += 1;
            let children = self.children(program.class(class).type_);
            found.extend(children.iter().filter(|&&child| seen.insert(child)));
        }
        found
    }

    /// Whether a class of the app is a service (`android.app.Service`).
    pub fn is_service(&self, program: &Program<'_>, class: ClassId) -> bool {
        let mut found = false;
        program.each_supertype(program.class(class).type_, |supertype| {
            found |= self.services.contains(&supertype);
        });
        found
    }

    /// Whether the app defines a subtype.
    pub fn has_subtypes(&self, type_: TypeId) -> bool {
        !self.children(type_).is_empty()
    }

    /// Names that the platform calls, for every platform type that some class
    /// of the app extends or implements.
    fn read_callbacks(&mut self, program: &Program<'_>) {
        let framework = Framework::get();
        for number in 0..program.type_count() as u32 {
            let type_ = TypeId(number);
            if program.class_of(type_).is_some() || !self.has_subtypes(type_) {
                continue;
            }
            let descriptor = program.descriptor(type_);
            let Some(class) = class_name(&descriptor) else {
                continue;
            };
            let mut names = Vec::new();
            framework.each_supertype(class, |class| {
                if class == SERVICE {
                    self.services.insert(type_);
                }
                for method in framework.methods(class) {
                    if let Some(name) = program.find_name(method) {
                        let by_user = is_user_action(class, method);
                        names.push(Overridable { name, by_user });
                    }
                }
            });
            // Of two types with one name, the one that needs no user counts.
            names.sort();
            names.dedup_by_key(|overridable| overridable.name);
            self.overridable.insert(type_, names.into());
        }
    }

    /// The methods of a class, inherited ones of the app included, that the
    /// platform calls once it has an object of it.
    pub fn callbacks(&self, program: &Program<'_>, class: ClassId) -> Vec<Callback> {
        let mut lines: Vec<ClassId> = Vec::new();
        let mut platform: Vec<&[Overridable]> = Vec::new();
        program.each_supertype(program.class(class).type_, |type_| {
            match program.class_of(type_) {
                Some(class) => lines.push(class),
                None => platform.extend(self.overridable.get(&type_).map(|names| &**names)),
            }
        });
        let mut callbacks: Vec<Callback> = Vec::new();
        // Only a subclass can have taken a selector.
        let mut taken: HashSet<Selector, RandomState> = HashSet::default();
        let last = lines.len().saturating_sub(1);
        for (at, id) in lines.into_iter().enumerate() {
            // Each method is looked for among the names of each platform type.
            if !self.spend(program.methods_of(id).len() * (1 + platform.len())) {
                break;
            }
            for method in program.methods_of(id) {
                let what = program.method(method);
                let is_virtual =
                    what.flags & (flags::STATIC | flags::PRIVATE | flags::CONSTRUCTOR) == 0;
                if !is_virtual || what.code_off == 0 {
                    continue;
                }
                let name = what.selector.name;
                let found = platform.iter().filter_map(|names| {
                    let at = names.binary_search_by_key(&name, |o| o.name).ok()?;
                    names.get(at).map(|o| o.by_user)
                });
                // When is not known: not counted as before an action of the user.
                let by_annotation = || program.is_called_by_annotation(method).then_some(true);
                if let Some(by_user) = found.reduce(|a, b| a && b).or_else(by_annotation)
                    && !taken.contains(&what.selector)
                {
                    if at < last {
                        taken.insert(what.selector);
                    }
                    callbacks.push(Callback { method, by_user });
                }
            }
        }
        callbacks
    }

    /// The method that an object of a class has under a selector: its own, one
    /// of a superclass, or the default method of an interface.
    pub fn dispatch(
        &self,
        program: &Program<'_>,
        class: ClassId,
        selector: Selector,
    ) -> Option<MethodId> {
        let mut at = Some(class);
        for _ in 0..MAX_SUPERTYPE_STEPS {
            let Some(class) = at else { break };
            if !self.spend(1) {
                return None;
            }
            if let Some(method) = program.own_method(class, selector) {
                return (program.method(method).code_off != 0).then_some(method);
            }
            let superclass = program.class(class).superclass;
            at = superclass.and_then(|type_| program.class_of(type_));
        }
        if !program.is_default(selector) {
            return None;
        }
        let mut default = None;
        program.each_supertype(program.class(class).type_, |type_| {
            self.spend(1);
            let Some(class) = program.class_of(type_) else {
                return;
            };
            if default.is_none() && program.class(class).flags & flags::INTERFACE != 0 {
                let method = program.own_method(class, selector);
                default = method.filter(|&m| program.method(m).code_off != 0);
            }
        });
        default
    }
}

/// `com/x/Y` of `Lcom/x/Y;`.
pub(super) fn class_name(descriptor: &str) -> Option<&str> {
    descriptor.strip_prefix('L')?.strip_suffix(';')
}
