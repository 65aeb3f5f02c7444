//! What a sentence behind a list says of all its entries: `上述SDK可能收集…`.

use crate::policy::pattern::Pattern;

use super::{Candidate, Findings};
use crate::policy::Lexicon;
use crate::policy::page::{Block, Page};
use crate::policy::sentence;

/// How far behind an entry such a sentence may stand, in bytes.
const REACH: usize = 3_000;

/// Sentences of this kind read in one document; a policy has one or two.
const MAX_SENTENCES: usize = 32;

/// A sentence about all of the above.
static ALL_ABOVE: Pattern = Pattern::new(
    r"(?i)^(?:上述|以上|前述|上列)[^,。;:]{0,12}(?:sdk|服务商|第三方|插件|组件)[^,。;:]{0,12}(?:收集|获取|采集|读取|处理)|^(?:all (?:of )?(?:these|the above)|these|the above|the listed)\s+(?:third[- ]party )?(?:sdks|services|providers|partners)\b[^.;:]*\b(?:collect|receive|access|gather|process)",
);

/// Gives entries that name no data of their own what such a sentence says.
pub(crate) fn attach(page: &Page, lexicon: &Lexicon, findings: &mut Findings) {
    let mut read = 0;
    for block in &page.blocks {
        let Block::Line(line) = block else { continue };
        if read == MAX_SENTENCES {
            break;
        }
        let range = sentence::strip_marker(page, &line.range);
        if !ALL_ABOVE.is_match(page.get(&range)) {
            continue;
        }
        read += 1;
        let Some(first) = sentence::sentences(page.get(&range)).next() else {
            continue;
        };
        let first = range.start + first.start..range.start + first.end;
        let data = sentence::said(page, &first, &[]).data;
        let before = |one: &&mut Candidate| {
            one.whole.end <= first.start && first.start - one.whole.end < REACH
        };
        for one in findings.candidates.iter_mut().filter(before) {
            // A cell that says "none" is an answer; running text without terms is none.
            let silent = one.data.is_empty()
                || one.prose
                    && one
                        .data
                        .iter()
                        .all(|range| lexicon.terms.find(page.get(range)).is_empty());
            if silent {
                one.shared.extend(data.iter().cloned());
            }
        }
    }
}
