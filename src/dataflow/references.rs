//! What the references of one dex file mean, looked up once for each, so that
//! the walk over the code only indexes.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::catalogue::{SourceCatalogue, SourceRef};
use super::framework::Framework;
use super::graph::{Edge, Edges};
use super::hierarchy::{Hierarchy, class_name};
use super::program::{ClassId, MethodRef, Program, Resolved, TypeId, Unit, flags};
use super::takers::{self, Taker};
use crate::formats::dex::mutf8;
use crate::formats::limits::MAX_SOURCE_TEXT_BYTES;
use crate::sdk::detect::Detector;
use crate::sdk::hosts::HostNames;
use crate::sdk::schema::{SourceKind, SourceRole};

/// A reference that is a source, or a constant that names one.
#[derive(Debug, Clone)]
pub struct Match<'c> {
    /// As the code writes it.
    pub api: Arc<str>,
    /// The rows.
    pub rows: Vec<SourceRef<'c>>,
    /// Class named in a method reference.
    pub receiver: Option<TypeId>,
}

/// What a method reference means where it is called; all in one place, because
/// the walk looks up one of them for every call.
#[derive(Debug, Clone, Copy)]
pub struct Called {
    /// Edge of `invoke-virtual` and `invoke-interface`.
    pub dispatched: Edge,
    /// Edge of the other invokes.
    pub direct: Edge,
    /// Number in [`Meanings::matches`].
    pub source: u32,
    /// Number in [`Meanings::takers`].
    pub taker: u32,
    /// Starts or binds the service of an intent.
    pub starts_service: bool,
}

/// Tables by the index of the reference in its dex file: the walk over the code
/// looks everything up in them, and nobody later. Where they hold numbers, 0
/// means nothing and `n` the item `n - 1`.
#[derive(Debug, Default)]
pub struct References {
    /// Of methods.
    pub methods: Vec<Called>,
    /// Of fields, into `matches`.
    pub fields: Vec<u32>,
    /// Of fields: the class that its static use initialises.
    pub initialised: Vec<Edge>,
    /// Of strings, into `matches`.
    pub strings: Vec<u32>,
    /// Of strings: the hosts that they name.
    pub hosts: HostNames,
    /// Of types: what `new-instance` makes.
    pub instantiated: Vec<Edge>,
    /// Of types: what a class constant names.
    pub named: Vec<Edge>,
}

/// What the numbers in the tables of one dex file stand for.
#[derive(Debug, Default)]
pub struct Meanings<'c> {
    /// Sources.
    pub matches: Vec<Match<'c>>,
    /// Calls that take a constant which decides.
    pub takers: Vec<&'static Taker>,
    /// Bytes of the texts of sources.
    text_bytes: usize,
    /// Texts were so long that not all sources are here.
    pub capped: bool,
}

