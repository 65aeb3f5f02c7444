//! Keys of `key: value` lines: those whose words are known, and those that a
//! document repeats in every block, told by what stands behind them.

use std::collections::HashMap;
use std::ops::Range;

use memchr::memchr3;

use crate::policy::pattern::Pattern;

use super::columns::Shape;
use super::{english, framed, grid, is_none_word, prose, runon};
use crate::policy::Lexicon;
use crate::policy::lexicon::squash_name;
use crate::policy::page::{Line, Page};
use crate::policy::roles::{self, Role};
use crate::policy::sentence;

/// Times a key must come back before its values tell what it is.
const MIN_TIMES: usize = 3;

/// Longest key that is learned, in characters.
const MAX_KEY: usize = 12;

/// Longest key looked for behind a blank or a mark, in characters.
const MAX_KEY_AHEAD: usize = 16;

/// Different keys counted in one document; a list has a dozen.
const MAX_KEYS: usize = 2_000;

/// A bullet or a number in front of a key.
static MARK: Pattern = Pattern::new(
    r"^(?:[·•●○■□◆◇▪▶►▸➤➢→✓✔√☆★◎△▲※\-*]\s*|[(]?\d{1,3}(?:\.\d{1,3})*[).、]?\s*|[①-⑳]\s*)",
);

/// `key: `; a line break may part a Chinese key.
static KEY: Pattern = Pattern::new(r"^(?:[^:|\n]{1,40}?|\p{Han}{1,8}\n\p{Han}{1,8}?)\s*[:|\t]\s*");

/// The key that a text begins with, and where its value starts: a mark may stand
/// before the key, and a number be it.
fn key(text: &str) -> Option<(Range<usize>, usize)> {
    let mark = MARK.find(text).map_or(0, |mark| mark.end());
    let (whole, from) = match KEY.find(text.get(mark..)?) {
        Some(whole) => (whole, mark),
        None => (KEY.find(text)?, 0),
    };
    let words = whole.as_str().trim_ascii_end();
    let key = words
        .strip_suffix([':', '|'])
        .unwrap_or(words)
        .trim_ascii_end();
    Some((from..from + key.len(), from + whole.end()))
}

/// A pair: its role, where the key starts and the value.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub role: Role,
    pub start: usize,
    pub value: Range<usize>,
}

/// The keys of a document.
#[derive(Debug, Default)]
pub(super) struct Keys {
    learned: HashMap<String, Role>,
}

impl Keys {
    /// Learns the keys that these lines repeat and no word list knows.
    pub fn learn(page: &Page, lexicon: &Lexicon, lines: &[&Line]) -> Self {
        let mut values: HashMap<String, Vec<Range<usize>>> = HashMap::new();
        let mut named = false;
        for line in lines {
            let Some((key, value)) = unknown(page, &line.range) else {
                continue;
            };
            if roles::of(&key) == Some(Role::Name) {
                named = true; // no other key heads the names
                continue;
            }
            if values.len() < MAX_KEYS || values.contains_key(&key) {
                values.entry(key).or_default().push(value);
            }
        }
        let learned = values
            .into_iter()
            .filter(|(_, values)| values.len() >= MIN_TIMES)
            .filter_map(|(key, values)| {
                if !named
                    && matches!(roles::of(&key), Some(Role::Vendor | Role::Party))
                    && are_names(page, lexicon, &values)
                {
                    return Some((key, Role::Name));
                }
                let role = told(page, lexicon, &values)?;
                // `类型:OAID、设备型号` heads data, whatever else it may.
                let data = role == Role::Data && dense(page, lexicon, &values);
                let sure =
                    roles::of(&key).is_none() || matches!(role, Role::Url | Role::Vendor) || data;
                sure.then_some((key, role))
            })
            .collect();
        Self { learned }
    }

    /// What a key names: what its values are, where they are all of one kind.
    pub fn role(&self, key: &str) -> Option<Role> {
        let learned = || self.learned.get(&squash_name(key)).copied();
        if self.learned.is_empty() {
            return roles::of(key);
        }
        match roles::of(key) {
            // `说明书:https://…` heads links, whatever its words say.
            Some(Role::Purpose) => learned().or(Some(Role::Purpose)),
            // `合作方名称:某某SDK` heads names, not companies.
            Some(role @ (Role::Vendor | Role::Party)) => {
                Some(learned().filter(|told| *told == Role::Name).unwrap_or(role))
            }
            Some(role) => Some(role),
            None => learned(),
        }
    }

