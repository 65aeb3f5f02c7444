//! All dex code of an app as one program: types, classes and methods under
//! numbers that hold across dex files, and how references resolve.
//!
//! Of several classes of one name the first is the one that runs (Android's
//! `DexPathList.findClass`); the others are kept, since an inventory lists all
//! code, but no reference leads to them.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use crate::app::App;
use crate::formats::dex::{self, CodeItem, Dex, IndexKind, MethodAnnotations, WalkBudget, mutf8};
use crate::formats::limits::{
    MAX_CLASS_NAME_BYTES, MAX_DEX_PARAMETERS, MAX_METHOD_TEXT_BYTES, MAX_SUPERTYPE_STEPS,
};

use super::framework::Framework;
use super::intern::{Interner, Lists};

/// A type, by its descriptor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub u32);

/// A class that the app defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassId(pub u32);

/// A method that the app defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MethodId(pub u32);

/// A method's name with its prototype, by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Selector {
    /// Equal names have equal numbers.
    pub name: u32,
    /// Return type and parameters, likewise.
    pub proto: u32,
}

/// A method reference: the static receiver and what is called on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MethodRef {
    /// The class named in the reference.
    pub class: TypeId,
    /// Name and prototype.
    pub selector: Selector,
}

/// A class that the app defines.
#[derive(Debug, Clone)]
pub struct Class {
    /// Its type.
    pub type_: TypeId,
    /// Index into [`Program::units`].
    pub unit: u32,
    /// Index of its definition in the dex file.
    pub definition: u32,
    /// `ACC_*` flags.
    pub flags: u32,
    /// Superclass; `None` for `java.lang.Object`.
    pub superclass: Option<TypeId>,
    interfaces: (u32, u32),
    methods: (u32, u32),
}

/// A method that the app defines.
#[derive(Debug, Clone, Copy)]
pub struct Method {
    /// The class.
    pub class: ClassId,
    /// Name and prototype.
    pub selector: Selector,
    /// `ACC_*` flags.
    pub flags: u32,
    /// Byte offset of its code; 0 without code.
    pub code_off: u32,
}

/// One dex file with the numbers of what it refers to.
#[derive(Debug)]
pub struct Unit<'p> {
    /// Its place among the app's units of code.
    pub number: usize,
    /// Entry, with its nested place.
    pub place: &'p str,
    /// The file.
    pub dex: Dex<'p>,
    /// By index of the type.
    pub types: Vec<TypeId>,
    /// By index of the method reference.
    pub methods: Vec<MethodRef>,
    /// By index of the method reference: the method that this file defines
    /// under it, [`NO_METHOD`] without.
    defined: Vec<u32>,
    /// First class, and the one behind the last.
    classes: (u32, u32),
}

impl Unit<'_> {
    /// Its classes.
    pub fn classes(&self) -> impl ExactSizeIterator<Item = ClassId> + use<> {
        (self.classes.0..self.classes.1).map(ClassId)
    }
}

/// Where a reference leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolved {
    /// To a method of the app.
    Method(MethodId),
    /// Out of the app: the first supertype that it does not define.
    Outside(TypeId),
    /// Nowhere: no supertype has it.
    Missing,
}

/// Flags of the dex format.
pub mod flags {
    /// `ACC_PUBLIC`.
    pub const PUBLIC: u32 = 0x1;
    /// `ACC_PRIVATE`.
    pub const PRIVATE: u32 = 0x2;
    /// `ACC_PROTECTED`.
    pub const PROTECTED: u32 = 0x4;
    /// `ACC_STATIC`.
    pub const STATIC: u32 = 0x8;
    /// `ACC_FINAL`.
    pub const FINAL: u32 = 0x10;
    /// `ACC_INTERFACE`.
    pub const INTERFACE: u32 = 0x200;
    /// `ACC_ABSTRACT`.
    pub const ABSTRACT: u32 = 0x400;
    /// `ACC_CONSTRUCTOR`.
    pub const CONSTRUCTOR: u32 = 0x1_0000;
}

