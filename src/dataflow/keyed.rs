//! Calls that take a deciding constant: which source each one reads, which
//! code reflection reaches, and what stays unknown.
//!
//! A constant that is a parameter of the method that makes the call is looked
//! for in the callers, a few calls up.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::catalogue::{SourceCatalogue, SourceRef};
use super::constants::{Constants, Value, Values};
use super::graph::{CallGraph, Edge, Reverse};
use super::inventory::Finding;
use super::model::Opaque;
use super::owner::{Owner, Owners};
use super::program::{ClassId, MethodId, MethodRef, Program};
use super::references::Meanings;
use super::takers::{Taken, Taker};
use super::walk::{TakingCall, UseKind, Walk};
use crate::formats::limits::{
    MAX_ACCESS_SITES, MAX_CLASS_SUFFIXES, MAX_KEY_CALLERS, MAX_KEY_CALLS, MAX_KEY_DECISIONS,
    MAX_KEY_SEARCHES, MAX_REFLECTIVE_EDGES, MAX_SOURCE_TEXT_BYTES, MAX_SUFFIX_CLASSES,
};
use crate::sdk::schema::SourceKind;

/// Shortest end of a class name that tells generated classes from others.
const MIN_CLASS_SUFFIX: usize = 4;

/// What the constants decide.
#[derive(Debug, Default)]
pub struct Keyed<'c> {
    /// Sources that are read.
    pub findings: Vec<Finding<'c>>,
    /// What reflection with known names reaches.
    pub edges: Vec<(MethodId, Edge)>,
    /// Calls whose constant stayed unknown, by owner of the code.
    pub opaque: BTreeMap<Owner, Opaque>,
    /// Calls of which the constant tells all: the plain call is no hint.
    pub settled: BTreeSet<(MethodId, u32)>,
    /// Constants that are parameters looked at in calls of their methods.
    decisions: usize,
    /// Calls looked into for constants that are parameters.
    searches: usize,
    /// Texts of references by dex file and index, and their bytes.
    apis: BTreeMap<(u32, u32), Arc<str>>,
    api_bytes: usize,
    /// Classes by the end of their descriptor.
    by_suffix: BTreeMap<String, Vec<ClassId>>,
    /// More sources are read than are kept.
    pub findings_cut: bool,
    /// Reflection reaches more than is kept.
    pub is_cut: bool,
}

/// A call whose constant is looked for.
#[derive(Debug, Clone)]
struct Wanted {
    taker: &'static Taker,
    /// The class that a member name belongs to, where that is known.
    class: Option<Arc<str>>,
    /// Index of the reference in the dex file of the method.
    reference: u32,
    /// The method that makes the call, and where.
    method: MethodId,
    pc: u32,
    /// From the method that passes the constant on to `method`.
    chain: Vec<MethodId>,
}

/// A constant that is a parameter.
#[derive(Debug, Clone)]
struct Passed {
    wanted: Wanted,
    /// The method whose parameter it is.
    of: MethodId,
    parameter: u16,
}

/// What the look-ups are made with.
pub struct Resolver<'k, 'p, 'c> {
    /// The code.
    pub program: &'k Program<'p>,
    /// The sources.
    pub catalogue: &'k SourceCatalogue<'c>,
    /// Whose code it is.
    pub owners: &'k Owners,
    /// What references mean, by unit.
    pub meanings: &'k [Meanings<'c>],
    /// The app's own package name.
    pub package: &'k str,
}

