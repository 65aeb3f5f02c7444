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
pub mod entry;
pub mod framework;
pub mod graph;
pub mod hierarchy;
mod intern;
pub mod inventory;
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
use entry::EntryPoints;
use graph::Edges;
use hierarchy::Hierarchy;
use inventory::{ByOwner, Context, Finding};
use model::{EarlyStart, Opaque};
use owner::{Owner, Owners};
use program::{MethodId, Program};
use reach::{Reach, Start};
use references::{ReferenceReader, References};
use walk::{UseKind, Walk};

use std::collections::BTreeMap;

use crate::app::App;
use crate::app::code::CodeBody;
use crate::app::layouts::XmlNames;
use crate::formats::{Limit, LimitScope};
use crate::sdk::detect::Detector;
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
pub fn analyse(question: &Question<'_, '_>) -> Answer {
    let app = question.app;
    let base = question.detector.base();
    let sources = base.sources();
    let program = Program::read(app);
    let hierarchy = Hierarchy::of(&program);
    let catalogue = SourceCatalogue::new(sources);
    let owners = Owners::of(&program, question.detector, question.detection);
    let mut edges = Edges::default();
    let mut reader = ReferenceReader::new(&program, &hierarchy, &catalogue);
    let references: Vec<References<'_>> = program
        .units()
        .iter()
        .map(|unit| reader.read(unit, &mut edges))
        .collect();
    let mut walk = walk::walk(&program, &references);
    walk.graph.set_callees(edges);
    let mut findings = direct_findings(&program, &owners, &references, &walk);
    findings.extend(callback_findings(&program, &hierarchy, &catalogue));
    let manifest = app.manifest.as_ref();
    let reach = (question.depth == Depth::Reach).then(|| {
        let entries = EntryPoints::of(&program, &hierarchy, manifest, question.xml);
        run(&program, &hierarchy, &walk, &owners, &entries)
    });
    let shared = reach
        .as_ref()
        .map(|_| SharedCallers::of(&program, &hierarchy, &walk.graph, &owners));
    let mut context = Context {
        program: &program,
        owners: &owners,
        reach: reach.as_ref(),
        shared,
        requests: manifest.map(Requests::of),
        code_is_hidden: code_is_hidden(app),
    };
    let mut accesses = inventory::accesses(findings, &mut context);
    for library in &app.native {
        let found = native::candidates(library, sources);
        if !found.is_empty() {
            let owner = question
                .detection
                .owner_of_library(library)
                .map_or_else(|| Owner::Unidentified(library.name.clone()), Owner::Sdk);
            let of_owner = accesses.entry(owner).or_default();
            of_owner.extend(found);
            of_owner.sort();
        }
    }
    let mut early_starts = Vec::new();
    if let Some(reach) = &reach {
        let signatures = question.detection.sdks.iter();
        for signature in signatures.filter_map(|sdk| base.signature(&sdk.id)) {
            let Some(facts) = &signature.consent else {
                continue;
            };
            let starts = consent::early_starts(&program, reach, facts);
            let id = &signature.id;
            early_starts.extend(starts.into_iter().map(|start| (id.clone(), start)));
        }
    }
    let mut limits = limits(app, &walk);
    if let Some(shared) = &context.shared
        && shared.cut() > 0
    {
        let message = "some reads in shared code are called through more calls than are followed: they are listed under platform accesses or only under nearer owners";
        limits.push(Limit::detail("attribution-cut", message, ""));
    }
    if reach.as_ref().is_some_and(Reach::is_exhausted) {
        let message =
            "the call graph is larger than the bound on dispatches: code called unreached may run";
        limits.push(Limit::detail("call-graph-cut", message, ""));
    }
    Answer {
        accesses,
        opaque: BTreeMap::new(),
        early_starts,
        running: reach
            .as_ref()
            .map_or_else(Vec::new, |reach| running(&program, &owners, reach)),
        limits,
        calls: walk.calls,
    }
}

/// Uses that the walk alone proves.
fn direct_findings<'c>(
    program: &Program<'_>,
    owners: &Owners,
    references: &[References<'c>],
    walk: &Walk,
) -> Vec<Finding<'c>> {
    let mut findings = Vec::new();
    for found in &walk.uses {
        let class = program.method(found.method).class;
        let unit = program.class(class).unit as usize;
        let Some(source) = references
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
        let mut below = hierarchy.children(type_).to_vec();
        let mut at = 0;
        while let Some(&class) = below.get(at) {
            at += 1;
            let children = hierarchy.children(program.class(class).type_);
            below.extend(
                children
                    .iter()
                    .filter(|c| !below.contains(c))
                    .copied()
                    .collect::<Vec<_>>(),
            );
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
    walk: &'g Walk,
    owners: &Owners,
    entries: &EntryPoints,
) -> Reach<'g, 'p> {
    let mut reach = Reach::new(program, hierarchy, &walk.graph);
    reach.run(Start::AppStart, &entries.start);
    reach.run(Start::EntryPoint, &entries.rest);
    let mut offered = reach::Roots::default();
    for (id, _) in program.classes() {
        if *owners.owner(id) == Owner::App {
            continue;
        }
        if let Some(roots) = entry::api(program, id) {
            offered.made.extend(roots.made);
            offered.called.extend(roots.called);
        }
    }
    reach.run(Start::Api, &offered);
    reach
}

/// Owners of which some method can run from an entry point.
fn running(program: &Program<'_>, owners: &Owners, reach: &Reach<'_, '_>) -> Vec<Owner> {
    let numbers = 0..program.methods().len() as u32;
    let mut running: Vec<&Owner> = Vec::new();
    for method in numbers.map(MethodId) {
        if reach
            .start_of(method)
            .is_some_and(|start| start <= Start::EntryPoint)
        {
            let owner = owners.owner(program.method(method).class);
            if !running.contains(&owner) {
                running.push(owner);
            }
        }
    }
    let mut running: Vec<Owner> = running.into_iter().cloned().collect();
    running.sort();
    running
}

/// Whether code that was not seen may call what seems unreached.
fn code_is_hidden(app: &App<'_>) -> bool {
    app.limits
        .iter()
        .any(|limit| limit.scope == LimitScope::Analysis)
}

fn limits(app: &App<'_>, walk: &Walk) -> Vec<Limit> {
    let mut limits = Vec::new();
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
    if walk.exhausted {
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
