//! What an HTML element does to the text in it.

use scraper::node::{Element, Node};

use super::box_rows::{self, BoxRows};
use super::folded::Folds;

/// Children looked at to tell whether an element is a row of cells.
const CHILDREN: usize = 64;

/// The part an element plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Table,
    /// A group of rows in a table made of boxes.
    Rows,
    Row,
    /// A row of boxes among other things; such rows in a row are a table.
    FreeRow {
        first: bool,
        last: bool,
    },
    /// A row of boxes that their shape tells; each box in it is a cell.
    BoxRow {
        first: bool,
        last: bool,
    },
    Cell,
    Link,
    /// Bold words.
    Strong,
    Break,
    /// With its depth.
    Heading(u8),
    /// With its depth where the element itself tells it.
    Item(Option<usize>),
    List,
    /// Words that head what follows them on the line.
    Label,
    /// Line feeds in it end lines.
    Lines,
    /// The value of a definition list; it belongs to the line above it.
    Value,
    Block,
    Inline,
    /// Never text of the page.
    Silent,
    /// Text that the page hides or strikes out.
    Hidden,
}

type NodeRef<'a> = ego_tree::NodeRef<'a, Node>;

/// What was learned of a page while it was read.
#[derive(Debug, Default)]
pub(super) struct Learned {
    folds: Folds,
    rows: BoxRows,
}

/// The role of an element inside one of the role `parent`.
pub(super) fn role(
    node: NodeRef<'_>,
    element: &Element,
    parent: Role,
    learned: &mut Learned,
) -> Role {
    let name = element.name();
    if is_silent(name) {
        return Role::Silent;
    }
    if is_struck(element) || is_hidden(element) && !learned.folds.open(node, element) {
        return Role::Hidden;
    }
    if matches!(parent, Role::BoxRow { .. }) && box_rows::is_cell(name) {
        return Role::Cell;
    }
    let rows = &mut learned.rows;
    match name {
        "table" => Role::Table,
        "tr" => Role::Row,
        "td" | "th" => Role::Cell,
        "a" => Role::Link,
        "b" | "strong" => Role::Strong,
        "br" => Role::Break,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            let digit = name.as_bytes().get(1);
            Role::Heading(digit.map_or(0, |digit| digit - b'0'))
        }
        "li" => boxes(node, element, parent, rows).unwrap_or(Role::Item(None)),
        "ul" | "ol" | "menu" => boxes(node, element, parent, rows).unwrap_or(Role::List),
        "label" => Role::Label,
        "pre" | "listing" | "xmp" => Role::Lines,
        "dd" => Role::Value,
        "p" => word_item(element).map_or(Role::Block, |depth| Role::Item(Some(depth))),
        "div" | "section" | "article" | "main" | "span" => {
            let block = if name == "span" {
                Role::Inline
            } else {
                Role::Block
            };
            boxes(node, element, parent, rows).unwrap_or_else(|| {
                let style = style(element);
                if style.contains("white-space:pre") {
                    Role::Lines
                } else {
                    block
                }
            })
        }
        name if is_block(name) => Role::Block,
        _ => Role::Inline,
    }
}

/// Elements whose content the parser keeps as one text without markup.
pub(super) fn is_raw(name: &str) -> bool {
    matches!(
        name,
        "script" | "style" | "noscript" | "iframe" | "noembed" | "noframes"
    )
}

pub(super) fn is_silent(name: &str) -> bool {
    is_raw(name)
        || matches!(
            name,
            "template" | "head" | "svg" | "select" | "canvas" | "audio" | "video" | "object"
        )
}

/// What shows something that is no text of the page, or makes it later.
pub(super) fn is_embedded(name: &str) -> bool {
    matches!(
        name,
        "img" | "picture" | "iframe" | "frame" | "object" | "embed" | "canvas" | "script"
    )
}

/// Hidden from the eye. `aria-hidden` hides from screen readers only.
pub(super) fn is_hidden(element: &Element) -> bool {
    if element.attr("hidden").is_some() {
        return true;
    }
    let style = style(element);
    style.contains("display:none") || style.contains("visibility:hidden")
}

/// Struck through: it no longer holds.
pub(super) fn is_struck(element: &Element) -> bool {
    matches!(element.name(), "del" | "s" | "strike") || style(element).contains("line-through")
}

fn style(element: &Element) -> String {
    let style = element.attr("style").unwrap_or_default();
    let plain = style.chars().filter(|c| !c.is_whitespace());
    plain.map(|c| c.to_ascii_lowercase()).collect()
}

