//! Sections of running text, and whether their words say that what follows are
//! SDKs.

use std::ops::Range;

use crate::policy::pattern::Pattern;

use crate::policy::document::LineKind;
use crate::policy::page::{Block, Line, Page};
use crate::policy::sentence;

/// Words that say that names are those of SDKs.
static SDKS: Pattern = Pattern::new(
    r"(?i)sdk|开发包|第三方(?:插件|组件|服务|代码)|third[- ]party (?:sdk|service|librar|component|code)",
);

/// How far above a list its introduction may stand, in bytes.
const ABOVE: usize = 600;

/// A heading, its depth and whether it speaks of SDKs.
#[derive(Debug)]
struct Heading {
    start: usize,
    depth: u8,
    says: bool,
}

/// The headings of a document, in order.
#[derive(Debug, Default)]
pub(super) struct Sections {
    headings: Vec<Heading>,
}

impl Sections {
    /// Finds the headings.
    pub fn of(page: &Page) -> Self {
        let headings = page.blocks.iter().filter_map(|block| match block {
            Block::Line(line) => Some((depth(page, line)?, line)),
            Block::Table(_) => None,
        });
        let heading = |(depth, line): (u8, &Line)| Heading {
            start: line.range.start,
            depth,
            says: SDKS.is_match(page.get(&line.range)),
        };
        Self {
            headings: headings.map(heading).collect(),
        }
    }

    /// Whether the words above a list in its section, or the heading of a section
    /// around it, say that it names SDKs.
    pub fn speak_of_sdks(&self, page: &Page, list: &Range<usize>) -> bool {
        let before = self.headings.partition_point(|h| h.start < list.start);
        let above = self.headings.get(..before).unwrap_or_default();
        let start = above.last().map_or(0, |heading| heading.start);
        let mut from = list.start.saturating_sub(ABOVE).max(start);
        while !page.text.is_char_boundary(from) {
            from -= 1;
        }
        let words = page.get(&(from..list.start));
        let denied = words.lines().last().is_some_and(sentence::denies_sdks);
        !denied && (SDKS.is_match(words) || around(above))
    }
}

/// Whether a heading around the last one speaks of SDKs.
fn around(above: &[Heading]) -> bool {
    let mut depth = u8::MAX;
    for heading in above.iter().rev().take(MAX_ABOVE) {
        if heading.depth < depth {
            if heading.says {
                return true;
            }
            depth = heading.depth;
        }
    }
    false
}

/// How deep a line is as a heading: by its markup, else by its number.
fn depth(page: &Page, line: &Line) -> Option<u8> {
    if line.kind == LineKind::Heading && line.level > 0 {
        return Some(line.level);
    }
    let text = page.get(&line.range);
    let mark = sentence::marker(text).and_then(|end| text.get(..end))?;
    let han = mark.contains(|c: char| "一二三四五六七八九十".contains(c));
    if mark.contains(['章', '条', '节']) {
        Some(1)
    } else if han {
        Some(if mark.contains(['(', '（']) { 3 } else { 2 })
    } else {
        (line.kind == LineKind::Heading).then_some(4)
    }
}

/// Headings looked back at for those around a list.
const MAX_ABOVE: usize = 400;

/// Whether words say SDK or the like.
pub(crate) fn says_sdk(text: &str) -> bool {
    SDKS.is_match(text)
}
