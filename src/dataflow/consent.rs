//! SDKs that are started before any action of the user although they offer a
//! switch for the consent. What starts an SDK and which calls switch it are
//! facts of its signature; without facts nothing is told.

use super::model::{CallSite, EarlyStart};
use super::program::{MethodId, Program};
use super::reach::{Reach, Start};
use crate::sdk::schema::ConsentFacts;

/// The calls that start an SDK at the app's start.
pub fn early_starts(
    program: &Program<'_>,
    reach: &Reach<'_, '_>,
    facts: &ConsentFacts,
) -> Vec<EarlyStart> {
    let mut starts: Vec<EarlyStart> = Vec::new();
    let runs_from = |method: &MethodId, last| {
        let start = reach.start_of(*method);
        start.is_some_and(|start| start <= last)
    };
    let switches: Vec<String> = named(program, &facts.switch)
        .filter(|method| runs_from(method, Start::EntryPoint))
        .map(|method| program.method_text(method))
        .collect();
    let early = named(program, &facts.init).filter(|method| runs_from(method, Start::AppStart));
    for method in early {
        let path = reach.path(method);
        let caller = path.iter().rev().nth(1).copied();
        let holder = caller.unwrap_or(method);
        let pc = caller.and_then(|by| {
            program
                .calls_to(by, |called| called == method)
                .first()
                .copied()
        });
        let api = program.method_text(method);
        starts.push(EarlyStart {
            call_site: CallSite {
                class: program
                    .descriptor(program.class(program.method(holder).class).type_)
                    .into(),
                method: program
                    .selector_text(program.method(holder).selector)
                    .into(),
                dex: program.unit_of(holder).place.into(),
                pc: pc.map_or(0, |(pc, _)| pc),
                chain: Vec::new(),
            },
            api,
            path: path
                .iter()
                .map(|&at| program.method_text(at).into())
                .collect(),
            switches_called: switches.clone(),
            source: facts.source.clone(),
            note: facts.note.clone(),
        });
    }
    // Overloads call each other: the nearest to the entry point tells.
    starts.sort_by(|a, b| (a.path.len(), &a.api).cmp(&(b.path.len(), &b.api)));
    starts.truncate(1);
    starts
}

/// The methods that calls of the facts (`com.x.Y.init`) name.
fn named<'s>(program: &'s Program<'_>, calls: &'s [String]) -> impl Iterator<Item = MethodId> + 's {
    calls.iter().flat_map(move |call| {
        let (class, name) = call.rsplit_once('.').unwrap_or((call, ""));
        let class = program.find_class(class);
        class
            .into_iter()
            .flat_map(move |class| program.methods_named(class, name))
    })
}
