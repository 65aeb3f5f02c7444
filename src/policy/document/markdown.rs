//! Markdown with HTML inside, by the events of a CommonMark parser, which knows
//! the offsets.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::builder::Builder;
use super::hidden::Passage;
use super::source::{LineKind, Source};
use super::{element, html, jsx, plain, torn_rows, tree};
use crate::formats::limits::MAX_MARKDOWN;

/// Lines of front matter; more is a text between two rules.
const FRONT_MATTER_LINES: usize = 100;
/// Keys of front matter that tell a date.
const DATE_KEYS: [&str; 5] = ["date", "updated", "modified", "effective", "日期"];

/// Reads a whole document; `mdx` says that the file is named so.
pub(super) fn read(text: String, mdx: bool) -> Source {
    if !is_parsable(&text) {
        return plain::read(text);
    }
    let mut walk = Walk::default();
    let body = front_matter(&text);
    title(text.get(..body).unwrap_or_default(), &mut walk.builder);
    let shown = torn_rows::joined(jsx::blank(&text, mdx));
    let islands = html_tables(&shown);
    let mut next_island = 0;
    let mut silent_until = 0;
    let end = read_to(&shown);
    let parser = Parser::new_ext(
        shown.get(body..end).unwrap_or_default(),
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES,
    );
    for (event, range) in parser.into_offset_iter() {
        let range = body + range.start..body + range.end;
        if walk.builder.full() {
            break;
        }
        while let Some(island) = islands.get(next_island) {
            if range.end <= island.start
                || matches!(event, Event::Start(_)) && range.start < island.start
            {
                break;
            }
            next_island += 1;
            if island.start >= silent_until {
                let fragment = shown.get(island.clone()).unwrap_or_default();
                walk.island(fragment, island.start);
                silent_until = island.end;
            }
        }
        if range.start < silent_until && range.start >= body && inside(&islands, &range) {
            continue;
        }
        walk.step(event, range, &shown);
    }
    if end < shown.len() {
        walk.builder.cut();
    }
    walk.builder.finish(text, true)
}

/// Where the part of a text ends that the parser is given.
fn read_to(text: &str) -> usize {
    let mut end = text.len().min(MAX_MARKDOWN);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}

fn inside(islands: &[Range<usize>], range: &Range<usize>) -> bool {
    let at = islands.partition_point(|island| island.start <= range.start);
    at.checked_sub(1)
        .and_then(|at| islands.get(at))
        .is_some_and(|island| range.start < island.end)
}

/// What is remembered between events.
#[derive(Default)]
struct Walk {
    builder: Builder,
    /// The first paragraph of a list item is being read.
    item_open: bool,
    /// Lists around the present place.
    lists: usize,
    /// An HTML block being read: its lines may stand in several events.
    block: Option<Range<usize>>,
    /// The element that hides what stands in it.
    hiding: Option<String>,
    /// Passages struck out around the present place.
    struck: usize,
}

impl Walk {
    /// HTML that stands between lines.
    fn island(&mut self, fragment: &str, at: usize) {
        self.builder.end_line();
        html::read_fragment(fragment, at, &mut self.builder);
    }

    fn step(&mut self, event: Event<'_>, range: Range<usize>, text: &str) {
        match event {
            Event::Start(Tag::Strikethrough) => self.strike(true, &range, text),
            Event::End(TagEnd::Strikethrough) => self.strike(false, &range, text),
            Event::Start(tag) => self.start(tag),
            Event::End(TagEnd::HtmlBlock) => {
                if let Some(block) = self.block.take() {
                    let fragment = text.get(block.clone()).unwrap_or_default();
                    self.island(fragment, block.start);
                    self.builder.end_line();
                }
            }
            Event::End(tag) => self.end(tag),
            Event::Text(words) | Event::Code(words) if self.struck > 0 => {
                self.builder.pass_struck(&words);
            }
            Event::Text(words) | Event::Code(words) if self.hiding.is_some() => {
                let mut passage = Passage::default();
                passage.add(&words);
                self.builder.hide(passage);
            }
            Event::Text(words) | Event::Code(words) => {
                // The shown words are a piece of the file; an escape or entity in
                // front of them is not shown.
                let slice = text.get(range.clone()).unwrap_or_default();
                let skip = match slice.starts_with(&*words) {
                    true => 0,
                    false => slice.find(&*words).unwrap_or(0),
                };
                self.words(&words, range.start + skip);
            }
            Event::Html(_) => {
                let start = self.block.take().map_or(range.start, |block| block.start);
                self.block = Some(start..range.end);
            }
            Event::InlineHtml(tag) => self.inline(&tag),
            Event::SoftBreak | Event::HardBreak => self.break_line(),
            Event::Rule => self.builder.set_apart(),
            _ => {}
        }
    }