const NO_CLASS: u32 = u32::MAX;
const NO_METHOD: u32 = u32::MAX;
/// The annotation of methods that a page in a `WebView` may call
/// (developer.android.com, `WebView.addJavascriptInterface`).
const PAGE_CALL: &[u8] = b"Landroid/webkit/JavascriptInterface;";
/// Annotations that only describe: of languages and checkers.
const DESCRIPTIVE: [&[u8]; 3] = [
    b"Lkotlin/",
    b"Ljavax/annotation/",
    b"Lorg/checkerframework/",
];
/// The annotation that the Kotlin compiler gives every class: long, and it names
/// no class.
const METADATA: &[u8] = b"Lkotlin/Metadata;";
/// Supertypes up to which comparing each with each is faster than a set.
const FEW_SUPERTYPES: usize = 16;
/// Bytes that most names with their prototype fit in.
const TEXT_BYTES: usize = 64;

/// All dex code of an app.
#[derive(Debug, Default)]
pub struct Program<'p> {
    units: Vec<Unit<'p>>,
    types: Interner<'p>,
    names: Interner<'p>,
    /// Types of return values and parameters.
    protos: Lists,
    /// Selectors under which some interface has a method with code.
    defaults: HashSet<Selector, RandomState>,
    /// By type; [`NO_CLASS`] where the app does not define it.
    class_of: Vec<u32>,
    classes: Vec<Class>,
    interfaces: Vec<TypeId>,
    methods: Vec<Method>,
    /// Classes with those that their annotations name, sorted.
    annotated: Vec<(ClassId, TypeId)>,
    /// Methods that are annotated for those who call them by reflection: web
    /// pages, event buses and so on; sorted.
    called_by_annotation: Vec<MethodId>,
    incomplete: Vec<&'p str>,
    /// Names of methods that were cut: different ones may be taken for one.
    cut_names: usize,
    /// Classes with more supertypes than are looked at.
    too_deep: usize,
    /// Classes under names of the platform, which never run.
    platform_classes: usize,
}

/// Where the runtime looks for a class first: in what Android loads itself, by
/// the numbers of `classes.dex`, `classes2.dex`; in assets and other files last.
fn load_order(place: &str) -> (bool, u32, &str) {
    let name = place.rsplit(['!', '/']).next().unwrap_or(place);
    let number = name
        .strip_prefix("classes")
        .and_then(|rest| rest.strip_suffix(".dex"))
        .and_then(|number| {
            if number.is_empty() {
                Some(1)
            } else {
                number.parse().ok()
            }
        });
    let is_loaded = number.is_some() && !place.contains("assets/");
    (!is_loaded, number.unwrap_or(u32::MAX), place)
}

/// Whether the platform has a class of this descriptor.
fn is_platform(descriptor: &[u8]) -> bool {
    let prefixes: [&[u8]; 3] = [b"Landroid/", b"Ljava/", b"Ldalvik/"];
    prefixes.iter().any(|prefix| descriptor.starts_with(prefix))
        && descriptor
            .strip_prefix(b"L")
            .and_then(|name| std::str::from_utf8(name.strip_suffix(b";")?).ok())
            .is_some_and(|name| Framework::get().contains(name))
}

impl<'p> Program<'p> {
    /// Reads the tables of every dex file. Class files have no place here.
    pub fn read(app: &'p App<'_>) -> Self {
        let mut program = Self::default();
        let mut annotated = Vec::new();
        let mut units: Vec<_> = app.code.iter().enumerate().collect();
        units.sort_by_key(|(_, unit)| load_order(&unit.place));
        for (number, unit) in units {
            if let Some(dex) = unit.dex() {
                program.add(number, dex, &unit.place, &mut annotated);
            }
        }
        // An annotation that the app brings along is there for code of the app.
        let page_call = program.find_type(PAGE_CALL);
        annotated.retain(|&(_, type_)| {
            let descriptor = program.descriptor_bytes(type_);
            let is_said = || DESCRIPTIVE.iter().any(|said| descriptor.starts_with(said));
            Some(type_) == page_call || program.class_of(type_).is_some() && !is_said()
        });
        program.called_by_annotation = annotated.into_iter().map(|(method, _)| method).collect();
        program.called_by_annotation.sort_unstable();
        program.count_too_deep();
        program.methods.shrink_to_fit();
        program.classes.shrink_to_fit();
        program
    }

