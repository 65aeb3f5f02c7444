//! A signature's own examples, answered by the matcher that detection uses.

use super::Lint;
use crate::sdk::base::KnowledgeBase;
use crate::sdk::matcher::{ComponentClass, Matcher, SignatureIndex};

pub(super) fn check(lint: &mut Lint) {
    let mut failed = Vec::new();
    let matcher = Matcher::compile(&lint.base);
    for (index, signature) in (0..).zip(lint.base.signatures()) {
        if !lint.is_own(&signature.id) {
            continue;
        }
        let file = lint.base.file_of(&signature.id).unwrap_or_default();
        let mut fail = |example: &str, message: String| {
            failed.push((file.to_owned(), example.to_owned(), message));
        };
        for example in &signature.examples.positive {
            if !is_evidence(&matcher, index, example) {
                let owner = owner_name(&lint.base, &matcher, example);
                let message =
                    format!("positive example \"{example}\" is no evidence for it{owner}");
                fail(example, message);
            }
        }
        for example in &signature.examples.negative {
            if is_evidence(&matcher, index, example) {
                fail(
                    example,
                    format!("negative example \"{example}\" is evidence for it"),
                );
            }
        }
    }
    for (file, example, message) in failed {
        lint.error(&file, &example, message);
    }
}

/// Whether a class, component or library name proves this signature.
fn is_evidence(matcher: &Matcher, index: SignatureIndex, example: &str) -> bool {
    if example.ends_with(".so") {
        return matcher.native_library(example).any(|hit| hit == index);
    }
    let owns = matcher
        .owner_of_class(example)
        .is_some_and(|owner| owner.exclusive && owner.signature == index);
    let is_component = || {
        [
            ComponentClass::Activity,
            ComponentClass::Service,
            ComponentClass::Receiver,
            ComponentClass::Provider,
        ]
        .into_iter()
        .any(|class| matcher.component(class, example, "").eq([index]))
    };
    owns || matcher.marker_class(example) == [index]
        || matcher.class_suffix(example) == [index]
        || is_component()
}

fn owner_name(base: &KnowledgeBase, matcher: &Matcher, example: &str) -> String {
    let Some(owner) = matcher.owner_of_class(example) else {
        return String::new();
    };
    let shared = if owner.exclusive { "" } else { "shared " };
    let id = base
        .signature_at(owner.signature)
        .map_or("", |s| s.id.as_str());
    format!(": {shared}prefix \"{}\" of {id} matches it", owner.prefix)
}
