//! The verdict of an app in one sentence: the first line of its page.

use super::super::text::{Paint, count};
use crate::audit::model::{Analysis, AppReport, Level};
use crate::audit::rules;
use crate::formats::{Limit, LimitScope};
use crate::sdk::schema::Kind;

/// The verdict of an app in one sentence, and its colour. A partial analysis is
/// never summed up as if nothing had been hidden.
pub(super) fn verdict(app: &AppReport) -> (Paint, String) {
    if app.analysis == Analysis::Failed {
        let reason = decisive_limit(app).map_or("the input is no package", |l| &l.message);
        return (Paint::Red, format!("CANNOT CONCLUDE: not read: {reason}"));
    }
    let counts = |level| {
        app.findings
            .iter()
            .filter(|f| f.level == level && f.waived.is_none())
            .count()
    };
    let (errors, warnings, notes) = (
        counts(Level::Error),
        counts(Level::Warning),
        counts(Level::Note),
    );
    let tally = format!(
        "{}, {}, {}",
        count(errors, "error"),
        count(warnings, "warning"),
        count(notes, "note")
    );
    let partial = app.analysis == Analysis::Partial || app.has_analysis_limit();
    let judged = match unjudged(app) {
        Some(why) => format!("{tally}: {why}"),
        None if errors + warnings > 0 => {
            format!("{tally}: the policy may be at odds with what is in the app")
        }
        None => tally,
    };
    let doubtful = partial || is_expected_but_missing(app);
    let colour = match (errors, warnings, doubtful) {
        (1.., ..) => Paint::Red,
        (0, 1.., _) | (0, 0, true) => Paint::Yellow,
        _ => Paint::Bold,
    };
    if !partial {
        return (colour, judged);
    }
    let reason = decisive_limit(app).map_or_else(
        || "some code was not seen".to_owned(),
        |l| format!("{}: {}", l.code, l.message),
    );
    let head = if errors + warnings > 0 {
        "CANNOT CONCLUDE on what was not seen"
    } else {
        "CANNOT CONCLUDE"
    };
    (
        colour,
        format!("{head}: analysed only in part ({reason}). In the part that was seen: {judged}"),
    )
}

/// The limit that the verdict names: of several the packer, which is the cause
/// of the others (missing classes, an incomplete dex file).
fn decisive_limit(app: &AppReport) -> Option<&Limit> {
    let mut limits = app
        .limits
        .iter()
        .filter(|limit| limit.scope == LimitScope::Analysis);
    let first = limits.clone().next();
    limits
        .find(|limit| limit.code == rules::PACKED.code)
        .or(first)
}

fn has_limit(app: &AppReport, code: &str) -> bool {
    app.limits.iter().any(|limit| limit.code == code)
}

/// Whether something that the user asked to be used was not there.
fn is_expected_but_missing(app: &AppReport) -> bool {
    has_limit(app, "no-policy-found") || has_limit(app, "no-signatures")
}

/// Why no SDK, or no disclosure, was judged.
fn unjudged(app: &AppReport) -> Option<String> {
    if has_limit(app, "no-signatures") {
        return Some("no signatures were used, so no SDK could be recognised".to_owned());
    }
    if let Some(limit) = app.limits.iter().find(|l| l.code == "no-policy-found") {
        return Some(limit.message.clone());
    }
    let has_sdks = app.sdks.iter().any(|sdk| sdk.kind == Kind::Sdk);
    if !has_sdks || app.sdks.iter().any(|sdk| sdk.disclosure.is_some()) {
        return None;
    }
    Some(if has_limit(app, "policy-unreadable") {
        "no policy could be read, so disclosure was not judged".to_owned()
    } else {
        "no policy was given, so disclosure was not judged".to_owned()
    })
}
