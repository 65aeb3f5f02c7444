//! Tables whose cells are ruled: the lines give the grid, and a line that is
//! missing joins two places to one cell.

use super::content::{Piece, Rule};
use super::grid::{Cell, Table, cell_text};
use crate::formats::limits::MAX_PDF_RULES;

/// Points within which places count as one.
const NEAR: f32 = 3.0;
/// Places of one table.
const MAX_PLACES: usize = 20_000;
/// Points by which a line must reach beyond the others to be an edge.
const OPEN_EDGE: f32 = 10.0;

/// Takes the tables out of the pieces of a page.
pub(super) fn tables(rules: &[Rule], pieces: &mut Vec<Piece>) -> Vec<Table> {
    if rules.len() > MAX_PDF_RULES {
        return Vec::new(); // a drawing
    }
    let joined = joined(rules);
    let mut found: Vec<Table> = components(&joined)
        .iter()
        .filter_map(|rules| Frame::of(rules)?.fill(pieces))
        .collect();
    found.sort_by(|a, b| b.top.total_cmp(&a.top));
    found
}

/// Lines drawn in parts become one.
fn joined(rules: &[Rule]) -> Vec<Rule> {
    let mut sorted = rules.to_vec();
    sorted.sort_by(|a, b| {
        let across = a.vertical.cmp(&b.vertical).then(a.at.total_cmp(&b.at));
        across.then(a.from.total_cmp(&b.from))
    });
    let mut joined: Vec<Rule> = Vec::new();
    for rule in sorted {
        // Parts of one line are neighbours in order, or nearly so.
        let same = joined.iter_mut().rev().take(32).find(|other| {
            other.vertical == rule.vertical
                && (other.at - rule.at).abs() < 1.0
                && rule.from <= other.to + NEAR
                && other.from <= rule.to + NEAR
        });
        match same {
            Some(other) => {
                other.from = other.from.min(rule.from);
                other.to = other.to.max(rule.to);
            }
            None => joined.push(rule),
        }
    }
    joined
}

/// Lines that touch each other.
fn components(rules: &[Rule]) -> Vec<Vec<Rule>> {
    let mut parent: Vec<usize> = (0..rules.len()).collect();
    // In order of place: first the flat ones, then the upright ones.
    let flats = rules.partition_point(|rule| !rule.vertical);
    let (flat, upright) = rules.split_at(flats);
    for (a, flat) in flat.iter().enumerate() {
        let first = upright.partition_point(|rule| rule.at < flat.from - NEAR);
        let crossing = upright.iter().enumerate().skip(first);
        for (b, upright) in crossing.take_while(|(_, rule)| rule.at <= flat.to + NEAR) {
            if (upright.from - NEAR..=upright.to + NEAR).contains(&flat.at) {
                unite(&mut parent, a, flats + b);
            }
        }
    }
    let mut groups = std::collections::BTreeMap::new();
    for (at, rule) in rules.iter().enumerate() {
        let root = root(&mut parent, at);
        groups.entry(root).or_insert_with(Vec::new).push(*rule);
    }
    groups
        .into_values()
        .filter(|group| group.len() > 2)
        .collect()
}

fn root(parent: &mut [usize], of: usize) -> usize {
    let mut at = of;
    while let Some(next) = parent.get(at).copied().filter(|next| *next != at) {
        let above = parent.get(next).copied().unwrap_or(next);
        if let Some(slot) = parent.get_mut(at) {
            *slot = above; // the next way is shorter
        }
        at = next;
    }
    at
}

fn unite(parent: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(parent, a), root(parent, b));
    // The smaller one is the first place of a cell.
    if let Some(slot) = parent.get_mut(a.max(b)) {
        *slot = a.min(b);
    }
}

/// The grid of one table.
struct Frame {
    /// Edges of columns from left to right, of rows from top to bottom.
    xs: Vec<f32>,
    ys: Vec<f32>,
    /// Place → the first place of its cell, row by row.
    parent: Vec<usize>,
}

