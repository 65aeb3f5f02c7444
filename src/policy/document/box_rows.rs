//! Tables made of boxes that only their shape tells: rows with as many boxes
//! each, below one whose words head a list of SDKs.

use std::collections::HashMap;

use ego_tree::NodeId;
use scraper::node::Node;

use super::element;
use crate::policy::roles;

type NodeRef<'a> = ego_tree::NodeRef<'a, Node>;

/// Columns from which boxes are a table, and the most that are looked at.
const MIN_COLUMNS: usize = 3;
const MAX_COLUMNS: usize = 20;
/// Rows below the header from which they are one.
const MIN_ROWS: usize = 2;
/// Longest header of a column, in characters; nodes looked at for it.
const MAX_HEADER: usize = 30;
const INSIDE: usize = 16;

/// Where a row stands in its table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub first: bool,
    pub last: bool,
}

/// The rows found so far: their header tells all of them.
#[derive(Debug, Default)]
pub(super) struct BoxRows {
    rows: HashMap<NodeId, Place>,
}

impl BoxRows {
    /// The place of an element that is such a row.
    pub fn place(&mut self, node: NodeRef<'_>) -> Option<Place> {
        if let Some(place) = self.rows.get(&node.id()) {
            return Some(*place);
        }
        let columns = columns(node)?;
        if !is_header(node) {
            return None;
        }
        let rows = rows_below(node, columns);
        if rows.len() < MIN_ROWS {
            return None;
        }
        let last = rows.last().copied();
        let inner = |id: NodeId| Place {
            first: false,
            last: Some(id) == last,
        };
        self.rows.extend(rows.iter().map(|id| (*id, inner(*id))));
        let place = Place {
            first: true,
            last: false,
        };
        self.rows.insert(node.id(), place);
        Some(place)
    }
}

/// Whether an element of this name may be a cell of such a row.
pub(super) fn is_cell(name: &str) -> bool {
    matches!(
        name,
        "div" | "span" | "p" | "li" | "section" | "strong" | "b"
    )
}

/// How many boxes an element holds, where it holds nothing else.
fn columns(node: NodeRef<'_>) -> Option<usize> {
    let mut columns = 0;
    for child in node.children() {
        match child.value() {
            Node::Element(inner) if is_cell(inner.name()) && !element::is_hidden(inner) => {
                columns += 1;
            }
            Node::Element(_) => return None,
            Node::Text(words) if !words.trim().is_empty() => return None,
            _ => {}
        }
        if columns > MAX_COLUMNS {
            return None;
        }
    }
    (columns >= MIN_COLUMNS).then_some(columns)
}

/// Whether the boxes of a row head the columns of a list of SDKs.
fn is_header(node: NodeRef<'_>) -> bool {
    let cells = node.children().filter(|child| child.value().is_element());
    let mut heads = Vec::new();
    for cell in cells {
        let mut words = String::new();
        for (at, inner) in cell.descendants().enumerate() {
            if at >= INSIDE || words.len() > MAX_HEADER * 4 {
                return false;
            }
            if let Node::Text(piece) = inner.value() {
                words.push_str(piece.trim());
            }
        }
        if words.chars().count() > MAX_HEADER {
            return false;
        }
        heads.push(roles::of(&words));
    }
    let known: Vec<roles::Role> = heads.iter().copied().flatten().collect();
    let mut settled = known.clone();
    roles::settle(&mut settled);
    known.len() * 2 > heads.len() && roles::is_list(&settled)
}

/// The rows with as many boxes that follow a header, in the groups of rows behind
/// its own too.
fn rows_below(header: NodeRef<'_>, width: usize) -> Vec<NodeId> {
    let name = |node: NodeRef<'_>| node.value().as_element().map(|e| e.name().to_owned());
    let kind = name(header);
    let mut rows = Vec::new();
    let mut group = header.parent();
    let mut next = header.next_sibling();
    loop {
        while let Some(node) = next {
            match node.value() {
                Node::Element(_) => {
                    let alike = name(node) == kind && columns(node) == Some(width);
                    if !alike || is_header(node) {
                        return rows;
                    }
                    rows.push(node.id());
                }
                Node::Text(words) if !words.trim().is_empty() => return rows,
                _ => {}
            }
            next = node.next_sibling();
        }
        let behind = group.and_then(|group| {
            let mut behind = group.next_siblings();
            behind.find(|node| !is_blank(*node))
        });
        group = behind;
        next = behind.and_then(|group| group.children().find(|node| !is_blank(*node)));
        if next.is_none() {
            return rows;
        }
    }
}

fn is_blank(node: NodeRef<'_>) -> bool {
    match node.value() {
        Node::Element(_) => false,
        Node::Text(words) => words.trim().is_empty(),
        _ => true,
    }
}
