//! Data types and permissions by the terms of the vocabulary, longest first.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use super::items::Items;
use super::squash::{Squashed, squash};
use crate::sdk::KnowledgeBase;

/// All terms, compiled.
#[derive(Debug)]
pub(crate) struct Terms {
    automaton: AhoCorasick,
    items: Items,
    meanings: Vec<Meaning>,
    data_types: Vec<String>,
    permissions: Vec<String>,
    /// For each data type the one permission that guards it, if it is one.
    guards: Vec<Option<usize>>,
    /// Whether each permission is one that the user grants at run time.
    granted: Vec<bool>,
}

/// What one term stands for: indexes into the vocabulary.
#[derive(Debug, Default)]
struct Meaning {
    data_types: Vec<usize>,
    permissions: Vec<usize>,
    /// A one- or two-character Chinese word: it counts only where a list or a
    /// closing word delimits it.
    short: bool,
}

/// One term found in a text.
#[derive(Debug, Clone)]
pub(crate) struct TermHit {
    pub range: Range<usize>,
    meaning: usize,
}

/// Words that may follow a short term.
const CLOSING: [&str; 16] = [
    "信息", "权限", "数据", "地址", "号", "状态", "记录", "内容", "列表", "等", "和", "与", "及",
    "或", "以", "的",
];

impl Terms {
    pub(super) fn compile(base: &KnowledgeBase) -> Self {
        let mut meanings: HashMap<String, Meaning> = HashMap::new();
        for (index, data_type) in base.data_types().iter().enumerate() {
            if data_type.parent.is_empty() {
                continue; // the root is a generic word, no type of its own
            }
            for term in data_type.zh.iter().chain(&data_type.en) {
                let meaning = meanings.entry(squash(term)).or_default();
                // A term of two types (AAID) stands for the first listed only.
                if meaning.data_types.is_empty() {
                    meaning.data_types.push(index);
                }
            }
        }
        for (index, permission) in base.permissions().iter().enumerate() {
            let short = permission.name.rsplit('.').next().unwrap_or_default();
            let android = permission.name.starts_with("android.permission.");
            let own = [permission.name.as_str(), short];
            let own = own.iter().take(if android { 2 } else { 1 }).copied();
            let names = permission.zh.iter().chain(&permission.en);
            for term in own.chain(names.map(String::as_str)) {
                let meaning = meanings.entry(squash(term)).or_default();
                meaning.permissions.push(index);
            }
        }
        meanings.remove("");
        imply(&mut meanings);
        let mut patterns: Vec<(String, Meaning)> = meanings.into_iter().collect();
        patterns.sort_by(|a, b| a.0.cmp(&b.0));
        for (pattern, meaning) in &mut patterns {
            meaning.short = pattern.chars().count() <= 2 && !pattern.is_ascii();
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(patterns.iter().map(|(pattern, _)| pattern))
            .expect("a few thousand short patterns fit an automaton");
        Self {
            automaton,
            items: Items::compile(base),
            meanings: patterns.into_iter().map(|(_, meaning)| meaning).collect(),
            data_types: base.data_types().iter().map(|t| t.id.clone()).collect(),
            permissions: base.permissions().iter().map(|p| p.name.clone()).collect(),
            granted: base
                .permissions()
                .iter()
                .map(|permission| permission.category == "dangerous")
                .collect(),
            guards: base
                .data_types()
                .iter()
                .map(|data_type| match data_type.permissions.as_slice() {
                    [one] => base.permissions().iter().position(|p| p.name == *one),
                    _ => None,
                })
                .collect(),
        }
    }

    /// The terms of a normalised text: leftmost, then longest, not overlapping.
    pub fn find(&self, text: &str) -> Vec<TermHit> {
        let squashed = Squashed::of(text);
        let mut found: Vec<(usize, usize, usize)> = self
            .automaton
            .find_overlapping_iter(&squashed.text)
            .filter(|hit| squashed.is_word(hit.start(), hit.end()))
            .map(|hit| (hit.start(), hit.end(), hit.pattern().as_usize()))
            .collect();
        found.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
        let mut taken = 0;
        let mut hits = Vec::new();
        for (start, end, meaning) in found {
            let short = self.meanings.get(meaning).is_some_and(|m| m.short);
            if start < taken || short && !is_delimited(&squashed.text, end) {
                continue;
            }
            taken = end;
            hits.push(TermHit {
                range: squashed.original(text, start, end),
                meaning,
            });
        }
        hits
    }

    /// Vocabulary indexes of the data types of a hit.
    pub fn types_of(&self, hit: &TermHit) -> &[usize] {
        self.meanings
            .get(hit.meaning)
            .map_or(&[], |meaning| &meaning.data_types)
    }

    /// Indexes of the permissions of a hit.
    pub fn permissions_of(&self, hit: &TermHit) -> &[usize] {
        self.meanings
            .get(hit.meaning)
            .map_or(&[], |meaning| &meaning.permissions)
    }

    /// Permissions that words stand for as items of a list of permissions.
    pub fn listed_permissions<'a>(&'a self, text: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.items.permissions(text)
    }

