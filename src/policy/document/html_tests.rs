//! HTML as it is served.

use super::shape::{assert_origins, shape, source};

fn page(body: &str) -> super::Source {
    source(
        "p.html",
        format!("<!DOCTYPE html><html><body>{body}</body></html>").as_bytes(),
    )
}

fn read(body: &str) -> Vec<String> {
    let page = page(body);
    assert_origins(&page, "");
    shape(&page)
}

#[test]
fn spans_fill_the_places_they_cover() {
    let rows = read(
        "<table><caption>SDK 清单</caption>
         <tr><th rowspan=2>名称<th colspan=2>信息</tr><tr><th>必要<th>可选</tr>
         <tr><td>甲推送<td rowspan='2'>型号<br>系统版本<td>无</tr><tr><td>乙统计<td>位置</tr></table>",
    );
    assert_eq!(
        rows,
        [
            "SDK 清单",
            "|名称|信息|^信息|",
            "|^名称|必要|可选|",
            "|甲推送|型号 系统版本|无|",
            "|乙统计|^型号 系统版本|位置|",
        ]
    );
    let open = read("<table><tr><td rowspan=0>甲<td>一<tr><td>二<tr><td>三</table>");
    assert_eq!(open, ["|甲|一|", "|^甲|二|", "|^甲|三|"]);
}

#[test]
fn lists_keep_their_depth() {
    let lines = read(
        "<ol><li>推送类<ul><li><p>甲推送</p><p>用于消息</p></li><li>乙推送<br>用于通知</ul></li>
         <li>统计类</ol>后文",
    );
    assert_eq!(
        lines,
        [
            "- 推送类",
            "  - 甲推送",
            "    用于消息",
            "  - 乙推送",
            "    用于通知",
            "- 统计类",
            "后文",
        ]
    );
}

#[test]
fn definition_lists_hang_values_below_terms() {
    let lines = read("<dl><dt>甲推送SDK</dt><dd>型号</dd><dt>乙统计SDK<dd>位置</dl>");
    assert_eq!(lines, ["甲推送SDK", "  型号", "乙统计SDK", "  位置"]);
}

#[test]
fn what_is_hidden_is_no_text_and_a_lot_of_it_is_told() {
    let body = "<nav><a href='/a'>首页</a></nav><p hidden>一</p><p style='display: none'>二</p>
        <p style='COLOR:red;Visibility : Hidden;'>三</p><p aria-hidden=true>可见</p>
        <template><p>四</p></template><noscript><p>五</p></noscript><style>六{}</style>
        <script>var 七 = '<p>可见</p>';</script><svg><text>八</text></svg>
        <details><summary>更多</summary>九</details><!-- 十 --><p>正文</p><footer>版权</footer>";
    let lines = read(body);
    assert_eq!(lines, ["首页", "可见", "更多", "九", "正文", "版权"]);
    let folded = format!(
        "<p>列表</p><div style='display:none'>{}</div>",
        "甲推送SDK ".repeat(60)
    );
    let opened = super::open("p.html", format!("<html>{folded}").as_bytes()).unwrap();
    assert_eq!(opened.anomalies[0].code, "hidden-text");
    assert!(opened.anomalies[0].message.starts_with("360 characters"));
    assert_eq!(shape(&opened.source), ["列表"]);
}

#[test]
fn a_list_in_a_layout_table_is_a_table() {
    let list = "<table><tr><td>名称<td>信息<tr><td>甲推送<td>型号<tr><td>乙统计<td>位置</table>";
    let table = ["|名称|信息|", "|甲推送|型号|", "|乙统计|位置|"];
    let boxed = read(&format!("<table><tr><td>{list}</td></tr></table>"));
    assert_eq!(boxed, table);
    let page = read(&format!(
        "<table><tr><td>首页</td><td>帮助</td></tr><tr><td colspan=2><h2>清单</h2><p>如下</p>{list}<p>完</p></table>"
    ));
    let mut expected = vec!["首页", "帮助", "# 清单", "如下"];
    expected.extend(table);
    expected.push("完");
    assert_eq!(page, expected);
    let item = read(&format!("<ul><li>推送{list}</li><li>统计</li></ul>"));
    assert_eq!(item[0], "- 推送");
    assert_eq!(item[1..4], table);
    assert_eq!(item[4], "- 统计");
}

#[test]
fn a_small_table_in_a_cell_is_text_of_the_cell() {
    let rows = read(
        "<table><tr><td>名称<td>信息<td>目的<tr><td>甲推送
         <td><table><tr><td>必要<td>型号<tr><td>可选<td>位置</table><td>用于向用户推送各类消息并统计送达
         <tr><td>乙统计<td>网络状态和系统版本以及屏幕尺寸<td>用于统计使用情况</table>",
    );
    assert_eq!(
        rows[1],
        "|甲推送|必要 型号 可选 位置|用于向用户推送各类消息并统计送达|"
    );
    assert_eq!(rows.len(), 3);
}

