//! What the heading right above a list says of all its entries: the platform,
//! as in `第三方SDK清单（iOS）`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Parse;
use crate::policy::document::LineKind;
use crate::policy::page::{Block, Line, Page};
use crate::policy::sentence;

/// A platform.
static PLATFORM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\bandroid\b|安卓|\bios\b|iphone|harmony|鸿蒙").expect("a constant pattern")
});

/// Words of a list.
static LIST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)sdk|第三方|清单|目录|列表|list|third[- ]part").expect("a constant pattern")
});

/// Longest heading, in characters.
const MAX_HEADING: usize = 48;

/// A heading of so few characters may be nothing but the platform.
const BARE: usize = 16;

/// Lines between the heading and its list.
const BETWEEN: usize = 2;

/// Gives entries that name no platform of their own the one in the heading.
pub(super) fn attach(page: &Page, parses: &mut [Parse]) {
    for parse in parses {
        let told = parse.candidates.iter().any(|one| !one.platform.is_empty());
        let Some(platform) = above(page, parse.covered.start).filter(|_| !told) else {
            continue;
        };
        for one in &mut parse.candidates {
            one.platform.push(platform.clone());
        }
    }
}

/// The heading above a list that names a platform; another table or a heading
/// without one ends the search.
fn above(page: &Page, list: usize) -> Option<Range<usize>> {
    let start = |block: &Block| match block {
        Block::Line(line) => line.range.start,
        Block::Table(rows) => rows
            .iter()
            .flatten()
            .map(|cell| cell.range.start)
            .min()
            .unwrap_or(0),
    };
    let behind = page.blocks.partition_point(|block| start(block) < list);
    let before = page.blocks.get(..behind)?;
    for block in before.iter().rev().take(BETWEEN + 1) {
        let Block::Line(line) = block else {
            return None;
        };
        if names_platform(page, line) {
            return Some(line.range.clone());
        }
        if line.kind == LineKind::Heading || page.get(&line.range).chars().count() > 200 {
            return None;
        }
    }
    None
}

fn names_platform(page: &Page, line: &Line) -> bool {
    let text = page.get(&sentence::strip_marker(page, &line.range));
    let length = text.chars().count();
    length <= MAX_HEADING
        && !text.contains([',', '。', ';'])
        && PLATFORM.is_match(text)
        && (length <= BARE || LIST.is_match(text))
}
