//! Hidden text that a click shows: the body of an accordion, the pane of a tab.
//! A reader of the page opens it, so it is read like shown text; what nothing on
//! the page opens (drafts, templates) is not.

use std::collections::HashMap;

use ego_tree::NodeId;
use scraper::node::{Element, Node};

use super::element;

type NodeRef<'a> = ego_tree::NodeRef<'a, Node>;

/// Siblings, descendants and ancestors looked at around one element.
const NEAR: usize = 64;
const INSIDE: usize = 24;
const ABOVE: usize = 32;
/// Longest caption of a fold and of a tab, in characters.
const MAX_CAPTION: usize = 60;
const MAX_TAB: usize = 24;
/// Bytes of a click's script that are looked at.
const MAX_SCRIPT: usize = 512;
/// Controls remembered for one name.
const MAX_CONTROLS: usize = 4;

/// Words in the class, id or role of what opens by a click.
const FOLDS: [&str; 21] = [
    "tab",
    "tabs",
    "tabpane",
    "tabpanel",
    "tabcontent",
    "pane",
    "panel",
    "collapse",
    "collapsed",
    "collapsible",
    "colla",
    "accordion",
    "fold",
    "folded",
    "folding",
    "foldable",
    "unfold",
    "toggle",
    "expand",
    "expandable",
    "spoiler",
];

/// Words in the class or id of what nobody is to see any more, or yet.
const LEFT_OVERS: [&str; 11] = [
    "draft",
    "old",
    "bak",
    "backup",
    "tpl",
    "template",
    "deprecated",
    "legacy",
    "obsolete",
    "demo",
    "sample",
];

/// Words in the class of what opens something.
const OPENERS: [&str; 10] = [
    "toggle",
    "toggler",
    "trigger",
    "accordion",
    "collapse",
    "collapsed",
    "fold",
    "unfold",
    "expand",
    "spoiler",
];

/// Attributes that only what can be clicked has, and those that name what a
/// click opens.
const CLICKS: [&str; 8] = [
    "onclick",
    "@click",
    "v-on:click",
    "ng-click",
    "data-toggle",
    "data-bs-toggle",
    "aria-expanded",
    "aria-controls",
];
const TARGETS: [&str; 5] = [
    "data-target",
    "data-bs-target",
    "aria-controls",
    "data-href",
    "data-tab",
];

/// Words that call a caption one that opens.
const CAPTIONS: [&str; 11] = [
    "展开",
    "收起",
    "点击查看",
    "点此查看",
    "查看详情",
    "查看更多",
    "查看全部",
    "▼",
    "show more",
    "show all",
    "expand",
];

/// Words in a class that tell the state of a pane, not its kind.
const STATES: [&str; 11] = [
    "active", "on", "current", "show", "shown", "hide", "hidden", "in", "cur", "selected", "none",
];

/// What is known of the folds of a page.
#[derive(Debug, Default)]
pub(super) struct Folds {
    /// The elements that name another one, by that name; gathered when first asked.
    controls: Option<HashMap<String, Vec<NodeId>>>,
}

impl Folds {
    /// Whether a click shows what this hidden element holds.
    pub fn open(&mut self, node: NodeRef<'_>, element: &Element) -> bool {
        if has_word(element, &LEFT_OVERS) {
            return false;
        }
        has_word(element, &FOLDS)
            || element.attr("hidden") == Some("until-found")
            || self.is_controlled(node, element)
            || follows_its_caption(node)
            || is_body(node)
            || is_pane(node, element)
            || is_rest(node)
    }

    /// Whether a control outside of the element names it.
    fn is_controlled(&mut self, node: NodeRef<'_>, element: &Element) -> bool {
        let Some(id) = element.attr("id").filter(|id| !id.is_empty()) else {
            return false;
        };
        let controls = self.controls.get_or_insert_with(|| controls(node));
        let named = controls.get(id.trim()).into_iter().flatten();
        let mut outside = named.filter_map(|control| node.tree().get(*control));
        outside.any(|control| {
            let mut around = std::iter::once(control).chain(control.ancestors());
            !around.any(|above| above.id() == node.id())
        })
    }
}

