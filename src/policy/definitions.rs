//! What the terms of a list stand for: blocks `term: meaning`, tables of terms,
//! footnotes, and the glossary of the document.
//!
//! A definition expands the entries of the list that it belongs to. That of a
//! nearer block wins, the glossary is the farthest. What the app defines for
//! its own collecting expands no entry.

mod stated;

use std::collections::HashMap;
use std::ops::Range;

use crate::policy::pattern::Pattern;

use super::layout::{Candidate, Findings};
use super::lexicon::squash_name;
use super::page::Page;
use stated::Stated;

/// How far from a list its definitions may stand, in bytes.
const REACH: usize = 4_000;

/// Terms read from a glossary.
const MAX_GLOSSARY: usize = 64;

/// Definitions that one list may have; real ones have a dozen.
const MAX_NEAR: usize = 64;

/// A term and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Definition {
    pub term: Range<usize>,
    pub meaning: Range<usize>,
}

/// Gives each entry the definitions of the terms that it uses; says whether all
/// of them were read.
pub(crate) fn attach(page: &Page, findings: &mut Findings) -> bool {
    let covered = &findings.covered;
    let (stated, glossary) = rayon::join(|| stated::read(page, covered), || glossary(page));
    let terms = glossary.chinese.len() + glossary.english.len();
    let whole = stated.len() < stated::MAX_DEFINITIONS && terms < MAX_GLOSSARY;
    if stated.is_empty() && terms == 0 {
        return whole;
    }
    let mut start = 0;
    let mut before = 0;
    while start < findings.candidates.len() {
        let end = list_end(&findings.candidates, start);
        let list = findings.candidates.get_mut(start..end).unwrap_or_default();
        let near = near(page, &stated, list, before);
        before = list.last().map_or(before, |one| one.whole.end);
        let marked = marked(page, &near, list);
        for candidate in list {
            expand(page, candidate, &near, &marked, &glossary);
        }
        start = end;
    }
    whole
}

/// The definitions that belong to a list, the nearest first.
fn near<'s>(
    page: &Page,
    stated: &'s [Stated],
    list: &[Candidate],
    before: usize,
) -> Vec<&'s Stated> {
    let first = list.first().map_or(0, |one| one.whole.start);
    let last = list.iter().map(|one| one.whole.end).max().unwrap_or(first);
    let mut near: Vec<(usize, &Stated)> = stated
        .iter()
        .filter_map(|one| {
            let place = &one.definition.meaning;
            let distance = if one.at >= last {
                one.at - last
            } else if place.end <= first && place.start >= before && !one.footnote {
                let between = place.end..first;
                if stated::heading_between(page, &between) {
                    return None;
                }
                first - place.end
            } else if one.at >= first && one.inside {
                0
            } else {
                return None;
            };
            (distance < REACH).then_some((distance, one))
        })
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    near.truncate(MAX_NEAR);
    near.into_iter().map(|(_, one)| one).collect()
}

/// Which footnote marks the entries of a list carry.
fn marked<'s>(page: &Page, near: &[&'s Stated], list: &[Candidate]) -> HashMap<&'s str, bool> {
    let mut marked = HashMap::new();
    for one in near {
        let Some(mark) = one.mark.as_deref() else {
            continue;
        };
        marked.entry(mark).or_insert_with(|| {
            let cells = list.iter().flat_map(|one| &one.data);
            cells
                .into_iter()
                .any(|cell| carrier(page, cell, mark).is_some())
        });
    }
    marked
}

fn expand(
    page: &Page,
    candidate: &mut Candidate,
    near: &[&Stated],
    marked: &HashMap<&str, bool>,
    glossary: &Glossary,
) {
    let data: String = candidate.data.iter().map(|data| page.get(data)).collect();
    let data = squash_name(&data);
    let mut used: Vec<&str> = Vec::new();
    for one in near {
        let mark = one.mark.as_deref();
        if let Some(mark) = mark.filter(|mark| marked.get(mark) == Some(&true)) {
            let carriers = candidate.data.iter();
            let carrier = carriers.filter_map(|cell| carrier(page, cell, mark)).next();
            if let Some(term) = carrier {
                used.push(&one.term);
                candidate.definitions.push(Definition {
                    term,
                    meaning: one.definition.meaning.clone(),
                });
            }
        } else if !one.term.is_empty()
            && data.contains(&one.term)
            && !used.contains(&one.term.as_str())
        {
            used.push(&one.term);
            candidate.definitions.push(one.definition.clone());
        }
    }
    for (term, definition) in &glossary.chinese {
        if data.contains(term) && !used.contains(&term.as_str()) {
            candidate.definitions.push(definition.clone());
        }
    }
    for definition in &glossary.english {
        let term = page.get(&definition.term);
        let cells = candidate.data.iter().chain(&candidate.shared);
        let uses = cells.into_iter().any(|cell| has_word(page.get(cell), term));
        if uses && !used.contains(&squash_name(term).as_str()) {
            candidate.definitions.push(definition.clone());
        }
    }
}

/// Whether a defined term stands in a text as it was defined, capitals too.
fn has_word(text: &str, term: &str) -> bool {
    text.match_indices(term).take(MAX_NEAR).any(|(at, _)| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let before = text.get(..at).and_then(|head| head.chars().next_back());
        let after = text
            .get(at + term.len()..)
            .and_then(|rest| rest.chars().next());
        !letter(before) && !letter(after)
    })
}

