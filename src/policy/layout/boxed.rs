//! Tables that no reader of tables takes: their cells are read as running text,
//! for a table may only put a page into boxes.

use std::ops::Range;

use super::{Candidate, Parse, apart, is_company, is_none_word, prose, section};
use crate::formats::limits::MAX_POLICY_RECORDS;
use crate::policy::Lexicon;
use crate::policy::document::LineKind;
use crate::policy::page::{Cell, Line, Page};
use crate::policy::roles::{self, Role};

/// The lines of each row: those of its cells, one below the other.
pub(super) fn rows(page: &Page, rows: &[Vec<Cell>]) -> Vec<Vec<Line>> {
    let lines = |row: &Vec<Cell>| -> Vec<Line> {
        let cells = row.iter().filter(|cell| !cell.repeated);
        cells.flat_map(|cell| lines(page, &cell.range)).collect()
    };
    rows.iter().map(lines).collect()
}

/// The lines of a cell; the first stands apart from the cell before.
fn lines(page: &Page, cell: &Range<usize>) -> Vec<Line> {
    let mut at = cell.start;
    let mut found = Vec::new();
    for text in page.get(cell).split('\n') {
        let start = at + (text.len() - text.trim_start().len());
        let range = start..start + text.trim().len();
        at += text.len() + 1;
        if !range.is_empty() {
            found.push(Line {
                range,
                kind: LineKind::Text,
                level: 0,
                indent: 0,
                apart: found.is_empty(),
            });
        }
    }
    found
}

/// The lines of a table that has one column: a box around them, no table.
pub(super) fn column(page: &Page, table: &[Vec<Cell>]) -> Option<Vec<Line>> {
    let written = |row: &Vec<Cell>| {
        let cells = row.iter().filter(|cell| !cell.repeated);
        cells.filter(|cell| !cell.range.is_empty()).take(2).count()
    };
    let one = table.iter().all(|row| written(row) < 2);
    one.then(|| rows(page, table).into_iter().flatten().collect())
}

/// Longest name in a column of names, in characters.
const MAX_NAME: usize = 40;

/// A column that its header says to hold the names of SDKs, and nothing else.
pub(super) fn names(page: &Page, lexicon: &Lexicon, lines: &[Line]) -> Option<Parse> {
    let (head, body) = lines.split_first()?;
    let title = page.get(&head.range);
    if roles::of(title) != Some(Role::Name) || !section::says_sdk(title) {
        return None;
    }
    let is_name = |line: &&Line| {
        let text = page.get(&line.range);
        (2..=MAX_NAME).contains(&text.chars().count())
            && !prose::is_sentence(text)
            && !prose::is_generic(text)
            && !is_none_word(text)
            && !is_company(text)
    };
    let named: Vec<&Line> = body.iter().filter(is_name).collect();
    if named.is_empty() || named.len() < body.len() {
        return None;
    }
    let one = |line: &&Line| Candidate {
        name: line.range.clone(),
        whole: line.range.clone(),
        ..Candidate::default()
    };
    let kept = named.iter().take(MAX_POLICY_RECORDS + 1);
    let candidates: Vec<Candidate> = kept
        .map(one)
        .flat_map(|one| apart::apart(page, lexicon, one, true))
        .collect();
    let score = candidates.len() as f32 * 2.0;
    Some(Parse {
        candidates,
        covered: head.range.start..body.last()?.range.end,
        score,
    })
}

#[cfg(test)]
mod tests {
    use crate::policy::checks::testing::read_as;

    fn names(table: &str) -> Vec<String> {
        let page = format!(
            "<p>某某隐私政策。我们重视您的个人信息。</p><table>{table}</table><p>您可以联系我们。</p>"
        );
        let read = read_as("p.html", &page);
        read.sdks.iter().map(|sdk| sdk.as_written.clone()).collect()
    }

    #[test]
    fn sentences_in_the_cells_of_any_table_are_read() {
        for table in [
            "<tr><th>功能<th>说明<tr><td>统计<td>我们接入灰雁统计SDK，收集您的IMEI，用于统计分析。<tr><td>其他<td>无",
            "<tr><td>导航<td><p>我们重视您的信息。</p><p>我们接入灰雁统计SDK，收集您的IMEI，用于统计分析。</p>",
            "<tr><td>我们重视您的信息。<tr><td>我们接入灰雁统计SDK，收集您的IMEI，用于统计分析。",
        ] {
            assert_eq!(names(table), ["灰雁统计SDK"], "{table}");
        }
    }

    #[test]
    fn tables_that_only_name_sdks_are_read() {
        let both = ["灰雁统计SDK", "蓝鲸推送SDK"];
        let rows = "<tr><td>灰雁统计SDK<td>统计分析<tr><td>蓝鲸推送SDK<td>消息推送";
        assert_eq!(names(rows), both);
        let column = "<tr><th>SDK名称<tr><td>灰雁统计SDK<tr><td>蓝鲸推送SDK<tr><td>远山地图";
        assert_eq!(names(column), ["灰雁统计SDK", "蓝鲸推送SDK", "远山地图"]);
        let none = "<tr><th>权限<th>用途<tr><td>相机<td>扫码支付<tr><td>存储<td>保存图片";
        assert!(names(none).is_empty());
    }
}
