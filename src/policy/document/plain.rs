//! Plain text: the view is the file, line by line.

use super::builder::Builder;
use super::source::Source;

/// Reads lines; tabs inside a line stay for the layout readers.
pub(super) fn read(text: String) -> Source {
    let mut builder = Builder::default();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let body = line.trim_end_matches(['\n', '\r']);
        let inner = body.trim_start();
        builder.indent(body.chars().count() - inner.chars().count());
        builder.text(inner, offset + (body.len() - inner.len()));
        builder.end_line();
        offset += line.len();
        if builder.full() {
            break;
        }
    }
    let mut source = builder.finish(text, false);
    source.columns = true;
    source
}
