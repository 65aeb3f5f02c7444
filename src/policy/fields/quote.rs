//! Where words of the normalised text stand in the original.

use std::ops::Range;

use crate::formats::limits::MAX_QUOTE_BYTES;
use crate::policy::document::Source;
use crate::policy::model::Quote;
use crate::policy::page::Page;

/// Words as the document writes them; a line break inside a name is none.
pub(crate) fn written(page: &Page, source: &Source, range: &Range<usize>) -> String {
    let raw = visible(page, source, range);
    let mut words = String::with_capacity(raw.len());
    let mut blank = false;
    for c in raw
        .chars()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}'))
    {
        if c.is_whitespace() {
            blank = true;
            continue;
        }
        let latin = |c: char| c.is_ascii_graphic();
        if blank && (latin(c) || words.ends_with(latin)) && !words.is_empty() {
            words.push(' ');
        }
        blank = false;
        words.push(c);
    }
    words
}

fn visible<'s>(page: &Page, source: &'s Source, range: &Range<usize>) -> &'s str {
    let view = view_range(page, source, range);
    source.view.get(view).unwrap_or_default()
}

/// The range of the visible text, with its last character.
fn view_range(page: &Page, source: &Source, range: &Range<usize>) -> Range<usize> {
    let mut view = page.view_range(range);
    let floor = |mut at: usize| {
        at = at.min(source.view.len());
        while !source.view.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    view.start = floor(view.start);
    let last = floor(view.end);
    let tail = source.view.get(last..).and_then(|rest| rest.chars().next());
    let end = if range.is_empty() {
        view.start
    } else {
        last + tail.map_or(0, char::len_utf8)
    };
    view.start..end.max(view.start)
}

/// The passage in the original.
pub(crate) fn quote(page: &Page, source: &Source, range: &Range<usize>) -> Quote {
    let mut view = view_range(page, source, range);
    if view.len() > MAX_QUOTE_BYTES {
        view.end = view.start + MAX_QUOTE_BYTES;
        while !source.view.is_char_boundary(view.end) {
            view.end -= 1;
        }
    }
    let shown = source.view.get(view.clone()).unwrap_or_default().trim_end();
    let last = shown.char_indices().next_back();
    let (last_at, last_len) = last.map_or((0, 0), |(at, c)| (at, c.len_utf8()));
    let start = source.origin(view.start);
    let mut end = (source.origin(view.start + last_at) + last_len).min(source.text.len());
    while !source.text.is_char_boundary(end) {
        end += 1;
    }
    let raw = source.text.get(start..end.max(start)).unwrap_or_default();
    // Escapes and markup inside, marks of list items between lines: the passage
    // as the file writes it.
    let linked = raw.contains("<http"); // `<https://…>` shows the address alone
    let marked =
        source.escaped && (linked || shown.contains(['*', '_', '`', '|', '\\', '#', '>', '\n']));
    let text = if marked && !raw.contains("</") && raw.len() <= MAX_QUOTE_BYTES * 4 {
        raw.to_owned()
    } else {
        shown.to_owned()
    };
    Quote {
        text,
        start,
        end: end.max(start),
        ..Quote::default()
    }
}