/// All elements of the page that name another one.
fn controls(node: NodeRef<'_>) -> HashMap<String, Vec<NodeId>> {
    let mut found: HashMap<String, Vec<NodeId>> = HashMap::new();
    for node in node.tree().nodes() {
        let Some(element) = node.value().as_element() else {
            continue;
        };
        for (name, value) in element.attrs() {
            for word in named_by(name, value) {
                let known = found.entry(word.to_owned()).or_default();
                if known.len() < MAX_CONTROLS {
                    known.push(node.id());
                }
            }
        }
    }
    found
}

/// The names in an attribute that says what a click opens.
fn named_by<'v>(name: &str, value: &'v str) -> Vec<&'v str> {
    let value = value.trim();
    let script = match name {
        "href" => value
            .get(..11)
            .is_some_and(|s| s.eq_ignore_ascii_case("javascript:")),
        _ => name.starts_with("on") || name.starts_with('@') || name.ends_with("click"),
    };
    if script {
        let mut end = value.len().min(MAX_SCRIPT);
        while !value.is_char_boundary(end) {
            end -= 1;
        }
        let parts = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'));
        let words = value.get(..end).unwrap_or_default().split(parts);
        return words.filter(|word| word.len() > 1).collect();
    }
    if name == "href" {
        return value.strip_prefix('#').into_iter().collect();
    }
    match TARGETS.contains(&name) {
        true => vec![value.trim_start_matches('#')],
        false => Vec::new(),
    }
}

/// Whether a word of the class, id or role of an element is one of `words`.
fn has_word(element: &Element, words: &[&str]) -> bool {
    let names = ["class", "id", "role"]
        .into_iter()
        .filter_map(|name| element.attr(name));
    names.flat_map(parts).any(|part| words.contains(&&*part))
}

/// The words that a name is made of: `elTab-pane2` holds `el`, `tab`, `pane`.
fn parts(name: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut before = ' ';
    for c in name.chars() {
        let begins = c.is_ascii_uppercase() && before.is_ascii_lowercase();
        if (begins || !c.is_ascii_alphabetic()) && !part.is_empty() {
            parts.push(std::mem::take(&mut part));
        }
        if c.is_ascii_alphabetic() {
            part.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    parts.push(part);
    parts
}

/// The next element before or behind this one, passing blanks and comments; none
/// where words come first.
fn near<'a>(mut nodes: impl Iterator<Item = NodeRef<'a>>) -> Option<NodeRef<'a>> {
    let says = |node: &NodeRef<'_>| match node.value() {
        Node::Element(_) => true,
        Node::Text(words) => !words.trim().is_empty(),
        _ => false,
    };
    let next = nodes.by_ref().take(NEAR).find(says)?;
    next.value().is_element().then_some(next)
}

/// The words of an element, where they are a short caption.
fn caption(node: NodeRef<'_>) -> Option<String> {
    let mut words = String::new();
    for (at, inner) in node.descendants().enumerate() {
        if at >= INSIDE || words.len() > MAX_CAPTION * 4 {
            return None;
        }
        if let Node::Text(piece) = inner.value() {
            words.extend(piece.split_whitespace());
        }
    }
    let length = words.chars().count();
    (1..=MAX_CAPTION).contains(&length).then_some(words)
}

/// Whether an element, or one in it, can be clicked to open what is near.
fn opens(node: NodeRef<'_>) -> bool {
    let Some(words) = caption(node) else {
        return false;
    };
    let lower = words.to_lowercase();
    let clicks = |element: &Element| {
        matches!(element.name(), "button" | "summary")
            || matches!(element.attr("role"), Some("button" | "tab"))
            || CLICKS.iter().any(|name| element.attr(name).is_some())
            || has_word(element, &OPENERS)
    };
    CAPTIONS
        .iter()
        .any(|word| lower.contains(&word.replace(' ', "")))
        || node
            .descendants()
            .take(INSIDE)
            .any(|inner| inner.value().as_element().is_some_and(clicks))
}

/// How deep a heading stands: `h1` the highest, terms of a list the lowest.
fn level(node: NodeRef<'_>) -> Option<u8> {
    match node.value().as_element()?.name() {
        "dt" => Some(7),
        name => {
            let digit = name.strip_prefix('h')?.parse().ok()?;
            (1..=6).contains(&digit).then_some(digit)
        }
    }
}

