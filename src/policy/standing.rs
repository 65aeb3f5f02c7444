//! Whether an entry stands for an SDK that is in the app now: a list may keep
//! those that were removed, and name those that are to come.
//!
//! The words must be about the name itself: in front of it (`不再使用X`), right
//! behind it (`X已下线`), in its own bracket, in a cell of its row, or in the line
//! that leads into its list. What is said of a feature, a version, a data type
//! or of a neighbour leaves an entry in use.

use std::ops::Range;

use rayon::prelude::*;

use super::layout::{Candidate, says_sdk};
use super::page::{Block, Page};
use super::pattern::Pattern;
use super::sentence;

/// Bytes looked at on either side of a name.
const MAX_CLAUSE: usize = 240;

/// Longest line that leads into a list, in characters; twice that in English.
const MAX_LEAD: usize = 40;

/// Words behind a name that end its clause: `已于2023年9月下线`.
static BEHIND: Pattern = Pattern::new(
    r#"(?ix)^\s*(?:sdk)?[”"》】]?\s*(?:等)?(?:[、和与及][^,。;]{0,60}?)?
        (?:目前|现在?|当前版本|自[^,。;]{1,16}?起|于[^,。;]{1,16}?|在[^,。;]{1,16}?|从[^,。;]{1,16}?起|[0-9v年月日.版本\s]{1,16})?
        (?:(?:已经?|均已?|现已|都已?|全部已?|也已?)
             (?:于[^,。;]{1,16}?|在[^,。;]{1,16}?|全部|正式|从[^,。;]{1,10}?中?)?
             (?:下线|下架|停用|移除|弃用|废弃|剔除|卸载|删除|停止(?:使用|接入|集成|合作)|终止合作|不再(?:使用|接入|集成))
          |不再(?:使用|接入|集成|嵌入)
          |(?:尚未|暂未|还未|并未|未)(?:正式)?(?:接入|集成|引入|嵌入|启用|上线|使用))
        (?:了)?\s*$"#,
);

/// Words in front of a name: `我们已不再使用…`, `计划在6.0版本接入…`.
static BEFORE: Pattern = Pattern::new(
    r#"(?x)(?:不再(?:使用|接入|集成|嵌入|包含|引入|含有)
          |(?:停止|终止)(?:使用|接入|集成|合作)
          |^\W*(?:本次)?(?:删除|移除|下线|停用|取消)
          |(?:下线|停用|移除|弃用|废弃|剔除|卸载|删除)了
          |(?:已经?|均已?|现已|并)(?:下线|下架|停用|移除|弃用|废弃|剔除|卸载|删除)
          |(?:计划|拟|准备|打算|将来|未来|后续版本|下一?个?版本|正在评估|评估|考虑|即将)[^,。;、]{0,20}?(?:接入|集成|引入|嵌入|启用|上线|采用)
          |(?:尚未|暂未|还未|并未|未|没有|不会?)(?:正式)?(?:使用|接入|集成|引入|嵌入|启用))
        (?:了|的)?(?:旧版本?的?|老版本?的?|原有?的?|第三方|由[^,。;]{2,24}?提供的|[^,。;、]{2,24}?的)?
        (?:[^,。;、]{1,30}?[、和与及])*["“《【]?$"#,
);

/// Conditions and wishes: `如您停止使用`.
static CONDITION: Pattern = Pattern::new(
    r"如果?您|若您?|当您|您(?:可|有权|停|不|已|未|没)|用户(?:可|停|不|未)|账号|授权|同意",
);

/// A cell, a key's value or a bracket that says it in a word.
static STATE: Pattern = Pattern::new(
    r"(?ix)^\W*(?:状态|status)?\W*(?:该sdk)?(?:目前|当前|现|暂)?(?:自[^,。;]{1,16}?起)?(?:已经?|均已|现已)?(?:于[^,。;]{1,16}?|[0-9v年月日.\s]{1,16}(?:版本)?)?
            (?:下线|下架|停用|移除|弃用|废弃|删除|停止使用|停止接入|停止合作|终止合作|不再使用|未启用|未使用|未接入|未集成|未上线|即将上线)(?:了)?\W*$
        | ^\W*(?:计划|拟|待|将)(?:于[^,。;]{1,16}?)?(?:接入|上线|启用|集成|引入)(?:中)?\W*$
        | ^\W*(?:removed|retired|discontinued|deprecated|decommissioned|inactive|disabled|not\ in\ use|no\ longer\ (?:used|active|in\ use|integrated)|planned|upcoming|to\ be\ added|not\ yet\ (?:used|active|integrated)|sunset)(?:\ (?:in|since|as\ of)?\ ?[^,;.]{1,20})?\W*$",
);

