//! The tree of a page, built within bounds: a short page can ask for a huge tree,
//! as each block repeats the formatting that was left open before it.

use html5ever::driver;
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{QualName, local_name, ns};
use scraper::{Html, HtmlTreeSink};

use crate::formats::limits::{MAX_HTML_ATTRIBUTES, MAX_HTML_DEPTH, MAX_HTML_NODES};

use super::element;

/// Parses a whole page; also returns how much of it the tree holds.
pub(super) fn document(text: &str) -> (Html, &str) {
    let sink = HtmlTreeSink::new(Html::new_document());
    grow(driver::parse_document(sink, Default::default()), text)
}

/// Parses a part of a page.
pub(super) fn fragment(text: &str) -> (Html, &str) {
    let sink = HtmlTreeSink::new(Html::new_fragment());
    let body = QualName::new(None, ns!(html), local_name!("body"));
    let parser = driver::parse_fragment(sink, Default::default(), body, Vec::new(), false);
    grow(parser, text)
}

/// Feeds the parser tag by tag until the tree is too large.
fn grow(mut parser: driver::Parser<HtmlTreeSink>, text: &str) -> (Html, &str) {
    let mut start = 0;
    let tags = memchr::memchr_iter(b'<', text.as_bytes()).skip_while(|at| *at == 0);
    for end in tags.chain(std::iter::once(text.len())) {
        let piece = text.get(start..end).unwrap_or_default();
        parser.process(StrTendril::from(piece));
        start = end;
        let nodes = parser.tokenizer.sink.sink.0.borrow().tree.values().len();
        if nodes > MAX_HTML_NODES {
            break;
        }
    }
    (parser.finish(), text.get(..start).unwrap_or(text))
}

/// Whether the parser takes a page in time: it looks at all open elements and
/// at all attributes of a tag again and again.
pub(super) fn is_parsable(text: &str) -> bool {
    depth(text) <= MAX_HTML_DEPTH && !has_crowded_tag(text)
}

/// How deep elements nest at most, counted by tags; elements that the parser
/// closes by itself do not count.
fn depth(text: &str) -> usize {
    let (mut open, mut deepest) = (0usize, 0usize);
    let bytes = text.as_bytes();
    for at in memchr::memchr_iter(b'<', bytes) {
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
        if name.is_empty() || !element::nests(&name) {
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

/// Whether a tag may have more attributes than are read: what parts them is
/// counted outside of quotes.
fn has_crowded_tag(text: &str) -> bool {
    let (mut inside, mut parts, mut quote, mut before) = (false, 0, None, b' ');
    for byte in text.bytes() {
        if !inside {
            inside = before == b'<' && (byte.is_ascii_alphabetic() || byte == b'/');
            (parts, quote) = (0, None);
        } else if let Some(open) = quote {
            if byte == open {
                quote = None;
                parts += 1;
            }
        } else {
            match byte {
                b'>' => inside = false,
                b'"' | b'\'' if before == b'=' => quote = Some(byte),
                b'/' => parts += 1,
                blank if blank.is_ascii_whitespace() && !before.is_ascii_whitespace() => parts += 1,
                _ => {}
            }
            if parts > 2 * MAX_HTML_ATTRIBUTES {
                return true;
            }
        }
        let blank_behind = byte.is_ascii_whitespace() && before == b'=';
        before = if blank_behind { b'=' } else { byte };
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formatting_that_each_block_repeats_is_bounded() {
        let open: String = (0..900).map(|n| format!("<b a{n}>")).collect();
        let page = format!("<p>{open}</p>{}", "<p>x</p>".repeat(20_000));
        assert!(is_parsable(&page));
        let (tree, parsed) = document(&page);
        assert!(tree.tree.values().len() < 2 * MAX_HTML_NODES);
        assert!(parsed.len() < page.len() && page.starts_with(parsed));
        let whole = "甲<p>乙<b>丙</p>丁&lt";
        assert_eq!(document(whole).1, whole);
        assert_eq!(fragment(whole).0.html(), Html::parse_fragment(whole).html());
    }

    #[test]
    fn a_tag_of_many_attributes_is_not_parsed() {
        let many = |part: &str| format!("<p>x<a {}>x</a>", part.repeat(3 * MAX_HTML_ATTRIBUTES));
        for part in ["a ", "a/", "a=\"b\"c=''", "a= 'b>' "] {
            assert!(!is_parsable(&many(part)), "{part}");
        }
        let data = format!(
            "<img src=\"data:image/png;base64,{}\">",
            "a/ ".repeat(10_000)
        );
        assert!(is_parsable(&data));
        assert!(is_parsable(
            &"<p class='a b' id=c>1 < 2, a / b </p>".repeat(1_000)
        ));
    }
}
