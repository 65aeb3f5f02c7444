//! What was odd in the input and what could not be seen.

use serde::Serialize;

/// Something in the input that a well-behaved build tool never writes, and
/// that was repaired or read around.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Anomaly {
    /// Stable kebab-case code, such as `zip-encryption-flag`.
    pub code: &'static str,
    /// What was wrong and how it was read.
    pub message: String,
    /// Entry name, nested place (`assets/x.jar!classes.dex`) or offset.
    #[serde(rename = "where")]
    pub place: String,
}

impl Anomaly {
    /// An anomaly with its place.
    pub fn new(code: &'static str, message: impl Into<String>, place: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            place: place.into(),
        }
    }

    /// The same anomaly seen from outside: its place gets `outer!` in front.
    #[must_use]
    pub fn within(mut self, outer: &str) -> Self {
        self.place = if self.place.is_empty() {
            outer.to_owned()
        } else {
            format!("{outer}!{}", self.place)
        };
        self
    }
}

/// Whether a limit changes the verdict (contract, "Limits").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LimitScope {
    /// Code was not seen: the analysis is partial, never "clean" (exit 3).
    Analysis,
    /// A detail is unknown; words like "none" are forbidden for what it touches.
    Detail,
}

/// Something that was not looked at, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Limit {
    /// Stable kebab-case code, such as `packed-code`.
    pub code: &'static str,
    /// Whether it makes the analysis partial.
    pub scope: LimitScope,
    /// What was not seen, and why.
    pub message: String,
    /// Entry name, nested place or offset.
    #[serde(rename = "where")]
    pub place: String,
}

impl Limit {
    /// A limit that makes the analysis partial.
    pub fn analysis(
        code: &'static str,
        message: impl Into<String>,
        place: impl Into<String>,
    ) -> Self {
        Self {
            code,
            scope: LimitScope::Analysis,
            message: message.into(),
            place: place.into(),
        }
    }

    /// A limit that leaves the exit code alone.
    pub fn detail(
        code: &'static str,
        message: impl Into<String>,
        place: impl Into<String>,
    ) -> Self {
        Self {
            code,
            scope: LimitScope::Detail,
            message: message.into(),
            place: place.into(),
        }
    }
}

/// Collects anomalies while decoding: the first of each code is kept with its
/// place, the others are counted, so that a file with one flaw repeated in
/// every element yields one line. Codes stay in order of first appearance.
#[derive(Debug, Default)]
pub struct AnomalyLog {
    entries: Vec<(Anomaly, usize)>,
}

impl AnomalyLog {
    /// An empty log.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes an anomaly. `message` and `place` are only formatted when the
    /// code is new.
    pub fn note(
        &mut self,
        code: &'static str,
        place: impl std::fmt::Display,
        message: impl std::fmt::Display,
    ) {
        match self.entries.iter_mut().find(|(seen, _)| seen.code == code) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => self.entries.push((
                Anomaly::new(code, message.to_string(), place.to_string()),
                1,
            )),
        }
    }

    /// Notes an anomaly at a byte offset.
    pub fn note_at(&mut self, code: &'static str, offset: usize, message: impl std::fmt::Display) {
        self.note(code, format_args!("offset {offset:#x}"), message);
    }

    /// Whether an anomaly of this code was noted.
    pub fn has(&self, code: &str) -> bool {
        self.entries.iter().any(|(seen, _)| seen.code == code)
    }

    /// The anomalies, one per code, each saying how many more there were.
    pub fn finish(self) -> Vec<Anomaly> {
        self.entries
            .into_iter()
            .map(|(mut anomaly, count)| {
                if count > 1 {
                    anomaly.message = format!("{} (and {} more)", anomaly.message, count - 1);
                }
                anomaly
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_anomalies_are_counted_and_the_first_place_is_kept() {
        let mut log = AnomalyLog::new();
        log.note_at("b", 16, "first");
        log.note_at("a", 1, "other");
        log.note_at("b", 32, "second");
        let anomalies = log.finish();
        assert_eq!(anomalies[0].message, "first (and 1 more)");
        assert_eq!(anomalies[0].place, "offset 0x10");
        assert_eq!(anomalies[1].code, "a");
    }
}