    /// The pairs of a line: one, or several on one line.
    pub fn pairs(&self, page: &Page, range: &Range<usize>) -> Vec<Pair> {
        if let Some(pairs) = framed::pairs(page, range, self) {
            return pairs;
        }
        let text = page.get(range);
        let mut starts = Vec::new();
        let mut from = 0;
        if let Some((role, key, value)) = self.bold(page, range) {
            starts.push((role, key, value));
            from = value;
        }
        while let Some(rest) = text.get(from..).filter(|rest| may_hold_key(rest)) {
            if let Some((place, end)) = key(rest)
                && let (Some(key), Some((words, value))) =
                    (rest.get(place.clone()), rest.split_at_checked(end))
                && !value.starts_with("//")
                && (!words.contains('\t') || text.matches('\t').count() == 1)
                && let Some(role) = self.role(key)
                && !holds_company(key)
                && (!words.contains('|') || opens_cell(text, from))
                && key
                    .rsplit_once('\n')
                    .is_none_or(|(_, rest)| self.role(rest).is_none())
            {
                let (role, lead) = self.behind_name(key).unwrap_or((role, 0));
                starts.push((role, from + place.start + lead, from + end));
                from += end;
            }
            // The next key on this line starts after a blank or a mark.
            let rest = text.get(from..).unwrap_or_default();
            let limit = rest.char_indices().take(sentence::SCAN).last();
            let window = rest
                .get(..limit.map_or(0, |(at, c)| at + c.len_utf8()))
                .unwrap_or_default();
            let next = window.char_indices().find(|(at, c)| {
                matches!(c, ' ' | ';' | '。' | '\t' | '\n' | ',' | '(' | '|')
                    && rest
                        .get(at + c.len_utf8()..)
                        .is_some_and(|rest| self.starts(rest))
            });
            let data = || runon::glued_short(window).filter(|_| !starts.is_empty());
            let glued = runon::glued_key(window);
            let glued = glued.into_iter().chain(data()).min();
            match (next, glued) {
                (_, Some(0)) => break,
                (Some((at, c)), None) => from += at + c.len_utf8(),
                (None, Some(key)) => from += key,
                (Some((at, c)), Some(key)) => from += (at + c.len_utf8()).min(key),
                (None, None) => break,
            }
        }
        let ends: Vec<usize> = starts.iter().skip(1).map(|(_, start, _)| *start).collect();
        starts
            .iter()
            .enumerate()
            .map(|(at, (role, start, value))| {
                let end = ends.get(at).copied().unwrap_or(text.len());
                let inner = text.get(*value..end).unwrap_or_default();
                let kept = closed(inner);
                Pair {
                    role: *role,
                    start: range.start + start,
                    value: range.start + value..range.start + value + kept.len(),
                }
            })
            .collect()
    }

    /// The key that stands behind a blank and the name of an SDK, and where it
    /// starts: `灰雁SDK 用途`.
    fn behind_name(&self, words: &str) -> Option<(Role, usize)> {
        let (head, key) = words.rsplit_once(' ')?;
        let named = grid::ends_in_sdk(head) && !prose::is_generic(head);
        let role = self.role(key).filter(|_| named)?;
        Some((role, words.len() - key.len()))
    }

    /// Whether a text starts with a known key and a colon.
    fn starts(&self, text: &str) -> bool {
        let mut head = text.char_indices().take(MAX_KEY_AHEAD + 1);
        head.find(|(_, c)| *c == ':').is_some_and(|(at, _)| {
            let (key, rest) = text.split_at(at);
            // `灰雁 SDK:某某公司`: the word ends a name.
            let ends_name = key.eq_ignore_ascii_case("sdk");
            !rest.starts_with("://") && !ends_name && self.role(key).is_some()
        })
    }
}

/// Whether words in front of a colon hold a company by its full name: they are a
/// name with its bracket, `灰雁SDK(某某科技有限公司):`, and no key.
fn holds_company(key: &str) -> bool {
    key.contains("有限公司") || key.contains("有限责任公司")
}

/// Whether a text holds what ends a key: most lines do not.
fn may_hold_key(text: &str) -> bool {
    memchr3(b':', b'|', b'\t', text.as_bytes()).is_some()
}

/// A key that no word list knows for certain, squashed, with the value behind it.
fn unknown(page: &Page, range: &Range<usize>) -> Option<(String, Range<usize>)> {
    let text = page.get(range);
    let (key, value) = may_hold_key(text).then(|| key(text))??;
    let (key, rest) = (text.get(key)?, text.get(value..)?);
    let fits = key.chars().count() <= MAX_KEY && !key.contains(['。', ',', '、', '\n']);
    let open = matches!(
        roles::of(key),
        None | Some(Role::Purpose | Role::Vendor | Role::Party | Role::Name)
    );
    (fits && !rest.starts_with("//") && open)
        .then(|| (squash_name(key), range.start + value..range.end))
}

