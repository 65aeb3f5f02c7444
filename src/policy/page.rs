//! The normalised text of a document: one spelling for what is written in many
//! ways, with the way back to the visible text.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::document::{Block as ViewBlock, LineKind, Source};
use super::tongue::is_ideograph;
use super::traditional::simplified;

/// A normalised document.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Normalised text: NFKC (so full-width punctuation is ASCII), simplified
    /// characters, no zero-width characters, one blank for many and none between Chinese characters.
    /// Lines and cells end in `\n`.
    pub text: String,
    runs: Vec<Run>,
    /// Lines and tables in document order.
    pub blocks: Vec<Block>,
    /// Links with their text's range.
    pub links: Vec<Link>,
    /// Bold words that open a line, in document order.
    strong: Vec<Range<usize>>,
    /// Where blank cells stand whose words are struck through, in order.
    struck: Vec<usize>,
    chinese: bool,
    columns: bool,
}

#[derive(Debug, Clone, Copy)]
struct Run {
    text: usize,
    view: usize,
}

/// A line or a table.
#[derive(Debug)]
pub(crate) enum Block {
    Line(Line),
    Table(Vec<Vec<Cell>>),
}

/// One line.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// Without blanks at its ends.
    pub range: Range<usize>,
    pub kind: LineKind,
    /// Depth of a heading, 1 the highest; 0 where it is none or not told.
    pub level: u8,
    pub indent: usize,
    /// A blank line or a block boundary stands before it.
    pub apart: bool,
}

/// One cell of a table.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub range: Range<usize>,
    /// Repeated by a span.
    pub repeated: bool,
}

/// Blanks in a row that part two columns of plain text.
const COLUMN_GAP: usize = 3;

/// One link.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub range: Range<usize>,
    pub target: String,
    /// It leads nowhere (`url::is_dead`), not even to a place in the document.
    pub dead: bool,
}

impl Page {
    /// Normalises a document.
    pub fn of(source: &Source) -> Self {
        let mut page = Page {
            text: String::with_capacity(source.view.len()),
            columns: source.columns,
            ..Page::default()
        };
        for block in &source.blocks {
            match block {
                ViewBlock::Line {
                    range,
                    kind,
                    level,
                    indent,
                    apart,
                } => {
                    let range = page.push(&source.view, range.clone());
                    page.text.push('\n');
                    if !range.is_empty() {
                        page.blocks.push(Block::Line(Line {
                            range,
                            kind: *kind,
                            level: *level,
                            indent: *indent,
                            apart: *apart,
                        }));
                    }
                }
                ViewBlock::Table(rows) => page.push_table(&source.view, rows),
            }
        }
        page.links = page.place_links(source);
        let strong = source.strong.iter();
        page.strong = strong
            .map(|range| page.text_offset(range.start)..page.text_offset(range.end))
            .collect();
        page.chinese = is_chinese(&page.text);
        page
    }