/// The depth of a list item as Word exports it: a paragraph with
/// `mso-list:l0 level2 lfo1`.
fn word_item(element: &Element) -> Option<usize> {
    let style = style(element);
    let (_, list) = style.split_once("mso-list:")?;
    let list = list.split(';').next()?;
    let (_, level) = list.split_once("level")?;
    let digits = level.split(|c: char| !c.is_ascii_digit()).next()?;
    let depth = digits.parse::<usize>().ok()?;
    (1..=9).contains(&depth).then_some(depth)
}

/// Tables made of boxes: told by the accessibility role, by the display style
/// or by a class name that says so. A box of such rows is a table, whether or
/// not it says so itself.
fn boxes(node: NodeRef<'_>, element: &Element, parent: Role, shaped: &mut BoxRows) -> Option<Role> {
    let inside = matches!(parent, Role::Table | Role::Rows);
    match box_role(element) {
        Some(Role::Row) if inside => return Some(Role::Row),
        Some(Role::Row) => {
            if let Some(row) = free_row(node) {
                return Some(row);
            }
        }
        Some(Role::Cell) if matches!(parent, Role::Row | Role::FreeRow { .. }) => {
            return Some(Role::Cell);
        }
        Some(Role::Table) => return Some(Role::Table),
        None if !inside => {
            if let Some(box_rows::Place { first, last }) = shaped.place(node) {
                return Some(Role::BoxRow { first, last });
            }
        }
        _ => {}
    }
    let rows = rows_in(node, true)?;
    match inside {
        true => Some(Role::Rows),
        false => (rows > 1).then_some(Role::Table),
    }
}

/// A row that stands beside another row in a box that holds other things too.
fn free_row(node: NodeRef<'_>) -> Option<Role> {
    if rows_in(node.parent()?, true).is_some() {
        return None; // the box is a table
    }
    let is_row = |near: Option<NodeRef<'_>>| {
        near.is_some_and(
            |near| matches!(near.value(), Node::Element(e) if box_role(e) == Some(Role::Row)),
        )
    };
    let element = |near: &NodeRef<'_>| near.value().is_element();
    let first = !is_row(node.prev_siblings().take(CHILDREN).find(element));
    let last = !is_row(node.next_siblings().take(CHILDREN).find(element));
    (!(first && last)).then_some(Role::FreeRow { first, last })
}

/// How many rows a box holds, in groups too; none when it holds anything else.
fn rows_in(node: NodeRef<'_>, groups: bool) -> Option<usize> {
    let mut rows = 0;
    for child in node.children().take(CHILDREN) {
        match child.value() {
            Node::Element(inner) if box_role(inner) == Some(Role::Row) => rows += 1,
            Node::Element(_) if groups => rows += rows_in(child, false)?,
            Node::Element(_) => return None,
            Node::Text(words) if !words.trim().is_empty() => return None,
            _ => {}
        }
    }
    (rows > 0).then_some(rows)
}

fn box_role(element: &Element) -> Option<Role> {
    if let Some(role) = element.attr("role") {
        return match role.trim() {
            "table" | "grid" | "treegrid" => Some(Role::Table),
            "row" => Some(Role::Row),
            "cell" | "gridcell" | "columnheader" | "rowheader" => Some(Role::Cell),
            _ => None,
        };
    }
    let style = element.attr("style").unwrap_or_default();
    if style.contains("table") {
        let plain = self::style(element);
        let display = plain
            .split("display:")
            .nth(1)
            .and_then(|d| d.split(';').next());
        match display {
            Some("table") => return Some(Role::Table),
            Some("table-row") => return Some(Role::Row),
            Some("table-cell") => return Some(Role::Cell),
            _ => {}
        }
    }
    element.classes().find_map(|class| match class {
        "tr" | "table-row" | "tableRow" => Some(Role::Row),
        "td" | "th" | "table-cell" | "tableCell" => Some(Role::Cell),
        _ => None,
    })
}

/// Elements that stay open until they are closed.
pub(super) fn nests(name: &[u8]) -> bool {
    !matches!(
        name,
        b"p" | b"li"
            | b"td"
            | b"th"
            | b"tr"
            | b"tbody"
            | b"thead"
            | b"tfoot"
            | b"dt"
            | b"dd"
            | b"option"
            | b"br"
            | b"hr"
            | b"img"
            | b"input"
            | b"meta"
            | b"link"
            | b"col"
            | b"colgroup"
            | b"wbr"
            | b"source"
    )
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "header"
            | "footer"
            | "blockquote"
            | "dl"
            | "dt"
            | "hr"
            | "figure"
            | "figcaption"
            | "form"
            | "fieldset"
            | "details"
            | "summary"
            | "nav"
            | "aside"
            | "address"
            | "caption"
            | "center"
            | "dialog"
            | "body"
            | "option"
            | "button"
    )
}
