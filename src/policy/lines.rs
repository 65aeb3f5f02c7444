//! Line numbers of byte offsets: a lawyer looks a line up, not a byte.

use super::model::{PolicyDocument, Quote};

/// Bytes between two counted places.
const STEP: usize = 4096;

/// Counts lines of a text without keeping each of them.
pub(crate) struct Lines<'t> {
    text: &'t [u8],
    /// Line breaks before each multiple of [`STEP`].
    before: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub fn of(text: &'t str) -> Self {
        let text = text.as_bytes();
        let mut breaks = 0;
        let counted = text.chunks(STEP).map(|chunk| {
            let here = breaks;
            breaks += count(chunk);
            here
        });
        let before = counted.collect();
        Self { text, before }
    }

    /// The line, from 1, that holds the byte at `offset`.
    pub fn at(&self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        let step = (offset / STEP).min(self.before.len().saturating_sub(1));
        let before = self.before.get(step).copied().unwrap_or(0);
        let rest = self.text.get(step * STEP..offset).unwrap_or_default();
        before + count(rest) + 1
    }

    fn mark(&self, quote: &mut Quote) {
        if !quote.text.is_empty() {
            quote.line = self.at(quote.start);
        }
    }
}

fn count(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

/// Gives every quote of a document its line.
pub(crate) fn number(document: &mut PolicyDocument, lines: &Lines<'_>) {
    for record in &mut document.sdks {
        lines.mark(&mut record.quote);
        record.also.iter_mut().for_each(|quote| lines.mark(quote));
    }
    for declaration in &mut document.first_party.declared {
        lines.mark(&mut declaration.quote);
    }
    for denial in &mut document.denials {
        denial.line = lines.at(denial.start);
    }
    for check in &mut document.checks {
        check.quote.iter_mut().for_each(|quote| lines.mark(quote));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offset_has_the_line_that_an_editor_shows() {
        let text = "a\nbc\n\nd".repeat(3000);
        let lines = Lines::of(&text);
        for offset in [
            0,
            1,
            2,
            4095,
            4096,
            4097,
            12_345,
            text.len() - 1,
            text.len(),
        ] {
            let expected = text[..offset].matches('\n').count() + 1;
            assert_eq!(lines.at(offset), expected, "{offset}");
        }
        assert_eq!(lines.at(usize::MAX), text.matches('\n').count() + 1);
        assert_eq!(Lines::of("").at(7), 1);
    }
}
