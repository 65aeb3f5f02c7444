//! What code can reach: accesses to personal data, by the owner of the code.
//! Knows no policy and prints nothing.
//!
//! ```text
//! dex files ─ program ─ hierarchy ─┐
//! catalogue ──────────── references ┴─ walk ─ keyed ─ reach ─ inventory ─ accesses
//! ```

pub mod attribution;
pub mod capability;
pub mod catalogue;
mod consent;
pub mod constants;
pub mod entry;
pub mod framework;
pub mod graph;
pub mod hierarchy;
mod intern;
pub mod inventory;
pub mod keyed;
pub mod model;
pub mod native;
pub mod owner;
pub mod program;
pub mod reach;
pub mod references;
pub mod takers;
#[cfg(test)]
mod tests;
pub mod walk;

use attribution::SharedCallers;
use capability::Requests;
use catalogue::SourceCatalogue;
use constants::Constants;
use entry::EntryPoints;
use graph::{CallGraph, Edges, Reverse};
use hierarchy::Hierarchy;
use inventory::{ByOwner, Context, Finding};
use keyed::Resolver;
use model::{EarlyStart, Opaque};
use owner::{Owner, Owners};
use program::{MethodId, Program};
use reach::{Reach, Start};
use references::{Meanings, ReferenceReader};
use walk::{UseKind, Walk};

use std::collections::{BTreeMap, BTreeSet};

use crate::app::App;
use crate::app::code::CodeBody;
use crate::app::layouts::XmlNames;
use crate::formats::limits::MAX_ACCESS_SITES;
use crate::formats::{Limit, LimitScope};
use crate::sdk::detect::Detector;
use crate::sdk::hosts::HostUse;
use crate::sdk::model::Detection;
use crate::sdk::schema::SourceRole;

/// How much is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// Every access.
    Inventory,
    /// And whether its code can run.
    Reach,
}

/// The code of an app, read once: everything that does not depend on which SDKs
/// are in it.
#[derive(Debug)]
pub struct Code<'p, 'c> {
    program: Program<'p>,
    hierarchy: Hierarchy,
    catalogue: SourceCatalogue<'c>,
    meanings: Vec<Meanings<'c>>,
    walk: Walk,
}

impl<'p, 'c> Code<'p, 'c> {
    /// Walks over all code.
    pub fn read(app: &'p App<'_>, detector: &Detector<'c>) -> Self {
        let program = Program::read(app);
        let hierarchy = Hierarchy::of(&program);
        let catalogue = SourceCatalogue::new(detector.base().sources());
        let mut edges = Edges::default();
        let mut reader = ReferenceReader::new(&program, &hierarchy, &catalogue, detector);
        let mut meanings = Vec::with_capacity(program.units().len());
        let mut walk = walk::walk(&program, |unit| {
            let (references, meaning) = reader.read(unit, &mut edges);
            meanings.push(meaning);
            references
        });
        walk.graph.set_callees(edges);
        Self {
            program,
            hierarchy,
            catalogue,
            meanings,
            walk,
        }
    }

    /// The hosts that its strings name, by number of the app's unit of code.
    pub fn take_hosts(&mut self) -> Vec<Vec<HostUse>> {
        std::mem::take(&mut self.walk.hosts)
    }
}

