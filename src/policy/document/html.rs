//! HTML as served: structure from an HTML5 parser, offsets by following the
//! file alongside it.

use memchr::memmem;
use scraper::Html;
use scraper::node::Node;

use super::builder::Builder;
use super::element::{self, Learned, Role};
use super::follow::{Follower, Origin};
use super::hidden::{self, Passage};
use super::source::{LineKind, Source};
use super::tree;
use crate::policy::url;

/// Reads a whole document.
pub(super) fn read(text: String) -> Source {
    let mut builder = Builder::default();
    if !tree::is_parsable(&text) {
        strip(&text, 0, &mut builder);
        return builder.finish(text, false);
    }
    let (tree, parsed) = tree::document(&text);
    let cut = parsed.len() < text.len();
    walk(&tree, parsed, Origin::File(0), &mut builder);
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
    walk(&tree, parsed, Origin::File(base), builder);
    if parsed.len() < fragment.len() {
        builder.cut();
    }
}

/// Reads markup that a text node holds: a page was escaped when it was put into
/// another one. What is escaped twice stays text.
fn read_escaped(words: &str, places: &[(usize, usize)], builder: &mut Builder) {
    builder.end_line();
    if tree::is_parsable(words) {
        let (tree, parsed) = tree::fragment(words);
        walk(&tree, parsed, Origin::Escaped(places), builder);
        if parsed.len() < words.len() {
            builder.cut();
        }
    } else {
        builder.cut();
    }
    builder.end_line();
}

/// Closing tags that make a text markup.
const TAGS: usize = 3;
/// Bytes of a text that are looked at for them.
const TAGGED: usize = 64 * 1024;

/// Whether a text is markup: tags of a page are closed in it, each behind `open`
/// (`</`, or as an entity).
pub(super) fn is_markup(text: &str, open: &str) -> bool {
    let names = [
        "p", "td", "th", "tr", "li", "div", "table", "span", "h2", "h3",
    ];
    let head = text.as_bytes().get(..TAGGED).unwrap_or(text.as_bytes());
    let closes = memmem::find_iter(head, open).filter(|at| {
        let rest = head.get(at + open.len()..).unwrap_or_default();
        let length = rest
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric())
            .count();
        let name = rest.get(..length).unwrap_or_default();
        names
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
    });
    closes.take(TAGS).count() == TAGS
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
    learned: Learned,
    /// How the file ends.
    end: Vec<char>,
}

/// Characters in an element that is not closed from which it hides something.
const SWALLOWED: usize = 20;

/// Characters at the end by which what runs to the end of a file is told.
const TAIL: usize = 64;

/// The last characters of a text, from the end on; the parser writes line feeds
/// and nulls its own way.
fn tail(text: &str) -> Vec<char> {
    let plain = |c: &char| !matches!(c, '\r' | '\n' | '\0' | '\u{fffd}');
    text.chars().rev().filter(plain).take(TAIL).collect()
}

/// Whether what an element or a comment holds ends where a file does, by the tail
/// of the file: no closing tag stands behind it.
fn runs_to_end(words: &str, end: &[char]) -> bool {
    let own = tail(words);
    own.len() >= SWALLOWED && end.starts_with(&own)
}

type NodeRef<'a> = ego_tree::NodeRef<'a, Node>;

/// Walks the tree without recursion: hostile nesting has no depth limit.
fn walk(document: &Html, text: &str, origin: Origin<'_>, builder: &mut Builder) {
    let mut walk = Walk {
        builder,
        follower: Follower::new(text),
        lists: 0,
        lines: 0,
        values: 0,
        learned: Learned::default(),
        end: tail(text),
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
                let role = element::role(at, element, parent, &mut walk.learned);
                walk.builder
                    .embed(usize::from(element::is_embedded(element.name())));
                silent = matches!(role, Role::Silent | Role::Hidden);
                if silent {
                    let struck = element::is_struck(element);
                    if struck {
                        walk.builder.strike();
                    }
                    walk.pass(at, role, struck);
                } else {
                    walk.open(element, role);
                    open.push((at, role));
                }
            }
            Node::Comment(words) => walk.swallow(words),
            Node::Text(words) => match origin {
                Origin::File(base) if is_markup(words, "</") => {
                    let places = walk.follower.places(words, base);
                    read_escaped(words, &places, walk.builder);
                }
                _ => {
                    let lines = walk.lines > 0;
                    walk.follower.copy(words, origin, lines, walk.builder);
                }
            },
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

/// Where a link leads: its target, or the address that a click on it opens.
fn target(element: &scraper::node::Element) -> &str {
    let href = element.attr("href").unwrap_or_default();
    if element.attr("onclick").is_some() && url::is_dead(href) {
        let script = element.attr("onclick").unwrap_or_default();
        return url::in_script(script).unwrap_or(href);
    }
    href
}

impl Walk<'_, '_> {
    /// Passes an element that is not shown. What a page hides is counted: what a
    /// script may show is hidden in the same way as a left-over.
    fn pass(&mut self, node: NodeRef<'_>, role: Role, struck: bool) {
        let mut hidden = Passage::default();
        for inner in node.descendants() {
            match inner.value() {
                Node::Element(element) if element.name() == "tr" => hidden.add_row(),
                Node::Text(words) => {
                    let raw = inner.parent().is_some_and(|parent| {
                        matches!(parent.value(), Node::Element(e) if element::is_raw(e.name()))
                    });
                    if raw {
                        self.swallow(words);
                    } else {
                        self.follower.pass(words);
                    }
                    if role == Role::Silent {
                        if hidden::is_list_in_data(words) {
                            self.builder.script_list();
                        }
                    } else if struck {
                        self.builder.pass_struck(words);
                    } else if !raw {
                        hidden.add(words);
                    }
                }
                _ => {}
            }
        }
        self.builder.hide(hidden);
    }

    /// Notes that a script, a style or a comment is not closed: it hides the rest
    /// of the file.
    fn swallow(&mut self, words: &str) {
        if runs_to_end(words, &self.end) {
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
            Role::FreeRow { first, .. } | Role::BoxRow { first, .. } => {
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
            Role::Link => builder.begin_link(target(element)),
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
                builder.indent((depth - 1 + self.values) * 2);
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
            Role::Table | Role::FreeRow { last: true, .. } | Role::BoxRow { last: true, .. } => {
                self.builder.end_table();
            }
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
