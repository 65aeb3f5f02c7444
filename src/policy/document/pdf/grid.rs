//! Tables of a page: by the lines that are ruled around their cells, else by
//! the gutters between their columns.

use super::content::{Piece, Rule};
use super::lines::{Gap, Line, Segment, lines};
use crate::formats::limits::MAX_PDF_COLUMNS;

/// A cell; it covers the places to its right and below it.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub text: String,
    pub columns: usize,
    pub rows: usize,
}

/// A table; `None` stands for a place that another cell covers.
#[derive(Debug)]
pub(super) struct Table {
    pub top: f32,
    /// Left edges of the columns.
    pub edges: Vec<f32>,
    pub rows: Vec<Vec<Option<Cell>>>,
}

/// What stands on a page, from top to bottom.
#[derive(Debug)]
pub(super) enum Item {
    Line(Line),
    Table(Table),
}

/// The text of a cell: its lines, one below the other.
pub(super) fn cell_text(pieces: Vec<Piece>) -> String {
    let texts: Vec<String> = lines(pieces)
        .iter()
        .map(|line| line.text().replace('\t', " "))
        .collect();
    texts.join("\n")
}

/// Of the font size: the least gutter between two columns.
const GUTTER: f32 = 0.45;
/// Of the usual distance of lines: a larger one parts rows.
const ROW_GAP: f32 = 1.3;
/// Of the font size: a larger distance ends a table.
const TABLE_GAP: f32 = 4.0;
/// Rows that a table of two columns needs; text with a gap in it has fewer.
const NARROW_ROWS: usize = 3;
/// Rows that a table with small gutters needs.
const CLOSE_ROWS: usize = 4;
/// Lines of one page that are looked at as one table.
const RUN_LINES: usize = 400;

/// The lines drawn across a page, from the lowest to the highest.
pub(super) fn across(rules: &[Rule]) -> Vec<Rule> {
    let mut across: Vec<Rule> = rules.iter().filter(|r| !r.vertical).copied().collect();
    across.sort_by(|a, b| a.at.total_cmp(&b.at));
    across
}

/// Finds tables in the lines of a page that are not ruled all around; what is
/// drawn `across` parts their rows. Each line may begin a table, so that the
/// lines below it are looked at again and again: `steps` says how often yet.
pub(super) fn by_gutters(lines: Vec<Line>, across: &[Rule], steps: &mut usize) -> Vec<Item> {
    let mut items = Vec::new();
    let leaders: Vec<bool> = lines.iter().map(has_leaders).collect();
    let mut at = 0;
    while let Some(first) = lines.get(at) {
        let length = run(lines.get(at..).unwrap_or_default(), steps);
        let run = at..at + length;
        let led = leaders
            .get(run.clone())
            .is_none_or(|run| run.contains(&true));
        match lines
            .get(run)
            .filter(|_| !led)
            .and_then(|lines| table(lines, across, steps))
        {
            Some(table) => {
                items.push(Item::Table(table));
                at += length;
            }
            None => {
                items.push(Item::Line(first.clone()));
                at += 1;
            }
        }
    }
    items
}

/// Dots that lead to the page numbers of a table of contents.
fn has_leaders(line: &Line) -> bool {
    let text = line.text();
    text.contains("....") || text.contains("……")
}

/// Lines from the first on that keep the gutters between its columns.
fn run(lines: &[Line], steps: &mut usize) -> usize {
    let some = 2..=MAX_PDF_COLUMNS;
    let Some(first) = lines
        .first()
        .filter(|line| some.contains(&line.segments.len()))
    else {
        return 0;
    };
    let mut columns = covered(std::slice::from_ref(first));
    let mut length = 1;
    let mut end = 1;
    let mut above = first;
    for line in lines.iter().skip(1).take(RUN_LINES) {
        let work = columns.len() + line.segments.len();
        *steps = steps.saturating_sub(work);
        if *steps == 0 {
            return 0;
        }
        if above.y - line.y > TABLE_GAP * line.size || work > 2 * MAX_PDF_COLUMNS {
            break;
        }
        let mut wider = columns.clone();
        add(&mut wider, line);
        if wider.len() < columns.len() {
            break; // it runs across a gutter
        }
        columns = wider;
        length += 1;
        if line.segments.len() > 1 || line.segments.iter().any(|s| s.x > first_end(&columns)) {
            end = length;
        } else if end + 2 < length {
            break; // text below the table
        }
        above = line;
    }
    end + wrapped_names(lines.get(end - 1..length).unwrap_or_default())
}

/// Lines at the end that only the first column has: the rest of a name when
/// they stand as near as the lines of a cell do.
fn wrapped_names(tail: &[Line]) -> usize {
    let near = |pair: &[Line]| match pair {
        [above, below] => above.y - below.y <= ROW_GAP * below.size,
        _ => false,
    };
    tail.windows(2).take_while(|pair| near(pair)).count()
}

