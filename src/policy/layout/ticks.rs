//! Columns that only tick what their header names: `IMEI | 是`, `麦克风 | √`.

use std::ops::Range;

use crate::policy::Lexicon;
use crate::policy::page::Page;
use crate::policy::roles::Role;

/// Cells of a column that must be ticks or crosses, of those that are filled.
const MOST: f32 = 0.8;

/// Ticked columns that make such a table.
const MIN_COLUMNS: usize = 2;

/// The header of each column that is ticked; none for the other columns.
pub(super) fn columns(
    page: &Page,
    lexicon: &Lexicon,
    header: &[Range<usize>],
    body: &[Vec<Range<usize>>],
    roles: &mut [Role],
) -> Vec<Option<Range<usize>>> {
    let mut heads: Vec<Option<Range<usize>>> = vec![None; roles.len()];
    for (at, head) in header.iter().enumerate() {
        let cells = body
            .iter()
            .filter_map(|row| row.get(at))
            .filter(|cell| *cell != head);
        let texts = cells.map(|cell| page.get(cell).trim());
        let filled: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
        let marks = filled.iter().filter(|text| is_tick(text) || is_cross(text));
        let marked = marks.count() as f32 >= MOST * filled.len() as f32;
        let ticked = filled.iter().any(|text| is_tick(text));
        let words = page.get(head);
        let terms = !lexicon.terms.find(words).is_empty();
        if let Some(role) = roles.get(at)
            && marked
            && ticked
            && (terms || matches!(role, Role::Data | Role::Permission))
            && let Some(slot) = heads.get_mut(at)
        {
            *slot = Some(head.clone());
        }
    }
    if heads.iter().flatten().count() < MIN_COLUMNS {
        heads.fill(None);
    }
    for (role, head) in roles.iter_mut().zip(&heads) {
        if head.is_some() && *role != Role::Permission {
            *role = Role::Data;
        }
    }
    heads
}

/// The row with the header's words where a cell ticks them, and nothing where
/// it crosses them out.
pub(super) fn told(
    page: &Page,
    row: &[Range<usize>],
    heads: &[Option<Range<usize>>],
) -> Vec<Range<usize>> {
    row.iter()
        .enumerate()
        .map(|(at, cell)| match heads.get(at) {
            Some(Some(head)) if is_tick(page.get(cell).trim()) => head.clone(),
            Some(Some(_)) => cell.start..cell.start,
            _ => cell.clone(),
        })
        .collect()
}

/// Whether a cell ticks; a bracket behind it may narrow it: `√(仅安卓)`.
fn is_tick(text: &str) -> bool {
    let mark = text.split('(').next().unwrap_or_default().trim();
    matches!(
        mark.to_ascii_lowercase().as_str(),
        "√" | "✓"
            | "✔"
            | "✔️"
            | "☑"
            | "✅"
            | "●"
            | "•"
            | "是"
            | "有"
            | "收集"
            | "需要"
            | "y"
            | "yes"
    )
}

/// Whether a cell says that something is not collected.
fn is_cross(text: &str) -> bool {
    let mark = text.split('(').next().unwrap_or_default().trim();
    matches!(
        mark.to_ascii_lowercase().as_str(),
        "×" | "✗"
            | "✘"
            | "❌"
            | "☐"
            | "○"
            | "否"
            | "无"
            | "不收集"
            | "不涉及"
            | "-"
            | "--"
            | "—"
            | "——"
            | "/"
            | "\\"
            | "n"
            | "no"
            | "none"
            | "n/a"
    )
}

#[cfg(test)]
mod tests {
    use crate::policy::checks::testing::read_as;

    #[test]
    fn ticked_headers_are_what_a_row_collects() {
        let list = "# 第三方SDK清单\n\n| SDK名称 | 用途 | IMEI | MAC地址 | 位置信息 | 麦克风权限 |\n| --- | --- | --- | --- | --- | --- |\n| 灰雁推送SDK | 推送 | √ | × | 是 | - |\n| 白榆语音SDK | 语音 | 否 | ✓ | | √ |\n";
        let read = read_as("p.md", list);
        let sorted = |at: usize| {
            let mut types = read.sdks[at].data_types.clone();
            types.sort();
            types
        };
        assert_eq!(sorted(0), ["imei", "location"]);
        assert_eq!(sorted(1), ["audio", "mac"]);
        assert!(read.sdks[0].permissions.is_empty());
        assert_eq!(
            read.sdks[1].permissions,
            ["android.permission.RECORD_AUDIO"]
        );
    }
}