    fn add(
        &mut self,
        number: usize,
        dex: Dex<'p>,
        place: &'p str,
        annotated: &mut Vec<(MethodId, TypeId)>,
    ) {
        let types = self.add_types(&dex);
        let protos = self.add_protos(&dex, &types);
        let methods = self.add_method_refs(&dex, &types, &protos);
        let mut unit = Unit {
            number,
            place,
            defined: vec![NO_METHOD; methods.len()],
            classes: (0, 0),
            dex,
            types,
            methods,
        };
        self.class_of.resize(self.types.len(), NO_CLASS);
        let first = self.classes.len() as u32;
        self.add_classes(&mut unit, annotated);
        unit.classes = (first, self.classes.len() as u32);
        self.units.push(unit);
    }

    fn add_types(&mut self, dex: &Dex<'p>) -> Vec<TypeId> {
        let descriptor = |index| {
            let string = dex.type_string(index)?;
            dex.string_start(string, MAX_CLASS_NAME_BYTES)
        };
        (0..dex.type_count())
            .map(|index| TypeId(self.types.intern(descriptor(index).unwrap_or_default())))
            .collect()
    }

    /// Prototypes. Parameter lists may overlap in a hostile file: their copies
    /// are paid for.
    fn add_protos(&mut self, dex: &Dex<'p>, types: &[TypeId]) -> Vec<u32> {
        let mut budget = WalkBudget::new(dex);
        let mut key = Vec::new();
        let unknown = self.types.intern(b"?");
        let mut number_of = |index| {
            key.clear();
            if let Some(proto) = dex.proto(index) {
                let mut parameters = dex.parameters(&proto);
                if !budget.spend(parameters.len().min(MAX_DEX_PARAMETERS) * 4) {
                    parameters = Default::default();
                }
                for index in
                    std::iter::once(proto.return_type).chain(parameters.take(MAX_DEX_PARAMETERS))
                {
                    key.push(types.get(index as usize).map_or(unknown, |t| t.0));
                }
            }
            self.protos.number(&key)
        };
        (0..dex.proto_count()).map(&mut number_of).collect()
    }

    fn add_method_refs(
        &mut self,
        dex: &Dex<'p>,
        types: &[TypeId],
        protos: &[u32],
    ) -> Vec<MethodRef> {
        const UNSEEN: u32 = u32::MAX;
        let mut names = vec![UNSEEN; dex.string_count() as usize];
        let mut read = |index: u32| {
            let method = dex.method(index)?;
            let known = names.get_mut(method.name as usize)?;
            if *known == UNSEEN {
                let name = dex.string_start(method.name, MAX_CLASS_NAME_BYTES)?;
                self.cut_names += usize::from(name.len() >= MAX_CLASS_NAME_BYTES);
                *known = self.names.intern(name);
            }
            let proto = *protos.get(method.proto as usize)?;
            Some(MethodRef {
                class: *types.get(method.class as usize)?,
                selector: Selector {
                    name: *known,
                    proto,
                },
            })
        };
        let unreadable = MethodRef {
            class: TypeId(u32::MAX),
            selector: Selector {
                name: u32::MAX,
                proto: u32::MAX,
            },
        };
        (0..dex.method_count())
            .map(|index| read(index).unwrap_or(unreadable))
            .collect()
    }

