//! Rows of a Markdown table that a line break in a cell tore apart: converters
//! write `<br>` as a line feed, and CommonMark reads each line as a row.

use memchr::memchr;

/// Lines of one row that are looked at.
const MAX_LINES: usize = 24;
/// Bytes of a row without its end that are looked at.
const MAX_ROW: usize = 8 * 1024;
/// What stands in place of the line feed inside a row: no Markdown, one byte.
pub(super) const BREAK: char = '\u{b}';

/// One line of the text.
#[derive(Clone, Copy)]
struct Line<'t> {
    text: &'t str,
    end: usize,
    /// Cells that it alone would make.
    cells: usize,
}

impl Line<'_> {
    fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    fn is_open(&self) -> bool {
        self.text.starts_with('|') && !self.text.ends_with('|')
    }

    /// Whether a table ends in front of it.
    fn ends_table(&self) -> bool {
        self.text.starts_with(['#', '>']) || self.text.starts_with("```")
    }
}

/// The text with the line feeds inside torn rows replaced, at the same offsets.
pub(super) fn joined(text: String) -> String {
    if !text.contains("--") || memchr(b'|', text.as_bytes()).is_none() {
        return text;
    }
    let lines = lines(&text);
    let mut feeds = Vec::new();
    let mut columns = 0;
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        at += 1;
        if line.is_blank() || line.ends_table() {
            columns = 0;
        } else if let Some(found) = delimiter(line.text) {
            columns = found;
        } else if columns > 1 && line.cells < columns {
            let row = lines.get(at - 1..).unwrap_or_default();
            if let Some(length) = torn(row, columns) {
                let torn = row.get(..length - 1).unwrap_or_default();
                feeds.extend(torn.iter().map(|line| line.end));
                at += length - 1;
            }
        }
    }
    if feeds.is_empty() {
        return text;
    }
    let mut bytes = text.into_bytes();
    for feed in feeds {
        if let Some(byte) = bytes.get_mut(feed) {
            *byte = BREAK as u8;
        }
        let before = feed.checked_sub(1).and_then(|at| bytes.get_mut(at));
        if let Some(byte) = before.filter(|byte| **byte == b'\r') {
            *byte = b' ';
        }
    }
    // ASCII took the place of ASCII.
    String::from_utf8(bytes).unwrap_or_default()
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut at = 0;
    let pieces = text.split('\n').map(|piece| {
        let end = at + piece.len();
        at = end + 1;
        let text = piece.trim();
        Line {
            text,
            end,
            cells: cells(text),
        }
    });
    pieces.collect()
}

/// The cells of a line, blank or not.
fn cells(line: &str) -> usize {
    let (mut pipes, mut escaped) = (0, false);
    for byte in line.bytes() {
        pipes += usize::from(byte == b'|' && !escaped);
        escaped = byte == b'\\' && !escaped;
    }
    let outer = usize::from(line.starts_with('|'))
        + usize::from(line.len() > 1 && line.ends_with('|') && !line.ends_with("\\|"));
    (pipes + 1).saturating_sub(outer)
}

/// The columns that the line below a header tells: `|---|:-:|`.
fn delimiter(line: &str) -> Option<usize> {
    let told = line.contains("--")
        && line.contains('|')
        && line
            .bytes()
            .all(|b| matches!(b, b'-' | b'|' | b':' | b' ' | b'\t'));
    told.then(|| cells(line))
}

/// How many lines make the row that the first one begins: together they have the
/// cells of the table, and none of the others begins a row.
fn torn(lines: &[Line<'_>], columns: usize) -> Option<usize> {
    let first = lines.first()?;
    // Cells that span rows leave short rows too. Those all have as many cells, or
    // end in a pipe.
    let (framed, open) = (first.text.starts_with('|'), first.is_open());
    if framed && !open {
        return None;
    }
    let mut total = first.cells;
    let mut bytes = first.text.len();
    let mut alike = true;
    for (at, line) in lines.iter().enumerate().take(MAX_LINES).skip(1) {
        bytes += line.text.len();
        let begins = line.text.starts_with('|') || line.cells >= columns;
        if line.is_blank() && !open || line.ends_table() || begins || bytes > MAX_ROW {
            return None;
        }
        alike &= line.cells == first.cells;
        total += line.cells - 1;
        if total > columns {
            return None;
        }
        if total == columns && (!open || line.text.ends_with('|')) {
            return (open || !alike).then_some(at + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::shape::{assert_origins, shape, source};

    fn rows(text: &str) -> Vec<String> {
        let read = source("p.md", text.as_bytes());
        assert_origins(&read, "");
        shape(&read)
    }

    #[test]
    fn a_break_in_a_cell_does_not_end_the_row() {
        let bare = "名称 | 公司 | 信息 | 链接  \n---|---|---|---  \n灰雁 | 甲公司 | 型号  \n品牌  \n版本 | [政策](https://a.example/)  \n蓝鲸 | 乙公司 | 位置 | 无  \n\n后文\n";
        let expected = [
            "|名称|公司|信息|链接|",
            "|灰雁|甲公司|型号 品牌 版本|政策|",
            "|蓝鲸|乙公司|位置|无|",
            "后文",
        ];
        assert_eq!(rows(bare), expected);
        assert_eq!(rows(&bare.replace('\n', "\r\n")), expected);
        let framed = "|名称|公司|信息|链接|\n|---|---|---|---|\n|灰雁|甲公司|型号\n品牌\n\n版本|[政策](https://a.example/)|\n|蓝鲸|乙公司|位置|无|\n\n后文\n";
        assert_eq!(rows(framed), expected);
    }

    #[test]
    fn a_break_in_a_torn_row_parts_what_it_stood_between() {
        let read = source(
            "p.md",
            "名|信息|址\n---|---|---\n灰雁 | 型号\n品牌\n版本 | 无\n".as_bytes(),
        );
        assert!(read.view.contains("型号\n品牌\n版本"), "{:?}", read.view);
    }

    #[test]
    fn short_rows_stay_rows() {
        let spans = "名称 | 公司 | 信息\n---|---|---\n灰雁 | 甲公司 | 型号\n蓝鲸 | 乙公司\nKnot | 位置\n推送类\nDunlin | 丙公司 | 无\n";
        assert_eq!(rows(spans).len(), 6);
        let framed = "|名称|公司|信息|\n|---|---|---|\n|灰雁|甲公司|\n蓝鲸|型号|\n";
        assert_eq!(rows(framed).len(), 3);
    }

    #[test]
    fn rows_without_an_end_are_looked_at_once() {
        let begun = std::time::Instant::now();
        let text = format!("a|b|c\n---|---|---\n{}", "|x\n\n".repeat(60_000));
        super::joined(text);
        let text = format!("a|b|c\n---|---|---\n{}", "x\n".repeat(100_000));
        super::joined(text);
        assert!(begun.elapsed().as_secs() < 5);
    }
}
