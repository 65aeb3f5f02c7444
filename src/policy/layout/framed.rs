//! Keys that something else than a colon parts from their values: bars around
//! both, an equals sign, or brackets around the key.

use std::ops::Range;

use memchr::memchr2;

use super::keys::{Keys, Pair};
use crate::policy::page::Page;
use crate::policy::roles::Role;
use crate::policy::sentence;

/// Longest key, in characters.
const MAX_KEY: usize = 16;

/// Most cells between the bars of one line.
const MAX_CELLS: usize = 40;

/// The pairs of a line that writes them so; none where it does not.
pub(super) fn pairs(page: &Page, range: &Range<usize>, keys: &Keys) -> Option<Vec<Pair>> {
    let text = page.get(range);
    if memchr2(b'|', b'=', text.as_bytes()).is_none() && !text.contains('【') {
        return None; // most lines
    }
    let pair = |(role, key, value): (Role, usize, Range<usize>)| Pair {
        role,
        start: range.start + key,
        value: range.start + value.start..range.start + value.end,
    };
    let found = barred(text, keys)
        .or_else(|| Some(vec![equated(text, keys)?]))
        .or_else(|| Some(vec![bracketed(text, keys)?]))?;
    Some(found.into_iter().map(pair).collect())
}

type Found = (Role, usize, Range<usize>);

/// `SDK名称 | X | 公司 | Y`: each second cell is a key, the others are none.
fn barred(text: &str, keys: &Keys) -> Option<Vec<Found>> {
    let framed = text.starts_with('|');
    let inner = text.trim_matches('|');
    let offset = inner.as_ptr() as usize - text.as_ptr() as usize;
    let cells: Vec<&str> = inner.split('|').take(MAX_CELLS + 1).collect();
    let least = if framed { 2 } else { 4 };
    if cells.len() < least || cells.len() > MAX_CELLS || !cells.len().is_multiple_of(2) {
        return None;
    }
    let mut at = offset;
    let mut found = Vec::new();
    let mut keyed_values = 0;
    for pair in cells.chunks(2) {
        let [key, value] = pair else { return None };
        let start = at + (key.len() - key.trim_start().len());
        let role = role(key.trim(), keys)?;
        let from = at + key.len() + 1;
        let lead = value.len() - value.trim_start().len();
        keyed_values += usize::from(role_of_value(value, keys));
        found.push((role, start, from + lead..from + lead + value.trim().len()));
        at = from + value.len() + 1;
    }
    // Where the values are keys too, the line heads a table.
    (keyed_values * 2 < found.len()).then_some(found)
}

fn role_of_value(value: &str, keys: &Keys) -> bool {
    role(value.trim(), keys).is_some()
}

/// `公司=X`, alone on its line.
fn equated(text: &str, keys: &Keys) -> Option<Found> {
    let lead = sentence::marker(text).unwrap_or(0);
    let (key, value) = text.get(lead..)?.split_once('=')?;
    let role = role(key.trim(), keys)?;
    let start = lead + (key.len() - key.trim_start().len());
    let from = text.len() - value.trim_start().len();
    Some((role, start, from..text.len()))
}

/// `【公司】X`, alone on its line.
fn bracketed(text: &str, keys: &Keys) -> Option<Found> {
    let lead = sentence::marker(text).unwrap_or(0);
    let (key, value) = text.get(lead..)?.strip_prefix('【')?.split_once('】')?;
    let value = value.trim_start_matches([' ', ':']);
    let role = role(key.trim(), keys).filter(|_| !value.contains('【'))?;
    (!value.is_empty()).then(|| (role, lead, text.len() - value.len()..text.len()))
}

/// The role of what is short enough for a key.
fn role(key: &str, keys: &Keys) -> Option<Role> {
    let short = key.chars().count() <= MAX_KEY && !key.contains([':', '/', '。', ',']);
    short.then(|| keys.role(key)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::document;

    fn told(line: &str) -> Vec<(Role, String)> {
        let page = Page::of(&document::open("p.txt", line.as_bytes()).unwrap().source);
        let range = 0..page.text.trim_end().len();
        let pairs = pairs(&page, &range, &Keys::default()).unwrap_or_default();
        let value = |pair: Pair| (pair.role, page.get(&pair.value).to_owned());
        pairs.into_iter().map(value).collect()
    }

    #[test]
    fn keys_between_bars_take_turns_with_their_values() {
        let company = (Role::Vendor, "灰雁科技".to_owned());
        let name = (Role::Name, "灰雁SDK".to_owned());
        let line = "SDK名称 | 灰雁SDK | 公司 | 灰雁科技";
        assert_eq!(told(line), [name, company.clone()]);
        assert_eq!(told("| 公司 | 灰雁科技 |"), [company]);
        assert!(told("SDK名称 | 公司 | 目的 | 收集信息").is_empty());
        assert!(told("| 灰雁SDK | 推送 |").is_empty());
    }

    #[test]
    fn an_equals_sign_or_brackets_part_a_key() {
        let company = (Role::Vendor, "灰雁科技".to_owned());
        for line in ["公司=灰雁科技", "【厂家】灰雁科技"] {
            assert_eq!(told(line), std::slice::from_ref(&company));
        }
        assert!(told("https://example.cn/?name=灰雁").is_empty());
        assert!(told("由【灰雁】提供").is_empty());
    }
}
