//! `unfilled-field`: a place of a template left inside a list that is
//! otherwise filled in.

use std::ops::Range;

use memchr::memchr3;
use rayon::prelude::*;

use crate::policy::pattern::Pattern;

use super::{Ground, short};
use crate::formats::limits::MAX_CHECKS_PER_CODE;
use crate::policy::model::{DisclosureForm, PolicyCheck, PolicyDocument};
use crate::policy::page::{Block, Page};
use crate::policy::sentence;

/// Longest place to fill in, in bytes.
const MAX_PLACE: usize = 160;

/// Places that are one wherever they stand.
static PLACE: Pattern = Pattern::new(
    r"(?ix)
          [\[【<{(] (?:请|在此|此处|待)* (?:填写|填入|输入|插入|补充|替换) [^\]】>})\n。]* [\]】>})]
        | \{\{ [^{}\n:;=]+ \}\}
        | \$\{ [A-Za-z0-9_.\-]+ \}
        | [\[<{] \s* (?:insert|enter|fill\ in|add) \s [^\]>}\n]+ [\]>}]
        | [\[<{] \s* (?:your|the)? \s* (?:company|app|application|business|developer|sdk|vendor|provider|third[\ -]party|website) \s* (?:name|url|address|email)? \s* [\]>}]
        | [\[<{] \s* (?:date|contact\ (?:email|address|details)|email\ address|privacy\ policy\ (?:url|link)) \s* [\]>}]",
);

/// A field's own name in brackets: a place inside a sentence or behind a colon,
/// a key at the start of a line.
static NAMED: Pattern = Pattern::new(
    r"(?i)[\[【<{](?:贵|我|您的?|你的?)?(?:公司|企业|单位|应用|产品|App|软件|平台|开发者|开发商|运营者|第三方|合作方|SDK|联系)\s?(?:名称|全称|名字|名|地址|邮箱|电话|方式|网址|链接)[\]】>}]",
);

/// Company or product names whose letters were never replaced.
static CROSSED: Pattern = Pattern::new(
    r"(?i)(?:X{2,}|[×＊*]{2,}|某某)(?:科技|网络|信息|软件)*(?:有限)?(?:公司|SDK|应用|APP|平台)",
);

/// A line to write on.
static RULED: Pattern = Pattern::new(r"_{4,}");

/// A value that says that it is to come.
static TO_COME: Pattern = Pattern::new(
    r"(?i)^(?:待补充|待填写?|待定|待完善|待确认|TBD|TODO|T\.B\.D\.?|to be (?:determined|added|filled in|completed)|X{2,}|_{2,}|[\[【]\s*[\]】])$",
);

pub(super) fn check(document: &PolicyDocument, ground: &Ground<'_>) -> Vec<PolicyCheck> {
    if document.sdks.is_empty() || document.disclosure_form == DisclosureForm::TemplateUnfilled {
        return Vec::new(); // the form says it
    }
    let page = ground.page;
    let of_block = |block: &Block| match block {
        Block::Line(line) => in_line(page, &line.range),
        Block::Table(rows) => {
            let below = rows.iter().skip(1).flatten();
            let cells = below.filter(|cell| !cell.repeated);
            cells.flat_map(|cell| in_cell(page, &cell.range)).collect()
        }
    };
    let blocks = page.blocks.par_iter();
    let mut places: Vec<Range<usize>> = blocks.flat_map_iter(of_block).collect();
    places.sort_by_key(|range| range.start);
    let mut taken = 0;
    places.retain(|range| {
        let free = range.start >= taken;
        taken = taken.max(range.end);
        free
    });
    let told = places.iter().take(MAX_CHECKS_PER_CODE + 1);
    told.map(|range| place(range, ground)).collect()
}

fn place(range: &Range<usize>, ground: &Ground<'_>) -> PolicyCheck {
    let inside = ground
        .candidates
        .iter()
        .zip(ground.parts)
        .find(|(candidate, _)| {
            candidate.whole.start <= range.start && range.end <= candidate.whole.end
        });
    let entry = inside
        .map(|(_, part)| part.as_written.clone())
        .unwrap_or_default();
    PolicyCheck {
        code: "unfilled-field".to_owned(),
        message: format!(
            "“{}” looks like a place of a template that nobody filled in",
            short(ground.page.get(range))
        ),
        sdk: entry,
        quote: Some(ground.quote(range)),
    }
}

/// Whether a text holds a bracket, not a round one, that may open a place.
fn opens_bracket(text: &str) -> bool {
    memchr3(b'[', b'<', b'{', text.as_bytes()).is_some() || text.contains('【')
}

fn in_line(page: &Page, line: &Range<usize>) -> Vec<Range<usize>> {
    let text = page.get(line);
    let mut found = everywhere(text);
    let value = text.split_once(':').map_or("", |(_, value)| value).trim();
    if TO_COME.is_match(value) {
        found.push(
            text.len() - text.trim_end().len() + text.trim_end().len() - value.len()
                ..text.trim_end().len(),
        );
    }
    let named = opens_bracket(text).then(|| NAMED.find_iter(text));
    let mut named = named.into_iter().flatten();
    if let (Some(place), None) = (named.next(), named.next()) {
        let head = sentence::marker(text).unwrap_or(0);
        let open = is_place(text, head, place.start(), place.end());
        found.extend(open.then(|| place.range()));
    }
    // A line of nothing but underscores parts sections.
    let ruled = text.contains('_').then(|| RULED.find_iter(text));
    found.extend(
        ruled
            .into_iter()
            .flatten()
            .filter(|_| text.chars().any(char::is_alphanumeric))
            .filter(|rule| !is_identifier(text, rule.start(), rule.end()))
            .map(|rule| rule.range()),
    );
    moved(found, line.start)
}

