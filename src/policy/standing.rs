//! Whether an entry stands for an SDK that is in the app now: a list may keep
//! those that were removed, and name those that are to come.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::layout::Candidate;
use super::page::Page;
use super::pattern::pattern;

/// Bytes looked at on either side of a name.
const MAX_CLAUSE: usize = 240;

/// A clause that says that an SDK is gone, or not there yet.
static NOT_IN_USE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)
          (?:已经?|均已?|现已|全部|曾|后)[^,。;已]{0,12}?(?:下线|下架|停用|移除|弃用|废弃|剔除|卸载|删除)
        | (?:停止|终止)(?:使用|接入|集成|合作)
        | 不再(?:使用|接入|集成|嵌入|包含|引入|含有)
        | (?:计划|拟|准备|打算|将来|未来|后续版本|下一?个?版本|正在评估|评估中|考虑)[^,。;]{0,20}?(?:接入|集成|引入|嵌入|启用|上线|采用)
        | (?:尚未|暂未|还未|并未|仍未)(?:正式)?(?:接入|集成|引入|嵌入|启用|上线|使用)",
    )
});

/// Conditions and wishes: `如您停止使用`.
static CONDITION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"如果?您|若您?|当您|您(?:可|有权|停|不|已)|用户(?:可|停|不)|账号|授权|同意")
});

/// What stands in the place of the old: what is named behind it is there.
static INSTEAD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"改用|改为|替换为|更换为|换成|由.{1,24}(?:代替|替代)"));

/// A cell, a key's value or a bracket that says it in a word.
static STATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)^\W*(?:状态|status)?\W*(?:已|现已|当前|目前|暂)?(?:下线|下架|停用|移除|弃用|废弃|停止使用|停止接入|停止合作|终止合作|不再使用|未启用|未使用|未接入|未集成|未上线)\W*$
        | ^\W*(?:计划|拟|待|将)(?:接入|上线|启用|集成|引入)\W*$
        | ^\W*(?:removed|retired|discontinued|deprecated|decommissioned|inactive|disabled|not\ in\ use|no\ longer\ (?:used|in\ use|integrated)|planned|upcoming|to\ be\ added|not\ yet\ (?:used|active|integrated))\W*$",
    )
});

/// The words that say that the SDK of an entry is not in the app (any more, or
/// yet); none for entries that are in use.
pub(crate) fn not_in_use(page: &Page, one: &Candidate) -> Option<Range<usize>> {
    if one.out_of_use {
        return one.status.clone();
    }
    let cell = one.status.iter().chain(&one.purpose);
    let state = cell.clone().find(|cell| STATE.is_match(page.get(cell)));
    if let Some(state) = state {
        return Some(state.clone());
    }
    if let Some(bracket) = bracket(page, &one.name) {
        return Some(bracket);
    }
    let clause = clause(page, one);
    let text = page.get(&clause);
    let said = NOT_IN_USE.find(text)?;
    let instead = INSTEAD.find(text).map(|found| clause.start + found.end());
    let here = instead.is_some_and(|after| after <= one.name.start);
    (!here && !CONDITION.is_match(text))
        .then(|| clause.start + said.start()..clause.start + said.end())
}

/// A bracket in or right behind a name that says its state.
fn bracket(page: &Page, name: &Range<usize>) -> Option<Range<usize>> {
    let to = super::sentence::floor(&page.text, name.end + MAX_CLAUSE);
    let line_end = page.get(&(name.end..to));
    let tail = line_end.find(['\n', '\t', '|', ')']).map_or(0, |at| at + 1);
    let text = page.get(&(name.start..name.end + tail));
    let (at, _) = text.match_indices(['(', '[', '【']).find(|(at, mark)| {
        let inner = text.get(at + mark.len()..).unwrap_or_default();
        let end = inner.find([')', ']', '】']).unwrap_or(inner.len());
        inner.get(..end).is_some_and(|inner| STATE.is_match(inner))
    })?;
    let end = text.get(at..)?.find([')', ']', '】']).unwrap_or(0);
    Some(name.start + at..name.start + at + end)
}

/// The clause around a name; inside the entry, where one cell is one clause.
fn clause(page: &Page, one: &Candidate) -> Range<usize> {
    let ends = |c: char| matches!(c, ',' | '。' | ';' | '\n' | '\t' | '|');
    let from = one.name.start.saturating_sub(MAX_CLAUSE);
    let from = super::sentence::floor(&page.text, from);
    let head = page.get(&(from..one.name.start));
    let start = head.rfind(ends).map_or(from, |at| {
        from + at
            + head
                .get(at..)
                .and_then(|rest| rest.chars().next())
                .map_or(0, char::len_utf8)
    });
    let to = super::sentence::floor(&page.text, one.name.end + MAX_CLAUSE);
    let tail = page.get(&(one.name.end..to));
    let end = tail.find(ends).map_or(to, |at| one.name.end + at);
    start..end
}

#[cfg(test)]
mod tests {
    use crate::policy::checks::testing::read;

    fn names(text: &str) -> (Vec<String>, Vec<String>) {
        let document = read(text);
        let gone = document
            .checks
            .iter()
            .filter(|check| check.code == "not-in-use");
        let gone = gone.map(|check| check.sdk.clone()).collect();
        (
            document
                .sdks
                .into_iter()
                .map(|one| one.as_written)
                .collect(),
            gone,
        )
    }

    #[test]
    fn what_was_removed_or_is_planned_is_not_disclosed() {
        let list = "第三方SDK目录\n序号\t名称\t公司主体\t目的\t信息\t状态\n1\t灰雁统计SDK\t灰雁科技有限公司\t统计\tOAID\t在用\n2\t白榆推送SDK\t白榆科技有限公司\t推送\tOAID\t已下线\n3\t青禾地图SDK\t青禾科技有限公司\t地图\t位置信息\t计划接入\n4\t远山支付SDK\t远山科技有限公司\t支付\tIP地址\t在用\n";
        let (there, gone) = names(list);
        assert_eq!(there, ["灰雁统计SDK", "远山支付SDK"]);
        assert_eq!(gone, ["白榆推送SDK", "青禾地图SDK"]);
        for text in [
            "我们接入了灰雁统计SDK，用于统计，会收集您的OAID。\n自5.0版本起，我们已不再使用白榆推送SDK，相关代码已移除。",
            "我们接入了灰雁统计SDK，用于统计，会收集您的OAID。\n白榆推送SDK（用于推送）已于2023年9月下线。",
            "我们接入了灰雁统计SDK，用于统计，会收集您的OAID。\n我们计划在6.0版本接入白榆推送SDK，用于推送。",
            "我们接入了灰雁统计SDK，用于统计，会收集您的OAID。\n正在评估接入白榆推送SDK用于推送。",
        ] {
            assert_eq!(names(text).0, ["灰雁统计SDK"], "{text}");
        }
    }

    #[test]
    fn what_took_its_place_and_what_a_user_may_stop_is_in_use() {
        for text in [
            "我们已停用旧组件，改用白榆推送SDK向您推送消息，收集OAID。",
            "如您停止使用白榆推送SDK提供的推送，我们会收集您的OAID。",
        ] {
            assert_eq!(names(text).0, ["白榆推送SDK"], "{text}");
        }
    }
}
