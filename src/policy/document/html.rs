//! HTML as served: structure from an HTML5 parser, offsets by walking the file
//! alongside it.

use scraper::Html;
use scraper::node::{Element, Node};

use super::source::{Builder, LineKind, Source};
use crate::formats::limits::MAX_HTML_DEPTH;

/// Reads a whole document.
pub(super) fn read(text: String) -> Source {
    let mut builder = Builder::default();
    if depth(&text) > MAX_HTML_DEPTH {
        return strip(text);
    }
    let document = Html::parse_document(&text);
    walk(&document, &text, 0, &mut builder);
    builder.finish(text, false)
}

/// Reads a fragment that stands at `base` of the decoded file.
pub(super) fn read_fragment(fragment: &str, base: usize, builder: &mut Builder) {
    if depth(fragment) <= MAX_HTML_DEPTH {
        walk(&Html::parse_fragment(fragment), fragment, base, builder);
    }
}

/// How deep elements nest at most, counted by tags; elements that the parser
/// closes by itself do not count.
fn depth(text: &str) -> usize {
    let (mut open, mut deepest) = (0usize, 0usize);
    let bytes = text.as_bytes();
    for at in memchr_all(bytes, b'<') {
        let closing = bytes.get(at + 1) == Some(&b'/');
        let start = at + 1 + usize::from(closing);
        let name = bytes
            .get(start..(start + 11).min(bytes.len()))
            .unwrap_or_default();
        let length = name
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric())
            .count();
        let name = name.get(..length).unwrap_or_default().to_ascii_lowercase();
        if name.is_empty() || !nests(&name) {
            continue;
        }
        if closing {
            open = open.saturating_sub(1);
        } else {
            open += 1;
            deepest = deepest.max(open);
        }
    }
    deepest
}

fn memchr_all(bytes: &[u8], wanted: u8) -> impl Iterator<Item = usize> + '_ {
    bytes
        .iter()
        .enumerate()
        .filter(move |(_, byte)| **byte == wanted)
        .map(|(at, _)| at)
}

/// Elements that stay open until they are closed.
fn nests(name: &[u8]) -> bool {
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

/// The text between the tags, for pages nested too deep to be parsed.
fn strip(text: String) -> Source {
    let mut builder = Builder::default();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let end = rest.find('<').unwrap_or(rest.len());
        builder.text(rest.get(..end).unwrap_or_default(), at);
        builder.end_line();
        let tag = rest.get(end..).and_then(|tag| tag.find('>'));
        at += tag.map_or(rest.len(), |close| end + close + 1);
        if builder.full() {
            break;
        }
    }
    let mut source = builder.finish(text, false);
    source.truncated = true;
    source
}

/// Walks the tree without recursion: hostile nesting has no depth limit.
fn walk(document: &Html, text: &str, base: usize, builder: &mut Builder) {
    let mut follower = Follower { text, at: 0 };
    let mut node = document.tree.root();
    loop {
        if builder.full() {
            return;
        }
        let mut silent = false;
        match node.value() {
            Node::Element(element) if is_silent(element) => silent = true,
            Node::Element(element) => open(element, builder),
            Node::Text(words) => follower.copy(words, base, builder),
            _ => {}
        }
        if let Some(child) = node.first_child().filter(|_| !silent) {
            node = child;
            continue;
        }
        loop {
            if let Node::Element(element) = node.value()
                && !is_silent(element)
            {
                close(element, builder);
            }
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            match node.parent() {
                Some(parent) => node = parent,
                None => return,
            }
        }
    }
}

fn is_silent(element: &Element) -> bool {
    matches!(
        element.name(),
        "script" | "style" | "template" | "head" | "noscript" | "svg" | "select"
    )
}

fn open(element: &Element, builder: &mut Builder) {
    let number = |name: &str| {
        element
            .attr(name)
            .and_then(|value| value.trim().parse::<usize>().ok())
            .unwrap_or(1)
    };
    match element.name() {
        "table" => {
            builder.begin_table();
        }
        "tr" => builder.begin_row(),
        "td" | "th" if builder.in_table() => {
            builder.begin_cell(number("colspan"), number("rowspan"));
        }
        "a" => builder.begin_link(element.attr("href").unwrap_or_default()),
        "br" => builder.end_line(),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            builder.end_line();
            builder.set_apart();
            let level = element
                .name()
                .as_bytes()
                .get(1)
                .map_or(0, |digit| digit - b'0');
            builder.heading(level);
        }
        "li" => {
            builder.end_line();
            builder.set_apart();
            builder.mark(LineKind::Item);
        }
        name if is_block(name) => {
            builder.end_line();
            builder.set_apart();
        }
        _ => {}
    }
}

fn close(element: &Element, builder: &mut Builder) {
    match element.name() {
        "table" => builder.end_table(),
        "td" | "th" => builder.end_cell(),
        "a" => builder.end_link(),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "li" => builder.end_line(),
        name if is_block(name) => builder.end_line(),
        _ => {}
    }
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "ul"
            | "ol"
            | "section"
            | "article"
            | "main"
            | "header"
            | "footer"
            | "blockquote"
            | "pre"
            | "dl"
            | "dt"
            | "dd"
            | "hr"
            | "figure"
            | "form"
            | "details"
            | "summary"
            | "nav"
            | "aside"
    )
}

/// Finds each text node again in the file: nodes come in file order, with
/// entities decoded and tags left out.
struct Follower<'t> {
    text: &'t str,
    at: usize,
}

impl Follower<'_> {
    fn copy(&mut self, words: &str, base: usize, builder: &mut Builder) {
        let mut pending = String::new();
        let mut pending_at = 0;
        for c in words.chars() {
            let at = self.find(c);
            let shown = if c.is_whitespace() { ' ' } else { c };
            let joins = !pending.is_empty() && at == pending_at + pending.len();
            if !joins && !pending.is_empty() {
                builder.text(&pending, base + pending_at);
                pending.clear();
            }
            if pending.is_empty() {
                pending_at = at;
            }
            pending.push(shown);
        }
        if !pending.is_empty() {
            builder.text(&pending, base + pending_at);
        }
    }

    /// The offset of the next `c`, past tags and comments; stays where it is
    /// when the parser moved text around.
    fn find(&mut self, c: char) -> usize {
        let start = self.at;
        let mut at = self.at;
        loop {
            let rest = self.text.get(at..).unwrap_or_default();
            let Some(next) = rest.chars().next() else {
                break;
            };
            if next == c {
                self.at = at + next.len_utf8();
                return at;
            }
            match next {
                '<' => {
                    let skip = if rest.starts_with("<!--") {
                        rest.find("-->").map(|end| end + 3)
                    } else {
                        rest.find('>').map(|end| end + 1)
                    };
                    at += skip.unwrap_or(1);
                }
                '&' => {
                    let entity = rest.char_indices().take(34).find(|(_, e)| *e == ';');
                    self.at = at + entity.map_or(1, |(end, _)| end + 1);
                    return at;
                }
                _ if at - start > 4096 => break,
                _ => at += next.len_utf8(),
            }
        }
        start.min(self.text.len())
    }
}
