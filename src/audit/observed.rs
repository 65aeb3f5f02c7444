//! Puts what the analysis of the code found into the report.

use super::model::{Access, Accesses, Analysis, AppReport, Opaque, State, Unidentified};
use crate::dataflow::Answer;
use crate::dataflow::owner::Owner;

/// Fills the accesses of every owner; `done` is how far they were analysed. Call
/// it before the policies are compared.
pub fn observe(report: &mut AppReport, answer: Answer, done: Accesses) {
    report.access_analysis = done;
    for owner in answer.running {
        if let Owner::Sdk(id) = owner
            && let Some(sdk) = report.sdks.iter_mut().find(|sdk| sdk.id == id)
            && sdk.state == State::Present
        {
            sdk.state = State::Reachable;
        }
    }
    for (owner, accesses) in answer.accesses {
        let into = match &owner {
            Owner::App => &mut report.app_accesses,
            Owner::Shared => &mut report.platform_accesses,
            Owner::Sdk(id) => match report.sdks.iter_mut().find(|sdk| sdk.id == *id) {
                Some(sdk) => &mut sdk.accesses,
                None => &mut report.platform_accesses,
            },
            Owner::Unidentified(prefix) => unidentified(report, prefix),
        };
        into.extend(accesses);
    }
    for (id, start) in answer.early_starts {
        if let Some(sdk) = report.sdks.iter_mut().find(|sdk| sdk.id == id) {
            sdk.early_starts.push(start);
        }
    }
    for (owner, opaque) in answer.opaque {
        count_opaque(report, &owner, opaque);
    }
    report.limits.extend(answer.limits);
    report.limits.sort();
    report.limits.dedup();
    if report.has_analysis_limit() {
        report.analysis = Analysis::Partial;
    }
}

/// The accesses of the code below a prefix; listed when it is not yet.
fn unidentified<'r>(report: &'r mut AppReport, prefix: &str) -> &'r mut Vec<Access> {
    let known = report.unidentified.iter().position(|u| u.prefix == prefix);
    let at = known.unwrap_or_else(|| {
        report.unidentified.push(Unidentified {
            prefix: prefix.to_owned(),
            classes: 0,
            methods: 0,
            places: Vec::new(),
            accesses: Vec::new(),
            opaque: Opaque::default(),
        });
        report.unidentified.len() - 1
    });
    &mut report.unidentified[at].accesses
}

fn count_opaque(report: &mut AppReport, owner: &Owner, opaque: Opaque) {
    match owner {
        Owner::Sdk(id) => {
            if let Some(sdk) = report.sdks.iter_mut().find(|sdk| sdk.id == *id) {
                sdk.opaque = opaque;
            }
        }
        Owner::Unidentified(prefix) => {
            if let Some(code) = report.unidentified.iter_mut().find(|u| u.prefix == *prefix) {
                code.opaque = opaque;
            }
        }
        Owner::App => report.app_opaque = opaque,
        Owner::Shared => {}
    }
}
