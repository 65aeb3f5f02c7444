//! Columns that only tick what their header names: `IMEI | 是`, `麦克风 | √`.

use std::ops::Range;

use super::answers::{self, Answer};
use crate::policy::Lexicon;
use crate::policy::page::Page;
use crate::policy::roles::Role;

/// Cells of a column that must be ticks or crosses, of those that are filled:
/// one may hold words, or a sign that nobody knows.
const MOST: f32 = 0.5;

/// Ticked columns that make such a table.
const MIN_COLUMNS: usize = 2;

/// The ticked columns of a table.
#[derive(Debug, Default)]
pub(super) struct Ticks {
    /// The header of each column that is ticked; none for the other columns.
    heads: Vec<Option<Range<usize>>>,
    /// `x` ticks: the table has no other tick.
    ex: bool,
}

/// What a ticked cell says of the data that its header names.
pub(super) type Note = (Range<usize>, Range<usize>);

/// The columns of a table that are ticked.
pub(super) fn columns(
    page: &Page,
    lexicon: &Lexicon,
    header: &[Range<usize>],
    body: &[Vec<Range<usize>>],
    roles: &mut [Role],
) -> Ticks {
    let mut columns: Vec<(usize, Vec<Answer>)> = Vec::new();
    for (at, head) in header.iter().enumerate().take(roles.len()) {
        let terms = !lexicon.terms.find(page.get(head)).is_empty();
        let role = roles.get(at);
        if !terms && !matches!(role, Some(Role::Data | Role::Permission)) {
            continue;
        }
        let cells = body.iter().filter_map(|row| row.get(at));
        let own = cells.filter(|cell| *cell != head);
        let answers = own.map(|cell| answers::of(page.get(cell))).collect();
        columns.push((at, answers));
    }
    columns.retain(|(_, answers)| is_answered(answers));
    let mut ticks = Ticks {
        heads: vec![None; roles.len()],
        ex: ex_ticks(&columns),
    };
    if columns.len() < MIN_COLUMNS {
        return ticks;
    }
    for (at, answers) in &columns {
        let ticked = answers.iter().any(|answer| ticks.is_yes(answer));
        let head = header.get(*at).filter(|_| ticked);
        if let (Some(slot), Some(head)) = (ticks.heads.get_mut(*at), head) {
            *slot = Some(head.clone());
        }
    }
    for (role, head) in roles.iter_mut().zip(&ticks.heads) {
        if head.is_some() && *role != Role::Permission {
            *role = Role::Data;
        }
    }
    ticks
}

/// Whether most cells of a column are answers; numbers are where all are.
fn is_answered(answers: &[Answer]) -> bool {
    let filled = || answers.iter().filter(|answer| **answer != Answer::Blank);
    let count = filled().count();
    let digits = filled().filter(|answer| matches!(answer, Answer::Digit(_)));
    let digits = digits.count();
    let words = filled().filter(|answer| **answer == Answer::Words).count();
    let marked = count - words - if digits < count { digits } else { 0 };
    count > 0 && marked as f32 >= MOST * count as f32
}

/// Whether `x` ticks: no other sign does, and some cell says or leaves out
/// something else.
fn ex_ticks(columns: &[(usize, Vec<Answer>)]) -> bool {
    let answers = || columns.iter().flat_map(|(_, answers)| answers);
    let ticked = |answer: &Answer| matches!(answer, Answer::Yes(_) | Answer::Digit(true));
    !answers().any(ticked) && answers().any(|answer| *answer != Answer::Ex)
}

impl Ticks {
    fn is_yes(&self, answer: &Answer) -> bool {
        match answer {
            Answer::Yes(_) | Answer::Digit(true) => true,
            Answer::Ex => self.ex,
            _ => false,
        }
    }