#[test]
fn boxes_that_stand_for_rows_are_a_table() {
    let expected = ["|名称|信息|", "|甲推送|型号|", "|乙统计|位置|"];
    for (table, group, row, cell) in [
        ("role=table", "role=rowgroup", "role=row", "role=cell"),
        ("class=list", "class=group", "class='tr line'", "class=td"),
        (
            "",
            "",
            "style='display:table-row'",
            "style='display: table-cell;'",
        ),
    ] {
        let line = |a: &str, b: &str| {
            format!("<div {row}><div {cell}>{a}</div><div {cell}>{b}</div></div>")
        };
        let grouped = format!(
            "<div {table}><div {group}>{}</div><div {group}>{}{}</div></div>",
            line("名称", "信息"),
            line("甲推送", "型号"),
            line("乙统计", "位置")
        );
        assert_eq!(read(&grouped), expected, "{row}");
    }
    // Boxes that say nothing are lines.
    let plain = read("<div><div>甲推送</div><div>型号</div></div>");
    assert_eq!(plain, ["甲推送", "型号"]);
}

#[test]
fn preformatted_text_keeps_its_lines() {
    let lines = read("<pre>一、清单\n<p>甲推送\n乙统计</p>\r\n丙</pre>完\n了");
    assert_eq!(lines, ["一、清单", "甲推送", "乙统计", "丙", "完 了"]);
    let styled = read("<div style='white-space: pre-wrap'>甲\n乙</div>");
    assert_eq!(styled, ["甲", "乙"]);
}

#[test]
fn word_exports_are_read() {
    let lines = read(
        "<p class=MsoNormal><b>一、<span lang=EN-US>SDK</span>清单<o:p></o:p></b></p>
         <p class=MsoListParagraph style='margin-left:21.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
         style='mso-list:Ignore'>·</span><![endif]>甲推送<o:p></o:p></p>
         <p class=MsoListParagraph style='mso-list:l0 level2 lfo1'>型号</p>
         <!--[if gte mso 9]><xml><w:x>不可见</w:x></xml><![endif]-->
         <table class=MsoTableGrid><tr><td><p class=MsoNormal>名称<o:p></o:p></p></td><td><p class=MsoNormal>信息</p></td></tr>
         <tr><td><p class=MsoNormal>甲</p></td><td><p class=MsoNormal>型<span lang=EN-US><o:p> </o:p></span>号</p></td></tr></table>",
    );
    assert_eq!(
        lines,
        [
            "一、SDK清单",
            "- ·甲推送",
            "  - 型号",
            "|名称|信息|",
            "|甲|型 号|"
        ]
    );
}

#[test]
fn entities_are_one_character() {
    let page = page("<p>A&amp;B&nbsp;&lt;SDK&gt; &#x7532;&#25512;送 &copy; R&D &foo 型号</p>");
    assert_eq!(shape(&page), ["A&B <SDK> 甲推送 © R&D &foo 型号"]);
    assert_origins(&page, "&<>甲推©");
    let at = page.view.find("甲推").unwrap();
    assert!(page.text[page.origin(at)..].starts_with("&#x7532;"));
}

#[test]
fn links_that_lead_nowhere_are_told() {
    let page = page(
        "<h2 id=list>清单</h2><a name=old></a><a href='javascript:;'>一</a><a href='#'>二</a><a href=''>三</a><a>四</a>
         <a href='#list'>五</a><a href='#gone'>六</a><a href='https://a.example/'>七</a><a href='#old'>八</a>",
    );
    let told: Vec<(String, bool)> = page
        .links
        .iter()
        .map(|link| (page.view[link.range.clone()].to_owned(), link.dead))
        .filter(|(words, _)| !words.is_empty())
        .collect();
    let expected = ["一", "二", "三", "四", "六"];
    let dead: Vec<&str> = told.iter().filter(|l| l.1).map(|l| l.0.as_str()).collect();
    assert_eq!(dead, expected);
    assert_eq!(told.len(), 8);
}

#[test]
fn offsets_hold_behind_scripts_and_moved_text() {
    let script = format!(
        "<script>var 甲推送 = 1;{}</script>",
        "x('甲推送 SDK');".repeat(600)
    );
    let lines = read(&format!(
        "<p title='a>甲'>起</p>{script}<style>.甲推送{{}}</style><p>甲推送 SDK</p>
         <table><tr><td>乙统计</td></tr>表外的字<tr><td>丙支付</td><td>型号</td></tr></table><p>丁地图</p>"
    ));
    assert_eq!(
        lines,
        [
            "起",
            "甲推送 SDK",
            "表外的字",
            "|乙统计|",
            "|丙支付|型号|",
            "丁地图"
        ]
    );
}