fn in_cell(page: &Page, cell: &Range<usize>) -> Vec<Range<usize>> {
    let text = page.get(cell);
    let mut found = everywhere(text);
    let whole = text.trim();
    let named = NAMED
        .find(whole)
        .is_some_and(|place| place.as_str().len() == whole.len());
    if TO_COME.is_match(whole) || named {
        found.push(0..text.len());
    }
    moved(found, cell.start)
}

fn everywhere(text: &str) -> Vec<Range<usize>> {
    // Longer brackets hold text of their own.
    let bracketed = opens_bracket(text) || text.contains('(');
    let places = bracketed.then(|| PLACE.find_iter(text));
    let places = places
        .into_iter()
        .flatten()
        .map(|place| place.range())
        .filter(|place| place.len() <= MAX_PLACE);
    let crossed = CROSSED.find_iter(text).filter(|name| {
        let before = text.get(..name.start()).unwrap_or_default();
        let glued = before.ends_with(|c: char| c.is_ascii_alphanumeric());
        // `如XX公司` is an example.
        !glued
            && !["如", "例如", "比如", "譬如"]
                .iter()
                .any(|word| before.ends_with(word))
    });
    places.chain(crossed.map(|name| name.range())).collect()
}

/// Whether a field's name in brackets stands for its value: something stands
/// before it on the line, and it is no key of what follows.
fn is_place(text: &str, head: usize, start: usize, end: usize) -> bool {
    let before = text.get(head..start).unwrap_or_default().trim_end();
    let behind = text.get(end..).unwrap_or_default();
    !before.is_empty()
        && !before.ends_with(['。', ';', '!'])
        && !behind.trim_start().starts_with(':')
}

/// `snake____case` is a word.
fn is_identifier(text: &str, start: usize, end: usize) -> bool {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let before = text.get(..start).and_then(|head| head.chars().next_back());
    let behind = text.get(end..).and_then(|rest| rest.chars().next());
    latin(before) && latin(behind)
}

fn moved(ranges: Vec<Range<usize>>, by: usize) -> Vec<Range<usize>> {
    ranges
        .into_iter()
        .map(|range| range.start + by..range.end + by)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{checks, checks_of_page};

    fn list(line: &str) -> String {
        format!(
            "隐私政策\n更新日期：2024年1月2日\n我们接入以下第三方SDK：\n\
             SDK名称：极光推送SDK\n使用目的：消息推送\n收集个人信息类型：IMEI、OAID\n\
             SDK名称：腾讯Bugly SDK\n使用目的：崩溃统计\n收集个人信息类型：设备型号\n\n二、联系我们\n{line}\n"
        )
    }

    #[test]
    fn places_left_in_a_filled_list_are_told() {
        for (line, place) in [
            ("本应用由【公司名称】提供服务。", "【公司名称】"),
            ("联系邮箱：[请填写联系邮箱]", "[请填写联系邮箱]"),
            ("开发者：XX科技有限公司", "XX科技有限公司"),
            ("联系电话：________", "________"),
            ("公司地址：待补充", "待补充"),
            ("客服电话：{{ service_phone }}", "{{ service_phone }}"),
            ("本政策由[insert company name]发布", "[insert company name]"),
            ("Contact us at [your company name].", "[your company name]"),
        ] {
            let found = checks(&list(line), "unfilled-field");
            assert_eq!(found.len(), 1, "{line}: {found:?}");
            assert_eq!(found[0].quote.as_ref().unwrap().text, place);
        }
    }

    #[test]
    fn filled_text_that_looks_alike_is_not() {
        for line in [
            "【公司名称】北京夜航示例信息技术有限公司",
            "【SDK名称】：夜航地图",
            "1.【开发者名称】北京夜航示例信息技术有限公司",
            "【SDK名称】夜航地图【公司名称】北京夜航",
            "________________",
            "变量a____b不含个人信息",
            "企业认证时请提交名称，如XX公司。",
            "您可以在[设置]中关闭，或点击【我的】。",
            "请填写您的姓名和电话。",
            "See [Your Rights] and (your IP address) above.",
            "MAXX公司", // a name of its own
        ] {
            let found = checks(&list(line), "unfilled-field");
            assert!(found.is_empty(), "{line}: {found:?}");
        }
    }

    #[test]
    fn a_cell_may_be_a_place_and_a_header_is_none() {
        let page = "<h1>第三方SDK目录</h1><table>\
            <tr><th>SDK名称</th><th>公司名称</th><th>使用目的</th><th>收集信息</th></tr>\
            <tr><td>极光推送</td><td>【公司名称】</td><td>消息推送</td><td>OAID</td></tr>\
            <tr><td>Bugly</td><td>腾讯</td><td>TBD</td><td>设备型号</td></tr></table>";
        let found = checks_of_page(page, "unfilled-field");
        let told: Vec<_> = found.iter().map(|check| check.sdk.as_str()).collect();
        assert_eq!(told, ["极光推送", "Bugly"], "{found:?}");
    }

    #[test]
    fn a_template_is_told_by_its_form() {
        let text = "隐私政策\n第三方SDK：\nSDK名称：【SDK名称】\n公司名称：【公司名称】\n使用目的：【请填写】\n";
        assert!(checks(text, "unfilled-field").is_empty());
    }
}