    /// Data types that words stand for as items of a list of data.
    pub fn listed_types<'a>(&'a self, text: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.items.data_types(text)
    }

    /// The permission that a state stands for inside a list of permissions:
    /// `网络权限、网络状态、wifi状态` lists three.
    pub fn state_permission(&self, text: &str, hit: &TermHit) -> Option<usize> {
        let is_state = text
            .get(hit.range.clone())
            .is_some_and(|term| term.ends_with("状态"));
        let data_type = self.types_of(hit).first().filter(|_| is_state)?;
        self.guards.get(*data_type).copied().flatten()
    }

    /// The permission that a data type stands for where permissions are asked
    /// for: `权限:精确位置`. Only what the user grants is named that way.
    pub fn asked_permission(&self, hit: &TermHit) -> Option<usize> {
        let data_type = self.types_of(hit).first()?;
        let permission = self.guards.get(*data_type).copied().flatten()?;
        self.granted.get(permission)?.then_some(permission)
    }

    /// Ids of data types in vocabulary order.
    pub fn type_ids(&self, indexes: &std::collections::BTreeSet<usize>) -> Vec<String> {
        indexes
            .iter()
            .filter_map(|&index| self.data_types.get(index).cloned())
            .collect()
    }

    /// Names of permissions, sorted.
    pub fn permission_names(&self, indexes: &std::collections::BTreeSet<usize>) -> Vec<String> {
        let mut names: Vec<String> = indexes
            .iter()
            .filter_map(|&index| self.permissions.get(index).cloned())
            .collect();
        names.sort();
        names
    }
}

/// A permission's name discloses the data it speaks of: 读取电话状态 holds 电话状态.
fn imply(meanings: &mut HashMap<String, Meaning>) {
    let types: Vec<(String, Vec<usize>)> = meanings
        .iter()
        .filter(|(_, meaning)| !meaning.data_types.is_empty())
        .map(|(term, meaning)| (term.clone(), meaning.data_types.clone()))
        .collect();
    for (term, meaning) in meanings.iter_mut() {
        if !meaning.data_types.is_empty() || term.is_ascii() {
            continue;
        }
        let inside = types.iter().filter(|(inner, _)| {
            !inner.is_ascii() && inner.chars().count() > 2 && term.contains(inner.as_str())
        });
        if let Some((_, implied)) = inside.max_by_key(|(inner, _)| (inner.len(), inner.clone())) {
            meaning.data_types.clone_from(implied);
        }
    }
}

/// Whether a list, the end or a closing word delimits a short term on its right.
fn is_delimited(text: &str, end: usize) -> bool {
    let rest = text.get(end..).unwrap_or_default();
    match rest.chars().next() {
        None => true,
        Some(c) if !c.is_alphanumeric() => true,
        _ => CLOSING.iter().any(|word| rest.starts_with(word)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn types(text: &str) -> Vec<String> {
        let terms = Terms::compile(&KnowledgeBase::embedded());
        let hits = terms.find(text);
        let found: BTreeSet<usize> = hits
            .iter()
            .flat_map(|h| terms.types_of(h).to_vec())
            .collect();
        terms.type_ids(&found)
    }

    #[test]
    fn the_longest_term_wins() {
        assert_eq!(types("蓝牙MAC地址"), ["bluetooth-mac"]);
        assert_eq!(types("android_id、AndroidID、Android ID"), ["android-id"]);
    }

    #[test]
    fn a_short_word_needs_a_list_around_it() {
        assert_eq!(types("用户姓名、电量"), ["battery", "name"]);
        assert!(types("视频播放").is_empty());
    }
}
