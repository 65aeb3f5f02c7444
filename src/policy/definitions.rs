//! Blocks that define the terms of a list: `Term: what it stands for`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::layout::{Candidate, Findings};
use super::lexicon::squash_name;
use super::page::{Block, Page};

/// How far behind a list its definitions may stand, in bytes.
const REACH: usize = 4_000;

/// Terms read from a glossary.
const MAX_GLOSSARY: usize = 64;

/// Longest defined term, in characters.
const MAX_TERM: usize = 16;

/// Definitions read from one document; real ones have a dozen.
const MAX_DEFINITIONS: usize = 1_000;

/// One definition: the squashed term and what it stands for.
struct Definition {
    term: String,
    meaning: Range<usize>,
    at: usize,
}

/// Gives each entry of a list the definitions behind that list of the terms
/// that the entry uses; the app's own definitions elsewhere stay its own.
pub(crate) fn attach(page: &Page, findings: &mut Findings) {
    attach_glossary(page, findings);
    let definitions = blocks(page);
    if definitions.is_empty() {
        return;
    }
    let mut start = 0;
    while start < findings.candidates.len() {
        let end = list_end(&findings.candidates, start);
        let list = findings.candidates.get_mut(start..end).unwrap_or_default();
        let last = list.last().map_or(0, |candidate| candidate.whole.end);
        let near: Vec<&Definition> = definitions
            .iter()
            .filter(|definition| definition.at >= last && definition.at - last < REACH)
            .collect();
        for candidate in list.iter_mut().filter(|_| !near.is_empty()) {
            let data: String = candidate.data.iter().map(|data| page.get(data)).collect();
            let data = squash_name(&data);
            let used = near
                .iter()
                .filter(|definition| data.contains(&definition.term));
            let used = used.map(|definition| definition.meaning.clone());
            candidate.definitions.extend(used);
        }
        start = end;
    }
}

/// Terms that the policy defines for all of itself: `本政策所称“设备信息”，是指…`.
static GLOSSARY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?:所称|所指|所述|提及|提到|中)的?[“"「]([^”"」\n]{2,16})[”"」],?(?:是指|系指|指的是|指|包括|包含):?([^。\n]{2,600})"#)
        .expect("a constant pattern")
});

/// Gives every entry what the policy's glossary says of the terms it uses.
/// "Personal information" is defined by law in every policy and expands to
/// nothing that one SDK collects.
fn attach_glossary(page: &Page, findings: &mut Findings) {
    let terms: Vec<(String, Range<usize>)> = GLOSSARY
        .captures_iter(&page.text)
        .filter_map(|groups| Some((groups.get(1)?, groups.get(2)?)))
        .filter(|(term, _)| !term.as_str().contains("个人"))
        .map(|(term, meaning)| (squash_name(term.as_str()), meaning.range()))
        .take(MAX_GLOSSARY)
        .collect();
    if terms.is_empty() {
        return;
    }
    for candidate in &mut findings.candidates {
        let data: String = candidate.data.iter().map(|data| page.get(data)).collect();
        let data = squash_name(&data);
        let used = terms.iter().filter(|(term, _)| data.contains(term));
        candidate
            .definitions
            .extend(used.map(|(_, meaning)| meaning.clone()));
    }
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

/// Runs of two or more lines `term: meaning` under a line that announces them.
fn blocks(page: &Page) -> Vec<Definition> {
    let mut found = Vec::new();
    let mut run: Vec<Definition> = Vec::new();
    let mut announced = false;
    for block in &page.blocks {
        let definition = match block {
            Block::Line(line) => {
                let text = page.get(&line.range);
                if text.ends_with(':') && text.chars().count() < 40 {
                    announced = ["定义", "说明", "释义", "穷举", "解释", "包括", "definition"]
                        .iter()
                        .any(|word| text.contains(word));
                    run.clear();
                    continue;
                }
                define(text, line.range.start)
            }
            Block::Table(_) => None,
        };
        match definition {
            Some(definition) if announced && found.len() + run.len() < MAX_DEFINITIONS => {
                run.push(definition)
            }
            _ => {
                if run.len() >= 2 {
                    found.append(&mut run);
                }
                run.clear();
                announced = false;
            }
        }
    }
    if run.len() >= 2 {
        found.append(&mut run);
    }
    found
}

fn define(text: &str, at: usize) -> Option<Definition> {
    let (term, meaning) = text.split_once(':')?;
    let length = term.chars().count();
    if !(2..=MAX_TERM).contains(&length) || meaning.starts_with("//") || meaning.is_empty() {
        return None;
    }
    let start = at + term.len() + 1;
    Some(Definition {
        term: squash_name(term),
        meaning: start..start + meaning.len(),
        at,
    })
}
