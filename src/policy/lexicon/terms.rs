//! Data types and permissions by the terms of the vocabulary, longest first.

use std::collections::{HashMap, HashSet};
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
    /// For each data type its place in the tree.
    places: Vec<Place>,
}

/// Where a data type stands in the vocabulary.
#[derive(Debug, Default)]
struct Place {
    parent: Option<usize>,
    /// A broader term: it has types below it, or stands for a group.
    broad: bool,
    /// It exists on iOS only.
    ios: bool,
}

/// What one term stands for: indexes into the vocabulary.
#[derive(Debug, Default)]
struct Meaning {
    data_types: Vec<usize>,
    permissions: Vec<usize>,
    /// Permissions whose name is a plain word (`INTERNET`): it counts only in
    /// capitals.
    capitals: Vec<usize>,
    /// Its data types are those of a longer name of a permission.
    implied: bool,
    /// A one- or two-character Chinese word: it counts only where a list or a
    /// closing word delimits it.
    short: bool,
}

/// One term found in a text.
#[derive(Debug, Clone)]
pub(crate) struct TermHit {
    pub range: Range<usize>,
    meaning: usize,
    capitals: bool,
}

/// Words that may follow a short term.
const CLOSING: [&str; 18] = [
    "信息", "权限", "数据", "地址", "号", "状态", "记录", "内容", "列表", "等", "和", "与", "及",
    "或", "以", "的", "并", "用于",
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
        let names = base.permissions().iter().map(|one| one.name.as_str());
        let standard: HashSet<&str> = names
            .filter_map(|name| name.strip_prefix("android.permission."))
            .collect();
        for (index, permission) in base.permissions().iter().enumerate() {
            let full = std::iter::once(&permission.name);
            for term in full.chain(&permission.zh).chain(&permission.en) {
                let meaning = meanings.entry(squash(term)).or_default();
                meaning.permissions.push(index);
            }
            let short = permission.name.rsplit('.').next().unwrap_or_default();
            if permission.name.starts_with("android.permission.") {
                let meaning = meanings.entry(squash(short)).or_default();
                let kept = if short.contains('_') {
                    &mut meaning.permissions
                } else {
                    &mut meaning.capitals
                };
                kept.push(index);
            } else if short.contains('_')
                && !short.contains(char::is_lowercase)
                && !standard.contains(short)
            {
                // `AD_ID` of a vendor; in small letters it may be anything.
                let meaning = meanings.entry(squash(short)).or_default();
                meaning.capitals.push(index);
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
            places: places(base),
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
            let range = squashed.original(start, end);
            let found = text.get(range.clone()).unwrap_or_default();
            let capitals = !found.contains(|c: char| c.is_ascii_lowercase());
            let silent = |m: &Meaning| m.data_types.is_empty() && m.permissions.is_empty();
            if !capitals && self.meanings.get(meaning).is_some_and(silent) {
                continue;
            }
            taken = end;
            hits.push(TermHit {
                range,
                meaning,
                capitals,
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
    pub fn permissions_of(&self, hit: &TermHit) -> impl Iterator<Item = usize> + '_ {
        let meaning = self.meanings.get(hit.meaning);
        let named = meaning.map_or(&[][..], |meaning| &meaning.permissions);
        let capitals = meaning.filter(|_| hit.capitals);
        let capitals = capitals.map_or(&[][..], |meaning| &meaning.capitals);
        named.iter().chain(capitals).copied()
    }

    /// Whether the data types of a hit are only those that a permission implies.
    pub fn is_permission(&self, hit: &TermHit) -> bool {
        self.meanings
            .get(hit.meaning)
            .is_some_and(|meaning| meaning.implied)
    }

    /// Permissions that words stand for as items of a list of permissions.
    pub fn listed_permissions<'a>(
        &'a self,
        text: &'a str,
    ) -> impl Iterator<Item = (Range<usize>, usize)> + 'a {
        self.items.permissions(text)
    }

    /// Data types that words stand for as items of a list of data.
    pub fn listed_types<'a>(
        &'a self,
        text: &'a str,
    ) -> impl Iterator<Item = (Range<usize>, usize)> + 'a {
        self.items.data_types(text)
    }

    /// Whether a data type is a broader term.
    pub fn is_broad(&self, data_type: usize) -> bool {
        self.places.get(data_type).is_some_and(|place| place.broad)
    }

    /// Whether a data type stands below another.
    pub fn is_below(&self, data_type: usize, other: usize) -> bool {
        let up = |at: &usize| self.places.get(*at)?.parent;
        // The tree is five deep; a base of the user's own may hold a circle.
        std::iter::successors(up(&data_type), up)
            .take(MAX_DEPTH)
            .any(|above| above == other)
    }

    /// Whether a data type exists on iOS only.
    pub fn is_of_ios(&self, data_type: usize) -> bool {
        self.places.get(data_type).is_some_and(|place| place.ios)
    }

    /// The id of a data type.
    pub fn type_id(&self, data_type: usize) -> &str {
        self.data_types.get(data_type).map_or("", String::as_str)
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

/// Types above a type that are looked at.
const MAX_DEPTH: usize = 8;

fn places(base: &KnowledgeBase) -> Vec<Place> {
    let types = base.data_types();
    let numbers = types.iter().enumerate().rev();
    let by_id: HashMap<&str, usize> = numbers.map(|(at, t)| (t.id.as_str(), at)).collect();
    let parents: HashSet<&str> = types.iter().map(|t| t.parent.as_str()).collect();
    types
        .iter()
        .map(|data_type| Place {
            parent: by_id.get(data_type.parent.as_str()).copied(),
            broad: data_type.note.contains("hypernym") || parents.contains(data_type.id.as_str()),
            ios: data_type.platform == "ios",
        })
        .collect()
}

/// Verbs in front of the data that a permission opens: `读取短信`.
const READING: [&str; 6] = ["读取", "访问", "获取", "使用", "查看", "接收"];

/// A permission's name discloses the data it speaks of: 读取电话状态 holds 电话状态.
fn imply(meanings: &mut HashMap<String, Meaning>) {
    let mut types: Vec<(String, Vec<usize>)> = meanings
        .iter()
        .filter(|(term, meaning)| !meaning.data_types.is_empty() && !term.is_ascii())
        .map(|(term, meaning)| (term.clone(), meaning.data_types.clone()))
        .collect();
    types.sort();
    let inner = AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .build(types.iter().map(|(term, _)| term))
        .expect("a few thousand short patterns fit an automaton");
    for (term, meaning) in meanings.iter_mut() {
        if !meaning.data_types.is_empty() || term.is_ascii() {
            continue;
        }
        let reads = READING.iter().any(|verb| term.starts_with(verb));
        let hits = inner.find_overlapping_iter(term.as_str());
        let inside = hits.filter_map(|hit| types.get(hit.pattern().as_usize()));
        let inside = inside.filter(|(inner, _)| {
            let short = inner.chars().count() <= 2;
            !short || reads && term.ends_with(inner.as_str())
        });
        if let Some((_, implied)) = inside.max_by_key(|(inner, _)| (inner.len(), inner)) {
            meaning.data_types.clone_from(implied);
            meaning.implied = true;
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
