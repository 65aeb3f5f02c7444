//! What governs the lines of a section: a heading (`我们收集的信息`) or a sentence
//! with a colon (`我们会收集以下信息:`) says of all the items below it that the app
//! collects them, or that it does not.

use super::sections::topic;
use super::{BY_LAW, DENIES, MAX_HEADING, OF_OTHERS, OTHERS, RIGHT};
use crate::policy::document::LineKind;
use crate::policy::page::{Line, Page};
use crate::policy::pattern::Pattern;
use crate::policy::sentence;

/// What is said of the lines below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// Nothing; each line speaks for itself.
    Silent,
    /// The app collects what they name.
    Collected,
    /// The same, said by a sentence that opens a list of data.
    Listed,
    /// The app does not collect what they name.
    Denied,
}

/// Headings over what is collected.
static OVER_COLLECTED: Pattern = Pattern::new(
    r"(?i)收集|采集|获取的?[^,。]{0,8}信息|\bcollect|\b(?:information|data) (?:that )?you (?:provide|give|submit)",
);

/// Lines that are such a heading without being marked as one.
static TITLE: Pattern = Pattern::new(
    r"(?ix)我们(?:会|可能|如何|将|需要)?(?:收集|采集|获取)|(?:收集|采集|获取)(?:的|哪些)|信息的?(?:收集|采集)
        |\b(?:information|data)\s+(?:that\s+)?(?:we\s+(?:may\s+)?collect|you\s+(?:provide|give))|\bwhat\s+(?:\w+\s+){1,3}(?:do\s+)?we\s+collect|\bhow\s+we\s+collect|\bcollection\s+of\b",
);

/// Headings and leads over something else that is done with data.
static OTHER: Pattern = Pattern::new(
    r"(?ix)权利|如何(?:使用|存储|保存|保护|管理|访问|删除)|用于|用途|存储|保存|保护|安全措施|共享|披露|转让|委托|分享给|提供给|例外|无需征得|定义|释义|联系我们|投诉|注销|(?:是|系)?为了?\s*:
        |\b(?:uses?|used|shar(?:e|ed|ing)|disclos\w+|transfer\w*|retain|retention|retained|stor(?:e|ed|age)|protect\w*|rights|choices|contact\s+us|purposes?|sell|delete)\b|\b(?:to|for|because|by|when|if)\s*:",
);

/// A clause that says that data is taken in.
static GATHERS: Pattern = Pattern::new(
    r"(?ix)收集|采集|获取|读取|记录|(?:提供|填写|上传|提交|补充)[^,。;]{0,24}(?:信息|资料|材料|数据|内容|如下|以下)
        |\b(?:collect|gather|obtain|receiv)\w*|\b(?:provide|give|submit|enter)\b[^,.;]{0,40}\b(?:information|data|details|following)\b",
);

/// What a lead announces instead of data.
static SITUATIONS: Pattern = Pattern::new(
    r"(?i)(?:情形|情况|场景|功能|服务|目的|方式|途径|措施|渠道|原则|阶段|环节|步骤)[^,。;]{0,8}:$|\b(?:ways|cases|circumstances|situations|services|sources|features|principles|reasons)\b[^,.;]{0,16}:$",
);

/// Where the walk through a policy stands.
#[derive(Debug, Default)]
pub(super) struct Leads {
    /// The open headings that rule something, each deeper than the one before.
    headings: Vec<(u8, Rule)>,
    /// The last lead below them.
    lead: Option<Rule>,
}

impl Leads {
    /// What governs the lines at this place.
    pub fn rule(&self) -> Rule {
        let heading = self.headings.last().map(|(_, rule)| *rule);
        self.lead.or(heading).unwrap_or(Rule::Silent)
    }

    /// Notes a line; says whether it only opens what follows.
    pub fn enter(&mut self, page: &Page, line: &Line) -> bool {
        let text = page.get(&line.range);
        if let Some(depth) = sentence::heading(page, line) {
            self.headings.retain(|(open, _)| *open < depth);
            self.lead = None;
            if let Some(rule) = titled(text, &OVER_COLLECTED) {
                self.headings.push((depth, rule));
            }
            return true;
        }
        if text.ends_with(':') {
            let rule = led(text);
            self.lead = rule.or(self.lead);
            return rule.is_some();
        }
        let short = text.chars().take(MAX_HEADING + 1).count() <= MAX_HEADING;
        if short && line.kind != LineKind::Item && !text.contains(['。', ',', ';', ':', '、']) {
            let rule = titled(text, &TITLE);
            self.lead = rule.or(self.lead);
            return rule.is_some();
        }
        if self.lead.is_some() && ends_list(line, text, short) {
            self.lead = None;
        }
        if short && OTHERS.is_match(text) {
            self.lead = Some(Rule::Silent); // the head of an entry about others
        }
        false
    }
}

/// Whether a line below a lead is no part of its list.
fn ends_list(line: &Line, text: &str, short: bool) -> bool {
    let item = line.kind == LineKind::Item || sentence::marker(text).is_some();
    !item && !short && GATHERS.is_match(text)
}

/// What a heading rules; none where it says nothing of its own.
fn titled(text: &str, collected: &Pattern) -> Option<Rule> {
    let text = &topic(text);
    if OTHERS.is_match(text) {
        Some(Rule::Silent)
    } else if DENIES.is_match(text) {
        Some(Rule::Denied)
    } else if collected.is_match(text) && !text.contains("例外") {
        Some(Rule::Collected)
    } else {
        OTHER.is_match(text).then_some(Rule::Silent)
    }
}

/// What a line that ends with a colon rules: its last clause tells, else its last
/// sentence.
fn led(text: &str) -> Option<Rule> {
    let last = |marks: &[char]| {
        let body = text.trim_end_matches(':');
        let from = body.rfind(marks).map_or(0, |at| at + 1);
        text.get(from..).or_else(|| text.get(from + 2..))
    };
    let clause = last(&[',', ';', '。', '!', '?'])?;
    clause_rule(clause).or_else(|| clause_rule(last(&['。', '!', '?'])?))
}

fn clause_rule(clause: &str) -> Option<Rule> {
    if OF_OTHERS.is_match(clause) || BY_LAW.is_match(clause) || RIGHT.is_match(clause) {
        Some(Rule::Silent)
    } else if DENIES.is_match(clause) {
        Some(Rule::Denied)
    } else if SITUATIONS.is_match(clause) {
        None
    } else if OTHER.is_match(clause) {
        Some(Rule::Silent)
    } else {
        GATHERS.is_match(clause).then_some(Rule::Listed)
    }
}
