//! HTML as served: structure from an HTML5 parser, offsets by following the
//! file alongside it.

use scraper::Html;
use scraper::node::Node;

use super::builder::Builder;
use super::element::{self, Role};
use super::follow::Follower;
use super::hidden::Passage;
use super::source::{LineKind, Source};
use super::tree;

/// Reads a whole document.
pub(super) fn read(text: String) -> Source {
    let mut builder = Builder::default();
    if !tree::is_parsable(&text) {
        strip(&text, 0, &mut builder);
        return builder.finish(text, false);
    }
    let (tree, parsed) = tree::document(&text);
    let cut = parsed.len() < text.len();
    walk(&tree, parsed, 0, &mut builder);
    if cut {
        builder.cut();
    }
    builder.finish(text, false)
}

/// Reads a fragment that stands at `base` of the decoded file.
pub(super) fn read_fragment(fragment: &str, base: usize, builder: &mut Builder) {
    if !tree::is_parsable(fragment) {
        return strip(fragment, base, builder);
    }
    let (tree, parsed) = tree::fragment(fragment);
    walk(&tree, parsed, base, builder);
    if parsed.len() < fragment.len() {
        builder.cut();
    }
}

/// The text between the tags, for pages that cannot be parsed in time.
fn strip(text: &str, base: usize, builder: &mut Builder) {
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let end = rest.find('<').unwrap_or(rest.len());
        builder.text(rest.get(..end).unwrap_or_default(), base + at);
        builder.end_line();
        let tag = rest.get(end..).and_then(|tag| tag.find('>'));
        at += tag.map_or(rest.len(), |close| end + close + 1);
        if builder.full() {
            break;
        }
    }
    builder.cut();
}

/// What is remembered on the way through the tree.
struct Walk<'b, 't> {
    builder: &'b mut Builder,
    follower: Follower<'t>,
    /// Lists around the present place.
    lists: usize,
    /// Elements around it in which line feeds count.
    lines: usize,
    /// Values of definition lists around it.
    values: usize,
}

/// Characters in an element that is not closed from which it hides something.
const SWALLOWED: usize = 20;

/// Characters at the end by which what runs to the end of a file is told.
const TAIL: usize = 64;

/// Whether what an element or a comment holds ends where the file does, with no
/// closing tag behind it; the parser writes line feeds and nulls its own way.
fn runs_to_end(words: &str, text: &str) -> bool {
    let plain = |c: &char| !matches!(c, '\r' | '\n' | '\0' | '\u{fffd}');
    let mut end = text.chars().rev().filter(plain);
    let mut compared = 0;
    for c in words.chars().rev().filter(plain).take(TAIL) {
        if end.next() != Some(c) {
            return false;
        }
        compared += 1;
    }
    compared >= SWALLOWED
}

type NodeRef<'a> = ego_tree::NodeRef<'a, Node>;