/// What is analysed, and with what.
pub struct Question<'q, 'd> {
    /// The app.
    pub app: &'q App<'q>,
    /// Finds out whose code it is.
    pub detector: &'q Detector<'d>,
    /// What it found.
    pub detection: &'q Detection,
    /// Names in XML resources.
    pub xml: &'q XmlNames,
    /// How much.
    pub depth: Depth,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Answer {
    /// Accesses by owner.
    pub accesses: ByOwner,
    /// Unresolved calls by owner.
    pub opaque: BTreeMap<Owner, Opaque>,
    /// SDKs (by id) that are started before any action of the user although
    /// they offer a switch.
    pub early_starts: Vec<(String, EarlyStart)>,
    /// Owners of which some method can run from an entry point.
    pub running: Vec<Owner>,
    /// What was not seen or cut short.
    pub limits: Vec<Limit>,
    /// Call sites walked over.
    pub calls: usize,
}

/// Analyses the code of an app.
pub fn analyse(code: Code<'_, '_>, question: &Question<'_, '_>) -> Answer {
    let Code {
        program,
        hierarchy,
        catalogue,
        meanings,
        mut walk,
    } = code;
    let owners = Owners::of(&program, question.detector, question.detection);
    let reverse = Reverse::of(&walk.graph);
    let mut limits = limits(question.app, &program, &walk);
    if meanings.iter().any(|meanings| meanings.capped) {
        let message = "names are so long that not all calls of sources were looked at";
        limits.push(Limit::analysis("source-names-too-long", message, ""));
    }
    let (findings, opaque) = {
        let resolver = Resolver {
            program: &program,
            catalogue: &catalogue,
            owners: &owners,
            meanings: &meanings,
            package: question.app.package(),
        };
        let mut constants = Constants::new(&program);
        let keyed = resolver.resolve(&walk, &reverse, &mut constants);
        limits.extend(unresolved(
            &keyed.opaque,
            constants.exhausted() + usize::from(keyed.is_cut),
        ));
        if keyed.findings_cut {
            let message = "constants decide more calls than are kept: accesses are missing";
            limits.push(Limit::analysis("access-sites-cut", message, ""));
        }
        let mut findings = direct_findings(&program, &owners, &meanings, &walk);
        findings.retain(|f| !f.candidate || !keyed.settled.contains(&(f.method, f.pc)));
        findings.extend(callback_findings(&program, &hierarchy, &catalogue));
        findings.extend(keyed.findings);
        walk.graph.add_reflective(keyed.edges);
        (findings, keyed.opaque)
    };
    let manifest = question.app.manifest.as_ref();
    let reach = (question.depth == Depth::Reach).then(|| {
        let entries = EntryPoints::of(&program, &hierarchy, manifest, question.xml);
        run(&program, &hierarchy, &walk.graph, &owners, &entries)
    });
    let shared = reach
        .as_ref()
        .map(|_| SharedCallers::of(&program, &hierarchy, &walk.graph, &reverse, &owners));
    let mut context = Context {
        program: &program,
        owners: &owners,
        reach: reach.as_ref(),
        shared,
        requests: manifest.map(Requests::of),
        code_is_hidden: code_is_hidden(question.app) || hierarchy.is_exhausted(),
        sites: 0,
    };
    let mut accesses = inventory::accesses(findings, &mut context);
    native_accesses(question, &mut accesses);
    limits.extend(cut_short(&context, &hierarchy));
    let running = reach
        .as_ref()
        .map_or_else(Vec::new, |reach| running(&program, &owners, reach));
    let early_starts = reach
        .as_ref()
        .map_or_else(Vec::new, |reach| early_starts(question, &program, reach));
    Answer {
        accesses,
        opaque,
        early_starts,
        running,
        limits,
        calls: walk.calls,
    }
}

/// Adds what native libraries may read, under the SDK that a library belongs to.
fn native_accesses(question: &Question<'_, '_>, accesses: &mut ByOwner) {
    for library in &question.app.native {
        let found = native::candidates(library, question.detector.base().sources());
        if found.is_empty() {
            continue;
        }
        let owner = question
            .detection
            .owner_of_library(library)
            .map_or_else(|| Owner::Unidentified(library.name.clone()), Owner::Sdk);
        let of_owner = accesses.entry(owner).or_default();
        of_owner.extend(found);
        of_owner.sort();
    }
}

/// SDKs that are started early although they offer a switch.
fn early_starts(
    question: &Question<'_, '_>,
    program: &Program<'_>,
    reach: &Reach<'_, '_>,
) -> Vec<(String, EarlyStart)> {
    let base = question.detector.base();
    let found = question.detection.sdks.iter();
    let facts = found.filter_map(|sdk| Some((&sdk.id, base.signature(&sdk.id)?.consent.as_ref()?)));
    facts
        .flat_map(|(id, facts)| {
            let starts = consent::early_starts(program, reach, facts);
            starts.into_iter().map(|start| (id.clone(), start))
        })
        .collect()
}

/// What is unknown because a constant stayed unknown.
fn unresolved(opaque: &BTreeMap<Owner, Opaque>, given_up: usize) -> Vec<Limit> {
    let mut limits = Vec::new();
    let reflection: usize = opaque.values().map(|counts| counts.reflection).sum();
    let constants: usize = opaque.values().map(|counts| counts.constants).sum();
    if reflection + constants > 0 {
        let message = format!(
            "{reflection} reflective calls and {constants} calls with a deciding constant could not be resolved: what they read is unknown"
        );
        limits.push(Limit::detail("opaque-calls", message, ""));
    }
    if given_up > 0 {
        let message = format!(
            "{given_up} methods or calls were too large to follow their constants to the end"
        );
        limits.push(Limit::detail("constants-budget", message, ""));
    }
    limits
}

/// Where the search for callers or for what runs was cut short.
fn cut_short(context: &Context<'_, '_, '_>, hierarchy: &Hierarchy) -> Vec<Limit> {
    let mut limits = Vec::new();
    if context.shared.as_ref().is_some_and(|s| s.cut() > 0) {
        let message = "some reads in shared code are called through more calls than are followed: they are listed under platform accesses or only under nearer owners";
        limits.push(Limit::detail("attribution-cut", message, ""));
    }
    if context.sites > MAX_ACCESS_SITES {
        let message = "sources are read in more places, each under all who call them, than are listed: accesses are missing";
        limits.push(Limit::analysis("access-sites-cut", message, ""));
    }
    if hierarchy.is_exhausted() {
        let message = "more classes and methods may be meant by calls than are looked at: what code can run is not known";
        limits.push(Limit::detail("call-graph-cut", message, ""));
    }
    limits
}

/// Uses that the walk alone proves.
fn direct_findings<'c>(
    program: &Program<'_>,
    owners: &Owners,
    meanings: &[Meanings<'c>],
    walk: &Walk,
) -> Vec<Finding<'c>> {
    let mut findings = Vec::new();
    for found in &walk.uses {
        let class = program.method(found.method).class;
        let unit = program.class(class).unit as usize;
        let Some(source) = meanings
            .get(unit)
            .and_then(|r| r.matches.get(found.found as usize))
        else {
            continue;
        };
        let receiver = source.receiver.and_then(|type_| program.class_of(type_));
        for &row in &source.rows {
            if let Some(receiver) = receiver
                && inventory::is_inside_sdk(row, owners.owner(class), owners.owner(receiver))
            {
                continue;
            }
            findings.push(Finding {
                row,
                api: source.api.clone(),
                method: found.method,
                pc: found.pc,
                given_by: Vec::new(),
                candidate: found.kind == UseKind::Constant
                    || row.source.role == SourceRole::Conditional
                    || row.member.ends_with(":Landroid/net/Uri;"),
            });
        }
    }
    findings
}