fn first_end(columns: &[(f32, f32)]) -> f32 {
    columns.first().map_or(f32::MAX, |column| column.1)
}

fn covered(lines: &[Line]) -> Vec<(f32, f32)> {
    let mut columns = Vec::new();
    for line in lines {
        add(&mut columns, line);
    }
    columns
}

/// Adds the places of a line to the columns; what no gutter parts is one.
fn add(columns: &mut Vec<(f32, f32)>, line: &Line) {
    columns.extend(line.segments.iter().map(|s| (s.x, s.end)));
    columns.sort_by(|a, b| a.0.total_cmp(&b.0));
    let gutter = GUTTER * line.size;
    let mut merged: Vec<(f32, f32)> = Vec::with_capacity(columns.len());
    for column in columns.drain(..) {
        match merged.last_mut() {
            Some(last) if column.0 - last.1 < gutter => last.1 = last.1.max(column.1),
            _ => merged.push(column),
        }
    }
    *columns = merged;
}

fn table(lines: &[Line], across: &[Rule], steps: &mut usize) -> Option<Table> {
    let segments: usize = lines.iter().map(|line| line.segments.len()).sum();
    *steps = steps.saturating_sub(segments + across.len());
    let columns = covered(lines);
    let starts =
        ruled_starts(lines, &columns, across).unwrap_or_else(|| row_starts(lines, &columns));
    // Columns do not overlap, so their ends are in order as well.
    let place = |segment: &Segment| columns.partition_point(|c| segment.end > c.1 + 0.01);
    let mut full = 0;
    let mut written: Option<(usize, bool)> = None;
    for (line, start) in lines.iter().zip(&starts) {
        if *start {
            written = None;
        }
        for segment in &line.segments {
            let column = place(segment);
            match &mut written {
                None => written = Some((column, false)),
                Some((other, more)) if *other != column && !*more => {
                    *more = true;
                    full += 1;
                }
                Some(_) => {}
            }
        }
    }
    // Gaps of justified text and behind the numbers of lists are small ones.
    let wide = |line: &&Line| line.segments.iter().any(|s| s.gap == Gap::Tab);
    let wide = lines.iter().filter(wide).count();
    let enough = match columns.len() {
        0 | 1 => false,
        2 => full >= NARROW_ROWS && wide >= full,
        _ => full >= if wide > 0 { 2 } else { CLOSE_ROWS },
    };
    if !enough {
        return None; // before any text is copied
    }
    let mut rows: Vec<Vec<Option<Cell>>> = Vec::new();
    for (line, start) in lines.iter().zip(starts) {
        if start || rows.is_empty() {
            let empty = Cell {
                text: String::new(),
                columns: 1,
                rows: 1,
            };
            rows.push(vec![Some(empty); columns.len()]);
        }
        for segment in &line.segments {
            let cell = rows
                .last_mut()
                .and_then(|row| row.get_mut(place(segment))?.as_mut());
            if let Some(cell) = cell {
                if !cell.text.is_empty() {
                    cell.text.push('\n');
                }
                cell.text.push_str(&segment.text);
            }
        }
    }
    Some(Table {
        top: lines.first().map_or(0.0, |line| line.y),
        edges: columns.iter().map(|column| column.0).collect(),
        rows,
    })
}

/// Which lines begin a row where lines are drawn between the rows.
fn ruled_starts(lines: &[Line], columns: &[(f32, f32)], across: &[Rule]) -> Option<Vec<bool>> {
    let left = columns.first()?.0;
    let right = columns.last()?.1;
    let long = |rule: &&Rule| rule.to - rule.from > (right - left) / 2.0;
    let across: Vec<f32> = across.iter().filter(long).map(|rule| rule.at).collect();
    let begins = |pair: &[Line]| match pair {
        [above, below] => {
            let first = across.partition_point(|at| *at < below.y);
            across.get(first).is_some_and(|at| *at < above.y)
        }
        _ => false,
    };
    let starts: Vec<bool> = std::iter::once(true)
        .chain(lines.windows(2).map(begins))
        .collect();
    (starts.iter().filter(|start| **start).count() > 2).then_some(starts)
}