    /// `~~text~~` no longer holds. One `~` strikes out on some sites only, and
    /// writes ranges of numbers everywhere: it stays.
    fn strike(&mut self, opens: bool, range: &Range<usize>, text: &str) {
        let slice = text.get(range.clone()).unwrap_or_default();
        let double = slice.starts_with("~~");
        match (double, opens) {
            (true, true) => {
                self.struck += 1;
                self.builder.strike();
            }
            (true, false) => self.struck = self.struck.saturating_sub(1),
            (false, true) if self.is_shown() => self.builder.text("~", range.start),
            (false, false) if self.is_shown() => self.builder.text("~", range.end - 1),
            _ => {}
        }
    }

    fn is_shown(&self) -> bool {
        self.struck == 0 && self.hiding.is_none()
    }

    /// Words of a code block, and of a row that was torn, come with line feeds.
    fn words(&mut self, words: &str, at: usize) {
        let mut at = at;
        for line in words.split_inclusive(['\n', torn_rows::BREAK]) {
            let inner = line.trim_end_matches(['\n', '\r', torn_rows::BREAK]);
            self.builder.text(inner, at);
            if inner.len() < line.len() {
                self.builder.end_line();
            }
            at += line.len();
        }
    }

    fn break_line(&mut self) {
        self.builder.end_line();
        if !self.builder.in_table() {
            self.builder.hang(self.lists * 2);
        }
    }

    /// A tag in running text.
    fn inline(&mut self, tag: &str) {
        let name: String = tag
            .trim_start_matches(['<', '/'])
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        let closing = tag.starts_with("</");
        if self.hiding.is_some() {
            if closing && self.hiding.as_deref() == Some(&name) {
                self.hiding = None;
            }
            return;
        }
        match name.as_str() {
            "br" => self.break_line(),
            "p" | "div" | "li" | "tr" => self.break_line(),
            "a" if closing => self.builder.end_link(),
            _ if closing || name.is_empty() => {}
            _ => self.opened(&name, tag),
        }
    }

