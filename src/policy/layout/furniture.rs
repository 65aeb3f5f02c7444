//! Page numbers and running headers that text copied from a PDF carries between
//! its lines: they belong to no table and no paragraph.

use std::collections::{HashMap, HashSet};

use crate::policy::pattern::Pattern;

use crate::policy::page::{Block, Line, Page};

/// A line that is a page number and nothing else.
static NUMBER: Pattern = Pattern::new(
    r"(?i)^(?:第\s*\d{1,4}\s*页\s*[,/]?\s*(?:共\s*\d{1,4}\s*页)?|(?:页码:?\s*)?\d{1,4}\s*/\s*\d{1,4}\s*页?|[-—]\s*\d{1,4}\s*[-—]|page\s+\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?|\d{1,4}\s+of\s+\d{1,4})$",
);

/// Page numbers that make a text one of pages.
const MIN_PAGES: usize = 2;

/// Longest running header, in characters.
const MAX_HEADER: usize = 120;

/// Starts of the lines that are page furniture.
pub(super) fn find(page: &Page) -> HashSet<usize> {
    let lines: Vec<&Line> = page
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Line(line) => Some(line),
            Block::Table(_) => None,
        })
        .collect();
    let numbered: Vec<usize> = (0..lines.len())
        .filter(|at| is_number(page, lines.get(*at)))
        .collect();
    if numbered.len() < MIN_PAGES {
        return HashSet::new();
    }
    // What stands right above or below the number of most pages is a header.
    let mut beside: HashMap<&str, usize> = HashMap::new();
    for at in &numbered {
        for near in [at.checked_sub(1), Some(at + 1)].into_iter().flatten() {
            if let Some(line) = lines.get(near) {
                *beside.entry(page.get(&line.range)).or_default() += 1;
            }
        }
    }
    let header = |line: &Line| {
        let text = page.get(&line.range);
        let times = beside.get(text).copied().unwrap_or(0);
        times >= MIN_PAGES && times * 2 > numbered.len() && text.chars().count() <= MAX_HEADER
    };
    let numbers = numbered.iter().filter_map(|at| lines.get(*at));
    let headers = lines.iter().filter(|line| header(line));
    numbers
        .chain(headers)
        .map(|line| line.range.start)
        .collect()
}

fn is_number(page: &Page, line: Option<&&Line>) -> bool {
    line.is_some_and(|line| NUMBER.is_match(page.get(&line.range)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::document;

    #[test]
    fn numbers_and_headers_of_pages_are_told_from_text() {
        let text = "一、清单\n灰雁SDK\n第 1 页 共 3 页\n某某隐私政策\n蓝鲸SDK\n第 2 页 共 3 页\n某某隐私政策\n远山SDK\n第 3 页 共 3 页\n";
        let page = Page::of(&document::open("p.txt", text.as_bytes()).unwrap().source);
        let found = find(&page);
        let left: Vec<&str> = page
            .blocks
            .iter()
            .filter_map(|block| match block {
                Block::Line(line) if !found.contains(&line.range.start) => {
                    Some(page.get(&line.range))
                }
                _ => None,
            })
            .collect();
        assert_eq!(left, ["一、清单", "灰雁SDK", "蓝鲸SDK", "远山SDK"]);
    }
}