    fn add_classes(
        &mut self,
        unit: &mut Unit<'p>,
        annotated_methods: &mut Vec<(MethodId, TypeId)>,
    ) {
        let mut budget = WalkBudget::new(&unit.dex);
        let index_of = |descriptor: &[u8]| {
            let type_ = self.find_type(descriptor)?;
            let index = unit.types.iter().position(|&known| known == type_)?;
            u32::try_from(index).ok()
        };
        let metadata = index_of(METADATA);
        let mut own = Vec::new();
        for (definition, class) in unit.dex.class_defs().enumerate() {
            let Some(&type_) = unit.types.get(class.class_idx as usize) else {
                continue;
            };
            let id = ClassId(self.classes.len() as u32);
            let first_interface = self.interfaces.len() as u32;
            let interfaces = budget.interfaces(&unit.dex, &class);
            let known = interfaces.filter_map(|index| unit.types.get(index as usize));
            self.interfaces.extend(known);
            let first_method = self.methods.len() as u32;
            if let Ok(members) = budget.class_data(&unit.dex, &class) {
                own.clear();
                own.extend(members.methods().filter_map(|method| {
                    let reference = unit.methods.get(method.index as usize)?;
                    Some((reference.selector, method))
                }));
                own.sort_by_key(|(selector, _)| *selector);
                let is_interface = class.access_flags & flags::INTERFACE != 0;
                self.add_methods(id, is_interface, &own, &mut unit.defined);
                let annotations = budget.method_annotations(&unit.dex, &class);
                for (index, type_) in annotations.iter().flat_map(MethodAnnotations::types) {
                    let method = unit.defined.get(index as usize).copied();
                    let method = method.filter(|&number| number >= first_method);
                    let type_ = unit.types.get(type_ as usize);
                    if let (Some(method), Some(&type_)) = (method, type_) {
                        annotated_methods.push((MethodId(method), type_));
                    }
                }
            }
            if is_platform(self.types.bytes(type_.0)) {
                // The boot class path wins: nothing leads to this one.
                self.platform_classes += 1;
            } else if let Some(slot) = self.class_of.get_mut(type_.0 as usize)
                && *slot == NO_CLASS
            {
                *slot = id.0;
            }
            let named = unit
                .dex
                .classes_in_annotations(&class, metadata, &mut budget)
                .into_iter()
                .filter_map(|index| unit.types.get(index as usize));
            self.annotated.extend(named.map(|&type_| (id, type_)));
            let superclass = class.superclass_idx;
            self.classes.push(Class {
                type_,
                unit: self.units.len() as u32,
                definition: definition as u32,
                flags: class.access_flags,
                superclass: superclass.and_then(|index| unit.types.get(index as usize).copied()),
                interfaces: (first_interface, self.interfaces.len() as u32),
                methods: (first_method, self.methods.len() as u32),
            });
        }
        if budget.is_exhausted() {
            self.incomplete.push(unit.place);
        }
    }

    /// The methods of one class, sorted.
    fn add_methods(
        &mut self,
        class: ClassId,
        is_interface: bool,
        own: &[(Selector, dex::Method)],
        defined: &mut [u32],
    ) {
        for &(selector, method) in own {
            if let Some(slot) = defined.get_mut(method.index as usize)
                && *slot == NO_METHOD
            {
                *slot = self.methods.len() as u32;
            }
            self.methods.push(Method {
                class,
                selector,
                flags: method.access_flags,
                code_off: method.code_off,
            });
            if is_interface && method.code_off != 0 {
                self.defaults.insert(selector);
            }
        }
    }