    /// The row with the header's words where a cell ticks them, and nothing
    /// where it crosses them out; with it what cells say of their headers.
    pub fn told(&self, page: &Page, row: &[Range<usize>]) -> (Vec<Range<usize>>, Vec<Note>) {
        let mut notes = Vec::new();
        let cells = row.iter().enumerate().map(|(at, cell)| {
            let Some(Some(head)) = self.heads.get(at) else {
                return cell.clone();
            };
            let note = match answers::of(page.get(cell)) {
                Answer::Words => return cell.clone(),
                Answer::Yes(note) => note,
                answer if self.is_yes(&answer) => None,
                _ => return cell.start..cell.start,
            };
            let of_cell = |note: Range<usize>| cell.start + note.start..cell.start + note.end;
            notes.extend(note.map(|note| (head.clone(), of_cell(note))));
            head.clone()
        });
        (cells.collect(), notes)
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::checks::testing::read_as;
    use crate::policy::model::PolicyDocument;

    fn table(rows: &[&str]) -> PolicyDocument {
        let width = rows[0].matches('|').count() + 1;
        let rule = vec!["---"; width].join(" | ");
        let body = rows[1..].join(" |\n| ");
        let text = format!(
            "# 第三方SDK清单\n\n| {} |\n| {rule} |\n| {body} |\n",
            rows[0]
        );
        read_as("p.md", &text)
    }

    fn types(document: &PolicyDocument, at: usize) -> String {
        let mut types = document.sdks[at].data_types.clone();
        types.sort();
        types.join(" ")
    }

    #[test]
    fn ticked_headers_are_what_a_row_collects() {
        let read = table(&[
            "SDK名称 | 用途 | IMEI | MAC地址 | 位置信息 | 麦克风权限",
            "灰雁推送SDK | 推送 | √ | × | 是 | -",
            "白榆语音SDK | 语音 | 否 | ✓ | | √",
        ]);
        assert_eq!(types(&read, 0), "imei location");
        assert_eq!(types(&read, 1), "audio mac");
        assert!(read.sdks[0].permissions.is_empty());
        assert_eq!(
            read.sdks[1].permissions,
            ["android.permission.RECORD_AUDIO"]
        );
    }

    #[test]
    fn one_odd_cell_spoils_no_column() {
        let read = table(&[
            "SDK名称 | 用途 | IMEI | OAID",
            "灰雁推送SDK | 推送 | √* | 可选",
            "白榆统计SDK | 统计 | 默认不收集 | 必选",
            "青禾地图SDK | 地图 | ×(仅安卓9以下收集) | 不再收集",
        ]);
        assert_eq!(types(&read, 0), "imei oaid");
        assert_eq!(types(&read, 1), "oaid");
        assert_eq!(types(&read, 2), "imei");
        let optional = |at: usize| read.sdks[at].data.iter().any(|data| data.optional);
        assert!(optional(0) && !optional(1));
    }

    #[test]
    fn a_tick_for_one_platform_is_of_that_platform() {
        let read = table(&[
            "SDK名称 | 用途 | IP地址 | OAID",
            "灰雁推送SDK | 推送 | √(仅iOS) | √",
            "白榆统计SDK | 统计 | √ | √",
        ]);
        let platforms = |sdk: usize, data: usize| read.sdks[sdk].data[data].platforms.join(" ");
        assert_eq!(platforms(0, 0), "ios");
        assert_eq!(platforms(0, 1), "");
        assert_eq!(platforms(1, 0), "");
    }

    #[test]
    fn an_x_ticks_where_no_other_sign_does() {
        let read = table(&[
            "SDK | Purpose | Device ID | Location",
            "Greylag | push | X |",
            "Sandmartin | analytics | | X",
        ]);
        assert_eq!(types(&read, 0), "device-id");
        assert_eq!(types(&read, 1), "location");
        let read = table(&[
            "SDK | Purpose | Device ID | Location",
            "Greylag | push | X | ✓",
            "Sandmartin | analytics | ✓ | X",
        ]);
        assert_eq!(types(&read, 0), "location");
        let read = table(&[
            "SDK名称 | 用途 | IMEI | OAID",
            "灰雁推送SDK | 推送 | 1 | 0",
            "白榆统计SDK | 统计 | 0 | 1",
        ]);
        assert_eq!(types(&read, 0), "imei");
        assert_eq!(types(&read, 1), "oaid");
    }
}
