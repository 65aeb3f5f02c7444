//! Several SDKs in one passage: which of its words speak of which.

use std::ops::Range;

use crate::policy::pattern::Pattern;

use super::Candidate;
use crate::policy::page::Page;
use crate::policy::sentence::{self, Said};

/// A sentence about all that were named before it.
static ALL: Pattern = Pattern::new(
    r"(?i)(?:^|[。;!\n]\s*|[,，]\s*)((?:上述|以上|前述|它们|他们|这些|这[两三几](?:个|款|家)?|二者|两者|三者|该等|其均|均会|此类|these\b|they\b|both\b|all of (?:them|these)\b)[^。]*(?:。|$))",
);

/// What may stand between two names of one list.
static BETWEEN: Pattern = Pattern::new(
    r"(?i)^(?:\s|[、,/&+]|和|及|与|或|以及|还有|\band\b|\bor\b|的|sdk|[(][^()]{0,60}[)])*$",
);

/// One list of names with the words about it.
struct Cluster {
    names: Vec<Range<usize>>,
    words: Range<usize>,
}

/// An entry for each name, with what its own words say and what is said of all.
pub(super) fn entries(page: &Page, range: &Range<usize>, names: &[Range<usize>]) -> Vec<Candidate> {
    let text = page.get(range);
    let all = ALL
        .captures_iter(text)
        .filter_map(|groups| groups.get(1))
        .map(|found| range.start + found.start()..range.start + found.end())
        .find(|found| names.iter().all(|name| name.end <= found.start));
    let own_end = all.as_ref().map_or(range.end, |all| all.start);
    let clusters = clusters(page, range.start..own_end, names);
    let shared = all
        .as_ref()
        .filter(|_| clusters.len() > 1)
        .map(|all| sentence::said(page, all, &[]));
    if clusters.len() < 2 {
        let said = sentence::said(page, range, names);
        return names
            .iter()
            .map(|name| entry(name, range, &said, None))
            .collect();
    }
    clusters
        .iter()
        .flat_map(|cluster| {
            let said = sentence::said(page, &cluster.words, &cluster.names);
            let one = |name| entry(name, &cluster.words, &said, shared.as_ref());
            cluster.names.iter().map(one).collect::<Vec<_>>()
        })
        .collect()
}

fn entry(
    name: &Range<usize>,
    words: &Range<usize>,
    said: &Said,
    shared: Option<&Said>,
) -> Candidate {
    let mut data = said.data.clone();
    let mut purpose = said.purpose.clone();
    if let Some(more) = shared {
        data.extend(more.data.iter().cloned());
        purpose.extend(more.purpose.iter().cloned());
    }
    Candidate {
        name: name.clone(),
        data,
        purpose,
        context: vec![words.clone()],
        whole: words.clone(),
        prose: true,
        ..Candidate::default()
    }
}

/// Names that only list marks part are one list; its words go from the mark in
/// front of its first name to the mark in front of the next list.
fn clusters(page: &Page, range: Range<usize>, names: &[Range<usize>]) -> Vec<Cluster> {
    let mut found: Vec<Cluster> = Vec::new();
    for name in names {
        let before = found.last_mut().and_then(|last| {
            let end = last.names.last()?.end;
            let gap = page.get(&(end..name.start));
            Some((last, end, gap))
        });
        match before {
            None => found.push(Cluster {
                names: vec![name.clone()],
                words: range.clone(),
            }),
            Some((last, end, gap)) if BETWEEN.is_match(gap) && !own(page, end, gap) => {
                last.names.push(name.clone());
            }
            Some((last, end, gap)) => {
                let start = end + boundary(gap).unwrap_or(gap.len());
                last.words.end = start;
                found.push(Cluster {
                    names: vec![name.clone()],
                    words: start..range.end,
                });
            }
        }
    }
    found
}

/// Whether the bracket behind a name says what that one collects: `A(收集昵称)、B`.
fn own(page: &Page, end: usize, gap: &str) -> bool {
    let bracket = gap.find('(').zip(gap.rfind(')'));
    bracket.is_some_and(|(open, close)| {
        !sentence::said(page, &(end + open + 1..end + close), &[])
            .data
            .is_empty()
    })
}

/// Where the words about the next name begin in what stands between two: behind
/// the last mark outside brackets, a strong one before a weak one.
fn boundary(gap: &str) -> Option<usize> {
    let mut depth = 0usize;
    let (mut strong, mut weak) = (None, None);
    for (at, c) in gap.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    weak = Some(at + c.len_utf8());
                }
            }
            '①'..='⑳' if depth == 0 => strong = Some(at),
            ';' | '。' | '!' | '\n' if depth == 0 => strong = Some(at + c.len_utf8()),
            ',' | '、' if depth == 0 => weak = Some(at + c.len_utf8()),
            _ => {}
        }
    }
    let later = |at: &usize| strong.is_none_or(|strong| *at > strong);
    // `…;选择微信付款时,调起X`: the clause behind the strong mark is X's.
    strong.or_else(|| weak.filter(later))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::document;

    fn told(text: &str, names: &[&str]) -> Vec<(String, Vec<String>)> {
        let page = Page::of(&document::open("p.txt", text.as_bytes()).unwrap().source);
        let place = |name: &&str| {
            let at = page.text.find(*name).unwrap();
            at..at + name.len()
        };
        let names: Vec<Range<usize>> = names.iter().map(place).collect();
        let range = 0..page.text.trim_end().len();
        let text = |range: &Range<usize>| page.get(range).trim().to_owned();
        entries(&page, &range, &names)
            .iter()
            .map(|one| (text(&one.name), one.data.iter().map(text).collect()))
            .collect()
    }

    #[test]
    fn each_name_has_the_words_behind_it() {
        let found = told(
            "目前嵌入两款:①灰雁SDK(用于推送,收集OAID);②蓝鲸SDK(用于支付,收集IP地址)。",
            &["灰雁SDK", "蓝鲸SDK"],
        );
        assert_eq!(found.len(), 2);
        assert!(found[0].1.join("").contains("OAID") && !found[0].1.join("").contains("IP"));
        assert!(found[1].1.join("").contains("IP") && !found[1].1.join("").contains("OAID"));
    }

    #[test]
    fn a_list_of_names_shares_its_words_and_what_is_said_of_all() {
        let found = told(
            "我们集成灰雁SDK、蓝鲸SDK用于推送,集成远山SDK用于地图。上述SDK会收集OAID。",
            &["灰雁SDK", "蓝鲸SDK", "远山SDK"],
        );
        assert!(found.iter().all(|(_, data)| data.join("").contains("OAID")));
    }
}
