//! Every fact has a source, and every source has a licence in `LICENSES.md`.

use super::{Lint, Severity, own_signatures};

/// Names each source id in backticks, with its licence.
const LICENCES: &str = "LICENSES.md";

/// A folder whose facts come under another licence says so in this file.
const NOTICE: &str = "LICENSE-NOTICE.md";

pub(super) fn check(lint: &mut Lint) {
    let known = std::fs::read_to_string(lint.root.join(LICENCES)).ok();
    let severity = if lint.whole {
        Severity::Error
    } else {
        Severity::Warning
    };
    if known.is_none() {
        let message = "is missing: it names source and licence of each group of facts";
        lint.say(severity, LICENCES, "", message.to_owned());
    }
    for (file, signature) in own_signatures(lint) {
        if signature.sources.is_empty() {
            let message = format!("\"{}\" names no source", signature.id);
            lint.say(severity, &file, &signature.id, message);
        }
        let Some(known) = known.as_deref() else {
            continue;
        };
        for source in &signature.sources {
            let group = source.split(':').next().unwrap_or_default();
            if !known.contains(&format!("`{group}`")) {
                let message = format!("source \"{source}\": {LICENCES} does not name `{group}`");
                lint.error(&file, source, message);
            }
        }
    }
    let exodus = lint.root.join("exodus");
    if exodus.is_dir() && !exodus.join(NOTICE).is_file() {
        let message = "is missing: facts from Exodus are under ODbL-1.0";
        lint.error(&format!("exodus/{NOTICE}"), "", message.to_owned());
    }
}
