//! Data types and permissions by the terms of the vocabulary, longest first.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::item_words::Items;
use super::squash::{Squashed, squash};
use super::strings::{Rows, Strings};
use super::table::Table;
use crate::sdk::schema::{Catalogue, DataType};

/// All terms, compiled.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Terms {
    /// Squashed terms, each with its data types.
    terms: Table<usize>,
    /// For each term its permissions.
    of_permissions: Rows<usize>,
    /// For each term the permissions whose name is a plain word (`INTERNET`): it
    /// counts only in capitals.
    of_capitals: Rows<usize>,
    /// For each term what sort it is of.
    sorts: Vec<Sort>,
    pub(super) items: Items,
    data_types: Strings,
    permissions: Strings,
    /// For each data type the one permission that guards it, if it is one.
    guards: Vec<Option<usize>>,
    /// Whether each permission is one that the user grants at run time.
    granted: Vec<bool>,
    /// For each data type its place in the tree.
    places: Vec<Place>,
}

/// Where a data type stands in the vocabulary.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Place {
    parent: Option<usize>,
    /// A broader term: it has types below it, or stands for a group.
    broad: bool,
    /// It exists on iOS only.
    ios: bool,
}

/// What sort of term one is.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Sort {
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
    term: usize,
    capitals: bool,
}

/// Words that may follow a short term.
const CLOSING: [&str; 18] = [
    "信息", "权限", "数据", "地址", "号", "状态", "记录", "内容", "列表", "等", "和", "与", "及",
    "或", "以", "的", "并", "用于",
];

impl Terms {
    pub(super) fn compile(base: &Catalogue) -> Self {
        let mut meanings = BTreeMap::new();
        add_types(base, &mut meanings);
        add_permissions(base, &mut meanings);
        meanings.remove("");
        imply(&mut meanings);
        let sort = |(term, meaning): (&String, &Meaning)| Sort {
            implied: meaning.implied,
            short: term.chars().count() <= 2 && !term.is_ascii(),
        };
        let sorts = meanings.iter().map(sort).collect();
        let permission_at = |name: &String| base.permissions.iter().position(|p| p.name == *name);
        let guard = |data_type: &DataType| match data_type.permissions.as_slice() {
            [one] => permission_at(one),
            _ => None,
        };
        let permissions = base.permissions.iter();
        Self {
            of_permissions: taken(&mut meanings, |meaning| &mut meaning.permissions),
            of_capitals: taken(&mut meanings, |meaning| &mut meaning.capitals),
            terms: BTreeMap::into(
                meanings
                    .into_iter()
                    .map(|(term, meaning)| (term, meaning.data_types))
                    .collect(),
            ),
            sorts,
            items: Items::compile(base),
            data_types: base.data_types.iter().map(|t| &t.id).collect(),
            granted: permissions
                .clone()
                .map(|p| p.category == "dangerous")
                .collect(),
            permissions: permissions.map(|p| &p.name).collect(),
            places: places(base),
            guards: base.data_types.iter().map(guard).collect(),
        }
    }

    /// The terms of a normalised text: leftmost, then longest, not overlapping.
    pub fn find(&self, text: &str) -> Vec<TermHit> {
        let squashed = Squashed::of(text);
        let mut taken = 0;
        let mut hits = Vec::new();
        for (start, end, term) in squashed.find(self.terms.words()) {
            if start < taken || !squashed.is_word(start, end) {
                continue;
            }
            let short = self.sort(term).short;
            if short && !is_delimited(&squashed.text, end) {
                continue;
            }
            let range = squashed.original(start, end);
            let found = text.get(range.clone()).unwrap_or_default();
            let capitals = !found.contains(|c: char| c.is_ascii_lowercase());
            let silent =
                || self.terms.row(term).is_empty() && self.of_permissions.get(term).is_empty();
            if !capitals && silent() {
                continue;
            }
            taken = end;
            hits.push(TermHit {
                range,
                term,
                capitals,
            });
        }
        hits
    }

    /// What sort of term one is.
    fn sort(&self, term: usize) -> Sort {
        self.sorts.get(term).copied().unwrap_or_default()
    }

