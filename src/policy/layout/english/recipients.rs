//! Tables of those that get data from the company itself: its host, its
//! newsletter, its post. Beside a list of what the app holds they are no SDKs.

use crate::policy::layout::{Layout, Parse};
use crate::policy::page::Page;
use crate::policy::pattern::Pattern;

use super::blocks;

/// Words of a heading or a lead that bring the app in.
static APP: Pattern = Pattern::new(
    r"(?i)\b(?:apps?|applications?|games?|sdks?|mobile|android|software|third[- ]part(?:y|ies)|librar(?:y|ies)|integrat\w+|analytics|advert\w*)\b",
);

/// Takes out such tables where another list speaks of the app.
pub(super) fn part(page: &Page, parses: &mut Vec<Parse>) {
    let of_app = |parse: &Parse| {
        let first = parse.candidates.first().map(|one| one.whole.start);
        first.is_some_and(|first| APP.is_match(blocks::above(page, first.min(parse.covered.start))))
    };
    let bare = |parse: &Parse| {
        let plain = |one: &crate::policy::layout::Candidate| {
            one.layout == Layout::Grid
                && one.data.is_empty()
                && one.url.is_empty()
                && one.shared.is_empty()
                && page.link_in(&one.name).is_none()
        };
        parse.candidates.iter().all(plain)
    };
    let other = parses
        .iter()
        .any(|parse| parse.candidates.len() > 1 && !bare(parse) && of_app(parse));
    if other {
        parses.retain(|parse| !bare(parse) || of_app(parse));
    }
}
