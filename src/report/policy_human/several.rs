//! Several documents of one app: which entries stand in more than one, and
//! where they differ.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::super::text::count;
use super::{INNER, Page};
use crate::policy::lexicon::squash_name;
use crate::policy::model::{PolicyDocument, SdkRecord};

/// One entry in one document.
struct Place<'d> {
    document: usize,
    number: usize,
    record: &'d SdkRecord,
}

impl Page<'_> {
    pub(super) fn shared(&mut self, documents: &[PolicyDocument]) -> io::Result<()> {
        if documents.len() < 2 {
            return Ok(());
        }
        let groups = groups(documents);
        self.heading(&format!(
            "In more than one of these {}: {}",
            count(documents.len(), "document"),
            count(groups.len(), "SDK")
        ))?;
        for places in groups {
            let Some(first) = places.first() else {
                continue;
            };
            let name = match &first.record.id {
                Some(id) => format!("{} ({id})", first.record.as_written),
                None => first.record.as_written.clone(),
            };
            let seen: Vec<String> = places
                .iter()
                .map(|place| format!("[{}] entry {}", place.document + 1, place.number))
                .collect();
            self.wrapped(INNER, None, &format!("{name}: {}", seen.join(", ")))?;
            if let Some(words) = difference(&places) {
                self.warning("       ", "DIFFERS", &words)?;
            }
        }
        for (n, document) in documents.iter().enumerate() {
            self.wrapped(INNER, None, &format!("[{}] {}", n + 1, document.path))?;
        }
        Ok(())
    }
}

/// Entries that stand for one SDK in two documents or more, in the order of
/// their first.
fn groups(documents: &[PolicyDocument]) -> Vec<Vec<Place<'_>>> {
    let mut by_subject: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    for (document, policy) in documents.iter().enumerate() {
        for (at, record) in policy.sdks.iter().enumerate() {
            let subject = match &record.id {
                Some(id) => format!("id {id}"),
                None => format!("name {}", squash_name(&record.as_written)),
            };
            by_subject.entry(subject).or_default().push(Place {
                document,
                number: at + 1,
                record,
            });
        }
    }
    let mut groups: Vec<Vec<Place>> = by_subject
        .into_values()
        .filter(|places| {
            let documents: BTreeSet<usize> = places.iter().map(|place| place.document).collect();
            documents.len() > 1
        })
        .collect();
    groups.sort_by_key(|places| places.first().map(|first| (first.document, first.number)));
    groups
}

/// Data that not every document names, of those that name any.
fn difference(places: &[Place]) -> Option<String> {
    let mut named: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for place in places {
        let types = place.record.data_types.iter().map(String::as_str);
        named.entry(place.document).or_default().extend(types);
    }
    named.retain(|_, types| !types.is_empty());
    let all: BTreeSet<&str> = named.values().flatten().copied().collect();
    let parts: Vec<String> = named
        .iter()
        .filter_map(|(document, types)| {
            let lacks: Vec<&str> = all.difference(types).copied().collect();
            (!lacks.is_empty()).then(|| format!("not in [{}]: {}", document + 1, lacks.join(", ")))
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}
