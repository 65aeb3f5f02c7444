//! DOCX as Word writes it.

use std::io::Write;

use super::shape::shape;
use super::{Block, Opened, Source, open};
use crate::formats::LimitScope;

/// A document of these parts.
fn document(parts: &[(&str, &str)]) -> Source {
    let parts: Vec<(String, &[u8])> = parts
        .iter()
        .map(|(name, body)| (format!("word/{name}"), body.as_bytes()))
        .collect();
    opened(&parts).source
}

/// A file of these parts, with their whole names.
fn opened(parts: &[(String, &[u8])]) -> Opened {
    let mut file = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, body) in parts {
        let options = zip::write::SimpleFileOptions::default();
        file.start_file(name.as_str(), options).unwrap();
        file.write_all(body).unwrap();
    }
    let bytes = file.finish().unwrap().into_inner();
    open("p.docx", &bytes).unwrap()
}

fn body(xml: &str) -> String {
    format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body>{xml}</w:body></w:document>")
}

fn read(xml: &str) -> Vec<String> {
    shape(&document(&[("document.xml", &body(xml))]))
}

fn run(words: &str) -> String {
    format!("<w:r><w:t>{words}</w:t></w:r>")
}

fn paragraph(words: &str) -> String {
    format!("<w:p>{}</w:p>", run(words))
}

fn cell(properties: &str, words: &str) -> String {
    format!(
        "<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>",
        paragraph(words)
    )
}

#[test]
fn merged_cells_fill_the_places_they_cover() {
    let restart = "<w:vMerge w:val=\"restart\"/>";
    let table = [
        [
            cell("", "名称"),
            cell("<w:gridSpan w:val=\"2\"/>", "信息"),
            String::new(),
        ],
        [
            cell(restart, "甲推送"),
            cell("", "型号"),
            cell(restart, "推送"),
        ],
        [
            cell("<w:vMerge/>", ""),
            cell("", "位置"),
            cell("<w:vMerge w:val=\"continue\"/>", ""),
        ],
        [
            "<w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>".into(),
            cell("", "乙"),
            cell("", "丙"),
        ],
    ];
    let rows: String = table
        .iter()
        .map(|row| format!("<w:tr>{}</w:tr>", row.concat()))
        .collect();
    assert_eq!(
        read(&format!("<w:tbl>{rows}</w:tbl>")),
        [
            "|名称|信息|^信息|",
            "|甲推送|型号|推送|",
            "|^甲推送|位置|^推送|",
            "||乙|丙|"
        ]
    );
}

#[test]
fn a_table_in_a_box_is_a_table() {
    let rows = [["名称", "信息"], ["甲", "型号"], ["乙", "位置"]]
        .map(|row| format!("<w:tr>{}{}</w:tr>", cell("", row[0]), cell("", row[1])))
        .concat();
    let nested = format!("<w:tbl><w:tr><w:tc><w:tbl>{rows}</w:tbl><w:p/></w:tc></w:tr></w:tbl>");
    assert_eq!(read(&nested), ["|名称|信息|", "|甲|型号|", "|乙|位置|"]);
}

#[test]
fn lists_and_headings_come_from_numbering_and_styles() {
    let item = |level: usize, words: &str| {
        format!(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"3\"/></w:numPr></w:pPr>{}</w:p>",
            run(words)
        )
    };
    let styled = |style: &str, more: &str, words: &str| {
        format!(
            "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{more}<w:tabs><w:tab w:val=\"left\"/></w:tabs></w:pPr>{}</w:p>",
            run(words)
        )
    };
    let none = "<w:numPr><w:numId w:val=\"0\"/></w:numPr>";
    let numbered = "<w:numPr><w:ilvl w:val=\"1\"/><w:numId w:val=\"1\"/></w:numPr>";
    let xml = body(
        &[
            styled("2", numbered, "清单"),
            item(0, "推送"),
            item(1, "甲推送"),
            styled("a5", "", "乙统计"),
            styled("a5", none, "正文"),
            styled("1", "", "不是标题"),
        ]
        .concat(),
    );
    let styles = "<w:styles><w:style w:styleId=\"2\"><w:name w:val=\"heading 2\"/></w:style>
        <w:style w:styleId=\"a5\"><w:name w:val=\"List Bullet 3\"/></w:style>
        <w:style w:styleId=\"1\"><w:name w:val=\"Body Text\"/></w:style></w:styles>";
    let source = document(&[("document.xml", &xml), ("styles.xml", styles)]);
    assert_eq!(
        shape(&source),
        [
            "# 清单",
            "- 推送",
            "  - 甲推送",
            "    - 乙统计",
            "正文",
            "不是标题"
        ]
    );
    let plain = shape(&document(&[(
        "document.xml",
        &body(&styled("Heading1", "", "清单")),
    )]));
    assert_eq!(plain, ["# 清单"]);
}