/// A line over a list of what is gone or to come.
static LEAD: Pattern = Pattern::new(
    r"(?ix)^[^,。;]{0,12}?(?:以下|下列|如下)?[^,。;]{0,8}?(?:已下线|已停用|已移除|已弃用|已废弃|不再使用|停止使用|停止合作|计划接入|计划引入|拟接入|即将接入|即将上线|尚未接入|未接入|不会使用|不使用)(?:的)?[^,。;]{0,12}$
        | ^\W*(?:\d+[.)]\s*)?(?:removed|retired|discontinued|deprecated|former|formerly\ used|no\ longer\ used|planned|upcoming|future|unused)\b[^.;]{0,30}$
        | ^the\ following\b.{0,40}\b(?:removed|planned|not\ (?:used|integrated|in\ use)|no\ longer|discontinued|deprecated)\b[^.;]{0,20}$",
);

/// The entries that are not in use, each with the words that say so; they are
/// taken out of the list.
pub(crate) fn take_out(
    page: &Page,
    entries: &mut Vec<Candidate>,
) -> Vec<(Range<usize>, Range<usize>)> {
    let leads = leads(page, entries);
    let said: Vec<_> = entries
        .par_iter()
        .zip(leads)
        .map(|(one, lead)| not_in_use(page, one).or(lead))
        .collect();
    let mut left_out = Vec::new();
    let mut said = said.into_iter();
    entries.retain(|one| {
        let said = said.next().flatten();
        let gone = said.is_some();
        left_out.extend(said.map(|said| (one.name.clone(), said)));
        !gone
    });
    left_out
}

/// For each entry the line above its list, where that says what all are.
fn leads(page: &Page, entries: &[Candidate]) -> Vec<Option<Range<usize>>> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    let start = |at: &usize| entries.get(*at).map_or(0, |one| one.whole.start);
    order.sort_by_key(start);
    let mut found = vec![None; entries.len()];
    let all = page.blocks.par_iter().filter_map(|block| match block {
        Block::Line(line) => Some(page.get(&line.range)),
        Block::Table(_) => None,
    });
    if !all.any(is_lead) {
        return found;
    }
    let mut lines = page.blocks.iter().filter_map(|block| match block {
        Block::Line(line) => Some(line),
        Block::Table(_) => None,
    });
    let mut next = lines.next();
    let mut lead: Option<Range<usize>> = None;
    let mut end = 0;
    for at in order {
        let Some(one) = entries.get(at) else { continue };
        while let Some(line) = next.filter(|line| line.range.end <= one.whole.start) {
            let text = page.get(&line.range);
            let inside = line.range.start < end;
            let titled = is_short(text) && !text.contains(['。', '、']) && says_sdk(text);
            let opens = sentence::heading(page, line).is_some() || text.ends_with(':') || titled;
            if !inside && (opens || text.contains('。')) {
                let gone = opens && is_lead(text);
                lead = gone.then(|| line.range.clone());
            }
            next = lines.next();
        }
        end = end.max(one.whole.end);
        if let Some(slot) = found.get_mut(at) {
            slot.clone_from(&lead);
        }
    }
    found
}

/// Whether a line is short enough to lead into a list.
fn is_short(line: &str) -> bool {
    let most = if line.is_ascii() {
        2 * MAX_LEAD
    } else {
        MAX_LEAD
    };
    line.chars().take(most + 1).count() <= most
}

/// Whether a line says that what it leads into is gone or to come.
fn is_lead(line: &str) -> bool {
    let words = line.trim_end_matches([':', ' ', '*']);
    is_short(line) && LEAD.is_match(words) && !CONDITION.is_match(words)
}

/// The words that say that the SDK of an entry is not in the app (any more, or
/// yet); none for entries that are in use.
fn not_in_use(page: &Page, one: &Candidate) -> Option<Range<usize>> {
    if one.out_of_use {
        return one.status.clone();
    }
    let mut cells = one.status.iter().chain(&one.purpose);
    if let Some(state) = cells.find(|cell| STATE.is_match(page.get(cell))) {
        return Some(state.clone());
    }
    let from = sentence::floor(&page.text, one.name.start.saturating_sub(MAX_CLAUSE));
    let to = sentence::floor(&page.text, one.name.end + MAX_CLAUSE);
    let behind = page.get(&(one.name.end..to));
    let name = page.get(&one.name);
    let (bracket, skipped) = own_bracket(behind);
    let inside = name
        .split_once('(')
        .map(|(_, inner)| inner.trim_end_matches(')'));
    if bracket
        .into_iter()
        .chain(inside)
        .any(|words| STATE.is_match(words))
    {
        return Some(one.name.start..one.name.end + skipped);
    }
    let behind = outside_brackets(behind.get(skipped..).unwrap_or_default());
    let head = page.get(&(from..one.name.start));
    let before = clause_before(head);
    let clause = format!("{before}{name}{behind}");
    let said = BEHIND.is_match(&behind) || BEFORE.is_match(&before);
    if !said || CONDITION.is_match(&clause) {
        return None;
    }
    let start = head.rfind(ends_clause).map_or(from, |at| {
        let mark = head.get(at..).and_then(|rest| rest.chars().next());
        from + at + mark.map_or(0, char::len_utf8)
    });
    let rest = page.get(&(one.name.end + skipped..to));
    let end = rest.find(ends_clause).unwrap_or(rest.len());
    Some(start..one.name.end + skipped + end)
}