impl Frame {
    fn of(rules: &[Rule]) -> Option<Frame> {
        let edges = |vertical: bool| {
            let own = rules.iter().filter(|r| r.vertical == vertical);
            let mut at: Vec<f32> = own.map(|r| r.at).collect();
            at.sort_by(f32::total_cmp);
            at.dedup_by(|next, kept| *next - *kept < NEAR);
            // A side without a line: the crossing lines end there.
            let crossing = || rules.iter().filter(|r| r.vertical != vertical);
            let low = crossing().map(|r| r.from).fold(f32::MAX, f32::min);
            let high = crossing().map(|r| r.to).fold(f32::MIN, f32::max);
            if at.first().is_some_and(|first| *first - low > OPEN_EDGE) {
                at.insert(0, low);
            }
            if at.last().is_some_and(|last| high - *last > OPEN_EDGE) {
                at.push(high);
            }
            at
        };
        let xs = edges(true);
        let mut ys = edges(false);
        ys.reverse();
        let (columns, rows) = (xs.len().checked_sub(1)?, ys.len().checked_sub(1)?);
        if columns < 2 || rows < 1 || columns * rows > MAX_PLACES {
            return None;
        }
        let mut frame = Frame {
            xs,
            ys,
            parent: (0..columns * rows).collect(),
        };
        frame.join(rules, columns, rows);
        Some(frame)
    }

    /// Joins places that no line parts.
    fn join(&mut self, rules: &[Rule], columns: usize, rows: usize) {
        let between = |edges: &[f32], at: usize| {
            let low = edges.get(at).copied().unwrap_or_default();
            let high = edges.get(at + 1).copied().unwrap_or_default();
            (low + high) / 2.0
        };
        let parted = |edge: Option<&Vec<Rule>>, across: f32| {
            edge.is_some_and(|rules| rules.iter().any(|r| (r.from..=r.to).contains(&across)))
        };
        let (left, above) = (along(&self.xs, rules, true), along(&self.ys, rules, false));
        for row in 0..rows {
            for column in 0..columns {
                let place = row * columns + column;
                if column > 0 && !parted(left.get(column), between(&self.ys, row)) {
                    unite(&mut self.parent, place - 1, place);
                }
                if row > 0 && !parted(above.get(row), between(&self.xs, column)) {
                    unite(&mut self.parent, place - columns, place);
                }
            }
        }
    }

    /// The place of a piece: its beginning counts, a long word may stick out.
    fn place(&self, piece: &Piece) -> Option<usize> {
        let middle = piece.y + piece.size * 0.3;
        let x = piece.x + (piece.end - piece.x).min(piece.size) / 2.0;
        let column = self.xs.partition_point(|edge| *edge <= x).checked_sub(1)?;
        let row = self.ys.partition_point(|edge| *edge >= middle);
        let row = row.checked_sub(1)?;
        let inside = column + 1 < self.xs.len() && row + 1 < self.ys.len();
        inside.then(|| row * (self.xs.len() - 1) + column)
    }

    /// Puts the pieces into the cells; they stay where that gives no table.
    fn fill(mut self, pieces: &mut Vec<Piece>) -> Option<Table> {
        let columns = self.xs.len() - 1;
        let mut held: Vec<Vec<Piece>> = vec![Vec::new(); self.parent.len()];
        for piece in pieces.iter() {
            if let Some(place) = self.place(piece) {
                let cell = root(&mut self.parent, place);
                held.get_mut(cell)?.push(piece.clone());
            }
        }
        let written = |cell: &&Vec<Piece>| cell.iter().any(|p| !p.text.trim().is_empty());
        if held.iter().filter(written).count() < 2 {
            return None;
        }
        pieces.retain(|piece| self.place(piece).is_none());
        let texts: Vec<String> = held.into_iter().map(cell_text).collect();
        Some(Table {
            top: *self.ys.first()?,
            rows: self.cells(columns, texts),
            edges: self.xs,
        })
    }

