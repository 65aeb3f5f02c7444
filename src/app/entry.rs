//! One entry of an archive: where it stands in the app, and its bytes.

use std::borrow::Cow;

use crate::formats::zip::{Archive, Entry};
use crate::formats::{Anomaly, Limit};

/// Where in the app an archive stands.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    /// In front of every entry name: empty or ending in `!`.
    pub prefix: String,
    /// How class files of this archive are called: the archive itself.
    pub own_name: String,
    /// Archives around this one.
    pub depth: usize,
}

impl Scope {
    /// The scope of a file of the app; `name` is empty when it is the only one.
    pub fn top(name: &str) -> Self {
        let prefix = if name.is_empty() {
            String::new()
        } else {
            format!("{name}!")
        };
        Self {
            prefix,
            own_name: name.to_owned(),
            depth: 0,
        }
    }

    /// The scope of an archive that is an entry of this one.
    pub fn inside(&self, entry: &Entry) -> Self {
        let place = self.place(entry);
        Self {
            prefix: format!("{place}!"),
            own_name: place,
            depth: self.depth + 1,
        }
    }

    /// The place of an entry.
    pub fn place(&self, entry: &Entry) -> String {
        format!("{}{}", self.prefix, entry.name)
    }
}

/// Decides whether bytes of an archive can be borrowed for the app's lifetime
/// (top-level files) or must be copied (inflated nested packages).
pub(super) type Keep<'k, 's, 'a> = &'k (dyn Fn(&'s [u8]) -> Cow<'a, [u8]> + Sync);

/// A [`Keep`] for bytes that do not live as long as the app.
pub(super) fn copied<'o>(bytes: &[u8]) -> Cow<'o, [u8]> {
    Cow::Owned(bytes.to_vec())
}

/// The outcome of reading one entry.
pub(super) struct Read<'o> {
    pub bytes: Option<Cow<'o, [u8]>>,
    pub anomalies: Vec<Anomaly>,
    pub limit: Option<Limit>,
}

/// Reads an entry, at most `cap` bytes of it.
pub(super) fn read<'s, 'o>(
    archive: &Archive<'s>,
    entry: &Entry,
    place: String,
    cap: usize,
    keep: Keep<'_, 's, 'o>,
) -> Read<'o> {
    let mut buffer = Vec::new();
    match archive.read(entry, &mut buffer, cap) {
        Ok(content) => {
            let anomalies = content
                .anomalies
                .into_iter()
                .map(|a| Anomaly {
                    place: place.clone(),
                    ..a
                })
                .collect();
            let limit = content.truncated.then(|| {
                let message = format!("only its first {} bytes could be read", content.bytes.len());
                Limit::analysis("entry-truncated", message, place)
            });
            let bytes = match archive.borrowed(content.bytes) {
                Some(stored) => keep(stored),
                None => {
                    buffer.shrink_to_fit();
                    Cow::Owned(buffer)
                }
            };
            Read {
                bytes: Some(bytes),
                anomalies,
                limit,
            }
        }
        Err(error) => {
            let limit = Limit::analysis("entry-unreadable", error.to_string(), place);
            Read {
                bytes: None,
                anomalies: Vec::new(),
                limit: Some(limit),
            }
        }
    }
}
