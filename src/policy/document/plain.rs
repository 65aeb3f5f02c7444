//! Plain text: the view is the file, line by line.

use super::builder::Builder;
use super::source::Source;

/// Reads lines; tabs inside a line stay for the layout readers. A form feed
/// ends a page of a PDF that was made text, so it parts lines, and where it
/// stands alone it is not even a blank line.
pub(super) fn read(text: String) -> Source {
    let mut builder = Builder::default();
    let mut offset = 0;
    for line in text.split_inclusive(['\n', '\u{c}']) {
        let body = line.trim_end_matches(['\n', '\r', '\u{c}']);
        let inner = body.trim_start();
        if !(inner.is_empty() && line.ends_with('\u{c}')) {
            let blanks = body.len() - inner.len();
            builder.indent(
                body.get(..blanks)
                    .map_or(0, |blanks| blanks.chars().count()),
            );
            builder.text(inner, offset + blanks);
            builder.end_line();
        }
        offset += line.len();
        if builder.full() {
            break;
        }
    }
    let mut source = builder.finish(text, false);
    source.columns = true;
    source
}

#[cfg(test)]
mod tests {
    use super::super::Block;
    use super::super::shape::{assert_origins, shape, source};

    #[test]
    fn form_feeds_end_pages_and_are_no_words() {
        let source = source(
            "p.txt",
            "甲推送\n\u{c}  乙统计\n丙\u{c}丁\r\n\n戊\n".as_bytes(),
        );
        assert_eq!(shape(&source), ["甲推送", "  乙统计", "丙", "丁", "戊"]);
        assert_origins(&source, "");
        let apart: Vec<bool> = source
            .blocks
            .iter()
            .map(|block| matches!(block, Block::Line { apart: true, .. }))
            .collect();
        assert_eq!(apart, [false, false, false, false, true]);
    }
}
