//! Markdown and MDX as sites keep them.

use super::shape::{assert_origins, shape, source};

fn read(text: &str) -> Vec<String> {
    let page = source("p.mdx", text.as_bytes());
    assert_origins(&page, "\u{200b}");
    shape(&page)
}

#[test]
fn pipe_tables_need_no_outer_pipes() {
    let rows = ["|名称|信息|", "|甲推送|型号|", "|乙统计|位置|"];
    assert_eq!(
        read("名称 | 信息\n--- | ---\n甲推送 | 型号\n乙统计 | 位置\n"),
        rows
    );
    assert_eq!(
        read("清单：\n\n|名称|信息|\n|:-|-:|\n|甲推送|型号|\n|乙统计|位置|\n"),
        {
            let mut all = vec!["清单："];
            all.extend(rows);
            all
        }
    );
    let breaks = read("|名称|信息|\n|-|-|\n|甲推送|型号<br>版本<br/>位置|\n");
    assert_eq!(breaks[1], "|甲推送|型号 版本 位置|");
}

#[test]
fn a_table_indented_as_code_keeps_its_lines() {
    let lines = read("说明\n\n    名称 | 信息\n    --- | ---\n    甲推送 | 型号\n");
    assert_eq!(lines, ["说明", "名称 | 信息", "--- | ---", "甲推送 | 型号"]);
}

#[test]
fn html_tables_are_tables_with_blank_lines_and_tables_inside() {
    let lines = read(
        "# 清单\n\n<table>\n<tr><td>名称</td><td>信息</td></tr>\n\n<tr><td>甲推送</td>\n\n<td><table><tr><td>型号</td></tr></table></td></tr>\n</table>\n\n后文\n",
    );
    assert_eq!(lines, ["# 清单", "|名称|信息|", "|甲推送|型号|", "后文"]);
    let layout = read(
        "<table><tr><td>\n<table><tr><td>名称</td><td>信息</td></tr><tr><td>甲</td><td>型号</td></tr></table>\n</td></tr></table>\n\n完\n",
    );
    assert_eq!(layout, ["|名称|信息|", "|甲|型号|", "完"]);
}

#[test]
fn components_show_their_children_only() {
    let lines = read(
        "import Tabs from '@theme/Tabs';\nimport {\n  A,\n  B\n} from './b';\n\nexport const meta = {\n  name: '不可见',\n};\n\n# 清单\n\n<Tabs groupId=\"不可见\">\n<TabItem value=\"android\" label='不可见'>\n\n名称 | 信息\n--- | ---\n甲推送 | 型号\n\n</TabItem>\n</Tabs>\n\n{/* 不可见\n\n不可见 */}\n\n<Note title={\"不可见\"}>**可见**的字</Note>\n\n<Link to=\"/x\" onClick={() => { a > b }}>更多</Link>\n",
    );
    let shown = ["# 清单", "|名称|信息|", "|甲推送|型号|", "可见的字", "更多"];
    assert_eq!(lines, shown);
}

#[test]
fn front_matter_gives_title_and_date() {
    let lines = read(
        "---\ntitle: \"隐私政策\"\nslug: privacy\nlast_updated: 2024-05-01\nauthor: 张三\n---\n\n正文\n",
    );
    assert_eq!(lines, ["# 隐私政策", "last_updated: 2024-05-01", "正文"]);
    let rules = read("---\n正文\n");
    assert_eq!(rules, ["正文"]);
    assert_eq!(read("---\r\ntitle: 甲\r\n---\r\n乙\r\n"), ["# 甲", "乙"]);
}

#[test]
fn lists_keep_their_depth() {
    let lines =
        read("1. 推送类\n   - 甲推送\n     用于消息\n   - 乙推送\n\n     第二段\n2. 统计类\n");
    assert_eq!(
        lines,
        [
            "- 推送类",
            "  - 甲推送",
            "    用于消息",
            "  - 乙推送",
            "    第二段",
            "- 统计类"
        ]
    );
}

#[test]
fn bold_titles_are_lines_of_their_own() {
    let lines = read("**甲推送SDK**\n用于消息推送\n\n**乙统计SDK**<br>用于统计\n");
    assert_eq!(
        lines,
        ["甲推送SDK", "用于消息推送", "乙统计SDK", "用于统计"]
    );
}

#[test]
fn links_of_every_spelling_are_found() {
    let page = source(
        "p.md",
        "[一][ref] <https://b.example/x> <a href=\"https://c.example/\">三</a> [四](#) [五](#清单) <a href='javascript:;'>六</a>\n\n## 清单\n\n[ref]: https://a.example/list\n".as_bytes(),
    );
    let told: Vec<(&str, &str, bool)> = page
        .links
        .iter()
        .map(|l| (&page.view[l.range.clone()], l.target.as_str(), l.dead))
        .collect();
    assert_eq!(
        told,
        [
            ("一", "https://a.example/list", false),
            ("https://b.example/x", "https://b.example/x", false),
            ("三", "https://c.example/", false),
            ("四", "#", true),
            ("五", "#清单", false),
            ("六", "javascript:;", true),
        ]
    );
}

#[test]
fn hidden_elements_in_running_text_are_no_text() {
    let lines = read(
        "甲<span hidden>乙</span>丙 <!-- 丁 -->戊\n\n<div style=\"display:none\">\n己\n</div>\n\n庚\n",
    );
    assert_eq!(lines, ["甲丙 戊", "庚"]);
}

#[test]
fn struck_out_text_no_longer_holds_and_tildes_write_ranges() {
    let lines =
        read("甲~~乙推送SDK~~丙<del>丁</del>戊\n\n保存6~12个月，或1~3年\n\n~~己~~\n\n~庚~\n");
    assert_eq!(lines, ["甲丙戊", "保存6~12个月，或1~3年", "~庚~"]);
    assert_origins(&source("p.md", "甲~~乙~~丙 1~2，3~4 ~庚~\n".as_bytes()), "");
}

#[test]
fn marks_of_footnotes_are_no_part_of_names() {
    let lines = read("示例推送SDK[^1]用于推送[^2]\n\n[^1]: 由示例公司提供\n");
    assert_eq!(lines, ["示例推送SDK用于推送[^2]", "由示例公司提供"]);
}

#[test]
fn html_nested_too_deep_to_be_parsed_keeps_its_text() {
    let deep = format!(
        "甲\n\n{}乙{}\n",
        "<div>".repeat(1_100),
        "</div>".repeat(1_100)
    );
    let page = source("p.md", deep.as_bytes());
    assert!(page.view.contains("乙") && page.truncated);
}

#[test]
fn markdown_beyond_what_its_parser_takes_is_told() {
    let text = format!("我们接入灰雁统计SDK。\n\n{}", "[".repeat(6 << 20));
    let page = source("p.md", text.as_bytes());
    assert!(page.view.contains("我们接入灰雁统计SDK。") && page.truncated);
}