    /// Vocabulary indexes of the data types of a hit.
    pub fn types_of(&self, hit: &TermHit) -> &[usize] {
        self.terms.row(hit.term)
    }

    /// Indexes of the permissions of a hit.
    pub fn permissions_of(&self, hit: &TermHit) -> impl Iterator<Item = usize> + '_ {
        let capitals = hit.capitals.then(|| self.of_capitals.get(hit.term));
        let named = self.of_permissions.get(hit.term).iter();
        named.chain(capitals.unwrap_or_default()).copied()
    }

    /// Whether the data types of a hit are only those that a permission implies.
    pub fn is_permission(&self, hit: &TermHit) -> bool {
        self.sort(hit.term).implied
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
        self.data_types.get(data_type).unwrap_or_default()
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
            .filter_map(|&index| self.data_types.get(index).map(str::to_owned))
            .collect()
    }

    /// Names of permissions, sorted.
    pub fn permission_names(&self, indexes: &std::collections::BTreeSet<usize>) -> Vec<String> {
        let mut names: Vec<String> = indexes
            .iter()
            .filter_map(|&index| self.permissions.get(index).map(str::to_owned))
            .collect();
        names.sort();
        names
    }
}

/// Types above a type that are looked at.
const MAX_DEPTH: usize = 8;

fn places(base: &Catalogue) -> Vec<Place> {
    let types = &base.data_types;
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

/// What one term stands for, while terms are gathered: indexes into the
/// vocabulary.
#[derive(Debug, Default)]
struct Meaning {
    data_types: Vec<usize>,
    permissions: Vec<usize>,
    capitals: Vec<usize>,
    implied: bool,
}

/// What squashed terms stand for, while they are gathered.
type Meanings = BTreeMap<String, Meaning>;

/// One list of each meaning.
fn taken(meanings: &mut Meanings, list: fn(&mut Meaning) -> &mut Vec<usize>) -> Rows<usize> {
    let each = meanings.values_mut();
    each.map(|meaning| std::mem::take(list(meaning))).collect()
}

/// The terms of data types.
fn add_types(base: &Catalogue, meanings: &mut Meanings) {
    for (index, data_type) in base.data_types.iter().enumerate() {
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
}

/// The names of permissions.
fn add_permissions(base: &Catalogue, meanings: &mut Meanings) {
    let names = base.permissions.iter().map(|one| one.name.as_str());
    let standard: HashSet<&str> = names
        .filter_map(|name| name.strip_prefix("android.permission."))
        .collect();
    for (index, permission) in base.permissions.iter().enumerate() {
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
}

/// Verbs in front of the data that a permission opens: `读取短信`.
const READING: [&str; 6] = ["读取", "访问", "获取", "使用", "查看", "接收"];

/// A permission's name discloses the data it speaks of: 读取电话状态 holds 电话状态.
fn imply(meanings: &mut Meanings) {
    let types: BTreeMap<String, Vec<usize>> = meanings
        .iter()
        .filter(|(term, meaning)| !meaning.data_types.is_empty() && !term.is_ascii())
        .map(|(term, meaning)| (term.clone(), meaning.data_types.clone()))
        .collect();
    let types = Table::from(types);
    for (term, meaning) in meanings.iter_mut() {
        if !meaning.data_types.is_empty() || term.is_ascii() {
            continue;
        }
        let reads = READING.iter().any(|verb| term.starts_with(verb));
        let places = term.char_indices().filter_map(|(at, _)| term.get(at..));
        let inside = places.flat_map(|rest| types.words().beginning(rest));
        let inside = inside.map(|(word, _)| (types.words().get(word), word));
        let inside = inside.filter(|(inner, _)| {
            let short = inner.chars().count() <= 2;
            !short || reads && term.ends_with(inner)
        });
        if let Some((_, word)) = inside.max_by_key(|(inner, _)| (inner.len(), *inner)) {
            meaning.data_types = types.row(word).to_vec();
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
    use crate::sdk::KnowledgeBase;
    use std::collections::BTreeSet;

    fn types(text: &str) -> Vec<String> {
        let terms = Terms::compile(KnowledgeBase::embedded().catalogue());
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
