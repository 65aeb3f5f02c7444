//! `not-in-use`: an SDK is named as removed, switched off or planned. It is no
//! disclosure of one that the app holds.

use std::ops::Range;

use super::{Ground, short};
use crate::policy::lexicon::squash_name;
use crate::policy::model::{PolicyCheck, PolicyDocument};

/// Checks of the entries that were left out, each with the words that say so.
pub(super) fn check(document: &PolicyDocument, ground: &Ground<'_>) -> Vec<PolicyCheck> {
    let one = |(name, said): &(Range<usize>, Range<usize>)| {
        let as_written = ground.quote(name).text;
        let words = ground.quote(said);
        let same = squash_name(&as_written);
        let counted = document
            .sdks
            .iter()
            .any(|sdk| squash_name(&sdk.as_written) == same);
        let outcome = if counted {
            "another entry of the document names it as if it were, and that one counts"
        } else {
            "it is not counted as disclosed"
        };
        PolicyCheck {
            code: "not-in-use".to_owned(),
            message: format!("{} is named as not in use: {outcome}", short(&as_written)),
            sdk: as_written,
            quote: Some(words),
        }
    };
    ground.left_out.iter().map(one).collect()
}