    fn cells(&mut self, columns: usize, texts: Vec<String>) -> Vec<Vec<Option<Cell>>> {
        let roots: Vec<usize> = (0..self.parent.len())
            .map(|place| root(&mut self.parent, place))
            .collect();
        let mut texts: Vec<Option<String>> = texts.into_iter().map(Some).collect();
        let same = |a: usize, b: usize| roots.get(a).is_some_and(|r| Some(r) == roots.get(b));
        let mut cells = Vec::with_capacity(roots.len());
        for (place, first) in roots.iter().enumerate() {
            cells.push((place == *first).then(|| {
                let right =
                    (place..place - place % columns + columns).take_while(|p| same(*p, place));
                let down = (place..roots.len())
                    .step_by(columns)
                    .take_while(|p| same(*p, place));
                Cell {
                    text: texts
                        .get_mut(place)
                        .and_then(Option::take)
                        .unwrap_or_default(),
                    columns: right.count(),
                    rows: down.count(),
                }
            }));
        }
        cells.chunks(columns).map(<[_]>::to_vec).collect()
    }
}

/// The lines that run along each edge.
fn along(edges: &[f32], rules: &[Rule], vertical: bool) -> Vec<Vec<Rule>> {
    let own: Vec<&Rule> = rules.iter().filter(|r| r.vertical == vertical).collect();
    let lines = edges.iter().map(|edge| {
        let first = own.partition_point(|rule| rule.at <= edge - NEAR - 1.0);
        let near = own.iter().skip(first);
        near.take_while(|rule| rule.at < edge + NEAR + 1.0)
            .map(|rule| **rule)
            .collect()
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(vertical: bool, at: f32, from: f32, to: f32) -> Rule {
        Rule {
            vertical,
            at,
            from,
            to,
        }
    }

    fn piece(x: f32, y: f32, text: &str) -> Piece {
        let end = x + 10.0 * text.chars().count() as f32;
        Piece {
            x,
            end,
            y,
            size: 10.0,
            text: text.to_owned(),
        }
    }

    #[test]
    fn missing_lines_join_places() {
        // Two columns and three rows; the first cell reaches over two rows.
        let rules = [
            rule(false, 700.0, 50.0, 350.0),
            rule(false, 680.0, 50.0, 350.0),
            rule(false, 660.0, 150.0, 350.0),
            rule(false, 640.0, 50.0, 150.0),
            rule(false, 640.5, 150.0, 350.0),
            rule(true, 50.0, 640.0, 700.0),
            rule(true, 150.0, 640.0, 700.0),
            rule(true, 350.0, 640.0, 700.0),
            rule(false, 500.0, 60.0, 90.0), // an underline
        ];
        let mut pieces = vec![
            piece(160.0, 645.0, "位置"),
            piece(55.0, 685.0, "名称"),
            piece(160.0, 685.0, "信息"),
            piece(55.0, 655.0, "甲推送"),
            piece(160.0, 665.0, "型号"),
            piece(60.0, 501.0, "链接"),
        ];
        let found = tables(&rules, &mut pieces);
        assert_eq!(pieces.len(), 1);
        let shown: Vec<Vec<Option<(String, usize)>>> = found[0]
            .rows
            .iter()
            .map(|row| {
                row.iter()
                    .map(|c| c.as_ref().map(|c| (c.text.clone(), c.rows)))
                    .collect()
            })
            .collect();
        let cell = |text: &str, rows| Some((text.to_owned(), rows));
        assert_eq!(
            shown,
            [
                vec![cell("名称", 1), cell("信息", 1)],
                vec![cell("甲推送", 2), cell("型号", 1)],
                vec![None, cell("位置", 1)],
            ]
        );
    }

    #[test]
    fn a_box_around_text_is_no_table() {
        let rules = [
            rule(false, 700.0, 50.0, 350.0),
            rule(false, 600.0, 50.0, 350.0),
            rule(true, 50.0, 600.0, 700.0),
            rule(true, 350.0, 600.0, 700.0),
        ];
        let mut pieces = vec![piece(60.0, 650.0, "提示"), piece(60.0, 630.0, "正文")];
        assert!(tables(&rules, &mut pieces).is_empty());
        assert_eq!(pieces.len(), 2);
    }
}
