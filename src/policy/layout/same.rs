//! Fields that only refer to those of another entry: `同上`, `同某某SDK`, `same as
//! above`.

use std::ops::Range;

use super::Candidate;
use crate::policy::lexicon::squash_name;
use crate::policy::page::Page;
use crate::policy::pattern::Pattern;

/// A reference, with the name of the entry it refers to; none is the one above.
static REFERS: Pattern = Pattern::new(
    r"(?i)^\s*(?:收集|采集|获取|共享)?的?(?:个人)?(?:信息|数据)?(?:类型|范围)?(?:均|与)?(?:(?:同|如)(?:上|前)述?|〃|ditto|(?:the )?same as (?:the )?above|as above|同(?P<zh>[^,。;、:]{2,20}?)|same as (?:for )?(?P<en>[^,.;:]{2,40}?))[。.]?\s*$",
);

/// Longest text that is looked at, in bytes.
const MAX_REFERENCE: usize = 80;

/// Entries looked back at for one of a name.
const MAX_BACK: usize = 200;

/// Gives each entry what it refers to, where an entry before it says it.
pub(super) fn resolve(page: &Page, candidates: &mut [Candidate]) {
    for at in 1..candidates.len() {
        let (before, rest) = candidates.split_at_mut(at);
        let Some(one) = rest.first_mut() else { return };
        let source = |range: &Range<usize>| referred(page, before, range);
        if let Some(from) = one.vendor.as_ref().and_then(source) {
            one.vendor.clone_from(&from.vendor);
        }
        // `OPPO推送(信息同vivo推送)`: beside the name.
        let beside = one.purpose.iter().chain(&one.context);
        let data = beside.filter(|_| one.data.is_empty());
        let data = data.filter(|range| page.get(range).contains("信息"));
        if let Some(from) = data.filter_map(source).next() {
            one.data.clone_from(&from.data);
        }
        for (field, of) in FIELDS {
            let own = field(one);
            let Some((place, from)) = own
                .iter()
                .enumerate()
                .find_map(|(place, range)| Some((place, source(range)?)))
            else {
                continue;
            };
            own.splice(place..place + 1, of(from).iter().cloned());
        }
    }
}

type Field = (
    fn(&mut Candidate) -> &mut Vec<Range<usize>>,
    fn(&Candidate) -> &Vec<Range<usize>>,
);

const FIELDS: [Field; 4] = [
    (|one| &mut one.purpose, |one| &one.purpose),
    (|one| &mut one.data, |one| &one.data),
    (|one| &mut one.permissions, |one| &one.permissions),
    (|one| &mut one.url, |one| &one.url),
];

/// The entry that a field refers to.
fn referred<'c>(
    page: &Page,
    before: &'c [Candidate],
    range: &Range<usize>,
) -> Option<&'c Candidate> {
    let text = page.get(range);
    if text.len() > MAX_REFERENCE || !may_refer(text) {
        return None;
    }
    let found = REFERS.captures(text.trim_matches(['(', ')', ' ']))?;
    let Some(name) = found.name("zh").or(found.name("en")) else {
        return before.last();
    };
    let name = squash_name(name.as_str());
    let named = |one: &&Candidate| squash_name(page.get(&one.name)).contains(&name);
    before.iter().rev().take(MAX_BACK).find(named)
}

/// Whether a short text holds a word of reference.
fn may_refer(text: &str) -> bool {
    ["同", "如", "〃"].iter().any(|word| text.contains(word)) || {
        let lower = text.to_ascii_lowercase();
        lower.contains("same as") || lower.contains("above") || lower.contains("ditto")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::document;

    #[test]
    fn a_field_may_refer_to_the_entry_above_or_to_one_by_its_name() {
        let text = "灰雁 OAID。\n蓝鲸 同上。\n远山 收集信息同灰雁。\n";
        let page = Page::of(&document::open("p.txt", text.as_bytes()).unwrap().source);
        let place = |words: &str, from: usize| {
            let at = from + page.text.get(from..).unwrap().find(words).unwrap();
            at..at + words.len()
        };
        let one = |name: &str, data: &str| {
            let name = place(name, 0);
            Candidate {
                data: vec![place(data, name.end)],
                name,
                ..Candidate::default()
            }
        };
        let mut found = [
            one("灰雁", "OAID"),
            one("蓝鲸", "同上"),
            one("远山", "收集信息同灰雁"),
        ];
        resolve(&page, &mut found);
        for one in &found {
            assert_eq!(page.get(one.data.first().unwrap()), "OAID");
        }
    }
}
