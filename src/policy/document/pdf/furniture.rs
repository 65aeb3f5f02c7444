//! Headers, footers and page numbers: lines that stand at the same place on
//! most pages.

use std::collections::{HashMap, HashSet};

use super::lines::Line;

/// Lines at the top and at the bottom of a page that may be such.
const EDGE_LINES: usize = 3;
/// Points that count as one place.
const PLACE: f32 = 4.0;
/// Pages below which only page numbers are told from text.
const FEW_PAGES: usize = 3;

/// Takes them out of the pages; returns how many lines.
pub(super) fn remove(pages: &mut [Vec<Line>]) -> usize {
    let mut seen: HashMap<(String, i64), HashSet<usize>> = HashMap::new();
    for (page, lines) in pages.iter().enumerate() {
        for at in edges(lines.len()) {
            if let Some((words, place)) = lines.get(at).map(key) {
                // Neighbouring places count too.
                for near in place - 1..=place + 1 {
                    seen.entry((words.clone(), near)).or_default().insert(page);
                }
            }
        }
    }
    let total = pages.len();
    let repeated = |line: &Line| {
        let key = key(line);
        let number = is_page_number(&key.0);
        let on = seen.get(&key).map_or(0, HashSet::len);
        on * 5 >= total * 2 && (on >= FEW_PAGES || on >= 2 && number)
    };
    let mut removed = 0;
    for lines in pages {
        let mut drop: Vec<usize> = edges(lines.len())
            .filter(|at| lines.get(*at).is_some_and(&repeated))
            .collect();
        drop.sort_unstable();
        drop.dedup();
        removed += drop.len();
        for at in drop.into_iter().rev() {
            lines.remove(at);
        }
    }
    removed
}

fn edges(length: usize) -> impl Iterator<Item = usize> {
    let bottom = length
        .saturating_sub(EDGE_LINES)
        .max(EDGE_LINES.min(length));
    (0..EDGE_LINES.min(length)).chain(bottom..length)
}

/// The words without blanks, with one sign for any number, and the place.
fn key(line: &Line) -> (String, i64) {
    let text = line.text();
    let counts = !is_entry(&text);
    let mut words = String::new();
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        let c = if counts && c.is_ascii_digit() { '#' } else { c };
        if c != '#' || !words.ends_with('#') {
            words.push(c);
        }
    }
    (words, (line.y / PLACE) as i64)
}

/// Longest line whose numbers may count pages, in characters.
const MAX_COUNTED: usize = 40;

/// Whether the numbers of a line are its own, for it is an item or a sentence:
/// `1. …` and `2. …` at the top of two pages are no header.
fn is_entry(text: &str) -> bool {
    let text = text.trim();
    let number = text.trim_start_matches(['(', '（']);
    let rest = number.trim_start_matches(|c: char| c.is_ascii_digit());
    let mark = rest.starts_with(['.', '、', ')', '）', '．']);
    let mut behind = rest.chars().skip(1);
    let item = rest.len() < number.len()
        && mark
        && behind.next().is_some_and(|c| !c.is_ascii_digit())
        && rest.chars().any(char::is_alphabetic);
    item || text.contains(['。', '，', '：', '；']) || text.chars().count() > MAX_COUNTED
}

fn is_page_number(words: &str) -> bool {
    let sign = |c: char| "#第页共/-—–·.|Ppageof()（）".contains(c);
    words.contains('#') && words.chars().all(sign)
}

#[cfg(test)]
mod tests {
    use super::super::lines::{Gap, Segment};
    use super::*;

    fn line(y: f32, text: &str) -> Line {
        let segment = Segment {
            x: 50.0,
            end: 90.0,
            text: text.to_owned(),
            gap: Gap::None,
        };
        Line {
            y,
            size: 10.0,
            segments: vec![segment],
        }
    }

    #[test]
    fn items_that_differ_in_their_numbers_stay() {
        let page = |at: usize| {
            vec![
                line(800.0, "示例应用隐私政策"),
                line(780.0, &format!("{at}. 灰雁SDK{at}")),
                line(760.0, &format!("接入灰雁统计{at}版，收集设备信息")),
                line(40.0, &format!("示例应用 第 {at} 页")),
            ]
        };
        let mut pages: Vec<Vec<Line>> = (1..=4).map(page).collect();
        assert_eq!(remove(&mut pages), 8);
        assert!(pages.iter().all(|page| page.len() == 2));
    }

    #[test]
    fn what_repeats_at_one_place_is_left_out() {
        let mut pages: Vec<Vec<Line>> = (1..=4)
            .map(|page| {
                vec![
                    line(800.0 + page as f32 * 0.3, "示例应用隐私政策"),
                    line(700.0 - page as f32 * 20.0, "正文"),
                    line(
                        300.0,
                        &format!("第三方SDK{}", "甲乙丙丁".chars().nth(page - 1).unwrap()),
                    ),
                    line(40.0, &format!("第 {page} 页 共 4 页")),
                ]
            })
            .collect();
        assert_eq!(remove(&mut pages), 8);
        assert!(pages.iter().all(|page| page.len() == 2));
        let mut two = vec![
            vec![line(700.0, "名称"), line(40.0, "1/2")],
            vec![line(700.0, "名称"), line(40.0, "2/2")],
        ];
        assert_eq!(remove(&mut two), 2);
        assert_eq!(two[0].len(), 1);
    }
}
