//! Items inside one line: `…如下:(1)A:…。(2)B:…。(3)C:…。`

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::policy::pattern::pattern;

/// Items that make a list.
const MIN_ITEMS: usize = 3;

/// Shortest line that may hold a list, in bytes.
const MIN_LINE: usize = 120;

/// Marks read from one line.
const MAX_MARKS: usize = 4_000;

/// A number that begins an item: behind a mark or a blank.
static MARK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[。;:,\s)])\s*(?:[(](?P<round>\d{1,3})[)]|(?P<listed>\d{1,3})、|(?P<dotted>\d{1,3})\.\s?[^\d\s]|(?P<circled>[①-⑳]))",
    )
});

/// A mark: its place, its form and its number.
struct Numbered {
    start: usize,
    form: usize,
    number: u32,
}

/// The items of the lists inside a line, list by list.
pub(super) fn lists(text: &str) -> Vec<Vec<Range<usize>>> {
    if text.len() < MIN_LINE {
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
            let bracket = usize::from(form == 0);
            Some(Numbered {
                start: group.start() - bracket,
                form,
                number,
            })
        })
        .collect()
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
    fn numbers_in_a_sentence_are_no_items() {
        let text = format!(
            "{}版本1.2、3.5和第2、3条",
            "我们会收集您的设备信息用于改进服务。".repeat(8)
        );
        assert!(lists(&text).is_empty());
    }
}