fn ends_clause(c: char) -> bool {
    matches!(c, ',' | '。' | ';' | ':' | '!' | '?' | '\n' | '\t' | '|')
}

/// The bracket right behind a name, and how many bytes it and the word SDK in
/// front of it take.
fn own_bracket(behind: &str) -> (Option<&str>, usize) {
    let rest = behind.trim_start();
    let rest = rest.strip_prefix("SDK").unwrap_or(rest).trim_start();
    let Some(inner) = rest.strip_prefix('(') else {
        return (None, 0);
    };
    match inner.find([')', '\n']) {
        Some(end) if inner.get(end..).is_some_and(|rest| rest.starts_with(')')) => {
            let skipped = behind.len() - inner.len() + end + 1;
            (inner.get(..end), skipped)
        }
        _ => (None, 0),
    }
}

/// The words up to the end of the clause, without brackets.
fn outside_brackets(text: &str) -> String {
    let mut kept = String::new();
    let mut depth = 0usize;
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => break,
            ')' => depth -= 1,
            c if depth == 0 && ends_clause(c) => break,
            c if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

/// The words of the clause in front of a name, without brackets; a bracket that
/// is still open begins the clause.
fn clause_before(text: &str) -> String {
    let mut kept: Vec<char> = Vec::new();
    let mut depth = 0usize;
    for c in text.chars().rev() {
        match c {
            ')' => depth += 1,
            '(' if depth == 0 => break,
            '(' => depth -= 1,
            c if depth == 0 && ends_clause(c) => break,
            c if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept.into_iter().rev().collect()
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
        let there = document.sdks.into_iter().map(|one| one.as_written);
        (there.collect(), gone)
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
            "我们仅使用灰雁统计SDK收集OAID，未使用白榆推送SDK。",
            "不再使用白榆推送SDK，由灰雁统计SDK代替，收集OAID。",
            "除已停用的白榆推送SDK外，我们还接入灰雁统计SDK，收集OAID。",
        ] {
            let (there, gone) = names(text);
            assert_eq!(there, ["灰雁统计SDK"], "{text}");
            // A name that no words of use introduce is no entry to begin with.
            assert!(gone.iter().all(|name| name == "白榆推送SDK"), "{text}");
        }
    }

    #[test]
    fn what_is_said_of_a_neighbour_a_feature_or_a_version_drops_nobody() {
        for text in [
            "我们已停用旧组件，改用白榆推送SDK向您推送消息，收集OAID。",
            "如您停止使用白榆推送SDK提供的推送，我们会收集您的OAID。",
            "我们接入白榆推送SDK，该SDK已停用IMEI采集，仅收集OAID。",
            "我们集成白榆推送SDK统计已下线商品的浏览量，收集OAID。",
            "我们集成白榆推送SDK（旧版本已停用，现使用7.5版本），收集OAID。",
        ] {
            assert_eq!(names(text).0, ["白榆推送SDK"], "{text}");
        }
        let (there, gone) = names(
            "集成的SDK有：灰雁推送SDK（已于V3.0停用）、白榆统计SDK、青禾SDK，这些SDK会收集OAID。",
        );
        assert_eq!(there, ["白榆统计SDK", "青禾SDK"]);
        assert_eq!(gone, ["灰雁推送SDK（已于V3.0停用）"]);
    }

    #[test]
    fn a_line_over_a_list_says_what_all_in_it_are() {
        let text = "第三方SDK目录\n一、在用的SDK\n1、灰雁统计SDK：由灰雁科技有限公司提供，收集OAID。\n2、远山支付SDK：由远山科技有限公司提供，收集IP地址。\n二、已下线SDK\n1、白榆推送SDK：由白榆科技有限公司提供，收集OAID。\n2、青禾地图SDK：由青禾科技有限公司提供，收集位置信息。\n三、其他SDK\n1、蓝鲸SDK：由蓝鲸科技有限公司提供，收集OAID。\n2、赤杨SDK：由赤杨科技有限公司提供，收集IP地址。\n";
        let (there, gone) = names(text);
        assert_eq!(there, ["灰雁统计SDK", "远山支付SDK", "蓝鲸SDK", "赤杨SDK"]);
        assert_eq!(gone, ["白榆推送SDK", "青禾地图SDK"]);
    }
}