#[test]
fn tracked_changes_show_what_stays() {
    let lines = read(&format!(
        "<w:p>{}<w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins>{}</w:ins><w:moveFrom>{}</w:moveFrom>{}</w:p>",
        run("甲"),
        run("新"),
        run("移走"),
        run("乙")
    ));
    assert_eq!(lines, ["甲新乙"]);
}

#[test]
fn hidden_text_is_no_text() {
    let hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>暗</w:t></w:r>";
    let shown = "<w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>明</w:t></w:r>";
    let mark = "<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>";
    let xml = body(&format!(
        "<w:p>{mark}{}{hidden}{shown}{}</w:p>",
        run("甲"),
        run("乙")
    ));
    let source = document(&[("document.xml", &xml)]);
    assert_eq!(shape(&source), ["甲明乙"]);
    assert_eq!(source.hidden, 1);
}

#[test]
fn text_boxes_are_read_once() {
    let words = format!("<w:txbxContent>{}</w:txbxContent>", paragraph("框内"));
    let lines = read(&format!(
        "<w:p>{}<w:r><mc:AlternateContent><mc:Choice>{words}</mc:Choice><mc:Fallback>{words}</mc:Fallback></mc:AlternateContent></w:r>{}</w:p>",
        run("前"),
        run("后")
    ));
    assert_eq!(lines, ["前", "框内", "后"]);
}

#[test]
fn links_come_from_relations_and_fields() {
    let field = |kind: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    let coded = |code: &str, words: &str| {
        format!(
            "{}<w:r><w:instrText xml:space=\"preserve\">{code}</w:instrText></w:r>{}{}{}",
            field("begin"),
            field("separate"),
            run(words),
            field("end")
        )
    };
    let xml = body(&format!(
        "<w:p><w:bookmarkStart w:name=\"list\"/><w:hyperlink r:id=\"r1\">{}</w:hyperlink><w:hyperlink w:anchor=\"list\">{}</w:hyperlink>{}{}{}<w:fldSimple w:instr=\" HYPERLINK &quot;https://c.example/&quot; \">{}</w:fldSimple></w:p>",
        run("一"),
        run("二"),
        coded(
            " HYPERLINK \"https://b.example/?a=1&amp;b\" \\o \"提示\" ",
            "三"
        ),
        coded("HYPERLINK \\l \"gone\"", "四"),
        coded(" PAGE ", "5"),
        run("六")
    ));
    let relations =
        "<Relationships><Relationship Id=\"r1\" Target=\"https://a.example/\"/></Relationships>";
    let source = document(&[
        ("document.xml", &xml),
        ("_rels/document.xml.rels", relations),
    ]);
    let links: Vec<(&str, &str, bool)> = source
        .links
        .iter()
        .map(|link| {
            (
                &source.view[link.range.clone()],
                link.target.as_str(),
                link.dead,
            )
        })
        .collect();
    assert_eq!(
        links,
        [
            ("一", "https://a.example/", false),
            ("二", "#list", false),
            ("三", "https://b.example/?a=1&b", false),
            ("四", "#gone", true),
            ("六", "https://c.example/", false),
        ]
    );
    assert_eq!(shape(&source), ["一二三四5六"]);
}

#[test]
fn notes_follow_the_text_and_headers_do_not() {
    let notes = format!(
        "<w:footnotes><w:footnote>{}</w:footnote></w:footnotes>",
        paragraph("注：设备信息指型号")
    );
    let source = document(&[
        ("document.xml", &body(&paragraph("正文"))),
        ("footnotes.xml", &notes),
        ("header1.xml", &paragraph("页眉")),
    ]);
    assert_eq!(shape(&source), ["正文", "注：设备信息指型号"]);
}

const WORDS: &str = "我们接入的第三方服务如下，请您阅读";