#[test]
fn one_long_line_is_read_like_many() {
    let rows: String = (0..2_000)
        .map(|n| format!("<tr><td>第{n}号SDK</td><td><p>型号</p><p>版本</p></td></tr>"))
        .collect();
    let lines = read(&format!("<div><table>{rows}</table></div>"));
    assert_eq!(lines.len(), 2_000);
    assert_eq!(lines[1_999], "|第1999号SDK|型号 版本|");
}

#[test]
fn a_folded_list_of_sdks_is_told() {
    let limits = |hidden: &str| {
        let page = format!("<html><p>我们如何使用您的信息，请见下文</p><div hidden>{hidden}</div>");
        let opened = super::open("p.html", page.as_bytes()).unwrap();
        opened
            .limits
            .into_iter()
            .map(|limit| (limit.code, limit.message))
            .collect::<Vec<_>>()
    };
    let list = limits(&format!(
        "<h2>第三方 列表</h2>{}",
        "<p>甲推送SDK 型号</p>".repeat(40)
    ));
    assert_eq!(list[0].0, "hidden-list");
    assert!(list[0].1.contains("1 hidden passages") && list[0].1.contains("“第三方列表"));
    assert!(limits(&"我们的菜单".repeat(60)).is_empty());
    assert!(limits("甲SDK、乙SDK").is_empty());
}

#[test]
fn struck_out_text_no_longer_holds() {
    let lines = read(
        "<p>甲<del>乙</del><s>丙</s><strike>丁</strike>戊<span style='text-decoration: line-through'>己</span></p><p>庚</p>",
    );
    assert_eq!(lines, ["甲戊", "庚"]);
}

#[test]
fn markup_that_never_ends_is_passed_once() {
    let begun = std::time::Instant::now();
    for piece in [
        "<a ",
        "<!-- ",
        "a <script>b ",
        "<table>a",
        "<p>a<",
        "<table>a<tr>b<td",
        "<? ",
        "<![CDATA[",
        "<span hidden>a ",
    ] {
        let page = format!("<html><p>正文</p>{}", piece.repeat(200_000 / piece.len()));
        super::open("p.html", page.as_bytes()).unwrap();
    }
    assert!(begun.elapsed().as_secs() < 30);
}

#[test]
fn what_a_click_shows_is_text() {
    let table = "<table><tr><th>名称<th>信息<tr><td>灰雁SDK<td>型号</table>";
    let hide = |attributes: &str| format!("<div {attributes} style='display:none'>{table}</div>");
    let shown = [
        hide("class='el-collapse-item__wrap'"),
        hide("role=tabpanel"),
        hide("id='tabPane2'"),
        format!("<a href='#list'>看</a><p>一</p>{}", hide("id=list")),
        format!("<b data-target='#list'>看</b><p>一</p>{}", hide("id=list")),
        format!(
            "<b onclick=\"show('list')\">看</b><p>一</p>{}",
            hide("id=list")
        ),
        format!("<h3>清单</h3>{}<h3>联系</h3>", hide("")),
        format!("<p>清单（点击查看）</p>{}", hide("")),
        format!("<div onclick='f()'>清单</div>{}", hide("")),
        format!(
            "<div class=item><p>甲</p>{}</div><div class='item on'><p>乙</p><p>丙</p></div>",
            hide("")
        ),
        format!(
            "<ul><li>甲</li><li>乙</li></ul><div class=bd>丙</div>{}",
            hide("class=bd")
        ),
        "<ul><li>蓝鲸SDK</li><li hidden>灰雁SDK</ul><p>查看更多</p>".to_owned(),
    ];
    for body in shown {
        let lines = read(&body);
        assert!(lines.iter().any(|line| line.contains("灰雁SDK")), "{body}");
    }
}

#[test]
fn what_nothing_opens_stays_out_and_is_told_where_it_is_a_list() {
    let table = "<table><tr><th>SDK名称<th>信息<tr><td>灰雁<td>型号</table>";
    let hide = |attributes: &str| format!("<div {attributes} style='display:none'>{table}</div>");
    let hidden = [
        format!("<p>我们收集手机号</p>{}<p>联系我们</p>", hide("")),
        format!("<h1>政策</h1>{}<h2>清单</h2>", hide("")),
        format!("<div class=policy>新</div>{}", hide("class=policy")),
        format!("<a href='#list'>看</a>{}", hide("class=draft id=list")),
        hide("id=list").replace("<tr><th>", "<a onclick=\"hide('list')\">关</a><tr><th>"),
        format!("<p>一</p>{}", table.replace("<tr", "<tr hidden")),
    ];
    for body in hidden {
        let page = format!("<html><p>我们重视您的个人信息，请仔细阅读。</p>{body}");
        let opened = super::open("p.html", page.as_bytes()).unwrap();
        let codes: Vec<_> = opened.limits.iter().map(|limit| limit.code).collect();
        assert_eq!(codes, ["hidden-list"], "{body}");
        assert!(!opened.source.view.contains("灰雁"), "{body}");
    }
}

