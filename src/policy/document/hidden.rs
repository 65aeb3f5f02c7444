//! Text that a document holds and does not show.

/// Characters of a passage from which it may be a list that opens by a click.
const LIST: usize = 200;
/// Words of SDKs that make such a passage a list of them.
const WORDS: usize = 2;
/// Characters from the start of a passage that say which one it is.
const START: usize = 24;

/// One passage that is not shown.
#[derive(Debug, Default)]
pub(super) struct Passage {
    /// Characters in it, blanks left out.
    pub characters: usize,
    /// How often it speaks of SDKs or third parties.
    words: usize,
    /// Its first characters.
    pub start: String,
}

impl Passage {
    /// Adds a piece of it.
    pub fn add(&mut self, piece: &str) {
        self.characters += piece.chars().filter(|c| !c.is_whitespace()).count();
        let upper = piece.to_ascii_uppercase();
        self.words += upper.matches("SDK").count() + upper.matches("第三方").count();
        let left = START.saturating_sub(self.start.chars().count());
        if left > 0 {
            for word in piece.split_whitespace().take(left) {
                self.start.extend(word.chars().take(left));
            }
        }
    }

    /// Whether a reader may find a list of SDKs in it.
    pub fn is_list(&self) -> bool {
        self.characters >= LIST && self.words >= WORDS
    }
}