/// Walks the tree without recursion: hostile nesting has no depth limit.
fn walk(document: &Html, text: &str, base: usize, builder: &mut Builder) {
    let mut walk = Walk {
        builder,
        follower: Follower::new(text),
        lists: 0,
        lines: 0,
        values: 0,
    };
    let mut open: Vec<(NodeRef<'_>, Role)> = Vec::new();
    let mut node = Some(document.tree.root());
    while let Some(at) = node {
        if walk.builder.full() {
            break;
        }
        let mut silent = false;
        match at.value() {
            Node::Element(element) => {
                let parent = open.last().map_or(Role::Inline, |(_, role)| *role);
                let role = element::role(at, element, parent);
                walk.builder
                    .embed(usize::from(element::is_embedded(element.name())));
                silent = matches!(role, Role::Silent | Role::Hidden);
                if silent {
                    if element::is_struck(element) {
                        walk.builder.strike();
                    }
                    walk.pass(at, role == Role::Hidden, text);
                } else {
                    walk.open(element, role);
                    open.push((at, role));
                }
            }
            Node::Comment(words) => walk.swallow(words, text),
            Node::Text(words) => {
                let lines = walk.lines > 0;
                walk.follower.copy(words, base, lines, walk.builder);
            }
            _ => {}
        }
        node = at.first_child().filter(|_| !silent);
        let mut done = at;
        while node.is_none() {
            if let Some((_, role)) = open.pop_if(|(element, _)| *element == done) {
                walk.close(role);
            }
            node = done.next_sibling();
            match done.parent() {
                Some(parent) if node.is_none() => done = parent,
                _ => break,
            }
        }
    }
    if walk.follower.lost {
        walk.builder.lose();
    }
}

impl Walk<'_, '_> {
    /// Passes an element that is not shown. What a page hides is counted: a
    /// folded list is hidden in the same way as a left-over.
    fn pass(&mut self, node: NodeRef<'_>, counted: bool, text: &str) {
        let mut hidden = Passage::default();
        for inner in node.descendants() {
            let raw = inner.parent().is_some_and(
                |parent| matches!(parent.value(), Node::Element(e) if element::is_raw(e.name())),
            );
            let Node::Text(words) = inner.value() else {
                continue;
            };
            if raw {
                self.swallow(words, text);
            } else {
                self.follower.pass(words);
                if counted {
                    hidden.add(words);
                }
            }
        }
        self.builder.hide(&hidden);
    }

    /// Notes that a script, a style or a comment is not closed: it hides the rest
    /// of the file.
    fn swallow(&mut self, words: &str, text: &str) {
        if runs_to_end(words, text) {
            self.builder.swallow(words.chars().count());
        }
    }

    fn open(&mut self, element: &scraper::node::Element, role: Role) {
        for name in ["id", "name"] {
            if let Some(anchor) = element.attr(name) {
                self.builder.anchor(anchor);
            }
        }
        let builder = &mut *self.builder;
        match role {
            Role::Table => builder.begin_table(),
            Role::Row => builder.begin_row(),
            Role::FreeRow { first, .. } => {
                if first {
                    builder.begin_table();
                }
                builder.begin_row();
            }
            Role::Cell => {
                let span = |name: &str| {
                    let value = element.attr(name)?;
                    let digits = value.trim().split(|c: char| !c.is_ascii_digit()).next()?;
                    digits.parse::<usize>().ok()
                };
                // 0 rows mean all that follow in the section.
                let rows = match span("rowspan") {
                    Some(0) => usize::MAX,
                    rows => rows.unwrap_or(1),
                };
                builder.begin_cell(span("colspan").unwrap_or(1), rows);
            }
            Role::Link => builder.begin_link(element.attr("href").unwrap_or_default()),
            Role::Strong => builder.begin_strong(),
            Role::Break => {
                builder.end_line();
                self.hang();
            }
            Role::Heading(level) => {
                builder.end_line();
                builder.set_apart();
                builder.heading(level);
            }
            Role::Item(depth) => {
                builder.end_line();
                builder.set_apart();
                builder.mark(LineKind::Item);
                let depth = depth.unwrap_or(self.lists.max(1));
                builder.indent((depth - 1) * 2);
            }
            Role::List | Role::Lines | Role::Block | Role::Value => {
                builder.end_line();
                if role != Role::Value {
                    builder.set_apart();
                }
                self.lists += usize::from(role == Role::List);
                self.lines += usize::from(role == Role::Lines);
                self.values += usize::from(role == Role::Value);
                self.hang();
            }
            Role::Rows | Role::Inline | Role::Label | Role::Silent | Role::Hidden => {}
        }
    }

    /// Lines below the first one of an item hang below it.
    fn hang(&mut self) {
        self.builder.hang((self.lists + self.values) * 2);
    }

    fn close(&mut self, role: Role) {
        match role {
            Role::Table | Role::FreeRow { last: true, .. } => self.builder.end_table(),
            Role::Cell => self.builder.end_cell(),
            Role::Link => self.builder.end_link(),
            Role::Strong => self.builder.end_strong(),
            Role::Label => self.builder.end_label(),
            Role::List => self.lists = self.lists.saturating_sub(1),
            Role::Lines => self.lines = self.lines.saturating_sub(1),
            Role::Value => self.values = self.values.saturating_sub(1),
            _ => {}
        }
        let ends = matches!(role, Role::List | Role::Lines | Role::Value | Role::Block)
            || matches!(role, Role::Heading(_) | Role::Item(_));
        if ends {
            self.builder.end_line();
            self.hang();
        }
    }
}
