//! What the tests of the checks share.

use std::sync::LazyLock;

use crate::policy::Lexicon;
use crate::policy::model::{PolicyCheck, PolicyDocument};
use crate::sdk::KnowledgeBase;

pub(crate) static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::compile(&KnowledgeBase::embedded()));

/// The document that a plain text is.
pub(crate) fn read(text: &str) -> PolicyDocument {
    read_as("policy.txt", text)
}

/// The document that a text of some format is.
pub(crate) fn read_as(path: &str, text: &str) -> PolicyDocument {
    crate::policy::read(path, text.as_bytes(), &LEXICON).unwrap()
}

/// The checks of one code.
pub(crate) fn checks(text: &str, code: &str) -> Vec<PolicyCheck> {
    let mut found = read(text).checks;
    found.retain(|check| check.code == code);
    found
}

/// The checks of one code in an HTML page.
pub(crate) fn checks_of_page(html: &str, code: &str) -> Vec<PolicyCheck> {
    let mut found = read_as("policy.html", html).checks;
    found.retain(|check| check.code == code);
    found
}
