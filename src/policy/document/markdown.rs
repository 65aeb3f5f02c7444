//! Markdown with HTML inside, by the events of a CommonMark parser, which knows
//! the offsets.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::builder::Builder;
use super::source::{LineKind, Source};
use super::{html, plain};

/// Reads a whole document.
pub(super) fn read(text: String) -> Source {
    if !is_parsable(&text) {
        return plain::read(text);
    }
    let mut builder = Builder::default();
    let body = front_matter(&text);
    let islands = html_tables(&text);
    let mut next_island = 0;
    let mut silent_until = 0;
    let mut item_open = false;
    let parser = Parser::new_ext(text.get(body..).unwrap_or_default(), Options::ENABLE_TABLES);
    for (event, range) in parser.into_offset_iter() {
        let range = body + range.start..body + range.end;
        if builder.full() {
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
                builder.end_line();
                let fragment = text.get(island.clone()).unwrap_or_default();
                html::read_fragment(fragment, island.start, &mut builder);
                silent_until = island.end;
            }
        }
        if range.start < silent_until && range.start >= body && inside(&islands, &range) {
            continue;
        }
        step(event, range, &text, &mut builder, &mut item_open);
    }
    builder.finish(text, true)
}

fn inside(islands: &[Range<usize>], range: &Range<usize>) -> bool {
    let at = islands.partition_point(|island| island.start <= range.start);
    at.checked_sub(1)
        .and_then(|at| islands.get(at))
        .is_some_and(|island| range.start < island.end)
}

fn step(
    event: Event<'_>,
    range: Range<usize>,
    text: &str,
    builder: &mut Builder,
    item_open: &mut bool,
) {
    match event {
        Event::Start(tag) => start(tag, builder, item_open),
        Event::End(tag) => end(tag, builder, item_open),
        Event::Text(words) => {
            // The shown words are a piece of the file; an escape or entity in
            // front of them is not shown.
            let slice = text.get(range.clone()).unwrap_or_default();
            let skip = slice.find(&*words).unwrap_or(0);
            builder.text(&words, range.start + skip);
        }
        Event::Code(words) => {
            let slice = text.get(range.clone()).unwrap_or_default();
            builder.text(&words, range.start + slice.find(&*words).unwrap_or(0));
        }
        Event::Html(words) | Event::InlineHtml(words) => {
            html::read_fragment(&words, range.start, builder);
            if words.trim_start().to_ascii_lowercase().starts_with("<br") {
                builder.end_line();
            }
        }
        Event::SoftBreak | Event::HardBreak => {
            builder.end_line();
            if *item_open && !builder.in_table() {
                builder.indent(2);
            }
        }
        Event::Rule => builder.set_apart(),
        _ => {}
    }
}

fn start(tag: Tag<'_>, builder: &mut Builder, item_open: &mut bool) {
    match tag {
        Tag::Table(_) => {
            builder.begin_table();
        }
        Tag::TableHead | Tag::TableRow => builder.begin_row(),
        Tag::TableCell => builder.begin_cell(1, 1),
        Tag::Heading { level, .. } => {
            builder.end_line();
            builder.set_apart();
            builder.heading(level as u8);
        }
        Tag::Item => {
            builder.end_line();
            builder.set_apart();
            builder.mark(LineKind::Item);
            *item_open = true;
        }
        Tag::Paragraph | Tag::CodeBlock(_) | Tag::BlockQuote(_) if !*item_open => {
            builder.end_line();
            builder.set_apart();
        }
        Tag::Link { dest_url, .. } => builder.begin_link(&dest_url),
        _ => {}
    }
}

fn end(tag: TagEnd, builder: &mut Builder, item_open: &mut bool) {
    match tag {
        TagEnd::Table => builder.end_table(),
        TagEnd::TableCell => builder.end_cell(),
        TagEnd::Link => builder.end_link(),
        TagEnd::Item => {
            builder.end_line();
            *item_open = false;
        }
        TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock => {
            builder.end_line();
            if matches!(tag, TagEnd::Paragraph) {
                *item_open = false;
            }
        }
        _ => {}
    }
}

/// `<table>…</table>` anywhere in the file: the CommonMark parser would cut one
/// at its first blank line.
fn html_tables(text: &str) -> Vec<Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = lower.get(at..).and_then(|rest| rest.find("<table")) {
        let start = at + start;
        let Some(length) = lower.get(start..).and_then(|rest| rest.find("</table>")) else {
            break;
        };
        let end = start + length + "</table>".len();
        found.push(start..end);
        at = end;
    }
    found
}

/// The offset behind YAML front matter.
fn front_matter(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("---\n") else {
        return 0;
    };
    match rest
        .get(..4096.min(rest.len()))
        .map(|head| head.find("\n---\n"))
    {
        Some(Some(end)) => 4 + end + 5,
        _ => 0,
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
