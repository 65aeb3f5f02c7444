//! `not-in-use`: an SDK is named as removed, switched off or planned. It is no
//! disclosure of one that the app holds.

use std::ops::Range;

use super::{Ground, short};
use crate::policy::model::PolicyCheck;

/// Checks of the entries that were left out, each with the words that say so.
pub(super) fn check(ground: &Ground<'_>) -> Vec<PolicyCheck> {
    let one = |(name, said): &(Range<usize>, Range<usize>)| {
        let as_written = ground.quote(name).text;
        let words = ground.quote(said);
        PolicyCheck {
            code: "not-in-use".to_owned(),
            message: format!(
                "{} is named as not in use ({}): it is not counted as disclosed",
                short(&as_written),
                short(&words.text),
            ),
            sdk: as_written,
            quote: Some(words),
        }
    };
    ground.left_out.iter().map(one).collect()
}