#[test]
fn a_part_in_utf16_is_read() {
    let xml = body(&paragraph(WORDS)).replace("?>", " encoding=\"UTF-16\"?>");
    let little: Vec<u8> = xml.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = xml.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked = [b"\xff\xfe", little.as_slice()].concat();
    for data in [little, big, marked] {
        let opened = opened(&[("word/document.xml".to_owned(), &data)]);
        assert_eq!(shape(&opened.source), [WORDS]);
        assert!(opened.limits.is_empty());
    }
}

#[test]
fn a_part_that_breaks_off_is_told() {
    let whole = body(&(paragraph(WORDS) + &paragraph("乙")));
    let cut = |end: usize| {
        let opened = opened(&[("word/document.xml".to_owned(), &whole.as_bytes()[..end])]);
        (
            shape(&opened.source),
            opened.limits.iter().map(|l| l.code).collect::<Vec<_>>(),
        )
    };
    let end = whole.find("乙").unwrap();
    assert_eq!(cut(end), (vec![WORDS.to_owned()], vec!["docx-damaged"]));
    assert_eq!(cut(end - 3), (vec![WORDS.to_owned()], vec!["docx-damaged"]));
    assert_eq!(cut(20).1, ["docx-damaged", "policy-without-text"]);
    assert!(cut(whole.len()).1.is_empty());
}

#[test]
fn broken_notes_are_told_and_take_nothing_away() {
    let main = body(&paragraph(WORDS));
    let opened = opened(&[
        ("word/document.xml".to_owned(), main.as_bytes()),
        ("word/footnotes.xml".to_owned(), b"<w:footnotes><w:footnote"),
    ]);
    assert_eq!(shape(&opened.source), [WORDS]);
    assert_eq!(opened.limits[0].code, "docx-notes-damaged");
    assert_eq!(opened.limits[0].scope, LimitScope::Detail);
}

#[test]
fn the_main_part_is_the_one_that_the_package_names() {
    let relations = "<Relationships><Relationship Id=\"a\" Type=\"http://x/officeDocument\" Target=\"/story/main.xml\"/></Relationships>";
    let own = "<Relationships><Relationship Id=\"b\" Type=\"http://x/footnotes\" Target=\"../notes/f.xml\"/></Relationships>";
    let main = body(&paragraph(WORDS));
    let notes = body(&paragraph("注"));
    let opened = opened(&[
        ("_rels/.rels".to_owned(), relations.as_bytes()),
        ("story/main.xml".to_owned(), main.as_bytes()),
        ("story/_rels/main.xml.rels".to_owned(), own.as_bytes()),
        ("notes/f.xml".to_owned(), notes.as_bytes()),
    ]);
    assert_eq!(shape(&opened.source), [WORDS, "注"]);
}

#[test]
fn struck_out_runs_no_longer_hold() {
    let styled = |properties: &str, words: &str| {
        format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{words}</w:t></w:r>")
    };
    let runs = [
        styled("<w:strike/>", "甲"),
        styled("<w:dstrike w:val=\"true\"/><w:strike w:val=\"0\"/>", "乙"),
        styled("<w:strike w:val=\"false\"/>", "丙"),
        styled(
            "<w:rPrChange><w:rPr><w:strike/></w:rPr></w:rPrChange>",
            "丁",
        ),
    ]
    .concat();
    assert_eq!(read(&format!("<w:p>{runs}</w:p>")), ["丙丁"]);
}

#[test]
fn a_cell_says_that_its_words_are_struck_out() {
    let struck = "<w:tc><w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>甲</w:t></w:r></w:p></w:tc>";
    let deleted = "<w:tc><w:p><w:del><w:r><w:delText>乙</w:delText></w:r></w:del></w:p></w:tc>";
    let rows = format!(
        "<w:tbl><w:tr>{}{struck}</w:tr><w:tr>{}{deleted}</w:tr></w:tbl>",
        cell("", "丙"),
        cell("", "丁"),
    );
    let source = document(&[("document.xml", &body(&rows))]);
    let Some(Block::Table(rows)) = source.blocks.first() else {
        panic!("no table");
    };
    let struck: Vec<bool> = rows.iter().flatten().map(|cell| cell.struck).collect();
    assert_eq!(struck, [false, true, false, true]);
}