    fn count_too_deep(&mut self) {
        let mut bounds = vec![0; self.classes.len()];
        let too_deep = (0..self.classes.len() as u32).filter(|&number| {
            let id = ClassId(number);
            if self.supertypes_at_most(id, &mut bounds, 0) < MAX_SUPERTYPE_STEPS {
                return false;
            }
            let mut met = 0;
            let mut named = 0;
            self.each_supertype(self.class(id).type_, |type_| {
                met += 1;
                named += self
                    .class_of(type_)
                    .map_or(0, |class| self.interfaces(class).len());
            });
            met >= MAX_SUPERTYPE_STEPS || named > 3 * MAX_SUPERTYPE_STEPS
        });
        self.too_deep = too_deep.count();
    }

    /// A number that the supertypes of a class, itself included, do not exceed,
    /// up to the most that are looked at; `bounds` are those found so far.
    fn supertypes_at_most(&self, class: ClassId, bounds: &mut [u16], depth: usize) -> usize {
        let at = class.0 as usize;
        match bounds.get(at).copied() {
            Some(0) if depth < MAX_SUPERTYPE_STEPS => {}
            Some(0) | None => return MAX_SUPERTYPE_STEPS,
            Some(known) => return known.into(),
        }
        let mut bound = 1;
        for supertype in self.supertypes(class) {
            bound += match self.class_of(supertype) {
                Some(above) => self.supertypes_at_most(above, bounds, depth + 1),
                None => 1,
            };
            if bound >= MAX_SUPERTYPE_STEPS {
                bound = MAX_SUPERTYPE_STEPS;
                break;
            }
        }
        bounds[at] = bound as u16;
        bound
    }

    /// Classes under names of the platform: the runtime never takes them.
    pub fn platform_classes(&self) -> usize {
        self.platform_classes
    }

    /// Names of methods that were cut, and classes with more supertypes than
    /// are looked at: calls may lead elsewhere than is said.
    pub fn cut(&self) -> (usize, usize) {
        (self.cut_names, self.too_deep)
    }

    /// Whether a class of the app, or one above it, defines a field of a name.
    /// Classes may share their members: `spend` is told how many are looked at,
    /// and false from it ends the search.
    pub fn defines_field(&self, class: ClassId, name: &str, spend: impl Fn(usize) -> bool) -> bool {
        let mut found = false;
        self.each_supertype(self.class(class).type_, |type_| {
            let Some(class) = self.class_of(type_).map(|class| self.class(class)) else {
                return;
            };
            let dex = self.units.get(class.unit as usize).map(|unit| unit.dex);
            let fields = dex.and_then(|dex| {
                let definition = dex.class_def(class.definition)?;
                Some((dex, dex.class_data(&definition).ok()?))
            });
            let fields = fields.filter(|(_, members)| spend(members.field_count() as usize));
            found |= fields.is_some_and(|(dex, members)| {
                let named = |index| {
                    dex.string(dex.field(index)?.name)
                        .filter(|text| text == name)
                };
                members.fields().any(|field| named(field.index).is_some())
            });
        });
        found
    }

    /// The dex files, in the order of the app's code.
    pub fn units(&self) -> &[Unit<'p>] {
        &self.units
    }

    /// Dex files of which not all classes were read.
    pub fn incomplete(&self) -> &[&'p str] {
        &self.incomplete
    }

    /// All classes, in order of definition.
    pub fn classes(&self) -> impl ExactSizeIterator<Item = (ClassId, &Class)> {
        let numbered = self.classes.iter().enumerate();
        numbered.map(|(number, class)| (ClassId(number as u32), class))
    }

    /// All methods; those of one class stand together, sorted by selector.
    pub fn methods(&self) -> &[Method] {
        &self.methods
    }

    /// A class.
    pub fn class(&self, id: ClassId) -> &Class {
        &self.classes[id.0 as usize]
    }

    /// A method.
    pub fn method(&self, id: MethodId) -> &Method {
        &self.methods[id.0 as usize]
    }

    /// Number of types seen.
    pub fn type_count(&self) -> usize {
        self.types.len()
    }

    /// The class that runs under a type.
    pub fn class_of(&self, type_: TypeId) -> Option<ClassId> {
        let class = self.class_of.get(type_.0 as usize).copied()?;
        (class != NO_CLASS).then_some(ClassId(class))
    }