/// Looks references up; shared by all dex files of an app.
pub struct ReferenceReader<'r, 'p, 'c> {
    program: &'r Program<'p>,
    hierarchy: &'r Hierarchy,
    catalogue: &'r SourceCatalogue<'c>,
    /// Tells hosts from other names.
    detector: &'r Detector<'c>,
    /// By number of the name: a source or a taker has it.
    interesting: Vec<bool>,
    /// Platform supertypes that the catalogue or the takers know, by type,
    /// nearest first, once asked for.
    platform: HashMap<TypeId, Arc<[&'c str]>, RandomState>,
    /// The same by platform type.
    above: HashMap<TypeId, Arc<[&'c str]>, RandomState>,
    /// By first byte: lengths of the constants of the catalogue that begin with
    /// it, one bit each; lengths from 127 on share one.
    lengths: [u128; 256],
    /// By first and second byte: some constant begins with both.
    pairs: Vec<bool>,
    longest: usize,
    /// Names of fields that are sources, and the bytes of the longest.
    field_names: HashSet<&'c [u8], RandomState>,
    longest_field: usize,
    /// Classes that the catalogue or the takers know.
    known: HashSet<&'c str>,
    /// By type: it is such a class.
    catalogued: Vec<bool>,
    initialiser: Option<u32>,
    /// Names of the methods of `Context` that start services.
    starters: Vec<u32>,
}

/// Methods of `Context` that start or bind the service that an intent names
/// (developer.android.com, `Context`), by whatever receiver: it may be the app's
/// own subclass of a platform class.
const STARTERS: [&str; 4] = [
    "bindIsolatedService",
    "bindService",
    "startForegroundService",
    "startService",
];

/// Kinds of constants that are worth a hint wherever code holds them.
const HINTS: [SourceKind; 4] = [
    SourceKind::Uri,
    SourceKind::Property,
    SourceKind::Path,
    SourceKind::Action,
];

impl<'r, 'p, 'c> ReferenceReader<'r, 'p, 'c> {
    /// Prepares the look-ups for one program.
    pub fn new(
        program: &'r Program<'p>,
        hierarchy: &'r Hierarchy,
        catalogue: &'r SourceCatalogue<'c>,
        detector: &'r Detector<'c>,
    ) -> Self {
        let mut interesting = vec![false; program.name_count()];
        let takers = takers::TAKERS.iter().map(|taker| taker.method);
        for name in catalogue.names().chain(takers) {
            let number = program.find_name(name);
            if let Some(slot) = number.and_then(|n| interesting.get_mut(n as usize)) {
                *slot = true;
            }
        }
        let mut lengths = [0u128; 256];
        let mut pairs = vec![false; 1 << 16];
        let mut longest = 0;
        for text in catalogue.constants(&HINTS) {
            longest = longest.max(text.len());
            if let &[first, second, ..] = text.as_bytes() {
                pairs[usize::from(first) << 8 | usize::from(second)] = true;
                lengths[usize::from(first)] |= 1 << text.len().min(127);
            }
        }
        let mut catalogued = vec![false; program.type_count()];
        let takers = takers::TAKERS.iter().map(|taker| taker.class);
        let known: HashSet<&'c str> = catalogue.classes().chain(takers).collect();
        for class in &known {
            let type_ = program.find_type(class.as_bytes());
            if let Some(slot) = type_.and_then(|t| catalogued.get_mut(t.0 as usize)) {
                *slot = true;
            }
        }
        let field_names: HashSet<&[u8], RandomState> =
            catalogue.field_names().map(str::as_bytes).collect();
        Self {
            longest_field: field_names.iter().map(|name| name.len()).max().unwrap_or(0),
            field_names,
            program,
            hierarchy,
            catalogue,
            detector,
            interesting,
            platform: HashMap::default(),
            above: HashMap::default(),
            lengths,
            pairs,
            longest,
            known,
            catalogued,
            initialiser: program.find_name("<init>"),
            starters: STARTERS
                .iter()
                .filter_map(|name| program.find_name(name))
                .collect(),
        }
    }

    /// Looks up everything that one dex file refers to.
    pub fn read(&mut self, unit: &Unit<'_>, edges: &mut Edges) -> (References, Meanings<'c>) {
        let mut references = References::default();
        let mut meanings = Meanings::default();
        references.methods.reserve_exact(unit.methods.len());
        for index in 0..unit.methods.len() as u32 {
            let called = self.method(unit, index, edges, &mut meanings);
            references.methods.push(called);
        }
        self.fields(unit, &mut references, &mut meanings);
        references.strings = self.strings(unit, &mut meanings);
        references.hosts = HostNames::of(&unit.dex, |host| self.detector.knows_host(host));
        let instantiates = |type_: &TypeId| {
            let class = self.program.class_of(*type_);
            class.map_or(Edge::NONE, Edge::instantiates)
        };
        references.instantiated = unit.types.iter().map(instantiates).collect();
        let names = |type_: &TypeId| {
            let class = self.program.class_of(*type_);
            class.map_or(Edge::NONE, Edge::names)
        };
        references.named = unit.types.iter().map(names).collect();
        (references, meanings)
    }

    fn method(
        &mut self,
        unit: &Unit<'_>,
        index: u32,
        edges: &mut Edges,
        out: &mut Meanings<'c>,
    ) -> Called {
        let (direct, dispatched) = self.targets(unit, index, edges);
        let name = unit.methods.get(index as usize);
        let name = name.map_or(u32::MAX, |reference| reference.selector.name);
        let mut called = Called {
            dispatched,
            direct,
            source: 0,
            taker: 0,
            starts_service: self.starters.contains(&name),
        };
        let Some(&reference) = unit.methods.get(index as usize) else {
            return called;
        };
        let interesting = self.interesting.get(name as usize).copied();
        if interesting.unwrap_or(false) && self.may_mean(reference.class, name) {
            let (found, taker) = self.meaning(reference);
            called.source = out.number(found);
            if let Some(taker) = taker {
                out.takers.push(taker);
                called.taker = u32::try_from(out.takers.len()).unwrap_or(0);
            }
        }
        called
    }

    /// Where a call leads in the app: without and with dispatch.
    fn targets(&self, unit: &Unit<'_>, index: u32, edges: &mut Edges) -> (Edge, Edge) {
        let Some(&reference) = unit.methods.get(index as usize) else {
            return (Edge::NONE, Edge::NONE);
        };
        if self.program.class_of(reference.class).is_none() {
            return (Edge::NONE, Edge::NONE);
        }
        let direct = match self.program.resolve_in(unit, index) {
            Resolved::Method(method) => Some(method),
            Resolved::Outside(_) | Resolved::Missing => None,
        };
        let is_fixed = direct.is_some_and(|method| {
            self.program.method(method).flags & (flags::STATIC | flags::PRIVATE) != 0
        });
        let edge = direct.map_or(Edge::NONE, Edge::method);
        if is_fixed || !self.hierarchy.has_subtypes(reference.class) {
            (edge, edge)
        } else {
            (edge, edges.dispatched(reference))
        }
    }

    /// Whether the catalogue or the takers know the class of a reference or a
    /// platform type above it. Constructors are not inherited.
    fn may_mean(&mut self, class: TypeId, name: u32) -> bool {
        let is_known = self.catalogued.get(class.0 as usize).copied();
        is_known.unwrap_or(false)
            || (Some(name) != self.initialiser && !self.platform_supertypes(class).is_empty())
    }

    /// What a method reference means: the class that it names, or the platform
    /// types above it. What the app defines itself is no source, except the
    /// API of an SDK.
    fn meaning(&mut self, reference: MethodRef) -> (Option<Match<'c>>, Option<&'static Taker>) {
        let class = self.program.descriptor(reference.class);
        let name = self.program.name(reference.selector);
        let proto = self.program.proto(reference.selector);
        let catalogue = self.catalogue;
        let rows = |class: &str| -> Vec<SourceRef<'c>> {
            let rows = catalogue.method(class, &name, &proto);
            rows.filter(|row| is_use(row.source.role)).collect()
        };
        let mut found = rows(&class);
        let mut taker = takers::find(&class, &name);
        let is_own = matches!(self.program.resolve(reference), Resolved::Method(_));
        if found.is_empty() && taker.is_none() && !is_own {
            for supertype in self.platform_supertypes(reference.class).iter() {
                found = rows(supertype);
                taker = takers::find(supertype, &name);
                if !found.is_empty() || taker.is_some() {
                    break;
                }
            }
        }
        let receiver = Some(reference.class);
        let api = || format!("{class}->{name}{proto}").into();
        let found = (!found.is_empty()).then(|| Match {
            api: api(),
            rows: found,
            receiver,
        });
        (found, taker)
    }

    /// Descriptors of platform types above a type, nearest first, that the
    /// catalogue or the takers know.
    fn platform_supertypes(&mut self, type_: TypeId) -> Arc<[&'c str]> {
        if let Some(known) = self.platform.get(&type_) {
            return Arc::clone(known);
        }
        let mut outside = Vec::new();
        self.program.each_supertype(type_, |supertype| {
            if self.program.class_of(supertype).is_none() {
                outside.push(supertype);
            }
        });
        let mut all: Vec<&'c str> = Vec::new();
        let mut seen: HashSet<&'c str> = HashSet::new();
        for supertype in outside {
            let known = self.known_above(supertype);
            all.extend(known.iter().filter(|&class| seen.insert(class)));
        }
        let all: Arc<[&'c str]> = all.into();
        self.platform.insert(type_, Arc::clone(&all));
        all
    }

    /// The same of one platform type; most have the same few.
    fn known_above(&mut self, type_: TypeId) -> Arc<[&'c str]> {
        if let Some(known) = self.above.get(&type_) {
            return Arc::clone(known);
        }
        let descriptor = self.program.descriptor(type_);
        let mut all: Vec<&'c str> = Vec::new();
        if let Some(class) = class_name(&descriptor) {
            Framework::get().each_supertype(class, |class| {
                let descriptor = format!("L{class};");
                all.extend(self.known.get(&*descriptor).copied());
            });
        }
        let all: Arc<[&'c str]> = all.into();
        self.above.insert(type_, Arc::clone(&all));
        all
    }

    fn fields(&mut self, unit: &Unit<'_>, out: &mut References, meanings: &mut Meanings<'c>) {
        for index in 0..unit.dex.field_count() {
            let field = unit.dex.field(index);
            let class = field.and_then(|f| unit.types.get(f.class as usize).copied());
            let (Some(field), Some(class)) = (field, class) else {
                out.fields.push(0);
                out.initialised.push(Edge::NONE);
                continue;
            };
            let defined = self.program.class_of(class);
            out.initialised
                .push(defined.map_or(Edge::NONE, Edge::initialises));
            let rows = match defined {
                None => self.field_rows(class, unit, field.name),
                Some(defined) => self.inherited_rows(class, defined, unit, field.name),
            };
            let found = (!rows.is_empty()).then(|| Match {
                api: unit.dex.field_signature(index).into(),
                rows,
                receiver: None,
            });
            out.fields.push(meanings.number(found));
        }
    }

    /// The rows of a field of a platform class.
    fn field_rows(&self, class: TypeId, unit: &Unit<'_>, name: u32) -> Vec<SourceRef<'c>> {
        let is_catalogued = self.catalogued.get(class.0 as usize).copied();
        if !is_catalogued.unwrap_or(false) {
            return Vec::new();
        }
        let descriptor = mutf8::decode(self.program.descriptor_bytes(class));
        let name = unit.dex.string(name).unwrap_or_default();
        self.rows_of_field(&descriptor, &name)
    }

    /// The rows of a field that a class of the app inherits from the platform.
    fn inherited_rows(
        &mut self,
        class: TypeId,
        defined: ClassId,
        unit: &Unit<'_>,
        name: u32,
    ) -> Vec<SourceRef<'c>> {
        let is_known = |bytes: &&[u8]| self.field_names.contains(*bytes);
        let bytes = unit.dex.string_start(name, self.longest_field + 1);
        let Some(name) = bytes.filter(is_known).map(mutf8::decode) else {
            return Vec::new();
        };
        let known = self.platform_supertypes(class);
        let mut rows = known.iter().map(|class| self.rows_of_field(class, &name));
        let rows = rows.find(|rows| !rows.is_empty()).unwrap_or_default();
        if rows.is_empty() || self.is_own_field(defined, &name) {
            return Vec::new();
        }
        rows
    }

    fn is_own_field(&self, class: ClassId, name: &str) -> bool {
        let spend = |fields| self.hierarchy.spend(fields);
        self.program.defines_field(class, name, spend)
    }

    /// Without the fields of objects of which the call that gave them was the
    /// access.
    fn rows_of_field(&self, class: &str, name: &str) -> Vec<SourceRef<'c>> {
        let rows = self.catalogue.field(class, name);
        rows.filter(|row| row.source.role != SourceRole::Conditional)
            .collect()
    }

    fn strings(&self, unit: &Unit<'_>, meanings: &mut Meanings<'c>) -> Vec<u32> {
        let strings = 0..unit.dex.string_count();
        strings
            .map(|index| meanings.number(self.constant(unit, index)))
            .collect()
    }

    /// The constant of the catalogue that a string is.
    fn constant(&self, unit: &Unit<'_>, index: u32) -> Option<Match<'c>> {
        let &[first, second, ..] = unit.dex.string_start(index, 2)? else {
            return None;
        };
        if !self.pairs[usize::from(first) << 8 | usize::from(second)] {
            return None;
        }
        let bytes = unit.dex.string_start(index, self.longest + 1)?;
        let of_first = self.lengths[usize::from(first)];
        if bytes.len() > self.longest || of_first >> bytes.len().min(127) & 1 == 0 {
            return None;
        }
        let text = std::str::from_utf8(bytes).ok()?;
        let kinds = HINTS.iter();
        let rows: Vec<_> = kinds
            .flat_map(|&kind| self.catalogue.constant(kind, text))
            .copied()
            .collect();
        (!rows.is_empty()).then(|| Match {
            api: text.into(),
            rows,
            receiver: None,
        })
    }
}

impl<'c> Meanings<'c> {
    /// Adds a match and gives its number; 0 for none.
    fn number(&mut self, found: Option<Match<'c>>) -> u32 {
        let Some(found) = found else { return 0 };
        self.text_bytes += found.api.len();
        if self.text_bytes > MAX_SOURCE_TEXT_BYTES {
            self.capped = true;
            return 0;
        }
        self.matches.push(found);
        u32::try_from(self.matches.len()).unwrap_or(0)
    }
}

/// Whether a call is a use of a row; the others are looked at elsewhere.
fn is_use(role: SourceRole) -> bool {
    match role {
        SourceRole::Return
        | SourceRole::Getter
        | SourceRole::CallbackRegistration
        | SourceRole::Conditional
        | SourceRole::SdkApi
        | SourceRole::Path => true,
        SourceRole::Keyed | SourceRole::CallbackParameter | SourceRole::Enabler => false,
    }
}