    fn opened(&mut self, name: &str, tag: &str) {
        if !tree::is_parsable(tag) {
            return;
        }
        let (fragment, _) = tree::fragment(tag);
        let mut elements = fragment.tree.nodes().filter_map(|node| {
            let element = node.value().as_element()?;
            (element.name() == name).then_some(element)
        });
        let Some(element) = elements.next() else {
            return;
        };
        for anchor in ["id", "name"] {
            self.builder
                .anchor(element.attr(anchor).unwrap_or_default());
        }
        let hides =
            element::is_hidden(element) || element::is_struck(element) || element::is_silent(name);
        if hides && element::nests(name.as_bytes()) && !tag.ends_with("/>") {
            self.hiding = Some(name.to_owned());
        } else if name == "a" && element.attr("href").is_some() {
            self.builder
                .begin_link(element.attr("href").unwrap_or_default());
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        let builder = &mut self.builder;
        match tag {
            Tag::Table(_) => builder.begin_table(),
            Tag::TableHead | Tag::TableRow => builder.begin_row(),
            Tag::TableCell => builder.begin_cell(1, 1),
            Tag::Heading { level, id, .. } => {
                builder.end_line();
                builder.set_apart();
                builder.heading(level as u8);
                builder.anchor(id.as_deref().unwrap_or_default());
            }
            Tag::FootnoteDefinition(_) => {
                builder.end_line();
                builder.set_apart();
            }
            Tag::List(_) => self.lists += 1,
            Tag::Item => {
                builder.end_line();
                builder.set_apart();
                builder.mark(LineKind::Item);
                builder.indent(self.lists.saturating_sub(1) * 2);
                self.item_open = true;
            }
            Tag::Paragraph | Tag::CodeBlock(_) | Tag::BlockQuote(_) | Tag::HtmlBlock
                if !self.item_open =>
            {
                builder.end_line();
                builder.set_apart();
                builder.hang(self.lists * 2);
            }
            Tag::Link { dest_url, .. } => builder.begin_link(&dest_url),
            Tag::Strong => builder.begin_strong(),
            Tag::Image { .. } => builder.embed(1),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Table => self.builder.end_table(),
            TagEnd::TableCell => self.builder.end_cell(),
            TagEnd::Link => self.builder.end_link(),
            TagEnd::Strong => self.builder.end_strong(),
            TagEnd::List(_) => self.lists = self.lists.saturating_sub(1),
            TagEnd::Item => {
                self.builder.end_line();
                self.item_open = false;
            }
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock => {
                if matches!(tag, TagEnd::Heading(_)) {
                    let name = anchor_name(self.builder.line());
                    self.builder.anchor(&name);
                }
                self.builder.end_line();
                if matches!(tag, TagEnd::Paragraph) {
                    self.item_open = false;
                }
                self.hiding = None;
            }
            _ => {}
        }
    }
}

/// The name that sites give to a heading: lower case, `-` for blanks, without
/// punctuation.
fn anchor_name(heading: &str) -> String {
    let kept = heading.trim().chars().filter_map(|c| match c {
        c if c.is_alphanumeric() || matches!(c, '-' | '_') => Some(c),
        c if c.is_whitespace() => Some('-'),
        _ => None,
    });
    kept.flat_map(char::to_lowercase).collect()
}

/// `<table>…</table>` anywhere in the file, with the tables inside it: the
/// CommonMark parser would cut one at its first blank line.
fn html_tables(text: &str) -> Vec<Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    let (mut depth, mut start) = (0usize, 0usize);
    for at in memchr::memmem::find_iter(lower.as_bytes(), "table") {
        let before = lower.get(..at).unwrap_or_default();
        if before.ends_with("</") {
            if depth == 1 {
                let rest = lower.get(at..).unwrap_or_default();
                let close = rest
                    .find(['<', '>'])
                    .filter(|end| rest.as_bytes().get(*end) == Some(&b'>'));
                found.push(start..at + close.map_or("table".len(), |close| close + 1));
            }
            depth = depth.saturating_sub(1);
        } else if before.ends_with('<') {
            if depth == 0 {
                start = at - 1;
            }
            depth += 1;
        }
    }
    found
}

/// The offset behind front matter: YAML between `---` or TOML between `+++`.
fn front_matter(text: &str) -> usize {
    let mut lines = text.split_inclusive('\n');
    let fence = lines.next().unwrap_or_default();
    let mark = fence.trim_end();
    if mark != "---" && mark != "+++" {
        return 0;
    }
    let mut end = fence.len();
    for line in lines.take(FRONT_MATTER_LINES) {
        end += line.len();
        if line.trim_end() == mark {
            return end;
        }
    }
    0
}

/// Front matter is no text of the page, but sites show its title above the text
/// and its date beside it.
fn title(front: &str, builder: &mut Builder) {
    let mut at = 0;
    for line in front.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let Some((key, value)) = line.split_once([':', '=']) else {
            continue;
        };
        let key = key.trim().to_ascii_lowercase();
        let quotes = |c: char| c.is_whitespace() || matches!(c, '"' | '\'');
        let shown = value.trim_matches(quotes);
        if shown.is_empty() || line.starts_with(char::is_whitespace) {
            continue;
        }
        if key == "title" {
            let place = line.len() - value.len() + value.find(shown).unwrap_or(0);
            builder.heading(1);
            builder.text(shown, start + place);
            builder.end_line();
        } else if DATE_KEYS.iter().any(|word| key.contains(word)) {
            builder.text(line.trim(), start);
            builder.end_line();
        }
    }
}

/// Block quotes and lists nested without end make CommonMark parsers slow;
/// no policy nests them a hundred deep.
fn is_parsable(text: &str) -> bool {
    text.lines().all(|line| {
        let markers = line
            .bytes()
            .take_while(|b| matches!(b, b'>' | b' ' | b'-' | b'*' | b'+' | b'\t'))
            .filter(|b| matches!(b, b'>' | b'-' | b'*' | b'+'))
            .count();
        markers < 100
            || line
                .bytes()
                .all(|b| matches!(b, b'-' | b'*' | b' ' | b'\r'))
    })
}