    /// Whether a class is the one that runs under its name.
    pub fn is_first_definition(&self, id: ClassId) -> bool {
        self.class_of(self.class(id).type_) == Some(id)
    }

    /// The type of a descriptor, if anything refers to it.
    pub fn find_type(&self, descriptor: &[u8]) -> Option<TypeId> {
        self.types.find_bytes(descriptor).map(TypeId)
    }

    /// The class of a dotted name.
    pub fn find_class(&self, dotted: &str) -> Option<ClassId> {
        let descriptor = format!("L{};", dotted.replace('.', "/"));
        self.class_of(self.find_type(descriptor.as_bytes())?)
    }

    /// Interfaces that a class names itself.
    pub fn interfaces(&self, id: ClassId) -> &[TypeId] {
        let (start, end) = self.class(id).interfaces;
        self.interfaces
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    /// Superclass, then interfaces.
    pub fn supertypes(&self, id: ClassId) -> impl Iterator<Item = TypeId> {
        let interfaces = self.interfaces(id).iter().copied();
        self.class(id).superclass.into_iter().chain(interfaces)
    }

    /// The methods of a class, sorted by selector.
    pub fn methods_of(&self, id: ClassId) -> impl ExactSizeIterator<Item = MethodId> + use<> {
        let (start, end) = self.class(id).methods;
        (start..end).map(MethodId)
    }

    /// The method that a class itself defines.
    pub fn own_method(&self, class: ClassId, selector: Selector) -> Option<MethodId> {
        let (start, end) = self.class(class).methods;
        let own = self.methods.get(start as usize..end as usize)?;
        let at = own.binary_search_by_key(&selector, |m| m.selector).ok()?;
        Some(MethodId(start + at as u32))
    }

    /// The method of a class by its name and prototype, as `onCreate` and
    /// `()V`.
    pub fn find_method(&self, class: ClassId, name: &str, proto: &str) -> Option<MethodId> {
        self.methods_named(class, name)
            .find(|&id| self.proto(self.method(id).selector) == proto)
    }

    /// The methods of a class with a name.
    pub fn methods_named(
        &self,
        class: ClassId,
        name: &str,
    ) -> impl Iterator<Item = MethodId> + use<> {
        let (start, end) = self.class(class).methods;
        let own = self.methods.get(start as usize..end as usize);
        let own = own.unwrap_or_default();
        // They are sorted by the number of their name first.
        let (first, behind) = self.find_name(name).map_or((0, 0), |number| {
            let first = own.partition_point(|method| method.selector.name < number);
            let behind = own.partition_point(|method| method.selector.name <= number);
            (first as u32, behind as u32)
        });
        (start + first..start + behind).map(MethodId)
    }

    /// Where a reference leads: up the superclasses, then up the interfaces
    /// (default methods), as the runtime's `ResolveMethod`.
    pub fn resolve(&self, reference: MethodRef) -> Resolved {
        if self.class_of(reference.class).is_none() {
            return Resolved::Outside(reference.class);
        }
        let mut at = Some(reference.class);
        let mut outside = None;
        for _ in 0..MAX_SUPERTYPE_STEPS {
            let Some(type_) = at else { break };
            let Some(class) = self.class_of(type_) else {
                outside = Some(type_);
                break;
            };
            if let Some(method) = self.own_method(class, reference.selector) {
                return Resolved::Method(method);
            }
            at = self.class(class).superclass;
        }
        if let Some(type_) = outside
            && !self.is_default(reference.selector)
        {
            return Resolved::Outside(type_);
        }
        let mut inherited = None;
        self.each_supertype(reference.class, |type_| match self.class_of(type_) {
            Some(class) => {
                let method = self.own_method(class, reference.selector);
                let concrete = method.filter(|&m| self.method(m).code_off != 0);
                inherited = inherited.or(concrete);
            }
            None => outside = outside.or(Some(type_)),
        });
        match (inherited, outside) {
            (Some(method), _) => Resolved::Method(method),
            (None, Some(type_)) => Resolved::Outside(type_),
            (None, None) => Resolved::Missing,
        }
    }

    /// [`Program::resolve`] of a reference of a dex file, by its index.
    pub fn resolve_in(&self, unit: &Unit<'_>, index: u32) -> Resolved {
        let Some(&reference) = unit.methods.get(index as usize) else {
            return Resolved::Missing;
        };
        // Most references are to what their own file defines.
        if let Some(&own) = unit.defined.get(index as usize)
            && let Some(method) = self.methods.get(own as usize)
            && self.class_of(reference.class) == Some(method.class)
        {
            return Resolved::Method(MethodId(own));
        }
        self.resolve(reference)
    }

    /// Classes of the app that the annotations of a class name.
    pub fn named_by_annotations(&self, class: ClassId) -> impl Iterator<Item = ClassId> + '_ {
        let first = self.annotated.partition_point(|(of, _)| *of < class);
        let own = self.annotated.iter().skip(first);
        let own = own.take_while(move |(of, _)| *of == class);
        own.filter_map(|(_, type_)| self.class_of(*type_))
    }