    /// `zh` or `en`.
    pub fn language(&self) -> &'static str {
        if self.chinese { "zh" } else { "en" }
    }

    /// The text of a range; empty when the range is not on boundaries.
    pub fn get(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// The bold words of a range, in order.
    pub fn strong_in(&self, range: &Range<usize>) -> impl Iterator<Item = &Range<usize>> {
        let first = self.strong.partition_point(|one| one.start < range.start);
        let inside = self.strong.get(first..).unwrap_or_default().iter();
        let end = range.end;
        inside.take_while(move |one| one.end <= end)
    }

    /// The bold words at this place.
    pub fn strong_at(&self, at: usize) -> Option<&Range<usize>> {
        let first = self.strong.partition_point(|range| range.end <= at);
        self.strong.get(first).filter(|range| range.start <= at)
    }

    /// Whether all words of a cell are struck through.
    pub fn is_struck(&self, cell: &Range<usize>) -> bool {
        cell.is_empty() && self.struck.binary_search(&cell.start).is_ok()
    }

    /// The first link that meets a range; links stand in document order.
    pub fn link_in(&self, range: &Range<usize>) -> Option<&Link> {
        let first = self
            .links
            .partition_point(|link| link.range.end <= range.start);
        let link = self.links.get(first)?;
        (link.range.start < range.end).then_some(link)
    }

    /// The links that meet a range.
    pub fn links_in(&self, range: &Range<usize>) -> impl Iterator<Item = &Link> {
        let first = self
            .links
            .partition_point(|link| link.range.end <= range.start);
        let end = range.end;
        let links = self.links.get(first..).unwrap_or_default().iter();
        links.take_while(move |link| link.range.start < end)
    }

    /// The range of the visible text that a range was normalised from.
    pub fn view_range(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.view_offset(range.start);
        let last = self
            .get(range)
            .char_indices()
            .next_back()
            .map_or(range.start, |(at, _)| range.start + at);
        start..self.view_offset(last).max(start)
    }

    fn view_offset(&self, at: usize) -> usize {
        let after = self.runs.partition_point(|run| run.text <= at);
        after
            .checked_sub(1)
            .and_then(|before| self.runs.get(before))
            .map_or(0, |run| run.view + (at - run.text))
    }

    fn text_offset(&self, view: usize) -> usize {
        let after = self.runs.partition_point(|run| run.view <= view);
        let run = after
            .checked_sub(1)
            .and_then(|before| self.runs.get(before));
        let at = run.map_or(0, |run| run.text + (view - run.view));
        let limit = self.runs.get(after).map_or(self.text.len(), |run| run.text);
        let mut at = at.min(limit).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    fn push_table(&mut self, view: &str, rows: &[Vec<super::document::Cell>]) {
        let mut done: std::collections::HashMap<(usize, usize), Range<usize>> =
            std::collections::HashMap::new();
        let mut table = Vec::with_capacity(rows.len());
        for row in rows {
            let mut cells = Vec::with_capacity(row.len());
            for cell in row {
                let key = (cell.range.start, cell.range.end);
                let range = match done.get(&key) {
                    Some(range) => range.clone(),
                    None => {
                        let range = self.push(view, cell.range.clone());
                        self.text.push('\n');
                        if cell.struck && range.is_empty() {
                            self.struck.push(range.start);
                        }
                        done.insert(key, range.clone());
                        range
                    }
                };
                cells.push(Cell {
                    range,
                    repeated: cell.repeated,
                });
            }
            table.push(cells);
        }
        self.blocks.push(Block::Table(table));
    }

    fn place_links(&self, source: &Source) -> Vec<Link> {
        let place = |link: &super::document::ViewLink| Link {
            range: self.text_offset(link.range.start)..self.text_offset(link.range.end),
            target: link.target.trim().to_owned(),
            dead: link.dead,
        };
        source.links.iter().map(place).collect()
    }

    /// Appends the normalised form of `view[range]`; the result is trimmed.
    fn push(&mut self, view: &str, range: Range<usize>) -> Range<usize> {
        let Range { start: base, end } = range;
        let start = self.text.len();
        let mut blank = None;
        let mut line = start;
        let mut after_star = false;
        let mut same = None;
        for (at, c) in view.get(range).unwrap_or_default().char_indices() {
            let at = base + at;
            let parts_words = || c == ' ' && same.is_some() && words_meet(view, at);
            if blank.is_none() && (is_plain(c) || parts_words()) {
                same.get_or_insert(at);
                after_star = false;
                continue; // nearly all of a text
            }
            self.take_over(view, same.take(), at);
            if is_ideograph(c) {
                self.close_gap(blank.take(), line, c);
                self.mark(at);
                self.text.push(simplified(c));
                after_star = false;
                continue;
            }
            // Emphasis that a text keeps from Markdown is no word.
            let doubled = c == '*' && view.get(at + 1..).is_some_and(|rest| rest.starts_with('*'));
            let starred = c == '*' && (doubled || after_star);
            after_star = doubled && !after_star;
            if is_ignorable(c) || starred {
                continue;
            }
            if c == '\n' || c == '\t' {
                // Two tabs in a row have a blank cell between them.
                let cell = c == '\t' && self.text.len() > start && self.text.ends_with('\t');
                if self.text.len() > line || cell {
                    self.mark(at);
                    self.text.push(c);
                    line = self.text.len();
                }
                blank = None;
                continue;
            }
            if c.is_whitespace() {
                let (_, width) = blank.get_or_insert((at, 0));
                *width += if c == '\u{3000}' { 2 } else { 1 };
                continue;
            }
            self.close_gap(blank.take(), line, c);
            self.mark(at);
            if c.is_ascii() {
                self.text.push(c);
            } else if numbers_item(c, view, at) {
                self.text.push(c); // its digit alone would be one of a word
            } else if let Some(plain) = radical(c) {
                self.text.push(plain);
            } else {
                self.text.extend(std::iter::once(c).nfkc());
            }
        }
        self.take_over(view, same, end);
        while self.text.len() > start && self.text.ends_with(['\n', '\t', ' ']) {
            self.text.pop();
        }
        start..self.text.len()
    }

    /// Appends what stands in the view up to a place as it is.
    fn take_over(&mut self, view: &str, from: Option<usize>, to: usize) {
        if let Some(from) = from {
            self.mark(from);
            self.text.push_str(view.get(from..to).unwrap_or_default());
        }
    }

    /// Writes the blanks in front of a character, given by their place and width,
    /// as one or as none; `line` is where the line began.
    fn close_gap(&mut self, blank: Option<(usize, usize)>, line: usize, c: char) {
        let Some((at, width)) = blank.filter(|_| self.text.len() > line) else {
            return;
        };
        if self.columns && width >= COLUMN_GAP {
            self.mark(at);
            self.text.push('\t');
        } else if !(self.text.chars().next_back().is_some_and(is_cjk) && is_cjk(c)) {
            self.mark(at);
            self.text.push(' ');
        }
    }

    /// Remembers where the next character comes from, unless the last run says so.
    fn mark(&mut self, view: usize) {
        let text = self.text.len();
        let linear = self
            .runs
            .last()
            .is_some_and(|run| run.view.checked_add(text - run.text) == Some(view));
        if !linear {
            // A run that never got a character (trimmed away) is replaced.
            while self.runs.last().is_some_and(|run| run.text >= text) {
                self.runs.pop();
            }
            self.runs.push(Run { text, view });
        }
    }
}

fn is_chinese(text: &str) -> bool {
    let (mut han, mut latin) = (0usize, 0usize);
    for c in text.chars() {
        han += usize::from(is_ideograph(c));
        latin += usize::from(c.is_ascii_alphabetic());
    }
    han * 5 > latin
}

/// A character that is normalised already, whatever stands around it.
fn is_plain(c: char) -> bool {
    c.is_ascii_graphic() && c != '*' || is_ideograph(c) && simplified(c) == c
}

/// Whether a blank in the view stands between two words of ASCII.
fn words_meet(view: &str, at: usize) -> bool {
    let word =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_graphic() && *byte != b'*');
    let bytes = view.as_bytes();
    let before = at.checked_sub(1).and_then(|before| bytes.get(before));
    word(before) && word(bytes.get(at + 1))
}

