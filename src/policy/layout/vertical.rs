//! Tables that stand on their side: one entry, two columns, a key and its value
//! in each row, the name in a row of its own or behind its key.

use std::ops::Range;

use super::{Candidate, Parse, apart, is_none_word, prose, score};
use crate::policy::Lexicon;
use crate::policy::page::{Cell, Page};
use crate::policy::roles::{self, Role};

/// Reads a table of keys and values; none when it is another kind of table.
pub(super) fn read(page: &Page, lexicon: &Lexicon, rows: &[Vec<Cell>]) -> Option<Parse> {
    let mut entries: Vec<Candidate> = Vec::new();
    let mut keys = 0usize;
    for row in rows {
        let [key, value] = row.as_slice() else {
            return None;
        };
        let (key, value) = (&key.range, &value.range);
        if key == value || value.is_empty() {
            entries.push(begin(key)); // the name spans both columns
            continue;
        }
        let Some(role) = roles::of(page.get(key)) else {
            continue;
        };
        keys += 1;
        if role == Role::Name {
            entries.push(begin(value));
        } else if let Some(entry) = entries.last_mut() {
            put(page, entry, role, value);
        }
    }
    // A header of two columns has two keys in its first row and none below.
    let headed = rows.first().is_some_and(|row| {
        row.iter()
            .all(|cell| roles::of(page.get(&cell.range)).is_some())
    });
    if headed && keys < 3 || keys * 2 < rows.len() {
        return None;
    }
    entries.retain(|entry| {
        let name = page.get(&entry.name);
        let told = !entry.data.is_empty() || !entry.purpose.is_empty();
        told && (2..=60).contains(&name.chars().count()) && !prose::is_generic(name)
    });
    let covered = entries.first()?.whole.start..entries.last()?.whole.end;
    let entries: Vec<Candidate> = entries
        .into_iter()
        .flat_map(|one| apart::apart(page, lexicon, one, true))
        .collect();
    let score = score(page, &entries) * 1.5;
    Some(Parse {
        candidates: entries,
        covered,
        score,
    })
}

fn begin(name: &Range<usize>) -> Candidate {
    Candidate {
        name: name.clone(),
        whole: name.clone(),
        ..Candidate::default()
    }
}

fn put(page: &Page, entry: &mut Candidate, role: Role, value: &Range<usize>) {
    entry.whole.end = entry.whole.end.max(value.end);
    let value = value.clone();
    match role {
        Role::Vendor | Role::Party if entry.vendor.is_none() => {
            entry.vendor = Some(value).filter(|value| !is_none_word(page.get(value)));
        }
        Role::Purpose => entry.purpose.push(value),
        Role::Data => entry.data.push(value),
        Role::Permission => entry.permissions.push(value),
        Role::Url => entry.url.insert(0, value),
        Role::Site => entry.url.push(value),
        Role::Platform => entry.platform.push(value),
        Role::Package => entry.context.push(value),
        _ => {}
    }
}
