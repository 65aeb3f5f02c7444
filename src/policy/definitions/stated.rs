//! The definitions that a document states, whoever they are for.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use crate::policy::pattern::Pattern;

use super::Definition;
use crate::policy::lexicon::squash_name;
use crate::policy::page::{Block, Cell, Line, Page};
use crate::policy::{sentence, spans};

/// Definitions read from one document; real ones have a dozen.
pub(super) const MAX_DEFINITIONS: usize = 1_000;

/// Longest defined term, in characters: Chinese, Latin.
const MAX_TERM: (usize, usize) = (16, 40);

/// Longest line that announces definitions, in characters.
const MAX_ANNOUNCER: usize = 40;

/// One definition as stated.
#[derive(Debug)]
pub(super) struct Stated {
    /// The squashed term; empty for a footnote that repeats no term.
    pub term: String,
    /// A footnote mark: a number or stars.
    pub mark: Option<String>,
    pub definition: Definition,
    /// Where the line starts.
    pub at: usize,
    /// A remark or footnote: it stands behind what it explains.
    pub footnote: bool,
    /// A row of the list's own table.
    pub inside: bool,
}

/// What stands before the meaning: `term:`, `term是指`, `"term" means`.
static DEFINES: Pattern = Pattern::new(
    r#"(?is)^["“「『]?([^:"”」』、,。;\n]{2,40}?)["”」』]?\s*(?::|,?\s*(?:是指|系指|指的是|主要包括|包括|包含|指|means|refers\s+to|includes?)\s*:?)\s*"#,
);

/// Signs in front of a footnote; of figures and stars they hold its mark alone.
static FOOTNOTE: Pattern = Pattern::new(
    r"(?i)^\s*(?:(?:注释?|备注|说明|附注|\bnotes?)\s*[\[(]?(?:\d{1,2})?[\])]?\s*[:.、]|\[注?\d{1,2}\]\s*[:.、]?|\(注?\d{1,2}\)\s*[:.、]?|\*{1,4}\s*|[①-⑳]\s*|\d{1,2}(?:\s*[:.、]\s*|\s*))",
);

/// Lines that announce definitions.
static ANNOUNCES: Pattern =
    Pattern::new(r"(?i)定义|说明|释义|穷举|解释|包括|术语|definition|glossary|terms used|meaning");

/// Headings that announce definitions without a colon.
static GLOSSARY_HEADING: Pattern =
    Pattern::new(r"(?i)定义|释义|名词解释|术语|字段说明|\bdefinitions?\b|glossary");

/// What the app says of itself.
static OWN: Pattern = Pattern::new(
    r"(?i)我们[^,。;]*(?:收集|获取|使用|处理)|向您收集|\bwe (?:may |will |also )?(?:collect|use|process)",
);

/// Words of a heading over terms, and over their meanings.
static TERM_HEAD: Pattern = Pattern::new(
    r"(?i)^(?:术语|名词|词语|字段|名称|信息(?:类型|类别|名称|项)?|个人信息(?:类型|类别|名称|项)?|数据(?:类型|名称|项)?|类别|类型|terms?|data (?:type|category)|category|field)s?$",
);
static MEANING_HEAD: Pattern = Pattern::new(
    r"(?i)^(?:定义|释义|含义|解释|说明|具体(?:内容|信息|字段|包括)|包括(?:内容|字段)?|包含(?:内容|字段)?|内容|字段(?:说明)?|范围|definitions?|meanings?|description|includes?|what it (?:includes|means)|details?)$",
);

/// Reads the definitions in document order.
pub(super) fn read(page: &Page, covered: &[Range<usize>]) -> Vec<Stated> {
    let mut found = Vec::new();
    let mut run: Vec<Stated> = Vec::new();
    let mut announced = false;
    for block in &page.blocks {
        if found.len() + run.len() >= MAX_DEFINITIONS {
            break;
        }
        match block {
            Block::Line(line) => {
                if let Some(opens) = announces(page, line) {
                    close(&mut run, &mut found);
                    announced = opens;
                    continue;
                }
                match announced.then(|| block_line(page, line)).flatten() {
                    Some(stated) => run.push(stated),
                    None => {
                        close(&mut run, &mut found);
                        announced = false;
                        let text = page.get(&line.range);
                        found.extend(footnote(text, line.range.start, false));
                    }
                }
            }
            Block::Table(rows) => {
                close(&mut run, &mut found);
                let whole = rows.iter().flatten().find(|cell| !cell.range.is_empty());
                if whole.is_some_and(|cell| spans::meets(covered, &cell.range)) {
                    found.extend(rows.iter().filter_map(|row| remark(page, row)));
                } else {
                    found.extend(table(page, rows));
                }
                announced = false;
            }
        }
    }
    close(&mut run, &mut found);
    found
}

/// Two lines make a block; one alone may be anything.
fn close(run: &mut Vec<Stated>, found: &mut Vec<Stated>) {
    if run.len() >= 2 {
        found.append(run);
    }
    run.clear();
}

/// Whether a line that introduces others announces definitions.
fn announces(page: &Page, line: &Line) -> Option<bool> {
    let text = page.get(&line.range);
    let short = text.chars().take(MAX_ANNOUNCER).count() < MAX_ANNOUNCER;
    if short && text.ends_with(':') {
        return Some(ANNOUNCES.is_match(text) && !OWN.is_match(text));
    }
    (short && sentence::heading(page, line).is_some()).then(|| GLOSSARY_HEADING.is_match(text))
}

