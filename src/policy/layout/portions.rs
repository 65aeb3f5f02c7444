//! A cell that several SDKs share and that says of each what is its own:
//! `极光:IMEI、MAC;OPPO:OAID`.

use std::ops::Range;

use super::Candidate;
use crate::policy::lexicon::squash_name;
use crate::policy::page::Page;

/// Longest label in front of a portion, in characters.
const MAX_LABEL: usize = 16;

/// Portions looked at in one cell.
const MAX_PORTIONS: usize = 64;

/// One portion: the entry that its label names, and its words.
struct Portion {
    of: Option<usize>,
    range: Range<usize>,
}

/// Gives each of the entries that one name cell listed its own portion of the
/// cells that they share.
pub(super) fn part(page: &Page, entries: &mut [Candidate]) {
    if entries.len() < 2 {
        return;
    }
    let names: Vec<String> = entries
        .iter()
        .map(|one| squash_name(page.get(&one.name)))
        .collect();
    for field in [
        (|one: &mut Candidate| &mut one.data) as fn(&mut Candidate) -> &mut Vec<Range<usize>>,
        |one| &mut one.purpose,
        |one| &mut one.permissions,
        |one| &mut one.url,
    ] {
        let Some(shared) = entries.first_mut().map(|one| field(one).clone()) else {
            return;
        };
        let portions: Vec<Portion> = shared
            .iter()
            .flat_map(|range| portions(page, range, &names))
            .take(MAX_PORTIONS)
            .collect();
        let told = (0..names.len()).filter(|at| portions.iter().any(|one| one.of == Some(*at)));
        if told.count() < 2 {
            continue;
        }
        for (at, one) in entries.iter_mut().enumerate() {
            let own = portions
                .iter()
                .filter(|one| one.of.is_none_or(|of| of == at));
            *field(one) = own.map(|one| one.range.clone()).collect();
        }
    }
}

/// The portions of a cell; what no label parts is one of all.
fn portions(page: &Page, range: &Range<usize>, names: &[String]) -> Vec<Portion> {
    let text = page.get(range);
    let base = text.as_ptr() as usize;
    let mut found: Vec<Portion> = Vec::new();
    for piece in text.split([';', '。', '\n']).take(MAX_PORTIONS) {
        let start = range.start + (piece.as_ptr() as usize - base);
        let labelled = piece.split_once(':').and_then(|(label, words)| {
            let of = named(label, names)?;
            Some((of, start + piece.len() - words.len()))
        });
        match (labelled, found.last_mut()) {
            (Some((of, from)), _) => found.push(Portion {
                of: Some(of),
                range: from..start + piece.len(),
            }),
            (None, Some(last)) => last.range.end = start + piece.len(),
            (None, None) => found.push(Portion {
                of: None,
                range: start..start + piece.len(),
            }),
        }
    }
    found.retain(|one| !page.get(&one.range).trim().is_empty());
    found
}

/// The one entry that a label names.
fn named(label: &str, names: &[String]) -> Option<usize> {
    if label.chars().count() > MAX_LABEL {
        return None;
    }
    let label = squash_name(label);
    let label = label.trim_end_matches("sdk");
    if label.chars().count() < 2 {
        return None;
    }
    let mut of = names
        .iter()
        .enumerate()
        .filter(|(_, name)| name.contains(label) || label.contains(name.as_str()))
        .map(|(at, _)| at);
    let first = of.next()?;
    of.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::document;

    #[test]
    fn each_entry_of_a_cell_has_the_portion_that_names_it() {
        let text = "灰雁推送、蓝鲸推送 灰雁:OAID;MAC地址;蓝鲸:IP地址";
        let page = Page::of(&document::open("p.txt", text.as_bytes()).unwrap().source);
        let place = |words: &str| {
            let at = page.text.find(words).unwrap();
            at..at + words.len()
        };
        let data = place("灰雁:OAID").start..page.text.trim_end().len();
        let one = |name: &str| Candidate {
            name: place(name),
            data: vec![data.clone()],
            ..Candidate::default()
        };
        let mut entries = [one("灰雁推送"), one("蓝鲸推送")];
        part(&page, &mut entries);
        let told = entries.map(|one| page.get(one.data.first().unwrap()).to_owned());
        assert_eq!(told, ["OAID;MAC地址", "IP地址"]);
    }
}
