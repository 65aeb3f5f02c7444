//! Columns that answer yes or no to something else than data: the platforms
//! that an SDK is used on, and whether it is used at all.

use std::ops::Range;

use super::answers::{self, Answer};
use crate::policy::page::Page;
use crate::policy::pattern::Pattern;
use crate::policy::platform;
use crate::policy::roles::Role;

/// Headers that ask whether an SDK is in use.
static USED: Pattern = Pattern::new(
    r"(?i)^\W*(?:(?:目前|当前|现)?是否(?:仍|已|正在|在|正)?(?:使用|启用|接入|集成|嵌入|引入|上线|在用|用)(?:中)?|在用|使用中|(?:currently )?(?:in use|used|active|enabled|integrated))\W*$",
);

/// Headers that ask whether it is gone.
static GONE: Pattern = Pattern::new(
    r"(?i)^\W*(?:是否)?(?:已|已经)?(?:停用|下线|移除|废弃|弃用|删除|停止使用|下架)\W*$|^\W*(?:removed|retired|discontinued|deprecated|disabled|inactive)\W*$",
);

/// What a column asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asks {
    /// The platform that its header names.
    Platform(Range<usize>),
    /// Whether the SDK is in use.
    Used,
    /// Whether it is no longer.
    Gone,
}

/// What each column of answers asks; none for all other columns.
pub(super) fn columns(
    page: &Page,
    header: &[Range<usize>],
    body: &[Vec<Range<usize>>],
    roles: &mut [Role],
) -> Vec<Option<Asks>> {
    let mut asks = vec![None; roles.len()];
    for ((at, head), role) in header.iter().enumerate().zip(roles.iter_mut()) {
        let words = page.get(head);
        let question = if USED.is_match(words) {
            Asks::Used
        } else if GONE.is_match(words) {
            Asks::Gone
        } else if platform::names_only_platforms(words) {
            Asks::Platform(head.clone())
        } else {
            continue;
        };
        let cells = body.iter().filter_map(|row| row.get(at));
        let mut answered = false;
        let all = cells.filter(|cell| *cell != head).all(|cell| {
            let answer = answers::of(page.get(cell));
            answered |= answer != Answer::Blank;
            answer != Answer::Words
        });
        if all
            && answered
            && let Some(slot) = asks.get_mut(at)
        {
            *slot = Some(question);
            *role = Role::Aside;
        }
    }
    asks
}

/// What a row answers.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// Headers of the platforms that are ticked.
    pub platforms: Vec<Range<usize>>,
    /// The cell that says that the SDK is not in use.
    pub gone: Option<Range<usize>>,
}

/// Reads the answers of a row.
pub(super) fn told(page: &Page, row: &[Range<usize>], asks: &[Option<Asks>]) -> Answers {
    let mut told = Answers::default();
    for (cell, asks) in row.iter().zip(asks) {
        let Some(asks) = asks else { continue };
        let answer = answers::of(page.get(cell));
        let yes = matches!(answer, Answer::Yes(_) | Answer::Digit(true));
        let no = matches!(answer, Answer::No | Answer::Ex | Answer::Digit(false));
        match asks {
            Asks::Platform(head) if yes => told.platforms.push(head.clone()),
            Asks::Used if no => told.gone = Some(cell.clone()),
            Asks::Gone if yes => told.gone = Some(cell.clone()),
            _ => {}
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use crate::policy::checks::testing::read_as;

    #[test]
    fn ticked_platforms_are_those_of_the_entry() {
        let list = "# 第三方SDK清单\n\n| SDK名称 | 用途 | 收集信息 | Android | iOS |\n| --- | --- | --- | --- | --- |\n| 灰雁推送SDK | 推送 | OAID | √ | × |\n| 白榆统计SDK | 统计 | IDFA | 否 | 是 |\n| 青禾地图SDK | 地图 | 位置 | √ | √ |\n";
        let read = read_as("p.md", list);
        let platforms: Vec<String> = read.sdks.iter().map(|s| s.platforms.join(" ")).collect();
        assert_eq!(platforms, ["android", "ios", "android ios"]);
    }

    #[test]
    fn an_answer_tells_what_is_not_in_use() {
        for (header, here, gone) in [
            ("是否使用", "是", "否"),
            ("是否停用", "否", "是"),
            ("In use", "Yes", "No"),
            ("是否接入", "√", "×"),
        ] {
            let list = format!(
                "# 第三方SDK清单\n\n| SDK名称 | 用途 | {header} | 收集信息 |\n| --- | --- | --- | --- |\n| 灰雁推送SDK | 推送 | {here} | OAID |\n| 白榆统计SDK | 统计 | {gone} | IMEI |\n"
            );
            let read = read_as("p.md", &list);
            let names: Vec<&str> = read.sdks.iter().map(|s| s.as_written.as_str()).collect();
            assert_eq!(names, ["灰雁推送SDK"], "{header}");
            let checks = read.checks.iter().filter(|c| c.code == "not-in-use");
            assert_eq!(checks.count(), 1, "{header}");
        }
    }
}
