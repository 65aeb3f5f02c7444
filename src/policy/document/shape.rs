//! What a reader saw, as text that a test can compare.

use super::{Block, LineKind, Source, open};

/// Reads a document as the command does.
pub(super) fn source(path: &str, bytes: &[u8]) -> Source {
    open(path, bytes).unwrap().source
}

/// Lines as `text`, `# heading`, `- item` behind their indentation; rows of
/// tables as `|a|b|`, with `^` for what a span repeats.
pub(super) fn shape(source: &Source) -> Vec<String> {
    let mut lines = Vec::new();
    let text = |range: &std::ops::Range<usize>| {
        let text = source.view[range.clone()].replace('\u{200b}', "");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    for block in &source.blocks {
        match block {
            Block::Line {
                range,
                kind,
                indent,
                ..
            } => {
                let mark = match kind {
                    LineKind::Text => "",
                    LineKind::Heading => "# ",
                    LineKind::Item => "- ",
                };
                lines.push(format!("{}{mark}{}", " ".repeat(*indent), text(range)));
            }
            Block::Table(rows) => lines.extend(rows.iter().map(|row| {
                let cells = row.iter().map(|cell| {
                    let mark = if cell.repeated { "^" } else { "" };
                    format!("{mark}{}", text(&cell.range))
                });
                format!("|{}|", cells.collect::<Vec<_>>().join("|"))
            })),
        }
    }
    lines
}

/// Asserts that each visible character leads back to itself in the file;
/// `entities` are the characters that the file writes otherwise.
pub(super) fn assert_origins(source: &Source, entities: &str) {
    for (at, c) in source.view.char_indices() {
        if c.is_whitespace() || entities.contains(c) {
            continue;
        }
        let origin = source.origin(at);
        assert!(
            source.text[origin..].starts_with(c),
            "{c} of {:?} leads to {:?}",
            &source.view[at..].chars().take(12).collect::<String>(),
            &source.text[origin..].chars().take(12).collect::<String>()
        );
    }
}