/// Whether a heading stands between two places.
pub(super) fn heading_between(page: &Page, range: &Range<usize>) -> bool {
    let from = page
        .blocks
        .partition_point(|block| end_of(block) <= range.start);
    let blocks = page.blocks.iter().skip(from);
    blocks
        .take_while(|block| start_of(block) < range.end)
        .any(|block| match block {
            Block::Line(line) => {
                line.range.start >= range.start && sentence::heading(page, line).is_some()
            }
            Block::Table(_) => false,
        })
}

fn start_of(block: &Block) -> usize {
    match block {
        Block::Line(line) => line.range.start,
        Block::Table(rows) => rows
            .iter()
            .flatten()
            .map(|cell| cell.range.start)
            .next()
            .unwrap_or(0),
    }
}

fn end_of(block: &Block) -> usize {
    match block {
        Block::Line(line) => line.range.end,
        Block::Table(rows) => {
            let cells = rows.iter().rev().flat_map(|row| row.iter().rev());
            cells.map(|cell| cell.range.end).next().unwrap_or(0)
        }
    }
}

/// A line of a block, after its bullet.
fn block_line(page: &Page, line: &Line) -> Option<Stated> {
    let text = page.get(&line.range);
    let skip = sentence::marker(text).unwrap_or(0);
    let at = line.range.start + skip;
    let (term, meaning) = define(text.get(skip..)?, at)?;
    Some(Stated {
        term: squash_name(page.get(&term)),
        mark: None,
        definition: Definition { term, meaning },
        at: line.range.start,
        footnote: false,
        inside: false,
    })
}

/// A remark behind a list: `注1:设备信息包括…`, `* 设备信息:…`, `[1] …`.
fn footnote(text: &str, at: usize, inside: bool) -> Option<Stated> {
    let signs = ['注', '备', '说', '附', 'N', 'n', '[', '(', '*'];
    let words = text.trim_start();
    let number = |c: char| c.is_ascii_digit() || ('①'..='⑳').contains(&c);
    if !words.starts_with(signs) && !words.starts_with(number) {
        return None; // most lines
    }
    let signs = FOOTNOTE.find(text)?;
    // Beside words a circled number is a digit.
    let plain: String = signs.as_str().nfkc().collect();
    let marks = |c: &char| c.is_ascii_digit() || *c == '*';
    let mark: String = plain.chars().filter(marks).collect();
    let mark = Some(mark).filter(|mark| !mark.is_empty());
    let skip = signs.end();
    let body = text.get(skip..)?;
    let begin = at + skip;
    let (term, meaning) = match define(body, begin) {
        Some(defined) => defined,
        // Only a mark can tell what such a remark is about.
        None if mark.is_some() && !body.trim().is_empty() => {
            (begin..begin, begin..begin + body.len())
        }
        None => return None,
    };
    let squashed = if term.is_empty() {
        String::new()
    } else {
        squash_name(text.get(term.start - at..term.end - at)?)
    };
    // A numbered line is a footnote only where an entry carries the number.
    let numbered = words.starts_with(number);
    Some(Stated {
        term: if numbered { String::new() } else { squashed },
        mark,
        definition: Definition { term, meaning },
        at,
        footnote: true,
        inside,
    })
}

/// A row of a list's table that holds one remark.
fn remark(page: &Page, row: &[Cell]) -> Option<Stated> {
    let mut cells = row
        .iter()
        .filter(|cell| !cell.range.is_empty() && !cell.repeated);
    let cell = cells.next()?;
    if cells.any(|other| other.range != cell.range) {
        return None;
    }
    footnote(page.get(&cell.range), cell.range.start, true)
}

/// A table of terms and meanings.
fn table(page: &Page, rows: &[Vec<Cell>]) -> Vec<Stated> {
    let Some(header) = rows.first() else {
        return Vec::new();
    };
    let column = |heads: &Pattern| {
        header
            .iter()
            .position(|cell| heads.is_match(page.get(&cell.range).trim()))
    };
    let (Some(terms), Some(meanings)) = (column(&TERM_HEAD), column(&MEANING_HEAD)) else {
        return Vec::new();
    };
    // More columns tell who collects what: no table of terms.
    if terms == meanings || header.len() > 3 {
        return Vec::new();
    }
    let stated = |row: &Vec<Cell>| {
        let term = row.get(terms)?.range.clone();
        let meaning = row.get(meanings)?.range.clone();
        let squashed = squash_name(page.get(&term));
        let fits = (2..=MAX_TERM.1).contains(&squashed.chars().count());
        (fits && !meaning.is_empty()).then_some(Stated {
            term: squashed,
            mark: None,
            at: term.start,
            definition: Definition { term, meaning },
            footnote: false,
            inside: false,
        })
    };
    rows.iter()
        .skip(1)
        .take(MAX_DEFINITIONS)
        .filter_map(stated)
        .collect()
}

/// The term and the meaning of a defining line.
fn define(text: &str, at: usize) -> Option<(Range<usize>, Range<usize>)> {
    let groups = DEFINES.captures(text)?;
    let term = groups.get(1)?;
    let begin = groups.get(0)?.end();
    let meaning = text.get(begin..).filter(|meaning| !meaning.is_empty())?;
    let length = term.as_str().chars().count();
    let most = if term.as_str().is_ascii() {
        MAX_TERM.1
    } else {
        MAX_TERM.0
    };
    if !(2..=most).contains(&length) || meaning.starts_with("//") {
        return None;
    }
    Some((
        at + term.start()..at + term.end(),
        at + begin..at + text.len(),
    ))
}
