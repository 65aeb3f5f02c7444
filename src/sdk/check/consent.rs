//! What the vendor asks before the user's consent: calls that exist in the
//! SDK, and the page that says so.

use super::evidence::is_dotted_name;
use super::{Lint, own_signatures};
use crate::sdk::schema::{ConsentFacts, Signature};

/// How a constructor is written as a method.
const CONSTRUCTOR: &str = "<init>";

pub(super) fn check(lint: &mut Lint) {
    for (file, signature) in own_signatures(lint) {
        if let Some(consent) = &signature.consent {
            statement(lint, &file, consent);
            calls(lint, &file, &signature, consent);
        }
    }
}

/// A fact without a call or a source is none.
fn statement(lint: &mut Lint, file: &str, consent: &ConsentFacts) {
    if consent.init.is_empty() {
        let message = "consent without init: name the calls that start the SDK";
        lint.error(file, "init", message.to_owned());
    }
    let source = consent.source.as_str();
    if !is_https_page(source) {
        let cure = "name the vendor's page that says so, https://…";
        lint.error(file, source, format!("consent source \"{source}\": {cure}"));
    }
    if consent.note.trim().is_empty() {
        let message = "consent without a note: say in one sentence what the vendor asks";
        lint.warning(file, "note", message.to_owned());
    }
}

fn calls(lint: &mut Lint, file: &str, signature: &Signature, consent: &ConsentFacts) {
    let mut seen = std::collections::HashSet::new();
    for call in consent.calls() {
        let wrong = match class_of(call) {
            None => "write it as package.Class.method, constructors as package.Class.<init>",
            Some(class) if !owns(lint, signature, class) => {
                "no prefix of this signature or of one it bundles covers the class"
            }
            Some(_) if !seen.insert(call) => "is listed twice: a call has one meaning",
            Some(_) => continue,
        };
        lint.error(file, call, format!("consent call \"{call}\": {wrong}"));
    }
}

/// The class of a well-formed call: at least one package, a class, a method.
fn class_of(call: &str) -> Option<&str> {
    let (class, method) = call.rsplit_once('.')?;
    let is_method = method == CONSTRUCTOR || is_dotted_name(method);
    (is_method && class.contains('.') && is_dotted_name(class)).then_some(class)
}

/// Whether a class lies below a prefix of the signature or of a bundled one.
fn owns(lint: &Lint, signature: &Signature, class: &str) -> bool {
    let bundled = signature
        .bundles
        .iter()
        .filter_map(|id| lint.base.signature(id));
    std::iter::once(signature)
        .chain(bundled)
        .flat_map(|owner| &owner.code.prefixes)
        .any(|prefix| is_at_or_below(class, prefix))
}

/// A prefix ends at a package, class or `$` boundary, as in detection.
fn is_at_or_below(class: &str, prefix: &str) -> bool {
    class
        .strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '$']))
}

fn is_https_page(url: &str) -> bool {
    let host = |rest: &str| rest.split('/').next().is_some_and(|h| h.contains('.'));
    url.strip_prefix("https://").is_some_and(host)
        && !url.chars().any(|c| c.is_whitespace() || c.is_control())
}