#[test]
fn boxes_below_a_header_are_a_table_by_their_shape() {
    let row = |cells: [&str; 3]| {
        let cells = cells.map(|cell| format!("<div class=c>{cell}</div>"));
        format!("<div class=row>{}</div>", cells.concat())
    };
    let head = row(["SDK名称", "收集信息", "链接"]);
    let rows = row(["灰雁", "型号", "<a href='https://a.example/'>查看</a>"])
        + &row(["蓝鲸", "位置", ""])
        + &row(["Knot", "无", "查看"]);
    let expected = [
        "清单",
        "|SDK名称|收集信息|链接|",
        "|灰雁|型号|查看|",
        "|蓝鲸|位置||",
        "|Knot|无|查看|",
        "完",
    ];
    assert_eq!(read(&format!("<p>清单</p>{head}{rows}<p>完</p>")), expected);
    let grouped = format!("<p>清单</p><div>{head}</div><div>{rows}</div><p>完</p>");
    assert_eq!(read(&grouped), expected);
    // Without a header they are lines.
    assert_eq!(read(&rows).first().map(String::as_str), Some("灰雁"));
}

#[test]
fn markup_that_was_escaped_is_read_once_more() {
    let list = "<p>清单 A&amp;B</p><table><tr><th>名称</th><th>信息</th></tr><tr><td>灰雁</td><td>型号</td></tr></table>";
    let escaped = list
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let page = page(&format!("<h2>政策</h2><div>{escaped}</div><p>后文</p>"));
    assert_origins(&page, "&");
    let expected = ["# 政策", "清单 A&B", "|名称|信息|", "|灰雁|型号|", "后文"];
    assert_eq!(shape(&page), expected);
    let text = source("p.txt", escaped.as_bytes());
    assert_eq!(shape(&text), expected[1..4]);
    let twice = escaped.replace('&', "&amp;");
    assert!(shape(&source("p.html", twice.as_bytes()))[0].starts_with("&lt;p&gt;清单"));
    let spoken = self::page("<p>写作 &lt;p&gt;甲&lt;/p&gt; 即可</p>");
    assert_eq!(shape(&spoken), ["写作 <p>甲</p> 即可"]);
}

#[test]
fn a_link_whose_click_opens_an_address_leads_there() {
    let page = page(
        "<a href=\"javascript:open('https://a.example/x')\">一</a><a href='#' onclick=\"go('https://a.example/y')\">二</a>",
    );
    let targets: Vec<&str> = page.links.iter().map(|link| &*link.target).collect();
    assert_eq!(targets, ["https://a.example/x", "https://a.example/y"]);
}

#[test]
fn items_in_a_value_stand_as_deep_as_it() {
    let lines = read("<dl><dt>灰雁SDK<dd>信息：<ul><li>型号<li>位置</ul><dd>目的：推送</dl>");
    assert_eq!(
        lines,
        [
            "灰雁SDK",
            "  信息：",
            "  - 型号",
            "  - 位置",
            "  目的：推送"
        ]
    );
}

#[test]
fn what_a_script_or_comment_without_end_takes_in_is_told() {
    let codes = |page: &str| -> Vec<&str> {
        let opened = super::open("p.html", page.as_bytes()).unwrap();
        opened.limits.into_iter().map(|limit| limit.code).collect()
    };
    let text = "<p>我们如何使用您的信息，请见下文</p>";
    let rest = "<p>我们接入灰雁统计SDK，收集您的IMEI，用于统计分析。</p>\r\n</html>\r\n";
    for open in ["<!-- x >", "<script>var a = 1;", "<style>p { color: red }"] {
        let page = format!("<html>{text}{open}{rest}");
        assert_eq!(codes(&page), ["policy-markup-unclosed"], "{open}");
    }
    for closed in ["<!-- x -->", "<script>var a = 1;</script>", "<!---->"] {
        assert!(codes(&format!("<html>{text}{closed}{rest}")).is_empty());
    }
}

#[test]
fn comments_before_a_long_blank_end_take_no_quadratic_time() {
    let comments = "<!--aaaaaaaaaaaaaaaaaaaaaaaa-->".repeat(20_000);
    let page = format!("<p>甲</p>{comments}{}", "\n".repeat(500_000));
    let begun = std::time::Instant::now();
    super::open("p.html", page.as_bytes()).unwrap();
    assert!(begun.elapsed().as_secs() < 30);
}