    /// Whether a method is annotated for somebody who calls it by reflection once
    /// he is given the object: a web page, an event bus.
    pub fn is_called_by_annotation(&self, method: MethodId) -> bool {
        self.called_by_annotation.binary_search(&method).is_ok()
    }

    /// Whether some interface has a method with code under a selector.
    pub fn is_default(&self, selector: Selector) -> bool {
        self.defaults.contains(&selector)
    }

    /// Calls `visit` for a type and every supertype that the app names, each
    /// once, nearest first.
    pub fn each_supertype(&self, type_: TypeId, mut visit: impl FnMut(TypeId)) {
        let mut found = Vec::with_capacity(8);
        found.push(type_);
        // Most types have a handful of supertypes: those are compared one by one.
        let mut seen: HashSet<TypeId, RandomState> = HashSet::default();
        let mut at = 0;
        // A list may name one interface again and again.
        let mut looked = 0;
        while let Some(&type_) = found.get(at) {
            at += 1;
            visit(type_);
            let Some(class) = self.class_of(type_) else {
                continue;
            };
            for supertype in self.supertypes(class) {
                looked += 1;
                if found.len() >= MAX_SUPERTYPE_STEPS || looked > 4 * MAX_SUPERTYPE_STEPS {
                    break;
                }
                let is_new = if found.len() < FEW_SUPERTYPES {
                    !found.contains(&supertype)
                } else {
                    if seen.is_empty() {
                        seen.extend(&found);
                    }
                    seen.insert(supertype)
                };
                if is_new {
                    found.push(supertype);
                }
            }
        }
    }

    /// Where a method calls some others by references that resolve to them: in
    /// order, with the method called.
    pub fn calls_to(
        &self,
        caller: MethodId,
        is_wanted: impl Fn(MethodId) -> bool,
    ) -> Vec<(u32, MethodId)> {
        let Some(code) = self.code(caller) else {
            return Vec::new();
        };
        let unit = self.unit_of(caller);
        let mut known: HashMap<u32, Option<MethodId>, RandomState> = HashMap::default();
        let mut called = |index: u32| {
            *known
                .entry(index)
                .or_insert_with(|| match self.resolve_in(unit, index) {
                    Resolved::Method(method) => is_wanted(method).then_some(method),
                    Resolved::Outside(_) | Resolved::Missing => None,
                })
        };
        let calls = code
            .instructions()
            .filter(|instruction| instruction.index_kind() == IndexKind::Method);
        calls
            .filter_map(|call| Some((call.pc, called(call.index()?)?)))
            .collect()
    }