/// Whether a caption that can be clicked stands in front, or a heading that
/// would have nothing below it.
fn follows_its_caption(node: NodeRef<'_>) -> bool {
    let Some(before) = near(node.prev_siblings()) else {
        return false;
    };
    if opens(before) {
        return true;
    }
    let Some(level_of) = level(before) else {
        return false;
    };
    let mut behind = node
        .next_siblings()
        .take(NEAR)
        .filter(|node| match node.value() {
            Node::Element(element) => !element::is_hidden(element),
            Node::Text(words) => !words.trim().is_empty(),
            _ => false,
        });
    match behind.next() {
        None => true,
        Some(next) => level(next).is_some_and(|next| next <= level_of),
    }
}

/// The elements in a node; none where it holds words beside them.
fn elements(node: NodeRef<'_>) -> Option<Vec<NodeRef<'_>>> {
    let mut found = Vec::new();
    for inner in node.children().take(NEAR) {
        match inner.value() {
            Node::Element(_) => found.push(inner),
            Node::Text(words) if !words.trim().is_empty() => return None,
            _ => {}
        }
    }
    Some(found)
}

/// Whether the element is one of several bodies that each stand below a caption
/// in a box of their own.
fn is_body(node: NodeRef<'_>) -> bool {
    let of_a_fold = |parent: NodeRef<'_>| {
        let held = elements(parent)?;
        let [head, body] = held.as_slice() else {
            return None;
        };
        let shown = !element::is_hidden(head.value().as_element()?);
        (shown && caption(*head).is_some()).then(|| body.id())
    };
    let Some(parent) = node.parent() else {
        return false;
    };
    if of_a_fold(parent) != Some(node.id()) {
        return false;
    }
    let named = parent.value().as_element();
    named.is_some_and(|parent| has_word(parent, &FOLDS))
        || [near(parent.prev_siblings()), near(parent.next_siblings())]
            .into_iter()
            .flatten()
            .any(|beside| {
                let alike = || {
                    let (one, other) = (named?, beside.value().as_element()?);
                    let same = one.name() == other.name() && kind(one) == kind(other);
                    (same && of_a_fold(beside).is_some()).then_some(())
                };
                alike().is_some()
            })
}

/// The classes of an element without those that tell its state.
fn kind(element: &Element) -> Vec<&str> {
    let mut classes: Vec<&str> = element.classes().collect();
    classes.retain(|class| !parts(class).iter().all(|part| STATES.contains(&&**part)));
    classes.sort_unstable();
    classes
}

/// Whether the element is one of several alike, with as many captions before.
fn is_pane(node: NodeRef<'_>, element: &Element) -> bool {
    let Some(parent) = node.parent() else {
        return false;
    };
    let alike = |other: &NodeRef<'_>| {
        other
            .value()
            .as_element()
            .is_some_and(|other| other.name() == element.name() && kind(other) == kind(element))
    };
    let panes = parent.children().take(NEAR).filter(alike);
    let panes: Vec<NodeRef<'_>> = panes.collect();
    let (Some(first), 2..) = (panes.first(), panes.len()) else {
        return false;
    };
    let Some(mut head) = near(first.prev_siblings()).or_else(|| near(parent.prev_siblings()))
    else {
        return false;
    };
    for _ in 0..ABOVE {
        let Some(captions) = elements(head) else {
            return false;
        };
        if let [only] = captions.as_slice() {
            head = *only;
            continue;
        }
        let short =
            |one: &NodeRef<'_>| caption(*one).is_some_and(|words| words.chars().count() <= MAX_TAB);
        return captions.len() == panes.len() && captions.iter().all(short);
    }
    false
}

/// Whether the element is one of the last rows or items of a list behind which a
/// caption stands that shows the rest of it.
fn is_rest(node: NodeRef<'_>) -> bool {
    let Some(element) = node.value().as_element() else {
        return false;
    };
    if !matches!(element.name(), "li" | "tr" | "tbody") {
        return false;
    }
    let list = node.ancestors().take(3).find(|above| {
        let named = above.value().as_element();
        named.is_some_and(|above| matches!(above.name(), "ul" | "ol" | "table"))
    });
    let behind = list.and_then(|list| near(list.next_siblings()));
    behind.is_some_and(opens)
}
