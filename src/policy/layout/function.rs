//! What an SDK of running text is for, where no clause opens like a purpose:
//! `展示同城仓时会收集…`, `为您提供云闪付付款服务`, `统计商品曝光`.

use std::ops::Range;

use crate::policy::pattern::Pattern;

use super::{Candidate, density, is_company};
use crate::policy::Lexicon;
use crate::policy::lexicon::Strength;
use crate::policy::page::Page;
use crate::policy::{sentence, url};

/// The scene in front of what is collected in it.
static SCENE: Pattern = Pattern::new(
    r"([^,。;:()]{3,40}?)(?:的?过程中|期间|时)[,\s]*(?:您|需要?|会|可能|将|我们|该SDK|其|也)*(?:收集|获取|采集|读取|调用|申请|传输|使用)",
);

/// What is provided; `由某某公司提供的X` tells whose X is.
static PROVIDES: Pattern = Pattern::new(r"提供((?:[^,。;:的])[^,。;:]{2,39})");

/// How a clause begins that tells what is collected.
const COLLECTS: [&str; 6] = ["收集", "获取", "采集", "读取", "处理", "上报"];

/// Bytes looked at behind a name.
const REACH: usize = 600;

/// Clauses looked at behind a name.
const MAX_CLAUSES: usize = 12;

/// Gives an entry of running text the clause that tells what it is for.
pub(super) fn attach(page: &Page, lexicon: &Lexicon, one: &mut Candidate) {
    if !one.prose || !one.purpose.is_empty() || one.whole.end <= one.name.end {
        return;
    }
    let end = sentence::floor(&page.text, one.name.end + REACH).min(one.whole.end);
    let rest = one.name.end..end;
    let text = page.get(&rest);
    let found = group(&SCENE, text)
        .filter(|range| tells(text, range, lexicon))
        .or_else(|| group(&PROVIDES, text).filter(|range| tells(text, range, lexicon)))
        .or_else(|| clause(text, lexicon));
    one.purpose
        .extend(found.map(|range| rest.start + range.start..rest.start + range.end));
}

fn group(pattern: &Pattern, text: &str) -> Option<Range<usize>> {
    Some(pattern.captures(text)?.get(1)?.range())
}

/// Whether words tell a function: they hold no data and name no company.
fn tells(text: &str, range: &Range<usize>, lexicon: &Lexicon) -> bool {
    let words = text.get(range.clone()).unwrap_or_default().trim();
    words.chars().count() >= 3
        && density(words, lexicon) < 0.3
        && !is_company(words)
        && url::find(words).is_empty()
}

/// Whether words speak of another product: `小米推送、华为推送` is what for in no text.
fn names_sdk(words: &str, lexicon: &Lexicon) -> bool {
    let hits = lexicon.names.find(words);
    hits.len() > 1 || hits.iter().any(|hit| hit.strength == Strength::Product)
}

/// The first clause whose words are those of a kind of SDK.
fn clause(text: &str, lexicon: &Lexicon) -> Option<Range<usize>> {
    let clauses = text
        .split([',', '。', ';', ':', '(', ')'])
        .take(MAX_CLAUSES);
    clauses
        .map(|clause| {
            let start = clause.as_ptr() as usize - text.as_ptr() as usize;
            start..start + clause.len()
        })
        .find(|range| {
            let words = text.get(range.clone()).unwrap_or_default();
            tells(text, range, lexicon)
                && !lexicon.purpose_classes(words).is_empty()
                && !names_sdk(words, lexicon)
                && !COLLECTS
                    .iter()
                    .any(|verb| words.trim_start().starts_with(verb))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::document;
    use crate::sdk::KnowledgeBase;

    #[test]
    fn clauses_that_do_not_say_what_for_tell_it_all_the_same() {
        let lexicon = Lexicon::compile(&KnowledgeBase::embedded());
        for (text, purpose) in [
            (
                "灰雁SDK。自动填写收货城市、展示同城仓时会收集GPS信息",
                "自动填写收货城市、展示同城仓",
            ),
            (
                "灰雁SDK。灰雁股份有限公司为您提供云端付款服务,收集IMEI",
                "云端付款服务",
            ),
            ("灰雁SDK。统计商品曝光与点击,收集IMEI", "统计商品曝光与点击"),
        ] {
            let page = Page::of(&document::open("p.txt", text.as_bytes()).unwrap().source);
            let at = page.text.find("灰雁SDK").unwrap();
            let mut one = Candidate {
                name: at..at + "灰雁SDK".len(),
                whole: at..page.text.trim_end().len(),
                prose: true,
                ..Candidate::default()
            };
            attach(&page, &lexicon, &mut one);
            let told: Vec<&str> = one.purpose.iter().map(|range| page.get(range)).collect();
            assert_eq!(told, [purpose]);
        }
    }
}