/// Methods of the app that are given data as a parameter.
fn callback_findings<'c>(
    program: &Program<'_>,
    hierarchy: &Hierarchy,
    catalogue: &SourceCatalogue<'c>,
) -> Vec<Finding<'c>> {
    let mut findings = Vec::new();
    for row in catalogue.callback_parameters() {
        let Some(type_) = program.find_type(row.source.class.as_bytes()) else {
            continue;
        };
        let (name, proto) = row.member.split_once('(').unwrap_or((row.member, ""));
        for class in hierarchy.below(program, type_) {
            for method in program.methods_named(class, name) {
                let what = program.method(method);
                let is_it = program.proto(what.selector).strip_prefix('(') == Some(proto);
                if what.code_off != 0 && is_it {
                    findings.push(Finding {
                        row,
                        api: program.method_text(method).into(),
                        method,
                        pc: 0,
                        given_by: Vec::new(),
                        candidate: false,
                    });
                }
            }
        }
    }
    findings
}

/// Runs the starts in their order.
fn run<'g, 'p>(
    program: &'g Program<'p>,
    hierarchy: &'g Hierarchy,
    graph: &'g CallGraph,
    owners: &Owners,
    entries: &EntryPoints,
) -> Reach<'g, 'p> {
    let mut reach = Reach::new(program, hierarchy, graph);
    reach.run(Start::AppStart, &entries.start);
    reach.run(Start::EntryPoint, &entries.rest);
    let mut offered = reach::Roots::default();
    for (id, _) in program.classes() {
        if *owners.owner(id) == Owner::App {
            continue;
        }
        entry::offer(program, id, &mut offered);
    }
    reach.run(Start::Api, &offered);
    reach
}

/// Owners of which some method can run from an entry point.
fn running(program: &Program<'_>, owners: &Owners, reach: &Reach<'_, '_>) -> Vec<Owner> {
    let numbers = 0..program.methods().len() as u32;
    let running: BTreeSet<u32> = numbers
        .map(MethodId)
        .filter(|&method| {
            let start = reach.start_of(method);
            start.is_some_and(|start| start <= Start::EntryPoint)
        })
        .map(|method| owners.number(program.method(method).class))
        .collect();
    let mut running: Vec<Owner> = running
        .into_iter()
        .filter_map(|number| owners.numbered(number))
        .cloned()
        .collect();
    running.sort();
    running
}

/// Whether code that was not seen may call what seems unreached.
fn code_is_hidden(app: &App<'_>) -> bool {
    app.limits
        .iter()
        .any(|limit| limit.scope == LimitScope::Analysis)
}

fn limits(app: &App<'_>, program: &Program<'_>, walk: &Walk) -> Vec<Limit> {
    let mut limits = Vec::new();
    if program.platform_classes() > 0 {
        let message = format!(
            "{} classes bear names of the platform: Android takes its own, so does this analysis",
            program.platform_classes()
        );
        limits.push(Limit::detail("platform-classes-defined", message, ""));
    }
    let (cut_names, too_deep) = program.cut();
    if cut_names + too_deep > 0 {
        let message = format!(
            "{cut_names} names of methods are too long and {too_deep} classes have too many supertypes to be told apart: calls may lead elsewhere than is said"
        );
        limits.push(Limit::analysis("dex-hierarchy-cut", message, ""));
    }
    let class_files = app
        .code
        .iter()
        .find(|unit| matches!(unit.body, CodeBody::ClassFiles(_)));
    if let Some(unit) = class_files {
        let message = "the code of class files is not analysed for accesses: convert it to dex (d8) to see them";
        limits.push(Limit::detail(
            "class-files-not-analysed",
            message,
            &*unit.place,
        ));
    }
    if walk.broken > 0 {
        let message = format!(
            "{} methods hold code that cannot be decoded to its end: accesses behind that were not seen",
            walk.broken
        );
        limits.push(Limit::detail("code-not-decodable", message, ""));
    }
    if walk.exhausted || !program.incomplete().is_empty() {
        let message = "methods share code so often that not all of it was looked at";
        limits.push(Limit::analysis("dex-walk-budget", message, ""));
    }
    if walk.handle_calls > 0 {
        let message = format!(
            "{} calls through method handles are not followed",
            walk.handle_calls
        );
        limits.push(Limit::detail("handle-calls-not-followed", message, ""));
    }
    limits
}
