//! Text that a document holds and does not show.

use memchr::memmem;

use crate::policy::tongue::is_ideograph;

/// Characters of a passage from which it may be a list that opens by a click.
const LIST: usize = 200;
/// Words of SDKs that make such a passage a list of them.
const WORDS: usize = 2;
/// Rows from which a passage is a table, which one such word makes a list.
const ROWS: usize = 2;
/// Characters from the start of a passage that say which one it is.
const START: usize = 24;
/// Words of SDKs in the data of a script that make it a list of them.
const DATA_WORDS: usize = 3;
/// Bytes of a passage that are kept to be searched for names.
const KEPT: usize = 64 * 1024;

/// One passage that is not shown.
#[derive(Debug, Default, Clone)]
pub(crate) struct Passage {
    /// Characters in it, blanks left out.
    pub characters: usize,
    /// How often it speaks of SDKs or third parties.
    words: usize,
    /// Rows of tables in it.
    rows: usize,
    /// Its first characters.
    pub start: String,
    /// Its words, as far as they are kept.
    pub text: String,
}

impl Passage {
    /// Adds a piece of it.
    pub fn add(&mut self, piece: &str) {
        self.characters += piece.chars().filter(|c| !c.is_whitespace()).count();
        let upper = piece.to_ascii_uppercase();
        let words = ["SDK", "第三方", "合作方", "THIRD PARTY", "THIRD-PARTY"];
        self.words += words
            .iter()
            .map(|word| upper.matches(word).count())
            .sum::<usize>();
        let left = START.saturating_sub(self.start.chars().count());
        if left > 0 {
            for word in piece.split_whitespace().take(left) {
                self.start.extend(word.chars().take(left));
            }
        }
        if self.text.len() + piece.len() < KEPT {
            self.text.push_str(piece.trim());
            self.text.push('\n');
        }
    }

    /// Counts a row of a table.
    pub fn add_row(&mut self) {
        self.rows += 1;
    }

    /// Takes up the passage that follows this one with nothing shown between.
    pub fn join(&mut self, next: Passage) {
        self.characters += next.characters;
        self.words += next.words;
        self.rows += next.rows;
        if self.start.is_empty() {
            self.start = next.start;
        }
        if self.text.len() + next.text.len() < KEPT {
            self.text.push_str(&next.text);
        }
    }

    /// Whether a reader may find a list of SDKs in it.
    pub fn is_list(&self) -> bool {
        self.characters >= LIST && self.words >= WORDS || self.rows >= ROWS && self.words > 0
    }

    /// Whether it is one if it names some.
    pub fn is_list_of_names(&self) -> bool {
        self.rows >= ROWS || self.words > 0
    }
}

/// Whether the text of a script or a template speaks of SDKs as a list of them
/// does: in Chinese, again and again. Scripts themselves have names in Latin
/// letters, so `SDK` counts where a Chinese character or its escape is next to it.
pub(super) fn is_list_in_data(text: &str) -> bool {
    let bytes = text.as_bytes();
    let told = memmem::find_iter(bytes, b"SDK").filter(|at| {
        let before = text.get(..*at).and_then(|head| head.chars().next_back());
        let behind = text.get(at + 3..).unwrap_or_default();
        let wide = |c: Option<char>| c.is_some_and(is_ideograph);
        wide(before) || wide(behind.chars().next()) || behind.starts_with("\\u")
    });
    told.take(DATA_WORDS).count() == DATA_WORDS
}
