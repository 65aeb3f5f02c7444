//! Products that running text names by whose they are: `由X公司提供的Y`,
//! `Y(X公司)`, `集成了Y,其由X公司提供`. The name itself need not say SDK.

use std::ops::Range;

use crate::policy::pattern::{Match, Pattern};

use super::{density, is_company, prose};
use crate::policy::Lexicon;
use crate::policy::sentence;

/// Longest name read this way, in characters.
const MAX_NAME: usize = 24;

/// Bytes looked at around a name.
const MAX_WINDOW: usize = 400;

/// A company and the words that say that something is its.
static OWNER: Pattern = Pattern::new(
    r#"[^,。;、:由向与()]{2,40}?(?:公司|集团|研究院|联盟)(?:[(][^()]{1,12}[)])?(?:(?:所)?(?:提供|运营|开发|研发|推出)的?|旗下的?|的)\s*"#,
);

/// Something taken in, and then the words that say who provides it.
static TAKEN: Pattern = Pattern::new(
    r#"(?:使用|集成|接入|采用|嵌入|内置|引入|调起|启用)(?:了|的是)?\s*["“]?([^,。;、:()“”"]{2,24}?)["”]?,(?:其|它|该[^,。]{0,6})?(?:是)?由[^,。;]{2,40}?(?:提供|开发|运营|研发)"#,
);

/// Verbs of taking in: without one the text speaks of something else.
static TAKES: Pattern = Pattern::new(
    r"(?i)使用|集成|接入|采用|嵌入|内置|引入|调起|调用|启用|支持|依赖|sdk|开发包|插件|组件|控件",
);

/// Words that end a name in a sentence.
static STOP: Pattern = Pattern::new(
    r"会|将|来(?:为|实|提|完|进)|以便|以实现|用于|用来|进行|实现|为您|收集|获取|采集|向您|帮助|并",
);

/// What a company has that is no product of it.
static POSSESSION: Pattern = Pattern::new(
    r"政策|协议|声明|条款|规则|信息|数据|账号|账户|用户|员工|网站|官网|地址|股东|客服|要求|服务器|权利|名义|关联|子公司",
);

/// Verbs and marks behind which a name in front of a bracket begins.
static FRONT: Pattern = Pattern::new(
    r"^.*(?:使用|集成|接入|采用|嵌入|内置|引入|调起|调用|启用|依赖|选择|通过|包括|以及|给|由|了|为|是|[①-⑳]|[0-9][.)、]|[a-z][.)])\s*",
);

/// Whether a text takes in something by saying whose it is.
pub(super) fn speaks(text: &str) -> bool {
    TAKES.is_match(text)
        && (OWNER.is_match(text) || TAKEN.is_match(text) || bracketed(text).next().is_some())
}

/// The names, as ranges of the text.
pub(super) fn names(text: &str, lexicon: &Lexicon) -> Vec<Range<usize>> {
    if !TAKES.is_match(text) {
        return Vec::new();
    }
    let others = |owner: &Match<'_>| {
        let words = owner.as_str();
        let lead = FRONT.find(words).map_or(0, |lead| lead.end());
        let words = words.get(lead..).unwrap_or_default();
        !prose::OWN.iter().any(|own| words.contains(own))
    };
    let owned = OWNER
        .find_iter(text)
        .filter(others)
        .filter_map(|owner| behind(text, owner.end()));
    let taken = TAKEN
        .captures_iter(text)
        .filter_map(|found| Some(found.get(1)?.range()));
    owned
        .chain(taken)
        .chain(bracketed(text))
        .filter(|range| is_product(text.get(range.clone()).unwrap_or_default(), lexicon))
        .collect()
}

/// The name that begins at `from`: inside quotes, or up to a mark or a verb.
fn behind(text: &str, from: usize) -> Option<Range<usize>> {
    let rest = head(text.get(from..)?);
    if let Some(inner) = rest.strip_prefix(['“', '"']) {
        let start = from + (rest.len() - inner.len());
        let end = inner.find(['”', '"'])?;
        return Some(start..start + end);
    }
    let mark = rest.find([',', '。', ';', '、', '(', ':', '“', '"', '\n']);
    let verb = STOP.find(rest).map(|found| found.start());
    let sdk = rest.to_ascii_lowercase().find("sdk").map(|at| at + 3);
    let end = mark.into_iter().chain(verb).chain(sdk).min();
    let end = end.unwrap_or(rest.len());
    let words = rest.get(..end)?.trim_end();
    Some(from..from + words.len())
}

/// Names whose bracket opens with a company.
fn bracketed(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    text.match_indices('(').filter_map(move |(at, _)| {
        let inner = head(text.get(at + 1..)?);
        let first = inner.split([',', ';', '、', ')', ':']).next()?;
        if !is_company(first) {
            return None;
        }
        let head = text.get(..at)?.trim_end();
        let far = sentence::floor(head, head.len().saturating_sub(MAX_WINDOW));
        let head_start = far;
        let head = head.get(far..)?;
        let mark = head
            .char_indices()
            .rev()
            .find(|(_, c)| matches!(c, ',' | '。' | ';' | '、' | ':' | ')' | '\n'))
            .map_or(0, |(at, c)| at + c.len_utf8());
        let words = head.get(mark..)?;
        let lead = FRONT.find(words).map_or(0, |lead| lead.end());
        let name = words.get(lead..)?.trim_matches(['“', '”', '"', ' ']);
        let start = mark + lead + words.get(lead..)?.find(name)?;
        Some(head_start + start..head_start + start + name.len())
    })
}

/// The first bytes of a text, as far as a name or a company may reach.
fn head(text: &str) -> &str {
    text.get(..sentence::floor(text, MAX_WINDOW))
        .unwrap_or(text)
}

fn is_product(name: &str, lexicon: &Lexicon) -> bool {
    let length = name.chars().count();
    (2..=MAX_NAME).contains(&length)
        && !is_company(name)
        && !prose::is_generic(name)
        && !POSSESSION.is_match(name)
        && density(name, lexicon) < 0.5
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sdk::KnowledgeBase;

    #[test]
    fn products_are_named_by_whose_they_are() {
        let lexicon = Lexicon::compile(&KnowledgeBase::without_signatures());
        for (text, expected) in [
            (
                "我们接入了由灰雁科技有限公司提供的灰雁引擎,该引擎会收集OAID",
                vec!["灰雁引擎"],
            ),
            (
                "分别启用灰雁有限公司的G推送服务、蓝鲸有限公司的BluePush,上述厂商",
                vec!["G推送服务", "BluePush"],
            ),
            (
                "由远山银行股份有限公司提供的\"远山直付\"控件",
                vec!["远山直付"],
            ),
            (
                "我们集成了灰雁统计,其由灰雁科技有限公司提供",
                vec!["灰雁统计"],
            ),
            ("我们使用灰雁认证(灰雁科技有限公司),它会", vec!["灰雁认证"]),
            (
                "嵌入以下两款:①灰雁控件(灰雁有限公司,用于付款)",
                vec!["灰雁控件"],
            ),
            ("我们使用灰雁科技有限公司的隐私政策", vec![]),
            ("本应用由灰雁科技有限公司(以下称“我们”)提供", vec![]),
        ] {
            let found: Vec<&str> = names(text, &lexicon)
                .into_iter()
                .map(|range| &text[range])
                .collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
