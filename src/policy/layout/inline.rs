//! Items inside one line: `…如下:(1)A:…。(2)B:…。(3)C:…。`

use std::ops::Range;

use crate::policy::pattern::Pattern;

/// Items that make a list.
const MIN_ITEMS: usize = 3;

/// Shortest line that may hold a list, in bytes.
const MIN_LINE: usize = 120;

/// Marks read from one line.
const MAX_MARKS: usize = 4_000;

/// A number that may begin an item.
static MARK: Pattern = Pattern::new(
    r"[(](?P<round>\d{1,3})[)]|(?P<listed>\d{1,3})、|(?P<dotted>\d{1,3})\.(?:\s\S|[^\d\s])|(?P<circled>[①-⑳])",
);

/// Words behind a number in brackets that is one of a law or a contract.
const CLAUSES: [char; 6] = ['条', '款', '项', '章', '节', '('];

/// A mark: its place, its form and its number.
struct Numbered {
    start: usize,
    form: usize,
    number: u32,
}

/// The items of the lists inside a line, list by list.
pub(super) fn lists(text: &str) -> Vec<Vec<Range<usize>>> {
    let first = || text.contains('1') || text.contains('①');
    if text.len() < MIN_LINE || !first() {
        return Vec::new();
    }
    let marks = marks(text);
    let mut found = Vec::new();
    for (at, first) in marks
        .iter()
        .enumerate()
        .filter(|(_, mark)| mark.number == 1)
    {
        let mut next = 1;
        let mut starts = Vec::new();
        for mark in marks.get(at..).unwrap_or_default() {
            if mark.form == first.form && mark.number == next {
                starts.push(mark.start);
                next += 1;
            } else if mark.form == first.form && mark.number == 1 {
                break; // the next list
            }
        }
        if starts.len() >= MIN_ITEMS {
            found.push(items(text, &starts));
        }
    }
    found
}

fn marks(text: &str) -> Vec<Numbered> {
    let marks = MARK.captures_iter(text).take(MAX_MARKS);
    marks
        .filter_map(|groups| {
            let forms = ["round", "listed", "dotted", "circled"];
            let (form, group) = forms
                .iter()
                .enumerate()
                .find_map(|(form, name)| Some((form, groups.name(name)?)))?;
            let number = match group.as_str().chars().next()? {
                c @ '①'..='⑳' => u32::from(c) - u32::from('①') + 1,
                _ => group.as_str().parse().ok()?,
            };
            let start = group.start() - usize::from(form == 0);
            begins(text, start, groups.get(0)?.end(), form).then_some(Numbered {
                start,
                form,
                number,
            })
        })
        .collect()
}

/// Whether an item may begin at a mark: behind a blank or another mark, and,
/// where it cannot be part of a word, right behind what the last item says.
fn begins(text: &str, start: usize, end: usize, form: usize) -> bool {
    let before = text.get(..start).and_then(|head| head.chars().next_back());
    let Some(before) = before else { return true };
    if before.is_whitespace() || matches!(before, '。' | ';' | ':' | ',' | ')') {
        return true;
    }
    let behind = text.get(end..).unwrap_or_default();
    match form {
        0 => before != '第' && !before.is_ascii_digit() && !behind.starts_with(CLAUSES),
        3 => true,
        _ => false,
    }
}

/// From mark to mark; the last item has as many sentences as the longest of the
/// others.
fn items(text: &str, starts: &[usize]) -> Vec<Range<usize>> {
    let mut items: Vec<Range<usize>> = starts
        .windows(2)
        .filter_map(|pair| Some(*pair.first()?..*pair.last()?))
        .collect();
    let stops = |range: &Range<usize>| {
        let inner = text.get(range.clone()).unwrap_or_default();
        inner.matches(['。', ';']).count().max(1)
    };
    let most = items.iter().map(stops).max().unwrap_or(1);
    if let Some(last) = starts.last() {
        let rest = text.get(*last..).unwrap_or_default();
        let end = rest
            .match_indices(['。', ';'])
            .nth(most - 1)
            .map_or(rest.len(), |(at, mark)| at + mark.len());
        items.push(*last..*last + end);
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_of_one_line_end_where_the_next_begins() {
        let text = "我们接入的第三方SDK如下:(1)灰雁统计SDK:由灰雁科技有限公司提供,收集OAID。(2)白榆组件:由白榆科技有限公司提供,收集IMEI。(3)远山SDK:由远山科技有限公司提供,收集IP地址。您可以随时注销账号。";
        let lists = lists(text);
        let items: Vec<&str> = lists[0].iter().map(|item| &text[item.clone()]).collect();
        assert_eq!(items.len(), 3);
        assert!(items[1].starts_with("(2)白榆组件"));
        assert!(items[2].ends_with("收集IP地址。"), "{}", items[2]);
    }

    #[test]
    fn numbers_right_behind_a_value_begin_items() {
        for [first, second, third] in [["(1)", "(2)", "(3)"], ["①", "②", "③"]] {
            let text = format!(
                "第三方SDK:{first}灰雁统计SDK 用途:统计 收集:IMEI{second}白榆推送SDK 用途:推送 收集:OAID{third}远山地图SDK 用途:定位 收集:位置"
            );
            let lists = lists(&text);
            assert_eq!(lists.first().map(Vec::len), Some(3), "{text}");
            assert!(text[lists[0][1].clone()].ends_with("OAID"));
        }
    }

    #[test]
    fn a_name_may_begin_with_digits_behind_its_number() {
        let text = "第三方SDK:1. 灰雁统计SDK 用途:统计 收集:IMEI 2. 77加固SDK 用途:加固 收集:无 3. 9号地图SDK 用途:定位 收集:位置";
        assert_eq!(lists(text).first().map(Vec::len), Some(3));
    }

    #[test]
    fn clauses_of_a_law_are_no_items() {
        let text = "依据本政策第(1)条、第(2)条和第(3)条,以及第6(1)款、第6(2)款、第6(3)款,我们会使用灰雁统计SDK收集OAID用于统计分析。";
        assert!(lists(text).is_empty());
    }

    #[test]
    fn numbers_in_a_sentence_are_no_items() {
        let text = format!(
            "{}版本1.2、3.5和第2、3条",
            "我们会收集您的设备信息用于改进服务。".repeat(8)
        );
        assert!(lists(&text).is_empty());
    }
}
