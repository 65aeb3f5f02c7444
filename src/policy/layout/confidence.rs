//! How sure the reading of an entry is: how clear its layout is, and whether its
//! fields hold what they should.

use super::{Candidate, grid, is_company, prose};
use crate::policy::Lexicon;
use crate::policy::model::{Confidence, Layout};
use crate::policy::page::Page;
use crate::policy::url;

/// Longest name that reads like one, in characters.
const MAX_NAME: usize = 40;

/// The confidence of one entry.
pub(super) fn of(page: &Page, lexicon: &Lexicon, one: &Candidate) -> Confidence {
    let name = page.get(&one.name);
    let told = [
        !one.data.is_empty() || !one.permissions.is_empty(),
        !one.purpose.is_empty(),
        one.vendor
            .as_ref()
            .is_some_and(|company| is_company(page.get(company))),
        !one.url.is_empty() || one.prose && !url::find(page.get(&one.whole)).is_empty(),
    ];
    let told = told.iter().filter(|told| **told).count();
    let named = grid::is_name(name, lexicon);
    let head = name.split('(').next().unwrap_or(name);
    let sentence = !head.is_ascii() && prose::is_sentence(head);
    let odd = head.chars().count() > MAX_NAME || !named && sentence;
    let clear = match one.layout {
        Layout::Grid
        | Layout::VerticalTable
        | Layout::InvertedTable
        | Layout::TextTable
        | Layout::KeyValue => 2,
        Layout::CellPerLine | Layout::Items | Layout::Enumeration | Layout::Titled => 1,
        Layout::RunOn | Layout::Sentence => 0,
    };
    match clear + told + usize::from(named) {
        _ if odd => Confidence::Low,
        0 | 1 => Confidence::Low,
        2 | 3 => Confidence::Medium,
        _ => Confidence::High,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::document;
    use crate::sdk::KnowledgeBase;

    #[test]
    fn a_clear_layout_with_filled_fields_is_sure_and_a_bare_mention_is_not() {
        let text = "灰雁SDK\n灰雁有限公司\n设备型号\n我们使用了不同的合作方\n";
        let page = Page::of(&document::open("p.txt", text.as_bytes()).unwrap().source);
        let lexicon = Lexicon::compile(&KnowledgeBase::without_signatures());
        let place = |words: &str| {
            let at = page.text.find(words).unwrap();
            at..at + words.len()
        };
        let row = Candidate {
            name: place("灰雁SDK"),
            vendor: Some(place("灰雁有限公司")),
            data: std::iter::once(place("设备型号")).collect(),
            layout: Layout::Grid,
            ..Candidate::default()
        };
        assert_eq!(of(&page, &lexicon, &row), Confidence::High);
        let mention = Candidate {
            name: place("灰雁SDK"),
            ..Candidate::default()
        };
        assert_eq!(of(&page, &lexicon, &mention), Confidence::Low);
        let sentence = Candidate {
            name: place("我们使用了不同的合作方"),
            ..row
        };
        assert_eq!(of(&page, &lexicon, &sentence), Confidence::Low);
    }
}