impl<'c> Resolver<'_, '_, 'c> {
    /// Looks for the constants of all calls.
    pub fn resolve(
        &self,
        walk: &Walk,
        reverse: &Reverse,
        constants: &mut Constants<'_, '_>,
    ) -> Keyed<'c> {
        let mut keyed = Keyed::default();
        let mut passed = Vec::new();
        let hinted: BTreeSet<MethodId> = walk
            .uses
            .iter()
            .filter(|found| found.kind == UseKind::Constant)
            .map(|found| found.method)
            .collect();
        for calls in walk.taking.chunk_by(|a, b| a.method == b.method) {
            let Some(first) = calls.first() else { continue };
            let is_worth_it = hinted.contains(&first.method)
                || calls
                    .iter()
                    .any(|call| self.taker(call).is_some_and(is_looked_into));
            if is_worth_it {
                self.calls(first.method, calls, constants, &mut keyed, &mut passed);
            }
        }
        for _ in 0..MAX_KEY_CALLS {
            if passed.is_empty() {
                break;
            }
            passed = self.callers(passed, (&walk.graph, reverse), constants, &mut keyed);
        }
        for passed in passed {
            self.count(&passed.wanted, &mut keyed);
        }
        keyed
    }

    fn taker(&self, call: &TakingCall) -> Option<&'static Taker> {
        let class = self.program.class(self.program.method(call.method).class);
        let meanings = self.meanings.get(class.unit as usize)?;
        meanings.takers.get(call.taker as usize).copied()
    }

    /// The calls of one method.
    fn calls(
        &self,
        method: MethodId,
        calls: &[TakingCall],
        constants: &mut Constants<'_, '_>,
        keyed: &mut Keyed<'c>,
        passed: &mut Vec<Passed>,
    ) {
        let sites: Vec<u32> = calls.iter().map(|call| call.pc).collect();
        let mut seen = 0;
        let at = |pc: u32| {
            let place = calls.binary_search_by_key(&pc, |call| call.pc).ok()?;
            calls.get(place)
        };
        let enough = |pc: u32, arguments: &[Values]| {
            let call = at(pc);
            let taker = call.and_then(|call| self.taker(call));
            taker.is_none_or(|taker| is_told(taker, arguments))
        };
        constants.arguments(method, &sites, &enough, &mut |pc, arguments| {
            let call = at(pc);
            let Some((call, taker)) = call.and_then(|call| Some((call, self.taker(call)?))) else {
                return;
            };
            seen += 1;
            let wanted = Wanted {
                taker,
                class: None,
                reference: call.reference,
                method,
                pc,
                chain: Vec::new(),
            };
            self.arguments(wanted, arguments, keyed, passed);
        });
        // A method that was given up, or a call that no path reaches.
        for call in calls.iter().skip(seen) {
            if let Some(taker) = self.taker(call)
                && taker.taken.is_opaque_when_unresolved()
            {
                let owner = self.owners.owner(self.program.method(method).class);
                add_opaque(keyed, owner, taker.taken);
            }
        }
    }

    /// One call with what is known of its arguments.
    fn arguments(
        &self,
        mut wanted: Wanted,
        arguments: &[Values],
        keyed: &mut Keyed<'c>,
        passed: &mut Vec<Passed>,
    ) {
        match wanted.taker.taken {
            Taken::Path => {
                for path in paths(arguments) {
                    self.found(self.catalogue.path(&path), &wanted, false, keyed);
                }
            }
            Taken::Invoke => self.invoke(wanted, arguments, keyed, passed),
            Taken::MethodName | Taken::FieldName => {
                let receiver = arguments.first().map(|values| values.known.as_slice());
                let class = receiver.and_then(|known| match known {
                    [Value::Class(descriptor)] => Some(Arc::clone(descriptor)),
                    _ => None,
                });
                wanted.class = class;
                self.values(wanted, arguments, keyed, passed);
            }
            _ => self.values(wanted, arguments, keyed, passed),
        }
    }

    /// The argument that decides.
    fn values(
        &self,
        wanted: Wanted,
        arguments: &[Values],
        keyed: &mut Keyed<'c>,
        passed: &mut Vec<Passed>,
    ) {
        let Some(values) = arguments.get(wanted.taker.argument) else {
            return;
        };
        self.decide(&wanted, values, keyed, passed);
    }

    fn decide(
        &self,
        wanted: &Wanted,
        values: &Values,
        keyed: &mut Keyed<'c>,
        passed: &mut Vec<Passed>,
    ) {
        let mut is_known = values.complete && !values.known.is_empty();
        for value in &values.known {
            match value {
                Value::Parameter(parameter) if passed.len() < MAX_KEY_SEARCHES => {
                    passed.push(Passed {
                        of: wanted.chain.first().copied().unwrap_or(wanted.method),
                        wanted: wanted.clone(),
                        parameter: *parameter,
                    });
                }
                other => is_known &= self.value(wanted, other, keyed),
            }
        }
        if is_known && wanted.taker.taken == Taken::Package {
            keyed.settled.insert((wanted.method, wanted.pc));
        }
        if !is_known {
            self.count(wanted, keyed);
        }
    }

    /// One value that the deciding argument may have; whether it was told what
    /// that means.
    fn value(&self, wanted: &Wanted, value: &Value, keyed: &mut Keyed<'c>) -> bool {
        let taken = wanted.taker.taken;
        match (taken, value) {
            (Taken::Setting, Value::Text(key)) => {
                let rows = self.catalogue.setting(wanted.taker.class, key);
                self.found(&rows, wanted, false, keyed);
            }
            (Taken::Uri, Value::Uri(uri)) => {
                self.found(self.catalogue.uri(uri), wanted, false, keyed);
            }
            (Taken::Uri, Value::Text(text)) => {
                let uri = if text.contains("://") {
                    text.to_string()
                } else {
                    format!("content://{text}")
                };
                self.found(self.catalogue.uri(&uri), wanted, false, keyed);
            }
            (Taken::Uri, Value::Field { class, name, .. }) => {
                let rows: Vec<_> = self.catalogue.field(class, name).collect();
                self.found(&rows, wanted, false, keyed);
            }
            (Taken::Command, Value::Text(command)) => {
                self.found(self.catalogue.command(command), wanted, false, keyed);
            }
            (Taken::Command, Value::List(words)) => return self.words(wanted, words, keyed),
            (Taken::Package, Value::OwnPackage) => {}
            (Taken::Package, Value::Text(name)) => {
                if **name != *self.package {
                    self.other_package(wanted, keyed);
                }
            }
            (Taken::ClassName, Value::Text(name)) => self.class_name(wanted, name, keyed),
            (Taken::ClassName, Value::Partial { start, end }) => {
                self.class_suffix(wanted, start, end, keyed);
                return false;
            }
            (Taken::AllMethods, Value::Class(descriptor)) => {
                if let Some(class) = self.class_of(descriptor) {
                    self.all_methods(wanted.method, class, keyed);
                }
            }
            (Taken::MethodName | Taken::FieldName, Value::Text(name)) => {
                self.member_name(wanted, name, keyed);
            }
            (_, Value::Text(text) | Value::Action(text)) => {
                let rows = taken.kind().map(|kind| self.catalogue.constant(kind, text));
                self.found(rows.unwrap_or_default(), wanted, false, keyed);
            }
            _ => return false,
        }
        true
    }

    /// The words of a command; a shell's `-c` hands the command on.
    fn words(&self, wanted: &Wanted, words: &[Value], keyed: &mut Keyed<'c>) -> bool {
        let mut command = String::new();
        for word in words {
            let Value::Text(word) = word else {
                return false;
            };
            if !command.is_empty() {
                command.push(' ');
            }
            command.push_str(word);
        }
        let command = command.split_once(" -c ").map_or(&*command, |(_, c)| c);
        self.found(self.catalogue.command(command), wanted, false, keyed);
        true
    }

    /// Asking for another app by its name tells whether it is installed.
    fn other_package(&self, wanted: &Wanted, keyed: &mut Keyed<'c>) {
        let api = self.api(wanted, keyed);
        let Some((class, member)) = api.split_once("->") else {
            return;
        };
        let (name, proto) = member.split_at(member.find('(').unwrap_or(member.len()));
        let of = |class: &str| {
            self.catalogue
                .method(class, name, proto)
                .collect::<Vec<_>>()
        };
        let mut rows = of(class);
        if rows.is_empty() {
            rows = of(wanted.taker.class);
        }
        self.found(&rows, wanted, false, keyed);
    }

    fn class_name(&self, wanted: &Wanted, name: &str, keyed: &mut Keyed<'c>) {
        if let Some(class) = self.program.find_class(name) {
            self.made_by_name(wanted.method, class, keyed);
        }
        let rows = self.catalogue.constant(SourceKind::Reflection, name);
        self.found(rows, wanted, false, keyed);
    }

    /// Generated classes are found by a suffix (`name + "_ViewBinding"`): all of
    /// the app that have it may be meant.
    fn class_suffix(&self, wanted: &Wanted, start: &str, end: &str, keyed: &mut Keyed<'c>) {
        if !start.is_empty() || end.len() < MIN_CLASS_SUFFIX {
            return;
        }
        let suffix = format!("{};", end.replace('.', "/"));
        if keyed.by_suffix.len() >= MAX_CLASS_SUFFIXES && !keyed.by_suffix.contains_key(&suffix) {
            keyed.is_cut = true;
            return;
        }
        let known = keyed.by_suffix.entry(suffix).or_insert_with_key(|suffix| {
            let classes = self.program.classes().filter(|(_, class)| {
                let descriptor = self.program.descriptor_bytes(class.type_);
                descriptor.ends_with(suffix.as_bytes())
            });
            let classes = classes.map(|(id, _)| id);
            classes.take(MAX_SUFFIX_CLASSES).collect()
        });
        for class in known.clone() {
            self.made_by_name(wanted.method, class, keyed);
        }
    }

    /// Whether reflection may reach more.
    fn has_room(keyed: &mut Keyed<'c>) -> bool {
        let has_room = keyed.edges.len() < MAX_REFLECTIVE_EDGES;
        keyed.is_cut |= !has_room;
        has_room
    }

    /// Any method of a class may be called.
    fn all_methods(&self, by: MethodId, class: ClassId, keyed: &mut Keyed<'c>) {
        if !Self::has_room(keyed) {
            return;
        }
        let methods = self.program.methods_of(class);
        let edges = methods.map(|method| (by, Edge::method(method)));
        keyed.edges.extend(edges);
    }

    /// An object of a class that is looked up by name: any of its constructors
    /// may run.
    fn made_by_name(&self, by: MethodId, class: ClassId, keyed: &mut Keyed<'c>) {
        if !Self::has_room(keyed) {
            return;
        }
        keyed.edges.push((by, Edge::instantiates(class)));
        let constructors = self.program.methods_named(class, "<init>");
        let edges = constructors.map(|method| (by, Edge::method(method)));
        keyed.edges.extend(edges);
    }

    /// A method or field by its name: a source of its class, or one that the
    /// catalogue knows by its name alone.
    fn member_name(&self, wanted: &Wanted, name: &str, keyed: &mut Keyed<'c>) {
        let mut rows: Vec<SourceRef<'c>> = Vec::new();
        if let Some(class) = &wanted.class {
            if let Some(class) = self.class_of(class)
                && Self::has_room(keyed)
            {
                let methods = self.program.methods_named(class, name);
                let edges = methods.map(|method| (wanted.method, Edge::method(method)));
                keyed.edges.extend(edges);
            }
            rows = self.catalogue.named(class, name);
        }
        if rows.is_empty() {
            let by_name = self.catalogue.constant(SourceKind::Reflection, name);
            self.found(by_name, wanted, wanted.class.is_none(), keyed);
        } else {
            self.found(&rows, wanted, false, keyed);
        }
    }

    fn class_of(&self, descriptor: &str) -> Option<ClassId> {
        let type_ = self.program.find_type(descriptor.as_bytes())?;
        self.program.class_of(type_)
    }

    /// `Method.invoke`: of `SystemProperties.get` the first argument decides.
    fn invoke(
        &self,
        wanted: Wanted,
        arguments: &[Values],
        keyed: &mut Keyed<'c>,
        passed: &mut Vec<Passed>,
    ) {
        let method = arguments.first().map_or(&[][..], |values| &values.known);
        let [Value::Member { class, name }] = method else {
            return self.count(&wanted, keyed);
        };
        let is_property =
            class.as_deref() == Some("Landroid/os/SystemProperties;") && name.starts_with("get");
        if !is_property {
            if class.is_none() {
                self.count(&wanted, keyed);
            }
            return;
        }
        let key = arguments.get(2).and_then(|values| match &*values.known {
            [Value::List(list)] => list.first().cloned(),
            _ => None,
        });
        let values = Values {
            complete: key.is_some(),
            known: key.into_iter().collect(),
        };
        self.decide(&wanted, &values, keyed, passed);
    }

    fn found(
        &self,
        rows: &[SourceRef<'c>],
        wanted: &Wanted,
        candidate: bool,
        keyed: &mut Keyed<'c>,
    ) {
        if rows.is_empty() {
            return;
        }
        if keyed.findings.len() >= MAX_ACCESS_SITES {
            keyed.findings_cut = true;
            return;
        }
        let api = self.api(wanted, keyed);
        for &row in rows {
            keyed.findings.push(Finding {
                row,
                api: Arc::clone(&api),
                method: wanted.method,
                pc: wanted.pc,
                given_by: wanted.chain.clone(),
                candidate,
            });
        }
    }

    /// The reference of a call as the code writes it; where such texts are longer
    /// than is kept, the method of the platform that it means.
    fn api(&self, wanted: &Wanted, keyed: &mut Keyed<'c>) -> Arc<str> {
        let class = self.program.class(self.program.method(wanted.method).class);
        let key = (class.unit, wanted.reference);
        if let Some(known) = keyed.apis.get(&key) {
            return Arc::clone(known);
        }
        let taker = wanted.taker;
        let references = &self.program.unit_of(wanted.method).methods;
        let reference = references
            .get(wanted.reference as usize)
            .filter(|_| keyed.api_bytes < MAX_SOURCE_TEXT_BYTES);
        let api: Arc<str> = match reference {
            Some(&reference) => self.program.reference(reference).into(),
            None => format!("{}->{}", taker.class, taker.method).into(),
        };
        keyed.api_bytes += api.len();
        keyed.apis.insert(key, Arc::clone(&api));
        api
    }

    /// The constant stays unknown.
    fn count(&self, wanted: &Wanted, keyed: &mut Keyed<'c>) {
        if wanted.taker.taken.is_opaque_when_unresolved() {
            let at = wanted.chain.first().copied().unwrap_or(wanted.method);
            let owner = self.owners.owner(self.program.method(at).class);
            add_opaque(keyed, owner, wanted.taker.taken);
        }
    }

    /// One call further up.
    fn callers(
        &self,
        passed: Vec<Passed>,
        (graph, reverse): (&CallGraph, &Reverse),
        constants: &mut Constants<'_, '_>,
        keyed: &mut Keyed<'c>,
    ) -> Vec<Passed> {
        let mut by_method: BTreeMap<MethodId, Vec<Passed>> = BTreeMap::new();
        for one in passed {
            by_method.entry(one.of).or_default().push(one);
        }
        // A caller of several is looked into once.
        let mut by_caller: BTreeSet<MethodId> = BTreeSet::new();
        for (method, waiting) in &by_method {
            let callers = self.callers_of(*method, graph, reverse);
            keyed.searches += callers.len() * waiting.len();
            let is_searched = keyed.searches <= MAX_KEY_SEARCHES;
            if callers.is_empty() || callers.len() > MAX_KEY_CALLERS || !is_searched {
                waiting
                    .iter()
                    .for_each(|one| self.count(&one.wanted, keyed));
            } else {
                by_caller.extend(callers);
            }
        }
        let mut further = Vec::new();
        for caller in by_caller {
            self.caller(caller, &by_method, constants, keyed, &mut further);
        }
        further
    }

    /// The calls of some methods in one caller.
    fn caller(
        &self,
        caller: MethodId,
        by_method: &BTreeMap<MethodId, Vec<Passed>>,
        constants: &mut Constants<'_, '_>,
        keyed: &mut Keyed<'c>,
        further: &mut Vec<Passed>,
    ) {
        let is_wanted = |method| by_method.contains_key(&method);
        let calls = self.program.calls_to(caller, is_wanted);
        let sites: Vec<u32> = calls.iter().map(|call| call.0).collect();
        let waiting = |pc: u32| {
            let place = calls.binary_search_by_key(&pc, |call| call.0).ok();
            let method = place.and_then(|at| calls.get(at)).map(|call| call.1);
            let waiting = method.and_then(|method| by_method.get(&method));
            waiting.map_or(&[][..], Vec::as_slice)
        };
        let enough = |pc: u32, arguments: &[Values]| {
            waiting(pc).iter().all(|one| {
                let values = arguments.get(usize::from(one.parameter));
                values.is_some_and(|values| values.complete)
            })
        };
        constants.arguments(caller, &sites, &enough, &mut |pc, arguments| {
            for one in waiting(pc) {
                keyed.decisions += 1;
                if keyed.decisions > MAX_KEY_DECISIONS {
                    keyed.findings_cut = true;
                    return;
                }
                if one.wanted.chain.contains(&caller) {
                    continue;
                }
                let Some(values) = arguments.get(usize::from(one.parameter)) else {
                    continue;
                };
                let mut wanted = one.wanted.clone();
                if wanted.chain.is_empty() {
                    wanted.chain.push(wanted.method);
                }
                wanted.chain.insert(0, caller);
                self.decide(&wanted, values, keyed, further);
            }
        });
    }

    /// Who calls a method: by name, or by a reference to its class that needs a
    /// dispatch.
    fn callers_of(&self, method: MethodId, graph: &CallGraph, reverse: &Reverse) -> Vec<MethodId> {
        let what = self.program.method(method);
        let reference = MethodRef {
            class: self.program.class(what.class).type_,
            selector: what.selector,
        };
        let mut callers = reverse.sources(Edge::method(method)).to_vec();
        if let Some(callee) = graph.find_callee(reference) {
            callers.extend(reverse.sources(Edge::dispatched(callee)));
        }
        callers.sort_unstable();
        callers.dedup();
        callers
    }
}