/// The words of a cell that carry a footnote mark.
fn carrier(page: &Page, cell: &Range<usize>, mark: &str) -> Option<Range<usize>> {
    let text = page.get(cell);
    for (at, _) in text.match_indices(mark).take(MAX_NEAR) {
        let head = text.get(..at)?;
        let rest = text.get(at + mark.len()..)?;
        let sign = head.trim_end_matches(['[', '(', '注', ' ']);
        let bracketed = sign.len() < head.trim_end().len();
        let glued = sign.ends_with(|c: char| c.is_alphabetic() || matches!(c, ')' | '"' | '”'));
        let number = mark.starts_with(|c: char| c.is_ascii_digit());
        let latin = sign.ends_with(|c: char| c.is_ascii());
        let part = rest.starts_with(|c: char| c.is_alphanumeric() || c == '.');
        // `H5`, `Android 10` carry no mark.
        if !glued || number && !bracketed && (latin || part) {
            continue;
        }
        let from = sign.rfind(['、', ',', ';', ':', '\n', '。']);
        let from = from.map_or(0, |part| {
            part + sign
                .get(part..)
                .and_then(|rest| rest.chars().next())
                .map_or(1, char::len_utf8)
        });
        return Some(cell.start + from..cell.start + sign.len());
    }
    None
}

/// Terms that the policy defines for all of itself: `本政策所称“设备信息”，是指…`.
static GLOSSARY: Pattern = Pattern::new(
    r#"(?m)(?:所称的?|所指的?|所述的?|提及的?|提到的?|中的?|;|^\W{0,4})[“"「]([^”"」\n]{2,16})[”"」],?(?:是指|系指|指的是|指|包括|包含):?"#,
);

/// Terms that an English policy defines: `"Device Data" means …`. Only in
/// quotes or in capitals of its own a word is one.
static DEFINED: Pattern = Pattern::new(
    r#"(?m)(?:["“](?P<quoted>[A-Z][^"“”\n]{2,40})["”]|^\W{0,3}(?P<bare>[A-Z][\w-]+(?: [A-Z][\w-]+){1,3})) (?:means|shall mean|refers to|stands for|includes|comprises|covers):? "#,
);

/// Longest meaning of a term of the glossary, in bytes.
const MAX_MEANING: usize = 2_000;

/// What stands behind the head of a definition, up to the next one or the end
/// of the sentence.
fn meaning(text: &str, from: usize) -> Range<usize> {
    let rest = text.get(from..).unwrap_or_default();
    let mark = rest.find(['。', '\n']).unwrap_or(rest.len());
    let next = GLOSSARY.find(rest).map(|next| next.start());
    let mut end = mark.min(next.unwrap_or(rest.len())).min(MAX_MEANING);
    while !rest.is_char_boundary(end) {
        end -= 1;
    }
    from..from + end
}

/// The terms that the policy defines for all of itself.
#[derive(Debug, Default)]
struct Glossary {
    /// With the squashed term.
    chinese: Vec<(String, Definition)>,
    /// Used where they are written as they were defined.
    english: Vec<Definition>,
}

fn glossary(page: &Page) -> Glossary {
    if page.language() == "zh" {
        let chinese = chinese(page);
        return Glossary {
            chinese,
            ..Glossary::default()
        };
    }
    let english = DEFINED
        .captures_iter(&page.text)
        .filter_map(|groups| {
            let term = groups.name("quoted").or(groups.name("bare"))?;
            Some((term, groups.get(0)?))
        })
        .filter(|(term, _)| !term.as_str().to_lowercase().contains("personal"))
        .map(|(term, head)| Definition {
            term: term.range(),
            meaning: english_meaning(&page.text, head.end()),
        })
        .take(MAX_GLOSSARY)
        .collect();
    Glossary {
        english,
        ..Glossary::default()
    }
}

/// The sentence behind the head of an English definition.
fn english_meaning(text: &str, from: usize) -> Range<usize> {
    let rest = text.get(from..).unwrap_or_default();
    let end = rest.find('\n').unwrap_or(rest.len()).min(MAX_MEANING);
    let end = super::sentence::floor(rest, end);
    let first = super::sentence::sentences(rest.get(..end).unwrap_or_default()).next();
    from..from + first.map_or(end, |first| first.end)
}

/// The policy's glossary. "Personal information" is defined by law in every
/// policy and expands to nothing that one SDK collects.
fn chinese(page: &Page) -> Vec<(String, Definition)> {
    let mut end = 0;
    let lines = page.text.split_inclusive('\n').map(|line| {
        end += line.len();
        (end - line.len(), line)
    });
    lines
        .flat_map(|(start, line)| {
            GLOSSARY.captures_iter(line).filter_map(move |groups| {
                let (term, head) = (groups.get(1)?, groups.get(0)?);
                let at = start + term.start()..start + term.end();
                Some((term, at, start + head.end()))
            })
        })
        .filter(|(term, ..)| !term.as_str().contains("个人"))
        .map(|(term, at, head)| {
            let definition = Definition {
                term: at,
                meaning: meaning(&page.text, head),
            };
            (squash_name(term.as_str()), definition)
        })
        .take(MAX_GLOSSARY)
        .collect()
}

/// Entries that stand close to each other are one list.
fn list_end(candidates: &[Candidate], start: usize) -> usize {
    let mut end = start + 1;
    while let (Some(last), Some(next)) = (candidates.get(end - 1), candidates.get(end)) {
        if next.whole.start.saturating_sub(last.whole.end) > 300 {
            break;
        }
        end += 1;
    }
    end
}

#[cfg(test)]
mod tests;