/// Chinese characters and the punctuation that stands between them.
pub(crate) fn is_cjk(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '“' | '”')
}

/// Whether a circled number stands in front of words, as that of an item does
/// and that of a note does not.
fn numbers_item(c: char, view: &str, at: usize) -> bool {
    let behind = || {
        view.get(at + c.len_utf8()..)
            .and_then(|rest| rest.trim_start_matches(' ').chars().next())
    };
    ('①'..='⑳').contains(&c)
        && behind().is_some_and(|next| {
            next.is_ascii_alphabetic() || ('\u{4e00}'..='\u{9fff}').contains(&next)
        })
}

fn is_ignorable(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{fe0f}'
    ) || (c.is_control() && !matches!(c, '\n' | '\t' | '\r' | '\u{b}' | '\u{c}'))
}

/// CJK radicals (U+2E80 block) that stand for a character in PDF text; the
/// Kangxi radicals (U+2F00 block) are covered by NFKC.
fn radical(c: char) -> Option<char> {
    Some(match c {
        '⺠' => '民',
        '⻄' => '西',
        '⻅' => '见',
        '⻆' => '角',
        '⻉' => '贝',
        '⻋' => '车',
        '⻓' => '长',
        '⻔' => '门',
        '⻘' => '青',
        '⻙' => '韦',
        '⻚' => '页',
        '⻛' => '风',
        '⻜' => '飞',
        '⻝' => '食',
        '⻢' => '马',
        '⻣' => '骨',
        '⻤' => '鬼',
        '⻥' => '鱼',
        '⻦' => '鸟',
        '⻨' => '麦',
        '⻩' => '黄',
        '⻬' => '齐',
        '⻮' => '齿',
        '⻰' => '龙',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::document;

    fn page(text: &str) -> (Source, Page) {
        let source = document::open("p.txt", text.as_bytes()).unwrap().source;
        let page = Page::of(&source);
        (source, page)
    }

    #[test]
    fn spellings_become_one_and_lead_back() {
        let (source, page) = page("收集：Ｗｉ－Ｆｉ 信 息、⽤户\u{200b}名（A  B）\n");
        assert_eq!(page.text.trim(), "收集:Wi-Fi 信息、用户名(A B)");
        let at = page.text.find("用户名").unwrap();
        let view = page.view_range(&(at..at + "用户名".len()));
        let end = view.end + source.view[view.end..].chars().next().unwrap().len_utf8();
        assert_eq!(&source.view[view.start..end], "⽤户\u{200b}名");
    }
}
