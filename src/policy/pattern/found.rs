//! Where a pattern stands in a text, whichever machine found it.

use std::ops::Range;

/// A place and its text.
#[derive(Debug, Clone)]
pub(crate) struct Match<'t> {
    start: usize,
    text: &'t str,
}

impl<'t> Match<'t> {
    /// None where the text has no such place.
    pub(super) fn at(text: &'t str, place: Range<usize>) -> Option<Self> {
        let start = place.start;
        text.get(place).map(|text| Self { start, text })
    }

    /// Byte offset of its begin.
    pub(crate) fn start(&self) -> usize {
        self.start
    }

    /// Byte offset behind it.
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Its byte range.
    pub(crate) fn range(&self) -> Range<usize> {
        self.start..self.end()
    }

    /// Its text.
    pub(crate) fn as_str(&self) -> &'t str {
        self.text
    }
}

impl<'t> From<regex::Match<'t>> for Match<'t> {
    fn from(found: regex::Match<'t>) -> Self {
        Self {
            start: found.start(),
            text: found.as_str(),
        }
    }
}

impl<'t> From<regex_lite::Match<'t>> for Match<'t> {
    fn from(found: regex_lite::Match<'t>) -> Self {
        Self {
            start: found.start(),
            text: found.as_str(),
        }
    }
}

/// A place with its groups.
#[derive(Debug)]
pub(crate) enum Captures<'t> {
    Interpreted(regex_lite::Captures<'t>),
    Compiled(regex::Captures<'t>),
}

impl<'t> Captures<'t> {
    /// The byte range of the whole place.
    pub(super) fn range(&self) -> Range<usize> {
        self.get(0).map(|whole| whole.range()).unwrap_or_default()
    }

    /// A group by its number; 0 is the whole place.
    pub(crate) fn get(&self, group: usize) -> Option<Match<'t>> {
        match self {
            Self::Interpreted(groups) => groups.get(group).map(Match::from),
            Self::Compiled(groups) => groups.get(group).map(Match::from),
        }
    }

    /// The groups that took part, in their order, without the whole.
    pub(crate) fn taken(&self) -> impl Iterator<Item = Match<'t>> {
        let groups = match self {
            Self::Interpreted(groups) => groups.len(),
            Self::Compiled(groups) => groups.len(),
        };
        (1..groups).filter_map(|group| self.get(group))
    }

    /// A group by its name.
    pub(crate) fn name(&self, group: &str) -> Option<Match<'t>> {
        match self {
            Self::Interpreted(groups) => groups.name(group).map(Match::from),
            Self::Compiled(groups) => groups.name(group).map(Match::from),
        }
    }
}

impl<'t> From<regex::Captures<'t>> for Captures<'t> {
    fn from(groups: regex::Captures<'t>) -> Self {
        Self::Compiled(groups)
    }
}

impl<'t> From<regex_lite::Captures<'t>> for Captures<'t> {
    fn from(groups: regex_lite::Captures<'t>) -> Self {
        Self::Interpreted(groups)
    }
}
