//! Pieces of text → lines: what stands on one baseline is one line, in the
//! order of its places, whatever the order it was drawn in.

use super::content::Piece;

/// A part of a line, parted from the next by a gap.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    pub x: f32,
    pub end: f32,
    pub text: String,
    /// What stands for the gap in front of it.
    pub gap: Gap,
}

/// What a gap means where no table says that it parts cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    None,
    Blank,
    Tab,
}

/// One line.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub y: f32,
    pub size: f32,
    pub segments: Vec<Segment>,
}

impl Line {
    /// The text with tabs for wide gaps.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for segment in &self.segments {
            match segment.gap {
                Gap::None => {}
                Gap::Blank => text.push(' '),
                Gap::Tab => text.push('\t'),
            }
            text.push_str(&segment.text);
        }
        text
    }
}

/// Of the font size: gaps that part columns in any case, those that may, and
/// those that part words.
const COLUMN_GAP: f32 = 2.0;
const SEGMENT_GAP: f32 = 0.45;
const WORD_GAP: f32 = 0.2;
/// Of the font size: how far baselines of one line may differ.
const BASELINE: f32 = 0.5;
/// Of its own width: a copy this near is drawn to look bold.
const BOLD_SHIFT: f32 = 0.3;

/// Lines from the top of the page to its bottom.
pub(super) fn lines(mut pieces: Vec<Piece>) -> Vec<Line> {
    pieces.sort_by(|a, b| b.y.total_cmp(&a.y));
    let mut lines = Vec::new();
    let mut row: Vec<Piece> = Vec::new();
    for piece in pieces {
        let near = row
            .first()
            .is_some_and(|first| first.y - piece.y <= BASELINE * first.size.min(piece.size));
        if !near {
            lines.extend(line(std::mem::take(&mut row)));
        }
        row.push(piece);
    }
    lines.extend(line(row));
    lines
}

fn line(mut row: Vec<Piece>) -> Option<Line> {
    row.sort_by(|a, b| a.x.total_cmp(&b.x));
    let y = row.first()?.y;
    let size = row.iter().map(|piece| piece.size).fold(0.0, f32::max);
    let mut segments: Vec<Segment> = Vec::new();
    let mut blank = false;
    let mut last: Option<(f32, String)> = None;
    for piece in row {
        let text = piece.text.trim();
        if text.is_empty() {
            blank = true;
            continue;
        }
        let copied = last.as_ref().is_some_and(|(x, before)| {
            piece.x - x < BOLD_SHIFT * (piece.end - piece.x) && before == text
        });
        if copied {
            continue;
        }
        last = Some((piece.x, text.to_owned()));
        let (x, end) = trimmed(&piece);
        blank |= piece.text.starts_with(char::is_whitespace);
        let before = segments.last().map_or(x, |open| open.end);
        let gap = match segments.last() {
            None => Gap::None,
            Some(_) if x - before > COLUMN_GAP * size => Gap::Tab,
            Some(open) if blank || is_word_gap(open, text, x - before, size) => Gap::Blank,
            Some(_) => Gap::None,
        };
        match segments.last_mut() {
            Some(open) if x - open.end <= SEGMENT_GAP * size => {
                if gap == Gap::Blank {
                    open.text.push(' ');
                }
                open.text.push_str(text);
                open.end = end.max(open.end);
            }
            _ => segments.push(Segment {
                x,
                end,
                text: text.to_owned(),
                gap,
            }),
        }
        blank = piece.text.ends_with(char::is_whitespace);
    }
    (!segments.is_empty()).then_some(Line { y, size, segments })
}

/// Chinese characters need no blank between them, wherever they stand.
fn is_word_gap(open: &Segment, text: &str, gap: f32, size: f32) -> bool {
    let latin = open.text.chars().next_back().is_some_and(|c| c.is_ascii());
    gap > WORD_GAP * size && latin && text.starts_with(|c: char| c.is_ascii())
}

/// The place of a piece without the blanks at its ends.
fn trimmed(piece: &Piece) -> (f32, f32) {
    let all = piece.text.chars().count().max(1) as f32;
    let front = piece.text.chars().take_while(|c| c.is_whitespace()).count() as f32;
    let back = piece
        .text
        .chars()
        .rev()
        .take_while(|c| c.is_whitespace())
        .count() as f32;
    // Blanks are narrower than the rest.
    let blank = ((piece.end - piece.x) / all).min(piece.size * 0.3);
    (piece.x + front * blank, piece.end - back * blank)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(x: f32, y: f32, text: &str) -> Piece {
        let end = x + 10.0 * text.chars().count() as f32;
        Piece {
            x,
            end,
            y,
            size: 10.0,
            text: text.to_owned(),
        }
    }

    #[test]
    fn pieces_on_one_baseline_are_one_line() {
        let found = lines(vec![
            piece(130.0, 700.0, "信息"),
            piece(50.0, 680.0, "下一行"),
            piece(70.0, 701.0, "SDK"),
            piece(50.0, 700.0, "第三"),
            piece(50.5, 700.0, "第三"),
            piece(200.0, 700.0, "ab "),
            piece(234.0, 700.0, "cd"),
            piece(264.0, 700.0, "tt"),
            piece(288.0, 700.0, "tt"),
        ]);
        let texts: Vec<String> = found.iter().map(Line::text).collect();
        assert_eq!(texts, ["第三SDK\t信息\tab cd tt tt", "下一行"]);
        assert_eq!(found[0].segments.len(), 5);
    }
}