    /// The code of a method.
    pub fn code(&self, id: MethodId) -> Option<CodeItem<'p>> {
        let method = self.method(id);
        if method.code_off == 0 {
            return None;
        }
        self.unit_of(id).dex.code(method.code_off).ok()
    }

    /// The dex file that defines a method.
    pub fn unit_of(&self, id: MethodId) -> &Unit<'p> {
        let class = self.class(self.method(id).class);
        &self.units[class.unit as usize]
    }

    /// The raw descriptor of a type.
    pub fn descriptor_bytes(&self, type_: TypeId) -> &[u8] {
        self.types.bytes(type_.0)
    }

    /// The descriptor of a type.
    pub fn descriptor(&self, type_: TypeId) -> String {
        mutf8::decode(self.descriptor_bytes(type_)).into_owned()
    }

    /// The selector of a name and a signature (return type, then parameters),
    /// if some method reference has it.
    pub fn find_selector(&self, name: &str, signature: &[&str]) -> Option<Selector> {
        let name = self.find_name(name)?;
        let types = signature.iter();
        let types: Option<Vec<u32>> = types
            .map(|descriptor| Some(self.find_type(descriptor.as_bytes())?.0))
            .collect();
        let proto = self.protos.find(&types?)?;
        Some(Selector { name, proto })
    }

    /// The number of a name that some method reference has.
    pub fn find_name(&self, name: &str) -> Option<u32> {
        self.names.find_bytes(name.as_bytes())
    }

    /// Number of names seen.
    pub fn name_count(&self) -> usize {
        self.names.len()
    }

    /// The raw name of a selector.
    pub fn name_bytes(&self, selector: Selector) -> &[u8] {
        self.names.bytes(selector.name)
    }

    /// The name of a selector.
    pub fn name(&self, selector: Selector) -> String {
        mutf8::decode(self.name_bytes(selector)).into_owned()
    }

    /// Return type, then parameters.
    pub fn signature(&self, selector: Selector) -> impl ExactSizeIterator<Item = TypeId> + '_ {
        let types = self.protos.list(selector.proto);
        types.iter().map(|&type_| TypeId(type_))
    }

    /// The prototype of a selector: `(Landroid/os/Bundle;)V`.
    pub fn proto(&self, selector: Selector) -> String {
        let mut out = String::new();
        self.write_proto(selector, &mut out);
        out
    }

    fn write_proto(&self, selector: Selector, out: &mut String) {
        let mut types = self.signature(selector);
        let result = types.next();
        out.push('(');
        for type_ in types {
            if out.len() > MAX_METHOD_TEXT_BYTES {
                out.push('…');
                break;
            }
            out.push_str(&mutf8::decode(self.descriptor_bytes(type_)));
        }
        out.push(')');
        match result {
            Some(type_) => out.push_str(&mutf8::decode(self.descriptor_bytes(type_))),
            None => out.push('?'),
        }
    }

    /// Name and prototype: `onCreate(Landroid/os/Bundle;)V`.
    pub fn selector_text(&self, selector: Selector) -> String {
        let mut out = String::with_capacity(TEXT_BYTES);
        out.push_str(&mutf8::decode(self.name_bytes(selector)));
        self.write_proto(selector, &mut out);
        out
    }

    /// A reference as smali writes it.
    pub fn reference(&self, reference: MethodRef) -> String {
        let mut out = String::with_capacity(2 * TEXT_BYTES);
        out.push_str(&mutf8::decode(self.descriptor_bytes(reference.class)));
        out.push_str("->");
        out.push_str(&mutf8::decode(self.name_bytes(reference.selector)));
        self.write_proto(reference.selector, &mut out);
        out
    }

    /// A method as smali writes it: `Lcom/x/Y;->onCreate(Landroid/os/Bundle;)V`.
    pub fn method_text(&self, id: MethodId) -> String {
        let method = self.method(id);
        self.reference(MethodRef {
            class: self.class(method.class).type_,
            selector: method.selector,
        })
    }
}