/// Which lines begin a row: those below a larger distance; where all distances
/// are alike, those with a first cell and hardly a blank one.
fn row_starts(lines: &[Line], columns: &[(f32, f32)]) -> Vec<bool> {
    let gaps: Vec<f32> = lines
        .windows(2)
        .map(|pair| match pair {
            [above, below] => above.y - below.y,
            _ => 0.0,
        })
        .collect();
    // Cells that stand in the middle of their row come nearer than lines do.
    let size = lines.first().map_or(0.0, |line| line.size);
    let least = gaps
        .iter()
        .copied()
        .fold(f32::MAX, f32::min)
        .max(size * 0.9);
    // One alone parts the header from the rest.
    let parted = gaps.iter().filter(|gap| **gap > ROW_GAP * least).count() > 1;
    let first_end = first_end(columns);
    let begins = |line: &Line| {
        let named = line
            .segments
            .first()
            .is_some_and(|s| s.end <= first_end + 0.01);
        named && line.segments.len() >= columns.len().saturating_sub(1).max(2)
    };
    std::iter::once(true)
        .chain(lines.iter().skip(1).zip(&gaps).map(|(line, gap)| {
            if parted {
                *gap > ROW_GAP * least
            } else {
                begins(line)
            }
        }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(y: f32, segments: &[(f32, &str)]) -> Line {
        let segments = segments
            .iter()
            .map(|(x, text)| Segment {
                x: *x,
                end: x + 10.0 * text.chars().count() as f32,
                text: (*text).to_owned(),
                gap: if *x > 60.0 { Gap::Tab } else { Gap::None },
            })
            .collect();
        Line {
            y,
            size: 10.0,
            segments,
        }
    }

    fn rows(items: &[Item]) -> Vec<String> {
        let mut shown = Vec::new();
        for item in items {
            match item {
                Item::Line(line) => shown.push(line.text()),
                Item::Table(table) => shown.extend(table.rows.iter().map(|row| {
                    let cells = row.iter().map(|c| c.as_ref().map_or("^", |c| &c.text));
                    cells.collect::<Vec<_>>().join("|").replace('\n', "/")
                })),
            }
        }
        shown
    }

    #[test]
    fn distances_part_rows() {
        let items = by_gutters(
            vec![
                line(760.0, &[(50.0, "我们接入的第三方服务如下表所示")]),
                line(740.0, &[(50.0, "名称"), (150.0, "目的"), (300.0, "信息")]),
                line(
                    720.0,
                    &[(50.0, "甲推送"), (150.0, "推送"), (300.0, "型号、版本、")],
                ),
                line(708.0, &[(50.0, "SDK"), (150.0, "消息"), (300.0, "标识")]),
                line(688.0, &[(50.0, "乙统计"), (150.0, "统计")]),
                line(676.0, &[(50.0, "服务")]),
                line(650.0, &[(50.0, "二、您的权利")]),
            ],
            &[],
            &mut 1_000,
        );
        assert_eq!(
            rows(&items),
            [
                "我们接入的第三方服务如下表所示",
                "名称|目的|信息",
                "甲推送/SDK|推送/消息|型号、版本、/标识",
                "乙统计/服务|统计|",
                "二、您的权利",
            ]
        );
    }

    #[test]
    fn equal_distances_make_each_full_line_a_row() {
        let items = by_gutters(
            vec![
                line(740.0, &[(50.0, "名称"), (150.0, "目的"), (300.0, "信息")]),
                line(
                    728.0,
                    &[(50.0, "甲推送"), (150.0, "推送"), (300.0, "型号、")],
                ),
                line(716.0, &[(300.0, "版本")]),
                line(704.0, &[(50.0, "乙统计"), (150.0, "统计"), (300.0, "位置")]),
            ],
            &[],
            &mut 1_000,
        );
        assert_eq!(
            rows(&items),
            [
                "名称|目的|信息",
                "甲推送|推送|型号、/版本",
                "乙统计|统计|位置"
            ]
        );
    }

    #[test]
    fn lines_drawn_across_part_rows_whose_cells_stand_in_the_middle() {
        let rule = |at: f32| Rule {
            vertical: false,
            at,
            from: 50.0,
            to: 380.0,
        };
        let lines = vec![
            line(740.0, &[(50.0, "名称"), (150.0, "目的"), (300.0, "信息")]),
            line(720.0, &[(300.0, "型号、")]),
            line(714.0, &[(50.0, "甲推送"), (150.0, "推送")]),
            line(708.0, &[(300.0, "版本")]),
            line(690.0, &[(50.0, "乙统计"), (150.0, "统计"), (300.0, "位置")]),
        ];
        let items = by_gutters(lines, &across(&[rule(733.0), rule(703.0)]), &mut 1_000);
        assert_eq!(
            rows(&items),
            [
                "名称|目的|信息",
                "甲推送|推送|型号、/版本",
                "乙统计|统计|位置"
            ]
        );
    }

    #[test]
    fn text_with_a_gap_is_no_table() {
        let items = by_gutters(
            vec![
                line(740.0, &[(50.0, "更新日期"), (300.0, "2024年")]),
                line(
                    728.0,
                    &[(
                        50.0,
                        "这是一个很长的段落，它横跨整个页面的宽度，没有列，也没有空隙",
                    )],
                ),
                line(716.0, &[(50.0, "第一条"), (300.0, "....3")]),
            ],
            &[],
            &mut 1_000,
        );
        assert!(items.iter().all(|item| matches!(item, Item::Line(_))));
    }
}