/// Whether a call is worth following its constant where its method holds none of
/// the catalogue's: files and intents are made everywhere, and read or sent
/// where others are.
fn is_looked_into(taker: &Taker) -> bool {
    match taker.taken {
        Taken::Action => false,
        Taken::Path => taker.class != "Ljava/io/File;",
        _ => true,
    }
}

/// Whether the arguments that decide are wholly known.
fn is_told(taker: &Taker, arguments: &[Values]) -> bool {
    let told = |at: usize| {
        let values = arguments.get(at);
        values.is_some_and(|values| values.complete && !values.known.is_empty())
    };
    match taker.taken {
        Taken::MethodName | Taken::FieldName | Taken::Invoke => told(0) && told(taker.argument),
        Taken::Path => told(1) && (arguments.len() < 3 || told(2)),
        _ => told(taker.argument),
    }
}

fn add_opaque(keyed: &mut Keyed<'_>, owner: &Owner, taken: Taken) {
    let counts = keyed.opaque.entry(owner.clone()).or_default();
    match taken {
        Taken::ClassName | Taken::MethodName | Taken::FieldName | Taken::Invoke => {
            counts.reflection += 1;
        }
        _ => counts.constants += 1,
    }
}

/// The paths that the arguments of `File(String)`, `File(File, String)`,
/// `FileReader(File)` and so on may give.
fn paths(arguments: &[Values]) -> Vec<String> {
    let texts = |at: usize| -> Vec<String> {
        let known = arguments.get(at).map_or(&[][..], |values| &values.known);
        let text = |value: &Value| match value {
            Value::Text(text) | Value::Path { text, .. } => Some(text.to_string()),
            _ => None,
        };
        known.iter().filter_map(text).collect()
    };
    let (heads, tails) = (texts(1), texts(2));
    if arguments.len() < 3 || tails.is_empty() {
        return heads;
    }
    if heads.is_empty() {
        return tails;
    }
    let join = |head: &String| {
        let head = head.trim_end_matches('/').to_owned();
        let tails = tails.iter();
        tails.map(move |tail| format!("{head}/{}", tail.trim_start_matches('/')))
    };
    heads.iter().flat_map(join).collect()
}
