//! Sections of running text, and whether their words say that what follows are
//! SDKs.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::policy::pattern::pattern;

use crate::policy::document::LineKind;
use crate::policy::page::{Line, Page};
use crate::policy::sentence;

/// Words that say that names are those of SDKs.
static SDKS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)sdk|开发包|第三方(?:插件|组件|服务|代码)|third[- ]party (?:sdk|service|librar|component|code)",
    )
});

/// How far above a list its introduction may stand, in bytes.
const ABOVE: usize = 600;

/// The section that the lines read so far end in.
#[derive(Debug, Default)]
pub(super) struct Section {
    start: usize,
}

impl Section {
    /// Notes a line that is no entry: a heading opens a section.
    pub fn pass(&mut self, page: &Page, line: &Line) {
        let text = page.get(&line.range);
        let numbered = sentence::marker(text)
            .and_then(|end| text.get(..end))
            .is_some_and(|mark| mark.contains(|c: char| "一二三四五六七八九十章节".contains(c)));
        if line.kind == LineKind::Heading || numbered {
            self.start = line.range.start;
        }
    }

    /// Whether the words of the section above a list say that it names SDKs.
    pub fn speaks_of_sdks(&self, page: &Page, list: &Range<usize>) -> bool {
        let mut above = list.start.saturating_sub(ABOVE).max(self.start);
        while !page.text.is_char_boundary(above) {
            above -= 1;
        }
        let words = page.get(&(above..list.start));
        SDKS.is_match(words) && !words.lines().last().is_some_and(sentence::denies_sdks)
    }
}

/// Whether words say SDK or the like.
pub(super) fn says_sdk(text: &str) -> bool {
    SDKS.is_match(text)
}