impl Keys {
    /// A key that only its bold letters part from the value: `**用途** 展示广告`;
    /// where it starts and where the value does.
    fn bold(&self, page: &Page, range: &Range<usize>) -> Option<(Role, usize, usize)> {
        let inner = sentence::strip_marker(page, range);
        let bold = page
            .strong_at(inner.start)
            .filter(|bold| range.start <= bold.start && bold.end < inner.end)?;
        let key = page.get(bold).trim_end_matches([':', ' ']);
        if key.is_ascii() && !english::says_kind(key) {
            return None; // `Datadog` is no kind of data
        }
        let role = self.role(key)?;
        let rest = page.get(&(bold.end..range.end));
        let value = bold.end + (rest.len() - rest.trim_start_matches([':', ' ']).len());
        Some((role, bold.start - range.start, value - range.start))
    }
}

/// Whether a cell may begin here: a bar parts cells, not words (`某某 SDK | …`).
fn opens_cell(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default().trim_end();
    before.is_empty() || before.ends_with('|')
}

/// A value without the marks behind it, and without the bracket that closes
/// around key and value: `(用途:推送)(链接:…)`.
fn closed(value: &str) -> &str {
    let marks = [' ', '\n', '\t', ';', ',', '|', '('];
    let kept = value.trim_end_matches(marks);
    let unopened = kept.matches(')').count() > kept.matches('(').count();
    match kept.strip_suffix(')').filter(|_| unopened) {
        Some(inner) => inner.trim_end_matches(marks),
        None => kept,
    }
}

/// Whether values are names, one each: a list of them stands behind what it is
/// that all of them collect.
fn are_names(page: &Page, lexicon: &Lexicon, values: &[Range<usize>]) -> bool {
    let lists = values.iter().filter(|value| page.get(value).contains('、'));
    lists.count() * 4 < values.len() && Shape::of(page, lexicon, values.iter()).names > 0.5
}

/// Whether most values are nothing but data.
fn dense(page: &Page, lexicon: &Lexicon, values: &[Range<usize>]) -> bool {
    Shape::of(page, lexicon, values.iter()).role() == Some(Role::Data)
}

/// What the values behind a key say that it is; what is said of every entry and
/// is nothing else tells what it is for.
fn told(page: &Page, lexicon: &Lexicon, values: &[Range<usize>]) -> Option<Role> {
    let filled = values.iter().filter(|value| !value.is_empty());
    let shape = Shape::of(page, lexicon, filled.clone());
    if let Some(role) = shape.role() {
        return Some(role);
    }
    let nothing = filled.clone().filter(|v| is_none_word(page.get(v))).count();
    let data = filled
        .clone()
        .filter(|value| !lexicon.terms.find(page.get(value)).is_empty())
        .count();
    let count = filled.count();
    if (data + nothing) * 4 > count * 3 && data * 2 >= count {
        return Some(Role::Data);
    }
    (shape.names < 0.3).then_some(Role::Purpose)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::document;
    use crate::policy::page::Block;
    use crate::sdk::KnowledgeBase;

    #[test]
    fn keys_in_nobodys_words_are_told_by_their_values() {
        let block = |name: &str, owner: &str, data: &str| {
            format!("▶ 名字：{name}\n谁家的：{owner}有限公司\n拿来干嘛：看看\n会碰到的：{data}\n\n")
        };
        let text = block("灰雁", "灰雁科技", "设备型号、OAID")
            + &block("蓝鲸", "蓝鲸网络", "IP地址")
            + &block("远山", "远山", "位置信息、设备型号");
        let source = document::open("p.txt", text.as_bytes()).unwrap().source;
        let page = Page::of(&source);
        let lines: Vec<&Line> = page
            .blocks
            .iter()
            .filter_map(|block| match block {
                Block::Line(line) => Some(line),
                Block::Table(_) => None,
            })
            .collect();
        let lexicon = Lexicon::compile(&KnowledgeBase::without_signatures());
        let keys = Keys::learn(&page, &lexicon, &lines);
        assert_eq!(keys.role("谁家的"), Some(Role::Vendor));
        assert_eq!(keys.role("拿来干嘛"), Some(Role::Purpose));
        assert_eq!(keys.role("会碰到的"), Some(Role::Data));
    }
}
